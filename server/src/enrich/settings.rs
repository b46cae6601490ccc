//! The switches: one for everything, one for each provider.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use whom_core::store::{DocumentKind, SharedStore, StoreError};

use crate::documents::{self, Stored};

/// The id of the document.
pub(super) const ID: &str = "enrichment";

/// What an admin decided about enrichment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EnrichmentSettings {
    /// "Enrich customer data". Off: what was gathered stays, and nothing leaves any more.
    pub on: bool,
    /// What was decided about single providers, by id.
    pub providers: BTreeMap<String, ProviderSettings>,
}

/// What an admin decided about one provider.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ProviderSettings {
    /// Whether it is asked; where nobody decided, those that come with Whom are.
    pub on: Option<bool>,
    /// Its own settings, as its manifest describes them; secrets among them.
    pub settings: serde_json::Map<String, serde_json::Value>,
}

impl Default for EnrichmentSettings {
    fn default() -> Self {
        Self { on: true, providers: BTreeMap::new() }
    }
}

impl Stored for EnrichmentSettings {
    const KIND: DocumentKind = DocumentKind::Setting;
    const FEED: Option<&'static str> = Some("setting");
}

impl EnrichmentSettings {
    /// Reads them; where nobody has decided anything they are the defaults.
    pub async fn load(store: &SharedStore) -> Result<Self, StoreError> {
        Ok(documents::get(store, ID).await?.unwrap_or_default())
    }

    /// Whether a provider is asked.
    pub(super) fn is_on(&self, id: &str, is_bundled: bool) -> bool {
        self.on && self.providers.get(id).and_then(|provider| provider.on).unwrap_or(is_bundled)
    }

    /// Whether something new may be asked of a provider, and the address that an admin typed in for it.
    pub(crate) fn picture_terms(&self, id: &str) -> (bool, Option<String>) {
        let provider = self.providers.get(id);
        let is_on = self.on && provider.and_then(|provider| provider.on) != Some(false);
        let address =
            provider.and_then(|provider| provider.settings.get("address")?.as_str().map(str::to_owned));
        (is_on, address)
    }

    /// Its own settings.
    pub(super) fn of(&self, id: &str) -> serde_json::Value {
        let settings = self.providers.get(id).map(|provider| provider.settings.clone());
        serde_json::Value::Object(settings.unwrap_or_default())
    }
}
