//! The stored form of a profile.

use serde::{Deserialize, Serialize};

use super::{
    form::{Id, Row, RowError, pack, unpack},
    key::{self, Raw},
    value::StoredSource,
};
use crate::model::{NotSame, Profile, ProfileState, Stamp, Timestamp};

#[derive(Serialize, Deserialize)]
pub(crate) struct StoredProfile<'a> {
    #[serde(borrow)]
    first: FirstFormat<'a>,
    /// Who said of each of `not_same` that it is another person, and when.
    #[serde(borrow)]
    said: Vec<Option<StoredStamp<'a>>>,
}

/// What a row was in its first format, with which later ones still begin.
#[derive(Serialize, Deserialize)]
struct FirstFormat<'a> {
    #[serde(borrow)]
    state: StoredState<'a>,
    contacts: Vec<Raw>,
    clock: u64,
    changes: Vec<Raw>,
    not_same: Vec<Raw>,
    created: i64,
}

#[derive(Serialize, Deserialize)]
struct StoredStamp<'a> {
    at: i64,
    #[serde(borrow)]
    by: StoredSource<'a>,
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

impl<'a> StoredStamp<'a> {
    fn of(stamp: &'a Stamp) -> Self {
        Self { at: stamp.at.as_millis(), by: StoredSource::of(&stamp.by) }
    }

    fn model(self) -> Stamp {
        Stamp { at: Timestamp::from_millis(self.at), by: self.by.model() }
    }
}

impl Row for Profile {
    type Stored<'a> = StoredProfile<'a>;

    const FORMAT: u8 = 2;

    fn version(&self) -> u64 {
        self.version
    }

    fn to_stored(&self) -> StoredProfile<'_> {
        StoredProfile {
            first: FirstFormat {
                state: match &self.state {
                    ProfileState::Live => StoredState::Live,
                    ProfileState::Merged { into, by } => {
                        StoredState::Merged { into: into.raw(), by: by.raw() }
                    }
                    ProfileState::Trashed { at, by } => {
                        StoredState::Trashed { at: at.as_millis(), by: StoredSource::of(by) }
                    }
                },
                contacts: pack(&self.contacts),
                clock: self.clock,
                changes: pack(&self.changes),
                not_same: self.not_same.iter().map(|word| word.other.raw()).collect(),
                created: self.created.as_millis(),
            },
            said: self.not_same.iter().map(|word| word.said.as_ref().map(StoredStamp::of)).collect(),
        }
    }

    fn upgrade(found: u8, key: &[u8], version: u64, payload: &[u8]) -> Result<Self, RowError> {
        match found {
            1 => {
                let first = postcard::from_bytes(payload)?;
                Self::from_stored(key, version, StoredProfile { first, said: Vec::new() })
            }
            _ => Err(RowError::Broken(format!("format {found} was never written"))),
        }
    }

    fn from_stored(key: &[u8], version: u64, stored: StoredProfile<'_>) -> Result<Self, RowError> {
        let StoredProfile { first: stored, said } = stored;
        let mut said = said.into_iter();
        let mut not_same = |other: Raw| NotSame {
            other: Id::of(other),
            said: said.next().flatten().map(StoredStamp::model),
        };
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
            not_same: stored.not_same.into_iter().map(&mut not_same).collect(),
            created: Timestamp::from_millis(stored.created),
            version,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        model::{ProfileId, Source},
        store::rows::{decode, encode},
    };

    #[test]
    fn a_profile_from_before_it_was_kept_who_told_it_apart_reads_without_it() {
        let id = ProfileId::from_bytes([7; 10]);
        let mut profile = Profile { version: 3, ..Profile::new(id, Timestamp::from_millis(5)) };
        profile.tell_apart(
            ProfileId::from_bytes([8; 10]),
            Stamp::new(&Source::agent("ana"), Timestamp::from_millis(9)),
        );
        let place = key::profile(id);
        assert_eq!(decode::<Profile>(&place, &encode(&profile).unwrap()).unwrap(), profile);

        let mut before = postcard::to_extend(&3u64, vec![1]).unwrap();
        before = postcard::to_extend(&profile.to_stored().first, before).unwrap();
        profile.not_same[0].said = None;
        assert_eq!(decode::<Profile>(&place, &before).unwrap(), profile);
    }
}
