//! Who is likely one person: the rules' verdict on candidates that somebody else has looked up.

use serde::Serialize;

use super::{Engine, EngineError};
use crate::{
    model::{ContactId, ProfileId, PropertyDefinition, Timestamp, Value},
    rules::Verdict,
};

/// A profile that is likely the same person, and why.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LikelySame {
    /// The other profile.
    pub profile: ProfileId,
    /// What it is called.
    pub name: String,
    /// What the rules say.
    #[serde(flatten)]
    pub verdict: Verdict,
}

impl Engine {
    /// Asks the rules about candidates and gives those that are, or perhaps are, the same person.
    ///
    /// Nobody is asked about who was said not to be the same. A rule that fails says no, never yes.
    pub async fn likely_same(
        &self,
        id: ProfileId,
        candidates: &[ProfileId],
        now: Timestamp,
    ) -> Result<Vec<LikelySame>, EngineError> {
        let rules = self.rules();
        let ours = self.load(id).await?;
        let person = self.view_of(&ours, now).person();
        let mut likely = Vec::new();
        for candidate in candidates {
            let theirs = match self.load(*candidate).await {
                Ok(theirs) => theirs,
                // The list of candidates comes from an index, which may name somebody who has gone.
                Err(EngineError::NotFound { .. }) => continue,
                Err(error) => return Err(error),
            };
            let other = theirs.profile.id;
            let told_apart = ours.profile.told_apart_from(&theirs.profile).is_some();
            let is_listed = likely.iter().any(|known: &LikelySame| known.profile == other);
            if other == ours.profile.id || told_apart || is_listed || !theirs.profile.is_live() {
                continue;
            }
            let view = self.view_of(&theirs, now);
            match rules.same_person(&person, &view.person(), now) {
                Ok(Verdict::No { .. }) => {}
                Ok(verdict) => {
                    let name = self.cover_view(view).name;
                    likely.push(LikelySame { profile: other, name, verdict });
                }
                Err(error) => tracing::warn!(%error, "a rule about who is one person failed"),
            }
        }
        likely.sort_by_key(|one| matches!(one.verdict, Verdict::Perhaps { .. }));
        Ok(likely)
    }

    /// Asks the rules about two profiles that one statement named although it did not join them: the other one
    /// is taken to have the contact that was named as well. Where several were named, the least that the rules
    /// say of any counts. Nothing where they say no, or where somebody said that the two are not the same.
    pub async fn same_by(
        &self,
        a: ProfileId,
        b: ProfileId,
        named: &[ContactId],
        now: Timestamp,
    ) -> Result<Option<Verdict>, EngineError> {
        let rules = self.rules();
        let (ours, theirs) = (self.load(a).await?, self.load(b).await?);
        let (one, other) = (&ours.profile, &theirs.profile);
        if one.id == other.id || one.told_apart_from(other).is_some() || !one.is_live() || !other.is_live() {
            return Ok(None);
        }
        let people = [self.view_of(&ours, now).person(), self.view_of(&theirs, now).person()];
        let mut suppositions = Vec::new();
        for contact in self.store().contacts(named).await?.into_iter().flatten() {
            let Some(identifier) = contact.identifier() else { continue };
            let is_shown =
                |known: &&PropertyDefinition| known.identifier_kind().as_ref() == Some(identifier.kind());
            let Some(definition) = rules.schema().iter().find(is_shown) else { continue };
            let mut supposed = people.clone();
            // Whose it is has it anyway; the statement said it of the other.
            let said_of = if contact.profile == one.id { &mut supposed[1] } else { &mut supposed[0] };
            let value = Value::Text(identifier.value().to_owned());
            said_of.values.entry(definition.key.clone()).or_default().push(value);
            suppositions.push(supposed);
        }
        if suppositions.is_empty() {
            suppositions.push(people);
        }
        let mut least: Option<Verdict> = None;
        for [person, another] in &suppositions {
            match rules.same_person(person, another, now) {
                Ok(Verdict::No { .. }) => return Ok(None),
                Ok(verdict) => {
                    let is_less = matches!(verdict, Verdict::Perhaps { .. });
                    // Of two that are as sure, the one about what was named last is the reason that is new.
                    if is_less || !matches!(least, Some(Verdict::Perhaps { .. })) {
                        least = Some(verdict);
                    }
                }
                Err(error) => {
                    tracing::warn!(%error, "a rule about who is one person failed");
                    return Ok(None);
                }
            }
        }
        Ok(least)
    }
}
