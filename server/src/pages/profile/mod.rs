//! The page of one customer: conversations, one timeline over everything, and what is known with its reasons.

mod head;
mod page;

pub(crate) mod conversations;

mod entry;
mod fold;
mod history;
mod jump;
mod message;
mod own_row;
mod timeline;

pub(crate) mod info_pane;

mod why;

mod deeds;
mod fields;
mod looks;
mod records;
mod show;

use axum::http::Method;
use maud::{Markup, html};
use whom_core::{model::ProfileId, view::ProfileView};

use super::{
    components::{Size, avatar, kind_chip},
    frame::Frame,
};
use crate::{app::AppState, auth::Permission::*, problem::Problem, routes::Route};
use info_pane::{InfoPane, Place};

/// The routes of the page and its parts.
pub(super) fn routes() -> Vec<Route> {
    const GET: Method = Method::GET;
    const POST: Method = Method::POST;
    vec![
        Route::page(GET, "/customers/{id}", Read, show::profile),
        Route::page(GET, "/customers/{id}/entries/{entry}", Read, show::entry),
        Route::page(GET, "/customers/{id}/why/{property}", Read, show::why),
        Route::page(GET, "/customers/{id}/merge", Read, crate::pages::duplicates::show::compare),
        Route::page(POST, "/customers/{id}/merge", Write, deeds::merge).noted("merged"),
        Route::page(POST, "/customers/{id}/fields/{property}", Write, fields::save),
        Route::page(POST, "/customers/{id}/contacts", Write, records::add_contact),
        Route::page(POST, "/customers/{id}/reveal/{property}", Write, looks::reveal),
        Route::page(GET, "/customers/{id}/cards/{plugin}", Read, looks::card),
        Route::page(POST, "/customers/{id}/check", Write, looks::check),
        Route::page(POST, "/customers/{id}/look-up/{may}", Write, looks::may_look_up),
        Route::page(POST, "/customers/{id}/trash", Write, records::trash),
        Route::page(POST, "/customers/{id}/restore", Write, records::restore),
        Route::page(POST, "/customers/{id}/notes", Write, deeds::add_note),
        Route::page(POST, "/customers/{id}/detach/{contact}", Write, deeds::detach),
        Route::page(POST, "/customers/{id}/undo/{change}", Write, deeds::undo).noted("merge_undone"),
    ]
}

/// How many conversations are read to show the others beside one.
const BESIDE: usize = 6;

/// What is known of a customer, as it stands beside a conversation.
pub(super) async fn beside(
    state: &AppState,
    frame: &Frame,
    id: ProfileId,
    conversation: u64,
) -> Result<Markup, Problem> {
    let view = state.engine().view(id, state.now()).await?;
    let talks = state.engine().conversations(id, BESIDE).await?;
    let pane = InfoPane::read(state, frame, view, Place::Beside(conversation), &talks).await?;
    Ok(html! {
        section.about-beside #about aria-labelledby="about-title" data-live=(pane.topics()) {
            (head_beside(&pane.view))
            (info_pane::shown(frame, &pane))
        }
    })
}

/// The info pane of a customer, to be looked at by whoever arranges it.
pub(super) async fn preview(state: &AppState, frame: &Frame, id: ProfileId) -> Result<Markup, Problem> {
    let view = state.engine().view(id, state.now()).await?;
    let talks = state.engine().conversations(view.id, BESIDE).await?;
    let pane = InfoPane::read(state, frame, view, Place::Preview, &talks).await?;
    Ok(html! { (head_beside(&pane.view)) (info_pane::shown(frame, &pane)) })
}

/// The scripts that the pane needs besides those of its page.
pub(super) const BESIDE_SCRIPTS: [&str; 6] =
    ["copies.js", "note.js", "suggest.js", "loads.js", "reveal.js", "details.js"];

fn head_beside(view: &ProfileView) -> Markup {
    html! {
        a.beside-head href=(format!("/customers/{}", view.id)) {
            (avatar(&view.into(), Size::Medium))
            span.name { (view.name) }
            (kind_chip(view.kind))
        }
    }
}
