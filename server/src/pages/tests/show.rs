//! What pages show.

use expect_test::expect;

use super::*;
use crate::auth::Role;

#[tokio::test]
async fn a_profile_says_who_it_is_and_who_says_so() {
    let (app, id) = app().await;
    let agent = app.person(Role::Agent).await;
    let page = get(&app, &agent, &format!("/customers/{id}")).await.expect(200).text();
    expect![[r#"
        <div class="title">
        <div class="name-line">
        <h1 class="unseen">Ana María Flores</h1>
        <form class="edit" method="post" action="/customers/p_gp3j2492391zb94v/fields/name?back=%2Fcustomers%2Fp_gp3j2492391zb94v" data-edit>
        <input type="hidden" name="version" value="aef509c63b2a22e1" data-of="/customers/p_gp3j2492391zb94v/fields/name?back=%2Fcustomers%2Fp_gp3j2492391zb94v">
        <label class="unseen" for="head-name-0">Name</label>
        <textarea class="edit-field" id="head-name-0" name="value" rows="1" placeholder="Add name …">Ana María Flores</textarea>
        <button class="edit-save small">Save</button>
        <span class="edit-said" role="status">
        </span>
        </form>
        <span class="chip customer">Customer</span>
        </div>
        <p class="line">
        <span class="part">ana@example.org</span>
        </p>
        <span class="presence" data-presence="profile:p_gp3j2492391zb94v" data-live-stays role="status">
        </span>
        </div>
        <dl class="figures">
        <div>
        <dt>First seen</dt>
        <dd>
        <time datetime="2026-02-27T09:30:00Z" title="Friday, 27 February 2026, 09:30:00 UTC">27 Feb</time>
        </dd>
        </div>
        <div>
        <dt>Last seen</dt>
        <dd>
        <time datetime="2026-02-28T10:00:00Z" title="Saturday, 28 February 2026, 10:00:00 UTC" data-show="ago">yesterday</time>
        </dd>
        </div>
        <div>
        <dt>Messages</dt>
        <dd>1</dd>
        </div>
        <div>
        <dt>Events</dt>
        <dd>1</dd>
        </div>
        </dl>
    "#]]
    .assert_eq(&(between(&page, "<div class=\"title\">", "</header>") + "\n"));
    expect![[r#"
        <dt>Name</dt>
        <dd>
        <form class="edit" method="post" action="/customers/p_gp3j2492391zb94v/fields/name?back=%2Fcustomers%2Fp_gp3j2492391zb94v" data-edit>
        <input type="hidden" name="version" value="aef509c63b2a22e1" data-of="/customers/p_gp3j2492391zb94v/fields/name?back=%2Fcustomers%2Fp_gp3j2492391zb94v">
        <label class="unseen" for="f-name-0">Name</label>
        <input class="edit-field" id="f-name-0" name="value" value="Ana María Flores" placeholder="Add name …" autocomplete="off" type="text">
        <button class="edit-save small">Save</button>
        <span class="edit-said" role="status">
        </span>
        </form>
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
        <a data-fragment href="/customers/p_gp3j2492391zb94v/why/name?back=%2Fcustomers%2Fp_gp3j2492391zb94v">Why</a>
        </div>
        </details>
        </dd>
        </div>
        </dl>
        <details class="adds">
        <summary class="faint">Add a field (12)</summary>
        <dl class="fields">
        <div>
        <dt>First name</dt>
        <dd>
        <form class="edit" method="post" action="/customers/p_gp3j2492391zb94v/fields/first_name?back=%2Fcustomers%2Fp_gp3j2492391zb94v" data-edit>
        <input type="hidden" name="version" value="af1349b9f5f9a1a6" data-of="/customers/p_gp3j2492391zb94v/fields/first_name?back=%2Fcustomers%2Fp_gp3j2492391zb94v">
        <label class="unseen" for="f-first_name-0">First name</label>
        <input class="edit-field" id="f-first_name-0" name="value" value="" placeholder="Add first name …" autocomplete="off" type="text">
        <button class="edit-save small">Save</button>
        <span class="edit-said" role="status">
        </span>
        </form>
        </dd>
        </div>
        <div>
        <dt>Last name</dt>
        <dd>
        <form class="edit" method="post" action="/customers/p_gp3j2492391zb94v/fields/last_name?back=%2Fcustomers%2Fp_gp3j2492391zb94v" data-edit>
        <input type="hidden" name="version" value="af1349b9f5f9a1a6" data-of="/customers/p_gp3j2492391zb94v/fields/last_name?back=%2Fcustomers%2Fp_gp3j2492391zb94v">
        <label class="unseen" for="f-last_name-0">Last name</label>
        <input class="edit-field" id="f-last_name-0" name="value" value="" placeholder="Add last name …" autocomplete="off" type="text">
        <button class="edit-save small">Save</button>
        <span class="edit-said" role="status">
        </span>
        </form>
        </dd>
        </div>
        <div>
        <dt>Company</dt>
        <dd>
        <form class="edit" method="post" action="/customers/p_gp3j2492391zb94v/fields/company?back=%2Fcustomers%2Fp_gp3j2492391zb94v" data-edit>
        <input type="hidden" name="version" value="af1349b9f5f9a1a6" data-of="/customers/p_gp3j2492391zb94v/fields/company?back=%2Fcustomers%2Fp_gp3j2492391zb94v">
        <label class="unseen" for="f-company-0">Company</label>
        <input class="edit-field" id="f-company-0" name="value" value="" placeholder="Add company …" autocomplete="off" type="text">
        <button class="edit-save small">Save</button>
        <span class="edit-said" role="status">
        </span>
        </form>
        </dd>
        </div>
        <div>
        <dt>Job title</dt>
        <dd>
        <form class="edit" method="post" action="/customers/p_gp3j2492391zb94v/fields/job_title?back=%2Fcustomers%2Fp_gp3j2492391zb94v" data-edit>
        <input type="hidden" name="version" value="af1349b9f5f9a1a6" data-of="/customers/p_gp3j2492391zb94v/fields/job_title?back=%2Fcustomers%2Fp_gp3j2492391zb94v">
        <label class="unseen" for="f-job_title-0">Job title</label>
        <input class="edit-field" id="f-job_title-0" name="value" value="" placeholder="Add job title …" autocomplete="off" type="text">
        <button class="edit-save small">Save</button>
        <span class="edit-said" role="status">
        </span>
        </form>
        </dd>
        </div>
        <div>
        <dt>Birthday</dt>
        <dd>
        <form class="edit" method="post" action="/customers/p_gp3j2492391zb94v/fields/birthday?back=%2Fcustomers%2Fp_gp3j2492391zb94v" data-edit>
        <input type="hidden" name="version" value="af1349b9f5f9a1a6" data-of="/customers/p_gp3j2492391zb94v/fields/birthday?back=%2Fcustomers%2Fp_gp3j2492391zb94v">
        <label class="unseen" for="f-birthday-0">Birthday</label>
        <input class="edit-field" id="f-birthday-0" name="value" value="" placeholder="Add birthday …" autocomplete="off" type="date">
        <button class="edit-save small">Save</button>
        <span class="edit-said" role="status">
        </span>
        </form>
        </dd>
        </div>
        <div>
        <dt>Location</dt>
        <dd>
        <form class="edit" method="post" action="/customers/p_gp3j2492391zb94v/fields/location?back=%2Fcustomers%2Fp_gp3j2492391zb94v" data-edit>
        <input type="hidden" name="version" value="af1349b9f5f9a1a6" data-of="/customers/p_gp3j2492391zb94v/fields/location?back=%2Fcustomers%2Fp_gp3j2492391zb94v">
        <label class="unseen" for="f-location-0">Location</label>
        <input class="edit-field" id="f-location-0" name="value" value="" placeholder="Add location …" autocomplete="off" type="text">
        <button class="edit-save small">Save</button>
        <span class="edit-said" role="status">
        </span>
        </form>
        </dd>
        </div>
        <div>
        <dt>Time zone</dt>
        <dd>
        <form class="edit" method="post" action="/customers/p_gp3j2492391zb94v/fields/timezone?back=%2Fcustomers%2Fp_gp3j2492391zb94v" data-edit>
        <input type="hidden" name="version" value="af1349b9f5f9a1a6" data-of="/customers/p_gp3j2492391zb94v/fields/timezone?back=%2Fcustomers%2Fp_gp3j2492391zb94v">
        <label class="unseen" for="f-timezone-0">Time zone</label>
        <input class="edit-field" id="f-timezone-0" name="value" value="" placeholder="Add time zone …" autocomplete="off" type="text">
        <button class="edit-save small">Save</button>
        <span class="edit-said" role="status">
        </span>
        </form>
        </dd>
        </div>
        <div>
        <dt>Language</dt>
        <dd>
        <form class="edit" method="post" action="/customers/p_gp3j2492391zb94v/fields/language?back=%2Fcustomers%2Fp_gp3j2492391zb94v" data-edit>
        <input type="hidden" name="version" value="af1349b9f5f9a1a6" data-of="/customers/p_gp3j2492391zb94v/fields/language?back=%2Fcustomers%2Fp_gp3j2492391zb94v">
        <label class="unseen" for="f-language-0">Language</label>
        <input class="edit-field" id="f-language-0" name="value" value="" placeholder="Add language …" autocomplete="off" type="text">
        <button class="edit-save small">Save</button>
        <span class="edit-said" role="status">
        </span>
        </form>
        </dd>
        </div>
        <div>
        <dt>About</dt>
        <dd>
        <form class="edit" method="post" action="/customers/p_gp3j2492391zb94v/fields/about?back=%2Fcustomers%2Fp_gp3j2492391zb94v" data-edit>
        <input type="hidden" name="version" value="af1349b9f5f9a1a6" data-of="/customers/p_gp3j2492391zb94v/fields/about?back=%2Fcustomers%2Fp_gp3j2492391zb94v">
        <label class="unseen" for="f-about-0">About</label>
        <textarea class="edit-field" id="f-about-0" name="value" rows="1" placeholder="Add about …">
        </textarea>
        <button class="edit-save small">Save</button>
        <span class="edit-said" role="status">
        </span>
        </form>
        </dd>
        </div>
        <div>
        <dt>Tags</dt>
        <dd>
        <form class="edit" method="post" action="/customers/p_gp3j2492391zb94v/fields/tags?back=%2Fcustomers%2Fp_gp3j2492391zb94v" data-edit>
        <input type="hidden" name="version" value="">
        <input type="hidden" name="was" value="">
        <label class="unseen" for="f-tags-0">Tags</label>
        <input class="edit-field" id="f-tags-0" name="value" value="" placeholder="Add tags …" autocomplete="off" type="text">
        <button class="edit-save small">Save</button>
        <span class="edit-said" role="status">
        </span>
        </form>
        </dd>
        </div>
        <div>
        <dt>Preferences</dt>
        <dd>
        <form class="edit" method="post" action="/customers/p_gp3j2492391zb94v/fields/preferences?back=%2Fcustomers%2Fp_gp3j2492391zb94v" data-edit>
        <input type="hidden" name="version" value="">
        <input type="hidden" name="was" value="">
        <label class="unseen" for="f-preferences-0">Preferences</label>
        <input class="edit-field" id="f-preferences-0" name="value" value="" placeholder="Add preferences …" autocomplete="off" type="text">
        <button class="edit-save small">Save</button>
        <span class="edit-said" role="status">
        </span>
        </form>
        </dd>
        </div>
        <div>
        <dt>Notes</dt>
        <dd>
        <form class="edit" method="post" action="/customers/p_gp3j2492391zb94v/fields/notes?back=%2Fcustomers%2Fp_gp3j2492391zb94v" data-edit>
        <input type="hidden" name="version" value="af1349b9f5f9a1a6" data-of="/customers/p_gp3j2492391zb94v/fields/notes?back=%2Fcustomers%2Fp_gp3j2492391zb94v">
        <label class="unseen" for="f-notes-0">Notes</label>
        <textarea class="edit-field" id="f-notes-0" name="value" rows="1" placeholder="Add notes …">
        </textarea>
        <button class="edit-save small">Save</button>
        <span class="edit-said" role="status">
        </span>
        </form>
        </dd>
        </div>
        </dl>
        </details>
        </div>
    "#]]
    .assert_eq(&(between(&page, "<dt>Name</dt>", "<div class=\"block talk-card") + "\n"));
    expect![[r#"
        <ol class="timeline" id="record">
        <li class="day" data-once="2026-03-01">
        <time datetime="2026-03-01">Today</time>
        </li>
        <li class="event changed" id="r-e_1tphgya2tc4phb9m" tabindex="-1" data-row data-at="1772352000000">
        <div>
        <span class="name">Mia</span> changed <span class="property">Name</span> to Ana María Flores</div>
        <time datetime="2026-03-01T08:00:00Z" title="Sunday, 1 March 2026, 08:00:00 UTC">08:00</time>
        </li>
        <li class="day" data-once="2026-02-28">
        <time datetime="2026-02-28">Yesterday</time>
        </li>
        <li class="event" id="e_ff8vxjw7ghd6kweh" tabindex="-1" data-row data-at="1772272800000">
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
        <li class="bubble in" id="cv_1qzv4ves7h110syt" tabindex="-1" data-row data-at="1772184600000">
        <header>
        <span class="from">Ana María Flores</span>
        <div class="when">
        <div class="envelope">
        <button class="channel" type="button" aria-describedby="headers-e_1w8568rh1smscmy1" aria-label="e-mail: Headers of this message">e-mail</button>
        <div class="popover" role="tooltip" id="headers-e_1w8568rh1smscmy1">
        <dl>
        <div>
        <dt>From</dt>
        <dd>Ana María Flores</dd>
        </div>
        <div>
        <dt>Subject</dt>
        <dd>Where is my tent?</dd>
        </div>
        <div>
        <dt>Date</dt>
        <dd>
        <time datetime="2026-02-27T09:30:00Z">Friday, 27 February 2026, 09:30:00 UTC</time>
        </dd>
        </div>
        </dl>
        <a href="/entries/e_1w8568rh1smscmy1/headers">All headers</a>
        </div>
        </div>
        <time datetime="2026-02-27T09:30:00Z" title="Friday, 27 February 2026, 09:30:00 UTC">09:30</time>
        </div>
        </header>
        <div class="subject">
        <a data-goto href="/customers/p_gp3j2492391zb94v?at=cv_1qzv4ves7h110syt#cv_1qzv4ves7h110syt">Where is my tent?</a> <a class="number" data-opens href="/conversations/1" title="Open the conversation">#1</a>
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
        <h3>Shown</h3>
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
        <h3>Not shown</h3>
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
        <div>agent:mia is trusted more</div>
        </li>
        </ul>
        <p class="rule">
        <span class="unseen">How it was decided: </span>The most trusted source wins; of several the latest.</p>
    "#]].assert_eq(&(between(&(fragment + "END"), "<h3>", "END") + "\n"));
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
    assert!(fragment.contains("<p class=\"text\" dir=\"auto\">Hello,\n\nwhere is it?</p>"), "{fragment}");
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
