//! Who sees and who edits which property, and seeing a masked one whole.

use std::collections::BTreeMap;

use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};
use whom_core::{model::PropertyKey, view::Rights};

use crate::{
    app::AppState,
    auth::Principal,
    http::{ApiJson, ApiPath},
    problem::Problem,
    sight::{self, FieldRights, Revealed},
};

use super::profiles::meant;

/// One property with its rights.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct FieldRightsView {
    pub(crate) key: PropertyKey,
    pub(crate) label: String,
    /// What counts.
    #[serde(flatten)]
    pub(crate) rights: Rights,
    /// What the scripts say.
    pub(crate) by_script: Rights,
    /// Whether admins decided otherwise.
    pub(crate) is_decided: bool,
}

/// All properties with their rights.
#[derive(Serialize)]
pub(crate) struct AllFields {
    items: Vec<FieldRightsView>,
    next_cursor: Option<String>,
}

/// All properties with their rights, in the order of the schema.
pub(crate) async fn all(state: &AppState) -> Result<Vec<FieldRightsView>, Problem> {
    let decided = FieldRights::load(state.store()).await?.0;
    let rules = state.engine().rules();
    let by_schema = rules.schema().iter().cloned();
    // Somebody may have decided about what no script defines, such as a kind of identifier.
    let known = |key: &PropertyKey| rules.schema().get(key.as_str()).is_some();
    let others = decided.keys().filter(|key| !known(key)).map(|key| rules.schema().get_or_free(key));
    let view = |definition: whom_core::model::PropertyDefinition| {
        let by_script = Rights::of(&definition);
        let own = decided.get(&definition.key);
        FieldRightsView {
            rights: own.copied().unwrap_or(by_script),
            is_decided: own.is_some(),
            by_script,
            label: definition.label,
            key: definition.key,
        }
    };
    Ok(by_schema.chain(others).map(view).collect())
}

/// `GET /v1/settings/fields`
pub(crate) async fn list(State(state): State<AppState>) -> Result<Json<AllFields>, Problem> {
    Ok(Json(AllFields { items: all(&state).await?, next_cursor: None }))
}

/// `PUT /v1/settings/fields`: all decisions at once; a property that is not named is as its script says.
pub(crate) async fn replace(
    State(state): State<AppState>,
    by: Principal,
    ApiJson(given): ApiJson<BTreeMap<PropertyKey, Rights>>,
) -> Result<Json<AllFields>, Problem> {
    save(&state, &by, FieldRights(given)).await?;
    list(State(state)).await
}

/// Keeps what admins decide; what whoever decides may not see themselves stays as it is.
pub(crate) async fn save(state: &AppState, by: &Principal, rights: FieldRights) -> Result<(), Problem> {
    rights.check().map_err(|(key, why)| {
        Problem::invalid("these rights are not taken").at(format!("/{key}/masked_for"), why)
    })?;
    let role = sight::role_of(by);
    for field in all(state).await? {
        let wanted = rights.0.get(&field.key).copied().unwrap_or(field.by_script);
        if wanted != field.rights && (field.rights.sees > role || wanted.sees > role) {
            let words = "only an owner decides about what owners alone see";
            return Err(Problem::forbidden(words).at(format!("/{}/sees", field.key), words));
        }
    }
    Ok(rights.save(state.store(), by, state.now()).await?)
}

/// Why a masked value is needed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Reason {
    why: String,
}

/// `POST /v1/profiles/{handle}/reveal/{property}`
pub(crate) async fn reveal(
    State(state): State<AppState>,
    by: Principal,
    ApiPath((handle, property)): ApiPath<(String, PropertyKey)>,
    ApiJson(reason): ApiJson<Reason>,
) -> Result<Json<Revealed>, Problem> {
    let profile = meant(&state, &handle).await?;
    Ok(Json(sight::reveal(&state, &by, profile, &property, &reason.why).await?))
}
