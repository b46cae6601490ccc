//! One conversation: its head, its thread, where to write, and the customer beside it.

mod composer;
mod deeds;
mod drafts;
mod handlers;
mod head;
mod page;
mod place;
mod sending;
mod thread;

use axum::http::Method;

use crate::{auth::Permission::*, routes::Route};

/// The routes of conversations.
pub(super) fn routes() -> Vec<Route> {
    const GET: Method = Method::GET;
    const POST: Method = Method::POST;
    vec![
        Route::page(GET, "/conversations/new", Write, sending::new),
        Route::page(POST, "/conversations/new", Write, sending::begin).long(),
        Route::page(GET, "/conversations/{number}", Read, handlers::show),
        Route::page(POST, "/conversations/{number}/edit", Write, deeds::edit),
        Route::page(POST, "/conversations/{number}/issues", Write, deeds::issues),
        Route::page(POST, "/conversations/{number}/threads", Write, deeds::threads),
        Route::page(POST, "/conversations/{number}/write", Write, deeds::write).long(),
        Route::page(POST, "/conversations/{number}/recall/{entry}", Write, sending::recall),
        Route::page(POST, "/conversations/{number}/draft", Write, drafts::keep),
    ]
}
