//! What every embedded engine reads, and in which order.

use std::ops::ControlFlow;

use super::{
    Document, DocumentKind, Erased, Seen, StoreError, inbox,
    ordered::Ordered,
    rows::{FeedRow, Row, join_body, key, key::Key},
};
use crate::{
    feed::{Commit, FeedNumber},
    model::{
        Account, AccountId, Body, Claim, ClaimId, Contact, ContactId, Conversation, ConversationId, Entry,
        EntryId, InboxCursor, MembershipChange, MembershipId, Profile, ProfileId, Shelf, TimelineCursor,
        Timestamp, Tombstone, Whose,
    },
};

type Read<T> = Result<T, StoreError>;
type ContactWithClaims = (Contact, Vec<Claim>);

/// The questions of the store, asked of rows.
pub(crate) struct Reads<'a, O>(pub(crate) &'a O);

impl<O: Ordered> Reads<'_, O> {
    fn each_of<I: Copy, R: Row>(&self, ids: &[I], key: impl Fn(I) -> Key) -> Read<Vec<Option<R>>> {
        ids.iter().map(|id| self.0.row(&key(*id))).collect()
    }

    /// Up to `limit` things from the rows after `after`, or from the first.
    fn page<T>(
        &self,
        prefix: Key,
        after: Option<Key>,
        limit: usize,
        mut read: impl FnMut(&[u8], &[u8]) -> Read<Option<T>>,
    ) -> Read<Vec<T>> {
        let mut page = Vec::new();
        if limit == 0 {
            return Ok(page);
        }
        let from = after.map_or_else(|| prefix.clone(), key::after);
        self.0.scan(&from, &prefix, &mut |key, bytes| {
            page.extend(read(key, bytes)?);
            Ok(if page.len() < limit { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
        })?;
        Ok(page)
    }

    fn rows<R: Row>(&self, prefix: Key, after: Option<Key>, limit: usize) -> Read<Vec<R>> {
        self.page(prefix, after, limit, |key, bytes| self.0.read(key, bytes).map(Some))
    }

    pub(crate) fn contacts(&self, ids: &[ContactId]) -> Read<Vec<Option<Contact>>> {
        self.each_of(ids, key::contact)
    }

    pub(crate) fn profiles(&self, ids: &[ProfileId]) -> Read<Vec<Option<Profile>>> {
        self.each_of(ids, key::profile)
    }

    pub(crate) fn contacts_with_claims(&self, ids: &[ContactId]) -> Read<Vec<Option<ContactWithClaims>>> {
        ids.iter().map(|id| self.contact_with_claims(*id)).collect()
    }

    fn contact_with_claims(&self, id: ContactId) -> Read<Option<ContactWithClaims>> {
        let (mut contact, mut claims) = (None, Vec::new());
        self.0.each(&key::contact_and_claims(id), |key, bytes| {
            if key::is_claim(key) {
                claims.push(self.0.read(key, bytes)?);
            } else {
                contact = Some(self.0.read(key, bytes)?);
            }
            Ok(())
        })?;
        Ok(contact.map(|contact| (contact, claims)))
    }

    pub(crate) fn claims(&self, contact: ContactId, ids: &[ClaimId]) -> Read<Vec<Option<Claim>>> {
        self.each_of(ids, |id| key::claim(contact, id))
    }

    pub(crate) fn seen(&self, ids: &[EntryId]) -> Read<Vec<Option<Seen>>> {
        self.each_of(ids, key::seen)
    }

    pub(crate) fn erased(&self, ids: &[Tombstone]) -> Read<Vec<Option<Erased>>> {
        self.each_of(ids, key::erased)
    }

    pub(crate) fn timeline(
        &self,
        contact: ContactId,
        before: Option<TimelineCursor>,
        limit: usize,
    ) -> Read<Vec<Entry>> {
        let after = before.map(|cursor| key::entry(contact, cursor.at, cursor.entry));
        self.rows(key::timeline(contact), after, limit)
    }

    pub(crate) fn timeline_after(
        &self,
        contact: ContactId,
        after: TimelineCursor,
        limit: usize,
    ) -> Read<Vec<Entry>> {
        let mut page = Vec::new();
        if limit == 0 {
            return Ok(page);
        }
        // The newest stands first, so what is newer than a place stands before it.
        let before = key::entry(contact, after.at, after.entry);
        self.0.scan_back(&before, &key::timeline(contact), &mut |key, bytes| {
            page.push(self.0.read(key, bytes)?);
            Ok(if page.len() < limit { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
        })?;
        Ok(page)
    }

    pub(crate) fn entry(&self, contact: ContactId, at: Timestamp, id: EntryId) -> Read<Option<Entry>> {
        self.0.row(&key::entry(contact, at, id))
    }

    pub(crate) fn body(&self, id: EntryId) -> Read<Option<Body>> {
        let prefix = key::body(id);
        let mut pieces = Vec::new();
        self.0.each(&prefix, |_, bytes| {
            pieces.push(bytes.to_vec());
            Ok(())
        })?;
        if pieces.is_empty() {
            return Ok(None);
        }
        self.0.sound(&prefix, join_body(&pieces)).map(Some)
    }

    pub(crate) fn conversations(&self, ids: &[ConversationId]) -> Read<Vec<Option<Conversation>>> {
        self.each_of(ids, key::conversation)
    }

    pub(crate) fn conversation_by_number(&self, number: u64) -> Read<Option<Conversation>> {
        let key = key::conversation_number(number);
        match self.0.get(&key)? {
            Some(bytes) => self.numbered(&key, &bytes),
            None => Ok(None),
        }
    }

    /// The conversation that a row of the numbers names.
    fn numbered(&self, key: &[u8], bytes: &[u8]) -> Read<Option<Conversation>> {
        let id: ConversationId = self.0.sound(key, key::id_at(bytes, 0))?;
        self.0.row(&key::conversation(id))
    }

    pub(crate) fn conversations_before(&self, before: Option<u64>, limit: usize) -> Read<Vec<Conversation>> {
        let after = before.map(key::conversation_number);
        let prefix = key::Table::ConversationNumber.prefix();
        self.page(prefix, after, limit, |key, bytes| self.numbered(key, bytes))
    }

    pub(crate) fn conversations_of(&self, contact: ContactId, limit: usize) -> Read<Vec<Conversation>> {
        // A message that comes late moves the beginning of its conversation, which then stands here twice.
        let mut known = std::collections::HashSet::new();
        self.page(key::participations(contact), None, limit, |key, _| {
            let id = self.0.sound(key, key::falling_id_at(key, key::AFTER_ID_AND_TIME))?;
            if known.insert(id) { self.0.row(&key::conversation(id)) } else { Ok(None) }
        })
    }

    pub(crate) fn inbox(
        &self,
        shelf: Shelf,
        whose: &Whose,
        after: Option<InboxCursor>,
        limit: usize,
    ) -> Read<Vec<Conversation>> {
        let ids = inbox::page(self.0, shelf, whose, after, limit)?;
        Ok(self.conversations(&ids)?.into_iter().flatten().collect())
    }

    pub(crate) fn inbox_beside(
        &self,
        shelf: Shelf,
        whose: &Whose,
        here: InboxCursor,
    ) -> Read<[Option<Conversation>; 2]> {
        let [above, below] = inbox::beside(self.0, shelf, whose, here)?;
        let row = |id: Option<ConversationId>| match id {
            Some(id) => self.0.row(&key::conversation(id)),
            None => Ok(None),
        };
        Ok([row(above)?, row(below)?])
    }

    pub(crate) fn conversation_entries(
        &self,
        conversation: ConversationId,
        after: Option<TimelineCursor>,
        limit: usize,
    ) -> Read<Vec<Entry>> {
        let after = after.map(|cursor| key::conversation_entry(conversation, cursor));
        self.page(key::conversation_entries(conversation), after, limit, |key, bytes| self.listed(key, bytes))
    }

    pub(crate) fn conversation_entries_before(
        &self,
        conversation: ConversationId,
        before: Option<TimelineCursor>,
        limit: usize,
    ) -> Read<Vec<Entry>> {
        let mut page = Vec::new();
        if limit == 0 {
            return Ok(page);
        }
        let list = key::conversation_entries(conversation);
        let before =
            before.map_or_else(|| key::end_of(&list), |cursor| key::conversation_entry(conversation, cursor));
        self.0.scan_back(&before, &list, &mut |key, bytes| {
            page.extend(self.listed(key, bytes)?);
            Ok(if page.len() < limit { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
        })?;
        Ok(page)
    }

    /// The entry that a row of a conversation's list names.
    fn listed(&self, key: &[u8], bytes: &[u8]) -> Read<Option<Entry>> {
        let contact = self.0.sound(key, key::id_at(bytes, 0))?;
        let at = self.0.sound(key, key::time_at(key, key::AFTER_ID))?;
        let id = self.0.sound(key, key::id_at(key, key::AFTER_ID_AND_TIME))?;
        self.entry(contact, at, id)
    }

    pub(crate) fn membership_changes(&self, ids: &[MembershipId]) -> Read<Vec<Option<MembershipChange>>> {
        self.each_of(ids, key::membership)
    }

    pub(crate) fn accounts(&self, ids: &[AccountId]) -> Read<Vec<Option<Account>>> {
        self.each_of(ids, key::account)
    }

    pub(crate) fn account_members(
        &self,
        account: AccountId,
        after: Option<ContactId>,
        limit: usize,
    ) -> Read<Vec<ContactId>> {
        let after = after.map(|contact| key::account_member(account, contact));
        self.page(key::account_members(account), after, limit, |key, _| {
            self.0.sound(key, key::id_at(key, key::AFTER_ID)).map(Some)
        })
    }

    pub(crate) fn accounts_after(&self, after: Option<AccountId>, limit: usize) -> Read<Vec<Account>> {
        self.rows(key::Table::Account.prefix(), after.map(key::account), limit)
    }

    pub(crate) fn profiles_after(&self, after: Option<ProfileId>, limit: usize) -> Read<Vec<Profile>> {
        self.rows(key::Table::Profile.prefix(), after.map(key::profile), limit)
    }

    pub(crate) fn document(&self, kind: DocumentKind, id: &str) -> Read<Option<Document>> {
        self.0.row(&key::document(kind, id))
    }

    pub(crate) fn documents(
        &self,
        kind: DocumentKind,
        after: Option<&str>,
        limit: usize,
    ) -> Read<Vec<Document>> {
        self.rows(key::documents(kind), after.map(|id| key::document(kind, id)), limit)
    }

    /// Commits after `after` up to `head`: what is written but not yet durable may still come to nothing.
    pub(crate) fn feed(&self, after: FeedNumber, head: FeedNumber, limit: usize) -> Read<Vec<Commit>> {
        let mut page = Vec::new();
        if after >= head || limit == 0 {
            return Ok(page);
        }
        self.0.scan(&key::feed(after + 1), &key::Table::Feed.prefix(), &mut |key, bytes| {
            let row = self.0.sound(key, FeedRow::decode(bytes))?;
            page.extend(
                row.commits.into_iter().filter(|commit| commit.number > after && commit.number <= head),
            );
            let is_last = row.tail.head >= head;
            Ok(if page.len() < limit && !is_last {
                ControlFlow::Continue(())
            } else {
                ControlFlow::Break(())
            })
        })?;
        page.truncate(limit);
        Ok(page)
    }
}
