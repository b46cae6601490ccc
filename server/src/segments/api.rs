//! Segments over HTTP.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use whom_core::{
    model::{ProfileKind, Timestamp},
    search::{Direction, Sort},
};

use super::{
    GivenSegment, Segment, bring_back, built_in, change, make, one,
    question::{GivenFilter, GivenQuestion, Question},
    remove, seen_by,
};
use crate::{
    app::AppState,
    auth::{Permission::Read, Principal},
    http::{ApiJson, ApiPath, ApiQuery},
    problem::Problem,
    routes::Route,
};

/// How far the members of a segment are counted.
pub(crate) const COUNTED: usize = 10_000;

/// The routes of segments. Whoever sees customers keeps lists of their own; sharing one takes more.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::api(Method::GET, "/v1/segments", Read, list),
        Route::api(Method::POST, "/v1/segments", Read, create).repeatable(),
        Route::api(Method::GET, "/v1/segments/{id}", Read, show),
        Route::api(Method::PATCH, "/v1/segments/{id}", Read, edit),
        Route::api(Method::DELETE, "/v1/segments/{id}", Read, delete),
        Route::api(Method::POST, "/v1/segments/{id}/restore", Read, restore),
    ]
}

/// A segment as the API shows it.
#[derive(Serialize)]
struct Shown {
    id: String,
    name: String,
    /// Whether it is always there.
    built_in: bool,
    shared: bool,
    mine: bool,
    #[serde(skip_serializing_if = "String::is_empty")]
    q: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<ProfileKind>,
    /// The conditions, written.
    filter: String,
    sort: Sort,
    #[serde(skip_serializing_if = "Option::is_none")]
    order: Option<Direction>,
    columns: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    created: Option<Timestamp>,
    /// How many profiles it holds, counted to 10,000, where that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    count: Option<usize>,
}

impl Shown {
    fn of(id: String, segment: &Segment, by: &Principal) -> Self {
        let question = &segment.question;
        Self {
            id,
            name: segment.name.clone(),
            built_in: false,
            shared: segment.shared,
            mine: segment.owner == by.scope(),
            q: question.q.clone(),
            kind: question.kind,
            filter: question.filter.to_string(),
            sort: question.sort.clone(),
            order: question.order,
            columns: segment.columns.clone(),
            created: Some(segment.created),
            count: None,
        }
    }
}

#[derive(Deserialize)]
struct ListQuery {
    #[serde(default)]
    counts: bool,
}

#[derive(Serialize)]
struct List {
    items: Vec<Shown>,
    next_cursor: Option<String>,
}

/// `GET /v1/segments?counts=true`: those that are always there first, then by name.
async fn list(
    State(state): State<AppState>,
    by: Principal,
    ApiQuery(asked): ApiQuery<ListQuery>,
) -> Result<Json<List>, Problem> {
    let mut items = Vec::new();
    for known in built_in(&state, &by) {
        let segment = Segment { name: known.id.into(), question: known.question, ..Segment::default() };
        let shown = Shown { built_in: true, created: None, ..Shown::of(known.id.into(), &segment, &by) };
        items.push((shown, segment.question));
    }
    for (id, segment) in seen_by(&state, &by).await? {
        items.push((Shown::of(id, &segment, &by), segment.question));
    }
    let mut shown = Vec::new();
    for (mut item, question) in items {
        if asked.counts {
            let query = question.query(None, 1);
            item.count = Some(state.directory().count(query, COUNTED, state.now()).await?);
        }
        shown.push(item);
    }
    Ok(Json(List { items: shown, next_cursor: None }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewSegment {
    name: String,
    #[serde(default)]
    shared: bool,
    #[serde(default)]
    q: String,
    kind: Option<ProfileKind>,
    #[serde(default)]
    filter: GivenFilter,
    #[serde(default)]
    sort: Sort,
    order: Option<Direction>,
    #[serde(default)]
    columns: Vec<String>,
}

/// `POST /v1/segments`
async fn create(
    State(state): State<AppState>,
    by: Principal,
    ApiJson(new): ApiJson<NewSegment>,
) -> Result<Response, Problem> {
    let question =
        GivenQuestion { q: new.q, kind: new.kind, filter: new.filter, sort: new.sort, order: new.order };
    let given = GivenSegment {
        name: Some(new.name),
        shared: Some(new.shared),
        question: Some(question.read(&state)?),
        columns: Some(new.columns),
    };
    let (id, segment) = make(&state, &by, given).await?;
    let place = format!("/v1/segments/{id}");
    let shown = versioned(&segment, Shown::of(id, &segment, &by));
    Ok((StatusCode::CREATED, [(header::LOCATION, place)], shown).into_response())
}

fn versioned(segment: &Segment, shown: Shown) -> Response {
    ([(header::ETAG, format!("\"{}\"", segment.version))], Json(shown)).into_response()
}

/// `GET /v1/segments/{id}`
async fn show(
    State(state): State<AppState>,
    by: Principal,
    ApiPath(id): ApiPath<String>,
) -> Result<Response, Problem> {
    let segment = one(&state, &by, &id).await?;
    Ok(versioned(&segment, Shown::of(id, &segment, &by)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Patch {
    name: Option<String>,
    shared: Option<bool>,
    q: Option<String>,
    kind: Option<ProfileKind>,
    filter: Option<GivenFilter>,
    sort: Option<Sort>,
    order: Option<Direction>,
    columns: Option<Vec<String>>,
}

/// `PATCH /v1/segments/{id}`; with `If-Match` only while it is that version still.
async fn edit(
    State(state): State<AppState>,
    by: Principal,
    ApiPath(id): ApiPath<String>,
    headers: HeaderMap,
    ApiJson(patch): ApiJson<Patch>,
) -> Result<Response, Problem> {
    let known = one(&state, &by, &id).await?.question;
    let filter = match patch.filter {
        Some(filter) => filter.read(&state)?,
        None => known.filter,
    };
    let question = Question {
        q: patch.q.unwrap_or(known.q),
        kind: patch.kind.or(known.kind),
        filter,
        sort: patch.sort.unwrap_or(known.sort),
        order: patch.order.or(known.order),
    };
    let given = GivenSegment {
        name: patch.name,
        shared: patch.shared,
        question: Some(question),
        columns: patch.columns,
    };
    let version = headers.get(header::IF_MATCH).and_then(|value| value.to_str().ok());
    let version = match version.map(|version| version.trim_matches('"').parse()) {
        Some(Ok(version)) => Some(version),
        Some(Err(_)) => return Err(Problem::changed_since("this is no version of the segment")),
        None => None,
    };
    let segment = change(&state, &by, &id, given, version).await?;
    Ok(versioned(&segment, Shown::of(id, &segment, &by)))
}

/// `DELETE /v1/segments/{id}`; it can be restored for a month.
async fn delete(
    State(state): State<AppState>,
    by: Principal,
    ApiPath(id): ApiPath<String>,
) -> Result<StatusCode, Problem> {
    remove(&state, &by, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /v1/segments/{id}/restore`
async fn restore(
    State(state): State<AppState>,
    by: Principal,
    ApiPath(id): ApiPath<String>,
) -> Result<Response, Problem> {
    let segment = bring_back(&state, &by, &id).await?;
    Ok(versioned(&segment, Shown::of(id, &segment, &by)))
}
