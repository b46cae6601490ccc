//! The store on sled: one folder, one process, one writer thread.

use std::{
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    thread::JoinHandle,
};

use tokio::sync::{mpsc, oneshot, watch};

use super::{
    StoreError,
    backup::{self, Restored, not_restored},
    embedded::Embedded,
    inbox,
    ordered::{Batch, Ordered},
    prepare::{Prepared, row},
    rows::{Meta, STORE_FORMAT, Tail, WITH_INBOX, key},
    sled_rows::SledRows,
    snapshot::{Rows, Snapshots},
    writer::{Ask, Durable, QUEUE, Shared},
};
use crate::{feed::FeedNumber, model::IdKey};

/// The file that says what a folder is, to people and to versions that come later.
const FORMAT_FILE: &str = "FORMAT";

/// How much may be written between opening and closing before closing takes the time to shorten the next opening.
const WORTH_A_SNAPSHOT: u64 = 256 << 20;

/// What an answered commit survives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Survives {
    /// The end of the process, at any moment.
    Crash,
    /// The end of the machine too: every group is forced to the disk.
    #[default]
    PowerCut,
}

/// How a folder is opened.
#[derive(Clone, Debug)]
pub struct SledOptions {
    /// How much is kept in memory, about.
    pub cache_bytes: u64,
    /// What an answered commit survives.
    pub survives: Survives,
}

impl Default for SledOptions {
    fn default() -> Self {
        Self { cache_bytes: 256 << 20, survives: Survives::default() }
    }
}

/// A store in a folder.
///
/// Reads are answered where they are asked, which takes microseconds while what is read is in the cache.
/// A read may see what a commit has written and not yet flushed; the feed never does.
pub struct SledStore {
    id_key: IdKey,
    folder: PathBuf,
    options: SledOptions,
    bytes_at_open: u64,
    shared: Arc<Shared<SledRows>>,
    /// Nothing once the store is closed.
    asks: Mutex<Option<mpsc::Sender<Ask>>>,
    writer: Mutex<Option<Writer>>,
}

struct Writer {
    thread: JoinHandle<()>,
    ended: oneshot::Receiver<()>,
}

impl SledStore {
    /// Opens the store in `folder`; an empty folder, or none, becomes a new store.
    pub fn open(folder: &Path, options: SledOptions) -> Result<Self, StoreError> {
        let known_format = read_format(folder)?;
        let is_known = known_format.is_some();
        let rows = SledRows::open(folder, &options)?;
        let meta = match rows.row::<Meta>(&key::meta())? {
            Some(meta) if meta.format > STORE_FORMAT => return Err(newer(folder, meta.format)),
            Some(meta) if meta.format < STORE_FORMAT => raise_format(&rows, meta)?,
            Some(meta) => meta,
            None if is_known => return Err(damaged(folder, "its description is gone")),
            None if rows.last(&[])?.is_some() => {
                return Err(damaged(
                    folder,
                    "a restore did not come to its end: empty the folder and restore again",
                ));
            }
            None => found(&rows)?,
        };
        if known_format != Some(STORE_FORMAT) {
            write_format(folder)?;
        }
        let tail = backup::tail_of(&rows)?;
        let noted = rows.noted_head()?;
        if noted > tail.head {
            let why = format!(
                "its log ends with commit {} although {noted} were answered (to go on with what is left, remove `HEAD`)",
                tail.head
            );
            return Err(damaged(folder, &why));
        }
        let bytes_at_open = rows.bytes()?;
        let shared = Arc::new(Shared::new(rows, tail));
        let (asks, asked) = mpsc::channel(QUEUE);
        let (end, ended) = oneshot::channel();
        let thread = std::thread::Builder::new().name("whom-writer".into()).spawn({
            let shared = shared.clone();
            move || {
                shared.run(asked);
                drop(shared);
                let _ = end.send(());
            }
        })?;
        Ok(Self {
            id_key: meta.id_key,
            folder: folder.to_owned(),
            options,
            bytes_at_open,
            shared,
            asks: Mutex::new(Some(asks)),
            writer: Mutex::new(Some(Writer { thread, ended })),
        })
    }
}

impl SledStore {
    /// Makes a store in `folder`, which must be empty or not there, of what a backup holds; gives the
    /// number of its last commit.
    ///
    /// A backup that was cut off or changed leaves the folder empty. This is also how a store is made
    /// small again: sled gives no room back for what was taken away.
    pub fn restore(folder: &Path, from: &mut dyn io::Read) -> Result<FeedNumber, StoreError> {
        if folder.exists() && std::fs::read_dir(folder)?.next().is_some() {
            return Err(not_restored(format!("`{}` is not empty: name a new folder", folder.display())));
        }
        let restored = Self::fill(folder, from);
        if restored.is_err() && folder.exists() {
            // What is left would be refused by `open` all the same.
            if let Err(error) = std::fs::remove_dir_all(folder) {
                tracing::warn!(%error, "half of a restore could not be removed");
            }
        }
        restored
    }

    fn fill(folder: &Path, from: &mut dyn io::Read) -> Result<FeedNumber, StoreError> {
        let rows = SledRows::open(folder, &SledOptions::default())?;
        let put = |some: Rows| rows.apply(some.into_iter().map(|(key, row)| (key, Some(row))).collect());
        let Restored { meta: (key, meta), head, .. } = backup::read(from, put)?;
        rows.flush(0)?;
        rows.apply(Batch::from([(key, Some(meta))]))?;
        rows.flush(head)?;
        write_format(folder)?;
        Ok(head)
    }
}

/// Makes an empty folder a store.
fn found(rows: &SledRows) -> Result<Meta, StoreError> {
    let mut id_key = [0; 32];
    getrandom::fill(&mut id_key).map_err(|error| io::Error::other(error.to_string()))?;
    let meta = Meta { format: STORE_FORMAT, id_key: IdKey::from_bytes(id_key) };
    rows.apply(Batch::from([(key::meta(), Some(row(&key::meta(), &meta)?))]))?;
    rows.flush(0)?;
    Ok(meta)
}

/// Says that rows of this format are written from now on; those of an older one are read as they are.
fn raise_format(rows: &SledRows, before: Meta) -> Result<Meta, StoreError> {
    if before.format < WITH_INBOX {
        let mut from = Some(key::Table::Conversation.prefix());
        while let Some(start) = from {
            let (places, next) = inbox::made_anew(rows, &start)?;
            rows.apply(places)?;
            from = next;
        }
    }
    let meta = Meta { format: STORE_FORMAT, ..before };
    rows.apply(Batch::from([(key::meta(), Some(row(&key::meta(), &meta)?))]))?;
    Ok(meta)
}

/// The format that the folder's file names; nothing where there is no file.
fn read_format(folder: &Path) -> Result<Option<u32>, StoreError> {
    let text = match std::fs::read_to_string(folder.join(FORMAT_FILE)) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    match text.trim().rsplit(' ').next().and_then(|number| number.parse().ok()) {
        Some(format) if format > STORE_FORMAT => Err(newer(folder, format)),
        Some(format) => Ok(Some(format)),
        None => Err(StoreError::Damaged {
            what: format!("`{}`", folder.join(FORMAT_FILE).display()),
            why: "it names no format".into(),
        }),
    }
}

fn write_format(folder: &Path) -> Result<(), StoreError> {
    Ok(std::fs::write(folder.join(FORMAT_FILE), format!("whom store, format {STORE_FORMAT}\n"))?)
}

fn newer(folder: &Path, found: u32) -> StoreError {
    StoreError::Newer { folder: folder.to_owned(), found, known: STORE_FORMAT }
}

fn damaged(folder: &Path, why: &str) -> StoreError {
    StoreError::Damaged { what: format!("`{}`", folder.display()), why: why.to_owned() }
}

impl Embedded for SledStore {
    type Rows = SledRows;

    fn key(&self) -> &IdKey {
        &self.id_key
    }

    fn read<T>(&self, read: impl FnOnce(&SledRows) -> Result<T, StoreError>) -> Result<T, StoreError> {
        self.shared.read(read)
    }

    async fn submit(&self, prepared: Prepared) -> Result<FeedNumber, StoreError> {
        let asks = self.asks.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let (answer, answered) = oneshot::channel();
        let asks = asks.ok_or(StoreError::Closed)?;
        asks.send(Ask { prepared, answer }).await.map_err(|_| StoreError::Closed)?;
        drop(asks);
        answered.await.map_err(|_| StoreError::Closed)?
    }

    fn tail(&self) -> Tail {
        self.shared.tail()
    }

    fn head(&self) -> &watch::Sender<FeedNumber> {
        &self.shared.head
    }

    fn snapshots(&self) -> &Snapshots {
        &self.shared.snapshots
    }

    fn bytes(&self) -> Result<u64, StoreError> {
        self.read(SledRows::bytes)
    }

    async fn shut(&self) -> Result<(), StoreError> {
        let writer = self.stop().ok_or(StoreError::Closed)?;
        // The writer answers everything that was sent before it ends.
        let _ = writer.ended.await;
        let _ = writer.thread.join();
        let rows = self.shared.rows.write().unwrap_or_else(PoisonError::into_inner).take();
        let grown = match &rows {
            Some(rows) => rows.bytes()?.saturating_sub(self.bytes_at_open),
            None => 0,
        };
        drop(rows);
        if grown > WORTH_A_SNAPSHOT {
            // sled remembers where everything stands only when it opens; otherwise the next opening would
            // read all that was written since, which after a large import takes long.
            drop(SledRows::open(&self.folder, &self.options)?);
        }
        Ok(())
    }
}

impl SledStore {
    /// Takes no more changes; gives the writer that still has to come to its end.
    fn stop(&self) -> Option<Writer> {
        self.asks.lock().unwrap_or_else(PoisonError::into_inner).take();
        self.writer.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl Drop for SledStore {
    fn drop(&mut self) {
        // The folder is free when the value is gone.
        if let Some(writer) = self.stop() {
            let _ = writer.thread.join();
        }
    }
}
