//! What those who work here are called, so that pages speak of colleagues by name and not by login name.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use whom_core::{
    feed::FeedNumber,
    store::{SharedStore, StoreError},
};

use super::people;

/// The most people whose names are kept at hand.
const MOST: usize = 1_000;

/// What everybody who works here is called, and whoever once did.
#[derive(Debug, Default)]
pub(crate) struct Names(BTreeMap<String, String>);

impl Names {
    /// What somebody is called, where that is more than their login name.
    pub(crate) fn of(&self, login: &str) -> Option<&str> {
        self.0.get(login).map(String::as_str).filter(|name| !name.is_empty() && *name != login)
    }
}

/// The names as they were read last, and how far the feed had come by then.
#[derive(Debug, Default)]
pub(crate) struct KnownNames(Mutex<Option<(FeedNumber, Arc<Names>)>>);

impl KnownNames {
    /// The names; read again when anything at all has happened since, so that they are never out of date.
    pub(crate) async fn get(&self, store: &SharedStore) -> Result<Arc<Names>, StoreError> {
        // Looked at before reading, so that a change in between is read the next time.
        let head = *store.feed_head().borrow();
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((at, names)) = known
            && at == head
        {
            return Ok(names);
        }
        let people = people::list(store, None, MOST).await?;
        let names = Arc::new(Names(people.into_iter().map(|one| (one.login, one.name)).collect()));
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((head, Arc::clone(&names)));
        Ok(names)
    }
}
