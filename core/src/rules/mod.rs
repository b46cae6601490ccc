//! What admins decide: the schema, who is one person, whose word counts, what is computed.

mod person;
mod policy;
mod verdict;

pub use person::Person;
pub use policy::{IdentityPolicy, Refusal};
pub use verdict::Verdict;

use crate::model::{Claim, PropertyDefinition, Schema, Timestamp, Value};

/// Which claims a script chose for a property.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The places of the winning claims in the list the script was given, in the order to show them.
    pub winners: Vec<usize>,
    /// The script, line and function that chose, such as `identity.rhai:12`.
    pub decided_by: String,
}

/// Why a rule gave no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct RuleError(pub String);

/// One set of rules; immutable, shared, replaced as a whole.
#[derive(Debug)]
pub struct Rules {
    schema: Schema,
    policy: IdentityPolicy,
    hash: String,
}

impl Rules {
    /// The rules without any script: the built-in schema and the default protections.
    pub fn built_in() -> Self {
        Self { schema: Schema::built_in(), policy: IdentityPolicy::default(), hash: "built-in".into() }
    }

    /// All properties.
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// What protects identities from joining by accident.
    pub fn policy(&self) -> &IdentityPolicy {
        &self.policy
    }

    /// Names this set of rules; stored with every decision.
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// Asks the script which claims win; nothing where no script has a say.
    pub fn resolve(
        &self,
        _property: &PropertyDefinition,
        _claims: &[&Claim],
    ) -> Option<Result<Choice, RuleError>> {
        None
    }

    /// Computes a property.
    pub fn compute(
        &self,
        _property: &PropertyDefinition,
        _person: &Person,
        _now: Timestamp,
    ) -> Result<Option<Value>, RuleError> {
        Ok(None)
    }

    /// Asks whether two people are one.
    pub fn same_person(&self, _a: &Person, _b: &Person, _now: Timestamp) -> Result<Verdict, RuleError> {
        Ok(Verdict::No { why: "no rule says so".into() })
    }
}
