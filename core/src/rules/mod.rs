//! What admins decide: the schema, who is one person, whose word counts, what is computed.
//!
//! Scripts are Rhai. A set of them is read, compiled, looked over and tested as a whole; only then it is a
//! [`Rules`], which never changes. A script sees copies, does bounded work and has no effect but its answer.

mod sources;

mod faults;
mod problem;
mod suggest;

mod budget;
mod engine;
mod modules;
mod script;
mod words;

mod person;
mod subject;

mod declare;
mod policy;
mod verdict;

mod golden;
mod lint;
mod load;
mod shared;

#[cfg(test)]
mod tests;

pub use budget::Limit;
pub use person::Person;
pub use policy::{IdentityPolicy, Refusal};
pub use problem::{Problem, RuleError};
pub use shared::SharedRules;
pub use sources::Sources;
pub(crate) use suggest::closest;
pub use verdict::Verdict;

use std::{collections::BTreeMap, fmt, path::Path, sync::Arc};

use rhai::{Dynamic, Engine};

use self::{
    script::{Function, Script},
    subject::Subject,
    words::{Claims, Offered},
};
use crate::model::{Claim, PropertyDefinition, PropertyKey, Schema, Timestamp, Value};

/// Which claims a script chose for a property.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The places of the winning claims in the list the script was given, in the order to show them.
    pub winners: Vec<usize>,
    /// The script, line and function that chose, such as `identity.rhai:12 resolve`.
    pub decided_by: String,
}

/// One set of rules; immutable, shared, replaced as a whole.
pub struct Rules {
    schema: Schema,
    policy: IdentityPolicy,
    hash: String,
    runtime: Option<Runtime>,
    sources: Arc<Sources>,
}

/// What runs when a rule is asked.
struct Runtime {
    engine: Engine,
    properties: Script,
    identity: Script,
    same_person: Option<Function>,
    resolve: Option<Function>,
    computed: BTreeMap<PropertyKey, Function>,
}

impl fmt::Debug for Rules {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rules").field("hash", &self.hash).finish_non_exhaustive()
    }
}

impl Rules {
    /// The rules without any script: the built-in schema and the default protections.
    pub fn built_in() -> Self {
        Self {
            schema: Schema::built_in(),
            policy: IdentityPolicy::default(),
            hash: "built-in".into(),
            runtime: None,
            sources: Arc::default(),
        }
    }

    /// The rules inside the binary: those of `scripts/`, for whoever has no folder of their own.
    pub fn bundled() -> Result<Self, Vec<Problem>> {
        Self::from_sources(Sources::bundled())
    }

    /// Reads, compiles, looks over and tests the scripts of a folder.
    pub fn load(folder: &Path) -> Result<Self, Vec<Problem>> {
        Self::from_sources(Sources::read(folder)?)
    }

    /// The same for texts that are already there, such as those of an editor.
    pub fn from_sources(sources: Sources) -> Result<Self, Vec<Problem>> {
        load::load(sources)
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

    /// The texts that the rules were made of.
    pub fn sources(&self) -> &Sources {
        &self.sources
    }

    /// Asks the script which claims win; nothing where no script has a say.
    ///
    /// The claims are those that have a value and were not taken away. A script that answers with nothing
    /// leaves the decision to the strategy of the property.
    pub fn resolve(
        &self,
        property: &PropertyDefinition,
        claims: &[&Claim],
    ) -> Option<Result<Choice, RuleError>> {
        let runtime = self.runtime.as_ref()?;
        let function = runtime.resolve.as_ref()?;
        let offered = Offered {
            definition: property.clone(),
            claims: claims.iter().map(|claim| (*claim).clone()).collect(),
        };
        // Claims carry their own times; which of them wins must not depend on when one looks.
        let now = claims.iter().map(|claim| claim.last_observed).max()?;
        let arguments = [property.key.as_str().into(), Dynamic::from(Claims::new(offered))];
        let answer = match runtime.identity.call(&runtime.engine, function, arguments, now) {
            Ok(answer) => answer,
            Err(error) => return Some(Err(error)),
        };
        if answer.is_unit() {
            return None;
        }
        let Some(chosen) = answer.read_lock::<Claims>() else {
            let message = format!(
                "`resolve` has to give claims, such as claims.latest(), and gave {}",
                words::sort_of(&answer)
            );
            return Some(Err(self.wrong(&runtime.identity, function, message)));
        };
        let (script, line) = chosen.chosen_at().unwrap_or((runtime.identity.file(), function.line()));
        let decided_by = format!("{script}:{line} {}", function.name);
        Some(Ok(Choice { winners: chosen.places().to_vec(), decided_by }))
    }

    /// Computes a property; nothing where its function says nothing.
    pub fn compute(
        &self,
        property: &PropertyDefinition,
        person: &Person,
        now: Timestamp,
    ) -> Result<Option<Value>, RuleError> {
        let Some(runtime) = &self.runtime else { return Ok(None) };
        let Some(function) = runtime.computed.get(&property.key) else { return Ok(None) };
        let arguments = [Dynamic::from(Subject::new(&self.schema, person))];
        let answer = runtime.properties.call(&runtime.engine, function, arguments, now)?;
        words::from_script(&answer, property)
            .map_err(|message| self.wrong(&runtime.properties, function, message))
    }

    /// Asks whether two people are one. Where no script has a say they are not.
    pub fn same_person(&self, a: &Person, b: &Person, now: Timestamp) -> Result<Verdict, RuleError> {
        let unsaid = || Verdict::No { why: "no rule says so".into() };
        let Some(runtime) = &self.runtime else { return Ok(unsaid()) };
        let Some(function) = &runtime.same_person else { return Ok(unsaid()) };
        let arguments = [a, b].map(|person| Dynamic::from(Subject::new(&self.schema, person)));
        let answer = runtime.identity.call(&runtime.engine, function, arguments, now)?;
        if answer.is_unit() {
            return Ok(unsaid());
        }
        let sort = words::sort_of(&answer);
        answer.try_cast::<Verdict>().ok_or_else(|| {
            let message = format!("`same_person` has to answer yes(…), perhaps(…) or no(…), and gave {sort}");
            self.wrong(&runtime.identity, function, message)
        })
    }

    /// A function that ran well and gave the wrong sort of answer.
    fn wrong(&self, script: &Script, function: &Function, message: String) -> RuleError {
        RuleError::Failed(Problem::at(&self.sources, script.file(), function.position, message))
    }
}
