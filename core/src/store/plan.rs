//! The other half of a commit: what a group of change sets does to the rows that are there.
//!
//! Change sets are looked at one after the other, each seeing what those before it in the group
//! will have written. One that does not hold leaves no trace, and the others go on.

use std::collections::BTreeMap;

use super::{
    ChangeSet, StoreError, inbox,
    memory::Memory,
    ordered::{Batch, Ordered},
    prepare::{Deed, Prepared, prepare, row},
    rows::{self, PieceCount, Row, Tail, feed_rows, key, key::Key},
    snapshot::Rows,
};
use crate::{
    feed::FeedNumber,
    model::{
        AccountId, ContactId, Conversation, ConversationId, Entry, EntryId, Profile, ProfileState,
        TimelineCursor,
    },
    store::Seen,
};

/// A group of change sets on its way to the rows.
pub(crate) struct Group<'a, O> {
    rows: &'a O,
    batch: Batch,
    tail: Tail,
    commits: Vec<(FeedNumber, Vec<u8>)>,
}

impl<'a, O: Ordered> Group<'a, O> {
    /// An empty group, to be applied to `rows` that stand at `tail`.
    pub(crate) fn new(rows: &'a O, tail: Tail) -> Self {
        Self { rows, batch: Batch::new(), tail, commits: Vec::new() }
    }

    /// Adds a change set; an error means that it is not part of the group.
    pub(crate) fn add(&mut self, prepared: Prepared) -> Result<FeedNumber, StoreError> {
        let mut draft = Draft { group: self, batch: Batch::new(), tail: self.tail };
        for (key, expected) in prepared.expects {
            let found = match draft.get(&key)? {
                Some(bytes) => draft.sound(&key, rows::version_of(&bytes))?,
                None => 0,
            };
            if found != expected.version {
                return Err(StoreError::Conflict { subject: expected.subject });
            }
        }
        for deed in prepared.deeds {
            draft.carry_out(deed)?;
        }
        let Draft { batch, mut tail, .. } = draft;
        tail.head += 1;
        self.commits.push((tail.head, prepared.changes));
        self.batch.extend(batch);
        self.tail = tail;
        Ok(tail.head)
    }

    /// What to apply, and where the rows stand then.
    pub(crate) fn finish(mut self) -> Result<(Batch, Tail), StoreError> {
        let feed = self.rows.sound(&key::feed(self.tail.head), feed_rows(&self.commits, &self.tail))?;
        self.batch.extend(feed.into_iter().map(|(key, row)| (key, Some(row))));
        Ok((self.batch, self.tail))
    }
}

/// One change set on top of the group before it.
struct Draft<'a, 'b, O> {
    group: &'a Group<'b, O>,
    batch: Batch,
    tail: Tail,
}

impl<O: Ordered> Draft<'_, '_, O> {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        match self.batch.get(key).or_else(|| self.group.batch.get(key)) {
            Some(written) => Ok(written.clone()),
            None => Ok(self.group.rows.get(key)?.map(|bytes| bytes.to_vec())),
        }
    }

    fn is_there(&self, key: &[u8]) -> Result<bool, StoreError> {
        match self.batch.get(key).or_else(|| self.group.batch.get(key)) {
            Some(written) => Ok(written.is_some()),
            None => Ok(self.group.rows.get(key)?.is_some()),
        }
    }

    fn row<R: Row>(&self, key: &[u8]) -> Result<Option<R>, StoreError> {
        self.get(key)?.map(|bytes| self.group.rows.read(key, &bytes)).transpose()
    }

    fn sound<T>(&self, key: &[u8], result: Result<T, rows::RowError>) -> Result<T, StoreError> {
        self.group.rows.sound(key, result)
    }

    /// All rows whose keys start with `prefix`, as they will be.
    fn all(&self, prefix: &[u8]) -> Result<BTreeMap<Key, Vec<u8>>, StoreError> {
        let mut all = BTreeMap::new();
        self.group.rows.each(prefix, |key, bytes| {
            all.insert(key.to_vec(), bytes.to_vec());
            Ok(())
        })?;
        for batch in [&self.group.batch, &self.batch] {
            let written = batch.range(prefix.to_vec()..).take_while(|(key, _)| key.starts_with(prefix));
            for (key, row) in written {
                match row {
                    Some(row) => all.insert(key.clone(), row.clone()),
                    None => all.remove(key),
                };
            }
        }
        Ok(all)
    }

    fn put(&mut self, key: Key, row: Vec<u8>) {
        self.batch.insert(key, Some(row));
    }

    fn remove(&mut self, key: Key) {
        self.batch.insert(key, None);
    }

    fn carry_out(&mut self, deed: Deed) -> Result<(), StoreError> {
        match deed {
            Deed::Put { key, row } => self.put(key, row),
            Deed::Contact { key, row } => {
                self.tail.contacts += u64::from(!self.is_there(&key)?);
                self.put(key, row);
            }
            Deed::Profile { key, row, live } => {
                let was_live = self.is_live(&key)?;
                self.tail.profiles = self.tail.profiles + u64::from(live) - u64::from(was_live);
                self.put(key, row);
            }
            Deed::Entry { key, row, at, contact, conversation } => {
                match self.row::<Entry>(&key)? {
                    None => self.tail.entries += 1,
                    Some(before) if before.conversation != conversation => self.unlist(&before),
                    Some(_) => {}
                }
                self.put(key, row);
                if let Some(conversation) = conversation {
                    self.put(key::conversation_entry(conversation, at), contact.as_bytes().to_vec());
                }
            }
            Deed::Body { entry, pieces } => {
                self.remove_body(entry)?;
                for (piece, row) in pieces.into_iter().enumerate() {
                    self.put(key::body_piece(entry, piece as u32), row);
                }
            }
            Deed::Conversation(conversation) => self.put_conversation(*conversation)?,
            Deed::Remove(key) => self.remove(key),
            Deed::EraseContact(contact) => self.erase_contact(contact)?,
            Deed::EraseConversation(conversation) => self.erase_conversation(conversation)?,
            Deed::EraseProfile(key) => {
                self.tail.profiles -= u64::from(self.is_live(&key)?);
                self.remove(key);
            }
        }
        Ok(())
    }

    fn is_live(&self, key: &[u8]) -> Result<bool, StoreError> {
        Ok(self.row::<Profile>(key)?.is_some_and(|profile| profile.state == ProfileState::Live))
    }

    /// Numbers a conversation that has no number; a number that is given stays.
    fn put_conversation(&mut self, mut conversation: Conversation) -> Result<(), StoreError> {
        let key = key::conversation(conversation.id);
        let before = self.row::<Conversation>(&key)?;
        let given = before.as_ref().map(|before| before.number);
        let refused = |why: String| StoreError::Refused { what: key::describe(&key), why };
        match given {
            Some(number) if conversation.number == 0 => conversation.number = number,
            Some(number) if conversation.number != number => {
                return Err(refused(format!(
                    "its number is {number} and cannot become {}",
                    conversation.number
                )));
            }
            Some(_) => {}
            None => {
                if conversation.number == 0 {
                    conversation.number = self.tail.conversation + 1;
                }
                let number = key::conversation_number(conversation.number);
                if self.is_there(&number)? {
                    return Err(refused(format!("another conversation has number {}", conversation.number)));
                }
                self.tail.conversation = self.tail.conversation.max(conversation.number);
                self.tail.conversations += 1;
                self.put(number, conversation.id.as_bytes().to_vec());
            }
        }
        let row = row(&key, &conversation)?;
        self.put(key, row);
        self.place(before.as_ref(), Some(&conversation));
        Ok(())
    }

    /// Keeps the lists of the inbox as a conversation changes: what stays is not written again.
    fn place(&mut self, before: Option<&Conversation>, after: Option<&Conversation>) {
        let (before, after) =
            (before.map(inbox::places).unwrap_or_default(), after.map(inbox::places).unwrap_or_default());
        for key in &before {
            if !after.contains(key) {
                self.remove(key.clone());
            }
        }
        for key in after {
            if !before.contains(&key) {
                self.put(key, Vec::new());
            }
        }
    }

    /// Takes an entry out of the list of its conversation.
    fn unlist(&mut self, entry: &Entry) {
        if let Some(conversation) = entry.conversation {
            let at = TimelineCursor { at: entry.at, entry: entry.id };
            self.remove(key::conversation_entry(conversation, at));
        }
    }

    fn remove_body(&mut self, entry: EntryId) -> Result<(), StoreError> {
        let first = key::body_piece(entry, 0);
        if let Some(bytes) = self.get(&first)? {
            let PieceCount(pieces) = self.sound(&first, PieceCount::of(&bytes))?;
            (0..pieces).for_each(|piece| self.remove(key::body_piece(entry, piece)));
        }
        Ok(())
    }

    fn erase_contact(&mut self, contact: ContactId) -> Result<(), StoreError> {
        self.tail.contacts -= u64::from(self.is_there(&key::contact(contact))?);
        for (key, bytes) in self.all(&key::timeline(contact))? {
            let entry: Entry = self.group.rows.read(&key, &bytes)?;
            self.unlist(&entry);
            self.remove_body(entry.id)?;
            self.remove_seen(entry.id, contact)?;
            self.tail.entries -= 1;
            self.remove(key);
        }
        for key in self.all(&key::seen_by(contact))?.into_keys() {
            let entry = self.sound(&key, key::id_at(&key, key::AFTER_ID))?;
            self.remove_body(entry)?;
            self.remove_seen(entry, contact)?;
            self.remove(key);
        }
        for key in self.all(&key::accounts_of(contact))?.into_keys() {
            let account: AccountId = self.sound(&key, key::id_at(&key, key::AFTER_ID))?;
            self.remove(key::account_member(account, contact));
            self.remove(key);
        }
        for prefix in [key::contact_and_claims(contact), key::participations(contact)] {
            self.all(&prefix)?.into_keys().for_each(|key| self.remove(key));
        }
        Ok(())
    }

    /// Forgets an arrival, unless it was since recorded under another contact.
    fn remove_seen(&mut self, entry: EntryId, contact: ContactId) -> Result<(), StoreError> {
        let key = key::seen(entry);
        if self.row::<Seen>(&key)?.is_some_and(|seen| seen.contact == contact) {
            self.remove(key);
        }
        Ok(())
    }

    fn erase_conversation(&mut self, id: ConversationId) -> Result<(), StoreError> {
        let key = key::conversation(id);
        if let Some(conversation) = self.row::<Conversation>(&key)? {
            self.tail.conversations -= 1;
            self.place(Some(&conversation), None);
            self.remove(key::conversation_number(conversation.number));
            for contact in conversation.contacts {
                for key in self.all(&key::participations(contact))?.into_keys() {
                    if self.sound(&key, key::falling_id_at::<ConversationId>(&key, key::AFTER_ID_AND_TIME))?
                        == id
                    {
                        self.remove(key);
                    }
                }
            }
            self.remove(key);
        }
        self.all(&key::conversation_entries(id))?.into_keys().for_each(|key| self.remove(key));
        Ok(())
    }
}

/// The rows that a change set puts into an empty store, beside its share of a row of the feed: key and bytes.
///
/// Each key costs an embedded store about the same time, however small the row. So their number is
/// what a message costs, and benchmarks keep watch over it.
pub fn rows_put(changes: ChangeSet) -> Result<Rows, StoreError> {
    let empty = Memory::default();
    let group = Group::new(&empty, Tail::default());
    let mut draft = Draft { group: &group, batch: Batch::new(), tail: group.tail };
    prepare(changes)?.deeds.into_iter().try_for_each(|deed| draft.carry_out(deed))?;
    Ok(draft.batch.into_iter().filter_map(|(key, row)| Some((key, row?))).collect())
}
