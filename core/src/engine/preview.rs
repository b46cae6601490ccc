//! A merge before it counts: the profile that would come of it, field by field, with reasons.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Choice, Engine, EngineError, decisions::chosen, read::Loaded};
use crate::{
    model::{
        Assertion, Claim, ClaimId, Confidence, Contact, Decision, Evidence, Profile, ProfileId, PropertyKey,
        PropertyType, Section, Source, Stamp, Timestamp, Value,
    },
    rules::Verdict,
    view::{FieldValue, ProfileView, Seen, ViewInput, assemble, explain},
};

/// What a merge would make of two profiles. Nothing is changed by looking.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MergePreview {
    /// The profile that would stay, as it is.
    pub into: ProfileView,
    /// The profile that would go into it, as it is.
    pub from: ProfileView,
    /// What would be shown afterwards.
    pub merged: ProfileView,
    /// The properties that either of them has, in the order of the schema.
    pub fields: Vec<PreviewField>,
    /// What the rules say about the two being one person; none where they failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Verdict>,
    /// Whether somebody said that they are not the same.
    pub told_apart: bool,
    /// Who said so, and when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub told_apart_by: Option<Stamp>,
}

/// One property in a merge.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PreviewField {
    /// The property.
    pub key: PropertyKey,
    /// What pages call it.
    pub label: String,
    /// What sort of value it holds.
    #[serde(rename = "type")]
    pub kind: PropertyType,
    /// Where it stands on the page.
    pub section: Section,
    /// What the profile that stays shows.
    pub into: Vec<FieldValue>,
    /// What the profile that goes into it shows.
    pub from: Vec<FieldValue>,
    /// What would be shown afterwards.
    pub merged: Vec<FieldValue>,
    /// Why, in words.
    pub decided_by: String,
    /// Whether both have it and say something else.
    pub differs: bool,
    /// The values to choose from, that which would win first; empty where there is nothing to choose.
    pub choices: Vec<PreviewChoice>,
}

/// A value that can be chosen for the time after a merge.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PreviewChoice {
    /// The claim to choose it by.
    pub claim: ClaimId,
    /// The value.
    pub value: Value,
    /// Who says so.
    pub source: Source,
    /// When the source last said so.
    pub observed: Timestamp,
    /// Whether it is known through the profile that goes into the other.
    pub is_from: bool,
    /// Whether it would win as things are.
    pub wins: bool,
}

impl Engine {
    /// Says what a merge would make of two profiles, with these choices, and changes nothing.
    pub async fn merge_preview(
        &self,
        from: ProfileId,
        into: ProfileId,
        choose: &BTreeMap<PropertyKey, Choice>,
        by: &Source,
        now: Timestamp,
    ) -> Result<MergePreview, EngineError> {
        let (from, into) = (self.load(from).await?, self.load(into).await?);
        if from.profile.id == into.profile.id {
            return Err(EngineError::SameProfile { profile: into.profile.id });
        }
        for side in [&from, &into] {
            if !side.profile.is_live() {
                return Err(EngineError::Trashed { profile: side.profile.id });
            }
        }
        let mut both = union(&from, &into);
        for (property, choice) in choose {
            self.check_pin(property)?;
            let about: Vec<Claim> = both
                .contacts
                .iter()
                .flat_map(|(_, claims)| claims)
                .filter(|claim| claim.property == *property)
                .cloned()
                .collect();
            self.suppose_pinned(&mut both.contacts, chosen(&about, property, choice)?, by, now);
        }
        let rules = self.rules();
        let view = |loaded: &Loaded| self.view_of(loaded, now);
        let (shown_from, shown_into) = (view(&from), view(&into));
        let input = ViewInput {
            key: self.key(),
            profile: &both.profile,
            contacts: &both.contacts,
            accounts: &both.accounts,
            rules: &rules,
            now,
        };
        let merged = assemble(&input);
        let fields = keys(&[&shown_into, &shown_from, &merged])
            .into_iter()
            .map(|key| field_of(&input, &key, &shown_into, &shown_from, &merged, &from))
            .collect();
        let verdict = rules.same_person(&shown_into.person(), &shown_from.person(), now).ok();
        let word = from.profile.told_apart_from(&into.profile);
        let preview = MergePreview {
            into: shown_into,
            from: shown_from,
            merged,
            fields,
            verdict,
            told_apart: word.is_some(),
            told_apart_by: word.and_then(|word| word.said.clone()),
        };
        Ok(self.cover_preview(preview))
    }

    fn cover_preview(&self, mut preview: MergePreview) -> MergePreview {
        let Some(sight) = self.sight() else { return preview };
        for view in [&mut preview.into, &mut preview.from, &mut preview.merged] {
            sight.cover_view(view);
        }
        preview.fields.retain(|field| sight.of_property(field.key.as_str()) != Seen::Hidden);
        for field in &mut preview.fields {
            let (key, kind) = (field.key.as_str(), field.kind);
            for values in [&mut field.into, &mut field.from, &mut field.merged] {
                sight.cover_values(key, kind, values);
            }
            // Nobody chooses among values that they do not see.
            if !sight.edits(key) {
                field.choices.clear();
            }
        }
        preview
    }

    /// The pin that a choice would leave.
    fn suppose_pinned(
        &self,
        contacts: &mut [(Contact, Vec<Claim>)],
        chosen: Claim,
        by: &Source,
        now: Timestamp,
    ) {
        let Assertion::Is(value) = chosen.assertion else { return };
        let key = Decision::Pin(value.clone()).key(&chosen.property, None);
        let last = contacts.iter().flat_map(|(_, claims)| claims).map(|claim| claim.last_observed).max();
        let at = last.map_or(now, |last| last.max(now));
        let pin = Claim::new(
            self.key(),
            chosen.contact,
            key,
            Assertion::Is(value),
            by.clone(),
            Confidence::CERTAIN,
            Evidence::Word,
            at,
            at,
        );
        if let Some((_, claims)) = contacts.iter_mut().find(|(contact, _)| contact.id == chosen.contact) {
            claims.retain(|claim| claim.id != pin.id);
            claims.push(pin);
        }
    }
}

/// One profile with the contacts of both, under the one that stays.
fn union(from: &Loaded, into: &Loaded) -> Loaded {
    let mut profile: Profile = into.profile.clone();
    from.profile.contacts.iter().for_each(|contact| profile.add(*contact));
    let mut contacts: Vec<_> = into.contacts.iter().chain(&from.contacts).cloned().collect();
    contacts.sort_by_key(|(contact, _)| contact.id);
    let mut accounts: Vec<_> = into.accounts.iter().chain(&from.accounts).cloned().collect();
    accounts.sort_by_key(|account| account.id);
    accounts.dedup_by_key(|account| account.id);
    Loaded { profile, contacts, accounts }
}

/// The properties that any of them shows, in the order of the first that does.
fn keys(views: &[&ProfileView]) -> Vec<PropertyKey> {
    let mut keys: Vec<PropertyKey> = Vec::new();
    // The merged view knows the order of the schema; what only one side shows follows it.
    for field in views.iter().rev().flat_map(|view| &view.fields) {
        if !keys.contains(&field.key) {
            keys.push(field.key.clone());
        }
    }
    keys
}

fn field_of(
    input: &ViewInput<'_>,
    key: &PropertyKey,
    into: &ProfileView,
    from: &ProfileView,
    merged: &ProfileView,
    gives_way: &Loaded,
) -> PreviewField {
    let why = explain(input, key);
    let definition = input.rules.schema().get_or_free(key);
    let values = |view: &ProfileView| view.field(key.as_str()).map_or_else(Vec::new, |f| f.values.clone());
    let said = |values: &[FieldValue]| values.iter().map(|shown| shown.value.clone()).collect::<Vec<_>>();
    let (into, from, merged) = (values(into), values(from), values(merged));
    let can_choose = !definition.computed
        && definition.identifier_kind().is_none()
        && definition.cardinality == crate::model::Cardinality::One;
    let mut choices: Vec<PreviewChoice> = Vec::new();
    let winning = why.winning.iter().map(|claim| (claim, true));
    let losing = why.losing.iter().map(|lost| (&lost.claim, false));
    for (claim, wins) in winning.chain(losing).filter(|_| can_choose) {
        let (Some(id), Assertion::Is(value)) = (claim.id, &claim.assertion) else { continue };
        if choices.iter().any(|known| known.value == *value) {
            continue;
        }
        choices.push(PreviewChoice {
            claim: id,
            value: value.clone(),
            source: claim.source.clone(),
            observed: claim.last_observed,
            is_from: gives_way.profile.contacts.contains(&claim.contact),
            wins,
        });
    }
    if choices.len() < 2 {
        choices.clear();
    }
    PreviewField {
        key: key.clone(),
        label: definition.label.clone(),
        kind: definition.kind,
        section: definition.section,
        differs: !into.is_empty() && !from.is_empty() && said(&into) != said(&from),
        into,
        from,
        merged,
        decided_by: why.decided_by,
        choices,
    }
}
