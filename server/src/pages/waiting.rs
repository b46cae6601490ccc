//! How much waits in the parts of the product: the counts of the rail, and the rail alone for whoever has it open.
//!
//! A page is made with them each time, so each is a short range of keys, counted to a bound and no further.

use axum::extract::State;
use jiff::tz::TimeZone;
use serde::Deserialize;
use whom_core::{
    engine::EngineError,
    model::{Shelf, Whose},
};

use super::{
    answer::Html,
    frame::{Counts, Frame, Part},
    rail,
};
use crate::{app::AppState, duplicates, http::ApiQuery, notify, problem::Problem};

/// How far is counted.
pub(super) const MOST: usize = 100;

/// What waits for somebody.
pub(super) async fn counts(state: &AppState, login: &str, zone: &TimeZone) -> Result<Counts, EngineError> {
    let store = state.store();
    let mine = Whose::Agent(login.to_owned());
    Ok(Counts {
        mine: store.inbox_count(Shelf::Open, &mine, MOST).await? as u64,
        unassigned: store.inbox_count(Shelf::Open, &Whose::Nobody, MOST).await? as u64,
        tasks: state.engine().count_tasks_due(login, state.now(), zone, MOST).await? as u64,
        duplicates: duplicates::open_count(state).await? as u64,
        unread: notify::notices_of(state, login).await?.unread() as u64,
    })
}

/// On which part of the product the rail stands.
#[derive(Deserialize)]
pub(super) struct RailQuery {
    #[serde(default)]
    part: String,
}

/// `GET /rail`: the rail alone, for a page that is open.
pub(super) async fn page(
    State(state): State<AppState>,
    mut frame: Frame,
    ApiQuery(query): ApiQuery<RailQuery>,
) -> Result<Html, Problem> {
    // It asks because something changed.
    frame.counts.duplicates = duplicates::count_open(&state).await? as u64;
    Ok(Html::ok(rail::places_list(&frame, Part::from_word(&query.part))))
}
