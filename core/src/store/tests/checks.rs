//! Checks: each thing that is wrong is named.

use super::set;
use crate::{
    model::{IdKey, MembershipId, ProfileState},
    store::{
        MemoryStore, Store, Write,
        conformance::{Sample, message},
    },
};

async fn check(writes: impl FnOnce(&Sample) -> Vec<Write>, expected: &[&str]) {
    let store = MemoryStore::new(IdKey::from_bytes([7; 32]));
    let sample = Sample::of(&store);
    store.commit(message(&sample, 1, 1, 0, b"hello")).await.unwrap();
    store.commit(set(writes(&sample))).await.unwrap();
    let found = store.check().await.unwrap();
    assert_eq!(found.len(), expected.len(), "{found:#?}");
    for (found, expected) in found.iter().zip(expected) {
        assert!(found.contains(expected), "`{found}` should speak of `{expected}`");
    }
}

#[tokio::test]
async fn a_contact_that_its_profile_does_not_list_is_named() {
    check(|sample| vec![Write::Contact(sample.contact(2, 1))], &["which does not list it"]).await;
}

#[tokio::test]
async fn a_profile_that_lists_a_stranger_is_named() {
    let stranger = |sample: &Sample| {
        let mut profile = sample.profile(1, 2);
        profile.add(sample.contact_id(3));
        vec![Write::Profile(profile)]
    };
    check(stranger, &["which does not belong to it"]).await;
}

#[tokio::test]
async fn a_merge_into_nowhere_is_named() {
    let nowhere = |sample: &Sample| {
        let mut profile = sample.profile(5, 1);
        profile.contacts.clear();
        profile.state =
            ProfileState::Merged { into: sample.profile(6, 1).id, by: MembershipId::from_bytes([1; 10]) };
        vec![Write::Profile(profile)]
    };
    check(nowhere, &["the profile it was merged into"]).await;
}

#[tokio::test]
async fn what_belongs_to_nobody_is_named() {
    let orphans = |sample: &Sample| {
        let claim = sample.claim(4, "name", "Nobody");
        vec![
            Write::Claim(claim),
            Write::Participation(sample.contact_id(1), Sample::at(0), sample.conversation_id(44)),
        ]
    };
    check(orphans, &["its contact", "the conversation"]).await;
}

#[tokio::test]
async fn an_entry_without_its_body_is_named() {
    check(|sample| vec![Write::Entry(sample.entry(1, 2, 0))], &["its body"]).await;
}
