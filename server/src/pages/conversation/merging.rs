//! Finding the conversation that another is merged into: by its number, its subject, or whom it is with.

use std::collections::HashSet;

use axum::extract::State;
use maud::{Markup, html};
use serde::Deserialize;
use whom_core::{
    model::{Conversation, ConversationId},
    search::Query,
};

use super::{picking::Picking, place::by_number};
use crate::{
    app::AppState,
    http::{ApiPath, ApiQuery},
    pages::{
        answer::Html,
        frame::Frame,
        icons::Icon,
        inbox::{Row, rows},
        words::{self, conversation as said},
    },
    problem::Problem,
};

/// How many are offered.
const OFFERED: usize = 8;
/// How many of the latest conversations are looked through for words of their subject.
const LOOKED_THROUGH: usize = 2_000;
/// How many customers of a name are looked at.
const CUSTOMERS: usize = 5;

/// What is looked for.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct PickQuery {
    pub(super) q: Option<String>,
    pub(super) fragment: Option<String>,
    /// Of whom, where several took part.
    pub(super) contact: Option<String>,
}

/// `GET /conversations/{number}/merge?q=…`
pub(crate) async fn merging(
    State(state): State<AppState>,
    frame: Frame,
    ApiPath(number): ApiPath<u64>,
    ApiQuery(query): ApiQuery<PickQuery>,
) -> Result<Html, Problem> {
    let conversation = by_number(&state, number).await?;
    let typed = query.q.as_deref().unwrap_or_default().trim();
    let found = candidates(&state, &conversation, typed).await?;
    let found = rows(&state, found).await?;
    let found = list(&frame, &conversation, typed, &found);
    if query.fragment.is_some() {
        return Ok(Html::ok(found));
    }
    let base = format!("/conversations/{}", conversation.number);
    let picking = Picking {
        title: said::MERGE_TITLE,
        help: html! { (said::merge_help(conversation.number)) },
        address: &format!("{base}/merge"),
        back: &base,
        typed,
        hint: said::MERGE_FIND,
        hidden: html! {},
        found,
        beside: html! {},
    };
    Ok(Html::ok(picking.page(&frame)))
}

/// What fits what was typed; with nothing typed, what else the customer wrote.
async fn candidates(
    state: &AppState,
    conversation: &Conversation,
    typed: &str,
) -> Result<Vec<Conversation>, Problem> {
    let store = state.store();
    let mut found: Vec<Conversation> = Vec::new();
    if typed.is_empty() {
        for contact in store.contacts(&conversation.contacts).await?.into_iter().flatten().take(CUSTOMERS) {
            found.extend(state.engine().conversations(contact.profile, OFFERED + 1).await?);
        }
        found.sort_by_key(|row| std::cmp::Reverse(row.last_message));
    } else {
        if let Ok(number) = typed.trim_start_matches('#').parse::<u64>() {
            found.extend(store.conversation_by_number(number).await?);
        }
        let words: Vec<String> = typed.to_lowercase().split_whitespace().map(str::to_owned).collect();
        let fits = |row: &Conversation| {
            let subject = row.subject.to_lowercase();
            words.iter().all(|word| subject.contains(word))
        };
        let latest = store.conversations_before(None, LOOKED_THROUGH).await?;
        found.extend(latest.into_iter().filter(fits).take(OFFERED + 1));
        let people = Query { text: typed.to_owned(), limit: CUSTOMERS, ..Query::default() };
        for hit in state.directory().find(people, state.now()).await?.hits {
            found.extend(state.engine().conversations(hit.id, OFFERED).await?);
        }
    }
    let mut known: HashSet<ConversationId> = HashSet::from([conversation.id]);
    found.retain(|row| row.merged_into.is_none() && known.insert(row.id));
    found.truncate(OFFERED);
    Ok(found)
}

fn list(frame: &Frame, conversation: &Conversation, typed: &str, found: &[Row]) -> Markup {
    let action = format!("/conversations/{}/threads", conversation.number);
    html! {
        @if found.is_empty() {
            p.soft { (if typed.is_empty() { said::MERGE_NONE_YET } else { said::NOTHING_FITS }) }
        } @else {
            @if typed.is_empty() { h2.pick-label { (said::MERGE_SAME_CUSTOMER) } }
            ul.pick-list {
                @for row in found {
                    @let other = &row.conversation;
                    li {
                        form method="post" action=(action) {
                            input type="hidden" name="into" value=(other.number);
                            button.pick-row name="what" value="merge" {
                                span.pick-main { @if other.subject.is_empty() { (words::NO_SUBJECT) } @else { (other.subject) } }
                                span.pick-line {
                                    "#" (other.number)
                                    @if let Some(face) = &row.who { span.dot {} (face.name) }
                                    span.dot {} (words::count(other.messages, "message", "messages"))
                                    span.dot {} (frame.moments.ago(other.last_message))
                                }
                                span.pick-do { (Icon::Together.svg()) (said::MERGE) }
                            }
                        }
                    }
                }
            }
        }
    }
}
