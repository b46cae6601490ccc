//! The list of customers: the handlers.

use axum::extract::State;
use serde::Deserialize;
use whom_core::{model::ProfileKind, search::Query};

use super::list;
use crate::{
    app::AppState,
    http::ApiQuery,
    pages::{answer::Html, frame::Frame},
    problem::Problem,
};

/// How many customers a page lists.
const CUSTOMERS: usize = 50;

/// What stands behind `?` of the customers page.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct ListQuery {
    q: Option<String>,
    kind: Option<ProfileKind>,
    order: Option<String>,
    after: Option<String>,
    fragment: Option<String>,
}

/// `GET /customers`
pub(crate) async fn customers(
    State(state): State<AppState>,
    frame: Frame,
    ApiQuery(query): ApiQuery<ListQuery>,
) -> Result<Html, Problem> {
    let asked = list::Asked {
        text: query.q.unwrap_or_default(),
        kind: query.kind,
        order: query.order.as_deref().map(list::Order::from_word).unwrap_or_default(),
    };
    let question = Query {
        text: asked.text.clone(),
        kind: asked.kind,
        sort: asked.order.sort(),
        cursor: query.after.clone(),
        limit: CUSTOMERS,
        ..Query::default()
    };
    let mut found = state.directory().find(question, state.now()).await?;
    // A directory without an index knows no kinds.
    found.hits.retain(|hit| asked.kind.is_none_or(|kind| kind == hit.kind));
    Ok(Html::ok(match (query.fragment, query.after) {
        (None, _) => list::page(&frame, &asked, &found),
        (Some(_), None) => list::results(&frame, &asked, &found),
        (Some(_), Some(_)) => list::rows(&frame, &asked, &found),
    }))
}
