//! What people decide about claims: pins, hidden values, sources that do not count; through merges and back.

use std::collections::BTreeMap;

use whom_core::{
    engine::{Choice, Edit, Engine, EngineError, Enrichment, Wish},
    identity::Said,
    model::{Assertion, Confidence, ProfileId, Source, Value},
};

use super::arrivals::{contact, engine, key, message, minute, take_in, text};

fn mia() -> Source {
    Source::agent("mia")
}

async fn wish(engine: &Engine, id: ProfileId, property: &str, wish: Wish, at: i64) -> Vec<Value> {
    engine.decide_property(id, &key(property), &wish, &mia(), minute(at)).await.unwrap().values
}

async fn shown(engine: &Engine, id: ProfileId, property: &str) -> Option<Value> {
    engine.view(id, minute(1000)).await.unwrap().value(property).cloned()
}

fn pin(value: &str) -> Wish {
    Wish::Pin(Choice::Value(text(value)))
}

#[tokio::test]
async fn a_pin_holds_against_sources_until_an_agent_says_otherwise() {
    let engine = engine();
    take_in(&engine, message("1", "ana@x.org", &[("timezone", "Europe/Paris")], minute(1))).await;
    take_in(&engine, message("2", "ana@x.org", &[("timezone", "Asia/Tokyo")], minute(2))).await;
    let ana = engine.find("ana@x.org").await.unwrap();
    assert_eq!(shown(&engine, ana, "timezone").await, Some(text("Asia/Tokyo")));
    assert_eq!(wish(&engine, ana, "timezone", pin("Europe/Paris"), 3).await, [text("Europe/Paris")]);
    take_in(&engine, message("3", "ana@x.org", &[("timezone", "UTC")], minute(4))).await;
    let why = engine.why(ana, &key("timezone"), minute(5)).await.unwrap();
    assert_eq!(why.values, [text("Europe/Paris")]);
    assert!(why.decided_by.starts_with("pinned by agent:mia on "), "{}", why.decided_by);
    assert!(why.losing.iter().all(|lost| lost.because.contains("pinned another value")), "{why:?}");
    let view = engine.view(ana, minute(5)).await.unwrap();
    assert_eq!(view.field("timezone").unwrap().pinned.as_ref().unwrap().by, mia());

    let edit = Edit { property: key("timezone"), assertion: Assertion::Is(text("Europe/Oslo")) };
    engine.edit(ana, vec![edit], &Source::agent("jon"), None, minute(6)).await.unwrap();
    assert_eq!(shown(&engine, ana, "timezone").await, Some(text("Europe/Oslo")));
    let pins = engine.why(ana, &key("timezone"), minute(7)).await.unwrap().decisions;
    assert!(pins.len() == 1 && !pins[0].counts);
}

#[tokio::test]
async fn each_decision_is_taken_back() {
    let engine = engine();
    take_in(&engine, message("1", "ana@x.org", &[("timezone", "Europe/Paris")], minute(1))).await;
    take_in(&engine, message("2", "ana@x.org", &[("timezone", "Asia/Tokyo")], minute(2))).await;
    let ana = engine.find("ana@x.org").await.unwrap();
    let before = engine.why(ana, &key("timezone"), minute(9)).await.unwrap();
    for (made, taken_back) in [
        (pin("Europe/Paris"), Wish::Unpin),
        (Wish::Hide(Choice::Value(text("Asia/Tokyo"))), Wish::Show(text("Asia/Tokyo"))),
        (Wish::Never(Source::message("mail")), Wish::Again(Source::message("mail"))),
    ] {
        // The clock stands still: the order of what is said is kept all the same.
        for _ in 0..2 {
            assert_ne!(wish(&engine, ana, "timezone", made.clone(), 3).await, before.values);
            assert_eq!(wish(&engine, ana, "timezone", taken_back.clone(), 3).await, before.values);
        }
        let again = engine.decide_property(ana, &key("timezone"), &taken_back, &mia(), minute(3)).await;
        assert!(matches!(again, Err(EngineError::Invalid { .. })));
    }
    assert_eq!(engine.why(ana, &key("timezone"), minute(9)).await.unwrap(), before);
}

#[tokio::test]
async fn a_locked_value_is_hidden_and_stays_so_when_it_is_offered_again() {
    let engine = engine();
    take_in(&engine, message("1", "ana@x.org", &[], minute(1))).await;
    let ana = engine.find("ana@x.org").await.unwrap();
    let said = |property: &str, value: &str| Said {
        property: key(property),
        assertion: Assertion::Is(text(value)),
        confidence: Confidence::percent(90),
    };
    let enrichment = Enrichment {
        contact: contact(&engine, "ana@x.org"),
        source: Source::plugin("gravatar"),
        said: vec![said("photo", "https://g.example/1.png"), said("email", "ana@home.org")],
        evidence: None,
    };
    engine.record_enrichment(&enrichment, minute(2)).await.unwrap();
    let photo = Choice::Value(text("https://g.example/1.png"));
    assert!(wish(&engine, ana, "photo", Wish::Hide(photo), 3).await.is_empty());
    engine.record_enrichment(&enrichment, minute(4)).await.unwrap();
    assert_eq!(shown(&engine, ana, "photo").await, None);

    // What is offered is taken by an agent, and is a contact then.
    let offered = engine.view(ana, minute(5)).await.unwrap().field("email").unwrap().offered.len();
    assert_eq!(offered, 1);
    let nobody = engine.take_offered(ana, &key("email"), &text("else@x.org"), &mia(), minute(5)).await;
    assert!(matches!(nobody, Err(EngineError::Invalid { .. })));
    engine.take_offered(ana, &key("email"), &text("ana@home.org"), &mia(), minute(5)).await.unwrap();
    assert_eq!(engine.find("ana@home.org").await.unwrap(), ana);
    // Nor is one that was hidden offered again.
    engine
        .record_enrichment(&Enrichment { said: vec![said("email", "b@home.org")], ..enrichment }, minute(6))
        .await
        .unwrap();
    wish(&engine, ana, "email", Wish::Hide(Choice::Value(text("b@home.org"))), 7).await;
    assert!(engine.view(ana, minute(8)).await.unwrap().field("email").unwrap().offered.is_empty());
}

/// All that is shown of a profile, without what counts writes.
async fn whole(engine: &Engine, id: ProfileId) -> String {
    let mut json = serde_json::to_value(engine.view(id, minute(1000)).await.unwrap()).unwrap();
    json.as_object_mut().unwrap().remove("version");
    json.to_string()
}

async fn two(engine: &Engine) -> (ProfileId, ProfileId) {
    take_in(engine, message("1", "a@x.org", &[("timezone", "Europe/Paris")], minute(1))).await;
    take_in(engine, message("2", "b@x.org", &[("timezone", "Asia/Tokyo")], minute(2))).await;
    (engine.find("a@x.org").await.unwrap(), engine.find("b@x.org").await.unwrap())
}

#[tokio::test]
async fn a_preview_shows_what_the_merge_then_makes_and_undoing_takes_its_pins_back() {
    let engine = engine();
    let (a, b) = two(&engine).await;
    let before = (whole(&engine, a).await, whole(&engine, b).await);
    let choose: BTreeMap<_, _> = [(key("timezone"), Choice::Value(text("Europe/Paris")))].into();

    let plain = engine.merge_preview(b, a, &BTreeMap::new(), &mia(), minute(3)).await.unwrap();
    let field = plain.fields.iter().find(|field| field.key == key("timezone")).unwrap();
    assert!(field.differs && field.choices.len() == 2 && field.choices[0].is_from);
    assert_eq!(plain.merged.value("timezone"), Some(&text("Asia/Tokyo")));
    let preview = engine.merge_preview(b, a, &choose, &mia(), minute(3)).await.unwrap();
    assert_eq!(preview.merged.value("timezone"), Some(&text("Europe/Paris")));
    assert_eq!((whole(&engine, a).await, whole(&engine, b).await), before, "looking changes nothing");

    let merge = engine.merge_choosing(b, a, &mia(), "", &choose, minute(3)).await.unwrap();
    let merged = engine.view(a, minute(3)).await.unwrap();
    let said = |view: &whom_core::view::ProfileView| {
        let fields = view.fields.iter();
        fields.map(|field| (field.key.clone(), field.values.clone())).collect::<Vec<_>>()
    };
    assert_eq!(said(&merged), said(&preview.merged));
    // Between, the other value is pinned as well: the latest word counts.
    wish(&engine, a, "timezone", pin("Asia/Tokyo"), 4).await;
    assert_eq!(shown(&engine, a, "timezone").await, Some(text("Asia/Tokyo")));
    wish(&engine, a, "timezone", Wish::Unpin, 5).await;
    assert_eq!(shown(&engine, a, "timezone").await, Some(text("Europe/Paris")));

    engine.unmerge(merge.id, &mia(), minute(6)).await.unwrap();
    assert_eq!((whole(&engine, a).await, whole(&engine, b).await), before);
    // The two are merged anew: the choice of the merge that was undone does not come back.
    engine.merge(b, a, &mia(), "", minute(7)).await.unwrap();
    assert_eq!(shown(&engine, a, "timezone").await, Some(text("Asia/Tokyo")));
}

#[tokio::test]
async fn a_pin_goes_back_with_the_contact_whose_value_it_is() {
    let engine = engine();
    let (a, b) = two(&engine).await;
    wish(&engine, a, "timezone", pin("Europe/Paris"), 3).await;
    let before = whole(&engine, a).await;
    let merge = engine.merge(b, a, &mia(), "", minute(4)).await.unwrap();
    assert_eq!(shown(&engine, a, "timezone").await, Some(text("Europe/Paris")));
    wish(&engine, a, "timezone", pin("Asia/Tokyo"), 5).await;
    engine.unmerge(merge.id, &mia(), minute(6)).await.unwrap();
    assert_eq!(whole(&engine, a).await, before);
    let why = engine.why(b, &key("timezone"), minute(7)).await.unwrap();
    assert!(why.decisions[0].counts && why.values == [text("Asia/Tokyo")]);
}

#[tokio::test]
async fn a_choice_that_nobody_claims_is_refused_and_nothing_is_merged() {
    let engine = engine();
    let (a, b) = two(&engine).await;
    for (property, value) in [("timezone", "Mars/Olympus"), ("email", "a@x.org")] {
        let choose: BTreeMap<_, _> = [(key(property), Choice::Value(text(value)))].into();
        let refused = engine.merge_choosing(b, a, &mia(), "", &choose, minute(3)).await;
        assert!(matches!(refused, Err(EngineError::Invalid { .. })), "{refused:?}");
    }
    assert_ne!(engine.resolve(a).await.unwrap(), engine.resolve(b).await.unwrap());
    // Nothing that arrives can pose as a decision.
    assert_eq!(whom_core::model::PropertyKey::fold("_pin.timezone").unwrap().as_str(), "pin_timezone");
}
