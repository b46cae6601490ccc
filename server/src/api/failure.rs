//! From what the engine refuses to what a client is told.

use axum::http::header;
use whom_core::{engine::EngineError, search::SearchError};

use crate::problem::Problem;

impl From<EngineError> for Problem {
    fn from(error: EngineError) -> Self {
        let words = error.to_string();
        match error {
            EngineError::NotFound { .. } => Self::not_found(words),
            EngineError::Changed { version } => {
                Self::changed_since(words).with_header(header::ETAG, &format!("\"{version}\""))
            }
            EngineError::Faster { version, who } => {
                let problem = Self::changed_since(words).with_header(header::ETAG, &format!("\"{version}\""));
                who.into_iter().fold(problem, |problem, who| problem.at("", who))
            }
            EngineError::SameProfile { .. } | EngineError::Trashed { .. } => Self::conflict(words),
            EngineError::TakenBy { profile, .. } => {
                Self::conflict(words).with_header(header::LOCATION, &format!("/v1/profiles/{profile}"))
            }
            EngineError::Locked { property } => {
                Self::invalid(words.clone()).at(format!("/{property}"), words)
            }
            EngineError::NotYours { property } => {
                Self::forbidden(words.clone()).at(format!("/{property}"), words)
            }
            EngineError::Invalid { what, why } => Self::invalid(words).at(format!("/{what}"), why),
            EngineError::Refused { .. } => Self::invalid(words),
            EngineError::Store(error) => error.into(),
        }
    }
}

impl From<SearchError> for Problem {
    fn from(error: SearchError) -> Self {
        match error {
            SearchError::Cursor => {
                Self::bad_request("the cursor is none of this list's").at("?cursor", error.to_string())
            }
            SearchError::Filter(error) => {
                let words = error.to_string();
                Self::invalid("the filter cannot be read").at("?filter", words)
            }
            SearchError::Sort { .. } => {
                Self::invalid("the list cannot be sorted so").at("?sort", error.to_string())
            }
            SearchError::NoFilters => Self::unavailable(error.to_string()),
            SearchError::Engine(error) => error.into(),
            other => {
                tracing::error!(error = %other, "the search index failed");
                Self::internal("the search index could not answer; `whom rebuild` makes it again")
            }
        }
    }
}
