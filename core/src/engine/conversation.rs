//! Conversations as agents see them: with what was merged into them, and notes.

use std::collections::{BTreeMap, BTreeSet};

use super::{Engine, EngineError, MOST_TRIES, until_settled};
use crate::{
    feed::Change,
    identity::Known,
    model::{
        Conversation, ConversationId, Entry, EntryId, EntryKind, ExternalId, Source, TimelineCursor,
        Timestamp,
    },
    store::StoreError,
};

/// How many threads at most are shown as one conversation.
pub(super) const MOST_THREADS: usize = 200;

impl Engine {
    /// One conversation with its entries, oldest first. One that was merged away stands for the one it is shown in.
    pub async fn conversation(
        &self,
        id: ConversationId,
        after: Option<TimelineCursor>,
        limit: usize,
    ) -> Result<(Conversation, Vec<Entry>), EngineError> {
        let shown = self.shown_conversation(id).await?;
        let mut entries = Vec::new();
        for thread in self.threads_of(&shown).await? {
            entries.extend(self.store().conversation_entries(thread, after, limit).await?);
        }
        side_by_side(&mut entries);
        entries.truncate(limit);
        self.cover_entries(&mut entries);
        let mut shown = shown;
        self.cover_conversations(std::slice::from_mut(&mut shown));
        Ok((shown, entries))
    }

    /// One conversation with its latest entries before a place, or of all, oldest first; at most `limit`.
    ///
    /// It costs the same however long the conversation is.
    pub async fn conversation_before(
        &self,
        id: ConversationId,
        before: Option<TimelineCursor>,
        limit: usize,
    ) -> Result<(Conversation, Vec<Entry>), EngineError> {
        let shown = self.shown_conversation(id).await?;
        let mut entries = Vec::new();
        for thread in self.threads_of(&shown).await? {
            entries.extend(self.store().conversation_entries_before(thread, before, limit).await?);
        }
        side_by_side(&mut entries);
        entries.drain(..entries.len().saturating_sub(limit));
        self.cover_entries(&mut entries);
        let mut shown = shown;
        self.cover_conversations(std::slice::from_mut(&mut shown));
        Ok((shown, entries))
    }

    /// Where an entry stands in a conversation; nothing where it stands in another, or nowhere.
    pub async fn place_in_conversation(
        &self,
        id: ConversationId,
        entry: EntryId,
    ) -> Result<Option<TimelineCursor>, EngineError> {
        let Some(seen) = self.store().seen(&[entry]).await?.pop().flatten() else { return Ok(None) };
        let Some(thread) = seen.conversation else { return Ok(None) };
        let shown = self.shown_conversation(id).await?.id;
        let is_here = thread == shown || self.shown_conversation(thread).await?.id == shown;
        Ok(is_here.then_some(TimelineCursor { at: seen.at, entry }))
    }

    /// The conversation in which one is shown: itself, unless it was merged into another.
    pub async fn shown_conversation(&self, id: ConversationId) -> Result<Conversation, EngineError> {
        let mut known = Known::empty(self.key().clone());
        let shown = self.know_shown(&mut known, id).await?;
        known.conversation(shown).cloned().ok_or_else(|| unknown(id))
    }

    /// For each of these conversations that one in which it is shown.
    pub async fn shown_in(
        &self,
        ids: BTreeSet<ConversationId>,
    ) -> Result<BTreeMap<ConversationId, ConversationId>, EngineError> {
        let mut known = Known::empty(self.key().clone());
        known.read_conversations(self.store().as_ref(), ids.clone()).await?;
        Ok(ids.into_iter().filter_map(|id| Some((id, follow(&known, id)?))).collect())
    }

    /// Reads a conversation and those it was merged into; gives the one in which it is shown.
    pub(super) async fn know_shown(
        &self,
        known: &mut Known,
        id: ConversationId,
    ) -> Result<ConversationId, EngineError> {
        known.read_conversations(self.store().as_ref(), [id].into()).await?;
        follow(known, id).ok_or_else(|| unknown(id))
    }

    /// The conversation and all that were merged into it, and into those.
    pub(super) async fn threads_of(
        &self,
        conversation: &Conversation,
    ) -> Result<Vec<ConversationId>, EngineError> {
        let mut threads = vec![conversation.id];
        let mut next = conversation.merged.clone();
        while !next.is_empty() && threads.len() < MOST_THREADS {
            next.retain(|id| !threads.contains(id));
            next.truncate(MOST_THREADS - threads.len());
            threads.extend(&next);
            let rows = self.store().conversations(&next).await?;
            next = rows.into_iter().flatten().flat_map(|row| row.merged).collect();
        }
        Ok(threads)
    }

    /// Adds a note for colleagues to a conversation. The same request again gives the same note.
    pub async fn add_conversation_note(
        &self,
        id: ConversationId,
        text: &str,
        request: &ExternalId,
        by: &Source,
        now: Timestamp,
    ) -> Result<EntryId, EngineError> {
        let text = super::edit::sound_note(text)?;
        until_settled!(self.try_add_conversation_note(id, text, request, by, now).await)
    }

    async fn try_add_conversation_note(
        &self,
        id: ConversationId,
        text: &str,
        request: &ExternalId,
        by: &Source,
        now: Timestamp,
    ) -> Result<EntryId, EngineError> {
        let store = self.store().as_ref();
        let entry = self.key().entry(request);
        if store.seen(&[entry]).await?.pop().flatten().is_some() {
            return Ok(entry);
        }
        let mut known = Known::empty(self.key().clone());
        let conversation = self.know_shown(&mut known, id).await?;
        let contact = known.conversation(conversation).and_then(|row| row.contacts.first().copied());
        let contact = contact.ok_or_else(|| EngineError::Invalid {
            what: "note".into(),
            why: "nobody who took part in the conversation is known any more".into(),
        })?;
        known.read_contacts(store, [contact].into()).await?;
        let not_found = || EngineError::NotFound { what: format!("contact `{contact}`") };
        let row = known.edit_contact(contact).ok_or_else(not_found)?;
        row.happened(EntryKind::Note, now);
        let profile = row.profile;
        known.note(Entry {
            id: entry,
            contact,
            at: now,
            recorded: now,
            kind: EntryKind::Note,
            source: by.clone(),
            channel: None,
            direction: None,
            conversation: Some(conversation),
            title: String::new(),
            summary: text.to_owned(),
            properties: BTreeMap::new(),
            has_body: false,
        });
        known.tell(Change::EntryAdded { profile, contact, entry, kind: EntryKind::Note });
        known.tell(Change::ConversationChanged { profile, conversation });
        self.store().commit(known.into_change_set(now)).await?;
        Ok(entry)
    }
}

/// Entries of several threads in their order; one that stands in two shows once.
fn side_by_side(entries: &mut Vec<Entry>) {
    entries.sort_by_key(|entry| (entry.at, entry.id));
    entries.dedup_by_key(|entry| (entry.at, entry.id));
}

/// Follows merges to the conversation in which one is shown.
fn follow(known: &Known, id: ConversationId) -> Option<ConversationId> {
    let mut shown = known.conversation(id)?;
    let mut steps = 0;
    while let Some(into) = shown.merged_into.filter(|_| steps < MOST_THREADS) {
        shown = known.conversation(into)?;
        steps += 1;
    }
    Some(shown.id)
}

pub(super) fn unknown(id: ConversationId) -> EngineError {
    EngineError::NotFound { what: format!("conversation `{id}`") }
}
