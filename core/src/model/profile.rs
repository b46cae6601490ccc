//! Profiles: collections of contacts taken for one person.

use serde::{Deserialize, Serialize};

use super::{ContactId, MembershipId, ProfileId, Source, Stamp, Timestamp};

/// Whether the person is known to the company's application or only passing by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProfileKind {
    /// Only anonymous ids so far.
    Visitor,
    /// Recognised by something that names a person.
    Customer,
}

/// What has become of a profile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProfileState {
    /// It is shown.
    Live,
    /// Its contacts belong to another profile; its id resolves to that one.
    Merged {
        /// The profile they went to.
        into: ProfileId,
        /// By which change.
        by: MembershipId,
    },
    /// It is in the trash and can be restored.
    Trashed {
        /// Since when.
        at: Timestamp,
        /// By whom.
        by: Source,
    },
}

/// Somebody's word that another profile is another person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NotSame {
    /// The other profile.
    pub other: ProfileId,
    /// Who said so, and when; unknown where it was said before this was kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub said: Option<Stamp>,
}

/// A collection of contacts taken for one person. Its id never dies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Profile {
    /// Its id.
    pub id: ProfileId,
    /// What has become of it.
    pub state: ProfileState,
    /// The contacts that belong to it, in the order of their ids.
    pub contacts: Vec<ContactId>,
    /// The place of its latest change of membership in the order of changes: milliseconds since 1970, or one more
    /// than the change before where two fall together.
    pub clock: u64,
    /// Every change of membership it took part in, the latest last.
    pub changes: Vec<MembershipId>,
    /// Profiles that somebody said are not the same person.
    pub not_same: Vec<NotSame>,
    /// When it was made.
    pub created: Timestamp,
    /// Counts the changes of this row; zero before it was ever stored.
    pub version: u64,
}

impl Profile {
    /// A profile without contacts.
    pub fn new(id: ProfileId, created: Timestamp) -> Self {
        Self {
            id,
            state: ProfileState::Live,
            contacts: Vec::new(),
            clock: 0,
            changes: Vec::new(),
            not_same: Vec::new(),
            created,
            version: 0,
        }
    }

    /// Whether it is shown.
    pub fn is_live(&self) -> bool {
        self.state == ProfileState::Live
    }

    /// What was said, where somebody said that another profile is another person.
    pub fn word_on(&self, other: ProfileId) -> Option<&NotSame> {
        self.not_same.iter().find(|word| word.other == other)
    }

    /// What was said, where somebody said that the two are not one person. Both keep it; one is enough.
    pub fn told_apart_from<'a>(&'a self, other: &'a Self) -> Option<&'a NotSame> {
        self.word_on(other.id).or_else(|| other.word_on(self.id))
    }

    /// Keeps that another profile is another person; the first word stands.
    pub fn tell_apart(&mut self, other: ProfileId, said: Stamp) {
        if self.word_on(other).is_none() {
            self.not_same.push(NotSame { other, said: Some(said) });
        }
    }

    /// Forgets that another profile is another person.
    pub fn forget_apart(&mut self, other: ProfileId) {
        self.not_same.retain(|word| word.other != other);
    }

    /// Adds a contact in its place; one that is there already stays as it is.
    pub fn add(&mut self, contact: ContactId) {
        // Sorted, so that an undone merge restores the old row byte for byte.
        if let Err(place) = self.contacts.binary_search(&contact) {
            self.contacts.insert(place, contact);
        }
    }

    /// Takes a contact away.
    pub fn remove(&mut self, contact: ContactId) {
        if let Ok(place) = self.contacts.binary_search(&contact) {
            self.contacts.remove(place);
        }
    }
}
