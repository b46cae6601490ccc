//! Making the index anew from the store.

use std::{
    collections::BTreeSet,
    sync::{Arc, atomic::Ordering},
};

use super::{Search, SearchError, indexer::commit_with};
use crate::model::{Profile, ProfileId, Timestamp};

/// How many profiles are read in one go.
const PAGE: usize = 256;

impl Search {
    /// Makes the index anew from all profiles; `progress` is told how many are done, and of how many.
    ///
    /// Questions are answered from the old index meanwhile. Giving up half-way leaves the old one as it was.
    pub async fn rebuild(
        &self,
        now: Timestamp,
        progress: impl Fn(u64, u64) + Send,
    ) -> Result<(), SearchError> {
        let engine = &self.inner.engine;
        let mut writer = Arc::clone(&self.inner.writer).lock_owned().await;
        let rules = engine.rules().hash().to_owned();
        // What is read from here on is at least as new as the head is now.
        let head = *engine.store().feed_head().borrow();
        let time = self.time_of(head).await?;
        let mut free = BTreeSet::new();
        let replaced = self.state().pending();
        let total = engine.store().figures().await?.profiles;
        let mut done = 0;
        let mut after: Option<ProfileId> = None;
        // Set before anything is deleted: a rebuild that is given up must not be committed by whoever writes next.
        self.inner.is_torn.store(true, Ordering::Relaxed);
        writer.rollback()?;
        writer.delete_all_documents()?;
        loop {
            let page: Vec<Profile> = engine.store().profiles_after(after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = Some(last.id);
            let profiles = self.all_indexed(&page, now).await?;
            let fields = self.inner.fields;
            let profiles: Vec<_> = profiles.into_iter().flatten().collect();
            free.extend(self.free_in(&profiles));
            done += profiles.len() as u64;
            let added = tokio::task::spawn_blocking(move || {
                for profile in &profiles {
                    writer.add_document(profile.to_tantivy(&fields)?)?;
                }
                Ok::<_, SearchError>(writer)
            });
            writer = added.await.map_err(std::io::Error::other)??;
            {
                let mut state = self.state();
                state.missing = state.missing.min(total.saturating_sub(done));
            }
            progress(done, total.max(done));
        }
        self.state().meet(free);
        let payload = self.payload(head, time, &rules);
        let inner = Arc::clone(&self.inner);
        let committed = tokio::task::spawn_blocking(move || {
            commit_with(&mut writer, &payload)?;
            inner.is_torn.store(false, Ordering::Relaxed);
            inner.reader.reload()?;
            // Told here rather than after the wait, which may be given up: what is committed is committed.
            inner.state().rebuilt(head, &rules, &replaced);
            Ok::<_, SearchError>(())
        });
        committed.await.map_err(std::io::Error::other)?
    }
}
