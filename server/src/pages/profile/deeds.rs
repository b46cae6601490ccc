//! What pages do: the forms that change something, each answered by the page it was sent from.

use std::collections::BTreeMap;

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use whom_core::{
    engine::EngineError,
    model::{ContactId, ExternalId, MembershipId, ProfileId},
};

use super::{
    page::News,
    show::{profile_id, profile_with},
};
use crate::pages::{back::Back, duplicates::show::choices, frame::Frame, sent::Sent};
use crate::{app::AppState, auth::Principal, http::ApiPath, problem::Problem};

/// A note.
#[derive(Deserialize)]
pub(crate) struct Note {
    text: String,
    request: String,
}

/// `POST /customers/{id}/notes`
pub(crate) async fn add_note(
    State(state): State<AppState>,
    frame: Frame,
    principal: Principal,
    back_to: Back,
    ApiPath(id): ApiPath<String>,
    Sent(note): Sent<Note>,
) -> Result<Response, Problem> {
    let id = profile_id(&id)?;
    let request = ExternalId::new(format!("page:{}", principal.scope()), note.request);
    let done = state
        .engine()
        .add_note(id, &note.text, request, &principal.source(), state.now())
        .await
        .map(|_| ("noted", None));
    back(&state, &frame, id, &back_to, done, Some(note.text)).await
}

/// `POST /customers/{id}/detach/{contact}`
pub(crate) async fn detach(
    State(state): State<AppState>,
    frame: Frame,
    principal: Principal,
    back_to: Back,
    ApiPath((id, contact)): ApiPath<(String, String)>,
) -> Result<Response, Problem> {
    let id = profile_id(&id)?;
    let contact: ContactId =
        contact.parse().map_err(|_| Problem::not_found("there is no such contact in this profile"))?;
    let done = state.engine().detach(id, contact, &principal.source(), state.now()).await;
    let done = done.map(|(change, to)| ("detached", Some(format!("{id}-{}-{to}", change.id))));
    back(&state, &frame, id, &back_to, done, None).await
}

/// `POST /customers/{id}/undo/{change}`
pub(crate) async fn undo(
    State(state): State<AppState>,
    frame: Frame,
    principal: Principal,
    back_to: Back,
    ApiPath((id, change)): ApiPath<(String, String)>,
) -> Result<Response, Problem> {
    let id = profile_id(&id)?;
    let change: MembershipId =
        change.parse().map_err(|_| Problem::not_found("there is no such merge in this profile"))?;
    // Only what this profile took part in: an id from elsewhere is somebody else's merge.
    if !state.engine().history(id).await?.iter().any(|known| known.id == change) {
        return Err(Problem::not_found("there is no such merge in this profile"));
    }
    match state.engine().unmerge(change, &principal.source(), state.now()).await {
        Ok(_) => Ok(back_to.with(&format!("/customers/{id}"), "undone", None)),
        Err(error) => back(&state, &frame, id, &back_to, Err(error), None).await,
    }
}

/// `POST /customers/{id}/merge`: `from` goes into this one, and what was chosen field by field is pinned.
pub(crate) async fn merge(
    State(state): State<AppState>,
    frame: Frame,
    principal: Principal,
    back_to: Back,
    ApiPath(id): ApiPath<String>,
    Sent(sent): Sent<BTreeMap<String, String>>,
) -> Result<Response, Problem> {
    let text = |name: &str| sent.get(name).map(String::as_str).unwrap_or_default();
    let (from, into) = (profile_id(text("from"))?, profile_id(&id)?);
    let choose = choices(&sent)?;
    let (by, why) = (principal.source(), text("why"));
    match state.engine().merge_choosing(from, into, &by, why, &choose, state.now()).await {
        Ok(change) => {
            let undo = format!("{into}-{}", change.id);
            Ok(back_to.with(&format!("/customers/{into}"), "merged", Some(&undo)))
        }
        Err(error) => back(&state, &frame, into, &back_to, Err(error), None).await,
    }
}

/// What was done, by its word, and by what it is undone.
pub(super) type Done = (&'static str, Option<String>);

/// Back to where it was sent from with news of what was done; to the profile with why it was not.
pub(super) async fn back(
    state: &AppState,
    frame: &Frame,
    id: ProfileId,
    back_to: &Back,
    done: Result<Done, EngineError>,
    note: Option<String>,
) -> Result<Response, Problem> {
    match done {
        Ok((done, undo)) => Ok(back_to.with(&format!("/customers/{id}"), done, undo.as_deref())),
        Err(error @ EngineError::Store(_)) => Err(error.into()),
        Err(error) => {
            let news = News::Failed(error.to_string());
            let page =
                profile_with(state, frame, id, news, note, None, StatusCode::UNPROCESSABLE_ENTITY).await?;
            Ok(page.into_response())
        }
    }
}
