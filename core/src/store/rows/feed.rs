//! The stored form of the feed: rows of several commits, and the counters as they stood after them.
//!
//! A commit of its own row would cost each message a key more. The counters stand here because
//! they change with every commit; so the last row of the feed is where a store takes up again.

use serde::{Deserialize, Serialize};

use super::{
    form::{Id, RowError, pack, unpack},
    key::{self, Key, Raw},
    value::StoredEntryKind,
};
use crate::{
    feed::{Change, Commit, FeedNumber},
    model::{PropertyKey, Timestamp},
    store::Figures,
};

const FORMAT: u8 = 1;

/// Commits of a group share a row up to this many bytes; greater rows make pages that sled writes apart.
const ROW: usize = 4 * 1024;

/// Where a store stands: what the next commit goes on from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Tail {
    /// The number of the last commit.
    pub(crate) head: FeedNumber,
    /// The greatest number a conversation was given.
    pub(crate) conversation: u64,
    pub(crate) profiles: u64,
    pub(crate) contacts: u64,
    pub(crate) entries: u64,
    pub(crate) conversations: u64,
}

impl Tail {
    pub(crate) fn figures(&self, bytes: u64) -> Figures {
        Figures {
            profiles: self.profiles,
            contacts: self.contacts,
            entries: self.entries,
            conversations: self.conversations,
            bytes,
        }
    }
}

/// One row of the feed.
pub(crate) struct FeedRow {
    /// The counters after it.
    pub(crate) tail: Tail,
    /// Its commits, in order.
    pub(crate) commits: Vec<Commit>,
}

impl FeedRow {
    /// Reads the counters alone.
    pub(crate) fn tail(bytes: &[u8]) -> Result<Tail, RowError> {
        open(bytes).map(|(tail, _)| tail)
    }

    pub(crate) fn decode(bytes: &[u8]) -> Result<Self, RowError> {
        let (tail, mut rest) = open(bytes)?;
        let mut commits = Vec::new();
        while !rest.is_empty() {
            let (number, after) = postcard::take_from_bytes(rest)?;
            let ((at, changes), after): ((i64, Vec<StoredChange<'_>>), _) = postcard::take_from_bytes(after)?;
            let changes = changes.into_iter().map(StoredChange::model).collect();
            commits.push(Commit { number, at: Timestamp::from_millis(at), changes });
            rest = after;
        }
        Ok(Self { tail, commits })
    }
}

fn open(bytes: &[u8]) -> Result<(Tail, &[u8]), RowError> {
    match bytes.split_first() {
        Some((&FORMAT, rest)) => Ok(postcard::take_from_bytes(rest)?),
        Some((found, _)) if *found > FORMAT => Err(RowError::Newer { found: *found, known: FORMAT }),
        _ => Err(RowError::broken("it does not start as the feed does")),
    }
}

/// What a commit adds to its row; its number goes before.
pub(crate) fn encode_changes(at: Timestamp, changes: &[Change]) -> Result<Vec<u8>, RowError> {
    let changes: Vec<_> = changes.iter().map(StoredChange::of).collect();
    Ok(postcard::to_stdvec(&(at.as_millis(), changes))?)
}

/// The rows of a group of commits, given in order with their numbers, after which `tail` stands.
pub(crate) fn feed_rows(
    commits: &[(FeedNumber, Vec<u8>)],
    tail: &Tail,
) -> Result<Vec<(Key, Vec<u8>)>, RowError> {
    let mut rows = Vec::new();
    let mut row = Vec::new();
    let start = postcard::to_extend(tail, vec![FORMAT])?;
    for (place, (number, commit)) in commits.iter().enumerate() {
        if row.is_empty() {
            row.extend_from_slice(&start);
        }
        row = postcard::to_extend(number, row)?;
        row.extend_from_slice(commit);
        let next = commits.get(place + 1).map_or(0, |(_, next)| next.len());
        if next == 0 || row.len() + next > ROW {
            rows.push((key::feed(*number), std::mem::take(&mut row)));
        }
    }
    Ok(rows)
}

/// The order of the variants is what is on disk: new ones go to the end.
#[derive(Serialize, Deserialize)]
enum StoredChange<'a> {
    ProfileCreated {
        profile: Raw,
    },
    ContactAdded {
        profile: Raw,
        contact: Raw,
    },
    PropertiesChanged {
        profile: Raw,
        #[serde(borrow)]
        properties: Vec<&'a str>,
    },
    EntryAdded {
        profile: Raw,
        contact: Raw,
        entry: Raw,
        kind: StoredEntryKind,
    },
    ConversationStarted {
        profile: Raw,
        conversation: Raw,
    },
    ConversationChanged {
        profile: Raw,
        conversation: Raw,
    },
    ProfilesMerged {
        into: Raw,
        from: Raw,
        by: Raw,
    },
    MergeUndone {
        profiles: Vec<Raw>,
        by: Raw,
    },
    ContactDetached {
        from: Raw,
        to: Raw,
        contact: Raw,
    },
    ContactMoved {
        from: Raw,
        to: Raw,
        contact: Raw,
    },
    ProfilesToldApart {
        a: Raw,
        b: Raw,
    },
    ProfileTrashed {
        profile: Raw,
    },
    ProfileRestored {
        profile: Raw,
    },
    ProfileErased {
        profile: Raw,
    },
    AccountChanged {
        account: Raw,
    },
    AccountLinked {
        profile: Raw,
        account: Raw,
        linked: bool,
    },
    ReviewRaised {
        profile: Raw,
        review: &'a str,
    },
    DocumentChanged {
        kind: &'a str,
        id: &'a str,
    },
    RecordChanged {
        profile: Raw,
        kind: &'a str,
        id: &'a str,
    },
}

impl<'a> StoredChange<'a> {
    fn of(change: &'a Change) -> Self {
        use Change as C;
        match change {
            C::ProfileCreated { profile } => Self::ProfileCreated { profile: profile.raw() },
            C::ContactAdded { profile, contact } => {
                Self::ContactAdded { profile: profile.raw(), contact: contact.raw() }
            }
            C::PropertiesChanged { profile, properties } => Self::PropertiesChanged {
                profile: profile.raw(),
                properties: properties.iter().map(PropertyKey::as_str).collect(),
            },
            C::EntryAdded { profile, contact, entry, kind } => Self::EntryAdded {
                profile: profile.raw(),
                contact: contact.raw(),
                entry: entry.raw(),
                kind: (*kind).into(),
            },
            C::ConversationStarted { profile, conversation } => {
                Self::ConversationStarted { profile: profile.raw(), conversation: conversation.raw() }
            }
            C::ConversationChanged { profile, conversation } => {
                Self::ConversationChanged { profile: profile.raw(), conversation: conversation.raw() }
            }
            C::ProfilesMerged { into, from, by } => {
                Self::ProfilesMerged { into: into.raw(), from: from.raw(), by: by.raw() }
            }
            C::MergeUndone { profiles, by } => Self::MergeUndone { profiles: pack(profiles), by: by.raw() },
            C::ContactDetached { from, to, contact } => {
                Self::ContactDetached { from: from.raw(), to: to.raw(), contact: contact.raw() }
            }
            C::ContactMoved { from, to, contact } => {
                Self::ContactMoved { from: from.raw(), to: to.raw(), contact: contact.raw() }
            }
            C::ProfilesToldApart { a, b } => Self::ProfilesToldApart { a: a.raw(), b: b.raw() },
            C::ProfileTrashed { profile } => Self::ProfileTrashed { profile: profile.raw() },
            C::ProfileRestored { profile } => Self::ProfileRestored { profile: profile.raw() },
            C::ProfileErased { profile } => Self::ProfileErased { profile: profile.raw() },
            C::AccountChanged { account } => Self::AccountChanged { account: account.raw() },
            C::AccountLinked { profile, account, linked } => {
                Self::AccountLinked { profile: profile.raw(), account: account.raw(), linked: *linked }
            }
            C::ReviewRaised { profile, review } => Self::ReviewRaised { profile: profile.raw(), review },
            C::DocumentChanged { kind, id } => Self::DocumentChanged { kind, id },
            C::RecordChanged { profile, kind, id } => {
                Self::RecordChanged { profile: profile.raw(), kind, id }
            }
        }
    }

    fn model(self) -> Change {
        use Change as C;
        match self {
            Self::ProfileCreated { profile } => C::ProfileCreated { profile: Id::of(profile) },
            Self::ContactAdded { profile, contact } => {
                C::ContactAdded { profile: Id::of(profile), contact: Id::of(contact) }
            }
            Self::PropertiesChanged { profile, properties } => C::PropertiesChanged {
                profile: Id::of(profile),
                properties: properties.into_iter().map(PropertyKey::from_stored).collect(),
            },
            Self::EntryAdded { profile, contact, entry, kind } => C::EntryAdded {
                profile: Id::of(profile),
                contact: Id::of(contact),
                entry: Id::of(entry),
                kind: kind.into(),
            },
            Self::ConversationStarted { profile, conversation } => {
                C::ConversationStarted { profile: Id::of(profile), conversation: Id::of(conversation) }
            }
            Self::ConversationChanged { profile, conversation } => {
                C::ConversationChanged { profile: Id::of(profile), conversation: Id::of(conversation) }
            }
            Self::ProfilesMerged { into, from, by } => {
                C::ProfilesMerged { into: Id::of(into), from: Id::of(from), by: Id::of(by) }
            }
            Self::MergeUndone { profiles, by } => {
                C::MergeUndone { profiles: unpack(profiles), by: Id::of(by) }
            }
            Self::ContactDetached { from, to, contact } => {
                C::ContactDetached { from: Id::of(from), to: Id::of(to), contact: Id::of(contact) }
            }
            Self::ContactMoved { from, to, contact } => {
                C::ContactMoved { from: Id::of(from), to: Id::of(to), contact: Id::of(contact) }
            }
            Self::ProfilesToldApart { a, b } => C::ProfilesToldApart { a: Id::of(a), b: Id::of(b) },
            Self::ProfileTrashed { profile } => C::ProfileTrashed { profile: Id::of(profile) },
            Self::ProfileRestored { profile } => C::ProfileRestored { profile: Id::of(profile) },
            Self::ProfileErased { profile } => C::ProfileErased { profile: Id::of(profile) },
            Self::AccountChanged { account } => C::AccountChanged { account: Id::of(account) },
            Self::AccountLinked { profile, account, linked } => {
                C::AccountLinked { profile: Id::of(profile), account: Id::of(account), linked }
            }
            Self::ReviewRaised { profile, review } => {
                C::ReviewRaised { profile: Id::of(profile), review: review.to_owned() }
            }
            Self::DocumentChanged { kind, id } => {
                C::DocumentChanged { kind: kind.to_owned(), id: id.to_owned() }
            }
            Self::RecordChanged { profile, kind, id } => {
                C::RecordChanged { profile: Id::of(profile), kind: kind.to_owned(), id: id.to_owned() }
            }
        }
    }
}
