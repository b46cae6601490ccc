//! Two people at the same customer at once: neither loses a keystroke, and each sees what the other does.

use serde_json::json;
use thirtyfour::Key;
use whom_tests::{Screen, Server, Window};

/// The field that both are after.
const COMPANY: &str = "#about form[action*='/fields/company'] .edit-field";
/// Where a field says what became of it.
const COMPANY_SAID: &str = "#about form[action*='/fields/company']";
/// A field that only one of them is in.
const JOB: &str = "#about form[action*='/fields/job_title'] .edit-field";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_edit_the_same_field_and_the_slower_one_chooses() {
    let folder = whom_tests::folder();
    let server = Server::start(folder.path()).await;
    server.add_person("mia@example.com", "Mia Okonkwo", "agent").await;
    server.add_person("ben@example.com", "Ben Aalto", "agent").await;
    let ana = json!({
        "identifiers": [{ "kind": "email", "value": "ana@example.org" }],
        "properties": { "name": "Ana Lima", "company": "Fjord Ltd", "job_title": "Guide" },
    });
    let ana = server.post("/v1/profiles", &ana).await;
    let page = format!("/customers/{}", ana["id"].as_str().unwrap());
    let (Some(mia), Some(ben)) =
        tokio::join!(Window::open(&server, Screen::DESK), Window::open(&server, Screen::DESK))
    else {
        return;
    };
    tokio::join!(mia.sign_in(&server, "mia@example.com"), ben.sign_in(&server, "ben@example.com"));
    tokio::join!(mia.go(&page), ben.go(&page));

    // Each sees that the other is here.
    mia.sees(".profile-head", "Ben Aalto is looking at this").await;
    ben.sees(".profile-head", "Mia Okonkwo is looking at this").await;

    // Ben begins to write; Mia is told, and is faster.
    ben.click(COMPANY).await;
    ben.press_with(Key::Control, 'a').await;
    ben.write("Fjord and So").await;
    mia.sees(".profile-head", "Ben Aalto is writing").await;
    mia.click(COMPANY).await;
    mia.press_with(Key::Control, 'a').await;
    mia.write("Fjord Outdoor").await;
    mia.press(Key::Enter).await;
    mia.sees(COMPANY_SAID, "Saved").await;

    // A third thing changes meanwhile. Ben sees it, and goes on writing in the middle of a word.
    let job = json!({ "job_title": "Head guide" });
    server.edit("ana@example.org", &job).await;
    mia.stands(JOB, "Head guide").await;
    ben.stands(JOB, "Head guide").await;
    ben.write("ns").await;
    ben.stands(COMPANY, "Fjord and Sons").await;
    assert!(ben.is_in(COMPANY).await, "what changes elsewhere does not take the keyboard away");

    // Saving shows him both; what he wrote still stands there, and he keeps it.
    ben.press(Key::Enter).await;
    ben.sees(COMPANY_SAID, "changed this while you were writing").await;
    ben.sees(COMPANY_SAID, "Fjord Outdoor").await;
    ben.stands(COMPANY, "Fjord and Sons").await;
    mia.stands(COMPANY, "Fjord Outdoor").await;
    ben.click_button(COMPANY_SAID, "Keep yours").await;
    ben.sees(COMPANY_SAID, "Saved").await;
    // Mia is in the field and writes nothing: she sees what it says now, and leaving it says nothing anew.
    mia.stands(COMPANY, "Fjord and Sons").await;
    mia.press(Key::Tab).await;
    let by = async || {
        let known = server.get("/v1/profiles/ana@example.org").await;
        let company =
            known["fields"].as_array().unwrap().iter().find(|field| field["key"] == "company").cloned();
        company.unwrap()["values"][0]["source"].clone()
    };
    assert_eq!(by().await, "agent:ben@example.com");

    // The other way round: this time Mia is slower, and takes what Ben wrote.
    mia.click(COMPANY).await;
    mia.press_with(Key::Control, 'a').await;
    mia.write("Nobody knows").await;
    ben.click(COMPANY).await;
    ben.press_with(Key::Control, 'a').await;
    ben.write("Fjord & Sons").await;
    ben.press(Key::Enter).await;
    ben.sees(COMPANY_SAID, "Saved").await;
    mia.press(Key::Enter).await;
    mia.sees(COMPANY_SAID, "Fjord & Sons").await;
    mia.stands(COMPANY, "Nobody knows").await;
    mia.click_button(COMPANY_SAID, "Take theirs").await;
    mia.stands(COMPANY, "Fjord & Sons").await;
    assert!(mia.is_in(COMPANY).await, "the keyboard is where it was");
    mia.press(Key::Tab).await;
    assert_eq!(
        by().await,
        "agent:ben@example.com",
        "taking what somebody else wrote is no word of one's own"
    );

    // What stands on both pages is what is known.
    let known = server.get("/v1/profiles/ana@example.org").await;
    let company = known["fields"].as_array().unwrap().iter().find(|field| field["key"] == "company");
    assert_eq!(company.unwrap()["values"][0]["value"], "Fjord & Sons");

    // Who leaves is no longer shown.
    ben.go("/inbox").await;
    mia.sees_no(".profile-head", "Ben Aalto").await;
    tokio::join!(mia.shut(), ben.shut());
}
