//! The stored form of an account.

use serde::{Deserialize, Serialize};

use super::{
    form::{Row, RowError},
    key,
    value::{StoredSource, StoredValue, model_parts, stored_parts},
};
use crate::model::{Account, Timestamp};

#[derive(Serialize, Deserialize)]
pub(crate) struct StoredAccount<'a> {
    external: &'a str,
    name: &'a str,
    #[serde(borrow)]
    properties: Vec<(&'a str, StoredValue<'a>)>,
    source: StoredSource<'a>,
    first_seen: i64,
    last_seen: i64,
}

impl Row for Account {
    type Stored<'a> = StoredAccount<'a>;

    fn version(&self) -> u64 {
        self.version
    }

    fn to_stored(&self) -> StoredAccount<'_> {
        StoredAccount {
            external: &self.external,
            name: &self.name,
            properties: stored_parts(&self.properties),
            source: StoredSource::of(&self.source),
            first_seen: self.first_seen.as_millis(),
            last_seen: self.last_seen.as_millis(),
        }
    }

    fn from_stored(key: &[u8], version: u64, stored: StoredAccount<'_>) -> Result<Self, RowError> {
        Ok(Self {
            id: key::id_at(key, key::FIRST)?,
            external: stored.external.to_owned(),
            name: stored.name.to_owned(),
            properties: model_parts(stored.properties)?,
            source: stored.source.model(),
            first_seen: Timestamp::from_millis(stored.first_seen),
            last_seen: Timestamp::from_millis(stored.last_seen),
            version,
        })
    }
}
