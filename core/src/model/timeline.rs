//! Timelines: what happened with a contact, newest first.

use std::{collections::BTreeMap, fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::{Channel, ContactId, ConversationId, Direction, EntryId, Source, Timestamp, Value};

/// The sender's own id for something, within the scope in which it is unique.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ExternalId {
    scope: String,
    id: String,
}

impl ExternalId {
    /// Names a thing by its sender's id, such as a `Message-ID` in the scope `mail`.
    pub fn new(scope: impl Into<String>, id: impl Into<String>) -> Self {
        Self { scope: scope.into(), id: id.into() }
    }

    /// Within what it is unique.
    pub fn scope(&self) -> &str {
        &self.scope
    }

    /// The id itself.
    pub fn id(&self) -> &str {
        &self.id
    }
}

/// What sort of entry it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// A message of a conversation.
    Message,
    /// A note of an agent.
    Note,
    /// Something that happened in an application.
    Event,
    /// A page or screen that was looked at.
    PageView,
    /// Something done to a conversation: assigned, closed, rated.
    Activity,
}

impl EntryKind {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Message => "message",
            Self::Note => "note",
            Self::Event => "event",
            Self::PageView => "page_view",
            Self::Activity => "activity",
        }
    }
}

impl FromStr for EntryKind {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        [Self::Message, Self::Note, Self::Event, Self::PageView, Self::Activity]
            .into_iter()
            .find(|kind| kind.as_str() == word)
            .ok_or_else(|| {
                format!("`{word}` is no kind of entry: use message, note, event, page_view or activity")
            })
    }
}

/// One thing that happened with a contact. What is long stands apart, in its [`Body`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// Follows from the sender's own id.
    pub id: EntryId,
    /// The contact it is recorded under.
    pub contact: ContactId,
    /// When it happened, by the sender's time.
    pub at: Timestamp,
    /// When Whom heard of it.
    pub recorded: Timestamp,
    /// What sort of entry it is.
    pub kind: EntryKind,
    /// Where it came from.
    pub source: Source,
    /// The channel of a message.
    pub channel: Option<Channel>,
    /// From or to the customer.
    pub direction: Option<Direction>,
    /// The conversation it belongs to.
    pub conversation: Option<ConversationId>,
    /// The subject of a message, the name of an event.
    pub title: String,
    /// The beginning of the text, at most 240 characters.
    pub summary: String,
    /// Properties of an event.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub properties: BTreeMap<String, Value>,
    /// Whether a body is stored apart.
    pub has_body: bool,
}

/// The full form of an entry as it arrived, kept apart from what is read often.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body {
    /// What the bytes are, such as `message/rfc822`.
    pub media_type: String,
    /// The bytes as they arrived.
    pub bytes: Vec<u8>,
}

/// A place in a timeline: entries before it are older.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TimelineCursor {
    /// The time of the last entry that was read.
    pub at: Timestamp,
    /// Its id, which tells entries of the same time apart.
    pub entry: EntryId,
}

impl fmt::Display for TimelineCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.at.as_millis(), self.entry)
    }
}

impl FromStr for TimelineCursor {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let broken = || format!("`{text}` is no cursor: take it from the answer before, as it is");
        let (at, entry) = text.split_once('.').ok_or_else(broken)?;
        Ok(Self {
            at: Timestamp::from_millis(at.parse().map_err(|_| broken())?),
            entry: entry.parse().map_err(|_| broken())?,
        })
    }
}
