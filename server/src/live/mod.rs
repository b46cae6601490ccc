//! What open pages hear: what changed, who else looks, and what somebody is told.

mod hub;
mod presence;
mod stream;
mod topics;

pub(crate) use hub::{Hub, Signal};
pub(crate) use presence::{beat, present};
pub(crate) use stream::events;
pub(crate) use topics::Topic;

use axum::http::Method;

use crate::{auth::Permission::*, routes::Route};

/// The routes of the live stream.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::api(Method::GET, "/v1/events", Read, events),
        Route::api(Method::GET, "/v1/presence", Read, present),
        Route::api(Method::POST, "/v1/presence", Read, beat),
    ]
}

#[cfg(test)]
mod tests;
