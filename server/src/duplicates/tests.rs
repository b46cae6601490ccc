//! The queue, from what arrives to what is decided.

use axum::http::Method;
use serde_json::{Value, json};
use whom_core::rules::Rules;

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
    let kept =
        super::Kept { seen: app.state.now(), ..super::Kept::of(a.parse().unwrap(), b.parse().unwrap()) };
    super::kept::keep(&app.state, kept).await.unwrap();
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
    assert_eq!(decided[0]["told_apart_by"]["by"], "agent:agent", "a decision names whoever made it");
    let page = app.get(&agent, "/duplicates?state=decided").await.expect(200).text();
    let row = page.split("pair-why").nth(1).unwrap_or_default().split("</div>").next().unwrap_or_default();
    assert!(row.contains("Agent, "), "{row}");
    app.post(&agent, &format!("/v1/profiles/{b}/maybe-the-same"), json!({ "other": a })).await.expect(204);
    assert_eq!(queue(&app, &agent, "open").await.len(), likely.len());
    assert!(queue(&app, &agent, "decided").await.is_empty());

    let merged =
        app.post(&agent, &format!("/v1/profiles/{a}/merge"), json!({ "from": b })).await.expect(200).json();
    assert!(queue(&app, &agent, "open").await.is_empty() && queue(&app, &agent, "decided").await.is_empty());
    let merges = queue(&app, &agent, "merged").await;
    assert_eq!((merges.len(), &merges[0]["id"]), (1, &merged["id"]), "a merge is undone where one works");
    assert_eq!(merges[0]["took_in"], json!(["ana.flores@work.example"]));
    let page = app.get(&agent, "/duplicates?state=merged").await.expect(200).text();
    assert!(page.contains(&format!("/undo/{}", merged["id"].as_str().unwrap())));
    app.post(&agent, &format!("/v1/merges/{}/undo", merged["id"].as_str().unwrap()), json!({}))
        .await
        .expect(200);
    assert!(queue(&app, &agent, "merged").await.is_empty());
    let decided = queue(&app, &agent, "decided").await;
    assert_eq!((decided.len(), &decided[0]["undone"]["by"]), (1, &json!("agent:agent")));
    super::forget_duplicates(app.state.store(), app.state.now()).await.unwrap();
    assert_eq!(queue(&app, &agent, "decided").await, decided, "the feed knows it all");
    app.send(&As::Anonymous, Method::GET, "/v1/duplicates", &[], "").await.expect(401);
}

async fn bring(app: &TestApp, lines: &[Value]) {
    let body: String = lines.iter().map(|line| format!("{line}\n")).collect();
    app.send(&As::Local, Method::POST, "/v1/ingest/event-batch?source=shop", &[], body).await.expect(200);
}

fn identify(id: usize, traits: Value) -> Value {
    json!({ "type": "identify", "messageId": id.to_string(), "userId": format!("u{id}"), "traits": traits })
}

#[tokio::test]
async fn who_was_named_by_a_number_of_somebody_else_is_offered_where_the_rules_find_them_alike() {
    let app = TestApp::searching_by(Rules::bundled().unwrap()).await;
    let person = |first: &str, birthday: &str, email: &str| json!({ "first_name": first, "last_name": "Flores", "birthday": birthday, "email": email, "phone": "+442071838750" });
    bring(
        &app,
        &[
            identify(1, person("Ana", "1990-02-03", "ana@example.org")),
            identify(2, person("Ana", "1990-02-03", "a.flores@work.example")),
            // Her mother, who has the same number.
            identify(3, person("Inés", "1961-07-08", "ines@example.org")),
        ],
    )
    .await;
    let open = queue(&app, &As::Local, "open").await;
    let whys: Vec<&str> = open.iter().map(|pair| pair["verdict"]["why"].as_str().unwrap()).collect();
    assert_eq!(whys, ["same phone, similar name"], "{open:?}");
    let (a, b) = (open[0]["a"]["profile"].as_str().unwrap(), open[0]["b"]["profile"].as_str().unwrap());
    let preview =
        app.get(&As::Local, &format!("/v1/profiles/{a}/merge-preview?with={b}")).await.expect(200).json();
    assert_eq!(preview["verdict"], open[0]["verdict"], "the comparison gives the same reason");
}

#[tokio::test]
async fn whoever_has_a_birthday_in_common_and_a_name_that_is_nearly_the_same_is_offered() {
    let app = TestApp::searching_by(Rules::bundled().unwrap()).await;
    let person = |first: &str, last: &str, birthday: &str, email: &str| json!({ "first_name": first, "last_name": last, "birthday": birthday, "email": email });
    bring(
        &app,
        &[
            identify(1, person("Jeanne", "Edwards", "1998-03-16", "jeanne@example.org")),
            // Two letters are wrong, which no look-up of the name forgives.
            identify(2, person("Heanne", "Edwarts", "1998-03-16", "j.e@work.example")),
            identify(3, person("Edwards", "Jeanne", "1998-03-16", "turned@example.org")),
            identify(4, person("Boris", "Orlov", "1998-03-16", "boris@example.org")),
            identify(5, person("Jeanne", "Edwards", "1971-01-01", "older@example.org")),
        ],
    )
    .await;
    let open = queue(&app, &As::Local, "open").await;
    assert_eq!(open.len(), 3, "three of one person are three pairs: {open:?}");
    assert!(open.iter().all(|pair| pair["verdict"]["why"] == "same birthday, similar name"));
}
