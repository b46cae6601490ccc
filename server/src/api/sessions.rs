//! Where somebody is signed in: the sessions of whoever asks, and for admins those of others.

use axum::{Extension, Json, extract::State, http::StatusCode};
use serde::Serialize;
use whom_core::model::Timestamp;

use crate::{
    app::AppState,
    audit::Deed,
    auth::{OwnSession, PersonError, Principal, people, second_factor, sessions},
    http::ApiPath,
    problem::Problem,
};

use super::list::Items;

/// One session, without what proves it. Of the address nothing is kept.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct SessionView {
    pub(crate) id: String,
    /// The browser and system, in words.
    pub(crate) device: String,
    pub(crate) since: Timestamp,
    /// The last visit, to the hour.
    pub(crate) last_seen: Timestamp,
    pub(crate) ends: Timestamp,
    /// Whether it is the session that asks.
    pub(crate) is_this: bool,
}

/// The sessions of somebody, the last visited first.
pub(crate) async fn of(
    state: &AppState,
    login: &str,
    this: Option<&OwnSession>,
) -> Result<Vec<SessionView>, Problem> {
    let terms = &state.config().sessions;
    let found = sessions::list(state.store(), login, terms, state.now()).await?;
    let view = |(id, session): (String, sessions::Session)| SessionView {
        is_this: this.is_some_and(|this| this.0 == id),
        id,
        device: session.device,
        since: session.created,
        last_seen: session.last_seen,
        ends: session.ends,
    };
    Ok(found.into_iter().map(view).collect())
}

/// Ends one session of somebody.
pub(crate) async fn end_one(state: &AppState, by: &Principal, login: &str, id: &str) -> Result<(), Problem> {
    let deed = Deed::new(by, "session_ended").on("person", login).on("session", id);
    match sessions::end_one_of(state.store(), login, id, &deed, state.now()).await? {
        true => Ok(()),
        false => Err(Problem::not_found("there is no such session any more")),
    }
}

/// Ends all sessions of somebody, except one.
pub(crate) async fn end_all(
    state: &AppState,
    by: &Principal,
    login: &str,
    except: Option<&OwnSession>,
) -> Result<(), Problem> {
    let deed = Deed::new(by, "sessions_ended").on("person", login);
    let except = except.map(|session| session.0.as_str());
    sessions::end_all_of(state.store(), login, except, Some(&deed), state.now()).await?;
    Ok(())
}

/// The person that an admin means, whom they may manage.
pub(crate) async fn managed(state: &AppState, by: &Principal, login: &str) -> Result<String, Problem> {
    let person = people::get(state.store(), login).await?.ok_or(PersonError::Nobody)?;
    people::owners_only(by, person.role)?;
    Ok(person.login)
}

/// Takes somebody's second factor away, so that they can sign in and set up another.
pub(crate) async fn reset_second_factor_by(
    state: &AppState,
    by: &Principal,
    login: &str,
) -> Result<(), Problem> {
    let login = managed(state, by, login).await?;
    second_factor::remove(state.store(), &login, by, state.now()).await?;
    end_all(state, by, &login, None).await
}

/// `GET /v1/people/{login}/sessions`
pub(crate) async fn list(
    State(state): State<AppState>,
    ApiPath(login): ApiPath<String>,
    this: Option<Extension<OwnSession>>,
) -> Result<Json<Items<SessionView>>, Problem> {
    people::get(state.store(), &login).await?.ok_or(PersonError::Nobody)?;
    Ok(Items::all(of(&state, &login, this.as_deref()).await?))
}

/// `DELETE /v1/people/{login}/sessions`
pub(crate) async fn end_all_of(
    State(state): State<AppState>,
    by: Principal,
    ApiPath(login): ApiPath<String>,
) -> Result<StatusCode, Problem> {
    let login = managed(&state, &by, &login).await?;
    end_all(&state, &by, &login, None).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `DELETE /v1/people/{login}/sessions/{id}`
pub(crate) async fn end_one_of(
    State(state): State<AppState>,
    by: Principal,
    ApiPath((login, id)): ApiPath<(String, String)>,
) -> Result<StatusCode, Problem> {
    let login = managed(&state, &by, &login).await?;
    end_one(&state, &by, &login, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `DELETE /v1/people/{login}/second-factor`
pub(crate) async fn reset_second_factor(
    State(state): State<AppState>,
    by: Principal,
    ApiPath(login): ApiPath<String>,
) -> Result<StatusCode, Problem> {
    reset_second_factor_by(&state, &by, &login).await?;
    Ok(StatusCode::NO_CONTENT)
}
