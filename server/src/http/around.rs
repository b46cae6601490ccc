//! Around every request: its name, its log line, its time, and an answer even after a panic.

use std::{any::Any, panic::AssertUnwindSafe, time::Instant};

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderName, HeaderValue, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures::FutureExt as _;
use tracing::Instrument as _;

use crate::{app::AppState, problem::Problem, secret};

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const NOSNIFF: HeaderName = HeaderName::from_static("x-content-type-options");

/// Names the request, bounds its time, catches what panics, and writes one line about it.
///
/// The line has the path as the route table writes it: a real one may hold somebody's address.
pub(crate) async fn around(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let id = named_by_client(&request).unwrap_or_else(|| secret::hex(&secret::random::<8>()));
    let route = request.extensions().get::<MatchedPath>().map_or("-", MatchedPath::as_str).to_owned();
    let method = request.method().clone();
    let span = tracing::info_span!("request", %method, route, id);
    let started = Instant::now();

    let limited = tokio::time::timeout(state.config().limits.time, next.run(request));
    let caught = AssertUnwindSafe(limited).catch_unwind().instrument(span.clone()).await;
    let response = match caught {
        Ok(Ok(response)) => response,
        Ok(Err(_elapsed)) => {
            Problem::unavailable("this took too long and was given up: ask for less at a time")
                .into_response()
        }
        Err(panic) => {
            span.in_scope(|| tracing::error!(at = %words_of(&*panic), "a handler panicked"));
            Problem::internal("something broke here; the server's log says what under this request's name")
                .into_response()
        }
    };
    let response = finish(response, &id);
    let millis = started.elapsed().as_millis() as u64;
    span.in_scope(|| tracing::debug!(status = response.status().as_u16(), millis, "answered"));
    response
}

fn finish(mut response: Response, id: &str) -> Response {
    // Whoever reports a problem can name the request it was about.
    if let Some(mut problem) = response.extensions_mut().remove::<Problem>() {
        problem.instance = Some(format!("urn:whom:request:{id}"));
        let extras: Vec<_> = response.headers().get_all(header::SET_COOKIE).iter().cloned().collect();
        response = problem.into_response();
        for cookie in extras {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
    }
    let headers = response.headers_mut();
    if let Ok(name) = HeaderValue::from_str(id) {
        headers.insert(X_REQUEST_ID, name);
    }
    headers.insert(NOSNIFF, HeaderValue::from_static("nosniff"));
    headers.entry(header::REFERRER_POLICY).or_insert(HeaderValue::from_static("same-origin"));
    response
}

/// A client may name its request itself, in a few plain characters.
fn named_by_client(request: &Request) -> Option<String> {
    let name = request.headers().get(X_REQUEST_ID)?.to_str().ok()?;
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    ((1..=64).contains(&name.len()) && name.chars().all(is_plain)).then(|| name.to_owned())
}

/// A panic's own words; they name code, and our code never puts a value into them.
fn words_of(panic: &(dyn Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no words")
}

/// The answer where there is no such path.
pub(crate) async fn not_found() -> Problem {
    Problem::not_found("there is no such path: the API begins at `/v1`")
}

/// The answer where a path does not take the method.
pub(crate) async fn wrong_method() -> Problem {
    Problem::wrong_method("this path is there, with other methods; see the header `Allow`")
}

#[cfg(test)]
mod tests {
    use std::{future::pending, time::Duration};

    use axum::{Router, body::Body, body::to_bytes, middleware, routing::get};
    use tower::ServiceExt as _;

    use super::*;
    use crate::{Config, testing::TestApp};

    async fn check(path: &str, status: u16, instance: &str) {
        let mut config = Config::default();
        config.limits.time = Duration::from_millis(20);
        let app = TestApp::with(config);
        let router = Router::new()
            .route("/panics", get(|| async { panic!("at the disco") as () }))
            .route("/hangs", get(pending::<()>))
            .layer(middleware::from_fn_with_state(app.state.clone(), around));
        let request = Request::get(path).header("x-request-id", "r-1").body(Body::empty()).unwrap();
        let response = router.oneshot(request).await.unwrap();
        assert_eq!(response.status().as_u16(), status);
        assert_eq!(response.headers()["x-request-id"], "r-1");
        let body = to_bytes(response.into_body(), 10_000).await.unwrap();
        let body = String::from_utf8(body.to_vec()).unwrap();
        assert!(body.contains(instance) && !body.contains("disco"), "{body}");
    }

    #[tokio::test]
    async fn a_panic_costs_one_request_and_says_nothing_of_itself() {
        check("/panics", 500, "urn:whom:request:r-1").await;
    }

    #[tokio::test]
    async fn a_handler_that_hangs_is_given_up() {
        check("/hangs", 503, "urn:whom:request:r-1").await;
    }
}
