//! Who looks at the same thing: kept in memory, renewed by heart-beats, forgotten when they stop.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use axum::{Json, extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use whom_core::model::Timestamp;

use super::{Signal, Topic};
use crate::{
    app::AppState,
    auth::Principal,
    http::{ApiJson, ApiQuery},
    problem::Problem,
};

/// How long somebody counts as present after their last heart-beat, in milliseconds.
const LASTS: i64 = 45_000;
/// The most windows that are remembered for one thing.
const MOST_AT_ONE: usize = 50;
/// The most things that are remembered.
const MOST_TOPICS: usize = 20_000;
/// The longest name of a window.
const LONGEST_TAB: usize = 40;

/// Somebody who looks at something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Present {
    /// Their login name.
    pub(crate) login: String,
    /// What to call them.
    pub(crate) name: String,
    /// Whether they write.
    pub(crate) writes: bool,
}

#[derive(Debug)]
struct Here {
    name: String,
    writes: bool,
    until: i64,
}

/// By login name and window, so that closing one of two windows is not leaving.
type AtOne = BTreeMap<(String, String), Here>;

/// Who looks at what.
#[derive(Debug, Default)]
pub(crate) struct Presence(Mutex<BTreeMap<Topic, AtOne>>);

impl Presence {
    fn all(&self) -> std::sync::MutexGuard<'_, BTreeMap<Topic, AtOne>> {
        // Nothing is left half done by whoever failed while holding it.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Somebody is here, or no longer; gives whether that is news to others.
    fn note(&self, login: &str, name: &str, beat: &Beat, topic: &Topic, now: Timestamp) -> bool {
        let now = now.as_millis();
        let mut all = self.all();
        for here in all.values_mut() {
            here.retain(|_, one| one.until > now);
        }
        all.retain(|_, here| !here.is_empty());
        let window = (login.to_owned(), beat.tab.clone());
        if beat.gone {
            return all.get_mut(topic).is_some_and(|here| here.remove(&window).is_some());
        }
        if all.len() >= MOST_TOPICS && !all.contains_key(topic) {
            return false;
        }
        let here = all.entry(topic.clone()).or_default();
        if here.len() >= MOST_AT_ONE && !here.contains_key(&window) {
            return false;
        }
        let fresh = Here { name: name.to_owned(), writes: beat.writes, until: now + LASTS };
        let before = here.insert(window, fresh);
        before.is_none_or(|before| before.writes != beat.writes)
    }

    /// Who else looks at something.
    pub(super) fn others(&self, topic: &Topic, login: Option<&str>, now: Timestamp) -> Vec<Present> {
        let mut others: BTreeMap<String, Present> = BTreeMap::new();
        let all = self.all();
        let here = all.get(topic).into_iter().flatten();
        for ((own, _), one) in here.filter(|(_, one)| one.until > now.as_millis()) {
            if login == Some(own.as_str()) {
                continue;
            }
            let present = others.entry(own.clone()).or_insert_with(|| Present {
                login: own.clone(),
                name: one.name.clone(),
                writes: false,
            });
            present.writes |= one.writes;
        }
        others.into_values().collect()
    }
}

/// A heart-beat of a window that shows something.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Beat {
    topic: String,
    /// Tells windows of one person apart.
    tab: String,
    #[serde(default)]
    writes: bool,
    #[serde(default)]
    gone: bool,
}

/// `POST /v1/presence`: somebody looks at something, writes there, or has left.
pub(crate) async fn beat(
    State(state): State<AppState>,
    by: Principal,
    ApiJson(beat): ApiJson<Beat>,
) -> Result<StatusCode, Problem> {
    let topic = one_thing(&beat.topic)?;
    if beat.tab.is_empty() || beat.tab.len() > LONGEST_TAB {
        return Err(Problem::invalid("a window has a name of at most 40 letters").at("/tab", "its length"));
    }
    // A program looks at nothing.
    if let Principal::Person { login, name, .. } = &by
        && state.hub().presence().note(login, name, &beat, &topic, state.now())
    {
        state.hub().give(Signal::Presence);
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Which thing is asked about.
#[derive(Debug, Deserialize)]
pub(crate) struct PresenceQuery {
    topic: String,
}

/// `GET /v1/presence?topic=`: who else looks at something.
pub(crate) async fn present(
    State(state): State<AppState>,
    by: Principal,
    ApiQuery(query): ApiQuery<PresenceQuery>,
) -> Result<Json<Vec<Present>>, Problem> {
    let topic = one_thing(&query.topic)?;
    Ok(Json(state.hub().presence().others(&topic, by.login(), state.now())))
}

fn one_thing(text: &str) -> Result<Topic, Problem> {
    let topic = text.parse::<Topic>().ok().filter(Topic::is_one_thing);
    topic.ok_or_else(|| {
        Problem::invalid("people look at one thing, such as `profile:p_…`")
            .at("/topic", "it is no such topic")
    })
}
