//! The one task that feeds the index, and what it does step by step.

use std::{collections::BTreeSet, sync::Arc, sync::atomic::Ordering, time::Duration};

use futures::{StreamExt, TryStreamExt, stream};
use tantivy::{Term, indexer::IndexWriter};

use super::{
    Search, SearchError,
    disk::Payload,
    document::IndexedProfile,
    filter::is_of_every_profile,
    overlay::{Pending, accounts_of, fingerprint},
    schema::Fields,
};
use crate::{
    engine::EngineError,
    feed::{Commit, FeedNumber},
    model::{ContactId, Profile, ProfileId, ProfileState, Timestamp},
    store::StoreError,
};

/// How often what is pending is committed.
const COMMIT_EVERY: Duration = Duration::from_millis(300);

/// How many pending profiles are committed at once, however soon.
const MOST_PENDING: usize = 2_000;

/// How many profiles are loaded in one go.
const BATCH: usize = 64;

/// How many profiles are loaded side by side; a store behind a network answers them together.
const SIDE_BY_SIDE: usize = 8;

/// How many commits are looked at in one go.
const COMMITS: usize = 512;

/// The most profiles that wait to be loaded before the rest of the feed is left for later.
const MOST_WAITING: usize = 20_000;

/// How many profiles a question loads itself before it is answered.
const MOST_CAUGHT_UP: usize = 500;

/// How long the task waits after a failure.
const PAUSE: Duration = Duration::from_secs(2);

impl Search {
    /// Feeds the index until `shutdown` is done or the store is closed.
    ///
    /// A failure is logged and tried again; questions are answered meanwhile from what is there.
    pub async fn run(&self, clock: impl Fn() -> Timestamp + Send, shutdown: impl Future<Output = ()> + Send) {
        let mut head = self.inner.engine.store().feed_head();
        let mut beat = tokio::time::interval(COMMIT_EVERY);
        beat.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        tokio::pin!(shutdown);
        loop {
            let step = tokio::select! {
                biased;
                () = &mut shutdown => break,
                step = self.step(clock()) => step,
            };
            let has_more = match step {
                Ok(has_more) => has_more,
                Err(error) => {
                    tracing::warn!(%error, "the search index could not go on; it tries again");
                    tokio::select! {
                        () = &mut shutdown => break,
                        () = tokio::time::sleep(PAUSE) => true,
                    }
                }
            };
            tokio::select! {
                biased;
                () = &mut shutdown => break,
                _ = beat.tick() => {
                    if let Err(error) = self.commit().await {
                        tracing::warn!(%error, "the search index could not be written; it tries again");
                    }
                }
                () = std::future::ready(()), if has_more => {}
                changed = head.changed(), if !has_more => if changed.is_err() { break },
            }
        }
        if let Err(error) = self.commit().await {
            tracing::warn!(%error, "the last changes are not in the search index; they are read again at the next start");
        }
    }

    /// Looks at the feed and loads one batch; says whether there is more to do.
    async fn step(&self, now: Timestamp) -> Result<bool, SearchError> {
        if self.needs_rebuild() {
            tracing::info!("the search index is being made from the store");
            self.rebuild(now, |_, _| {}).await?;
        }
        {
            let _reading = self.inner.reading.lock().await;
            self.scan().await?;
            let batch = self.state().oldest_dirty(BATCH);
            self.load(batch, now).await?;
        }
        if self.state().pending().len() >= MOST_PENDING {
            self.commit().await?;
        }
        let head = *self.inner.engine.store().feed_head().borrow();
        let state = self.state();
        Ok(state.waiting() > 0 || state.scanned < head)
    }

    /// Whether the index has to be made anew: it is empty, of another store, or of other rules.
    pub(super) fn needs_rebuild(&self) -> bool {
        let rules = self.inner.engine.rules();
        let state = self.state();
        state.is_stale || state.rules != rules.hash()
    }

    /// Brings everything into the index that the store holds now, and commits it.
    pub async fn settle(&self, now: Timestamp) -> Result<(), SearchError> {
        while self.step(now).await? {}
        self.commit().await
    }

    /// Takes in what the feed says before a question is answered; gives how many profiles are still missing.
    ///
    /// At most 500 profiles are loaded, the last touched first, so that whoever has just written finds it.
    pub async fn catch_up(&self, now: Timestamp) -> Result<u64, SearchError> {
        let head = *self.inner.engine.store().feed_head().borrow();
        let is_small = {
            let state = self.state();
            if state.scanned >= head && state.waiting() == 0 && !state.is_stale {
                return Ok(0);
            }
            state.is_stale && (1..=MOST_CAUGHT_UP as u64).contains(&state.missing)
        };
        if is_small {
            self.rebuild(now, |_, _| {}).await?;
        }
        let _reading = self.inner.reading.lock().await;
        self.scan().await?;
        let latest = self.state().latest_dirty(MOST_CAUGHT_UP);
        self.load(latest, now).await?;
        let state = self.state();
        Ok(state.missing + state.waiting() as u64 + head.saturating_sub(state.scanned))
    }

    /// Takes in profiles by id, whatever the feed says: they are found as they are from now on.
    pub async fn refresh(&self, profiles: &[ProfileId], now: Timestamp) -> Result<(), SearchError> {
        let _reading = self.inner.reading.lock().await;
        self.load(profiles.to_vec(), now).await
    }

    /// Looks at the feed up to its head, or until enough waits. Held by whoever holds `reading`.
    pub(super) async fn scan(&self) -> Result<(), SearchError> {
        let store = self.inner.engine.store();
        loop {
            let head = *store.feed_head().borrow();
            let after = {
                let state = self.state();
                if state.scanned >= head || state.waiting() >= MOST_WAITING {
                    return Ok(());
                }
                state.scanned
            };
            let commits = store.feed(after, COMMITS).await?;
            if commits.is_empty() {
                return Ok(());
            }
            let of_accounts = self.members_of_renamed(&commits).await?;
            self.state().scan(&commits, &of_accounts);
        }
    }

    /// The profiles that show the name of an account that has another name now.
    async fn members_of_renamed(
        &self,
        commits: &[Commit],
    ) -> Result<Vec<(FeedNumber, ProfileId)>, SearchError> {
        let store = self.inner.engine.store();
        let mut members = BTreeSet::new();
        for (number, id) in accounts_of(commits) {
            let Some(account) = store.accounts(&[id]).await?.pop().flatten() else { continue };
            if !self.state().is_renamed(id, &account.name) {
                continue;
            }
            let mut after: Option<ContactId> = None;
            loop {
                let contacts = store.account_members(id, after, COMMITS).await?;
                let Some(last) = contacts.last() else { break };
                after = Some(*last);
                let rows = store.contacts(&contacts).await?;
                members.extend(rows.into_iter().flatten().map(|contact| (number, contact.profile)));
            }
        }
        Ok(members.into_iter().collect())
    }

    /// Loads what profiles are now. Held by whoever holds `reading`.
    async fn load(&self, ids: Vec<ProfileId>, now: Timestamp) -> Result<(), SearchError> {
        for batch in ids.chunks(BATCH) {
            let rows = self.inner.engine.store().profiles(batch).await?;
            let rows: Vec<Profile> = rows.into_iter().flatten().collect();
            let there: Vec<ProfileId> = rows.iter().map(|row| row.id).collect();
            let profiles = self.all_indexed(&rows, now).await?;
            let free = self.free_in(profiles.iter().flatten());
            let mut state = self.state();
            state.meet(free);
            for id in batch.iter().filter(|id| !there.contains(id)) {
                state.loaded(*id, None);
            }
            for (id, profile) in there.into_iter().zip(profiles) {
                state.loaded(id, profile.map(Arc::new));
            }
        }
        Ok(())
    }

    /// What is indexed of several profiles, in their order.
    pub(super) async fn all_indexed(
        &self,
        rows: &[Profile],
        now: Timestamp,
    ) -> Result<Vec<Option<IndexedProfile>>, SearchError> {
        let views: Vec<_> = rows.iter().map(|row| self.indexed(row, now)).collect();
        stream::iter(views).buffered(SIDE_BY_SIDE).try_collect().await
    }

    /// What is indexed of a profile; nothing of one that was merged away or erased.
    async fn indexed(&self, row: &Profile, now: Timestamp) -> Result<Option<IndexedProfile>, SearchError> {
        if matches!(row.state, ProfileState::Merged { .. }) {
            return Ok(None);
        }
        match self.inner.engine.view(row.id, now).await {
            // It was merged away between the two reads; the feed will say so.
            Ok(view) if view.id != row.id => Ok(None),
            Ok(view) => {
                let rules = self.inner.engine.rules();
                Ok(Some(IndexedProfile::of(&view, row.created, rules.schema())))
            }
            Err(EngineError::NotFound { .. }) => Ok(None),
            Err(error @ EngineError::Store(StoreError::Damaged { .. })) => {
                // One damaged row must not keep all others from being found.
                tracing::warn!(profile = %row.id, %error, "a profile is left out of the search index");
                Ok(None)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// The properties of profiles that nobody defined.
    pub(super) fn free_in<'a>(
        &self,
        profiles: impl IntoIterator<Item = &'a IndexedProfile>,
    ) -> BTreeSet<String> {
        let rules = self.inner.engine.rules();
        let keys = profiles.into_iter().flat_map(|profile| profile.facts.of.keys());
        keys.filter(|key| !is_of_every_profile(key) && rules.schema().get(key).is_none()).cloned().collect()
    }

    /// Commits what is pending to the index.
    pub(super) async fn commit(&self) -> Result<(), SearchError> {
        let writer = Arc::clone(&self.inner.writer).lock_owned().await;
        let (pending, feed, rules) = {
            let state = self.state();
            // An index that has to be made anew must not look as if it had been.
            if state.is_stale || state.pending().is_empty() {
                return Ok(());
            }
            (state.pending(), state.settled(), state.rules.clone())
        };
        let payload = self.payload(feed, self.time_of(feed).await?, &rules);
        let written = Arc::clone(&pending);
        let inner = Arc::clone(&self.inner);
        let committing = tokio::task::spawn_blocking(move || {
            let mut writer = writer;
            if inner.is_torn.load(Ordering::Relaxed) {
                writer.rollback()?;
                inner.is_torn.store(false, Ordering::Relaxed);
            }
            let committed = write(&mut writer, &inner.fields, &pending, &payload);
            if committed.is_err() {
                // What was added before the failure would be committed with the next attempt, in part.
                writer.rollback()?;
            }
            committed?;
            inner.reader.reload()?;
            Ok::<_, SearchError>(())
        });
        committing.await.map_err(std::io::Error::other)??;
        self.state().committed(&written);
        Ok(())
    }

    /// How far the index will have come with a commit of its own.
    pub(super) fn payload(&self, feed: FeedNumber, at: Option<Timestamp>, rules: &str) -> Payload {
        let free = self.state().free.as_ref().clone();
        Payload { feed, at, rules: rules.to_owned(), store: fingerprint(&self.inner.engine), free }
    }

    /// When a commit of the store was made.
    pub(super) async fn time_of(&self, number: FeedNumber) -> Result<Option<Timestamp>, SearchError> {
        if number == 0 {
            return Ok(None);
        }
        let commits = self.inner.engine.store().feed(number - 1, 1).await?;
        Ok(commits.into_iter().find(|commit| commit.number == number).map(|commit| commit.at))
    }
}

fn write(
    writer: &mut IndexWriter,
    fields: &Fields,
    pending: &Pending,
    payload: &Payload,
) -> Result<(), SearchError> {
    for (id, pended) in pending {
        writer.delete_term(Term::from_field_text(fields.id, &id.to_string()));
        if let Some(profile) = &pended.profile {
            writer.add_document(profile.to_tantivy(fields)?)?;
        }
    }
    commit_with(writer, payload)
}

/// Commits what the writer holds, saying how far that goes.
pub(super) fn commit_with(writer: &mut IndexWriter, payload: &Payload) -> Result<(), SearchError> {
    let mut prepared = writer.prepare_commit()?;
    prepared.set_payload(&serde_json::to_string(payload).map_err(std::io::Error::other)?);
    prepared.commit()?;
    Ok(())
}
