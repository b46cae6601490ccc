//! Invitations and new passwords, as pages.

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use serde::Deserialize;

use super::page::{self, Typed};
use crate::{
    app::AppState,
    auth::{
        Peer, invitations,
        login::{self, Visitor},
    },
    http::ApiQuery,
    pages::{answer::Html, frame::Frame, sent::Sent, words},
    problem::Problem,
    secret::Secret,
};

/// What stands behind `?` of the link.
#[derive(Deserialize)]
pub(crate) struct Link {
    #[serde(default)]
    token: String,
}

/// `GET /invitation`: looking at the link does not use it up.
pub(crate) async fn page(
    State(state): State<AppState>,
    frame: Frame,
    ApiQuery(link): ApiQuery<Link>,
) -> Result<Html, Problem> {
    let found = invitations::find(state.store(), &Secret::given(&link.token), state.now()).await?;
    Ok(match found {
        Some(found) => {
            let typed = Typed { token: &link.token, name: "" };
            Html::ok(page::invitation(&frame, &found.purpose, &typed, None))
        }
        None => Html(StatusCode::NOT_FOUND, page::invitation_over(&frame)),
    })
}

/// What the form sends.
#[derive(Deserialize)]
pub(crate) struct Chosen {
    token: String,
    #[serde(default)]
    name: String,
    password: String,
}

/// `POST /invitation`
pub(crate) async fn take(
    State(state): State<AppState>,
    from: Peer,
    frame: Frame,
    headers: HeaderMap,
    Sent(chosen): Sent<Chosen>,
) -> Result<Response, Problem> {
    let visitor = Visitor::new(from, &headers);
    let Chosen { token, name, password } = &chosen;
    match login::with_invitation(&state, &visitor, &headers, token, name, password).await {
        Ok(Some(response)) => Ok(response),
        Ok(None) => Ok(Html(StatusCode::NOT_FOUND, page::invitation_over(&frame)).into_response()),
        // What was typed stays there, except the password.
        Err(problem) if problem.status == StatusCode::UNPROCESSABLE_ENTITY => {
            let found = invitations::find(state.store(), &Secret::given(token), state.now()).await?;
            let Some(found) = found else { return Err(problem) };
            let why = problem.errors.first().map_or(problem.detail.as_str(), |error| &error.detail);
            let typed = Typed { token, name };
            let again = page::invitation(&frame, &found.purpose, &typed, Some(&words::sentence(why)));
            Ok(Html(problem.status, again).into_response())
        }
        Err(problem) => Err(problem),
    }
}

/// `GET /login/forgot`
pub(crate) async fn forgot_page(frame: Frame) -> Html {
    Html::ok(page::forgot(&frame, None))
}

/// Who asks for a new password.
#[derive(Deserialize)]
pub(crate) struct Forgotten {
    login: String,
}

/// `POST /login/forgot`: the same answer for everybody.
pub(crate) async fn forgot(
    State(state): State<AppState>,
    from: Peer,
    frame: Frame,
    headers: HeaderMap,
    Sent(asked): Sent<Forgotten>,
) -> Result<Html, Problem> {
    match login::forgot(&state, from, &headers, &asked.login) {
        Ok(()) => Ok(Html::ok(page::forgot_sent(&frame))),
        Err(problem) if problem.status == StatusCode::TOO_MANY_REQUESTS => {
            Ok(Html(problem.status, page::forgot(&frame, Some(&words::sentence(&problem.detail)))))
        }
        Err(problem) => Err(problem),
    }
}
