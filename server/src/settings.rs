//! What an admin decides while the server runs, kept in the store.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use whom_core::{
    model::{PhoneRegion, Timestamp},
    store::{DocumentKind, SharedStore, StoreError},
};

use crate::{
    documents::{self, Stored},
    mail::{AddressPattern, MailPolicy, MailSort},
};

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
    /// Senders that write for somebody else, such as a contact form: the customer is in `Reply-To`.
    pub contact_forms: Vec<String>,
    /// Sorts of mail to take in that are passed over otherwise.
    pub include_mail: BTreeSet<MailSort>,
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
        let lists = [
            ("own_addresses", &mut self.own_addresses),
            ("own_domains", &mut self.own_domains),
            ("contact_forms", &mut self.contact_forms),
        ];
        for (name, list) in lists {
            for (place, text) in list.iter_mut().enumerate() {
                *text = text.trim().to_lowercase();
                text.parse::<AddressPattern>().map_err(|error| SettingsError {
                    pointer: format!("/{name}/{place}"),
                    why: error.to_string(),
                })?;
            }
        }
        if let Some(region) = &self.phone_region {
            region
                .parse::<PhoneRegion>()
                .map_err(|error| SettingsError { pointer: "/phone_region".into(), why: error.to_string() })?;
        }
        Ok(self)
    }

    /// How mail is told apart.
    pub fn mail_policy(&self) -> MailPolicy {
        let read = |list: &[String]| list.iter().filter_map(|text| text.parse().ok()).collect::<Vec<_>>();
        let mut own = read(&self.own_addresses);
        own.extend(read(&self.own_domains));
        let contact_forms = read(&self.contact_forms);
        MailPolicy { own, contact_forms, include: self.include_mail.clone(), ..MailPolicy::default() }
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
