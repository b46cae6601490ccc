//! Stored forms of the small rows: arrivals, tombstones, documents.

use serde::{Deserialize, Serialize};

use super::{
    form::{Id, Row, RowError},
    key::{self, Raw},
};
use crate::{
    model::Timestamp,
    store::{Document, DocumentKind, Erased, Seen},
};

#[derive(Serialize, Deserialize)]
pub(crate) struct StoredSeen {
    contact: Raw,
    at: i64,
    conversation: Option<Raw>,
}

impl Row for Seen {
    type Stored<'a> = StoredSeen;

    /// An arrival that is remembered has version 1.
    fn version(&self) -> u64 {
        1
    }

    fn to_stored(&self) -> StoredSeen {
        StoredSeen {
            contact: self.contact.raw(),
            at: self.at.as_millis(),
            conversation: self.conversation.map(|id| id.raw()),
        }
    }

    fn from_stored(key: &[u8], _: u64, stored: StoredSeen) -> Result<Self, RowError> {
        Ok(Self {
            entry: key::id_at(key, key::FIRST)?,
            contact: Id::of(stored.contact),
            at: Timestamp::from_millis(stored.at),
            conversation: stored.conversation.map(Id::of),
        })
    }
}

impl Row for Erased {
    type Stored<'a> = i64;

    /// A tombstone that stands has version 1.
    fn version(&self) -> u64 {
        1
    }

    fn to_stored(&self) -> i64 {
        self.at.as_millis()
    }

    fn from_stored(key: &[u8], _: u64, at: i64) -> Result<Self, RowError> {
        Ok(Self { tombstone: key::id_at(key, key::FIRST)?, at: Timestamp::from_millis(at) })
    }
}

/// The bytes of a document follow as they are.
#[derive(Serialize, Deserialize)]
pub(crate) struct StoredDocument<'a>(#[serde(with = "raw")] &'a [u8]);

mod raw {
    //! Bytes as one run: serde takes a slice of bytes for a list of numbers.

    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(bytes: &&[u8], to: S) -> Result<S::Ok, S::Error> {
        to.serialize_bytes(bytes)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<&'de [u8], D::Error> {
        <&[u8]>::deserialize(from)
    }
}

impl Row for Document {
    type Stored<'a> = StoredDocument<'a>;

    fn version(&self) -> u64 {
        self.version
    }

    fn to_stored(&self) -> StoredDocument<'_> {
        StoredDocument(&self.bytes)
    }

    fn from_stored(key: &[u8], version: u64, stored: StoredDocument<'_>) -> Result<Self, RowError> {
        let (kind, id) = key
            .get(key::FIRST..)
            .and_then(<[u8]>::split_first)
            .ok_or_else(|| RowError::broken("its key is too short"))?;
        let kind = DocumentKind::ALL.into_iter().find(|known| *known as u8 == *kind);
        Ok(Self {
            kind: kind.ok_or_else(|| RowError::broken("its kind is unknown"))?,
            id: std::str::from_utf8(id).map_err(RowError::broken)?.to_owned(),
            bytes: stored.0.to_vec(),
            version,
        })
    }
}
