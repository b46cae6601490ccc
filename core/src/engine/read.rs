//! Reading: who somebody is, why, and what they did.

use std::{cmp::Reverse, collections::BTreeSet};

use serde::Serialize;

use super::{Engine, EngineError, notes::is_removed};
use crate::{
    model::{
        AccountId, Body, Claim, Contact, ContactId, Conversation, Entry, EntryId, EntryKind, Identifier,
        IdentifierKind, MembershipChange, PhoneRegion, Profile, ProfileId, PropertyKey, TimelineCursor,
        Timestamp,
    },
    view::{Explanation, ProfileView, Seen, ViewInput, assemble, explain},
};

/// A page of a timeline, newest first.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TimelinePage {
    /// The entries.
    pub entries: Vec<Entry>,
    /// Where the next page begins; none at the end.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "as_text")]
    pub next: Option<TimelineCursor>,
}

fn as_text<S: serde::Serializer>(cursor: &Option<TimelineCursor>, serializer: S) -> Result<S::Ok, S::Error> {
    match cursor {
        Some(cursor) => serializer.collect_str(cursor),
        None => serializer.serialize_none(),
    }
}

/// A profile with all that its view is made of.
pub(super) struct Loaded {
    pub(super) profile: Profile,
    pub(super) contacts: Vec<(Contact, Vec<Claim>)>,
    pub(super) accounts: Vec<crate::model::Account>,
}

impl Engine {
    /// Finds a profile by what people have at hand: an id of it or of a contact, an e-mail address,
    /// a telephone number with `+`, `#` and the number of a conversation, or `kind:value`.
    pub async fn find(&self, handle: &str) -> Result<ProfileId, EngineError> {
        let handle = handle.trim();
        if let Ok(profile) = handle.parse::<ProfileId>() {
            return self.resolve(profile).await;
        }
        let contact = if let Ok(contact) = handle.parse::<ContactId>() {
            Some(contact)
        } else if let Some(number) = handle.strip_prefix('#').and_then(|number| number.parse().ok()) {
            let conversation = self.store().conversation_by_number(number).await?;
            conversation.and_then(|conversation| conversation.contacts.first().copied())
        } else {
            self.identifiers_meant(handle).into_iter().next()
        };
        let not_found =
            || EngineError::NotFound { what: format!("`{}`", handle.chars().take(100).collect::<String>()) };
        let mut meant: Vec<ContactId> = contact.into_iter().collect();
        meant.extend(self.identifiers_meant(handle));
        let found = self.store().contacts(&meant).await?.into_iter().flatten().next();
        self.resolve(found.ok_or_else(not_found)?.profile).await
    }

    /// What a handle may stand for, the likeliest first.
    fn identifiers_meant(&self, handle: &str) -> Vec<ContactId> {
        let kinds = [
            IdentifierKind::EMAIL,
            IdentifierKind::PHONE,
            IdentifierKind::WHATSAPP,
            IdentifierKind::USER_ID,
            IdentifierKind::ANONYMOUS_ID,
        ];
        let named = handle
            .split_once(':')
            .and_then(|(kind, value)| Some((kind.parse::<IdentifierKind>().ok()?, value)));
        named
            .into_iter()
            .chain(kinds.into_iter().map(|kind| (kind, handle)))
            .filter(|(kind, _)| self.sight.as_ref().is_none_or(|sight| sight.of_kind(kind) != Seen::Hidden))
            .filter_map(|(kind, value)| Identifier::new(kind, value, PhoneRegion::NONE).ok())
            .map(|identifier| self.key().contact(&identifier))
            .collect()
    }

    /// Reads all that the view of a profile is made of, following merges.
    pub(super) async fn load(&self, id: ProfileId) -> Result<Loaded, EngineError> {
        // A profile that was merged away is rare: look at the id itself first, which is one read.
        let mut id = id;
        let profile = loop {
            let row = self.store().profiles(&[id]).await?.pop().flatten();
            let row = row.ok_or_else(|| EngineError::NotFound { what: format!("profile `{id}`") })?;
            if let crate::model::ProfileState::Merged { .. } = row.state {
                id = self.resolve(id).await?;
            } else {
                break row;
            }
        };
        let contacts: Vec<_> =
            self.store().contacts_with_claims(&profile.contacts).await?.into_iter().flatten().collect();
        let linked: BTreeSet<AccountId> =
            contacts.iter().flat_map(|(contact, _)| contact.accounts.iter().copied()).collect();
        let accounts = if linked.is_empty() {
            Vec::new()
        } else {
            self.store()
                .accounts(&linked.into_iter().collect::<Vec<_>>())
                .await?
                .into_iter()
                .flatten()
                .collect()
        };
        Ok(Loaded { profile, contacts, accounts })
    }

    /// The view of a profile; the id of one that was merged away gives that of the one it went to.
    pub async fn view(&self, id: ProfileId, now: Timestamp) -> Result<ProfileView, EngineError> {
        let loaded = self.load(id).await?;
        Ok(self.cover_view(self.view_of(&loaded, now)))
    }

    pub(super) fn view_of(&self, loaded: &Loaded, now: Timestamp) -> ProfileView {
        let rules = self.rules();
        assemble(&ViewInput {
            key: self.key(),
            profile: &loaded.profile,
            contacts: &loaded.contacts,
            accounts: &loaded.accounts,
            rules: &rules,
            now,
        })
    }

    /// Why a property of a profile has its value.
    pub async fn why(
        &self,
        id: ProfileId,
        property: &PropertyKey,
        now: Timestamp,
    ) -> Result<Explanation, EngineError> {
        let loaded = self.load(id).await?;
        let rules = self.rules();
        let input = ViewInput {
            key: self.key(),
            profile: &loaded.profile,
            contacts: &loaded.contacts,
            accounts: &loaded.accounts,
            rules: &rules,
            now,
        };
        let explanation = explain(&input, property);
        let is_known = rules.schema().get(property.as_str()).is_some()
            || !explanation.winning.is_empty()
            || !explanation.losing.is_empty();
        let not_found = || EngineError::NotFound { what: format!("property `{property}`") };
        if !is_known {
            return Err(not_found());
        }
        match &self.sight {
            // What is hidden is as unknown as what nobody ever said.
            Some(sight) => {
                let kind = rules.schema().get_or_free(property).kind;
                sight.cover_explanation(kind, explanation).ok_or_else(not_found)
            }
            None => Ok(explanation),
        }
    }

    /// What a profile did, newest first: the timelines of its contacts merged.
    pub async fn timeline(
        &self,
        id: ProfileId,
        before: Option<TimelineCursor>,
        limit: usize,
        kinds: &[EntryKind],
    ) -> Result<TimelinePage, EngineError> {
        let mut page = self.read_timeline(id, before, limit, kinds).await?;
        self.cover_entries(&mut page.entries);
        Ok(page)
    }

    async fn read_timeline(
        &self,
        id: ProfileId,
        before: Option<TimelineCursor>,
        limit: usize,
        kinds: &[EntryKind],
    ) -> Result<TimelinePage, EngineError> {
        let id = self.resolve(id).await?;
        let profile = self.store().profiles(&[id]).await?.pop().flatten();
        let contacts = profile.map_or_else(Vec::new, |profile| profile.contacts);
        let mut page = TimelinePage { entries: Vec::new(), next: before };
        // Rare kinds may lie far apart; a bounded number of steps is taken and the cursor goes on from there.
        for _ in 0..64 {
            let mut step = Vec::new();
            for contact in &contacts {
                step.extend(self.store().timeline(*contact, page.next, limit).await?);
            }
            step.sort_by_key(|entry| Reverse((entry.at, entry.id)));
            // A message to two addresses of one person stands under both and shows once.
            step.dedup_by_key(|entry| (entry.at, entry.id));
            let was_last = step.len() < limit;
            for entry in step.into_iter().take(limit) {
                if page.entries.len() == limit {
                    return Ok(page);
                }
                page.next = Some(TimelineCursor { at: entry.at, entry: entry.id });
                if (kinds.is_empty() || kinds.contains(&entry.kind)) && !is_removed(&entry) {
                    page.entries.push(entry);
                }
            }
            if was_last {
                page.next = None;
                return Ok(page);
            }
            if page.entries.len() == limit {
                return Ok(page);
            }
        }
        Ok(page)
    }

    /// The conversations of a profile, the latest message first.
    pub async fn conversations(&self, id: ProfileId, limit: usize) -> Result<Vec<Conversation>, EngineError> {
        let id = self.resolve(id).await?;
        let profile = self.store().profiles(&[id]).await?.pop().flatten();
        let mut all: Vec<Conversation> = Vec::new();
        for contact in profile.map_or_else(Vec::new, |profile| profile.contacts) {
            all.extend(self.store().conversations_of(contact, limit).await?);
        }
        // What was merged away is shown as what it was merged into.
        let merged = all.iter().filter(|conversation| conversation.merged_into.is_some());
        let shown: BTreeSet<_> = self
            .shown_in(merged.map(|conversation| conversation.id).collect())
            .await?
            .into_values()
            .collect();
        all.retain(|conversation| conversation.merged_into.is_none());
        let shown: Vec<_> = shown.into_iter().collect();
        all.extend(self.store().conversations(&shown).await?.into_iter().flatten());
        all.sort_by_key(|conversation| Reverse((conversation.last_message, conversation.id)));
        all.dedup_by_key(|conversation| conversation.id);
        all.truncate(limit);
        self.cover_conversations(&mut all);
        Ok(all)
    }

    /// One entry with its full form, where it has one.
    pub async fn entry(&self, id: EntryId) -> Result<(Entry, Option<Body>), EngineError> {
        let not_found = || EngineError::NotFound { what: format!("entry `{id}`") };
        let seen = self.store().seen(&[id]).await?.pop().flatten().ok_or_else(not_found)?;
        let mut entry = self.store().entry(seen.contact, seen.at, id).await?.ok_or_else(not_found)?;
        let mut body = if entry.has_body { self.store().body(id).await? } else { None };
        if let Some(sight) = self.sight.as_ref().filter(|sight| sight.covers_values()) {
            sight.cover_entry(&mut entry);
            // What an application sent is values and nothing else; a message is what somebody wrote.
            body = body.filter(|body| body.media_type == "message/rfc822");
        }
        Ok((entry, body))
    }

    /// The changes of membership that a profile took part in, the latest last.
    pub async fn history(&self, id: ProfileId) -> Result<Vec<MembershipChange>, EngineError> {
        let found = self.store().profiles(&[id]).await?.pop().flatten();
        let profile = found.ok_or_else(|| EngineError::NotFound { what: format!("profile `{id}`") })?;
        let changes = self.store().membership_changes(&profile.changes).await?;
        Ok(changes.into_iter().flatten().collect())
    }
}
