//! The page of one customer: conversations, one timeline over everything, and what is known with its reasons.

mod head;
mod page;

mod conversations;

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
mod records;
mod show;

use axum::http::Method;

use crate::{auth::Permission::*, routes::Route};

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
        Route::page(POST, "/customers/{id}/trash", Write, records::trash),
        Route::page(POST, "/customers/{id}/restore", Write, records::restore),
        Route::page(POST, "/customers/{id}/notes", Write, deeds::add_note),
        Route::page(POST, "/customers/{id}/detach/{contact}", Write, deeds::detach),
        Route::page(POST, "/customers/{id}/undo/{change}", Write, deeds::undo).noted("merge_undone"),
    ]
}

/// What is known of a customer, as it stands beside a conversation.
pub(super) async fn beside(
    state: &crate::app::AppState,
    frame: &super::frame::Frame,
    id: whom_core::model::ProfileId,
) -> Result<maud::Markup, crate::problem::Problem> {
    let view = state.engine().view(id, state.now()).await?;
    let about = info_pane::shown(frame, &info_pane::InfoPane::read(state, frame, view.clone()).await?);
    Ok(maud::html! {
        (head_beside(&view))
        (about)
    })
}

fn head_beside(view: &whom_core::view::ProfileView) -> maud::Markup {
    use super::components::{Size, avatar, kind_chip};
    maud::html! {
        a.beside-head href=(format!("/customers/{}", view.id)) {
            (avatar(view.id, &view.name, view.kind, head::photo(view), Size::Medium))
            span.name { (view.name) }
            (kind_chip(view.kind))
        }
    }
}
