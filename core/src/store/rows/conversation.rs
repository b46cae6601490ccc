//! The stored form of a conversation.

use serde::{Deserialize, Serialize};

use super::{
    form::{Row, RowError, pack, unpack},
    key::{self, Raw},
    value::{StoredDirection, StoredPriority, StoredStatus},
};
use crate::model::{Channel, Conversation, Timestamp};

#[derive(Serialize, Deserialize)]
pub(crate) struct StoredConversation<'a> {
    number: u64,
    subject: &'a str,
    channel: &'a str,
    status: StoredStatus,
    priority: StoredPriority,
    #[serde(borrow)]
    tags: Vec<&'a str>,
    assignee: Option<&'a str>,
    contacts: Vec<Raw>,
    started: i64,
    last_message: i64,
    last_direction: StoredDirection,
    messages: u64,
}

impl Row for Conversation {
    type Stored<'a> = StoredConversation<'a>;

    fn version(&self) -> u64 {
        self.version
    }

    fn to_stored(&self) -> StoredConversation<'_> {
        StoredConversation {
            number: self.number,
            subject: &self.subject,
            channel: self.channel.as_str(),
            status: self.status.into(),
            priority: self.priority.into(),
            tags: self.tags.iter().map(String::as_str).collect(),
            assignee: self.assignee.as_deref(),
            contacts: pack(&self.contacts),
            started: self.started.as_millis(),
            last_message: self.last_message.as_millis(),
            last_direction: self.last_direction.into(),
            messages: self.messages,
        }
    }

    fn from_stored(key: &[u8], version: u64, stored: StoredConversation<'_>) -> Result<Self, RowError> {
        Ok(Self {
            id: key::id_at(key, key::FIRST)?,
            number: stored.number,
            subject: stored.subject.to_owned(),
            channel: Channel::new(stored.channel),
            status: stored.status.into(),
            priority: stored.priority.into(),
            tags: stored.tags.into_iter().map(str::to_owned).collect(),
            assignee: stored.assignee.map(str::to_owned),
            contacts: unpack(stored.contacts),
            started: Timestamp::from_millis(stored.started),
            last_message: Timestamp::from_millis(stored.last_message),
            last_direction: stored.last_direction.into(),
            messages: stored.messages,
            version,
        })
    }
}
