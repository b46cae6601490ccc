//! Drafts: what somebody is writing and has not sent, one for each person and conversation.

use axum::{Json, extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use whom_core::{
    model::{ConversationId, Timestamp},
    store::{DocumentKind, StoreError},
};

use super::place::by_number;
use crate::{
    app::AppState,
    auth::Principal,
    documents::{self, Fate, Stored},
    http::ApiPath,
    pages::sent::Sent,
    problem::Problem,
};

/// The longest draft, in bytes.
const LONGEST: usize = 200_000;

/// What somebody is writing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Draft {
    /// The text.
    pub(crate) text: String,
    /// `reply` or `note`.
    pub(crate) kind: String,
    /// To whom, where that is not as usual.
    pub(crate) to: String,
    /// Who gets a copy.
    pub(crate) cc: String,
    /// When it was saved.
    pub(crate) at: i64,
}

impl Stored for Draft {
    const KIND: DocumentKind = DocumentKind::Draft;
}

fn key(by: &Principal, conversation: ConversationId) -> String {
    format!("{}|{conversation}", by.scope())
}

/// What somebody is writing in a conversation.
pub(super) async fn find(
    state: &AppState,
    by: &Principal,
    conversation: ConversationId,
) -> Result<Option<Draft>, StoreError> {
    documents::get(state.store(), &key(by, conversation)).await
}

/// Keeps it; an empty one is taken away.
pub(super) async fn put(
    state: &AppState,
    by: &Principal,
    conversation: ConversationId,
    draft: Draft,
) -> Result<(), StoreError> {
    let now = state.now();
    documents::change(state.store(), &key(by, conversation), now, |_| {
        let fate = match draft.text.trim().is_empty() {
            true => Fate::Remove,
            false => Fate::Put(Draft { at: now.as_millis(), ..draft.clone() }),
        };
        (fate, ())
    })
    .await
}

/// When a draft was kept.
#[derive(Serialize)]
pub(crate) struct Kept {
    at: Timestamp,
}

/// `POST /conversations/{number}/draft`: saved while somebody writes.
pub(crate) async fn keep(
    State(state): State<AppState>,
    principal: Principal,
    ApiPath(number): ApiPath<u64>,
    Sent(draft): Sent<Draft>,
) -> Result<(StatusCode, Json<Kept>), Problem> {
    if draft.text.len() > LONGEST {
        return Err(Problem::too_large("a draft has at most 200 kB"));
    }
    let conversation = by_number(&state, number).await?;
    put(&state, &principal, conversation.id, draft).await?;
    Ok((StatusCode::OK, Json(Kept { at: state.now() })))
}
