//! Arguments of what is done to many customers at once.

use clap::{Args, Subcommand, ValueEnum};

/// One thing done to many customers.
#[derive(Debug, Subcommand)]
pub(crate) enum BulkCommand {
    /// Add tags
    Tag {
        /// The tags, with commas between them
        tags: String,
        #[command(flatten)]
        whom: Whom,
    },
    /// Take tags away
    Untag {
        /// The tags, with commas between them
        tags: String,
        #[command(flatten)]
        whom: Whom,
    },
    /// Say who looks after them; `nobody` for nobody
    Assign {
        /// A login name
        login: String,
        #[command(flatten)]
        whom: Whom,
    },
    /// Set a property; `property=` takes the value away
    Set {
        /// Such as `tier=pro`
        #[arg(value_name = "PROPERTY=VALUE")]
        assignment: String,
        #[command(flatten)]
        whom: Whom,
    },
    /// Link them to an account
    Link {
        /// Its id or its whole name
        account: String,
        #[command(flatten)]
        whom: Whom,
    },
    /// Merge them into one
    Merge {
        /// The profile that stays
        into: String,
        #[command(flatten)]
        whom: Whom,
    },
    /// Ask the providers about them
    Enrich {
        #[command(flatten)]
        whom: Whom,
    },
    /// Put them in the trash
    Trash {
        #[command(flatten)]
        whom: Whom,
    },
    /// Print them as a file
    Export {
        /// What sort of file
        #[arg(long, default_value = "csv")]
        format: ExportFormat,
        /// Properties, with commas between them
        #[arg(long, default_value = "")]
        columns: String,
        #[command(flatten)]
        whom: Whom,
    },
    /// List what was done
    List,
    /// Show how far one is
    Show {
        /// Its id
        id: String,
    },
    /// Stop one
    Stop {
        /// Its id
        id: String,
    },
    /// Take back what one did
    Undo {
        /// Its id
        id: String,
    },
}

/// For whom.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct Whom {
    /// Customers one by one
    #[arg(long = "who", value_name = "WHO", num_args = 1.., conflicts_with_all = ["filter", "segment"])]
    pub(crate) who: Vec<String>,
    /// Everybody who fits, such as `tier:pro last_seen>30d`
    #[arg(long, value_name = "FILTER", conflicts_with = "segment")]
    pub(crate) filter: Option<String>,
    /// Everybody in a segment, by its id
    #[arg(long, value_name = "ID")]
    pub(crate) segment: Option<String>,
}

/// What sort of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExportFormat {
    /// For spreadsheets.
    Csv,
    /// For programs.
    Jsonl,
    /// For address books.
    Vcard,
}

impl ExportFormat {
    /// The word the API has for it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Jsonl => "jsonl",
            Self::Vcard => "vcard",
        }
    }
}
