//! The trash, and erasing somebody for good.

use axum::{
    Json,
    extract::State,
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use whom_core::{engine::EngineError, view::ProfileView};

use crate::{
    app::AppState,
    auth::Principal,
    http::{ApiPath, ApiQuery},
    problem::Problem,
    reading,
};

use super::{
    profiles::meant,
    version::{Versioned, demanded},
};

/// Whether erasing is meant.
#[derive(Debug, Deserialize)]
pub(crate) struct EraseQuery {
    /// `?dry_run` and `?dry_run=true` say what would go and change nothing.
    dry_run: Option<String>,
}

/// `POST /v1/profiles/{handle}/trash`
pub(crate) async fn trash(
    State(state): State<AppState>,
    by: Principal,
    ApiPath(handle): ApiPath<String>,
) -> Result<Versioned<ProfileView>, Problem> {
    let id = meant(&state, &handle).await?;
    state.engine().trash(id, &by.source(), state.now()).await?;
    let view = state.engine().view(id, state.now()).await?;
    Ok(Versioned { version: view.version.clone(), value: view })
}

/// `POST /v1/profiles/{handle}/restore`
pub(crate) async fn restore(
    State(state): State<AppState>,
    ApiPath(handle): ApiPath<String>,
) -> Result<Versioned<ProfileView>, Problem> {
    let id = meant(&state, &handle).await?;
    state.engine().restore(id, state.now()).await?;
    let view = state.engine().view(id, state.now()).await?;
    Ok(Versioned { version: view.version.clone(), value: view })
}

/// `DELETE /v1/profiles/{handle}`: for good. With `?dry_run` it says exactly what would go.
pub(crate) async fn erase(
    State(state): State<AppState>,
    by: Principal,
    ApiPath(handle): ApiPath<String>,
    ApiQuery(query): ApiQuery<EraseQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let dry_run = query.dry_run.is_some_and(|given| given != "false");
    let demanded = if dry_run { None } else { demanded(&headers)? };
    let id = meant(&state, &handle).await?;
    let version = state.engine().view(id, state.now()).await?.version;
    if dry_run {
        return Ok(Versioned { version, value: state.engine().erase_plan(id).await? }.into_response());
    }
    if demanded.is_some_and(|demanded| demanded != version) {
        return Err(EngineError::Changed { version }.into());
    }
    let id = state.engine().resolve(id).await?;
    let pictures = reading::pictures_of(&state, id).await?;
    let receipt = state.engine().erase(id, &by.source(), state.now()).await?;
    for address in pictures {
        state.pictures().forget(&address).await;
    }
    Ok(Json(receipt).into_response())
}
