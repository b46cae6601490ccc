//! Signing in by password or by a one-time link, and out again.
//!
//! Whoever is not let in is told so in plain words; `pages::sign_in` shows the form around them.

use axum::{
    Form,
    extract::{FromRequestParts, Query, Request, State},
    http::{HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Deserialize;

use crate::{app::AppState, problem::Problem, secret::Secret};

use super::{
    Person,
    authenticate::{PLAIN_COOKIE, Peer, SECURE_COOKIE, peer, session_cookie},
    origin, people,
    sessions::{self, OneTime},
};

/// What the login form sends.
#[derive(Deserialize)]
pub(crate) struct Credentials {
    login: String,
    password: String,
    next: Option<String>,
}

/// What a one-time link carries.
#[derive(Deserialize)]
pub(crate) struct Link {
    token: String,
}

/// The login page that leads back to `wanted`.
pub(super) fn path_with_return(wanted: &str) -> String {
    if wanted == "/" {
        return "/login".into();
    }
    // Encoded as one word, so that no character of it needs escaping twice.
    format!("/login?next={}", URL_SAFE_NO_PAD.encode(wanted))
}

/// The path to go on to: one of ours, never another site.
fn on_to(next: Option<&str>) -> String {
    let decoded =
        next.and_then(|next| URL_SAFE_NO_PAD.decode(next).ok()).and_then(|path| String::from_utf8(path).ok());
    let is_ours = |path: &String| {
        path.starts_with('/')
            && !path.starts_with("//")
            && !path.contains('\\')
            && !path.chars().any(char::is_control)
    };
    decoded.filter(is_ours).unwrap_or_else(|| "/".into())
}

/// Where a request comes from, as handlers ask for it.
impl FromRequestParts<AppState> for Peer {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Self::Rejection> {
        Ok(peer(state, parts))
    }
}

/// `POST /login`: a password.
pub(crate) async fn with_password(
    State(state): State<AppState>,
    from: Peer,
    request: Request,
) -> Result<Response, Problem> {
    origin::refuse_other_pages(state.config(), request.headers())?;
    let Ok(Form(given)) = axum::RequestExt::extract::<Form<Credentials>, _>(request).await else {
        return Err(Problem::bad_request("send `login` and `password` as a form"));
    };
    let (limits, now) = (&state.config().login_limits, state.now());
    let Ok(login) = people::fold_login(&given.login) else {
        return Ok((StatusCode::UNAUTHORIZED, WRONG).into_response());
    };
    if let Err(seconds) = state.login_attempts().begin(limits, &login, from.address, now) {
        let words = format!("There were too many tries. Try again in {} minutes.", seconds.div_ceil(60));
        let mut response = (StatusCode::TOO_MANY_REQUESTS, words).into_response();
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        return Ok(response);
    }
    let person = people::get(state.store(), &login).await?;
    if !Person::has_password(person.as_ref(), &given.password).await {
        tracing::info!("a sign-in was refused");
        return Ok((StatusCode::UNAUTHORIZED, WRONG).into_response());
    }
    state.login_attempts().was_right(limits, &login, from.address);
    signed_in(&state, &login, from, &on_to(given.next.as_deref())).await
}

const WRONG: &str = "This login name and password do not go together.";

/// `GET /login/once`: a one-time link.
pub(crate) async fn with_link(
    State(state): State<AppState>,
    from: Peer,
    Query(link): Query<Link>,
) -> Result<Response, Problem> {
    let used = sessions::use_up(state.store(), &Secret::given(&link.token), state.now()).await?;
    let person = match used {
        OneTime::Good(login) => people::get(state.store(), &login).await?.filter(|person| !person.disabled),
        OneTime::Over => None,
    };
    match person {
        Some(person) => signed_in(&state, &person.login, from, "/").await,
        None => {
            let words = "This link was used before or has ended. Sign in, or ask for a new link.";
            Ok((StatusCode::UNAUTHORIZED, words).into_response())
        }
    }
}

/// `POST /logout`.
pub(crate) async fn logout(State(state): State<AppState>, request: Request) -> Result<Response, Problem> {
    if let Some(secret) = session_cookie(request.headers()) {
        sessions::end(state.store(), &secret, state.now()).await?;
    }
    let mut response = Redirect::to("/login").into_response();
    for cookie in [cookie(SECURE_COOKIE, "", 0), cookie(PLAIN_COOKIE, "", 0)] {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

async fn signed_in(state: &AppState, login: &str, from: Peer, on_to: &str) -> Result<Response, Problem> {
    let terms = &state.config().sessions;
    let secret = sessions::open(state.store(), login, terms, state.now()).await?;
    let is_https =
        from.is_https || state.config().public_url.as_deref().is_some_and(|url| url.starts_with("https://"));
    let name = if is_https { SECURE_COOKIE } else { PLAIN_COOKIE };
    let mut response = Redirect::to(on_to).into_response();
    let cookie = cookie(name, secret.reveal(), terms.at_most.as_secs());
    response.headers_mut().insert(header::SET_COOKIE, cookie);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

fn cookie(name: &str, value: &str, seconds: u64) -> HeaderValue {
    let secure = if name == SECURE_COOKIE { "; Secure" } else { "" };
    let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}");
    // Names and secrets are made of letters, digits, `-` and `_`.
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signing_in_leads_back_to_our_own_pages_alone() {
        let back = |path: &str| on_to(Some(&URL_SAFE_NO_PAD.encode(path)));
        assert_eq!(back("/customers?q=ana"), "/customers?q=ana");
        for elsewhere in ["//evil.example", "https://evil.example", "/\\evil.example", "customers", ""] {
            assert_eq!(back(elsewhere), "/", "{elsewhere}");
        }
        assert_eq!(on_to(Some("not base64!")), "/");
    }
}
