//! Promises about the audit log.

use whom_core::{model::Timestamp, store::DocumentKind};

use super::*;
use crate::testing::TestApp;

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

async fn filled() -> TestApp {
    let app = TestApp::new();
    for (day, login, what) in
        [(1, "ana", "signed_in"), (2, "ben", "signed_in"), (3, "ana", "person_added"), (3, "ana", "key_made")]
    {
        let deed = Deed::new(Who::Person(login.into()), what).on("person", "eve");
        record(app.state.store(), &deed, at(&format!("2026-02-0{day}T10:00:00Z"))).await.unwrap();
    }
    app
}

async fn asked(app: &TestApp, query: AuditQuery) -> Vec<String> {
    let (found, _) = list(app.state.store(), &query, None, 50).await.unwrap();
    found.into_iter().map(|(_, entry)| format!("{} {}", entry.who.word(), entry.what)).collect()
}

#[tokio::test]
async fn the_newest_entry_comes_first_even_within_a_millisecond() {
    let app = filled().await;
    let all = asked(&app, AuditQuery::default()).await;
    assert_eq!(all, ["ana key_made", "ana person_added", "ben signed_in", "ana signed_in"]);
}

#[tokio::test]
async fn entries_are_found_by_who_what_on_what_and_when() {
    let app = filled().await;
    let ana = AuditQuery { who: "ana".into(), what: "person".into(), on: "eve".into(), ..Default::default() };
    assert_eq!(asked(&app, ana).await, ["ana person_added"]);
    let second = AuditQuery { since: "2026-02-02".into(), until: "2026-02-03".into(), ..Default::default() };
    assert_eq!(asked(&app, second).await, ["ben signed_in"]);
    assert_eq!(asked(&app, AuditQuery { on: "person:nobody".into(), ..Default::default() }).await, [""; 0]);
}

#[tokio::test]
async fn a_cursor_goes_on_where_the_page_ended() {
    let app = filled().await;
    let query = AuditQuery { who: "ana".into(), ..Default::default() };
    let (first, next) = list(app.state.store(), &query, None, 2).await.unwrap();
    let (second, end) = list(app.state.store(), &query, next, 2).await.unwrap();
    assert_eq!((first.len(), second.len(), end), (2, 1, None));
    assert_eq!(second[0].1.what, "signed_in");
}

#[tokio::test]
async fn only_what_is_too_old_is_swept() {
    let app = filled().await;
    let swept = sweep(app.state.store(), at("2026-02-03T00:00:00Z"), app.state.now()).await.unwrap();
    assert_eq!(swept, 2);
    let left = app.state.store().documents(DocumentKind::Audit, None, 10).await.unwrap();
    assert_eq!(left.len(), 2);
}
