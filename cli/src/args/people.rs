//! Arguments that name customers.

use clap::{Args, ValueEnum};

/// A customer, by what people have at hand.
#[derive(Clone, Debug, Args)]
pub(crate) struct Who {
    /// An id, an e-mail address, a phone number with `+`, `#` and a conversation's number, or `kind:value`
    pub(crate) who: String,
}

/// What to search for.
#[derive(Clone, Debug, Args)]
pub(crate) struct SearchArgs {
    /// Names, addresses, numbers, companies, handles; nothing finds everybody
    pub(crate) words: Vec<String>,
    /// How many to show
    #[arg(long, short = 'n', default_value_t = 20, value_name = "NUMBER")]
    pub(crate) limit: usize,
    /// Only customers or only visitors
    #[arg(long, value_name = "KIND")]
    pub(crate) kind: Option<PersonKind>,
    /// Conditions, such as `tier:pro last_seen<30d company~acme (tags:vip or tags:beta)`
    #[arg(long, short, value_name = "FILTER")]
    pub(crate) filter: Option<String>,
    /// What to sort by: a property, or last_seen, name, created or messages
    #[arg(long, value_name = "PROPERTY")]
    pub(crate) sort: Option<String>,
    /// Turn the order round: `asc` or `desc`
    #[arg(long, value_parser = ["asc", "desc"])]
    pub(crate) order: Option<String>,
}

/// Visitor or customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PersonKind {
    /// Somebody who is known by an address or an account.
    Customer,
    /// Somebody who never said who they are.
    Visitor,
}

impl PersonKind {
    /// The word the API has for it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Visitor => "visitor",
        }
    }
}

/// Which part of whose timeline.
#[derive(Clone, Debug, Args)]
pub(crate) struct TimelineArgs {
    #[command(flatten)]
    pub(crate) who: Who,
    /// Only entries of these kinds
    #[arg(long, value_name = "KIND", value_delimiter = ',')]
    pub(crate) kind: Vec<Kind>,
    /// How many to show
    #[arg(long, short = 'n', default_value_t = 30, value_name = "NUMBER")]
    pub(crate) limit: usize,
}

/// What sort of entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kind {
    /// Messages of conversations
    Message,
    /// Notes of agents
    Note,
    /// What happened in an application
    Event,
    /// Pages that were looked at
    #[value(alias = "page_view")]
    PageView,
    /// What was done to conversations
    Activity,
}

impl Kind {
    /// The word the API has for it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Message => "message",
            Self::Note => "note",
            Self::Event => "event",
            Self::PageView => "page_view",
            Self::Activity => "activity",
        }
    }
}

/// Whom to erase.
#[derive(Clone, Debug, Args)]
pub(crate) struct EraseArgs {
    #[command(flatten)]
    pub(crate) who: Who,
    /// Say exactly what would go, and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}
