//! From a message to what the engine takes in.

use std::collections::BTreeMap;

use serde_json::Value as Json;
use whom_core::{
    identity::{Arrival, GivenIdentifier, Incoming, IncomingAccount, Party},
    model::{
        Body, EntryKind, ExternalId, Identifier, IdentifierKind, PhoneRegion, PropertyKey, Source,
        SourceKind, Timestamp, Value,
    },
};

use crate::secret;

use super::{
    message::{MessageKind, Tracked},
    notes::Note,
    time::happened,
    traits::{self, Traits},
};

/// Within what a company's id is unique: every application of a company calls its customers alike.
const ACCOUNTS: &str = "group";
/// How many properties of an event its summary shows.
const SHOWN: usize = 4;

/// What a message is read by besides itself.
pub(super) struct MapContext<'a> {
    /// Within what its id is unique: the key it came with.
    pub(super) scope: &'a str,
    /// What its source is called.
    pub(super) source: &'a str,
    /// When it was received.
    pub(super) received: Timestamp,
    /// The country for telephone numbers.
    pub(super) region: PhoneRegion,
    /// What sort of id each previous id of an alias call is.
    pub(super) previous: &'a BTreeMap<String, IdentifierKind>,
}

/// What the engine is to take in; nothing where the message means nothing, which is noted.
pub(super) fn incoming_of(
    message: &Tracked,
    context: &MapContext<'_>,
    notes: &mut Vec<Note>,
) -> Option<Incoming> {
    let message_id = message.text("messageId");
    let about = message_id.as_deref();
    let Some(kind) = message.kind else {
        notes.push(Note::new("unknown_type", "`type` is none of the six that are known").about(about));
        return None;
    };
    let mut identifiers = own_ids(message, kind, context, notes);
    let mut said = Vec::new();
    let mut account = group_of(message, kind);
    if kind == MessageKind::Identify {
        let read = traits::read(message, context.region, notes);
        let Traits { reached_by, said: claimed, account: named } = read;
        // After the user id, which is the surest, and before the visitor's, which changes with the browser.
        let place = identifiers.iter().position(|given| *given.identifier.kind() != IdentifierKind::USER_ID);
        let place = place.unwrap_or(identifiers.len());
        identifiers.splice(place..place, reached_by);
        said = claimed;
        account = account.or(named);
    }
    if identifiers.is_empty() {
        notes.push(Note::no_id().about(about));
        return None;
    }
    let arrival = arrival_of(message, kind, about, notes)?;
    let is_event = matches!(arrival, Arrival::Event { .. });
    Some(Incoming {
        external: ExternalId::new(context.scope, message_id.unwrap_or_else(|| made_up_id(message))),
        at: happened(message, context.received, notes),
        source: Source::new(SourceKind::Event, context.source),
        parties: vec![Party { identifiers, said }],
        arrival,
        account,
        body: is_event.then(|| Body { media_type: "application/json".into(), bytes: message.to_kept() }),
    })
}

/// The ids that a message names its person by, the surest first.
fn own_ids(
    message: &Tracked,
    kind: MessageKind,
    context: &MapContext<'_>,
    notes: &mut Vec<Note>,
) -> Vec<GivenIdentifier> {
    let mut given = vec![(IdentifierKind::USER_ID, "userId", message.text("userId"))];
    if kind == MessageKind::Alias {
        let previous = message.previous_id();
        let sort = previous.as_ref().and_then(|id| context.previous.get(id)).cloned();
        given.push((sort.unwrap_or(IdentifierKind::ANONYMOUS_ID), "previousId", previous));
    }
    given.push((IdentifierKind::ANONYMOUS_ID, "anonymousId", message.text("anonymousId")));
    let mut identifiers: Vec<GivenIdentifier> = Vec::new();
    for (kind, field, raw) in given {
        let Some(raw) = raw else { continue };
        match Identifier::new(kind, &raw, context.region) {
            Ok(identifier) if identifiers.iter().any(|known| known.identifier == identifier) => {}
            Ok(identifier) => identifiers.push(GivenIdentifier::new(identifier, raw)),
            Err(error) => {
                let words = format!("`{field}` was left out: {error}");
                notes.push(Note::new("invalid_id", words).about(message.text("messageId").as_deref()));
            }
        }
    }
    identifiers
}

/// The company that a message names.
fn group_of(message: &Tracked, kind: MessageKind) -> Option<IncomingAccount> {
    if kind != MessageKind::Group {
        let id = super::message::text_of(message.context("groupId")?)?;
        return Some(IncomingAccount {
            external: ExternalId::new(ACCOUNTS, id),
            name: None,
            properties: BTreeMap::new(),
        });
    }
    let traits = message.object("traits").cloned().unwrap_or_default();
    Some(account_named(message.text("groupId")?, &traits))
}

/// A company with what is said about it.
pub(super) fn account_named(id: String, traits: &serde_json::Map<String, Json>) -> IncomingAccount {
    let mut properties = BTreeMap::new();
    for (name, value) in traits {
        if let (Some(key), Some(value)) = (PropertyKey::fold(name), Value::from_json(value)) {
            properties.insert(key.as_str().to_owned(), value);
        }
    }
    properties.remove("id");
    let name = match properties.remove("name") {
        Some(Value::Text(name)) => Some(name),
        _ => None,
    };
    IncomingAccount { external: ExternalId::new(ACCOUNTS, id), name, properties }
}

fn arrival_of(
    message: &Tracked,
    kind: MessageKind,
    about: Option<&str>,
    notes: &mut Vec<Note>,
) -> Option<Arrival> {
    let properties: BTreeMap<String, Value> = message
        .object("properties")
        .into_iter()
        .flatten()
        .filter_map(|(name, value)| Some((name.clone(), Value::from_json(value)?)))
        .collect();
    let text = |name: &str| properties.get(name).and_then(Value::as_text).map(str::to_owned);
    let (kind, name) = match kind {
        MessageKind::Identify | MessageKind::Alias => return Some(Arrival::Facts),
        MessageKind::Group if message.text("groupId").is_some() => return Some(Arrival::Facts),
        MessageKind::Group => {
            notes
                .push(Note::new("no_group_id", "a group call has no `groupId` and was dropped").about(about));
            return None;
        }
        MessageKind::Track => match message.text("event") {
            Some(event) => (EntryKind::Event, event),
            None => {
                notes.push(Note::new("no_event", "a track call has no `event` and was dropped").about(about));
                return None;
            }
        },
        MessageKind::Page | MessageKind::Screen => {
            let name = message.text("name").or_else(|| text("title")).or_else(|| text("name"));
            let name = name.or_else(|| text("path")).or_else(|| text("url"));
            (EntryKind::PageView, name.unwrap_or_else(|| "A page without a name".into()))
        }
    };
    let summary = match kind {
        EntryKind::PageView => text("url").or_else(|| text("path")).unwrap_or_default(),
        _ => summary_of(&properties),
    };
    Some(Arrival::Event { kind, name, summary, properties })
}

/// The first few plain properties, as a person would note them down.
fn summary_of(properties: &BTreeMap<String, Value>) -> String {
    let plain = properties.iter().filter(|(_, value)| !matches!(value, Value::List(_) | Value::Record(_)));
    let shown: Vec<_> = plain.take(SHOWN).map(|(name, value)| format!("{name}: {value}")).collect();
    shown.join(", ").chars().take(240).collect()
}

/// An id for a message without one.
///
/// Where it says when it happened, the id follows from its content, so that sending it again is recognised.
/// Otherwise two that look alike may be two that happened.
fn made_up_id(message: &Tracked) -> String {
    let says_when = ["originalTimestamp", "timestamp"].iter().any(|name| message.text(name).is_some());
    if says_when {
        secret::hex(&blake3::hash(&message.to_kept()).as_bytes()[..16])
    } else {
        secret::hex(&secret::random::<16>())
    }
}
