//! Small documents of the front ends, which the core keeps and does not read.

/// What sort of document it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum DocumentKind {
    /// A setting.
    Setting = 1,
    /// Somebody who works here.
    Person = 2,
    /// A key of a program.
    Key = 3,
    /// A session of a person.
    Session = 4,
    /// A job to be done after a commit, such as an enrichment.
    Job = 5,
    /// What left the house.
    Ledger = 6,
    /// A question to a person: evidence that conflicts.
    Review = 7,
    /// Something that was refused or went wrong on the way in.
    IngestProblem = 8,
    /// The answer to a request that may be repeated.
    Idempotency = 9,
    /// What somebody did, for the audit log.
    Audit = 10,
    /// What an erasure left for the records.
    Receipt = 11,
    /// When a provider last looked at a profile, and what came of it.
    Check = 12,
    /// What a task of a person is.
    Task = 13,
    /// A list somebody keeps, such as a saved segment.
    Segment = 14,
    /// Where a reader of the feed stands.
    Reader = 15,
    /// How a message went out: queued, sent, viewed, failed.
    Delivery = 16,
    /// A message that has yet to leave.
    Outbox = 17,
    /// How two customers are related.
    Relationship = 18,
    /// What somebody is writing and has not sent.
    Draft = 19,
    /// What somebody was told in the pages.
    Notification = 20,
    /// An invitation to work here, or a link to set a new password.
    Invitation = 21,
    /// Which fields and cards the info pane shows.
    Layout = 22,
    /// How to take back what a bulk action did.
    Undo = 23,
    /// One thing done to many profiles, and how far it is.
    Bulk = 24,
    /// A note about an account.
    AccountNote = 25,
    /// Two profiles that may be one person: derived, and made again by a rebuild.
    Candidate = 26,
    /// A file that is to go along with what somebody is writing.
    DraftFile = 27,
}

impl DocumentKind {
    /// All kinds, in the order of their numbers.
    pub const ALL: [Self; 27] = [
        Self::Setting,
        Self::Person,
        Self::Key,
        Self::Session,
        Self::Job,
        Self::Ledger,
        Self::Review,
        Self::IngestProblem,
        Self::Idempotency,
        Self::Audit,
        Self::Receipt,
        Self::Check,
        Self::Task,
        Self::Segment,
        Self::Reader,
        Self::Delivery,
        Self::Outbox,
        Self::Relationship,
        Self::Draft,
        Self::Notification,
        Self::Invitation,
        Self::Layout,
        Self::Undo,
        Self::Bulk,
        Self::AccountNote,
        Self::Candidate,
        Self::DraftFile,
    ];
}

/// One document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// What sort of document it is.
    pub kind: DocumentKind,
    /// Its id within the kind; ids are listed in the order of their bytes.
    pub id: String,
    /// Its bytes, which only the front end reads: JSON.
    pub bytes: Vec<u8>,
    /// Counts its changes; whoever writes raises it.
    pub version: u64,
}
