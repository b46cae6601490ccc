//! The guard before a route: no handler runs for somebody who may not.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};

use whom_core::store::StoreError;

use crate::{
    app::AppState,
    asking::Asking,
    audit::{self, Noted},
    problem::Problem,
    routes::Surface,
    sight::sight_of,
};

use super::{
    OwnSession, Permission, Principal,
    authenticate::{Proof, authenticate},
    keys, origin, people, sessions,
};

/// What stands before one route.
#[derive(Clone)]
pub(crate) struct Guard {
    pub(crate) state: AppState,
    pub(crate) needs: Permission,
    pub(crate) surface: Surface,
    pub(crate) path: &'static str,
    pub(crate) noted: Noted,
}

/// Lets a request through to the handler, or refuses it.
pub(crate) async fn guard(State(guard): State<Guard>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let admitted = async {
        let Some(known) = authenticate(&guard.state, &parts).await? else {
            return Err(Problem::unauthorized(
                "sign in, or send a token as `Authorization: Bearer whom_live_…`",
            )
            .challenge());
        };
        if known.proof == Proof::Cookie {
            origin::demand_own_page(guard.state.config(), &parts.method, &parts.headers)?;
        }
        known.principal.demand(guard.needs)?;
        Ok(known)
    };
    match admitted.await {
        Ok(known) => {
            let surface = surface_word(guard.surface, &known.principal);
            let asking = async {
                let sight = sight_of(&guard.state, &known.principal).await?;
                let names = match guard.surface {
                    Surface::Page => guard.state.names().await?,
                    Surface::Api | Surface::Tracking => Arc::default(),
                };
                Ok::<_, StoreError>(Asking {
                    surface,
                    sight,
                    locale: known.preferences.locale(&parts.headers),
                    names,
                })
            };
            let asking = match asking.await {
                Ok(asking) => asking,
                Err(error) => return Problem::from(error).into_response(),
            };
            let by = known.principal.clone();
            let word = guard.noted.word(guard.needs, &parts);
            let ids = match word {
                Some(_) => audit::ids_of(&guard.state, &mut parts, guard.path).await,
                None => Vec::new(),
            };
            parts.extensions.insert(known.principal);
            parts.extensions.insert(known.preferences);
            if let Some(session) = known.session {
                parts.extensions.insert(session);
            }
            let request = Request::from_parts(parts, body);
            let during_body = asking.clone();
            let response = asking
                .around(async {
                    let response = next.run(request).await;
                    if let Some(word) = word.filter(|_| response.status().as_u16() < 400) {
                        audit::note(&guard.state, &by, word, ids).await;
                    }
                    response
                })
                .await;
            response.map(|body| during_body.around_body(body))
        }
        Err(problem) if guard.surface == Surface::Page && problem.status == 401 => {
            let wanted = parts.uri.path_and_query().map_or("/", |path| path.as_str());
            // A form that was sent cannot be sent again after signing in; its page can be opened.
            let back = if parts.method.is_safe() { wanted } else { "/" };
            Redirect::to(&super::login::path_with_return(back)).into_response()
        }
        Err(problem) => problem.into_response(),
    }
}

/// The word for a surface, as the audit log has it.
fn surface_word(surface: Surface, by: &Principal) -> &'static str {
    match (surface, by) {
        (_, Principal::Local) => "local",
        (Surface::Api, _) => "api",
        (Surface::Page, _) => "page",
        (Surface::Tracking, _) => "tracking",
    }
}

/// Whether somebody who was known is so still: whoever reads a live stream is asked anew when people,
/// keys or sessions change.
pub(crate) async fn is_still_known(
    state: &AppState,
    by: &Principal,
    session: Option<&OwnSession>,
) -> Result<bool, StoreError> {
    let store = state.store();
    match (by, session) {
        (Principal::Local, _) => Ok(true),
        (Principal::Token { key, .. }, _) => keys::is_good(store, key).await,
        (Principal::Person { login, role, .. }, Some(session)) => {
            let person = people::get(store, login).await?;
            let is_same = person.is_some_and(|person| !person.disabled && person.role == *role);
            Ok(is_same && sessions::is_open(store, &session.0, &state.config().sessions, state.now()).await?)
        }
        (Principal::Person { .. }, None) => Ok(false),
    }
}
