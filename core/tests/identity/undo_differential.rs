//! Invariant 3: merge → anything → unmerge equals never merged + anything, for both sides.

use proptest::prelude::*;
use whom_core::{
    engine::{Edit, Engine},
    model::{Assertion, Source},
    view::ProfileView,
};

use super::arrivals::{engine, identify, key, message, minute, profile, take_in, text};

/// What happens between the merge and its undoing; `a` and `b` are the two that are merged.
#[derive(Clone, Debug)]
enum Thing {
    Message { from: usize, name: usize },
    SignsUp { who: usize, id: usize },
    AlsoUses { who: usize, other: usize },
    MergesOther { one: usize, other: usize },
    Corrects { who: usize, value: usize },
}

const PEOPLE: [&str; 4] = ["a@x.org", "b@x.org", "c@x.org", "d@x.org"];

fn thing() -> impl Strategy<Value = Thing> {
    prop_oneof![
        (0..4usize, 0..5usize).prop_map(|(from, name)| Thing::Message { from, name }),
        (0..4usize, 0..4usize).prop_map(|(who, id)| Thing::SignsUp { who, id }),
        (0..4usize, 0..4usize).prop_map(|(who, other)| Thing::AlsoUses { who, other }),
        (2..4usize, 2..4usize).prop_map(|(one, other)| Thing::MergesOther { one, other }),
        (2..4usize, 0..3usize).prop_map(|(who, value)| Thing::Corrects { who, value }),
    ]
}

async fn happen(engine: &Engine, place: usize, thing: &Thing) {
    let now = minute(100 + place as i64);
    let id = format!("t{place}");
    match thing {
        Thing::Message { from, name } => {
            take_in(engine, message(&id, PEOPLE[*from], &[("name", &format!("Name {name}"))], now)).await;
        }
        // New identifiers of each person's own, so that nothing said here depends on the merge.
        Thing::SignsUp { who, id: device } => {
            let both = format!("{} anon:{who}-{device}", PEOPLE[*who]);
            take_in(engine, identify(&id, &both, &[("company", &format!("Company {device}"))], now)).await;
        }
        Thing::AlsoUses { who, other } => {
            let both = format!("anon:{who}-{other} second{who}-{other}@y.org");
            take_in(engine, identify(&id, &both, &[("job_title", "Guide")], now)).await;
        }
        Thing::MergesOther { one, other } => {
            let (one, other) = (profile(engine, PEOPLE[*one]).await, profile(engine, PEOPLE[*other]).await);
            if let (Some(one), Some(other)) = (one, other) {
                let _ = engine.merge(one, other, &Source::agent("mia"), "", now).await;
            }
        }
        Thing::Corrects { who, value } => {
            if let Some(profile) = profile(engine, PEOPLE[*who]).await {
                let edit =
                    Edit { property: key("notes"), assertion: Assertion::Is(text(&format!("Note {value}"))) };
                engine.edit(profile, vec![edit], &Source::agent("mia"), None, now).await.unwrap();
            }
        }
    }
}

/// Everything that is shown, without the counters of writes and the names of profiles.
async fn shown(engine: &Engine) -> Vec<String> {
    let mut all = Vec::new();
    for row in engine.store().profiles_after(None, 1000).await.unwrap() {
        if !row.is_live() || row.contacts.is_empty() {
            continue;
        }
        let view: ProfileView = engine.view(row.id, minute(1000)).await.unwrap();
        let mut json = serde_json::to_value(&view).unwrap();
        let object = json.as_object_mut().unwrap();
        object.remove("version");
        object.remove("id");
        let timeline = engine.timeline(row.id, None, 1000, &[]).await.unwrap();
        let entries: Vec<String> = timeline.entries.iter().map(|entry| entry.title.clone()).collect();
        all.push(format!("{json}\n{entries:?}"));
    }
    all.sort();
    all
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, max_shrink_iters: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_undone_merge_leaves_no_trace_in_what_is_shown(
        before in prop::collection::vec(thing(), 0..6),
        between in prop::collection::vec(thing(), 0..12),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let (merged, never) = (engine(), engine());
            for engine in [&merged, &never] {
                for (place, person) in PEOPLE.iter().enumerate() {
                    take_in(engine, message(&format!("first{place}"), person, &[], minute(place as i64))).await;
                }
                for (place, thing) in before.iter().enumerate() {
                    happen(engine, place, thing).await;
                }
            }
            let (a, b) = (profile(&merged, "a@x.org").await.unwrap(), profile(&merged, "b@x.org").await.unwrap());
            let merge = merged.merge(b, a, &Source::agent("mia"), "looks the same", minute(99)).await.unwrap();
            for engine in [&merged, &never] {
                for (place, thing) in between.iter().enumerate() {
                    happen(engine, 50 + place, thing).await;
                }
            }
            prop_assert_eq!(merged.resolve(b).await.unwrap(), merged.resolve(a).await.unwrap());
            merged.unmerge(merge.id, &Source::agent("mia"), minute(999)).await.unwrap();
            prop_assert_eq!(shown(&merged).await, shown(&never).await);
            Ok::<(), TestCaseError>(())
        })?;
    }
}

#[tokio::test]
async fn what_is_edited_after_a_merge_goes_back_with_the_contact_whose_claim_it_replaced() {
    let engine = engine();
    take_in(&engine, message("1", "a@x.org", &[], minute(1))).await;
    take_in(&engine, message("2", "b@x.org", &[("company", "Old Ltd")], minute(2))).await;
    let (a, b) = (profile(&engine, "a@x.org").await.unwrap(), profile(&engine, "b@x.org").await.unwrap());
    let merge = engine.merge(b, a, &Source::agent("mia"), "", minute(3)).await.unwrap();
    let edit =
        |property: &str, value: &str| Edit { property: key(property), assertion: Assertion::Is(text(value)) };
    let by = Source::agent("mia");
    engine
        .edit(b, vec![edit("company", "New Ltd"), edit("notes", "Nice")], &by, None, minute(4))
        .await
        .unwrap();
    engine.unmerge(merge.id, &by, minute(5)).await.unwrap();

    let (a, b) = (engine.view(a, minute(6)).await.unwrap(), engine.view(b, minute(6)).await.unwrap());
    assert_eq!(b.value("company"), Some(&text("New Ltd")), "it replaced what came through b");
    assert_eq!(a.value("company"), None);
    assert_eq!(
        a.value("notes"),
        Some(&text("Nice")),
        "it replaced nothing, so it belongs to the profile that was shown"
    );
    assert_eq!(b.value("notes"), None);
}

#[tokio::test]
async fn other_evidence_keeps_two_together_and_is_named() {
    let engine = engine();
    take_in(&engine, message("1", "a@x.org", &[], minute(1))).await;
    take_in(&engine, message("2", "b@x.org", &[], minute(2))).await;
    let (a, b) = (profile(&engine, "a@x.org").await.unwrap(), profile(&engine, "b@x.org").await.unwrap());
    let by = Source::agent("mia");
    let merge = engine.merge(b, a, &by, "", minute(3)).await.unwrap();
    take_in(&engine, identify("3", "a@x.org b@x.org", &[], minute(4))).await;
    let undone = engine.unmerge(merge.id, &by, minute(5)).await.unwrap();
    assert_eq!(engine.resolve(a).await.unwrap(), engine.resolve(b).await.unwrap());
    assert_eq!(undone.still_together_by.len(), 1);
    let undone = engine.unmerge(undone.still_together_by[0], &by, minute(6)).await.unwrap();
    assert!(undone.still_together_by.is_empty());
    assert_ne!(engine.resolve(a).await.unwrap(), engine.resolve(b).await.unwrap());
    // The same statement again does not overrule the person who undid it.
    take_in(&engine, identify("4", "a@x.org b@x.org", &[], minute(7))).await;
    assert_ne!(engine.resolve(a).await.unwrap(), engine.resolve(b).await.unwrap());
}
