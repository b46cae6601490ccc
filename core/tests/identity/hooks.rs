//! Hooks: deciders amend and refuse before the commit, observers hear of it afterwards, at least once.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, Ordering},
};

use async_trait::async_trait;
use whom_core::{
    engine::{Edit, EngineError},
    feed::Commit,
    hooks::{Decider, HookError, Hooks, Judgement, Observer, OnFailure, ProposedEdit, follow},
    identity::{Incoming, Outcome, SkipReason},
    model::{Assertion, Source},
};

use super::arrivals::{engine, key, message, minute, take_in, text};

/// Refuses spam, corrects names, and fails on one address.
struct House(OnFailure);

#[async_trait]
impl Decider for House {
    fn name(&self) -> &str {
        "house"
    }

    fn on_failure(&self) -> OnFailure {
        self.0
    }

    async fn before_record(&self, incoming: &mut Incoming) -> Result<Judgement, HookError> {
        let from = incoming.parties[0].identifiers[0].identifier.value().to_owned();
        if from.starts_with("spam@") {
            return Ok(Judgement::Refuse("we do not answer spam".into()));
        }
        // What is amended before a failure must not be kept.
        incoming.parties[0].said.clear();
        if from.starts_with("odd@") {
            return Err(HookError { hook: "house".into(), why: "it did not understand".into() });
        }
        Ok(Judgement::GoOn)
    }

    async fn before_save(&self, edit: &mut ProposedEdit) -> Result<Judgement, HookError> {
        for (_, assertion) in &mut edit.edits {
            if *assertion == Assertion::Is(text("acme")) {
                *assertion = Assertion::Is(text("Acme Ltd"));
            }
        }
        Ok(Judgement::GoOn)
    }
}

#[tokio::test]
async fn a_decider_amends_and_refuses_and_its_failure_costs_what_it_says() {
    let engine = engine();
    let mut hooks = Hooks::default();
    hooks.add(Arc::new(House(OnFailure::Skip)));
    engine.set_hooks(hooks);
    let refused = take_in(&engine, message("1", "spam@x.org", &[], minute(1))).await;
    assert_eq!(
        refused.outcome,
        Outcome::Skipped { reason: SkipReason::Refused("we do not answer spam".into()) }
    );
    let amended = take_in(&engine, message("2", "ana@x.org", &[("name", "Ana")], minute(2))).await;
    let ana = amended.profile.unwrap();
    assert_eq!(engine.view(ana, minute(3)).await.unwrap().value("name"), None);
    let skipped = take_in(&engine, message("3", "odd@x.org", &[("name", "Odd")], minute(2))).await;
    assert_eq!(
        engine.view(skipped.profile.unwrap(), minute(3)).await.unwrap().value("name"),
        Some(&text("Odd"))
    );

    let edit = Edit { property: key("company"), assertion: Assertion::Is(text("acme")) };
    let view = engine.edit(ana, vec![edit], &Source::agent("mia"), None, minute(4)).await.unwrap();
    assert_eq!(view.value("company"), Some(&text("Acme Ltd")));

    let mut strict = Hooks::default();
    strict.add(Arc::new(House(OnFailure::Refuse)));
    engine.set_hooks(strict);
    let refused = take_in(&engine, message("4", "odd@x.org", &[], minute(5))).await;
    assert!(matches!(refused.outcome, Outcome::Skipped { reason: SkipReason::Refused(_) }));
    assert!(matches!(engine.find("spam@x.org").await, Err(EngineError::NotFound { .. })));
}

/// Remembers what it heard; fails once at the second commit.
#[derive(Default)]
struct Listener {
    heard: Mutex<Vec<u64>>,
    has_failed: AtomicBool,
}

#[async_trait]
impl Observer for Listener {
    fn name(&self) -> &str {
        "listener"
    }

    async fn after_commit(&self, commit: &Commit) -> Result<(), HookError> {
        if commit.number == 2 && !self.has_failed.swap(true, Ordering::Relaxed) {
            return Err(HookError { hook: "listener".into(), why: "not now".into() });
        }
        self.heard.lock().unwrap().push(commit.number);
        Ok(())
    }
}

#[tokio::test]
async fn an_observer_hears_of_every_commit_in_order_and_again_where_it_failed() {
    let engine = engine();
    for number in 1..=3 {
        take_in(&engine, message(&format!("m{number}"), "ana@x.org", &[], minute(number))).await;
    }
    let listener = Listener::default();
    let heard = follow(engine.store(), &listener, 0).await.unwrap();
    assert_eq!(heard, 1);
    assert_eq!(follow(engine.store(), &listener, heard).await.unwrap(), 3);
    assert_eq!(*listener.heard.lock().unwrap(), [1, 2, 3]);
}
