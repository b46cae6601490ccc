//! The frame of the pages in a real browser: the palette, live updates, presence, a lost line, and axe-core.

use std::io::Write as _;

use reqwest::Method;
use serde_json::json;
use thirtyfour::{Key, WebDriver};
use whom_tests::{Screen, Server, Window};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_changes_elsewhere_is_shown_and_whoever_is_meant_is_told() {
    let folder = whom_tests::folder();
    let server = Server::start(folder.path()).await;
    server.add_person("mia@example.com", "Mia Okonkwo", "owner").await;
    let Some(mia) = Window::open(&server, Screen::DESK).await else { return };
    mia.sign_in(&server, "mia@example.com").await;

    // The palette knows the places, and goes there.
    mia.go("/settings/about").await;
    mia.press_with(Key::Control, 'k').await;
    mia.sees("dialog[data-palette][open]", "Enrichment").await;
    mia.write("enrich").await;
    mia.press(Key::Enter).await;
    mia.at("/settings/enrichment").await;

    // A switch that a program turns is seen to turn.
    mia.find(".switch-button[aria-checked=true]").await;
    let off = json!({ "on": false, "providers": {} });
    server.send(Method::PUT, "/v1/enrichment", &off).await;
    mia.find(".switch-button[aria-checked=false]").await;

    // Somebody who is named in a note is told.
    let ana = json!({ "identifiers": [{ "kind": "email", "value": "ana@example.org" }] });
    server.post("/v1/profiles", &ana).await;
    let note = json!({ "text": "can you call her, @mia?" });
    server.post("/v1/profiles/ana@example.org/notes", &note).await;
    mia.sees("#toasts", "mentioned you").await;
    mia.sees(".bell-count", "1").await;

    // The help says what the page declares, and single keys lead somewhere.
    mia.press('?').await;
    mia.sees("dialog[data-help][open]", "Go to customers").await;
    mia.shut().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_page_keeps_anybody_out() {
    let Some(axe) = axe() else { return };
    let folder = whom_tests::folder();
    let server = Server::start(folder.path()).await;
    server.add_person("mia@example.com", "Mia Okonkwo", "owner").await;
    let Some(mia) = Window::open(&server, Screen::DESK).await else { return };
    let driver = mia.browser().driver();
    let mail = "From: Ana Lima <ana@example.org>\r\nTo: support@example.com\r\nSubject: a tent\r\n\
        Date: Mon, 05 Jan 2026 10:00:00 +0000\r\nMessage-ID: <m1@example.net>\r\n\r\nWhere is it?\r\n";
    server.mail(mail.to_owned()).await.expect("a receipt");
    let found = server.get("/v1/profiles?limit=1").await;
    let profile = format!("/customers/{}", found["items"][0]["id"].as_str().expect("a profile"));
    let mut wrong = check(driver, &server, &axe, "/login").await;
    mia.sign_in(&server, "mia@example.com").await;
    for path in [
        "/styleguide",
        "/customers",
        &profile,
        "/accounts",
        "/tasks",
        "/duplicates",
        "/notices",
        "/settings/general",
        "/settings/mail",
        "/settings/mail/new",
        "/settings/enrichment",
        "/settings/plugins",
        "/settings/properties",
        "/settings/about",
        "/settings/people",
        "/settings/you",
        "/settings/keys",
        "/settings/audit",
        "/nothing/here",
    ] {
        wrong.extend(check(driver, &server, &axe, path).await);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    mia.shut().await;
}

/// What axe-core finds on a page, light and dark.
async fn check(driver: &WebDriver, server: &Server, axe: &str, path: &str) -> Vec<String> {
    const RUN: &str = "const done = arguments[arguments.length - 1]; \
        axe.run(document, { resultTypes: ['violations'] }).then((found) => done(found.violations.map((one) => \
        one.id + ': ' + one.nodes.map((node) => node.target.join(' ')).slice(0, 5).join(', '))))";
    let mut wrong = Vec::new();
    for theme in ["light", "dark"] {
        driver.goto(format!("{}{path}", server.base())).await.unwrap();
        driver.execute(format!("document.documentElement.dataset.theme = '{theme}'"), vec![]).await.unwrap();
        driver.execute(axe, vec![]).await.unwrap();
        let found = driver.execute_async(RUN, vec![]).await.unwrap();
        let found: Vec<String> = found.convert().unwrap();
        wrong.extend(found.into_iter().map(|what| format!("{path}, {theme}: {what}")));
    }
    wrong
}

/// The checker, which is never kept here: `.ci/run` fetches it and says where it is.
fn axe() -> Option<String> {
    let Ok(path) = std::env::var("WHOM_TEST_AXE") else {
        let required = std::env::var("WHOM_TEST_REQUIRE").unwrap_or_default();
        assert!(
            !required.contains("axe"),
            "axe-core is required, and WHOM_TEST_AXE does not say where it is"
        );
        // Written past the test runner, which keeps what a passing test prints to itself.
        let said = "SKIPPED: whether pages keep somebody out needs axe-core (npm pack axe-core); \
            WHOM_TEST_AXE says where axe.min.js is\n";
        let _ = std::io::stderr().write_all(said.as_bytes());
        return None;
    };
    Some(std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}")))
}
