//! What the libraries are answered, in the shape that they read.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::json;
use whom_core::{engine::EngineError, store::StoreError};

use crate::problem::Problem;

/// Why a call was refused as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// No write key, or none that is good.
    Key,
    /// It cannot be unpacked.
    Packing,
    /// It is not JSON.
    Json(String),
    /// It is JSON and neither a message nor a batch.
    Shape(&'static str),
    /// It is too long.
    TooLarge(String),
    /// The key had its share of this second.
    TooMany,
    /// It failed here.
    Failed(StatusCode, String),
}

impl Refusal {
    fn parts(self) -> (StatusCode, &'static str, String) {
        match self {
            Self::Key => (
                StatusCode::UNAUTHORIZED,
                "invalid_write_key",
                "send a write key that is in use, as the user name of basic credentials or as `writeKey`"
                    .into(),
            ),
            Self::Packing => {
                (StatusCode::BAD_REQUEST, "invalid_encoding", "the body cannot be unpacked".into())
            }
            Self::Json(why) => (StatusCode::BAD_REQUEST, "invalid_json", why),
            Self::Shape(why) => (StatusCode::BAD_REQUEST, "invalid_request", why.into()),
            Self::TooLarge(why) => (StatusCode::PAYLOAD_TOO_LARGE, "too_large", why),
            Self::TooMany => {
                (StatusCode::TOO_MANY_REQUESTS, "too_many_requests", "come again in a second".into())
            }
            Self::Failed(status, why) => (status, "failed", why),
        }
    }
}

impl From<EngineError> for Refusal {
    fn from(error: EngineError) -> Self {
        let problem = Problem::from(error);
        // A library gives a message up for lost at 4xx; what failed here is worth sending again.
        let status =
            if problem.status.is_server_error() { problem.status } else { StatusCode::INTERNAL_SERVER_ERROR };
        Self::Failed(status, problem.detail)
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        EngineError::from(error).into()
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let is_too_many = self == Self::TooMany;
        let (status, code, message) = self.parts();
        let body = json!({ "success": false, "code": code, "message": message });
        let mut response = (status, Json(body)).into_response();
        if is_too_many || status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}

/// Everything was taken in, or noted.
pub(super) fn success() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], r#"{"success":true}"#).into_response()
}
