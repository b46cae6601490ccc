//! The inbox: each conversation on its one shelf, whatever was done to it.

use super::{Engine, Sample};
use crate::{
    model::{Conversation, ConversationId, ConversationStatus, InboxCursor, Shelf, Timestamp, Whose},
    store::{ChangeSet, Store, Write},
};

fn set(writes: impl IntoIterator<Item = Write>) -> ChangeSet {
    ChangeSet { writes: writes.into_iter().collect(), ..ChangeSet::at(Sample::at(0)) }
}

/// A list as a scan over all conversations gives it.
async fn scanned(store: &dyn Store, shelf: Shelf, whose: &Whose) -> Vec<ConversationId> {
    let mut found: Vec<Conversation> = store.conversations_before(None, 10_000).await.unwrap();
    found.retain(|conversation| {
        Shelf::of(conversation) == Some(shelf)
            && match whose {
                Whose::Anybody => true,
                Whose::Nobody => conversation.assignee.is_none(),
                Whose::Agent(agent) => conversation.assignee.as_ref() == Some(agent),
            }
    });
    found.sort_by_key(|conversation| std::cmp::Reverse(InboxCursor::of(conversation)));
    found.into_iter().map(|conversation| conversation.id).collect()
}

/// A list as the index gives it, read by pages.
async fn listed(store: &dyn Store, shelf: Shelf, whose: &Whose, limit: usize) -> Vec<ConversationId> {
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let page = store.inbox(shelf, whose, after, limit).await.unwrap();
        let Some(last) = page.last() else { return all };
        after = Some(InboxCursor::of(last));
        all.extend(page.into_iter().map(|conversation| conversation.id));
    }
}

/// The neighbours of every place of a list, and of places that nothing stands at.
async fn beside_is_what_the_list_says(
    store: &dyn Store,
    shelf: Shelf,
    whose: &Whose,
    list: &[ConversationId],
) {
    let rows = store.conversations(list).await.unwrap();
    let places: Vec<InboxCursor> = rows.iter().flatten().map(InboxCursor::of).collect();
    let id = |found: Option<Conversation>| found.map(|conversation| conversation.id);
    for (place, here) in places.iter().enumerate() {
        let [above, below] = store.inbox_beside(shelf, whose, *here).await.unwrap().map(id);
        assert_eq!(above, place.checked_sub(1).map(|place| list[place]), "above {shelf:?} {whose:?}");
        assert_eq!(below, list.get(place + 1).copied(), "below {shelf:?} {whose:?}");
    }
    for millis in -12..12 {
        let here = InboxCursor {
            at: Timestamp::from_millis(millis),
            conversation: ConversationId::from_bytes([0x77; 10]),
        };
        let first_below = places.iter().position(|other| *other < here).unwrap_or(places.len());
        let [above, below] = store.inbox_beside(shelf, whose, here).await.unwrap().map(id);
        assert_eq!(
            above,
            first_below.checked_sub(1).map(|place| list[place]),
            "{shelf:?} {whose:?} {millis}"
        );
        assert_eq!(below, list.get(first_below).copied(), "{shelf:?} {whose:?} {millis}");
    }
}

/// Numbers that look drawn and are the same each time.
struct Drawn(u64);

impl Drawn {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

pub async fn the_inbox_is_what_a_scan_would_find(engine: &mut dyn Engine) {
    let store = engine.fresh().await;
    let sample = Sample::of(&*store);
    let mut drawn = Drawn(42);
    let mut versions = [0u64; 40];
    for _ in 0..60 {
        let mut writes = Vec::new();
        for _ in 0..=drawn.below(6) {
            let number = drawn.below(40) as u32;
            versions[number as usize] += 1;
            let row = sample.conversation(number, number, versions[number as usize]);
            writes.push(Write::Conversation(Conversation {
                number: 0,
                status: ConversationStatus::ALL[drawn.below(4) as usize],
                assignee: [None, Some("ana"), Some("an"), Some("zoë")][drawn.below(4) as usize]
                    .map(str::to_owned),
                last_message: Timestamp::from_millis(drawn.below(20) as i64 - 10),
                snoozed_until: (drawn.below(4) == 0).then(|| Sample::at(drawn.below(9) as i64)),
                merged_into: (drawn.below(6) == 0).then(|| sample.conversation_id(99)),
                ..row
            }));
        }
        if drawn.below(5) == 0 {
            let number = drawn.below(40);
            versions[number as usize] = 0;
            writes.push(Write::EraseConversation(sample.conversation_id(number as u32)));
        }
        store.commit(set(writes)).await.unwrap();
    }
    let store = engine.again(store).await;
    let agent = |name: &str| Whose::Agent(name.to_owned());
    let mut all = 0;
    for shelf in Shelf::ALL {
        for whose in [Whose::Anybody, Whose::Nobody, agent("ana"), agent("an"), agent("zoë"), agent("bo")] {
            let expected = scanned(&*store, shelf, &whose).await;
            for limit in [1, 3, 100] {
                assert_eq!(
                    listed(&*store, shelf, &whose, limit).await,
                    expected,
                    "{shelf:?} {whose:?} {limit}"
                );
            }
            beside_is_what_the_list_says(&*store, shelf, &whose, &expected).await;
            let counted = store.inbox_count(shelf, &whose, 1_000).await.unwrap();
            assert_eq!(counted, expected.len());
            assert_eq!(store.inbox_count(shelf, &whose, 2).await.unwrap(), expected.len().min(2));
            all += if whose == Whose::Anybody { expected.len() } else { 0 };
        }
    }
    assert!(all > 20, "the test draws too few: {all}");

    let found = store.conversations_before(None, 10_000).await.unwrap();
    let mut asleep: Vec<_> = found
        .iter()
        .filter(|conversation| conversation.merged_into.is_none())
        .filter_map(|conversation| Some((conversation.snoozed_until?, conversation.id)))
        .collect();
    asleep.sort_unstable();
    assert!(!asleep.is_empty());
    assert_eq!(store.due(Sample::at(100), 100).await.unwrap(), asleep);
    assert_eq!(store.due(Sample::at(100), 1).await.unwrap(), asleep[..1]);
    asleep.retain(|(until, _)| *until <= Sample::at(4));
    assert_eq!(store.due(Sample::at(4), 100).await.unwrap(), asleep);
    let findings = store.check().await.unwrap();
    // Some say that they were merged into one that is not there, and nothing else is wrong.
    assert!(findings.iter().all(|finding| finding.contains("was merged into")), "{findings:#?}");
}
