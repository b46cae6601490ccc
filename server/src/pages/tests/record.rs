//! The middle pane: one record of everything, read both ways, by kinds, by dates and by conversations.

use super::*;
use crate::auth::Role;

/// Ana with 130 more events, one an hour from the first of February on, and a late second mail.
async fn long() -> (TestApp, ProfileId) {
    let (app, id) = app().await;
    for number in 0..130 {
        let when = Timestamp::from_millis(at("2026-02-01").as_millis() + number * 3_600_000).to_string();
        let name = format!("step {number}");
        arrives(&app, &format!("n{number}"), &when, "ana@example.org", vec![], event(&name, "n", "1")).await;
    }
    let asks = mail("Re: Where is my tent?", "Still nothing.");
    arrives(&app, "late", "2026-02-28T12:00:00Z", "ana@example.org", vec![], asks).await;
    (app, id)
}

fn steps(page: &str) -> Vec<usize> {
    let names = page.split("<span class=\"name\">step ").skip(1);
    names.map(|rest| rest.split('<').next().unwrap().parse().unwrap()).collect()
}

#[tokio::test]
async fn a_record_is_read_whole_page_by_page_and_back_again() {
    let (app, id) = long().await;
    let agent = app.person(Role::Agent).await;
    let (mut path, mut all) = (format!("/customers/{id}"), Vec::new());
    let mut last = String::new();
    for _ in 0..4 {
        last = get(&app, &agent, &path).await.expect(200).text();
        all.extend(steps(&last));
        let Some(link) = last.split("rel=\"next\" href=\"").nth(1) else { break };
        path = link.split('"').next().unwrap().replace("&amp;", "&");
    }
    assert_eq!(all, (0..130).rev().collect::<Vec<_>>());
    // From the oldest page the newer ones are one link away, without scripts as well.
    let newer = between(&last, "rel=\"prev\" href=\"", "\">").replace("rel=\"prev\" href=\"", "");
    let page = get(&app, &agent, &newer).await.expect(200).text();
    assert_eq!(steps(&page).last(), Some(&(steps(&last)[0] + 1)));
    assert!(page.contains("Back to the newest"));
    // A part that is loaded into the page says only how it goes on.
    let part = get(&app, &agent, &format!("{newer}&fragment=1")).await.expect(200).text();
    assert!(part.starts_with("<li") && part.contains("rel=\"prev\"") && !part.contains("rel=\"next\""));
}

#[tokio::test]
async fn a_conversation_is_jumped_to_where_it_begins_with_what_follows_above() {
    let (app, id) = long().await;
    let agent = app.person(Role::Agent).await;
    let page = get(&app, &agent, &format!("/customers/{id}")).await.text();
    // The pane lists the latest first.
    let left = between(&page, "<ul class=\"conversations\"", "</section>");
    let link = between(&left[left.rfind("?at=").unwrap() - 40..], "/customers/", "\"");
    let (address, conversation) = link.split_once('#').unwrap();
    let page = get(&app, &agent, address).await.expect(200).text();
    let place = page.find(&format!("id=\"{conversation}\"")).expect("its beginning has an anchor");
    assert!(page.find("order paid").unwrap() < place, "what came later stands above");
    assert!(place < page.find("step 129").unwrap(), "what came before stands below");
    assert!(page.contains(&format!("href=\"{link}\" aria-current=\"true\"")));
    let pane = get(&app, &agent, &format!("{address}&fragment=pane")).await.expect(200).text();
    assert!(pane.contains("id=\"record\"") && !pane.contains("<html"));
    get(&app, &agent, &format!("/customers/{id}?at=cv_0000000000000000")).await.expect(404);
    let visitor = app.state.engine().find("anonymous_id:visitor-1").await.unwrap();
    get(&app, &agent, &format!("/customers/{visitor}?at={conversation}")).await.expect(404);
}

#[tokio::test]
async fn kinds_are_counted_and_chosen() {
    let (app, id) = long().await;
    let agent = app.person(Role::Agent).await;
    let here = format!("/customers/{id}");
    let page = get(&app, &agent, &here).await.text();
    assert!(page.contains("Messages <span class=\"count\">2</span>"));
    assert!(page.contains("Events <span class=\"count\">131</span>"));
    assert!(page.contains("Edits <span class=\"count\">1</span>") && !page.contains("Merges <span"));
    let page = get(&app, &agent, &format!("{here}?show=message,edit")).await.text();
    assert!(page.contains("Still nothing.") && page.contains("</span> changed "));
    assert!(!page.contains("order paid") && steps(&page).is_empty());
    assert!(page.contains(&format!("href=\"{here}?show=edit\"")), "a chip that is on takes its kind out");
    let page = get(&app, &agent, &format!("{here}?show=note")).await.text();
    assert!(page.contains("Nothing of this sort here."));
}

#[tokio::test]
async fn a_day_a_month_and_a_year_are_jumped_to() {
    let (app, id) = long().await;
    let agent = app.person(Role::Agent).await;
    let here = format!("/customers/{id}");
    for (on, newest) in [("2026-02-03", 71), ("2026-02", 129)] {
        let page = get(&app, &agent, &format!("{here}?on={on}")).await.expect(200).text();
        assert_eq!(steps(&page)[0], newest, "{on}");
        assert!(page.contains("rel=\"prev\""), "{on}");
    }
    let page = get(&app, &agent, &format!("{here}?on=2025")).await.expect(200).text();
    assert!(steps(&page).is_empty() && page.contains("rel=\"prev\""));
    get(&app, &agent, &format!("{here}?on=someday")).await.expect(400);
    let page = get(&app, &agent, &here).await.text();
    assert!(page.contains(&format!("{here}?on=2026-02\" title=\"133 entries\"")), "the list of months");
    assert!(page.contains("data-on=\"2026-02\""), "the drawing of the years");
}

#[tokio::test]
async fn visits_fold_and_recordings_are_links_with_their_length() {
    let (app, id) = app().await;
    let agent = app.person(Role::Agent).await;
    for number in 0..12 {
        let mut page = event("Home", "path", "/");
        if let Arrival::Event { kind, .. } = &mut page {
            *kind = EntryKind::PageView;
        }
        let when = format!("2026-02-28T14:{number:02}:00Z");
        arrives(&app, &format!("p{number}"), &when, "ana@example.org", vec![], page).await;
    }
    let mut seen = event("session recorded", "recording_url", "https://replay.example/1");
    if let Arrival::Event { properties, .. } = &mut seen {
        let long = whom_core::model::Number::new(247.0).unwrap();
        properties.insert("duration".into(), Value::Number(long));
    }
    arrives(&app, "seen", "2026-02-28T15:00:00Z", "ana@example.org", vec![], seen).await;
    let page = get(&app, &agent, &format!("/customers/{id}")).await.text();
    assert!(page.contains("12 pages in 11 minutes"));
    assert!(page.contains("href=\"https://replay.example/1\"") && page.contains("Watch 4:07"));
}

#[tokio::test]
async fn a_page_asks_the_store_the_same_few_questions_however_much_there_is() {
    let (app, id) = long().await;
    let agent = app.person(Role::Agent).await;
    let path = format!("/customers/{id}");
    get(&app, &agent, &path).await.expect(200);
    let before = app.store.questions();
    get(&app, &agent, &path).await.expect(200);
    let asked = app.store.questions() - before;
    assert!(asked <= MOST_QUESTIONS, "{asked} questions");
}

/// Who asks, the profile, its contacts, their timelines and conversations, and the cards of the info pane.
const MOST_QUESTIONS: u64 = 24;
