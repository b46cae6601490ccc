//! What pages do: the forms that change something, each answered by the page it was sent from.

use axum::{
    Form,
    extract::{FromRequest, Request, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use serde::{Deserialize, de::DeserializeOwned};
use whom_core::{
    engine::EngineError,
    model::{ContactId, ExternalId, MembershipId, ProfileId},
};

use super::{
    frame::{Frame, Theme},
    looker::THEME_COOKIE,
    profile::News,
    show::{profile_id, profile_with},
};
use crate::{app::AppState, auth::Principal, http::ApiPath, problem::Problem};

/// A form that was sent.
pub(crate) struct Sent<T>(T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Sent<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let form = Form::<T>::from_request(request, state).await;
        form.map(|Form(sent)| Self(sent)).map_err(|error| Problem::bad_request(error.body_text()))
    }
}

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
    ApiPath(id): ApiPath<String>,
    Sent(note): Sent<Note>,
) -> Result<Response, Problem> {
    let id = profile_id(&id)?;
    let request = ExternalId::new(format!("page:{}", principal.scope()), note.request);
    let done = state
        .engine()
        .add_note(id, &note.text, request, &principal.source(), state.now())
        .await
        .map(|_| "noted");
    back(&state, &frame, id, done.map(str::to_owned)).await
}

/// `POST /customers/{id}/detach/{contact}`
pub(crate) async fn detach(
    State(state): State<AppState>,
    frame: Frame,
    principal: Principal,
    ApiPath((id, contact)): ApiPath<(String, String)>,
) -> Result<Response, Problem> {
    let id = profile_id(&id)?;
    let contact: ContactId =
        contact.parse().map_err(|_| Problem::not_found("there is no such contact in this profile"))?;
    let done = state.engine().detach(id, contact, &principal.source(), state.now()).await;
    back(&state, &frame, id, done.map(|(_, to)| format!("detached&to={to}"))).await
}

/// `POST /customers/{id}/undo/{change}`
pub(crate) async fn undo(
    State(state): State<AppState>,
    frame: Frame,
    principal: Principal,
    ApiPath((id, change)): ApiPath<(String, String)>,
) -> Result<Response, Problem> {
    let id = profile_id(&id)?;
    let change: MembershipId =
        change.parse().map_err(|_| Problem::not_found("there is no such merge in this profile"))?;
    // Only what this profile took part in: an id from elsewhere is somebody else's merge.
    if !state.engine().history(id).await?.iter().any(|known| known.id == change) {
        return Err(Problem::not_found("there is no such merge in this profile"));
    }
    let done = state.engine().unmerge(change, &principal.source(), state.now()).await;
    back(&state, &frame, id, done.map(|_| "undone".to_owned())).await
}

/// Which profile goes into this one, and why.
#[derive(Deserialize)]
pub(crate) struct Merge {
    from: String,
    #[serde(default)]
    why: String,
}

/// `POST /customers/{id}/merge`
pub(crate) async fn merge(
    State(state): State<AppState>,
    frame: Frame,
    principal: Principal,
    ApiPath(id): ApiPath<String>,
    Sent(merge): Sent<Merge>,
) -> Result<Response, Problem> {
    let (from, into) = (profile_id(&merge.from)?, profile_id(&id)?);
    let done = state.engine().merge(from, into, &principal.source(), &merge.why, state.now()).await;
    back(&state, &frame, into, done.map(|_| "merged".to_owned())).await
}

/// Back to the profile with news: what was done, or why it was not.
async fn back(
    state: &AppState,
    frame: &Frame,
    id: ProfileId,
    done: Result<String, EngineError>,
) -> Result<Response, Problem> {
    match done {
        Ok(done) => Ok(Redirect::to(&format!("/customers/{id}?done={done}")).into_response()),
        Err(error @ EngineError::Store(_)) => Err(error.into()),
        Err(error) => {
            let news = News::Failed(error.to_string());
            let page = profile_with(state, frame, id, news, StatusCode::UNPROCESSABLE_ENTITY).await?;
            Ok(page.into_response())
        }
    }
}

/// Light or dark, and the page to come back to.
#[derive(Deserialize)]
pub(crate) struct Look {
    theme: String,
    #[serde(default)]
    back: String,
}

/// `POST /theme`: light or dark without scripts; with them `theme.js` does the same by itself.
pub(crate) async fn set_theme(Sent(look): Sent<Look>) -> Response {
    let is_ours = look.back.starts_with('/') && !look.back.starts_with("//") && !look.back.contains('\\');
    let mut response = Redirect::to(if is_ours { &look.back } else { "/" }).into_response();
    let word = Theme::from_word(&look.theme).word().unwrap_or_default();
    let cookie = format!("{THEME_COOKIE}={word}; Path=/; Max-Age=31536000; SameSite=Lax");
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}
