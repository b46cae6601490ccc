//! Erasure: what goes is what the plan names, and a replay does not bring it back.

use whom_core::{
    engine::EngineError,
    identity::{Outcome, SkipReason},
    model::Source,
};

use super::arrivals::{contact, engine, given, identify, message, minute, take_in};

#[tokio::test]
async fn the_plan_names_exactly_what_goes_and_a_replay_brings_nothing_back() {
    let engine = engine();
    let by = Source::agent("mia");
    take_in(&engine, message("1", "ana@x.org", &[("name", "Ana")], minute(1))).await;
    take_in(&engine, message("2", "ana@y.org", &[("name", "Ana")], minute(2))).await;
    take_in(&engine, message("3", "bob@x.org", &[("name", "Bob")], minute(3))).await;
    let (one, two) = (engine.find("ana@x.org").await.unwrap(), engine.find("ana@y.org").await.unwrap());
    engine.merge(two, one, &by, "", minute(4)).await.unwrap();

    let plan = engine.erase_plan(one).await.unwrap();
    assert_eq!(plan.contacts, ["email:ana@x.org", "email:ana@y.org"]);
    assert_eq!((plan.claims, plan.messages, plan.conversations.len(), plan.merges.len()), (2, 2, 2, 1));
    assert_eq!(plan.profiles.len(), 2);

    let receipt = engine.erase(one, &by, minute(5)).await.unwrap();
    assert_eq!((receipt.contacts, receipt.claims, receipt.entries), (2, 2, 2));
    for id in [one, two] {
        assert!(matches!(engine.view(id, minute(6)).await, Err(EngineError::NotFound { .. })));
    }
    assert!(engine.store().timeline(contact(&engine, "ana@x.org"), None, 10).await.unwrap().is_empty());
    assert_eq!(engine.store().check().await.unwrap(), Vec::<String>::new());
    assert!(engine.find("bob@x.org").await.is_ok());

    let replayed = take_in(&engine, message("1", "ana@x.org", &[("name", "Ana")], minute(1))).await;
    assert_eq!(replayed.outcome, Outcome::Skipped { reason: SkipReason::Erased });
    let tracked = take_in(&engine, identify("9", "ana@x.org user:7", &[], minute(9))).await;
    assert!(engine.find("ana@x.org").await.is_err(), "an application cannot bring an address back");
    assert_eq!(tracked.outcome, Outcome::Created, "the user id alone was never erased");

    // Somebody who was erased and writes again begins anew, with nothing of before.
    let anew = take_in(&engine, message("4", "ana@x.org", &[], minute(10))).await;
    assert_eq!(anew.outcome, Outcome::Created);
    assert_eq!(engine.view(anew.profile.unwrap(), minute(11)).await.unwrap().messages, 1);
}

#[tokio::test]
async fn an_erased_identifier_comes_back_by_name_alone() {
    let engine = engine();
    let by = Source::agent("mia");
    take_in(&engine, message("1", "ana@x.org", &[], minute(1))).await;
    let ana = engine.find("ana@x.org").await.unwrap();
    engine.erase(ana, &by, minute(2)).await.unwrap();
    let fresh = identify("2", "user:1", &[], minute(3));
    take_in(&engine, fresh).await;
    let other = engine.find("user:1").await.unwrap_or(engine.find("user_id:1").await.unwrap());
    assert!(engine.add_identifier(other, given("ana@x.org"), &by, minute(4)).await.is_err());
    assert!(engine.lift_erasure(&given("ana@x.org").identifier, minute(5)).await.unwrap());
    engine.add_identifier(other, given("ana@x.org"), &by, minute(6)).await.unwrap();
    assert_eq!(engine.find("ana@x.org").await.unwrap(), other);
}
