//! Conversations: messages that belong together.

use serde::{Deserialize, Serialize};

use super::{ContactId, ConversationId, Timestamp};

/// The way a message came or went, such as `email`; an open list of short words.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Channel(String);

impl Channel {
    /// Names a channel; upper case and blanks are folded.
    pub fn new(name: &str) -> Self {
        Self(
            name.trim()
                .to_lowercase()
                .chars()
                .map(|c| if c.is_whitespace() { '_' } else { c })
                .take(40)
                .collect(),
        )
    }

    /// E-mail.
    pub fn email() -> Self {
        Self("email".into())
    }

    /// The word for it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether a message came from the customer or went to them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// From the customer.
    Inbound,
    /// To the customer.
    Outbound,
}

/// Where a conversation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConversationStatus {
    /// Somebody has to do something.
    Open,
    /// The customer has to do something.
    Pending,
    /// Done.
    Closed,
    /// Nobody asked for it.
    Spam,
}

/// How urgent a conversation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    /// Can wait.
    Low,
    /// As usual.
    Normal,
    /// First.
    High,
    /// Now.
    Urgent,
}

/// Messages that belong together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Conversation {
    /// Its id; follows from the message that starts it.
    pub id: ConversationId,
    /// The number people call it by; the store gives it when it is first stored, zero before.
    pub number: u64,
    /// The subject of the first message.
    pub subject: String,
    /// The channel it began on.
    pub channel: Channel,
    /// Where it stands.
    pub status: ConversationStatus,
    /// How urgent it is.
    pub priority: Priority,
    /// Words to find it by.
    pub tags: Vec<String>,
    /// The agent who looks after it, by login name.
    pub assignee: Option<String>,
    /// The customers who took part, the one it began with first.
    pub contacts: Vec<ContactId>,
    /// When it began.
    pub started: Timestamp,
    /// When the latest message came or went.
    pub last_message: Timestamp,
    /// Whether the latest message came from the customer.
    pub last_direction: Direction,
    /// How many messages it holds.
    pub messages: u64,
    /// Counts the changes of this row; zero before it was ever stored.
    pub version: u64,
}
