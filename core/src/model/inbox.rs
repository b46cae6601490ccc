//! The inbox: where a conversation stands among those that agents look through.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::{Conversation, ConversationId, ConversationStatus, Timestamp};

/// Which list a conversation stands in. One that was merged away stands in none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shelf {
    /// Somebody has to do something.
    Open,
    /// The customer has to do something.
    Pending,
    /// Out of sight until a time.
    Snoozed,
    /// Done.
    Closed,
    /// Nobody asked for it.
    Spam,
}

impl Shelf {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Open, Self::Pending, Self::Snoozed, Self::Closed, Self::Spam];

    /// Where a conversation stands.
    pub fn of(conversation: &Conversation) -> Option<Self> {
        if conversation.merged_into.is_some() {
            return None;
        }
        Some(match (conversation.status, conversation.snoozed_until) {
            (ConversationStatus::Spam, _) => Self::Spam,
            (_, Some(_)) => Self::Snoozed,
            (ConversationStatus::Open, None) => Self::Open,
            (ConversationStatus::Pending, None) => Self::Pending,
            (ConversationStatus::Closed, None) => Self::Closed,
        })
    }

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Pending => "pending",
            Self::Snoozed => "snoozed",
            Self::Closed => "closed",
            Self::Spam => "spam",
        }
    }
}

impl FromStr for Shelf {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|shelf| shelf.as_str() == word)
            .ok_or_else(|| format!("`{word}` is no list: use open, pending, snoozed, closed or spam"))
    }
}

/// Whose conversations are meant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Whose {
    /// All of them.
    #[default]
    Anybody,
    /// Those that nobody looks after.
    Nobody,
    /// Those of one agent, by login name.
    Agent(String),
}

/// A place in a list of the inbox: conversations after it had their latest message earlier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct InboxCursor {
    /// The time of the latest message of the last conversation that was read.
    pub at: Timestamp,
    /// Its id, which tells conversations of the same time apart.
    pub conversation: ConversationId,
}

impl InboxCursor {
    /// The place of a conversation.
    pub fn of(conversation: &Conversation) -> Self {
        Self { at: conversation.last_message, conversation: conversation.id }
    }
}

impl fmt::Display for InboxCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.at.as_millis(), self.conversation)
    }
}

impl FromStr for InboxCursor {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let broken = || format!("`{text}` is no cursor: take it from the answer before, as it is");
        let (at, conversation) = text.split_once('.').ok_or_else(broken)?;
        Ok(Self {
            at: Timestamp::from_millis(at.parse().map_err(|_| broken())?),
            conversation: conversation.parse().map_err(|_| broken())?,
        })
    }
}
