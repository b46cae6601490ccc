//! Merging profiles, taking a merge back, and saying that two are not the same person.

use std::collections::BTreeMap;

use axum::{Json, extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use whom_core::model::{MembershipChange, MembershipId, ProfileId, PropertyKey};

use crate::{
    app::AppState,
    auth::Principal,
    http::{ApiJson, ApiPath},
    problem::Problem,
};

use super::{
    decisions::{Chosen, choices},
    list::Items,
    profiles::meant,
};

/// Which profile is to give way, and why.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MergeFrom {
    from: String,
    #[serde(default)]
    why: String,
    /// Values to pin with the merge; undoing it takes them back.
    #[serde(default)]
    choose: BTreeMap<PropertyKey, Chosen>,
}

/// Whom a profile is not.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NotTheSame {
    other: String,
}

/// What undoing a change did.
#[derive(Debug, Serialize)]
pub(crate) struct UndoneView {
    change: MembershipId,
    profiles: Vec<ProfileId>,
    still_together_by: Vec<MembershipId>,
}

/// `POST /v1/profiles/{handle}/merge`: another profile's contacts come here.
pub(crate) async fn merge(
    State(state): State<AppState>,
    by: Principal,
    ApiPath(handle): ApiPath<String>,
    ApiJson(given): ApiJson<MergeFrom>,
) -> Result<Json<MembershipChange>, Problem> {
    let (into, from) = (meant(&state, &handle).await?, meant(&state, &given.from).await?);
    let why = given.why.trim();
    let why = if why.is_empty() { "merged by hand" } else { why };
    let choose = choices(given.choose, "/choose")?;
    let by = by.source();
    Ok(Json(state.engine().merge_choosing(from, into, &by, why, &choose, state.now()).await?))
}

/// `POST /v1/merges/{id}/undo`: any change of membership is taken back exactly.
pub(crate) async fn undo(
    State(state): State<AppState>,
    by: Principal,
    ApiPath(change): ApiPath<MembershipId>,
) -> Result<Json<UndoneView>, Problem> {
    let undone = state.engine().unmerge(change, &by.source(), state.now()).await?;
    let (change, profiles, still_together_by) = (undone.change, undone.profiles, undone.still_together_by);
    Ok(Json(UndoneView { change, profiles, still_together_by }))
}

/// `GET /v1/profiles/{handle}/history`: the changes of membership a profile took part in.
pub(crate) async fn history(
    State(state): State<AppState>,
    ApiPath(handle): ApiPath<String>,
) -> Result<Json<Items<MembershipChange>>, Problem> {
    // A profile that was merged away has a history of its own, which ends with the merge.
    let id = match handle.parse::<ProfileId>() {
        Ok(id) => id,
        Err(_) => meant(&state, &handle).await?,
    };
    Ok(Items::all(state.engine().history(id).await?))
}

/// `POST /v1/profiles/{handle}/not-the-same`
pub(crate) async fn tell_apart(
    State(state): State<AppState>,
    by: Principal,
    ApiPath(handle): ApiPath<String>,
    ApiJson(given): ApiJson<NotTheSame>,
) -> Result<StatusCode, Problem> {
    let (a, b) = (meant(&state, &handle).await?, meant(&state, &given.other).await?);
    state.engine().tell_apart(a, b, &by.source(), state.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /v1/profiles/{handle}/maybe-the-same`: takes back that they are two.
pub(crate) async fn maybe_same(
    State(state): State<AppState>,
    ApiPath(handle): ApiPath<String>,
    ApiJson(given): ApiJson<NotTheSame>,
) -> Result<StatusCode, Problem> {
    let (a, b) = (meant(&state, &handle).await?, meant(&state, &given.other).await?);
    state.engine().forget_apart(a, b, state.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}
