//! Keys of programs.

use axum::{Json, extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use whom_core::model::Timestamp;

use crate::{
    app::AppState,
    auth::{ApiKey, KeyKind, MintedKey, Principal, keys},
    http::{ApiJson, ApiPath, ApiQuery},
    problem::Problem,
};

use super::list::{Items, PageQuery};

/// A key to be made.
#[derive(Deserialize)]
pub(crate) struct NewKey {
    name: String,
    #[serde(flatten)]
    kind: KeyKind,
    /// A write key that an application sends already and that is to be taken over as it is.
    #[serde(default)]
    write_key: Option<String>,
}

impl NewKey {
    /// A key of this name and sort.
    pub(crate) fn new(name: String, kind: KeyKind) -> Self {
        Self { name, kind, write_key: None }
    }
}

/// A key without the key itself.
#[derive(Serialize)]
pub(crate) struct KeyView {
    id: String,
    name: String,
    #[serde(flatten)]
    kind: KeyKind,
    ends_in: String,
    created: Timestamp,
    created_by: String,
    last_used: Option<Timestamp>,
    revoked: Option<Timestamp>,
    /// The key itself, in the answer to its making alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
}

impl From<ApiKey> for KeyView {
    fn from(key: ApiKey) -> Self {
        let ApiKey { id, name, kind, ends_in, created, created_by, last_used, revoked, .. } = key;
        Self { id, name, kind, ends_in, created, created_by, last_used, revoked, secret: None }
    }
}

/// `GET /v1/keys`
pub(crate) async fn list(
    State(state): State<AppState>,
    ApiQuery(page): ApiQuery<PageQuery>,
) -> Result<Json<Items<KeyView>>, Problem> {
    let after = page.cursor::<String>()?;
    let found = keys::list(state.store(), after.as_deref(), page.limit() + 1).await?;
    let views = found.into_iter().map(KeyView::from).collect();
    Ok(Items::cut(views, page.limit(), |key| key.id.clone()))
}

/// `POST /v1/keys`
pub(crate) async fn mint(
    State(state): State<AppState>,
    by: Principal,
    ApiJson(new): ApiJson<NewKey>,
) -> Result<(StatusCode, Json<KeyView>), Problem> {
    let made = mint_by(&state, &by, new).await?;
    let secret = Some(made.secret.reveal().to_owned());
    Ok((StatusCode::CREATED, Json(KeyView { secret, ..made.key.into() })))
}

/// Makes a key for somebody who may.
pub(crate) async fn mint_by(state: &AppState, by: &Principal, new: NewKey) -> Result<MintedKey, Problem> {
    let name = new.name.trim();
    if name.is_empty() || name.chars().count() > 80 {
        return Err(Problem::invalid("this key cannot be made")
            .at("/name", "say in 1 to 80 characters what it is for"));
    }
    if matches!(&new.kind, KeyKind::Token { scopes } if scopes.is_empty()) {
        let words = "name at least one of read, write, ingest and admin";
        return Err(Problem::invalid("this key cannot be made").at("/scopes", words));
    }
    let given = new.write_key.as_deref().map(str::trim);
    if given.is_some_and(|given| !(16..=200).contains(&given.len()) || new.kind != KeyKind::WriteKey) {
        let words = "a write key to take over has 16 to 200 characters and is of the kind `write_key`";
        return Err(Problem::invalid("this key cannot be made").at("/write_key", words));
    }
    Ok(keys::mint(state.store(), name, new.kind, given, by, state.now()).await?)
}

/// `DELETE /v1/keys/{id}`
pub(crate) async fn revoke(
    State(state): State<AppState>,
    by: Principal,
    ApiPath(id): ApiPath<String>,
) -> Result<Json<KeyView>, Problem> {
    let key = keys::revoke(state.store(), &id, &by, state.now()).await?;
    let key = key.ok_or_else(|| Problem::not_found("there is no key of this id"))?;
    Ok(Json(key.into()))
}
