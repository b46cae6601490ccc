//! The engine: what a front end asks of profiles. Reads rows, decides, commits, and decides again on conflict.

mod accounts;
mod conversation;
mod conversation_edit;
mod decisions;
mod edit;
mod erase;
mod error;
mod inbox;
mod ingest;
mod kept;
mod likely;
mod looked_up;
mod membership;
mod notes;
mod outgoing;
mod preview;
mod read;
mod record;
mod record_read;
mod relationships;
mod tasks;
mod threads;

pub use accounts::AccountPatch;
pub use conversation_edit::{ConversationEdit, fold_tag};
pub use decisions::{Choice, Wish};
pub use edit::{Edit, Enrichment};
pub use erase::{ErasePlan, ErasureReceipt};
pub use error::EngineError;
pub use inbox::{BoundedCount, COUNT_TO, InboxCounts, InboxFilter, InboxPage};
pub use likely::LikelySame;
pub use notes::{NotePage, NoteView, NoteWish};
pub use outgoing::{Beside, Outgoing, OutgoingTo, RecordedOutgoing};
pub use preview::{MergePreview, PreviewChoice, PreviewField};
pub use read::TimelinePage;
pub use record::{Happened, Happening, Opened, RecordKind, RecordPage, Said, Way};
pub use relationships::RelationshipView;
pub use tasks::{TaskDeed, TaskDraft, TaskList, TaskPage, TaskView};
pub use threads::SplitOff;

use std::sync::Arc;

use arc_swap::ArcSwap;

use crate::{
    hooks::Hooks,
    model::{Conversation, Entry, IdKey, ProfileId, ProfileState, PropertyKey},
    rules::Rules,
    store::{SharedStore, StoreError},
    view::{ProfileView, Sight},
};

/// How often a decision is made again because somebody else was faster, before that is given up.
const MOST_TRIES: usize = 200;

/// What a front end asks of profiles. Cheap to clone; all clones are the same engine.
#[derive(Clone)]
pub struct Engine {
    inner: Arc<Inner>,
    sight: Option<Arc<Sight>>,
}

struct Inner {
    store: SharedStore,
    rules: Arc<ArcSwap<Rules>>,
    hooks: ArcSwap<Hooks>,
}

impl Engine {
    /// An engine over a store, with rules that may be swapped at any time.
    pub fn new(store: SharedStore, rules: Arc<ArcSwap<Rules>>) -> Self {
        Self {
            inner: Arc::new(Inner { store, rules, hooks: ArcSwap::from_pointee(Hooks::default()) }),
            sight: None,
        }
    }

    /// The same engine for somebody who does not see everything: all that it tells is covered as theirs is.
    ///
    /// What only the house reads, such as rules and search, goes on with the engine that sees all.
    pub fn seen_by(&self, sight: Arc<Sight>) -> Self {
        Self { inner: Arc::clone(&self.inner), sight: (!sight.is_whole()).then_some(sight) }
    }

    /// What whoever asks may see; nothing where they see all.
    pub fn sight(&self) -> Option<&Arc<Sight>> {
        self.sight.as_ref()
    }

    /// The same engine for the house itself, which sees everything.
    pub fn in_full(&self) -> Self {
        Self { inner: Arc::clone(&self.inner), sight: None }
    }

    fn cover_view(&self, mut view: ProfileView) -> ProfileView {
        if let Some(sight) = &self.sight {
            sight.cover_view(&mut view);
        }
        view
    }

    fn cover_entries(&self, entries: &mut [Entry]) {
        if let Some(sight) = &self.sight {
            entries.iter_mut().for_each(|entry| sight.cover_entry(entry));
        }
    }

    fn cover_conversations(&self, conversations: &mut [Conversation]) {
        if let Some(sight) = &self.sight {
            conversations.iter_mut().for_each(|conversation| sight.cover_conversation(conversation));
        }
    }

    /// Refuses to change what whoever asks may not.
    fn check_theirs(&self, property: &PropertyKey) -> Result<(), EngineError> {
        match &self.sight {
            Some(sight) if !sight.edits(property.as_str()) => {
                Err(EngineError::NotYours { property: property.to_string() })
            }
            _ => Ok(()),
        }
    }

    /// The store underneath.
    pub fn store(&self) -> &SharedStore {
        &self.inner.store
    }

    /// The rules in force; they stay the same for whoever holds them.
    pub fn rules(&self) -> Arc<Rules> {
        self.inner.rules.load_full()
    }

    /// Says who takes part before a commit.
    pub fn set_hooks(&self, hooks: Hooks) {
        self.inner.hooks.store(Arc::new(hooks));
    }

    fn hooks(&self) -> Arc<Hooks> {
        self.inner.hooks.load_full()
    }

    fn key(&self) -> &IdKey {
        self.inner.store.id_key()
    }

    /// Follows merges to the profile that is shown; one in the trash is shown as such.
    pub async fn resolve(&self, id: ProfileId) -> Result<ProfileId, EngineError> {
        let mut resolved = id;
        for _ in 0..10_000 {
            let profile = self.inner.store.profiles(&[resolved]).await?.pop().flatten();
            match profile.ok_or_else(|| EngineError::NotFound { what: format!("profile `{id}`") })?.state {
                ProfileState::Merged { into, .. } => resolved = into,
                _ => return Ok(resolved),
            }
        }
        Err(EngineError::Store(StoreError::Damaged {
            what: id.to_string(),
            why: "its merges go in a circle".into(),
        }))
    }
}

/// Runs a decision until nobody was faster.
macro_rules! until_settled {
    ($body:expr) => {{
        let mut tries = 0;
        loop {
            match $body {
                Err(EngineError::Store(StoreError::Conflict { .. })) if tries < MOST_TRIES => {
                    tries += 1;
                    // Whoever was faster may still be on it; let others of this thread go first.
                    tokio::task::yield_now().await;
                }
                other => break other,
            }
        }
    }};
}
use until_settled;
