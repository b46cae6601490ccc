//! Whether providers may be asked about one customer.
//!
//! It is said under a contact, so it goes with that contact when profiles are merged and taken apart: a customer
//! about whom nobody may be asked stays so, whoever they are merged with.

use super::{Engine, EngineError, MOST_TRIES, edit::know_loaded, until_settled};
use crate::{
    feed::Change,
    model::{
        Assertion, Claim, Confidence, ContactId, Evidence, ProfileId, PropertyKey, Source, Timestamp, Value,
    },
    store::StoreError,
};

/// The reserved property that says so.
const PROPERTY: &str = "_look_up";

impl Engine {
    /// Whether providers may be asked about a customer.
    pub async fn may_be_looked_up(&self, profile: ProfileId) -> Result<bool, EngineError> {
        let loaded = self.load(profile).await?;
        Ok(forbidding(loaded.contacts.iter().flat_map(|(_, claims)| claims)).is_empty())
    }

    /// Says whether providers may be asked about a customer.
    pub async fn set_looked_up(
        &self,
        profile: ProfileId,
        may: bool,
        by: &Source,
        now: Timestamp,
    ) -> Result<(), EngineError> {
        until_settled!(self.try_set_looked_up(profile, may, by, now).await)
    }

    async fn try_set_looked_up(
        &self,
        profile: ProfileId,
        may: bool,
        by: &Source,
        now: Timestamp,
    ) -> Result<(), EngineError> {
        let loaded = self.load(profile).await?;
        let profile = loaded.profile.id;
        let all = || loaded.contacts.iter().flat_map(|(_, claims)| claims);
        let forbidding = forbidding(all());
        if forbidding.is_empty() == may {
            return Ok(());
        }
        let mut known = know_loaded(self, &loaded);
        let about = if may { forbidding } else { vec![known.own_contact(profile, by, now)] };
        let last = all().filter(|claim| claim.property.as_str() == PROPERTY);
        let last = last.map(|claim| claim.last_observed.as_millis() + 1).max().unwrap_or(i64::MIN);
        let at = Timestamp::from_millis(now.as_millis().max(last));
        let no = Value::YesNo(false);
        for contact in about {
            let assertion = if may { Assertion::IsNot(no.clone()) } else { Assertion::Is(no.clone()) };
            let claim = Claim::new(
                known.key(),
                contact,
                PropertyKey::reserved(PROPERTY),
                assertion,
                by.clone(),
                Confidence::CERTAIN,
                Evidence::Word,
                at,
                now,
            );
            if known.hear(claim) {
                known.edit_contact(contact);
            }
        }
        known.rely_on(profile);
        known.tell(Change::PropertiesChanged { profile, properties: Vec::new() });
        self.store().commit(known.into_change_set(now)).await?;
        Ok(())
    }
}

/// The contacts under which it is forbidden now.
fn forbidding<'a>(claims: impl Iterator<Item = &'a Claim>) -> Vec<ContactId> {
    let mut latest: Vec<&Claim> = Vec::new();
    for claim in claims.filter(|claim| claim.property.as_str() == PROPERTY) {
        match latest.iter_mut().find(|known| known.contact == claim.contact) {
            Some(known) if known.last_observed < claim.last_observed => *known = claim,
            Some(_) => {}
            None => latest.push(claim),
        }
    }
    let forbids = |claim: &&Claim| claim.assertion == Assertion::Is(Value::YesNo(false));
    latest.into_iter().filter(forbids).map(|claim| claim.contact).collect()
}
