//! The change feed and the figures.

use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};
use whom_core::{
    feed::{Change, Commit, FeedNumber},
    store::Figures,
    view::Seen,
};

use crate::{
    app::AppState,
    asking::Asking,
    auth::{Permission, Principal},
    http::ApiQuery,
    problem::Problem,
};

/// Which part of the feed is asked for.
#[derive(Debug, Deserialize)]
pub(crate) struct FeedQuery {
    /// The number of the last commit that was read.
    #[serde(default)]
    after: FeedNumber,
    limit: Option<usize>,
}

/// A part of the feed.
#[derive(Debug, Serialize)]
pub(crate) struct FeedPage {
    items: Vec<Commit>,
    /// What to ask after the next time.
    next: FeedNumber,
    /// The number of the latest commit.
    head: FeedNumber,
}

/// `GET /v1/feed?after=`
pub(crate) async fn feed(
    State(state): State<AppState>,
    by: Principal,
    ApiQuery(query): ApiQuery<FeedQuery>,
) -> Result<Json<FeedPage>, Problem> {
    let limit = query.limit.unwrap_or(100).clamp(1, 1000);
    let head = *state.store().feed_head().borrow();
    let items = state.store().feed(query.after, limit).await?;
    let next = items.last().map_or(query.after, |commit| commit.number);
    let items = items.into_iter().filter_map(|commit| as_seen_by(&by, commit)).collect();
    Ok(Json(FeedPage { items, next, head }))
}

/// `GET /v1/figures`
pub(crate) async fn figures(State(state): State<AppState>) -> Result<Json<Figures>, Problem> {
    Ok(Json(state.store().figures().await?))
}

/// A commit without what concerns admins alone; nothing where nothing is left of it.
pub(crate) fn as_seen_by(by: &Principal, mut commit: Commit) -> Option<Commit> {
    if !by.may(Permission::Administer) {
        commit.changes.retain(|change| !matches!(change, Change::DocumentChanged { .. }));
    }
    if let Some(sight) = Asking::sight() {
        for change in &mut commit.changes {
            if let Change::PropertiesChanged { properties, .. } = change {
                properties.retain(|key| sight.of_property(key.as_str()) != Seen::Hidden);
            }
        }
    }
    (!commit.changes.is_empty()).then_some(commit)
}
