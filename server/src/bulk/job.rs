//! Jobs and their chunks, as they are kept.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use whom_core::{
    engine::Edit,
    model::{Assertion, ProfileId, PropertyKey, Timestamp, Value},
    store::DocumentKind,
};

use super::{Action, Whom};
use crate::{auth::Principal, documents::Stored, secret};

/// How many profiles a chunk holds.
pub(super) const CHUNK: usize = 200;

/// The most reasons that are told apart.
const MOST_REASONS: usize = 20;

/// Where a job stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum JobState {
    /// It has not begun, or is finding out who is meant.
    #[default]
    Waiting,
    /// It is at it.
    Running,
    /// It is done.
    Done,
    /// Somebody stopped it.
    Stopped,
    /// What it did is being taken back.
    Undoing,
    /// What it did was taken back.
    Undone,
    /// It could not go on.
    Failed,
}

impl JobState {
    /// Whether there is something left to do.
    pub(crate) fn is_open(self) -> bool {
        matches!(self, Self::Waiting | Self::Running | Self::Undoing)
    }
}

/// One thing done to many profiles.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct BulkJob {
    /// Its id; ids count down in time.
    pub(crate) id: String,
    /// What is done.
    pub(crate) action: Action,
    /// For whom.
    pub(crate) whom: Whom,
    /// Under whose name.
    pub(crate) by: String,
    /// Where it stands.
    pub(crate) state: JobState,
    /// When it was asked for.
    pub(crate) created: Timestamp,
    /// When it was over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) finished: Option<Timestamp>,
    /// Whether somebody wants it to stop.
    #[serde(default)]
    pub(crate) wants_stop: bool,
    /// How many profiles are meant; none while that is being found out.
    pub(crate) total: Option<usize>,
    /// How many chunks hold them.
    pub(super) chunks: usize,
    /// The chunk that comes next.
    pub(super) next: usize,
    /// What came of it so far.
    pub(crate) tally: Tally,
    /// What came of taking it back so far.
    #[serde(default)]
    pub(crate) undone: Tally,
    /// The chunk that is taken back next.
    #[serde(default)]
    pub(super) undo_next: usize,
    /// Under whose name it was taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) undone_by: Option<String>,
}

/// How many profiles what came of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Tally {
    /// How many have been looked at.
    pub(crate) done: usize,
    /// How many changed.
    pub(crate) changed: usize,
    /// How many needed no change.
    pub(crate) unchanged: usize,
    /// How many were left as they are, by reason.
    pub(crate) failed: BTreeMap<String, usize>,
}

impl Tally {
    /// How many were left as they are.
    pub(crate) fn failures(&self) -> usize {
        self.failed.values().sum()
    }

    pub(super) fn count(&mut self, outcome: &Outcome) {
        self.done += 1;
        match outcome {
            Outcome::Waiting | Outcome::Unchanged => self.unchanged += 1,
            Outcome::Changed(_) => self.changed += 1,
            Outcome::Failed(why) => {
                let is_known = self.failed.contains_key(why) || self.failed.len() < MOST_REASONS;
                *self
                    .failed
                    .entry(if is_known { why.clone() } else { "another reason".into() })
                    .or_default() += 1;
            }
        }
    }
}

impl Stored for BulkJob {
    const KIND: DocumentKind = DocumentKind::Bulk;
    const FEED: Option<&'static str> = Some("bulk");
}

impl BulkJob {
    pub(super) fn new(now: Timestamp, by: &Principal, action: Action, whom: Whom) -> Self {
        let countdown = u64::MAX - now.as_millis().max(0) as u64;
        Self {
            id: format!("b_{countdown:016x}{}", secret::hex(&secret::random::<4>())),
            action,
            whom,
            by: by.source().to_string(),
            state: JobState::Waiting,
            created: now,
            finished: None,
            wants_stop: false,
            total: None,
            chunks: 0,
            next: 0,
            tally: Tally::default(),
            undone: Tally::default(),
            undo_next: 0,
            undone_by: None,
        }
    }

    /// Whether it can be taken back, or why not.
    pub(crate) fn can_be_taken_back(&self) -> Result<(), &'static str> {
        match self.state {
            _ if !self.action.can_be_taken_back() => Err(
                "what providers were asked cannot be taken back; what they said can be removed in the settings",
            ),
            JobState::Done | JobState::Stopped | JobState::Failed if self.tally.changed > 0 => Ok(()),
            JobState::Done | JobState::Stopped | JobState::Failed => Err("it changed nothing"),
            JobState::Undoing | JobState::Undone => Err("it is taken back already"),
            JobState::Waiting | JobState::Running => Err("it is not over yet: stop it first"),
        }
    }

    /// How far it is, in parts of a thousand.
    pub(crate) fn progress(&self) -> u32 {
        let (done, total) = match self.state {
            JobState::Undoing => (self.undone.done, self.tally.done),
            JobState::Waiting | JobState::Running => (self.tally.done, self.total.unwrap_or(0)),
            _ => return 1000,
        };
        (done.min(total) * 1000).checked_div(total).unwrap_or(0) as u32
    }
}

/// Some of the profiles of a job, and what became of each.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Chunk {
    pub(super) steps: Vec<Step>,
    /// When its steps were planned, which is when they count as done; none before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) at: Option<Timestamp>,
    /// Whether all its steps are done.
    #[serde(default)]
    pub(super) is_done: bool,
    /// Whether all its steps are taken back.
    #[serde(default)]
    pub(super) is_undone: bool,
}

impl Stored for Chunk {
    const KIND: DocumentKind = DocumentKind::Undo;
}

impl Chunk {
    /// Its id.
    pub(super) fn id(job: &str, place: usize) -> String {
        format!("{job}-{place:06}")
    }
}

/// What is done to one profile.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Step {
    pub(super) profile: ProfileId,
    /// What is written.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) says: Vec<Says>,
    /// What the property showed before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) before: Vec<Value>,
    /// What came of it.
    #[serde(default)]
    pub(super) outcome: Outcome,
    /// What came of taking it back.
    #[serde(default)]
    pub(super) back: Outcome,
}

impl Step {
    pub(super) fn of(profile: ProfileId) -> Self {
        Self {
            profile,
            says: Vec::new(),
            before: Vec::new(),
            outcome: Outcome::Waiting,
            back: Outcome::Waiting,
        }
    }
}

/// One thing that is said about a profile.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Says {
    pub(super) property: PropertyKey,
    pub(super) assertion: Assertion,
}

impl Says {
    pub(super) fn edit(&self) -> Edit {
        Edit { property: self.property.clone(), assertion: self.assertion.clone() }
    }
}

/// What came of a step.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Outcome {
    /// Nothing yet.
    #[default]
    Waiting,
    /// The profile changed; for a merge, by which change of membership.
    Changed(Option<String>),
    /// It was so already.
    Unchanged,
    /// It was left as it is, and why.
    Failed(String),
}
