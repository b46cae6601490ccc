//! What a commit changed, in the past tense.

use serde::{Deserialize, Serialize};

use crate::model::{
    AccountId, ContactId, ConversationId, EntryId, EntryKind, MembershipId, ProfileId, PropertyKey, Timestamp,
};

/// The number of a commit: one greater than that of the commit before, from one.
pub type FeedNumber = u64;

/// One thing that happened. Ids alone: who may see more looks it up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[allow(missing_docs, reason = "each variant says it; the fields are the ids of what took part")]
pub enum Change {
    /// A profile was made.
    ProfileCreated { profile: ProfileId },
    /// A profile came to know another contact.
    ContactAdded { profile: ProfileId, contact: ContactId },
    /// Claims changed what is known about a profile.
    PropertiesChanged { profile: ProfileId, properties: Vec<PropertyKey> },
    /// An entry was added to a timeline.
    EntryAdded { profile: ProfileId, contact: ContactId, entry: EntryId, kind: EntryKind },
    /// A conversation began.
    ConversationStarted { profile: ProfileId, conversation: ConversationId },
    /// A conversation changed.
    ConversationChanged { profile: ProfileId, conversation: ConversationId },
    /// One profile's contacts went to another.
    ProfilesMerged { into: ProfileId, from: ProfileId, by: MembershipId },
    /// A merge was undone; `profiles` are all whose contacts changed.
    MergeUndone { profiles: Vec<ProfileId>, by: MembershipId },
    /// A contact got a profile of its own.
    ContactDetached { from: ProfileId, to: ProfileId, contact: ContactId },
    /// A contact went to another profile.
    ContactMoved { from: ProfileId, to: ProfileId, contact: ContactId },
    /// Two profiles were said not to be the same person.
    ProfilesToldApart { a: ProfileId, b: ProfileId },
    /// A profile went to the trash.
    ProfileTrashed { profile: ProfileId },
    /// A profile came back from the trash.
    ProfileRestored { profile: ProfileId },
    /// A profile was erased for good.
    ProfileErased { profile: ProfileId },
    /// What is known about an account changed.
    AccountChanged { account: AccountId },
    /// A profile was linked to an account or unlinked from it.
    AccountLinked { profile: ProfileId, account: AccountId, linked: bool },
    /// Somebody has to look: a decision was not made because evidence conflicts.
    ReviewRaised { profile: ProfileId, review: String },
    /// A setting, person or key changed.
    DocumentChanged { kind: String, id: String },
    /// Something kept about a profile as a document changed: a task, a relationship, how a message went out.
    RecordChanged { profile: ProfileId, kind: String, id: String },
}

impl Change {
    /// The profiles whose view or timeline it may have changed.
    pub fn profiles(&self) -> Vec<ProfileId> {
        match self {
            Self::ProfileCreated { profile }
            | Self::ContactAdded { profile, .. }
            | Self::PropertiesChanged { profile, .. }
            | Self::EntryAdded { profile, .. }
            | Self::ConversationStarted { profile, .. }
            | Self::ConversationChanged { profile, .. }
            | Self::ProfileTrashed { profile }
            | Self::ProfileRestored { profile }
            | Self::ProfileErased { profile }
            | Self::AccountLinked { profile, .. }
            | Self::ReviewRaised { profile, .. }
            | Self::RecordChanged { profile, .. } => vec![*profile],
            Self::ProfilesMerged { into, from, .. } => vec![*into, *from],
            Self::ContactDetached { from, to, .. } | Self::ContactMoved { from, to, .. } => vec![*from, *to],
            Self::MergeUndone { profiles, .. } => profiles.clone(),
            Self::ProfilesToldApart { a, b } => vec![*a, *b],
            Self::AccountChanged { .. } | Self::DocumentChanged { .. } => Vec::new(),
        }
    }
}

/// One commit as readers of the feed see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commit {
    /// Its number.
    pub number: FeedNumber,
    /// When it was made.
    pub at: Timestamp,
    /// What it changed.
    pub changes: Vec<Change>,
}
