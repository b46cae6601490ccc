//! The store, for every engine that keeps rows of bytes in order.

use std::future::Future;

use async_trait::async_trait;
use tokio::sync::watch;

use super::{
    ChangeSet, Document, DocumentKind, Erased, Figures, Seen, Store, StoreError, backup, check, inbox,
    ordered::Ordered,
    prepare::{Prepared, prepare},
    reads::Reads,
    rows::Tail,
    snapshot::Snapshots,
};
use crate::{
    feed::{Commit, FeedNumber},
    model::{
        Account, AccountId, Body, Claim, ClaimId, Contact, ContactId, Conversation, ConversationId, Entry,
        EntryId, IdKey, InboxCursor, MembershipChange, MembershipId, Profile, ProfileId, Shelf,
        TimelineCursor, Timestamp, Tombstone, Whose,
    },
};

/// What an engine has to bring.
pub(crate) trait Embedded: Send + Sync + 'static {
    type Rows: Ordered;

    fn key(&self) -> &IdKey;

    /// Reads rows, of which none changes meanwhile; `Closed` when the store is closed.
    fn read<T>(&self, read: impl FnOnce(&Self::Rows) -> Result<T, StoreError>) -> Result<T, StoreError>;

    /// Commits: durable when it is answered.
    fn submit(&self, prepared: Prepared) -> impl Future<Output = Result<FeedNumber, StoreError>> + Send;

    /// Where the store stands.
    fn tail(&self) -> Tail;

    fn head(&self) -> &watch::Sender<FeedNumber>;

    fn snapshots(&self) -> &Snapshots;

    /// Bytes on disk.
    fn bytes(&self) -> Result<u64, StoreError>;

    fn shut(&self) -> impl Future<Output = Result<(), StoreError>> + Send;
}

macro_rules! ask {
    ($self:ident.$question:ident($($with:expr),*)) => {
        $self.read(|rows| Reads(rows).$question($($with),*))
    };
}

#[async_trait]
impl<E: Embedded> Store for E {
    fn id_key(&self) -> &IdKey {
        self.key()
    }

    async fn commit(&self, changes: ChangeSet) -> Result<FeedNumber, StoreError> {
        self.submit(prepare(changes)?).await
    }

    async fn contacts(&self, ids: &[ContactId]) -> Result<Vec<Option<Contact>>, StoreError> {
        ask!(self.contacts(ids))
    }

    async fn profiles(&self, ids: &[ProfileId]) -> Result<Vec<Option<Profile>>, StoreError> {
        ask!(self.profiles(ids))
    }

    async fn contacts_with_claims(
        &self,
        ids: &[ContactId],
    ) -> Result<Vec<Option<(Contact, Vec<Claim>)>>, StoreError> {
        ask!(self.contacts_with_claims(ids))
    }

    async fn claims(&self, contact: ContactId, ids: &[ClaimId]) -> Result<Vec<Option<Claim>>, StoreError> {
        ask!(self.claims(contact, ids))
    }

    async fn seen(&self, ids: &[EntryId]) -> Result<Vec<Option<Seen>>, StoreError> {
        ask!(self.seen(ids))
    }

    async fn erased(&self, ids: &[Tombstone]) -> Result<Vec<Option<Erased>>, StoreError> {
        ask!(self.erased(ids))
    }

    async fn timeline(
        &self,
        contact: ContactId,
        before: Option<TimelineCursor>,
        limit: usize,
    ) -> Result<Vec<Entry>, StoreError> {
        ask!(self.timeline(contact, before, limit))
    }

    async fn timeline_after(
        &self,
        contact: ContactId,
        after: TimelineCursor,
        limit: usize,
    ) -> Result<Vec<Entry>, StoreError> {
        ask!(self.timeline_after(contact, after, limit))
    }

    async fn entry(
        &self,
        contact: ContactId,
        at: Timestamp,
        id: EntryId,
    ) -> Result<Option<Entry>, StoreError> {
        ask!(self.entry(contact, at, id))
    }

    async fn body(&self, id: EntryId) -> Result<Option<Body>, StoreError> {
        ask!(self.body(id))
    }

    async fn conversations(&self, ids: &[ConversationId]) -> Result<Vec<Option<Conversation>>, StoreError> {
        ask!(self.conversations(ids))
    }

    async fn conversation_by_number(&self, number: u64) -> Result<Option<Conversation>, StoreError> {
        ask!(self.conversation_by_number(number))
    }

    async fn conversations_of(
        &self,
        contact: ContactId,
        limit: usize,
    ) -> Result<Vec<Conversation>, StoreError> {
        ask!(self.conversations_of(contact, limit))
    }

    async fn conversation_entries(
        &self,
        conversation: ConversationId,
        after: Option<TimelineCursor>,
        limit: usize,
    ) -> Result<Vec<Entry>, StoreError> {
        ask!(self.conversation_entries(conversation, after, limit))
    }

    async fn conversation_entries_before(
        &self,
        conversation: ConversationId,
        before: Option<TimelineCursor>,
        limit: usize,
    ) -> Result<Vec<Entry>, StoreError> {
        ask!(self.conversation_entries_before(conversation, before, limit))
    }

    async fn membership_changes(
        &self,
        ids: &[MembershipId],
    ) -> Result<Vec<Option<MembershipChange>>, StoreError> {
        ask!(self.membership_changes(ids))
    }

    async fn accounts(&self, ids: &[AccountId]) -> Result<Vec<Option<Account>>, StoreError> {
        ask!(self.accounts(ids))
    }

    async fn account_members(
        &self,
        account: AccountId,
        after: Option<ContactId>,
        limit: usize,
    ) -> Result<Vec<ContactId>, StoreError> {
        ask!(self.account_members(account, after, limit))
    }

    async fn accounts_after(
        &self,
        after: Option<AccountId>,
        limit: usize,
    ) -> Result<Vec<Account>, StoreError> {
        ask!(self.accounts_after(after, limit))
    }

    async fn profiles_after(
        &self,
        after: Option<ProfileId>,
        limit: usize,
    ) -> Result<Vec<Profile>, StoreError> {
        ask!(self.profiles_after(after, limit))
    }

    async fn conversations_before(
        &self,
        before: Option<u64>,
        limit: usize,
    ) -> Result<Vec<Conversation>, StoreError> {
        ask!(self.conversations_before(before, limit))
    }

    async fn inbox(
        &self,
        shelf: Shelf,
        whose: &Whose,
        after: Option<InboxCursor>,
        limit: usize,
    ) -> Result<Vec<Conversation>, StoreError> {
        ask!(self.inbox(shelf, whose, after, limit))
    }

    async fn inbox_beside(
        &self,
        shelf: Shelf,
        whose: &Whose,
        here: InboxCursor,
    ) -> Result<[Option<Conversation>; 2], StoreError> {
        ask!(self.inbox_beside(shelf, whose, here))
    }

    async fn inbox_count(&self, shelf: Shelf, whose: &Whose, most: usize) -> Result<usize, StoreError> {
        self.read(|rows| inbox::count(rows, shelf, whose, most))
    }

    async fn due(
        &self,
        until: Timestamp,
        limit: usize,
    ) -> Result<Vec<(Timestamp, ConversationId)>, StoreError> {
        self.read(|rows| inbox::due(rows, until, limit))
    }

    async fn document(&self, kind: DocumentKind, id: &str) -> Result<Option<Document>, StoreError> {
        ask!(self.document(kind, id))
    }

    async fn documents(
        &self,
        kind: DocumentKind,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<Document>, StoreError> {
        ask!(self.documents(kind, after, limit))
    }

    async fn feed(&self, after: FeedNumber, limit: usize) -> Result<Vec<Commit>, StoreError> {
        let head = *self.head().borrow();
        ask!(self.feed(after, head, limit))
    }

    fn feed_head(&self) -> watch::Receiver<FeedNumber> {
        self.head().subscribe()
    }

    async fn figures(&self) -> Result<Figures, StoreError> {
        Ok(self.tail().figures(self.bytes()?))
    }

    async fn backup(&self, to: &mut (dyn std::io::Write + Send)) -> Result<u64, StoreError> {
        backup::write(self, to).await
    }

    async fn check(&self) -> Result<Vec<String>, StoreError> {
        check::check(self).await
    }

    async fn close(&self) -> Result<(), StoreError> {
        self.shut().await
    }
}
