//! Accounts: the companies that customers belong to.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{AccountId, ContactId, Source, Timestamp, Value};

/// A company or group that customers belong to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Account {
    /// Follows from the source's own id for it.
    pub id: AccountId,
    /// The source's own id for it, for showing.
    pub external: String,
    /// What it is called.
    pub name: String,
    /// What is known about it: the latest value of each property.
    #[serde(serialize_with = "shown")]
    pub properties: BTreeMap<String, Value>,
    /// Who said so last.
    pub source: Source,
    /// When it was first heard of.
    pub first_seen: Timestamp,
    /// When it was last heard of.
    pub last_seen: Timestamp,
    /// Counts the changes of this row; zero before it was ever stored.
    pub version: u64,
}

fn shown<S: serde::Serializer>(all: &BTreeMap<String, Value>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(all.iter().filter(|(name, _)| !name.starts_with('_')))
}

/// The property in which the names of those stand that an agent set. What arrives cannot be called so.
const BY_HAND: &str = "_by_hand";

impl Account {
    /// The properties that an agent set, which nothing that arrives changes; `name` may be among them.
    pub fn by_hand(&self) -> impl Iterator<Item = &str> {
        let names = match self.properties.get(BY_HAND) {
            Some(Value::List(names)) => names.as_slice(),
            _ => &[],
        };
        names.iter().filter_map(Value::as_text)
    }

    /// Says which properties an agent set.
    pub(crate) fn set_by_hand(&mut self, names: impl IntoIterator<Item = String>) {
        let names: Vec<Value> = names.into_iter().map(Value::Text).collect();
        if !names.is_empty() {
            self.properties.insert(BY_HAND.into(), Value::List(names));
        }
    }

    /// The properties that are about the account, in the order of their names.
    pub fn shown_properties(&self) -> impl Iterator<Item = (&str, &Value)> {
        let all = self.properties.iter().map(|(name, value)| (name.as_str(), value));
        all.filter(|(name, _)| !name.starts_with('_'))
    }

    /// Whether what arrives may change a property.
    pub(crate) fn takes(&self, name: &str) -> bool {
        !name.starts_with('_') && !self.by_hand().any(|known| known == name)
    }
}

/// That a contact belongs to an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountLink {
    /// The account.
    pub account: AccountId,
    /// The contact.
    pub contact: ContactId,
}
