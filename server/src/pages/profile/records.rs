//! Deeds of the info pane besides its fields: decisions, contacts, notes, tasks, accounts, the trash.

use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use whom_core::{
    engine::{Choice, EngineError, NoteWish, TaskDeed, TaskDraft, Wish},
    identity::GivenIdentifier,
    model::{AccountId, EntryId, ExternalId, Identifier, IdentifierKind, PropertyKey, Value},
};

use super::{deeds::back, show::profile_id};
use crate::{
    app::AppState,
    auth::Principal,
    http::ApiPath,
    pages::{frame::Frame, sent::Sent},
    problem::Problem,
};

/// A decision about a property.
#[derive(Deserialize)]
pub(crate) struct Decide {
    deed: String,
    #[serde(default)]
    claim: String,
    #[serde(default)]
    value: String,
    #[serde(default)]
    source: String,
}

impl Decide {
    fn wish(&self) -> Result<Wish, Problem> {
        let nothing = || Problem::bad_request("say which value or which source is meant");
        let value = || {
            let json = serde_json::from_str(&self.value).unwrap_or(serde_json::Value::Null);
            Value::from_json(&json).ok_or_else(nothing)
        };
        let choice = || match self.claim.parse() {
            Ok(claim) => Ok(Choice::Claim(claim)),
            Err(_) => value().map(Choice::Value),
        };
        let source = || self.source.parse().map_err(|_| nothing());
        Ok(match self.deed.as_str() {
            "pin" => Wish::Pin(choice()?),
            "unpin" => Wish::Unpin,
            "hide" => Wish::Hide(choice()?),
            "show" => Wish::Show(value()?),
            "never" => Wish::Never(source()?),
            "again" => Wish::Again(source()?),
            _ => return Err(nothing()),
        })
    }
}

/// `POST /customers/{id}/why/{property}`
pub(crate) async fn decide(
    State(state): State<AppState>,
    frame: Frame,
    principal: Principal,
    ApiPath((id, property)): ApiPath<(String, String)>,
    Sent(decide): Sent<Decide>,
) -> Result<Response, Problem> {
    let id = profile_id(&id)?;
    let property: PropertyKey = property.parse().map_err(|why: String| Problem::not_found(why))?;
    let wish = decide.wish()?;
    let done = state.engine().decide_property(id, &property, &wish, &principal.source(), state.now()).await;
    back(&state, &frame, id, done.map(|_| "decided".to_owned()), None).await
}

/// A contact to be added.
#[derive(Deserialize)]
pub(crate) struct NewContact {
    kind: String,
    value: String,
}

/// `POST /customers/{id}/contacts`
pub(crate) async fn add_contact(
    State(state): State<AppState>,
    frame: Frame,
    principal: Principal,
    ApiPath(id): ApiPath<String>,
    Sent(new): Sent<NewContact>,
) -> Result<Response, Problem> {
    let id = profile_id(&id)?;
    let region = state.settings().await?.phone_region();
    let read = new
        .kind
        .parse::<IdentifierKind>()
        .map_err(|why| why.to_string())
        .and_then(|kind| Identifier::new(kind, &new.value, region).map_err(|error| error.to_string()));
    let done = match read {
        Ok(identifier) => {
            let given = GivenIdentifier::new(identifier, new.value.trim());
            state.engine().add_identifier(id, given, &principal.source(), state.now()).await.map(|_| ())
        }
        Err(why) => Err(EngineError::Invalid { what: new.value.trim().to_owned(), why }),
    };
    back(&state, &frame, id, done.map(|()| "added".to_owned()), None).await
}

/// What is to be done, in one word.
#[derive(Deserialize)]
pub(crate) struct Deed {
    deed: String,
}

/// `POST /customers/{id}/notes/{note}`
pub(crate) async fn change_note(
    State(state): State<AppState>,
    frame: Frame,
    principal: Principal,
    ApiPath((id, note)): ApiPath<(String, String)>,
    Sent(deed): Sent<Deed>,
) -> Result<Response, Problem> {
    let id = profile_id(&id)?;
    let note: EntryId =
        note.parse().map_err(|_| Problem::not_found("there is no such note in this profile"))?;
    let wish = match deed.deed.as_str() {
        "pin" => NoteWish::Pin,
        "unpin" => NoteWish::Unpin,
        "remove" => NoteWish::Remove,
        "restore" => NoteWish::Restore,
        _ => return Err(Problem::bad_request("a note can be pinned, unpinned, removed or restored")),
    };
    let done = state.engine().change_note(id, note, &wish, &principal.source(), state.now()).await;
    back(&state, &frame, id, done.map(|_| "noted".to_owned()), None).await
}

/// A task to be added.
#[derive(Deserialize)]
pub(crate) struct NewTask {
    title: String,
    request: String,
}

/// `POST /customers/{id}/todo`
pub(crate) async fn add_task(
    State(state): State<AppState>,
    frame: Frame,
    principal: Principal,
    ApiPath(id): ApiPath<String>,
    Sent(new): Sent<NewTask>,
) -> Result<Response, Problem> {
    let id = profile_id(&id)?;
    let request = ExternalId::new(format!("page:{}", principal.scope()), new.request);
    let draft = TaskDraft {
        title: new.title,
        text: String::new(),
        due: None,
        assignee: frame.who.as_ref().and_then(|who| who.login.clone()),
        conversation: None,
    };
    let done = state.engine().add_task(id, draft, &request, &principal.source(), state.now()).await;
    back(&state, &frame, id, done.map(|_| "task".to_owned()), None).await
}

/// `POST /customers/{id}/todo/{task}`
pub(crate) async fn set_task(
    State(state): State<AppState>,
    frame: Frame,
    principal: Principal,
    ApiPath((id, task)): ApiPath<(String, String)>,
    Sent(deed): Sent<Deed>,
) -> Result<Response, Problem> {
    let id = profile_id(&id)?;
    let nothing = || Problem::not_found("there is no such task of this profile");
    let task = task.parse().map_err(|_| nothing())?;
    if !state.engine().tasks_of(id).await?.iter().any(|known| known.id == task) {
        return Err(nothing());
    }
    let deed = if deed.deed == "reopen" { TaskDeed::Reopen } else { TaskDeed::Finish };
    let done = state.engine().set_task(task, deed, &principal.source(), state.now()).await;
    back(&state, &frame, id, done.map(|_| "task".to_owned()), None).await
}

/// `POST /customers/{id}/accounts/{account}`
pub(crate) async fn account(
    State(state): State<AppState>,
    frame: Frame,
    principal: Principal,
    ApiPath((id, account)): ApiPath<(String, String)>,
    Sent(deed): Sent<Deed>,
) -> Result<Response, Problem> {
    let id = profile_id(&id)?;
    let account: AccountId = account.parse().map_err(|_| Problem::not_found("there is no such account"))?;
    let (engine, by, now) = (state.engine(), principal.source(), state.now());
    let done = match deed.deed.as_str() {
        "link" => engine.link_account(id, account, &by, now).await.map(|_| ()),
        _ => engine.unlink_account(id, account, &by, now).await.map(|_| ()),
    };
    back(&state, &frame, id, done.map(|()| "account".to_owned()), None).await
}

/// `POST /customers/{id}/state`: to the trash, and back.
pub(crate) async fn set_state(
    State(state): State<AppState>,
    principal: Principal,
    ApiPath(id): ApiPath<String>,
    Sent(deed): Sent<Deed>,
) -> Result<Response, Problem> {
    let id = profile_id(&id)?;
    let done = match deed.deed.as_str() {
        "restore" => {
            state.engine().restore(id, state.now()).await?;
            "restored"
        }
        _ => {
            state.engine().trash(id, &principal.source(), state.now()).await?;
            "trashed"
        }
    };
    Ok(Redirect::to(&format!("/customers/{id}?done={done}")).into_response())
}
