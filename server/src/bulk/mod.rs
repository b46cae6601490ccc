//! Bulk actions: one thing done to many profiles, as a job that says how far it is and can be taken back.
//!
//! ```text
//! asked ──> gathered (who is meant, in chunks) ──> chunk planned ──> chunk done ──> … ──> done ──> taken back
//! ```
//!
//! Every step is written down before it is done: what a profile showed before, and what is to be written.
//! So a job that was cut off goes on where it stood, does nothing twice, and what it wrote can be taken back
//! exactly, wherever nobody has written anything newer.

mod action;
mod api;
mod job;
mod step;
mod undo;
mod work;

pub(crate) mod export;

#[cfg(test)]
mod tests;

pub(crate) use action::{Action, GivenAction};
pub(crate) use api::routes;
pub(crate) use job::{BulkJob, JobState, Tally};
pub(crate) use work::{Runner, sweep};

use serde::{Deserialize, Serialize};
use whom_core::{engine::EngineError, model::ProfileId, store::StoreError, view::Seen};

use crate::{
    app::AppState,
    asking::Asking,
    auth::Principal,
    documents::{self, Fate},
    problem::Problem,
    segments::Question,
};

/// The most profiles of one job.
pub(crate) const MOST_PROFILES: usize = 200_000;

/// The most profiles that are named one by one.
pub(crate) const MOST_NAMED: usize = 5_000;

/// The most profiles that are merged into one at once.
const MOST_MERGED: usize = 50;

/// For whom something is done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Whom {
    /// These profiles.
    Profiles(Vec<ProfileId>),
    /// Everybody who is found by this.
    Found(Question),
}

/// Begins a job; gives it as it stands.
pub(crate) async fn begin(
    state: &AppState,
    by: &Principal,
    action: Action,
    whom: Whom,
) -> Result<BulkJob, Problem> {
    let whom = match whom {
        Whom::Profiles(mut ids) => {
            let mut seen = std::collections::HashSet::new();
            ids.retain(|id| seen.insert(*id));
            if ids.is_empty() {
                return Err(Problem::invalid("nobody is chosen").at("/profiles", "name at least one profile"));
            }
            if ids.len() > MOST_NAMED {
                let why = format!("name at most {MOST_NAMED}; for more give a filter");
                return Err(Problem::invalid("too many are named").at("/profiles", why));
            }
            Whom::Profiles(ids)
        }
        Whom::Found(question) => {
            question.check(state)?;
            Whom::Found(question)
        }
    };
    if let Action::Merge { .. } = action {
        match &whom {
            Whom::Profiles(ids) if ids.len() <= MOST_MERGED => {}
            _ => {
                let why = format!("a merge takes chosen profiles, at most {MOST_MERGED} at once");
                return Err(Problem::invalid("so many cannot be merged").at("/profiles", why));
            }
        }
    }
    let sight = Asking::sight();
    if let (Some(sight), Some(property)) = (&sight, action.property())
        && !sight.edits(property.as_str())
    {
        return Err(EngineError::NotYours { property: property.to_string() }.into());
    }
    let mut job = BulkJob::new(state.now(), by, action, whom);
    if sight.is_some_and(|sight| sight.covers_values()) {
        // Who is meant is settled while it is known what whoever asks may see: the job itself works with everything.
        work::write_down(state, &mut job).await.map_err(|trouble| match trouble {
            work::Trouble::Store(error) => Problem::from(error),
            work::Trouble::Search(error) => error.into(),
        })?;
    }
    documents::put(state.store(), &job.id, state.now(), &job).await?;
    state.bulk().wake(state);
    Ok(job)
}

/// One job.
pub(crate) async fn one(state: &AppState, id: &str) -> Result<BulkJob, Problem> {
    let found = documents::get::<BulkJob>(state.store(), id).await?;
    found.filter(is_seen).ok_or_else(|| Problem::not_found("there is no such bulk action"))
}

/// Whether whoever asks may see what a job wrote.
fn is_seen(job: &BulkJob) -> bool {
    let sight = Asking::sight();
    let seen = |key: &str| sight.as_ref().is_none_or(|sight| sight.of_property(key) == Seen::Full);
    job.action.property().is_none_or(|property| seen(property.as_str()))
}

/// The latest jobs, the newest first.
pub(crate) async fn latest(state: &AppState, limit: usize) -> Result<Vec<BulkJob>, StoreError> {
    // Ids count down in time, so that the newest come first.
    let jobs = documents::list::<BulkJob>(state.store(), None, limit).await?;
    Ok(jobs.into_iter().map(|(_, job)| job).filter(is_seen).collect())
}

/// Stops a job after the profiles it is at; what it did stays, and can be taken back.
pub(crate) async fn cancel(state: &AppState, id: &str) -> Result<BulkJob, Problem> {
    one(state, id).await?;
    change(state, id, |mut job| {
        if !job.state.is_open() || job.state == JobState::Undoing {
            return Err(Problem::conflict("it is over already"));
        }
        job.wants_stop = true;
        Ok(job)
    })
    .await
}

/// Takes back what a job did.
pub(crate) async fn take_back(state: &AppState, by: &Principal, id: &str) -> Result<BulkJob, Problem> {
    one(state, id).await?;
    let job = change(state, id, |mut job| {
        if let Err(why) = job.can_be_taken_back() {
            return Err(Problem::conflict(why));
        }
        job.state = JobState::Undoing;
        job.undone_by = Some(by.source().to_string());
        Ok(job)
    })
    .await?;
    state.bulk().wake(state);
    Ok(job)
}

async fn change(
    state: &AppState,
    id: &str,
    decide: impl Fn(BulkJob) -> Result<BulkJob, Problem> + Send + Sync,
) -> Result<BulkJob, Problem> {
    let changed = documents::change(state.store(), id, state.now(), |known: Option<BulkJob>| {
        let Some(job) = known else {
            return (Fate::Keep, Err(Problem::not_found("there is no such bulk action")));
        };
        match decide(job) {
            Ok(job) => (Fate::Put(job.clone()), Ok(job)),
            Err(problem) => (Fate::Keep, Err(problem)),
        }
    });
    changed.await?
}
