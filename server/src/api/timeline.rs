//! What somebody did: timelines, notes, and single entries with their full form.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use serde::{Deserialize, Serialize};
use whom_core::model::{Body, Entry, EntryId, EntryKind, TimelineCursor};

use crate::{
    app::AppState,
    asking::Asking,
    auth::Principal,
    http::{ApiJson, ApiPath, ApiQuery},
    mail::{MailShown, attachment, show_mail},
    problem::Problem,
    reading::attachments::as_file,
};

use super::{
    list::{Items, PageQuery},
    profiles::{meant, request_id},
};

/// Which part of a timeline is asked for.
#[derive(Debug, Deserialize)]
pub(crate) struct TimelineQuery {
    /// Kinds of entries, with commas between them; all where it is not said.
    #[serde(default)]
    kinds: String,
    cursor: Option<String>,
    limit: Option<usize>,
}

/// A note to be written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewNote {
    text: String,
}

/// A note that was written.
#[derive(Debug, Serialize)]
pub(crate) struct NoteAdded {
    entry: EntryId,
}

/// One entry with what is kept apart of it.
#[derive(Debug, Serialize)]
pub(crate) struct EntryView {
    #[serde(flatten)]
    entry: Entry,
    /// A mail, read for showing. Its HTML is the sender's and has to be sanitised before it is shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    mail: Option<MailShown>,
    /// What arrived, where it is JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    raw: Option<serde_json::Value>,
}

/// `GET /v1/profiles/{handle}/timeline`: newest first.
pub(crate) async fn show(
    State(state): State<AppState>,
    ApiPath(handle): ApiPath<String>,
    ApiQuery(query): ApiQuery<TimelineQuery>,
) -> Result<Json<Items<Entry>>, Problem> {
    let words = query.kinds.split(',').map(str::trim).filter(|word| !word.is_empty());
    let kinds = words
        .map(str::parse::<EntryKind>)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|why| Problem::bad_request("there is no such kind of entry").at("?kinds", why))?;
    let page = PageQuery::new(query.cursor, query.limit);
    let before = page.cursor::<TimelineCursor>()?;
    let id = meant(&state, &handle).await?;
    let found = state.engine().timeline(id, before, page.limit(), &kinds).await?;
    Ok(Items::page(found.entries, found.next))
}

/// `POST /v1/profiles/{handle}/notes`
pub(crate) async fn add_note(
    State(state): State<AppState>,
    by: Principal,
    ApiPath(handle): ApiPath<String>,
    headers: HeaderMap,
    ApiJson(note): ApiJson<NewNote>,
) -> Result<(StatusCode, Json<NoteAdded>), Problem> {
    let id = meant(&state, &handle).await?;
    let request = request_id(&headers, &by);
    let entry = state.engine().add_note(id, &note.text, request, &by.source(), state.now()).await?;
    Ok((StatusCode::CREATED, Json(NoteAdded { entry })))
}

/// `GET /v1/entries/{id}`
pub(crate) async fn entry(
    State(state): State<AppState>,
    ApiPath(id): ApiPath<EntryId>,
) -> Result<Json<EntryView>, Problem> {
    let (entry, body) = state.engine().entry(id).await?;
    let is = |body: &&Body, media: &str| body.media_type == media;
    let mail = body.as_ref().filter(|body| is(body, "message/rfc822")).map(|body| show_mail(&body.bytes));
    let raw = body.as_ref().filter(|body| is(body, "application/json"));
    let raw = raw.and_then(|body| serde_json::from_slice(&body.bytes).ok());
    Ok(Json(EntryView { entry, mail, raw }))
}

/// `GET /v1/entries/{id}/body`: the bytes as they arrived.
pub(crate) async fn body(
    State(state): State<AppState>,
    ApiPath(id): ApiPath<EntryId>,
) -> Result<Response, Problem> {
    refuse_raw()?;
    let body = kept(&state, id).await?;
    let end = if body.media_type == "message/rfc822" { "eml" } else { "json" };
    Ok(as_file(&body.media_type, &format!("{id}.{end}"), body.bytes))
}

/// `GET /v1/entries/{id}/attachments/{index}`
pub(crate) async fn attached(
    State(state): State<AppState>,
    ApiPath((id, index)): ApiPath<(EntryId, usize)>,
) -> Result<Response, Problem> {
    let body = kept(&state, id).await?;
    let found = attachment(&body.bytes, index);
    let found = found.ok_or_else(|| Problem::not_found("this message has no attachment of that number"))?;
    Ok(as_file("application/octet-stream", &found.info.name, found.bytes))
}

/// What arrived holds every value, so whoever does not see them all does not get it as it is.
fn refuse_raw() -> Result<(), Problem> {
    match Asking::sight().filter(|sight| sight.covers_values()) {
        Some(_) => Err(Problem::forbidden("this holds values that your role does not see: ask an admin")),
        None => Ok(()),
    }
}

async fn kept(state: &AppState, id: EntryId) -> Result<Body, Problem> {
    let (_, body) = state.engine().entry(id).await?;
    body.ok_or_else(|| Problem::not_found("nothing is kept of this entry but what its timeline shows"))
}
