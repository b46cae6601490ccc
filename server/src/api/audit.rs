//! The audit log, and what admins demand of everybody who signs in.

use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};

use crate::{
    app::AppState,
    audit::{self, AuditEntry, AuditQuery, Deed},
    auth::{AUDIT_DAYS, Principal, SecurityTerms},
    http::{ApiJson, ApiQuery},
    problem::Problem,
};

use super::list::{Items, PageQuery};

/// An entry with its id.
#[derive(Serialize)]
pub(crate) struct AuditView {
    id: String,
    #[serde(flatten)]
    entry: AuditEntry,
}

/// Which entries are asked for.
#[derive(Debug, Deserialize)]
pub(crate) struct AuditListQuery {
    #[serde(default)]
    who: String,
    #[serde(default)]
    what: String,
    #[serde(default)]
    on: String,
    #[serde(default)]
    since: String,
    #[serde(default)]
    until: String,
    cursor: Option<String>,
    limit: Option<usize>,
}

/// `GET /v1/audit`: the newest first.
pub(crate) async fn list(
    State(state): State<AppState>,
    ApiQuery(asked): ApiQuery<AuditListQuery>,
) -> Result<Json<Items<AuditView>>, Problem> {
    let AuditListQuery { who, what, on, since, until, cursor, limit } = asked;
    let query = AuditQuery { who, what, on, since, until };
    if let Err(name) = query.span() {
        return Err(Problem::bad_request("this is no moment")
            .at(format!("?{name}"), "write a day such as 2026-01-31, or a moment with its time"));
    }
    let page = PageQuery::new(cursor, limit);
    let after = page.cursor::<String>()?;
    let (found, next) = audit::list(state.store(), &query, after, page.limit()).await?;
    let views = found.into_iter().map(|(id, entry)| AuditView { id, entry }).collect();
    Ok(Items::page(views, next))
}

/// `GET /v1/settings/security`
pub(crate) async fn security(State(state): State<AppState>) -> Result<Json<SecurityTerms>, Problem> {
    Ok(Json(SecurityTerms::load(state.store()).await?))
}

/// `PUT /v1/settings/security`
pub(crate) async fn replace_security(
    State(state): State<AppState>,
    by: Principal,
    ApiJson(terms): ApiJson<SecurityTerms>,
) -> Result<Json<SecurityTerms>, Problem> {
    save_security(&state, &by, &terms).await?;
    Ok(Json(terms))
}

/// Keeps what admins demand of everybody who signs in.
pub(crate) async fn save_security(
    state: &AppState,
    by: &Principal,
    terms: &SecurityTerms,
) -> Result<(), Problem> {
    if !AUDIT_DAYS.contains(&terms.audit_days) {
        let words = format!("the audit log is kept for {} to {} days", AUDIT_DAYS.start(), AUDIT_DAYS.end());
        return Err(Problem::invalid("these settings are not taken").at("/audit_days", words));
    }
    let deed = Deed::new(by, "settings_changed").on("setting", "security");
    Ok(terms.save(state.store(), &deed, state.now()).await?)
}
