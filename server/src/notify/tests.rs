//! Who is told what.

use serde_json::json;
use whom_core::model::{ExternalId, Source};

use super::{Notice, Sort, tell, watch};
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
