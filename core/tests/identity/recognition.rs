//! Recognition: which arrivals are one person.

use expect_test::{Expect, expect};
use whom_core::identity::Outcome;

use super::arrivals::{contact, engine, identify, message, minute, take_in, together};

/// Takes in statements, one a line or between bars, and shows who is together.
fn check(statements: &str, expected: Expect) {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let shown = runtime.block_on(async {
        let engine = engine();
        for (place, statement) in statements.split('|').enumerate() {
            take_in(&engine, identify(&format!("s{place}"), statement, &[], minute(place as i64))).await;
        }
        together(&engine).await
    });
    expected.assert_eq(&shown);
}

#[test]
fn strangers_stay_strangers() {
    check(
        "ana@x.org | ana@y.org",
        expect![[r#"
        ana@x.org
        ana@y.org"#]],
    );
}

#[test]
fn two_addresses_meet_on_the_external_id() {
    check("ana@x.org user:42 | ana@y.org user:42", expect!["42 ana@x.org ana@y.org"]);
}

#[test]
fn a_visitor_becomes_the_customer_who_signs_up() {
    check("anon:v1 | anon:v1 user:42 ana@x.org", expect!["42 ana@x.org v1"]);
}

#[test]
fn two_user_ids_never_join_by_themselves() {
    check(
        "anon:tablet user:1 | anon:tablet user:2",
        expect![[r#"
        1 tablet
        2"#]],
    );
    check(
        "ana@x.org user:1 | bob@x.org user:2 | ana@x.org bob@x.org",
        expect![[r#"
        1 ana@x.org
        2 bob@x.org"#]],
    );
}

#[test]
fn a_shared_number_never_joins_two_who_are_known_otherwise() {
    check(
        "tom@x.org phone:+493023125014 | eva@x.org phone:+493023125014",
        expect![[r#"
        +493023125014 tom@x.org
        eva@x.org"#]],
    );
}

#[test]
fn a_number_that_was_alone_joins_who_names_it() {
    check("phone:+493023125014 | tom@x.org phone:+493023125014", expect!["+493023125014 tom@x.org"]);
}

#[test]
fn placeholders_identify_nobody() {
    check(
        "user:null | user:undefined ana@x.org | user:null bob@x.org",
        expect![[r#"
        ana@x.org
        bob@x.org"#]],
    );
}

#[test]
fn chains_of_statements_are_one_person() {
    check("a@x.org anon:1 | anon:1 anon:2 | anon:2 b@x.org", expect!["1 2 a@x.org b@x.org"]);
}

#[tokio::test]
async fn the_same_message_again_changes_nothing_and_gets_the_first_answer() {
    let engine = engine();
    let first = take_in(&engine, message("m1", "ana@x.org", &[("name", "Ana")], minute(1))).await;
    let again = take_in(&engine, message("m1", "ana@x.org", &[("name", "Ana")], minute(1))).await;
    assert_eq!(first.outcome, Outcome::Created);
    assert_eq!(again.outcome, Outcome::Repeated);
    assert_eq!(
        (again.profile, again.contact, again.conversation),
        (first.profile, first.contact, first.conversation)
    );
    assert_eq!(engine.store().feed(0, 100).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_conflict_raises_one_review_and_says_why() {
    let engine = engine();
    take_in(&engine, identify("1", "anon:tablet user:1", &[], minute(1))).await;
    let second = take_in(&engine, identify("2", "anon:tablet user:2", &[], minute(2))).await;
    take_in(&engine, identify("3", "anon:tablet user:2", &[], minute(3))).await;
    assert!(
        second.reasons.iter().any(|why| why.contains("each has a user_id of its own")),
        "{:?}",
        second.reasons
    );
    let reviews = engine.store().documents(whom_core::store::DocumentKind::Review, None, 10).await.unwrap();
    assert_eq!(reviews.len(), 1);
    let _ = contact(&engine, "anon:tablet");
}

#[tokio::test]
async fn many_writers_on_one_contact_lose_nothing() {
    let engine = engine();
    let writers = (0..64).map(|writer| {
        let engine = engine.clone();
        tokio::spawn(async move {
            for place in 0..5 {
                take_in(&engine, message(&format!("m{writer}-{place}"), "ana@x.org", &[], minute(place)))
                    .await;
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap();
    }
    let ana = engine.find("ana@x.org").await.unwrap();
    assert_eq!(engine.view(ana, minute(9)).await.unwrap().messages, 320);
    assert_eq!(engine.timeline(ana, None, 1000, &[]).await.unwrap().entries.len(), 320);
}

#[tokio::test]
async fn conversations_of_one_batch_are_numbered_as_they_began() {
    let engine = engine();
    let batch = [5, 1, 9, 3].map(|at| message(&format!("m{at}"), "ana@x.org", &[], minute(at)));
    engine.ingest_all(batch.to_vec(), minute(10)).await.unwrap();
    let ana = engine.find("ana@x.org").await.unwrap();
    let latest_first = engine.conversations(ana, 10).await.unwrap();
    assert_eq!(latest_first.iter().map(|one| one.number).collect::<Vec<_>>(), [4, 3, 2, 1]);
}
