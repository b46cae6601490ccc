//! Channels over the API, and what a test mail says of each step.

use axum::http::Method;
use serde_json::{Value, json};

use super::peer::{Manners, Peer};
use crate::{
    Role,
    testing::{As, TestApp},
};

fn channel(peer: &Peer, security: &str) -> Value {
    json!({
        "name": "Support",
        "address": "help@shop.example",
        "display_name": "Fernweh Support",
        "host": "localhost",
        "port": peer.address.port(),
        "security": security,
        "certificate": if security == "none" { Value::Null } else { json!(peer.certificate) },
    })
}

fn with(mut channel: Value, more: Value) -> Value {
    channel.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    channel
}

/// Adds a channel, sends a test mail through it and gives what came of that.
async fn tested(app: &TestApp, channel: Value) -> Value {
    let made = app.post(&As::Local, "/v1/channels", channel).await.expect(201).json();
    let path = format!("/v1/channels/{}", made["id"].as_str().unwrap());
    let tested = app.post(&As::Local, &format!("{path}/test"), json!({ "to": "me@example.org" })).await;
    app.json(&As::Local, Method::DELETE, &path, &[], json!({})).await.expect(204);
    tested.expect(200).json()
}

#[tokio::test]
async fn a_test_mail_leaves_encrypted_and_signed_in_and_says_which_step_failed() {
    let app = TestApp::new();
    let auth = Some(("ana".to_owned(), "s3cret".to_owned()));
    let peer = Peer::start(Manners { starttls: true, auth, ..Manners::default() }).await;
    let account = json!({ "user": "ana", "secret": "s3cret" });
    let good = with(channel(&peer, "starttls"), account.clone());
    let answer = tested(&app, good.clone()).await;
    assert_eq!(answer, json!({ "ok": true, "words": "250 2.0.0 queued as 1" }));
    let got = peer.received().remove(0);
    assert!(got.was_encrypted && got.user.as_deref() == Some("ana"), "{got:?}");
    assert_eq!((got.from.as_str(), got.to), ("help@shop.example", vec!["me@example.org".to_owned()]));
    let ledger = app.get(&As::Local, "/v1/ledger").await.expect(200).json();
    let line = &ledger["items"][0];
    assert_eq!(
        (&line["host"], &line["method"], &line["rule"]),
        (&json!("localhost"), &json!("SMTP"), &json!("test mail"))
    );

    let step = async |channel: Value| {
        let answer = tested(&app, channel).await;
        format!("{}: {}", answer["step"].as_str().unwrap(), answer["words"].as_str().unwrap())
    };
    assert_eq!(
        step(with(good.clone(), json!({ "secret": "wrong" }))).await,
        "sign_in: the mail server did not let us sign in: 535 5.7.8 wrong user or secret"
    );
    assert!(step(with(good.clone(), json!({ "certificate": null }))).await.starts_with("encrypt: "));
    assert_eq!(
        step(with(good.clone(), json!({ "host": "nowhere.invalid" }))).await,
        "find_server: the mail server was not found: there is no `nowhere.invalid`"
    );
    assert!(step(with(good.clone(), json!({ "port": 1 }))).await.starts_with("connect: "));
    assert_eq!(
        step(channel(&peer, "starttls")).await,
        "sender: the mail server did not take our address: 530 5.7.0 sign in first"
    );

    peer.behave(Manners::default());
    assert!(step(good.clone()).await.contains("offers no encryption"));
    peer.behave(Manners { starttls: true, says_too_much: true, ..Manners::default() });
    assert!(step(good).await.contains("said more than was asked"));
    let recipients = [("me@example.org".to_owned(), "550 5.1.1 nobody\u{7} here".to_owned())].into();
    peer.behave(Manners { recipients, implicit_tls: true, ..Manners::default() });
    assert_eq!(
        step(channel(&peer, "tls")).await,
        "recipient: the mail server did not take the recipient: 550 5.1.1 nobody here"
    );
}

#[tokio::test]
async fn a_secret_is_kept_and_never_shown_nor_told_to_another_server() {
    let app = TestApp::new();
    let auth = Some(("ana".to_owned(), "s3cret".to_owned()));
    let peer = Peer::start(Manners { implicit_tls: true, auth, ..Manners::default() }).await;
    let terms = with(channel(&peer, "tls"), json!({ "user": "ana", "secret": "s3cret" }));
    let made = app.post(&As::Local, "/v1/channels", terms.clone()).await.expect(201);
    assert!(!made.text().contains("s3cret"));
    let path = format!("/v1/channels/{}", made.json()["id"].as_str().unwrap());

    let renamed = with(terms.clone(), json!({ "name": "Help", "secret": "••••••••" }));
    let shown = app.json(&As::Local, Method::PUT, &path, &[], renamed).await.expect(200).json();
    assert_eq!((&shown["name"], &shown["secret"]), (&json!("Help"), &json!("••••••••")));
    let answer = app.post(&As::Local, &format!("{path}/test"), json!({ "to": "me@example.org" })).await;
    assert_eq!(answer.expect(200).json()["ok"], true);

    let moved = with(terms, json!({ "host": "127.0.0.1", "secret": null }));
    let answer = app.json(&As::Local, Method::PUT, &path, &[], moved).await.expect(422).json();
    assert_eq!(answer["errors"][0]["pointer"], "/secret");

    let admin = app.person(Role::Admin).await;
    assert!(!app.get(&admin, "/v1/channels").await.expect(200).text().contains("s3cret"));
    let agent = app.person(Role::Agent).await;
    app.get(&agent, "/v1/channels").await.expect(403);
    let senders = app.get(&agent, "/v1/senders").await.expect(200).json();
    assert_eq!(
        (&senders["items"][0]["address"], &senders["undo_seconds"]),
        (&json!("help@shop.example"), &json!(10))
    );
    assert!(senders["items"][0].get("host").is_none());
}

#[tokio::test]
async fn a_channels_address_is_our_own_from_then_on() {
    let app = TestApp::new();
    let peer = Peer::start(Manners::default()).await;
    app.post(&As::Local, "/v1/channels", channel(&peer, "none")).await.expect(201);
    let mail = "From: help@shop.example\r\nTo: Ana <ana@example.org>\r\nMessage-ID: <1@x>\r\n\r\nHello";
    app.send(&As::Local, Method::POST, "/v1/messages/raw", &[], mail).await.expect(201);
    app.get(&As::Local, "/v1/profiles/help@shop.example").await.expect(404);
    app.get(&As::Local, "/v1/profiles/ana@example.org").await.expect(200);

    let wrong = with(channel(&peer, "none"), json!({ "host": "smtp.example", "address": "nobody" }));
    let answer = app.post(&As::Local, "/v1/channels", wrong).await.expect(422).json();
    let places: Vec<_> = answer["errors"].as_array().unwrap().iter().map(|e| e["pointer"].clone()).collect();
    assert_eq!(places, ["/address", "/security"]);
}
