//! Changes of membership: the only thing that a merge changes, and how it is undone.

use serde::{Deserialize, Serialize};

use super::{ContactId, EntryId, MembershipId, ProfileId, Source, Timestamp};

/// What was done, in the words in which it was asked for, so that it can be replayed without an undone one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MembershipDeed {
    /// One statement named both contacts: the profile of `joins` goes to that of `anchor`.
    Link {
        /// The contact whose profile gives way.
        joins: ContactId,
        /// The contact whose profile stays.
        anchor: ContactId,
    },
    /// All contacts of one profile go to another.
    Merge {
        /// The profile that gives way.
        from: ProfileId,
        /// The profile that stays.
        into: ProfileId,
    },
    /// One contact gets a profile of its own.
    Detach {
        /// The contact.
        contact: ContactId,
        /// Its new profile.
        to: ProfileId,
    },
    /// One contact goes to another profile.
    Move {
        /// The contact.
        contact: ContactId,
        /// The profile it goes to.
        to: ProfileId,
    },
}

impl MembershipDeed {
    /// The word for it.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Link { .. } => "link",
            Self::Merge { .. } => "merge",
            Self::Detach { .. } => "detach",
            Self::Move { .. } => "move",
        }
    }
}

/// Who undid a change, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UndoneBy {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: Source,
}

/// The record of one change of membership.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MembershipChange {
    /// Its id.
    pub id: MembershipId,
    /// Its place in the order of changes: milliseconds since 1970, and always greater than that of every change
    /// its profiles took part in before.
    pub clock: u64,
    /// What was done.
    pub deed: MembershipDeed,
    /// The profile that the contacts came from.
    pub from: ProfileId,
    /// The profile that they went to.
    pub into: ProfileId,
    /// The contacts that it moved.
    pub moved: Vec<ContactId>,
    /// When it was done.
    pub at: Timestamp,
    /// Who did it.
    pub by: Source,
    /// Why, in words.
    pub why: Vec<String>,
    /// The entry that gave the reason.
    pub evidence: Option<EntryId>,
    /// The rules in force, by their hash.
    pub rules: Option<String>,
    /// Whether, when and by whom it was undone.
    pub undone: Option<UndoneBy>,
    /// Counts the changes of this row.
    pub version: u64,
}
