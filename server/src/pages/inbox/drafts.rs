//! What somebody began to write and has not sent: answers, notes and new messages.

use std::collections::HashMap;

use axum::{
    Form,
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use maud::{Markup, html};
use serde::Deserialize;
use whom_core::model::{Conversation, ConversationId, Timestamp};

use super::list::views;
use crate::{
    app::AppState,
    auth::Principal,
    http::ApiQuery,
    pages::{
        answer::Html,
        components::{empty, toast},
        conversation::{Draft, For, all_drafts, throw_draft},
        encoded,
        frame::{Frame, Part},
        icons::Icon,
        words::{self, inbox as said},
    },
    problem::Problem,
};

/// What was just done.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct DraftsQuery {
    done: Option<String>,
    undo: Option<String>,
}

/// `GET /inbox/drafts`
pub(crate) async fn drafts(
    State(state): State<AppState>,
    frame: Frame,
    principal: Principal,
    ApiQuery(query): ApiQuery<DraftsQuery>,
) -> Result<Html, Problem> {
    let all = all_drafts(&state, &principal).await?;
    let ids = all.iter().filter_map(|(what, _)| match what {
        For::Conversation(id) => Some(*id),
        For::New(_) => None,
    });
    let rows = state.store().conversations(&ids.collect::<Vec<_>>()).await?;
    let rows: HashMap<ConversationId, Conversation> =
        rows.into_iter().flatten().map(|row| (row.id, row)).collect();
    let counts = state.engine().inbox_counts(principal.login()).await?;
    let undo = query.undo.as_deref().map(|name| format!("/inbox/drafts/back?draft={}", encoded(name)));
    Ok(Html::ok(frame.page(
        Part::Inbox,
        said::DRAFTS,
        &["inbox.js"],
        html! {
            @match query.done.as_deref() {
                Some("thrown") => (toast(html! { (said::DRAFT_THROWN) }, undo.as_deref())),
                Some("back") => (toast(html! { (said::done("undone", 1)) }, None)),
                _ => {},
            }
            div.inbox {
                (views(None, &counts, all.len()))
                section.inbox-main aria-labelledby="inbox-title" {
                    div.page-head {
                        h1 #inbox-title { (said::DRAFTS) }
                        div.buttons { a.button.primary href="/conversations/new" data-key="c" data-key-says=(said::NEW) { (Icon::Pencil.svg()) (said::NEW) } }
                    }
                    div.card {
                        @if all.is_empty() {
                            (empty(said::EMPTY_DRAFTS, said::EMPTY_DRAFTS_NEXT, html! { a.button href="/inbox" { (said::SHOW_OPEN) } }))
                        } @else {
                            ol.inbox-rows { @for (what, draft) in &all { (row(&frame, what, draft, &rows)) } }
                        }
                    }
                }
            }
        },
    )))
}

fn row(frame: &Frame, what: &For, draft: &Draft, rows: &HashMap<ConversationId, Conversation>) -> Markup {
    let (address, title, line) = match what {
        For::New(name) => {
            let to = if draft.to.is_empty() { said::TO_NOBODY_YET.to_owned() } else { draft.to.clone() };
            (format!("/conversations/new?draft={name}"), draft.subject.clone(), to)
        }
        For::Conversation(id) => match rows.get(id) {
            Some(row) => {
                let kind = if draft.kind == "note" { said::DRAFT_NOTE } else { said::DRAFT_ANSWER };
                let address = format!("/conversations/{}#composer", row.number);
                (address, row.subject.clone(), format!("{kind} #{}", row.number))
            }
            None => return html! {},
        },
    };
    html! {
        li.inbox-row.draft-row data-row data-id=(what.name()) {
            div.inbox-text {
                p.first { span.name { (line) } }
                a.subject dir="auto" href=(address) { @if title.trim().is_empty() { (words::NO_SUBJECT) } @else { (title) } }
                p.excerpt dir="auto" { (draft.text.chars().take(200).collect::<String>()) }
            }
            div.inbox-end {
                span.age { (frame.moments.ago(Timestamp::from_millis(draft.at))) }
                form.draft-throw method="post" action="/inbox/drafts/throw" {
                    button.icon-button.small name="draft" value=(what.name()) aria-label=(said::THROW_AWAY) title=(said::THROW_AWAY) { (Icon::Trash.svg()) }
                }
            }
        }
    }
}

/// Which draft is meant.
#[derive(Debug, Deserialize)]
pub(crate) struct Which {
    draft: String,
}

/// `POST /inbox/drafts/throw`
pub(crate) async fn throw(
    State(state): State<AppState>,
    principal: Principal,
    Form(which): Form<Which>,
) -> Result<Response, Problem> {
    throw_draft(&state, &principal, &which.draft, true).await?;
    Ok(Redirect::to(&format!("/inbox/drafts?done=thrown&undo={}", encoded(&which.draft))).into_response())
}

/// `POST /inbox/drafts/back?draft=…`
pub(crate) async fn back(
    State(state): State<AppState>,
    principal: Principal,
    ApiQuery(which): ApiQuery<Which>,
) -> Result<Response, Problem> {
    throw_draft(&state, &principal, &which.draft, false).await?;
    Ok(Redirect::to("/inbox/drafts?done=back").into_response())
}
