//! The pages as a browser gets them.

mod cards;
mod conversations;
mod deeds;
mod frame;
mod info_pane;
mod kept;
mod messages;
mod people;
mod promises;
mod record;
mod settings;
mod show;
mod threads;
mod words;

use whom_core::{
    engine::Edit,
    identity::{Arrival, GivenIdentifier, Incoming, IncomingMessage, Party, Said},
    model::{
        Assertion, Body, Channel, Confidence, Direction, EntryKind, ExternalId, Identifier, IdentifierKind,
        PhoneRegion, ProfileId, PropertyKey, Source, SourceKind, Timestamp, Value,
    },
};

use crate::testing::{Answer, As, TestApp};

const FORM: [(&str, &str); 1] = [("content-type", "application/x-www-form-urlencoded")];
const MAIL: &str = "From: Ana Flores <ana@example.org>\r\nTo: help@shop.example, Mia <mia@shop.example>\r\n\
    Subject: Where is my tent?\r\nContent-Type: text/plain\r\n\r\nHello,\r\n\r\nwhere is it?\r\n\r\n\
    On Monday, Mia wrote:\r\n> It left on Friday.\r\n";

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn said(property: &str, value: &str) -> Said {
    let assertion = Assertion::Is(Value::text(value).unwrap());
    Said { property: PropertyKey::fold(property).unwrap(), assertion, confidence: Confidence::percent(80) }
}

async fn arrives(app: &TestApp, id: &str, when: &str, who: &str, said: Vec<Said>, arrival: Arrival) {
    let (kind, source) = match who.contains('@') {
        true => (IdentifierKind::EMAIL, Source::message("mail")),
        false => (IdentifierKind::ANONYMOUS_ID, Source::new(SourceKind::Event, "shop")),
    };
    let identifier = Identifier::new(kind, who, PhoneRegion::NONE).unwrap();
    let is_mail = matches!(arrival, Arrival::Message(_));
    let incoming = Incoming {
        external: ExternalId::new("test", id),
        at: at(when),
        source,
        parties: vec![Party { identifiers: vec![GivenIdentifier::new(identifier, who)], said }],
        arrival,
        account: None,
        body: is_mail.then(|| Body { media_type: "message/rfc822".into(), bytes: MAIL.into() }),
    };
    app.state.engine().ingest(incoming, app.state.now()).await.unwrap();
}

fn mail(subject: &str, summary: &str) -> Arrival {
    Arrival::Message(IncomingMessage {
        channel: Channel::email(),
        direction: Direction::Inbound,
        subject: subject.into(),
        summary: summary.into(),
        answers: Vec::new(),
        answers_subject: None,
        properties: Default::default(),
    })
}

fn event(name: &str, property: &str, value: &str) -> Arrival {
    Arrival::Event {
        kind: EntryKind::Event,
        name: name.into(),
        summary: String::new(),
        properties: [(property.to_owned(), Value::text(value).unwrap())].into(),
    }
}

/// Ana, who wrote once, and a visitor.
async fn app() -> (TestApp, ProfileId) {
    let app = TestApp::new();
    let ana = vec![said("name", "Ana Flores"), said("website", "https://flores.example/about")];
    let asks = mail("Where is my tent?", "Hello, where is it?");
    arrives(&app, "1", "2026-02-27T09:30:00Z", "ana@example.org", ana, asks).await;
    let paid = event("order paid", "orderId", "FW-1");
    arrives(&app, "2", "2026-02-28T10:00:00Z", "ana@example.org", vec![], paid).await;
    arrives(&app, "3", "2026-02-28T11:00:00Z", "visitor-1", vec![], event("basket", "item", "boots")).await;
    let id = app.state.engine().find("ana@example.org").await.unwrap();
    let edit = Edit {
        property: PropertyKey::fold("name").unwrap(),
        assertion: said("name", "Ana María Flores").assertion,
    };
    app.state
        .engine()
        .edit(id, vec![edit], &Source::agent("mia"), None, at("2026-03-01T08:00:00Z"))
        .await
        .unwrap();
    (app, id)
}

async fn get(app: &TestApp, by: &As, path: &str) -> Answer {
    app.send(by, "GET".parse().unwrap(), path, &[("accept", "text/html")], "").await
}

async fn send(app: &TestApp, by: &As, path: &str, form: &str) -> Answer {
    app.send(by, "POST".parse().unwrap(), path, &FORM, form.to_owned()).await
}

/// What stands between two marks, one tag a line.
fn between(page: &str, from: &str, to: &str) -> String {
    let start = page.find(from).unwrap_or_else(|| panic!("`{from}` is missing in {page}"));
    let end = start + page[start..].find(to).unwrap_or_else(|| panic!("`{to}` is missing"));
    let drawing_free: String = page[start..end]
        .split("<svg")
        .enumerate()
        .map(
            |(place, part)| {
                if place == 0 { part } else { part.split_once("</svg>").map_or("", |(_, rest)| rest) }
            },
        )
        .collect();
    drawing_free.replace("><", ">\n<")
}
