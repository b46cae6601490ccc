//! Conversations: the list, those of a profile, one with its entries, and what is done to one.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use whom_core::{
    engine::SplitOff,
    model::{
        ContactId, Conversation, ConversationId, Entry, EntryId, MembershipChange, ProfileId, TimelineCursor,
    },
};

use crate::{
    app::AppState,
    auth::Principal,
    conversations::{ConversationPatch, Outcome, change_all, named, named_itself},
    http::{ApiJson, ApiPath, ApiQuery},
    problem::Problem,
    sight::{cover_conversation, cover_line},
};

use super::{
    list::{Items, PageQuery},
    profiles::{meant, request_id},
    version::{Versioned, demanded_number},
};

/// One conversation with a page of its entries, oldest first.
#[derive(Serialize)]
pub(crate) struct ConversationView {
    conversation: Conversation,
    /// Those that were merged into it, each with what undoing needs.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    parts: Vec<Part>,
    #[serde(flatten)]
    entries: Items<Entry>,
}

/// A conversation that was merged into another.
#[derive(Serialize)]
struct Part {
    id: ConversationId,
    number: u64,
    subject: String,
}

/// A note for colleagues.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewNote {
    text: String,
}

/// An entry that was added.
#[derive(Debug, Serialize)]
pub(crate) struct Added {
    entry: EntryId,
}

/// Into which conversation one is to be merged.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MergeInto {
    into: String,
}

/// From which message on one is to be split, or which messages are to leave it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SplitWish {
    entry: Option<EntryId>,
    #[serde(default)]
    entries: std::collections::BTreeSet<EntryId>,
}

impl SplitWish {
    fn read(self) -> Result<SplitOff, Problem> {
        match (self.entry, self.entries.is_empty()) {
            (Some(first), true) => Ok(SplitOff::From(first)),
            (None, false) => Ok(SplitOff::Only(self.entries)),
            _ => Err(Problem::invalid("say which messages are to leave").at(
                "/entry",
                "give the `entry` from which on all are to leave, or `entries`, those that are to, and not both",
            )),
        }
    }
}

/// What a customer answered when asked how content they are.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Satisfaction {
    rating: u8,
    #[serde(default)]
    comment: String,
}

/// One change of many conversations.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BulkChange {
    conversations: Vec<String>,
    change: ConversationPatch,
}

/// To which profile a contact of a conversation is to go.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ToProfile {
    /// Whose; the customer's with whom it began where it is left out.
    contact: Option<ContactId>,
    /// A profile by what people have at hand; null makes one.
    to: Option<String>,
}

/// Where a contact went.
#[derive(Debug, Serialize)]
pub(crate) struct Moved {
    contact: ContactId,
    profile: ProfileId,
    change: MembershipChange,
}

/// `GET /v1/conversations`: all, by number downwards.
pub(crate) async fn list(
    State(state): State<AppState>,
    ApiQuery(page): ApiQuery<PageQuery>,
) -> Result<Json<Items<Conversation>>, Problem> {
    let before = page.cursor::<u64>()?;
    let found = state.store().conversations_before(before, page.limit() + 1).await?;
    let found = found.into_iter().map(cover_conversation).collect();
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

/// `GET /v1/conversations/{id}`: by its id or its number; one that was merged away is shown in the other.
pub(crate) async fn show(
    State(state): State<AppState>,
    ApiPath(name): ApiPath<String>,
    ApiQuery(page): ApiQuery<PageQuery>,
) -> Result<Versioned<ConversationView>, Problem> {
    let after = page.cursor::<TimelineCursor>()?;
    let id = named(&state, &name).await?.id;
    let (conversation, entries) = state.engine().conversation(id, after, page.limit() + 1).await?;
    let Json(entries) =
        Items::cut(entries, page.limit(), |entry| TimelineCursor { at: entry.at, entry: entry.id });
    let parts = state.store().conversations(&conversation.merged).await?;
    let parts = parts
        .into_iter()
        .flatten()
        .map(|part| Part { id: part.id, number: part.number, subject: cover_line(part.subject) })
        .collect();
    let version = conversation.version.to_string();
    Ok(Versioned { version, value: ConversationView { conversation, parts, entries } })
}

/// `PATCH /v1/conversations/{id}`
pub(crate) async fn edit(
    State(state): State<AppState>,
    by: Principal,
    ApiPath(name): ApiPath<String>,
    headers: HeaderMap,
    ApiJson(patch): ApiJson<ConversationPatch>,
) -> Result<Versioned<Conversation>, Problem> {
    let version = demanded_number(&headers)?;
    let id = named(&state, &name).await?.id;
    let edit = patch.read(&state).await?;
    let edited = state.engine().edit_conversation(id, &edit, &by.source(), version, state.now()).await?;
    Ok(versioned(edited))
}

/// `POST /v1/conversations/bulk`: the same change for up to 200 of them, with what became of each.
pub(crate) async fn bulk(
    State(state): State<AppState>,
    by: Principal,
    ApiJson(given): ApiJson<BulkChange>,
) -> Result<Json<Items<Outcome>>, Problem> {
    let outcomes = change_all(&state, &given.conversations, given.change, &by.source(), state.now()).await?;
    Ok(Items::all(outcomes))
}

/// `POST /v1/conversations/{id}/notes`
pub(crate) async fn add_note(
    State(state): State<AppState>,
    by: Principal,
    ApiPath(name): ApiPath<String>,
    headers: HeaderMap,
    ApiJson(note): ApiJson<NewNote>,
) -> Result<(StatusCode, Json<Added>), Problem> {
    let id = named(&state, &name).await?.id;
    let request = request_id(&headers, &by);
    let (source, now) = (by.source(), state.now());
    let entry = state.engine().add_conversation_note(id, &note.text, &request, &source, now).await?;
    Ok((StatusCode::CREATED, Json(Added { entry })))
}

/// `POST /v1/conversations/{id}/merge`: shows it, and its messages, in another; answers with that one.
pub(crate) async fn merge(
    State(state): State<AppState>,
    by: Principal,
    ApiPath(name): ApiPath<String>,
    ApiJson(given): ApiJson<MergeInto>,
) -> Result<Versioned<Conversation>, Problem> {
    let from = named_itself(&state, &name).await?.id;
    let into = named_itself(&state, &given.into).await.map_err(|problem| match problem.status {
        StatusCode::NOT_FOUND => {
            Problem::invalid("there is no such conversation").at("/into", problem.detail)
        }
        _ => problem,
    })?;
    let (source, now) = (by.source(), state.now());
    Ok(versioned(state.engine().merge_conversations(from, into.id, &source, now).await?))
}

/// `POST /v1/conversations/{id}/split`: makes a message and what follows it, or those named, a conversation of its own.
pub(crate) async fn split(
    State(state): State<AppState>,
    by: Principal,
    ApiPath(name): ApiPath<String>,
    ApiJson(given): ApiJson<SplitWish>,
) -> Result<Response, Problem> {
    let id = named(&state, &name).await?.id;
    let split = state.engine().split_conversation(id, &given.read()?, &by.source(), state.now()).await?;
    let place = [(header::LOCATION, format!("/v1/conversations/{}", split.id))];
    Ok((StatusCode::CREATED, place, versioned(split)).into_response())
}

/// `POST /v1/conversations/{id}/undo`: takes back that it was merged into another, or else that it was split off.
pub(crate) async fn undo(
    State(state): State<AppState>,
    by: Principal,
    ApiPath(name): ApiPath<String>,
) -> Result<Versioned<Conversation>, Problem> {
    let id = named_itself(&state, &name).await?.id;
    Ok(versioned(state.engine().undo_threading(id, &by.source(), state.now()).await?))
}

/// `POST /v1/conversations/{id}/satisfaction`
pub(crate) async fn satisfaction(
    State(state): State<AppState>,
    by: Principal,
    ApiPath(name): ApiPath<String>,
    ApiJson(given): ApiJson<Satisfaction>,
) -> Result<(StatusCode, Json<Added>), Problem> {
    let id = named(&state, &name).await?.id;
    let (source, now) = (by.source(), state.now());
    let entry = state.engine().record_satisfaction(id, given.rating, &given.comment, &source, now).await?;
    Ok((StatusCode::CREATED, Json(Added { entry })))
}

/// `POST /v1/conversations/{id}/profile`: moves a contact of it to another profile, or to one of its own.
pub(crate) async fn to_profile(
    State(state): State<AppState>,
    by: Principal,
    ApiPath(name): ApiPath<String>,
    ApiJson(given): ApiJson<ToProfile>,
) -> Result<Json<Moved>, Problem> {
    let conversation = named(&state, &name).await?;
    let wrong = |why: &str| Problem::invalid("no such contact took part in it").at("/contact", why);
    let contact = match given.contact {
        Some(contact) if conversation.contacts.contains(&contact) => contact,
        Some(_) => return Err(wrong("take it from the conversation's `contacts`")),
        None => {
            let first = conversation.contacts.first().copied();
            first.ok_or_else(|| wrong("nobody who took part is known any more"))?
        }
    };
    let (source, now) = (by.source(), state.now());
    let (change, profile) = match given.to {
        Some(handle) => {
            let to = meant(&state, &handle).await?;
            (state.engine().move_contact(contact, to, &source, now).await?, to)
        }
        None => {
            let row = state.store().contacts(&[contact]).await?.pop().flatten();
            let from = row.ok_or_else(|| wrong("it is known no more"))?.profile;
            state.engine().detach(from, contact, &source, now).await?
        }
    };
    Ok(Json(Moved { contact, profile, change }))
}

fn versioned(conversation: Conversation) -> Versioned<Conversation> {
    let conversation = cover_conversation(conversation);
    Versioned { version: conversation.version.to_string(), value: conversation }
}
