//! The inbox: the handlers that read.

use axum::extract::State;
use serde::Deserialize;
use whom_core::{
    engine::InboxFilter,
    model::{InboxCursor, Priority},
};

use super::{
    list::{self, Inbox},
    rows::rows,
    views::View,
};
use crate::{
    app::AppState,
    auth::{Principal, people},
    http::{ApiPath, ApiQuery},
    pages::{answer::Html, conversation, frame::Frame},
    problem::Problem,
};

/// How many conversations a page lists.
const CONVERSATIONS: usize = 40;
/// How many rows at most are brought up to date at once.
const MOST_ROWS: usize = 400;
/// How many people are offered to look after one.
pub(crate) const PEOPLE: usize = 100;

/// What stands behind `?` of the inbox.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct InboxQuery {
    pub(super) q: Option<String>,
    pub(super) tag: Option<String>,
    pub(super) priority: Option<String>,
    pub(super) after: Option<String>,
    pub(super) fragment: Option<String>,
    pub(super) done: Option<String>,
    pub(super) n: Option<u64>,
    pub(super) undo: Option<String>,
    /// The conversation that what was done is about.
    pub(super) of: Option<u64>,
    /// How many rows are shown already, where the list is brought up to date.
    pub(super) rows: Option<usize>,
}

impl InboxQuery {
    fn filter(&self) -> InboxFilter {
        let given = |text: &Option<String>| {
            text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
        };
        InboxFilter {
            tag: given(&self.tag).map(|tag| tag.to_lowercase()),
            priority: given(&self.priority).and_then(|word| word.parse::<Priority>().ok()),
            channel: None,
            text: given(&self.q),
        }
    }
}

/// `GET /inbox`: all that is open.
pub(crate) async fn all_open(
    state: State<AppState>,
    frame: Frame,
    principal: Principal,
    query: ApiQuery<InboxQuery>,
) -> Result<Html, Problem> {
    shown(state, frame, principal, View::Open, query).await
}

/// `GET /inbox/{view}`
pub(crate) async fn view(
    state: State<AppState>,
    frame: Frame,
    principal: Principal,
    ApiPath(view): ApiPath<String>,
    query: ApiQuery<InboxQuery>,
) -> Result<Html, Problem> {
    let view = View::from_word(&view).ok_or_else(|| Problem::not_found("the inbox has no such view"))?;
    shown(state, frame, principal, view, query).await
}

async fn shown(
    State(state): State<AppState>,
    frame: Frame,
    principal: Principal,
    view: View,
    ApiQuery(query): ApiQuery<InboxQuery>,
) -> Result<Html, Problem> {
    let after: Option<InboxCursor> = query
        .after
        .as_deref()
        .map(str::parse)
        .transpose()
        .map_err(|why: String| Problem::bad_request(why))?;
    let filter = query.filter();
    let (shelf, whose) = view.asked(principal.login());
    let rows_shown = query.rows.unwrap_or(CONVERSATIONS).clamp(CONVERSATIONS, MOST_ROWS);
    let page = state.engine().inbox(shelf, &whose, &filter, after, rows_shown).await?;
    let counts = state.engine().inbox_counts(principal.login()).await?;
    let people = people::list(state.store(), None, PEOPLE).await?;
    let people = people
        .into_iter()
        .filter(|person| !person.disabled)
        .map(|person| (person.login, person.name))
        .collect();
    let inbox = Inbox {
        view,
        rows: rows(&state, page.conversations).await?,
        next: page.next,
        counts,
        people,
        drafts: conversation::all_drafts(&state, &principal).await?.len(),
        is_filtered: filter != InboxFilter::default(),
        query,
    };
    Ok(Html::ok(match inbox.query.fragment {
        Some(_) => list::items(&frame, &inbox),
        None => list::page(&frame, &inbox),
    }))
}
