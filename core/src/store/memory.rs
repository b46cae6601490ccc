//! The store in memory: for tests, for trying things out, and to judge the others by.

use std::{
    collections::BTreeMap,
    ops::{Bound, ControlFlow},
    path::Path,
    sync::{
        Arc, Mutex, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
};

use tokio::sync::watch;

use super::{
    StoreError,
    backup::{self, Restored},
    embedded::Embedded,
    inbox,
    ordered::{Batch, Ordered, Step},
    plan::Group,
    prepare::{Prepared, row},
    rows::{Meta, STORE_FORMAT, Tail, WITH_INBOX, key, key::Key},
    snapshot::{Rows, Snapshots},
};
use crate::{feed::FeedNumber, model::IdKey};

/// Rows in memory, as bytes: what does not survive being written would not survive here either.
#[derive(Default)]
pub(crate) struct Memory(BTreeMap<Key, Arc<[u8]>>);

impl Memory {
    pub(crate) fn apply(&mut self, batch: Batch) {
        for (key, row) in batch {
            match row {
                Some(row) => self.0.insert(key, row.into()),
                None => self.0.remove(&key),
            };
        }
    }
}

impl Ordered for Memory {
    type Bytes = Arc<[u8]>;

    fn get(&self, key: &[u8]) -> Result<Option<Arc<[u8]>>, StoreError> {
        Ok(self.0.get(key).cloned())
    }

    fn scan(
        &self,
        from: &[u8],
        prefix: &[u8],
        visit: &mut dyn FnMut(&[u8], &[u8]) -> Step,
    ) -> Result<(), StoreError> {
        let rows = self.0.range::<[u8], _>((Bound::Included(from), Bound::Unbounded));
        for (key, row) in rows.take_while(|(key, _)| key.starts_with(prefix)) {
            if visit(key, row)? == ControlFlow::Break(()) {
                break;
            }
        }
        Ok(())
    }

    fn scan_back(
        &self,
        before: &[u8],
        prefix: &[u8],
        visit: &mut dyn FnMut(&[u8], &[u8]) -> Step,
    ) -> Result<(), StoreError> {
        if before <= prefix {
            return Ok(());
        }
        let rows = self.0.range::<[u8], _>((Bound::Included(prefix), Bound::Excluded(before)));
        for (key, row) in rows.rev().take_while(|(key, _)| key.starts_with(prefix)) {
            if visit(key, row)? == ControlFlow::Break(()) {
                break;
            }
        }
        Ok(())
    }

    fn last(&self, prefix: &[u8]) -> Result<Option<(Key, Arc<[u8]>)>, StoreError> {
        let mut end = prefix.to_vec();
        end.push(u8::MAX);
        end.resize(prefix.len() + 64, u8::MAX);
        let mut rows = self.0.range::<[u8], _>((Bound::Included(prefix), Bound::Included(end.as_slice())));
        Ok(rows.next_back().map(|(key, row)| (key.clone(), row.clone())))
    }

    fn folder(&self) -> &Path {
        Path::new("memory")
    }
}

/// A store that lasts as long as the value. It keeps all promises but the one about surviving.
pub struct MemoryStore {
    id_key: IdKey,
    /// Nothing once it is closed.
    rows: RwLock<Option<Memory>>,
    /// Locked for as long as a commit takes, so that there is one at a time.
    tail: Mutex<Tail>,
    head: watch::Sender<FeedNumber>,
    snapshots: Snapshots,
    questions: AtomicU64,
}

impl MemoryStore {
    /// An empty store whose ids follow from `id_key`.
    pub fn new(id_key: IdKey) -> Self {
        let mut rows = Memory::default();
        let meta = row(&key::meta(), &Meta { format: STORE_FORMAT, id_key: id_key.clone() });
        rows.apply(Batch::from([(key::meta(), meta.ok())]));
        Self::over(rows, id_key, Tail::default())
    }

    /// The store that a backup holds.
    pub fn restore(from: &mut dyn std::io::Read) -> Result<Self, StoreError> {
        let mut rows = Memory::default();
        let put = |some: Rows| {
            rows.apply(some.into_iter().map(|(key, row)| (key, Some(row))).collect());
            Ok(())
        };
        let Restored { id_key, format, .. } = backup::read(from, put)?;
        let mut from = (format < WITH_INBOX).then(|| key::Table::Conversation.prefix());
        while let Some(start) = from {
            let (places, next) = inbox::made_anew(&rows, &start)?;
            rows.apply(places);
            from = next;
        }
        let meta = row(&key::meta(), &Meta { format: STORE_FORMAT, id_key: id_key.clone() })?;
        rows.apply(Batch::from([(key::meta(), Some(meta))]));
        let tail = backup::tail_of(&rows)?;
        Ok(Self::over(rows, id_key, tail))
    }

    /// A store of rows as they are.
    #[cfg(test)]
    pub(crate) fn of_rows(rows: Memory) -> Self {
        let tail = backup::tail_of(&rows).unwrap_or_default();
        Self::over(rows, IdKey::from_bytes([7; 32]), tail)
    }

    /// How many questions it was asked so far, so that a test can hold a page to a number of them.
    pub fn questions(&self) -> u64 {
        self.questions.load(Ordering::Relaxed)
    }

    fn over(rows: Memory, id_key: IdKey, tail: Tail) -> Self {
        Self {
            id_key,
            rows: RwLock::new(Some(rows)),
            tail: Mutex::new(tail),
            head: watch::Sender::new(tail.head),
            snapshots: Snapshots::default(),
            questions: AtomicU64::new(0),
        }
    }
}

impl Embedded for MemoryStore {
    type Rows = Memory;

    fn key(&self) -> &IdKey {
        &self.id_key
    }

    fn read<T>(&self, read: impl FnOnce(&Memory) -> Result<T, StoreError>) -> Result<T, StoreError> {
        self.questions.fetch_add(1, Ordering::Relaxed);
        let rows = self.rows.read().unwrap_or_else(PoisonError::into_inner);
        read(rows.as_ref().ok_or(StoreError::Closed)?)
    }

    async fn submit(&self, prepared: Prepared) -> Result<FeedNumber, StoreError> {
        let mut tail = self.tail.lock().unwrap_or_else(PoisonError::into_inner);
        let (batch, after) = self.read(|rows| {
            let mut group = Group::new(rows, *tail);
            group.add(prepared)?;
            group.finish()
        })?;
        {
            let mut rows = self.rows.write().unwrap_or_else(PoisonError::into_inner);
            let rows = rows.as_mut().ok_or(StoreError::Closed)?;
            self.snapshots.put_aside(rows, &batch)?;
            rows.apply(batch);
        }
        *tail = after;
        self.head.send_replace(after.head);
        Ok(after.head)
    }

    fn tail(&self) -> Tail {
        *self.tail.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn head(&self) -> &watch::Sender<FeedNumber> {
        &self.head
    }

    fn snapshots(&self) -> &Snapshots {
        &self.snapshots
    }

    fn bytes(&self) -> Result<u64, StoreError> {
        self.read(|_| Ok(0))
    }

    async fn shut(&self) -> Result<(), StoreError> {
        let mut rows = self.rows.write().unwrap_or_else(PoisonError::into_inner);
        rows.take().map(drop).ok_or(StoreError::Closed)
    }
}
