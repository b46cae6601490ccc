//! Arguments about conversations.

use clap::{Args, Subcommand, ValueEnum};

/// Which conversations of the inbox.
#[derive(Clone, Debug, Args)]
pub(crate) struct InboxArgs {
    /// Which list
    #[arg(value_enum, default_value = "open")]
    pub(crate) view: View,
    /// Only those that this agent looks after: a login name, or `nobody`
    #[arg(long, value_name = "LOGIN")]
    pub(crate) assignee: Option<String>,
    /// Only those with this tag
    #[arg(long)]
    pub(crate) tag: Option<String>,
    /// Only those of this priority
    #[arg(long, value_enum)]
    pub(crate) priority: Option<PriorityName>,
    /// Only those that began on this channel, such as `email`
    #[arg(long)]
    pub(crate) channel: Option<String>,
    /// Only those with these words in their subject
    #[arg(long, value_name = "WORDS")]
    pub(crate) subject: Option<String>,
    /// How many to show
    #[arg(long, short = 'n', default_value_t = 20, value_name = "NUMBER")]
    pub(crate) limit: usize,
}

/// A list of the inbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum View {
    /// Somebody has to do something
    Open,
    /// Open, and nobody looks after them
    Unassigned,
    /// The customer has to do something
    Pending,
    /// Out of sight until a time
    Snoozed,
    /// Done
    Closed,
    /// Nobody asked for them
    Spam,
    /// How many there are in each list
    Counts,
}

/// How urgent a conversation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PriorityName {
    /// Can wait
    Low,
    /// As usual
    Normal,
    /// First
    High,
    /// Now
    Urgent,
}

/// Where a conversation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum StatusName {
    /// Somebody has to do something
    Open,
    /// The customer has to do something
    Pending,
    /// Done
    Closed,
    /// Nobody asked for it
    Spam,
}

/// The word the API has for a value, which is the one that is typed.
pub(crate) fn word(value: &impl ValueEnum) -> String {
    value.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
}

/// What to do with a conversation.
#[derive(Clone, Debug, Subcommand)]
#[allow(clippy::large_enum_variant, reason = "parsed once per run")]
pub(crate) enum ConversationCommand {
    /// Show a conversation with all that is in it
    Show {
        /// Its number or its id
        which: String,
    },
    /// Change where it stands, who looks after it, and how it is found
    Edit(EditArgs),
    /// Add a note for colleagues
    Note {
        /// Its number or its id
        which: String,
        /// The note
        #[arg(required = true)]
        text: Vec<String>,
    },
    /// Show one conversation in another from now on
    Merge {
        /// The one whose messages are to be shown in the other; its number keeps working
        from: String,
        /// The other
        into: String,
    },
    /// Make a message, and what follows it, a conversation of its own
    Split {
        /// Its number or its id
        which: String,
        /// The message, by the id that `whom conversation show` gives
        entry: String,
    },
    /// Undo a merge or a split exactly
    Undo {
        /// The conversation that was merged away or split off
        which: String,
    },
}

/// What to change.
#[derive(Clone, Debug, Args)]
pub(crate) struct EditArgs {
    /// Its number or its id; several are changed one after the other
    #[arg(required = true)]
    pub(crate) which: Vec<String>,
    /// Where it is to stand
    #[arg(long, value_enum)]
    pub(crate) status: Option<StatusName>,
    /// How urgent it is to be
    #[arg(long, value_enum)]
    pub(crate) priority: Option<PriorityName>,
    /// Who is to look after it: a login name, or `nobody`
    #[arg(long, value_name = "LOGIN")]
    pub(crate) assignee: Option<String>,
    /// What it is to be called
    #[arg(long)]
    pub(crate) subject: Option<String>,
    /// A tag to add
    #[arg(long, value_name = "TAG")]
    pub(crate) tag: Vec<String>,
    /// A tag to take away
    #[arg(long, value_name = "TAG")]
    pub(crate) untag: Vec<String>,
    /// A property to set, or to take away with `property=`
    #[arg(long = "set", value_name = "PROPERTY=VALUE")]
    pub(crate) properties: Vec<String>,
    /// Put it out of sight: `2h`, `3d`, `1w`, or a time such as 2026-12-01T09:00:00Z
    #[arg(long, value_name = "WHEN")]
    pub(crate) snooze: Option<String>,
    /// Call it back before its time
    #[arg(long, conflicts_with = "snooze")]
    pub(crate) wake: bool,
}
