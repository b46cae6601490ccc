//! What people decide about the values of a property: pin one, hide one, never from a source; each with its way back.

use std::collections::BTreeMap;

use axum::{Json, extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::Value as JsonValue;
use whom_core::{
    engine::{Choice, MergePreview, Wish},
    model::{ClaimId, ContactId, PropertyKey, Source, Value},
    view::Explanation,
};

use crate::{
    app::AppState,
    auth::Principal,
    duplicates,
    http::{ApiJson, ApiPath, ApiQuery},
    problem::Problem,
};

use super::profiles::meant;

/// Which of the claimed values is meant: by its claim, or as it is.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Chosen {
    claim: Option<ClaimId>,
    value: Option<JsonValue>,
}

impl Chosen {
    fn read(self, pointer: &str) -> Result<Choice, Problem> {
        match (self.claim, self.value.as_ref().and_then(Value::from_json)) {
            (Some(claim), None) => Ok(Choice::Claim(claim)),
            (None, Some(value)) => Ok(Choice::Value(value)),
            _ => Err(Problem::invalid("say which value is meant")
                .at(pointer, "give either `claim`, an id as `why` lists them, or `value`")),
        }
    }

    fn read_value(self) -> Result<Value, Problem> {
        match self.read("")? {
            Choice::Value(value) => Ok(value),
            Choice::Claim(_) => Err(Problem::invalid("this is about a value, whoever claims it")
                .at("/claim", "give `value` instead")),
        }
    }
}

/// Whose word is meant.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WhoseWord {
    source: String,
}

impl WhoseWord {
    fn read(&self) -> Result<Source, Problem> {
        self.source
            .parse()
            .map_err(|why: String| Problem::invalid("there is no such source").at("/source", why))
    }
}

/// The contact that came of an offer.
#[derive(Debug, Serialize)]
pub(crate) struct Taken {
    contact: ContactId,
}

type Place = ApiPath<(String, PropertyKey)>;

/// `POST /v1/profiles/{handle}/properties/{property}/pin`
pub(crate) async fn pin(
    State(state): State<AppState>,
    by: Principal,
    place: Place,
    ApiJson(chosen): ApiJson<Chosen>,
) -> Result<Json<Explanation>, Problem> {
    decide(&state, &by, place, Wish::Pin(chosen.read("")?)).await
}

/// `POST /v1/profiles/{handle}/properties/{property}/unpin`
pub(crate) async fn unpin(
    State(state): State<AppState>,
    by: Principal,
    place: Place,
) -> Result<Json<Explanation>, Problem> {
    decide(&state, &by, place, Wish::Unpin).await
}

/// `POST /v1/profiles/{handle}/properties/{property}/hide`
pub(crate) async fn hide(
    State(state): State<AppState>,
    by: Principal,
    place: Place,
    ApiJson(chosen): ApiJson<Chosen>,
) -> Result<Json<Explanation>, Problem> {
    decide(&state, &by, place, Wish::Hide(chosen.read("")?)).await
}

/// `POST /v1/profiles/{handle}/properties/{property}/show`: takes hiding back.
pub(crate) async fn show(
    State(state): State<AppState>,
    by: Principal,
    place: Place,
    ApiJson(chosen): ApiJson<Chosen>,
) -> Result<Json<Explanation>, Problem> {
    decide(&state, &by, place, Wish::Show(chosen.read_value()?)).await
}

/// `POST /v1/profiles/{handle}/properties/{property}/never`: what this source says does not count.
pub(crate) async fn never(
    State(state): State<AppState>,
    by: Principal,
    place: Place,
    ApiJson(whose): ApiJson<WhoseWord>,
) -> Result<Json<Explanation>, Problem> {
    decide(&state, &by, place, Wish::Never(whose.read()?)).await
}

/// `POST /v1/profiles/{handle}/properties/{property}/again`: takes that back.
pub(crate) async fn again(
    State(state): State<AppState>,
    by: Principal,
    place: Place,
    ApiJson(whose): ApiJson<WhoseWord>,
) -> Result<Json<Explanation>, Problem> {
    decide(&state, &by, place, Wish::Again(whose.read()?)).await
}

async fn decide(
    state: &AppState,
    by: &Principal,
    ApiPath((handle, property)): Place,
    wish: Wish,
) -> Result<Json<Explanation>, Problem> {
    let id = meant(state, &handle).await?;
    Ok(Json(state.engine().decide_property(id, &property, &wish, &by.source(), state.now()).await?))
}

/// `POST /v1/profiles/{handle}/properties/{property}/take`: an address that a provider offers becomes a contact.
pub(crate) async fn take(
    State(state): State<AppState>,
    by: Principal,
    ApiPath((handle, property)): Place,
    ApiJson(chosen): ApiJson<Chosen>,
) -> Result<(StatusCode, Json<Taken>), Problem> {
    let id = meant(&state, &handle).await?;
    let value = chosen.read_value()?;
    let contact = state.engine().take_offered(id, &property, &value, &by.source(), state.now()).await?;
    Ok((StatusCode::CREATED, Json(Taken { contact })))
}

/// Which merge is looked at before it counts.
#[derive(Debug, Deserialize)]
pub(crate) struct PreviewQuery {
    /// The profile that would go into the one of the path.
    with: String,
    /// What would be chosen, as JSON: `{"property": {"claim": …}}`.
    choose: Option<String>,
}

/// `GET /v1/profiles/{handle}/merge-preview?with=`: what a merge would make of two profiles.
pub(crate) async fn preview(
    State(state): State<AppState>,
    by: Principal,
    ApiPath(handle): ApiPath<String>,
    ApiQuery(query): ApiQuery<PreviewQuery>,
) -> Result<Json<MergePreview>, Problem> {
    let (into, from) = (meant(&state, &handle).await?, meant(&state, &query.with).await?);
    let given: BTreeMap<PropertyKey, Chosen> = match query.choose.as_deref() {
        Some(text) => serde_json::from_str(text).map_err(|error| {
            Problem::bad_request("the choices cannot be read").at("?choose", error.to_string())
        })?,
        None => BTreeMap::new(),
    };
    let choose = choices(given, "?choose")?;
    let mut preview = state.engine().merge_preview(from, into, &choose, &by.source(), state.now()).await?;
    if let Some(verdict) = duplicates::said_of_both(&state, preview.into.id, preview.from.id).await? {
        preview.verdict = Some(verdict);
    }
    Ok(Json(preview))
}

/// What was chosen field by field.
pub(crate) fn choices(
    given: BTreeMap<PropertyKey, Chosen>,
    pointer: &str,
) -> Result<BTreeMap<PropertyKey, Choice>, Problem> {
    given
        .into_iter()
        .map(|(property, chosen)| {
            let choice = chosen.read(&format!("{pointer}/{property}"))?;
            Ok((property, choice))
        })
        .collect()
}
