//! Invitations to work here, and links with which somebody sets a new password.

use axum::{Json, extract::State, http::StatusCode};
use serde::Serialize;
use whom_core::model::Timestamp;

use crate::{
    app::AppState,
    auth::{
        PersonError, Principal,
        invitations::{self, Invitation, MadeLink, NewInvitation, Purpose},
        letters::{self, Posted},
        people,
    },
    http::{ApiJson, ApiPath, ApiQuery},
    problem::Problem,
};

use super::list::{Items, PageQuery};

/// A link that is open, without the link itself.
#[derive(Serialize)]
pub(crate) struct InvitationView {
    pub(crate) id: String,
    #[serde(flatten)]
    pub(crate) purpose: Purpose,
    pub(crate) created: Timestamp,
    pub(crate) created_by: String,
    pub(crate) ends: Timestamp,
}

/// A link that was just made; it is shown this once.
#[derive(Serialize)]
pub(crate) struct MadeLinkView {
    #[serde(flatten)]
    pub(crate) invitation: InvitationView,
    /// The path to open. It works once.
    pub(crate) path: String,
    /// Whether it went to their mailbox as well.
    pub(crate) mailed: bool,
}

impl InvitationView {
    pub(crate) fn new(id: String, invitation: Invitation) -> Self {
        let Invitation { purpose, created, created_by, ends, .. } = invitation;
        Self { id, purpose, created, created_by, ends }
    }
}

/// Invites somebody, and sends the invitation where that can be done.
pub(crate) async fn invite_by(
    state: &AppState,
    by: &Principal,
    new: NewInvitation,
) -> Result<MadeLinkView, Problem> {
    let made = invitations::invite(state.store(), new, by, state.now()).await?;
    Ok(sent(state, made).await)
}

/// Makes a link with which somebody sets a new password, and sends it where that can be done.
pub(crate) async fn reset_by(state: &AppState, by: &Principal, login: &str) -> Result<MadeLinkView, Problem> {
    let person = people::get(state.store(), login).await?.filter(|person| !person.disabled);
    let person = person.ok_or(PersonError::Nobody)?;
    let made = invitations::reset(state.store(), &person, by, state.now()).await?;
    Ok(sent(state, made).await)
}

async fn sent(state: &AppState, made: MadeLink) -> MadeLinkView {
    let mailed = letters::send(state, &made).await == Posted::OnItsWay;
    MadeLinkView { path: made.path, mailed, invitation: InvitationView::new(made.id, made.invitation) }
}

/// `GET /v1/invitations`: the links that are open.
pub(crate) async fn list(
    State(state): State<AppState>,
    ApiQuery(page): ApiQuery<PageQuery>,
) -> Result<Json<Items<InvitationView>>, Problem> {
    let after = page.cursor::<String>()?;
    let (found, next) = invitations::list(state.store(), after.as_deref(), page.limit(), state.now()).await?;
    let views = found.into_iter().map(|(id, invitation)| InvitationView::new(id, invitation)).collect();
    Ok(Items::page(views, next))
}

/// `POST /v1/invitations`
pub(crate) async fn invite(
    State(state): State<AppState>,
    by: Principal,
    ApiJson(new): ApiJson<NewInvitation>,
) -> Result<(StatusCode, Json<MadeLinkView>), Problem> {
    Ok((StatusCode::CREATED, Json(invite_by(&state, &by, new).await?)))
}

/// `DELETE /v1/invitations/{id}`
pub(crate) async fn revoke(
    State(state): State<AppState>,
    by: Principal,
    ApiPath(id): ApiPath<String>,
) -> Result<Json<InvitationView>, Problem> {
    let revoked = invitations::revoke(state.store(), &id, &by, state.now()).await?;
    let revoked = revoked.ok_or_else(|| Problem::not_found("there is no such invitation any more"))?;
    Ok(Json(InvitationView::new(id, revoked)))
}

/// `POST /v1/people/{login}/reset-link`
pub(crate) async fn reset_link(
    State(state): State<AppState>,
    by: Principal,
    ApiPath(login): ApiPath<String>,
) -> Result<(StatusCode, Json<MadeLinkView>), Problem> {
    Ok((StatusCode::CREATED, Json(reset_by(&state, &by, &login).await?)))
}
