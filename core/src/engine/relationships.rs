//! Relationships between customers: naming them from both sides, taking them away and back.

use serde::Serialize;

use super::{Engine, EngineError, MOST_TRIES, kept, until_settled};
use crate::{
    feed::Change,
    model::{ContactId, ExternalId, ProfileId, Relationship, RelationshipId, Source, Stamp, Timestamp},
    store::{ChangeSet, DocumentKind, StoreError, Subject, Write},
};

/// A relationship as it is seen from one of its two sides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RelationshipView {
    /// Its id.
    pub id: RelationshipId,
    /// The other customer.
    pub profile: ProfileId,
    /// What the other customer is called.
    pub name: String,
    /// What the other is to this one.
    pub they_are: String,
    /// What this one is to the other.
    pub this_is: String,
    /// Who said so, and when.
    pub made: Stamp,
    /// Counts its changes.
    pub version: u64,
}

const KIND: DocumentKind = DocumentKind::Relationship;
const WORD_LEN: usize = 60;
/// How many relationships of one contact are read.
const MOST: usize = 200;

impl Engine {
    /// Says that `other` is `they_are` to `profile`; what `profile` is to them follows where it is not said.
    #[allow(clippy::too_many_arguments, reason = "two ends, two words, and who says so")]
    pub async fn relate(
        &self,
        profile: ProfileId,
        other: ProfileId,
        they_are: &str,
        this_is: &str,
        request: &ExternalId,
        by: &Source,
        now: Timestamp,
    ) -> Result<RelationshipId, EngineError> {
        let they_are = word("they_are", they_are)?;
        if they_are.is_empty() {
            let why = "say what they are to this customer, such as `assistant`";
            return Err(EngineError::Invalid { what: "they_are".into(), why: why.into() });
        }
        let mut this_is = word("this_is", this_is)?;
        if this_is.is_empty() {
            this_is = Relationship::other_side(&they_are).unwrap_or_default().to_owned();
        }
        until_settled!(self.try_relate(profile, other, &they_are, &this_is, request, by, now).await)
    }

    #[allow(clippy::too_many_arguments, reason = "two ends, two words, and who says so")]
    async fn try_relate(
        &self,
        profile: ProfileId,
        other: ProfileId,
        they_are: &str,
        this_is: &str,
        request: &ExternalId,
        by: &Source,
        now: Timestamp,
    ) -> Result<RelationshipId, EngineError> {
        let id = self.key().relationship(request);
        if kept::read::<Relationship>(self.store(), KIND, &document(id)).await?.is_some() {
            return Ok(id);
        }
        let (profile, other) = (self.resolve(profile).await?, self.resolve(other).await?);
        if profile == other {
            return Err(EngineError::SameProfile { profile });
        }
        let mut known = self.know_profiles(&[profile, other]).await?;
        let (a, b) = (known.own_contact(other, by, now), known.own_contact(profile, by, now));
        // Whoever erases one of the two meanwhile has to see it.
        known.edit_contact(a);
        known.edit_contact(b);
        let related = Relationship {
            id,
            a,
            b,
            a_is: they_are.to_owned(),
            b_is: this_is.to_owned(),
            made: Stamp::new(by, now),
            removed: None,
            version: 1,
        };
        for side in [profile, other] {
            known.tell(told(side, id));
        }
        let mut set = known.into_change_set(now);
        kept::write(&mut set, KIND, document(id), 0, &related, (Vec::new(), places(&related)))?;
        self.store().commit(set).await?;
        Ok(id)
    }

    /// The relationships of a customer, by the name of the other.
    pub async fn relationships(
        &self,
        profile: ProfileId,
        now: Timestamp,
    ) -> Result<Vec<RelationshipView>, EngineError> {
        let profile = self.resolve(profile).await?;
        let row = self.store().profiles(&[profile]).await?.pop().flatten();
        let mut views = Vec::new();
        for contact in row.map_or_else(Vec::new, |row| row.contacts) {
            for end in kept::under(self.store(), KIND, &format!("c/{contact}/"), None, MOST).await? {
                let Ok(id) = end.parse::<RelationshipId>() else { continue };
                let found = kept::read::<Relationship>(self.store(), KIND, &document(id)).await?;
                let Some((related, _)) = found.filter(|(found, _)| found.removed.is_none()) else { continue };
                let is_a = related.a == contact;
                let end = if is_a { related.b } else { related.a };
                let Some(other) = self.store().contacts(&[end]).await?.pop().flatten() else { continue };
                if other.profile == profile {
                    continue;
                }
                let view = self.view(other.profile, now).await?;
                let (they_are, this_is) =
                    if is_a { (related.b_is, related.a_is) } else { (related.a_is, related.b_is) };
                views.push(RelationshipView {
                    id,
                    profile: view.id,
                    name: view.name,
                    they_are,
                    this_is,
                    made: related.made,
                    version: related.version,
                });
            }
        }
        views.sort_by_key(|view| (view.name.to_lowercase(), view.id));
        Ok(views)
    }

    /// Takes a relationship of a customer away, or brings it back.
    pub async fn set_related(
        &self,
        profile: ProfileId,
        id: RelationshipId,
        stands: bool,
        by: &Source,
        now: Timestamp,
    ) -> Result<(), EngineError> {
        until_settled!(self.try_set_related(profile, id, stands, by, now).await)
    }

    async fn try_set_related(
        &self,
        profile: ProfileId,
        id: RelationshipId,
        stands: bool,
        by: &Source,
        now: Timestamp,
    ) -> Result<(), EngineError> {
        let not_found =
            || EngineError::NotFound { what: format!("relationship `{id}` of profile `{profile}`") };
        let found = kept::read::<Relationship>(self.store(), KIND, &document(id)).await?;
        let (mut related, version) = found.ok_or_else(not_found)?;
        let profile = self.resolve(profile).await?;
        let ends = self.store().contacts(&[related.a, related.b]).await?;
        let sides: Vec<ProfileId> = ends.into_iter().flatten().map(|contact| contact.profile).collect();
        if !sides.contains(&profile) {
            return Err(not_found());
        }
        if related.removed.is_none() == stands {
            return Ok(());
        }
        related.removed = (!stands).then(|| Stamp::new(by, now));
        related.version += 1;
        let mut set = ChangeSet::at(now);
        let stays = places(&related);
        kept::write(&mut set, KIND, document(id), version, &related, (stays.clone(), stays))?;
        set.changes.extend(sides.into_iter().map(|side| told(side, id)));
        self.store().commit(set).await?;
        Ok(())
    }

    /// Takes away what is kept of a contact's relationships; gives how many there were.
    pub(super) async fn erase_relationships(
        &self,
        contact: ContactId,
        set: &mut ChangeSet,
    ) -> Result<u64, EngineError> {
        let mut erased = 0;
        let mut after: Option<String> = None;
        loop {
            let prefix = format!("c/{contact}/");
            let ends = kept::under(self.store(), KIND, &prefix, after.as_deref(), MOST).await?;
            for end in &ends {
                let Ok(id) = end.parse::<RelationshipId>() else { continue };
                let found = kept::read::<Relationship>(self.store(), KIND, &document(id)).await?;
                let Some((related, version)) = found else { continue };
                set.expect(Subject::Document(KIND, document(id)), version);
                let gone = places(&related).into_iter().chain([document(id)]);
                set.writes.extend(gone.map(|id| Write::RemoveDocument(KIND, id)));
                erased += 1;
            }
            if ends.len() < MOST {
                return Ok(erased);
            }
            after = ends.into_iter().next_back();
        }
    }
}

fn told(profile: ProfileId, id: RelationshipId) -> Change {
    Change::RecordChanged { profile, kind: "relationship".into(), id: id.to_string() }
}

fn document(id: RelationshipId) -> String {
    format!("r/{id}")
}

fn places(related: &Relationship) -> Vec<String> {
    [related.a, related.b].map(|contact| format!("c/{contact}/{}", related.id)).into()
}

fn word(what: &str, given: &str) -> Result<String, EngineError> {
    let word = given.split_whitespace().collect::<Vec<_>>().join(" ");
    if word.chars().count() > WORD_LEN {
        let why = format!("it is longer than {WORD_LEN} characters");
        return Err(EngineError::Invalid { what: what.into(), why });
    }
    Ok(word)
}
