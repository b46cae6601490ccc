//! Why the engine did not do what was asked.

use crate::{model::ProfileId, store::StoreError};

/// Why the engine did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// There is no such thing.
    #[error("{what} is not known here")]
    NotFound {
        /// What was asked for.
        what: String,
    },
    /// Somebody else changed the profile since it was read.
    #[error("the profile has changed since you read it; its version is now `{version}`")]
    Changed {
        /// The version it has now.
        version: String,
    },
    /// Somebody else changed the conversation since it was read.
    #[error("somebody else was faster; the version is now {version}{}", who.iter().map(|who| format!(": {who}")).collect::<String>())]
    Faster {
        /// The version it has now.
        version: u64,
        /// What they changed, in words; nothing where it was a message that arrived.
        who: Vec<String>,
    },
    /// A profile cannot be merged with itself.
    #[error("both ids are one profile already: `{profile}`")]
    SameProfile {
        /// The profile.
        profile: ProfileId,
    },
    /// An identifier belongs to somebody else.
    #[error("this {kind} belongs to profile `{profile}`: merge the two, or detach it there first")]
    TakenBy {
        /// The kind of identifier.
        kind: String,
        /// Whose it is.
        profile: ProfileId,
    },
    /// The property is written by its source alone.
    #[error("`{property}` is written by its source alone: it can be hidden but not changed")]
    Locked {
        /// The property.
        property: String,
    },
    /// Whoever asks may not change it.
    #[error("`{property}` is not yours to change: ask somebody whose role may")]
    NotYours {
        /// The property.
        property: String,
    },
    /// What was given cannot be taken.
    #[error("{what}: {why}")]
    Invalid {
        /// The field.
        what: String,
        /// What is wrong with it and what would be right.
        why: String,
    },
    /// A hook refused it.
    #[error("{why}")]
    Refused {
        /// In the hook's words.
        why: String,
    },
    /// The profile is in the trash.
    #[error("profile `{profile}` is in the trash: restore it first")]
    Trashed {
        /// The profile.
        profile: ProfileId,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}
