//! Who asks.

use axum::Json;
use serde::Serialize;

use crate::auth::{Principal, Role, Scope};

/// Who asks.
#[derive(Serialize)]
#[serde(tag = "sort", rename_all = "snake_case")]
pub(crate) enum Me {
    Person { login: String, name: String, role: Role },
    Token { name: String, scopes: Vec<Scope> },
    Local,
}

/// `GET /v1/me`
pub(crate) async fn who_am_i(principal: Principal) -> Json<Me> {
    Json(match principal {
        Principal::Person { login, name, role } => Me::Person { login, name, role },
        Principal::Token { name, scopes, .. } => Me::Token { name, scopes },
        Principal::Local => Me::Local,
    })
}
