//! Claims: who said what about whom, when, how sure, and on what evidence.

use serde::{Deserialize, Serialize};

use super::{ClaimId, ContactId, EntryId, IdKey, PropertyKey, Source, Timestamp, Value};

/// How sure a source is, from 0 to 100 percent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Confidence(u8);

impl Confidence {
    /// Beyond doubt.
    pub const CERTAIN: Self = Self(100);

    /// Takes percent; more than 100 is 100.
    pub const fn percent(percent: u8) -> Self {
        Self(if percent > 100 { 100 } else { percent })
    }

    /// Takes a share of one, as providers give it.
    pub fn share(share: f64) -> Self {
        Self((share.clamp(0.0, 1.0) * 100.0).round() as u8)
    }

    /// In percent.
    pub const fn as_percent(self) -> u8 {
        self.0
    }
}

/// What is claimed of a property.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Assertion {
    /// The property has this value.
    Is(Value),
    /// The property does not have this value, whoever says so: how an agent takes one value away.
    IsNot(Value),
    /// The property is known to have no value. Absent is not empty: who says nothing makes no claim.
    Empty,
}

impl Assertion {
    /// The word for it in ids and stored forms.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Is(_) => "is",
            Self::IsNot(_) => "is not",
            Self::Empty => "empty",
        }
    }

    /// The value it is about, where it is about one.
    pub fn value(&self) -> Option<&Value> {
        match self {
            Self::Is(value) | Self::IsNot(value) => Some(value),
            Self::Empty => None,
        }
    }
}

/// What a claim rests on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// An entry of the timeline: the message or event it was read from.
    Entry(EntryId),
    /// Words, such as the address of the provider's page.
    Note(String),
    /// Somebody's word alone.
    Word,
}

/// One value of one property of one contact, from one source.
///
/// A source that repeats itself makes no second claim: its claim is heard again, which widens
/// `first_observed..=last_observed`. Widening commutes, so the order of arrival leaves no trace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// Follows from contact, property, source and assertion.
    pub id: ClaimId,
    /// The contact it was learnt through; it stays there for ever.
    pub contact: ContactId,
    /// The property.
    pub property: PropertyKey,
    /// What is claimed.
    pub assertion: Assertion,
    /// Who claims it.
    pub source: Source,
    /// How sure the source is.
    pub confidence: Confidence,
    /// What it rests on; of several the one observed first.
    pub evidence: Evidence,
    /// When the source first said so, by the source's own time.
    pub first_observed: Timestamp,
    /// When the source last said so, by the source's own time.
    pub last_observed: Timestamp,
    /// When Whom first heard of it.
    pub recorded: Timestamp,
}

impl Claim {
    /// Makes a claim observed once, at `observed`.
    #[allow(
        clippy::too_many_arguments,
        reason = "a claim has that many parts and none has a sensible default"
    )]
    pub fn new(
        key: &IdKey,
        contact: ContactId,
        property: PropertyKey,
        assertion: Assertion,
        source: Source,
        confidence: Confidence,
        evidence: Evidence,
        observed: Timestamp,
        recorded: Timestamp,
    ) -> Self {
        let id =
            key.claim(contact, property.as_str(), &source.to_string(), assertion.word(), assertion.value());
        Self {
            id,
            contact,
            property,
            assertion,
            source,
            confidence,
            evidence,
            first_observed: observed,
            last_observed: observed,
            recorded,
        }
    }

    /// Hears the same claim again; says whether that changed anything.
    pub fn heard_again(&mut self, other: &Claim) -> bool {
        debug_assert_eq!(self.id, other.id);
        let before = self.clone();
        // The evidence of the first observation is kept; a tie goes to the smaller, so that order leaves no trace.
        if (other.first_observed, &other.evidence) < (self.first_observed, &self.evidence) {
            self.evidence = other.evidence.clone();
        }
        self.first_observed = self.first_observed.min(other.first_observed);
        self.last_observed = self.last_observed.max(other.last_observed);
        self.confidence = self.confidence.max(other.confidence);
        self.recorded = self.recorded.min(other.recorded);
        *self != before
    }
}
