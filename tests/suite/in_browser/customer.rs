//! The page of a customer all day: what happens comes in, notes, names, suggestions and keys; and the pane put in
//! order by an admin.

use serde_json::json;
use thirtyfour::Key;
use whom_tests::{Screen, Server, Window};

async fn mail(server: &Server, id: &str, from: &str, subject: &str) {
    let mail = format!(
        "From: {from}\r\nTo: support@example.com\r\nSubject: {subject}\r\nMessage-ID: <{id}@example.net>\r\n\r\nHello.\r\n"
    );
    server.mail(mail).await.expect("a receipt");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_happens_to_a_customer_comes_in_and_nothing_that_is_written_is_lost() {
    let folder = whom_tests::folder();
    let server = Server::start(folder.path()).await;
    server.add_person("mia@example.com", "Mia Okonkwo", "owner").await;
    let Some(mia) = Window::open(&server, Screen::DESK).await else { return };
    mail(&server, "m1", "Ana Lima <ana@example.org>", "a tent").await;
    mail(&server, "m2", "Bo Falk <bo@example.org>", "boots").await;
    let ana = server.get("/v1/profiles/ana@example.org").await["id"].as_str().expect("a profile").to_owned();
    mia.sign_in(&server, "mia@example.com").await;
    mia.go(&format!("/customers/{ana}")).await;

    // `n` goes to the note; Enter saves one after the other, each of its own.
    mia.finds("the keys are there", "document.documentElement.classList.contains('scripted')").await;
    mia.press('n').await;
    mia.must(mia.is_in("#note").await, "n goes to the note").await;
    for text in ["First of two", "Second of two"] {
        mia.write(text).await;
        mia.press(Key::Enter).await;
        mia.sees("#record", text).await;
    }
    mia.finds("two notes are two", "document.querySelectorAll('#record > li.note').length === 2").await;

    // Mail comes in above them while a third is written, which stays and keeps the hand in it.
    mia.write("half a thou").await;
    mail(&server, "m3", "Ana Lima <ana@example.org>", "pegs").await;
    mia.sees("#record", "pegs").await;
    mia.stands("#note", "half a thou").await;
    mia.must(mia.is_in("#note").await, "the keyboard stays in the note").await;
    mia.press_with(Key::Control, 'a').await;
    mia.press(Key::Delete).await;
    mia.press(Key::Escape).await;

    // The name is changed where it stands, `e` leads to the fields, and both say the same.
    mia.fill("#profile-head", "Name", "Ana da Costa").await;
    mia.press(Key::Enter).await;
    mia.sees("h1.unseen", "Ana da Costa").await;
    mia.press(Key::Escape).await;
    mia.stands("#f-name-0", "Ana da Costa").await;
    mia.press('e').await;
    mia.finds("e goes to the fields", "document.activeElement.matches('#about-person .edit-field')").await;
    mia.press(Key::Escape).await;

    // Somebody is found while typing, and is related without leaving the page.
    mia.click_button("#about", "Relate to somebody").await;
    mia.fill("#about", "Customer", "bo").await;
    mia.sees(".suggestions", "Bo Falk").await;
    mia.press(Key::Down).await;
    mia.press(Key::Enter).await;
    mia.stands("#related-with", "Bo Falk").await;
    mia.fill("#about", "They are", "assistant").await;
    mia.press(Key::Enter).await;
    mia.sees("#about", "this customer is their employer").await;

    // Rows are walked by j, and o opens the conversation that one belongs to.
    mia.finds("nothing is typed into", "!void document.activeElement.blur()").await;
    for _ in 0..20 {
        mia.press('j').await;
        if mia.js("Boolean(document.querySelector('#record > .bubble.in[data-chosen]'))").await == json!(true)
        {
            break;
        }
    }
    mia.must(
        mia.js("document.activeElement.matches('[data-chosen]')").await == json!(true),
        "the row is focused",
    )
    .await;
    mia.press('o').await;
    mia.at("/conversations/").await;

    // Beside it a deed of the pane is done in place, and taken back in place.
    let before = mia.path().await;
    mia.click_button("#about", "Take the relationship away: Bo Falk").await;
    mia.sees_no("#about", "Bo Falk").await;
    mia.click_button("#toasts", "Undo").await;
    mia.sees("#about", "Bo Falk").await;
    assert_eq!(mia.path().await, before);
    mia.shut().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_admin_puts_the_pane_in_order_by_keys_and_by_pointer() {
    let folder = whom_tests::folder();
    let server = Server::start(folder.path()).await;
    server.add_person("mia@example.com", "Mia Okonkwo", "owner").await;
    let Some(mia) = Window::open(&server, Screen::DESK).await else { return };
    let ana = json!({ "identifiers": [{ "kind": "email", "value": "ana@example.org" }] });
    server.post("/v1/profiles", &ana).await;
    mia.sign_in(&server, "mia@example.com").await;
    mia.go("/settings/info-pane?about=customer&role=agent").await;
    const ORDER: &str =
        "[...document.querySelectorAll('#arrange-cards li')].map((row) => row.dataset.id).join(' ')";
    let starts = |cards: &str| format!("{ORDER}.startsWith('{cards}')");
    mia.finds("the default order", &starts("card-notes card-contacts")).await;

    // Space takes it, the arrows move it, Space puts it down; the keyboard stays on it all the while.
    let place = "[...document.querySelectorAll('#arrange-cards li')].findIndex((row) => row.dataset.id === 'card-tasks')";
    let steps = mia.js(place).await.as_u64().expect("a place");
    mia.finds(
        "the handle is taken",
        "!void document.querySelector('[data-id=card-tasks] [data-handle]').focus()",
    )
    .await;
    mia.press(' ').await;
    for _ in 0..steps {
        mia.press(Key::Up).await;
    }
    mia.press(' ').await;
    mia.finds("it is on top", &starts("card-tasks card-notes")).await;
    mia.finds(
        "the preview follows",
        "document.querySelector('.preview-pane h2:not(.unseen)')?.textContent.startsWith('Tasks')",
    )
    .await;
    mia.must(mia.is_in("[data-id=card-tasks] [data-handle]").await, "the keyboard stays on the handle").await;
    mia.go("/settings/info-pane?about=customer&role=agent").await;
    mia.finds("it stays so", &starts("card-tasks card-notes")).await;

    // With the pointer it goes where it is dropped.
    let (from, to) = (
        mia.find("[data-id=card-tasks] [data-handle]").await,
        mia.find("[data-id=card-person] [data-handle]").await,
    );
    let chain = mia.browser().driver().action_chain();
    let chain =
        chain.click_and_hold_element(&from).move_to_element_center(&to).move_by_offset(0, 8).release();
    chain.perform().await.expect("a pointer");
    mia.finds(
        "the preview follows",
        "!document.querySelector('.preview-pane h2:not(.unseen)')?.textContent.startsWith('Tasks')",
    )
    .await;
    mia.go("/settings/info-pane?about=customer&role=agent").await;
    mia.finds("it was put down", &starts("card-notes card-contacts card-deeds card-person card-tasks")).await;
    mia.shut().await;
}
