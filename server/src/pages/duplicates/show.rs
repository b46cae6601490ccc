//! What the queue and the page of a comparison show: the handlers that read.

use std::collections::BTreeMap;

use axum::{extract::State, http::StatusCode};
use serde::Deserialize;
use whom_core::{
    engine::{Choice, EngineError},
    model::{ProfileId, PropertyKey},
};

use super::{
    compare::{self, Compared},
    page::{self, Queue},
};
use crate::pages::{answer::Html, back::NewsQuery, frame::Frame};
use crate::{
    app::AppState,
    auth::Principal,
    duplicates::{self, Which},
    http::{ApiPath, ApiQuery},
    problem::Problem,
};

/// How many pairs a page lists.
const PAIRS: usize = 25;

/// What stands behind `?` of the queue.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct QueueQuery {
    state: Option<String>,
    after: Option<String>,
    done: Option<String>,
    undo: Option<String>,
}

/// `GET /duplicates`
pub(crate) async fn queue(
    State(state): State<AppState>,
    frame: Frame,
    ApiQuery(query): ApiQuery<QueueQuery>,
) -> Result<Html, Problem> {
    let which = match query.state.as_deref() {
        Some("decided") => Which::Decided,
        Some("merged") => Which::Merged,
        _ => Which::Open,
    };
    let after = query.after.as_deref();
    let news = NewsQuery { done: query.done, undo: query.undo }.toast(page::address(which));
    let mut queue = Queue { which, pairs: Vec::new(), merges: Vec::new(), next: None, news };
    if which == Which::Merged {
        let found = duplicates::merged(&state, after, PAIRS).await?;
        (queue.merges, queue.next) = (found.merges, found.next);
    } else {
        let found = duplicates::list(&state, which, after, PAIRS).await?;
        (queue.pairs, queue.next) = (found.pairs, found.next);
    }
    Ok(Html::ok(page::page(&frame, &queue)))
}

/// What was chosen field by field: `c.PROPERTY` names the claim.
pub(crate) fn choices(given: &BTreeMap<String, String>) -> Result<BTreeMap<PropertyKey, Choice>, Problem> {
    let mut choices = BTreeMap::new();
    for (name, claim) in given {
        let Some(property) = name.strip_prefix("c.").filter(|_| !claim.is_empty()) else { continue };
        let property = property.parse().map_err(|why: String| Problem::bad_request(why))?;
        let claim = claim
            .parse()
            .map_err(|error: whom_core::model::IdError| Problem::bad_request(error.to_string()))?;
        choices.insert(property, Choice::Claim(claim));
    }
    Ok(choices)
}

/// `GET /customers/{id}/merge?with=…`: two profiles side by side, and what would come of them.
pub(crate) async fn compare(
    State(state): State<AppState>,
    frame: Frame,
    by: Principal,
    ApiPath(id): ApiPath<ProfileId>,
    ApiQuery(query): ApiQuery<BTreeMap<String, String>>,
) -> Result<Html, Problem> {
    let (engine, now, by) = (state.engine(), state.now(), by.source());
    let into = engine.view(id, now).await?;
    let with = query.get("with").cloned().unwrap_or_default();
    let chosen = choices(&query)?;
    let back = query.get("back").cloned().filter(|back| back.starts_with('/') && !back.starts_with("//"));
    let preview = match engine.find(&with).await {
        Ok(from) => {
            engine.merge_preview(from, into.id, &BTreeMap::new(), &by, now).await.map(|plain| (from, plain))
        }
        Err(error) => Err(error),
    };
    match preview {
        Ok((from, mut plain)) => {
            if let Some(verdict) = duplicates::said_of_both(&state, plain.into.id, plain.from.id).await? {
                plain.verdict = Some(verdict);
            }
            let result = match chosen.is_empty() {
                true => None,
                false => Some(engine.merge_preview(from, into.id, &chosen, &by, now).await?),
            };
            let compared = Compared { plain, result, chosen, back };
            Ok(Html::ok(compare::page(&frame, &compared)))
        }
        Err(error @ EngineError::Store(_)) => Err(error.into()),
        Err(error) => {
            let words = error.to_string();
            Ok(Html(StatusCode::UNPROCESSABLE_ENTITY, compare::not_possible(&frame, &into, &with, &words)))
        }
    }
}
