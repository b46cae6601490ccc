//! Arguments about who is one person: likely duplicates, a look at a merge, the merge itself.

use clap::Args;

/// Which likely duplicates.
#[derive(Clone, Debug, Args)]
pub(crate) struct DuplicatesArgs {
    /// Only those of this customer; without it the queue that agents work off
    pub(crate) who: Option<String>,
    /// Pairs about which somebody decided: told apart, or merged and taken apart again
    #[arg(long, conflicts_with = "who")]
    pub(crate) decided: bool,
    /// What was merged by hand, with the ids by which it is undone
    #[arg(long, conflicts_with_all = ["who", "decided"])]
    pub(crate) merged: bool,
    /// How many to show
    #[arg(long, short = 'n', default_value_t = 20, value_name = "NUMBER")]
    pub(crate) limit: usize,
}

/// Two profiles, and what is kept of them.
#[derive(Clone, Debug, Args)]
pub(crate) struct PairArgs {
    /// The profile that gives way; its id keeps working
    pub(crate) from: String,
    /// The profile that stays
    pub(crate) into: String,
    /// The value to show afterwards where the two differ, such as `company=Acme`
    #[arg(long, value_name = "PROPERTY=VALUE")]
    pub(crate) keep: Vec<String>,
}

/// A merge.
#[derive(Clone, Debug, Args)]
pub(crate) struct MergeArgs {
    #[command(flatten)]
    pub(crate) pair: PairArgs,
    /// The reason, for whoever asks later
    #[arg(long, default_value = "")]
    pub(crate) why: String,
}

/// Two that are not one person.
#[derive(Clone, Debug, Args)]
pub(crate) struct ApartArgs {
    /// One of them
    pub(crate) a: String,
    /// The other
    pub(crate) b: String,
    /// Take it back: they may be one person after all
    #[arg(long)]
    pub(crate) undo: bool,
}
