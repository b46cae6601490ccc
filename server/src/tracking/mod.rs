//! The tracking API: what libraries for Segment and RudderStack send.

mod rates;

pub(crate) use rates::RequestRates;

use crate::routes::Route;
use tower_http::cors::CorsLayer;

pub(crate) fn cors() -> CorsLayer {
    CorsLayer::new()
}
/// The routes of the tracking API.
pub(crate) fn routes() -> Vec<Route> {
    Vec::new()
}
