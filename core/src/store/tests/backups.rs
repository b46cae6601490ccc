//! Backups: whole, of one moment, and refused when they are not.

use std::sync::Arc;

use super::set;
use crate::{
    model::IdKey,
    store::{
        Document, DocumentKind, MemoryStore, SledOptions, SledStore, Store, StoreError, Write,
        conformance::{Sample, message},
    },
};

async fn a_store() -> MemoryStore {
    let store = MemoryStore::new(IdKey::from_bytes([7; 32]));
    let sample = Sample::of(&store);
    let noise: Vec<u8> = (0u32..5_000).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()).collect();
    for person in 1..=20 {
        for number in 1..=5 {
            store.commit(message(&sample, person, number, i64::from(number), &noise)).await.unwrap();
        }
    }
    store
}

async fn backup(store: &dyn Store) -> Vec<u8> {
    let mut bytes = Vec::new();
    assert_eq!(store.backup(&mut bytes).await.unwrap(), *store.feed_head().borrow());
    bytes
}

#[tokio::test]
async fn a_backup_restores_to_the_same_store_in_every_engine() {
    let folder = tempfile::tempdir().unwrap();
    let store = a_store().await;
    let bytes = backup(&store).await;
    assert_eq!(SledStore::restore(folder.path(), &mut &bytes[..]).unwrap(), 100);
    let on_sled = SledStore::open(folder.path(), SledOptions::default()).unwrap();
    let in_memory = MemoryStore::restore(&mut &bytes[..]).unwrap();
    for restored in [&on_sled as &dyn Store, &in_memory] {
        assert_eq!(restored.id_key().as_bytes(), store.id_key().as_bytes());
        assert_eq!(restored.check().await.unwrap(), Vec::<String>::new());
        assert!(
            backup(restored).await == bytes,
            "the backup of what was restored is the same, byte for byte"
        );
        assert_eq!(restored.commit(set([])).await.unwrap(), 101, "numbering goes on");
        assert_eq!(restored.feed(0, 1_000).await.unwrap().len(), 101);
    }
}

#[tokio::test]
async fn a_backup_that_was_cut_off_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = backup(&a_store().await).await;
    for len in [0, 5, 12, 16, 20, 500, bytes.len() / 2, bytes.len() - 40, bytes.len() - 1] {
        let error = SledStore::restore(&folder.path().join("new"), &mut &bytes[..len]).unwrap_err();
        assert_eq!(error.to_string(), "nothing was restored from the backup: it is cut off", "after {len}");
        assert!(!folder.path().join("new").exists());
    }
    SledStore::restore(&folder.path().join("new"), &mut &bytes[..]).unwrap();
}

#[tokio::test]
async fn a_backup_that_was_changed_is_refused_wherever_it_was() {
    let bytes = backup(&a_store().await).await;
    for place in (0..bytes.len()).step_by(bytes.len() / 200).chain([bytes.len() - 1]) {
        let mut changed = bytes.clone();
        changed[place] ^= 0x10;
        let refused = MemoryStore::restore(&mut &changed[..]).err();
        assert!(matches!(refused, Some(StoreError::NotRestored { .. })), "byte {place}: {refused:?}");
    }
    let mut longer = bytes;
    longer.push(0);
    assert!(matches!(MemoryStore::restore(&mut &longer[..]), Err(StoreError::NotRestored { .. })));
}

#[tokio::test]
async fn a_folder_that_holds_something_is_not_restored_into() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("mine.txt"), "mine").unwrap();
    let bytes = backup(&a_store().await).await;
    let error = SledStore::restore(folder.path(), &mut &bytes[..]).unwrap_err();
    assert!(matches!(error, StoreError::NotRestored { .. }));
    assert!(folder.path().join("mine.txt").exists());
}

/// Each commit writes the same version to a document at the start and one at the end of the keys, and
/// makes and removes others; a backup in which they differ is not of one moment.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_is_of_one_moment_while_commits_go_on() {
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(SledStore::open(folder.path(), SledOptions::default()).unwrap());
    let document = |id: String, version: u64| Document {
        kind: DocumentKind::Setting,
        id,
        bytes: version.to_le_bytes().to_vec(),
        version,
    };
    let commit = move |version: u64| {
        let mut writes: Vec<_> =
            (0..50).map(|n| Write::Document(document(format!("{n:02}"), version))).collect();
        writes.push(Write::Document(document(format!("x{version:06}"), version)));
        writes
            .push(Write::RemoveDocument(DocumentKind::Setting, format!("x{:06}", version.saturating_sub(1))));
        set(writes)
    };
    let filling: Vec<_> = (0..5_000).map(|n| Write::Document(document(format!("f{n:05}"), 0))).collect();
    store.commit(set(filling)).await.unwrap();
    let writer = tokio::spawn({
        let store = store.clone();
        async move {
            for version in 1..=300 {
                store.commit(commit(version)).await.unwrap();
            }
        }
    });
    let mut backups = Vec::new();
    while !writer.is_finished() {
        let mut slow = Slow(Vec::new());
        let head = store.backup(&mut slow).await.unwrap();
        backups.push((head, slow.0));
    }
    writer.await.unwrap();
    assert!(backups.len() > 2, "{} backups were made meanwhile", backups.len());
    for (head, bytes) in backups {
        let restored = MemoryStore::restore(&mut &bytes[..]).unwrap();
        assert_eq!(*restored.feed_head().borrow(), head);
        let expected = head - 1;
        let documents = restored.documents(DocumentKind::Setting, None, 10_000).await.unwrap();
        let (filling, versioned): (Vec<_>, Vec<_>) =
            documents.into_iter().partition(|document| document.id.starts_with('f'));
        assert_eq!(filling.len(), 5_000);
        assert!(versioned.iter().all(|document| document.version == expected));
        assert_eq!(versioned.len(), if expected == 0 { 0 } else { 51 });
        assert_eq!(restored.check().await.unwrap(), Vec::<String>::new());
    }
}

/// A disk that takes its time, so that commits come in between.
struct Slow(Vec<u8>);

impl std::io::Write for Slow {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        std::thread::sleep(std::time::Duration::from_millis(1));
        self.0.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
