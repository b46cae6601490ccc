//! Mail out over HTTP.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use whom_core::model::EntryId;

use super::{
    channel::{ChannelTerms, MailChannel, MailChannels},
    channels::{self, Tested},
    delivery::{DeliveryShown, deliveries},
    outbox::{self, Waiting},
    send::{self, Put, Written},
    viewed,
};
use crate::{
    api::{Items, PageQuery, request_id},
    app::AppState,
    auth::{Permission, Principal},
    conversations,
    http::{ApiJson, ApiPath, ApiQuery},
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
    use Permission::{Administer, Read, Write};
    vec![
        Route::api(GET, "/v1/senders", Read, senders),
        Route::api(GET, "/v1/channels", Administer, list),
        Route::api(PATCH, "/v1/channels", Administer, set),
        Route::api(POST, "/v1/channels", Administer, add).repeatable(),
        Route::api(PUT, "/v1/channels/{id}", Administer, replace),
        Route::api(DELETE, "/v1/channels/{id}", Administer, remove),
        Route::api(POST, "/v1/channels/{id}/test", Administer, test),
        Route::api(POST, "/v1/conversations", Write, begin).repeatable().long(),
        Route::api(POST, "/v1/conversations/{id}/reply", Write, reply).repeatable().long(),
        Route::api(GET, "/v1/entries/{id}/delivery", Read, delivery),
        Route::api(POST, "/v1/entries/{id}/recall", Write, recall),
        Route::api(GET, "/v1/outbox", Administer, outbox_list),
        Route::api(POST, "/v1/outbox/{id}/retry", Administer, retry),
        Route::api(DELETE, "/v1/outbox/{id}", Administer, cancel),
        Route::open(GET, "/o/{token}", viewed::picture),
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

/// `POST /v1/conversations`: begins one by writing to somebody. Whoever is not known yet is from then on.
async fn begin(
    State(state): State<AppState>,
    by: Principal,
    headers: HeaderMap,
    ApiJson(written): ApiJson<Written>,
) -> Result<Response, Problem> {
    let put = send::begin(&state, written, &request_id(&headers, &by), &by.source()).await?;
    let place = format!("/v1/conversations/{}", put.conversation);
    Ok(answer(put, place))
}

/// `POST /v1/conversations/{id}/reply`: answers in one.
async fn reply(
    State(state): State<AppState>,
    by: Principal,
    ApiPath(named): ApiPath<String>,
    headers: HeaderMap,
    ApiJson(written): ApiJson<Written>,
) -> Result<Response, Problem> {
    let conversation = conversations::named(&state, &named).await?.id;
    let put = send::reply(&state, conversation, written, &request_id(&headers, &by), &by.source()).await?;
    let place = format!("/v1/entries/{}", put.entry);
    Ok(answer(put, place))
}

fn answer(put: Put, place: String) -> Response {
    let status = if put.repeated { StatusCode::OK } else { StatusCode::CREATED };
    (status, [(header::LOCATION, place)], Json(put)).into_response()
}

/// `GET /v1/entries/{id}/delivery`: how a message of ours stands.
async fn delivery(
    State(state): State<AppState>,
    ApiPath(entry): ApiPath<EntryId>,
) -> Result<Json<DeliveryShown>, Problem> {
    let found = deliveries(state.store(), &[entry]).await?.pop().flatten();
    found.map(Json).ok_or_else(|| Problem::not_found("there is no such message of ours"))
}

/// `POST /v1/entries/{id}/recall`: takes a message back that has not left yet.
async fn recall(
    State(state): State<AppState>,
    ApiPath(entry): ApiPath<EntryId>,
) -> Result<Json<DeliveryShown>, Problem> {
    Ok(Json(outbox::recall(&state, entry).await?))
}

/// The outbox.
#[derive(Serialize)]
struct OutboxPage {
    #[serde(flatten)]
    items: Items<Waiting>,
    /// How many wait to leave, up to a thousand.
    queued: usize,
    /// How many wait for somebody, because they did not arrive.
    failed: usize,
}

/// `GET /v1/outbox`: what leaves next first, what did not arrive last.
async fn outbox_list(
    State(state): State<AppState>,
    ApiQuery(page): ApiQuery<PageQuery>,
) -> Result<Json<OutboxPage>, Problem> {
    let (waiting, next) = outbox::list(&state, page.cursor::<String>()?.as_deref(), page.limit()).await?;
    let (queued, failed) = outbox::counts(&state, 1000).await?;
    let Json(items) = Items::page(waiting, next);
    Ok(Json(OutboxPage { items, queued, failed }))
}

/// `POST /v1/outbox/{id}/retry`
async fn retry(
    State(state): State<AppState>,
    ApiPath(id): ApiPath<String>,
) -> Result<Json<DeliveryShown>, Problem> {
    Ok(Json(outbox::retry_key(&state, &id).await?))
}

/// `DELETE /v1/outbox/{id}`
async fn cancel(
    State(state): State<AppState>,
    ApiPath(id): ApiPath<String>,
) -> Result<Json<DeliveryShown>, Problem> {
    Ok(Json(outbox::cancel(&state, &id).await?))
}
