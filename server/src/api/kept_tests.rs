//! Journeys through what is kept around customers: tasks, relationships, notes and accounts.

use axum::{body::Body, http::Method};
use serde_json::{Value, json};

use crate::{
    auth::Role,
    testing::{As, TestApp},
};

async fn made(app: &TestApp, name: &str, email: &str) -> String {
    let body = json!({
        "properties": { "name": name },
        "identifiers": [{ "kind": "email", "value": email }],
    });
    let made = app.post(&As::Local, "/v1/profiles", body).await.expect(201);
    format!("/v1/profiles/{}", made.json()["id"].as_str().unwrap())
}

async fn change(app: &TestApp, by: &As, method: Method, path: &str, version: &str, body: Value) -> u16 {
    app.json(by, method, path, &[("if-match", version)], body).await.status.as_u16()
}

#[tokio::test]
async fn a_task_is_made_assigned_done_and_opened_again() {
    let app = TestApp::new();
    let (agent, reader) = (app.person(Role::Agent).await, app.person(Role::ReadOnly).await);
    let ana = made(&app, "Ana", "ana@example.org").await;
    let new = json!({ "title": "Call back", "due": "2026-03-02", "assignee": "agent" });
    app.post(&reader, &format!("{ana}/tasks"), new.clone()).await.expect(403);
    let task = app.post(&agent, &format!("{ana}/tasks"), new).await.expect(201);
    let (tag, task) = (task.header("etag").to_owned(), task.json());
    let path = format!("/v1/tasks/{}", task["id"].as_str().unwrap());
    assert_eq!(
        (&task["name"], &task["due"], &task["state"]),
        (&json!("Ana"), &json!("2026-03-02"), &json!("open"))
    );

    let mine = app.get(&agent, "/v1/tasks?assignee=me").await.expect(200).json();
    assert_eq!(mine["items"][0]["id"], task["id"]);
    assert_eq!(app.get(&reader, "/v1/tasks?assignee=me").await.json()["items"], json!([]));
    let nobody = json!({ "title": "x", "assignee": "ghost" });
    let wrong = app.post(&agent, &format!("{ana}/tasks"), nobody).await.expect(422).json();
    assert_eq!(wrong["errors"][0]["pointer"], "/assignee");
    let wrong = app.post(&agent, &format!("{ana}/tasks"), json!({ "title": "x", "due": "soon" })).await;
    assert_eq!(wrong.expect(422).json()["errors"][0]["pointer"], "/due");

    let patch = json!({ "due": null, "text": "after lunch" });
    app.json(&agent, Method::PATCH, &path, &[], patch.clone()).await.expect(428);
    let edited =
        app.json(&agent, Method::PATCH, &path, &[("if-match", &tag)], patch.clone()).await.expect(200);
    assert_eq!((&edited.json()["due"], &edited.json()["title"]), (&Value::Null, &json!("Call back")));
    assert_eq!(change(&app, &agent, Method::PATCH, &path, &tag, patch).await, 412);

    for (due_by, listed) in [("2026-03-01", 0), ("2026-03-02", 0)] {
        let found = app.get(&reader, &format!("/v1/tasks?due_by={due_by}")).await.expect(200).json();
        assert_eq!(found["items"].as_array().unwrap().len(), listed, "what has no date is due on no day");
    }
    let tag = app.get(&reader, &path).await.header("etag").to_owned();
    let dated = json!({ "due": "2026-03-02T09:00:00Z" });
    app.json(&agent, Method::PATCH, &path, &[("if-match", &tag)], dated).await.expect(200);
    for (due_by, listed) in [("2026-03-01", 0), ("2026-03-02", 1)] {
        let found = app.get(&reader, &format!("/v1/tasks?due_by={due_by}")).await.expect(200).json();
        assert_eq!(found["items"].as_array().unwrap().len(), listed, "{due_by}");
    }
    app.get(&reader, "/v1/tasks?due_by=soon").await.expect(400);
    app.get(&reader, "/v1/tasks?state=done&due_by=2026-03-02").await.expect(400);

    app.post(&agent, &format!("{path}/done"), json!({})).await.expect(200);
    assert_eq!(app.get(&reader, "/v1/tasks").await.json()["items"], json!([]));
    let done = app.get(&reader, "/v1/tasks?state=done").await.json();
    assert_eq!(done["items"][0]["state"]["done"]["by"], "agent:agent");
    app.post(&agent, &format!("{path}/reopen"), json!({})).await.expect(200);
    app.send(&reader, Method::DELETE, &path, &[], Body::empty()).await.expect(403);
    app.send(&agent, Method::DELETE, &path, &[], Body::empty()).await.expect(200);
    assert_eq!(app.get(&reader, &format!("{ana}/tasks")).await.json()["items"], json!([]));
    app.get(&reader, "/v1/tasks/t_0000000000000000").await.expect(404);
}

#[tokio::test]
async fn two_customers_are_related_from_both_sides() {
    let app = TestApp::new();
    let agent = app.person(Role::Agent).await;
    let (ana, bo) = (made(&app, "Ana", "ana@example.org").await, made(&app, "Bo", "bo@example.org").await);
    let new = json!({ "with": "bo@example.org", "they_are": "assistant" });
    let related = app.post(&agent, &format!("{ana}/relationships"), new).await.expect(201).json();
    let seen = app.get(&agent, &format!("{bo}/relationships")).await.expect(200).json();
    let row = &seen["items"][0];
    assert_eq!(
        (&row["name"], &row["they_are"], &row["this_is"]),
        (&json!("Ana"), &json!("employer"), &json!("assistant"))
    );
    let path = format!("{bo}/relationships/{}", related["id"].as_str().unwrap());
    app.send(&agent, Method::DELETE, &path, &[], Body::empty()).await.expect(204);
    assert_eq!(app.get(&agent, &format!("{ana}/relationships")).await.json()["items"], json!([]));
    app.post(&agent, &format!("{path}/restore"), json!({})).await.expect(204);
    let words = app.get(&agent, "/v1/relationship-words").await.expect(200).json();
    assert!(
        words["items"].as_array().unwrap().contains(&json!({ "they_are": "parent", "this_is": "child" }))
    );
}

#[tokio::test]
async fn a_note_is_changed_pinned_taken_away_and_brought_back() {
    let app = TestApp::new();
    let (agent, reader) = (app.person(Role::Agent).await, app.person(Role::ReadOnly).await);
    let ana = made(&app, "Ana", "ana@example.org").await;
    let bo = made(&app, "Bo", "bo@example.org").await;
    let note = app.post(&agent, &format!("{ana}/notes"), json!({ "text": "One\ntwo" })).await.expect(201);
    let id = note.json()["entry"].as_str().unwrap().to_owned();
    let path = format!("{ana}/notes/{id}");
    let read = app.get(&reader, &path).await.expect(200);
    assert_eq!((read.header("etag"), &read.json()["text"]), ("\"1\"", &json!("One\ntwo")));
    let text = json!({ "text": "Three" });
    assert_eq!(change(&app, &reader, Method::PATCH, &path, "\"1\"", text.clone()).await, 403);
    assert_eq!(change(&app, &agent, Method::PATCH, &path, "\"1\"", text.clone()).await, 200);
    assert_eq!(change(&app, &agent, Method::PATCH, &path, "\"1\"", text).await, 412);
    app.post(&agent, &format!("{path}/pin"), json!({})).await.expect(200);
    let pinned = app.get(&reader, &format!("{ana}/notes?pinned")).await.expect(200).json();
    assert_eq!(pinned["items"][0]["pinned"]["by"], "agent:agent");
    app.send(&agent, Method::DELETE, &path, &[], Body::empty()).await.expect(200);
    assert_eq!(app.get(&reader, &format!("{ana}/notes")).await.json()["items"], json!([]));
    app.post(&agent, &format!("{path}/restore"), json!({})).await.expect(200);
    assert_eq!(app.get(&reader, &format!("{path}/steps")).await.json()["items"].as_array().unwrap().len(), 4);
    app.get(&reader, &format!("{bo}/notes/{id}")).await.expect(404);
}

#[tokio::test]
async fn an_account_is_made_changed_linked_and_found() {
    let app = TestApp::new();
    let (agent, reader) = (app.person(Role::Agent).await, app.person(Role::ReadOnly).await);
    let ana = made(&app, "Ana", "ana@example.org").await;
    let new = json!({ "name": "Acme Tents", "properties": { "domain": "acme.example", "seats": 12 } });
    app.post(&reader, "/v1/accounts", new.clone()).await.expect(403);
    let account = app.post(&agent, "/v1/accounts", new).await.expect(201);
    let (tag, account) =
        (account.header("etag").to_owned(), account.json()["id"].as_str().unwrap().to_owned());
    let path = format!("/v1/accounts/{account}");
    let patch = json!({ "name": "Acme", "properties": { "seats": null } });
    assert_eq!(change(&app, &agent, Method::PATCH, &path, &tag, patch.clone()).await, 200);
    assert_eq!(change(&app, &agent, Method::PATCH, &path, &tag, patch).await, 412);
    let shown = app.get(&reader, &path).await.expect(200).json();
    assert_eq!(
        (&shown["name"], &shown["properties"]),
        (&json!("Acme"), &json!({ "domain": "acme.example" }))
    );
    assert_eq!(app.get(&reader, "/v1/accounts?q=acm").await.json()["items"][0]["id"], account.as_str());
    assert_eq!(app.get(&reader, "/v1/accounts?q=boots").await.json()["items"], json!([]));

    app.post(&agent, &format!("{ana}/accounts"), json!({ "account": account })).await.expect(200);
    let members = app.get(&reader, &format!("{path}/members")).await.expect(200).json();
    assert_eq!(members["items"][0]["name"], "Ana");
    let unlink = format!("{ana}/accounts/{account}");
    let undo = app.send(&agent, Method::DELETE, &unlink, &[], Body::empty()).await.expect(200).json();
    app.send(&agent, Method::DELETE, &unlink, &[], Body::empty()).await.expect(422);
    let undo = format!("{ana}/account-links/{}/undo", undo["entry"].as_str().unwrap());
    app.post(&agent, &undo, json!({})).await.expect(200);
    assert_eq!(app.get(&reader, &ana).await.json()["accounts"][0]["name"], "Acme");

    let note =
        app.post(&agent, &format!("{path}/notes"), json!({ "text": "Pays late" })).await.expect(201).json();
    let note = format!("{path}/notes/{}", note["id"].as_str().unwrap());
    app.post(&agent, &format!("{note}/pin"), json!({})).await.expect(200);
    assert_eq!(change(&app, &agent, Method::PATCH, &note, "\"1\"", json!({ "text": "Pays" })).await, 200);
    let notes = app.get(&reader, &format!("{path}/notes")).await.expect(200).json();
    assert_eq!((&notes["items"][0]["text"], &notes["items"][0]["version"]), (&json!("Pays"), &json!(2)));
}

#[tokio::test]
async fn everything_about_one_person_is_handed_out_with_where_it_came_from() {
    let app = TestApp::new();
    let reader = app.person(Role::ReadOnly).await;
    let ana = made(&app, "Ana, Ruiz", "ana@example.org").await;
    app.post(&As::Local, &format!("{ana}/notes"), json!({ "text": "Call first" })).await.expect(201);
    let whole = app.get(&reader, &format!("{ana}/export")).await.expect(200);
    assert!(whole.header("content-disposition").starts_with("attachment"));
    let whole = whole.json();
    assert_eq!(whole["timeline"][0]["summary"], "Call first");
    let sources: Vec<&str> = whole["properties"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|why| why["winning"][0]["source"].as_str())
        .collect();
    assert!(!sources.is_empty() && sources.iter().all(|source| *source == "agent:local"), "{sources:?}");
    let card = app.get(&reader, &format!("{ana}/export.vcf")).await.expect(200).text();
    assert!(card.starts_with("BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Ana\\, Ruiz\r\n"), "{card}");
    assert!(card.contains("EMAIL:ana@example.org\r\n") && card.ends_with("END:VCARD\r\n"));
    app.get(&As::Anonymous, &format!("{ana}/export")).await.expect(401);
}

#[tokio::test]
async fn a_photo_is_taken_away_for_good_and_shown_again() {
    let app = TestApp::new();
    let (agent, reader) = (app.person(Role::Agent).await, app.person(Role::ReadOnly).await);
    let ana = made(&app, "Ana", "ana@example.org").await;
    let identify = |id: &str, avatar: &str| {
        json!({ "type": "identify", "messageId": id, "userId": "7",
            "traits": { "email": "ana@example.org", "avatar": format!("https://pictures.example/{avatar}") } })
        .to_string()
    };
    let bring = async |line: String| {
        app.send(&As::Local, Method::POST, "/v1/ingest/event-batch?source=shop", &[], line).await.expect(200)
    };
    bring(identify("1", "one.png")).await;
    let shown = async || {
        let view = app.get(&reader, &ana).await.expect(200).json();
        let fields = view["fields"].as_array().unwrap().clone();
        let photo = fields.into_iter().find(|field| field["key"] == "photo");
        photo.map_or(0, |photo| photo["values"].as_array().unwrap().len())
    };
    let photo = format!("{ana}/photo");
    assert_eq!(shown().await, 1);
    app.send(&reader, Method::DELETE, &photo, &[], Body::empty()).await.expect(403);
    let cleared = app.send(&agent, Method::DELETE, &photo, &[], Body::empty()).await.expect(200).json();
    assert_eq!((&cleared["changed"], shown().await), (&json!(1), 0));
    bring(identify("2", "one.png")).await;
    assert_eq!(shown().await, 0, "it stays away when it is offered again");
    let cleared = app.send(&agent, Method::DELETE, &photo, &[], Body::empty()).await.expect(200).json();
    assert_eq!(cleared["changed"], 0);
    let back = app.post(&agent, &format!("{photo}/restore"), json!({})).await.expect(200).json();
    assert_eq!((&back["changed"], shown().await), (&json!(1), 1));
}
