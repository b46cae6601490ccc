//! The stored form of a change of membership.

use serde::{Deserialize, Serialize};

use super::{
    form::{Id, Row, RowError, pack, unpack},
    key::{self, Raw},
    value::StoredSource,
};
use crate::model::{MembershipChange, MembershipDeed, Timestamp, UndoneBy};

#[derive(Serialize, Deserialize)]
pub(crate) struct StoredMembership<'a> {
    clock: u64,
    deed: StoredDeed,
    from: Raw,
    into: Raw,
    moved: Vec<Raw>,
    at: i64,
    #[serde(borrow)]
    by: StoredSource<'a>,
    why: Vec<&'a str>,
    evidence: Option<Raw>,
    rules: Option<&'a str>,
    undone: Option<(i64, StoredSource<'a>)>,
}

#[derive(Serialize, Deserialize)]
enum StoredDeed {
    Link { joins: Raw, anchor: Raw },
    Merge { from: Raw, into: Raw },
    Detach { contact: Raw, to: Raw },
    Move { contact: Raw, to: Raw },
}

impl From<&MembershipDeed> for StoredDeed {
    fn from(deed: &MembershipDeed) -> Self {
        match deed {
            MembershipDeed::Link { joins, anchor } => Self::Link { joins: joins.raw(), anchor: anchor.raw() },
            MembershipDeed::Merge { from, into } => Self::Merge { from: from.raw(), into: into.raw() },
            MembershipDeed::Detach { contact, to } => Self::Detach { contact: contact.raw(), to: to.raw() },
            MembershipDeed::Move { contact, to } => Self::Move { contact: contact.raw(), to: to.raw() },
        }
    }
}

impl From<StoredDeed> for MembershipDeed {
    fn from(deed: StoredDeed) -> Self {
        match deed {
            StoredDeed::Link { joins, anchor } => Self::Link { joins: Id::of(joins), anchor: Id::of(anchor) },
            StoredDeed::Merge { from, into } => Self::Merge { from: Id::of(from), into: Id::of(into) },
            StoredDeed::Detach { contact, to } => Self::Detach { contact: Id::of(contact), to: Id::of(to) },
            StoredDeed::Move { contact, to } => Self::Move { contact: Id::of(contact), to: Id::of(to) },
        }
    }
}

impl Row for MembershipChange {
    type Stored<'a> = StoredMembership<'a>;

    fn version(&self) -> u64 {
        self.version
    }

    fn to_stored(&self) -> StoredMembership<'_> {
        StoredMembership {
            clock: self.clock,
            deed: (&self.deed).into(),
            from: self.from.raw(),
            into: self.into.raw(),
            moved: pack(&self.moved),
            at: self.at.as_millis(),
            by: StoredSource::of(&self.by),
            why: self.why.iter().map(String::as_str).collect(),
            evidence: self.evidence.map(|entry| entry.raw()),
            rules: self.rules.as_deref(),
            undone: self.undone.as_ref().map(|undone| (undone.at.as_millis(), StoredSource::of(&undone.by))),
        }
    }

    fn from_stored(key: &[u8], version: u64, stored: StoredMembership<'_>) -> Result<Self, RowError> {
        Ok(Self {
            id: key::id_at(key, key::FIRST)?,
            clock: stored.clock,
            deed: stored.deed.into(),
            from: Id::of(stored.from),
            into: Id::of(stored.into),
            moved: unpack(stored.moved),
            at: Timestamp::from_millis(stored.at),
            by: stored.by.model(),
            why: stored.why.into_iter().map(str::to_owned).collect(),
            evidence: stored.evidence.map(Id::of),
            rules: stored.rules.map(str::to_owned),
            undone: stored.undone.map(|(at, by)| UndoneBy { at: Timestamp::from_millis(at), by: by.model() }),
            version,
        })
    }
}
