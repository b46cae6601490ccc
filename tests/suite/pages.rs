//! The pages as a person uses them, in a real browser.

use thirtyfour::{By, Key};
use whom_tests::{Screen, Server, Window, until};

fn mail(from: &str, id: &str, subject: &str, day: u32) -> String {
    format!(
        "From: {from}\r\nTo: support@example.com\r\nSubject: {subject}\r\nDate: Mon, {day:02} Jan 2026 10:00:00 +0000\r\n\
         Message-ID: <{id}@example.net>\r\n\r\nHello, this is {subject}.\r\n"
    )
}

async fn rows(mia: &Window) -> usize {
    mia.browser().driver().find_all(By::Css("tr[data-row]")).await.map_or(0, |rows| rows.len())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_is_found_while_typing_and_every_value_says_why() {
    let folder = whom_tests::folder();
    let server = Server::start(folder.path()).await;
    server.add_person("mia@example.com", "Mia Okonkwo", "owner").await;
    let Some(mia) = Window::open(&server, Screen::DESK).await else { return };
    for (from, id, subject, day) in [
        ("Ana Lima <ana@example.org>", "m1", "a tent", 5),
        ("Ana Lima <ana@example.org>", "m2", "another tent", 6),
        ("Zoë Müller <zoe@example.net>", "m3", "boots", 7),
        ("\"<script>alert(1)</script>\" <eve@example.net>", "m4", "<b>bold</b>", 8),
    ] {
        server.mail(mail(from, id, subject, day)).await.expect("a receipt");
    }

    // Nothing is shown to somebody unknown.
    mia.go("/customers").await;
    mia.at("/login").await;

    // Work begins with the inbox.
    mia.sign_in(&server, "mia@example.com").await;
    mia.go("/customers").await;
    until("the list of customers", || async { rows(&mia).await == 3 }).await;

    // Search as you type, without accents.
    mia.click("form[data-lookup] input[type=search]").await;
    mia.write("zoe mul").await;
    until("one row is left", || async { rows(&mia).await == 1 }).await;
    mia.sees("main", "Zoë Müller").await;
    mia.press_with(Key::Control, 'a').await;
    mia.write("ana").await;
    mia.sees("main", "Ana Lima").await;
    until("Ana alone is left", || async { rows(&mia).await == 1 }).await;
    mia.press(Key::Enter).await;
    mia.at("/customers/p_").await;

    // The profile: both conversations, and the name says where it comes from.
    for expected in ["Ana Lima", "a tent", "another tent", "ana@example.org"] {
        mia.sees("main", expected).await;
    }
    mia.click("details.why summary").await;
    mia.sees("main", "trusted").await;

    // What a stranger writes stays text.
    mia.go("/customers?q=eve").await;
    until("Eve is found", || async { rows(&mia).await == 1 }).await;
    let scripts = mia.browser().driver().find_all(By::Css("#results script")).await.unwrap();
    assert!(scripts.is_empty());
    mia.shut().await;
}
