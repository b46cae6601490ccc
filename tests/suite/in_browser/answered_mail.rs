//! From the first mail to the answered one, and to the one that does not arrive.

use thirtyfour::Key;
use whom_tests::{Letter, PlayedPost, Screen, Server, Window, hand_over, until};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_first_mail_is_answered_and_so_is_the_answer() {
    let folder = whom_tests::folder();
    let server = Server::start(folder.path()).await;
    server.add_person("mia@example.com", "Mia Okonkwo", "agent").await;
    let post = PlayedPost::start().await;
    post.serves(&server).await;
    let Some(mia) = Window::open(&server, Screen::DESK).await else { return };

    // Mia looks at an empty inbox, and a mail comes in while she does.
    mia.sign_in(&server, "mia@example.com").await;
    mia.sees("main", "Inbox zero").await;
    mia.js("window.wasNotLoadedAgain = true").await;
    let first = Letter::new(
        "Ana Lima <ana@example.org>",
        "1@example.org",
        "Where is my tent?",
        "Hello,\nit has not come yet.",
    );
    hand_over(server.lmtp(), "ana@example.org", &first.raw()).await;
    mia.sees(".inbox-rows", "Where is my tent?").await;
    mia.sees(".inbox-rows", "Ana Lima").await;
    assert_eq!(mia.js("window.wasNotLoadedAgain").await, true, "the mail came by itself");

    // She opens it and answers without touching the mouse.
    mia.press('j').await;
    mia.press(Key::Enter).await;
    mia.at("/conversations/1").await;
    mia.sees("#thread .bubble.in", "it has not come yet.").await;
    mia.press('r').await;
    mia.write("It left this morning.\nIt comes on Monday.").await;
    mia.press_with(Key::Control, Key::Enter).await;

    // It leaves for real, as an answer to what Ana wrote, and the page says so.
    let left = post.waits_for(1).await;
    assert_eq!(
        (left.from.as_str(), left.to.as_slice()),
        ("help@shop.example", &["ana@example.org".to_owned()][..])
    );
    assert_eq!(
        (left.header("Subject").as_str(), left.header("In-Reply-To").as_str()),
        ("Re: Where is my tent?", "<1@example.org>")
    );
    assert!(left.raw.contains("It comes on Monday."), "{}", left.raw);
    mia.at("/conversations/1").await;
    mia.sees("#thread .bubble.out", "It comes on Monday.").await;
    mia.sees("#thread .bubble.out .receipt", "sent").await;
    assert_eq!(mia.read("#composer-text").await, "", "nothing is left in the composer");

    // Ana's answer comes into the same conversation while Mia looks at it.
    mia.js("window.wasNotLoadedAgain = true").await;
    let second = Letter::new(
        "Ana Lima <ana@example.org>",
        "2@example.org",
        "Re: Where is my tent?",
        "Monday is fine, thank you.",
    );
    hand_over(server.lmtp(), "ana@example.org", &second.answering(&left.id()).raw()).await;
    mia.sees("#thread", "Monday is fine, thank you.").await;
    assert_eq!(mia.js("window.wasNotLoadedAgain").await, true, "the answer came by itself");

    // What Mia writes now is refused at the far end: the report turns that message into an error, and no other.
    mia.press('r').await;
    mia.write("Have a good time with it!").await;
    mia.press_with(Key::Control, Key::Enter).await;
    let lost = post.waits_for(2).await;
    assert_eq!(lost.header("In-Reply-To"), "<2@example.org>");
    let newest = "#thread li.bubble.out:nth-last-child(1 of .out)";
    mia.sees(newest, "Have a good time").await;
    mia.sees(&format!("{newest} .receipt"), "sent").await;
    let report = Letter::bounce(&lost.id(), "ana@example.org", "550 5.1.1 mailbox is full of tents");
    hand_over(server.lmtp(), "", &report).await;
    mia.sees(&format!("{newest} .receipt"), "not delivered").await;
    let why = mia.find(&format!("{newest} .receipt")).await.attr("title").await.unwrap().unwrap_or_default();
    assert!(why.contains("mailbox is full of tents"), "the reason is there to be read: {why}");
    mia.sees("#thread .bubble.out .receipt", "sent").await;

    // One conversation with one customer came of all that.
    let all = server.get("/v1/conversations").await;
    assert_eq!(all["items"].as_array().map(Vec::len), Some(1), "{all:#}");
    let people = server.get("/v1/profiles").await;
    assert_eq!(people["items"].as_array().map(Vec::len), Some(1), "{people:#}");
    until("four messages are in the thread", || async {
        mia.js("document.querySelectorAll('#thread .bubble').length").await == 4
    })
    .await;
    mia.shut().await;
}
