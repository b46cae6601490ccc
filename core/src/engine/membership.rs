//! Merging, undoing, detaching and moving.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Choice, Engine, EngineError, MOST_TRIES,
    decisions::{chosen, rule},
    until_settled,
};
use crate::{
    feed::Change,
    identity::{self, Because, Known, Undone},
    model::{
        Assertion, Claim, ContactId, Decision, MembershipChange, MembershipDeed, MembershipId, ProfileId,
        PropertyKey, Source, Stamp, Timestamp,
    },
    store::StoreError,
};

impl Engine {
    /// Takes two profiles for one person: the contacts of `from` go to `into`.
    pub async fn merge(
        &self,
        from: ProfileId,
        into: ProfileId,
        by: &Source,
        why: &str,
        now: Timestamp,
    ) -> Result<MembershipChange, EngineError> {
        self.merge_choosing(from, into, by, why, &BTreeMap::new(), now).await
    }

    /// The same, and pins what was chosen field by field in the same step; undoing the merge takes that back.
    pub async fn merge_choosing(
        &self,
        from: ProfileId,
        into: ProfileId,
        by: &Source,
        why: &str,
        choose: &BTreeMap<PropertyKey, Choice>,
        now: Timestamp,
    ) -> Result<MembershipChange, EngineError> {
        until_settled!(self.try_merge(from, into, by, why, choose, now).await)
    }

    async fn try_merge(
        &self,
        from: ProfileId,
        into: ProfileId,
        by: &Source,
        why: &str,
        choose: &BTreeMap<PropertyKey, Choice>,
        now: Timestamp,
    ) -> Result<MembershipChange, EngineError> {
        let asked = (from, into);
        let (from, into) = (self.resolve(from).await?, self.resolve(into).await?);
        if from == into {
            return Err(EngineError::SameProfile { profile: into });
        }
        let mut known = self.know_profiles(&[from, into, asked.0, asked.1]).await?;
        for profile in [from, into] {
            self.refuse_trashed(&known, profile)?;
        }
        // Whoever merges them means that they are the same after all.
        for (one, other) in [(from, into), (into, from)] {
            if let Some(profile) = known.edit_profile(one) {
                profile.forget_apart(other);
            }
        }
        let id = identity::merge(&mut known, asked, from, into, &self.because(by, why, now));
        if !choose.is_empty() {
            self.pin_choices(&mut known, into, id, choose, by, now).await?;
        }
        self.commit_membership(known, id, now).await
    }

    /// Pins what was chosen at a merge, under the contacts whose claims were chosen.
    async fn pin_choices(
        &self,
        known: &mut Known,
        into: ProfileId,
        merge: MembershipId,
        choose: &BTreeMap<PropertyKey, Choice>,
        by: &Source,
        now: Timestamp,
    ) -> Result<(), EngineError> {
        let ids: Vec<ContactId> = known.known_contacts().map(|contact| contact.id).collect();
        let mut claims = Vec::new();
        for (_, of_one) in self.store().contacts_with_claims(&ids).await?.into_iter().flatten() {
            of_one.iter().for_each(|claim| known.take_in_claim(claim.clone()));
            claims.extend(of_one);
        }
        for (property, choice) in choose {
            self.check_pin(property)?;
            let about: Vec<Claim> =
                claims.iter().filter(|claim| claim.property == *property).cloned().collect();
            let claim = chosen(&about, property, choice)?;
            if let Assertion::Is(value) = claim.assertion {
                let (decision, contact) = (Decision::Pin(value), claim.contact);
                rule(known, into, property, decision, true, contact, Some(merge), by, now);
            }
        }
        Ok(())
    }

    /// Undoes a change of membership, whatever came after it.
    pub async fn unmerge(
        &self,
        change: MembershipId,
        by: &Source,
        now: Timestamp,
    ) -> Result<Undone, EngineError> {
        until_settled!(self.try_unmerge(change, by, now).await)
    }

    async fn try_unmerge(
        &self,
        change: MembershipId,
        by: &Source,
        now: Timestamp,
    ) -> Result<Undone, EngineError> {
        let mut known = Known::empty(self.key().clone());
        identity::read_component(&mut known, self.store().as_ref(), change).await?;
        let record = known
            .membership(change)
            .ok_or_else(|| EngineError::NotFound { what: format!("merge `{change}`") })?
            .clone();
        let undone = identity::undo(&mut known, change, by, now).ok_or_else(|| EngineError::Invalid {
            what: format!("merge `{change}`"),
            why: "it is undone already".into(),
        })?;
        if let MembershipDeed::Merge { .. } = record.deed {
            self.unpin_all_of(&mut known, change, by, now).await?;
        }
        // Otherwise the next look for duplicates would offer the same two again.
        if let MembershipDeed::Link { .. } | MembershipDeed::Merge { .. } = record.deed
            && undone.still_together_by.is_empty()
            && record.from != record.into
        {
            for (one, other) in [(record.from, record.into), (record.into, record.from)] {
                if let Some(profile) = known.edit_profile(one) {
                    profile.tell_apart(other, Stamp::new(by, now));
                }
            }
        }
        self.store().commit(known.into_change_set(now)).await?;
        Ok(undone)
    }

    /// Gives a contact a profile of its own, with exactly what was learnt through it.
    pub async fn detach(
        &self,
        profile: ProfileId,
        contact: ContactId,
        by: &Source,
        now: Timestamp,
    ) -> Result<(MembershipChange, ProfileId), EngineError> {
        until_settled!(self.try_detach(profile, contact, by, now).await)
    }

    async fn try_detach(
        &self,
        profile: ProfileId,
        contact: ContactId,
        by: &Source,
        now: Timestamp,
    ) -> Result<(MembershipChange, ProfileId), EngineError> {
        let profile = self.resolve(profile).await?;
        let mut known = self.know_profiles(&[profile]).await?;
        let not_here =
            || EngineError::NotFound { what: format!("contact `{contact}` in profile `{profile}`") };
        let row = known.contact(contact).filter(|row| row.profile == profile).ok_or_else(not_here)?;
        let invalid =
            |why: &str| EngineError::Invalid { what: format!("contact `{contact}`"), why: why.into() };
        if row.identifier().is_none() {
            return Err(invalid("it holds what is known about the profile itself and cannot be detached"));
        }
        let others = known.profile(profile).map_or(0, |row| row.contacts.len());
        if others < 2 {
            return Err(invalid("it is the only one of its profile already"));
        }
        let because = self.because(by, "detached", now);
        let (id, to) = identity::detach(&mut known, contact, &because).ok_or_else(not_here)?;
        Ok((self.commit_membership(known, id, now).await?, to))
    }

    /// Moves one contact to another profile.
    pub async fn move_contact(
        &self,
        contact: ContactId,
        to: ProfileId,
        by: &Source,
        now: Timestamp,
    ) -> Result<MembershipChange, EngineError> {
        until_settled!(self.try_move(contact, to, by, now).await)
    }

    async fn try_move(
        &self,
        contact: ContactId,
        asked: ProfileId,
        by: &Source,
        now: Timestamp,
    ) -> Result<MembershipChange, EngineError> {
        let to = self.resolve(asked).await?;
        let found = self.store().contacts(&[contact]).await?.pop().flatten();
        let from =
            found.ok_or_else(|| EngineError::NotFound { what: format!("contact `{contact}`") })?.profile;
        if from == to {
            return Err(EngineError::SameProfile { profile: to });
        }
        let mut known = self.know_profiles(&[from, to, asked]).await?;
        self.refuse_trashed(&known, to)?;
        let because = self.because(by, "moved", now);
        let id = identity::move_to(&mut known, contact, asked, to, &because)
            .ok_or_else(|| EngineError::NotFound { what: format!("contact `{contact}`") })?;
        self.commit_membership(known, id, now).await
    }

    /// Remembers that two profiles are not the same person, and who said so.
    pub async fn tell_apart(
        &self,
        a: ProfileId,
        b: ProfileId,
        by: &Source,
        now: Timestamp,
    ) -> Result<(), EngineError> {
        until_settled!(self.try_tell_apart(a, b, by, now).await)
    }

    async fn try_tell_apart(
        &self,
        a: ProfileId,
        b: ProfileId,
        by: &Source,
        now: Timestamp,
    ) -> Result<(), EngineError> {
        let (a, b) = (self.resolve(a).await?, self.resolve(b).await?);
        if a == b {
            return Err(EngineError::SameProfile { profile: a });
        }
        let mut known = self.know_profiles(&[a, b]).await?;
        for (one, other) in [(a, b), (b, a)] {
            if let Some(profile) = known.edit_profile(one) {
                profile.tell_apart(other, Stamp::new(by, now));
            }
        }
        known.tell(Change::ProfilesToldApart { a, b });
        self.store().commit(known.into_change_set(now)).await?;
        Ok(())
    }

    /// Takes back that two profiles are not the same person: they may be offered as one again.
    pub async fn forget_apart(&self, a: ProfileId, b: ProfileId, now: Timestamp) -> Result<(), EngineError> {
        until_settled!(self.try_forget_apart(a, b, now).await)
    }

    async fn try_forget_apart(&self, a: ProfileId, b: ProfileId, now: Timestamp) -> Result<(), EngineError> {
        let (a, b) = (self.resolve(a).await?, self.resolve(b).await?);
        let mut known = self.know_profiles(&[a, b]).await?;
        for (one, other) in [(a, b), (b, a)] {
            if known.profile(one).is_some_and(|profile| profile.word_on(other).is_some())
                && let Some(profile) = known.edit_profile(one)
            {
                profile.forget_apart(other);
            }
        }
        // Told as what it is about, so that whoever keeps a list of likely ones looks again.
        known.tell(Change::ProfilesToldApart { a, b });
        let changes = known.into_change_set(now);
        if !changes.is_empty() {
            self.store().commit(changes).await?;
        }
        Ok(())
    }

    /// Reads profiles with all their contacts.
    pub(super) async fn know_profiles(&self, ids: &[ProfileId]) -> Result<Known, EngineError> {
        let store = self.store().as_ref();
        let mut known = Known::empty(self.key().clone());
        known.read_profiles(store, ids.iter().copied().collect()).await?;
        let contacts: BTreeSet<ContactId> = ids
            .iter()
            .filter_map(|id| known.profile(*id))
            .flat_map(|row| row.contacts.iter().copied())
            .collect();
        known.read_contacts(store, contacts).await?;
        for id in ids {
            known.rely_on(*id);
        }
        Ok(known)
    }

    pub(super) fn refuse_trashed(&self, known: &Known, profile: ProfileId) -> Result<(), EngineError> {
        match known.profile(profile) {
            Some(row) if !row.is_live() => Err(EngineError::Trashed { profile }),
            _ => Ok(()),
        }
    }

    fn because(&self, by: &Source, why: &str, at: Timestamp) -> Because {
        let why = if why.trim().is_empty() { Vec::new() } else { vec![why.trim().to_owned()] };
        Because { by: by.clone(), at, why, evidence: None, rules: Some(self.rules().hash().to_owned()) }
    }

    async fn commit_membership(
        &self,
        known: Known,
        id: MembershipId,
        now: Timestamp,
    ) -> Result<MembershipChange, EngineError> {
        let record = known.membership(id).cloned();
        self.store().commit(known.into_change_set(now)).await?;
        record.ok_or_else(|| EngineError::NotFound { what: format!("merge `{id}`") })
    }
}
