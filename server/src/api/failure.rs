//! From what the engine refuses to what a client is told.

use axum::http::header;
use whom_core::engine::EngineError;

use crate::{directory::DirectoryError, problem::Problem};

impl From<EngineError> for Problem {
    fn from(error: EngineError) -> Self {
        let words = error.to_string();
        match error {
            EngineError::NotFound { .. } => Self::not_found(words),
            EngineError::Changed { version } => {
                Self::changed_since(words).with_header(header::ETAG, &format!("\"{version}\""))
            }
            EngineError::SameProfile { .. } | EngineError::Trashed { .. } => Self::conflict(words),
            EngineError::TakenBy { profile, .. } => {
                Self::conflict(words).with_header(header::LOCATION, &format!("/v1/profiles/{profile}"))
            }
            EngineError::Locked { property } => {
                Self::invalid(words.clone()).at(format!("/{property}"), words)
            }
            EngineError::Invalid { what, why } => Self::invalid(words).at(format!("/{what}"), why),
            EngineError::Refused { .. } => Self::invalid(words),
            EngineError::Store(error) => error.into(),
        }
    }
}

impl From<DirectoryError> for Problem {
    fn from(error: DirectoryError) -> Self {
        let words = error.to_string();
        match error {
            DirectoryError::Cursor => Self::bad_request(words).at("?cursor", "it is none of this list's"),
            DirectoryError::Query(_) => Self::bad_request(words).at("?q", "it cannot be read"),
            DirectoryError::Store(error) => error.into(),
        }
    }
}
