//! A page as an answer: what the browser may load, run and keep.

use axum::{
    extract::{Request, State},
    http::{HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use maud::Markup;

use super::{errors, frame::Frame};
use crate::{app::AppState, auth::who_asks, problem::Problem};

/// Nothing but our own files; nothing inline; nobody frames us, and forms come back to us.
pub(crate) const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' data:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// A page, or a part of one.
pub(crate) struct Html(pub(crate) StatusCode, pub(crate) Markup);

impl Html {
    /// A page that is as asked for.
    pub(crate) fn ok(markup: Markup) -> Self {
        Self(StatusCode::OK, markup)
    }
}

impl IntoResponse for Html {
    fn into_response(self) -> Response {
        let headers = [
            (header::CONTENT_TYPE, "text/html; charset=utf-8"),
            (header::CONTENT_SECURITY_POLICY, POLICY),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (header::REFERRER_POLICY, "same-origin"),
            (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
            // Whoever sits down after somebody signed out does not see it again.
            (header::CACHE_CONTROL, "no-store"),
        ];
        let mut response = (self.0, self.1.into_string()).into_response();
        for (name, value) in headers {
            response.headers_mut().insert(name, HeaderValue::from_static(value));
        }
        response
    }
}

/// Says what failed as a page where a browser asked for one; programs get it as it is.
pub(crate) async fn failures_as_pages(
    State(state): State<AppState>,
    request: Request,
    next: Next,
) -> Response {
    let (parts, body) = request.into_parts();
    let accepted =
        parts.headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !accepted.contains("text/html") || parts.method == Method::HEAD {
        return next.run(Request::from_parts(parts, body)).await;
    }
    let mut asked = parts.clone();
    let mut response = next.run(Request::from_parts(parts, body)).await;
    let Some(problem) = response.extensions_mut().remove::<Problem>() else { return response };
    // What failed may have failed before anybody looked at who asks.
    if let Some(principal) = who_asks(&state, &asked).await {
        asked.extensions.insert(principal);
    }
    let frame = Frame::of(&asked, &state);
    let failure = errors::Failure {
        status: problem.status,
        detail: &problem.detail,
        request: problem.instance.as_deref(),
    };
    let page = Html(problem.status, errors::page(&frame, failure)).into_response();
    let (mut head, _) = response.into_parts();
    let (page_head, page_body) = page.into_parts();
    head.headers.remove(header::CONTENT_LENGTH);
    for (name, value) in &page_head.headers {
        head.headers.insert(name, value.clone());
    }
    Response::from_parts(head, page_body)
}
