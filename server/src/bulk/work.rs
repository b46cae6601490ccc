//! The one task that works jobs off, chunk by chunk, the oldest first.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use futures::{StreamExt as _, TryStreamExt as _, stream};
use whom_core::{
    model::{ProfileId, Source, SourceKind, Timestamp},
    search::SearchError,
    store::StoreError,
};

use super::{
    Action, MOST_PROFILES, Whom,
    job::{BulkJob, CHUNK, Chunk, JobState, Outcome, Step, Tally},
    step, undo,
};
use crate::{
    app::AppState,
    auth::people,
    documents::{self, Fate},
    notify::{self, Notice, Sort},
    pages::words::customers as words,
};

/// How many profiles are worked on side by side: their commits share a flush.
const SIDE_BY_SIDE: usize = 8;

/// How many jobs are looked through for one that is open.
const MOST_JOBS: usize = 500;

/// How long jobs are kept once they are over, in days: so long can they be taken back.
const KEPT_DAYS: i64 = 90;

/// Works jobs off while there are any. A clone is the same one.
#[derive(Clone, Default)]
pub(crate) struct Runner {
    is_awake: Arc<AtomicBool>,
    is_called: Arc<AtomicBool>,
}

/// Why a job cannot go on.
#[derive(Debug, thiserror::Error)]
pub(super) enum Trouble {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Search(#[from] SearchError),
}

impl Runner {
    /// Sees to it that open jobs are worked on.
    pub(crate) fn wake(&self, state: &AppState) {
        self.is_called.store(true, Ordering::SeqCst);
        if self.is_awake.swap(true, Ordering::SeqCst) {
            return;
        }
        let (runner, state) = (self.clone(), state.clone());
        tokio::spawn(async move {
            loop {
                runner.is_called.store(false, Ordering::SeqCst);
                if let Err(trouble) = work(&state).await {
                    tracing::warn!(%trouble, "a bulk action waits: it goes on at the next call or start");
                }
                runner.is_awake.store(false, Ordering::SeqCst);
                // Somebody may have called between the last look and falling asleep.
                let again = runner.is_called.load(Ordering::SeqCst) && !state.stopping().is_cancelled();
                if !again || runner.is_awake.swap(true, Ordering::SeqCst) {
                    return;
                }
            }
        });
    }
}

/// Works every open job off.
pub(super) async fn work(state: &AppState) -> Result<(), StoreError> {
    loop {
        let jobs = documents::list::<BulkJob>(state.store(), None, MOST_JOBS).await?;
        let Some((id, _)) = jobs.into_iter().rev().find(|(_, job)| job.state.is_open()) else {
            return Ok(());
        };
        while turn(state, &id).await? {
            if state.stopping().is_cancelled() {
                return Ok(());
            }
            tokio::task::yield_now().await;
        }
    }
}

/// Does the next bit of a job; says whether there is more of it.
pub(super) async fn turn(state: &AppState, id: &str) -> Result<bool, StoreError> {
    let Some(job) = documents::get::<BulkJob>(state.store(), id).await? else { return Ok(false) };
    match job.state {
        JobState::Waiting => match gather(state, &job).await {
            Ok(()) => Ok(true),
            Err(Trouble::Store(error)) => Err(error),
            Err(Trouble::Search(error)) => {
                tracing::warn!(%error, "a bulk action could not find out who is meant");
                finish(state, id, JobState::Failed).await?;
                Ok(false)
            }
        },
        JobState::Running if job.wants_stop => {
            finish(state, id, JobState::Stopped).await?;
            Ok(false)
        }
        JobState::Running if job.next >= job.chunks => {
            finish(state, id, JobState::Done).await?;
            Ok(false)
        }
        JobState::Running => {
            carry_out(state, &job).await?;
            Ok(true)
        }
        JobState::Undoing if job.undo_next >= job.next => {
            finish(state, id, JobState::Undone).await?;
            Ok(false)
        }
        JobState::Undoing => {
            take_back(state, &job).await?;
            Ok(true)
        }
        _ => Ok(false),
    }
}

async fn finish(state: &AppState, id: &str, as_what: JobState) -> Result<(), StoreError> {
    let now = state.now();
    if let Some(job) = documents::get::<BulkJob>(state.store(), id).await? {
        tell(state, &job, as_what).await?;
    }
    keep(state, id, |job| {
        job.state = as_what;
        job.finished = Some(now);
    })
    .await
}

/// Tells whoever asked for a job that it is over. It comes before that is written down, and tells once.
async fn tell(state: &AppState, job: &BulkJob, as_what: JobState) -> Result<(), StoreError> {
    let asked = if as_what == JobState::Undone { job.undone_by.as_ref() } else { Some(&job.by) };
    let Some(by) = asked.and_then(|by| by.parse::<Source>().ok()) else { return Ok(()) };
    if by.kind() != SourceKind::Agent || people::get(state.store(), by.name()).await?.is_none() {
        return Ok(());
    }
    let notice = Notice {
        id: format!("{}:{}:{as_what:?}", Sort::Finished.as_str(), job.id),
        at: state.now(),
        sort: Sort::Finished,
        about: words::bulk_over(&job.action, job.total.unwrap_or(0) as u64, as_what),
        by: None,
        link: format!("/customers/bulk/{}", job.id),
        read: false,
    };
    notify::tell(state, by.name(), notice).await
}

async fn keep(
    state: &AppState,
    id: &str,
    decide: impl Fn(&mut BulkJob) + Send + Sync,
) -> Result<(), StoreError> {
    documents::change(state.store(), id, state.now(), |known: Option<BulkJob>| match known {
        Some(mut job) => {
            decide(&mut job);
            (Fate::Put(job), ())
        }
        None => (Fate::Keep, ()),
    })
    .await
}

/// Writes down who is meant. Nothing is done before all of it is written, so it may be done again.
pub(super) async fn write_down(state: &AppState, job: &mut BulkJob) -> Result<(), Trouble> {
    let ids = match &job.whom {
        Whom::Profiles(ids) => ids.clone(),
        Whom::Found(question) => {
            state.directory().ids(question.query(None, 0), MOST_PROFILES, state.now()).await?
        }
    };
    let chunks: Vec<&[ProfileId]> = ids.chunks(CHUNK).collect();
    for (place, ids) in chunks.iter().enumerate() {
        let chunk = Chunk { steps: ids.iter().copied().map(Step::of).collect(), ..Chunk::default() };
        documents::put(state.store(), &Chunk::id(&job.id, place), state.now(), &chunk).await?;
    }
    job.total = Some(ids.len());
    job.chunks = chunks.len();
    job.state = JobState::Running;
    Ok(())
}

async fn gather(state: &AppState, job: &BulkJob) -> Result<(), Trouble> {
    let mut known = job.clone();
    write_down(state, &mut known).await?;
    keep(state, &job.id, |job| {
        job.total = known.total;
        job.chunks = known.chunks;
        job.state = JobState::Running;
    })
    .await?;
    Ok(())
}

fn source_of(job: &BulkJob) -> Source {
    job.by.parse().unwrap_or_else(|_| Source::agent("local"))
}

/// Works one chunk: plans it, writes the plan down, does it, writes down what came of it, counts it.
async fn carry_out(state: &AppState, job: &BulkJob) -> Result<(), StoreError> {
    let id = Chunk::id(&job.id, job.next);
    let mut chunk = documents::get::<Chunk>(state.store(), &id).await?.unwrap_or_default();
    let at = match chunk.at {
        Some(at) => at,
        None => plan(state, &job.action, &id, &mut chunk).await?,
    };
    if !chunk.is_done {
        let by = source_of(job);
        // Merges into one profile would only wait for each other.
        let side_by_side = if matches!(job.action, Action::Merge { .. }) { 1 } else { SIDE_BY_SIDE };
        let steps = chunk.steps.iter().map(|step| step::carry_out(state, &job.action, step, &by, at));
        let outcomes: Vec<Outcome> =
            stream::iter(steps.collect::<Vec<_>>()).buffered(side_by_side).try_collect().await?;
        for (step, outcome) in chunk.steps.iter_mut().zip(outcomes) {
            step.outcome = outcome;
        }
        chunk.is_done = true;
        documents::put(state.store(), &id, state.now(), &chunk).await?;
    }
    let place = job.next;
    keep(state, &job.id, |job| {
        // Counted once, also where the count was cut off and is made again.
        if job.next == place {
            count(&mut job.tally, chunk.steps.iter().map(|step| &step.outcome));
            job.next += 1;
        }
    })
    .await
}

fn count<'a>(tally: &mut Tally, outcomes: impl Iterator<Item = &'a Outcome>) {
    outcomes.for_each(|outcome| tally.count(outcome));
}

async fn plan(
    state: &AppState,
    action: &Action,
    id: &str,
    chunk: &mut Chunk,
) -> Result<Timestamp, StoreError> {
    let at = state.now();
    let plans = chunk.steps.drain(..).map(|step| step::plan(state, action, step, at));
    chunk.steps = stream::iter(plans.collect::<Vec<_>>()).buffered(SIDE_BY_SIDE).try_collect().await?;
    chunk.at = Some(at);
    documents::put(state.store(), id, at, &*chunk).await?;
    Ok(at)
}

async fn take_back(state: &AppState, job: &BulkJob) -> Result<(), StoreError> {
    // The last chunk first, as one walks back.
    let place = job.undo_next;
    let id = Chunk::id(&job.id, job.next - 1 - place);
    let mut chunk = documents::get::<Chunk>(state.store(), &id).await?.unwrap_or_default();
    if let (false, Some(at)) = (chunk.is_undone, chunk.at) {
        let (by, now) = (source_of(job), state.now());
        let mut back = Vec::with_capacity(chunk.steps.len());
        for step in chunk.steps.iter().rev() {
            back.push(undo::take_back(state, &job.action, step, &by, at, now).await?);
        }
        for (step, outcome) in chunk.steps.iter_mut().rev().zip(back) {
            step.back = outcome;
        }
        chunk.is_undone = true;
        documents::put(state.store(), &id, state.now(), &chunk).await?;
    }
    keep(state, &job.id, |job| {
        if job.undo_next == place {
            count(&mut job.undone, chunk.steps.iter().map(|step| &step.back));
            job.undo_next += 1;
        }
    })
    .await
}

/// Takes away jobs that were over long ago, with what was kept to take them back.
pub(crate) async fn sweep(state: &AppState) -> Result<usize, StoreError> {
    let now = state.now();
    let is_over = |job: &BulkJob| job.finished.is_some_and(|at| at.days_until(now) >= KEPT_DAYS);
    let jobs = documents::list::<BulkJob>(state.store(), None, MOST_JOBS).await?;
    let mut swept = 0;
    for (id, job) in jobs.iter().filter(|(_, job)| is_over(job)) {
        for place in 0..job.chunks {
            let chunk = Chunk::id(id, place);
            documents::change(state.store(), &chunk, now, |_: Option<Chunk>| (Fate::Remove, ())).await?;
        }
        documents::change(state.store(), id, now, |_: Option<BulkJob>| (Fate::Remove, ())).await?;
        swept += 1;
    }
    Ok(swept)
}
