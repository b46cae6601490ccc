//! Accounts: the companies that customers belong to.

use axum::{Json, extract::State};
use whom_core::model::{Account, AccountId, ContactId};

use crate::{
    app::AppState,
    http::{ApiPath, ApiQuery},
    problem::Problem,
};

use super::list::{Items, PageQuery};

/// `GET /v1/accounts`
pub(crate) async fn list(
    State(state): State<AppState>,
    ApiQuery(page): ApiQuery<PageQuery>,
) -> Result<Json<Items<Account>>, Problem> {
    let after = page.cursor::<AccountId>()?;
    let found = state.store().accounts_after(after, page.limit() + 1).await?;
    Ok(Items::cut(found, page.limit(), |account| account.id))
}

/// `GET /v1/accounts/{id}`
pub(crate) async fn show(
    State(state): State<AppState>,
    ApiPath(id): ApiPath<AccountId>,
) -> Result<Json<Account>, Problem> {
    let found = state.store().accounts(&[id]).await?.pop().flatten();
    found.map(Json).ok_or_else(|| Problem::not_found(format!("there is no account `{id}`")))
}

/// A contact of an account with its profile.
#[derive(serde::Serialize)]
pub(crate) struct Member {
    contact: ContactId,
    profile: whom_core::model::ProfileId,
}

/// `GET /v1/accounts/{id}/members`
pub(crate) async fn members(
    State(state): State<AppState>,
    ApiPath(id): ApiPath<AccountId>,
    ApiQuery(page): ApiQuery<PageQuery>,
) -> Result<Json<Items<Member>>, Problem> {
    let after = page.cursor::<ContactId>()?;
    let ids = state.store().account_members(id, after, page.limit() + 1).await?;
    let contacts = state.store().contacts(&ids).await?;
    let members = contacts.into_iter().flatten();
    let members =
        members.map(|contact| Member { contact: contact.id, profile: contact.profile }).collect::<Vec<_>>();
    Ok(Items::cut(members, page.limit(), |member| member.contact))
}
