//! Relationships between customers, from whichever side one looks.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
};
use serde::{Deserialize, Serialize};
use whom_core::{
    engine::RelationshipView,
    model::{Relationship, RelationshipId},
};

use crate::{
    app::AppState,
    auth::Principal,
    http::{ApiJson, ApiPath},
    problem::Problem,
};

use super::{
    list::Items,
    profiles::{meant, request_id},
};

/// A relationship to be named.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewRelationship {
    /// The other customer, by what people have at hand.
    with: String,
    /// What they are to this customer.
    they_are: String,
    /// What this customer is to them; follows from a known word.
    #[serde(default)]
    this_is: String,
}

/// A relationship that was named.
#[derive(Debug, Serialize)]
pub(crate) struct Related {
    id: RelationshipId,
}

/// A word that is offered, and what the other side then is.
#[derive(Debug, Serialize)]
pub(crate) struct KnownWord {
    they_are: &'static str,
    this_is: Option<&'static str>,
}

/// `GET /v1/profiles/{handle}/relationships`
pub(crate) async fn list(
    State(state): State<AppState>,
    ApiPath(handle): ApiPath<String>,
) -> Result<Json<Items<RelationshipView>>, Problem> {
    let id = meant(&state, &handle).await?;
    Ok(Items::all(state.engine().relationships(id, state.now()).await?))
}

/// `GET /v1/relationship-words`: what pages offer; any other word is taken as well.
pub(crate) async fn known_words() -> Json<Items<KnownWord>> {
    let word = |they_are| KnownWord { they_are, this_is: Relationship::other_side(they_are) };
    Items::all(Relationship::known_words().map(word).collect())
}

/// `POST /v1/profiles/{handle}/relationships`
pub(crate) async fn add(
    State(state): State<AppState>,
    by: Principal,
    ApiPath(handle): ApiPath<String>,
    headers: HeaderMap,
    ApiJson(new): ApiJson<NewRelationship>,
) -> Result<(StatusCode, Json<Related>), Problem> {
    let (this, with) = (meant(&state, &handle).await?, meant(&state, &new.with).await?);
    let request = request_id(&headers, &by);
    let engine = state.engine();
    let (they, other) = (&new.they_are, &new.this_is);
    let id = engine.relate(this, with, they, other, &request, &by.source(), state.now()).await?;
    Ok((StatusCode::CREATED, Json(Related { id })))
}

/// `DELETE /v1/profiles/{handle}/relationships/{id}`
pub(crate) async fn remove(
    State(state): State<AppState>,
    by: Principal,
    ApiPath((handle, id)): ApiPath<(String, RelationshipId)>,
) -> Result<StatusCode, Problem> {
    let profile = meant(&state, &handle).await?;
    state.engine().set_related(profile, id, false, &by.source(), state.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /v1/profiles/{handle}/relationships/{id}/restore`
pub(crate) async fn restore(
    State(state): State<AppState>,
    by: Principal,
    ApiPath((handle, id)): ApiPath<(String, RelationshipId)>,
) -> Result<StatusCode, Problem> {
    let profile = meant(&state, &handle).await?;
    state.engine().set_related(profile, id, true, &by.source(), state.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}
