//! The tracking API: what libraries for Segment and RudderStack send, so that they need no new code.
//!
//! A call passes `receive` (who, how long, unpacked), `message` (what was sent, field by field), `map`
//! (into what the engine takes in) and the engine. What is accepted is answered `200` with exactly
//! `{"success":true}`: one of the libraries sends anything else again. What means nothing is noted
//! and counted, never refused: a library would drop the whole batch with it.

mod answer;
mod bring;
mod receive;
mod unpack;

mod message;
mod time;

mod map;
mod traits;

mod notes;
mod rates;

#[cfg(test)]
mod tests;

pub(crate) use bring::bring;
pub(crate) use notes::{KeptNotes, list as list_notes, sweep as sweep_notes};
pub(crate) use rates::RequestRates;

use std::time::Duration;

use axum::http::{HeaderName, Method, header};
use tower_http::cors::{Any, CorsLayer};

use crate::routes::Route;

/// The routes of the tracking API, the browser library's short ones included.
pub(crate) fn routes() -> Vec<Route> {
    const POST: Method = Method::POST;
    vec![
        Route::tracking(POST, "/v1/identify", receive::identify),
        Route::tracking(POST, "/v1/track", receive::track),
        Route::tracking(POST, "/v1/page", receive::page),
        Route::tracking(POST, "/v1/screen", receive::screen),
        Route::tracking(POST, "/v1/group", receive::group),
        Route::tracking(POST, "/v1/alias", receive::alias),
        Route::tracking(POST, "/v1/batch", receive::batch),
        Route::tracking(POST, "/v1/import", receive::batch),
        Route::tracking(POST, "/v1/i", receive::identify),
        Route::tracking(POST, "/v1/t", receive::track),
        Route::tracking(POST, "/v1/p", receive::page),
        Route::tracking(POST, "/v1/s", receive::screen),
        Route::tracking(POST, "/v1/g", receive::group),
        Route::tracking(POST, "/v1/a", receive::alias),
        Route::tracking(POST, "/v1/b", receive::batch),
        Route::tracking(Method::GET, "/v1/projects/{write_key}/settings", receive::settings),
    ]
}

/// Any page may send: a write key gives nothing back.
pub(crate) fn cors() -> CorsLayer {
    CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::POST, Method::GET])
        .allow_headers([
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            header::CONTENT_ENCODING,
            HeaderName::from_static("x-retry-count"),
        ])
        .max_age(Duration::from_secs(24 * 3600))
}
