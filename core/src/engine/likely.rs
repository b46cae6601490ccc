//! Who is likely one person: the rules' verdict on candidates that somebody else has looked up.

use serde::Serialize;

use super::{Engine, EngineError};
use crate::{
    model::{ProfileId, Timestamp},
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
            let told_apart =
                ours.profile.not_same.contains(&other) || theirs.profile.not_same.contains(&ours.profile.id);
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
}
