//! A day on a telephone: everything by touch, nothing scrolls sideways, nothing is too small for a finger.

use serde_json::json;
use whom_tests::{Letter, PASSWORD, PlayedPost, Screen, Server, Window, hand_over};

/// What is wider than the screen.
const SIDEWAYS: &str = "(() => { const wide = document.documentElement.scrollWidth; if (wide <= innerWidth) return ''; \
    return wide + ' wide: ' + [...document.querySelectorAll('main *, header *, nav *')].filter((one) => one.getBoundingClientRect().right > innerWidth + 1) \
    .slice(0, 3).map((one) => one.outerHTML.slice(0, 120)).join(' | '); })()";

/// What is smaller than 24 by 24 pixels and is to be touched. A link within a sentence may be (WCAG 2.5.8);
/// one that covers its row is as large as that.
const SMALL: &str = "(() => { const all = [...document.querySelectorAll('a[href], button, input, select, textarea, summary')]; \
    const isInText = (one) => one.matches('a') && getComputedStyle(one).display === 'inline' && [...one.parentElement.childNodes].some((other) => other !== one && other.textContent.trim()); \
    const whole = (one) => getComputedStyle(one, '::after').position === 'absolute' && one.closest('[data-row], li, tr'); \
    const area = (one) => (whole(one) || one.matches('input[type=checkbox], input[type=radio], input[type=file]') && one.closest('label') || one).getBoundingClientRect(); \
    return all.filter((one) => one.type !== 'hidden' && one.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && !one.closest('.unseen, .skip') && !isInText(one)) \
    .filter((one) => { const box = area(one); return box.width > 1 && box.height > 1 && (box.width < 23.5 || box.height < 23.5); }) \
    .slice(0, 5).map((one) => { const box = area(one); return Math.round(box.width) + 'x' + Math.round(box.height) + ' ' + one.outerHTML.slice(0, 140); }).join(' | '); })()";

/// What of a page does not fit a telephone and a finger.
async fn wrong_with(mia: &Window, page: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    for (what, script) in [("scrolls sideways", SIDEWAYS), ("has what is too small to touch", SMALL)] {
        let said = mia.js(script).await;
        if said != "" {
            wrong.push(format!("{page} {what}: {said}"));
        }
    }
    wrong
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_day_on_a_telephone() {
    let folder = whom_tests::folder();
    let server = Server::start(folder.path()).await;
    server.add_person("mia@example.com", "Mia Okonkwo", "agent").await;
    let post = PlayedPost::start().await;
    post.serves(&server).await;
    let letter = Letter::new(
        "Ana Lima <ana@example.org>",
        "1@example.org",
        "Where is my tent, which I ordered in the spring?",
        "Hello,\nit has not come yet.",
    );
    hand_over(server.lmtp(), "ana@example.org", &letter.raw()).await;
    let letter =
        Letter::new("Ben Falk <ben@example.org>", "2@example.org", "Boots", "Do you have them in 44?");
    hand_over(server.lmtp(), "ben@example.org", &letter.raw()).await;
    server.edit("ana@example.org", &json!({ "location": "Oslo" })).await;
    server
        .post(
            "/v1/profiles/ana@example.org/tasks",
            &json!({ "title": "Look for the tent", "assignee": "mia@example.com" }),
        )
        .await;
    let Some(mia) = Window::open(&server, Screen::Phone).await else { return };

    let mut wrong = Vec::new();

    // Signing in.
    mia.go("/inbox").await;
    mia.at("/login").await;
    assert_eq!(mia.js("innerWidth").await, 375);
    wrong.extend(wrong_with(&mia, "signing in").await);
    mia.click("input[name=login]").await;
    mia.write("mia@example.com").await;
    mia.click("input[name=password]").await;
    mia.write(PASSWORD).await;
    mia.click_button("form", "Sign in").await;
    mia.at("/inbox").await;
    wrong.extend(wrong_with(&mia, "the inbox").await);

    // A conversation is opened and read.
    mia.click_link(".inbox-rows", "Where is my tent, which I ordered in the spring?").await;
    mia.at("/conversations/1").await;
    mia.sees("#thread", "it has not come yet.").await;
    wrong.extend(wrong_with(&mia, "a conversation").await);

    // The answer: the composer opens under the finger, over the bar of the places and over a screen keyboard.
    mia.click("#composer-text").await;
    mia.write("It left today.").await;
    mia.keyboard_of(336).await;
    mia.finds("the text and its button stand above the keyboard", "[...document.querySelectorAll('#composer-text, #composer [data-sends]')].filter((one) => one.checkVisibility()).every((one) => one.getBoundingClientRect().bottom <= innerHeight)").await;
    wrong.extend(wrong_with(&mia, "the composer").await);
    mia.click_button("#composer", "Send").await;
    mia.keyboard_of(0).await;
    mia.sees("#thread .bubble.out", "It left today.").await;
    post.waits_for(1).await;

    // A note.
    mia.click("#composer-text").await;
    mia.hit(async || mia.find("#composer label.choice-tab:has([value=note])").await).await;
    mia.click("#composer-text").await;
    mia.write("She waits since spring.").await;
    mia.click_button("#composer", "Save note").await;
    mia.sees("#thread .bubble.note", "She waits since spring.").await;

    // The customer's page: one pane at a time.
    let ana =
        format!("/customers/{}", server.get("/v1/profiles/ana@example.org").await["id"].as_str().unwrap());
    mia.go(&ana).await;
    for pane in ["conversations", "timeline", "about"] {
        mia.click(&format!(".panes-nav a[href='#{pane}']")).await;
        mia.find(&format!("#{pane}")).await;
        mia.finds("one pane is seen", "[...document.querySelectorAll('.panes > .pane')].filter((one) => one.checkVisibility()).length === 1").await;
        wrong.extend(wrong_with(&mia, pane).await);
    }

    // A field is edited in place.
    let field = "#about form[action*='/fields/location']";
    mia.click(&format!("{field} .edit-field")).await;
    mia.press_with(thirtyfour::Key::Control, 'a').await;
    mia.write("Bergen").await;
    mia.press(thirtyfour::Key::Enter).await;
    mia.sees(field, "Saved").await;
    assert!(server.get("/v1/profiles/ana@example.org").await.to_string().contains("Bergen"));

    // A task is done with one touch.
    mia.go("/tasks").await;
    mia.sees("#task-list", "Look for the tent").await;
    wrong.extend(wrong_with(&mia, "tasks").await);
    mia.click_button("#task-list", "Done: Look for the tent").await;
    mia.sees_no("#task-list", "Look for the tent").await;

    // Somebody is looked up.
    mia.go("/customers").await;
    wrong.extend(wrong_with(&mia, "customers").await);
    mia.click("form[data-lookup] input[type=search]").await;
    mia.write("falk").await;
    mia.finds("one is left", "document.querySelectorAll('tr[data-row]').length === 1").await;
    mia.sees("#results", "Ben Falk").await;
    mia.click_link("#results", "Ben Falk").await;
    mia.at("/customers/p_").await;

    // Nothing else scrolls sideways either.
    for page in [
        "/accounts",
        "/duplicates",
        "/notices",
        "/settings/you",
        "/settings/about",
        "/conversations/new",
        "/inbox/closed",
        "/customers/new",
    ] {
        mia.go(page).await;
        wrong.extend(wrong_with(&mia, page).await);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    mia.shut().await;
}
