//! Membership against an oracle that replays everything from the beginning after every step.

use std::collections::BTreeMap;

use proptest::prelude::*;
use whom_core::{
    engine::{Engine, EngineError},
    model::{ContactId, MembershipDeed, MembershipId, ProfileId, ProfileState, Source},
};

use super::arrivals::{engine, given, identify, message, minute, take_in};

/// One step; small numbers name identifiers, profiles by the first profile of an identifier.
#[derive(Clone, Debug)]
enum Step {
    Arrive(usize),
    Identify(usize, usize),
    Merge(usize, usize),
    Undo(usize),
    Detach(usize),
    Move(usize, usize),
    Name(usize),
}

const NAMES: [&str; 8] = ["a@x.org", "b@x.org", "c@x.org", "d@x.org", "anon:e", "anon:f", "user:1", "user:2"];

fn step() -> impl Strategy<Value = Step> {
    let one = 0..NAMES.len();
    prop_oneof![
        3 => one.clone().prop_map(Step::Arrive),
        3 => (one.clone(), one.clone()).prop_map(|(a, b)| Step::Identify(a, b)),
        4 => (one.clone(), one.clone()).prop_map(|(a, b)| Step::Merge(a, b)),
        4 => (0..12usize).prop_map(Step::Undo),
        2 => one.clone().prop_map(Step::Detach),
        1 => (one.clone(), one.clone()).prop_map(|(a, b)| Step::Move(a, b)),
        1 => one.prop_map(Step::Name),
    ]
}

/// What happened, in the order in which it happened.
#[derive(Clone, Debug)]
enum Fact {
    Made(ContactId, ProfileId),
    Done(MembershipId, MembershipDeed),
}

#[derive(Default)]
struct Oracle {
    facts: Vec<Fact>,
    undone: Vec<MembershipId>,
}

impl Oracle {
    /// Where everybody is: all facts that were not undone, replayed from the first.
    fn places(&self) -> (BTreeMap<ContactId, ProfileId>, BTreeMap<ProfileId, ProfileId>) {
        let mut places: BTreeMap<ContactId, ProfileId> = BTreeMap::new();
        let mut gone: BTreeMap<ProfileId, ProfileId> = BTreeMap::new();
        fn follow(gone: &BTreeMap<ProfileId, ProfileId>, mut id: ProfileId) -> ProfileId {
            while let Some(next) = gone.get(&id) {
                id = *next;
            }
            id
        }
        fn join(
            places: &mut BTreeMap<ContactId, ProfileId>,
            gone: &mut BTreeMap<ProfileId, ProfileId>,
            from: ProfileId,
            into: ProfileId,
        ) {
            if from != into {
                places.values_mut().filter(|place| **place == from).for_each(|place| *place = into);
                gone.insert(from, into);
            }
        }
        for fact in &self.facts {
            match fact {
                Fact::Made(contact, home) => {
                    places.insert(*contact, *home);
                }
                Fact::Done(id, _) if self.undone.contains(id) => {}
                Fact::Done(_, MembershipDeed::Link { joins, anchor }) => {
                    let (from, into) = (places[joins], places[anchor]);
                    join(&mut places, &mut gone, from, into);
                }
                Fact::Done(_, MembershipDeed::Merge { from, into }) => {
                    let (from, into) = (follow(&gone, *from), follow(&gone, *into));
                    join(&mut places, &mut gone, from, into);
                }
                Fact::Done(_, MembershipDeed::Detach { contact, to }) => {
                    places.insert(*contact, *to);
                }
                Fact::Done(_, MembershipDeed::Move { contact, to }) => {
                    let to = follow(&gone, *to);
                    places.insert(*contact, to);
                }
            }
        }
        (places, gone)
    }

    /// Takes note of contacts and changes that a step made.
    async fn observe(&mut self, engine: &Engine, candidates: &[MembershipId]) {
        let key = engine.store().id_key().clone();
        for name in NAMES {
            let id = key.contact(&given(name).identifier);
            let known = self.facts.iter().any(|fact| matches!(fact, Fact::Made(made, _) if *made == id));
            if let (false, Some(contact)) =
                (known, engine.store().contacts(&[id]).await.unwrap().pop().flatten())
            {
                self.facts.push(Fact::Made(id, contact.home));
            }
        }
        for change in engine.store().membership_changes(candidates).await.unwrap().into_iter().flatten() {
            let known = self.facts.iter().any(|fact| matches!(fact, Fact::Done(id, _) if *id == change.id));
            if !known {
                self.facts.push(Fact::Done(change.id, change.deed));
            }
        }
        self.observe_own(engine).await;
    }

    async fn observe_own(&mut self, engine: &Engine) {
        for profile in engine.store().profiles_after(None, 1000).await.unwrap() {
            let own = engine.store().id_key().own_contact(profile.id);
            let known = self.facts.iter().any(|fact| matches!(fact, Fact::Made(made, _) if *made == own));
            if let (false, Some(contact)) =
                (known, engine.store().contacts(&[own]).await.unwrap().pop().flatten())
            {
                self.facts.push(Fact::Made(own, contact.home));
            }
        }
    }

    /// The engine and the oracle say the same of every contact and every profile.
    async fn agree(&self, engine: &Engine) -> Result<(), TestCaseError> {
        let (places, gone) = self.places();
        for (id, place) in &places {
            let contact = engine.store().contacts(&[*id]).await.unwrap().pop().flatten().unwrap();
            prop_assert_eq!(contact.profile, *place, "where {:?} is", contact.identifier());
        }
        for profile in engine.store().profiles_after(None, 1000).await.unwrap() {
            let listed: Vec<ContactId> = places
                .iter()
                .filter(|(_, place)| **place == profile.id)
                .map(|(contact, _)| *contact)
                .collect();
            prop_assert_eq!(&profile.contacts, &listed, "the contacts of {}", profile.id);
            match (&profile.state, gone.get(&profile.id)) {
                (ProfileState::Merged { into, .. }, expected) => prop_assert_eq!(Some(into), expected),
                (_, expected) => prop_assert_eq!(None, expected, "{} should be gone", profile.id),
            }
        }
        prop_assert_eq!(engine.store().check().await.unwrap(), Vec::<String>::new());
        Ok(())
    }
}

/// The profile somebody would name: that in which the identifier was first seen, merged away or not.
async fn first_profile(engine: &Engine, name: usize) -> Option<ProfileId> {
    let id = engine.store().id_key().contact(&given(NAMES[name]).identifier);
    let contact = engine.store().contacts(&[id]).await.unwrap().pop().flatten()?;
    let stored = engine.store().profiles(&[contact.home]).await.unwrap().pop().flatten();
    Some(stored.map_or(contact.profile, |profile| profile.id))
}

async fn take(engine: &Engine, place: usize, step: &Step, oracle: &mut Oracle) -> Result<(), TestCaseError> {
    let by = Source::agent("mia");
    let now = minute(place as i64);
    let mut candidates = Vec::new();
    let key = engine.store().id_key().clone();
    let of = |name: usize| key.contact(&given(NAMES[name]).identifier);
    match step {
        Step::Arrive(name) => {
            take_in(engine, message(&format!("m{place}"), NAMES[*name], &[("name", NAMES[*name])], now))
                .await;
        }
        Step::Identify(a, b) => {
            let both = format!("{} {}", NAMES[*a], NAMES[*b]);
            take_in(engine, identify(&format!("i{place}"), &both, &[], now)).await;
            candidates.push(key.link(of(*a), of(*b)));
        }
        Step::Merge(a, b) => {
            if let (Some(a), Some(b)) = (first_profile(engine, *a).await, first_profile(engine, *b).await) {
                match engine.merge(a, b, &by, "looks the same", now).await {
                    Ok(change) => candidates.push(change.id),
                    Err(EngineError::SameProfile { .. }) => {}
                    Err(other) => return Err(TestCaseError::fail(other.to_string())),
                }
            }
        }
        Step::Undo(number) => {
            let done: Vec<MembershipId> = oracle
                .facts
                .iter()
                .filter_map(|fact| match fact {
                    Fact::Done(id, _) if !oracle.undone.contains(id) => Some(*id),
                    _ => None,
                })
                .collect();
            if let Some(id) = done.get(number % done.len().max(1)) {
                engine
                    .unmerge(*id, &by, now)
                    .await
                    .map_err(|error| TestCaseError::fail(error.to_string()))?;
                oracle.undone.push(*id);
                prop_assert!(
                    engine.unmerge(*id, &by, now).await.is_err(),
                    "an undone change cannot be undone again"
                );
            }
        }
        Step::Detach(name) => {
            let contact = of(*name);
            if let Some(row) = engine.store().contacts(&[contact]).await.unwrap().pop().flatten() {
                match engine.detach(row.profile, contact, &by, now).await {
                    Ok((change, _)) => candidates.push(change.id),
                    Err(EngineError::Invalid { .. }) => {}
                    Err(other) => return Err(TestCaseError::fail(other.to_string())),
                }
            }
        }
        Step::Move(name, to) => {
            if let (Some(_), Some(to)) =
                (first_profile(engine, *name).await, first_profile(engine, *to).await)
            {
                match engine.move_contact(of(*name), to, &by, now).await {
                    Ok(change) => candidates.push(change.id),
                    Err(EngineError::SameProfile { .. }) => {}
                    Err(other) => return Err(TestCaseError::fail(other.to_string())),
                }
            }
        }
        Step::Name(name) => {
            if let Some(profile) = first_profile(engine, *name).await {
                let edit = whom_core::engine::Edit {
                    property: super::arrivals::key("notes"),
                    assertion: whom_core::model::Assertion::Is(super::arrivals::text(&format!(
                        "note {place}"
                    ))),
                };
                engine.edit(profile, vec![edit], &by, None, now).await.unwrap();
            }
        }
    }
    oracle.observe(engine, &candidates).await;
    oracle.agree(engine).await
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, max_shrink_iters: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn membership_is_the_fold_over_all_changes_that_were_not_undone(steps in prop::collection::vec(step(), 1..48)) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let engine = engine();
            let mut oracle = Oracle::default();
            for (place, step) in steps.iter().enumerate() {
                take(&engine, place, step, &mut oracle).await?;
            }
            Ok::<(), TestCaseError>(())
        })?;
    }
}
