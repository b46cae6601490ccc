//! The contacts of a profile: how to reach somebody, and which of it is theirs.

use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use whom_core::{
    identity::GivenIdentifier,
    model::{ContactId, Identifier, IdentifierKind, MembershipChange, PhoneRegion, ProfileId},
    view::ContactView,
};

use crate::{
    app::AppState,
    auth::Principal,
    http::{ApiJson, ApiPath},
    problem::Problem,
};

use super::{list::Items, profiles::meant};

/// An identifier as a client writes it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewIdentifier {
    kind: IdentifierKind,
    value: String,
}

impl NewIdentifier {
    /// Normalises it, or says what is wrong with it and where it stands.
    pub(crate) fn read(&self, region: PhoneRegion, pointer: &str) -> Result<GivenIdentifier, Problem> {
        let read = Identifier::new(self.kind.clone(), &self.value, region).map_err(|error| {
            Problem::invalid("this identifies nobody").at(format!("{pointer}/value"), error.to_string())
        })?;
        Ok(GivenIdentifier::new(read, self.value.trim()))
    }
}

/// What became of a new identifier.
#[derive(Debug, Serialize)]
pub(crate) struct Added {
    contact: ContactId,
    profile: ProfileId,
}

/// What became of a contact that got a profile of its own.
#[derive(Debug, Serialize)]
pub(crate) struct Detached {
    profile: ProfileId,
    change: MembershipChange,
}

/// Where a contact is to go.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MoveTo {
    to: String,
}

/// `GET /v1/profiles/{handle}/contacts`
pub(crate) async fn list(
    State(state): State<AppState>,
    ApiPath(handle): ApiPath<String>,
) -> Result<Json<Items<ContactView>>, Problem> {
    let id = meant(&state, &handle).await?;
    Ok(Items::all(state.engine().view(id, state.now()).await?.contacts))
}

/// `POST /v1/profiles/{handle}/contacts`
pub(crate) async fn add(
    State(state): State<AppState>,
    by: Principal,
    ApiPath(handle): ApiPath<String>,
    ApiJson(given): ApiJson<NewIdentifier>,
) -> Result<Response, Problem> {
    let profile = meant(&state, &handle).await?;
    let given = given.read(state.settings().await?.phone_region(), "")?;
    let contact = state.engine().add_identifier(profile, given, &by.source(), state.now()).await?;
    let place = [(header::LOCATION, format!("/v1/profiles/{profile}"))];
    Ok((StatusCode::CREATED, place, Json(Added { contact, profile })).into_response())
}

/// `POST /v1/profiles/{handle}/contacts/{contact}/detach`
pub(crate) async fn detach(
    State(state): State<AppState>,
    by: Principal,
    ApiPath((handle, contact)): ApiPath<(String, ContactId)>,
) -> Result<Json<Detached>, Problem> {
    let id = meant(&state, &handle).await?;
    let (change, profile) = state.engine().detach(id, contact, &by.source(), state.now()).await?;
    Ok(Json(Detached { profile, change }))
}

/// `POST /v1/contacts/{contact}/move`
pub(crate) async fn move_to(
    State(state): State<AppState>,
    by: Principal,
    ApiPath(contact): ApiPath<ContactId>,
    ApiJson(given): ApiJson<MoveTo>,
) -> Result<Json<MembershipChange>, Problem> {
    let to = meant(&state, &given.to).await?;
    Ok(Json(state.engine().move_contact(contact, to, &by.source(), state.now()).await?))
}
