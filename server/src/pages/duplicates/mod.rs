//! Duplicates: profiles that may be one person, side by side before somebody takes them for one.

pub(crate) mod compare;

mod deeds;
mod page;
pub(crate) mod show;

use axum::http::Method;

use crate::{auth::Permission::*, routes::Route};

/// The routes of the page and its deeds.
pub(super) fn routes() -> Vec<Route> {
    const GET: Method = Method::GET;
    const POST: Method = Method::POST;
    vec![
        Route::page(GET, "/duplicates", Read, show::queue),
        Route::page(POST, "/customers/{id}/not-the-same/{other}", Write, deeds::tell_apart),
        Route::page(POST, "/customers/{id}/maybe-the-same/{other}", Write, deeds::maybe_same),
        Route::page(POST, "/customers/{id}/properties/{property}/{deed}", Write, deeds::decide),
        Route::page(POST, "/customers/{id}/properties/{property}/{deed}/{claim}", Write, deeds::decide_claim),
    ]
}
