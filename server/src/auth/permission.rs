//! Permissions, and the roles that hold them.

use serde::{Deserialize, Serialize};

use super::Scope;

/// What a route takes of whoever asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Permission {
    /// To be known at all.
    BeKnown,
    /// To see profiles, conversations, accounts and the feed.
    Read,
    /// To edit, note, merge, undo, detach, trash and restore.
    Write,
    /// To bring messages and events in.
    Ingest,
    /// To erase somebody for good.
    Erase,
    /// To manage people, keys, settings and rules.
    Administer,
}

impl Permission {
    /// What whoever lacks it is told.
    pub(crate) fn deed(self) -> &'static str {
        match self {
            Self::BeKnown => "be known",
            Self::Read => "see customers",
            Self::Write => "change customers",
            Self::Ingest => "bring messages and events in",
            Self::Erase => "erase somebody for good",
            Self::Administer => "manage people, keys, settings and rules",
        }
    }
}

/// What somebody who works here may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// See.
    ReadOnly,
    /// See and change customers.
    Agent,
    /// Everything but make and unmake owners.
    Admin,
    /// Everything.
    Owner,
}

impl Role {
    /// All roles, the weakest first.
    pub const ALL: [Self; 4] = [Self::ReadOnly, Self::Agent, Self::Admin, Self::Owner];

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ReadOnly => "read_only",
            Self::Agent => "agent",
            Self::Admin => "admin",
            Self::Owner => "owner",
        }
    }

    /// Whether it holds a permission.
    pub fn may(self, permission: Permission) -> bool {
        let least = match permission {
            Permission::BeKnown | Permission::Read => Self::ReadOnly,
            Permission::Write => Self::Agent,
            Permission::Ingest | Permission::Erase | Permission::Administer => Self::Admin,
        };
        self >= least
    }
}

impl Scope {
    /// Whether a token with this scope holds a permission.
    pub fn may(self, permission: Permission) -> bool {
        match permission {
            Permission::BeKnown => true,
            Permission::Read => self == Self::Read,
            Permission::Write => self == Self::Write,
            Permission::Ingest => self == Self::Ingest,
            Permission::Erase | Permission::Administer => self == Self::Admin,
        }
    }
}
