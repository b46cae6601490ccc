//! Erasing somebody for good: what would go, and going.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{Engine, EngineError, MOST_TRIES, threads::homes_id, until_settled};
use crate::{
    feed::Change,
    model::{
        ContactId, Conversation, ConversationId, Direction, MembershipId, ProfileId, Source, TimelineCursor,
        Timestamp,
    },
    store::{ChangeSet, Document, DocumentKind, Erased, StoreError, Subject, Write},
};

/// Exactly what erasing a profile takes away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ErasePlan {
    /// The profile.
    pub profile: ProfileId,
    /// Its own id and those that were merged into it.
    pub profiles: Vec<ProfileId>,
    /// Its contacts by kind and value, for the person who decides.
    pub contacts: Vec<String>,
    /// How many claims go.
    pub claims: u64,
    /// How many messages go.
    pub messages: u64,
    /// How many other timeline entries go.
    pub events: u64,
    /// Conversations that go as a whole.
    pub conversations: Vec<ConversationId>,
    /// Conversations that others took part in: they stay, without what this person wrote.
    pub conversations_shared: Vec<ConversationId>,
    /// How many tasks go.
    pub tasks: u64,
    /// How many relationships to other customers go.
    pub relationships: u64,
    /// Records of merges that go.
    pub merges: Vec<MembershipId>,
}

/// What an erasure leaves for the records: no address, no name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ErasureReceipt {
    /// The profile that was erased.
    pub profile: ProfileId,
    /// When.
    pub at: Timestamp,
    /// Who did it.
    pub by: Source,
    /// How many contacts went.
    pub contacts: usize,
    /// How many claims went.
    pub claims: u64,
    /// How many timeline entries went.
    pub entries: u64,
}

impl Engine {
    /// Says exactly what erasing a profile would take away, and changes nothing.
    pub async fn erase_plan(&self, id: ProfileId) -> Result<ErasePlan, EngineError> {
        Ok(self.plan(id).await?.0)
    }

    async fn plan(&self, id: ProfileId) -> Result<(ErasePlan, ChangeSet), EngineError> {
        let store = self.store();
        let loaded = self.load(id).await?;
        let id = loaded.profile.id;
        let mut set = ChangeSet::default();
        set.expect(Subject::Profile(id), loaded.profile.version);
        let ids: BTreeSet<ContactId> = loaded.profile.contacts.iter().copied().collect();

        let mut threads = BTreeMap::new();
        let mut merges: BTreeSet<MembershipId> = loaded.profile.changes.iter().copied().collect();
        for (contact, _) in &loaded.contacts {
            // A contact changes whenever something is recorded under it: what is not in the plan does not go.
            set.expect(Subject::Contact(contact.id), contact.version);
            merges.extend(contact.changes.iter().copied());
            let took_part = store.conversations_of(contact.id, usize::MAX).await?;
            threads.extend(took_part.into_iter().map(|conversation| (conversation.id, conversation)));
        }
        self.read_where_shown(&mut threads).await?;
        let (conversations, shared) = plan_conversations(&threads, &ids, &mut set);
        let mut profiles = BTreeSet::from([id]);
        let asked: Vec<MembershipId> = merges.iter().copied().collect();
        let mut gone = Vec::new();
        for change in store.membership_changes(&asked).await?.into_iter().flatten() {
            if change.moved.iter().all(|contact| ids.contains(contact)) {
                gone.push(change.id);
            }
            for other in [change.from, change.into] {
                let row = store.profiles(&[other]).await?.pop().flatten();
                if row.is_some() && self.resolve(other).await? == id {
                    profiles.insert(other);
                }
            }
        }

        let (mut tasks, mut relationships) = (0, 0);
        for contact in &ids {
            tasks += self.erase_tasks(*contact, &mut set).await?;
            relationships += self.erase_relationships(*contact, &mut set).await?;
            self.erase_deliveries(*contact, &mut set).await?;
            set.writes.push(Write::EraseContact(*contact));
        }
        for conversation in &conversations {
            set.writes.push(Write::EraseConversation(*conversation));
            set.writes.push(Write::RemoveDocument(DocumentKind::Undo, homes_id(*conversation)));
        }
        for change in &gone {
            set.writes.push(Write::EraseMembership(*change));
        }
        for profile in &profiles {
            set.writes.push(Write::EraseProfile(*profile));
        }
        let mut contacts: Vec<String> =
            loaded.contacts.iter().filter_map(|(c, _)| c.identifier()).map(ToString::to_string).collect();
        contacts.sort();
        let plan = ErasePlan {
            profile: id,
            profiles: profiles.into_iter().collect(),
            contacts,
            claims: loaded.contacts.iter().map(|(_, claims)| claims.len() as u64).sum(),
            messages: loaded.contacts.iter().map(|(contact, _)| contact.messages).sum(),
            events: loaded.contacts.iter().map(|(contact, _)| contact.events).sum(),
            conversations: conversations.into_iter().collect(),
            conversations_shared: shared.into_iter().collect(),
            tasks,
            relationships,
            merges: gone,
        };
        let tombstones = loaded.contacts.iter().filter(|(contact, _)| contact.identifier().is_some());
        set.writes.extend(
            tombstones.map(|(contact, _)| {
                Write::Erased(Erased { tombstone: contact.id, at: Timestamp::default() })
            }),
        );
        Ok((plan, set))
    }

    /// Takes away how messages to somebody went out: their address stands there.
    async fn erase_deliveries(&self, contact: ContactId, set: &mut ChangeSet) -> Result<(), EngineError> {
        const PAGE: usize = 500;
        let mut before = None;
        loop {
            let page = self.store().timeline(contact, before, PAGE).await?;
            before = page.last().map(|entry| TimelineCursor { at: entry.at, entry: entry.id });
            let sent = page.iter().filter(|entry| entry.direction == Some(Direction::Outbound));
            set.writes.extend(
                sent.map(|entry| Write::RemoveDocument(DocumentKind::Delivery, entry.id.to_string())),
            );
            if page.len() < PAGE {
                return Ok(());
            }
        }
    }

    /// Adds the conversations in which some of these are shown since they were merged.
    async fn read_where_shown(
        &self,
        threads: &mut BTreeMap<ConversationId, Conversation>,
    ) -> Result<(), EngineError> {
        loop {
            let into = threads.values().filter_map(|conversation| conversation.merged_into);
            let missing: BTreeSet<ConversationId> = into.filter(|id| !threads.contains_key(id)).collect();
            let missing: Vec<ConversationId> = missing.into_iter().collect();
            let found = self.store().conversations(&missing).await?;
            if found.iter().flatten().next().is_none() {
                return Ok(());
            }
            threads.extend(found.into_iter().flatten().map(|conversation| (conversation.id, conversation)));
        }
    }

    /// Erases a profile for good. What is left is a receipt and keyed tombstones.
    pub async fn erase(
        &self,
        id: ProfileId,
        by: &Source,
        now: Timestamp,
    ) -> Result<ErasureReceipt, EngineError> {
        until_settled!(self.try_erase(id, by, now).await)
    }

    async fn try_erase(
        &self,
        id: ProfileId,
        by: &Source,
        now: Timestamp,
    ) -> Result<ErasureReceipt, EngineError> {
        let (plan, mut set) = self.plan(id).await?;
        set.at = now;
        for write in &mut set.writes {
            if let Write::Erased(erased) = write {
                erased.at = now;
            }
        }
        let receipt = ErasureReceipt {
            profile: plan.profile,
            at: now,
            by: by.clone(),
            contacts: plan.contacts.len(),
            claims: plan.claims,
            entries: plan.messages + plan.events,
        };
        let bytes = serde_json::to_vec(&receipt).unwrap_or_default();
        let document =
            Document { kind: DocumentKind::Receipt, id: plan.profile.to_string(), bytes, version: 1 };
        set.writes.push(Write::Document(document));
        set.changes.extend(plan.profiles.iter().map(|profile| Change::ProfileErased { profile: *profile }));
        self.store().commit(set).await?;
        Ok(receipt)
    }

    /// Lets an erased identifier be known again: the named override, for a mistake or at the person's own wish.
    pub async fn lift_erasure(
        &self,
        identifier: &crate::model::Identifier,
        now: Timestamp,
    ) -> Result<bool, EngineError> {
        let id = self.key().contact(identifier);
        if self.store().erased(&[id]).await?.pop().flatten().is_none() {
            return Ok(false);
        }
        let mut set = ChangeSet::at(now);
        set.expect(Subject::Erased(id), 1);
        set.writes.push(Write::LiftErased(id));
        match self.store().commit(set).await {
            Ok(_) => Ok(true),
            Err(StoreError::Conflict { .. }) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }
}

/// Which conversations go as a whole, and which stay for others who took part; what is written of those is added.
fn plan_conversations(
    threads: &BTreeMap<ConversationId, Conversation>,
    ids: &BTreeSet<ContactId>,
    set: &mut ChangeSet,
) -> (BTreeSet<ConversationId>, BTreeSet<ConversationId>) {
    let goes = |conversation: &Conversation| conversation.contacts.iter().all(|other| ids.contains(other));
    let gone: BTreeSet<ConversationId> = threads
        .values()
        .filter(|conversation| goes(conversation))
        .map(|conversation| conversation.id)
        .collect();
    let mut shared = BTreeSet::new();
    for conversation in threads.values().filter(|conversation| !gone.contains(&conversation.id)) {
        let mut rest = conversation.clone();
        rest.contacts.retain(|other| !ids.contains(other));
        if let Some(own) = &mut rest.own {
            own.contacts.retain(|other| !ids.contains(other));
        }
        for other in conversation.merged.iter().filter(|other| gone.contains(other)) {
            rest.messages = rest.messages.saturating_sub(threads.get(other).map_or(0, |gone| gone.messages));
        }
        rest.merged.retain(|other| !gone.contains(other));
        if rest.merged.is_empty() {
            let own = rest.own_figures();
            rest.count(own, None);
        }
        rest.version += 1;
        set.expect(Subject::Conversation(conversation.id), conversation.version);
        set.writes.push(Write::Conversation(rest));
        shared.insert(conversation.id);
    }
    (gone, shared)
}
