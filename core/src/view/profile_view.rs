//! The shapes of a view, as JSON and pages show them.

use std::collections::BTreeMap;

use serde::Serialize;

use super::assemble::full_name;
use crate::{
    model::{
        AccountId, Assertion, ClaimId, Confidence, ContactId, Evidence, IdentifierKind, MembershipId, Mode,
        ProfileId, ProfileKind, ProfileState, PropertyKey, PropertyType, Section, Source, SourceKind,
        Timestamp, Value,
    },
    rules::Person,
};

/// One profile as it is shown.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ProfileView {
    /// The profile's id.
    pub id: ProfileId,
    /// What to call the person.
    pub name: String,
    /// Visitor or customer.
    pub kind: ProfileKind,
    /// What has become of the profile.
    pub state: ProfileState,
    /// The fields that have a value, in the order of the schema.
    pub fields: Vec<FieldView>,
    /// How to reach the person: all contacts, by channel.
    pub contacts: Vec<ContactView>,
    /// The accounts the person belongs to.
    pub accounts: Vec<AccountView>,
    /// When the earliest thing happened.
    pub first_seen: Timestamp,
    /// When the latest thing happened.
    pub last_seen: Timestamp,
    /// How many messages there are.
    pub messages: u64,
    /// How many other entries there are.
    pub events: u64,
    /// Names this state of the profile: it changes whenever the view may.
    pub version: String,
    /// The rules that made the view, by their hash.
    pub rules: String,
}

/// What a person is called by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NamedBy {
    /// The property `name`.
    Whole,
    /// The properties `first_name` and `last_name`.
    Parts,
    /// No name is known: an address or an id stands in for it.
    Nothing,
}

/// One field and its values.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FieldView {
    /// The property.
    pub key: PropertyKey,
    /// What pages call it.
    pub label: String,
    /// What sort of value it holds.
    #[serde(rename = "type")]
    pub kind: PropertyType,
    /// Where it stands on the page.
    pub section: Section,
    /// Who may write it.
    pub mode: Mode,
    /// The winning values; more than one only where the property shows them all.
    pub values: Vec<FieldValue>,
    /// Values a provider offers, which count only once an agent has taken them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub offered: Vec<FieldValue>,
    /// How many claims lost.
    pub losing: usize,
    /// Who pinned what is shown, and when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pinned: Option<Pinned>,
    /// What went wrong with the script that has a say, where something did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
    /// Whether whoever looks sees only a part of the values.
    #[serde(skip_serializing_if = "is_not")]
    pub masked: bool,
}

fn is_not(masked: &bool) -> bool {
    !masked
}

/// Who pinned a value, and when.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Pinned {
    /// Who.
    pub by: Source,
    /// When.
    pub at: Timestamp,
}

/// One winning value and where it comes from.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FieldValue {
    /// The value.
    pub value: Value,
    /// Who says so.
    pub source: Source,
    /// The contact it was learnt through; none for a computed one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact: Option<ContactId>,
    /// How sure the source is.
    pub confidence: Confidence,
    /// When the source last said so.
    pub observed: Timestamp,
}

/// One contact as it is shown.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ContactView {
    /// Its id.
    pub id: ContactId,
    /// The kind of its identifier; none for the profile's own contact.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<IdentifierKind>,
    /// What a person calls the kind.
    pub label: String,
    /// The identifier, normalised.
    pub value: String,
    /// The identifier as it was first written.
    pub raw: String,
    /// Whether somebody can be written to or called by it.
    pub reaches: bool,
    /// Whether whoever looks sees only a part of it.
    #[serde(skip_serializing_if = "is_not")]
    pub masked: bool,
    /// Who brought it.
    pub source: Source,
    /// When the earliest thing happened under it.
    pub first_seen: Timestamp,
    /// When the latest thing happened under it.
    pub last_seen: Timestamp,
    /// How many messages are recorded under it.
    pub messages: u64,
    /// How many other entries are recorded under it.
    pub events: u64,
}

/// One account as a profile shows it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AccountView {
    /// Its id.
    pub id: AccountId,
    /// What it is called.
    pub name: String,
}

/// One claim as it is shown to somebody who asks why.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ClaimView {
    /// Its id; none where the contact itself says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<ClaimId>,
    /// What is claimed.
    pub assertion: Assertion,
    /// Who says so.
    pub source: Source,
    /// The contact it was learnt through.
    pub contact: ContactId,
    /// What that contact is, in words.
    pub through: String,
    /// How sure the source is.
    pub confidence: Confidence,
    /// What it rests on.
    pub evidence: Evidence,
    /// When the source first said so.
    pub first_observed: Timestamp,
    /// When the source last said so.
    pub last_observed: Timestamp,
    /// When Whom first heard of it.
    pub recorded: Timestamp,
}

/// A claim that does not show, and why.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LosingClaim {
    /// The claim.
    #[serde(flatten)]
    pub claim: ClaimView,
    /// Why it lost, in words.
    pub because: String,
}

/// What somebody decided about a property.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DecisionView {
    /// `pin`, `hide` or `never`.
    pub deed: &'static str,
    /// The value that is pinned or hidden.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
    /// The source that does not count.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// Who.
    pub by: Source,
    /// When.
    pub at: Timestamp,
    /// The contact it is kept under, with which it goes when profiles are taken apart.
    pub contact: ContactId,
    /// The merge it came with; undoing that takes it back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merge: Option<MembershipId>,
    /// Whether it decides what is shown now.
    pub counts: bool,
}

/// Why a property has its value.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Explanation {
    /// The profile.
    pub profile: ProfileId,
    /// The property.
    pub property: PropertyKey,
    /// What pages call it.
    pub label: String,
    /// What it shows.
    pub values: Vec<Value>,
    /// The claims that win.
    pub winning: Vec<ClaimView>,
    /// The claims that lose, the next best first.
    pub losing: Vec<LosingClaim>,
    /// The person, strategy, rule or script that decided, in words.
    pub decided_by: String,
    /// What people decided about it, the first first; what stands and does not count now is among it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub decisions: Vec<DecisionView>,
    /// The rules in force, by their hash.
    pub rules: String,
    /// What went wrong with the script that has a say, where something did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
}

impl ProfileView {
    /// Which properties make the name that is shown.
    pub fn named_by(&self) -> NamedBy {
        let best = |key: &str| self.field(key).and_then(|field| field.values.first());
        let parts: Vec<&FieldValue> = [best("first_name"), best("last_name")].into_iter().flatten().collect();
        // An agent who corrects the first name means the name as well, also where another wrote the name before;
        // one who fills in a half of it does not.
        let beats = |part: &FieldValue, whole: &FieldValue| {
            let (part_by, whole_by) = (part.source.kind(), whole.source.kind());
            let is_later_word =
                parts.len() == 2 && part_by == SourceKind::Agent && part.observed > whole.observed;
            part_by > whole_by || (part_by == whole_by && is_later_word)
        };
        match best("name") {
            None if parts.is_empty() => NamedBy::Nothing,
            Some(whole) if !parts.iter().any(|part| beats(part, whole)) => NamedBy::Whole,
            _ => NamedBy::Parts,
        }
    }

    /// The field of a property, where it has a value.
    pub fn field(&self, key: &str) -> Option<&FieldView> {
        self.fields.iter().find(|field| field.key.as_str() == key)
    }

    /// The first value of a property.
    pub fn value(&self, key: &str) -> Option<&Value> {
        self.field(key).and_then(|field| field.values.first()).map(|shown| &shown.value)
    }

    /// The address of the photo that is shown.
    pub fn photo(&self) -> Option<&str> {
        let field = self.fields.iter().find(|field| field.kind == PropertyType::Picture)?;
        let address = field.values.first()?.value.as_text()?;
        // One that is covered is a text of another sort.
        ["https://", "http://"].iter().any(|scheme| address.starts_with(scheme)).then_some(address)
    }

    /// Tells a photo from the one before it, so that what is kept of the old one is not shown for the new one.
    pub fn photo_mark(&self) -> Option<String> {
        self.photo().map(|address| blake3::hash(address.as_bytes()).to_hex()[..12].to_owned())
    }

    /// The person as rules see one. Who is known by a first and a last name has a name as well.
    pub fn person(&self) -> Person {
        let values = |field: &FieldView| field.values.iter().map(|shown| shown.value.clone()).collect();
        let mut values: BTreeMap<PropertyKey, Vec<Value>> =
            self.fields.iter().map(|field| (field.key.clone(), values(field))).collect();
        if let (Some(key), Some(name)) = (PropertyKey::fold("name"), full_name(self)) {
            values.insert(key, vec![Value::Text(name)]);
        }
        Person {
            id: self.id,
            values,
            kind: self.kind,
            first_seen: self.first_seen,
            last_seen: self.last_seen,
            messages: self.messages,
            events: self.events,
        }
    }
}
