//! A message to several customers, each found by a few letters.

use serde_json::json;
use thirtyfour::Key;
use whom_tests::{PlayedPost, Screen, Server, Window};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_goes_to_all_who_were_found_while_typing() {
    let folder = whom_tests::folder();
    let server = Server::start(folder.path()).await;
    server.add_person("mia@example.com", "Mia Okonkwo", "agent").await;
    let post = PlayedPost::start().await;
    post.serves(&server).await;
    for (name, address) in [("Ana Lima", "ana@example.org"), ("Falk, Bo", "bo@example.org")] {
        let with = json!({
            "identifiers": [{ "kind": "email", "value": address }],
            "properties": { "name": name },
        });
        server.post("/v1/profiles", &with).await;
    }
    let Some(mia) = Window::open(&server, Screen::DESK).await else { return };
    mia.sign_in(&server, "mia@example.com").await;
    mia.go("/conversations/new").await;

    // A comma in a name does not end it.
    mia.click("#to").await;
    for (letters, address) in [("falk", "bo@example.org"), ("lim", "ana@example.org")] {
        mia.write(letters).await;
        mia.sees(".suggestions", address).await;
        mia.press(Key::Down).await;
        mia.press(Key::Enter).await;
    }
    mia.stands("#to", "\"Falk, Bo\" <bo@example.org>, \"Ana Lima\" <ana@example.org>, ").await;
    mia.fill(".new-message", "Subject", "Pegs").await;
    mia.fill(".new-message", "Message", "They are in the side pocket.").await;
    mia.press_with(Key::Control, Key::Enter).await;
    mia.at("/conversations/1").await;
    let left = post.waits_for(1).await;
    for part in ["\nTo: ", "ana@example.org", "bo@example.org", "They are in the side pocket."] {
        assert!(left.raw.contains(part), "{part}: {}", left.raw);
    }
    mia.shut().await;
}
