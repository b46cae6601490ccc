//! Every page there is, as axe-core, a telephone and a screen reader find it: with work behind it, light and dark.
//!
//! What is opened stands in `tests/pages.txt`; a test of the server holds that list to the table of routes.

use std::{collections::BTreeMap, io::Write as _};

use reqwest::Method;
use serde_json::{Value, json};
use whom_tests::{PASSWORD, Screen, Server, Window};

const PAGES: &str = include_str!("../../pages.txt");

/// A formatted mail with a quote, a picture from elsewhere and a file.
const RICH: &str = "From: Zoë Müller <zoe@example.net>\r\nTo: help@shop.example\r\nSubject: Two boots, one size\r\n\
    Date: Tue, 06 Jan 2026 10:00:00 +0000\r\nMessage-ID: <rich@example.net>\r\nMIME-Version: 1.0\r\n\
    Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n\
    <h1>Hello</h1><p style=\"color:#ccc\">Both boots are <b>left</b>. <a href=\"https://example.net/order\">My order</a></p>\
    <table><tr><td>Size</td><td>39</td></tr></table><img src=\"https://example.net/boot.png\" width=\"300\" height=\"200\">\
    <blockquote>On Monday Mia wrote: which size?</blockquote>\r\n--b\r\nContent-Type: text/csv; name=order.csv\r\n\
    Content-Disposition: attachment; filename=order.csv\r\n\r\nitem,size\r\nboot,39\r\n--b--\r\n";

fn text(answer: &Value, part: &str) -> String {
    answer[part].as_str().unwrap_or_else(|| panic!("no {part} in {answer}")).to_owned()
}

/// A house where people work; gives what stands for the names in braces.
async fn busy_house(server: &Server) -> BTreeMap<&'static str, String> {
    for (login, name, role) in [
        ("mia@example.com", "Mia Okonkwo", "owner"),
        ("jonas@example.com", "Jonas Reuter", "agent"),
        ("noor@example.com", "Noor Visser", "read_only"),
    ] {
        server.add_person(login, name, role).await;
    }
    let plain = "From: Ana Lima <ana@example.org>\r\nTo: help@shop.example\r\nSubject: A tent without poles\r\n\
        Date: Mon, 05 Jan 2026 10:00:00 +0000\r\nMessage-ID: <plain@example.org>\r\n\r\nHello,\r\n\r\nwhere are they?\r\n\r\n\
        Ana Lima\r\n+49 30 901820\r\n";
    let first = server.mail(plain.to_owned()).await.expect("a receipt");
    let rich = server.mail(RICH.to_owned()).await.expect("a receipt");
    let ana = text(&server.get("/v1/profiles/ana@example.org").await, "id");
    // Two who may be one, found by what the rules say.
    let twin = json!({
        "identifiers": [{ "kind": "email", "value": "ana.lima@example.net" }],
        "properties": { "name": "Ana Lima", "company": "Fjell" },
    });
    let twin = text(&server.post("/v1/profiles", &twin).await, "id");
    server.post(&format!("/v1/profiles/{ana}/notes"), &json!({ "text": "Prefers to be called. @mia" })).await;
    let task = json!({ "title": "Send the poles", "due": "2026-01-09", "assignee": "mia@example.com" });
    let task = text(&server.post(&format!("/v1/profiles/{ana}/tasks"), &task).await, "id");
    let account = text(&server.post("/v1/accounts", &json!({ "name": "Fjell Outdoor" })).await, "id");
    server.post(&format!("/v1/profiles/{ana}/accounts"), &json!({ "account": account })).await;
    let number = |receipt: &Value| text(receipt, "conversation");
    let plain = server.get(&format!("/v1/conversations/{}", number(&first))).await["conversation"]["number"]
        .to_string();
    let rich = server.get(&format!("/v1/conversations/{}", number(&rich))).await["conversation"]["number"]
        .to_string();
    let edit = json!({ "assignee": "mia@example.com", "priority": "high", "add_tags": ["poles"] });
    server.change(&format!("/v1/conversations/{plain}"), &edit).await;
    let channel = json!({
        "name": "Support", "address": "help@shop.example", "display_name": "Fernweh", "host": "127.0.0.1",
        "port": 2525, "security": "none",
    });
    let channel = text(&server.post("/v1/channels", &channel).await, "id");
    let bulk = json!({ "action": { "do": "add_tag", "tags": ["vip"] }, "profiles": [ana.as_str()] });
    let bulk = text(&server.post("/v1/bulk", &bulk).await, "id");
    server.post("/v1/keys", &json!({ "name": "web shop", "kind": "token", "scopes": ["read"] })).await;
    let invited = json!({ "email": "new@example.com", "role": "agent" });
    let invited = text(&server.post("/v1/invitations", &invited).await, "path");
    let entries = server.get(&format!("/v1/conversations/{plain}")).await;
    let entry = text(&entries["items"][0], "id");
    BTreeMap::from([
        ("{ana}", ana),
        ("{twin}", twin),
        ("{task}", task),
        ("{account}", account),
        ("{plain}", plain),
        ("{rich}", rich),
        ("{channel}", channel),
        ("{bulk}", bulk),
        ("{entry}", entry),
        ("{invitation}", invited.split_once("token=").expect("a token").1.to_owned()),
    ])
}

/// What is opened: of those who are signed out, half in, or in.
fn opened(names: &BTreeMap<&str, String>, whose: &str) -> Vec<String> {
    let paths = PAGES.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('\t'));
    let paths = paths.map(|(_, path)| path).filter(|path| !path.starts_with('-'));
    let own = paths.filter_map(|path| match path.split_once(':') {
        Some((before, path)) if !before.starts_with('/') => (before == whose).then_some(path),
        _ => (whose == "in").then_some(path),
    });
    own.map(|path| names.iter().fold(path.to_owned(), |path, (name, value)| path.replace(name, value)))
        .collect()
}

/// Everything that keeps somebody out of the pages of one screen.
async fn wrong_on(screen: Screen) -> Option<Vec<String>> {
    let axe = axe()?;
    let folder = whom_tests::folder();
    let server = Server::start(folder.path()).await;
    let names = busy_house(&server).await;
    let window = Window::open(&server, screen).await?;
    let mut wrong = Vec::new();
    for path in opened(&names, "out") {
        wrong.extend(look_at(&window, &axe, &path).await);
    }
    // Whose role demands a second factor stands before the picture of squares after the password.
    let terms = json!({ "second_factor_for": ["agent"], "audit_days": 400 });
    server.send(Method::PUT, "/v1/settings/security", &terms).await;
    window.go("/login").await;
    window.fill("main", "Login name", "jonas@example.com").await;
    window.fill("main", "Password", PASSWORD).await;
    window.click_button("main", "Sign in").await;
    window.at("/login/code").await;
    for path in opened(&names, "half") {
        wrong.extend(look_at(&window, &axe, &path).await);
    }
    window.sign_in(&server, "mia@example.com").await;
    for path in opened(&names, "in").into_iter().chain(["/nothing/here".to_owned()]) {
        wrong.extend(look_at(&window, &axe, &path).await);
    }
    window.shut().await;
    Some(wrong)
}

/// What axe-core finds on a page, light and dark; whether it is wider than its screen; and its landmarks.
async fn look_at(window: &Window, axe: &str, path: &str) -> Vec<String> {
    const RUN: &str = "const done = arguments[arguments.length - 1]; \
        axe.run(document, { resultTypes: ['violations'] }).then((found) => done(found.violations.map((one) => \
        one.id + ': ' + one.nodes.map((node) => node.target.join(' ')).slice(0, 5).join(', '))))";
    window.go(path).await;
    let driver = window.browser().driver();
    driver.execute(axe, vec![]).await.unwrap();
    let mut wrong = Vec::new();
    for theme in ["light", "dark"] {
        driver.execute(format!("document.documentElement.dataset.theme = '{theme}'"), vec![]).await.unwrap();
        let found: Vec<String> = driver.execute_async(RUN, vec![]).await.unwrap().convert().unwrap();
        wrong.extend(found.into_iter().map(|what| format!("{theme}: {what}")));
    }
    let count = async |what: &str| window.js(&format!("document.querySelectorAll('{what}').length")).await;
    for (what, expected) in [("h1", 1), ("main", 1)] {
        let found = count(what).await;
        if found != json!(expected) {
            wrong.push(format!("{found} {what}"));
        }
    }
    let is_in = count("form[action=\"/logout\"]").await != json!(0);
    if is_in && (count("nav.rail").await, count("header.bar").await) != (json!(1), json!(1)) {
        wrong.push("no rail, or no bar".to_owned());
    }
    let wider =
        window.js("document.documentElement.scrollWidth - document.documentElement.clientWidth").await;
    if wider != json!(0) {
        const STANDS_OUT: &str = "[...document.querySelectorAll('body *')].filter((one) => one.getBoundingClientRect().right > \
            document.documentElement.clientWidth + 0.1).slice(0, 8).map((one) => `${one.tagName}.${one.className}`).join(' ')";
        wrong.push(format!("{wider} pixels wider than the screen: {}", window.js(STANDS_OUT).await));
    }
    wrong.into_iter().map(|what| format!("{path}, {what}")).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_page_keeps_anybody_out_at_a_desk() {
    let wrong = wrong_on(Screen::DESK).await.unwrap_or_default();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_page_keeps_anybody_out_on_a_telephone() {
    let wrong = wrong_on(Screen::Phone).await.unwrap_or_default();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
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
