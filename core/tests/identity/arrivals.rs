//! Short ways to say what arrives, for tests.

use std::sync::Arc;

use arc_swap::ArcSwap;
use whom_core::{
    engine::Engine,
    identity::{Arrival, GivenIdentifier, Incoming, IncomingMessage, Party, Receipt, Said},
    model::{
        Assertion, Channel, Confidence, ContactId, Direction, ExternalId, IdKey, Identifier, PhoneRegion,
        ProfileId, PropertyKey, Source, SourceKind, Timestamp, Value,
    },
    rules::Rules,
    store::MemoryStore,
};

/// A moment so many minutes after the beginning of the test's year.
pub(crate) fn minute(minutes: i64) -> Timestamp {
    Timestamp::from_millis(1_767_225_600_000 + minutes * 60_000)
}

pub(crate) fn key(name: &str) -> PropertyKey {
    name.parse().expect("a property key")
}

pub(crate) fn text(text: &str) -> Value {
    Value::text(text).expect("a text")
}

/// Reads `ana@x.org`, `user:42`, `anon:7`, `phone:+49…`.
pub(crate) fn given(short: &str) -> GivenIdentifier {
    let (kind, value) = match short.split_once(':') {
        Some(("user", value)) => ("user_id", value),
        Some(("anon", value)) => ("anonymous_id", value),
        Some((kind, value)) => (kind, value),
        None => ("email", short),
    };
    let kind = kind.parse().expect("a kind");
    GivenIdentifier::new(Identifier::new(kind, value, PhoneRegion::NONE).expect(short), value)
}

pub(crate) fn party(identifiers: &str, said: &[(&str, &str)]) -> Party {
    Party {
        identifiers: identifiers.split_whitespace().map(given).collect(),
        said: said
            .iter()
            .map(|(property, value)| Said {
                property: key(property),
                assertion: Assertion::Is(text(value)),
                confidence: Confidence::percent(80),
            })
            .collect(),
    }
}

/// A message from somebody, with its own id.
pub(crate) fn message(id: &str, from: &str, said: &[(&str, &str)], at: Timestamp) -> Incoming {
    Incoming {
        external: ExternalId::new("mail", id),
        at,
        source: Source::message("mail"),
        parties: vec![party(from, said)],
        arrival: Arrival::Message(IncomingMessage {
            channel: Channel::email(),
            direction: Direction::Inbound,
            subject: format!("About {id}"),
            summary: format!("This is {id}."),
            answers: Vec::new(),
            answers_subject: None,
            properties: Default::default(),
        }),
        account: None,
        body: None,
    }
}

/// A statement of the company's application that these identifiers are one person.
pub(crate) fn identify(id: &str, identifiers: &str, said: &[(&str, &str)], at: Timestamp) -> Incoming {
    Incoming {
        external: ExternalId::new("app", id),
        at,
        source: Source::new(SourceKind::Event, "app"),
        parties: vec![party(identifiers, said)],
        arrival: Arrival::Facts,
        account: None,
        body: None,
    }
}

/// An engine over an empty store in memory, with the built-in rules.
pub(crate) fn engine() -> Engine {
    let store = Arc::new(MemoryStore::new(IdKey::from_bytes([7; 32])));
    Engine::new(store, Arc::new(ArcSwap::from_pointee(Rules::built_in())))
}

pub(crate) async fn take_in(engine: &Engine, incoming: Incoming) -> Receipt {
    let now = incoming.at;
    engine.ingest(incoming, now).await.expect("taken in")
}

pub(crate) fn contact(engine: &Engine, short: &str) -> ContactId {
    engine.store().id_key().contact(&given(short).identifier)
}

/// The profile an identifier belongs to now.
pub(crate) async fn profile(engine: &Engine, short: &str) -> Option<ProfileId> {
    let found = engine.store().contacts(&[contact(engine, short)]).await.expect("read").pop().flatten();
    found.map(|contact| contact.profile)
}

/// Who is together: each live profile as its identifiers, sorted, one a line.
pub(crate) async fn together(engine: &Engine) -> String {
    let mut lines = Vec::new();
    for profile in engine.store().profiles_after(None, 10_000).await.expect("read") {
        if !profile.is_live() {
            assert!(
                profile.contacts.is_empty()
                    || !matches!(profile.state, whom_core::model::ProfileState::Merged { .. })
            );
            continue;
        }
        let contacts = engine.store().contacts(&profile.contacts).await.expect("read");
        let mut names: Vec<String> = contacts
            .into_iter()
            .flatten()
            .map(|contact| contact.identifier().map_or("(own)".to_owned(), |id| id.value().to_owned()))
            .collect();
        names.sort();
        lines.push(names.join(" "));
    }
    lines.sort();
    lines.join("\n")
}
