//! What an admin demands of everybody who signs in, and how long the audit log is kept.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use whom_core::{
    model::Timestamp,
    store::{DocumentKind, SharedStore, StoreError},
};

use crate::{
    audit::Deed,
    documents::{self, Fate, Stored},
};

use super::Role;

const ID: &str = "security";

/// How long the audit log may be kept, in days.
pub(crate) const AUDIT_DAYS: std::ops::RangeInclusive<u32> = 7..=3_650;

/// What an admin demands of everybody who signs in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct SecurityTerms {
    /// The roles that have to use a second factor.
    pub(crate) second_factor_for: BTreeSet<Role>,
    /// How many days the audit log is kept.
    pub(crate) audit_days: u32,
}

impl Default for SecurityTerms {
    fn default() -> Self {
        Self { second_factor_for: BTreeSet::new(), audit_days: 400 }
    }
}

impl Stored for SecurityTerms {
    const KIND: DocumentKind = DocumentKind::Setting;
    const FEED: Option<&'static str> = Some("setting");
}

impl SecurityTerms {
    /// Reads them; where nobody has decided anything they are the usual ones.
    pub(crate) async fn load(store: &SharedStore) -> Result<Self, StoreError> {
        Ok(documents::get(store, ID).await?.unwrap_or_default())
    }

    /// Keeps them.
    pub(crate) async fn save(
        &self,
        store: &SharedStore,
        deed: &Deed,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        documents::change_noting(store, ID, now, Some(deed), |_| (Fate::Put(self.clone()), ())).await
    }

    /// The moment before which entries of the audit log are over.
    pub(crate) fn oldest_audit(&self, now: Timestamp) -> Timestamp {
        Timestamp::from_millis(now.as_millis() - i64::from(self.audit_days) * 24 * 3_600_000)
    }
}
