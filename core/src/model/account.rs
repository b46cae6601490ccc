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

/// That a contact belongs to an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountLink {
    /// The account.
    pub account: AccountId,
    /// The contact.
    pub contact: ContactId,
}
