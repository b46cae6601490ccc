//! Why a plugin gives no answer, in the terms the server can act on.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// The result of everything a plugin does.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What the server should do about a failure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
#[non_exhaustive]
pub enum ErrorKind {
    /// Try again, not before the time given if there is one.
    Later {
        /// Milliseconds from now.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        after_ms: Option<u64>,
    },
    /// The provider's quota or credit is used up: stop asking until an admin or time helps.
    Quota {
        /// Milliseconds from now until there is quota again, when the provider says so.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        after_ms: Option<u64>,
    },
    /// A setting is wrong; shown at its field in the form.
    Settings {
        /// Name of the setting.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        field: Option<String>,
    },
    /// Whom does not allow what was asked for.
    Denied,
    /// The plugin panicked. Made by the SDK.
    Panic {
        /// File, line and column.
        #[serde(default)]
        at: String,
    },
    /// Anything else.
    #[serde(other)]
    Failed,
}

/// Why a plugin gives no answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    /// What to do about it.
    #[serde(flatten)]
    pub kind: ErrorKind,
    /// What failed, on what: no names or addresses of people, it goes to logs.
    #[serde(default)]
    pub message: String,
}

impl Error {
    /// An error of the given kind.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into() }
    }

    /// Something failed that trying again or an admin does not help.
    pub fn failed(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Failed, message)
    }

    /// Try again; after `after`, when the provider named a time.
    pub fn later(message: impl Into<String>, after: Option<Duration>) -> Self {
        Self::new(ErrorKind::Later { after_ms: after.map(milliseconds) }, message)
    }

    /// The provider's quota is used up.
    pub fn quota(message: impl Into<String>, after: Option<Duration>) -> Self {
        Self::new(ErrorKind::Quota { after_ms: after.map(milliseconds) }, message)
    }

    /// The setting `field` is wrong, for example a key the provider does not know.
    pub fn setting(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Settings { field: Some(field.into()) }, message)
    }

    /// How long to wait before asking again, when that is known.
    #[must_use]
    pub fn after(&self) -> Option<Duration> {
        match self.kind {
            ErrorKind::Later { after_ms } | ErrorKind::Quota { after_ms } => {
                after_ms.map(Duration::from_millis)
            }
            _ => None,
        }
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::failed(error.to_string())
    }
}

pub(crate) fn milliseconds(span: Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn an_error_says_its_kind_first() {
        let text = serde_json::to_string(&Error::later("busy", Some(Duration::from_secs(60))));
        assert_eq!(text.unwrap(), r#"{"kind":"later","after_ms":60000,"message":"busy"}"#);
    }

    #[test]
    fn a_kind_of_a_newer_host_counts_as_failed() {
        let error: Error = serde_json::from_str(r#"{"kind":"eclipsed","message":"moon"}"#).unwrap();
        assert_eq!(error, Error::failed("moon"));
    }
}
