//! Erasure: nothing is left of the one, everything of the others.

use super::{Engine, Sample, message};
use crate::{
    model::{AccountLink, ContactId, Entry},
    store::{ChangeSet, Seen, SharedStore, Write},
};

fn set(writes: impl IntoIterator<Item = Write>) -> ChangeSet {
    ChangeSet { writes: writes.into_iter().collect(), ..ChangeSet::at(Sample::at(0)) }
}

/// Two people with messages, an arrival without an entry, an account, and a conversation they share.
async fn two_people(store: &SharedStore, sample: &Sample) {
    for person in [1, 2] {
        for number in 1..=3 {
            store.commit(message(sample, person, number, i64::from(number), &[7; 9_000])).await.unwrap();
        }
        let contact = sample.contact_id(person);
        let mut shared = sample.entry(person, 500 + u64::from(person), 50);
        shared.conversation = Some(sample.conversation_id(99));
        let arrival = Seen {
            entry: sample.entry_id(600 + u64::from(person)),
            contact,
            at: Sample::at(60),
            conversation: None,
        };
        let link = AccountLink { account: sample.account(1, 1).id, contact };
        let writes = [
            Write::Entry(shared.clone()),
            Write::Seen(sample.seen(&shared)),
            Write::Seen(arrival),
            Write::AccountLink(link),
        ];
        store.commit(set(writes)).await.unwrap();
    }
}

/// How much there is of a person, looked at from every side.
async fn traces(store: &SharedStore, sample: &Sample, person: u32) -> Vec<(&'static str, usize)> {
    let contact: ContactId = sample.contact_id(person);
    let mut entries: Vec<_> =
        (1..=3).map(|number| sample.entry_id(u64::from(person) * 10_000 + number)).collect();
    let mut bodies = 0;
    for entry in &entries {
        bodies += usize::from(store.body(*entry).await.unwrap().is_some());
    }
    entries.extend([sample.entry_id(500 + u64::from(person)), sample.entry_id(600 + u64::from(person))]);
    let listed = |entries: Vec<Entry>| entries.iter().filter(|entry| entry.contact == contact).count();
    let shared = store.conversation_entries(sample.conversation_id(99), None, 99).await.unwrap();
    let own = store.conversation_entries(sample.conversation_id(person), None, 99).await.unwrap();
    let members = store.account_members(sample.account(1, 1).id, None, 9).await.unwrap();
    let claims = [sample.claim(person, "name", &format!("Person {person}")).id];
    vec![
        ("contact", store.contacts(&[contact]).await.unwrap().iter().flatten().count()),
        ("claims", store.claims(contact, &claims).await.unwrap().iter().flatten().count()),
        ("timeline", store.timeline(contact, None, 99).await.unwrap().len()),
        ("bodies", bodies),
        ("seen", store.seen(&entries).await.unwrap().iter().flatten().count()),
        ("listed", listed(own) + listed(shared)),
        ("participations", store.conversations_of(contact, 9).await.unwrap().len()),
        ("memberships", members.iter().filter(|member| **member == contact).count()),
    ]
}

const ALL_OF_A_PERSON: [(&str, usize); 8] = [
    ("contact", 1),
    ("claims", 1),
    ("timeline", 4),
    ("bodies", 3),
    ("seen", 5),
    ("listed", 4),
    ("participations", 1),
    ("memberships", 1),
];

pub async fn an_erased_contact_leaves_nothing(engine: &mut dyn Engine) {
    let store = engine.fresh().await;
    let sample = Sample::of(&*store);
    two_people(&store, &sample).await;
    assert_eq!(traces(&store, &sample, 1).await, ALL_OF_A_PERSON);
    store.commit(set([Write::EraseContact(sample.contact_id(1))])).await.unwrap();
    let store = engine.again(store).await;
    assert_eq!(traces(&store, &sample, 1).await, ALL_OF_A_PERSON.map(|(what, _)| (what, 0)));
}

pub async fn an_erasure_spares_everybody_else(engine: &mut dyn Engine) {
    let store = engine.fresh().await;
    let sample = Sample::of(&*store);
    two_people(&store, &sample).await;
    store.commit(set([Write::EraseContact(sample.contact_id(1))])).await.unwrap();
    let store = engine.again(store).await;
    assert_eq!(traces(&store, &sample, 2).await, ALL_OF_A_PERSON);
    assert_eq!(store.figures().await.unwrap().entries, 4);
}

pub async fn a_long_timeline_can_be_erased(engine: &mut dyn Engine) {
    const ENTRIES: u64 = 5_000;
    let store = engine.fresh().await;
    let sample = Sample::of(&*store);
    let mut writes = vec![Write::Contact(sample.contact(1, 1))];
    for number in 0..ENTRIES {
        let entry = sample.entry(1, number, number as i64);
        writes.extend([Write::Seen(sample.seen(&entry)), Write::Entry(entry)]);
    }
    store.commit(set(writes)).await.unwrap();
    assert_eq!(store.figures().await.unwrap().entries, ENTRIES);
    // Written and erased in one commit: what came before in the set is erased too.
    let late = sample.entry(1, ENTRIES, 0);
    store.commit(set([Write::Entry(late), Write::EraseContact(sample.contact_id(1))])).await.unwrap();
    let store = engine.again(store).await;
    assert_eq!(store.timeline(sample.contact_id(1), None, 9).await.unwrap(), []);
    assert_eq!(store.seen(&[sample.entry_id(0), sample.entry_id(ENTRIES)]).await.unwrap(), [None, None]);
    assert_eq!(store.figures().await.unwrap().entries, 0);
}

pub async fn an_erased_conversation_leaves_its_entries(engine: &mut dyn Engine) {
    let store = engine.fresh().await;
    let sample = Sample::of(&*store);
    two_people(&store, &sample).await;
    store.commit(set([Write::EraseConversation(sample.conversation_id(1))])).await.unwrap();
    let store = engine.again(store).await;
    assert_eq!(store.conversations(&[sample.conversation_id(1)]).await.unwrap(), [None]);
    assert_eq!(store.conversations_of(sample.contact_id(1), 9).await.unwrap(), []);
    assert_eq!(store.conversation_entries(sample.conversation_id(1), None, 9).await.unwrap(), []);
    assert_eq!(store.timeline(sample.contact_id(1), None, 9).await.unwrap().len(), 4);
    assert!(store.conversations(&[sample.conversation_id(2)]).await.unwrap()[0].is_some());
    let numbers = store.conversations_before(None, 9).await.unwrap();
    assert_eq!(numbers.len(), 1);
}
