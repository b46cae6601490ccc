//! Mail out over HTTP.

use axum::{
    Json,
    extract::State,
    http::{Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};

use super::{
    channel::{ChannelTerms, MailChannel, MailChannels},
    channels::{self, Tested},
};
use crate::{
    app::AppState,
    auth::Permission,
    http::{ApiJson, ApiPath},
    problem::Problem,
    routes::Route,
};

/// The routes of mail out.
pub(crate) fn routes() -> Vec<Route> {
    const GET: Method = Method::GET;
    const POST: Method = Method::POST;
    const PUT: Method = Method::PUT;
    const PATCH: Method = Method::PATCH;
    const DELETE: Method = Method::DELETE;
    use Permission::{Administer, Read};
    vec![
        Route::api(GET, "/v1/senders", Read, senders),
        Route::api(GET, "/v1/channels", Administer, list),
        Route::api(PATCH, "/v1/channels", Administer, set),
        Route::api(POST, "/v1/channels", Administer, add).repeatable(),
        Route::api(PUT, "/v1/channels/{id}", Administer, replace),
        Route::api(DELETE, "/v1/channels/{id}", Administer, remove),
        Route::api(POST, "/v1/channels/{id}/test", Administer, test),
    ]
}

/// A channel as agents see it: what one writes from.
#[derive(Serialize)]
struct Sender {
    id: String,
    name: String,
    address: String,
    display_name: String,
    signature: String,
    is_default: bool,
}

#[derive(Serialize)]
struct Senders {
    items: Vec<Sender>,
    undo_seconds: u32,
}

/// `GET /v1/senders`: the addresses one can write from.
async fn senders(State(state): State<AppState>) -> Result<Json<Senders>, Problem> {
    let all = MailChannels::load(state.store()).await?;
    let items = all.channels.into_iter().map(|MailChannel { id, terms }| Sender {
        id,
        name: terms.name,
        address: terms.address,
        display_name: terms.display_name,
        signature: terms.signature,
        is_default: terms.is_default,
    });
    Ok(Json(Senders { items: items.collect(), undo_seconds: all.undo_seconds }))
}

/// `GET /v1/channels`
async fn list(State(state): State<AppState>) -> Result<Json<MailChannels>, Problem> {
    Ok(Json(channels::list(&state).await?))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Undo {
    undo_seconds: u32,
}

/// `PATCH /v1/channels`: what holds for all of them.
async fn set(
    State(state): State<AppState>,
    ApiJson(given): ApiJson<Undo>,
) -> Result<Json<MailChannels>, Problem> {
    Ok(Json(channels::set_undo(&state, given.undo_seconds).await?))
}

/// `POST /v1/channels`
async fn add(
    State(state): State<AppState>,
    ApiJson(given): ApiJson<ChannelTerms>,
) -> Result<Response, Problem> {
    let channel = channels::add(&state, given).await?;
    let place = format!("/v1/channels/{}", channel.id);
    Ok((StatusCode::CREATED, [(header::LOCATION, place)], Json(channel)).into_response())
}

/// `PUT /v1/channels/{id}`: all of it. A secret left out, or left as dots, stays as it is.
async fn replace(
    State(state): State<AppState>,
    ApiPath(id): ApiPath<String>,
    ApiJson(given): ApiJson<ChannelTerms>,
) -> Result<Json<MailChannel>, Problem> {
    Ok(Json(channels::replace(&state, &id, given).await?))
}

/// `DELETE /v1/channels/{id}`
async fn remove(State(state): State<AppState>, ApiPath(id): ApiPath<String>) -> Result<StatusCode, Problem> {
    channels::remove(&state, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TestTo {
    to: String,
}

/// `POST /v1/channels/{id}/test`: sends a test mail and says which step failed.
async fn test(
    State(state): State<AppState>,
    ApiPath(id): ApiPath<String>,
    ApiJson(given): ApiJson<TestTo>,
) -> Result<Json<Tested>, Problem> {
    Ok(Json(channels::test(&state, &id, &given.to).await?))
}
