//! Where a plugin can take part. Every hook is a trait; `export!` names those a plugin has.
//!
//! The server calls a hook at least once, and up to eight at the same time: so `&self`, and so
//! every hook has to be idempotent.

use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{About, Claims, Host, Outcome, Person, Result};

/// A plugin: who it is, its settings, and how it starts.
pub trait Plugin: Sized + Send + Sync + 'static {
    /// Its settings. The doc comments become the labels and help of the admin's form; that of the
    /// type becomes its introduction.
    type Settings: DeserializeOwned + JsonSchema;

    /// Who it is and where it wants to go.
    const ABOUT: About;

    /// Starts with the given settings. No request can be sent yet.
    ///
    /// # Errors
    /// [`crate::Error::setting`] when a setting is wrong.
    fn open(settings: Self::Settings) -> Result<Self>;
}

/// Looks up what is known elsewhere about a person. Runs as a job after a profile was recorded,
/// or by hand; has 30 seconds and may send requests.
pub trait Enrich: Plugin {
    /// Keys of all properties that the server sends.
    const READS: &'static [&'static str];
    /// Keys of all properties that it may claim.
    const WRITES: &'static [&'static str];

    /// Looks up one person.
    ///
    /// # Errors
    /// `later` to be asked again; others are shown to an admin.
    fn enrich(&self, person: &Person, host: &Host<'_>) -> Result<Outcome>;
}

/// Sees every message of a conversation, after it was recorded. Five seconds.
pub trait OnMessage: Plugin {
    /// Keys of all properties that the server sends.
    const READS: &'static [&'static str];
    /// Keys of all properties that it may claim.
    const WRITES: &'static [&'static str];

    /// Looks at one message.
    ///
    /// # Errors
    /// Retried, then skipped.
    fn on_message(&self, message: &Message, person: &Person, host: &Host<'_>) -> Result<Reaction>;
}

/// Sees every event of a timeline, after it was recorded. Five seconds.
pub trait OnEvent: Plugin {
    /// Keys of all properties that the server sends.
    const READS: &'static [&'static str];
    /// Keys of all properties that it may claim.
    const WRITES: &'static [&'static str];

    /// Looks at one event.
    ///
    /// # Errors
    /// Retried, then skipped.
    fn on_event(&self, event: &Event, person: &Person, host: &Host<'_>) -> Result<Reaction>;
}

/// Turns what another system posts into events of a timeline. The body is stored first, and the
/// signature checked by the server. Ten seconds.
pub trait Webhook: Plugin {
    /// Header and secret setting of an HMAC-SHA256 signature that the server checks.
    const SIGNED: Option<(&'static str, &'static str)> = None;

    /// Reads one request.
    ///
    /// # Errors
    /// The request stays in the inbox and can be replayed.
    fn webhook(&self, request: &WebhookRequest, host: &Host<'_>) -> Result<Vec<TimelineEvent>>;
}

/// Shows a card beside a profile while somebody looks at it. Two seconds.
pub trait Cards: Plugin {
    /// Keys of all properties that the server sends.
    const READS: &'static [&'static str];

    /// Makes the card, if there is something to show.
    ///
    /// # Errors
    /// The card is left out.
    fn card(&self, person: &Person, host: &Host<'_>) -> Result<Option<Card>>;
}

/// A message of a conversation.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Message {
    /// Id of the message.
    pub id: String,
    /// Id of its conversation.
    pub conversation: String,
    /// `email`, `chat` …
    pub channel: String,
    /// Whether the person wrote it, and not an agent.
    pub is_incoming: bool,
    /// Subject, perhaps empty.
    pub subject: String,
    /// Text without formatting.
    pub text: String,
    /// Milliseconds since 1970.
    pub at: i64,
}

/// An event of a timeline.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Event {
    /// Id of the event.
    pub id: String,
    /// Its name, as `order placed`.
    pub name: String,
    /// What came with it.
    pub properties: Value,
    /// Milliseconds since 1970.
    pub at: i64,
}

/// What a plugin makes of a message or an event.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Reaction {
    /// What was learnt about the person.
    pub claims: Claims,
    /// Tags for the conversation.
    pub tags: Vec<String>,
    /// A note for the agents.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// A request of another system.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct WebhookRequest {
    /// The last part of the address it was sent to.
    pub source: String,
    /// Its headers, without those that hold credentials.
    pub headers: Vec<(String, String)>,
    /// Its body as text.
    pub body: String,
}

/// An event for a timeline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TimelineEvent {
    /// Its name, as `error seen`.
    pub name: String,
    /// Whose: identifiers by kind, as `{"email": "ada@example.com"}`.
    pub who: Value,
    /// Milliseconds since 1970.
    pub at: i64,
    /// The same text for the same event, so that it is recorded once.
    pub dedupe: String,
    /// What comes with it.
    #[serde(default)]
    pub properties: Value,
}

/// A card beside a profile.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Card {
    /// Its title.
    pub title: String,
    /// Its rows.
    pub rows: Vec<Row>,
    /// Where there is more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

/// One row of a card.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// What it is.
    pub label: String,
    /// Its value.
    pub value: String,
}
