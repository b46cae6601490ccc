//! Signing in by password or by a one-time link, and out again.
//!
//! Whoever is not let in is told so in plain words; `pages::sign_in` shows the form around them.

use axum::{
    Form,
    extract::{FromRequestParts, Query, Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Deserialize;

use crate::{
    app::AppState,
    audit::{self, Deed, Who, hidden_login},
    config::LoginLimits,
    http::is_own_path,
    problem::Problem,
    secret::Secret,
};

use super::{
    Person, SecurityTerms,
    authenticate::{PLAIN_COOKIE, Peer, SECURE_COOKIE, is_https, peer, session_cookie},
    device, invitations,
    letters::{self, Posted},
    origin, people,
    second_factor::{self, SetUp, Taken},
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
    decoded.filter(|path| is_own_path(path)).unwrap_or_else(|| "/".into())
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
    let Visitor { device, .. } = Visitor::new(from, request.headers());
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
        let who = Who::Unknown(hidden_login(state.store().id_key().as_bytes(), &login));
        let deed = Deed::new(who, "sign_in_failed").by_way_of(PAGE);
        audit::record(state.store(), &deed, now).await?;
        return Ok((StatusCode::UNAUTHORIZED, WRONG).into_response());
    }
    state.login_attempts().was_right(limits, &login, from.address);
    let Some(person) = person else { return Ok((StatusCode::UNAUTHORIZED, WRONG).into_response()) };
    first_step_passed(&state, &person, &Visitor { from, device }, &on_to(given.next.as_deref())).await
}

const WRONG: &str = "This login name and password do not go together.";

/// How the audit log calls the way in which people sign in.
const PAGE: &str = "page";

/// Whoever signs in, as far as their request tells.
pub(crate) struct Visitor {
    from: Peer,
    device: String,
}

impl Visitor {
    /// Whoever sent these headers from there.
    pub(crate) fn new(from: Peer, headers: &HeaderMap) -> Self {
        let agent = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok());
        Self { from, device: device::in_words(agent.unwrap_or_default()) }
    }
}

/// `GET /login/once`: a one-time link.
pub(crate) async fn with_link(
    State(state): State<AppState>,
    from: Peer,
    headers: HeaderMap,
    Query(link): Query<Link>,
) -> Result<Response, Problem> {
    let used = sessions::use_up(state.store(), &Secret::given(&link.token), state.now()).await?;
    let person = match used {
        OneTime::Good(login) => people::get(state.store(), &login).await?.filter(|person| !person.disabled),
        OneTime::Over => None,
    };
    match person {
        Some(person) => first_step_passed(&state, &person, &Visitor::new(from, &headers), "/").await,
        None => {
            let words = "This link was used before or has ended. Sign in, or ask for a new link.";
            Ok((StatusCode::UNAUTHORIZED, words).into_response())
        }
    }
}

/// `POST /logout`.
pub(crate) async fn logout(
    State(state): State<AppState>,
    from: Peer,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    if let Some(secret) = session_cookie(&state, from, &headers) {
        sessions::end(state.store(), &secret, state.now()).await?;
    }
    let mut response = Redirect::to("/login").into_response();
    for cookie in [cookie(SECURE_COOKIE, "", 0), cookie(PLAIN_COOKIE, "", 0)] {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// Goes on from a password or a link: to the pages, or to the question for the second factor.
pub(crate) async fn first_step_passed(
    state: &AppState,
    person: &Person,
    visitor: &Visitor,
    on_to: &str,
) -> Result<Response, Problem> {
    let (store, now) = (state.store(), state.now());
    let has_one = second_factor::state(store, &person.login).await?.since.is_some();
    if !has_one && !SecurityTerms::load(store).await?.second_factor_for.contains(&person.role) {
        return signed_in(state, &person.login, visitor, on_to).await;
    }
    let secret = sessions::open_second_step(store, &person.login, &visitor.device, now).await?;
    let path = match on_to {
        "/" => "/login/code".to_owned(),
        wanted => format!("/login/code?next={}", URL_SAFE_NO_PAD.encode(wanted)),
    };
    Ok(with_cookie(state, visitor.from, &secret, Redirect::to(&path).into_response()))
}

/// Where somebody stands at the second step.
pub(crate) enum SecondStep {
    /// They have to give a code.
    GiveCode,
    /// They have to set it up first: their role demands it.
    SetUp(SetUp),
}

/// What became of a code.
pub(crate) enum CodeAnswer {
    /// It was right, and somebody is signed in.
    In(Response),
    /// It was right, and set the second factor up: the codes are shown once, with the session's cookie.
    SetUp(Vec<Secret>, Response),
    /// It was wrong.
    Wrong,
    /// There were too many: come again after so many seconds.
    TooMany(u64),
    /// The step is over: begin again with the password.
    Over,
}

/// Whether the request came at the second step, and what it has to do there.
pub(crate) async fn at_second_step(
    state: &AppState,
    from: Peer,
    headers: &HeaderMap,
) -> Result<Option<SecondStep>, Problem> {
    let (store, now) = (state.store(), state.now());
    let Some(secret) = session_cookie(state, from, headers) else { return Ok(None) };
    let Some(step) = sessions::find_second_step(store, &secret, now).await? else { return Ok(None) };
    let set_up = second_factor::begin(store, &step.login, "Whom", now).await?;
    Ok(Some(set_up.map_or(SecondStep::GiveCode, SecondStep::SetUp)))
}

/// Takes the code of the second step.
pub(crate) async fn with_code(
    state: &AppState,
    from: Peer,
    headers: &HeaderMap,
    given: &str,
    next: Option<&str>,
) -> Result<CodeAnswer, Problem> {
    origin::refuse_other_pages(state.config(), headers)?;
    let (store, now) = (state.store(), state.now());
    let Some(secret) = session_cookie(state, from, headers) else { return Ok(CodeAnswer::Over) };
    let Some(step) = sessions::find_second_step(store, &secret, now).await? else {
        return Ok(CodeAnswer::Over);
    };
    // Whoever is here knows the password, so the codes have counters of their own, and narrower ones.
    let limits = LoginLimits { per_account: CODES_PER_ACCOUNT, ..state.config().login_limits };
    let counted = format!("code {}", step.login);
    if let Err(seconds) = state.login_attempts().begin(&limits, &counted, from.address, now) {
        return Ok(CodeAnswer::TooMany(seconds));
    }
    if !sessions::begin_code(store, &secret, now).await? {
        return Ok(CodeAnswer::Over);
    }
    let person = people::get(store, &step.login).await?.filter(|person| !person.disabled);
    if person.is_none() {
        return Ok(CodeAnswer::Over);
    }
    let mut shown = None;
    if second_factor::state(store, &step.login).await?.since.is_some() {
        match second_factor::take(store, &step.login, given, now).await? {
            None => {
                let deed = Deed::new(Who::Person(step.login), "second_factor_failed").by_way_of(PAGE);
                audit::record(store, &deed, now).await?;
                return Ok(CodeAnswer::Wrong);
            }
            Some(Taken::RecoveryCode) => {
                let who = Who::Person(step.login.clone());
                let deed = Deed::new(who, "recovery_code_used").by_way_of(PAGE);
                audit::record(store, &deed, now).await?;
            }
            Some(Taken::Code) => {}
        }
    } else {
        shown = second_factor::confirm(store, &step.login, given, now).await?;
        if shown.is_none() {
            return Ok(CodeAnswer::Wrong);
        }
    }
    let Some(step) = sessions::pass_second_step(store, &secret, now).await? else {
        return Ok(CodeAnswer::Over);
    };
    state.login_attempts().was_right(&limits, &counted, from.address);
    let visitor = Visitor { from, device: step.device };
    let response = signed_in(state, &step.login, &visitor, &on_to(next)).await?;
    Ok(match shown {
        Some(codes) => CodeAnswer::SetUp(codes, response),
        None => CodeAnswer::In(response),
    })
}

/// How many codes are taken for one account from anywhere, within the window of passwords.
const CODES_PER_ACCOUNT: u32 = 20;

/// Asks for a way to a new password, which never tells whether somebody of that name is here.
///
/// What is looked up and sent happens aside, so that the answer takes as long for nobody as for somebody.
pub(crate) fn forgot(state: &AppState, from: Peer, headers: &HeaderMap, login: &str) -> Result<(), Problem> {
    origin::refuse_other_pages(state.config(), headers)?;
    let Ok(login) = people::fold_login(login) else { return Ok(()) };
    let now = state.now();
    let limits = LoginLimits {
        per_account_and_address: RESETS_ASKED,
        per_account: RESETS_ASKED,
        ..state.config().login_limits
    };
    if let Err(seconds) = state.login_attempts().begin(&limits, &format!("forgot {login}"), from.address, now)
    {
        return Err(Problem::too_many("there were too many tries: come again later").retry_after(seconds));
    }
    let state = state.clone();
    tokio::spawn(async move {
        if let Err(problem) = send_reset(&state, &login).await {
            tracing::warn!(status = problem.status.as_u16(), "a way to a new password could not be sent");
        }
    });
    Ok(())
}

/// How often a new password may be asked for, within the window of passwords.
const RESETS_ASKED: u32 = 5;

async fn send_reset(state: &AppState, login: &str) -> Result<(), Problem> {
    let person = people::get(state.store(), login).await?.filter(|person| !person.disabled);
    let Some(person) = person else { return Ok(()) };
    let made = invitations::reset_asked(state.store(), &person, state.now()).await?;
    if letters::send(state, &made).await == Posted::NoChannel {
        // Nobody will ever hold this link. The audit log says that they asked, and an admin can make one.
        invitations::end_open(state.store(), login, 0, state.now()).await?;
    }
    Ok(())
}

/// Takes the password of whoever was invited, or sets a new one; goes on as after a password.
pub(crate) async fn with_invitation(
    state: &AppState,
    visitor: &Visitor,
    headers: &HeaderMap,
    token: &str,
    name: &str,
    password: &str,
) -> Result<Option<Response>, Problem> {
    origin::refuse_other_pages(state.config(), headers)?;
    let secret = Secret::given(token);
    let person = invitations::take(state.store(), &secret, name, password, state.now()).await?;
    match person {
        Some(person) => first_step_passed(state, &person, visitor, "/").await.map(Some),
        None => Ok(None),
    }
}

async fn signed_in(
    state: &AppState,
    login: &str,
    visitor: &Visitor,
    on_to: &str,
) -> Result<Response, Problem> {
    let terms = &state.config().sessions;
    let secret = sessions::open(state.store(), login, &visitor.device, terms, state.now()).await?;
    let deed = Deed::new(Who::Person(login.to_owned()), "signed_in").by_way_of(PAGE);
    audit::record(state.store(), &deed, state.now()).await?;
    Ok(with_cookie(state, visitor.from, &secret, Redirect::to(on_to).into_response()))
}

fn with_cookie(state: &AppState, from: Peer, secret: &Secret, mut response: Response) -> Response {
    let terms = &state.config().sessions;
    let name = if is_https(state, from) { SECURE_COOKIE } else { PLAIN_COOKIE };
    let cookie = cookie(name, secret.reveal(), terms.at_most.as_secs());
    response.headers_mut().insert(header::SET_COOKIE, cookie);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
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
