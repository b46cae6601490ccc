//! Arguments about people who sign in and keys of programs.

use clap::{Subcommand, ValueEnum};

/// What to do with people.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum UserCommand {
    /// Let somebody sign in
    Add {
        /// Their e-mail address, which is their login name
        login: String,
        /// What to call them
        #[arg(long)]
        name: Option<String>,
        /// What they may do
        #[arg(long, default_value = "agent")]
        role: RoleName,
        /// Ask for a password now, or read one line of standard input; without it a one-time link is printed
        #[arg(long)]
        password: bool,
    },
    /// Show who may sign in
    List,
    /// Give somebody a new password
    Password {
        /// Their login name
        login: String,
    },
    /// Change what somebody may do
    Role {
        /// Their login name
        login: String,
        /// What they may do from now on
        role: RoleName,
    },
    /// Print a link that signs somebody in, once
    Link {
        /// Their login name
        login: String,
    },
}

/// What somebody may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum RoleName {
    /// Everything
    Owner,
    /// Everything but make and unmake owners
    Admin,
    /// See and change customers
    Agent,
    /// See
    ReadOnly,
}

impl RoleName {
    /// The word the API has for it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Admin => "admin",
            Self::Agent => "agent",
            Self::ReadOnly => "read_only",
        }
    }
}

/// What to do with keys.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum KeyCommand {
    /// Make a key; it is shown this once
    Create {
        /// What to call it: claims made with it are kept under this name
        name: String,
        /// What it may do
        #[arg(long, value_name = "SCOPE", value_delimiter = ',', default_value = "read")]
        scope: Vec<ScopeName>,
        /// A write key for the tracking API, which may stand in a web page
        #[arg(long, conflicts_with = "scope")]
        write_key: bool,
    },
    /// Show the keys there are
    List,
    /// Make a key useless
    Revoke {
        /// Its id
        id: String,
    },
}

/// What a key may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ScopeName {
    /// See customers
    Read,
    /// Change customers
    Write,
    /// Bring messages and events in
    Ingest,
    /// Erase, and manage people, keys, settings and rules
    Admin,
}

impl ScopeName {
    /// The word the API has for it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Ingest => "ingest",
            Self::Admin => "admin",
        }
    }
}
