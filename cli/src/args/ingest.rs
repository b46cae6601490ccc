//! Arguments of `whom ingest`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// What to take in.
#[derive(Clone, Debug, Args)]
pub(crate) struct IngestArgs {
    /// mbox, Maildir, .eml, .jsonl (tracking messages), a folder of those, or `-` for standard input
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Also take in mail that is usually left out
    #[arg(long, value_name = "SORT", value_delimiter = ',')]
    pub(crate) include: Vec<Include>,
    /// The company's own addresses and domains: who writes from them is no customer
    #[arg(long, value_name = "ADDRESS OR DOMAIN", value_delimiter = ',')]
    pub(crate) own: Vec<String>,
    /// What the source of the events is called; their ids are unique within it [default: file]
    #[arg(long, value_name = "NAME")]
    pub(crate) source: Option<String>,
    /// Write what was skipped or failed to this file, one line of JSON each
    #[arg(long, value_name = "FILE")]
    pub(crate) rejects: Option<PathBuf>,
    /// Only say what would become of it
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// Mail that is usually left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Include {
    /// Mailing lists and newsletters
    Lists,
    /// Absence notes and the like
    Automatic,
    /// Reports that a message did not arrive
    Bounces,
    /// Addresses that take no answer
    NoReply,
}

impl Include {
    /// The word the API has for it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Lists => "lists",
            Self::Automatic => "automatic",
            Self::Bounces => "bounces",
            Self::NoReply => "no_reply",
        }
    }
}
