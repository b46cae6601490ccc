//! What an admin decides, and the rules in force.

use axum::{Json, extract::State};
use serde::Serialize;
use whom_core::model::PropertyDefinition;

use crate::{app::AppState, http::ApiJson, problem::Problem, settings::Settings};

/// The rules in force.
#[derive(Serialize)]
pub(crate) struct RulesView {
    hash: String,
    properties: Vec<PropertyDefinition>,
}

/// `GET /v1/settings`
pub(crate) async fn show(State(state): State<AppState>) -> Result<Json<Settings>, Problem> {
    Ok(Json(state.settings().await?))
}

/// `PUT /v1/settings`: all of them at once.
pub(crate) async fn replace(
    State(state): State<AppState>,
    ApiJson(given): ApiJson<Settings>,
) -> Result<Json<Settings>, Problem> {
    let settings = given
        .checked()
        .map_err(|error| Problem::invalid("these settings are not taken").at(error.pointer, error.why))?;
    settings.save(state.store(), state.now()).await?;
    Ok(Json(settings))
}

/// `GET /v1/rules`
pub(crate) async fn rules(State(state): State<AppState>) -> Json<RulesView> {
    let rules = state.engine().rules();
    Json(RulesView { hash: rules.hash().to_owned(), properties: rules.schema().iter().cloned().collect() })
}
