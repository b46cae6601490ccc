//! Arguments about what counts of what is said: which value is shown, and whose word.

use clap::{Args, Subcommand};

/// A value of a property, and whether what was decided about it is taken back.
#[derive(Clone, Debug, Args)]
pub(crate) struct ValueArgs {
    /// The customer
    pub(crate) who: String,
    /// The property, such as `job_title`
    pub(crate) property: String,
    /// The value, as `whom why` shows it
    pub(crate) value: String,
    /// Take it back
    #[arg(long)]
    pub(crate) undo: bool,
}

/// A value to be shown, or none any more.
#[derive(Clone, Debug, Args)]
pub(crate) struct PinArgs {
    /// The customer
    pub(crate) who: String,
    /// The property, such as `job_title`
    pub(crate) property: String,
    /// The value, as `whom why` shows it
    #[arg(required_unless_present = "undo", conflicts_with = "undo")]
    pub(crate) value: Option<String>,
    /// Let the rules choose again
    #[arg(long)]
    pub(crate) undo: bool,
}

/// A source that does not count for a property.
#[derive(Clone, Debug, Args)]
pub(crate) struct NeverArgs {
    /// The customer
    pub(crate) who: String,
    /// The property, such as `job_title`
    pub(crate) property: String,
    /// Whose word, as `whom why` shows it, such as `plugin:gravatar`
    pub(crate) source: String,
    /// Let it count again
    #[arg(long)]
    pub(crate) undo: bool,
}

/// An address that a provider offers.
#[derive(Clone, Debug, Args)]
pub(crate) struct TakeArgs {
    /// The customer
    pub(crate) who: String,
    /// The property it is offered for, such as `email`
    pub(crate) property: String,
    /// The address
    pub(crate) value: String,
}

/// What to do with the photo of a customer.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum PhotoCommand {
    /// Take the photo away; it stays so when a provider offers it again
    Clear {
        /// The customer; an id is best, since it means nobody else
        who: String,
    },
    /// Show what was taken away again
    Restore {
        /// The customer
        who: String,
    },
}
