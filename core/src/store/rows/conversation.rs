//! The stored form of a conversation.

use serde::{Deserialize, Serialize};

use super::{
    form::{Id, Row, RowError, pack, unpack},
    key::{self, Raw},
    value::{StoredDirection, StoredPriority, StoredStatus, StoredValue, model_parts, stored_parts},
};
use crate::model::{Channel, Conversation, Figures, LinkedIssue, Timestamp};

#[derive(Serialize, Deserialize)]
pub(crate) struct StoredConversation<'a> {
    #[serde(borrow)]
    first: FirstFormat<'a>,
    properties: Vec<(&'a str, StoredValue<'a>)>,
    issues: Vec<StoredIssue<'a>>,
    snoozed_until: Option<i64>,
    merged_into: Option<Raw>,
    merged: Vec<Raw>,
    split_from: Option<Raw>,
    own: Option<StoredFigures>,
}

/// What a row was in its first format, with which later ones still begin.
#[derive(Serialize, Deserialize)]
struct FirstFormat<'a> {
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

#[derive(Serialize, Deserialize)]
struct StoredIssue<'a> {
    system: &'a str,
    key: &'a str,
    url: Option<&'a str>,
    title: &'a str,
    state: &'a str,
}

#[derive(Serialize, Deserialize)]
struct StoredFigures {
    contacts: Vec<Raw>,
    started: i64,
    last_message: i64,
    last_direction: StoredDirection,
    messages: u64,
}

impl FirstFormat<'_> {
    fn model(self, key: &[u8], version: u64) -> Result<Conversation, RowError> {
        let began = Timestamp::from_millis(self.started);
        let new =
            Conversation::new(key::id_at(key, key::FIRST)?, self.subject, Channel::new(self.channel), began);
        Ok(Conversation {
            number: self.number,
            status: self.status.into(),
            priority: self.priority.into(),
            tags: self.tags.into_iter().map(str::to_owned).collect(),
            assignee: self.assignee.map(str::to_owned),
            contacts: unpack(self.contacts),
            last_message: Timestamp::from_millis(self.last_message),
            last_direction: self.last_direction.into(),
            messages: self.messages,
            version,
            ..new
        })
    }
}

impl StoredFigures {
    fn of(figures: &Figures) -> Self {
        Self {
            contacts: pack(&figures.contacts),
            started: figures.started.as_millis(),
            last_message: figures.last_message.as_millis(),
            last_direction: figures.last_direction.into(),
            messages: figures.messages,
        }
    }

    fn model(self) -> Figures {
        Figures {
            contacts: unpack(self.contacts),
            started: Timestamp::from_millis(self.started),
            last_message: Timestamp::from_millis(self.last_message),
            last_direction: self.last_direction.into(),
            messages: self.messages,
        }
    }
}

impl Row for Conversation {
    type Stored<'a> = StoredConversation<'a>;

    const FORMAT: u8 = 2;

    fn version(&self) -> u64 {
        self.version
    }

    fn to_stored(&self) -> StoredConversation<'_> {
        StoredConversation {
            first: FirstFormat {
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
            },
            properties: stored_parts(&self.properties),
            issues: self
                .issues
                .iter()
                .map(|issue| StoredIssue {
                    system: &issue.system,
                    key: &issue.key,
                    url: issue.url.as_deref(),
                    title: &issue.title,
                    state: &issue.state,
                })
                .collect(),
            snoozed_until: self.snoozed_until.map(Timestamp::as_millis),
            merged_into: self.merged_into.map(|id| id.raw()),
            merged: pack(&self.merged),
            split_from: self.split_from.map(|id| id.raw()),
            own: self.own.as_ref().map(StoredFigures::of),
        }
    }

    fn from_stored(key: &[u8], version: u64, stored: StoredConversation<'_>) -> Result<Self, RowError> {
        Ok(Self {
            properties: model_parts(stored.properties)?,
            issues: stored
                .issues
                .into_iter()
                .map(|issue| LinkedIssue {
                    system: issue.system.to_owned(),
                    key: issue.key.to_owned(),
                    url: issue.url.map(str::to_owned),
                    title: issue.title.to_owned(),
                    state: issue.state.to_owned(),
                })
                .collect(),
            snoozed_until: stored.snoozed_until.map(Timestamp::from_millis),
            merged_into: stored.merged_into.map(Id::of),
            merged: unpack(stored.merged),
            split_from: stored.split_from.map(Id::of),
            own: stored.own.map(StoredFigures::model),
            ..stored.first.model(key, version)?
        })
    }

    fn upgrade(_: u8, key: &[u8], version: u64, payload: &[u8]) -> Result<Self, RowError> {
        let (first, rest): (FirstFormat<'_>, _) = postcard::take_from_bytes(payload)?;
        if !rest.is_empty() {
            return Err(RowError::Broken(format!("{} bytes stand after its end", rest.len())));
        }
        first.model(key, version)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        model::{ConversationStatus, IdKey},
        store::{
            conformance::Sample,
            rows::{decode, encode},
        },
    };

    #[test]
    fn a_row_of_the_first_format_still_reads() {
        let conversation = Conversation {
            properties: Default::default(),
            issues: Vec::new(),
            snoozed_until: None,
            merged: Vec::new(),
            merged_into: None,
            own: None,
            split_from: None,
            ..Sample(IdKey::from_bytes([7; 32])).conversation(3, 1, 5)
        };
        let now = encode(&conversation).unwrap();
        let mut old = vec![1];
        old = postcard::to_extend(&5u64, old).unwrap();
        old = postcard::to_extend(&conversation.to_stored().first, old).unwrap();
        let key = key::conversation(conversation.id);
        assert_eq!(decode::<Conversation>(&key, &old).unwrap(), conversation);
        assert_eq!(decode::<Conversation>(&key, &now).unwrap(), conversation);
        assert_eq!(conversation.status, ConversationStatus::Pending);
        old.push(0);
        assert!(decode::<Conversation>(&key, &old).is_err());
    }
}
