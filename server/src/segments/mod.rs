//! Segments: lists of customers that somebody saved, with their conditions, columns and order.
//!
//! A segment is its owner's alone or shared with the team. The list that somebody sees when they choose
//! none is kept in the same form, without a name.

mod api;
mod builtin;
mod question;

#[cfg(test)]
mod tests;

pub(crate) use api::routes;
pub(crate) use builtin::{BuiltIn, LOOKED_AFTER_BY, built_in};
pub(crate) use question::{GivenFilter, GivenQuestion, Question, read_filter};

use serde::{Deserialize, Serialize};
use whom_core::{
    model::Timestamp,
    store::{DocumentKind, StoreError},
};

use crate::{
    app::AppState,
    auth::{Permission, Principal},
    documents::{self, Fate, Stored},
    problem::Problem,
    secret,
};

/// The most segments of a house.
const MOST_SEGMENTS: usize = 1_000;

/// The longest name, in characters.
const NAME_LEN: usize = 60;

/// The most columns of a list.
pub(crate) const MOST_COLUMNS: usize = 12;

/// How long a removed segment can be brought back.
const KEPT_DAYS: i64 = 30;

/// Before the ids of lists without a name: what somebody sees when they choose no segment.
const OWN: &str = "own-";

/// A saved list.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Segment {
    /// What it is called; empty for the list without a name.
    pub(crate) name: String,
    /// Whose it is.
    pub(crate) owner: String,
    /// Whether the team sees it.
    pub(crate) shared: bool,
    /// What it asks.
    pub(crate) question: Question,
    /// Which columns it shows; empty for the usual ones.
    pub(crate) columns: Vec<String>,
    /// When it was made.
    pub(crate) created: Timestamp,
    /// When it was removed, where it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) removed: Option<Timestamp>,
    /// Counts its changes.
    pub(crate) version: u64,
}

impl Stored for Segment {
    const KIND: DocumentKind = DocumentKind::Segment;
    const FEED: Option<&'static str> = Some("segment");
}

/// What is given to make or change a segment.
#[derive(Clone, Debug, Default)]
pub(crate) struct GivenSegment {
    pub(crate) name: Option<String>,
    pub(crate) shared: Option<bool>,
    pub(crate) question: Option<Question>,
    pub(crate) columns: Option<Vec<String>>,
}

impl Segment {
    fn is_seen_by(&self, by: &Principal) -> bool {
        self.removed.is_none() && !self.name.is_empty() && (self.shared || self.owner == by.scope())
    }

    /// Whether somebody may change it: whose it is, or an admin where the team sees it.
    pub(crate) fn is_changed_by(&self, by: &Principal) -> bool {
        self.owner == by.scope() || (self.shared && by.may(Permission::Administer))
    }
}

/// The segments that somebody sees, by name.
pub(crate) async fn seen_by(state: &AppState, by: &Principal) -> Result<Vec<(String, Segment)>, StoreError> {
    let mut segments = documents::list::<Segment>(state.store(), None, MOST_SEGMENTS).await?;
    segments.retain(|(_, segment)| segment.is_seen_by(by));
    segments.sort_by_cached_key(|(id, segment)| (segment.name.to_lowercase(), id.clone()));
    Ok(segments)
}

/// One segment that somebody sees.
pub(crate) async fn one(state: &AppState, by: &Principal, id: &str) -> Result<Segment, Problem> {
    let found = documents::get::<Segment>(state.store(), id).await?;
    found.filter(|segment| segment.is_seen_by(by)).ok_or_else(unknown)
}

fn unknown() -> Problem {
    Problem::not_found("there is no such segment, or it is somebody else's own")
}

/// What a segment asks, one that is always there or a saved one.
pub(crate) async fn question_of(state: &AppState, by: &Principal, id: &str) -> Result<Question, Problem> {
    match built_in(state, by).into_iter().find(|known| known.id == id) {
        Some(known) => Ok(known.question),
        None => Ok(one(state, by, id).await?.question),
    }
}

/// Makes a segment; gives its id.
pub(crate) async fn make(
    state: &AppState,
    by: &Principal,
    given: GivenSegment,
) -> Result<(String, Segment), Problem> {
    let segment = checked(
        state,
        by,
        Segment { owner: by.scope(), created: state.now(), version: 0, ..Segment::default() },
        given,
    )?;
    if documents::list::<Segment>(state.store(), None, MOST_SEGMENTS).await?.len() >= MOST_SEGMENTS {
        return Err(Problem::conflict(format!("there are {MOST_SEGMENTS} segments already: remove some")));
    }
    let id = format!("s_{}", secret::hex(&secret::random::<8>()));
    documents::put(state.store(), &id, state.now(), &segment).await?;
    Ok((id, segment))
}

/// Changes a segment; with a version only while it is that one still.
pub(crate) async fn change(
    state: &AppState,
    by: &Principal,
    id: &str,
    given: GivenSegment,
    if_version: Option<u64>,
) -> Result<Segment, Problem> {
    let store = state.store();
    let changed = documents::change(store, id, state.now(), |known: Option<Segment>| {
        let decided =
            known.filter(|segment| segment.is_seen_by(by)).ok_or_else(unknown).and_then(|segment| {
                may_change(&segment, by)?;
                if if_version.is_some_and(|version| version != segment.version) {
                    return Err(Problem::changed_since("somebody changed this segment meanwhile"));
                }
                checked(state, by, segment, given.clone())
            });
        match decided {
            Ok(segment) => (Fate::Put(segment.clone()), Ok(segment)),
            Err(problem) => (Fate::Keep, Err(problem)),
        }
    });
    changed.await?
}

/// Removes a segment; it can be brought back for a month.
pub(crate) async fn remove(state: &AppState, by: &Principal, id: &str) -> Result<Segment, Problem> {
    set_removed(state, by, id, Some(state.now())).await
}

/// Brings a removed segment back.
pub(crate) async fn bring_back(state: &AppState, by: &Principal, id: &str) -> Result<Segment, Problem> {
    set_removed(state, by, id, None).await
}

async fn set_removed(
    state: &AppState,
    by: &Principal,
    id: &str,
    removed: Option<Timestamp>,
) -> Result<Segment, Problem> {
    let changed = documents::change(state.store(), id, state.now(), |known: Option<Segment>| {
        let known = known.map(|segment| Segment { removed: None, ..segment });
        match known.filter(|segment| segment.is_seen_by(by)).ok_or_else(unknown) {
            Ok(segment) => match may_change(&segment, by) {
                Ok(()) => {
                    let segment = Segment { removed, version: segment.version + 1, ..segment };
                    (Fate::Put(segment.clone()), Ok(segment))
                }
                Err(problem) => (Fate::Keep, Err(problem)),
            },
            Err(problem) => (Fate::Keep, Err(problem)),
        }
    });
    changed.await?
}

fn may_change(segment: &Segment, by: &Principal) -> Result<(), Problem> {
    if segment.is_changed_by(by) {
        return Ok(());
    }
    Err(Problem::forbidden("this segment is somebody else's: save one of your own, or ask an admin"))
}

fn checked(
    state: &AppState,
    by: &Principal,
    segment: Segment,
    given: GivenSegment,
) -> Result<Segment, Problem> {
    let wrong = |at: &str, why: String| Problem::invalid("the segment cannot be saved so").at(at, why);
    let name = given.name.map_or(segment.name, |name| name.trim().to_owned());
    if name.is_empty() || name.chars().count() > NAME_LEN {
        return Err(wrong("/name", format!("give it a name of at most {NAME_LEN} characters")));
    }
    let shared = given.shared.unwrap_or(segment.shared);
    if shared && shared != segment.shared {
        by.demand(Permission::Write)?;
    }
    let question = given.question.unwrap_or(segment.question);
    question.check(state)?;
    let columns = given.columns.unwrap_or(segment.columns);
    check_columns(state, &columns).map_err(|why| wrong("/columns", why))?;
    Ok(Segment { name, shared, question, columns, version: segment.version + 1, ..segment })
}

/// Whether a list can show these columns.
fn check_columns(state: &AppState, columns: &[String]) -> Result<(), String> {
    if columns.len() > MOST_COLUMNS {
        return Err(format!("a list shows at most {MOST_COLUMNS} columns"));
    }
    let vocabulary = state.directory().vocabulary();
    match columns.iter().find(|key| vocabulary.field(key).is_none()) {
        Some(key) => Err(format!("there is no property `{key}`")),
        None => Ok(()),
    }
}

/// The list that somebody sees when they choose no segment: their columns and order, where they chose some.
pub(crate) async fn own_list(state: &AppState, by: &Principal) -> Result<Segment, StoreError> {
    let id = format!("{OWN}{}", by.scope());
    Ok(documents::get::<Segment>(state.store(), &id).await?.unwrap_or_default())
}

/// Keeps the columns of the list that somebody sees when they choose no segment.
pub(crate) async fn keep_columns(
    state: &AppState,
    by: &Principal,
    columns: Vec<String>,
) -> Result<(), Problem> {
    check_columns(state, &columns)
        .map_err(|why| Problem::invalid("the columns cannot be kept so").at("/columns", why))?;
    let (id, owner, created) = (format!("{OWN}{}", by.scope()), by.scope(), state.now());
    documents::change(state.store(), &id, state.now(), |known: Option<Segment>| {
        let known = known.unwrap_or_else(|| Segment { owner: owner.clone(), created, ..Segment::default() });
        (Fate::Put(Segment { columns: columns.clone(), version: known.version + 1, ..known }), ())
    })
    .await?;
    Ok(())
}

/// Takes away for good what was removed a month ago.
pub(crate) async fn sweep(state: &AppState) -> Result<usize, StoreError> {
    let now = state.now();
    documents::sweep::<Segment>(state.store(), now, |segment| {
        segment.removed.is_some_and(|removed| removed.days_until(now) >= KEPT_DAYS)
    })
    .await
}
