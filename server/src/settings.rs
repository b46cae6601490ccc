//! What an admin decides while the server runs, kept in the store.

use serde::{Deserialize, Serialize};
use whom_core::{
    model::{PhoneRegion, Timestamp},
    store::{DocumentKind, SharedStore, StoreError},
};

use crate::documents::{self, Stored};

/// The id of the document.
const ID: &str = "server";

/// What an admin decides while the server runs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The company's own mail addresses: who writes from one of them is no customer.
    pub own_addresses: Vec<String>,
    /// The company's own mail domains.
    pub own_domains: Vec<String>,
    /// The country whose rules read a telephone number without country code, in two letters.
    pub phone_region: Option<String>,
}

impl Stored for Settings {
    const KIND: DocumentKind = DocumentKind::Setting;
    const FEED: Option<&'static str> = Some("setting");
}

impl Settings {
    /// Reads them; where nobody has decided anything they are empty.
    pub async fn load(store: &SharedStore) -> Result<Self, StoreError> {
        Ok(documents::get(store, ID).await?.unwrap_or_default())
    }

    /// Keeps them.
    pub async fn save(&self, store: &SharedStore, now: Timestamp) -> Result<(), StoreError> {
        documents::put(store, ID, now, self).await
    }

    /// Folds case and blanks, and says what cannot be meant.
    pub fn checked(mut self) -> Result<Self, SettingsError> {
        for text in self.own_addresses.iter_mut().chain(&mut self.own_domains) {
            *text = text.trim().to_lowercase();
        }
        for (place, address) in self.own_addresses.iter().enumerate() {
            whom_core::model::Identifier::email(address).map_err(|error| SettingsError {
                pointer: format!("/own_addresses/{place}"),
                why: error.to_string(),
            })?;
        }
        for (place, domain) in self.own_domains.iter().enumerate() {
            if domain.is_empty() || domain.contains(['@', '/', ' ']) {
                return Err(SettingsError {
                    pointer: format!("/own_domains/{place}"),
                    why: "write the domain alone, such as `example.org`".into(),
                });
            }
        }
        if let Some(region) = &self.phone_region {
            region
                .parse::<PhoneRegion>()
                .map_err(|error| SettingsError { pointer: "/phone_region".into(), why: error.to_string() })?;
        }
        Ok(self)
    }

    /// The country for telephone numbers.
    pub fn phone_region(&self) -> PhoneRegion {
        self.phone_region.as_deref().and_then(|code| code.parse().ok()).unwrap_or(PhoneRegion::NONE)
    }
}

/// A setting that cannot be meant.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{pointer}: {why}")]
pub struct SettingsError {
    /// Where it stands.
    pub pointer: String,
    /// What is wrong with it.
    pub why: String,
}
