//! Bulk actions over HTTP.

use axum::{
    Json,
    extract::State,
    http::{Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use whom_core::model::{ProfileId, Timestamp};

use super::{
    Action, BulkJob, GivenAction, JobState, Whom, begin, cancel, export, job::Tally, latest, one, take_back,
};
use crate::{
    app::AppState,
    auth::{
        Permission::{Read, Write},
        Principal,
    },
    http::{ApiJson, ApiPath},
    problem::Problem,
    routes::Route,
    segments::{self, GivenQuestion},
};

/// How many of the latest jobs are listed.
const LISTED: usize = 100;

/// The routes of bulk actions.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::api(Method::POST, "/v1/bulk", Write, create).repeatable().noted("bulk_begun"),
        Route::api(Method::GET, "/v1/bulk", Write, list),
        Route::api(Method::GET, "/v1/bulk/{id}", Write, show),
        Route::api(Method::POST, "/v1/bulk/{id}/cancel", Write, stop),
        Route::api(Method::POST, "/v1/bulk/{id}/undo", Write, undo).noted("bulk_undone"),
        Route::api(Method::GET, "/v1/export/profiles", Read, export::get).noted("exported"),
        Route::api(Method::POST, "/v1/export/profiles", Read, export::post).noted("exported"),
    ]
}

/// What is to be done, and for whom: profiles by id, or whoever is found.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewBulk {
    action: GivenAction,
    #[serde(default)]
    profiles: Vec<ProfileId>,
    found: Option<GivenQuestion>,
    segment: Option<String>,
}

/// A job as the API shows it.
#[derive(Serialize)]
pub(crate) struct Shown {
    id: String,
    action: Action,
    state: JobState,
    by: String,
    created: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    finished: Option<Timestamp>,
    /// How many profiles are meant, once that is known.
    total: Option<usize>,
    /// From 0 to 1.
    progress: f64,
    #[serde(flatten)]
    tally: Tally,
    /// Whether it can be taken back now.
    can_undo: bool,
    /// What came of taking it back.
    #[serde(skip_serializing_if = "Option::is_none")]
    undone: Option<Tally>,
}

impl From<BulkJob> for Shown {
    fn from(job: BulkJob) -> Self {
        let is_undone = matches!(job.state, JobState::Undoing | JobState::Undone);
        Self {
            can_undo: job.can_be_taken_back().is_ok(),
            progress: f64::from(job.progress()) / 1000.0,
            undone: is_undone.then_some(job.undone),
            id: job.id,
            action: job.action,
            state: job.state,
            by: job.by,
            created: job.created,
            finished: job.finished,
            total: job.total,
            tally: job.tally,
        }
    }
}

/// `POST /v1/bulk`
async fn create(
    State(state): State<AppState>,
    by: Principal,
    ApiJson(new): ApiJson<NewBulk>,
) -> Result<Response, Problem> {
    let whom = match (new.profiles.is_empty(), new.found, new.segment) {
        (false, None, None) => Whom::Profiles(new.profiles),
        (true, Some(found), None) => Whom::Found(found.read(&state)?),
        (true, None, Some(id)) => Whom::Found(segments::question_of(&state, &by, &id).await?),
        _ => {
            let why = "name `profiles`, or give `found` or `segment`: one of the three";
            return Err(Problem::invalid("it is not clear who is meant").at("/profiles", why));
        }
    };
    let action = new.action.read(&state).await?;
    let job = begin(&state, &by, action, whom).await?;
    let place = format!("/v1/bulk/{}", job.id);
    Ok((StatusCode::ACCEPTED, [(header::LOCATION, place)], Json(Shown::from(job))).into_response())
}

#[derive(Serialize)]
struct List {
    items: Vec<Shown>,
    next_cursor: Option<String>,
}

/// `GET /v1/bulk`: the latest, the newest first.
async fn list(State(state): State<AppState>) -> Result<Json<List>, Problem> {
    state.bulk().wake(&state);
    let items = latest(&state, LISTED).await?.into_iter().map(Shown::from).collect();
    Ok(Json(List { items, next_cursor: None }))
}

/// `GET /v1/bulk/{id}`
async fn show(State(state): State<AppState>, ApiPath(id): ApiPath<String>) -> Result<Json<Shown>, Problem> {
    let job = one(&state, &id).await?;
    if job.state.is_open() {
        // A command without server works jobs off while it is asked how far they are.
        state.bulk().wake(&state);
    }
    Ok(Json(job.into()))
}

/// `POST /v1/bulk/{id}/cancel`
async fn stop(State(state): State<AppState>, ApiPath(id): ApiPath<String>) -> Result<Json<Shown>, Problem> {
    Ok(Json(cancel(&state, &id).await?.into()))
}

/// `POST /v1/bulk/{id}/undo`
async fn undo(
    State(state): State<AppState>,
    by: Principal,
    ApiPath(id): ApiPath<String>,
) -> Result<Response, Problem> {
    let job = take_back(&state, &by, &id).await?;
    Ok((StatusCode::ACCEPTED, Json(Shown::from(job))).into_response())
}
