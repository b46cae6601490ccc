//! Folders: one process at a time, versions, and damage.

use std::{fs, path::Path};

use super::set;
use crate::{
    model::{Shelf, Whose},
    store::{
        MemoryStore, SledOptions, SledStore, Store, StoreError, Write,
        conformance::{Sample, message},
        memory::Memory,
        ordered::{Batch, Ordered},
        prepare::row,
        rows::{Meta, STORE_FORMAT, key},
        sled_rows::SledRows,
        writer::Durable,
    },
};

fn open(folder: &Path) -> Result<SledStore, StoreError> {
    SledStore::open(folder, SledOptions { cache_bytes: 8 << 20, ..SledOptions::default() })
}

async fn filled(folder: &Path) {
    let store = open(folder).unwrap();
    let sample = Sample::of(&store);
    for person in 1..=40 {
        store.commit(message(&sample, person, 1, 0, &[person as u8; 3_000])).await.unwrap();
    }
    store.close().await.unwrap();
}

#[tokio::test]
async fn a_folder_is_opened_once() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).unwrap();
    assert!(matches!(open(folder.path()), Err(StoreError::Locked { .. })));
    drop(store);
    open(folder.path()).unwrap();
}

#[tokio::test]
async fn the_id_key_is_made_once_and_kept() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let key = |folder: &Path| *open(folder).unwrap().id_key().as_bytes();
    let first = key(one.path());
    assert_eq!(key(one.path()), first);
    assert_ne!(key(two.path()), first, "another store has another key");
}

#[tokio::test]
async fn a_store_that_is_dropped_without_closing_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).unwrap();
    let sample = Sample::of(&store);
    store.commit(set([Write::Contact(sample.contact(1, 1))])).await.unwrap();
    drop(store);
    let store = open(folder.path()).unwrap();
    assert_eq!(store.contacts(&[sample.contact_id(1)]).await.unwrap(), [Some(sample.contact(1, 1))]);
}

#[tokio::test]
async fn a_folder_of_a_newer_version_is_refused_before_anything_is_read() {
    let folder = tempfile::tempdir().unwrap();
    filled(folder.path()).await;
    fs::write(folder.path().join("FORMAT"), "whom store, format 99\n").unwrap();
    match open(folder.path()) {
        Err(StoreError::Newer { found: 99, known: STORE_FORMAT, .. }) => {}
        other => panic!("{:?}", other.err()),
    }
}

#[tokio::test]
async fn a_newer_version_is_known_without_its_file_too() {
    let folder = tempfile::tempdir().unwrap();
    filled(folder.path()).await;
    {
        let rows = SledRows::open(folder.path(), &SledOptions::default()).unwrap();
        let meta = Meta { format: 99, id_key: crate::model::IdKey::from_bytes([1; 32]) };
        rows.apply(Batch::from([(key::meta(), Some(row(&key::meta(), &meta).unwrap()))])).unwrap();
        rows.flush(0).unwrap();
    }
    assert!(matches!(open(folder.path()), Err(StoreError::Newer { found: 99, .. })));
}

#[tokio::test]
async fn a_store_whose_log_is_gone_does_not_start_afresh() {
    let folder = tempfile::tempdir().unwrap();
    filled(folder.path()).await;
    let log = folder.path().join("db");
    fs::OpenOptions::new().write(true).open(&log).unwrap().set_len(0).unwrap();
    for snapshot in fs::read_dir(folder.path()).unwrap() {
        let path = snapshot.unwrap().path();
        if path.to_string_lossy().contains("snap.") {
            fs::remove_file(path).unwrap();
        }
    }
    let error = open(folder.path()).err().unwrap();
    assert!(matches!(error, StoreError::Damaged { .. }), "{error}");
}

/// sled takes its log to end where a byte of it is wrong; what was answered must not vanish in silence.
#[tokio::test]
async fn no_damage_passes_in_silence() {
    let folder = tempfile::tempdir().unwrap();
    filled(folder.path()).await;
    let log = folder.path().join("db");
    let whole = fs::read(&log).unwrap();
    let written = whole.iter().rposition(|byte| *byte != 0).unwrap();
    for step in 0..24 {
        let copy = tempfile::tempdir().unwrap();
        for file in fs::read_dir(folder.path()).unwrap().map(Result::unwrap) {
            if file.file_type().unwrap().is_file() {
                fs::copy(file.path(), copy.path().join(file.file_name())).unwrap();
            }
        }
        let mut bytes = whole.clone();
        let place = written / 24 * step + 100;
        match step % 3 {
            0 => bytes.truncate(place),
            1 => bytes[place] ^= 0xff,
            _ => bytes[place..(place + 400).min(written)].fill(0),
        }
        fs::write(copy.path().join("db"), bytes).unwrap();
        match open(copy.path()) {
            Err(StoreError::Damaged { .. } | StoreError::Io(_)) => {}
            Err(other) => panic!("{other}"),
            Ok(store) => {
                // Bytes that mean nothing may be wrong.
                assert_eq!(*store.feed_head().borrow(), 40, "way {step}");
                assert_eq!(store.check().await.unwrap(), Vec::<String>::new(), "way {step}");
            }
        }
    }
}

#[tokio::test]
async fn what_is_left_of_a_damaged_store_can_be_opened_on_purpose() {
    let folder = tempfile::tempdir().unwrap();
    filled(folder.path()).await;
    let log = folder.path().join("db");
    let len = fs::metadata(&log).unwrap().len();
    fs::OpenOptions::new().write(true).open(&log).unwrap().set_len(len / 2).unwrap();
    let refused = open(folder.path()).err().unwrap().to_string();
    assert!(refused.contains("although 40 were answered"), "{refused}");
    fs::remove_file(folder.path().join("HEAD")).unwrap();
    let store = open(folder.path()).unwrap();
    assert_eq!(store.check().await.unwrap(), Vec::<String>::new());
}

/// Makes a folder what it was before conversations stood in the lists of the inbox.
fn without_inbox(folder: &Path) {
    let rows = SledRows::open(folder, &SledOptions::default()).unwrap();
    let mut batch = Batch::new();
    for table in [key::Table::Inbox, key::Table::Due] {
        rows.each(&table.prefix(), |key, _| {
            batch.insert(key.to_vec(), None);
            Ok(())
        })
        .unwrap();
    }
    assert!(batch.len() >= 40, "{}", batch.len());
    let meta = rows.row::<Meta>(&key::meta()).unwrap().unwrap();
    let meta = Meta { format: 2, ..meta };
    batch.insert(key::meta(), Some(row(&key::meta(), &meta).unwrap()));
    rows.apply(batch).unwrap();
    rows.flush(40).unwrap();
    fs::write(folder.join("FORMAT"), "whom store, format 2\n").unwrap();
}

#[tokio::test]
async fn an_older_store_gets_its_inbox_when_it_is_opened_or_restored() {
    let folder = tempfile::tempdir().unwrap();
    filled(folder.path()).await;
    without_inbox(folder.path());
    let store = open(folder.path()).unwrap();
    let all = store.inbox(Shelf::Pending, &Whose::Anybody, None, 100).await.unwrap();
    assert_eq!(all.len(), 40);
    assert_eq!(store.check().await.unwrap(), Vec::<String>::new());
    store.close().await.unwrap();
    drop(store);

    without_inbox(folder.path());
    let rows = SledRows::open(folder.path(), &SledOptions::default()).unwrap();
    let mut kept = Vec::new();
    rows.each(&[], |key, bytes| {
        kept.push((key.to_vec(), bytes.to_vec()));
        Ok(())
    })
    .unwrap();
    let mut memory = Memory::default();
    memory.apply(kept.into_iter().map(|(key, row)| (key, Some(row))).collect());
    let mut backup = Vec::new();
    MemoryStore::of_rows(memory).backup(&mut backup).await.unwrap();
    let restored = MemoryStore::restore(&mut &backup[..]).unwrap();
    assert_eq!(restored.inbox(Shelf::Pending, &Whose::Anybody, None, 100).await.unwrap(), all);
    assert_eq!(restored.check().await.unwrap(), Vec::<String>::new());
}
