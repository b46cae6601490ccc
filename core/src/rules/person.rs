//! A person as rules see one: winning values and a few figures, copied, so that a script can change nothing.

use std::collections::BTreeMap;

use crate::model::{ProfileId, ProfileKind, PropertyKey, Timestamp, Value};

/// A person as rules see one.
#[derive(Clone, Debug, PartialEq)]
pub struct Person {
    /// The profile.
    pub id: ProfileId,
    /// The winning values of each property that has any.
    pub values: BTreeMap<PropertyKey, Vec<Value>>,
    /// Visitor or customer.
    pub kind: ProfileKind,
    /// When the earliest thing happened.
    pub first_seen: Timestamp,
    /// When the latest thing happened.
    pub last_seen: Timestamp,
    /// How many messages there are.
    pub messages: u64,
    /// How many other entries there are.
    pub events: u64,
}
