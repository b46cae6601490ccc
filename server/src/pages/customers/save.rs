//! Saving what the list shows: segments and columns.

use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};

use super::asked::{Asked, ListQuery};
use crate::{
    app::AppState,
    auth::Principal,
    http::ApiPath,
    pages::{encoded, sent::Sent},
    problem::Problem,
    segments::{self, GivenSegment, MOST_COLUMNS},
};

/// A form of the list: what it asks, and what is saved of it.
#[derive(Default)]
struct Form {
    query: ListQuery,
    name: Option<String>,
    shared: bool,
    what: String,
    columns: Vec<String>,
    up: Option<String>,
}

impl Form {
    fn of(sent: Vec<(String, String)>) -> Self {
        let mut form = Self::default();
        let query = &mut form.query;
        for (name, value) in sent {
            match name.as_str() {
                "q" => query.q = Some(value),
                "f" => query.f = Some(value),
                "kind" => query.kind = serde_json::from_value(value.into()).ok(),
                "sort" => query.sort = Some(value),
                "order" => query.order = serde_json::from_value(value.into()).ok(),
                "segment" => query.segment = Some(value),
                "name" => form.name = Some(value),
                "shared" => form.shared = true,
                "what" => form.what = value,
                "column" => form.columns.push(value),
                "up" => form.up = Some(value),
                _ => {}
            }
        }
        form
    }
}

fn readable(asked: &Asked) -> Result<(), Problem> {
    match &asked.wrong {
        Some((_, why)) => Err(Problem::invalid("the filter cannot be read").at("/f", why.clone())),
        None => Ok(()),
    }
}

/// `POST /customers/segments`
pub(crate) async fn make(
    State(state): State<AppState>,
    by: Principal,
    Sent(sent): Sent<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let form = Form::of(sent);
    let asked = Asked::read(&state, &by, &form.query).await?;
    readable(&asked)?;
    let given = GivenSegment {
        name: form.name,
        shared: Some(form.shared),
        question: Some(asked.question),
        columns: Some(asked.columns),
    };
    let (id, _) = segments::make(&state, &by, given).await?;
    Ok(Redirect::to(&format!("/customers?segment={id}&done=saved")).into_response())
}

/// `POST /customers/segments/{id}`: renames or shares it, or lets it ask what the list asks now.
pub(crate) async fn change(
    State(state): State<AppState>,
    by: Principal,
    ApiPath(id): ApiPath<String>,
    Sent(sent): Sent<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let mut form = Form::of(sent);
    form.query.segment = Some(id.clone());
    let asked = Asked::read(&state, &by, &form.query).await?;
    readable(&asked)?;
    let given = match form.what.as_str() {
        "question" => GivenSegment { question: Some(asked.question), ..GivenSegment::default() },
        _ => GivenSegment { name: form.name, shared: Some(form.shared), ..GivenSegment::default() },
    };
    segments::change(&state, &by, &id, given, None).await?;
    Ok(Redirect::to(&format!("/customers?segment={}&done=saved", encoded(&id))).into_response())
}

/// `POST /customers/segments/{id}/remove`
pub(crate) async fn remove(
    State(state): State<AppState>,
    by: Principal,
    ApiPath(id): ApiPath<String>,
) -> Result<Response, Problem> {
    segments::remove(&state, &by, &id).await?;
    Ok(Redirect::to(&format!("/customers?done=removed&undo={}", encoded(&id))).into_response())
}

/// `POST /customers/segments/{id}/restore`
pub(crate) async fn restore(
    State(state): State<AppState>,
    by: Principal,
    ApiPath(id): ApiPath<String>,
) -> Result<Response, Problem> {
    segments::bring_back(&state, &by, &id).await?;
    Ok(Redirect::to(&format!("/customers?segment={}&done=back", encoded(&id))).into_response())
}

/// `POST /customers/columns`: for the segment where whoever asks may change it, else for their own list.
pub(crate) async fn columns(
    State(state): State<AppState>,
    by: Principal,
    Sent(sent): Sent<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let form = Form::of(sent);
    let asked = Asked::read(&state, &by, &form.query).await?;
    let mut columns = form.columns;
    if let Some(place) = form.up.and_then(|up| columns.iter().position(|key| *key == up)) {
        columns.swap(place, place.saturating_sub(1));
    }
    columns.truncate(MOST_COLUMNS);
    match (&asked.segment, asked.saved.is_some() && asked.may_change) {
        (Some(id), true) => {
            let given = GivenSegment { columns: Some(columns), ..GivenSegment::default() };
            segments::change(&state, &by, id, given, None).await?;
        }
        _ => segments::keep_columns(&state, &by, columns).await?,
    }
    Ok(Redirect::to(&asked.address(&[("done", "columns")])).into_response())
}
