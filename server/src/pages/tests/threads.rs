//! Long threads, links to one message, merging by look-up, splitting, adding to a profile.

use super::*;
use crate::auth::Role;

/// A message from somebody, in the thread of the first one where that is named.
async fn wrote(app: &TestApp, id: &str, who: &str, subject: &str, minute: i64, answers: Option<&str>) {
    let mut arrival = mail(subject, &format!("This is {id}."));
    if let (Arrival::Message(message), Some(first)) = (&mut arrival, answers) {
        message.answers.push(ExternalId::new("test", first));
    }
    let identifier = Identifier::new(IdentifierKind::EMAIL, who, PhoneRegion::NONE).unwrap();
    let incoming = Incoming {
        external: ExternalId::new("test", id),
        at: Timestamp::from_millis(at("2026-01-01T00:00:00Z").as_millis() + minute * 60_000),
        source: Source::message("mail"),
        parties: vec![Party { identifiers: vec![GivenIdentifier::new(identifier, who)], said: vec![] }],
        arrival,
        account: None,
        body: None,
    };
    app.state.engine().ingest(incoming, app.state.now()).await.unwrap();
}

async fn entries(app: &TestApp, number: u64) -> Vec<String> {
    let row = app.state.store().conversation_by_number(number).await.unwrap().unwrap();
    let (_, entries) = app.state.engine().conversation(row.id, None, 1_000).await.unwrap();
    let messages = entries.into_iter().filter(|entry| entry.kind == EntryKind::Message);
    messages.map(|entry| entry.id.to_string()).collect()
}

#[tokio::test]
async fn a_link_to_one_message_opens_the_part_that_holds_it() {
    let app = TestApp::new();
    for number in 0..120 {
        let answers = (number > 0).then_some("m0");
        wrote(&app, &format!("m{number}"), "ana@example.org", "Tent", number, answers).await;
    }
    let agent = app.person(Role::Agent).await;
    let all = entries(&app, 1).await;
    let page = get(&app, &agent, &format!("/conversations/1?at={}", all[30])).await.expect(200).text();
    assert!(page.contains(&format!("id=\"{}\" data-at", all[30])), "{page}");
    assert_eq!(page.matches("data-marked").count(), 1);
    assert!(page.contains("This is m20.") && page.contains("This is m50."), "what stands around it is there");
    assert!(!page.contains("This is m5.") && !page.contains("This is m119."));
    assert!(page.contains("rel=\"prev\"") && page.contains("rel=\"next\"") && page.contains("To the newest"));
    // What stands behind goes on exactly where the page ends.
    let later = between(&page, "/conversations/1?after=", "\"");
    let part = get(&app, &agent, &format!("{later}&fragment=1")).await.expect(200).text();
    let last = page.matches("This is m").count();
    assert!(part.contains(&format!("This is m{}.", 18 + last)), "{last}: {part}");
    assert!(!part.contains(&format!("This is m{}.", 17 + last)) && !part.contains("rel=\"prev\""));
    // A message of another conversation leads there; one that is nowhere shows the end.
    wrote(&app, "other", "bo@example.org", "Boots", 500, None).await;
    let other = entries(&app, 2).await[0].clone();
    let answer = get(&app, &agent, &format!("/conversations/1?at={other}")).await.expect(303);
    assert_eq!(answer.header("location"), format!("/conversations/2?at={other}#{other}"));
    let page = get(&app, &agent, "/conversations/1?at=e_nothing").await.expect(200).text();
    assert!(page.contains("This is m119."));
}

#[tokio::test]
async fn messages_are_split_off_and_put_back() {
    let app = TestApp::new();
    for number in 0..5 {
        let answers = (number > 0).then_some("m0");
        wrote(&app, &format!("m{number}"), "ana@example.org", "Tent", number, answers).await;
    }
    let agent = app.person(Role::Agent).await;
    let all = entries(&app, 1).await;
    let page = get(&app, &agent, "/conversations/1").await.text();
    assert!(page.contains("Split off from here on") && page.contains("?choose=1"), "{page}");

    let form = format!("what=split&entry={}", all[3]);
    let answer = send(&app, &agent, "/conversations/1/threads", &form).await.expect(303);
    let made = answer.header("location").to_owned();
    assert_eq!(made, "/conversations/2?done=split&of=1&undo=threads:2");
    let page = get(&app, &agent, &made).await.expect(200).text();
    assert!(page.contains("This is m3.") && page.contains("This is m4.") && !page.contains("This is m2."));
    assert!(page.contains("Split off from") && page.contains("/conversations/2/threads/undo"), "{page}");
    let origin = get(&app, &agent, "/conversations/1").await.text();
    assert!(
        origin.contains("split messages off into") && origin.contains("href=\"/conversations/2\""),
        "{origin}"
    );
    let back = send(&app, &agent, "/conversations/2/threads/undo", "").await.expect(303);
    assert_eq!(back.header("location"), "/conversations/1?done=undone");
    assert_eq!(entries(&app, 1).await, all);

    // Those that are chosen, wherever they stand.
    let page = get(&app, &agent, "/conversations/1?choose=1").await.expect(200).text();
    assert_eq!(page.matches("name=\"entry\"").count(), 5, "{page}");
    assert!(!page.contains("id=\"composer\""));
    let form = format!("what=split&only=1&entry={}&entry={}", all[0], all[2]);
    let answer = send(&app, &agent, "/conversations/1/threads", &form).await.expect(303);
    let number: u64 = between(answer.header("location"), "/conversations/", "?")
        .rsplit('/')
        .next()
        .unwrap()
        .parse()
        .unwrap();
    assert_eq!(entries(&app, number).await, [all[0].clone(), all[2].clone()]);
    assert_eq!(entries(&app, 1).await, [all[1].clone(), all[3].clone(), all[4].clone()]);
    let nothing = format!("what=split&only=1&entry={}", all[0]);
    send(&app, &agent, "/conversations/1/threads", &nothing).await.expect(422);
    let reader = app.person(Role::ReadOnly).await;
    send(&app, &reader, "/conversations/1/threads", &form).await.expect(403);
}

#[tokio::test]
async fn what_another_is_merged_into_is_looked_up_by_number_subject_and_customer() {
    let app = TestApp::new();
    wrote(&app, "a", "ana@example.org", "Tent", 0, None).await;
    wrote(&app, "b", "ana@example.org", "Torn pegs", 1, None).await;
    wrote(&app, "c", "bo@example.org", "Boots", 2, None).await;
    let agent = app.person(Role::Agent).await;
    let found = async |typed: &str| {
        let path = format!("/conversations/1/merge?fragment=1&q={typed}");
        get(&app, &agent, &path).await.expect(200).text()
    };
    let same = found("").await;
    assert!(same.contains("Torn pegs") && !same.contains("Boots") && !same.contains("value=\"1\""), "{same}");
    assert!(found("%233").await.contains("Boots") && found("boo").await.contains("Boots"));
    assert!(found("bo@example.org").await.contains("Boots"));
    assert!(found("nowhere").await.contains("Nothing fits"));
    assert!(get(&app, &agent, "/conversations/1/merge").await.text().contains("data-pick-page"));

    let answer = send(&app, &agent, "/conversations/1/threads", "what=merge&into=3").await.expect(303);
    assert_eq!(answer.header("location"), "/conversations/3?done=merged&of=1&undo=threads:1");
    let page = get(&app, &agent, answer.header("location")).await.expect(200).text();
    assert!(page.contains("This is a.") && page.contains("This is c."), "{page}");
    assert!(
        page.contains("Merged into this one") && page.contains("/conversations/1/threads/undo"),
        "{page}"
    );
    // Its number leads there, with the message that was asked for.
    let entry = entries(&app, 3).await[0].clone();
    let led = get(&app, &agent, &format!("/conversations/1?at={entry}")).await.expect(303);
    assert_eq!(led.header("location"), format!("/conversations/3?at={entry}"));
    send(&app, &agent, "/conversations/1/threads/undo", "").await.expect(303);
    assert_eq!(entries(&app, 3).await.len(), 1);
}

#[tokio::test]
async fn a_contact_goes_to_the_profile_it_is_added_to_and_back() {
    let app = TestApp::new();
    wrote(&app, "a", "ana@example.org", "Tent", 0, None).await;
    wrote(&app, "b", "ana.private@example.net", "Tent again", 1, None).await;
    let agent = app.person(Role::Agent).await;
    let find = async |who: &str| app.state.engine().find(who).await.unwrap();
    let (ana, private) = (find("ana@example.org").await, find("ana.private@example.net").await);
    let page = get(&app, &agent, "/conversations/2/profile?q=ana@example.org").await.expect(200).text();
    assert!(page.contains(&format!("name=\"to\" value=\"{ana}\"")), "{page}");
    assert!(!page.contains(&format!("value=\"{private}\"")), "whose it is already is not offered");
    assert!(!page.contains("Make a new profile of it"), "it stands alone already");
    let contact = app.state.store().conversation_by_number(2).await.unwrap().unwrap().contacts[0];
    let form = format!("contact={contact}&to={ana}");
    let answer = send(&app, &agent, "/conversations/2/profile", &form).await.expect(303);
    assert_eq!(find("ana.private@example.net").await, ana);
    let page = get(&app, &agent, answer.header("location")).await.expect(200).text();
    let undo = between(&page, &format!("/customers/{ana}/undo/"), "\"").replace("&amp;", "&");
    assert!(get(&app, &agent, "/conversations/2/profile").await.text().contains("Make a new profile of it"));
    send(&app, &agent, &undo, "").await.expect(303);
    assert_eq!(find("ana.private@example.net").await, private);

    send(&app, &agent, "/conversations/2/profile", &form).await.expect(303);
    send(&app, &agent, "/conversations/2/profile", &format!("contact={contact}")).await.expect(303);
    let own = find("ana.private@example.net").await;
    assert!(own != ana, "a new profile of its own");
    let other = app.state.store().conversation_by_number(1).await.unwrap().unwrap().contacts[0];
    send(&app, &agent, "/conversations/2/profile", &format!("contact={other}")).await.expect(404);
}
