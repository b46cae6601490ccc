//! Files that are to go along with what somebody is writing: kept with the draft as soon as they are chosen.

use axum::{
    Json,
    extract::{Multipart, State},
    http::StatusCode,
};
use serde::{Deserialize, Serialize};
use whom_core::store::{ChangeSet, DocumentKind, StoreError, Write};

use super::{
    drafts::{self, For},
    place::by_number,
};
use crate::{
    app::AppState,
    auth::Principal,
    documents::{self, Stored},
    http::ApiPath,
    problem::Problem,
    secret,
};

/// The most files of one draft, and how large they may be together.
const MOST: usize = 20;
const LARGEST: usize = 20 << 20;

/// A file of a draft, as its draft names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Kept {
    /// The word by which it is asked for and taken away.
    pub(crate) id: String,
    /// What it is called.
    pub(crate) name: String,
    /// In bytes.
    pub(crate) size: usize,
}

/// A file of a draft with its bytes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct DraftFile {
    pub(super) name: String,
    pub(super) media_type: String,
    /// In base64.
    pub(super) data: String,
}

impl Stored for DraftFile {
    const KIND: DocumentKind = DocumentKind::DraftFile;
}

fn key(by: &Principal, what: &For, id: &str) -> String {
    format!("{}|{id}", what.key(by))
}

/// Keeps files with a draft; gives all that it has.
pub(super) async fn keep(
    state: &AppState,
    by: &Principal,
    what: &For,
    files: Vec<(String, String, Vec<u8>)>,
) -> Result<Vec<Kept>, Problem> {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let known = drafts::find(state, by, what).await?.unwrap_or_default().files;
    let size: usize = known.iter().map(|kept| kept.size).chain(files.iter().map(|file| file.2.len())).sum();
    if known.len() + files.len() > MOST || size > LARGEST {
        let words = format!("at most {MOST} files go along, of {} MB together", LARGEST >> 20);
        return Err(Problem::too_large(words));
    }
    let mut added = Vec::new();
    for (name, media_type, bytes) in files {
        let id = secret::hex(&secret::random::<8>());
        let name = if name.trim().is_empty() { "file".to_owned() } else { name };
        let file = DraftFile { name: name.clone(), media_type, data: STANDARD.encode(&bytes) };
        documents::put(state.store(), &key(by, what, &id), state.now(), &file).await?;
        added.push(Kept { id, name, size: bytes.len() });
    }
    drafts::change_files(state, by, what, |files| files.extend(added.iter().cloned())).await
}

/// The files of a draft that are named, with their bytes.
pub(super) async fn read(
    state: &AppState,
    by: &Principal,
    what: &For,
    ids: &[String],
) -> Result<Vec<DraftFile>, StoreError> {
    let mut files = Vec::new();
    for id in ids.iter().take(MOST) {
        files.extend(documents::get::<DraftFile>(state.store(), &key(by, what, id)).await?);
    }
    Ok(files)
}

/// Takes the files of a draft away.
pub(super) async fn forget(
    state: &AppState,
    by: &Principal,
    what: &For,
    files: &[Kept],
) -> Result<(), StoreError> {
    if files.is_empty() {
        return Ok(());
    }
    let mut changes = ChangeSet::at(state.now());
    changes.writes.extend(
        files.iter().map(|kept| Write::RemoveDocument(DocumentKind::DraftFile, key(by, what, &kept.id))),
    );
    state.store().commit(changes).await.map(drop)
}

async fn uploaded(
    state: &AppState,
    by: &Principal,
    what: &For,
    mut form: Multipart,
) -> Result<(StatusCode, Json<Vec<Kept>>), Problem> {
    let broken = |_| Problem::bad_request("the files cannot be read: they may be too large");
    let mut files = Vec::new();
    while let Some(part) = form.next_field().await.map_err(broken)? {
        if files.len() >= MOST {
            return Err(Problem::too_large(format!("at most {MOST} files go along")));
        }
        let name = part.file_name().unwrap_or_default().to_owned();
        let media_type = part.content_type().unwrap_or("application/octet-stream").to_owned();
        files.push((name, media_type, part.bytes().await.map_err(broken)?.to_vec()));
    }
    Ok((StatusCode::OK, Json(keep(state, by, what, files).await?)))
}

async fn taken_away(
    state: &AppState,
    by: &Principal,
    what: &For,
    id: &str,
) -> Result<(StatusCode, Json<Vec<Kept>>), Problem> {
    let left = drafts::change_files(state, by, what, |files| files.retain(|kept| kept.id != id)).await?;
    let gone = Kept { id: id.to_owned(), name: String::new(), size: 0 };
    forget(state, by, what, &[gone]).await?;
    Ok((StatusCode::OK, Json(left)))
}

fn of_new(name: String) -> Result<For, Problem> {
    let is_name = drafts::is_name(&name);
    is_name.then_some(For::New(name)).ok_or_else(|| Problem::not_found("there is no such draft"))
}

/// `POST /conversations/{number}/draft/files`
pub(crate) async fn upload(
    State(state): State<AppState>,
    by: Principal,
    ApiPath(number): ApiPath<u64>,
    form: Multipart,
) -> Result<(StatusCode, Json<Vec<Kept>>), Problem> {
    let what = For::Conversation(by_number(&state, number).await?.id);
    uploaded(&state, &by, &what, form).await
}

/// `POST /conversations/new/draft/{name}/files`
pub(crate) async fn upload_new(
    State(state): State<AppState>,
    by: Principal,
    ApiPath(name): ApiPath<String>,
    form: Multipart,
) -> Result<(StatusCode, Json<Vec<Kept>>), Problem> {
    uploaded(&state, &by, &of_new(name)?, form).await
}

/// `POST /conversations/{number}/draft/files/{id}/remove`
pub(crate) async fn remove(
    State(state): State<AppState>,
    by: Principal,
    ApiPath((number, id)): ApiPath<(u64, String)>,
) -> Result<(StatusCode, Json<Vec<Kept>>), Problem> {
    let what = For::Conversation(by_number(&state, number).await?.id);
    taken_away(&state, &by, &what, &id).await
}

/// `POST /conversations/new/draft/{name}/files/{id}/remove`
pub(crate) async fn remove_new(
    State(state): State<AppState>,
    by: Principal,
    ApiPath((name, id)): ApiPath<(String, String)>,
) -> Result<(StatusCode, Json<Vec<Kept>>), Problem> {
    taken_away(&state, &by, &of_new(name)?, &id).await
}
