//! One conversation: its head, its thread, where to write, and the customer beside it.

mod ahead;
mod composer;
mod composing;
mod deeds;
mod drafts;
mod handlers;
mod head;
mod keeping;
mod merging;
mod page;
mod part;
mod picking;
mod place;
mod sending;
mod thread;
mod threads;
mod whose;

pub(crate) use drafts::{Draft, For, all as all_drafts, throw as throw_draft};
pub(crate) use handlers::undo_path;
pub(crate) use sending::receipts_of;
pub(crate) use thread::{Receipt, address_of};

use axum::http::Method;

use crate::{auth::Permission::*, routes::Route};

/// The routes of conversations.
pub(super) fn routes() -> Vec<Route> {
    const GET: Method = Method::GET;
    const POST: Method = Method::POST;
    vec![
        Route::page(GET, "/conversations/new", Write, composing::new),
        Route::page(POST, "/conversations/new", Write, composing::begin).long(),
        Route::page(POST, "/conversations/new/draft/{name}", Write, drafts::keep_new),
        Route::page(POST, "/conversations/new/draft/{name}/files", Write, keeping::upload_new).long(),
        Route::page(POST, "/conversations/new/draft/{name}/files/{id}/remove", Write, keeping::remove_new),
        Route::page(POST, "/conversations/{number}/draft/files", Write, keeping::upload).long(),
        Route::page(POST, "/conversations/{number}/draft/files/{id}/remove", Write, keeping::remove),
        Route::page(GET, "/conversations/{number}", Read, handlers::show),
        Route::page(POST, "/conversations/{number}/edit", Write, deeds::edit),
        Route::page(POST, "/conversations/{number}/issues", Write, deeds::issues),
        Route::page(GET, "/conversations/{number}/merge", Write, merging::merging),
        Route::page(GET, "/conversations/{number}/profile", Write, whose::whose),
        Route::page(POST, "/conversations/{number}/profile", Write, whose::give),
        Route::page(POST, "/conversations/{number}/threads", Write, threads::threads),
        Route::page(POST, "/conversations/{number}/threads/undo", Write, threads::undo),
        Route::page(POST, "/conversations/{number}/write", Write, deeds::write).long(),
        Route::page(POST, "/conversations/{number}/recall/{entry}", Write, sending::recall),
        Route::page(POST, "/conversations/{number}/retry/{entry}", Write, sending::retry),
        Route::page(POST, "/conversations/{number}/draft", Write, drafts::keep),
    ]
}
