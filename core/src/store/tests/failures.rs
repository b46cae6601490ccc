//! The writer on a disk that fails: nothing is answered that may be lost.

use std::{
    path::Path,
    sync::{
        Arc, RwLock,
        atomic::{AtomicBool, Ordering},
    },
};

use tokio::sync::{mpsc, oneshot};

use super::set;
use crate::{
    feed::FeedNumber,
    store::{
        Document, DocumentKind, StoreError, Write,
        memory::Memory,
        ordered::{Batch, Ordered, Step},
        prepare::prepare,
        reads::Reads,
        rows::{Tail, key::Key},
        writer::{Ask, Durable, Shared},
    },
};

/// Rows on a disk that can be made to fail.
#[derive(Default)]
struct Faulty {
    rows: RwLock<Memory>,
    is_full: AtomicBool,
    panics: AtomicBool,
}

impl Ordered for Faulty {
    type Bytes = Arc<[u8]>;

    fn get(&self, key: &[u8]) -> Result<Option<Arc<[u8]>>, StoreError> {
        self.rows.read().unwrap().get(key)
    }

    fn scan(
        &self,
        from: &[u8],
        prefix: &[u8],
        visit: &mut dyn FnMut(&[u8], &[u8]) -> Step,
    ) -> Result<(), StoreError> {
        self.rows.read().unwrap().scan(from, prefix, visit)
    }

    fn scan_back(
        &self,
        before: &[u8],
        prefix: &[u8],
        visit: &mut dyn FnMut(&[u8], &[u8]) -> Step,
    ) -> Result<(), StoreError> {
        self.rows.read().unwrap().scan_back(before, prefix, visit)
    }

    fn last(&self, prefix: &[u8]) -> Result<Option<(Key, Arc<[u8]>)>, StoreError> {
        self.rows.read().unwrap().last(prefix)
    }

    fn folder(&self) -> &Path {
        Path::new("faulty")
    }
}

impl Durable for Faulty {
    fn apply(&self, batch: Batch) -> Result<(), StoreError> {
        self.rows.write().unwrap().apply(batch);
        Ok(())
    }

    fn flush(&self, _: FeedNumber) -> Result<(), StoreError> {
        assert!(!self.panics.load(Ordering::Relaxed), "the engine gives up");
        match self.is_full.load(Ordering::Relaxed) {
            true => Err(StoreError::Full { folder: "faulty".into() }),
            false => Ok(()),
        }
    }
}

struct Running {
    shared: Arc<Shared<Faulty>>,
    asks: mpsc::Sender<Ask>,
}

impl Running {
    fn start() -> Self {
        let shared = Arc::new(Shared::new(Faulty::default(), Tail::default()));
        let (asks, asked) = mpsc::channel(64);
        std::thread::spawn({
            let shared = shared.clone();
            move || shared.run(asked)
        });
        Self { shared, asks }
    }

    async fn commit(&self, id: &str) -> Result<FeedNumber, StoreError> {
        let document = Document { kind: DocumentKind::Setting, id: id.into(), bytes: vec![], version: 1 };
        let (answer, answered) = oneshot::channel();
        let prepared = prepare(set([Write::Document(document)])).unwrap();
        assert!(self.asks.send(Ask { prepared, answer }).await.is_ok());
        answered.await.unwrap()
    }

    fn fail(&self, flag: impl Fn(&Faulty) -> &AtomicBool, fails: bool) {
        flag(self.shared.rows.read().unwrap().as_ref().unwrap()).store(fails, Ordering::Relaxed);
    }

    fn feed_len(&self) -> usize {
        let head = *self.shared.head.borrow();
        self.shared.read(|rows| Reads(rows).feed(0, head, 100)).unwrap().len()
    }
}

#[tokio::test]
async fn a_full_disk_is_said_and_nothing_is_answered_after_it() {
    let store = Running::start();
    assert_eq!(store.commit("a").await.unwrap(), 1);
    store.fail(|rows| &rows.is_full, true);
    assert!(matches!(store.commit("b").await, Err(StoreError::Full { .. })));
    // Room on the disk does not tell what became of `b`; opening again does.
    store.fail(|rows| &rows.is_full, false);
    assert!(matches!(store.commit("c").await, Err(StoreError::Full { .. })));
    assert_eq!(*store.shared.head.borrow(), 1);
    assert_eq!(store.feed_len(), 1, "the feed never shows what may be lost");
    assert_eq!(store.shared.tail().head, 1);
}

#[tokio::test]
async fn an_engine_that_panics_answers_all_the_same() {
    let store = Running::start();
    store.fail(|rows| &rows.panics, true);
    assert!(matches!(store.commit("a").await, Err(StoreError::Damaged { .. })));
    store.fail(|rows| &rows.panics, false);
    assert!(matches!(store.commit("b").await, Err(StoreError::Damaged { .. })));
}
