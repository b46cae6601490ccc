//! Why a call of a plugin gave no answer.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// What a plugin, or the gate in its stead, says instead of a result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{message}")]
pub struct Said {
    /// What to do about it.
    pub kind: SaidKind,
    /// What failed, on what.
    #[serde(default)]
    pub message: String,
    /// With `later` and `quota`: milliseconds from now until asking again makes sense.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after_ms: Option<u64>,
    /// With `settings`: the setting that is wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// With `panic`: file, line and column.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
}

/// What to do about a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SaidKind {
    /// Ask again later.
    Later,
    /// The provider's quota is used up.
    Quota,
    /// An admin has to correct a setting.
    Settings,
    /// Whom does not allow it.
    Denied,
    /// The plugin panicked; it goes on running.
    Panic,
    /// The library or program is no plugin this version can run.
    Refused,
    /// Anything else.
    #[serde(other)]
    Failed,
}

impl Said {
    /// A failure of the given kind.
    pub fn new(kind: SaidKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), after_ms: None, field: None, at: None }
    }

    pub(crate) fn denied(message: impl Into<String>) -> Self {
        Self::new(SaidKind::Denied, message)
    }

    pub(crate) fn failed(message: impl Into<String>) -> Self {
        Self::new(SaidKind::Failed, message)
    }

    pub(crate) fn later(message: impl Into<String>, after: Option<Duration>) -> Self {
        let after_ms = after.map(|span| u64::try_from(span.as_millis()).unwrap_or(u64::MAX));
        Self { after_ms, ..Self::new(SaidKind::Later, message) }
    }

    /// How long to wait before asking again, when that is known.
    #[must_use]
    pub fn after(&self) -> Option<Duration> {
        self.after_ms.map(Duration::from_millis)
    }
}

/// Why a call of a plugin gave no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// The plugin answered with an error.
    #[error("{0}")]
    Said(Said),
    /// The process ended during the call.
    #[error("the plugin's process ended: {how}")]
    Crashed {
        /// Signal or exit code, in words.
        how: String,
        /// The last lines it printed.
        tail: String,
    },
    /// No answer within the time of the hook; the process was killed.
    #[error("the plugin did not answer in time")]
    Hung,
    /// The plugin is not running and may not be started now.
    #[error("{0}")]
    Unavailable(String),
}

impl Failure {
    /// Whether asking again, later, may help without anybody doing anything.
    #[must_use]
    pub fn is_worth_a_retry(&self) -> bool {
        match self {
            Self::Said(said) => matches!(said.kind, SaidKind::Later | SaidKind::Quota),
            Self::Crashed { .. } | Self::Hung => true,
            Self::Unavailable(_) => false,
        }
    }
}
