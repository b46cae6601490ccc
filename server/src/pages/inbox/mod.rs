//! The inbox: lists of conversations, and what is done to several of them at once.

mod deeds;
mod drafts;
mod handlers;
mod list;
mod rows;
mod views;

pub(crate) use deeds::{Undo, snooze_until};
pub(crate) use rows::{Row, rows};
pub(crate) use views::View;

use axum::http::Method;

use crate::{auth::Permission::*, routes::Route};

/// The routes of the inbox.
pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::page(Method::GET, "/inbox", Read, handlers::all_open),
        Route::page(Method::GET, "/inbox/drafts", Write, drafts::drafts),
        Route::page(Method::POST, "/inbox/drafts/throw", Write, drafts::throw),
        Route::page(Method::POST, "/inbox/drafts/back", Write, drafts::back),
        Route::page(Method::GET, "/inbox/{view}", Read, handlers::view),
        Route::page(Method::POST, "/inbox/do", Write, deeds::several),
        Route::page(Method::POST, "/inbox/undo", Write, deeds::undo),
    ]
}
