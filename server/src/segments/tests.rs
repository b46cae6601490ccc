//! Segments: whose they are, who sees them, and what becomes of them.

use serde_json::json;

use crate::{
    Role, Scope,
    testing::{As, TestApp},
};

async fn app_with_people() -> (TestApp, As) {
    let app = TestApp::searching().await;
    let token = app.token(&[Scope::Read, Scope::Write]).await;
    for (name, company) in [("Ana Lopez", "Acme"), ("Bo Berg", "Acme"), ("Cem Kaya", "Globex")] {
        let body = json!({ "properties": { "name": name, "company": company } });
        app.post(&token, "/v1/profiles", body).await.expect(201);
    }
    (app, token)
}

#[tokio::test]
async fn a_filter_finds_and_sorts_over_http() {
    let (app, token) = app_with_people().await;
    let answer =
        app.get(&token, "/v1/profiles?filter=company:acme&sort=name&order=desc&columns=company").await;
    let json = answer.expect(200).json();
    assert_eq!(json["total"], 2);
    assert_eq!(json["items"][0]["name"], "Bo Berg");
    assert_eq!(json["items"][0]["properties"], json!({ "company": ["Acme"] }));

    let structured = r#"{"tests":[{"property":"company","op":"is_not","values":["acme"]}]}"#;
    let path = format!(
        "/v1/profiles?filter={}",
        structured.replace('"', "%22").replace('{', "%7B").replace('}', "%7D")
    );
    assert_eq!(app.get(&token, &path).await.expect(200).json()["items"][0]["name"], "Cem Kaya");

    let wrong = app.get(&token, "/v1/profiles?filter=company:acme%20compny:x").await.expect(422).json();
    assert_eq!(wrong["errors"][0]["pointer"], "?filter");
    let words = wrong["errors"][0]["detail"].as_str().unwrap();
    assert!(words.contains("character 14") && words.contains("did you mean `company`?"), "{words}");
    let wrong = app.get(&token, "/v1/profiles?sort=tags").await.expect(422).json();
    assert_eq!(wrong["errors"][0]["pointer"], "?sort");
}

#[tokio::test]
async fn a_segment_is_its_owners_until_it_is_shared() {
    let (app, _) = app_with_people().await;
    let (agent, reader) = (app.person(Role::Agent).await, app.person(Role::ReadOnly).await);
    let new = json!({ "name": "Acme", "filter": "company:acme", "columns": ["company", "last_seen"] });
    let made = app.post(&agent, "/v1/segments", new).await.expect(201);
    let place = made.header("location").to_owned();
    assert_eq!(made.json()["filter"], "company:acme");
    app.get(&reader, &place).await.expect(404);
    app.get(&agent, &place).await.expect(200);

    let list = app.get(&agent, "/v1/segments?counts=true").await.expect(200).json();
    let acme = list["items"].as_array().unwrap().iter().find(|item| item["name"] == "Acme").unwrap();
    assert_eq!(acme["count"], 2);

    let patch = json!({ "shared": true, "filter": "company~o" });
    let changed =
        app.json(&agent, axum::http::Method::PATCH, &place, &[("if-match", "\"1\"")], patch.clone()).await;
    assert_eq!(changed.expect(200).header("etag"), "\"2\"");
    let again = app.json(&agent, axum::http::Method::PATCH, &place, &[("if-match", "\"1\"")], patch).await;
    again.expect(412);
    assert_eq!(app.get(&reader, &place).await.expect(200).json()["mine"], false);

    let theirs = app.json(&reader, axum::http::Method::PATCH, &place, &[], json!({ "name": "Mine" })).await;
    theirs.expect(403);
    let shared = app.post(&reader, "/v1/segments", json!({ "name": "All", "shared": true })).await;
    shared.expect(403);
    app.post(&reader, "/v1/segments", json!({ "name": "All" })).await.expect(201);
}

#[tokio::test]
async fn a_removed_segment_can_be_brought_back() {
    let (app, token) = app_with_people().await;
    let made = app.post(&token, "/v1/segments", json!({ "name": "Acme", "filter": "company:acme" })).await;
    let place = made.expect(201).header("location").to_owned();
    let gone = app.send(&token, axum::http::Method::DELETE, &place, &[], axum::body::Body::empty()).await;
    gone.expect(204);
    app.get(&token, &place).await.expect(404);
    app.post(&token, &format!("{place}/restore"), json!({})).await.expect(200);
    app.get(&token, &place).await.expect(200);
}

#[tokio::test]
async fn what_cannot_be_asked_is_not_saved() {
    let (app, token) = app_with_people().await;
    for (new, pointer) in [
        (json!({ "name": " ", "filter": "company:acme" }), "/name"),
        (json!({ "name": "A", "filter": "teir:pro" }), "?filter"),
        (json!({ "name": "A", "columns": ["nothing_of_the_sort"] }), "/columns"),
        (json!({ "name": "A", "sort": "tags" }), "?sort"),
    ] {
        let refused = app.post(&token, "/v1/segments", new.clone()).await.expect(422).json();
        assert_eq!(refused["errors"][0]["pointer"], pointer, "{new}");
    }
}
