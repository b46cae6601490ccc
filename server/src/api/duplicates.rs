//! Who is likely one person: the queue, lookalikes of one profile, and what evidence could not decide.

use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};
use whom_core::{
    engine::LikelySame,
    model::{ContactId, ProfileId, Timestamp},
    store::DocumentKind,
};

use crate::{
    app::AppState,
    documents::{self, Stored},
    duplicates::{self, Merged, Pair, Which},
    http::{ApiPath, ApiQuery},
    problem::Problem,
};

use super::{
    list::{Items, PageQuery},
    profiles::meant,
};

/// Evidence that named two contacts, and what spoke against joining them.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Review {
    contacts: [ContactId; 2],
    #[serde(default)]
    profiles: Vec<ProfileId>,
    why: String,
    said_by: String,
    at: Timestamp,
}

impl Stored for Review {
    const KIND: DocumentKind = DocumentKind::Review;
}

/// Which part of the queue is asked for; `cursor` and `limit` stand beside it.
#[derive(Debug, Deserialize)]
pub(crate) struct QueueQuery {
    /// `open`, `decided`, or `merged`.
    #[serde(default = "open")]
    state: Which,
    cursor: Option<String>,
    limit: Option<usize>,
}

fn open() -> Which {
    Which::Open
}

/// What stands in the queue.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum Queued {
    Pair(Box<Pair>),
    Merge(Box<Merged>),
}

/// `GET /v1/duplicates`: profiles that may be one person, the likeliest first; or what was merged by hand.
pub(crate) async fn queue(
    State(state): State<AppState>,
    ApiQuery(query): ApiQuery<QueueQuery>,
) -> Result<Json<Items<Queued>>, Problem> {
    let page = PageQuery::new(query.cursor, query.limit);
    let after = page.cursor::<String>()?;
    if query.state == Which::Merged {
        let found = duplicates::merged(&state, after.as_deref(), page.limit()).await?;
        let merges = found.merges.into_iter().map(|one| Queued::Merge(Box::new(one))).collect();
        return Ok(Items::page(merges, found.next));
    }
    let found = duplicates::list(&state, query.state, after.as_deref(), page.limit()).await?;
    let pairs = found.pairs.into_iter().map(|pair| Queued::Pair(Box::new(pair))).collect();
    Ok(Items::page(pairs, found.next))
}

/// `GET /v1/profiles/{handle}/duplicates`: who may be the same person, by the rules, with reasons.
pub(crate) async fn of_profile(
    State(state): State<AppState>,
    ApiPath(handle): ApiPath<String>,
) -> Result<Json<Items<LikelySame>>, Problem> {
    let profile = meant(&state, &handle).await?;
    Ok(Items::all(duplicates::likely(&state, profile).await?))
}

/// `GET /v1/reviews`: evidence that could not be decided and that nobody has decided since.
pub(crate) async fn reviews(
    State(state): State<AppState>,
    ApiQuery(page): ApiQuery<PageQuery>,
) -> Result<Json<Items<Review>>, Problem> {
    let after: Option<String> = page.cursor()?;
    let found = documents::list::<Review>(state.store(), after.as_deref(), page.limit()).await?;
    let next = if found.len() == page.limit() { found.last().map(|(id, _)| id.clone()) } else { None };
    let mut open = Vec::new();
    for (_, mut review) in found {
        let contacts = state.store().contacts(&review.contacts).await?;
        let profiles: Vec<ProfileId> =
            contacts.into_iter().flatten().map(|contact| contact.profile).collect();
        let [a, b] = profiles[..] else { continue };
        if a != b && duplicates::word_on(&state, a, b).await?.is_none() {
            review.profiles = profiles;
            open.push(review);
        }
    }
    Ok(Items::page(open, next))
}
