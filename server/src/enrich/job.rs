//! Jobs and checks: what is to be asked, and what came of asking.

use serde::{Deserialize, Serialize};
use whom_core::{
    model::{ContactId, ProfileId, Timestamp},
    store::DocumentKind,
};

use crate::documents::Stored;

/// How long a provider's last look counts, in days.
pub(super) const FRESH_DAYS: i64 = 61;

/// How often a provider is asked that cannot answer, before that is shown as a failure.
pub(super) const MOST_ATTEMPTS: u32 = 5;

/// One question to one provider about one contact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Job {
    /// The provider.
    pub(super) plugin: String,
    /// The contact it is asked about.
    pub(super) contact: ContactId,
    /// When it may be asked.
    pub(super) due: Timestamp,
    /// Which attempt this is, from 1.
    pub(super) attempt: u32,
    /// Why, in words.
    pub(super) rule: String,
}

impl Stored for Job {
    const KIND: DocumentKind = DocumentKind::Job;
}

impl Job {
    /// Its id; jobs are listed in the order in which they are due.
    pub(super) fn id(&self) -> String {
        format!("{:016x}-{}-{}", self.due.as_millis(), self.plugin, self.contact)
    }
}

/// What came of a provider's last look at a contact, and whether it is to look again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checked {
    /// When it last answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
    /// What it answered: `found`, `nobody`, `opted_out`, `failed`.
    #[serde(default)]
    pub outcome: String,
    /// Why, where it failed.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub why: String,
    /// How many values it gave.
    #[serde(default)]
    pub values: usize,
    /// The job in the queue, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queued: Option<String>,
    /// The profile the contact belonged to then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<ProfileId>,
}

impl Stored for Checked {
    const KIND: DocumentKind = DocumentKind::Check;
}

impl Checked {
    /// The id of what came of a provider's looks at a contact.
    pub(super) fn id(plugin: &str, contact: ContactId) -> String {
        format!("{contact}-{plugin}")
    }

    /// Whether the provider is to be asked again.
    pub(super) fn allows(&self, now: Timestamp, is_asked_for: bool) -> bool {
        let is_stale = self.at.is_none_or(|at| at.days_until(now) >= FRESH_DAYS);
        self.queued.is_none() && self.outcome != "opted_out" && (is_asked_for || is_stale)
    }
}
