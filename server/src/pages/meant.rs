//! Who or what is meant by what somebody typed: suggestions while they type, and a choice where several fit.

use axum::{
    extract::State,
    http::{Method, StatusCode},
    response::{IntoResponse, Response},
};
use maud::{Markup, html};
use serde::Deserialize;
use whom_core::{
    engine::EngineError,
    model::{AccountId, IdentifierKind, ProfileId},
    search::{Hit, Query},
    view::Seen,
};

use super::{
    answer::Html,
    frame::{Frame, Part},
    words::profile as say,
};
use crate::{
    app::AppState, asking::Asking, auth::Permission::Write, http::ApiQuery, problem::Problem, routes::Route,
};

/// Where a field that names recipients gets its suggestions.
pub(crate) const RECIPIENTS: &str = "/suggest/recipients";

/// How many are offered.
const OFFERED: usize = 6;
/// What stands before the name of an account that is to be made.
const NEW: &str = "new:";

/// The routes of the suggestions.
pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::page(Method::GET, "/suggest/customers", Write, suggest_customers),
        Route::page(Method::GET, "/suggest/accounts", Write, suggest_accounts),
        Route::page(Method::GET, RECIPIENTS, Write, suggest_recipients),
    ]
}

/// Somebody or something that may be meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Candidate {
    /// What is sent when it is chosen.
    pub(crate) value: String,
    /// What it is called.
    pub(crate) name: String,
    /// What tells it from others of that name.
    pub(crate) line: String,
}

/// What was meant, or what may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Meant<T> {
    /// This one.
    One(T),
    /// One of these; none where nothing fits.
    OneOf(Vec<Candidate>),
}

/// The account that is meant: one that there is, or one to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum MeantAccount {
    /// It is there.
    Known(AccountId),
    /// It is to be made and called so.
    New(String),
}

/// The customer that is meant: by an id, an address, a number, or a name that only one has.
pub(crate) async fn customer(state: &AppState, text: &str) -> Result<Meant<ProfileId>, Problem> {
    match state.engine().find(text).await {
        Ok(id) => return Ok(Meant::One(id)),
        Err(EngineError::NotFound { .. }) => {}
        Err(error) => return Err(error.into()),
    }
    let found = customers(state, text, None).await?;
    Ok(match found.as_slice() {
        [only] => match only.value.parse() {
            Ok(id) => Meant::One(id),
            Err(_) => Meant::OneOf(found),
        },
        _ => Meant::OneOf(found),
    })
}

async fn found(state: &AppState, text: &str, limit: usize) -> Result<Vec<Hit>, Problem> {
    if text.trim().is_empty() {
        return Ok(Vec::new());
    }
    let query = Query { text: text.to_owned(), limit, ..Query::default() };
    Ok(state.directory().find(query, state.now()).await?.hits)
}

/// Customers by whose address a mail can be sent, each as it is written in the head of a mail.
async fn recipients(state: &AppState, text: &str) -> Result<Vec<Candidate>, Problem> {
    // Whoever does not see the address cannot write to them by it.
    if Asking::sight().is_some_and(|sight| sight.of_kind(&IdentifierKind::EMAIL) != Seen::Full) {
        return Ok(Vec::new());
    }
    let hits = found(state, text, OFFERED).await?;
    let with_address = hits.into_iter().filter_map(|hit| Some((hit.email?, hit.name)));
    Ok(with_address
        .map(|(address, name)| {
            let plain: String = name.chars().filter(|c| !matches!(c, '"' | '\\' | '<' | '>')).collect();
            let value = match plain == address || plain.trim().is_empty() {
                true => address.clone(),
                false => format!("\"{plain}\" <{address}>"),
            };
            let line = if name == address { String::new() } else { address };
            Candidate { value, line, name }
        })
        .collect())
}

async fn customers(state: &AppState, text: &str, not: Option<ProfileId>) -> Result<Vec<Candidate>, Problem> {
    let hits = found(state, text, OFFERED + 1).await?;
    Ok(hits
        .into_iter()
        .filter(|hit| Some(hit.id) != not)
        .take(OFFERED)
        .map(|hit| Candidate {
            value: hit.id.to_string(),
            line: [hit.line, hit.company].into_iter().flatten().collect::<Vec<_>>().join(" · "),
            name: hit.name,
        })
        .collect())
}

/// The account that is meant: by its id, by a name that only one has, or a new one.
pub(crate) async fn account(state: &AppState, text: &str) -> Result<Meant<MeantAccount>, Problem> {
    if let Ok(id) = text.trim().parse() {
        return Ok(Meant::One(MeantAccount::Known(id)));
    }
    if let Some(name) = text.strip_prefix(NEW) {
        return Ok(Meant::One(MeantAccount::New(name.trim().to_owned())));
    }
    let looked_at = crate::api::accounts::LOOKED_AT;
    let (found, _) = state.engine().find_accounts(text, None, OFFERED, looked_at).await?;
    let is_named_so = |name: &str| name.to_lowercase() == text.trim().to_lowercase();
    let mut named = found.iter().filter(|one| is_named_so(&one.name));
    let only = match (named.next(), named.next(), found.as_slice()) {
        (Some(only), None, _) => Some(only.id),
        (None, _, [only]) => Some(only.id),
        _ => None,
    };
    match only {
        Some(id) => Ok(Meant::One(MeantAccount::Known(id))),
        None => Ok(Meant::OneOf(accounts(state, text).await?)),
    }
}

/// Accounts that fit, and the one that could be made.
async fn accounts(state: &AppState, text: &str) -> Result<Vec<Candidate>, Problem> {
    let name = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() {
        return Ok(Vec::new());
    }
    let looked_at = crate::api::accounts::LOOKED_AT;
    let (found, _) = state.engine().find_accounts(&name, None, OFFERED, looked_at).await?;
    let is_there = found.iter().any(|one| one.name.to_lowercase() == name.to_lowercase());
    let mut all: Vec<Candidate> = found
        .into_iter()
        .map(|one| Candidate {
            value: one.id.to_string(),
            line: one.properties.get("domain").map(ToString::to_string).unwrap_or_default(),
            name: one.name,
        })
        .collect();
    if !is_there {
        let line = say::NEW_ACCOUNT_LINE.to_owned();
        all.push(Candidate { value: format!("{NEW}{name}"), name: say::make_account(&name), line });
    }
    Ok(all)
}

/// What stands behind `?` of suggestions.
#[derive(Debug, Default, Deserialize)]
struct SuggestQuery {
    #[serde(default)]
    q: String,
    not: Option<ProfileId>,
}

/// `GET /suggest/customers?q=…`: the rows of a list to choose from.
async fn suggest_customers(
    State(state): State<AppState>,
    ApiQuery(query): ApiQuery<SuggestQuery>,
) -> Result<Html, Problem> {
    Ok(Html::ok(options(&customers(&state, &query.q, query.not).await?)))
}

/// `GET /suggest/accounts?q=…`
async fn suggest_accounts(
    State(state): State<AppState>,
    ApiQuery(query): ApiQuery<SuggestQuery>,
) -> Result<Html, Problem> {
    Ok(Html::ok(options(&accounts(&state, &query.q).await?)))
}

/// `GET /suggest/recipients?q=…`
async fn suggest_recipients(
    State(state): State<AppState>,
    ApiQuery(query): ApiQuery<SuggestQuery>,
) -> Result<Html, Problem> {
    Ok(Html::ok(options(&recipients(&state, &query.q).await?)))
}

fn options(all: &[Candidate]) -> Markup {
    html! {
        @for one in all {
            li role="option" aria-selected="false" data-value=(one.value) {
                span { (one.name) }
                @if !one.line.is_empty() { " " span.faint { (one.line) } }
            }
        }
    }
}

/// The deed that waits until somebody says who is meant.
pub(crate) struct Waiting<'a> {
    /// What is to be done, in words.
    pub(crate) title: &'a str,
    /// Where it is sent.
    pub(crate) action: &'a str,
    /// The field that names who is meant.
    pub(crate) field: &'a str,
    /// The others, as they were sent.
    pub(crate) others: &'a [(&'a str, &'a str)],
    /// What was typed.
    pub(crate) typed: &'a str,
    /// The page to go back to.
    pub(crate) back: &'a str,
}

impl Waiting<'_> {
    /// A page on which to choose, or which says that nothing fits.
    pub(crate) fn page(&self, frame: &Frame, candidates: &[Candidate]) -> Response {
        let why =
            if candidates.is_empty() { say::nobody_fits(self.typed) } else { say::several_fit(self.typed) };
        let page = frame.page(
            Part::Customers,
            self.title,
            &[],
            html! {
                div.column.narrow.kept {
                    p { a href=(self.back) { (say::GO_BACK) } }
                    h1 { (self.title) }
                    p data-why { (why) }
                    ul.card.rows {
                        @for one in candidates {
                            li {
                                div.row-words { strong { (one.name) } div.faint { (one.line) } }
                                form method="post" action=(self.action) {
                                    @for (name, value) in self.others { input type="hidden" name=(name) value=(value); }
                                    button name=(self.field) value=(one.value) { (say::THIS_ONE) }
                                }
                            }
                        }
                    }
                }
            },
        );
        Html(StatusCode::UNPROCESSABLE_ENTITY, page).into_response()
    }
}
