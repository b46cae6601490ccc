//! Promises about who sees what: a value that somebody may not see leaves by no way there is.

use axum::http::Method;
use serde_json::{Value as Json, json};
use whom_core::{
    identity::{Arrival, GivenIdentifier, Incoming, IncomingMessage, Party, Said},
    model::{
        Assertion, Body, Channel, Confidence, Direction, EntryKind, ExternalId, Identifier, IdentifierKind,
        PhoneRegion, PropertyKey, Source, Timestamp, Value,
    },
};

use crate::{
    Access, Permission, Role, Scope, table,
    testing::{Answer, As, TestApp},
};

const EMAIL: &str = "canaryana@example.org";
const PHONE: &str = "+4930777123456";
/// What no answer to a reader may hold, however it is written.
const CANARIES: [&str; 5] = ["canaryana", "777123456", "7771 23456", "SECRETCANARY", "secretcanary"];

fn said(property: &str, value: &str) -> Said {
    Said {
        property: PropertyKey::fold(property).unwrap(),
        assertion: Assertion::Is(Value::text(value).unwrap()),
        confidence: Confidence::CERTAIN,
    }
}

async fn arrives(app: &TestApp, id: &str, minute: u32, arrival: Arrival, body: Option<Body>) {
    let identifier = |kind, value: &str| {
        GivenIdentifier::new(Identifier::new(kind, value, PhoneRegion::NONE).unwrap(), value)
    };
    let incoming = Incoming {
        external: ExternalId::new("test", id),
        at: Timestamp::parse(&format!("2026-02-27T09:{minute:02}:00Z")).unwrap(),
        source: Source::message("mail"),
        parties: vec![Party {
            identifiers: vec![
                identifier(IdentifierKind::EMAIL, EMAIL),
                identifier(IdentifierKind::PHONE, PHONE),
            ],
            said: vec![said("secret_code", "SECRETCANARY one"), said("company", "Fjällbro")],
        }],
        arrival,
        account: None,
        body,
    };
    app.state.engine().ingest(incoming, app.state.now()).await.unwrap();
}

/// Somebody with a masked address, a masked number and a hidden code; what a reader may not see.
async fn app() -> (TestApp, String) {
    let app = TestApp::new();
    let mail = Arrival::Message(IncomingMessage {
        channel: Channel::email(),
        direction: Direction::Inbound,
        subject: format!("Where is my tent? {EMAIL}"),
        summary: format!("Hello, where is it? Call {PHONE} or write to {EMAIL}."),
        answers: Vec::new(),
        answers_subject: None,
        properties: Default::default(),
    });
    let raw = format!("From: {EMAIL}\r\nTo: help@shop.example\r\nSubject: Where?\r\n\r\nwhere is it?\r\n");
    let body = Body { media_type: "message/rfc822".into(), bytes: raw.into_bytes() };
    arrives(&app, "1", 1, mail, Some(body)).await;
    let properties = [
        ("secretCode".to_owned(), Value::text("SECRETCANARY two").unwrap()),
        ("phone".to_owned(), Value::text(PHONE).unwrap()),
        ("item".to_owned(), Value::text("boots").unwrap()),
    ];
    let event = Arrival::Event {
        kind: EntryKind::Event,
        name: "basket".into(),
        summary: format!("secretCode SECRETCANARY two, phone {PHONE}"),
        properties: properties.into(),
    };
    let sent = Body { media_type: "application/json".into(), bytes: br#"{"code":"SECRETCANARY"}"#.to_vec() };
    arrives(&app, "2", 2, event, Some(sent)).await;
    let id = app.state.engine().find(EMAIL).await.unwrap().to_string();
    let other = json!({ "properties": { "name": "Ben" }, "identifiers": [{ "kind": "email", "value": "ben@x.org" }] });
    app.post(&As::Local, "/v1/profiles", other).await.expect(201);
    let version = app.get(&As::Local, &format!("/v1/profiles/{id}")).await.header("etag").to_owned();
    let edit = json!({ "secret_code": "SECRETCANARY three" });
    let path = format!("/v1/profiles/{id}");
    app.json(&As::Local, Method::PATCH, &path, &[("if-match", &version)], edit).await.expect(200);
    let masked = json!({ "sees": "agent", "masked_for": "read_only", "edits": "agent" });
    let rights = json!({
        "email": masked, "phone": masked,
        "secret_code": { "sees": "admin", "edits": "admin" },
    });
    app.json(&As::Local, Method::PUT, "/v1/settings/fields", &[], rights).await.expect(200);
    (app, id)
}

fn clean(answer: &Answer, place: &str) {
    assert_eq!(leaks(answer, place), Vec::<String>::new());
}

/// What an answer holds that it may not, with what stands around it.
fn leaks(answer: &Answer, place: &str) -> Vec<String> {
    let text = answer.text();
    let around = |at: usize| {
        let from = text.floor_char_boundary(at.saturating_sub(120));
        text[from..text.floor_char_boundary(at + 40)].to_owned()
    };
    CANARIES.iter().filter_map(|canary| Some(format!("{place}: {}", around(text.find(canary)?)))).collect()
}

/// The ids that stand in an answer, of one sort.
fn ids(answer: &Json, found: &mut Vec<String>) {
    match answer {
        Json::Array(items) => items.iter().for_each(|item| ids(item, found)),
        Json::Object(fields) => fields.values().for_each(|field| ids(field, found)),
        Json::String(text) => {
            let is_id = text.get(1..2) == Some("_") && text.len() == 18 && !text.contains(' ');
            if is_id && !found.contains(text) {
                found.push(text.clone());
            }
        }
        _ => {}
    }
}

/// Every GET route with everything there is in its variable parts, and the questions that could bring a value out.
async fn places(app: &TestApp, id: &str) -> Vec<String> {
    let mut known = vec![id.to_owned(), EMAIL.to_owned()];
    for path in ["timeline", "contacts", "history", "conversations"] {
        ids(&app.get(&As::Local, &format!("/v1/profiles/{id}/{path}")).await.json(), &mut known);
    }
    known.extend(["1", "0", "email", "phone", "secret_code", "inbox", "open"].map(str::to_owned));
    let mut places = Vec::new();
    let asked = |route: &&crate::Route| {
        let is_read = matches!(route.access, Access::Needs(Permission::Read | Permission::BeKnown));
        // The live stream does not end by itself; a test of its own looks at it.
        is_read && route.method == Method::GET && !route.path.contains("/events")
    };
    for route in table().iter().filter(asked) {
        let mut filled = vec![String::new()];
        for part in route.path.split('/').skip(1) {
            let values: Vec<String> =
                if part.starts_with('{') { known.clone() } else { vec![part.to_owned()] };
            filled = filled
                .iter()
                .flat_map(|begun| values.iter().map(move |value| format!("{begun}/{value}")))
                .collect();
        }
        for path in filled {
            places.push(path.clone());
            if route.path.split('{').count() <= 2 {
                for query in ["with=ben@x.org", "fragment=1", "format=jsonl", "format=vcard", "limit=200"] {
                    places.push(format!("{path}?{query}"));
                }
            }
        }
    }
    places
}

#[tokio::test]
async fn no_answer_to_a_reader_holds_what_they_may_not_see() {
    let (app, id) = app().await;
    let reader = app.person(Role::ReadOnly).await;
    let html = [("accept", "text/html")];
    let (mut told, mut looked, mut leaked) = (0, 0, Vec::new());
    for place in places(&app, &id).await {
        // What somebody asks for by its address stands in the answer because they wrote it.
        let answer = app.send(&reader, Method::GET, &place, &html, "").await;
        if answer.status.is_success() {
            looked += 1;
        }
        if !place.contains(EMAIL) {
            leaked.extend(leaks(&answer, &place));
            let again = app.get(&reader, &place).await;
            leaked.extend(leaks(&again, &place));
        }
        told += usize::from(answer.text().contains("•••"));
    }
    assert!(leaked.is_empty(), "{}", leaked.join("\n"));
    assert!(looked > 30 && told > 5, "{looked} answers, {told} with something masked");
    // The same places tell an owner, or the walk proves nothing.
    let owner = app.person(Role::Owner).await;
    let whole = app.get(&owner, &format!("/v1/profiles/{id}")).await.text();
    assert!(CANARIES[..1].iter().all(|canary| whole.contains(canary)) && whole.contains("SECRETCANARY"));
}

#[tokio::test]
async fn what_is_hidden_finds_nobody_and_what_is_masked_only_by_all_of_it() {
    let (app, id) = app().await;
    let (reader, agent) = (app.person(Role::ReadOnly).await, app.person(Role::Agent).await);
    let found = async |by: &As, q: &str| {
        let page = app.get(by, &format!("/v1/profiles?q={q}")).await.expect(200).json();
        page["items"].as_array().unwrap().len()
    };
    assert_eq!(found(&agent, "canaryana%40example.org").await, 1);
    assert_eq!(found(&reader, "canaryana%40example.org").await, 1, "whoever knows all of it may look it up");
    assert_eq!(found(&reader, "SECRETCANARY").await, 0);
    let page = app.get(&reader, "/v1/profiles").await.expect(200);
    clean(&page, "the list");
    assert!(page.text().contains("c•••@example.org") && page.json().get("total").is_none());
    app.get(&reader, &format!("/v1/profiles/{id}/why/secret_code")).await.expect(404);
    let why = app.get(&reader, &format!("/v1/profiles/{id}/why/phone")).await.expect(200);
    assert!(why.text().contains("•••• 3456"), "{}", why.text());
}

#[tokio::test]
async fn nobody_edits_what_they_do_not_see_whole_or_may_not_edit() {
    let (app, id) = app().await;
    let agent = app.person(Role::Agent).await;
    let path = format!("/v1/profiles/{id}");
    let version = app.get(&agent, &path).await.header("etag").to_owned();
    let edit = |body: Json| app.json(&agent, Method::PATCH, &path, &[("if-match", "*")], body);
    let refused = edit(json!({ "secret_code": "x" })).await.expect(403).json();
    assert_eq!(refused["errors"][0]["pointer"], "/secret_code");
    edit(json!({ "secret_code": null })).await.expect(403);
    let pin = json!({ "value": "SECRETCANARY one" });
    app.post(&agent, &format!("{path}/properties/secret_code/pin"), pin).await.expect(403);
    let bulk =
        json!({ "action": { "do": "set", "property": "secret_code", "value": "x" }, "profiles": [id] });
    let bulk = app.post(&agent, "/v1/bulk", bulk).await;
    assert!(bulk.status == 403 || bulk.status == 422, "{}", bulk.text());
    edit(json!({ "company": "Åre" })).await.expect(200);
    assert_ne!(app.get(&agent, &path).await.header("etag"), version);
}

#[tokio::test]
async fn a_masked_value_is_revealed_for_a_reason_that_is_written_down() {
    let (app, id) = app().await;
    let rights = json!({ "phone": { "sees": "admin", "masked_for": "agent", "edits": "admin" } });
    app.json(&As::Local, Method::PUT, "/v1/settings/fields", &[], rights).await.expect(200);
    let (reader, agent) = (app.person(Role::ReadOnly).await, app.person(Role::Agent).await);
    let path = format!("/v1/profiles/{id}/reveal/phone");
    let shown = app.get(&agent, &format!("/v1/profiles/{id}")).await.text();
    assert!(!shown.contains("777123456") && shown.contains("\"masked\":true"), "{shown}");
    app.post(&agent, &path, json!({ "why": " " })).await.expect(422);
    app.post(&reader, &path, json!({ "why": "curious" })).await.expect(403);
    let revealed = app.post(&agent, &path, json!({ "why": "the courier waits" })).await.expect(200);
    assert!(revealed.text().contains("777123456"));
    let log = app.get(&As::Local, "/v1/audit?what=revealed").await.json();
    let entry = &log["items"][0];
    assert_eq!((&entry["who"]["id"], &entry["why"]), (&json!("agent"), &json!("the courier waits")));
    assert!(!entry.to_string().contains("777123456"), "{entry}");
}

#[tokio::test]
async fn only_an_owner_decides_about_what_owners_alone_see() {
    let (app, _) = app().await;
    let (admin, owner) = (app.person(Role::Admin).await, app.person(Role::Owner).await);
    let set = |by: As, sees: &str| {
        let rights = json!({ "notes": { "sees": sees, "edits": "agent" } });
        let app = &app;
        async move { app.json(&by, Method::PUT, "/v1/settings/fields", &[], rights).await }
    };
    set(admin.clone(), "owner").await.expect(403);
    set(owner, "owner").await.expect(200);
    set(admin.clone(), "agent").await.expect(403);
    let wrong = json!({ "notes": { "sees": "agent", "masked_for": "admin", "edits": "agent" } });
    let refused = app.json(&admin, Method::PUT, "/v1/settings/fields", &[], wrong).await.expect(422).json();
    assert_eq!(refused["errors"][0]["pointer"], "/notes/masked_for");
}

#[tokio::test]
async fn a_program_sees_what_an_agent_sees_unless_it_may_administer() {
    let (app, id) = app().await;
    let path = format!("/v1/profiles/{id}");
    let reads = app.get(&app.token(&[Scope::Read]).await, &path).await.expect(200).text();
    assert!(!reads.contains("SECRETCANARY") && reads.contains("canaryana"));
    let admin = app.token(&[Scope::Read, Scope::Admin]).await;
    assert!(app.get(&admin, &path).await.expect(200).text().contains("SECRETCANARY"));
    let feed = app.get(&app.token(&[Scope::Read]).await, "/v1/feed?limit=1000").await.expect(200).text();
    assert!(!feed.contains("secret_code") && feed.contains("company"), "{feed}");
}

#[tokio::test]
async fn an_export_is_covered_piece_by_piece() {
    let (app, _) = app().await;
    let reader = app.person(Role::ReadOnly).await;
    let file = app.get(&reader, "/v1/export/profiles?format=jsonl").await.expect(200);
    clean(&file, "the export");
    assert!(file.text().contains("c•••@example.org"), "{}", file.text());
    app.get(&reader, "/v1/export/profiles?columns=secret_code").await.expect(422);
}
