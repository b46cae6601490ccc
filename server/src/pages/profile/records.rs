//! Deeds of the info pane besides its fields: one more contact, the trash.

use axum::{extract::State, response::Response};
use serde::Deserialize;
use whom_core::{
    engine::EngineError,
    identity::GivenIdentifier,
    model::{Identifier, IdentifierKind, ProfileId},
};

use super::{deeds::back, show::profile_id};
use crate::{
    app::AppState,
    auth::Principal,
    http::ApiPath,
    pages::{back::Back, frame::Frame, sent::Sent},
    problem::Problem,
};

/// A contact to be added.
#[derive(Deserialize)]
pub(crate) struct NewContact {
    kind: String,
    value: String,
}

/// `POST /customers/{id}/contacts`
pub(crate) async fn add_contact(
    State(state): State<AppState>,
    frame: Frame,
    principal: Principal,
    back_to: Back,
    ApiPath(id): ApiPath<String>,
    Sent(new): Sent<NewContact>,
) -> Result<Response, Problem> {
    let id = profile_id(&id)?;
    let region = state.settings().await?.phone_region();
    let read = new
        .kind
        .parse::<IdentifierKind>()
        .map_err(|why| why.to_string())
        .and_then(|kind| Identifier::new(kind, &new.value, region).map_err(|error| error.to_string()));
    let done = match read {
        Ok(identifier) => {
            let given = GivenIdentifier::new(identifier, new.value.trim());
            state.engine().add_identifier(id, given, &principal.source(), state.now()).await.map(|_| ())
        }
        Err(why) => Err(EngineError::Invalid { what: new.value.trim().to_owned(), why }),
    };
    back(&state, &frame, id, &back_to, done.map(|()| ("added", None)), None).await
}

/// `POST /customers/{id}/trash`
pub(crate) async fn trash(
    State(state): State<AppState>,
    principal: Principal,
    back: Back,
    ApiPath(id): ApiPath<ProfileId>,
) -> Result<Response, Problem> {
    state.engine().trash(id, &principal.source(), state.now()).await?;
    Ok(back.with(&format!("/customers/{id}"), "trashed", Some(&id.to_string())))
}

/// `POST /customers/{id}/restore`
pub(crate) async fn restore(
    State(state): State<AppState>,
    back: Back,
    ApiPath(id): ApiPath<ProfileId>,
) -> Result<Response, Problem> {
    state.engine().restore(id, state.now()).await?;
    Ok(back.with(&format!("/customers/{id}"), "restored", None))
}
