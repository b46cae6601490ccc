//! Invariant 5: the same corpus gives the same profiles in any order of arrival.

use proptest::prelude::*;
use whom_core::identity::{Arrival, Incoming};
use whom_core::model::ExternalId;

use super::arrivals::{engine, identify, message, minute};

/// A corpus in which nothing speaks against anything, so that the rules are free of order.
fn corpus() -> Vec<Incoming> {
    let mut all = vec![
        message("m1", "ana@x.org", &[("name", "Ana")], minute(1)),
        message("m2", "ana@x.org", &[("name", "Ana Lima")], minute(5)),
        message("m3", "ana@y.org", &[("name", "A. Lima")], minute(9)),
        identify("i1", "ana@x.org anon:a1", &[("company", "Old")], minute(2)),
        identify("i2", "ana@y.org anon:a1", &[("company", "New")], minute(8)),
        identify("i3", "user:42 ana@x.org", &[("job_title", "Guide")], minute(7)),
        message("m4", "bob@x.org", &[("name", "Bob")], minute(3)),
        identify("i4", "bob@x.org anon:b1", &[], minute(4)),
        message("m5", "bob@x.org", &[("name", "Bob")], minute(11)),
        message("m6", "eva@x.org", &[], minute(6)),
    ];
    // A thread whose answers may come before what they answer.
    let first = ExternalId::new("mail", "m1");
    for (id, answers, at) in [("r1", vec!["m1"], 12), ("r2", vec!["m1", "r1"], 13)] {
        let mut answer = message(id, "ana@x.org", &[], minute(at));
        if let Arrival::Message(message) = &mut answer.arrival {
            message.answers = answers.into_iter().map(|id| ExternalId::new("mail", id)).collect();
        }
        all.push(answer);
    }
    let _ = first;
    all
}

async fn shown(order: Vec<Incoming>, batch: usize) -> Vec<String> {
    let engine = engine();
    for chunk in order.chunks(batch) {
        engine.ingest_all(chunk.to_vec(), minute(100)).await.unwrap();
    }
    let mut all = Vec::new();
    for row in engine.store().profiles_after(None, 100).await.unwrap() {
        if !row.is_live() {
            continue;
        }
        let view = engine.view(row.id, minute(1000)).await.unwrap();
        let mut json = serde_json::to_value(&view).unwrap();
        json.as_object_mut().unwrap().retain(|part, _| part != "version" && part != "id");
        let conversations = engine.conversations(row.id, 100).await.unwrap();
        let conversations: Vec<_> = conversations
            .iter()
            .map(|c| (c.id, c.subject.clone(), c.messages, c.started, c.last_message))
            .collect();
        let timeline = engine.timeline(row.id, None, 100, &[]).await.unwrap();
        let entries: Vec<_> =
            timeline.entries.iter().map(|e| (e.at, e.title.clone(), e.conversation)).collect();
        all.push(format!("{json}\n{conversations:?}\n{entries:?}"));
    }
    all.sort();
    all
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_arrival_and_the_size_of_batches_leave_no_trace(
        order in Just(corpus()).prop_shuffle(),
        batch in 1..13usize,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let straight = shown(corpus(), 1).await;
            prop_assert_eq!(straight.len(), 3);
            prop_assert_eq!(shown(order, batch).await, straight);
            Ok::<(), TestCaseError>(())
        })?;
    }
}
