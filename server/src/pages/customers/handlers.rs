//! The list of customers: the handlers.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use whom_core::search::{Page, SearchError};

use super::{
    asked::{Asked, ListQuery, SentTest, put_in},
    filters, list, side,
};
use crate::{
    app::AppState,
    auth::Principal,
    http::ApiQuery,
    pages::{answer::Html, frame::Frame, words::customers as says},
    problem::Problem,
};

/// How many customers a page lists.
const CUSTOMERS: usize = 50;

/// `GET /customers`
pub(crate) async fn customers(
    State(state): State<AppState>,
    frame: Frame,
    by: Principal,
    ApiQuery(query): ApiQuery<ListQuery>,
) -> Result<Html, Problem> {
    let asked = Asked::read(&state, &by, &query).await?;
    let vocabulary = state.directory().vocabulary();
    match query.fragment.as_deref() {
        Some("segments") => {
            let lines = side::lines(&state, &by, true).await?;
            return Ok(Html::ok(side::side(&asked, &lines, frame.may_write)));
        }
        Some("filter") => return Ok(Html::ok(filters::adding(&asked, &vocabulary))),
        _ => {}
    }
    let question = &asked.question;
    let mut found = match &asked.wrong {
        // What cannot be read finds nobody: showing everybody would look like an answer.
        Some(_) => Page::default(),
        None => {
            match state.directory().find(question.query(query.after.clone(), CUSTOMERS), state.now()).await {
                Ok(found) => found,
                // The list was changed since the address was made: it begins again.
                Err(SearchError::Cursor) => {
                    state.directory().find(question.query(None, CUSTOMERS), state.now()).await?
                }
                Err(error) => return Err(error.into()),
            }
        }
    };
    // A directory without an index knows no kinds.
    found.hits.retain(|hit| question.kind.is_none_or(|kind| kind == hit.kind));
    Ok(match (query.fragment.is_some(), query.after.is_some()) {
        (true, true) => Html::ok(list::rows(&frame, &asked, &found, &vocabulary)),
        (true, false) => Html::ok(list::results(&frame, &asked, &found, &vocabulary)),
        (false, _) => {
            let counts = side::counts_at_once(&state).await?;
            let lines = side::lines(&state, &by, counts).await?;
            let page = list::page(
                &frame,
                &list::Shown {
                    asked: &asked,
                    found: &found,
                    vocabulary: &vocabulary,
                    lines: &lines,
                    news: news(&query),
                },
            );
            let status =
                if asked.wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
            Html(status, page)
        }
    })
}

/// What was done before this page.
fn news(query: &ListQuery) -> Option<(&'static str, Option<String>)> {
    let id = query.undo.as_deref().filter(|id| id.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'));
    let undo = id.map(|id| format!("/customers/segments/{id}/restore"));
    Some(match query.done.as_deref()? {
        "saved" => (says::DONE_SAVED, None),
        "removed" => (says::DONE_REMOVED, undo),
        "back" => (says::DONE_BROUGHT_BACK, None),
        "columns" => (says::DONE_COLUMNS, None),
        _ => return None,
    })
}

/// `GET /customers/filter`: puts a condition into the filter and shows the list.
pub(crate) async fn add_filter(
    State(state): State<AppState>,
    by: Principal,
    ApiQuery(query): ApiQuery<ListQuery>,
    ApiQuery(sent): ApiQuery<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let query = ListQuery { fragment: None, ..query };
    let asked = Asked::read(&state, &by, &query).await?;
    let mut test = SentTest::default();
    for (name, value) in sent {
        match name.as_str() {
            "property" => test.property = value,
            "op" => test.op = value,
            "value" => test.values.push(value),
            "to" => test.to = value,
            "days" => test.days = value,
            _ => {}
        }
    }
    let vocabulary = state.directory().vocabulary();
    let Some(test) = test.read(&vocabulary) else {
        return Err(Problem::not_found("there is no such property or condition"));
    };
    let filter = put_in(&asked.question.filter, test, query.at);
    // The list says what is wrong with a value, with the filter in a field to be mended.
    Ok(Redirect::to(&asked.with_filter(&filter)).into_response())
}
