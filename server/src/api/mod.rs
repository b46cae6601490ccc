//! The JSON API under `/v1`: one file per resource, with its query, its answer and its handlers together.
//!
//! Conventions: a list answers `{items, next_cursor}` and takes `cursor` and `limit`; what fails answers
//! problem+json; what has a version carries it as `ETag`, and a change of it demands `If-Match`.

mod failure;
mod list;
mod version;

mod keys;
mod me;
mod people;
mod settings;

use axum::http::Method;

use crate::{auth::Permission::*, routes::Route};

/// The routes of the JSON API.
pub(crate) fn routes() -> Vec<Route> {
    const GET: Method = Method::GET;
    const POST: Method = Method::POST;
    const PUT: Method = Method::PUT;
    const PATCH: Method = Method::PATCH;
    const DELETE: Method = Method::DELETE;
    vec![
        Route::api(GET, "/v1/me", BeKnown, me::who_am_i),
        Route::api(GET, "/v1/people", Administer, people::list),
        Route::api(POST, "/v1/people", Administer, people::add).repeatable(),
        Route::api(PATCH, "/v1/people/{login}", Administer, people::edit),
        Route::api(POST, "/v1/people/{login}/login-link", Administer, people::login_link),
        Route::api(GET, "/v1/keys", Administer, keys::list),
        Route::api(POST, "/v1/keys", Administer, keys::mint),
        Route::api(DELETE, "/v1/keys/{id}", Administer, keys::revoke),
        Route::api(GET, "/v1/settings", Administer, settings::show),
        Route::api(PUT, "/v1/settings", Administer, settings::replace),
        Route::api(GET, "/v1/rules", Read, settings::rules),
    ]
}
