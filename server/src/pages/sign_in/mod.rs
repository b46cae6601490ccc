//! Signing in: the form, a one-time link, the second step, invitations, and what is said to whoever is
//! not let in.

mod page;

mod handlers;
mod invitation;
mod second_step;

use axum::http::Method;

use crate::routes::Route;

pub(crate) use page::{recovery_codes, set_up};

/// The routes of signing in.
pub(super) fn routes() -> Vec<Route> {
    const GET: Method = Method::GET;
    const POST: Method = Method::POST;
    vec![
        Route::open(GET, "/login", handlers::page),
        Route::open(POST, "/login", handlers::with_password),
        Route::open(GET, "/login/once", handlers::with_link),
        Route::open(GET, "/login/code", second_step::page),
        Route::open(POST, "/login/code", second_step::with_code),
        Route::open(GET, "/login/forgot", invitation::forgot_page),
        Route::open(POST, "/login/forgot", invitation::forgot),
        Route::open(GET, "/invitation", invitation::page),
        Route::open(POST, "/invitation", invitation::take),
    ]
}
