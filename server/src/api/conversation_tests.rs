//! What agents do with conversations, through the JSON API.

use axum::http::Method;
use serde_json::{Value, json};

use crate::{
    Role,
    testing::{As, TestApp},
};

fn mail(id: u32, from: &str, subject: &str, answers: &str) -> String {
    let answers = if answers.is_empty() { String::new() } else { format!("References: <{answers}@x>\r\n") };
    format!(
        "From: {from}\r\nTo: help@shop.example\r\nSubject: {subject}\r\nMessage-ID: <{id}@x>\r\n{answers}\
         Date: Sun, 1 Mar 2026 11:{id:02}:00 +0000\r\n\r\nHello\r\n"
    )
}

/// Three conversations: two of Ana's, the first of two messages, and one of Bo's.
async fn app() -> TestApp {
    let app = TestApp::new();
    for (id, from, subject, answers) in [
        (1, "ana@example.org", "Tent", ""),
        (2, "ana@example.org", "Pegs", ""),
        (3, "bo@example.org", "Stove", ""),
        (4, "ana@example.org", "Re: Tent", "1"),
    ] {
        let mail = mail(id, from, subject, answers);
        app.send(&As::Local, Method::POST, "/v1/messages/raw", &[], mail).await.expect(201);
    }
    app
}

async fn numbers(app: &TestApp, by: &As, query: &str) -> Vec<u64> {
    let found = app.get(by, &format!("/v1/inbox{query}")).await.expect(200).json();
    found["items"].as_array().unwrap().iter().map(|row| row["number"].as_u64().unwrap()).collect()
}

const ANY: [(&str, &str); 1] = [("if-match", "*")];

#[tokio::test]
async fn the_inbox_has_views_filters_pages_and_counts() {
    let app = app().await;
    let agent = app.person(Role::Agent).await;
    assert_eq!(numbers(&app, &agent, "").await, [1, 3, 2]);
    assert_eq!(numbers(&app, &agent, "?view=unassigned&q=TENT").await, [1]);
    let mine = json!({ "assignee": "agent", "priority": "high", "add_tags": ["Late"] });
    app.json(&agent, Method::PATCH, "/v1/conversations/2", &ANY, mine).await.expect(200);
    let closed = json!({ "status": "closed" });
    app.json(&agent, Method::PATCH, "/v1/conversations/3", &ANY, closed).await.expect(200);
    assert_eq!(numbers(&app, &agent, "?view=mine").await, [2]);
    assert_eq!(
        numbers(&app, &agent, "?view=open&assignee=agent&tag=late&priority=high&channel=email").await,
        [2]
    );
    assert_eq!(numbers(&app, &agent, "?view=open&assignee=nobody").await, [1]);
    assert_eq!(numbers(&app, &agent, "?view=closed").await, [3]);
    let first = app.get(&agent, "/v1/inbox?limit=1").await.expect(200).json();
    let next = first["next_cursor"].as_str().unwrap();
    assert_eq!(numbers(&app, &agent, &format!("?limit=1&cursor={next}")).await, [2]);
    app.get(&agent, "/v1/inbox?view=other").await.expect(400);
    app.get(&As::Local, "/v1/inbox?view=mine").await.expect(400);

    let counts = app.get(&agent, "/v1/inbox/counts").await.expect(200).json();
    assert_eq!(counts["mine"], json!({ "count": 1, "and_more": false }));
    assert_eq!((&counts["open"]["count"], &counts["closed"]["count"]), (&json!(2), &json!(1)));
}

#[tokio::test]
async fn whoever_only_reads_changes_nothing() {
    let app = app().await;
    let reader = app.person(Role::ReadOnly).await;
    assert_eq!(numbers(&app, &reader, "").await.len(), 3);
    app.get(&reader, "/v1/conversations/1").await.expect(200);
    app.json(&reader, Method::PATCH, "/v1/conversations/1", &ANY, json!({ "status": "spam" }))
        .await
        .expect(403);
    for deed in ["notes", "merge", "split", "undo", "satisfaction", "profile"] {
        app.post(&reader, &format!("/v1/conversations/1/{deed}"), json!({})).await.expect(403);
    }
    app.post(&reader, "/v1/conversations/bulk", json!({ "conversations": ["1"], "change": {} }))
        .await
        .expect(403);
}

#[tokio::test]
async fn a_change_names_its_version_and_whoever_is_slower_hears_who_was_faster() {
    let app = app().await;
    let (agent, admin) = (app.person(Role::Agent).await, app.person(Role::Admin).await);
    let path = "/v1/conversations/1";
    let tag = app.get(&agent, path).await.expect(200).header("etag").to_owned();
    let mine = [("if-match", tag.as_str())];
    app.json(&agent, Method::PATCH, path, &[], json!({ "status": "closed" })).await.expect(428);
    let edited =
        app.json(&admin, Method::PATCH, path, &mine, json!({ "status": "closed" })).await.expect(200);
    assert_ne!(edited.header("etag"), tag);
    let late = app.json(&agent, Method::PATCH, path, &mine, json!({ "priority": "low" })).await;
    let problem = late.expect(412).json();
    assert_eq!(problem["errors"][0]["detail"], "admin changed status from `open` to `closed`");

    for (patch, pointer) in [
        (json!({ "assignee": "nobody-here" }), "/assignee"),
        (json!({ "add_tags": ["x".repeat(61)] }), "/tags"),
        (json!({ "snoozed_until": "2020-01-01T00:00:00Z" }), "/snoozed_until"),
        (json!({ "link_issues": [{ "system": "jira", "key": "A", "url": "javascript:1" }] }), "/issues"),
    ] {
        let problem = app.json(&agent, Method::PATCH, path, &ANY, patch).await.expect(422).json();
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{problem}");
    }
    app.json(&agent, Method::PATCH, "/v1/conversations/99", &ANY, json!({})).await.expect(404);
}

#[tokio::test]
async fn one_call_changes_many_and_says_what_became_of_each() {
    let app = app().await;
    let agent = app.person(Role::Agent).await;
    let body = json!({ "conversations": ["1", "#3", "77"], "change": { "status": "spam" } });
    let items = app.post(&agent, "/v1/conversations/bulk", body).await.expect(200).json()["items"].clone();
    assert_eq!((&items[0]["changed"]["status"], &items[1]["changed"]["number"]), (&json!("spam"), &json!(3)));
    assert_eq!(items[2]["problem"]["status"], 404);
    assert_eq!(numbers(&app, &agent, "?view=spam").await, [1, 3]);
    let none = json!({ "conversations": [], "change": {} });
    app.post(&agent, "/v1/conversations/bulk", none).await.expect(422);
}

#[tokio::test]
async fn notes_answers_to_surveys_and_what_was_done_stand_in_the_conversation() {
    let app = app().await;
    let agent = app.person(Role::Agent).await;
    app.post(&agent, "/v1/conversations/1/notes", json!({ "text": "She moves on Friday." }))
        .await
        .expect(201);
    app.post(&agent, "/v1/conversations/1/notes", json!({ "text": " " })).await.expect(422);
    app.post(&agent, "/v1/conversations/1/satisfaction", json!({ "rating": 5, "comment": "Quick" }))
        .await
        .expect(201);
    app.post(&agent, "/v1/conversations/1/satisfaction", json!({ "rating": 9 })).await.expect(422);
    let shown = app.get(&agent, "/v1/conversations/1").await.expect(200).json();
    let kinds: Vec<_> =
        shown["items"].as_array().unwrap().iter().map(|entry| entry["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds.iter().filter(|kind| **kind == "note").count(), 1);
    assert_eq!(kinds.iter().filter(|kind| **kind == "activity").count(), 1);
    assert_eq!(shown["conversation"]["topic"], "Tent");
}

#[tokio::test]
async fn threads_are_merged_split_and_taken_back() {
    let app = app().await;
    let agent = app.person(Role::Agent).await;
    let shown = async |number: u64| -> Value {
        app.get(&agent, &format!("/v1/conversations/{number}")).await.expect(200).json()
    };
    let merged =
        app.post(&agent, "/v1/conversations/2/merge", json!({ "into": "#1" })).await.expect(200).json();
    assert_eq!((&merged["number"], &merged["messages"]), (&json!(1), &json!(3)));
    assert_eq!(shown(2).await["conversation"]["number"], 1);
    assert_eq!(shown(1).await["parts"][0]["number"], 2);
    assert_eq!(numbers(&app, &agent, "").await, [1, 3]);
    app.post(&agent, "/v1/conversations/2/merge", json!({ "into": "#3" })).await.expect(422);
    let wrong =
        app.post(&agent, "/v1/conversations/3/merge", json!({ "into": "#9" })).await.expect(422).json();
    assert_eq!(wrong["errors"][0]["pointer"], "/into");
    let back = app.post(&agent, "/v1/conversations/2/undo", json!({})).await.expect(200).json();
    assert_eq!((&back["number"], &back["messages"]), (&json!(2), &json!(1)));

    let entries = shown(1).await["items"].clone();
    let answer = entries.as_array().unwrap().iter().find(|entry| entry["title"] == "Re: Tent").unwrap();
    let split =
        app.post(&agent, "/v1/conversations/1/split", json!({ "entry": answer["id"] })).await.expect(201);
    let split = split.json();
    assert_eq!(
        (&split["number"], &split["subject"], &split["messages"]),
        (&json!(4), &json!("Tent"), &json!(1))
    );
    app.post(&agent, "/v1/conversations/2/split", json!({ "entry": answer["id"] })).await.expect(422);
    app.post(&agent, "/v1/conversations/4/undo", json!({})).await.expect(200);
    assert_eq!(shown(4).await["conversation"]["number"], 1);
    app.post(&agent, "/v1/conversations/3/undo", json!({})).await.expect(422);
}

#[tokio::test]
async fn the_contact_of_a_conversation_goes_to_another_profile_and_to_one_of_its_own() {
    let app = app().await;
    let agent = app.person(Role::Agent).await;
    let path = "/v1/conversations/3/profile";
    let moved = app.post(&agent, path, json!({ "to": "ana@example.org" })).await.expect(200).json();
    let ana = app.get(&agent, "/v1/profiles/ana@example.org").await.expect(200).json();
    assert_eq!(moved["profile"], ana["id"]);
    assert_eq!(ana["contacts"].as_array().unwrap().len(), 2);
    let own = app.post(&agent, path, json!({ "to": null })).await.expect(200).json();
    assert_ne!(own["profile"], ana["id"]);
    app.post(&agent, path, json!({ "to": "nobody@example.org" })).await.expect(404);
    let other = ana["contacts"][0]["id"].clone();
    app.post(&agent, path, json!({ "contact": other, "to": null })).await.expect(422);
}
