//! The answer to "are these two one person?".

use std::fmt;

use serde::{Deserialize, Serialize};

/// Yes, perhaps or no, always with a reason that a person can read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "verdict", rename_all = "snake_case")]
pub enum Verdict {
    /// They are.
    Yes {
        /// The reason.
        why: String,
    },
    /// A person has to look.
    Perhaps {
        /// The reason.
        why: String,
    },
    /// They are not.
    No {
        /// The reason.
        why: String,
    },
}

impl Verdict {
    /// The reason.
    pub fn why(&self) -> &str {
        match self {
            Self::Yes { why } | Self::Perhaps { why } | Self::No { why } => why,
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match self {
            Self::Yes { .. } => "yes",
            Self::Perhaps { .. } => "perhaps",
            Self::No { .. } => "no",
        };
        write!(f, "{word}: {}", self.why())
    }
}
