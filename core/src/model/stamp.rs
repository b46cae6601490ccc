//! Who did something, and when.

use serde::{Deserialize, Serialize};

use super::{Source, Timestamp};

/// Who did something, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// Who.
    pub by: Source,
    /// When.
    pub at: Timestamp,
}

impl Stamp {
    /// By somebody, at a moment.
    pub fn new(by: &Source, at: Timestamp) -> Self {
        Self { by: by.clone(), at }
    }
}
