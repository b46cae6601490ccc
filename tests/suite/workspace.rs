//! The frame of the pages in a real browser: the palette, live updates, presence, a lost line.

use reqwest::Method;
use serde_json::json;
use thirtyfour::Key;
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
