//! Signing in: the form, a one-time link, and what is said to whoever is not let in.

mod handlers;
mod page;

use axum::http::Method;

use crate::routes::Route;

/// The routes of signing in.
pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::open(Method::GET, "/login", handlers::page),
        Route::open(Method::POST, "/login", handlers::with_password),
        Route::open(Method::GET, "/login/once", handlers::with_link),
    ]
}
