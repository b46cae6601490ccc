//! The one row that describes the store.

use serde::{Deserialize, Serialize};

use super::form::{Row, RowError};
use crate::model::IdKey;

/// The format this version writes: raised with the format of any row.
pub(crate) const STORE_FORMAT: u32 = 5;

/// The first format whose conversations stand in the lists of the inbox.
pub(crate) const WITH_INBOX: u32 = 3;

/// What a store says of itself.
pub(crate) struct Meta {
    pub(crate) format: u32,
    pub(crate) id_key: IdKey,
}

#[derive(Serialize, Deserialize)]
pub(crate) struct StoredMeta {
    format: u32,
    id_key: [u8; 32],
}

impl Row for Meta {
    type Stored<'a> = StoredMeta;

    fn to_stored(&self) -> StoredMeta {
        StoredMeta { format: self.format, id_key: *self.id_key.as_bytes() }
    }

    fn from_stored(_: &[u8], _: u64, stored: StoredMeta) -> Result<Self, RowError> {
        Ok(Self { format: stored.format, id_key: IdKey::from_bytes(stored.id_key) })
    }
}
