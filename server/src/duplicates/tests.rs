//! The queue, from what arrives to what is decided.

use axum::http::Method;
use serde_json::{Value, json};

use super::watch::read_feed;
use crate::{
    auth::Role,
    testing::{As, TestApp},
};

async fn made(app: &TestApp, name: &str, email: &str, phone: &str) -> String {
    let body = json!({
        "properties": { "name": name },
        "identifiers": [{ "kind": "email", "value": email }, { "kind": "phone", "value": phone }],
    });
    let made = app.post(&As::Local, "/v1/profiles", body).await.expect(201);
    made.json()["id"].as_str().unwrap().to_owned()
}

async fn queue(app: &TestApp, by: &As, which: &str) -> Vec<Value> {
    read_feed(&app.state).await.unwrap();
    let found = app.get(by, &format!("/v1/duplicates?state={which}")).await.expect(200).json();
    found["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_pair_is_found_told_apart_offered_again_merged_and_undone() {
    let app = TestApp::new();
    let agent = app.person(Role::Agent).await;
    let a = made(&app, "Ana Flores", "ana@example.org", "+442071838750").await;
    let body = json!({ "properties": { "name": "Ana Flores", "company": "Acme" }, "identifiers": [{ "kind": "email", "value": "ana.flores@work.example" }] });
    let b = app.post(&As::Local, "/v1/profiles", body).await.expect(201).json()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    // The list of the tests finds by whole addresses alone, so the pair is put in as the walk would.
    let kept = super::Kept {
        a: a.parse().unwrap(),
        b: b.parse().unwrap(),
        sure: false,
        seen: app.state.now(),
        undone: None,
    };
    super::keep(&app.state, kept).await.unwrap();
    let likely = app
        .state
        .engine()
        .likely_same(a.parse().unwrap(), &[b.parse().unwrap()], app.state.now())
        .await
        .unwrap();
    let open = queue(&app, &agent, "open").await;
    assert_eq!(open.len(), likely.len(), "what the rules say now decides");

    app.post(&agent, &format!("/v1/profiles/{a}/not-the-same"), json!({ "other": b })).await.expect(204);
    assert!(queue(&app, &agent, "open").await.is_empty());
    let decided = queue(&app, &agent, "decided").await;
    assert_eq!((decided.len(), &decided[0]["told_apart"]), (1, &json!(true)));
    app.post(&agent, &format!("/v1/profiles/{b}/maybe-the-same"), json!({ "other": a })).await.expect(204);
    assert_eq!(queue(&app, &agent, "open").await.len(), likely.len());
    assert!(queue(&app, &agent, "decided").await.is_empty());

    let merged =
        app.post(&agent, &format!("/v1/profiles/{a}/merge"), json!({ "from": b })).await.expect(200).json();
    assert!(queue(&app, &agent, "open").await.is_empty() && queue(&app, &agent, "decided").await.is_empty());
    app.post(&agent, &format!("/v1/merges/{}/undo", merged["id"].as_str().unwrap()), json!({}))
        .await
        .expect(200);
    let decided = queue(&app, &agent, "decided").await;
    assert_eq!((decided.len(), &decided[0]["undone"]["by"]), (1, &json!("agent:agent")));
    super::forget_duplicates(app.state.store(), app.state.now()).await.unwrap();
    assert_eq!(queue(&app, &agent, "decided").await, decided, "the feed knows it all");
    app.send(&As::Anonymous, Method::GET, "/v1/duplicates", &[], "").await.expect(401);
}
