//! Timelines, conversations and other lists: ordered, flat, and exact at their cursors.

use super::{Engine, Sample};
use crate::{
    model::{Entry, TimelineCursor, Timestamp},
    store::{ChangeSet, Store, StoreError, Write},
};

fn set(writes: impl IntoIterator<Item = Write>) -> ChangeSet {
    ChangeSet { writes: writes.into_iter().collect(), ..ChangeSet::at(Sample::at(0)) }
}

fn cursor(entry: &Entry) -> TimelineCursor {
    TimelineCursor { at: entry.at, entry: entry.id }
}

fn newest_first(mut entries: Vec<Entry>) -> Vec<Entry> {
    entries.sort_by_key(|entry| std::cmp::Reverse((entry.at, entry.id)));
    entries
}

/// The whole timeline, read by pages.
async fn read_by(store: &dyn Store, person: u32, limit: usize) -> Vec<Entry> {
    let contact = Sample::of(store).contact_id(person);
    let mut all: Vec<Entry> = Vec::new();
    loop {
        let page = store.timeline(contact, all.last().map(cursor), limit).await.unwrap();
        if page.is_empty() {
            return all;
        }
        assert!(page.len() <= limit);
        all.extend(page);
    }
}

pub async fn a_timeline_is_newest_first(engine: &mut dyn Engine) {
    let store = engine.fresh().await;
    let sample = Sample::of(&*store);
    // Three at one time: their ids decide.
    let mut entries: Vec<_> =
        [(1, 5), (2, 5), (3, 5), (4, -9), (5, 8)].map(|(number, at)| sample.entry(1, number, at)).into();
    let others = [sample.entry(2, 6, 5), sample.entry(3, 7, 5)];
    store.commit(set(entries.iter().chain(&others).cloned().map(Write::Entry))).await.unwrap();
    let store = engine.again(store).await;
    entries = newest_first(entries);
    assert_eq!(store.timeline(sample.contact_id(1), None, 100).await.unwrap(), entries);
    assert_eq!(store.timeline(sample.contact_id(1), None, 2).await.unwrap(), entries[..2]);
}

pub async fn a_timeline_is_read_forwards_from_a_cursor(engine: &mut dyn Engine) {
    let store = engine.fresh().await;
    let sample = Sample::of(&*store);
    let entries: Vec<_> = (0..40).map(|number| sample.entry(2, number, number as i64 / 4)).collect();
    let others = [sample.entry(1, 50, 3), sample.entry(3, 51, 3)];
    store.commit(set(entries.iter().chain(&others).cloned().map(Write::Entry))).await.unwrap();
    let store = engine.again(store).await;
    let (entries, contact) = (newest_first(entries), sample.contact_id(2));
    for place in [0, 1, 17, 39] {
        let mut newer = entries[..place].to_vec();
        newer.reverse();
        assert_eq!(store.timeline_after(contact, cursor(&entries[place]), 100).await.unwrap(), newer);
        newer.truncate(3);
        assert_eq!(store.timeline_after(contact, cursor(&entries[place]), 3).await.unwrap(), newer);
    }
    let from_the_start = TimelineCursor { at: Timestamp::from_millis(i64::MIN), ..cursor(&entries[0]) };
    assert_eq!(store.timeline_after(contact, from_the_start, 100).await.unwrap().len(), 40);
    assert!(store.timeline_after(contact, from_the_start, 0).await.unwrap().is_empty());
}

pub async fn a_cursor_goes_on_exactly_where_it_was(engine: &mut dyn Engine) {
    let store = engine.fresh().await;
    let sample = Sample::of(&*store);
    let entries: Vec<_> = (0..40).map(|number| sample.entry(1, number, number as i64 / 4)).collect();
    store.commit(set(entries.iter().cloned().map(Write::Entry))).await.unwrap();
    let store = engine.again(store).await;
    let entries = newest_first(entries);
    for limit in [1, 3, 7, 100] {
        assert_eq!(read_by(&*store, 1, limit).await, entries, "by {limit}");
    }
    // A cursor is a place and needs no entry to stand there.
    let between = TimelineCursor { at: Sample::at(5), entry: crate::model::EntryId::from_bytes([0; 10]) };
    let older = store.timeline(sample.contact_id(1), Some(between), 100).await.unwrap();
    assert_eq!(older, entries.iter().filter(|entry| entry.at < Sample::at(5)).cloned().collect::<Vec<_>>());
}

pub async fn a_cursor_holds_while_entries_arrive(engine: &mut dyn Engine) {
    let store = engine.fresh().await;
    let sample = Sample::of(&*store);
    let entries: Vec<_> = (0..10).map(|number| sample.entry(1, number, number as i64)).collect();
    store.commit(set(entries.iter().cloned().map(Write::Entry))).await.unwrap();
    let first = store.timeline(sample.contact_id(1), None, 4).await.unwrap();
    // One newer, and one older that was heard of late.
    let (newer, late) = (sample.entry(1, 20, 100), sample.entry(1, 21, 2));
    store.commit(set([Write::Entry(newer), Write::Entry(late.clone())])).await.unwrap();
    let store = engine.again(store).await;
    let rest = store.timeline(sample.contact_id(1), first.last().map(cursor), 100).await.unwrap();
    let mut expected = newest_first(entries)[4..].to_vec();
    expected.push(late);
    assert_eq!(rest, newest_first(expected));
}

pub async fn times_before_1970_sort_too(engine: &mut dyn Engine) {
    let store = engine.fresh().await;
    let sample = Sample::of(&*store);
    let entries: Vec<_> = [i64::MIN, -1, 0, 1, i64::MAX]
        .into_iter()
        .zip(0..)
        .map(|(millis, number)| Entry { at: Timestamp::from_millis(millis), ..sample.entry(1, number, 0) })
        .collect();
    store.commit(set(entries.iter().cloned().map(Write::Entry))).await.unwrap();
    let store = engine.again(store).await;
    assert_eq!(read_by(&*store, 1, 2).await, newest_first(entries));
}

pub async fn a_conversation_is_read_oldest_first(engine: &mut dyn Engine) {
    let store = engine.fresh().await;
    let sample = Sample::of(&*store);
    let conversation = Some(sample.conversation_id(1));
    // Two people take part, and one of them has an entry elsewhere.
    let mut entries: Vec<_> = [(1, 1, 5), (2, 2, 5), (1, 3, 1), (2, 4, 9)]
        .map(|(person, number, at)| Entry { conversation, ..sample.entry(person, number, at) })
        .into();
    let elsewhere = sample.entry(1, 5, 5);
    store.commit(set(entries.iter().chain([&elsewhere]).cloned().map(Write::Entry))).await.unwrap();
    let store = engine.again(store).await;
    entries.sort_by_key(|entry| (entry.at, entry.id));
    let id = sample.conversation_id(1);
    assert_eq!(store.conversation_entries(id, None, 9).await.unwrap(), entries);
    assert_eq!(store.conversation_entries(id, Some(cursor(&entries[1])), 9).await.unwrap(), entries[2..]);
    assert_eq!(store.conversation_entries(id, Some(cursor(&entries[0])), 1).await.unwrap(), entries[1..2]);
    assert_eq!(store.conversation_entries(id, Some(cursor(&entries[3])), 9).await.unwrap(), []);
}

pub async fn a_conversation_is_read_from_its_end(engine: &mut dyn Engine) {
    let store = engine.fresh().await;
    let sample = Sample::of(&*store);
    let conversation = Some(sample.conversation_id(1));
    // Four at a time: their ids decide. The conversations beside it are never touched.
    let times = (0..40).map(|number| (number, number as i64 / 4)).chain([(90, i64::MIN), (91, i64::MAX)]);
    let entries: Vec<_> = times
        .map(|(number, at)| {
            let at = if number < 90 { Sample::at(at) } else { Timestamp::from_millis(at) };
            Entry { conversation, at, ..sample.entry(1 + number as u32 % 2, number, 0) }
        })
        .collect();
    let beside = [0, 2].map(|other| Entry {
        conversation: Some(sample.conversation_id(other)),
        ..sample.entry(1, 100 + u64::from(other), 5)
    });
    store.commit(set(entries.iter().chain(&beside).cloned().map(Write::Entry))).await.unwrap();
    let store = engine.again(store).await;
    let (entries, id) = (newest_first(entries), sample.conversation_id(1));
    assert_eq!(store.conversation_entries_before(id, None, 100).await.unwrap(), entries);
    assert_eq!(store.conversation_entries_before(id, None, 0).await.unwrap(), []);
    for place in [0, 1, 17, 41] {
        let older = &entries[place + 1..];
        let before = Some(cursor(&entries[place]));
        assert_eq!(store.conversation_entries_before(id, before, 100).await.unwrap(), older);
        let some = &older[..older.len().min(3)];
        assert_eq!(store.conversation_entries_before(id, before, 3).await.unwrap(), some);
    }
}

pub async fn an_entry_that_changes_its_conversation_leaves_the_old_list(engine: &mut dyn Engine) {
    let store = engine.fresh().await;
    let sample = Sample::of(&*store);
    let mut entry = sample.entry(1, 1, 0);
    for conversation in [Some(1), Some(2), None, Some(3)] {
        entry.conversation = conversation.map(|number| sample.conversation_id(number));
        store.commit(set([Write::Entry(entry.clone())])).await.unwrap();
    }
    let store = engine.again(store).await;
    for number in [1, 2] {
        assert_eq!(store.conversation_entries(sample.conversation_id(number), None, 9).await.unwrap(), []);
    }
    assert_eq!(store.conversation_entries(sample.conversation_id(3), None, 9).await.unwrap(), [entry]);
    assert_eq!(store.figures().await.unwrap().entries, 1);
}

pub async fn conversations_are_numbered_from_one(engine: &mut dyn Engine) {
    let store = engine.fresh().await;
    let sample = Sample::of(&*store);
    store
        .commit(set([7, 8].map(|number| Write::Conversation(sample.conversation(number, 1, 1)))))
        .await
        .unwrap();
    let store = engine.again(store).await;
    store.commit(set([Write::Conversation(sample.conversation(9, 1, 1))])).await.unwrap();
    for (number, name) in [(1, 7), (2, 8), (3, 9)] {
        let found = store.conversation_by_number(number).await.unwrap().unwrap();
        assert_eq!((found.id, found.number), (sample.conversation_id(name), number));
    }
    assert_eq!(store.conversation_by_number(0).await.unwrap(), None);
    assert_eq!(store.conversation_by_number(4).await.unwrap(), None);
}

pub async fn a_conversation_keeps_its_number(engine: &mut dyn Engine) {
    let store = engine.fresh().await;
    let sample = Sample::of(&*store);
    let mut conversation = sample.conversation(1, 1, 1);
    store.commit(set([Write::Conversation(conversation.clone())])).await.unwrap();
    conversation.retitle("Another subject");
    store.commit(set([Write::Conversation(conversation.clone())])).await.unwrap();
    let store = engine.again(store).await;
    conversation.number = 1;
    assert_eq!(store.conversations(&[conversation.id]).await.unwrap(), [Some(conversation.clone())]);
    conversation.number = 5;
    let changed = store.commit(set([Write::Conversation(conversation.clone())])).await;
    assert!(matches!(changed, Err(StoreError::Refused { .. })), "{changed:?}");
    let mut taken = sample.conversation(2, 1, 1);
    taken.number = 1;
    let taken = store.commit(set([Write::Conversation(taken)])).await;
    assert!(matches!(taken, Err(StoreError::Refused { .. })), "{taken:?}");
}

pub async fn a_number_is_never_given_twice(engine: &mut dyn Engine) {
    let store = engine.fresh().await;
    let sample = Sample::of(&*store);
    store.commit(set([Write::Conversation(sample.conversation(1, 1, 1))])).await.unwrap();
    store.commit(set([Write::EraseConversation(sample.conversation_id(1))])).await.unwrap();
    let store = engine.again(store).await;
    let mut tasks = tokio::task::JoinSet::new();
    for number in 2..20 {
        let (store, conversation) = (store.clone(), sample.conversation(number, 1, 1));
        tasks.spawn(async move { store.commit(set([Write::Conversation(conversation)])).await.unwrap() });
    }
    tasks.join_all().await;
    let found = store.conversations_before(None, 100).await.unwrap();
    let numbers: Vec<_> = found.iter().map(|conversation| conversation.number).collect();
    assert_eq!(numbers, (2..20).rev().collect::<Vec<_>>());
}

pub async fn conversations_are_listed_latest_first(engine: &mut dyn Engine) {
    let store = engine.fresh().await;
    let sample = Sample::of(&*store);
    let mut writes = Vec::new();
    for number in [3, 1, 2] {
        let conversation = sample.conversation(number, 1, 1);
        writes.push(Write::Participation(sample.contact_id(1), conversation.started, conversation.id));
        writes.push(Write::Conversation(conversation));
    }
    // A message that came late moved the beginning of one of them.
    writes.push(Write::Participation(sample.contact_id(1), Sample::at(-7), sample.conversation_id(2)));
    store.commit(set(writes)).await.unwrap();
    let store = engine.again(store).await;
    let ids = |found: Vec<crate::model::Conversation>| {
        found.into_iter().map(|conversation| conversation.id).collect::<Vec<_>>()
    };
    let expected = [3, 2, 1].map(|number| sample.conversation_id(number));
    assert_eq!(ids(store.conversations_of(sample.contact_id(1), 9).await.unwrap()), expected);
    assert_eq!(ids(store.conversations_of(sample.contact_id(1), 2).await.unwrap()), expected[..2]);
    let by_number = [2, 1, 3].map(|number| sample.conversation_id(number));
    assert_eq!(ids(store.conversations_before(None, 9).await.unwrap()), by_number);
    assert_eq!(ids(store.conversations_before(Some(3), 1).await.unwrap()), by_number[1..2]);
    assert_eq!(ids(store.conversations_before(Some(1), 9).await.unwrap()), []);
}

pub async fn profiles_are_listed_in_the_order_of_their_ids(engine: &mut dyn Engine) {
    let store = engine.fresh().await;
    let sample = Sample::of(&*store);
    let mut profiles: Vec<_> = (0..30).map(|person| sample.profile(person, 1)).collect();
    store.commit(set(profiles.iter().cloned().map(Write::Profile))).await.unwrap();
    let store = engine.again(store).await;
    profiles.sort_by_key(|profile| profile.id);
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let page = store.profiles_after(after, 7).await.unwrap();
        let Some(last) = page.last() else { break };
        after = Some(last.id);
        found.extend(page);
    }
    assert_eq!(found, profiles);
}

pub async fn a_limit_of_zero_gives_nothing(engine: &mut dyn Engine) {
    let store = engine.fresh().await;
    let sample = Sample::of(&*store);
    store.commit(super::message(&sample, 1, 1, 0, b"hello")).await.unwrap();
    assert_eq!(store.timeline(sample.contact_id(1), None, 0).await.unwrap(), []);
    assert_eq!(store.conversations_of(sample.contact_id(1), 0).await.unwrap(), []);
    assert_eq!(store.conversation_entries(sample.conversation_id(1), None, 0).await.unwrap(), []);
    assert_eq!(store.profiles_after(None, 0).await.unwrap(), []);
    assert_eq!(store.feed(0, 0).await.unwrap(), []);
}
