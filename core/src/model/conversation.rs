//! Conversations: messages that belong together.

use std::{collections::BTreeMap, str::FromStr};

use serde::{Deserialize, Serialize};

use super::{ContactId, ConversationId, Timestamp, Value, bare_subject};

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

impl ConversationStatus {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Open, Self::Pending, Self::Closed, Self::Spam];

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Pending => "pending",
            Self::Closed => "closed",
            Self::Spam => "spam",
        }
    }
}

impl FromStr for ConversationStatus {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|status| status.as_str() == word)
            .ok_or_else(|| format!("`{word}` is no status: use open, pending, closed or spam"))
    }
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

impl Priority {
    /// All of them, the least urgent first.
    pub const ALL: [Self; 4] = [Self::Low, Self::Normal, Self::High, Self::Urgent];

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Normal => "normal",
            Self::High => "high",
            Self::Urgent => "urgent",
        }
    }
}

impl FromStr for Priority {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|priority| priority.as_str() == word)
            .ok_or_else(|| format!("`{word}` is no priority: use low, normal, high or urgent"))
    }
}

/// An issue of another system that a conversation is about, such as one of Linear or Jira.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkedIssue {
    /// The system, such as `linear`.
    pub system: String,
    /// What it is called there, such as `SHOP-12`.
    pub key: String,
    /// Where it stands in a browser.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// What it is about.
    #[serde(default)]
    pub title: String,
    /// Where it stands there, in that system's own words.
    #[serde(default)]
    pub state: String,
}

/// What the messages of a conversation come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figures {
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
}

/// The property of a conversation in which agents say what it is about, whatever its subject.
pub const TOPIC: &str = "topic";

/// Messages that belong together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Conversation {
    /// Its id; follows from the message that starts it.
    pub id: ConversationId,
    /// The number people call it by; the store gives it when it is first stored, zero before.
    pub number: u64,
    /// The subject of the first message, or what an agent made of it.
    pub subject: String,
    /// What it is about, by which conversations are grouped: what an agent said in the property [`TOPIC`], else
    /// the subject without `Re:` and the like.
    pub topic: String,
    /// Whether an agent gave it its subject: no message that comes later, however old, gives it another.
    pub is_named: bool,
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
    /// What agents and programs noted about it.
    pub properties: BTreeMap<String, Value>,
    /// Issues of other systems that it is about.
    pub issues: Vec<LinkedIssue>,
    /// Until when it is out of sight.
    pub snoozed_until: Option<Timestamp>,
    /// The conversation in which its messages are shown, since the two were merged.
    pub merged_into: Option<ConversationId>,
    /// The conversations whose messages are shown here, in the order in which they were merged.
    pub merged: Vec<ConversationId>,
    /// The conversation that it was split off.
    pub split_from: Option<ConversationId>,
    /// What its own messages come to, where others were merged into it; the figures above count those too.
    #[serde(skip)]
    pub own: Option<Figures>,
    /// Counts the changes of this row; zero before it was ever stored.
    pub version: u64,
}

impl Figures {
    /// Counts one message more; says whether none of the others is later.
    pub fn take_in(&mut self, at: Timestamp, direction: Direction, contacts: &[ContactId]) -> bool {
        self.started = self.started.min(at);
        let is_latest = at >= self.last_message;
        if is_latest {
            self.last_message = at;
            self.last_direction = direction;
        }
        self.messages += 1;
        self.join(contacts);
        is_latest
    }

    /// Counts what another conversation comes to as well.
    pub fn add(&mut self, other: &Self) {
        if other.messages == 0 {
            return;
        }
        if self.messages == 0 {
            self.started = other.started;
            self.last_message = other.last_message;
            self.last_direction = other.last_direction;
        } else {
            self.started = self.started.min(other.started);
            if other.last_message > self.last_message {
                self.last_message = other.last_message;
                self.last_direction = other.last_direction;
            }
        }
        self.messages += other.messages;
        self.join(&other.contacts);
    }

    fn join(&mut self, contacts: &[ContactId]) {
        for contact in contacts {
            if !self.contacts.contains(contact) {
                self.contacts.push(*contact);
            }
        }
    }
}

impl Conversation {
    /// A conversation that begins now and holds nothing yet.
    pub fn new(id: ConversationId, subject: &str, channel: Channel, began: Timestamp) -> Self {
        Self {
            id,
            number: 0,
            subject: subject.to_owned(),
            topic: bare_subject(subject),
            is_named: false,
            channel,
            status: ConversationStatus::Open,
            priority: Priority::Normal,
            tags: Vec::new(),
            assignee: None,
            contacts: Vec::new(),
            started: began,
            last_message: began,
            last_direction: Direction::Inbound,
            messages: 0,
            properties: BTreeMap::new(),
            issues: Vec::new(),
            snoozed_until: None,
            merged_into: None,
            merged: Vec::new(),
            split_from: None,
            own: None,
            version: 0,
        }
    }

    /// Gives it another subject, and the topic that follows.
    pub fn retitle(&mut self, subject: &str) {
        subject.clone_into(&mut self.subject);
        self.settle_topic();
    }

    /// Lets the topic follow from the subject and from what agents said.
    pub fn settle_topic(&mut self) {
        let said = self.properties.get(TOPIC).and_then(Value::as_text).map(str::trim);
        let said = said.filter(|topic| !topic.is_empty());
        self.topic = said.map_or_else(|| bare_subject(&self.subject), str::to_owned);
    }

    /// What its own messages come to, without those of conversations that were merged into it.
    pub fn own_figures(&self) -> Figures {
        self.own.clone().unwrap_or_else(|| self.figures())
    }

    /// Takes in what its messages come to now; with `shown` where others are merged into it.
    pub fn count(&mut self, own: Figures, shown: Option<Figures>) {
        let merged = shown.is_some();
        let shown = shown.unwrap_or_else(|| own.clone());
        self.contacts = shown.contacts;
        self.started = shown.started;
        self.last_message = shown.last_message;
        self.last_direction = shown.last_direction;
        self.messages = shown.messages;
        self.own = merged.then_some(own);
    }

    /// What is shown: its own messages and those merged into it.
    pub fn figures(&self) -> Figures {
        Figures {
            contacts: self.contacts.clone(),
            started: self.started,
            last_message: self.last_message,
            last_direction: self.last_direction,
            messages: self.messages,
        }
    }
}
