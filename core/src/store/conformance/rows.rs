//! Single rows: what was written is what is read.

use super::{Engine, Sample};
use crate::{
    model::{
        AccountLink, Assertion, Body, ContactKey, Evidence, MembershipDeed, MembershipId, ProfileState,
        Source, Stamp, Value,
    },
    store::{ChangeSet, Document, DocumentKind, Erased, Seen, Write},
};

fn set(writes: impl IntoIterator<Item = Write>) -> ChangeSet {
    ChangeSet { writes: writes.into_iter().collect(), ..ChangeSet::at(Sample::at(0)) }
}

pub async fn every_kind_of_row_reads_back(engine: &mut dyn Engine) {
    let store = engine.fresh().await;
    let sample = Sample::of(&*store);
    let mut own = sample.contact(2, 1);
    own.key = ContactKey::Own { of: sample.profile(1, 1).id };
    own.home = sample.profile(1, 1).id;
    let mut merged = sample.profile(2, 1);
    merged.state =
        ProfileState::Merged { into: sample.profile(1, 1).id, by: MembershipId::from_bytes([9; 10]) };
    let mut trashed = sample.profile(3, 1);
    trashed.state = ProfileState::Trashed { at: Sample::at(5), by: Source::agent("ana") };
    trashed.tell_apart(merged.id, Stamp::new(&Source::agent("ana"), Sample::at(4)));
    let mut not = sample.claim(1, "plan", "free");
    not.assertion =
        Assertion::IsNot(Value::from_json(&serde_json::json!([1, 2.5, true, {"a": "b"}])).unwrap());
    not.evidence = Evidence::Note("https://example.org".into());
    not.id = crate::model::ClaimId::from_bytes([1; 10]);
    let mut empty = sample.claim(1, "plan", "free");
    empty.assertion = Assertion::Empty;
    empty.evidence = Evidence::Word;
    empty.id = crate::model::ClaimId::from_bytes([2; 10]);
    empty.last_observed = Sample::at(7_000_000);
    let claim = sample.claim(1, "name", "Ada");
    let mut link = sample.membership(1, 3, 2);
    link.deed = MembershipDeed::Link { joins: own.id, anchor: sample.contact_id(1) };
    (link.evidence, link.rules, link.undone) = (None, None, None);
    let merge = sample.membership(1, 2, 1);
    let entry = sample.entry(1, 1, 4);
    let mut bare = sample.entry(1, 2, 5);
    (bare.channel, bare.direction, bare.has_body) = (None, None, false);
    let seen = sample.seen(&entry);
    let unlisted =
        Seen { entry: sample.entry_id(77), conversation: Some(sample.conversation_id(1)), ..seen.clone() };
    let erased = Erased { tombstone: sample.contact_id(8), at: Sample::at(3) };
    let body = Body { media_type: "text/html".into(), bytes: b"<p>hello".to_vec() };
    let document = Document { kind: DocumentKind::Key, id: "k".into(), bytes: vec![0, 255, 1], version: 3 };
    let writes = [
        Write::Contact(sample.contact(1, 1)),
        Write::Contact(own.clone()),
        Write::Profile(sample.profile(1, 1)),
        Write::Profile(merged.clone()),
        Write::Profile(trashed.clone()),
        Write::Claim(claim.clone()),
        Write::Claim(not.clone()),
        Write::Claim(empty.clone()),
        Write::Membership(merge.clone()),
        Write::Membership(link.clone()),
        Write::Entry(entry.clone()),
        Write::Entry(bare.clone()),
        Write::Body(entry.id, body.clone()),
        Write::Seen(seen.clone()),
        Write::Seen(unlisted.clone()),
        Write::Erased(erased.clone()),
        Write::Conversation(sample.conversation(1, 1, 1)),
        Write::Account(sample.account(1, 1)),
        Write::Document(document.clone()),
    ];
    store.commit(set(writes)).await.unwrap();
    let store = engine.again(store).await;
    assert_eq!(
        store.contacts(&[own.id, sample.contact_id(1)]).await.unwrap(),
        [Some(own), Some(sample.contact(1, 1))]
    );
    assert_eq!(
        store.profiles(&[merged.id, trashed.id]).await.unwrap(),
        [Some(merged.clone()), Some(trashed.clone())]
    );
    let found = store.claims(sample.contact_id(1), &[claim.id, not.id, empty.id]).await.unwrap();
    assert_eq!(found, [Some(claim), Some(not), Some(empty)]);
    assert_eq!(
        store.membership_changes(&[link.id, merge.id]).await.unwrap(),
        [Some(link.clone()), Some(merge.clone())]
    );
    assert_eq!(store.entry(entry.contact, entry.at, entry.id).await.unwrap(), Some(entry.clone()));
    assert_eq!(store.entry(bare.contact, bare.at, bare.id).await.unwrap(), Some(bare));
    assert_eq!(store.body(entry.id).await.unwrap(), Some(body));
    assert_eq!(store.seen(&[unlisted.entry, seen.entry]).await.unwrap(), [Some(unlisted), Some(seen)]);
    assert_eq!(store.erased(&[erased.tombstone]).await.unwrap(), [Some(erased)]);
    let mut conversation = sample.conversation(1, 1, 1);
    conversation.number = 1;
    assert_eq!(store.conversations(&[conversation.id]).await.unwrap(), [Some(conversation)]);
    assert_eq!(store.accounts(&[sample.account(1, 1).id]).await.unwrap(), [Some(sample.account(1, 1))]);
    assert_eq!(store.document(DocumentKind::Key, "k").await.unwrap(), Some(document));
}

pub async fn what_is_absent_is_none(engine: &mut dyn Engine) {
    let store = engine.fresh().await;
    let sample = Sample::of(&*store);
    let contact = sample.contact_id(1);
    assert_eq!(store.contacts(&[contact, contact]).await.unwrap(), [None, None]);
    assert_eq!(store.profiles(&[sample.profile(1, 1).id]).await.unwrap(), [None]);
    assert_eq!(store.contacts_with_claims(&[contact]).await.unwrap(), [None]);
    assert_eq!(store.claims(contact, &[sample.claim(1, "a", "b").id]).await.unwrap(), [None]);
    assert_eq!(store.seen(&[sample.entry_id(1)]).await.unwrap(), [None]);
    assert_eq!(store.erased(&[contact]).await.unwrap(), [None]);
    assert_eq!(store.timeline(contact, None, 5).await.unwrap(), []);
    assert_eq!(store.entry(contact, Sample::at(0), sample.entry_id(1)).await.unwrap(), None);
    assert_eq!(store.body(sample.entry_id(1)).await.unwrap(), None);
    assert_eq!(store.conversations(&[sample.conversation_id(1)]).await.unwrap(), [None]);
    assert_eq!(store.conversation_by_number(1).await.unwrap(), None);
    assert_eq!(store.conversations_of(contact, 5).await.unwrap(), []);
    assert_eq!(store.conversation_entries(sample.conversation_id(1), None, 5).await.unwrap(), []);
    assert_eq!(store.membership_changes(&[sample.membership(1, 2, 1).id]).await.unwrap(), [None]);
    assert_eq!(store.accounts(&[sample.account(1, 1).id]).await.unwrap(), [None]);
    assert_eq!(store.account_members(sample.account(1, 1).id, None, 5).await.unwrap(), []);
    assert_eq!(store.document(DocumentKind::Setting, "a").await.unwrap(), None);
    assert_eq!(store.feed(0, 5).await.unwrap(), []);
    // A claim without its contact is no contact either.
    store.commit(set([Write::Claim(sample.claim(1, "a", "b"))])).await.unwrap();
    assert_eq!(store.contacts_with_claims(&[contact]).await.unwrap(), [None]);
    assert_eq!(store.contacts(&[]).await.unwrap(), []);
}

pub async fn several_rows_come_in_the_order_asked_for(engine: &mut dyn Engine) {
    let store = engine.fresh().await;
    let sample = Sample::of(&*store);
    let people = [1, 2, 3];
    store
        .commit(set(people.iter().flat_map(|person| {
            [
                Write::Contact(sample.contact(*person, 1)),
                Write::Claim(sample.claim(*person, "name", &format!("Person {person}"))),
                Write::Claim(sample.claim(*person, "city", "Bonn")),
            ]
        })))
        .await
        .unwrap();
    let store = engine.again(store).await;
    let ids: Vec<_> = [3, 9, 1, 2, 1].iter().map(|person| sample.contact_id(*person)).collect();
    let found = store.contacts_with_claims(&ids).await.unwrap();
    assert_eq!(found.len(), 5);
    for (id, found) in ids.iter().zip(found) {
        match found {
            None => assert_eq!(*id, sample.contact_id(9)),
            Some((contact, claims)) => {
                assert_eq!(contact.id, *id);
                assert_eq!(claims.len(), 2);
                assert!(claims.iter().all(|claim| claim.contact == *id));
                assert!(claims[0].id < claims[1].id, "claims come in the order of their ids");
            }
        }
    }
}

pub async fn a_claim_heard_again_replaces_itself(engine: &mut dyn Engine) {
    let store = engine.fresh().await;
    let sample = Sample::of(&*store);
    let mut claim = sample.claim(1, "name", "Ada");
    store.commit(set([Write::Contact(sample.contact(1, 1)), Write::Claim(claim.clone())])).await.unwrap();
    claim.last_observed = Sample::at(500);
    store.commit(set([Write::Claim(claim.clone())])).await.unwrap();
    let store = engine.again(store).await;
    let found = store.contacts_with_claims(&[sample.contact_id(1)]).await.unwrap();
    assert_eq!(found, [Some((sample.contact(1, 1), vec![claim.clone()]))]);
    store.commit(set([Write::EraseClaim(claim.contact, claim.id)])).await.unwrap();
    assert_eq!(store.claims(claim.contact, &[claim.id]).await.unwrap(), [None]);
}

pub async fn a_body_is_whole_whatever_its_size(engine: &mut dyn Engine) {
    let store = engine.fresh().await;
    let sample = Sample::of(&*store);
    let noise: Vec<u8> = (0u32..100_000).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()).collect();
    let bodies = [
        vec![],
        b"short".to_vec(),
        b"the same words again, ".repeat(10_000),
        noise[..6_144].to_vec(),
        noise[..6_145].to_vec(),
        noise.clone(),
    ];
    for (number, bytes) in bodies.iter().enumerate() {
        let body = Body { media_type: "message/rfc822".into(), bytes: bytes.clone() };
        store.commit(set([Write::Body(sample.entry_id(number as u64), body)])).await.unwrap();
    }
    let store = engine.again(store).await;
    for (number, bytes) in bodies.into_iter().enumerate() {
        let found = store.body(sample.entry_id(number as u64)).await.unwrap().unwrap();
        assert_eq!(found.media_type, "message/rfc822");
        assert!(found.bytes == bytes, "body {number} of {} bytes", bytes.len());
    }
}

pub async fn a_shorter_body_leaves_nothing_of_the_longer(engine: &mut dyn Engine) {
    let store = engine.fresh().await;
    let sample = Sample::of(&*store);
    let noise: Vec<u8> = (0u32..10_000).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()).collect();
    for bytes in [noise, b"short".to_vec()] {
        let body = Body { media_type: "text/plain".into(), bytes };
        store.commit(set([Write::Body(sample.entry_id(1), body)])).await.unwrap();
    }
    let store = engine.again(store).await;
    assert_eq!(store.body(sample.entry_id(1)).await.unwrap().unwrap().bytes, b"short");
}

pub async fn documents_are_listed_in_the_order_of_their_ids(engine: &mut dyn Engine) {
    let store = engine.fresh().await;
    let document = |kind, id: &str| Document { kind, id: id.into(), bytes: vec![1], version: 1 };
    let ids = ["", "a", "a!", "aa", "b", "ä"];
    store
        .commit(set(DocumentKind::ALL
            .into_iter()
            .flat_map(|kind| ids.map(|id| Write::Document(document(kind, id))))))
        .await
        .unwrap();
    let store = engine.again(store).await;
    for kind in DocumentKind::ALL {
        let (mut found, mut after) = (Vec::new(), None::<String>);
        loop {
            let page = store.documents(kind, after.as_deref(), 2).await.unwrap();
            let Some(last) = page.last() else { break };
            assert!(page.iter().all(|document| document.kind == kind));
            after = Some(last.id.clone());
            found.extend(page.into_iter().map(|document| document.id));
        }
        assert_eq!(found, ids);
    }
}

pub async fn a_document_can_be_removed(engine: &mut dyn Engine) {
    let store = engine.fresh().await;
    let document = Document { kind: DocumentKind::Session, id: "s".into(), bytes: vec![], version: 1 };
    store.commit(set([Write::Document(document.clone())])).await.unwrap();
    store
        .commit(set([
            Write::RemoveDocument(DocumentKind::Session, "s".into()),
            Write::RemoveDocument(DocumentKind::Session, "never there".into()),
        ]))
        .await
        .unwrap();
    let store = engine.again(store).await;
    assert_eq!(store.document(DocumentKind::Session, "s").await.unwrap(), None);
    assert_eq!(store.documents(DocumentKind::Session, None, 5).await.unwrap(), []);
}

pub async fn a_tombstone_can_be_lifted(engine: &mut dyn Engine) {
    let store = engine.fresh().await;
    let tombstone = Sample::of(&*store).contact_id(1);
    store.commit(set([Write::Erased(Erased { tombstone, at: Sample::at(0) })])).await.unwrap();
    assert!(store.erased(&[tombstone]).await.unwrap()[0].is_some());
    store.commit(set([Write::LiftErased(tombstone)])).await.unwrap();
    let store = engine.again(store).await;
    assert_eq!(store.erased(&[tombstone]).await.unwrap(), [None]);
}

pub async fn accounts_list_their_members(engine: &mut dyn Engine) {
    let store = engine.fresh().await;
    let sample = Sample::of(&*store);
    let (one, two) = (sample.account(1, 1), sample.account(2, 1));
    let link = |account, person| AccountLink { account, contact: sample.contact_id(person) };
    let mut writes = vec![Write::Account(one.clone()), Write::Account(two.clone())];
    writes.extend((1..=5).map(|person| Write::AccountLink(link(one.id, person))));
    writes.push(Write::AccountLink(link(two.id, 6)));
    writes.push(Write::AccountUnlink(link(one.id, 3)));
    store.commit(set(writes)).await.unwrap();
    let store = engine.again(store).await;
    let mut expected: Vec<_> = [1, 2, 4, 5].map(|person| sample.contact_id(person)).into();
    expected.sort();
    assert_eq!(store.account_members(one.id, None, 9).await.unwrap(), expected);
    assert_eq!(store.account_members(one.id, Some(expected[1]), 1).await.unwrap(), [expected[2]]);
    assert_eq!(store.account_members(two.id, None, 9).await.unwrap(), [sample.contact_id(6)]);
    let mut accounts = [one, two];
    accounts.sort_by_key(|account| account.id);
    assert_eq!(store.accounts_after(None, 9).await.unwrap(), accounts);
    assert_eq!(store.accounts_after(Some(accounts[0].id), 9).await.unwrap(), accounts[1..]);
}
