//! What somebody writes is never lost: not when the server falls over, and not when the window goes.

use std::time::Duration;

use thirtyfour::Key;
use whom_tests::{Letter, PlayedPost, Screen, Server, Window, comes, hand_over};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_that_is_written_gets_lost() {
    let folder = whom_tests::folder();
    let server = Server::start(folder.path()).await;
    server.add_person("mia@example.com", "Mia Okonkwo", "agent").await;
    let post = PlayedPost::start().await;
    post.serves(&server).await;
    let letter =
        Letter::new("Ana Lima <ana@example.org>", "1@example.org", "A tent", "Hello,\nit has not come yet.");
    hand_over(server.lmtp(), "ana@example.org", &letter.raw()).await;
    let Some(mia) = Window::open(&server, Screen::DESK).await else { return };
    mia.sign_in(&server, "mia@example.com").await;
    mia.go("/conversations/1").await;

    // Mia writes; the draft is kept. The server is killed, and she goes on writing.
    mia.press('r').await;
    mia.write("Your tent left this morning").await;
    mia.sees("[data-draft-state]", "Draft saved").await;
    let port = server.port();
    server.kill();
    mia.write(" from Bergen").await;
    mia.sees("[data-draft-state]", "Saved in this browser").await;
    mia.write(" and comes on Monday.").await;
    mia.find("[data-offline]").await;
    mia.stands("#composer-text", "Your tent left this morning from Bergen and comes on Monday.").await;

    // Sending now does nothing worse than saying so.
    mia.press_with(Key::Control, Key::Enter).await;
    mia.sees("#toasts", "nothing was sent").await;
    mia.at("/conversations/1").await;
    mia.stands("#composer-text", "Your tent left this morning from Bergen and comes on Monday.").await;
    assert!(mia.is_in("#composer-text").await);

    // The server is back at the same place; the page notices, and the answer leaves whole and once.
    let server = Server::start_at(folder.path(), port).await;
    mia.finds("the banner is gone", "document.querySelector('[data-offline]').hidden").await;
    mia.press_with(Key::Control, Key::Enter).await;
    let left = post.waits_for(1).await;
    assert!(
        left.raw.contains("Your tent left this morning from Bergen and comes on Monday."),
        "{}",
        left.raw
    );
    mia.sees("#thread .bubble.out", "from Bergen and comes on Monday.").await;
    mia.stands("#composer-text", "").await;

    // The window goes in the middle of a sentence, before anything was saved; it is there when she is back.
    mia.press('r').await;
    mia.write("P.S. Pegs are in the side poc").await;
    let driver = mia.browser().driver();
    let old = driver.window().await.unwrap();
    let new = driver.new_tab().await.unwrap();
    driver.switch_to_window(old).await.unwrap();
    driver.close_window().await.unwrap();
    driver.switch_to_window(new).await.unwrap();
    mia.go("/conversations/1").await;
    mia.stands("#composer-text", "P.S. Pegs are in the side poc").await;

    // Another browser finds it too, once the server has heard of it.
    let Some(home) = Window::open(&server, Screen::DESK).await else { return };
    home.sign_in(&server, "mia@example.com").await;
    home.go("/conversations/1").await;
    home.stands("#composer-text", "P.S. Pegs are in the side poc").await;

    // Nothing was sent twice, and no half sentence was.
    assert!(!comes(Duration::from_millis(300), || async { post.taken().len() > 1 }).await);
    tokio::join!(mia.shut(), home.shut());
}
