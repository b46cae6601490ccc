//! Topics: what a page shows, as the words under which it hears that this changed.
//!
//! `profile:ID`, `conversation:ID`, `account:ID` are one thing each; `customers`, `inbox`, `accounts`,
//! `tasks`, `duplicates` and `settings` are the lists.

use std::{collections::BTreeSet, str::FromStr};

use whom_core::feed::{Change, Commit};

/// The longest topic, in bytes.
const LONGEST: usize = 64;

/// What a page shows, as a word.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Topic(String);

/// It is no topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a topic is a word such as `inbox`, or a word and an id such as `profile:p_…`")]
pub(crate) struct NoTopic;

impl Topic {
    /// As it is written.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is one thing, at which several people may look.
    pub(crate) fn is_one_thing(&self) -> bool {
        self.0.contains(':')
    }
}

impl FromStr for Topic {
    type Err = NoTopic;

    fn from_str(text: &str) -> Result<Self, NoTopic> {
        let is_word = |part: &str| {
            !part.is_empty()
                && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
        };
        let is_topic = match text.split_once(':') {
            Some((kind, id)) => is_word(kind) && is_word(id),
            None => is_word(text),
        };
        if is_topic && text.len() <= LONGEST { Ok(Self(text.to_owned())) } else { Err(NoTopic) }
    }
}

/// The topics that a commit touched.
pub(super) fn touched(commit: &Commit) -> BTreeSet<String> {
    let mut topics = BTreeSet::new();
    for change in &commit.changes {
        for profile in change.profiles() {
            topics.insert(format!("profile:{profile}"));
        }
        let lists: &[&str] = match change {
            Change::ProfileCreated { .. }
            | Change::ContactAdded { .. }
            | Change::PropertiesChanged { .. }
            | Change::EntryAdded { .. }
            | Change::ProfileTrashed { .. }
            | Change::ProfileRestored { .. } => &["customers"],
            Change::ConversationStarted { conversation, .. }
            | Change::ConversationChanged { conversation, .. } => {
                topics.insert(format!("conversation:{conversation}"));
                &["inbox"]
            }
            Change::ProfilesMerged { .. }
            | Change::MergeUndone { .. }
            | Change::ContactDetached { .. }
            | Change::ContactMoved { .. }
            | Change::ProfilesToldApart { .. }
            | Change::ProfileErased { .. }
            | Change::ReviewRaised { .. } => &["customers", "duplicates", "inbox"],
            Change::AccountChanged { account } | Change::AccountLinked { account, .. } => {
                topics.insert(format!("account:{account}"));
                &["accounts"]
            }
            Change::DocumentChanged { .. } => &["settings"],
            Change::RecordChanged { kind, .. } if kind == "task" => &["tasks"],
            Change::RecordChanged { kind, .. } if kind == "duplicate" => &["duplicates"],
            _ => &[],
        };
        topics.extend(lists.iter().map(|&list| list.to_owned()));
    }
    topics
}
