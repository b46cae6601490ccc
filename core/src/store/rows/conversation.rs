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
    second: SecondFormat<'a>,
    is_named: bool,
}

/// What a row was in its second format, with which later ones still begin.
#[derive(Serialize, Deserialize)]
struct SecondFormat<'a> {
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

impl<'a> SecondFormat<'a> {
    fn of(conversation: &'a Conversation) -> Self {
        Self {
            first: FirstFormat {
                number: conversation.number,
                subject: &conversation.subject,
                channel: conversation.channel.as_str(),
                status: conversation.status.into(),
                priority: conversation.priority.into(),
                tags: conversation.tags.iter().map(String::as_str).collect(),
                assignee: conversation.assignee.as_deref(),
                contacts: pack(&conversation.contacts),
                started: conversation.started.as_millis(),
                last_message: conversation.last_message.as_millis(),
                last_direction: conversation.last_direction.into(),
                messages: conversation.messages,
            },
            properties: stored_parts(&conversation.properties),
            issues: conversation
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
            snoozed_until: conversation.snoozed_until.map(Timestamp::as_millis),
            merged_into: conversation.merged_into.map(|id| id.raw()),
            merged: pack(&conversation.merged),
            split_from: conversation.split_from.map(|id| id.raw()),
            own: conversation.own.as_ref().map(StoredFigures::of),
        }
    }

    fn model(self, key: &[u8], version: u64) -> Result<Conversation, RowError> {
        let mut conversation = Conversation {
            properties: model_parts(self.properties)?,
            issues: self
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
            snoozed_until: self.snoozed_until.map(Timestamp::from_millis),
            merged_into: self.merged_into.map(Id::of),
            merged: unpack(self.merged),
            split_from: self.split_from.map(Id::of),
            own: self.own.map(StoredFigures::model),
            ..self.first.model(key, version)?
        };
        conversation.settle_topic();
        Ok(conversation)
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

    const FORMAT: u8 = 3;

    fn version(&self) -> u64 {
        self.version
    }

    fn to_stored(&self) -> StoredConversation<'_> {
        StoredConversation { second: SecondFormat::of(self), is_named: self.is_named }
    }

    fn from_stored(key: &[u8], version: u64, stored: StoredConversation<'_>) -> Result<Self, RowError> {
        Ok(Self { is_named: stored.is_named, ..stored.second.model(key, version)? })
    }

    fn upgrade(format: u8, key: &[u8], version: u64, payload: &[u8]) -> Result<Self, RowError> {
        fn all<T>((read, rest): (T, &[u8])) -> Result<T, RowError> {
            match rest.len() {
                0 => Ok(read),
                more => Err(RowError::Broken(format!("{more} bytes stand after its end"))),
            }
        }
        match format {
            1 => all(postcard::take_from_bytes::<FirstFormat<'_>>(payload)?)?.model(key, version),
            _ => all(postcard::take_from_bytes::<SecondFormat<'_>>(payload)?)?.model(key, version),
        }
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
    fn a_row_of_an_earlier_format_still_reads() {
        let whole = Sample(IdKey::from_bytes([7; 32])).conversation(3, 1, 5);
        let key = key::conversation(whole.id);
        let mut old = postcard::to_extend(&5u64, vec![2]).unwrap();
        old = postcard::to_extend(&whole.to_stored().second, old).unwrap();
        let read = decode::<Conversation>(&key, &old).unwrap();
        assert_eq!(read, Conversation { is_named: false, ..whole.clone() });
        let now = encode(&Conversation { is_named: true, ..whole.clone() }).unwrap();
        assert!(decode::<Conversation>(&key, &now).unwrap().is_named);

        let conversation = Conversation {
            is_named: false,
            properties: Default::default(),
            issues: Vec::new(),
            snoozed_until: None,
            merged: Vec::new(),
            merged_into: None,
            own: None,
            split_from: None,
            ..whole
        };
        let now = encode(&conversation).unwrap();
        let mut old = vec![1];
        old = postcard::to_extend(&5u64, old).unwrap();
        old = postcard::to_extend(&conversation.to_stored().second.first, old).unwrap();
        assert_eq!(decode::<Conversation>(&key, &old).unwrap(), conversation);
        assert_eq!(decode::<Conversation>(&key, &now).unwrap(), conversation);
        assert_eq!(conversation.status, ConversationStatus::Pending);
        old.push(0);
        assert!(decode::<Conversation>(&key, &old).is_err());
    }
}
