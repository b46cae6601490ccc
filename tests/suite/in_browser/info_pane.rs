//! An admin arranges what agents see of a customer; an agent sees just that.

use serde_json::json;
use whom_tests::{Letter, Screen, Server, Window, hand_over};

/// What the headings of the cards say, in their order.
const CARDS: &str =
    "[...document.querySelectorAll('.info .block h2')].map((one) => one.firstChild.textContent.trim())";

/// In which order two fields stand among those of a customer, where both are there.
fn above(one: &str, other: &str) -> String {
    let field = |key: &str| format!("document.querySelector(\".info form[action*='/fields/{key}']\")");
    format!("{}?.compareDocumentPosition({}) === Node.DOCUMENT_POSITION_FOLLOWING", field(one), field(other))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_agent_sees_what_an_admin_arranged_and_masked_values_nowhere() {
    let folder = whom_tests::folder();
    let server = Server::start(folder.path()).await;
    server.add_person("ada@example.com", "Ada Lind", "admin").await;
    server.add_person("ben@example.com", "Ben Aalto", "agent").await;
    let mail = Letter::new("Ana Lima <ana@example.org>", "1@example.org", "A tent", "Where is it?");
    hand_over(server.lmtp(), "ana@example.org", &mail.raw()).await;
    let known = json!({ "company": "Zaunreiter Expeditions", "job_title": "Guide", "location": "Oslo", "website": ["https://ana.example"] });
    server.edit("ana@example.org", &known).await;
    let page =
        format!("/customers/{}", server.get("/v1/profiles/ana@example.org").await["id"].as_str().unwrap());
    let (Some(ada), Some(ben)) =
        tokio::join!(Window::open(&server, Screen::DESK), Window::open(&server, Screen::DESK))
    else {
        return;
    };
    tokio::join!(ada.sign_in(&server, "ada@example.com"), ben.sign_in(&server, "ben@example.com"));

    // What Ben sees before.
    ben.go(&page).await;
    ben.find(".info form[action*='/fields/location']").await;
    ben.finds(
        "the company stands above the job title or below",
        &format!("({}) || ({})", above("company", "job_title"), above("job_title", "company")),
    )
    .await;
    let was_above = ben.js(&above("company", "job_title")).await == true;
    let (lower, upper) = if was_above { ("Job title", "Company") } else { ("Company", "Job title") };
    let before = ben.js(CARDS).await;

    // Ada hides a field and a card, and turns the order of two fields and two cards round, for agents.
    ada.go("/settings/info-pane").await;
    ada.click_link("main", "Agents").await;
    ada.click_button("#arranging", "Hide: Location").await;
    ada.button("#arranging", "Show: Location").await;
    ada.click_button("#arranging", "Hide: Tasks").await;
    ada.button("#arranging", "Show: Tasks").await;
    let place = |name: &str| {
        format!(
            "[...document.querySelectorAll('#arranging li')].findIndex((one) => one.textContent.trim().startsWith('{name}'))"
        )
    };
    let is_above = format!("{} < {}", place(lower), place(upper));
    while ada.js(&is_above).await != true {
        let at = ada.js(&place(lower)).await;
        ada.click_button("#arranging", &format!("Move up: {lower}")).await;
        ada.finds("it went up", &format!("{} !== {at}", place(lower))).await;
    }
    let is_above = format!("{} < {}", place("Who it is"), place("How to reach them"));
    while ada.js(&is_above).await != true {
        let at = ada.js(&place("Who it is")).await;
        ada.click_button("#arranging", "Move up: Who it is").await;
        ada.finds("it went up", &format!("{} !== {at}", place("Who it is"))).await;
    }

    // Ben sees just that, on the customer's page and beside the conversation.
    for place in [page.as_str(), "/conversations/1"] {
        ben.go(place).await;
        ben.find(".info form[action*='/fields/company']").await;
        ben.finds(
            "the location is hidden",
            "!document.querySelector(\".info form[action*='/fields/location']\")",
        )
        .await;
        let cards = ben.js(CARDS).await;
        let cards: Vec<&str> = cards.as_array().unwrap().iter().filter_map(|card| card.as_str()).collect();
        assert!(!cards.contains(&"Tasks"), "{place}: {cards:?}");
        let (who, reach) = (
            cards.iter().position(|card| *card == "Who it is"),
            cards.iter().position(|card| *card == "How to reach them"),
        );
        assert!(who < reach, "{place}: {cards:?}");
        let (first, second) = if was_above { ("job_title", "company") } else { ("company", "job_title") };
        assert_eq!(ben.js(&above(first, second)).await, true, "{place}: {lower} stands above {upper}");
    }
    // Ada's own pane is as it was.
    ada.go(&page).await;
    ada.find(".info form[action*='/fields/location']").await;
    assert_eq!(ada.js(CARDS).await, before);

    // The company is masked for agents: no page that Ben opens holds it.
    ada.go("/settings/fields").await;
    ada.hit(async || ada.find("select[name='agent.company'] option[value=masked]").await).await;
    ada.hit(async || ada.find("select[name='read_only.company'] option[value=masked]").await).await;
    ada.click_button("main", "Save").await;
    ada.sees("#toasts", "It holds from now on").await;
    for place in [
        &page,
        "/conversations/1",
        "/customers?q=ana&columns=name,company",
        "/customers?q=Zaunreiter",
        "/inbox",
    ] {
        ben.go(place).await;
        ben.sees("body", "Ben").await;
        assert!(
            !ben.browser().driver().source().await.unwrap().contains("Zaunreiter Exp"),
            "{place} shows what is masked"
        );
    }
    ben.go(&page).await;
    ben.sees(".info", "•••").await;
    ben.go("/conversations/1").await;
    ben.sees(".info", "•••").await;
    let answer = "(async () => (await (await fetch('/v1/profiles/ana@example.org')).text()) + (await (await fetch('/v1/profiles?q=ana')).text()))()";
    let out = ben.js(&format!("{answer}.then((text) => text.includes('Zaunreiter') ? 'told' : text.includes('•••') ? 'masked' : text)")).await;
    assert_eq!(out, "masked");
    ada.go(&page).await;
    ada.finds(
        "admins see it",
        "[...document.querySelectorAll('.info input')].some((one) => one.value === 'Zaunreiter Expeditions')",
    )
    .await;

    // Back to the default: Ben has all of it again, in the order of before.
    ada.go("/settings/info-pane?role=agent").await;
    ada.click_button("main", "Back to the default").await;
    ada.button("#arranging", "Hide: Location").await;
    ben.go(&page).await;
    ben.find(".info form[action*='/fields/location']").await;
    assert_eq!(ben.js(CARDS).await, before);
    tokio::join!(ada.shut(), ben.shut());
}
