//! The API's answers as the command line reads them: only what tables need.
//!
//! `--json` never passes through here, so a field that is missing here is not missing there.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value as Json;
use whom_core::model::Timestamp;

/// A profile.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Profile {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) kind: String,
    pub(crate) state: Json,
    #[serde(default)]
    pub(crate) fields: Vec<Field>,
    #[serde(default)]
    pub(crate) contacts: Vec<Contact>,
    #[serde(default)]
    pub(crate) accounts: Vec<Account>,
    pub(crate) first_seen: Timestamp,
    pub(crate) last_seen: Timestamp,
    pub(crate) messages: u64,
    pub(crate) events: u64,
}

/// One profile of a list.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Hit {
    pub(crate) id: String,
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) line: Option<String>,
    #[serde(default)]
    pub(crate) company: Option<String>,
    pub(crate) kind: String,
    pub(crate) last_seen: Timestamp,
    pub(crate) messages: u64,
    pub(crate) events: u64,
}

/// One field of a profile.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Field {
    pub(crate) label: String,
    pub(crate) section: String,
    pub(crate) values: Vec<FieldValue>,
    #[serde(default)]
    pub(crate) offered: Vec<FieldValue>,
    #[serde(default)]
    pub(crate) losing: u64,
    #[serde(default)]
    pub(crate) problem: Option<String>,
}

/// One value of a field.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct FieldValue {
    pub(crate) value: Json,
    pub(crate) source: String,
    pub(crate) observed: Timestamp,
}

/// One contact of a profile.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Contact {
    pub(crate) id: String,
    #[serde(default)]
    pub(crate) kind: Option<String>,
    pub(crate) label: String,
    pub(crate) value: String,
    #[serde(default)]
    pub(crate) raw: String,
    pub(crate) last_seen: Timestamp,
    pub(crate) messages: u64,
    pub(crate) events: u64,
}

/// One account of a profile.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Account {
    pub(crate) id: String,
    pub(crate) name: String,
}

/// Why a property has its value.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Explanation {
    pub(crate) label: String,
    pub(crate) values: Vec<Json>,
    pub(crate) winning: Vec<Claim>,
    pub(crate) losing: Vec<Claim>,
    pub(crate) decided_by: String,
    #[serde(default)]
    pub(crate) problem: Option<String>,
}

/// One claim.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Claim {
    pub(crate) assertion: Json,
    pub(crate) source: String,
    pub(crate) through: String,
    pub(crate) confidence: u8,
    pub(crate) evidence: Json,
    pub(crate) first_observed: Timestamp,
    pub(crate) last_observed: Timestamp,
    #[serde(default)]
    pub(crate) because: Option<String>,
}

/// One entry of a timeline.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Entry {
    #[serde(default)]
    pub(crate) id: String,
    pub(crate) at: Timestamp,
    pub(crate) kind: String,
    #[serde(default)]
    pub(crate) channel: Option<String>,
    #[serde(default)]
    pub(crate) direction: Option<String>,
    pub(crate) source: String,
    pub(crate) title: String,
    pub(crate) summary: String,
    #[serde(default)]
    pub(crate) properties: BTreeMap<String, Json>,
}

/// One conversation.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Conversation {
    pub(crate) number: u64,
    pub(crate) subject: String,
    pub(crate) channel: String,
    pub(crate) status: String,
    pub(crate) priority: String,
    #[serde(default)]
    pub(crate) tags: Vec<String>,
    #[serde(default)]
    pub(crate) assignee: Option<String>,
    #[serde(default)]
    pub(crate) issues: Vec<Issue>,
    #[serde(default)]
    pub(crate) properties: BTreeMap<String, Json>,
    #[serde(default)]
    pub(crate) snoozed_until: Option<Timestamp>,
    pub(crate) last_message: Timestamp,
    pub(crate) last_direction: String,
    pub(crate) messages: u64,
}

/// An issue of another system that a conversation is about.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Issue {
    pub(crate) system: String,
    pub(crate) key: String,
    #[serde(default)]
    pub(crate) title: String,
    #[serde(default)]
    pub(crate) state: String,
}

/// How many conversations stand in each list of the inbox.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct InboxCounts {
    pub(crate) open: BoundedCount,
    pub(crate) unassigned: BoundedCount,
    pub(crate) pending: BoundedCount,
    pub(crate) snoozed: BoundedCount,
    pub(crate) closed: BoundedCount,
    pub(crate) spam: BoundedCount,
}

/// How many there are, or at least.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct BoundedCount {
    pub(crate) count: usize,
    pub(crate) and_more: bool,
}

/// One change of membership.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct MembershipChange {
    pub(crate) id: String,
    pub(crate) deed: Json,
    pub(crate) from: String,
    pub(crate) into: String,
    pub(crate) moved: Vec<String>,
    pub(crate) at: Timestamp,
    pub(crate) by: String,
    pub(crate) why: Vec<String>,
    pub(crate) undone: Option<Stamp>,
}

/// Who did something, and when.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Stamp {
    pub(crate) at: Timestamp,
    pub(crate) by: String,
}

/// What erasing somebody would take away.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct ErasePlan {
    pub(crate) profiles: Vec<String>,
    pub(crate) contacts: Vec<String>,
    pub(crate) claims: u64,
    pub(crate) messages: u64,
    pub(crate) events: u64,
    pub(crate) conversations: Vec<String>,
    pub(crate) conversations_shared: Vec<String>,
    pub(crate) merges: Vec<String>,
}

/// Somebody who is likely the same person.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Candidate {
    pub(crate) profile: String,
    pub(crate) name: String,
    pub(crate) verdict: String,
    pub(crate) why: String,
}

/// Two profiles of the queue.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Pair {
    pub(crate) a: PairSide,
    pub(crate) b: PairSide,
    #[serde(default)]
    pub(crate) verdict: Option<Verdict>,
    #[serde(default)]
    pub(crate) told_apart_by: Option<Stamp>,
    #[serde(default)]
    pub(crate) undone: Option<Stamp>,
}

/// One of them.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct PairSide {
    pub(crate) profile: String,
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) facts: Vec<String>,
}

/// What the rules say of two.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Verdict {
    pub(crate) verdict: String,
    pub(crate) why: String,
}

/// What a merge would make of two profiles.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct MergePreview {
    pub(crate) into: Profile,
    pub(crate) from: Profile,
    pub(crate) fields: Vec<PreviewField>,
    #[serde(default)]
    pub(crate) verdict: Option<Verdict>,
    pub(crate) told_apart: bool,
    #[serde(default)]
    pub(crate) told_apart_by: Option<Stamp>,
}

/// One property in it.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct PreviewField {
    pub(crate) label: String,
    pub(crate) into: Vec<FieldValue>,
    pub(crate) from: Vec<FieldValue>,
    pub(crate) merged: Vec<FieldValue>,
    pub(crate) decided_by: String,
    pub(crate) differs: bool,
}

/// A merge that stands.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Merged {
    pub(crate) id: String,
    pub(crate) profile: String,
    pub(crate) name: String,
    pub(crate) took_in: Vec<String>,
    pub(crate) at: Timestamp,
    pub(crate) by: String,
    pub(crate) why: Vec<String>,
}
