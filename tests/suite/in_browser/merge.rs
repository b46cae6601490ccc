//! Two profiles are taken for one person, live on as one, and are two again.

use serde_json::{Value, json};
use thirtyfour::Key;
use whom_tests::{Letter, Screen, Server, Window, hand_over};

/// A customer with an address and what an agent knows about them; gives their id.
async fn customer(server: &Server, address: &str, properties: Value) -> String {
    let new = json!({ "identifiers": [{ "kind": "email", "value": address }], "properties": properties });
    server.post("/v1/profiles", &new).await["id"].as_str().expect("an id").to_owned()
}

/// What is known of a customer: every field with its values and where they come from, and every contact.
async fn known(server: &Server, id: &str) -> Value {
    let mut view = server.get(&format!("/v1/profiles/{id}")).await;
    for value in view["fields"]
        .as_array_mut()
        .unwrap()
        .iter_mut()
        .flat_map(|field| field["values"].as_array_mut().unwrap())
    {
        // What a rule computes is computed whenever somebody looks; what a mail says is said again by the next.
        if ["rule", "message"].contains(&value["source"].as_str().unwrap().split(':').next().unwrap()) {
            value["observed"] = Value::Null;
        }
    }
    let contacts: Vec<Value> =
        view["contacts"].as_array().unwrap().iter().map(|contact| contact["id"].clone()).collect();
    json!({ "id": view["id"], "name": view["name"], "kind": view["kind"], "fields": view["fields"], "contacts": contacts })
}

fn field<'a>(known: &'a mut Value, key: &str) -> &'a mut Value {
    known["fields"].as_array_mut().unwrap().iter_mut().find(|field| field["key"] == key).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_merge_is_chosen_field_by_field_lived_with_and_undone() {
    let folder = whom_tests::folder();
    let server = Server::start(folder.path()).await;
    server.add_person("mia@example.com", "Mia Okonkwo", "agent").await;
    let ana = customer(
        &server,
        "ana@example.org",
        json!({ "name": "Ana Lima", "company": "Fjord Ltd", "job_title": "Guide" }),
    )
    .await;
    let mail = Letter::new("Ana Lima <ana@home.example>", "1@home.example", "Two tents", "Can I have two?");
    hand_over(server.lmtp(), "ana@home.example", &mail.raw()).await;
    let other = server.get("/v1/profiles/ana@home.example").await["id"].as_str().unwrap().to_owned();
    let more = json!({ "company": "Fjord Ltd", "job_title": "Head guide", "location": "Oslo" });
    server.edit(&other, &more).await;
    let (ana_before, other_before) = (known(&server, &ana).await, known(&server, &other).await);
    let Some(mia) = Window::open(&server, Screen::DESK).await else { return };
    mia.sign_in(&server, "mia@example.com").await;

    // They are offered as one, with the reason in words, and compared before anything counts.
    mia.go("/duplicates").await;
    mia.sees("#queue", "Same company, almost the same name").await;
    mia.click_link("#queue", "Compare").await;
    mia.at("/customers/").await;
    mia.sees("main", "Are these two one person?").await;
    let stays = mia.path().await.split('/').nth(2).unwrap().to_owned();
    assert!([&ana, &other].contains(&&stays));
    let goes = if stays == ana { other.clone() } else { ana.clone() };
    let title = "#compared tr[data-id=job_title]";
    mia.sees(title, "Guide").await;
    mia.sees(title, "Head guide").await;

    // The title of the one that goes in is chosen; the result shows it at once, and nobody has changed yet.
    let (own, theirs) = if stays == ana { ("Guide", "Head guide") } else { ("Head guide", "Guide") };
    mia.hit(async || mia.field(title, theirs).await).await;
    mia.finds("what is chosen is shown", &format!("document.querySelector('{title} input:checked').closest('label').textContent.includes('{theirs}')")).await;
    assert_eq!(
        known(&server, &stays).await["contacts"].as_array().unwrap().len(),
        if stays == ana {
            ana_before["contacts"].as_array().unwrap().len()
        } else {
            other_before["contacts"].as_array().unwrap().len()
        }
    );
    mia.click_button("main", "Merge the two").await;
    mia.sees("#toasts", "Merged.").await;

    // One customer with both addresses and the chosen title; the other id leads here.
    mia.go(&format!("/customers/{goes}")).await;
    mia.at(&format!("/customers/{stays}")).await;
    for address in ["ana@example.org", "ana@home.example"] {
        mia.sees("#about", address).await;
    }
    let title = "#about form[action*='/fields/job_title'] .edit-field";
    mia.stands(title, theirs).await;

    // Life goes on: a field is edited, a note is written, a mail comes in.
    mia.click(title).await;
    mia.press_with(Key::Control, 'a').await;
    mia.write("Leads expeditions").await;
    mia.press(Key::Enter).await;
    mia.sees("#about form[action*='/fields/job_title']", "Saved").await;
    mia.click("#note").await;
    mia.write("Call before noon").await;
    mia.press(Key::Enter).await;
    mia.sees("#timeline .bubble.note", "Call before noon").await;
    let later = Letter::new("Ana Lima <ana@home.example>", "2@home.example", "Poles", "And poles, please.");
    hand_over(server.lmtp(), "ana@home.example", &later.raw()).await;
    mia.sees("#conversations", "Poles").await;

    // Undone from the timeline: both are as they were, and each keeps what came to it since.
    mia.go(&format!("/customers/{stays}")).await;
    mia.click_button("#timeline li.membership", "Undo").await;
    mia.sees("#toasts", "as it was before").await;
    mia.go(&format!("/customers/{stays}")).await;
    mia.sees("#timeline", "undid").await;
    let (mut stays_now, mut goes_now) = (known(&server, &stays).await, known(&server, &goes).await);
    let (mut stays_before, mut goes_before) =
        if stays == ana { (ana_before, other_before) } else { (other_before, ana_before) };
    // The edited title replaced what was said of the one that went in, so it went back with them.
    assert_eq!(field(&mut stays_now, "job_title")["values"][0]["value"], own);
    assert_eq!(field(&mut goes_now, "job_title")["values"][0]["value"], "Leads expeditions");
    for one in [&mut goes_before, &mut goes_now] {
        *field(one, "job_title") = Value::Null;
    }
    assert_eq!(stays_now.take(), stays_before.take(), "the one that stayed is as never merged");
    assert_eq!(
        goes_now.take(),
        goes_before.take(),
        "the one that went in is as never merged, but for the title"
    );
    let has = async |id: &str, words: &str| {
        server.get(&format!("/v1/profiles/{id}/timeline")).await.to_string().contains(words)
    };
    assert!(
        has(&other, "And poles").await && !has(&ana, "And poles").await,
        "the mail is with whoever wrote it"
    );
    assert!(has(&stays, "Call before noon").await && !has(&goes, "Call before noon").await);

    // Undoing is a word too: they are not offered again.
    mia.go("/duplicates").await;
    mia.sees("#queue", "Nobody seems to be there twice").await;
    mia.shut().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn not_the_same_is_remembered() {
    let folder = whom_tests::folder();
    let server = Server::start(folder.path()).await;
    server.add_person("mia@example.com", "Mia Okonkwo", "agent").await;
    customer(&server, "tom@example.org", json!({ "name": "Tom Berg", "company": "Berg & Co" })).await;
    let son =
        customer(&server, "tom.jr@example.org", json!({ "name": "Tom Berg", "company": "Berg & Co" })).await;
    let Some(mia) = Window::open(&server, Screen::DESK).await else { return };
    mia.sign_in(&server, "mia@example.com").await;
    mia.go("/duplicates").await;
    mia.sees("#queue", "tom.jr@example.org").await;
    mia.click_button("#queue", "Not the same").await;
    mia.sees("#toasts", "they are not the same").await;
    mia.sees("#queue", "Nobody seems to be there twice").await;

    // Whatever arrives later does not bring it up again; it stands where decisions stand.
    let mail = Letter::new("Tom Berg <tom.jr@example.org>", "1@example.org", "Hello", "It is me, the son.");
    hand_over(server.lmtp(), "tom.jr@example.org", &mail.raw()).await;
    server.edit(&son, &json!({ "job_title": "Son" })).await;
    customer(&server, "ida@example.org", json!({ "name": "Ida Moe", "company": "Moe" })).await;
    customer(&server, "ida.moe@example.org", json!({ "name": "Ida Moe", "company": "Moe" })).await;
    // Ida's pair was found after Tom was looked at again.
    mia.sees("#queue", "ida.moe@example.org").await;
    assert!(!mia.read("#queue").await.contains("Tom Berg"));
    mia.click_link("main", "Not the same").await;
    mia.sees("#queue", "tom.jr@example.org").await;
    mia.sees("#queue", "said not to be the same").await;

    // And it can be taken back.
    mia.click_button("#queue", "Offer again").await;
    mia.sees("#toasts", "offered as one again").await;
    mia.go("/duplicates").await;
    mia.sees("#queue", "tom.jr@example.org").await;
    mia.shut().await;
}
