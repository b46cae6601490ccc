//! The inbox: lists of conversations and how many stand in each.

use axum::{Json, extract::State};
use serde::Deserialize;
use whom_core::{
    engine::{InboxCounts, InboxFilter, fold_tag},
    model::{Channel, Conversation, InboxCursor, Priority, Shelf, Whose},
};

use crate::{app::AppState, auth::Principal, http::ApiQuery, problem::Problem};

use super::list::{Items, PageQuery};

/// Which conversations are asked for; `cursor` and `limit` stand beside it.
#[derive(Debug, Deserialize)]
pub(crate) struct InboxQuery {
    /// `mine`, `unassigned`, `open`, `pending`, `snoozed`, `closed` or `spam`.
    #[serde(default = "open")]
    view: String,
    /// A login name, `me` or `nobody`; anybody's where it is not said.
    assignee: Option<String>,
    tag: Option<String>,
    priority: Option<Priority>,
    channel: Option<String>,
    /// Words in the subject.
    q: Option<String>,
    cursor: Option<String>,
    limit: Option<usize>,
}

fn open() -> String {
    "open".into()
}

/// `GET /v1/inbox?view=open&assignee=me`: the latest message first.
///
/// With a filter a page may be short, or empty, and still have a `next_cursor`: so much was looked through.
pub(crate) async fn list(
    State(state): State<AppState>,
    by: Principal,
    ApiQuery(query): ApiQuery<InboxQuery>,
) -> Result<Json<Items<Conversation>>, Problem> {
    let page = PageQuery::new(query.cursor, query.limit);
    let (shelf, whose) = view(&query.view, query.assignee.as_deref(), &by)?;
    let tag = query.tag.filter(|tag| !tag.trim().is_empty());
    let filter = InboxFilter {
        tag: tag
            .map(|tag| fold_tag(&tag))
            .transpose()
            .map_err(|why| Problem::bad_request("there is no such tag").at("?tag", why))?,
        priority: query.priority,
        channel: query.channel.filter(|channel| !channel.is_empty()).map(|channel| Channel::new(&channel)),
        text: query.q.filter(|text| !text.trim().is_empty()),
    };
    let after = page.cursor::<InboxCursor>()?;
    let found = state.engine().inbox(shelf, &whose, &filter, after, page.limit()).await?;
    Ok(Items::page(found.conversations, found.next))
}

/// `GET /v1/inbox/counts`: exact up to 1,000.
pub(crate) async fn counts(
    State(state): State<AppState>,
    by: Principal,
) -> Result<Json<InboxCounts>, Problem> {
    let me = match &by {
        Principal::Person { login, .. } => Some(login.as_str()),
        _ => None,
    };
    Ok(Json(state.engine().inbox_counts(me).await?))
}

/// The list that a view means.
fn view(view: &str, assignee: Option<&str>, by: &Principal) -> Result<(Shelf, Whose), Problem> {
    let me = || match by {
        Principal::Person { login, .. } => Ok(Whose::Agent(login.clone())),
        _ => Err(Problem::bad_request("only somebody who is signed in has conversations of their own")
            .at("?assignee", "give a login name instead")),
    };
    match view {
        "mine" => return Ok((Shelf::Open, me()?)),
        "unassigned" => return Ok((Shelf::Open, Whose::Nobody)),
        _ => {}
    }
    let shelf = view.parse().map_err(|_| {
        Problem::bad_request("there is no such view")
            .at("?view", "use mine, unassigned, open, pending, snoozed, closed or spam")
    })?;
    let whose = match assignee.map(str::trim).filter(|login| !login.is_empty()) {
        None => Whose::Anybody,
        Some("me") => me()?,
        Some("nobody") => Whose::Nobody,
        Some(login) => Whose::Agent(login.to_lowercase()),
    };
    Ok((shelf, whose))
}
