//! A day without a pointer, from signing in to signing out; the keyboard never loses its place.

use serde_json::json;
use thirtyfour::Key;
use whom_tests::{Letter, PASSWORD, PlayedPost, Screen, Server, Window, hand_over, until};

/// Whether the keyboard is somewhere, and whoever looks sees where: by a ring, or by the caret of a text.
///
/// The ring may be drawn around what holds a control that itself is not to be seen, such as a tab.
const IS_PLACED: &str = "(() => { const here = document.activeElement; \
    if (!here || here === document.body || here === document.documentElement) return 'the keyboard is nowhere'; \
    if (!here.checkVisibility()) return 'the keyboard is on what nobody sees: ' + here.outerHTML.slice(0, 200); \
    if (here.matches('textarea, input:not([type=checkbox], [type=radio])')) return ''; \
    const ring = (one) => { const look = getComputedStyle(one); return look.outlineStyle !== 'none' && parseFloat(look.outlineWidth) >= 1; }; \
    for (let one = here; one && one !== document.body; one = one.parentElement) { if (ring(one)) return ''; if (one.matches('tr, li')) break; } \
    return 'nobody sees where the keyboard is: ' + here.outerHTML.slice(0, 200); })()";

async fn is_placed(mia: &Window, after: &str) {
    let said = mia.js(IS_PLACED).await;
    mia.must(said == "", &format!("after {after} the keyboard has its place ({said})")).await;
}

/// Walks with Tab until the keyboard is on what is called so.
async fn tab_to(mia: &Window, name: &str) {
    let here = format!(
        "(() => {{ const here = document.activeElement; return [here.ariaLabel, here.title, here.textContent.trim(), here.labels?.[0]?.textContent.trim()].includes({}); }})()",
        json!(name)
    );
    for _ in 0..120 {
        if mia.js(&here).await == true {
            return is_placed(mia, &format!("walking to “{name}”")).await;
        }
        mia.press(Key::Tab).await;
    }
    mia.must(false, &format!("Tab leads to “{name}”")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_day_without_a_pointer() {
    let folder = whom_tests::folder();
    let server = Server::start(folder.path()).await;
    server.add_person("mia@example.com", "Mia Okonkwo", "agent").await;
    let post = PlayedPost::start().await;
    post.serves(&server).await;
    for (number, (name, subject)) in
        [("Ana Lima", "A tent"), ("Ben Falk", "Boots"), ("Cleo Roy", "A map"), ("Dan Ode", "Poles")]
            .into_iter()
            .enumerate()
    {
        let address = format!("{}@example.org", name.split(' ').next().unwrap().to_lowercase());
        let letter = Letter::new(
            &format!("{name} <{address}>"),
            &format!("{number}@example.org"),
            subject,
            "Do you have one?",
        );
        hand_over(server.lmtp(), &address, &letter.raw()).await;
    }
    // A tag is a link as well, and stands before the one that opens the conversation.
    server.change("/v1/conversations/4", &json!({ "add_tags": ["camping"] })).await;
    let Some(mia) = Window::open(&server, Screen::DESK).await else { return };

    // Signing in: the keyboard is in the first field.
    mia.go("/inbox").await;
    mia.at("/login").await;
    is_placed(&mia, "opening the page").await;
    mia.write("mia@example.com").await;
    mia.press(Key::Tab).await;
    mia.write(PASSWORD).await;
    mia.press(Key::Enter).await;
    mia.at("/inbox").await;

    // Up and down the list; two are ticked and closed, and come back by undo.
    let chosen = "document.querySelector('[data-row][data-chosen] .subject')?.textContent";
    mia.press('j').await;
    is_placed(&mia, "j").await;
    assert_eq!(mia.js(chosen).await, "Poles");
    mia.press('j').await;
    assert_eq!(mia.js(chosen).await, "A map");
    mia.press('k').await;
    mia.press('x').await;
    is_placed(&mia, "x").await;
    mia.press('j').await;
    mia.press('x').await;
    mia.press('e').await;
    mia.sees("#toasts", "2 conversations closed.").await;
    mia.sees_no(".inbox-rows", "Poles").await;
    is_placed(&mia, "closing what was ticked").await;
    tab_to(&mia, "Undo").await;
    mia.press(Key::Enter).await;
    mia.sees(".inbox-rows", "Poles").await;
    is_placed(&mia, "undo").await;

    // The search of the list, and out of it again.
    mia.press('/').await;
    assert!(mia.is_in("#inbox-q").await);
    mia.write("boots").await;
    mia.press(Key::Enter).await;
    mia.sees_no(".inbox-rows", "A tent").await;
    mia.sees(".inbox-rows", "Boots").await;

    // The help holds the keyboard, and gives it back where it was.
    mia.press('j').await;
    is_placed(&mia, "j").await;
    let before = mia.js("document.activeElement.getAttribute('href')").await;
    mia.press('?').await;
    mia.sees("dialog[data-help][open]", "Next row").await;
    for _ in 0..8 {
        mia.press(Key::Tab).await;
        let is_inside = "!document.activeElement || document.activeElement === document.body || Boolean(document.activeElement.closest('dialog[open]'))";
        assert_eq!(mia.js(is_inside).await, true, "the dialog holds the keyboard");
    }
    mia.press(Key::Escape).await;
    mia.finds("the help is closed", "!document.querySelector('dialog[open]')").await;
    assert_eq!(
        mia.js("document.activeElement.getAttribute('href')").await,
        before,
        "the keyboard is where it was"
    );

    // A conversation is opened, taken, answered, noted and closed; the next one opens by itself.
    mia.press('g').await;
    mia.press('i').await;
    mia.finds("all are listed", "document.querySelectorAll('.inbox-row').length === 4").await;
    mia.press('j').await;
    mia.press(Key::Enter).await;
    mia.at("/conversations/4").await;
    mia.press('a').await;
    mia.sees("#thread", "Mia Okonkwo took it").await;
    mia.press('n').await;
    is_placed(&mia, "n").await;
    mia.write("Ask the store room.").await;
    mia.press_with(Key::Control, Key::Enter).await;
    mia.sees("#thread .bubble.note", "Ask the store room.").await;
    mia.press('r').await;
    is_placed(&mia, "r").await;
    mia.write("We do.").await;
    mia.press_with(Key::Control, Key::Enter).await;
    mia.sees("#thread .bubble.out", "We do.").await;
    post.waits_for(1).await;
    mia.press('e').await;
    mia.at("/conversations/3").await;
    mia.sees("#toasts", "Closed.").await;
    mia.press('j').await;
    mia.at("/conversations/2").await;

    // To a customer by the palette, wherever one is.
    mia.press_with(Key::Control, 'k').await;
    mia.sees("dialog[data-palette][open]", "Customers").await;
    is_placed(&mia, "opening the palette").await;
    mia.write("ana lim").await;
    mia.sees("#palette-list", "Ana Lima").await;
    mia.finds(
        "she stands first or is chosen",
        "document.querySelector('#palette-list [aria-selected=true]')?.textContent.includes('Ana Lima')",
    )
    .await;
    mia.press(Key::Enter).await;
    mia.at("/customers/p_").await;
    let ana = mia.path().await;

    // A field is edited in place: Enter saves and stays, Tab saves and goes on, Escape takes back.
    let job = "#about form[action*='/fields/location'] .edit-field";
    let said = "#about form[action*='/fields/location']";
    server.edit("ana@example.org", &json!({ "location": "Oslo", "company": "Fjord" })).await;
    mia.stands(job, "Oslo").await;
    tab_to(&mia, "Location").await;
    mia.press_with(Key::Control, 'a').await;
    mia.write("Bergen").await;
    mia.press(Key::Enter).await;
    mia.sees(said, "Saved").await;
    is_placed(&mia, "saving with Enter").await;
    assert!(mia.is_in(job).await);
    mia.press_with(Key::Control, 'a').await;
    mia.write("Nowhere").await;
    mia.press(Key::Escape).await;
    mia.stands(job, "Bergen").await;
    tab_to(&mia, "Location").await;
    mia.press_with(Key::Control, 'a').await;
    mia.write("Tromsø").await;
    mia.press(Key::Tab).await;
    is_placed(&mia, "saving with Tab").await;
    mia.sees(said, "Saved").await;
    assert!(server.get("/v1/profiles/ana@example.org").await.to_string().contains("Tromsø"));

    // A note by one key; what is being looked at changes elsewhere, and the keyboard stays.
    mia.press(Key::Escape).await;
    mia.press('n').await;
    assert!(mia.is_in("#note").await);
    is_placed(&mia, "n").await;
    server.edit("ana@example.org", &json!({ "company": "Fjord & Sons" })).await;
    mia.stands("#about form[action*='/fields/company'] .edit-field", "Fjord & Sons").await;
    assert!(mia.is_in("#note").await, "a live update leaves the keyboard where it is");
    mia.write("Likes to hike.").await;
    mia.press(Key::Enter).await;
    mia.sees("#timeline .bubble.note", "Likes to hike.").await;

    // Customers: the keyboard leaves the note first. Two are ticked from the keyboard and get a tag.
    mia.press(Key::Escape).await;
    mia.press('g').await;
    mia.press('c').await;
    mia.at("/customers").await;
    mia.finds("all four are listed", "document.querySelectorAll('tr[data-row]').length === 4").await;
    // The field is there to be typed into at once; Escape leaves it.
    assert!(mia.is_in("#q").await);
    mia.press(Key::Escape).await;
    mia.press('j').await;
    is_placed(&mia, "j among customers").await;
    mia.press('x').await;
    mia.press('j').await;
    mia.press('x').await;
    mia.sees(".bulk-bar", "2 selected").await;
    tab_to(&mia, "Tag").await;
    mia.press(Key::Enter).await;
    mia.at("/customers/bulk").await;
    assert!(mia.is_in("#text").await, "the keyboard is where the tag is written");
    mia.write("hikers").await;
    mia.press(Key::Enter).await;
    mia.sees("#job", "2 of 2").await;
    until("two have the tag", || async {
        let tagged = server.get("/v1/profiles?filter=tags:hikers").await;
        tagged["items"].as_array().map(Vec::len) == Some(2)
    })
    .await;

    // The end of the day.
    mia.go(&ana).await;
    tab_to(&mia, "Mia Okonkwo").await;
    mia.press(Key::Enter).await;
    mia.press(Key::Up).await;
    is_placed(&mia, "walking through a menu").await;
    mia.finds("the last item is reached", "document.activeElement.textContent.includes('Sign out')").await;
    mia.press(Key::Enter).await;
    mia.at("/login").await;
    mia.go(&ana).await;
    mia.at("/login").await;
    mia.shut().await;
}
