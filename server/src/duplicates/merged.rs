//! What was merged by hand, the latest first, so that it can be undone where one works through the queue.

use serde::Serialize;
use whom_core::{
    engine::EngineError,
    model::{MembershipChange, MembershipDeed, MembershipId, Source, Timestamp},
    store::{ChangeSet, Document, StoreError, Write},
};

use super::{
    KIND,
    kept::{Shelf, latest_first},
};
use crate::{app::AppState, face::Face, problem::Problem};

/// A merge that stands.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Merged {
    /// By which it is undone.
    pub(crate) id: MembershipId,
    /// The profile that stayed, as it is now.
    #[serde(flatten)]
    pub(crate) face: Face,
    /// What the profile that went in is recognised by.
    pub(crate) took_in: Vec<String>,
    /// When.
    pub(crate) at: Timestamp,
    /// Who.
    pub(crate) by: Source,
    /// Why, in words.
    pub(crate) why: Vec<String>,
}

/// A part of the list.
pub(crate) struct MergedPage {
    /// The merges.
    pub(crate) merges: Vec<Merged>,
    /// Where it goes on.
    pub(crate) next: Option<String>,
}

/// What was merged by hand, the latest first.
pub(crate) async fn merged(
    state: &AppState,
    after: Option<&str>,
    limit: usize,
) -> Result<MergedPage, Problem> {
    let start = Shelf::Merged.place(after.unwrap_or_default());
    let rows = state.store().documents(KIND, Some(&start), limit).await?;
    let places: Vec<&str> = rows.iter().map_while(|row| Shelf::Merged.of(&row.id)).collect();
    let ids: Vec<MembershipId> =
        places.iter().filter_map(|place| place.rsplit('/').next()?.parse().ok()).collect();
    let mut merges = Vec::new();
    for change in state.store().membership_changes(&ids).await?.into_iter().flatten() {
        merges.extend(told(state, change).await?);
    }
    let next = places.last().filter(|_| places.len() == limit).map(|place| (*place).to_owned());
    Ok(MergedPage { merges, next })
}

async fn told(state: &AppState, change: MembershipChange) -> Result<Option<Merged>, Problem> {
    if change.undone.is_some() {
        return Ok(None);
    }
    let view = match state.engine().view(change.into, state.now()).await {
        Ok(view) => view,
        // It was erased since.
        Err(EngineError::NotFound { .. }) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let of_theirs = |contact: &&whom_core::view::ContactView| {
        contact.kind.is_some() && change.moved.contains(&contact.id)
    };
    let took_in = view.contacts.iter().filter(of_theirs).map(|contact| contact.raw.clone()).collect();
    let (id, at, by, why) = (change.id, change.at, change.by, change.why);
    Ok(Some(Merged { id, face: Face::from(&view), took_in, at, by, why }))
}

/// Puts a merge on the list, or takes it off, as it stands now.
pub(super) async fn keep_merge(state: &AppState, id: MembershipId) -> Result<(), StoreError> {
    let Some(change) = state.store().membership_changes(&[id]).await?.pop().flatten() else { return Ok(()) };
    if !matches!(change.deed, MembershipDeed::Merge { .. }) {
        return Ok(());
    }
    let place = Shelf::Merged.place(&format!("{}/{id}", latest_first(change.at)));
    let mut set = ChangeSet::at(state.now());
    set.writes.push(match change.undone {
        Some(_) => Write::RemoveDocument(KIND, place),
        None => Write::Document(Document { kind: KIND, id: place, bytes: b"{}".to_vec(), version: 1 }),
    });
    set.changes.push(super::told(change.into, id.to_string()));
    state.store().commit(set).await.map(drop)
}
