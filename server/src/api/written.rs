//! Notes about customers and accounts: listed, changed, pinned, taken away and brought back.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
};
use serde::Deserialize;
use whom_core::{
    engine::{NoteView, NoteWish},
    model::{AccountId, EntryId, NoteStep, TimelineCursor},
};

use crate::{
    app::AppState,
    auth::Principal,
    http::{ApiJson, ApiPath, ApiQuery},
    problem::Problem,
};

use super::{
    list::{Items, PageQuery},
    profiles::{meant, request_id},
    version::{Versioned, demanded_number},
};

/// Which notes are listed; `cursor` and `limit` stand beside it.
#[derive(Debug, Deserialize)]
pub(crate) struct NotesQuery {
    /// `?pinned` and `?pinned=true`: only those that stay in sight.
    pinned: Option<String>,
    cursor: Option<String>,
    limit: Option<usize>,
}

/// What a note says.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NoteText {
    text: String,
}

/// `GET /v1/profiles/{handle}/notes`: the latest first.
pub(crate) async fn list(
    State(state): State<AppState>,
    ApiPath(handle): ApiPath<String>,
    ApiQuery(query): ApiQuery<NotesQuery>,
) -> Result<Json<Items<NoteView>>, Problem> {
    let id = meant(&state, &handle).await?;
    if query.pinned.is_some_and(|given| given != "false") {
        return Ok(Items::all(state.engine().pinned_notes(id).await?));
    }
    let page = PageQuery::new(query.cursor, query.limit);
    let before = page.cursor::<TimelineCursor>()?;
    let found = state.engine().notes(id, before, page.limit()).await?;
    Ok(Items::page(found.notes, found.next))
}

/// `GET /v1/profiles/{handle}/notes/{note}`
pub(crate) async fn show(
    State(state): State<AppState>,
    ApiPath((handle, note)): ApiPath<(String, EntryId)>,
) -> Result<Versioned<NoteView>, Problem> {
    let id = meant(&state, &handle).await?;
    Ok(versioned(state.engine().note(id, note).await?))
}

/// `GET /v1/profiles/{handle}/notes/{note}/steps`: everything it ever said, the first first.
pub(crate) async fn steps(
    State(state): State<AppState>,
    ApiPath((handle, note)): ApiPath<(String, EntryId)>,
) -> Result<Json<Items<NoteStep>>, Problem> {
    let id = meant(&state, &handle).await?;
    Ok(Items::all(state.engine().note_steps(id, note).await?))
}

/// `PATCH /v1/profiles/{handle}/notes/{note}`
pub(crate) async fn edit(
    State(state): State<AppState>,
    by: Principal,
    path: ApiPath<(String, EntryId)>,
    headers: HeaderMap,
    ApiJson(note): ApiJson<NoteText>,
) -> Result<Versioned<NoteView>, Problem> {
    let version = demanded_number(&headers)?;
    change(&state, &by, path, NoteWish::Write(note.text, version)).await
}

macro_rules! deeds {
    ($($(#[$doc:meta])* $name:ident, $of_account:ident = $wish:expr;)*) => {$(
        $(#[$doc])*
        pub(crate) async fn $name(
            State(state): State<AppState>,
            by: Principal,
            path: ApiPath<(String, EntryId)>,
        ) -> Result<Versioned<NoteView>, Problem> {
            change(&state, &by, path, $wish).await
        }

        /// The same for a note of an account.
        pub(crate) async fn $of_account(
            State(state): State<AppState>,
            by: Principal,
            path: ApiPath<(AccountId, EntryId)>,
        ) -> Result<Versioned<NoteView>, Problem> {
            change_of_account(&state, &by, path, $wish).await
        }
    )*};
}

deeds! {
    /// `POST /v1/profiles/{handle}/notes/{note}/pin`
    pin, pin_of_account = NoteWish::Pin;
    /// `POST /v1/profiles/{handle}/notes/{note}/unpin`
    unpin, unpin_of_account = NoteWish::Unpin;
    /// `DELETE /v1/profiles/{handle}/notes/{note}`
    remove, remove_of_account = NoteWish::Remove;
    /// `POST /v1/profiles/{handle}/notes/{note}/restore`
    restore, restore_of_account = NoteWish::Restore;
}

async fn change(
    state: &AppState,
    by: &Principal,
    ApiPath((handle, note)): ApiPath<(String, EntryId)>,
    wish: NoteWish,
) -> Result<Versioned<NoteView>, Problem> {
    let id = meant(state, &handle).await?;
    Ok(versioned(state.engine().change_note(id, note, &wish, &by.source(), state.now()).await?))
}

async fn change_of_account(
    state: &AppState,
    by: &Principal,
    ApiPath((account, note)): ApiPath<(AccountId, EntryId)>,
    wish: NoteWish,
) -> Result<Versioned<NoteView>, Problem> {
    let (by, now) = (by.source(), state.now());
    Ok(versioned(state.engine().change_account_note(account, note, &wish, &by, now).await?))
}

/// `GET /v1/accounts/{id}/notes`: the latest first.
pub(crate) async fn list_of_account(
    State(state): State<AppState>,
    ApiPath(account): ApiPath<AccountId>,
    ApiQuery(page): ApiQuery<PageQuery>,
) -> Result<Json<Items<NoteView>>, Problem> {
    let after = page.cursor::<String>()?;
    let found = state.engine().account_notes(account, after.as_deref(), page.limit()).await?;
    Ok(Items::page(found.notes, found.next))
}

/// `POST /v1/accounts/{id}/notes`
pub(crate) async fn add_to_account(
    State(state): State<AppState>,
    by: Principal,
    ApiPath(account): ApiPath<AccountId>,
    headers: HeaderMap,
    ApiJson(note): ApiJson<NoteText>,
) -> Result<(StatusCode, Versioned<NoteView>), Problem> {
    let (request, source, now) = (request_id(&headers, &by), by.source(), state.now());
    let note = state.engine().add_account_note(account, &note.text, &request, &source, now).await?;
    Ok((StatusCode::CREATED, versioned(note)))
}

/// `PATCH /v1/accounts/{id}/notes/{note}`
pub(crate) async fn edit_of_account(
    State(state): State<AppState>,
    by: Principal,
    path: ApiPath<(AccountId, EntryId)>,
    headers: HeaderMap,
    ApiJson(note): ApiJson<NoteText>,
) -> Result<Versioned<NoteView>, Problem> {
    let version = demanded_number(&headers)?;
    change_of_account(&state, &by, path, NoteWish::Write(note.text, version)).await
}

fn versioned(note: NoteView) -> Versioned<NoteView> {
    Versioned { version: note.version.to_string(), value: note }
}
