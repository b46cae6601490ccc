//! What is done with pairs, and with the values of a property.

use axum::{extract::State, response::Response};
use serde::Deserialize;
use whom_core::{
    engine::{Choice, Wish},
    model::{ClaimId, ProfileId, PropertyKey, Source, Value},
    view::{ClaimView, Explanation},
};

use crate::pages::{back::Back, sent::Sent};
use crate::{app::AppState, auth::Principal, http::ApiPath, problem::Problem};

/// `POST /customers/{id}/not-the-same/{other}`
pub(crate) async fn tell_apart(
    State(state): State<AppState>,
    principal: Principal,
    back: Back,
    ApiPath((id, other)): ApiPath<(ProfileId, ProfileId)>,
) -> Result<Response, Problem> {
    state.engine().tell_apart(id, other, &principal.source(), state.now()).await?;
    Ok(back.with("/duplicates", "told_apart", Some(&format!("{id}-{other}"))))
}

/// `POST /customers/{id}/maybe-the-same/{other}`
pub(crate) async fn maybe_same(
    State(state): State<AppState>,
    back: Back,
    ApiPath((id, other)): ApiPath<(ProfileId, ProfileId)>,
) -> Result<Response, Problem> {
    state.engine().forget_apart(id, other, state.now()).await?;
    Ok(back.with("/duplicates", "maybe_same", None))
}

/// The value that a deed is about, where it is about one that no claim names.
#[derive(Default, Deserialize)]
pub(crate) struct About {
    #[serde(default)]
    value: String,
}

/// `POST /customers/{id}/properties/{property}/{deed}`: `unpin`, `take` an offered value, or `hide` one.
pub(crate) async fn decide(
    State(state): State<AppState>,
    by: Principal,
    back: Back,
    ApiPath((id, property, deed)): ApiPath<(ProfileId, PropertyKey, String)>,
    Sent(about): Sent<About>,
) -> Result<Response, Problem> {
    let (engine, source, now) = (state.engine(), by.source(), state.now());
    let here = format!("/customers/{id}");
    match deed.as_str() {
        "unpin" => {
            engine.decide_property(id, &property, &Wish::Unpin, &source, now).await?;
            Ok(back.with(&here, "unpinned", None))
        }
        "take" => {
            let value =
                Value::text(&about.value).ok_or_else(|| Problem::bad_request("the form names no value"))?;
            engine.take_offered(id, &property, &value, &source, now).await?;
            Ok(back.with(&here, "taken", None))
        }
        "hide" => {
            let value = serde_json::from_str(&about.value).ok().and_then(|json| Value::from_json(&json));
            let value = value.ok_or_else(|| Problem::bad_request("the form names no value"))?;
            let why = engine.why(id, &property, now).await?;
            let said = why.winning.iter().find(|claim| claim.assertion.value() == Some(&value));
            let undo = said.and_then(|claim| claim.id).map(|claim| format!("{id}-{property}-{claim}"));
            engine.decide_property(id, &property, &Wish::Hide(Choice::Value(value)), &source, now).await?;
            Ok(back.with(&here, "hidden", undo.as_deref()))
        }
        _ => Err(Problem::not_found("nothing of that sort can be decided about a property")),
    }
}

/// `POST /customers/{id}/properties/{property}/{deed}/{claim}`: what is decided about one claim, or taken back.
pub(crate) async fn decide_claim(
    State(state): State<AppState>,
    by: Principal,
    back: Back,
    ApiPath((id, property, deed, claim)): ApiPath<(ProfileId, PropertyKey, String, ClaimId)>,
) -> Result<Response, Problem> {
    let (engine, source, now) = (state.engine(), by.source(), state.now());
    let why = engine.why(id, &property, now).await?;
    let said = of_claim(&why, claim).ok_or_else(|| Problem::not_found("nobody says that here any more"))?;
    let value = || said.assertion.value().cloned().unwrap_or(Value::YesNo(true));
    let whose: Source = said.source.clone();
    let (wish, done, undo) = match deed.as_str() {
        "pin" => (Wish::Pin(Choice::Claim(claim)), "pinned", Some(format!("{id}-{property}"))),
        "hide" => (Wish::Hide(Choice::Claim(claim)), "hidden", Some(format!("{id}-{property}-{claim}"))),
        "never" => (Wish::Never(whose), "nevered", Some(format!("{id}-{property}-{claim}"))),
        "show" => (Wish::Show(value()), "shown", None),
        "again" => (Wish::Again(whose), "again", None),
        _ => return Err(Problem::not_found("nothing of that sort can be decided about a value")),
    };
    engine.decide_property(id, &property, &wish, &source, now).await?;
    Ok(back.with(&format!("/customers/{id}"), done, undo.as_deref()))
}

fn of_claim(why: &Explanation, id: ClaimId) -> Option<&ClaimView> {
    let losing = why.losing.iter().map(|lost| &lost.claim);
    why.winning.iter().chain(losing).find(|claim| claim.id == Some(id))
}
