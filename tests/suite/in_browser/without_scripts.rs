//! The work of an agent in a browser in which no script runs.

use serde_json::json;
use whom_tests::{Letter, PASSWORD, PlayedPost, Screen, Server, Window, hand_over};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_agent_works_without_scripts() {
    let folder = whom_tests::folder();
    let server = Server::start(folder.path()).await;
    server.add_person("mia@example.com", "Mia Okonkwo", "agent").await;
    let post = PlayedPost::start().await;
    post.serves(&server).await;
    let letter =
        Letter::new("Ana Lima <ana@example.org>", "1@example.org", "A tent", "Hello,\nit has not come yet.");
    hand_over(server.lmtp(), "ana@example.org", &letter.raw()).await;
    server.edit("ana@example.org", &json!({ "location": "Oslo" })).await;
    let Some(mia) = Window::open(&server, Screen::WithoutScripts).await else { return };

    // Nothing runs: a page that would scripts mark itself does not.
    mia.go("/login").await;
    assert!(!mia.browser().driver().source().await.unwrap().contains("class=\"scripted\""));
    mia.fill("form", "Login name", "mia@example.com").await;
    mia.fill("form", "Password", PASSWORD).await;
    mia.click_button("form", "Sign in").await;
    mia.at("/inbox").await;

    // Reading and answering.
    mia.click_link(".inbox-rows", "A tent").await;
    mia.at("/conversations/1").await;
    mia.sees("#thread", "it has not come yet.").await;
    mia.click("#composer-text").await;
    mia.write("It left today.").await;
    mia.click_button("#composer", "Send").await;
    mia.sees("main", "On its way.").await;
    mia.sees("#thread .bubble.out", "It left today.").await;
    assert!(post.waits_for(1).await.raw.contains("It left today."));

    // A note.
    mia.hit(async || mia.find("#composer label.choice-tab:has([value=note])").await).await;
    mia.click("#composer-text").await;
    mia.write("She waits since spring.").await;
    mia.click_button("#composer", "Save note").await;
    mia.sees("#thread .bubble.note", "She waits since spring.").await;

    // Beside it a field is edited, and saved by its button.
    let field = ".info form[action*='/fields/location']";
    mia.fill(field, "Location", "Bergen").await;
    mia.click_button(field, "Save").await;
    mia.sees(".info", "Location").await;
    assert!(server.get("/v1/profiles/ana@example.org").await.to_string().contains("Bergen"));

    // Whom it belongs to, and that it is done.
    mia.go("/conversations/1").await;
    mia.hit(async || mia.find("#assignee option[value='mia@example.com']").await).await;
    mia.click_button(".talk-facts form:has(#assignee)", "Save").await;
    mia.sees("#thread", "Mia Okonkwo took it").await;
    mia.click_button(".talk-head", "Close").await;
    mia.sees("main", "Closed").await;
    let conversation = server.get("/v1/conversations/1").await;
    assert_eq!(
        (&conversation["conversation"]["status"], &conversation["conversation"]["assignee"]),
        (&json!("closed"), &json!("mia@example.com"))
    );

    // Out.
    mia.click("details.menu summary.who").await;
    mia.click_button("header.bar", "Sign out").await;
    mia.at("/login").await;
    mia.go("/inbox").await;
    mia.at("/login").await;
    mia.shut().await;
}
