//! Tasks: whose they are, what is due, and one of them with all it says.

pub(crate) mod card;

mod deeds;
mod page;
mod show;

pub(crate) use show::colleagues;

use axum::http::Method;

use crate::{auth::Permission::*, routes::Route};

/// The routes of the page and its deeds.
pub(super) fn routes() -> Vec<Route> {
    const GET: Method = Method::GET;
    const POST: Method = Method::POST;
    vec![
        Route::page(GET, "/tasks", Read, show::list),
        Route::page(POST, "/tasks", Write, deeds::add),
        Route::page(GET, "/tasks/{id}", Read, show::one),
        Route::page(POST, "/tasks/{id}", Write, deeds::edit),
        Route::page(POST, "/tasks/{id}/done", Write, deeds::finish),
        Route::page(POST, "/tasks/{id}/reopen", Write, deeds::reopen),
        Route::page(POST, "/tasks/{id}/remove", Write, deeds::remove),
        Route::page(POST, "/customers/{id}/tasks", Write, deeds::add_for),
    ]
}
