//! Whose a conversation is: its contact goes to a profile that is looked up, or to a new one.

use axum::{
    Form,
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use maud::{Markup, html};
use serde::Deserialize;
use whom_core::{
    model::{ContactId, Conversation, ProfileId},
    search::{Hit, Query},
};

use super::{handlers::customer, merging::PickQuery, picking::Picking, place::by_number};
use crate::{
    app::AppState,
    auth::Principal,
    http::{ApiPath, ApiQuery},
    pages::{
        answer::Html,
        components::{Size, avatar},
        frame::Frame,
        icons::Icon,
        words::conversation as said,
    },
    problem::Problem,
};

/// How many profiles are offered.
const OFFERED: usize = 8;

/// Somebody who took part: the contact, how it is written, and whose it is.
struct Took {
    contact: ContactId,
    shown: String,
    profile: ProfileId,
    is_alone: bool,
}

/// Those who took part, as whoever looks sees them.
async fn parts(state: &AppState, conversation: &Conversation) -> Result<Vec<Took>, Problem> {
    let rows = state.store().contacts(&conversation.contacts).await?;
    let mut took = Vec::new();
    for row in rows.into_iter().flatten() {
        let view = state.engine().view(row.profile, state.now()).await?;
        let shown = view.contacts.iter().find(|contact| contact.id == row.id && contact.kind.is_some());
        let others = view.contacts.iter().filter(|contact| contact.kind.is_some()).count();
        took.push(Took {
            contact: row.id,
            shown: shown.map_or_else(|| view.name.clone(), |contact| contact.value.clone()),
            profile: view.id,
            is_alone: others < 2,
        });
    }
    Ok(took)
}

/// `GET /conversations/{number}/profile?q=…`
pub(crate) async fn whose(
    State(state): State<AppState>,
    frame: Frame,
    ApiPath(number): ApiPath<u64>,
    ApiQuery(query): ApiQuery<PickQuery>,
) -> Result<Html, Problem> {
    let conversation = by_number(&state, number).await?;
    let parts = parts(&state, &conversation).await?;
    let gone = || Problem::conflict("whoever took part in it is no longer known");
    let named = query.contact.as_deref().and_then(|contact| contact.parse::<ContactId>().ok());
    let took = parts.iter().find(|took| Some(took.contact) == named).or(parts.first()).ok_or_else(gone)?;
    let typed = query.q.as_deref().unwrap_or_default().trim();
    let hits = match typed {
        "" => Vec::new(),
        text => {
            let asked = Query { text: text.to_owned(), limit: OFFERED + 1, ..Query::default() };
            state.directory().find(asked, state.now()).await?.hits
        }
    };
    let found = list(&conversation, took, typed, &hits);
    if query.fragment.is_some() {
        return Ok(Html::ok(found));
    }
    let base = format!("/conversations/{}", conversation.number);
    let name = customer(&state, &conversation).await?.map_or_else(String::new, |(_, name)| name);
    let beside = html! {
        @if !took.is_alone {
            form method="post" action=(format!("{base}/profile")) {
                input type="hidden" name="contact" value=(took.contact);
                button { (Icon::Plus.svg()) (said::NEW_PROFILE) }
            }
        }
    };
    let help = html! {
        (said::whose_help(&took.shown, &name))
        @if parts.len() > 1 {
            span.pick-others {
                (said::OTHERS_TOOK_PART)
                @for other in parts.iter().filter(|other| other.contact != took.contact) {
                    " " a href=(format!("{base}/profile?contact={}", other.contact)) data-pick { (other.shown) }
                }
            }
        }
    };
    let picking = Picking {
        title: said::ADD_TO_PROFILE,
        help,
        address: &format!("{base}/profile"),
        back: &base,
        typed,
        hint: said::FIND_PROFILE,
        hidden: html! { input type="hidden" name="contact" value=(took.contact); },
        found,
        beside,
    };
    Ok(Html::ok(picking.page(&frame)))
}

fn list(conversation: &Conversation, took: &Took, typed: &str, hits: &[Hit]) -> Markup {
    let action = format!("/conversations/{}/profile", conversation.number);
    let others: Vec<&Hit> = hits.iter().filter(|hit| hit.id != took.profile).take(OFFERED).collect();
    html! {
        @if others.is_empty() && !typed.is_empty() { p.soft { (said::NOTHING_FITS) } }
        ul.pick-list {
            @for hit in others {
                li {
                    form method="post" action=(action) {
                        input type="hidden" name="contact" value=(took.contact);
                        button.pick-row.with-face name="to" value=(hit.id) {
                            (avatar(&hit.into(), Size::Medium))
                            span.pick-main { (hit.name) }
                            span.pick-line { (hit.line.as_deref().unwrap_or_default()) }
                            span.pick-do { (Icon::Plus.svg()) (said::ADD) }
                        }
                    }
                }
            }
        }
    }
}

/// Which contact goes to whom; to nobody makes a profile of its own.
#[derive(Debug, Deserialize)]
pub(crate) struct Goes {
    contact: ContactId,
    to: Option<ProfileId>,
}

/// `POST /conversations/{number}/profile`
pub(crate) async fn give(
    State(state): State<AppState>,
    principal: Principal,
    ApiPath(number): ApiPath<u64>,
    Form(goes): Form<Goes>,
) -> Result<Response, Problem> {
    let conversation = by_number(&state, number).await?;
    if !conversation.contacts.contains(&goes.contact) {
        return Err(Problem::not_found("no such contact took part in this conversation"));
    }
    let (engine, by, now) = (state.engine(), principal.source(), state.now());
    let (change, profile) = match goes.to {
        Some(to) => (engine.move_contact(goes.contact, to, &by, now).await?, to),
        None => {
            let row = state.store().contacts(&[goes.contact]).await?.pop().flatten();
            let from = row.ok_or_else(|| Problem::not_found("this contact is known no more"))?.profile;
            engine.detach(from, goes.contact, &by, now).await?
        }
    };
    let number = conversation.number;
    let address = format!("/conversations/{number}?done=given&undo=profile:{profile}-{}", change.id);
    Ok(Redirect::to(&address).into_response())
}
