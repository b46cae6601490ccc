//! Profiles: finding, reading, making and editing them.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use serde_json::Map;
use whom_core::{
    engine::EngineError,
    model::{ExternalId, ProfileId, ProfileKind, PropertyKey},
    search::{Direction, Hit, Query, Sort, StateFilter},
    store::DocumentKind,
    view::{Explanation, ProfileView},
};

use crate::{
    app::AppState,
    auth::Principal,
    http::{ApiJson, ApiPath, ApiQuery},
    idempotency::IDEMPOTENCY_KEY,
    problem::Problem,
    secret,
    segments::read_filter,
};

use super::{
    contacts::NewIdentifier,
    edits::edits_of,
    list::{Items, PageQuery},
    version::{Versioned, demanded},
};

/// Which profiles are asked for. `cursor` and `limit` stand beside it, as in every list.
#[derive(Debug, Deserialize)]
pub(crate) struct ProfilesQuery {
    /// What somebody typed; without it all profiles are listed.
    #[serde(default)]
    q: String,
    /// Only visitors or only customers.
    kind: Option<ProfileKind>,
    /// Live profiles, or those in the trash.
    #[serde(default)]
    state: StateFilter,
    /// Conditions on any property: written, such as `tier:pro last_seen<30d`, or as JSON.
    #[serde(default)]
    filter: String,
    /// What it is sorted by.
    #[serde(default)]
    sort: Sort,
    /// Upwards or downwards.
    order: Option<Direction>,
    /// Properties to show of each, with commas between them.
    #[serde(default)]
    columns: String,
    cursor: Option<String>,
    limit: Option<usize>,
}

/// A page of profiles.
#[derive(Debug, Serialize)]
pub(crate) struct ProfilesPage {
    #[serde(flatten)]
    items: Items<Hit>,
    /// How many there are in all, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    total: Option<usize>,
    /// How many changed profiles the answer does not know of yet.
    behind: u64,
}

/// A profile to be made by hand.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct NewProfile {
    properties: Map<String, serde_json::Value>,
    identifiers: Vec<NewIdentifier>,
}

/// The profile that a handle in a path means; one that was erased is gone rather than unknown.
pub(crate) async fn meant(state: &AppState, handle: &str) -> Result<ProfileId, Problem> {
    let error = match state.engine().find(handle).await {
        Ok(id) => return Ok(id),
        Err(error) => error,
    };
    if let (EngineError::NotFound { .. }, Ok(id)) = (&error, handle.parse::<ProfileId>()) {
        let receipt = state.store().document(DocumentKind::Receipt, &id.to_string()).await?;
        if receipt.is_some() {
            return Err(Problem::gone("this profile was erased for good; its receipt alone is left"));
        }
    }
    Err(error.into())
}

/// The id of a request that may be repeated: what the client calls it, or one of our own.
pub(crate) fn request_id(headers: &HeaderMap, by: &Principal) -> ExternalId {
    let named = headers.get(IDEMPOTENCY_KEY).and_then(|key| key.to_str().ok()).map(str::to_owned);
    let id = named.unwrap_or_else(|| secret::hex(&secret::random::<16>()));
    ExternalId::new(format!("request:{}", by.scope()), id)
}

/// `GET /v1/profiles?q=&filter=`
pub(crate) async fn list(
    State(state): State<AppState>,
    ApiQuery(asked): ApiQuery<ProfilesQuery>,
) -> Result<Json<ProfilesPage>, Problem> {
    let page = PageQuery::new(asked.cursor, asked.limit);
    let query = Query {
        text: asked.q,
        kind: asked.kind,
        state: asked.state,
        filter: read_filter(&state, &asked.filter)?,
        sort: asked.sort,
        direction: asked.order,
        cursor: page.cursor::<String>()?,
        limit: page.limit(),
    };
    let mut found = state.directory().find(query, state.now()).await?;
    let columns: Vec<&str> = asked.columns.split(',').map(str::trim).collect();
    for hit in &mut found.hits {
        hit.properties.retain(|key, _| columns.contains(&key.as_str()));
    }
    let Json(items) = Items::page(found.hits, found.next);
    Ok(Json(ProfilesPage { items, total: found.total, behind: found.behind }))
}

/// `GET /v1/profiles/{handle}`
pub(crate) async fn show(
    State(state): State<AppState>,
    ApiPath(handle): ApiPath<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let id = meant(&state, &handle).await?;
    let view = state.engine().view(id, state.now()).await?;
    let place = format!("/v1/profiles/{}", view.id);
    let answer = Versioned { version: view.version.clone(), value: view }.unless_known(&headers);
    Ok(([(header::CONTENT_LOCATION, place)], answer).into_response())
}

/// `POST /v1/profiles`
pub(crate) async fn create(
    State(state): State<AppState>,
    by: Principal,
    headers: HeaderMap,
    ApiJson(new): ApiJson<NewProfile>,
) -> Result<Response, Problem> {
    let region = state.settings().await?.phone_region();
    let edits = edits_of(&new.properties, None, state.engine().rules().schema(), "/properties")?;
    let identifiers = new
        .identifiers
        .iter()
        .enumerate()
        .map(|(place, given)| given.read(region, &format!("/identifiers/{place}")))
        .collect::<Result<Vec<_>, _>>()?;
    let (request, source, now) = (request_id(&headers, &by), by.source(), state.now());
    let id = state.engine().create_profile(request, edits, identifiers, &source, now).await?;
    let view = state.engine().view(id, now).await?;
    let place = format!("/v1/profiles/{id}");
    let answer = Versioned { version: view.version.clone(), value: view };
    Ok((StatusCode::CREATED, [(header::LOCATION, place)], answer).into_response())
}

/// `PATCH /v1/profiles/{handle}`: a merge patch of properties; null takes a value away.
pub(crate) async fn edit(
    State(state): State<AppState>,
    by: Principal,
    ApiPath(handle): ApiPath<String>,
    headers: HeaderMap,
    ApiJson(patch): ApiJson<Map<String, serde_json::Value>>,
) -> Result<Versioned<ProfileView>, Problem> {
    let version = demanded(&headers)?;
    let id = meant(&state, &handle).await?;
    let (engine, now) = (state.engine(), state.now());
    let view = engine.view(id, now).await?;
    let edits = edits_of(&patch, Some(&view), engine.rules().schema(), "")?;
    let view = engine.edit(id, edits, &by.source(), version.as_deref(), now).await?;
    Ok(Versioned { version: view.version.clone(), value: view })
}

/// `GET /v1/profiles/{handle}/why/{property}`
pub(crate) async fn why(
    State(state): State<AppState>,
    ApiPath((handle, property)): ApiPath<(String, PropertyKey)>,
) -> Result<Json<Explanation>, Problem> {
    let id = meant(&state, &handle).await?;
    Ok(Json(state.engine().why(id, &property, state.now()).await?))
}
