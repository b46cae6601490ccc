//! The stored form of a contact.

use serde::{Deserialize, Serialize};

use super::{
    form::{Id, Row, RowError, pack, unpack},
    key::{self, Raw},
    value::StoredSource,
};
use crate::model::{Contact, ContactKey, Identifier, ProfileId, Timestamp};

#[derive(Serialize, Deserialize)]
pub(crate) struct StoredContact<'a> {
    #[serde(borrow)]
    key: StoredContactKey<'a>,
    profile: Raw,
    /// Nothing where it is the profile it belongs to now, as it mostly is.
    home: Option<Raw>,
    born: u64,
    links: Vec<Raw>,
    changes: Vec<Raw>,
    accounts: Vec<Raw>,
    source: StoredSource<'a>,
    first_seen: i64,
    last_seen: i64,
    messages: u64,
    events: u64,
}

#[derive(Serialize, Deserialize)]
enum StoredContactKey<'a> {
    Identified {
        kind: &'a str,
        value: &'a str,
        /// Nothing where it was written as it is normalised.
        raw: Option<&'a str>,
    },
    Own {
        of: Raw,
    },
}

impl Row for Contact {
    type Stored<'a> = StoredContact<'a>;

    fn version(&self) -> u64 {
        self.version
    }

    fn to_stored(&self) -> StoredContact<'_> {
        StoredContact {
            key: match &self.key {
                ContactKey::Identified { identifier, raw } => StoredContactKey::Identified {
                    kind: identifier.kind().as_str(),
                    value: identifier.value(),
                    raw: (raw != identifier.value()).then_some(raw),
                },
                ContactKey::Own { of } => StoredContactKey::Own { of: of.raw() },
            },
            profile: self.profile.raw(),
            home: (self.home != self.profile).then(|| self.home.raw()),
            born: self.born,
            links: pack(&self.links),
            changes: pack(&self.changes),
            accounts: pack(&self.accounts),
            source: StoredSource::of(&self.source),
            first_seen: self.first_seen.as_millis(),
            last_seen: self.last_seen.as_millis(),
            messages: self.messages,
            events: self.events,
        }
    }

    fn from_stored(key: &[u8], version: u64, stored: StoredContact<'_>) -> Result<Self, RowError> {
        let profile = ProfileId::of(stored.profile);
        Ok(Self {
            id: key::id_at(key, key::FIRST)?,
            key: match stored.key {
                StoredContactKey::Identified { kind, value, raw } => ContactKey::Identified {
                    identifier: Identifier::from_stored(
                        kind.parse().map_err(RowError::broken)?,
                        value.to_owned(),
                    ),
                    raw: raw.unwrap_or(value).to_owned(),
                },
                StoredContactKey::Own { of } => ContactKey::Own { of: Id::of(of) },
            },
            profile,
            home: stored.home.map_or(profile, Id::of),
            born: stored.born,
            links: unpack(stored.links),
            changes: unpack(stored.changes),
            accounts: unpack(stored.accounts),
            source: stored.source.model(),
            first_seen: Timestamp::from_millis(stored.first_seen),
            last_seen: Timestamp::from_millis(stored.last_seen),
            messages: stored.messages,
            events: stored.events,
            version,
        })
    }
}
