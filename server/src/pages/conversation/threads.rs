//! Merging a conversation into another, splitting messages off, and taking either back.

use axum::{
    Form,
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use whom_core::{
    engine::SplitOff,
    model::{Conversation, EntryId},
};

use super::place::by_number;
use crate::{app::AppState, auth::Principal, http::ApiPath, problem::Problem};

type Pairs = Vec<(String, String)>;

fn field<'a>(pairs: &'a Pairs, name: &str) -> Option<&'a str> {
    pairs.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

/// `POST /conversations/{number}/threads`: merges it into another, or splits messages off.
pub(crate) async fn threads(
    State(state): State<AppState>,
    principal: Principal,
    ApiPath(number): ApiPath<u64>,
    Form(pairs): Form<Pairs>,
) -> Result<Response, Problem> {
    let conversation = by_number(&state, number).await?;
    let (engine, by, now) = (state.engine(), principal.source(), state.now());
    let address = match field(&pairs, "what") {
        Some("merge") => {
            let named = field(&pairs, "into").unwrap_or_default().trim().trim_start_matches('#');
            let into: u64 = named.parse().map_err(|_| {
                Problem::invalid("say into which one")
                    .at("/into", "give the number of a conversation, such as #12")
            })?;
            let into = by_number(&state, into).await?;
            engine.merge_conversations(conversation.id, into.id, &by, now).await?;
            let from = conversation.number;
            format!("/conversations/{}?done=merged&of={from}&undo=threads:{from}", into.number)
        }
        Some("split") => {
            let first = |entries: Vec<EntryId>| entries.first().copied().map(SplitOff::From);
            let entries = pairs.iter().filter(|(name, _)| name == "entry");
            let entries: Vec<EntryId> = entries.filter_map(|(_, id)| id.parse().ok()).collect();
            let what = match field(&pairs, "only") {
                Some(_) => Some(SplitOff::Only(entries.into_iter().collect())),
                None => first(entries),
            };
            let what =
                what.ok_or_else(|| Problem::not_found("there is no such message in this conversation"))?;
            let made = engine.split_conversation(conversation.id, &what, &by, now).await?;
            let (made, of) = (made.number, conversation.number);
            format!("/conversations/{made}?done=split&of={of}&undo=threads:{made}")
        }
        _ => return Err(Problem::bad_request("say what is to be done: merge or split")),
    };
    Ok(Redirect::to(&address).into_response())
}

/// `POST /conversations/{number}/threads/undo`: takes back that this very one was merged away, or split off.
pub(crate) async fn undo(
    State(state): State<AppState>,
    principal: Principal,
    ApiPath(number): ApiPath<u64>,
) -> Result<Response, Problem> {
    let row: Option<Conversation> = state.store().conversation_by_number(number).await?;
    let row = row.ok_or_else(|| Problem::not_found(format!("there is no conversation #{number}")))?;
    let stands = state.engine().undo_threading(row.id, &principal.source(), state.now()).await?;
    Ok(Redirect::to(&format!("/conversations/{}?done=undone", stands.number)).into_response())
}
