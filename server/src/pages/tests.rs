//! The pages as a browser gets them.

use std::io::Write as _;

use expect_test::expect;
use flate2::{Compression, write::GzEncoder};
use whom_core::{
    engine::Edit,
    identity::{Arrival, GivenIdentifier, Incoming, IncomingMessage, Party, Said},
    model::{
        Assertion, Body, Channel, Confidence, Direction, EntryKind, ExternalId, Identifier, IdentifierKind,
        PhoneRegion, ProfileId, PropertyKey, Source, SourceKind, Timestamp, Value,
    },
};

use super::assets;
use crate::{
    auth::Role,
    testing::{Answer, As, TestApp},
};

const FORM: [(&str, &str); 1] = [("content-type", "application/x-www-form-urlencoded")];
const MAIL: &str = "From: Ana Flores <ana@example.org>\r\nTo: help@shop.example, Mia <mia@shop.example>\r\n\
    Subject: Where is my tent?\r\nContent-Type: text/plain\r\n\r\nHello,\r\n\r\nwhere is it?\r\n\r\n\
    On Monday, Mia wrote:\r\n> It left on Friday.\r\n";

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn said(property: &str, value: &str) -> Said {
    let assertion = Assertion::Is(Value::text(value).unwrap());
    Said { property: PropertyKey::fold(property).unwrap(), assertion, confidence: Confidence::percent(80) }
}

async fn arrives(app: &TestApp, id: &str, when: &str, who: &str, said: Vec<Said>, arrival: Arrival) {
    let (kind, source) = match who.contains('@') {
        true => (IdentifierKind::EMAIL, Source::message("mail")),
        false => (IdentifierKind::ANONYMOUS_ID, Source::new(SourceKind::Event, "shop")),
    };
    let identifier = Identifier::new(kind, who, PhoneRegion::NONE).unwrap();
    let is_mail = matches!(arrival, Arrival::Message(_));
    let incoming = Incoming {
        external: ExternalId::new("test", id),
        at: at(when),
        source,
        parties: vec![Party { identifiers: vec![GivenIdentifier::new(identifier, who)], said }],
        arrival,
        account: None,
        body: is_mail.then(|| Body { media_type: "message/rfc822".into(), bytes: MAIL.into() }),
    };
    app.state.engine().ingest(incoming, app.state.now()).await.unwrap();
}

fn mail(subject: &str, summary: &str) -> Arrival {
    Arrival::Message(IncomingMessage {
        channel: Channel::email(),
        direction: Direction::Inbound,
        subject: subject.into(),
        summary: summary.into(),
        answers: Vec::new(),
        answers_subject: None,
        properties: Default::default(),
    })
}

fn event(name: &str, property: &str, value: &str) -> Arrival {
    Arrival::Event {
        kind: EntryKind::Event,
        name: name.into(),
        summary: String::new(),
        properties: [(property.to_owned(), Value::text(value).unwrap())].into(),
    }
}

/// Ana, who wrote once, and a visitor.
async fn app() -> (TestApp, ProfileId) {
    let app = TestApp::new();
    let ana = vec![said("name", "Ana Flores"), said("website", "https://flores.example/about")];
    let asks = mail("Where is my tent?", "Hello, where is it?");
    arrives(&app, "1", "2026-02-27T09:30:00Z", "ana@example.org", ana, asks).await;
    let paid = event("order paid", "orderId", "FW-1");
    arrives(&app, "2", "2026-02-28T10:00:00Z", "ana@example.org", vec![], paid).await;
    arrives(&app, "3", "2026-02-28T11:00:00Z", "visitor-1", vec![], event("basket", "item", "boots")).await;
    let id = app.state.engine().find("ana@example.org").await.unwrap();
    let edit = Edit {
        property: PropertyKey::fold("name").unwrap(),
        assertion: said("name", "Ana María Flores").assertion,
    };
    app.state
        .engine()
        .edit(id, vec![edit], &Source::agent("mia"), None, at("2026-03-01T08:00:00Z"))
        .await
        .unwrap();
    (app, id)
}

async fn get(app: &TestApp, by: &As, path: &str) -> Answer {
    app.send(by, "GET".parse().unwrap(), path, &[("accept", "text/html")], "").await
}

async fn send(app: &TestApp, by: &As, path: &str, form: &str) -> Answer {
    app.send(by, "POST".parse().unwrap(), path, &FORM, form.to_owned()).await
}

/// What stands between two marks, one tag a line.
fn between(page: &str, from: &str, to: &str) -> String {
    let start = page.find(from).unwrap_or_else(|| panic!("`{from}` is missing in {page}"));
    let end = start + page[start..].find(to).unwrap_or_else(|| panic!("`{to}` is missing"));
    let drawing_free: String = page[start..end]
        .split("<svg")
        .enumerate()
        .map(
            |(place, part)| {
                if place == 0 { part } else { part.split_once("</svg>").map_or("", |(_, rest)| rest) }
            },
        )
        .collect();
    drawing_free.replace("><", ">\n<")
}

#[tokio::test]
async fn a_profile_says_who_it_is_and_who_says_so() {
    let (app, id) = app().await;
    let agent = app.person(Role::Agent).await;
    let page = get(&app, &agent, &format!("/customers/{id}")).await.expect(200).text();
    expect![[r#"
        <h1>Ana María Flores <span class="chip customer">Customer</span>
        </h1>
        <p class="line">ana@example.org</p>
    "#]]
    .assert_eq(&(between(&page, "<h1>", "</div>") + "\n"));
    expect![[r#"
        <dt>Name</dt>
        <dd>
        <span class="value">Ana María Flores</span>
        <details class="why">
        <summary class="said">
        <span class="unseen">Why Name: </span>
        <span>Mia</span>
        <span aria-hidden="true">·</span>
        <span>
        <time datetime="2026-03-01T08:00:00Z" title="Sunday, 1 March 2026, 08:00:00 UTC">1 Mar</time>
        </span>
        <span aria-hidden="true">·</span>
        <span>+1</span>
        <span class="turn">
        </span>
        </summary>
        <div class="why-body">
        <a data-fragment href="/customers/p_gp3j2492391zb94v/why/name">Why</a>
        </div>
        </details>
        </dd>
        </div>
        </dl>
        </div>
        <div class="block">
        <h2>Where else they are</h2>
        <dl class="fields">
        <div>
    "#]]
    .assert_eq(&(between(&page, "<dt>Name</dt>", "<dt>Website") + "\n"));
    expect![[r#"
        <ol class="timeline">
        <li class="day" data-once="2026-02-28">
        <time datetime="2026-02-28">Yesterday</time>
        </li>
        <li class="event" id="e_ff8vxjw7ghd6kweh">
        <div>
        <span class="name">order paid</span>
        <span class="parts">
        <span>order id FW-1</span>
        </span>
        </div>
        <time datetime="2026-02-28T10:00:00Z" title="Saturday, 28 February 2026, 10:00:00 UTC">10:00</time>
        </li>
        <li class="day" data-once="2026-02-27">
        <time datetime="2026-02-27">Friday, 27 February</time>
        </li>
        <li class="bubble in" id="cv_1qzv4ves7h110syt">
        <header>
        <span class="from">Ana María Flores</span>
        <span class="when">e-mail<time datetime="2026-02-27T09:30:00Z" title="Friday, 27 February 2026, 09:30:00 UTC">09:30</time>
        </span>
        </header>
        <div class="subject">
        <a href="/customers/p_gp3j2492391zb94v?at=cv_1qzv4ves7h110syt#cv_1qzv4ves7h110syt">Where is my tent?</a> <span class="faint">#1</span>
        </div>
        <p class="text excerpt">Hello, where is it?</p>
        <details class="whole">
        <summary>
        <span class="show">Show the whole message</span>
        <span class="less">Show less</span>
        </summary>
        <div>
        <a data-fragment href="/customers/p_gp3j2492391zb94v/entries/e_1w8568rh1smscmy1">Show the whole message</a>
        </div>
        </details>
        </li>
    "#]].assert_eq(&(between(&page, "<ol class=\"timeline\"", "</ol>") + "\n"));
}

#[tokio::test]
async fn why_tells_winners_from_losers() {
    let (app, id) = app().await;
    let agent = app.person(Role::ReadOnly).await;
    let path = format!("/customers/{id}/why/name");
    let fragment = get(&app, &agent, &format!("{path}?fragment=1")).await.expect(200).text();
    expect![[r#"
        <h4>Shown, because</h4>
        <ul class="claims">
        <li class="claim">
        <span class="value">Ana María Flores</span>
        <div class="faint">Mia<span class="dot">
        </span>through ana@example.org<span class="dot">
        </span>
        <time datetime="2026-03-01T08:00:00Z" title="Sunday, 1 March 2026, 08:00:00 UTC">1 Mar</time>
        </div>
        </li>
        </ul>
        <h4>Not shown</h4>
        <ul class="claims">
        <li class="claim lost">
        <span class="value">Ana Flores</span>
        <div class="faint">their e-mail<span class="dot">
        </span>through ana@example.org<span class="dot">
        </span>
        <time datetime="2026-02-27T09:30:00Z" title="Friday, 27 February 2026, 09:30:00 UTC">27 Feb</time>
        <span class="dot">
        </span>80 % sure<span class="dot">
        </span>
        <a href="/customers/p_gp3j2492391zb94v/entries/e_1w8568rh1smscmy1">see where</a>
        </div>
        <div>Agent:mia is trusted more.</div>
        </li>
        </ul>
        <p class="rule">
        <span class="unseen">How it was decided: </span>The most trusted source wins; of several the latest.</p>
    "#]].assert_eq(&(between(&(fragment + "END"), "<h4>", "END") + "\n"));
    assert!(get(&app, &agent, &path).await.expect(200).text().contains("<!DOCTYPE html>"));
    get(&app, &agent, &format!("/customers/{id}/why/nothing_of_that_name")).await.expect(404);
}

#[tokio::test]
async fn a_message_unfolds_as_text_with_its_quote_folded() {
    let (app, id) = app().await;
    let agent = app.person(Role::Agent).await;
    let page = get(&app, &agent, &format!("/customers/{id}")).await.text();
    let link = between(&page, &format!("/customers/{id}/entries/"), "\"");
    let fragment = get(&app, &agent, &format!("{link}?fragment=1")).await.expect(200).text();
    assert!(fragment.contains("<p class=\"text\">Hello,\n\nwhere is it?</p>"), "{fragment}");
    assert!(fragment.contains("On Monday, Mia wrote:\n&gt; It left on Friday."), "{fragment}");
    // An entry of somebody else does not open under this profile.
    let visitor = app.state.engine().find("anonymous_id:visitor-1").await.unwrap();
    let elsewhere = link.replace(&id.to_string(), &visitor.to_string());
    get(&app, &agent, &elsewhere).await.expect(404);
}

#[tokio::test]
async fn the_list_finds_filters_and_says_what_to_do_when_empty() {
    let (app, id) = app().await;
    let agent = app.person(Role::Agent).await;
    let all = get(&app, &agent, "/customers").await.expect(200).text();
    assert_eq!(all.matches("<tr data-row>").count(), 2);
    let found = get(&app, &agent, "/customers?q=ana%40example.org&fragment=1").await.expect(200).text();
    assert!(found.contains(&format!("/customers/{id}")) && !found.contains("<html"), "{found}");
    let visitors = get(&app, &agent, "/customers?kind=visitor").await.expect(200).text();
    assert!(!visitors.contains(&id.to_string()) && visitors.matches("<tr data-row>").count() == 1);
    assert!(get(&app, &agent, "/customers?q=nobody%40example.org").await.text().contains("Show everybody"));
    let empty = TestApp::new();
    let agent = empty.person(Role::Agent).await;
    assert!(get(&empty, &agent, "/customers").await.text().contains("whom demo"));
}

#[tokio::test]
async fn what_customers_write_is_text_and_nothing_else() {
    let app = TestApp::new();
    let evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>";
    let said = vec![said("name", evil), said("website", "javascript:alert(1)"), said("company", evil)];
    arrives(&app, "1", "2026-02-27T09:30:00Z", "eve@example.org", said, mail(evil, evil)).await;
    arrives(&app, "2", "2026-02-28T10:00:00Z", "eve@example.org", vec![], event(evil, evil, evil)).await;
    let id = app.state.engine().find("eve@example.org").await.unwrap();
    let agent = app.person(Role::Agent).await;
    for path in ["/customers".into(), format!("/customers/{id}"), format!("/customers/{id}/why/name")] {
        let page = get(&app, &agent, &path).await.expect(200).text();
        assert!(page.contains("&lt;script&gt;alert(1)"), "{path}");
        assert!(
            !page.contains("<script>") && !page.contains("<img") && !page.contains("href=\"javascript"),
            "{path}"
        );
    }
}

#[tokio::test]
async fn pages_carry_nothing_inline_and_load_nothing_from_elsewhere() {
    let (app, id) = app().await;
    let agent = app.person(Role::Agent).await;
    let profile = format!("/customers/{id}");
    let merge = format!("/customers/{id}/merge?with=anonymous_id:visitor-1");
    for path in ["/login", "/customers", &profile, &merge, "/customers/nobody"] {
        let answer = get(&app, &agent, path).await;
        assert!(answer.header("content-security-policy").contains("default-src 'none'"), "{path}");
        assert_eq!(answer.headers.get_all("content-type").iter().count(), 1, "{path}");
        assert_eq!(answer.header("content-type"), "text/html; charset=utf-8", "{path}");
        let page = answer.text();
        for tag in page.split('<').skip(1) {
            let tag = tag.split('>').next().unwrap();
            let is_bare_script = tag.starts_with("script") && !tag.contains("src=\"/assets/");
            let has_handler =
                tag.split_whitespace().skip(1).any(|part| part.starts_with("on") && part.contains('='));
            assert!(
                !tag.contains(" style=") && !tag.starts_with("style") && !is_bare_script && !has_handler,
                "{path}: {tag}"
            );
            let loads = tag.starts_with("link") || tag.starts_with("img") || tag.starts_with("script");
            assert!(!loads || !tag.contains("://"), "{path}: {tag}");
        }
    }
    for (name, text) in assets::texts().filter(|(name, _)| !name.ends_with(".svg")) {
        assert!(!text.contains("://") && !text.contains("@import") && !text.contains("eval("), "{name}");
    }
}

#[tokio::test]
async fn the_first_page_weighs_less_than_sixty_kilobytes() {
    let (app, id) = app().await;
    let agent = app.person(Role::Agent).await;
    let page = get(&app, &agent, &format!("/customers/{id}")).await.text();
    let texts: Vec<&str> = assets::texts().map(|(_, text)| text).chain([page.as_str()]).collect();
    let weight: usize = texts
        .iter()
        .map(|text| {
            let mut packed = GzEncoder::new(Vec::new(), Compression::default());
            packed.write_all(text.as_bytes()).unwrap();
            packed.finish().unwrap().len()
        })
        .sum();
    assert!(weight < 60_000, "{weight} bytes");
}

#[tokio::test]
async fn a_file_is_kept_for_ever_under_the_hash_of_what_it_holds() {
    let app = TestApp::new();
    let address = assets::address("whom.css");
    let answer = app.get(&As::Anonymous, &address).await.expect(200);
    assert_eq!(answer.header("cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(app.get(&As::Anonymous, "/assets/whom.css?v=old").await.header("cache-control"), "no-cache");
    let tag = [("if-none-match", answer.header("etag"))];
    app.send(&As::Anonymous, "GET".parse().unwrap(), &address, &tag, "").await.expect(304);
    app.get(&As::Anonymous, "/assets/nothing.css").await.expect(404);
}

#[tokio::test]
async fn two_profiles_are_merged_and_taken_apart_by_hand() {
    let (app, id) = app().await;
    let agent = app.person(Role::Agent).await;
    let visitor = app.state.engine().find("anonymous_id:visitor-1").await.unwrap();
    let (here, there) = (format!("/customers/{id}"), format!("/customers/{visitor}"));
    let compared = get(&app, &agent, &format!("{here}/merge?with={visitor}")).await.expect(200).text();
    assert!(compared.contains("visitor-1") && compared.contains("ana@example.org"));
    get(&app, &agent, &format!("{here}/merge?with=ana@example.org")).await.expect(422);

    let merged =
        send(&app, &agent, &format!("{here}/merge"), &format!("from={visitor}&why=same+boots")).await;
    assert_eq!(merged.expect(303).header("location"), format!("{here}?done=merged"));
    assert_eq!(get(&app, &agent, &there).await.expect(303).header("location"), here);
    let page = get(&app, &agent, &format!("{here}?done=merged")).await.expect(200).text();
    assert!(page.contains("same boots") && page.contains("visitor-1") && page.contains("role=\"status\""));

    let undo = between(&page, &format!("{here}/undo/"), "\"");
    send(&app, &agent, &undo, "").await.expect(303);
    get(&app, &agent, &there).await.expect(200);
    // Undoing it again is refused on the same page, in words.
    assert!(send(&app, &agent, &undo, "").await.expect(422).text().contains("undone already"));
}

#[tokio::test]
async fn a_note_sent_twice_is_saved_once_and_only_by_whom_may_write() {
    let (app, id) = app().await;
    let agent = app.person(Role::Agent).await;
    let here = format!("/customers/{id}");
    for _ in 0..2 {
        send(&app, &agent, &format!("{here}/notes"), "text=Call+before+noon&request=abc").await.expect(303);
    }
    let page = get(&app, &agent, &format!("{here}?show=note")).await.text();
    assert_eq!(page.matches("Call before noon").count(), 1);
    let reader = app.person(Role::ReadOnly).await;
    let page = get(&app, &reader, &here).await.expect(200).text();
    for form in ["/notes", "/detach/", "/undo/", "/merge"] {
        assert!(!page.contains(&format!("{here}{form}")), "{form}");
    }
    send(&app, &reader, &format!("{here}/notes"), "text=x&request=y").await.expect(403);
}

#[tokio::test]
async fn a_contact_is_detached_to_a_profile_of_its_own() {
    let (app, id) = app().await;
    let agent = app.person(Role::Agent).await;
    let visitor = app.state.engine().find("anonymous_id:visitor-1").await.unwrap();
    send(&app, &agent, &format!("/customers/{id}/merge"), &format!("from={visitor}")).await.expect(303);
    let page = get(&app, &agent, &format!("/customers/{id}")).await.text();
    let row = between(&page, "Detach visitor-1", ">");
    let form = page[..page.find(&row).unwrap()].rfind("action=\"").unwrap();
    let path = between(&page[form + 8..], "/customers/", "\"");
    let back = send(&app, &agent, &path, "").await.expect(303);
    let page = get(&app, &agent, back.header("location")).await.expect(200).text();
    assert!(page.contains("It has a profile of its own now") && !page.contains("Detach visitor-1"));
}

#[tokio::test]
async fn a_conversation_opens_where_it_begins() {
    let (app, id) = app().await;
    for place in 0..120 {
        let when = format!("2026-02-28T12:{:02}:{:02}Z", place / 60, place % 60);
        arrives(
            &app,
            &format!("e{place}"),
            &when,
            "ana@example.org",
            vec![],
            event("step", "n", &place.to_string()),
        )
        .await;
    }
    let agent = app.person(Role::Agent).await;
    let page = get(&app, &agent, &format!("/customers/{id}")).await.text();
    assert!(!page.contains("class=\"bubble in\"") && page.contains("rel=\"next\""));
    let jump = between(&page, &format!("/customers/{id}?at="), "#");
    let there = get(&app, &agent, &jump).await.expect(200).text();
    let anchor = jump.split("at=").nth(1).unwrap();
    assert!(
        there.contains(&format!("<li class=\"bubble in\" id=\"{anchor}\""))
            && there.contains("Back to the newest")
    );
    let older = between(&page, &format!("/customers/{id}?before="), "\"");
    let part = get(&app, &agent, &format!("{older}&fragment=1")).await.expect(200).text();
    assert!(part.starts_with("<li") && part.matches("class=\"event\"").count() == 50, "{part}");
}

#[tokio::test]
async fn what_fails_is_a_page_for_a_browser_and_a_problem_for_a_program() {
    let (app, _) = app().await;
    let agent = app.person(Role::Agent).await;
    let missing = "/customers/p_0000000000000000";
    let page = get(&app, &agent, missing).await.expect(404);
    assert!(page.text().contains("There is no such page") && page.header("x-request-id") == "test");
    assert_eq!(app.get(&agent, missing).await.expect(404).header("content-type"), "application/problem+json");
    get(&app, &As::Anonymous, "/customers").await.expect(303);
    let wrong =
        send(&app, &As::Anonymous, "/login", "login=a&password=b&next=L2N1c3RvbWVycw").await.expect(401);
    assert!(wrong.text().contains("do not go together") && wrong.text().contains("value=\"L2N1c3RvbWVycw\""));
    let used_up = get(&app, &As::Anonymous, "/login/once?token=x").await.expect(401);
    assert!(used_up.text().contains("was used before"));
}

#[tokio::test]
async fn light_or_dark_is_kept_without_scripts() {
    let (app, _) = app().await;
    let agent = app.person(Role::ReadOnly).await;
    let answer = send(&app, &agent, "/theme", "theme=dark&back=%2Fcustomers%3Fq%3Dx").await.expect(303);
    assert_eq!(answer.header("location"), "/customers?q=x");
    assert!(answer.header("set-cookie").starts_with("whom_theme=dark"));
    let away = send(&app, &agent, "/theme", "theme=dark&back=%2F%2Fevil.example").await.expect(303);
    assert_eq!(away.header("location"), "/");
    let As::Browser(cookie) = agent else { panic!() };
    let both = As::Browser(format!("{cookie}; whom_theme=dark; whom_zone=Asia/Tokyo"));
    let page = get(&app, &both, "/customers").await.text();
    assert!(page.contains("data-theme=\"dark\"") && page.contains("data-zone=\"Asia/Tokyo\""));
}
