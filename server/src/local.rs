//! Calling the router in process: how the command line works where no server runs.

use std::convert::Infallible;

use axum::{Router, body::Body, extract::Request, response::Response};
use tower::ServiceExt as _;

use crate::auth::LocalCaller;

/// Answers a request of this very process, which may do everything: whoever holds the router and the
/// store behind it needs no other key. The answer is the one that a server gives, byte for byte.
pub async fn call_as_local(router: Router, mut request: Request<Body>) -> Response {
    request.extensions_mut().insert(LocalCaller::in_this_process());
    let answer: Result<Response, Infallible> = router.oneshot(request).await;
    answer.unwrap_or_else(|never| match never {})
}
