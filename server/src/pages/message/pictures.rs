//! Pictures from elsewhere, under addresses of ours: those of a message, and the photo of a profile.

use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use whom_core::{
    engine::{Choice, Wish},
    model::{EntryId, ProfileId, PropertyKey, PropertyType, SourceKind, Value},
    view::{FieldValue, ProfileView},
};

use crate::{
    app::AppState,
    auth::Principal,
    enrich::EnrichmentSettings,
    http::{ApiPath, ApiQuery},
    problem::Problem,
    reading::{self, Remote, Wanted, attachments::as_picture},
};

/// A browser keeps a picture for an hour, for whoever is signed in.
const KEEP: &str = "private, max-age=3600";

fn none() -> Problem {
    Problem::not_found("there is no picture there, or none that can be shown")
}

/// `GET /entries/{entry}/images/{index}`: a picture that stands in a stored message.
pub(crate) async fn of_message(
    State(state): State<AppState>,
    ApiPath((entry, index)): ApiPath<(String, usize)>,
) -> Result<Response, Problem> {
    let entry: EntryId = entry.parse().map_err(|_| none())?;
    let (entry, body) = state.engine().entry(entry).await?;
    let read = reading::read(&entry, body.as_ref(), Remote::Held);
    let html = read.html.ok_or_else(none)?;
    let address = html.remote.get(index).ok_or_else(none)?;
    let contact = state.store().contacts(&[entry.contact]).await?.pop().flatten();
    let wanted = Wanted {
        address,
        about: contact.map(|contact| contact.profile),
        rule: "pictures of a message",
        local: None,
        may_leave: true,
    };
    let bytes = state.pictures().get(&state, wanted).await.map_err(|_| none())?;
    as_picture("picture", bytes, KEEP).ok_or_else(none)
}

/// The photo that a profile shows.
fn shown(view: &ProfileView) -> Option<(&PropertyKey, &FieldValue)> {
    let field = view.fields.iter().find(|field| field.kind == PropertyType::Picture)?;
    Some((&field.key, field.values.first()?))
}

/// `GET /customers/{id}/photo`: the photo of a profile, fetched by us.
pub(crate) async fn photo(
    State(state): State<AppState>,
    ApiPath(id): ApiPath<String>,
) -> Result<Response, Problem> {
    let id: ProfileId = id.parse().map_err(|_| none())?;
    let view = state.engine().view(id, state.now()).await?;
    let (_, value) = shown(&view).ok_or_else(none)?;
    let address = value.value.as_text().ok_or_else(none)?;
    let (may_leave, local) = match value.source.kind() {
        SourceKind::Plugin => {
            let settings = EnrichmentSettings::load(state.store()).await?;
            let (is_on, local) = settings.picture_terms(value.source.name());
            (is_on && state.engine().may_be_looked_up(view.id).await?, local)
        }
        _ => (true, None),
    };
    let wanted = Wanted {
        address,
        about: Some(view.id),
        rule: "photo of a profile",
        local: local.as_deref(),
        may_leave,
    };
    let bytes = state.pictures().get(&state, wanted).await.map_err(|_| none())?;
    as_picture("photo", bytes, KEEP).ok_or_else(none)
}

/// `POST /customers/{id}/photo/remove`: the photo is hidden, and stays so when a provider offers it again.
pub(crate) async fn remove(
    State(state): State<AppState>,
    principal: Principal,
    ApiPath(id): ApiPath<String>,
) -> Result<Response, Problem> {
    let id: ProfileId = id.parse().map_err(|_| none())?;
    let now = state.now();
    let view = state.engine().view(id, now).await?;
    if let Some((key, value)) = shown(&view) {
        let wish = Wish::Hide(Choice::Value(value.value.clone()));
        state.engine().decide_property(view.id, key, &wish, &principal.source(), now).await?;
        if let Some(address) = value.value.as_text() {
            state.pictures().forget(address).await;
        }
        let gone = value.value.to_string();
        return Ok(Redirect::to(&format!(
            "/customers/{}?done=photo-removed&photo={}",
            view.id,
            crate::pages::encoded(&gone)
        ))
        .into_response());
    }
    Ok(Redirect::to(&format!("/customers/{}", view.id)).into_response())
}

/// Which photo is meant.
#[derive(Debug, serde::Deserialize)]
pub(crate) struct PhotoQuery {
    photo: String,
}

/// `POST /customers/{id}/photo/restore?photo=…`: takes the removal back.
pub(crate) async fn restore(
    State(state): State<AppState>,
    principal: Principal,
    ApiPath(id): ApiPath<String>,
    ApiQuery(query): ApiQuery<PhotoQuery>,
) -> Result<Response, Problem> {
    let id: ProfileId = id.parse().map_err(|_| none())?;
    let rules = state.engine().rules();
    let pictures = rules.schema().iter().filter(|definition| definition.kind == PropertyType::Picture);
    let keys: Vec<PropertyKey> = pictures.map(|definition| definition.key.clone()).collect();
    if let Some(value) = Value::text(&query.photo) {
        for key in keys {
            let wish = Wish::Show(value.clone());
            state.engine().decide_property(id, &key, &wish, &principal.source(), state.now()).await?;
        }
    }
    Ok(Redirect::to(&format!("/customers/{id}")).into_response())
}
