//! The stored form of an entry of a timeline.

use serde::{Deserialize, Serialize};

use super::{
    form::{Id, Row, RowError},
    key::{self, Raw},
    value::{StoredDirection, StoredEntryKind, StoredSource, StoredValue, model_parts, stored_parts},
};
use crate::model::{Channel, Entry, Timestamp};

#[derive(Serialize, Deserialize)]
pub(crate) struct StoredEntry<'a> {
    recorded: i64,
    kind: StoredEntryKind,
    #[serde(borrow)]
    source: StoredSource<'a>,
    channel: Option<&'a str>,
    direction: Option<StoredDirection>,
    conversation: Option<Raw>,
    title: &'a str,
    summary: &'a str,
    properties: Vec<(&'a str, StoredValue<'a>)>,
    has_body: bool,
}

impl Row for Entry {
    type Stored<'a> = StoredEntry<'a>;

    fn to_stored(&self) -> StoredEntry<'_> {
        StoredEntry {
            recorded: self.recorded.as_millis(),
            kind: self.kind.into(),
            source: StoredSource::of(&self.source),
            channel: self.channel.as_ref().map(Channel::as_str),
            direction: self.direction.map(Into::into),
            conversation: self.conversation.map(|id| id.raw()),
            title: &self.title,
            summary: &self.summary,
            properties: stored_parts(&self.properties),
            has_body: self.has_body,
        }
    }

    fn from_stored(key: &[u8], _: u64, stored: StoredEntry<'_>) -> Result<Self, RowError> {
        Ok(Self {
            id: key::falling_id_at(key, key::AFTER_ID_AND_TIME)?,
            contact: key::id_at(key, key::FIRST)?,
            at: key::falling_time_at(key, key::AFTER_ID)?,
            recorded: Timestamp::from_millis(stored.recorded),
            kind: stored.kind.into(),
            source: stored.source.model(),
            channel: stored.channel.map(Channel::new),
            direction: stored.direction.map(Into::into),
            conversation: stored.conversation.map(Id::of),
            title: stored.title.to_owned(),
            summary: stored.summary.to_owned(),
            properties: model_parts(stored.properties)?,
            has_body: stored.has_body,
        })
    }
}
