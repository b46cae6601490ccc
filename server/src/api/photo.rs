//! The photo of a customer: taken away, so that it stays so when a provider offers it again, and shown again.

use axum::{Json, extract::State};
use serde::Serialize;
use whom_core::{
    engine::{Choice, EngineError, Wish},
    model::{ProfileId, PropertyKey, PropertyType, Source, Value},
};

use crate::{app::AppState, auth::Principal, http::ApiPath, problem::Problem};

use super::profiles::meant;

/// How many pictures were taken away, or are shown again.
#[derive(Serialize)]
pub(crate) struct Changed {
    changed: usize,
}

/// `DELETE /v1/profiles/{handle}/photo`
pub(crate) async fn clear(
    State(state): State<AppState>,
    by: Principal,
    ApiPath(handle): ApiPath<String>,
) -> Result<Json<Changed>, Problem> {
    let id = meant(&state, &handle).await?;
    Ok(Json(Changed { changed: clear_all(&state, id, &by.source()).await? }))
}

/// `POST /v1/profiles/{handle}/photo/restore`
pub(crate) async fn restore(
    State(state): State<AppState>,
    by: Principal,
    ApiPath(handle): ApiPath<String>,
) -> Result<Json<Changed>, Problem> {
    let id = meant(&state, &handle).await?;
    Ok(Json(Changed { changed: restore_all(&state, id, &by.source()).await? }))
}

fn pictures(state: &AppState) -> Vec<PropertyKey> {
    let rules = state.engine().rules();
    let pictures = rules.schema().iter().filter(|known| known.kind == PropertyType::Picture);
    pictures.map(|known| known.key.clone()).collect()
}

/// Takes away every picture that is shown: where the first is hidden, the next one would take its place.
async fn clear_all(state: &AppState, id: ProfileId, by: &Source) -> Result<usize, Problem> {
    let mut changed = 0;
    for key in pictures(state) {
        let mut hidden: Vec<Value> = Vec::new();
        loop {
            let view = state.engine().view(id, state.now()).await?;
            let shown = view.field(key.as_str()).and_then(|field| field.values.first());
            let Some(value) = shown.map(|shown| shown.value.clone()) else { break };
            // What is shown though it was hidden stays so, whatever is tried again.
            if hidden.contains(&value) {
                break;
            }
            let wish = Wish::Hide(Choice::Value(value.clone()));
            state.engine().decide_property(view.id, &key, &wish, by, state.now()).await?;
            if let Some(address) = value.as_text() {
                state.pictures().forget(address).await;
            }
            hidden.push(value);
        }
        changed += hidden.len();
    }
    Ok(changed)
}

/// Shows every picture again that was taken away.
async fn restore_all(state: &AppState, id: ProfileId, by: &Source) -> Result<usize, Problem> {
    let (engine, now) = (state.engine(), state.now());
    let mut changed = 0;
    for key in pictures(state) {
        let why = match engine.why(id, &key, now).await {
            Ok(why) => why,
            Err(EngineError::NotFound { .. }) => continue,
            Err(error) => return Err(error.into()),
        };
        for decided in why.decisions.iter().filter(|decided| decided.deed == "hide" && decided.counts) {
            let Some(value) = decided.value.clone() else { continue };
            engine.decide_property(id, &key, &Wish::Show(value), by, now).await?;
            changed += 1;
        }
    }
    Ok(changed)
}
