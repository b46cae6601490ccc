//! Merging conversations and splitting them, in any order, and back.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use whom_core::{
    engine::{Engine, SplitOff},
    identity::{Arrival, Incoming},
    model::{
        ConversationId, ConversationStatus, Direction, EntryId, EntryKind, ExternalId, Shelf, Source,
        Timestamp, Whose,
    },
};

use super::arrivals::{engine, message, minute, take_in};

fn answering(id: &str, from: &str, answered: &str, at: Timestamp) -> Incoming {
    let mut incoming = message(id, from, &[], at);
    if let Arrival::Message(message) = &mut incoming.arrival {
        message.answers.push(ExternalId::new("mail", answered));
    }
    incoming
}

fn mia() -> Source {
    Source::agent("mia")
}

/// Three conversations of two customers, each of four messages.
async fn threads(engine: &Engine) -> Vec<ConversationId> {
    let mut ids = Vec::new();
    for (place, from) in ["ana@x.org", "ana@x.org", "bo@x.org"].into_iter().enumerate() {
        let first = format!("{place}.0");
        let minutes = place as i64;
        ids.push(take_in(engine, message(&first, from, &[], minute(minutes))).await.conversation.unwrap());
        for number in 1..4 {
            let at = minute(number * 10 + minutes);
            take_in(engine, answering(&format!("{place}.{number}"), from, &first, at)).await;
        }
    }
    ids
}

/// What a person sees: each conversation of the inbox with its messages, and what its row says of them.
type Seen = BTreeMap<ConversationId, (Vec<EntryId>, u64, Timestamp, Timestamp, Direction, BTreeSet<String>)>;

async fn seen(engine: &Engine) -> Seen {
    let mut seen = Seen::new();
    for row in engine.store().inbox(Shelf::Open, &Whose::Anybody, None, 1_000).await.unwrap() {
        let (shown, entries) = engine.conversation(row.id, None, 1_000).await.unwrap();
        assert_eq!(shown, row);
        let messages: Vec<EntryId> =
            entries.iter().filter(|entry| entry.kind == EntryKind::Message).map(|entry| entry.id).collect();
        assert_eq!(messages.len() as u64, row.messages, "{row:?}");
        let contacts = row.contacts.iter().map(ToString::to_string).collect();
        seen.insert(
            row.id,
            (messages, row.messages, row.started, row.last_message, row.last_direction, contacts),
        );
    }
    seen
}

#[tokio::test]
async fn a_merged_conversation_shows_both_and_mail_that_answers_either_goes_there() {
    let engine = engine();
    let ids = threads(&engine).await;
    let before = seen(&engine).await;
    let number = engine.shown_conversation(ids[2]).await.unwrap().number;
    let merged = engine.merge_conversations(ids[2], ids[0], &mia(), minute(100)).await.unwrap();
    assert_eq!((merged.id, merged.messages, merged.contacts.len()), (ids[0], 8, 2));
    let named = engine.store().conversation_by_number(number).await.unwrap().unwrap();
    assert_eq!(engine.shown_conversation(named.id).await.unwrap().id, ids[0]);
    let titles: Vec<_> = engine.conversation(ids[2], None, 100).await.unwrap().1;
    assert_eq!(titles.iter().filter(|entry| entry.kind == EntryKind::Message).count(), 8);
    assert_eq!(titles.last().unwrap().title, "merged");
    assert!(engine.merge_conversations(ids[0], ids[2], &mia(), minute(101)).await.is_err());
    assert!(engine.merge_conversations(ids[2], ids[1], &mia(), minute(101)).await.is_err());

    // Whoever answers the one that was merged away is heard in the other, and it goes back with it.
    let closing = whom_core::engine::ConversationEdit {
        status: Some(ConversationStatus::Closed),
        ..Default::default()
    };
    engine.edit_conversation(ids[2], &closing, &mia(), None, minute(102)).await.unwrap();
    let late = take_in(&engine, answering("late", "bo@x.org", "2.3", minute(103))).await;
    let shown = engine.shown_conversation(late.conversation.unwrap()).await.unwrap();
    assert_eq!((shown.id, shown.messages, shown.status), (ids[0], 9, ConversationStatus::Open));

    let apart = engine.undo_threading(ids[2], &mia(), minute(104)).await.unwrap();
    assert_eq!((apart.id, apart.messages, apart.last_message), (ids[2], 5, minute(103)));
    let after = seen(&engine).await;
    assert_eq!(after[&ids[0]], before[&ids[0]]);
    assert_eq!(after[&ids[2]].0.len(), 5);
    assert!(engine.undo_threading(ids[2], &mia(), minute(105)).await.is_err());
    assert_eq!(engine.store().check().await.unwrap(), Vec::<String>::new());
}

#[tokio::test]
async fn a_split_takes_a_message_and_what_follows_and_later_answers_go_with_it() {
    let engine = engine();
    let ids = threads(&engine).await;
    let before = seen(&engine).await;
    let (_, messages, ..) = before[&ids[0]].clone();
    assert_eq!(messages, 4);
    let third = before[&ids[0]].0[2];
    let new = engine.split_conversation(ids[0], &SplitOff::From(third), &mia(), minute(100)).await.unwrap();
    assert_eq!((new.messages, new.number, new.split_from), (2, 4, Some(ids[0])));
    assert_eq!(new.subject, "About 0.2");
    assert_eq!(seen(&engine).await[&ids[0]].0, before[&ids[0]].0[..2]);
    let late = take_in(&engine, answering("late", "ana@x.org", "0.3", minute(101))).await;
    assert_eq!(late.conversation, Some(new.id));
    let first = before[&ids[0]].0[0];
    assert!(engine.split_conversation(ids[0], &SplitOff::From(first), &mia(), minute(102)).await.is_err());
    assert!(engine.split_conversation(ids[1], &SplitOff::From(third), &mia(), minute(102)).await.is_err());

    let back = engine.undo_threading(new.id, &mia(), minute(103)).await.unwrap();
    assert_eq!((back.id, back.messages), (ids[0], 5));
    assert_eq!(engine.shown_conversation(new.id).await.unwrap().id, ids[0]);
    assert_eq!(engine.store().conversation_by_number(4).await.unwrap().unwrap().id, new.id);
    assert_eq!(seen(&engine).await[&ids[0]].0[..4], before[&ids[0]].0);
    assert!(engine.undo_threading(new.id, &mia(), minute(104)).await.is_err());
    assert_eq!(engine.store().check().await.unwrap(), Vec::<String>::new());
}

#[tokio::test]
async fn chosen_messages_are_split_off_wherever_they_stand_and_come_back() {
    let engine = engine();
    let ids = threads(&engine).await;
    let before = seen(&engine).await;
    let all = before[&ids[0]].0.clone();
    let only = |chosen: &[EntryId]| SplitOff::Only(chosen.iter().copied().collect());
    let by = mia();
    let split = |what: SplitOff, at: i64| {
        let (engine, id, by) = (&engine, ids[0], &by);
        async move { engine.split_conversation(id, &what, by, minute(at)).await }
    };
    assert!(split(only(&[]), 100).await.is_err());
    assert!(split(only(&all), 100).await.is_err(), "nothing would be left");
    assert!(split(only(&before[&ids[1]].0[..1]), 100).await.is_err(), "it stands elsewhere");
    let new = split(only(&[all[0], all[2]]), 100).await.unwrap();
    let now = seen(&engine).await;
    assert_eq!(now[&new.id].0, [all[0], all[2]]);
    assert_eq!(now[&ids[0]].0, [all[1], all[3]]);
    assert_eq!((now[&ids[0]].2, now[&ids[0]].3), (minute(10), minute(30)), "the figures are of what stays");
    engine.undo_threading(new.id, &mia(), minute(101)).await.unwrap();
    assert_eq!(seen(&engine).await, before);
}

#[tokio::test]
async fn a_long_conversation_is_read_from_its_end_and_around_any_entry() {
    let engine = engine();
    let ids = threads(&engine).await;
    for number in 4..60 {
        for (place, from) in [(0, "ana@x.org"), (2, "bo@x.org")] {
            let mail =
                answering(&format!("{place}.{number}"), from, &format!("{place}.0"), minute(number * 10));
            take_in(&engine, mail).await;
        }
    }
    engine.merge_conversations(ids[2], ids[0], &mia(), minute(5_000)).await.unwrap();
    let all = engine.conversation(ids[0], None, 1_000).await.unwrap().1;
    assert_eq!(all.len(), 121, "sixty messages of each, and that they were merged");
    let place =
        |entry: &whom_core::model::Entry| whom_core::model::TimelineCursor { at: entry.at, entry: entry.id };
    assert_eq!(engine.conversation_before(ids[0], None, 1_000).await.unwrap().1, all);
    for end in [121, 120, 60, 7] {
        let before = all.get(end).map(place);
        let some = engine.conversation_before(ids[2], before, 10).await.unwrap().1;
        assert_eq!(some, all[end.saturating_sub(10)..end], "before {end}");
    }
    for entry in &all {
        assert_eq!(engine.place_in_conversation(ids[0], entry.id).await.unwrap(), Some(place(entry)));
        assert_eq!(engine.place_in_conversation(ids[1], entry.id).await.unwrap(), None);
    }
}

#[tokio::test]
async fn what_was_split_twice_goes_back_to_where_it_came_from_first() {
    let engine = engine();
    let ids = threads(&engine).await;
    let before = seen(&engine).await;
    engine.merge_conversations(ids[1], ids[0], &mia(), minute(100)).await.unwrap();
    let merged = seen(&engine).await[&ids[0]].0.clone();
    let one =
        engine.split_conversation(ids[0], &SplitOff::From(merged[1]), &mia(), minute(101)).await.unwrap();
    let two =
        engine.split_conversation(one.id, &SplitOff::From(merged[2]), &mia(), minute(102)).await.unwrap();
    // Merging what was split off with where it was split off undoes the split.
    engine.merge_conversations(one.id, ids[0], &mia(), minute(103)).await.unwrap();
    engine.undo_threading(two.id, &mia(), minute(104)).await.unwrap();
    engine.undo_threading(ids[1], &mia(), minute(105)).await.unwrap();
    assert_eq!(seen(&engine).await, before);
}

#[tokio::test]
async fn erasing_somebody_takes_their_part_out_of_what_was_merged() {
    let engine = engine();
    let ids = threads(&engine).await;
    let third = seen(&engine).await[&ids[2]].0[2];
    engine.merge_conversations(ids[2], ids[0], &mia(), minute(100)).await.unwrap();
    let split = engine.split_conversation(ids[0], &SplitOff::From(third), &mia(), minute(101)).await.unwrap();
    let bo = engine.find("bo@x.org").await.unwrap();
    engine.erase(bo, &mia(), minute(102)).await.unwrap();
    assert_eq!(engine.store().check().await.unwrap(), Vec::<String>::new());
    let row = engine.shown_conversation(ids[0]).await.unwrap();
    assert!(row.merged.is_empty() && row.contacts.len() == 1, "{row:?}");
    let (_, entries) = engine.conversation(split.id, None, 100).await.unwrap();
    assert!(entries.iter().all(|entry| row.contacts.contains(&entry.contact)));
}

#[derive(Clone, Debug)]
enum Step {
    Merge(usize, usize),
    Split(usize, usize),
    /// Those whose bit is set.
    SplitOnly(usize, u8),
    Undo(usize),
    /// A customer answers a message of one of the first three.
    Answer(usize, usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        (0..6usize, 0..6usize).prop_map(|(from, into)| Step::Merge(from, into)),
        (0..6usize, 0..8usize).prop_map(|(of, at)| Step::Split(of, at)),
        (0..6usize, any::<u8>()).prop_map(|(of, some)| Step::SplitOnly(of, some)),
        (0..6usize).prop_map(Step::Undo),
    ];
    prop::collection::vec(step, 1..14)
}

/// Takes a step where it is allowed; what is refused changes nothing.
async fn take(engine: &Engine, known: &mut Vec<ConversationId>, step: &Step, now: Timestamp) {
    let pick = |known: &[ConversationId], place: usize| known[place % known.len()];
    match step {
        Step::Merge(from, into) => {
            let _ = engine.merge_conversations(pick(known, *from), pick(known, *into), &mia(), now).await;
        }
        Step::Split(of, at) => {
            let (_, entries) = engine.conversation(pick(known, *of), None, 1_000).await.unwrap();
            if let Some(entry) = entries.get(*at)
                && let Ok(new) =
                    engine.split_conversation(pick(known, *of), &SplitOff::From(entry.id), &mia(), now).await
            {
                known.push(new.id);
            }
        }
        Step::SplitOnly(of, some) => {
            let (_, entries) = engine.conversation(pick(known, *of), None, 1_000).await.unwrap();
            let chosen = entries.iter().enumerate().filter(|(at, _)| some >> (at % 8) & 1 == 1);
            let chosen = SplitOff::Only(chosen.map(|(_, entry)| entry.id).collect());
            if let Ok(new) = engine.split_conversation(pick(known, *of), &chosen, &mia(), now).await {
                known.push(new.id);
            }
        }
        Step::Undo(of) => {
            let _ = engine.undo_threading(pick(known, *of), &mia(), now).await;
        }
        Step::Answer(..) => unreachable!("what arrives is taken in by the test itself"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]

    /// Whatever was merged, split and undone on the way: once all of it is undone, everything is as it was.
    #[test]
    fn undoing_all_gives_back_what_was(steps in steps(), order in any::<u64>()) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let engine = engine();
            let mut known = threads(&engine).await;
            let before = seen(&engine).await;
            let mut clock = 1_000;
            for step in &steps {
                clock += 1;
                take(&engine, &mut known, step, minute(clock)).await;
                let all: usize = seen(&engine).await.values().map(|(messages, ..)| messages.len()).sum();
                assert_eq!(all, 12, "nothing is lost and nothing shows twice");
            }
            // What cannot be undone yet can be after something else was.
            for round in 0..40u64 {
                let mut undone = false;
                let turn = (order.wrapping_add(round) as usize) % known.len();
                for place in 0..known.len() {
                    clock += 1;
                    let id = known[(place + turn) % known.len()];
                    undone |= engine.undo_threading(id, &mia(), minute(clock)).await.is_ok();
                }
                if !undone {
                    break;
                }
            }
            assert_eq!(seen(&engine).await, before);
            assert_eq!(engine.store().check().await.unwrap(), Vec::<String>::new());
        });
    }

    /// Merges that are undone leave no trace in what was written meanwhile.
    #[test]
    fn merged_written_to_and_undone_equals_never_merged_and_written_to(
        steps in prop::collection::vec(
            prop_oneof![
                (0..3usize, 0..3usize).prop_map(|(from, into)| Step::Merge(from, into)),
                (0..3usize, 0..4usize).prop_map(|(of, at)| Step::Answer(of, at)),
                (0..3usize).prop_map(Step::Undo),
            ],
            1..16,
        ),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let (merging, plain) = (engine(), engine());
            let mut known = threads(&merging).await;
            threads(&plain).await;
            for (number, step) in steps.iter().enumerate() {
                let now = minute(1_000 + number as i64);
                match step {
                    Step::Answer(of, at) => {
                        let from = ["ana@x.org", "ana@x.org", "bo@x.org"][*of];
                        let mail = answering(&format!("a{number}"), from, &format!("{of}.{at}"), now);
                        take_in(&plain, mail.clone()).await;
                        take_in(&merging, mail).await;
                    }
                    other => take(&merging, &mut known, other, now).await,
                }
            }
            for round in 0..3 {
                for id in &known {
                    let _ = merging.undo_threading(*id, &mia(), minute(2_000 + round)).await;
                }
            }
            assert_eq!(seen(&merging).await, seen(&plain).await);
            assert_eq!(merging.store().check().await.unwrap(), Vec::<String>::new());
        });
    }
}
