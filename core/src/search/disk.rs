//! The index on disk: opened as it is, or thrown away and begun anew.

use std::{collections::BTreeSet, fs, path::Path, time::Duration};

use serde::{Deserialize, Serialize};
use tantivy::{
    Index, IndexReader, IndexSettings, IndexWriter, ReloadPolicy, TantivyError,
    directory::{MmapDirectory, error::LockError},
    indexer::IndexWriterOptions,
};

use super::{
    SearchError,
    schema::{self, FORMAT, Fields},
};
use crate::{feed::FeedNumber, model::Timestamp};

/// What the writer may hold in memory before it writes a segment.
const WRITER_BYTES: usize = 64 << 20;

/// How many bytes of rows are packed together.
const ROW_BLOCK: usize = 4 << 10;

/// Names the form of the index; it stands beside the index files.
const FORMAT_FILE: &str = "whom-search-format";

/// How long a folder may still be in use by a process that is ending.
const LOCK_PATIENCE: Duration = Duration::from_secs(2);

/// An index that is open.
pub(super) struct Opened {
    pub(super) fields: Fields,
    pub(super) reader: IndexReader,
    pub(super) writer: IndexWriter,
    /// What the last commit says about itself; nothing for an empty index.
    pub(super) payload: Option<Payload>,
}

/// How far an index has come, written with every commit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Payload {
    /// The index holds everything up to this commit of the store.
    pub(super) feed: FeedNumber,
    /// When that commit was made: another store, or one restored, has another at this number.
    pub(super) at: Option<Timestamp>,
    /// The rules whose views it holds, by their hash.
    pub(super) rules: String,
    /// The store it was made from, by a hash of its key.
    pub(super) store: String,
    /// Properties that occur in it and that nobody defined.
    #[serde(default)]
    pub(super) free: BTreeSet<String>,
}

/// Opens the index of a folder, or one in memory.
pub(super) fn open(folder: Option<&Path>) -> Result<Opened, SearchError> {
    let (built, fields) = schema::schema();
    // Rows of a page lie scattered: the smaller a block, the less is unpacked for each.
    let settings = IndexSettings { docstore_blocksize: ROW_BLOCK, ..IndexSettings::default() };
    let Some(folder) = folder else {
        return finish(Index::builder().schema(built).settings(settings).create_in_ram()?, fields);
    };
    fs::create_dir_all(folder)?;
    let format = fs::read_to_string(folder.join(FORMAT_FILE));
    let is_empty = fs::read_dir(folder)?.next().is_none();
    if format.is_err() && !is_empty && !folder.join("meta.json").exists() {
        return Err(SearchError::Foreign { folder: folder.into() });
    }
    if format.is_ok_and(|format| format.trim() == FORMAT.to_string()) {
        let opened = Index::open_in_dir(folder).map_err(SearchError::from).and_then(|index| {
            if index.schema() == built {
                patiently(|| finish(index.clone(), fields), folder)
            } else {
                Err(damaged())
            }
        });
        match opened {
            Ok(opened) => return Ok(opened),
            Err(SearchError::Locked { folder }) => return Err(SearchError::Locked { folder }),
            Err(error) => {
                tracing::warn!(%error, "the search index is thrown away and made again");
            }
        }
    } else if !is_empty {
        tracing::info!("the search index has another form: it is thrown away and made again");
    }
    clear(folder)?;
    fs::write(folder.join(FORMAT_FILE), format!("{FORMAT}\n"))?;
    let directory = MmapDirectory::open(folder).map_err(TantivyError::from)?;
    let index = Index::create(directory, built, settings)?;
    patiently(|| finish(index.clone(), fields), folder)
}

/// Opening a writer takes the lock of the folder; whoever stops a server and starts it again may come too early.
fn patiently(
    attempt: impl Fn() -> Result<Opened, SearchError>,
    folder: &Path,
) -> Result<Opened, SearchError> {
    let step = LOCK_PATIENCE / 20;
    for _ in 0..20 {
        match attempt() {
            Err(SearchError::Index(TantivyError::LockFailure(LockError::LockBusy, _))) => {
                std::thread::sleep(step);
            }
            other => return other,
        }
    }
    Err(SearchError::Locked { folder: folder.into() })
}

fn damaged() -> SearchError {
    SearchError::Index(TantivyError::SchemaError("its fields are others".into()))
}

fn finish(index: Index, fields: Fields) -> Result<Opened, SearchError> {
    schema::register(&index);
    // One thread each: the machine belongs to those who ask, and what is written is small.
    let options = IndexWriterOptions::builder()
        .num_worker_threads(1)
        .num_merge_threads(1)
        .memory_budget_per_thread(WRITER_BYTES)
        .build();
    let writer = index.writer_with_options(options)?;
    let reader = index
        .reader_builder()
        .reload_policy(ReloadPolicy::Manual)
        .doc_store_cache_num_blocks(16)
        .try_into()?;
    let payload = index.load_metas()?.payload.and_then(|payload| serde_json::from_str(&payload).ok());
    Ok(Opened { fields, reader, writer, payload })
}

/// Removes the files of an index; they lie in the folder itself, never below it.
fn clear(folder: &Path) -> Result<(), SearchError> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}
