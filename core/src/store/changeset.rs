//! What one commit writes, and what must still be true when it does.

use crate::{
    feed::Change,
    model::{
        Account, AccountId, AccountLink, Body, Claim, ClaimId, Contact, ContactId, Conversation,
        ConversationId, Entry, EntryId, MembershipChange, MembershipId, Profile, ProfileId, Timestamp,
    },
};

use super::{Document, DocumentKind, Erased, Seen};

/// A row whose version can be expected.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Subject {
    /// A contact.
    Contact(ContactId),
    /// A profile.
    Profile(ProfileId),
    /// A conversation.
    Conversation(ConversationId),
    /// A change of membership.
    Membership(MembershipId),
    /// An account.
    Account(AccountId),
    /// An arrival: version 1 when it is remembered, 0 when not.
    Seen(EntryId),
    /// A tombstone: version 1 when it stands, 0 when not.
    Erased(ContactId),
    /// A document.
    Document(DocumentKind, String),
}

/// That a row still has the version with which it was read; zero says that it is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expectation {
    /// The row.
    pub subject: Subject,
    /// Its version.
    pub version: u64,
}

/// One row to write or to take away.
///
/// Rows that carry a version are written with that version as it stands: whoever decides has raised it.
#[derive(Clone, Debug, PartialEq)]
#[allow(clippy::large_enum_variant, reason = "a change set holds a handful of them and is short-lived")]
pub enum Write {
    /// A contact.
    Contact(Contact),
    /// A profile.
    Profile(Profile),
    /// A claim; a claim of the same id is replaced by one that was heard again.
    Claim(Claim),
    /// An entry of a timeline, in the list of its conversation too where it has one.
    Entry(Entry),
    /// The full form of an entry.
    Body(EntryId, Body),
    /// That something arrived.
    Seen(Seen),
    /// A conversation; with number zero it gets the next one.
    Conversation(Conversation),
    /// That a contact takes part in a conversation begun at that time.
    Participation(ContactId, Timestamp, ConversationId),
    /// A change of membership.
    Membership(MembershipChange),
    /// An account.
    Account(Account),
    /// That a contact belongs to an account.
    AccountLink(AccountLink),
    /// That it does not any more.
    AccountUnlink(AccountLink),
    /// A tombstone.
    Erased(Erased),
    /// That a tombstone no longer stands: a named override.
    LiftErased(ContactId),
    /// A document.
    Document(Document),
    /// Takes a document away.
    RemoveDocument(DocumentKind, String),
    /// Takes a contact away with its claims, entries, bodies, arrivals and participations: erasure alone does that.
    EraseContact(ContactId),
    /// Takes a conversation away with its list of entries.
    EraseConversation(ConversationId),
    /// Takes a profile away.
    EraseProfile(ProfileId),
    /// Takes a change of membership away.
    EraseMembership(MembershipId),
    /// Takes one claim away.
    EraseClaim(ContactId, ClaimId),
}

/// What one commit does: all of it or nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ChangeSet {
    /// When it was decided.
    pub at: Timestamp,
    /// What must still be true.
    pub expects: Vec<Expectation>,
    /// What is written, in order.
    pub writes: Vec<Write>,
    /// What readers of the feed are told.
    pub changes: Vec<Change>,
}

impl ChangeSet {
    /// An empty one, decided at `at`.
    pub fn at(at: Timestamp) -> Self {
        Self { at, ..Self::default() }
    }

    /// Expects a row to have a version still.
    pub fn expect(&mut self, subject: Subject, version: u64) {
        self.expects.push(Expectation { subject, version });
    }

    /// Whether there is nothing to write.
    pub fn is_empty(&self) -> bool {
        self.writes.is_empty()
    }
}
