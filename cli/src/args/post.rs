//! Arguments of the commands that send mail.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// What to answer.
#[derive(Clone, Debug, Args)]
pub(crate) struct ReplyArgs {
    /// The conversation, by its number or its id
    pub(crate) conversation: String,
    /// The text; `-` reads it from standard input
    #[arg(required = true)]
    pub(crate) text: Vec<String>,
    /// Quote the message that is answered
    #[arg(long)]
    pub(crate) quote: bool,
    #[command(flatten)]
    pub(crate) more: LetterArgs,
}

/// What to write, and to whom.
#[derive(Clone, Debug, Args)]
pub(crate) struct ComposeArgs {
    /// A mail address, such as `ana@example.org` or `Ana Ruiz <ana@example.org>`
    pub(crate) to: String,
    /// The text; `-` reads it from standard input
    #[arg(required = true)]
    pub(crate) text: Vec<String>,
    /// What it is about
    #[arg(long, short)]
    pub(crate) subject: String,
    #[command(flatten)]
    pub(crate) more: LetterArgs,
}

/// What goes along.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct LetterArgs {
    /// Who gets a copy
    #[arg(long, value_name = "ADDRESS", value_delimiter = ',')]
    pub(crate) cc: Vec<String>,
    /// Who gets a copy that the others do not see
    #[arg(long, value_name = "ADDRESS", value_delimiter = ',')]
    pub(crate) bcc: Vec<String>,
    /// A file to send along; may be given several times
    #[arg(long, short, value_name = "FILE")]
    pub(crate) attach: Vec<PathBuf>,
    /// The id of the mail channel [default: the one that was written to, else the usual one]
    #[arg(long, value_name = "ID")]
    pub(crate) channel: Option<String>,
    /// Where the conversation stands afterwards: open, pending or closed
    #[arg(long, value_name = "STATUS")]
    pub(crate) status: Option<String>,
}

/// What to do with messages that wait to leave.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum OutboxCommand {
    /// Show what waits to leave, and what did not arrive
    List,
    /// Try a message again now
    Retry {
        /// Its id, as the list shows it
        id: String,
    },
    /// Give a message up
    Cancel {
        /// Its id, as the list shows it
        id: String,
    },
}
