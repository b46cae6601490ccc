//! Who is told what.

use serde_json::json;
use whom_core::model::{ExternalId, Source};

use super::{Notice, Sort, due, tell, watch};
use crate::{
    Role, Scope,
    testing::{As, TestApp},
};

async fn ana(app: &TestApp) -> String {
    let writer = app.token(&[Scope::Read, Scope::Write]).await;
    let body = json!({ "identifiers": [{ "kind": "email", "value": "ana@example.org" }] });
    app.post(&writer, "/v1/profiles", body).await.expect(201).json()["id"].as_str().unwrap().to_owned()
}

async fn note(app: &TestApp, id: &str, text: &str, by: &str) {
    let external = ExternalId::new("test", text);
    let source = Source::agent(by);
    app.state.engine().add_note(id.parse().unwrap(), text, external, &source, app.state.now()).await.unwrap();
}

#[tokio::test]
async fn whoever_a_note_names_is_told_once_and_others_are_not() {
    let app = TestApp::new();
    let id = ana(&app).await;
    let (agent, admin) = (app.person(Role::Agent).await, app.person(Role::Admin).await);
    note(&app, &id, "from before, @agent", "mia").await;
    // What was there before anybody listened is no news.
    let after = watch::read(&app.state, None).await.unwrap();
    note(&app, &id, "can you call her, @agent?", "mia").await;
    note(&app, &id, "I am @agent myself", "agent").await;
    note(&app, &id, "write to someone@admin.example", "mia").await;
    let read = watch::read(&app.state, Some(after)).await.unwrap();
    watch::read(&app.state, Some(after)).await.unwrap();
    assert!(read > after);

    let told = app.get(&agent, "/v1/me/notices").await.expect(200).json();
    assert_eq!((told["unread"].as_u64(), told["items"].as_array().unwrap().len()), (Some(1), 1), "{told}");
    assert_eq!(told["items"][0]["sort"], "mentioned");
    assert_eq!(told["items"][0]["by"], "mia");
    assert!(told["items"][0]["link"].as_str().unwrap().starts_with(&format!("/customers/{id}#e_")), "{told}");
    assert_eq!(app.get(&admin, "/v1/me/notices").await.json()["unread"], 0);

    let page = app.get(&agent, "/notices").await.expect(200).text();
    assert!(page.contains("can you call her") && page.contains("data-unread=\"1\""), "{page}");
    let read = app.post(&agent, "/v1/me/notices/read", json!({})).await.expect(200).json();
    assert_eq!(read["unread"], 0);
    app.get(&As::Local, "/v1/me/notices").await.expect(403);
}

#[tokio::test]
async fn only_the_latest_are_kept() {
    let app = TestApp::new();
    let agent = app.person(Role::Agent).await;
    for number in 0..105 {
        let notice = Notice {
            id: format!("finished:{number}"),
            at: app.state.now(),
            sort: Sort::Finished,
            about: format!("export {number}"),
            by: None,
            link: "/customers".into(),
            read: false,
        };
        tell(&app.state, "agent", notice).await.unwrap();
    }
    let told = app.get(&agent, "/v1/me/notices").await.json();
    assert_eq!(told["items"].as_array().unwrap().len(), 100);
    assert_eq!(told["items"][0]["about"], "export 104");
}

async fn task(app: &TestApp, by: &As, title: &str, due: &str) -> String {
    let task = json!({ "title": title, "due": due, "assignee": "agent" });
    app.post(by, "/v1/profiles/ana@example.org/tasks", task).await.expect(201).json()["id"]
        .as_str()
        .unwrap()
        .to_owned()
}

async fn told(app: &TestApp, by: &As) -> Vec<(String, String)> {
    let all = app.get(by, "/v1/me/notices").await.expect(200).json();
    let items = all["items"].as_array().unwrap();
    let text = |one: &serde_json::Value, part: &str| one[part].as_str().unwrap().to_owned();
    items.iter().map(|one| (text(one, "sort"), text(one, "about"))).collect()
}

#[tokio::test]
async fn a_task_is_told_when_it_becomes_due_and_a_restart_tells_nothing_twice() {
    let app = TestApp::new();
    ana(&app).await;
    let agent = app.person(Role::Agent).await;
    let zone = json!({ "zone": "Asia/Tokyo" });
    app.json(&agent, axum::http::Method::PATCH, "/v1/me/settings", &[], zone).await.expect(200);
    // It is noon of the first of March here, and nine in the evening there.
    task(&app, &agent, "overdue long ago", "2026-01-01").await;
    let mut until = Some(due::look(&app.state, None).await.unwrap());
    let soon = task(&app, &agent, "call back", "2026-03-01T12:10:00Z").await;
    task(&app, &agent, "tomorrow there", "2026-03-02").await;
    task(&app, &agent, "another day", "2026-03-03").await;
    let done = task(&app, &agent, "done before", "2026-03-01T12:20:00Z").await;
    app.post(&agent, &format!("/v1/tasks/{done}/done"), json!({})).await;
    let expect = async |minutes: i64, until: Option<_>, expected: &[&str]| {
        app.clock.advance(minutes * 60_000);
        let until = due::look(&app.state, until).await.unwrap();
        let titles: Vec<String> = told(&app, &agent).await.into_iter().map(|(_, about)| about).collect();
        assert_eq!(titles, expected, "{minutes} minutes later");
        Some(until)
    };
    until = expect(9, until, &[]).await;
    until = expect(1, until, &["call back"]).await;
    // After a restart it begins where it was written down, and what was told already is kept once.
    expect(30, None, &["call back"]).await;
    until = expect(1, until, &["call back"]).await;
    // Eight in the morning of the second of March in Tokyo.
    until = expect(10 * 60 + 18, until, &["call back"]).await;
    until = expect(1, until, &["tomorrow there", "call back"]).await;
    expect(0, until, &["tomorrow there", "call back"]).await;
    let page = app.get(&agent, "/notices").await.expect(200).text();
    assert!(page.contains("A task is due") && page.contains(&format!("/tasks/{soon}")), "{page}");
}

#[tokio::test]
async fn whoever_is_given_a_task_is_told_by_whom() {
    let app = TestApp::new();
    ana(&app).await;
    let (agent, admin) = (app.person(Role::Agent).await, app.person(Role::Admin).await);
    let after = watch::read(&app.state, None).await.unwrap();
    let id = task(&app, &admin, "send the poles", "2026-03-09").await;
    task(&app, &agent, "my own", "2026-03-09").await;
    watch::read(&app.state, Some(after)).await.unwrap();
    assert_eq!(told(&app, &agent).await, [("given".to_owned(), "send the poles".to_owned())]);
    assert!(told(&app, &admin).await.is_empty());
    let page = app.get(&agent, "/notices").await.text();
    assert!(page.contains("Admin gave you a task") && page.contains(&format!("/tasks/{id}")), "{page}");
}

#[tokio::test]
async fn whoever_asked_for_a_bulk_action_is_told_when_it_is_over() {
    let app = TestApp::searching().await;
    ana(&app).await;
    app.clock.advance(60_000);
    let agent = app.person(Role::Agent).await;
    let body = json!({ "action": { "do": "add_tag", "tags": ["vip"] }, "found": {} });
    let job = app.post(&agent, "/v1/bulk", body).await.expect(202).json();
    for _ in 0..1000 {
        if !told(&app, &agent).await.is_empty() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(2)).await;
    }
    let expected = "Add “vip” to tags, 1 customer · Done";
    assert_eq!(told(&app, &agent).await, [("finished".to_owned(), expected.to_owned())]);
    let told = app.get(&agent, "/v1/me/notices").await.json();
    assert_eq!(told["items"][0]["link"], format!("/customers/bulk/{}", job["id"].as_str().unwrap()));
}
