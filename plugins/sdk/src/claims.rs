//! What a provider says about a person.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::milliseconds;

/// One value of one property.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Claim {
    /// Key of the property, one of those in the hook's `WRITES`.
    pub property: String,
    /// The value. Null says: there is none (any more).
    pub value: Value,
    /// How sure the provider is, from 0 to 1.
    pub confidence: f32,
    /// What to call this value among others of its property: "GitHub", "work".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Where it was seen, for the one who asks why it is there. Usually an address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<String>,
}

impl Claim {
    /// A claim. `confidence` is brought into 0 to 1.
    pub fn new(property: impl Into<String>, value: impl Into<Value>, confidence: f32) -> Self {
        let confidence = if confidence.is_nan() { 0.0 } else { confidence.clamp(0.0, 1.0) };
        Self { property: property.into(), value: value.into(), confidence, label: None, evidence: None }
    }

    /// Names this value among others of its property; blank is no name.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into()).filter(|label| !label.trim().is_empty());
        self
    }

    /// Says where it was seen.
    #[must_use]
    pub fn seen_at(mut self, evidence: impl Into<String>) -> Self {
        self.evidence = Some(evidence.into()).filter(|evidence| !evidence.is_empty());
        self
    }
}

/// What a provider says about a person.
///
/// **Absent is not empty.** About a property without a claim nothing is said, and what is known
/// stays. Only [`Claims::none_of`] says that the provider knows of no value.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Claims(Vec<Claim>);

impl Claims {
    /// No claim yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Claims a value. `None`, null and blank text are absent, and say nothing.
    #[must_use]
    pub fn say(self, property: &str, value: impl Into<Value>, confidence: f32) -> Self {
        self.with(Claim::new(property, value, confidence))
    }

    /// Adds a claim with label or evidence. An absent value says nothing, as in [`Claims::say`].
    #[must_use]
    pub fn with(mut self, mut claim: Claim) -> Self {
        if let Value::String(text) = &claim.value {
            claim.value = Value::from(text.trim());
        }
        let is_absent = claim.value.is_null() || claim.value.as_str() == Some("");
        if !is_absent {
            self.0.push(claim);
        }
        self
    }

    /// Claims that there is no value of this property (any more).
    #[must_use]
    pub fn none_of(mut self, property: &str) -> Self {
        self.0.push(Claim::new(property, Value::Null, 1.0));
        self
    }

    /// The claims so far.
    #[must_use]
    pub fn as_slice(&self) -> &[Claim] {
        &self.0
    }
}

impl Extend<Claim> for Claims {
    fn extend<I: IntoIterator<Item = Claim>>(&mut self, claims: I) {
        for claim in claims {
            *self = std::mem::take(self).with(claim);
        }
    }
}

/// How a look-up ended when nothing went wrong. The other ends (later, quota, failed) are
/// [`crate::Error`]s, so that `?` carries them out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "outcome")]
#[non_exhaustive]
pub enum Outcome {
    /// The provider knows this person.
    Found {
        /// What it says, perhaps nothing.
        claims: Claims,
    },
    /// The provider does not know this person.
    Nobody,
    /// The provider is still searching; ask again.
    Pending {
        /// Milliseconds from now.
        after_ms: u64,
    },
    /// This person does not want to be looked up at this provider. Remembered, and not asked again.
    OptedOut,
}

impl Outcome {
    /// The provider is still searching; ask again after `after`.
    #[must_use]
    pub fn pending(after: std::time::Duration) -> Self {
        Self::Pending { after_ms: milliseconds(after) }
    }
}

impl From<Claims> for Outcome {
    fn from(claims: Claims) -> Self {
        Self::Found { claims }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absent_is_not_empty() {
        let claims = Claims::new()
            .say("name", " Ada ", 0.6)
            .say("company", "", 0.6)
            .say("job_title", None::<String>, 0.6)
            .none_of("location");
        let said: Vec<_> = claims.as_slice().iter().map(|c| (&*c.property, &c.value)).collect();
        assert_eq!(said, [("name", &Value::from("Ada")), ("location", &Value::Null)]);
    }
}
