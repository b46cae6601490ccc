//! Commits: atomic, guarded, numbered, and read by whoever made them.

use std::{collections::HashSet, sync::Arc};

use super::{Engine, Sample, message};
use crate::{
    feed::Change,
    store::{ChangeSet, Document, DocumentKind, Erased, StoreError, Subject, Write},
};

fn document(id: &str, version: u64) -> Document {
    Document { kind: DocumentKind::Setting, id: id.into(), bytes: version.to_string().into_bytes(), version }
}

fn set(writes: impl IntoIterator<Item = Write>) -> ChangeSet {
    ChangeSet { writes: writes.into_iter().collect(), ..ChangeSet::at(Sample::at(0)) }
}

pub async fn a_commit_is_atomic_to_readers(engine: &mut dyn Engine) {
    let store = engine.fresh().await;
    let sample = Sample::of(&*store);
    let writer = tokio::spawn({
        let (store, sample) = (store.clone(), Sample::of(&*store));
        async move {
            for version in 1..=60 {
                let mut claims = vec![Write::Contact(sample.contact(1, version))];
                claims.extend((0..version).map(|n| Write::Claim(sample.claim(1, &format!("p{n}"), "x"))));
                store.commit(set(claims)).await.unwrap();
            }
        }
    });
    while !writer.is_finished() {
        let found = store.contacts_with_claims(&[sample.contact_id(1)]).await.unwrap();
        if let Some(Some((contact, claims))) = found.first() {
            assert_eq!(contact.version, claims.len() as u64, "the contact and its claims are of one commit");
        }
        tokio::task::yield_now().await;
    }
    writer.await.unwrap();
}

pub async fn a_commit_that_conflicts_writes_nothing(engine: &mut dyn Engine) {
    let store = engine.fresh().await;
    store.commit(set([Write::Document(document("a", 1))])).await.unwrap();
    let mut stale = set([Write::Document(document("b", 1)), Write::Document(document("a", 2))]);
    stale.expect(Subject::Document(DocumentKind::Setting, "a".into()), 0);
    assert!(matches!(store.commit(stale).await, Err(StoreError::Conflict { .. })));
    let store = engine.again(store).await;
    assert_eq!(store.document(DocumentKind::Setting, "b").await.unwrap(), None);
    assert_eq!(store.document(DocumentKind::Setting, "a").await.unwrap(), Some(document("a", 1)));
    assert_eq!(*store.feed_head().borrow(), 1);
    assert_eq!(store.feed(0, 10).await.unwrap().len(), 1);
}

pub async fn a_conflict_names_the_first_row_that_changed(engine: &mut dyn Engine) {
    let store = engine.fresh().await;
    let sample = Sample::of(&*store);
    store.commit(set([Write::Contact(sample.contact(1, 1))])).await.unwrap();
    let mut stale = set([]);
    stale.expect(Subject::Contact(sample.contact_id(1)), 1);
    stale.expect(Subject::Profile(sample.profile(1, 1).id), 5);
    stale.expect(Subject::Contact(sample.contact_id(1)), 9);
    match store.commit(stale).await {
        Err(StoreError::Conflict { subject }) => {
            assert_eq!(subject, Subject::Profile(sample.profile(1, 1).id));
        }
        other => panic!("{other:?}"),
    }
}

pub async fn an_expectation_of_zero_means_absent(engine: &mut dyn Engine) {
    let store = engine.fresh().await;
    let sample = Sample::of(&*store);
    let mut first = set([Write::Contact(sample.contact(1, 1))]);
    first.expect(Subject::Contact(sample.contact_id(1)), 0);
    store.commit(first.clone()).await.unwrap();
    let store = engine.again(store).await;
    assert!(matches!(store.commit(first.clone()).await, Err(StoreError::Conflict { .. })));
    store.commit(set([Write::EraseContact(sample.contact_id(1))])).await.unwrap();
    store.commit(first).await.unwrap();
}

pub async fn every_subject_can_be_expected(engine: &mut dyn Engine) {
    let store = engine.fresh().await;
    let sample = Sample::of(&*store);
    let entry = sample.entry(1, 1, 0);
    let rows = [
        (Write::Contact(sample.contact(1, 3)), Subject::Contact(sample.contact_id(1)), 3),
        (Write::Profile(sample.profile(1, 4)), Subject::Profile(sample.profile(1, 4).id), 4),
        (
            Write::Conversation(sample.conversation(1, 1, 300)),
            Subject::Conversation(sample.conversation_id(1)),
            300,
        ),
        (
            Write::Membership(sample.membership(1, 2, 70_000)),
            Subject::Membership(sample.membership(1, 2, 1).id),
            70_000,
        ),
        (Write::Account(sample.account(1, 5)), Subject::Account(sample.account(1, 1).id), 5),
        (Write::Seen(sample.seen(&entry)), Subject::Seen(entry.id), 1),
        (
            Write::Erased(Erased { tombstone: sample.contact_id(9), at: Sample::at(0) }),
            Subject::Erased(sample.contact_id(9)),
            1,
        ),
        (Write::Document(document("a", 9)), Subject::Document(DocumentKind::Setting, "a".into()), 9),
    ];
    let mut all = set(rows.iter().map(|(write, ..)| write.clone()));
    rows.iter().for_each(|(_, subject, _)| all.expect(subject.clone(), 0));
    store.commit(all).await.unwrap();
    let store = engine.again(store).await;
    let mut again = set([]);
    rows.iter().for_each(|(_, subject, version)| again.expect(subject.clone(), *version));
    store.commit(again).await.unwrap();
    for (_, subject, version) in rows {
        let mut wrong = set([]);
        wrong.expect(subject.clone(), version + 1);
        assert!(
            matches!(store.commit(wrong).await, Err(StoreError::Conflict { subject: named }) if named == subject)
        );
    }
}

pub async fn commits_are_numbered_without_gaps(engine: &mut dyn Engine) {
    let store = engine.fresh().await;
    let mut tasks = tokio::task::JoinSet::new();
    for n in 0..40 {
        let store = store.clone();
        tasks.spawn(async move {
            let mut changes = set([Write::Document(document(&n.to_string(), 1))]);
            changes.changes = vec![Change::DocumentChanged { kind: "setting".into(), id: n.to_string() }];
            (n.to_string(), store.commit(changes).await.unwrap())
        });
    }
    let mut numbers = tasks.join_all().await;
    let store = engine.again(store).await;
    numbers.sort_by_key(|(_, number)| *number);
    assert_eq!(numbers.iter().map(|(_, number)| *number).collect::<Vec<_>>(), (1..=40).collect::<Vec<_>>());
    let feed = store.feed(0, 100).await.unwrap();
    assert_eq!(feed.len(), 40);
    for (commit, (id, number)) in feed.iter().zip(&numbers) {
        assert_eq!(commit.number, *number);
        assert_eq!(commit.changes, [Change::DocumentChanged { kind: "setting".into(), id: id.clone() }]);
    }
    assert_eq!(store.commit(set([])).await.unwrap(), 41, "numbering goes on");
}

pub async fn the_feed_goes_on_where_a_reader_stopped(engine: &mut dyn Engine) {
    let store = engine.fresh().await;
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..25 {
        let store = store.clone();
        tasks.spawn(async move { store.commit(set([])).await.unwrap() });
    }
    tasks.join_all().await;
    let store = engine.again(store).await;
    let (mut after, mut read) = (0, Vec::new());
    loop {
        let page = store.feed(after, 4).await.unwrap();
        let Some(last) = page.last() else { break };
        after = last.number;
        read.extend(page.into_iter().map(|commit| commit.number));
    }
    assert_eq!(read, (1..=25).collect::<Vec<_>>());
    assert_eq!(store.feed(25, 4).await.unwrap(), []);
    assert_eq!(store.feed(u64::MAX, 4).await.unwrap(), []);
}

pub async fn the_feed_head_tells_of_every_commit(engine: &mut dyn Engine) {
    let store = engine.fresh().await;
    let mut head = store.feed_head();
    assert_eq!(*head.borrow_and_update(), 0);
    store.commit(set([])).await.unwrap();
    head.changed().await.unwrap();
    assert_eq!(*head.borrow_and_update(), 1);
    let store = engine.again(store).await;
    assert_eq!(*store.feed_head().borrow(), 1);
}

pub async fn what_was_committed_is_read_at_once(engine: &mut dyn Engine) {
    let store = engine.fresh().await;
    for version in 1..=30 {
        store.commit(set([Write::Document(document("a", version))])).await.unwrap();
        assert_eq!(store.document(DocumentKind::Setting, "a").await.unwrap(), Some(document("a", version)));
    }
}

pub async fn concurrent_writers_lose_nothing(engine: &mut dyn Engine) {
    const WRITERS: u64 = 64;
    const EACH: u64 = 5;
    let store = engine.fresh().await;
    let subject = Subject::Document(DocumentKind::Setting, "count".into());
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..WRITERS {
        let (store, subject) = (store.clone(), subject.clone());
        tasks.spawn(async move {
            let (mut done, mut numbers) = (0, Vec::new());
            while done < EACH {
                let version = store
                    .document(DocumentKind::Setting, "count")
                    .await
                    .unwrap()
                    .map_or(0, |document| document.version);
                let mut changes = set([Write::Document(document("count", version + 1))]);
                changes.expect(subject.clone(), version);
                match store.commit(changes).await {
                    Ok(number) => {
                        done += 1;
                        numbers.push(number);
                    }
                    Err(StoreError::Conflict { .. }) => {}
                    Err(error) => panic!("{error}"),
                }
            }
            numbers
        });
    }
    let numbers: HashSet<u64> = tasks.join_all().await.into_iter().flatten().collect();
    let store = engine.again(store).await;
    let count = store.document(DocumentKind::Setting, "count").await.unwrap().unwrap();
    assert_eq!(count, document("count", WRITERS * EACH));
    assert_eq!(
        numbers,
        (1..=WRITERS * EACH).collect(),
        "each commit that was answered has a number of its own"
    );
    let feed = store.feed(0, 1_000).await.unwrap();
    assert_eq!(feed.len() as u64, WRITERS * EACH);
}

pub async fn an_empty_commit_has_a_number_too(engine: &mut dyn Engine) {
    let store = engine.fresh().await;
    assert_eq!(store.commit(set([])).await.unwrap(), 1);
    assert_eq!(store.commit(set([])).await.unwrap(), 2);
    let store = engine.again(store).await;
    assert_eq!(store.feed(1, 5).await.unwrap()[0].number, 2);
}

pub async fn figures_follow_what_is_written(engine: &mut dyn Engine) {
    let store = engine.fresh().await;
    let sample = Sample::of(&*store);
    for number in 1..=3 {
        store.commit(message(&sample, 1, number, i64::from(number), b"hello")).await.unwrap();
    }
    store.commit(message(&sample, 2, 1, 9, b"hello")).await.unwrap();
    let store = engine.again(store).await;
    let figures = |figures: crate::store::Figures| {
        (figures.profiles, figures.contacts, figures.entries, figures.conversations)
    };
    assert_eq!(figures(store.figures().await.unwrap()), (2, 2, 4, 2));
    let mut trashed = sample.profile(2, 2);
    trashed.state =
        crate::model::ProfileState::Trashed { at: Sample::at(0), by: crate::model::Source::agent("ana") };
    store.commit(set([Write::Profile(trashed)])).await.unwrap();
    assert_eq!(figures(store.figures().await.unwrap()), (1, 2, 4, 2));
    store
        .commit(set([
            Write::EraseContact(sample.contact_id(1)),
            Write::EraseProfile(sample.profile(1, 1).id),
            Write::EraseConversation(sample.conversation_id(1)),
        ]))
        .await
        .unwrap();
    let store = engine.again(store).await;
    assert_eq!(figures(store.figures().await.unwrap()), (0, 1, 1, 1));
}

pub async fn a_check_finds_nothing_wrong(engine: &mut dyn Engine) {
    let store = engine.fresh().await;
    let sample = Sample::of(&*store);
    for number in 1..=3 {
        store.commit(message(&sample, 1, number, i64::from(number), &[b'x'; 20_000])).await.unwrap();
    }
    let store = engine.again(store).await;
    assert_eq!(store.check().await.unwrap(), Vec::<String>::new());
}

pub async fn a_closed_store_says_so(engine: &mut dyn Engine) {
    let store = engine.fresh().await;
    store.commit(set([])).await.unwrap();
    let late: Vec<_> = (0..20)
        .map(|_| {
            let store = Arc::clone(&store);
            tokio::spawn(async move { store.commit(set([])).await })
        })
        .collect();
    store.close().await.unwrap();
    for answer in late {
        let answer = answer.await.unwrap();
        assert!(matches!(answer, Ok(_) | Err(StoreError::Closed)), "{answer:?}");
    }
    assert!(matches!(store.commit(set([])).await, Err(StoreError::Closed)));
    assert!(matches!(store.contacts(&[Sample::of(&*store).contact_id(1)]).await, Err(StoreError::Closed)));
    assert!(matches!(store.feed(0, 1).await, Err(StoreError::Closed)));
    assert!(matches!(store.figures().await, Err(StoreError::Closed)));
    assert!(matches!(store.close().await, Err(StoreError::Closed)));
}
