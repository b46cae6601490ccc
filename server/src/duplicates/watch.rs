//! From the feed to the queue: whose likeness is to be looked at again.

use std::{collections::BTreeSet, time::Duration};

use serde::{Deserialize, Serialize};
use whom_core::{
    feed::{Change, FeedNumber},
    model::{MembershipId, ProfileId, ProfileKind, Stamp, Timestamp},
    rules::Verdict,
    store::{DocumentKind, SharedStore, StoreError},
};

use super::{KIND, Kept, forget, is_gone, keep, likely, live_pair};
use crate::{
    app::AppState,
    documents::{self, Stored},
    problem::Problem,
};

/// How many commits are read at a time.
const PAGE: usize = 256;
/// How many kept pairs are looked at after each batch, to take away those that are over.
const WALK: usize = 100;
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
        let (mut profiles, mut undone) = (BTreeSet::new(), BTreeSet::new());
        for change in commits.iter().flat_map(|commit| &commit.changes) {
            match change {
                Change::ProfileCreated { profile }
                | Change::ContactAdded { profile, .. }
                | Change::PropertiesChanged { profile, .. }
                | Change::ProfileRestored { profile } => _ = profiles.insert(*profile),
                Change::ProfilesMerged { into, .. } => _ = profiles.insert(*into),
                Change::ContactDetached { .. }
                | Change::ContactMoved { .. }
                | Change::ProfilesToldApart { .. } => profiles.extend(change.profiles()),
                Change::MergeUndone { profiles: whose, by } => {
                    profiles.extend(whose);
                    undone.insert(*by);
                }
                _ => {}
            }
            if let Change::ProfilesToldApart { a, b } = change {
                remember(state, *a, *b, None).await?;
            }
        }
        if profiles.is_empty() && undone.is_empty() {
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
        keep(state, Kept { a: view.id, b: one.profile, sure, seen, undone: None }).await?;
    }
    Ok(())
}

/// Keeps a pair about which somebody decided.
async fn remember(
    state: &AppState,
    a: ProfileId,
    b: ProfileId,
    undone: Option<Stamp>,
) -> Result<(), Problem> {
    let mut seen = Timestamp::default();
    for one in [a, b] {
        match state.engine().view(one, state.now()).await {
            Ok(view) if view.id == one => seen = seen.max(view.last_seen),
            // It was merged or erased since: there is no pair any more.
            Ok(_) | Err(whom_core::engine::EngineError::NotFound { .. }) => return Ok(()),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(keep(state, Kept { a, b, sure: false, seen, undone }).await?)
}

async fn remember_undone(state: &AppState, change: MembershipId) -> Result<(), Problem> {
    let record = state.store().membership_changes(&[change]).await?.pop().flatten();
    let Some(record) = record else { return Ok(()) };
    let Some(undone) = &record.undone else { return Ok(()) };
    if record.from == record.into {
        return Ok(());
    }
    remember(state, record.from, record.into, Some(Stamp::new(&undone.by, undone.at))).await
}

/// Looks at some of the kept pairs and takes away those of which one is gone; gives where to go on.
async fn walk(state: &AppState, from: &str) -> Result<String, StoreError> {
    let start = if from.is_empty() { "p/" } else { from };
    let rows = state.store().documents(KIND, Some(start), WALK).await?;
    let was_last = rows.len() < WALK;
    let mut last = String::new();
    for row in rows {
        let Ok(kept) = serde_json::from_slice::<Kept>(&row.bytes) else { continue };
        if live_pair(state, &kept).await?.is_none() {
            forget(state, &kept).await?;
        }
        last = row.id;
    }
    Ok(if was_last { String::new() } else { last })
}

/// Lets the feed be read from its beginning.
pub(super) async fn begin_anew(store: &SharedStore, now: Timestamp) -> Result<(), StoreError> {
    documents::put(store, READER, now, &Position::default()).await
}
