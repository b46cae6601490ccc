//! Roles, as far as properties name them.

use serde::{Deserialize, Serialize};

/// The least role that may do something with a property.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeastRole {
    /// Everybody who may read.
    ReadOnly,
    /// Agents and those above.
    Agent,
    /// Admins and owners.
    Admin,
    /// Owners alone.
    Owner,
}

impl LeastRole {
    /// All of them, the weakest first.
    pub const ALL: [Self; 4] = [Self::ReadOnly, Self::Agent, Self::Admin, Self::Owner];
}
