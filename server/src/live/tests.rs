//! What a page hears of others.

use std::time::Duration;

use axum::http::Method;
use serde_json::json;

use crate::{
    Config, Role, Scope,
    config::Limits,
    testing::{As, TestApp},
};

/// An application whose streams end soon, so that a test can read them to their end.
fn app() -> TestApp {
    let limits = Limits { stream: Duration::from_millis(40), ..Limits::default() };
    TestApp::with(Config { limits, ..Config::default() })
}

async fn heard(app: &TestApp, by: &As, query: &str) -> String {
    app.get(by, &format!("/v1/events?{query}")).await.expect(200).text()
}

#[tokio::test]
async fn a_page_hears_that_what_it_shows_was_touched_and_nothing_else() {
    let app = app();
    let writer = app.token(&[Scope::Read, Scope::Write, Scope::Ingest]).await;
    let make = |email: &'static str| {
        let body = json!({ "identifiers": [{ "kind": "email", "value": email }] });
        app.post(&writer, "/v1/profiles", body)
    };
    let ana = make("ana@example.org").await.expect(201).json()["id"].as_str().unwrap().to_owned();
    let zoe = make("zoe@example.org").await.expect(201).json()["id"].as_str().unwrap().to_owned();
    let agent = app.person(Role::Agent).await;
    let text = heard(&app, &agent, &format!("after=0&topics=profile:{ana},inbox,%3Cscript%3E")).await;
    assert!(text.contains("event: touched"), "{text}");
    assert!(text.contains(&format!("{{\"topics\":[\"profile:{ana}\"]}}")), "{text}");
    assert!(!text.contains(&zoe) && !text.contains("event: commit"), "{text}");
    let text = heard(&app, &agent, "after=0&topics=tasks").await;
    assert!(text.contains("event: ready") && !text.contains("touched"), "{text}");
}

#[tokio::test]
async fn others_are_seen_as_long_as_they_look() {
    let app = app();
    let (agent, admin) = (app.person(Role::Agent).await, app.person(Role::Admin).await);
    let topic = "conversation:cv_1";
    let beat = |by: &As, tab: &str, writes: bool, gone: bool| {
        let (by, body) = (by.clone(), json!({ "topic": topic, "tab": tab, "writes": writes, "gone": gone }));
        let app = &app;
        async move { app.post(&by, "/v1/presence", body).await.expect(204) }
    };
    beat(&agent, "a", false, false).await;
    beat(&agent, "b", true, false).await;
    let path = format!("/v1/presence?topic={topic}");
    let seen = app.get(&admin, &path).await.expect(200).json();
    assert_eq!(seen, json!([{ "login": "agent", "name": "agent", "writes": true }]));
    // Nobody is told of themselves.
    assert_eq!(app.get(&agent, &path).await.json(), json!([]));
    let text = heard(&app, &admin, &format!("topics={topic}")).await;
    assert!(text.contains("event: presence") && text.contains("\"writes\":true"), "{text}");

    beat(&agent, "b", false, true).await;
    assert_eq!(app.get(&admin, &path).await.json()[0]["writes"], false);
    app.clock.advance(46_000);
    assert_eq!(app.get(&admin, &path).await.json(), json!([]));

    let wrong = json!({ "topic": "inbox", "tab": "a" });
    app.post(&agent, "/v1/presence", wrong).await.expect(422);
    app.send(&As::Anonymous, Method::GET, &path, &[], "").await.expect(401);
}
