//! What is kept of a pair, and where it stands: with those that are open, or with those that are decided.

use serde::{Deserialize, Serialize};
use whom_core::{
    model::{ContactId, ProfileId, Stamp, Timestamp},
    store::{ChangeSet, Document, StoreError, Subject, Write},
};

use super::KIND;
use crate::{app::AppState, documents};

/// What is kept of a pair.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Kept {
    pub(super) a: ProfileId,
    pub(super) b: ProfileId,
    /// Whether the rules were sure, and when either of them was last seen: the place in the queue.
    pub(super) sure: bool,
    pub(super) seen: Timestamp,
    /// When somebody said that they are two; none while somebody has to look.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) decided: Option<Timestamp>,
    /// Who undid a merge of the two, and when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) undone: Option<Stamp>,
    /// The contacts that one statement named together although it did not join them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) named: Vec<ContactId>,
}

impl Kept {
    /// A pair of which nothing is known but who they are.
    pub(super) fn of(a: ProfileId, b: ProfileId) -> Self {
        let seen = Timestamp::default();
        Self { a, b, sure: false, seen, decided: None, undone: None, named: Vec::new() }
    }
}

impl documents::Stored for Kept {
    const KIND: whom_core::store::DocumentKind = KIND;
}

/// What stands together in one order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shelf {
    /// Pairs that somebody has to look at.
    Open,
    /// Pairs that somebody said are two.
    Decided,
    /// Merges.
    Merged,
}

impl Shelf {
    fn prefix(self) -> &'static str {
        match self {
            Self::Open => "o/",
            Self::Decided => "d/",
            Self::Merged => "m/",
        }
    }

    /// The id of what stands at a place of this shelf.
    pub(super) fn place(self, place: &str) -> String {
        format!("{}{place}", self.prefix())
    }

    /// The place of what has this id; nothing where it stands on another shelf.
    pub(super) fn of(self, id: &str) -> Option<&str> {
        id.strip_prefix(self.prefix())
    }
}

/// A moment as text in the order of which the latest comes first.
pub(super) fn latest_first(at: Timestamp) -> String {
    format!("{:016x}", !(at.as_millis() as u64 ^ 1 << 63))
}

/// The places of a pair: its document, and where it stands in the queue.
fn ids(kept: &Kept) -> (String, String) {
    let id = format!("{}.{}", kept.a, kept.b);
    let rank = if kept.sure { 0 } else { 1 };
    let place = match kept.decided {
        Some(at) => Shelf::Decided.place(&format!("{}/{id}", latest_first(at))),
        None => Shelf::Open.place(&format!("{rank}{}/{id}", latest_first(kept.seen))),
    };
    (format!("p/{id}"), place)
}

/// What is kept of two profiles.
pub(super) async fn kept_of(
    state: &AppState,
    a: ProfileId,
    b: ProfileId,
) -> Result<Option<Kept>, StoreError> {
    documents::get(state.store(), &ids(&Kept::of(a.min(b), a.max(b))).0).await
}

/// Keeps a pair in its place. What was known of an undone merge stays known.
pub(super) async fn keep(state: &AppState, mut kept: Kept) -> Result<(), StoreError> {
    if kept.b < kept.a {
        std::mem::swap(&mut kept.a, &mut kept.b);
    }
    let store = state.store();
    for _ in 0..20 {
        let (id, _) = ids(&kept);
        let row = store.document(KIND, &id).await?;
        let version = row.as_ref().map_or(0, |row| row.version);
        let before: Option<Kept> = row.as_ref().and_then(|row| serde_json::from_slice(&row.bytes).ok());
        let mut kept = kept.clone();
        kept.undone = kept.undone.or_else(|| before.as_ref().and_then(|before| before.undone.clone()));
        for contact in before.iter().flat_map(|before| &before.named) {
            if !kept.named.contains(contact) {
                kept.named.push(*contact);
            }
        }
        if let (Some(at), Some(before)) = (kept.decided, before.as_ref().and_then(|before| before.decided)) {
            // Said once more: it stays where it stands.
            kept.decided = Some(at.min(before));
        }
        if before.as_ref() == Some(&kept) {
            return Ok(());
        }
        let mut set = ChangeSet::at(state.now());
        set.expect(Subject::Document(KIND, id.clone()), version);
        if let Some(before) = &before {
            set.writes.push(Write::RemoveDocument(KIND, ids(before).1));
        }
        let bytes = serde_json::to_vec(&kept).unwrap_or_default();
        let place = ids(&kept).1;
        set.writes.push(Write::Document(Document { kind: KIND, id, bytes, version: version + 1 }));
        set.writes.push(Write::Document(Document {
            kind: KIND,
            id: place,
            bytes: b"{}".to_vec(),
            version: 1,
        }));
        set.changes.push(super::told(kept.a, format!("{}.{}", kept.a, kept.b)));
        match store.commit(set).await {
            Err(StoreError::Conflict { .. }) => {}
            other => return other.map(drop),
        }
    }
    Ok(())
}

/// Takes a pair out of the queue.
pub(super) async fn forget(state: &AppState, kept: &Kept) -> Result<(), StoreError> {
    let (id, place) = ids(kept);
    let mut set = ChangeSet::at(state.now());
    set.writes = vec![Write::RemoveDocument(KIND, id), Write::RemoveDocument(KIND, place)];
    state.store().commit(set).await.map(drop)
}

/// The two profiles of a kept pair, the one known longer first, while both are there and are two.
pub(super) async fn live_pair(state: &AppState, kept: &Kept) -> Result<Option<[ProfileId; 2]>, StoreError> {
    let rows = state.store().profiles(&[kept.a, kept.b]).await?;
    let mut live: Vec<_> = rows.into_iter().flatten().filter(|row| row.is_live()).collect();
    live.retain(|row| !row.contacts.is_empty());
    live.sort_by_key(|row| (row.created, row.id));
    Ok(match live.as_slice() {
        [a, b] => Some([a.id, b.id]),
        _ => None,
    })
}
