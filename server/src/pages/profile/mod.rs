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

mod info_pane;

mod why;

mod deeds;
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
        Route::page(POST, "/customers/{id}/notes", Write, deeds::add_note),
        Route::page(POST, "/customers/{id}/detach/{contact}", Write, deeds::detach),
        Route::page(POST, "/customers/{id}/undo/{change}", Write, deeds::undo).noted("merge_undone"),
    ]
}
