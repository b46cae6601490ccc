//! The stored form of a profile.

use serde::{Deserialize, Serialize};

use super::{
    form::{Id, Row, RowError, pack, unpack},
    key::{self, Raw},
    value::StoredSource,
};
use crate::model::{Profile, ProfileState, Timestamp};

#[derive(Serialize, Deserialize)]
pub(crate) struct StoredProfile<'a> {
    #[serde(borrow)]
    state: StoredState<'a>,
    contacts: Vec<Raw>,
    clock: u64,
    changes: Vec<Raw>,
    not_same: Vec<Raw>,
    created: i64,
}

#[derive(Serialize, Deserialize)]
enum StoredState<'a> {
    Live,
    Merged {
        into: Raw,
        by: Raw,
    },
    Trashed {
        at: i64,
        #[serde(borrow)]
        by: StoredSource<'a>,
    },
}

impl Row for Profile {
    type Stored<'a> = StoredProfile<'a>;

    fn version(&self) -> u64 {
        self.version
    }

    fn to_stored(&self) -> StoredProfile<'_> {
        StoredProfile {
            state: match &self.state {
                ProfileState::Live => StoredState::Live,
                ProfileState::Merged { into, by } => StoredState::Merged { into: into.raw(), by: by.raw() },
                ProfileState::Trashed { at, by } => {
                    StoredState::Trashed { at: at.as_millis(), by: StoredSource::of(by) }
                }
            },
            contacts: pack(&self.contacts),
            clock: self.clock,
            changes: pack(&self.changes),
            not_same: pack(&self.not_same),
            created: self.created.as_millis(),
        }
    }

    fn from_stored(key: &[u8], version: u64, stored: StoredProfile<'_>) -> Result<Self, RowError> {
        Ok(Self {
            id: key::id_at(key, key::FIRST)?,
            state: match stored.state {
                StoredState::Live => ProfileState::Live,
                StoredState::Merged { into, by } => {
                    ProfileState::Merged { into: Id::of(into), by: Id::of(by) }
                }
                StoredState::Trashed { at, by } => {
                    ProfileState::Trashed { at: Timestamp::from_millis(at), by: by.model() }
                }
            },
            contacts: unpack(stored.contacts),
            clock: stored.clock,
            changes: unpack(stored.changes),
            not_same: unpack(stored.not_same),
            created: Timestamp::from_millis(stored.created),
            version,
        })
    }
}
