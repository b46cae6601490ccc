//! The stored form of a claim.

use serde::{Deserialize, Serialize};

use super::{
    form::{Id, Row, RowError},
    key::{self, Raw},
    value::{StoredSource, StoredValue},
};
use crate::model::{Assertion, Claim, Confidence, Evidence, PropertyKey, Timestamp};

#[derive(Serialize, Deserialize)]
pub(crate) struct StoredClaim<'a> {
    property: &'a str,
    #[serde(borrow)]
    assertion: StoredAssertion<'a>,
    source: StoredSource<'a>,
    confidence: u8,
    evidence: StoredEvidence<'a>,
    first_observed: i64,
    /// Counted from the first, so that it is small.
    observed_for: i64,
    recorded: i64,
}

#[derive(Serialize, Deserialize)]
enum StoredAssertion<'a> {
    #[serde(borrow)]
    Is(StoredValue<'a>),
    IsNot(StoredValue<'a>),
    Empty,
}

#[derive(Serialize, Deserialize)]
enum StoredEvidence<'a> {
    Entry(Raw),
    Note(&'a str),
    Word,
}

impl Row for Claim {
    type Stored<'a> = StoredClaim<'a>;

    fn to_stored(&self) -> StoredClaim<'_> {
        StoredClaim {
            property: self.property.as_str(),
            assertion: match &self.assertion {
                Assertion::Is(value) => StoredAssertion::Is(StoredValue::of(value)),
                Assertion::IsNot(value) => StoredAssertion::IsNot(StoredValue::of(value)),
                Assertion::Empty => StoredAssertion::Empty,
            },
            source: StoredSource::of(&self.source),
            confidence: self.confidence.as_percent(),
            evidence: match &self.evidence {
                Evidence::Entry(entry) => StoredEvidence::Entry(entry.raw()),
                Evidence::Note(note) => StoredEvidence::Note(note),
                Evidence::Word => StoredEvidence::Word,
            },
            first_observed: self.first_observed.as_millis(),
            observed_for: self.last_observed.as_millis() - self.first_observed.as_millis(),
            recorded: self.recorded.as_millis(),
        }
    }

    fn from_stored(key: &[u8], _: u64, stored: StoredClaim<'_>) -> Result<Self, RowError> {
        Ok(Self {
            id: key::id_at(key, key::AFTER_ID + 1)?,
            contact: key::id_at(key, key::FIRST)?,
            property: PropertyKey::from_stored(stored.property),
            assertion: match stored.assertion {
                StoredAssertion::Is(value) => Assertion::Is(value.model()?),
                StoredAssertion::IsNot(value) => Assertion::IsNot(value.model()?),
                StoredAssertion::Empty => Assertion::Empty,
            },
            source: stored.source.model(),
            confidence: Confidence::percent(stored.confidence),
            evidence: match stored.evidence {
                StoredEvidence::Entry(entry) => Evidence::Entry(Id::of(entry)),
                StoredEvidence::Note(note) => Evidence::Note(note.to_owned()),
                StoredEvidence::Word => Evidence::Word,
            },
            first_observed: Timestamp::from_millis(stored.first_observed),
            last_observed: Timestamp::from_millis(stored.first_observed.saturating_add(stored.observed_for)),
            recorded: Timestamp::from_millis(stored.recorded),
        })
    }
}
