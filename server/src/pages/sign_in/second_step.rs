//! The second step of signing in, as pages.

use axum::{
    extract::State,
    http::{HeaderMap, HeaderName, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use super::{handlers::Return, page};
use crate::{
    app::AppState,
    auth::{
        Peer,
        login::{self, CodeAnswer, SecondStep},
    },
    http::ApiQuery,
    pages::{
        answer::Html,
        frame::Frame,
        sent::Sent,
        words::{self, sign_in},
    },
    problem::Problem,
};

/// What the form sends.
#[derive(Deserialize)]
pub(crate) struct GivenCode {
    code: String,
    next: Option<String>,
}

/// `GET /login/code`: the question, for whoever gave a password before.
pub(crate) async fn page(
    State(state): State<AppState>,
    from: Peer,
    frame: Frame,
    headers: HeaderMap,
    ApiQuery(back): ApiQuery<Return>,
) -> Result<Response, Problem> {
    asked(&state, &frame, (from, &headers), back.next.as_deref(), StatusCode::OK, None).await
}

async fn asked(
    state: &AppState,
    frame: &Frame,
    (from, headers): (Peer, &HeaderMap),
    next: Option<&str>,
    status: StatusCode,
    went_wrong: Option<&str>,
) -> Result<Response, Problem> {
    Ok(match login::at_second_step(state, from, headers).await? {
        None if went_wrong.is_none() => Redirect::to("/login").into_response(),
        None => Html(status, page::form(frame, "", next, Some(sign_in::CODE_OVER))).into_response(),
        Some(SecondStep::GiveCode) => Html(status, page::code(frame, next, went_wrong)).into_response(),
        Some(SecondStep::SetUp(shown)) => {
            Html(status, page::demanded(frame, &shown, next, went_wrong)).into_response()
        }
    })
}

/// `POST /login/code`
pub(crate) async fn with_code(
    State(state): State<AppState>,
    from: Peer,
    frame: Frame,
    headers: HeaderMap,
    Sent(given): Sent<GivenCode>,
) -> Result<Response, Problem> {
    let next = given.next.as_deref();
    let unauthorized = StatusCode::UNAUTHORIZED;
    match login::with_code(&state, from, &headers, &given.code, next).await? {
        CodeAnswer::In(response) => Ok(response),
        CodeAnswer::SetUp(codes, response) => {
            let codes: Vec<String> = codes.iter().map(|code| code.reveal().to_owned()).collect();
            let on_to = text(&response, header::LOCATION);
            let mut shown = Html::ok(page::kept(&frame, &codes, &on_to)).into_response();
            if let Some(cookie) = response.headers().get(header::SET_COOKIE) {
                shown.headers_mut().insert(header::SET_COOKIE, cookie.clone());
            }
            Ok(shown)
        }
        CodeAnswer::Wrong => {
            asked(&state, &frame, (from, &headers), next, unauthorized, Some(sign_in::CODE_WRONG)).await
        }
        CodeAnswer::TooMany(seconds) => {
            let words = words::too_many_tries(seconds);
            let status = StatusCode::TOO_MANY_REQUESTS;
            let mut page = asked(&state, &frame, (from, &headers), next, status, Some(&words)).await?;
            page.headers_mut().insert(header::RETRY_AFTER, seconds.into());
            Ok(page)
        }
        CodeAnswer::Over => {
            Ok(Html(unauthorized, page::form(&frame, "", next, Some(sign_in::CODE_OVER))).into_response())
        }
    }
}

fn text(response: &Response, name: HeaderName) -> String {
    response.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or("/").to_owned()
}
