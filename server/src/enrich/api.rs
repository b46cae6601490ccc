//! Enrichment over HTTP: the switches, the providers, "check now", the ledger.

use axum::{
    Json,
    extract::State,
    http::{Method, StatusCode},
};
use serde::{Deserialize, Serialize};
use whom_core::store::StoreError;

use super::{
    Enrichment, EnrichmentSettings, ProviderState, cards,
    job::{Checked, Job},
    ledger::Left,
    providers::MASK,
    settings,
};
use crate::{
    app::AppState,
    auth::{Permission, Principal},
    documents,
    http::{ApiJson, ApiPath, ApiQuery},
    problem::Problem,
    routes::Route,
};

/// The routes of enrichment.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::api(Method::GET, "/v1/enrichment", Permission::Read, show),
        Route::api(Method::PUT, "/v1/enrichment", Permission::Administer, replace),
        Route::api(Method::POST, "/v1/enrichment/backfill", Permission::Administer, backfill),
        Route::api(Method::POST, "/v1/profiles/{handle}/enrich", Permission::Write, check_now),
        Route::api(Method::PUT, "/v1/profiles/{handle}/look-up", Permission::Write, look_up),
        Route::api(Method::GET, "/v1/profiles/{handle}/checks", Permission::Read, checks),
        Route::api(Method::GET, "/v1/ledger", Permission::Administer, ledger),
    ]
}

/// How enrichment stands.
#[derive(Serialize)]
struct Standing {
    on: bool,
    providers: Vec<ProviderState>,
    /// How many questions wait, up to a thousand.
    queued: usize,
}

fn enrichment(state: &AppState) -> Result<Enrichment, Problem> {
    state
        .enrichment()
        .ok_or_else(|| Problem::unavailable("providers run with `whom serve`: this process has none"))
}

/// `GET /v1/enrichment`
async fn show(State(state): State<AppState>) -> Result<Json<Standing>, Problem> {
    standing(&state).await
}

async fn standing(state: &AppState) -> Result<Json<Standing>, Problem> {
    let settings = EnrichmentSettings::load(state.store()).await?;
    let providers = match state.enrichment() {
        Some(enrichment) => enrichment.provider_states().await?,
        None => Vec::new(),
    };
    let queued = documents::list::<Job>(state.store(), None, 1000).await?.len();
    Ok(Json(Standing { on: settings.on, providers, queued }))
}

/// `PUT /v1/enrichment`: the switches and the providers' settings. A secret left as dots stays as it is.
async fn replace(
    State(state): State<AppState>,
    ApiJson(mut given): ApiJson<EnrichmentSettings>,
) -> Result<Json<Standing>, Problem> {
    let known = EnrichmentSettings::load(state.store()).await?;
    for (id, provider) in &mut given.providers {
        let before = known.providers.get(id);
        provider.settings.retain(|_, value| !value.is_null());
        for (name, value) in provider.settings.iter_mut().filter(|(_, value)| *value == MASK) {
            *value = before.and_then(|before| before.settings.get(name)).cloned().unwrap_or_default();
        }
    }
    decide(&state, given).await?;
    standing(&state).await
}

/// Keeps what an admin decided, and lets it count at once. Pages and API call this.
pub(crate) async fn decide(state: &AppState, given: EnrichmentSettings) -> Result<(), StoreError> {
    documents::put(state.store(), settings::ID, state.now(), &given).await?;
    if let Some(enrichment) = state.enrichment() {
        enrichment.apply_settings().await?;
    }
    Ok(())
}

#[derive(Serialize)]
struct Queued {
    queued: usize,
}

/// `POST /v1/profiles/{handle}/enrich`: "check now".
async fn check_now(
    State(state): State<AppState>,
    ApiPath(who): ApiPath<String>,
) -> Result<(StatusCode, Json<Queued>), Problem> {
    let profile = state.engine().find(&who).await?;
    let queued = enrichment(&state)?.check_now(profile).await?;
    Ok((StatusCode::ACCEPTED, Json(Queued { queued })))
}

/// Whether providers may be asked about a customer.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct MayLookUp {
    may: bool,
}

/// `PUT /v1/profiles/{handle}/look-up`: the switch of one customer.
async fn look_up(
    State(state): State<AppState>,
    by: Principal,
    ApiPath(who): ApiPath<String>,
    ApiJson(given): ApiJson<MayLookUp>,
) -> Result<Json<MayLookUp>, Problem> {
    let profile = state.engine().find(&who).await?;
    state.engine().set_looked_up(profile, given.may, &by.source(), state.now()).await?;
    Ok(Json(given))
}

/// `POST /v1/enrichment/backfill`: every profile whose last look is too old, or that was never looked at.
async fn backfill(State(state): State<AppState>) -> Result<(StatusCode, Json<Queued>), Problem> {
    let enrichment = enrichment(&state)?;
    let mut after = None;
    let mut queued = 0;
    loop {
        let page = state.store().profiles_after(after, 500).await?;
        let Some(last) = page.last() else { break };
        after = Some(last.id);
        for profile in page.iter().filter(|profile| profile.is_live()) {
            queued += enrichment.queue_profile(profile.id, "backfill", false).await?;
        }
    }
    Ok((StatusCode::ACCEPTED, Json(Queued { queued })))
}

#[derive(Serialize)]
struct CheckOf {
    plugin: String,
    #[serde(flatten)]
    checked: Checked,
}

/// `GET /v1/profiles/{handle}/checks`: when which provider looked last, and what came of it.
async fn checks(
    State(state): State<AppState>,
    ApiPath(who): ApiPath<String>,
) -> Result<Json<Vec<CheckOf>>, Problem> {
    let profile = state.engine().find(&who).await?;
    let checks = cards::checks_of(&state, profile).await?.into_iter();
    let checks = checks.map(|(plugin, checked)| CheckOf { plugin, checked }).collect();
    Ok(Json(checks))
}

#[derive(Deserialize)]
struct LedgerQuery {
    after: Option<String>,
    limit: Option<usize>,
}

#[derive(Serialize)]
struct LedgerPage {
    items: Vec<Left>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

/// `GET /v1/ledger`: what left the house, the oldest first.
async fn ledger(
    State(state): State<AppState>,
    ApiQuery(query): ApiQuery<LedgerQuery>,
) -> Result<Json<LedgerPage>, Problem> {
    let limit = query.limit.unwrap_or(50).clamp(1, 200);
    let found = documents::list::<Left>(state.store(), query.after.as_deref(), limit).await?;
    let next_cursor = if found.len() == limit { found.last().map(|(id, _)| id.clone()) } else { None };
    Ok(Json(LedgerPage { items: found.into_iter().map(|(_, left)| left).collect(), next_cursor }))
}
