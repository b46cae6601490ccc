//! Calling the router in process: how the command line works where no server runs.

use std::convert::Infallible;

use axum::{Router, body::Body, extract::Request, response::Response};
use tower::ServiceExt as _;

use crate::auth::LocalCaller;

/// Answers a request of this very process, which may do everything: whoever holds the router and the
/// store behind it needs no other key. The answer is the one that a server gives, byte for byte.
pub async fn call_as_local(router: Router, request: Request<Body>) -> Response {
    call(router, request, LocalCaller::in_this_process()).await
}

/// Answers a request that this process makes in the name of somebody who works here: it may do what they
/// may, and what it does is theirs. Refused where nobody works here under that login name.
pub async fn call_as_person(router: Router, login: &str, request: Request<Body>) -> Response {
    call(router, request, LocalCaller::on_behalf_of(login)).await
}

async fn call(router: Router, mut request: Request<Body>, by: LocalCaller) -> Response {
    request.extensions_mut().insert(by);
    let answer: Result<Response, Infallible> = router.oneshot(request).await;
    answer.unwrap_or_else(|never| match never {})
}
