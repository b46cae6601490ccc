//! The customers: the list of everybody.

mod handlers;
mod list;

use axum::http::Method;

use crate::{auth::Permission::*, routes::Route};

/// The routes of the list.
pub(super) fn routes() -> Vec<Route> {
    vec![Route::page(Method::GET, "/customers", Read, handlers::customers)]
}
