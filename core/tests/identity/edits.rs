//! Edits: an agent's word, conflicts, hiding, and what cannot be changed.

use whom_core::{
    engine::{Edit, EngineError, Enrichment},
    identity::Said,
    model::{Assertion, Confidence, ExternalId, Source},
};

use super::arrivals::{contact, engine, given, identify, key, message, minute, take_in, text};

fn set(property: &str, value: &str) -> Edit {
    Edit { property: key(property), assertion: Assertion::Is(text(value)) }
}

fn found(property: &str, value: &str) -> Said {
    Said {
        property: key(property),
        assertion: Assertion::Is(text(value)),
        confidence: Confidence::percent(90),
    }
}

#[tokio::test]
async fn an_agent_beats_enrichment_and_why_says_so() {
    let engine = engine();
    take_in(&engine, message("1", "ana@x.org", &[("name", "Ana")], minute(1))).await;
    let ana = engine.find("ana@x.org").await.unwrap();
    engine.edit(ana, vec![set("company", "Acme")], &Source::agent("mia"), None, minute(2)).await.unwrap();
    let enrichment = Enrichment {
        contact: contact(&engine, "ana@x.org"),
        source: Source::plugin("gravatar"),
        said: vec![
            found("company", "Initech"),
            found("job_title", "Engineer"),
            found("email", "ana@home.org"),
        ],
        evidence: Some("https://gravatar.example/ana".into()),
    };
    engine.record_enrichment(&enrichment, minute(3)).await.unwrap();

    let view = engine.view(ana, minute(4)).await.unwrap();
    assert_eq!(view.value("company"), Some(&text("Acme")));
    assert_eq!(view.value("job_title"), Some(&text("Engineer")));
    let why = engine.why(ana, &key("company"), minute(4)).await.unwrap();
    assert_eq!(why.winning[0].source.to_string(), "agent:mia");
    assert_eq!(why.losing[0].claim.source.to_string(), "plugin:gravatar");
    assert_eq!(why.losing[0].because, "agent:mia is trusted more");

    // Invariant 9: an address that a provider suggests is offered and joins nobody.
    let email = view.field("email").unwrap();
    assert_eq!(email.values.len(), 1);
    assert_eq!(email.offered[0].value, text("ana@home.org"));
    assert!(engine.find("ana@home.org").await.is_err());
}

#[tokio::test]
async fn a_removed_picture_stays_removed_when_it_is_offered_again() {
    let engine = engine();
    take_in(&engine, message("1", "ana@x.org", &[], minute(1))).await;
    let ana = engine.find("ana@x.org").await.unwrap();
    let enrichment = Enrichment {
        contact: contact(&engine, "ana@x.org"),
        source: Source::plugin("gravatar"),
        said: vec![found("photo", "https://g.example/1.png")],
        evidence: None,
    };
    engine.record_enrichment(&enrichment, minute(2)).await.unwrap();
    assert!(engine.view(ana, minute(2)).await.unwrap().value("photo").is_some());

    let agent = Source::agent("mia");
    let refused =
        engine.edit(ana, vec![set("photo", "https://g.example/2.png")], &agent, None, minute(3)).await;
    assert!(matches!(refused, Err(EngineError::Locked { .. })));
    let hide = Edit { property: key("photo"), assertion: Assertion::Empty };
    engine.edit(ana, vec![hide], &agent, None, minute(3)).await.unwrap();
    engine.record_enrichment(&enrichment, minute(9)).await.unwrap();
    assert_eq!(engine.view(ana, minute(10)).await.unwrap().value("photo"), None);
}

#[tokio::test]
async fn somebody_elses_newer_change_is_shown_and_never_overwritten() {
    let engine = engine();
    take_in(&engine, message("1", "ana@x.org", &[], minute(1))).await;
    let ana = engine.find("ana@x.org").await.unwrap();
    let read = engine.view(ana, minute(2)).await.unwrap().version;
    let (mia, jonas) = (Source::agent("mia"), Source::agent("jonas"));
    engine.edit(ana, vec![set("company", "Acme")], &jonas, Some(&read), minute(3)).await.unwrap();
    let late = engine.edit(ana, vec![set("company", "Other")], &mia, Some(&read), minute(4)).await;
    let Err(EngineError::Changed { version }) = late else { panic!("{late:?}") };
    assert_eq!(engine.view(ana, minute(5)).await.unwrap().version, version);
    assert_eq!(engine.view(ana, minute(5)).await.unwrap().value("company"), Some(&text("Acme")));
}

#[tokio::test]
async fn an_identifier_that_is_taken_names_whose_it_is() {
    let engine = engine();
    take_in(&engine, message("1", "ana@x.org", &[], minute(1))).await;
    take_in(&engine, message("2", "bob@x.org", &[], minute(1))).await;
    let (ana, bob) = (engine.find("ana@x.org").await.unwrap(), engine.find("bob@x.org").await.unwrap());
    let by = Source::agent("mia");
    let taken = engine.add_identifier(ana, given("bob@x.org"), &by, minute(2)).await;
    assert!(matches!(taken, Err(EngineError::TakenBy { profile, .. }) if profile == bob));
    engine.add_identifier(ana, given("phone:+493023125014"), &by, minute(2)).await.unwrap();
    assert_eq!(engine.find("+493023125014").await.unwrap(), ana);
}

#[tokio::test]
async fn a_profile_made_by_hand_is_found_and_made_once() {
    let engine = engine();
    let by = Source::agent("mia");
    let request = ExternalId::new("request", "r1");
    let first = engine.create_profile(
        request.clone(),
        vec![set("name", "Ana")],
        vec![given("ana@x.org")],
        &by,
        minute(1),
    );
    let first = first.await.unwrap();
    let again = engine
        .create_profile(request, vec![set("name", "Ana")], vec![given("ana@x.org")], &by, minute(1))
        .await;
    assert_eq!(again.unwrap(), first);
    take_in(&engine, message("1", "ana@x.org", &[], minute(2))).await;
    assert_eq!(engine.find("ana@x.org").await.unwrap(), first);
    let note = engine
        .add_note(first, "Called back.\nAll fine.", ExternalId::new("request", "n1"), &by, minute(3))
        .await;
    let timeline = engine.timeline(first, None, 10, &[]).await.unwrap();
    assert_eq!(timeline.entries[0].id, note.unwrap());
    assert_eq!(timeline.entries.len(), 2);
}

#[tokio::test]
async fn a_customer_in_the_trash_comes_back_by_writing() {
    let engine = engine();
    take_in(&engine, message("1", "ana@x.org", &[], minute(1))).await;
    let ana = engine.find("ana@x.org").await.unwrap();
    engine.trash(ana, &Source::agent("mia"), minute(2)).await.unwrap();
    take_in(&engine, identify("2", "ana@x.org user:1", &[], minute(3))).await;
    let trashed = engine.store().profiles(&[ana]).await.unwrap().pop().flatten().unwrap();
    assert!(!trashed.is_live());
    let receipt = take_in(&engine, message("3", "ana@x.org", &[], minute(4))).await;
    assert!(receipt.reasons.iter().any(|why| why.contains("trash")));
    let restored = engine.store().profiles(&[ana]).await.unwrap().pop().flatten().unwrap();
    assert!(restored.is_live());
}

#[tokio::test]
async fn the_name_that_is_shown_follows_whoever_named_last() {
    let engine = engine();
    take_in(&engine, message("1", "ana@x.org", &[("name", "Ana")], minute(1))).await;
    let id = engine.find("ana@x.org").await.unwrap();
    let set = async |property: &str, value: &str, at: i64| {
        let edit = Edit { property: key(property), assertion: Assertion::Is(text(value)) };
        engine.edit(id, vec![edit], &Source::agent("mia"), None, minute(at)).await.unwrap().name
    };
    assert_eq!(set("name", "Ana Flores", 2).await, "Ana Flores");
    assert_eq!(set("first_name", "Anna", 3).await, "Ana Flores", "a half of it is no name");
    assert_eq!(set("last_name", "Flores", 4).await, "Anna Flores");
    assert_eq!(set("name", "Ana F.", 5).await, "Ana F.");
}
