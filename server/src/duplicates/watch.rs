//! From the feed to the queue: whose likeness is to be looked at again.

use std::{collections::BTreeSet, time::Duration};

use serde::{Deserialize, Serialize};
use whom_core::{
    engine::EngineError,
    feed::{Change, FeedNumber},
    model::{ContactId, MembershipId, ProfileId, ProfileKind, Stamp, Timestamp},
    rules::Verdict,
    store::{DocumentKind, SharedStore, StoreError},
};

use super::{
    KIND, Kept, is_gone,
    kept::{forget, keep},
    likely, live_pair,
    merged::keep_merge,
    word_on,
};
use crate::{
    app::AppState,
    documents::{self, Stored},
    problem::Problem,
};

/// How many commits are read at a time.
const PAGE: usize = 256;
/// How many kept pairs are looked at after each batch, to take away those that are over.
const WALK: usize = 100;
/// About how many of them the rules are asked again.
const ASKED_AGAIN: usize = 20;
/// A breath between two profiles, so that requests come first.
const BREATH: Duration = Duration::from_millis(2);
/// The document that says how far the feed was read.
const READER: &str = "duplicates";

/// How far the feed was read, and where the walk over the kept pairs goes on.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Position {
    after: FeedNumber,
    #[serde(default)]
    walked: String,
}

impl Stored for Position {
    const KIND: DocumentKind = DocumentKind::Reader;
}

/// Reads the feed until the server stops, and keeps the queue.
pub(crate) async fn run(state: AppState) {
    let mut head = state.store().feed_head();
    loop {
        head.borrow_and_update();
        if let Err(problem) = read_feed(&state).await {
            tracing::warn!(why = %problem.detail, "duplicates could not be looked for; it is tried again");
            tokio::time::sleep(Duration::from_secs(5)).await;
        }
        tokio::select! {
            () = state.stopping().cancelled() => return,
            changed = head.changed() => if changed.is_err() { return },
        }
        // Under load many commits come in one breath; looking at them together costs one look.
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
}

/// Reads what the feed has since it was last read.
pub(super) async fn read_feed(state: &AppState) -> Result<(), Problem> {
    let store = state.store();
    let mut position: Position = documents::get(store, READER).await?.unwrap_or_default();
    loop {
        let commits = store.feed(position.after, PAGE).await?;
        let Some(last) = commits.last() else { return Ok(()) };
        position.after = last.number;
        let (mut profiles, mut reviews) = (BTreeSet::new(), BTreeSet::new());
        let (mut merges, mut undone) = (BTreeSet::new(), BTreeSet::new());
        let changes: Vec<(Timestamp, &Change)> =
            commits.iter().flat_map(|commit| std::iter::repeat(commit.at).zip(&commit.changes)).collect();
        for (at, change) in changes {
            match change {
                Change::ProfileCreated { profile }
                | Change::ContactAdded { profile, .. }
                | Change::PropertiesChanged { profile, .. }
                | Change::ProfileRestored { profile } => _ = profiles.insert(*profile),
                Change::ProfilesMerged { into, by, .. } => {
                    profiles.insert(*into);
                    merges.insert(*by);
                }
                Change::ContactDetached { .. }
                | Change::ContactMoved { .. }
                | Change::ProfilesToldApart { .. } => profiles.extend(change.profiles()),
                Change::MergeUndone { profiles: whose, by } => {
                    profiles.extend(whose);
                    merges.insert(*by);
                    undone.insert(*by);
                }
                _ => {}
            }
            if let Change::ReviewRaised { review, .. } = change {
                reviews.insert(review.clone());
            }
            if let Change::ProfilesToldApart { a, b } = change {
                remember(state, *a, *b, None, at).await?;
            }
        }
        if profiles.is_empty() && reviews.is_empty() && merges.is_empty() {
            // Writing how far it was read is a commit itself: only what was worth reading moves it.
            continue;
        }
        for profile in profiles {
            if state.stopping().is_cancelled() {
                return Ok(());
            }
            match look_at(state, profile).await {
                Err(problem) if !is_gone(&problem) => return Err(problem),
                _ => tokio::time::sleep(BREATH).await,
            }
        }
        for review in reviews {
            look_at_review(state, &review).await?;
        }
        for change in merges {
            keep_merge(state, change).await?;
        }
        for change in undone {
            remember_undone(state, change).await?;
        }
        position.walked = walk(state, &position.walked).await?;
        documents::put(store, READER, state.now(), &position).await?;
    }
}

/// Looks for whoever may be the same as a profile, and keeps the pairs.
async fn look_at(state: &AppState, profile: ProfileId) -> Result<(), Problem> {
    let view = state.engine().view(profile, state.now()).await?;
    // A visitor of whom nothing is known looks like every other.
    if view.kind == ProfileKind::Visitor && view.fields.is_empty() {
        return Ok(());
    }
    for one in likely(state, view.id).await? {
        let other = state.engine().view(one.profile, state.now()).await?;
        let seen = view.last_seen.max(other.last_seen);
        let sure = matches!(one.verdict, Verdict::Yes { .. });
        keep(state, Kept { sure, seen, ..Kept::of(view.id, one.profile) }).await?;
    }
    Ok(())
}

/// What is read of a review: the contacts that one statement named although it did not join them.
#[derive(Serialize, Deserialize)]
struct Named {
    contacts: Vec<ContactId>,
}

impl Stored for Named {
    const KIND: DocumentKind = DocumentKind::Review;
}

/// Keeps the pair that one statement named, where the rules find them alike.
async fn look_at_review(state: &AppState, review: &str) -> Result<(), Problem> {
    let Some(Named { contacts: named }) = documents::get(state.store(), review).await? else { return Ok(()) };
    let contacts = state.store().contacts(&named).await?;
    let profiles: BTreeSet<ProfileId> =
        contacts.into_iter().flatten().map(|contact| contact.profile).collect();
    let profiles: Vec<ProfileId> = profiles.into_iter().collect();
    let [a, b] = profiles[..] else { return Ok(()) };
    let now = state.now();
    let verdict = match state.engine().same_by(a, b, &named, now).await {
        Ok(Some(verdict)) => verdict,
        // One of them has gone since, or the rules say no.
        Ok(None) | Err(EngineError::NotFound { .. }) => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    let (one, other) = (state.engine().view(a, now).await?, state.engine().view(b, now).await?);
    let (sure, seen) = (matches!(verdict, Verdict::Yes { .. }), one.last_seen.max(other.last_seen));
    Ok(keep(state, Kept { sure, seen, named, ..Kept::of(a, b) }).await?)
}

/// Keeps a pair about which somebody decided.
async fn remember(
    state: &AppState,
    a: ProfileId,
    b: ProfileId,
    undone: Option<Stamp>,
    at: Timestamp,
) -> Result<(), Problem> {
    let mut seen = Timestamp::default();
    for one in [a, b] {
        match state.engine().view(one, state.now()).await {
            Ok(view) if view.id == one => seen = seen.max(view.last_seen),
            // It was merged or erased since: there is no pair any more.
            Ok(_) | Err(EngineError::NotFound { .. }) => return Ok(()),
            Err(error) => return Err(error.into()),
        }
    }
    let decided = word_on(state, a, b).await?.map(|_| at);
    Ok(keep(state, Kept { seen, decided, undone, ..Kept::of(a, b) }).await?)
}

async fn remember_undone(state: &AppState, change: MembershipId) -> Result<(), Problem> {
    let record = state.store().membership_changes(&[change]).await?.pop().flatten();
    let Some(record) = record else { return Ok(()) };
    let Some(undone) = &record.undone else { return Ok(()) };
    if record.from == record.into {
        return Ok(());
    }
    remember(state, record.from, record.into, Some(Stamp::new(&undone.by, undone.at)), undone.at).await
}

/// Looks at some of the kept pairs and takes away those that are over: one is gone, or the rules say no by now.
async fn walk(state: &AppState, from: &str) -> Result<String, Problem> {
    let start = if from.is_empty() { "p/" } else { from };
    let rows = state.store().documents(KIND, Some(start), WALK).await?;
    let was_last = rows.len() < WALK;
    let (mut last, mut asked) = (String::new(), 0);
    for row in rows {
        last = row.id;
        let Ok(kept) = serde_json::from_slice::<Kept>(&row.bytes) else { continue };
        let is_over = match live_pair(state, &kept).await? {
            None => true,
            Some([a, b]) if kept.decided.is_none() && asked < ASKED_AGAIN => {
                asked += 1;
                state.engine().same_by(a, b, &kept.named, state.now()).await?.is_none()
            }
            Some(_) => false,
        };
        if is_over {
            forget(state, &kept).await?;
        }
    }
    Ok(if was_last { String::new() } else { last })
}

/// Lets the feed be read from its beginning.
pub(super) async fn begin_anew(store: &SharedStore, now: Timestamp) -> Result<(), StoreError> {
    documents::put(store, READER, now, &Position::default()).await
}
