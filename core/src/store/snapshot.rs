//! Reading all rows as they stand at one moment, while writing goes on.
//!
//! The reader goes through the keys in order. Before the writer changes a key that the reader has not come
//! to, it puts the row as it was aside. So a snapshot holds memory only for what changes ahead of it.

use std::{
    collections::BTreeMap,
    ops::{Bound, ControlFlow},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::{
    StoreError,
    ordered::{Batch, Ordered},
    rows::key::Key,
};

/// Rows with their keys, in order.
pub(crate) type Rows = Vec<(Key, Vec<u8>)>;

/// Rows read in one step, between which the writer may come in.
const STEP: usize = 500;

/// The snapshots that are being read.
#[derive(Default)]
pub(crate) struct Snapshots(Mutex<Vec<Arc<Mutex<Aside>>>>);

#[derive(Default)]
struct Aside {
    /// The last key that was read; nothing before the first.
    read_to: Option<Key>,
    /// Rows as they were, by key; nothing where there was none.
    before: BTreeMap<Key, Option<Vec<u8>>>,
}

/// One snapshot.
pub(crate) struct Snapshot<'a> {
    all: &'a Snapshots,
    aside: Arc<Mutex<Aside>>,
    is_done: bool,
}

impl Snapshots {
    /// Begins one. The writer must be kept out meanwhile.
    pub(crate) fn begin(&self) -> Snapshot<'_> {
        let aside = Arc::<Mutex<Aside>>::default();
        lock(&self.0).push(aside.clone());
        Snapshot { all: self, aside, is_done: false }
    }

    /// Puts aside what a batch is about to change. Readers must be kept out meanwhile.
    pub(crate) fn put_aside(&self, rows: &impl Ordered, batch: &Batch) -> Result<(), StoreError> {
        for aside in lock(&self.0).iter() {
            let mut aside = lock(aside);
            for key in batch.keys() {
                if aside.read_to.as_ref().is_none_or(|read_to| key > read_to)
                    && !aside.before.contains_key(key)
                {
                    let row = rows.get(key)?.map(|bytes| bytes.to_vec());
                    aside.before.insert(key.clone(), row);
                }
            }
        }
        Ok(())
    }
}

impl Snapshot<'_> {
    /// The next rows in order; none when there are no more. The writer must be kept out meanwhile.
    pub(crate) fn next_rows(&mut self, rows: &impl Ordered) -> Result<Option<Rows>, StoreError> {
        if self.is_done {
            return Ok(None);
        }
        let mut aside = lock(&self.aside);
        let from = aside.read_to.clone().map(super::rows::key::after).unwrap_or_default();
        let mut found = BTreeMap::new();
        rows.scan(&from, &[], &mut |key, bytes| {
            found.insert(key.to_vec(), bytes.to_vec());
            Ok(if found.len() < STEP { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
        })?;
        self.is_done = found.len() < STEP;
        let last = found.keys().next_back().cloned();
        let upto = match &last {
            Some(last) if !self.is_done => Bound::Included(last.clone()),
            _ => Bound::Unbounded,
        };
        let before: Vec<_> =
            aside.before.range((Bound::Included(from), upto)).map(|(key, _)| key.clone()).collect();
        for key in before {
            match aside.before.remove(&key).flatten() {
                Some(row) => found.insert(key, row),
                None => found.remove(&key),
            };
        }
        aside.read_to = last;
        Ok(Some(found.into_iter().collect()))
    }
}

impl Drop for Snapshot<'_> {
    fn drop(&mut self) {
        lock(&self.all.0).retain(|aside| !Arc::ptr_eq(aside, &self.aside));
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
