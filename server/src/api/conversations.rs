//! Conversations: the list, those of a profile, and one with its entries.

use axum::{Json, extract::State};
use serde::Serialize;
use whom_core::model::{Conversation, ConversationId, Entry, TimelineCursor};

use crate::{
    app::AppState,
    http::{ApiPath, ApiQuery},
    problem::Problem,
};

use super::{
    list::{Items, PageQuery},
    profiles::meant,
};

/// One conversation with a page of its entries, oldest first.
#[derive(Serialize)]
pub(crate) struct ConversationView {
    conversation: Conversation,
    #[serde(flatten)]
    entries: Items<Entry>,
}

/// `GET /v1/conversations`: all, by number downwards.
pub(crate) async fn list(
    State(state): State<AppState>,
    ApiQuery(page): ApiQuery<PageQuery>,
) -> Result<Json<Items<Conversation>>, Problem> {
    let before = page.cursor::<u64>()?;
    let found = state.store().conversations_before(before, page.limit() + 1).await?;
    Ok(Items::cut(found, page.limit(), |conversation| conversation.number))
}

/// `GET /v1/profiles/{handle}/conversations`: the latest message first.
pub(crate) async fn of_profile(
    State(state): State<AppState>,
    ApiPath(handle): ApiPath<String>,
    ApiQuery(page): ApiQuery<PageQuery>,
) -> Result<Json<Items<Conversation>>, Problem> {
    let id = meant(&state, &handle).await?;
    Ok(Items::all(state.engine().conversations(id, page.limit()).await?))
}

/// `GET /v1/conversations/{id}`: by its id or its number.
pub(crate) async fn show(
    State(state): State<AppState>,
    ApiPath(named): ApiPath<String>,
    ApiQuery(page): ApiQuery<PageQuery>,
) -> Result<Json<ConversationView>, Problem> {
    let after = page.cursor::<TimelineCursor>()?;
    let id = match named.parse::<u64>() {
        Err(_) => named.parse::<ConversationId>().map_err(|error| Problem::not_found(error.to_string()))?,
        Ok(number) => {
            let found = state.store().conversation_by_number(number).await?;
            found.ok_or_else(|| Problem::not_found(format!("there is no conversation #{number}")))?.id
        }
    };
    let (conversation, entries) = state.engine().conversation(id, after, page.limit() + 1).await?;
    let Json(entries) =
        Items::cut(entries, page.limit(), |entry| TimelineCursor { at: entry.at, entry: entry.id });
    Ok(Json(ConversationView { conversation, entries }))
}
