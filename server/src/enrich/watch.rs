//! From the feed to the queue: who is to be asked about whom.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use whom_core::{
    engine::EngineError,
    feed::{Change, FeedNumber},
    model::{ContactId, ProfileId, Timestamp},
    store::{DocumentKind, StoreError},
};

use super::{
    Enrichment,
    job::{Checked, Job},
    settings::{self, EnrichmentSettings},
};
use crate::documents::{self, Fate, Stored};

/// How old a conversation may be and still count as one that arrives now: an import is no arrival.
const LIVE_DAYS: i64 = 2;

/// How many commits are read at a time.
const PAGE: usize = 256;

/// The document that says how far the feed was read.
const READER: &str = "enrichment";

/// How far the feed was read.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
struct Position {
    after: FeedNumber,
}

impl Stored for Position {
    const KIND: DocumentKind = DocumentKind::Reader;
}

impl Enrichment {
    /// Reads the feed for ever and queues what is to be asked.
    pub(super) async fn watch(&self) {
        let mut head = self.inner.state.store().feed_head();
        loop {
            if let Err(error) = self.read_feed().await {
                tracing::warn!(%error, "the feed cannot be read for enrichment; it is tried again");
                tokio::time::sleep(std::time::Duration::from_secs(5)).await;
            }
            if head.changed().await.is_err() {
                return;
            }
            // Under load many commits come in one breath; reading them together costs one look.
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
    }

    async fn read_feed(&self) -> Result<(), StoreError> {
        let store = self.inner.state.store();
        let position: Position = documents::get(store, READER).await?.unwrap_or_default();
        let mut after = position.after;
        loop {
            let commits = store.feed(after, PAGE).await?;
            let Some(last) = commits.last() else { break };
            after = last.number;
            let mut profiles = BTreeSet::new();
            for change in commits.iter().flat_map(|commit| &commit.changes) {
                match change {
                    Change::ConversationStarted { profile, conversation } => {
                        let found = store.conversations(&[*conversation]).await?.pop().flatten();
                        let now = self.inner.state.now();
                        if found.is_some_and(|row| row.last_message.days_until(now).abs() <= LIVE_DAYS) {
                            profiles.insert(*profile);
                        }
                    }
                    Change::DocumentChanged { kind, id } if kind == "setting" && id == settings::ID => {
                        self.apply_settings().await?;
                    }
                    _ => {}
                }
            }
            for profile in profiles {
                self.queue_profile(profile, "new conversation", false).await?;
            }
        }
        // Writing the position is a commit itself: only what was worth reading moves it.
        if after > position.after + 1 {
            let now = self.inner.state.now();
            documents::put(store, READER, now, &Position { after }).await?;
        }
        Ok(())
    }

    /// Queues a question to each provider that is on, about each contact it can be asked about.
    pub(super) async fn queue_profile(
        &self,
        profile: ProfileId,
        rule: &str,
        is_asked_for: bool,
    ) -> Result<usize, StoreError> {
        let store = self.inner.state.store();
        let settings = EnrichmentSettings::load(store).await?;
        let on = self.inner.providers.on(&settings);
        if on.is_empty() {
            return Ok(0);
        }
        if !self.may_ask_about(profile).await? {
            return Ok(0);
        }
        let row = store.profiles(&[profile]).await?.pop().flatten();
        let ids = row.filter(|row| row.is_live()).map_or_else(Vec::new, |row| row.contacts);
        let mut made = 0;
        for contact in store.contacts(&ids).await?.into_iter().flatten() {
            let Some(identifier) = contact.identifier() else { continue };
            for provider in &on {
                let manifest = &provider.found.manifest;
                let reads = manifest.hook("enrich").is_some_and(|hook| {
                    hook.reads.iter().any(|property| property == identifier.kind().as_str())
                });
                if reads && self.queue(&manifest.id, contact.id, rule, is_asked_for).await? {
                    made += 1;
                }
            }
        }
        Ok(made)
    }

    /// Whether providers may be asked about a customer; not about one who is gone.
    pub(super) async fn may_ask_about(&self, profile: ProfileId) -> Result<bool, StoreError> {
        match self.inner.state.engine().may_be_looked_up(profile).await {
            Ok(may) => Ok(may),
            Err(EngineError::Store(error)) => Err(error),
            Err(_) => Ok(false),
        }
    }

    async fn queue(
        &self,
        plugin: &str,
        contact: ContactId,
        rule: &str,
        is_asked_for: bool,
    ) -> Result<bool, StoreError> {
        let now = self.inner.state.now();
        let store = self.inner.state.store();
        let job = Job { plugin: plugin.to_owned(), contact, due: now, attempt: 1, rule: rule.to_owned() };
        let id = Checked::id(plugin, contact);
        let queued = documents::change(store, &id, now, |known: Option<Checked>| {
            let known = known.unwrap_or_default();
            if known.allows(now, is_asked_for) {
                (Fate::Put(Checked { queued: Some(job.id()), ..known }), true)
            } else {
                (Fate::Keep, false)
            }
        })
        .await?;
        if queued {
            documents::put(store, &job.id(), now, &job).await?;
            self.inner.bell.notify_waiters();
        }
        Ok(queued)
    }

    /// Puts a job back into the queue for later.
    pub(super) async fn queue_again(&self, job: &Job, due: Timestamp) -> Result<(), StoreError> {
        let store = self.inner.state.store();
        let now = self.inner.state.now();
        let again = Job { due, attempt: job.attempt + 1, ..job.clone() };
        documents::put(store, &again.id(), now, &again).await?;
        documents::change(store, &Checked::id(&job.plugin, job.contact), now, |known: Option<Checked>| {
            (Fate::Put(Checked { queued: Some(again.id()), ..known.unwrap_or_default() }), ())
        })
        .await?;
        self.remove(job).await
    }

    /// Takes a job out of the queue.
    pub(super) async fn remove(&self, job: &Job) -> Result<(), StoreError> {
        let store = self.inner.state.store();
        documents::change(store, &job.id(), self.inner.state.now(), |_: Option<Job>| (Fate::Remove, ())).await
    }
}
