//! Signing in as a page: `auth` decides, this file says it in the look of every other page.

use axum::{
    body::{Body, to_bytes},
    extract::{Query, Request, State},
    handler::Handler,
    http::{StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;

use super::page as form;
use crate::pages::{answer::Html, frame::Frame, words};
use crate::{app::AppState, auth::login as auth, http::ApiQuery, problem::Problem};

/// The longest form that is read: a name, a password and a path.
const LONGEST_FORM: usize = 64 * 1024;

/// Where somebody wanted to go, as `auth` wrote it.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Return {
    pub(super) next: Option<String>,
}

/// What stays in the form when somebody was not let in: all but the password.
#[derive(Debug, Default, Deserialize)]
struct Typed {
    #[serde(default)]
    login: String,
    next: Option<String>,
}

impl Typed {
    /// Reads it; a form is written as what stands behind `?` is.
    fn read(form: &[u8]) -> Self {
        let text = std::str::from_utf8(form).unwrap_or_default();
        let typed = format!("/?{text}").parse::<Uri>().ok().and_then(|uri| Query::try_from_uri(&uri).ok());
        typed.map_or_else(Self::default, |Query(typed)| typed)
    }
}

/// `GET /login`: the form.
pub(crate) async fn page(frame: Frame, ApiQuery(back): ApiQuery<Return>) -> Html {
    Html::ok(form::form(&frame, "", back.next.as_deref(), None))
}

/// `POST /login`: a password.
pub(crate) async fn with_password(
    State(state): State<AppState>,
    frame: Frame,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let form = to_bytes(body, LONGEST_FORM).await;
    let form = form.map_err(|_| Problem::too_large("this is more than a login form holds"))?;
    // Whoever mistypes a password need not type their name again, and still gets to where they wanted.
    let typed = Typed::read(&form);
    let request = Request::from_parts(parts, Body::from(form));
    let answer = auth::with_password.call(request, state).await;
    Ok(dressed(&frame, &typed, words::WRONG_PASSWORD, answer))
}

/// `GET /login/once`: a one-time link.
pub(crate) async fn with_link(State(state): State<AppState>, frame: Frame, request: Request) -> Response {
    let answer = auth::with_link.call(request, state).await;
    dressed(&frame, &Typed::default(), words::LINK_IS_OVER, answer)
}

/// The form again where somebody was not let in; every other answer as it is.
fn dressed(frame: &Frame, typed: &Typed, not_let_in: &str, answer: Response) -> Response {
    let is_problem = answer.extensions().get::<Problem>().is_some();
    let seconds = answer.headers().get(header::RETRY_AFTER).cloned();
    let words = match answer.status() {
        _ if is_problem => return answer,
        StatusCode::UNAUTHORIZED => not_let_in.to_owned(),
        StatusCode::TOO_MANY_REQUESTS => {
            let wait = seconds.as_ref().and_then(|seconds| seconds.to_str().ok()?.parse::<u64>().ok());
            words::too_many_tries(wait.unwrap_or(60))
        }
        _ => return answer,
    };
    let page = Html(answer.status(), form::form(frame, &typed.login, typed.next.as_deref(), Some(&words)));
    let mut page = page.into_response();
    if let Some(seconds) = seconds {
        page.headers_mut().insert(header::RETRY_AFTER, seconds);
    }
    page
}
