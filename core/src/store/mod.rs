//! Where ground state lives: one trait, its promises, and the engines that keep them.

mod changeset;
mod document;
mod error;

mod rows;

mod ordered;
mod prepare;

mod inbox;
mod plan;
mod reads;
mod snapshot;

mod backup;
mod check;

mod embedded;
mod memory;

mod writer;

mod sled_rows;
mod sled_store;

#[cfg(test)]
mod tests;

pub mod conformance;

pub use changeset::{ChangeSet, Expectation, Subject, Write};
pub use document::{Document, DocumentKind};
pub use error::StoreError;
pub use memory::MemoryStore;
pub use plan::rows_put;
pub use sled_store::{SledOptions, SledStore, Survives};

use std::sync::Arc;

use async_trait::async_trait;
use tokio::sync::watch;

use crate::{
    feed::{Commit, FeedNumber},
    model::{
        Account, AccountId, Body, Claim, Contact, ContactId, Conversation, ConversationId, Entry, EntryId,
        IdKey, InboxCursor, MembershipChange, MembershipId, Profile, ProfileId, Shelf, TimelineCursor,
        Timestamp, Tombstone, Whose,
    },
};

/// What is remembered of something that arrived: enough to give the first answer again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The id that follows from the sender's own.
    pub entry: EntryId,
    /// The contact it was recorded under.
    pub contact: ContactId,
    /// Its time, which with the contact and the id is its place in the timeline.
    pub at: Timestamp,
    /// The conversation it belongs to.
    pub conversation: Option<ConversationId>,
}

/// What an erasure left behind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erased {
    /// The keyed hash of the identifier.
    pub tombstone: Tombstone,
    /// When it was erased.
    pub at: Timestamp,
}

/// How much a store holds; counted while it runs, exact after a check by `whom doctor`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Figures {
    /// Profiles that are live.
    pub profiles: u64,
    /// Contacts, own ones included.
    pub contacts: u64,
    /// Timeline entries.
    pub entries: u64,
    /// Conversations.
    pub conversations: u64,
    /// Bytes on disk; zero for a store in memory.
    pub bytes: u64,
}

/// Ground state. Every engine keeps the same promises; one conformance suite holds them all to it.
///
/// Promises:
/// 1. **Atomic**: after `commit` returns, all of a change set is there or none of it, for readers and after a crash.
/// 2. **Durable**: what `commit` answered with a number survives the death of the process at any later moment.
/// 3. **Guarded**: a change set is applied only while every expectation holds; otherwise [`StoreError::Conflict`]
///    names the first that does not, and nothing is written.
/// 4. **Numbered**: commits get numbers without gaps, from one; the feed gives them in that order, and a commit
///    that has a number below the head never appears later.
/// 5. **Own writes are read**: a read that starts after `commit` returned sees it.
/// 6. **Ordered**: timelines are newest first, ties by id downwards; a cursor continues exactly after what was read,
///    also when entries arrive in between.
/// 7. **Flat**: reading a page costs the same however long the timeline or the conversation, at either end and anywhere
///    between.
/// 8. **Absent is an answer**: a row that is not there is `None`, never an error.
/// 9. **Conversation numbers** are given on the first write of a conversation, from one, never twice.
/// 10. **Shelved**: a conversation stands in exactly one list of the inbox, that of its shelf and its agent, by its
///    latest message; one that was merged away in none. A page costs the same however many conversations there are.
#[async_trait]
pub trait Store: Send + Sync + 'static {
    /// The key from which this store's ids follow.
    fn id_key(&self) -> &IdKey;

    /// Applies a change set; gives the number of the commit.
    async fn commit(&self, changes: ChangeSet) -> Result<FeedNumber, StoreError>;

    /// Contacts by id, in the order asked for.
    async fn contacts(&self, ids: &[ContactId]) -> Result<Vec<Option<Contact>>, StoreError>;

    /// Profiles by id, in the order asked for; merged ones as they are, not followed.
    async fn profiles(&self, ids: &[ProfileId]) -> Result<Vec<Option<Profile>>, StoreError>;

    /// Contacts with their claims, in the order asked for: what a view is made of, in one step.
    async fn contacts_with_claims(
        &self,
        ids: &[ContactId],
    ) -> Result<Vec<Option<(Contact, Vec<Claim>)>>, StoreError>;

    /// Single claims of a contact by id, in the order asked for.
    async fn claims(
        &self,
        contact: ContactId,
        ids: &[crate::model::ClaimId],
    ) -> Result<Vec<Option<Claim>>, StoreError>;

    /// What is remembered of arrivals, in the order asked for.
    async fn seen(&self, ids: &[EntryId]) -> Result<Vec<Option<Seen>>, StoreError>;

    /// Tombstones of the contacts named, in the order asked for.
    async fn erased(&self, ids: &[Tombstone]) -> Result<Vec<Option<Erased>>, StoreError>;

    /// The newest entries of one contact before `before`, newest first, at most `limit`.
    async fn timeline(
        &self,
        contact: ContactId,
        before: Option<TimelineCursor>,
        limit: usize,
    ) -> Result<Vec<Entry>, StoreError>;

    /// The entries of one contact after `after`, the nearest first, at most `limit`.
    async fn timeline_after(
        &self,
        contact: ContactId,
        after: TimelineCursor,
        limit: usize,
    ) -> Result<Vec<Entry>, StoreError>;

    /// One entry by its place.
    async fn entry(
        &self,
        contact: ContactId,
        at: Timestamp,
        id: EntryId,
    ) -> Result<Option<Entry>, StoreError>;

    /// The full form of an entry.
    async fn body(&self, id: EntryId) -> Result<Option<Body>, StoreError>;

    /// Conversations by id, in the order asked for.
    async fn conversations(&self, ids: &[ConversationId]) -> Result<Vec<Option<Conversation>>, StoreError>;

    /// The conversation with this number.
    async fn conversation_by_number(&self, number: u64) -> Result<Option<Conversation>, StoreError>;

    /// The conversations a contact took part in, the latest begun first, at most `limit`.
    async fn conversations_of(
        &self,
        contact: ContactId,
        limit: usize,
    ) -> Result<Vec<Conversation>, StoreError>;

    /// The entries of a conversation after `after`, oldest first, at most `limit`.
    async fn conversation_entries(
        &self,
        conversation: ConversationId,
        after: Option<TimelineCursor>,
        limit: usize,
    ) -> Result<Vec<Entry>, StoreError>;

    /// The newest entries of a conversation before `before`, newest first, at most `limit`.
    async fn conversation_entries_before(
        &self,
        conversation: ConversationId,
        before: Option<TimelineCursor>,
        limit: usize,
    ) -> Result<Vec<Entry>, StoreError>;

    /// Changes of membership by id, in the order asked for.
    async fn membership_changes(
        &self,
        ids: &[MembershipId],
    ) -> Result<Vec<Option<MembershipChange>>, StoreError>;

    /// Accounts by id, in the order asked for.
    async fn accounts(&self, ids: &[AccountId]) -> Result<Vec<Option<Account>>, StoreError>;

    /// The contacts linked to an account after `after`, in the order of their ids, at most `limit`.
    async fn account_members(
        &self,
        account: AccountId,
        after: Option<ContactId>,
        limit: usize,
    ) -> Result<Vec<ContactId>, StoreError>;

    /// All accounts after `after` in the order of their ids, at most `limit`.
    async fn accounts_after(
        &self,
        after: Option<AccountId>,
        limit: usize,
    ) -> Result<Vec<Account>, StoreError>;

    /// All profiles after `after` in the order of their ids, merged and trashed ones too, at most `limit`.
    async fn profiles_after(
        &self,
        after: Option<ProfileId>,
        limit: usize,
    ) -> Result<Vec<Profile>, StoreError>;

    /// All conversations by number downwards, before `before`, at most `limit`.
    async fn conversations_before(
        &self,
        before: Option<u64>,
        limit: usize,
    ) -> Result<Vec<Conversation>, StoreError>;

    /// The conversations of a list of the inbox after `after`, the latest message first, at most `limit`.
    async fn inbox(
        &self,
        shelf: Shelf,
        whose: &Whose,
        after: Option<InboxCursor>,
        limit: usize,
    ) -> Result<Vec<Conversation>, StoreError>;

    /// The conversations right above and right below a place in a list of the inbox; the place need not be taken.
    async fn inbox_beside(
        &self,
        shelf: Shelf,
        whose: &Whose,
        here: InboxCursor,
    ) -> Result<[Option<Conversation>; 2], StoreError>;

    /// How many conversations a list of the inbox holds; counting ends at `most`.
    async fn inbox_count(&self, shelf: Shelf, whose: &Whose, most: usize) -> Result<usize, StoreError>;

    /// The conversations that sleep until `until` or earlier, with their time, the earliest first, at most `limit`.
    async fn due(
        &self,
        until: Timestamp,
        limit: usize,
    ) -> Result<Vec<(Timestamp, ConversationId)>, StoreError>;

    /// A small document of the front ends: people, keys, sessions, settings, ledgers.
    async fn document(&self, kind: DocumentKind, id: &str) -> Result<Option<Document>, StoreError>;

    /// Documents of a kind whose ids come after `after`, in the order of their ids, at most `limit`.
    async fn documents(
        &self,
        kind: DocumentKind,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<Document>, StoreError>;

    /// Commits with numbers greater than `after`, in order, at most `limit` or a few more.
    async fn feed(&self, after: FeedNumber, limit: usize) -> Result<Vec<Commit>, StoreError>;

    /// The number of the latest durable commit, and word of every later one.
    fn feed_head(&self) -> watch::Receiver<FeedNumber>;

    /// How much there is.
    async fn figures(&self) -> Result<Figures, StoreError>;

    /// Writes everything as it stands at one moment, for [`SledStore::restore`] and [`MemoryStore::restore`];
    /// gives the number of the last commit in it. Commits go on meanwhile; writing to `to` blocks the thread.
    async fn backup(&self, to: &mut (dyn std::io::Write + Send)) -> Result<u64, StoreError>;

    /// Reads every row once and says in a sentence each what does not read or does not fit together.
    /// Commits go on meanwhile; reading keeps the thread busy.
    async fn check(&self) -> Result<Vec<String>, StoreError>;

    /// Makes everything answered so far durable and lets go of the folder; later calls fail with `Closed`.
    async fn close(&self) -> Result<(), StoreError>;
}

/// A store as it is handed around.
pub type SharedStore = Arc<dyn Store>;
