//! The stored form of a contact.

use serde::{Deserialize, Serialize};

use super::{
    form::{Id, Row, RowError, pack, unpack},
    key::{self, Raw},
    value::StoredSource,
};
use crate::model::{Contact, ContactKey, Identifier, KindCounts, Month, ProfileId, Tally, Timestamp};

/// The second format: what stood in the first, and how much happened in each month.
#[derive(Serialize, Deserialize)]
pub(crate) struct StoredContact<'a> {
    #[serde(borrow)]
    first: FirstContact<'a>,
    tally: Vec<StoredMonth>,
}

/// A month, then messages, notes, events, pages and activities in it.
type StoredMonth = (Month, [u32; 5]);

#[derive(Serialize, Deserialize)]
pub(crate) struct FirstContact<'a> {
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

    const FORMAT: u8 = 2;

    fn version(&self) -> u64 {
        self.version
    }

    fn to_stored(&self) -> StoredContact<'_> {
        let first = FirstContact {
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
        };
        let tally = self
            .tally
            .months()
            .iter()
            .map(|(month, of)| (*month, [of.messages, of.notes, of.events, of.pages, of.activities]));
        StoredContact { first, tally: tally.collect() }
    }

    fn upgrade(found: u8, key: &[u8], version: u64, payload: &[u8]) -> Result<Self, RowError> {
        match found {
            1 => {
                let first = postcard::from_bytes(payload)?;
                Self::from_stored(key, version, StoredContact { first, tally: Vec::new() })
            }
            _ => Err(RowError::Broken(format!("format {found} was never written"))),
        }
    }

    fn from_stored(key: &[u8], version: u64, stored: StoredContact<'_>) -> Result<Self, RowError> {
        let StoredContact { first: stored, tally } = stored;
        let tally = tally.into_iter().map(|(month, [messages, notes, events, pages, activities])| {
            (month, KindCounts { messages, notes, events, pages, activities })
        });
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
            tally: Tally::from_stored(tally.collect()),
            version,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        model::{EntryKind, IdKey, IdentifierKind, PhoneRegion, Source},
        store::rows::{decode, encode},
    };

    #[test]
    fn a_contact_from_before_months_were_counted_reads_without_them() {
        let key = IdKey::from_bytes([7; 32]);
        let identifier =
            Identifier::new(IdentifierKind::EMAIL, "ana@example.org", PhoneRegion::NONE).unwrap();
        let id = key.contact(&identifier);
        let mut contact = Contact {
            id,
            key: ContactKey::Identified { identifier, raw: "Ana@example.org".into() },
            profile: key.home(id),
            home: key.home(id),
            born: 1,
            links: Vec::new(),
            changes: Vec::new(),
            accounts: Vec::new(),
            source: Source::message("mail"),
            first_seen: Timestamp::from_millis(5),
            last_seen: Timestamp::from_millis(5),
            messages: 0,
            events: 0,
            tally: Tally::default(),
            version: 3,
        };
        contact.happened(EntryKind::Message, Timestamp::from_millis(5));
        let place = key::contact(id);
        assert_eq!(decode::<Contact>(&place, &encode(&contact).unwrap()).unwrap(), contact);

        let mut before = postcard::to_extend(&3u64, vec![1]).unwrap();
        before = postcard::to_extend(&contact.to_stored().first, before).unwrap();
        let upgraded = decode::<Contact>(&place, &before).unwrap();
        assert!(!upgraded.tally_is_whole());
        assert_eq!(Contact { tally: contact.tally.clone(), ..upgraded }, contact);
    }
}
