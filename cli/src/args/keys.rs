//! Arguments about people who sign in, keys of programs, and what both did.

use clap::{Args, Subcommand, ValueEnum};

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
    /// Invite somebody: they choose their own password
    Invite {
        /// Their e-mail address, which becomes their login name
        email: String,
        /// What to call them
        #[arg(long)]
        name: Option<String>,
        /// What they may do
        #[arg(long, default_value = "agent")]
        role: RoleName,
    },
    /// Show the invitations and links for new passwords that are open
    Invitations,
    /// Make an invitation or a link for a new password useless
    Withdraw {
        /// Its id
        id: String,
    },
    /// Make a link with which somebody sets a new password
    Reset {
        /// Their login name
        login: String,
    },
    /// Let somebody not sign in any more, and sign them out everywhere
    Disable {
        /// Their login name
        login: String,
    },
    /// Let somebody sign in again
    Enable {
        /// Their login name
        login: String,
    },
}

/// Which entries of the audit log.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct AuditArgs {
    /// Only what somebody did: a login name, the id of a key, `local` or `house`
    #[arg(long, value_name = "WHO")]
    pub(crate) who: Option<String>,
    /// Only what is called so, such as `merged`; the beginning is enough
    #[arg(long, value_name = "WORD")]
    pub(crate) what: Option<String>,
    /// Only what was done on this: an id, such as that of a profile
    #[arg(long, value_name = "ID")]
    pub(crate) on: Option<String>,
    /// From this day or moment on
    #[arg(long, value_name = "WHEN")]
    pub(crate) since: Option<String>,
    /// Before this day or moment
    #[arg(long, value_name = "WHEN")]
    pub(crate) until: Option<String>,
    /// How many to show
    #[arg(long, short = 'n', default_value_t = 30, value_name = "NUMBER")]
    pub(crate) limit: usize,
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
