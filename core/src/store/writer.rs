//! The one writer: takes change sets from a queue, applies many at once, flushes once, then answers all.
//!
//! A flush costs the same for one commit as for a hundred, and expectations are simple to hold where
//! nobody else writes. After a write that failed nothing is known about the disk, so nothing
//! more is accepted: a later commit must never be answered on top of one that may be lost.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Mutex, PoisonError, RwLock},
};

use tokio::sync::{mpsc, oneshot, watch};

use super::{
    StoreError,
    ordered::{Batch, Ordered},
    plan::Group,
    prepare::Prepared,
    rows::Tail,
    snapshot::Snapshots,
};
use crate::feed::FeedNumber;

/// How many change sets may wait before whoever sends the next one waits too.
pub(crate) const QUEUE: usize = 512;

/// A group is closed at so many change sets, or so many bytes.
const GROUP: usize = 256;
const GROUP_BYTES: usize = 4 << 20;

/// Rows that can be changed and made durable.
pub(crate) trait Durable: Ordered {
    /// Applies all of a batch or nothing of it.
    fn apply(&self, batch: Batch) -> Result<(), StoreError>;

    /// Makes durable what was applied, up to the commit of that number.
    fn flush(&self, head: FeedNumber) -> Result<(), StoreError>;
}

/// What the writer has in common with those who read.
pub(crate) struct Shared<R> {
    /// Nothing once the store is closed.
    pub(crate) rows: RwLock<Option<R>>,
    /// Where the store durably stands.
    pub(crate) tail: Mutex<Tail>,
    pub(crate) head: watch::Sender<FeedNumber>,
    pub(crate) snapshots: Snapshots,
}

/// A change set and whom to answer.
pub(crate) struct Ask {
    pub(crate) prepared: Prepared,
    pub(crate) answer: oneshot::Sender<Result<FeedNumber, StoreError>>,
}

impl<R: Durable> Shared<R> {
    pub(crate) fn new(rows: R, tail: Tail) -> Self {
        Self {
            rows: RwLock::new(Some(rows)),
            tail: Mutex::new(tail),
            head: watch::Sender::new(tail.head),
            snapshots: Snapshots::default(),
        }
    }

    pub(crate) fn read<T>(&self, read: impl FnOnce(&R) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let rows = self.rows.read().unwrap_or_else(PoisonError::into_inner);
        read(rows.as_ref().ok_or(StoreError::Closed)?)
    }

    pub(crate) fn tail(&self) -> Tail {
        *self.tail.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes until nobody can send any more.
    pub(crate) fn run(&self, mut asks: mpsc::Receiver<Ask>) {
        let mut failed = None;
        while let Some(first) = asks.blocking_recv() {
            let group = gather(first, &mut asks);
            if failed.is_none() {
                failed = self.write(group);
                if let Some(error) = &failed {
                    tracing::error!(%error, "writing failed: the store takes no more changes until it is opened again");
                }
            } else if let Some(error) = &failed {
                group.into_iter().for_each(|ask| answer(ask.answer, Err(again(error))));
            }
        }
    }

    /// Writes one group; gives the failure after which nothing more may be written.
    fn write(&self, asks: Vec<Ask>) -> Option<StoreError> {
        let (prepared, answers): (Vec<_>, Vec<_>) =
            asks.into_iter().map(|ask| (ask.prepared, ask.answer)).unzip();
        // The engine may panic on damaged files; whoever waits gets an answer all the same.
        let written = catch_unwind(AssertUnwindSafe(|| self.apply(prepared))).unwrap_or_else(|_| {
            Err(StoreError::Damaged {
                what: "the store".into(),
                why: "the engine gave up while writing".into(),
            })
        });
        match written {
            Ok(results) => {
                answers.into_iter().zip(results).for_each(|(to, result)| answer(to, result));
                None
            }
            Err(error) => {
                answers.into_iter().for_each(|to| answer(to, Err(again(&error))));
                Some(error)
            }
        }
    }

    fn apply(&self, group: Vec<Prepared>) -> Result<Vec<Result<FeedNumber, StoreError>>, StoreError> {
        let before = self.tail();
        let (results, batch, tail) = self.read(|rows| {
            let mut plan = Group::new(rows, before);
            let results = group.into_iter().map(|prepared| plan.add(prepared)).collect();
            let (batch, tail) = plan.finish()?;
            Ok((results, batch, tail))
        })?;
        if tail.head > before.head {
            {
                let rows = self.rows.write().unwrap_or_else(PoisonError::into_inner);
                let rows = rows.as_ref().ok_or(StoreError::Closed)?;
                self.snapshots.put_aside(rows, &batch)?;
                rows.apply(batch)?;
            }
            self.read(|rows| rows.flush(tail.head))?;
            *self.tail.lock().unwrap_or_else(PoisonError::into_inner) = tail;
            self.head.send_replace(tail.head);
        }
        Ok(results)
    }
}

fn gather(first: Ask, asks: &mut mpsc::Receiver<Ask>) -> Vec<Ask> {
    let mut bytes = first.prepared.bytes;
    let mut group = vec![first];
    while group.len() < GROUP && bytes < GROUP_BYTES {
        let Ok(next) = asks.try_recv() else { break };
        bytes += next.prepared.bytes;
        group.push(next);
    }
    group
}

fn answer(to: oneshot::Sender<Result<FeedNumber, StoreError>>, result: Result<FeedNumber, StoreError>) {
    // Whoever asked may have gone away; what was written stays written.
    let _ = to.send(result);
}

/// The same error once more, for the next who asks.
fn again(error: &StoreError) -> StoreError {
    match error {
        StoreError::Full { folder } => StoreError::Full { folder: folder.clone() },
        StoreError::Damaged { what, why } => StoreError::Damaged { what: what.clone(), why: why.clone() },
        StoreError::Closed => StoreError::Closed,
        StoreError::Io(error) => StoreError::Io(std::io::Error::new(error.kind(), error.to_string())),
        other => StoreError::Io(std::io::Error::other(other.to_string())),
    }
}
