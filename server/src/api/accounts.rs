//! Accounts: the companies that customers belong to.

use std::collections::BTreeMap;

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use serde_json::Value as JsonValue;
use whom_core::{
    engine::AccountPatch,
    model::{Account, AccountId, ContactId, EntryId, ProfileId, Value},
};

use crate::{
    app::AppState,
    auth::Principal,
    http::{ApiJson, ApiPath, ApiQuery},
    problem::Problem,
};

use super::{
    list::{Items, PageQuery},
    profiles::{meant, request_id},
    version::{Versioned, demanded_number},
};

/// How many accounts are looked at for one answer; the cursor goes on from there.
pub(crate) const LOOKED_AT: usize = 20_000;

/// Which accounts are asked for; `cursor` and `limit` stand beside it.
#[derive(Debug, Deserialize)]
pub(crate) struct AccountsQuery {
    /// The beginnings of words of the name or the domain.
    #[serde(default)]
    q: String,
    cursor: Option<String>,
    limit: Option<usize>,
}

/// An account to be made, or what is to change in one: null takes a property away.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct GivenAccount {
    name: Option<String>,
    properties: BTreeMap<String, JsonValue>,
}

impl GivenAccount {
    fn read(self) -> AccountPatch {
        let properties = self.properties.into_iter();
        let properties = properties.map(|(name, value)| (name, Value::from_json(&value))).collect();
        AccountPatch { name: self.name, properties }
    }
}

/// `GET /v1/accounts?q=`
pub(crate) async fn list(
    State(state): State<AppState>,
    ApiQuery(query): ApiQuery<AccountsQuery>,
) -> Result<Json<Items<Account>>, Problem> {
    let page = PageQuery::new(query.cursor, query.limit);
    let after = page.cursor::<AccountId>()?;
    let (found, next) = state.engine().find_accounts(&query.q, after, page.limit(), LOOKED_AT).await?;
    Ok(Items::page(found, next))
}

/// `GET /v1/accounts/{id}`
pub(crate) async fn show(
    State(state): State<AppState>,
    ApiPath(id): ApiPath<AccountId>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    Ok(versioned(state.engine().account(id).await?).unless_known(&headers))
}

/// `POST /v1/accounts`
pub(crate) async fn create(
    State(state): State<AppState>,
    by: Principal,
    headers: HeaderMap,
    ApiJson(given): ApiJson<GivenAccount>,
) -> Result<Response, Problem> {
    let request = request_id(&headers, &by);
    let account = state.engine().create_account(&request, &given.read(), &by.source(), state.now()).await?;
    let place = [(header::LOCATION, format!("/v1/accounts/{}", account.id))];
    Ok((StatusCode::CREATED, place, versioned(account)).into_response())
}

/// `PATCH /v1/accounts/{id}`
pub(crate) async fn edit(
    State(state): State<AppState>,
    by: Principal,
    ApiPath(id): ApiPath<AccountId>,
    headers: HeaderMap,
    ApiJson(given): ApiJson<GivenAccount>,
) -> Result<Versioned<Account>, Problem> {
    let version = demanded_number(&headers)?;
    let (patch, by, now) = (given.read(), by.source(), state.now());
    Ok(versioned(state.engine().edit_account(id, &patch, version, &by, now).await?))
}

fn versioned(account: Account) -> Versioned<Account> {
    Versioned { version: account.version.to_string(), value: account }
}

/// A contact of an account with its profile.
#[derive(Serialize)]
pub(crate) struct Member {
    contact: ContactId,
    profile: ProfileId,
    name: String,
}

/// `GET /v1/accounts/{id}/members`
pub(crate) async fn members(
    State(state): State<AppState>,
    ApiPath(id): ApiPath<AccountId>,
    ApiQuery(page): ApiQuery<PageQuery>,
) -> Result<Json<Items<Member>>, Problem> {
    let after = page.cursor::<ContactId>()?;
    let ids = state.store().account_members(id, after, page.limit() + 1).await?;
    let mut members = Vec::new();
    for contact in state.store().contacts(&ids).await?.into_iter().flatten() {
        let view = state.engine().view(contact.profile, state.now()).await?;
        members.push(Member { contact: contact.id, profile: contact.profile, name: view.name });
    }
    Ok(Items::cut(members, page.limit(), |member| member.contact))
}

/// Which account a customer belongs to.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BelongsTo {
    account: AccountId,
}

/// What was recorded of a linking: the entry by which it is undone.
#[derive(Debug, Serialize)]
pub(crate) struct Linked {
    entry: EntryId,
}

/// `POST /v1/profiles/{handle}/accounts`
pub(crate) async fn link(
    State(state): State<AppState>,
    by: Principal,
    ApiPath(handle): ApiPath<String>,
    ApiJson(given): ApiJson<BelongsTo>,
) -> Result<Json<Linked>, Problem> {
    let id = meant(&state, &handle).await?;
    let entry = state.engine().link_account(id, given.account, &by.source(), state.now()).await?;
    Ok(Json(Linked { entry }))
}

/// `DELETE /v1/profiles/{handle}/accounts/{account}`
pub(crate) async fn unlink(
    State(state): State<AppState>,
    by: Principal,
    ApiPath((handle, account)): ApiPath<(String, AccountId)>,
) -> Result<Json<Linked>, Problem> {
    let id = meant(&state, &handle).await?;
    let entry = state.engine().unlink_account(id, account, &by.source(), state.now()).await?;
    Ok(Json(Linked { entry }))
}

/// `POST /v1/profiles/{handle}/account-links/{entry}/undo`
pub(crate) async fn undo_link(
    State(state): State<AppState>,
    by: Principal,
    ApiPath((handle, entry)): ApiPath<(String, EntryId)>,
) -> Result<Json<Linked>, Problem> {
    let id = meant(&state, &handle).await?;
    let entry = state.engine().undo_account_link(id, entry, &by.source(), state.now()).await?;
    Ok(Json(Linked { entry }))
}
