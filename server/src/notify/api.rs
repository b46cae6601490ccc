//! Notices over HTTP.

use axum::{Json, extract::State, http::Method};
use serde::{Deserialize, Serialize};

use super::{Notice, mark_read, notices_of, set_opens};
use crate::{
    app::AppState,
    auth::{Permission, Principal},
    http::ApiJson,
    problem::Problem,
    routes::Route,
};

/// The routes of notices.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::api(Method::GET, "/v1/me/notices", Permission::BeKnown, show),
        Route::api(Method::POST, "/v1/me/notices/read", Permission::BeKnown, read),
        Route::api(Method::PUT, "/v1/me/notices/settings", Permission::BeKnown, settings),
    ]
}

/// What somebody was told.
#[derive(Serialize)]
struct Told {
    items: Vec<Notice>,
    unread: usize,
    /// Whether what is given to them opens by itself.
    opens: bool,
}

/// `GET /v1/me/notices`: the latest first, a hundred at most.
async fn show(State(state): State<AppState>, by: Principal) -> Result<Json<Told>, Problem> {
    let notices = notices_of(&state, login(&by)?).await?;
    let unread = notices.unread();
    Ok(Json(Told { unread, opens: notices.opens, items: notices.seen() }))
}

/// Which notices were read.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Read {
    /// One of them; without it, all.
    id: Option<String>,
}

/// How many are left.
#[derive(Serialize)]
struct Left {
    unread: usize,
}

/// `POST /v1/me/notices/read`
async fn read(
    State(state): State<AppState>,
    by: Principal,
    ApiJson(read): ApiJson<Read>,
) -> Result<Json<Left>, Problem> {
    let unread = mark_read(&state, login(&by)?, read.id.as_deref()).await?;
    Ok(Json(Left { unread }))
}

/// How somebody wants to be told.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    opens: bool,
}

/// `PUT /v1/me/notices/settings`
async fn settings(
    State(state): State<AppState>,
    by: Principal,
    ApiJson(settings): ApiJson<Settings>,
) -> Result<Json<Settings>, Problem> {
    set_opens(&state, login(&by)?, settings.opens).await?;
    Ok(Json(settings))
}

fn login(by: &Principal) -> Result<&str, Problem> {
    by.login().ok_or_else(|| Problem::forbidden("only somebody who works here is told anything"))
}
