//! Arguments about what is kept for customers: tasks, accounts, relationships, lists of customers.

use clap::{Args, Subcommand, ValueEnum};

/// Which tasks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TaskView {
    /// What is to be done, what is due first coming first
    Open,
    /// What is overdue or due today
    Due,
    /// What nobody is to do
    Nobody,
    /// What is done, the latest first
    Done,
}

/// What to do with tasks.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum TaskCommand {
    /// List them
    List {
        /// Which list
        #[arg(value_enum, default_value = "open")]
        view: TaskView,
        /// Only those of this customer
        #[arg(long, value_name = "WHO", conflicts_with_all = ["view", "login"])]
        of: Option<String>,
        /// Only those that somebody is to do: a login name, or `me`
        #[arg(long = "for", value_name = "LOGIN")]
        login: Option<String>,
        /// How many to show
        #[arg(long, short = 'n', default_value_t = 50, value_name = "NUMBER")]
        limit: usize,
    },
    /// Show one
    Show {
        /// Its id
        id: String,
    },
    /// Add one for a customer
    Add {
        /// The customer
        who: String,
        /// What is to be done
        #[arg(required = true)]
        title: Vec<String>,
        #[command(flatten)]
        more: TaskTerms,
    },
    /// Change one
    Edit {
        /// Its id
        id: String,
        /// What is to be done
        #[arg(long)]
        title: Option<String>,
        #[command(flatten)]
        more: TaskTerms,
    },
    /// Say that some are done
    Done {
        /// Their ids
        #[arg(required = true)]
        ids: Vec<String>,
    },
    /// Open some again that were done or taken away
    Reopen {
        /// Their ids
        #[arg(required = true)]
        ids: Vec<String>,
    },
    /// Take some away; `whom task reopen` brings them back
    Remove {
        /// Their ids
        #[arg(required = true)]
        ids: Vec<String>,
    },
}

/// The terms of a task.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct TaskTerms {
    /// By when: `today`, `tomorrow`, `3d`, `2w`, a day, or a moment such as 2026-12-01T09:00:00Z; `never` for no time
    #[arg(long, value_name = "WHEN")]
    pub(crate) due: Option<String>,
    /// Who is to do it: a login name, or `nobody`
    #[arg(long = "for", value_name = "LOGIN")]
    pub(crate) login: Option<String>,
    /// More about it
    #[arg(long)]
    pub(crate) text: Option<String>,
}

/// What to do with accounts.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum AccountCommand {
    /// List them
    List {
        /// The beginnings of words of the name or the domain
        words: Vec<String>,
        /// How many to show
        #[arg(long, short = 'n', default_value_t = 50, value_name = "NUMBER")]
        limit: usize,
    },
    /// Show one: what is known, who belongs to it, its notes
    Show {
        /// Its id or its name
        account: String,
    },
    /// Make one
    Create {
        /// What it is called
        name: String,
        /// What is known of it, such as `domain=acme.example`
        #[arg(value_name = "PROPERTY=VALUE")]
        assignments: Vec<String>,
    },
    /// Change what is known of one; `property=` takes the value away
    Set {
        /// Its id or its name
        account: String,
        /// What to set; `name` is one of them
        #[arg(required = true, value_name = "PROPERTY=VALUE")]
        assignments: Vec<String>,
    },
    /// Say that a customer belongs to one
    Link {
        /// The customer
        who: String,
        /// Its id or its name
        account: String,
    },
    /// Say that a customer does not belong to one
    Unlink {
        /// The customer
        who: String,
        /// Its id or its name
        account: String,
    },
    /// Undo a linking or an unlinking exactly
    Undo {
        /// The customer
        who: String,
        /// The entry, as linking and unlinking gave it
        entry: String,
    },
    /// Add a note
    Note {
        /// Its id or its name
        account: String,
        /// The note; `-` reads it from standard input
        #[arg(required = true)]
        text: Vec<String>,
    },
}

/// What to do with relationships.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum RelationCommand {
    /// List whom a customer is related to
    List {
        /// The customer
        who: String,
    },
    /// Say that somebody is related: `whom relation add ana@example.org spouse ben@example.org`
    Add {
        /// The customer
        who: String,
        /// What the other is to them, such as `spouse` or `assistant`
        they_are: String,
        /// The other customer
        with: String,
        /// What the customer is to the other, where it does not follow
        #[arg(long, value_name = "WORD", default_value = "")]
        this_is: String,
    },
    /// Take a relationship away
    Remove {
        /// The customer
        who: String,
        /// Its id
        id: String,
    },
    /// Bring one back that was taken away
    Restore {
        /// The customer
        who: String,
        /// Its id
        id: String,
    },
}

/// What to do with lists of customers.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum SegmentCommand {
    /// List the segments, with how many customers each holds
    List,
    /// Save a filter under a name
    Save {
        /// What to call it
        name: String,
        /// Who is in it, such as `tier:pro last_seen>30d`
        #[arg(long, short, value_name = "FILTER", default_value = "")]
        filter: String,
        /// Only customers or only visitors
        #[arg(long, value_name = "KIND")]
        kind: Option<super::people::PersonKind>,
        /// Let everybody who works here see it
        #[arg(long)]
        shared: bool,
    },
    /// Take one away
    Remove {
        /// Its id
        id: String,
    },
    /// Bring one back that was taken away
    Restore {
        /// Its id
        id: String,
    },
}

/// What to write down of whom.
#[derive(Clone, Debug, Args)]
pub(crate) struct ExportArgs {
    /// The customer
    pub(crate) who: String,
    /// Everything with where it comes from (json), or a card for address books (vcard)
    #[arg(long, value_enum, default_value = "json")]
    pub(crate) format: PersonFormat,
    /// Write it to this file, which must not exist yet; without it, it is printed
    #[arg(long, value_name = "FILE")]
    pub(crate) to: Option<std::path::PathBuf>,
}

/// In which form a person is written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PersonFormat {
    /// Everything that is known, with where each value comes from and who was told what
    Json,
    /// A card for address books
    Vcard,
}
