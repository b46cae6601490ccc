//! Who asks, and what people change about themselves.

use axum::{Extension, Json, extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use whom_core::model::Timestamp;

use crate::{
    app::AppState,
    auth::{
        OwnSession, Person, PersonError, Principal, Role, Scope,
        people::{self, OwnEdit},
        second_factor,
    },
    config::LoginLimits,
    http::{ApiJson, ApiPath},
    problem::Problem,
};

use super::{
    list::Items,
    sessions::{self, SessionView},
};

/// Who asks.
#[derive(Serialize)]
#[serde(tag = "sort", rename_all = "snake_case")]
pub(crate) enum Me {
    Person { login: String, name: String, role: Role },
    Token { name: String, scopes: Vec<Scope> },
    Local,
}

/// `GET /v1/me`
pub(crate) async fn who_am_i(principal: Principal) -> Json<Me> {
    Json(match principal {
        Principal::Person { login, name, role } => Me::Person { login, name, role },
        Principal::Token { name, scopes, .. } => Me::Token { name, scopes },
        Principal::Local => Me::Local,
    })
}

/// The login name of the person who asks; programs have nothing of their own to change.
pub(crate) fn own_login(by: &Principal) -> Result<&str, Problem> {
    match by {
        Principal::Person { login, .. } => Ok(login),
        _ => Err(Problem::forbidden("only somebody who is signed in can do this for themselves")),
    }
}

/// The person who asks.
pub(crate) async fn own_person(state: &AppState, by: &Principal) -> Result<Person, Problem> {
    let person = people::get(state.store(), own_login(by)?).await?;
    Ok(person.ok_or(PersonError::Nobody)?)
}

/// What somebody has set for themselves.
#[derive(Serialize)]
pub(crate) struct OwnSettings {
    login: String,
    name: String,
    locale: Option<String>,
    zone: Option<String>,
    has_password: bool,
    second_factor_since: Option<Timestamp>,
    recovery_codes: usize,
}

async fn own_settings(state: &AppState, person: Person) -> Result<OwnSettings, Problem> {
    let factor = second_factor::state(state.store(), &person.login).await?;
    Ok(OwnSettings {
        has_password: person.signs_in_by_password(),
        login: person.login,
        name: person.name,
        locale: person.locale,
        zone: person.zone,
        second_factor_since: factor.since,
        recovery_codes: factor.recovery_codes,
    })
}

/// `GET /v1/me/settings`
pub(crate) async fn settings(
    State(state): State<AppState>,
    by: Principal,
) -> Result<Json<OwnSettings>, Problem> {
    let person = own_person(&state, &by).await?;
    Ok(Json(own_settings(&state, person).await?))
}

/// `PATCH /v1/me/settings`
pub(crate) async fn edit(
    State(state): State<AppState>,
    by: Principal,
    ApiJson(edit): ApiJson<OwnEdit>,
) -> Result<Json<OwnSettings>, Problem> {
    let person = people::edit_own(state.store(), own_login(&by)?, edit, state.now()).await?;
    Ok(Json(own_settings(&state, person).await?))
}

/// A password and the one that is to take its place.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewPassword {
    #[serde(default)]
    pub(crate) old: String,
    pub(crate) password: String,
}

/// `POST /v1/me/password`: all other sessions end.
pub(crate) async fn password(
    State(state): State<AppState>,
    by: Principal,
    this: Option<Extension<OwnSession>>,
    ApiJson(given): ApiJson<NewPassword>,
) -> Result<StatusCode, Problem> {
    change_password(&state, &by, this.as_deref(), &given).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Replaces somebody's own password. Tries are counted as those of signing in are.
pub(crate) async fn change_password(
    state: &AppState,
    by: &Principal,
    this: Option<&OwnSession>,
    given: &NewPassword,
) -> Result<(), Problem> {
    let login = own_login(by)?;
    let counted = count_try(state, login)?;
    let this = this.map(|session| session.0.as_str());
    let (store, now) = (state.store(), state.now());
    people::change_own_password(store, login, &given.old, &given.password, this, now).await?;
    state.login_attempts().was_right(&state.config().login_limits, &counted, None);
    Ok(())
}

fn count_try(state: &AppState, login: &str) -> Result<String, Problem> {
    let counted = format!("own {login}");
    // By account alone: tries without an address would be counted together, and one could lock all others out.
    let limits = LoginLimits { per_address: u32::MAX, ..state.config().login_limits };
    state
        .login_attempts()
        .begin(&limits, &counted, None, state.now())
        .map_err(|wait| Problem::too_many("there were too many tries: come again later").retry_after(wait))?;
    Ok(counted)
}

/// `GET /v1/me/sessions`
pub(crate) async fn own_sessions(
    State(state): State<AppState>,
    by: Principal,
    this: Option<Extension<OwnSession>>,
) -> Result<Json<Items<SessionView>>, Problem> {
    Ok(Items::all(sessions::of(&state, own_login(&by)?, this.as_deref()).await?))
}

/// `DELETE /v1/me/sessions`: all but the one that asks.
pub(crate) async fn end_others(
    State(state): State<AppState>,
    by: Principal,
    this: Option<Extension<OwnSession>>,
) -> Result<StatusCode, Problem> {
    sessions::end_all(&state, &by, own_login(&by)?, this.as_deref()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `DELETE /v1/me/sessions/{id}`
pub(crate) async fn end_session(
    State(state): State<AppState>,
    by: Principal,
    ApiPath(id): ApiPath<String>,
) -> Result<StatusCode, Problem> {
    sessions::end_one(&state, &by, own_login(&by)?, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A secret for an app that shows codes; it counts for nothing until a first code proves it.
#[derive(Serialize)]
pub(crate) struct SetUpView {
    secret: String,
    address: String,
}

/// `POST /v1/me/second-factor`: begins to set one up.
pub(crate) async fn begin_second_factor(
    State(state): State<AppState>,
    by: Principal,
) -> Result<Json<SetUpView>, Problem> {
    let set_up = second_factor::begin(state.store(), own_login(&by)?, "Whom", state.now()).await?;
    let set_up = set_up.ok_or_else(|| Problem::conflict("there is one already: take it away first"))?;
    Ok(Json(SetUpView { secret: set_up.secret, address: set_up.address }))
}

/// A code of the app.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct GivenCode {
    code: String,
}

/// Codes for the day the app is lost. They are shown this once.
#[derive(Serialize)]
pub(crate) struct RecoveryCodes {
    recovery_codes: Vec<String>,
}

/// `POST /v1/me/second-factor/confirm`
pub(crate) async fn confirm_second_factor(
    State(state): State<AppState>,
    by: Principal,
    ApiJson(given): ApiJson<GivenCode>,
) -> Result<Json<RecoveryCodes>, Problem> {
    Ok(Json(RecoveryCodes { recovery_codes: confirm(&state, &by, &given.code).await? }))
}

/// Proves with a first code that the app knows the secret; gives the recovery codes.
pub(crate) async fn confirm(state: &AppState, by: &Principal, code: &str) -> Result<Vec<String>, Problem> {
    let login = own_login(by)?;
    let counted = count_try(state, login)?;
    let codes = second_factor::confirm(state.store(), login, code, state.now()).await?;
    let codes = codes.ok_or_else(|| {
        let words = "this is not the code that the app shows now; see that its clock is right";
        Problem::invalid("the code is not right").at("/code", words)
    })?;
    state.login_attempts().was_right(&state.config().login_limits, &counted, None);
    Ok(codes.iter().map(|code| code.reveal().to_owned()).collect())
}

/// The password, for taking the second factor away.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct GivenPassword {
    #[serde(default)]
    password: String,
}

/// `DELETE /v1/me/second-factor`
pub(crate) async fn remove_second_factor(
    State(state): State<AppState>,
    by: Principal,
    ApiJson(given): ApiJson<GivenPassword>,
) -> Result<StatusCode, Problem> {
    remove(&state, &by, &given.password).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes somebody's own second factor away, for their password.
pub(crate) async fn remove(state: &AppState, by: &Principal, password: &str) -> Result<(), Problem> {
    let person = own_person(state, by).await?;
    let counted = count_try(state, &person.login)?;
    if person.signs_in_by_password() && !Person::has_password(Some(&person), password).await {
        return Err(PersonError::WrongPassword.into());
    }
    state.login_attempts().was_right(&state.config().login_limits, &counted, None);
    second_factor::remove(state.store(), &person.login, by, state.now()).await?;
    Ok(())
}
