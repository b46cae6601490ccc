//! Merging conversations, splitting them, and taking either back.
//!
//! A merge moves nothing: one conversation says in which other it is shown, and is asked for its entries when that
//! one is read. So its undoing is exact whatever came between, in any order. Mail that answers the one merged away
//! is still recorded there, shown in the other, and goes back with it.
//!
//! A split is said of single messages, so it is written on them: their entries stay where they are, under their
//! contact, and name the new conversation. Where each was listed before is kept beside, and undoing reads it.

use std::collections::{BTreeMap, BTreeSet, btree_map::Entry as Slot};

use serde::{Deserialize, Serialize};

use super::{
    Engine, EngineError, MOST_TRIES,
    conversation::{MOST_THREADS, unknown},
    until_settled,
};
use crate::{
    feed::Change,
    identity::{Activity, Done, Known},
    model::{
        ContactId, Conversation, ConversationId, Direction, Entry, EntryId, EntryKind, ExternalId, Figures,
        Source, Timestamp, Value, bare_subject,
    },
    store::{Document, DocumentKind, Seen, StoreError, Write},
};

/// How many entries a conversation holds at most that can be split.
const MOST_SPLIT: usize = 2_000;

/// Which messages become a conversation of their own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SplitOff {
    /// A message and all that follows it.
    From(EntryId),
    /// These messages and notes, wherever they stand.
    Only(BTreeSet<EntryId>),
}

/// Where the entries of a split were listed before.
#[derive(Serialize, Deserialize)]
struct Homes(BTreeMap<EntryId, ConversationId>);

/// The document that keeps where the entries of a split were listed before.
pub(super) fn homes_id(split: ConversationId) -> String {
    format!("split:{split}")
}

impl Engine {
    /// Shows `from` and its messages in `into` from now on. The number of `from` leads there.
    ///
    /// Merging what was split off with what it was split off undoes the split.
    pub async fn merge_conversations(
        &self,
        from: ConversationId,
        into: ConversationId,
        by: &Source,
        now: Timestamp,
    ) -> Result<Conversation, EngineError> {
        until_settled!(self.try_merge_conversations(from, into, by, now).await)
    }

    async fn try_merge_conversations(
        &self,
        from: ConversationId,
        into: ConversationId,
        by: &Source,
        now: Timestamp,
    ) -> Result<Conversation, EngineError> {
        let mut known = Known::empty(self.key().clone());
        self.know_shown(&mut known, from).await?;
        let shown = self.know_shown(&mut known, into).await?;
        let invalid = |why: &str| EngineError::Invalid { what: "into".into(), why: why.into() };
        if shown == from {
            return Err(invalid("the two are shown as one conversation already"));
        }
        let row = known.conversation(from).ok_or_else(|| unknown(from))?.clone();
        if row.merged_into.is_some() {
            return Err(invalid(
                "the conversation to be merged is shown in another: merge that one, or undo first",
            ));
        }
        if row.split_from == Some(into) {
            return self.try_unsplit(known, row, into, by, now).await;
        }
        let root = known.conversation(shown).ok_or_else(|| unknown(into))?.clone();
        if self.threads_of(&row).await?.len() + self.threads_of(&root).await?.len() > MOST_THREADS {
            return Err(invalid(&format!("at most {MOST_THREADS} conversations are shown as one")));
        }
        if let Some(row) = known.edit_conversation(from) {
            row.merged_into = Some(into);
        }
        if let Some(row) = known.edit_conversation(into) {
            row.merged.push(from);
        }
        self.count_up(&mut known, into).await?;
        self.know_contacts_of(&mut known, shown).await?;
        let to = Value::text(from.to_string());
        let activity = Activity { done: Done::Merged, from: None, to, comment: &row.subject, by, at: now };
        known.record_activity(shown, activity);
        self.settle(known, shown, now).await
    }

    /// Takes back the last thing that was done to the threads of a conversation: that it was merged into another,
    /// or else that it was split off. Gives the conversation as it stands now and the one it was shown in.
    pub async fn undo_threading(
        &self,
        id: ConversationId,
        by: &Source,
        now: Timestamp,
    ) -> Result<Conversation, EngineError> {
        until_settled!(self.try_undo_threading(id, by, now).await)
    }

    async fn try_undo_threading(
        &self,
        id: ConversationId,
        by: &Source,
        now: Timestamp,
    ) -> Result<Conversation, EngineError> {
        let mut known = Known::empty(self.key().clone());
        self.know_shown(&mut known, id).await?;
        let row = known.conversation(id).ok_or_else(|| unknown(id))?.clone();
        match (row.merged_into, row.split_from) {
            (Some(into), Some(origin)) if into == origin => {
                Err(nothing_to_undo("its messages are back where they were split off: split again"))
            }
            (Some(into), _) => self.try_unmerge_conversation(known, row, into, by, now).await,
            (None, Some(origin)) => self.try_unsplit(known, row, origin, by, now).await,
            (None, None) => Err(nothing_to_undo("it was neither merged into another nor split off")),
        }
    }

    async fn try_unmerge_conversation(
        &self,
        mut known: Known,
        row: Conversation,
        into: ConversationId,
        by: &Source,
        now: Timestamp,
    ) -> Result<Conversation, EngineError> {
        let shown = self.know_shown(&mut known, into).await?;
        if let Some(row) = known.edit_conversation(row.id) {
            row.merged_into = None;
        }
        if let Some(parent) = known.edit_conversation(into) {
            parent.merged.retain(|other| *other != row.id);
        }
        self.count_up(&mut known, into).await?;
        self.know_contacts_of(&mut known, shown).await?;
        let to = Value::text(row.id.to_string());
        let activity = Activity { done: Done::Unmerged, from: None, to, comment: &row.subject, by, at: now };
        known.record_activity(shown, activity);
        self.settle(known, row.id, now).await
    }

    /// Makes some messages a conversation of their own.
    pub async fn split_conversation(
        &self,
        id: ConversationId,
        what: &SplitOff,
        by: &Source,
        now: Timestamp,
    ) -> Result<Conversation, EngineError> {
        until_settled!(self.try_split(id, what, by, now).await)
    }

    async fn try_split(
        &self,
        id: ConversationId,
        what: &SplitOff,
        by: &Source,
        now: Timestamp,
    ) -> Result<Conversation, EngineError> {
        let invalid = |why: &str| EngineError::Invalid { what: "entry".into(), why: why.into() };
        let mut known = Known::empty(self.key().clone());
        let shown = self.know_shown(&mut known, id).await?;
        let root = known.conversation(shown).ok_or_else(|| unknown(id))?.clone();
        let threads = self.threads_of(&root).await?;
        known.read_conversations(self.store().as_ref(), threads.iter().copied().collect()).await?;
        let all = self.entries_of(&threads, MOST_SPLIT).await?.ok_or_else(|| {
            invalid(&format!("a conversation of more than {MOST_SPLIT} entries cannot be split"))
        })?;
        let (rest, tail) = parted(all, what).map_err(invalid)?;
        let (rest, tail) = (rest.as_slice(), tail.as_slice());
        let is_message = |entry: &&Entry| entry.kind == EntryKind::Message;
        let begins = tail.iter().find(is_message).ok_or_else(|| invalid("choose at least one message"))?;
        if !rest.iter().any(|entry| entry.kind == EntryKind::Message) {
            return Err(invalid("no message would be left: leave out at least one"));
        }
        let external = ExternalId::new("split", format!("{shown}:{}:{}", begins.id, root.version));
        let new = self.key().conversation(&external);

        // Each entry stands under every contact it came from, and names its conversation there.
        let homes: BTreeMap<EntryId, ConversationId> =
            tail.iter().filter_map(|entry| Some((entry.id, entry.conversation?))).collect();
        let ids: Vec<EntryId> = tail.iter().map(|entry| entry.id).collect();
        let moved = self.relist(&mut known, &threads, &ids, &|_| Some(new)).await?;
        let contacts: BTreeSet<ContactId> = moved.iter().map(|entry| entry.contact).collect();
        let own = figures_of(tail, &moved);
        for thread in &threads {
            let (stays, goes) = (of_thread(rest, *thread), of_thread(tail, *thread));
            if !goes.is_empty()
                && let Some(row) = known.edit_conversation(*thread)
            {
                let own = without(row.own_figures(), &stays, &goes);
                row.count(own, None);
            }
        }
        // It answers nothing in its own conversation.
        let bare = bare_subject(&begins.title);
        let title = if bare.is_empty() { &root.subject } else { &bare };
        let channel = begins.channel.clone().unwrap_or_else(|| root.channel.clone());
        let mut row = Conversation {
            status: root.status,
            priority: root.priority,
            tags: root.tags.clone(),
            assignee: root.assignee.clone(),
            split_from: Some(shown),
            ..Conversation::new(new, title, channel, begins.at)
        };
        row.count(own, None);
        known.put_conversation(row);
        for contact in contacts {
            known.write(Write::Participation(contact, begins.at, new));
        }
        known.write(Write::Document(Document {
            kind: DocumentKind::Undo,
            id: homes_id(new),
            bytes: serde_json::to_vec(&Homes(homes.clone())).unwrap_or_default(),
            version: 1,
        }));
        for home in homes.values().copied().collect::<BTreeSet<_>>() {
            self.count_up(&mut known, home).await?;
        }
        self.know_contacts_of(&mut known, shown).await?;
        let to = Value::text(new.to_string());
        let activity = Activity { done: Done::Split, from: None, to, comment: title, by, at: now };
        known.record_activity(shown, activity);
        self.know_contacts_of(&mut known, new).await?;
        let from = Value::text(shown.to_string());
        let activity = Activity { done: Done::Split, from, to: None, comment: "", by, at: now };
        known.record_activity(new, activity);
        if let Some(profile) = self.profile_of(&known, new) {
            known.tell(Change::ConversationStarted { profile, conversation: new });
        }
        self.settle(known, new, now).await
    }

    async fn try_unsplit(
        &self,
        mut known: Known,
        row: Conversation,
        origin: ConversationId,
        by: &Source,
        now: Timestamp,
    ) -> Result<Conversation, EngineError> {
        let id = row.id;
        let gone = |_| nothing_to_undo("the conversation it was split off is gone");
        let shown = self.know_shown(&mut known, origin).await.map_err(gone)?;
        if shown == id {
            return Err(nothing_to_undo(
                "the conversation it was split off was merged into it: undo that first",
            ));
        }
        let all = self.entries_of(&[id], usize::MAX).await?.unwrap_or_default();
        let homes = self.homes_of(&mut known, id, origin, &all).await?;
        let ids: Vec<EntryId> = all.iter().map(|entry| entry.id).collect();
        let home_of = |entry: EntryId| Some(homes.get(&entry).copied().unwrap_or(origin));
        let moved = self.relist(&mut known, &[id], &ids, &home_of).await?;
        let mut back: BTreeMap<ConversationId, Vec<Entry>> = BTreeMap::new();
        for entry in &all {
            back.entry(home_of(entry.id).unwrap_or(origin)).or_default().push(entry.clone());
        }
        for (home, entries) in &back {
            let figures = figures_of(entries, &moved);
            if let Some(row) = known.edit_conversation(*home) {
                let mut own = row.own_figures();
                own.add(&figures);
                row.count(own, None);
            }
        }
        if let Some(row) = known.edit_conversation(id) {
            let mut own = row.own_figures();
            own.messages = 0;
            row.count(own, None);
            // Messages that a later split took from here may still come back to it, and then show there too.
            row.merged_into = Some(origin);
        }
        if let Some(row) = known.edit_conversation(origin) {
            row.merged.push(id);
        }
        // Where they were listed stays known: a later split of these messages may come back yet.
        for home in back.into_keys().chain([id, origin]).collect::<BTreeSet<_>>() {
            self.count_up(&mut known, home).await?;
        }
        self.know_contacts_of(&mut known, shown).await?;
        let to = Value::text(id.to_string());
        let activity = Activity { done: Done::Unsplit, from: None, to, comment: &row.subject, by, at: now };
        known.record_activity(shown, activity);
        self.settle(known, shown, now).await
    }

    /// Where entries of what was split off go back to: where they were listed before. Where that was split off
    /// itself and is back, they go on to where it had them from; what came since goes to where the split began.
    async fn homes_of(
        &self,
        known: &mut Known,
        id: ConversationId,
        origin: ConversationId,
        entries: &[Entry],
    ) -> Result<BTreeMap<EntryId, ConversationId>, EngineError> {
        let mut kept: BTreeMap<ConversationId, Homes> = BTreeMap::new();
        let mut homes = BTreeMap::new();
        for entry in entries {
            let (mut from, mut began) = (id, origin);
            for _ in 0..MOST_THREADS {
                let Homes(homes_before) = match kept.entry(from) {
                    Slot::Occupied(kept) => kept.into_mut(),
                    Slot::Vacant(slot) => {
                        let found = self.store().document(DocumentKind::Undo, &homes_id(from)).await?;
                        let read = found.and_then(|found| serde_json::from_slice(&found.bytes).ok());
                        slot.insert(read.unwrap_or(Homes(BTreeMap::new())))
                    }
                };
                let home = homes_before.get(&entry.id).copied().unwrap_or(began);
                known.read_conversations(self.store().as_ref(), [home].into()).await?;
                let Some(row) = known.conversation(home) else { break };
                homes.insert(entry.id, home);
                match row.split_from {
                    Some(split_from) if row.merged_into == Some(split_from) => {
                        (from, began) = (home, split_from)
                    }
                    _ => break,
                }
            }
        }
        Ok(homes)
    }

    /// All entries of threads in order, unless there are more than `most`.
    async fn entries_of(
        &self,
        threads: &[ConversationId],
        most: usize,
    ) -> Result<Option<Vec<Entry>>, EngineError> {
        const PAGE: usize = 500;
        let mut all = Vec::new();
        for thread in threads {
            let mut after = None;
            loop {
                let page = self.store().conversation_entries(*thread, after, PAGE).await?;
                let last = page.last().filter(|_| page.len() == PAGE);
                after = last.map(|entry| crate::model::TimelineCursor { at: entry.at, entry: entry.id });
                all.extend(page);
                if all.len() > most {
                    return Ok(None);
                }
                if after.is_none() {
                    break;
                }
            }
        }
        all.sort_by_key(|entry| (entry.at, entry.id));
        all.dedup_by_key(|entry| (entry.at, entry.id));
        Ok(Some(all))
    }

    /// Lists entries in other conversations, under each contact that they stand under; gives them as they were.
    async fn relist(
        &self,
        known: &mut Known,
        threads: &[ConversationId],
        ids: &[EntryId],
        to: &(dyn Fn(EntryId) -> Option<ConversationId> + Send + Sync),
    ) -> Result<Vec<Entry>, EngineError> {
        let store = self.store().as_ref();
        let contacts: BTreeSet<ContactId> = threads
            .iter()
            .filter_map(|thread| known.conversation(*thread))
            .flat_map(|row| row.own_figures().contacts)
            .collect();
        known.read_contacts(store, contacts.clone()).await?;
        let mut moved = Vec::new();
        for seen in store.seen(ids).await?.into_iter().flatten() {
            // One under whom it was noted first, and whoever else took part.
            for contact in contacts.iter().copied().chain([seen.contact]).collect::<BTreeSet<_>>() {
                let Some(entry) = store.entry(contact, seen.at, seen.entry).await? else { continue };
                if !known.has_contact(contact) {
                    known.read_contacts(store, [contact].into()).await?;
                }
                // Whoever is erased meanwhile must not come back by this.
                known.rely_on_contact(contact);
                known.write(Write::Entry(Entry { conversation: to(seen.entry), ..entry.clone() }));
                moved.push(entry);
            }
            known.write(Write::Seen(Seen { conversation: to(seen.entry), ..seen }));
        }
        Ok(moved)
    }

    /// Counts anew what is shown, from a conversation up to the one in which it is shown.
    async fn count_up(&self, known: &mut Known, from: ConversationId) -> Result<(), EngineError> {
        let mut place = Some(from);
        for _ in 0..MOST_THREADS {
            let Some(id) = place else { break };
            let Some(row) = known.conversation(id) else { break };
            place = row.merged_into;
            let merged = row.merged.clone();
            known.read_conversations(self.store().as_ref(), merged.iter().copied().collect()).await?;
            let Some(row) = known.conversation(id) else { break };
            let own = row.own_figures();
            let mut shown = own.clone();
            for other in merged.iter().filter_map(|other| known.conversation(*other)) {
                shown.add(&other.figures());
            }
            let shown = (!merged.is_empty()).then_some(shown);
            if let Some(row) = known.edit_conversation(id) {
                row.count(own, shown);
            }
        }
        Ok(())
    }

    async fn know_contacts_of(&self, known: &mut Known, id: ConversationId) -> Result<(), EngineError> {
        let first = known.conversation(id).and_then(|row| row.contacts.first().copied());
        Ok(known.read_contacts(self.store().as_ref(), first.into_iter().collect()).await?)
    }

    fn profile_of(&self, known: &Known, id: ConversationId) -> Option<crate::model::ProfileId> {
        let contact = known.conversation(id)?.contacts.first().copied()?;
        known.contact(contact).map(|contact| contact.profile)
    }

    /// Commits, and gives a conversation as it stands then.
    async fn settle(
        &self,
        known: Known,
        id: ConversationId,
        now: Timestamp,
    ) -> Result<Conversation, EngineError> {
        self.store().commit(known.into_change_set(now)).await?;
        let row = self.store().conversations(&[id]).await?.pop().flatten();
        row.ok_or_else(|| unknown(id))
    }
}

/// The entries of a conversation that stay, and those that are split off.
fn parted(all: Vec<Entry>, what: &SplitOff) -> Result<(Vec<Entry>, Vec<Entry>), &'static str> {
    const NO_SUCH: &str = "this conversation has no such message";
    match what {
        SplitOff::From(first) => {
            let is_first = |entry: &Entry| entry.id == *first && entry.kind == EntryKind::Message;
            let place = all.iter().position(is_first).ok_or(NO_SUCH)?;
            let mut rest = all;
            let tail = rest.split_off(place);
            Ok((rest, tail))
        }
        SplitOff::Only(chosen) => {
            let can_go = |entry: &Entry| {
                matches!(entry.kind, EntryKind::Message | EntryKind::Note) && chosen.contains(&entry.id)
            };
            let (tail, rest): (Vec<Entry>, Vec<Entry>) = all.into_iter().partition(can_go);
            if tail.len() == chosen.len() { Ok((rest, tail)) } else { Err(NO_SUCH) }
        }
    }
}

fn nothing_to_undo(why: &str) -> EngineError {
    EngineError::Invalid { what: "conversation".into(), why: why.into() }
}

fn of_thread(entries: &[Entry], thread: ConversationId) -> Vec<&Entry> {
    entries.iter().filter(|entry| entry.conversation == Some(thread)).collect()
}

/// What entries come to; `under` says under which contacts each stands.
fn figures_of(entries: &[Entry], under: &[Entry]) -> Figures {
    let begins = entries.first().map_or_else(Timestamp::default, |entry| entry.at);
    let mut figures = Figures {
        contacts: Vec::new(),
        started: begins,
        last_message: begins,
        last_direction: Direction::Inbound,
        messages: 0,
    };
    for entry in entries.iter().filter(|entry| entry.kind == EntryKind::Message) {
        let contacts: Vec<ContactId> =
            under.iter().filter(|other| other.id == entry.id).map(|other| other.contact).collect();
        figures.take_in(entry.at, entry.direction.unwrap_or(Direction::Inbound), &contacts);
    }
    figures
}

/// What is left of a thread without the entries that go. Whoever took part once still did.
fn without(mut own: Figures, stays: &[&Entry], goes: &[&Entry]) -> Figures {
    let messages =
        |entries: &[&Entry]| entries.iter().filter(|entry| entry.kind == EntryKind::Message).count() as u64;
    own.messages = own.messages.saturating_sub(messages(goes));
    let is_message = |entry: &&&Entry| entry.kind == EntryKind::Message;
    if let Some(first) = stays.iter().find(is_message) {
        own.started = first.at;
    }
    if let Some(last) = stays.iter().rfind(is_message) {
        own.last_message = last.at;
        own.last_direction = last.direction.unwrap_or(own.last_direction);
    }
    own
}
