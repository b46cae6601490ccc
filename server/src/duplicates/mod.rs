//! The queue of profiles that may be one person: found as changes arrive, best first.
//!
//! What is kept of a pair is derived: who they are and what the rules said when it was found. Whoever looks
//! is shown what the rules say now, so a merged, told-apart or changed pair is gone at once; the walk after
//! each batch takes away what is left of it. `whom rebuild` empties the queue, and it is found anew.

mod kept;
mod likely;
mod merged;

mod watch;

#[cfg(test)]
mod tests;

pub(crate) use likely::likely;
pub(crate) use merged::{Merged, merged};
pub(crate) use watch::run;

use std::sync::{Mutex, PoisonError};

use kept::{Kept, Shelf, live_pair};

use serde::{Deserialize, Serialize};
use whom_core::{
    feed::Change,
    model::{NotSame, Profile, ProfileId, Stamp, Timestamp},
    rules::Verdict,
    store::{ChangeSet, DocumentKind, SharedStore, StoreError, Write},
};

use crate::{app::AppState, documents, face::Face, problem::Problem};

/// How many kept pairs are looked at for one page; the cursor goes on from there.
const LOOKED_AT: usize = 300;

/// How many addresses and numbers of a side are shown.
const MOST_REACHED: usize = 4;
/// The properties of a side that are shown.
const FACTS: [&str; 4] = ["company", "location", "address", "birthday"];

const KIND: DocumentKind = DocumentKind::Candidate;

/// Where a pair stands in the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Which {
    /// Somebody has to look.
    Open,
    /// Somebody said that they are two, or undid a merge of them.
    Decided,
    /// Somebody merged them.
    Merged,
}

/// One side of a pair.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Side {
    /// The profile.
    #[serde(flatten)]
    pub(crate) face: Face,
    /// How to reach them, and where they work.
    pub(crate) facts: Vec<String>,
    /// How many messages there are.
    pub(crate) messages: u64,
    /// When they were last seen.
    pub(crate) last_seen: Timestamp,
}

/// Two profiles that may be one person.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Pair {
    /// One of them: the one that is known longer.
    pub(crate) a: Side,
    /// The other.
    pub(crate) b: Side,
    /// What the rules say now; none where somebody decided already.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) verdict: Option<Verdict>,
    /// Whether somebody said that they are not the same.
    pub(crate) told_apart: bool,
    /// Who said so, and when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) told_apart_by: Option<Stamp>,
    /// Who undid a merge of the two, and when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) undone: Option<Stamp>,
}

/// A part of the queue.
pub(crate) struct Page {
    /// The pairs.
    pub(crate) pairs: Vec<Pair>,
    /// Where it goes on.
    pub(crate) next: Option<String>,
}

/// The queue, the likeliest first, of those seen last; of what was decided, the latest first.
pub(crate) async fn list(
    state: &AppState,
    which: Which,
    after: Option<&str>,
    limit: usize,
) -> Result<Page, Problem> {
    let shelf = match which {
        Which::Open => Shelf::Open,
        Which::Decided => Shelf::Decided,
        Which::Merged => return Ok(Page { pairs: Vec::new(), next: None }),
    };
    let start = shelf.place(after.unwrap_or_default());
    let rows = state.store().documents(KIND, Some(&start), LOOKED_AT).await?;
    let all = rows.len();
    let mut page = Page { pairs: Vec::new(), next: None };
    let mut last = None;
    for row in rows {
        let Some(place) = shelf.of(&row.id) else { return Ok(page) };
        if page.pairs.len() == limit {
            page.next = last;
            return Ok(page);
        }
        last = Some(place.to_owned());
        let Some(id) = place.rsplit('/').next() else { continue };
        let Some(kept) = documents::get::<Kept>(state.store(), &format!("p/{id}")).await? else { continue };
        page.pairs.extend(pair(state, &kept, which).await?);
    }
    page.next = last.filter(|_| all == LOOKED_AT);
    Ok(page)
}

/// How many pairs wait for somebody, as it was counted last: every page shows it.
#[derive(Debug, Default)]
pub(crate) struct OpenCount(Mutex<Option<(Timestamp, usize)>>);

/// How long a count stands where nobody was told of a change, in milliseconds.
const COUNT_STANDS: i64 = 5_000;

/// How many pairs wait for somebody, a moment ago.
pub(crate) async fn open_count(state: &AppState) -> Result<usize, StoreError> {
    let known = *state.open_duplicates().0.lock().unwrap_or_else(PoisonError::into_inner);
    match known {
        Some((at, count)) if (state.now().as_millis() - at.as_millis()).abs() < COUNT_STANDS => Ok(count),
        _ => count_open(state).await,
    }
}

/// How many kept pairs of two live profiles wait for somebody, among those that come first in the queue.
///
/// The rules are not asked: a pair they no longer hold for is taken out by the walk.
pub(crate) async fn count_open(state: &AppState) -> Result<usize, StoreError> {
    let (store, now) = (state.store(), state.now());
    let rows = store.documents(KIND, Some("o/"), LOOKED_AT).await?;
    let pairs: Vec<[ProfileId; 2]> = rows
        .iter()
        .map_while(|row| row.id.strip_prefix("o/"))
        .filter_map(|place| {
            let (a, b) = place.rsplit('/').next()?.split_once('.')?;
            Some([a.parse().ok()?, b.parse().ok()?])
        })
        .collect();
    let profiles = store.profiles(pairs.as_flattened()).await?;
    let waits = |rows: &&[Option<Profile>]| {
        rows.iter().flatten().filter(|row| row.is_live() && !row.contacts.is_empty()).count() == 2
            && word_between(rows).is_none()
    };
    let count = profiles.chunks(2).filter(waits).count();
    *state.open_duplicates().0.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, count));
    Ok(count)
}

/// A kept pair as it stands now; nothing where it does not belong to this part of the queue any more.
async fn pair(state: &AppState, kept: &Kept, which: Which) -> Result<Option<Pair>, Problem> {
    let Some([a, b]) = live_pair(state, kept).await? else { return Ok(None) };
    let word = word_on(state, a, b).await?;
    let told_apart = word.is_some();
    let verdict = match which {
        Which::Open if told_apart => return Ok(None),
        Which::Decided | Which::Merged if !told_apart => return Ok(None),
        Which::Decided | Which::Merged => None,
        Which::Open => {
            let Some(verdict) = state.engine().same_by(a, b, &kept.named, state.now()).await? else {
                return Ok(None);
            };
            Some(verdict)
        }
    };
    let undone = kept.undone.clone();
    let told_apart_by = word.and_then(|word| word.said);
    let (a, b) = (side(state, a).await?, side(state, b).await?);
    Ok(Some(Pair { a, b, verdict, told_apart, told_apart_by, undone }))
}

/// What was said where somebody said that the two are not one person.
pub(crate) async fn word_on(
    state: &AppState,
    a: ProfileId,
    b: ProfileId,
) -> Result<Option<NotSame>, StoreError> {
    Ok(word_between(&state.store().profiles(&[a, b]).await?).cloned())
}

fn word_between(rows: &[Option<Profile>]) -> Option<&NotSame> {
    let [Some(one), Some(other)] = rows else { return None };
    one.told_apart_from(other)
}

/// What the rules say of two, with what was said about both at once; nothing where nothing of that sort is kept.
pub(crate) async fn said_of_both(
    state: &AppState,
    a: ProfileId,
    b: ProfileId,
) -> Result<Option<Verdict>, Problem> {
    match kept::kept_of(state, a, b).await? {
        Some(kept) if !kept.named.is_empty() => {
            Ok(state.engine().same_by(a, b, &kept.named, state.now()).await?)
        }
        _ => Ok(None),
    }
}

async fn side(state: &AppState, id: ProfileId) -> Result<Side, Problem> {
    let view = state.engine().view(id, state.now()).await?;
    // What tells two people apart at a glance: how to reach them, where they work and live, when they were born.
    let reached = view.contacts.iter().filter(|contact| contact.reaches);
    let mut facts: Vec<String> = reached.map(|contact| contact.raw.clone()).take(MOST_REACHED).collect();
    facts.extend(FACTS.iter().filter_map(|key| view.value(key)).map(|value| {
        // A day is kept as its first moment.
        let text = value.to_string();
        text.strip_suffix("T00:00:00Z").map_or(text.clone(), str::to_owned)
    }));
    if facts.is_empty() {
        let known_by = view.contacts.iter().filter(|contact| contact.kind.is_some());
        facts.extend(known_by.map(|contact| contact.raw.clone()).take(1));
    }
    Ok(Side { face: Face::from(&view), facts, messages: view.messages, last_seen: view.last_seen })
}

/// Keeps a pair, as the walk over the feed does.
#[cfg(test)]
pub(crate) async fn keep_for_tests(state: &AppState, a: ProfileId, b: ProfileId) {
    kept::keep(state, Kept { seen: state.now(), ..Kept::of(a, b) }).await.unwrap();
}

/// Empties the queue, so that it is found anew when a server runs: what is kept of it is derived.
pub async fn forget_duplicates(store: &SharedStore, now: Timestamp) -> Result<(), StoreError> {
    loop {
        let rows = store.documents(KIND, None, 500).await?;
        let mut set = ChangeSet::at(now);
        set.writes.extend(rows.into_iter().map(|row| Write::RemoveDocument(KIND, row.id)));
        if set.is_empty() {
            break;
        }
        store.commit(set).await?;
    }
    watch::begin_anew(store, now).await
}

/// What the feed says of a change of the queue.
fn told(profile: ProfileId, id: String) -> Change {
    Change::RecordChanged { profile, kind: "duplicate".into(), id }
}

/// Whether an error only says that somebody is not there any more.
fn is_gone(error: &Problem) -> bool {
    error.status == axum::http::StatusCode::NOT_FOUND
}
