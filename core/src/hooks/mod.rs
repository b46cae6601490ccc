//! Every point where scripts and plugins take part, with what goes in and what comes out.
//!
//! | hook | when | in | out | when it fails |
//! |---|---|---|---|---|
//! | [`Decider::before_record`] | an arrival, before it is decided | [`Incoming`] | amended, or refused with words | [`OnFailure`] |
//! | [`Decider::before_save`] | an edit, before it is written | [`ProposedEdit`] | amended, or refused with words | [`OnFailure`] |
//! | [`Observer::after_commit`] | from the feed, after a commit, by [`follow`] | [`Commit`] | nothing | asked again, at least once |
//!
//! Deciders run before the commit and are waited for; observers read the feed at their own pace.

mod follow;

pub use follow::follow;

use std::{fmt, sync::Arc};

use async_trait::async_trait;

use crate::{
    feed::Commit,
    identity::Incoming,
    model::Assertion,
    model::{ProfileId, PropertyKey, Source, Value},
};

/// An edit on its way to be saved.
#[derive(Clone, Debug, PartialEq)]
pub struct ProposedEdit {
    /// The profile.
    pub profile: ProfileId,
    /// What is to be said about it.
    pub edits: Vec<(PropertyKey, Assertion)>,
    /// Who says so.
    pub by: Source,
    /// What is shown of it now, by property.
    pub shown: Vec<(PropertyKey, Vec<Value>)>,
}

/// What a decider says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// Go on, with whatever was amended.
    GoOn,
    /// Do not record it, for this reason.
    Refuse(String),
}

/// Why a hook gave no judgement.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{hook}: {why}")]
pub struct HookError {
    /// The script or plugin.
    pub hook: String,
    /// What went wrong.
    pub why: String,
}

/// What happens when a decider fails.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnFailure {
    /// It is logged and passed over.
    #[default]
    Skip,
    /// What it was to judge is refused.
    Refuse,
}

/// Takes part before a commit: may amend or refuse.
#[async_trait]
pub trait Decider: Send + Sync {
    /// The script or plugin, for logs and refusals.
    fn name(&self) -> &str;

    /// What happens when it fails.
    fn on_failure(&self) -> OnFailure {
        OnFailure::Skip
    }

    /// Looks at an arrival before it is decided.
    async fn before_record(&self, incoming: &mut Incoming) -> Result<Judgement, HookError> {
        let _ = incoming;
        Ok(Judgement::GoOn)
    }

    /// Looks at an edit before it is written.
    async fn before_save(&self, edit: &mut ProposedEdit) -> Result<Judgement, HookError> {
        let _ = edit;
        Ok(Judgement::GoOn)
    }
}

/// Takes part after a commit, from the feed.
#[async_trait]
pub trait Observer: Send + Sync {
    /// The script or plugin, for logs and for remembering how far it has read.
    fn name(&self) -> &str;

    /// Hears of a commit; an error asks for the same commit again later.
    async fn after_commit(&self, commit: &Commit) -> Result<(), HookError>;
}

/// All deciders in the order in which they are asked.
#[derive(Clone, Default)]
pub struct Hooks {
    deciders: Vec<Arc<dyn Decider>>,
}

impl fmt::Debug for Hooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.deciders.iter().map(|decider| decider.name())).finish()
    }
}

impl Hooks {
    /// Adds a decider behind the others.
    pub fn add(&mut self, decider: Arc<dyn Decider>) {
        self.deciders.push(decider);
    }

    /// Asks all deciders about an arrival; the first refusal ends it.
    pub async fn before_record(&self, incoming: &mut Incoming) -> Judgement {
        for decider in &self.deciders {
            // A decider that fails half way must not leave half an amendment behind.
            let mut amended = incoming.clone();
            match settle(decider.as_ref(), decider.before_record(&mut amended).await) {
                Some(Judgement::GoOn) => *incoming = amended,
                Some(refused) => return refused,
                None => {}
            }
        }
        Judgement::GoOn
    }

    /// Asks all deciders about an edit; the first refusal ends it.
    pub async fn before_save(&self, edit: &mut ProposedEdit) -> Judgement {
        for decider in &self.deciders {
            let mut amended = edit.clone();
            match settle(decider.as_ref(), decider.before_save(&mut amended).await) {
                Some(Judgement::GoOn) => *edit = amended,
                Some(refused) => return refused,
                None => {}
            }
        }
        Judgement::GoOn
    }

    /// Whether anybody takes part.
    pub fn is_empty(&self) -> bool {
        self.deciders.is_empty()
    }
}

/// A failure becomes nothing or a refusal, by the decider's own policy.
fn settle(decider: &dyn Decider, answer: Result<Judgement, HookError>) -> Option<Judgement> {
    match answer {
        Ok(judgement) => Some(judgement),
        Err(error) => {
            tracing::warn!(hook = decider.name(), why = %error.why, "a hook failed");
            match decider.on_failure() {
                OnFailure::Skip => None,
                OnFailure::Refuse => Some(Judgement::Refuse(format!("{} could not decide", decider.name()))),
            }
        }
    }
}
