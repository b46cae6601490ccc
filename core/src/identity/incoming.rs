//! What arrives, in the one form into which mail, tracking calls, imports and API requests are brought.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::{
    feed::FeedNumber,
    model::{
        Assertion, Body, Channel, Confidence, ContactId, ConversationId, Direction, EntryId, EntryKind,
        ExternalId, Identifier, ProfileId, PropertyKey, Source, Timestamp, Value,
    },
};

/// One thing that arrived.
#[derive(Clone, Debug, PartialEq)]
pub struct Incoming {
    /// The sender's own id for it: the same id again changes nothing and gets the first answer.
    pub external: ExternalId,
    /// When it happened, by the sender's time.
    pub at: Timestamp,
    /// Where it comes from; claims without a source of their own are this source's.
    pub source: Source,
    /// The customers it is about. It is recorded under the first identifier of each.
    pub parties: Vec<Party>,
    /// What it is.
    pub arrival: Arrival,
    /// The company it names, to which the parties then belong.
    pub account: Option<IncomingAccount>,
    /// Its full form, kept apart.
    pub body: Option<Body>,
}

/// One customer as a statement names them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Party {
    /// What they are recognised by, the most telling first. Several mean that the statement,
    /// which the caller has authenticated, says they belong to one person.
    pub identifiers: Vec<GivenIdentifier>,
    /// What is said about them; recorded under the first identifier.
    pub said: Vec<Said>,
}

/// An identifier with the form in which it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenIdentifier {
    /// Normalised.
    pub identifier: Identifier,
    /// As written.
    pub raw: String,
}

impl GivenIdentifier {
    /// An identifier and how it was written.
    pub fn new(identifier: Identifier, raw: impl Into<String>) -> Self {
        Self { identifier, raw: raw.into() }
    }
}

/// One thing said about a customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The property.
    pub property: PropertyKey,
    /// What is said of it.
    pub assertion: Assertion,
    /// How sure that is.
    pub confidence: Confidence,
}

/// What something that arrived is.
#[derive(Clone, Debug, PartialEq)]
#[allow(clippy::large_enum_variant, reason = "messages are the common case and it is moved once")]
pub enum Arrival {
    /// A message of a conversation.
    Message(IncomingMessage),
    /// Something that happened in an application.
    Event {
        /// An event or a page view.
        kind: EntryKind,
        /// Its name, such as `order paid`, or the title of the page.
        name: String,
        /// The beginning of what it says, for lists.
        summary: String,
        /// Its properties.
        properties: BTreeMap<String, Value>,
    },
    /// Facts alone: who somebody is, which identifiers are one person, to which account they belong.
    Facts,
}

/// A message as it arrives.
#[derive(Clone, Debug, PartialEq)]
pub struct IncomingMessage {
    /// How it came or went.
    pub channel: Channel,
    /// From or to the customer.
    pub direction: Direction,
    /// Its subject.
    pub subject: String,
    /// The beginning of its text; cut to 240 characters.
    pub summary: String,
    /// The messages it answers by their senders' ids, the first of the thread first, the one answered last.
    pub answers: Vec<ExternalId>,
    /// The subject without `Re:` and the like, where it says that it is an answer but does not name to what.
    pub answers_subject: Option<String>,
    /// Properties for the timeline, such as the addresses in copy.
    pub properties: BTreeMap<String, Value>,
}

/// A company as a statement names it.
#[derive(Clone, Debug, PartialEq)]
pub struct IncomingAccount {
    /// The sender's own id for it.
    pub external: ExternalId,
    /// What it is called, where that is said.
    pub name: Option<String>,
    /// What is said about it.
    pub properties: BTreeMap<String, Value>,
}

/// What became of something that arrived.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Receipt {
    /// The entry that was recorded, or would have been.
    pub entry: EntryId,
    /// What became of it.
    #[serde(flatten)]
    pub outcome: Outcome,
    /// The profile it belongs to; none when it was skipped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<ProfileId>,
    /// The contact it is recorded under.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact: Option<ContactId>,
    /// The conversation it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conversation: Option<ConversationId>,
    /// Why it was decided as it was, in words.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<String>,
    /// The number of the commit; none when nothing was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub feed: Option<FeedNumber>,
}

/// What became of something that arrived, in one word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    /// It made a profile.
    Created,
    /// It added to a profile that was there.
    Updated,
    /// It had arrived before; nothing changed.
    Repeated,
    /// It was not recorded.
    Skipped {
        /// Why not.
        reason: SkipReason,
    },
}

/// Why something was not recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SkipReason {
    /// It names nobody who could be recognised.
    NoIdentifier,
    /// All it names are values that identify nobody.
    IdentifiesNobody,
    /// The person was erased, and only their own new message or a named override brings them back.
    Erased,
    /// A hook refused it, with these words.
    Refused(String),
}
