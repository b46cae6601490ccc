//! Versions: `ETag` in answers, `If-None-Match` on reading, `If-Match` on changing.

use axum::{
    Json,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;

use crate::problem::Problem;

/// What is answered, with its version.
pub(crate) struct Versioned<T> {
    /// The version.
    pub(crate) version: String,
    /// The answer.
    pub(crate) value: T,
}

impl<T: Serialize> Versioned<T> {
    /// The answer, or word that the client has it already.
    pub(crate) fn unless_known(self, headers: &HeaderMap) -> Response {
        if names(headers, &header::IF_NONE_MATCH, &self.version) {
            return (StatusCode::NOT_MODIFIED, [(header::ETAG, etag(&self.version))]).into_response();
        }
        self.into_response()
    }
}

impl<T: Serialize> IntoResponse for Versioned<T> {
    fn into_response(self) -> Response {
        let caching = (header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
        ([(header::ETAG, etag(&self.version)), caching], Json(self.value)).into_response()
    }
}

/// The version that a change is meant for; nothing where it is meant for whatever is there (`*`).
pub(crate) fn demanded(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let given = headers.get(header::IF_MATCH).and_then(|value| value.to_str().ok()).map(str::trim);
    match given {
        None => Err(Problem::version_needed(
            "send `If-Match` with the `ETag` of what you read, or `If-Match: *` to change it whatever it is now",
        )),
        Some("*") => Ok(None),
        Some(tag) => Ok(Some(tag.trim_start_matches("W/").trim_matches('"').to_owned())),
    }
}

/// The version that a change is meant for, where versions are numbers.
pub(crate) fn demanded_number(headers: &HeaderMap) -> Result<Option<u64>, Problem> {
    let Some(version) = demanded(headers)? else { return Ok(None) };
    let number = version.parse().map_err(|_| {
        Problem::changed_since("`If-Match` names no version of this: send the `ETag` of what you read")
    })?;
    Ok(Some(number))
}

fn names(headers: &HeaderMap, header: &HeaderName, version: &str) -> bool {
    let tags = headers.get_all(header).iter().filter_map(|value| value.to_str().ok());
    // A weak tag is what a packed answer is given on its way; it still names the version.
    tags.flat_map(|line| line.split(','))
        .map(|tag| tag.trim().trim_start_matches("W/"))
        .any(|tag| tag == "*" || tag.trim_matches('"') == version)
}

fn etag(version: &str) -> HeaderValue {
    HeaderValue::from_str(&format!("\"{version}\"")).unwrap_or(HeaderValue::from_static("\"\""))
}
