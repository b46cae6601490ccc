//! What people decide about claims: pin one, hide one, let a source not count; and taking that back.

use super::{Engine, EngineError, MOST_TRIES, edit::know_loaded, read::Loaded, until_settled};
use crate::{
    feed::Change,
    identity::{GivenIdentifier, Known},
    model::{
        Assertion, Claim, ClaimId, Confidence, ContactId, Decided, Decision, Evidence, Identifier,
        MembershipId, PhoneRegion, ProfileId, PropertyKey, Source, SourceKind, Timestamp, Value, standing,
    },
    store::StoreError,
    view::Explanation,
};

/// Which of the claimed values is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// That of this claim.
    Claim(ClaimId),
    /// This value, whoever claims it.
    Value(Value),
}

/// What somebody wants decided, or no longer so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wish {
    /// Show this value.
    Pin(Choice),
    /// Take back the pin that counts now.
    Unpin,
    /// Do not show this value.
    Hide(Choice),
    /// Let this value be shown again.
    Show(Value),
    /// Let what this source says not count.
    Never(Source),
    /// Let it count again.
    Again(Source),
}

impl Engine {
    /// Decides about a property of a profile, and says why it now has its value.
    pub async fn decide_property(
        &self,
        id: ProfileId,
        property: &PropertyKey,
        wish: &Wish,
        by: &Source,
        now: Timestamp,
    ) -> Result<Explanation, EngineError> {
        until_settled!(self.try_decide_property(id, property, wish, by, now).await)
    }

    async fn try_decide_property(
        &self,
        id: ProfileId,
        property: &PropertyKey,
        wish: &Wish,
        by: &Source,
        now: Timestamp,
    ) -> Result<Explanation, EngineError> {
        self.check_theirs(property)?;
        let loaded = self.load(id).await?;
        let id = loaded.profile.id;
        let mut known = know_loaded(self, &loaded);
        let claims = claims_about(&loaded, property);
        match wish {
            Wish::Pin(choice) => {
                self.check_pin(property)?;
                let claim = chosen(&claims, property, choice)?;
                let value = claim.assertion.value().cloned().unwrap_or(Value::YesNo(true));
                rule(&mut known, id, property, Decision::Pin(value), true, claim.contact, None, by, now);
            }
            Wish::Hide(choice) => {
                let claim = chosen(&claims, property, choice)?;
                let value = claim.assertion.value().cloned().unwrap_or(Value::YesNo(true));
                rule(&mut known, id, property, Decision::Hide(value), true, claim.contact, None, by, now);
            }
            Wish::Never(source) => {
                let claim = claims.iter().find(|claim| claim.source == *source).ok_or_else(|| {
                    let why = format!("{source} says nothing about it here");
                    EngineError::Invalid { what: "source".into(), why }
                })?;
                let decision = Decision::Never(source.clone());
                rule(&mut known, id, property, decision, true, claim.contact, None, by, now);
            }
            Wish::Unpin | Wish::Show(_) | Wish::Again(_) => {
                let back = self.to_take_back(&loaded, property, wish, now).await?;
                if back.is_empty() {
                    let why = "nothing of that sort stands here: it was taken back already";
                    return Err(EngineError::Invalid { what: property.to_string(), why: why.into() });
                }
                for one in back {
                    let (contact, merge) = (one.contact, one.merge);
                    rule(&mut known, id, property, one.decision, false, contact, merge, by, now);
                }
            }
        }
        // A decision is about claims as they were read: with others it might mean something else.
        known.rely_on(id);
        let changes = known.into_change_set(now);
        if !changes.is_empty() {
            self.store().commit(changes).await?;
        }
        self.why(id, property, now).await
    }

    /// The decisions that a wish takes back.
    async fn to_take_back(
        &self,
        loaded: &Loaded,
        property: &PropertyKey,
        wish: &Wish,
        now: Timestamp,
    ) -> Result<Vec<Decided>, EngineError> {
        let all = standing(loaded.contacts.iter().flat_map(|(_, claims)| claims));
        let mut about: Vec<Decided> = all.into_iter().filter(|one| one.property == *property).collect();
        if *wish == Wish::Unpin {
            let why = self.why(loaded.profile.id, property, now).await?;
            let counts = why.decisions.iter().find(|one| one.deed == "pin" && one.counts);
            about.retain(|one| {
                counts.is_some_and(|counts| {
                    matches!(one.decision, Decision::Pin(_))
                        && (one.contact, one.merge, one.at) == (counts.contact, counts.merge, counts.at)
                })
            });
        } else {
            about.retain(|one| match (wish, &one.decision) {
                (Wish::Show(value), Decision::Hide(hidden)) => value == hidden,
                (Wish::Again(source), Decision::Never(never)) => source == never,
                _ => false,
            });
        }
        Ok(about)
    }

    pub(super) fn check_pin(&self, property: &PropertyKey) -> Result<(), EngineError> {
        self.check_theirs(property)?;
        let definition = self.rules().schema().get_or_free(property);
        let invalid = |why: &str| EngineError::Invalid { what: property.to_string(), why: why.into() };
        if definition.computed {
            return Err(invalid("a script computes it: there is nothing to choose from"));
        }
        if definition.identifier_kind().is_some() {
            return Err(invalid("it shows the profile's contacts: add a contact, or detach one"));
        }
        Ok(())
    }

    /// Takes an address or number that a provider offers: the profile gets a contact of it.
    pub async fn take_offered(
        &self,
        id: ProfileId,
        property: &PropertyKey,
        value: &Value,
        by: &Source,
        now: Timestamp,
    ) -> Result<ContactId, EngineError> {
        let view = self.view(id, now).await?;
        let invalid = |why: String| EngineError::Invalid { what: property.to_string(), why };
        let field = view.field(property.as_str());
        let is_offered = field.is_some_and(|field| field.offered.iter().any(|offer| offer.value == *value));
        let kind = self.rules().schema().get_or_free(property).identifier_kind();
        let (Some(kind), true) = (kind, is_offered) else {
            return Err(invalid("nobody offers this value".into()));
        };
        let raw = value.to_string();
        let identifier = Identifier::new(kind, &raw, PhoneRegion::NONE)
            .map_err(|error| EngineError::Invalid { what: property.to_string(), why: error.to_string() })?;
        self.add_identifier(view.id, GivenIdentifier { identifier, raw }, by, now).await
    }

    /// Takes back every pin that came with a merge, under whichever contact it is kept.
    pub(super) async fn unpin_all_of(
        &self,
        known: &mut Known,
        merge: MembershipId,
        by: &Source,
        now: Timestamp,
    ) -> Result<(), EngineError> {
        let ids: Vec<ContactId> = known.known_contacts().map(|contact| contact.id).collect();
        let found = self.store().contacts_with_claims(&ids).await?;
        let mut kept = Vec::new();
        for (_, claims) in found.into_iter().flatten() {
            kept.extend(
                standing(&claims)
                    .into_iter()
                    .filter(|one| one.merge == Some(merge) && matches!(one.decision, Decision::Pin(_))),
            );
            claims.into_iter().for_each(|claim| known.take_in_claim(claim));
        }
        for one in kept {
            let Some(profile) = known.contact(one.contact).map(|contact| contact.profile) else { continue };
            rule(known, profile, &one.property, one.decision, false, one.contact, Some(merge), by, now);
        }
        Ok(())
    }
}

/// The claims about a property under a profile's contacts.
fn claims_about(loaded: &Loaded, property: &PropertyKey) -> Vec<Claim> {
    let all = loaded.contacts.iter().flat_map(|(_, claims)| claims);
    all.filter(|claim| claim.property == *property).cloned().collect()
}

/// The claim that a choice means; of several that say the same, the latest.
pub(super) fn chosen(
    claims: &[Claim],
    property: &PropertyKey,
    choice: &Choice,
) -> Result<Claim, EngineError> {
    let values = claims.iter().filter(|claim| matches!(claim.assertion, Assertion::Is(_)));
    let fits = values.filter(|claim| match choice {
        Choice::Claim(id) => claim.id == *id,
        Choice::Value(value) => claim.assertion.value() == Some(value),
    });
    let best = fits
        .max_by(|a, b| (a.last_observed, &a.source, a.contact).cmp(&(b.last_observed, &b.source, b.contact)));
    best.cloned().ok_or_else(|| EngineError::Invalid {
        what: property.to_string(),
        why: "nobody says so: take one of the values that `why` lists".into(),
    })
}

/// Records a decision, or that it is taken back, later than all that it is about.
#[allow(clippy::too_many_arguments, reason = "the parts of a decision")]
pub(super) fn rule(
    known: &mut Known,
    profile: ProfileId,
    property: &PropertyKey,
    decision: Decision,
    stands: bool,
    contact: ContactId,
    merge: Option<MembershipId>,
    by: &Source,
    now: Timestamp,
) {
    let about = known.known_claims().filter(|claim| {
        let is_word = claim.property == *property && claim.source.kind() == SourceKind::Agent;
        let is_ruling = Decided::read(claim).is_some_and(|one| one.property == *property);
        is_word || is_ruling
    });
    let last = about.map(|claim| claim.last_observed.as_millis() + 1).max().unwrap_or(i64::MIN);
    let at = Timestamp::from_millis(now.as_millis().max(last));
    let (key, value) = (decision.key(property, merge), decision.value());
    let assertion = if stands { Assertion::Is(value) } else { Assertion::IsNot(value) };
    let claim = Claim::new(
        known.key(),
        contact,
        key,
        assertion,
        by.clone(),
        Confidence::CERTAIN,
        Evidence::Word,
        at,
        now,
    );
    if known.hear(claim) {
        known.edit_contact(contact);
        known.tell(Change::PropertiesChanged { profile, properties: vec![property.clone()] });
    }
}
