//! The egress ledger: what left the house, about whom, to whom, when and by which rule. Never a value.

use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use whom_core::{model::Timestamp, store::DocumentKind};
use whom_plugin_host::{Departure, Ledger};

use crate::{
    app::AppState,
    documents::{self, Stored},
};

/// One line of the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Left {
    /// When.
    pub(crate) at: Timestamp,
    /// The provider.
    pub(crate) plugin: String,
    /// The host it went to.
    pub(crate) host: String,
    /// The method.
    pub(crate) method: String,
    /// The address without query.
    pub(crate) path: String,
    /// The profile it was about.
    pub(crate) profile: Option<String>,
    /// The properties that may have been in it.
    pub(crate) properties: Vec<String>,
    /// The hook that asked.
    pub(crate) hook: String,
    /// The rule or the button.
    pub(crate) rule: String,
}

impl Stored for Left {
    const KIND: DocumentKind = DocumentKind::Ledger;
}

/// The ledger in the store.
pub(super) struct StoredLedger {
    state: AppState,
    written: AtomicU64,
}

impl StoredLedger {
    pub(super) fn new(state: AppState) -> Self {
        Self { state, written: AtomicU64::new(0) }
    }
}

#[async_trait]
impl Ledger for StoredLedger {
    async fn leaving(&self, departure: &Departure) -> Result<(), String> {
        let at = self.state.now();
        let left = Left {
            at,
            plugin: departure.plugin.clone(),
            host: departure.host.clone(),
            method: departure.method.clone(),
            path: departure.path.clone(),
            profile: departure.person.clone(),
            properties: departure.properties.clone(),
            hook: departure.hook.clone(),
            rule: departure.rule.clone(),
        };
        // Two may leave in one millisecond, also across a restart: count and process tell them apart.
        let count = self.written.fetch_add(1, Ordering::Relaxed);
        let id = format!("{:016x}-{:08x}-{:06x}", at.as_millis(), std::process::id(), count);
        documents::put(self.state.store(), &id, at, &left)
            .await
            .map_err(|error| format!("the ledger cannot be written, so nothing leaves: {error}"))
    }
}
