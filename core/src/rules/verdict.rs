//! The answer to "are these two one person?".

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
