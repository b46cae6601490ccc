//! The guard before a route: no handler runs for somebody who may not.

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};

use crate::{app::AppState, problem::Problem, routes::Surface};

use super::{
    Permission,
    authenticate::{Proof, authenticate},
    origin,
};

/// What stands before one route.
#[derive(Clone)]
pub(crate) struct Guard {
    pub(crate) state: AppState,
    pub(crate) needs: Permission,
    pub(crate) surface: Surface,
}

/// Lets a request through to the handler, or refuses it.
pub(crate) async fn guard(State(guard): State<Guard>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let admitted = async {
        let Some((principal, proof)) = authenticate(&guard.state, &parts).await? else {
            return Err(Problem::unauthorized(
                "sign in, or send a token as `Authorization: Bearer whom_live_…`",
            )
            .challenge());
        };
        if proof == Proof::Cookie {
            origin::demand_own_page(guard.state.config(), &parts.method, &parts.headers)?;
        }
        principal.demand(guard.needs)?;
        Ok(principal)
    };
    match admitted.await {
        Ok(principal) => {
            parts.extensions.insert(principal);
            next.run(Request::from_parts(parts, body)).await
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
