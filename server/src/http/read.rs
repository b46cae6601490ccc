//! Reading a request: the extractors of the framework with our words for what went wrong.

use axum::{
    body::Bytes,
    extract::{
        FromRequest, FromRequestParts, Path, Query, Request,
        path::ErrorKind,
        rejection::{BytesRejection, PathRejection},
    },
    http::{StatusCode, header, request::Parts},
};
use serde::de::DeserializeOwned;

use crate::problem::Problem;

/// A JSON body. What is wrong with it is named by a pointer.
#[derive(Debug)]
pub(crate) struct ApiJson<T>(pub(crate) T);

/// The bytes of a body.
#[derive(Debug)]
pub(crate) struct ApiBytes(pub(crate) Bytes);

/// The variable parts of a path.
#[derive(Debug)]
pub(crate) struct ApiPath<T>(pub(crate) T);

/// The parameters behind `?`.
#[derive(Debug)]
pub(crate) struct ApiQuery<T>(pub(crate) T);

impl<S: Send + Sync> FromRequest<S> for ApiBytes {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        Bytes::from_request(request, state).await.map(Self).map_err(|error| unreadable(&error))
    }
}

fn unreadable(error: &BytesRejection) -> Problem {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        Problem::too_large("the body is longer than this path takes")
    } else {
        Problem::bad_request("the body could not be read to its end, or is not packed as its header says")
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for ApiJson<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        // A form of another site can send text/plain, and nothing that needs asking first.
        let media = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let essence =
            media.unwrap_or_default().split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        if essence != "application/json"
            && !(essence.starts_with("application/") && essence.ends_with("+json"))
        {
            return Err(Problem::wrong_media_type("send the body as `Content-Type: application/json`"));
        }
        let ApiBytes(bytes) = ApiBytes::from_request(request, state).await?;
        read_json(&bytes).map(Self)
    }
}

/// Reads JSON, or says where it is wrong.
pub(crate) fn read_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let inner = error.inner();
        if inner.is_syntax() || inner.is_eof() {
            let (line, column) = (inner.line(), inner.column());
            return Problem::bad_request(format!(
                "the body is not JSON: it breaks at line {line}, column {column}"
            ));
        }
        let pointer: String = error.path().iter().map(segment).collect();
        Problem::invalid("the body is JSON, but not what this path reads").at(pointer, plain(inner))
    })?;
    reader.end().map_err(|_| Problem::bad_request("the body goes on after its JSON"))?;
    Ok(value)
}

fn segment(segment: &serde_path_to_error::Segment) -> String {
    use serde_path_to_error::Segment;
    match segment {
        Segment::Seq { index } => format!("/{index}"),
        Segment::Map { key } => format!("/{}", key.replace('~', "~0").replace('/', "~1")),
        Segment::Enum { variant } => format!("/{variant}"),
        Segment::Unknown => String::new(),
    }
}

/// The words of a reader without the place, which the pointer says better.
fn plain(error: &serde_json::Error) -> String {
    let words = error.to_string();
    words.split(" at line ").next().unwrap_or(&words).to_owned()
}

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for ApiPath<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        Path::<T>::from_request_parts(parts, state).await.map(|Path(read)| Self(read)).map_err(|error| {
            let words = match error {
                PathRejection::FailedToDeserializePathParams(error) => match error.into_kind() {
                    ErrorKind::DeserializeError { message, .. } | ErrorKind::Message(message) => message,
                    other => other.to_string(),
                },
                other => other.to_string(),
            };
            Problem::not_found(format!("the path names nothing: {words}"))
        })
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for ApiQuery<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        Query::<T>::from_request_parts(parts, state).await.map(|Query(read)| Self(read)).map_err(|error| {
            let words = error.body_text();
            let words = words.rsplit_once("query string: ").map_or(words.as_str(), |(_, words)| words);
            Problem::bad_request(format!("the parameters behind `?` cannot be read: {words}"))
        })
    }
}
