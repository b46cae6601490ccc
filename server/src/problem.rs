//! The one way in which a request is told that it failed: `application/problem+json` (RFC 9457).

use axum::{
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use whom_core::store::StoreError;

/// Why a request failed, for a program and for a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Names the sort of problem, such as `urn:whom:problem:not-found`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The sort of problem in words.
    pub title: &'static str,
    /// The status of the answer.
    #[serde(serialize_with = "as_number")]
    pub status: StatusCode,
    /// What failed here and what to do next.
    pub detail: String,
    /// Names the request, as its answer does in `X-Request-Id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instance: Option<String>,
    /// The parts of the request that are wrong.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldProblem>,
    #[serde(skip)]
    // Boxed, because every fallible function carries this type in its result.
    headers: Option<Box<HeaderMap>>,
}

/// One part of a request that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldProblem {
    /// Where: a JSON pointer into the body, or the name of a parameter behind `?`.
    pub pointer: String,
    /// What is wrong with it.
    pub detail: String,
}

fn as_number<S: serde::Serializer>(status: &StatusCode, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u16(status.as_u16())
}

macro_rules! sorts {
    ($($(#[$doc:meta])* $name:ident = $status:ident, $word:literal, $title:literal;)*) => {$(
        $(#[$doc])*
        pub fn $name(detail: impl Into<String>) -> Self {
            Self {
                kind: concat!("urn:whom:problem:", $word),
                title: $title,
                status: StatusCode::$status,
                detail: detail.into(),
                instance: None,
                errors: Vec::new(),
                headers: None,
            }
        }
    )*};
}

impl Problem {
    sorts! {
        /// The request cannot be read.
        bad_request = BAD_REQUEST, "bad-request", "The request cannot be read";
        /// Nobody has said who asks.
        unauthorized = UNAUTHORIZED, "sign-in-needed", "Sign in first";
        /// Whoever asks may not do this.
        forbidden = FORBIDDEN, "not-allowed", "Not allowed";
        /// There is no such thing.
        not_found = NOT_FOUND, "not-found", "There is no such thing";
        /// There is such a path, and not this method.
        wrong_method = METHOD_NOT_ALLOWED, "wrong-method", "This path takes other methods";
        /// It does not go together with what is there.
        conflict = CONFLICT, "conflict", "It does not go with what is there";
        /// It was erased for good.
        gone = GONE, "erased", "It was erased";
        /// It has changed since it was read.
        changed_since = PRECONDITION_FAILED, "changed-since", "It has changed since you read it";
        /// It is longer than what is taken.
        too_large = PAYLOAD_TOO_LARGE, "too-large", "It is too long";
        /// The body is of a sort that is not read here.
        wrong_media_type = UNSUPPORTED_MEDIA_TYPE, "wrong-media-type", "This sort of body is not read here";
        /// The request can be read and means nothing that could be done.
        invalid = UNPROCESSABLE_ENTITY, "invalid", "Something in the request is wrong";
        /// The request has to say which version it means.
        version_needed = PRECONDITION_REQUIRED, "version-needed", "Say which version you mean";
        /// There were too many of them.
        too_many = TOO_MANY_REQUESTS, "too-many", "Too many requests";
        /// It failed here, through no fault of the request.
        internal = INTERNAL_SERVER_ERROR, "internal", "Something failed here";
        /// It cannot be done now.
        unavailable = SERVICE_UNAVAILABLE, "unavailable", "Not available now";
        /// The store has no room left.
        no_room = INSUFFICIENT_STORAGE, "no-room", "There is no room left";
        /// It is not part of this build.
        not_built = NOT_IMPLEMENTED, "not-built", "Not part of this build";
    }

    /// Names a part of the request that is wrong.
    pub fn at(mut self, pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        self.errors.push(FieldProblem { pointer: pointer.into(), detail: detail.into() });
        self
    }

    /// Sends a header along; a value that is none is left out.
    pub fn with_header(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.get_or_insert_default().insert(name, value);
        }
        self
    }

    /// Says after how many seconds it is worth trying again.
    pub fn retry_after(self, seconds: u64) -> Self {
        self.with_header(header::RETRY_AFTER, &seconds.to_string())
    }

    /// Says in which way to sign in, for programs.
    pub(crate) fn challenge(self) -> Self {
        self.with_header(header::WWW_AUTHENTICATE, "Bearer realm=\"whom\"")
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        // Serialising strings and a number cannot fail; an empty body would still carry the status.
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let mut response = (self.status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        for (name, value) in self.headers.as_deref().into_iter().flatten() {
            headers.insert(name, value.clone());
        }
        // The layers around see what it was: one puts the request's name in, another makes a page of it.
        response.extensions_mut().insert(self);
        response
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict { .. } => {
                Self::unavailable("others changed the same thing all the time: try again").retry_after(1)
            }
            StoreError::Full { .. } => {
                tracing::error!(%error, "the store is full");
                Self::no_room(
                    "the disk of the server is full: nothing that was answered is lost, an admin has to make room",
                )
            }
            StoreError::Closed => Self::unavailable("the server is stopping: try again").retry_after(5),
            other => {
                tracing::error!(error = %other, "the store failed");
                Self::internal(
                    "the store could not do it; the server's log says why under this request's name",
                )
            }
        }
    }
}
