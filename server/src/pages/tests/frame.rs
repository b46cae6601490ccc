//! The frame of every page: what waits, and dates and numbers in the ways of whoever reads.

use axum::http::Method;
use serde_json::json;
use whom_core::model::Source;

use super::*;
use crate::auth::Role;

fn rail(page: &str) -> String {
    let rail = between(page, "<ul id=\"rail\"", "</ul>");
    rail.lines()
        .filter_map(|line| line.split_once("class=\"unseen\">: "))
        .map(|(_, says)| says.to_owned() + "\n")
        .collect()
}

#[tokio::test]
async fn the_rail_says_what_waits_and_can_be_asked_for_alone() {
    let (app, id) = app().await;
    let agent = app.person(Role::Agent).await;
    let says =
        async |path: &str| rail(&get(&app, &agent, path).await.expect(200).text()).replace("</span>", "");
    assert_eq!(says("/customers").await, "0 yours, 1 unassigned\n");
    app.json(
        &agent,
        Method::PATCH,
        "/v1/conversations/1",
        &[("if-match", "*")],
        json!({ "assignee": "agent" }),
    )
    .await
    .expect(200);
    for (due, request) in [("2026-02-01", 1), ("2026-03-01", 2), ("2026-03-02", 3)] {
        let form = format!("title=Call&due={due}&assignee=agent&who={id}&request={request}");
        send(&app, &agent, "/tasks?back=/tasks", &form).await.expect(303);
    }
    assert_eq!(says("/customers").await, "1 yours, 0 unassigned\n2 due\n");
    let alone = get(&app, &agent, "/rail?part=tasks").await.expect(200).text();
    assert!(alone.starts_with("<ul id=\"rail\"") && !alone.contains("<html"), "{alone}");
    assert!(alone.contains("href=\"/tasks\" aria-current=\"page\""), "{alone}");
    assert_eq!(rail(&alone).replace("</span>", ""), "1 yours, 0 unassigned\n2 due\n");
    let page = get(&app, &agent, "/customers").await.text();
    assert!(page.contains("data-live=\"inbox tasks duplicates\" data-live-src=\"/rail?part=customers\""));
}

#[tokio::test]
async fn a_pair_that_may_be_one_is_counted_until_somebody_decides() {
    let app = TestApp::new();
    let rules_know = json!({ "properties": { "name": "Ana Lima" } });
    let mut ids = Vec::new();
    for email in ["ana@example.org", "ana@example.net"] {
        let mut body = rules_know.clone();
        body["identifiers"] = json!([{ "kind": "email", "value": email }]);
        ids.push(
            app.post(&As::Local, "/v1/profiles", body).await.expect(201).json()["id"]
                .as_str()
                .unwrap()
                .to_owned(),
        );
    }
    let [a, b] = [ids[0].parse().unwrap(), ids[1].parse().unwrap()];
    crate::duplicates::keep_for_tests(&app.state, a, b).await;
    assert_eq!(crate::duplicates::count_open(&app.state).await.unwrap(), 1);
    app.state.engine().tell_apart(a, b, &Source::agent("ana"), app.state.now()).await.unwrap();
    assert_eq!(crate::duplicates::count_open(&app.state).await.unwrap(), 0);
}

#[tokio::test]
async fn dates_and_numbers_follow_whoever_reads() {
    let (app, id) = app().await;
    for number in 0..1200 {
        arrives(
            &app,
            &format!("m{number}"),
            "2026-02-20T14:02:00Z",
            "ana@example.org",
            vec![],
            event("seen", "n", "1"),
        )
        .await;
    }
    let agent = app.person(Role::Agent).await;
    let path = format!("/customers/{id}");
    let shows = async |locale: Option<&str>, browser: &str, words: [&str; 2]| {
        let chosen = json!({ "locale": locale.unwrap_or_default(), "zone": "UTC" });
        app.json(&agent, Method::PATCH, "/v1/me/settings", &[], chosen).await.expect(200);
        let headers = [("accept", "text/html"), ("accept-language", browser)];
        let page = app.send(&agent, Method::GET, &path, &headers, "").await.expect(200).text();
        let list =
            app.send(&agent, Method::GET, "/customers?columns=events", &headers, "").await.expect(200).text();
        for word in words {
            assert!(page.contains(word) || list.contains(word), "{locale:?} {browser}: {word}\n{page}{list}");
        }
        assert!(page.contains("<html lang=\"en\""));
    };
    shows(Some("en-US"), "", ["1,202", "2:02 PM"]).await;
    shows(Some("en-GB"), "", ["1,202", "14:02"]).await;
    shows(Some("de-DE"), "", ["1.202", "14:02"]).await;
    shows(Some("sv-SE"), "", ["1\u{a0}202", "14:02"]).await;
    shows(Some("ja-JP"), "", ["1,202", "14:02"]).await;
    shows(Some("ar-EG"), "", ["١٬٢٠٢", "٢:٠٢ PM"]).await;
    // Whoever chose nothing has what their browser asks for; what nobody knows, the ways of nobody.
    shows(None, "de-DE,de;q=0.9", ["1.202", "data-locale=\"de-DE\""]).await;
    shows(None, "tlh", ["1\u{202f}202", "14:02"]).await;
}

#[tokio::test]
async fn ones_own_page_offers_the_locales_by_name_and_the_zones() {
    let app = TestApp::new();
    let agent = app.person(Role::Agent).await;
    send(&app, &agent, "/settings/you", "name=Ana&locale=sv-SE&zone=Europe%2FStockholm").await.expect(303);
    let page = get(&app, &agent, "/settings/you").await.expect(200).text();
    assert!(page.contains("<option value=\"sv-SE\" selected>Swedish (Sweden)</option>"), "{page}");
    assert!(page.contains("<option value=\"Europe/Stockholm\">") && page.contains("list=\"zones\""));
    for (locale, name) in
        crate::locale::ALL.iter().map(|ways| (ways.tag, crate::pages::words::people::locale(ways.tag)))
    {
        assert_ne!(locale, name, "a locale has no name");
    }
}

#[test]
fn every_page_is_looked_at_in_the_browser_tests() {
    let list = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/pages.txt");
    let list = std::fs::read_to_string(list).unwrap();
    let listed: std::collections::BTreeSet<&str> = list
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| Some(line.split_once('\t')?.0))
        .collect();
    let table = crate::table();
    let pages: std::collections::BTreeSet<&str> = table
        .iter()
        .filter(|route| {
            route.method == Method::GET && route.surface == crate::Surface::Page && route.path != "/healthz"
        })
        .map(|route| route.path)
        .collect();
    assert_eq!(listed, pages, "left: tests/pages.txt, right: the table of routes");
}
