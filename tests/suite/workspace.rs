//! The frame of the pages in a real browser: the palette, live updates, presence, a lost line, and axe-core.

use std::{io::Write as _, time::Duration};

use thirtyfour::{By, Key, WebDriver};
use whom_tests::{Browser, Server, whom};

/// Waits until something is so, and says what was not.
async fn until<F: Future<Output = bool>>(what: &str, mut is_so: impl FnMut() -> F) {
    for _ in 0..300 {
        if is_so().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{what} never came true");
}

async fn says(driver: &WebDriver, place: &str, words: &str) -> bool {
    match driver.find(By::Css(place)).await {
        Ok(found) => found.text().await.is_ok_and(|text| text.contains(words)),
        Err(_) => false,
    }
}

async fn sign_in(driver: &WebDriver, server: &Server, login: &str) {
    let path = format!("/v1/people/{login}/login-link");
    let link = server.request(reqwest::Method::POST, &path).send().await.unwrap().text().await.unwrap();
    let link: serde_json::Value = serde_json::from_str(&link).unwrap();
    driver.goto(format!("{}{}", server.base(), link["path"].as_str().unwrap())).await.unwrap();
}

async fn send(server: &Server, method: reqwest::Method, path: &str, body: serde_json::Value) {
    let request = server.request(method, path).header("content-type", "application/json");
    let answer = request.body(body.to_string()).send().await.unwrap();
    assert!(answer.status().is_success(), "{path}: {}", answer.text().await.unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_changes_elsewhere_is_shown_and_whoever_is_meant_is_told() {
    let Some(browser) = Browser::start(1440, 900).await else { return };
    let driver = browser.driver();
    let folder = whom_tests::folder();
    whom(folder.path(), &["user", "add", "mia@example.com", "--role", "owner", "--json"]).good();
    let server = Server::start(folder.path()).await;
    sign_in(driver, &server, "mia@example.com").await;

    // The palette knows the places, and goes there.
    driver.goto(format!("{}/settings/about", server.base())).await.unwrap();
    let body = driver.find(By::Tag("body")).await.unwrap();
    body.send_keys(Key::Control + "k").await.unwrap();
    until("the palette opens", || says(driver, "dialog[data-palette][open]", "Enrichment")).await;
    let field = driver.find(By::Css("dialog[data-palette] input")).await.unwrap();
    field.send_keys("enrich").await.unwrap();
    field.send_keys(Key::Enter + "").await.unwrap();
    until("the page opens", || async {
        driver.current_url().await.is_ok_and(|url| url.path() == "/settings/enrichment")
    })
    .await;

    // A switch that a program turns is seen to turn.
    let is_off = || async { driver.find(By::Css(".switch-button[aria-checked=false]")).await.is_ok() };
    assert!(!is_off().await);
    let off = serde_json::json!({ "on": false, "providers": {} });
    tokio::time::sleep(Duration::from_millis(500)).await;
    send(&server, reqwest::Method::PUT, "/v1/enrichment", off).await;
    until("the switch is off", is_off).await;

    // Somebody who is named in a note is told.
    let ana = serde_json::json!({ "identifiers": [{ "kind": "email", "value": "ana@example.org" }] });
    send(&server, reqwest::Method::POST, "/v1/profiles", ana).await;
    let note = serde_json::json!({ "text": "can you call her, @mia?" });
    send(&server, reqwest::Method::POST, "/v1/profiles/ana@example.org/notes", note).await;
    until("the news", || says(driver, "#toasts", "mentioned you")).await;
    assert!(says(driver, ".bell-count", "1").await);

    // The help says what the page declares, and single keys lead somewhere.
    let body = driver.find(By::Tag("body")).await.unwrap();
    body.send_keys("?").await.unwrap();
    until("the help", || says(driver, "dialog[data-help][open]", "Go to customers")).await;
    browser.quit().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_page_keeps_anybody_out() {
    let Some(axe) = axe() else { return };
    let Some(browser) = Browser::start(1440, 900).await else { return };
    let driver = browser.driver();
    let folder = whom_tests::folder();
    whom(folder.path(), &["user", "add", "mia@example.com", "--role", "owner", "--json"]).good();
    let server = Server::start(folder.path()).await;
    let mail = "From: Ana Lima <ana@example.org>\r\nTo: support@example.com\r\nSubject: a tent\r\n\
        Date: Mon, 05 Jan 2026 10:00:00 +0000\r\nMessage-ID: <m1@example.net>\r\n\r\nWhere is it?\r\n";
    server.mail(mail.to_owned()).await.expect("a receipt");
    let found = server.get("/v1/profiles?limit=1").await;
    let profile = format!("/customers/{}", found["items"][0]["id"].as_str().expect("a profile"));
    let mut wrong = check(driver, &server, &axe, "/login").await;
    sign_in(driver, &server, "mia@example.com").await;
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
    browser.quit().await;
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
