//! Rows in sled: one tree, and its errors in the words of the store.

use std::{
    fs::File,
    io::{self, Read as _, Seek as _, SeekFrom, Write as _},
    ops::ControlFlow,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    time::Duration,
};

use super::{
    StoreError,
    ordered::{Batch, Ordered, Step},
    rows::key::Key,
    sled_store::{SledOptions, Survives},
    writer::Durable,
};
use crate::feed::FeedNumber;

/// sled lets go of its folder a moment after its last handle is gone; so a lock is asked for more than once.
const LOCK_TRIES: u32 = 10;
const LOCK_PAUSE: Duration = Duration::from_millis(50);

/// One sled folder.
pub(crate) struct SledRows {
    folder: PathBuf,
    db: sled::Db,
    /// The file of sled's log, to be forced to the disk itself.
    log: Option<File>,
    head: HeadFile,
}

impl SledRows {
    /// Opens a folder, making it where it is not there.
    pub(crate) fn open(folder: &Path, options: &SledOptions) -> Result<Self, StoreError> {
        std::fs::create_dir_all(folder)?;
        let mut tries = 1;
        let db = loop {
            // sled checks what it can and panics on some of what it cannot read.
            let opened = catch_unwind(AssertUnwindSafe(|| {
                sled::Config::new()
                    .path(folder)
                    .cache_capacity(options.cache_bytes)
                    .flush_every_ms(None)
                    .open()
            }));
            match opened {
                Ok(Ok(db)) => break db,
                Ok(Err(error)) if is_locked(&error) && tries < LOCK_TRIES => {
                    tries += 1;
                    std::thread::sleep(LOCK_PAUSE);
                }
                Ok(Err(error)) if is_locked(&error) => {
                    return Err(StoreError::Locked { folder: folder.to_owned() });
                }
                Ok(Err(error)) => return Err(sled_error(error, folder)),
                Err(_) => return Err(damaged(folder, "it cannot be opened")),
            }
        };
        let log = match options.survives {
            Survives::Crash => None,
            Survives::PowerCut => Some(File::open(folder.join("db"))?),
        };
        Ok(Self { folder: folder.to_owned(), db, log, head: HeadFile::open(folder)? })
    }

    /// The commit up to which the log was once durable, as far as is known.
    pub(crate) fn noted_head(&self) -> Result<FeedNumber, StoreError> {
        Ok(self.head.noted()?)
    }

    pub(crate) fn bytes(&self) -> Result<u64, StoreError> {
        self.db.size_on_disk().map_err(|error| sled_error(error, &self.folder))
    }

    fn said<T>(&self, result: sled::Result<T>) -> Result<T, StoreError> {
        result.map_err(|error| sled_error(error, &self.folder))
    }
}

impl Ordered for SledRows {
    type Bytes = sled::IVec;

    fn get(&self, key: &[u8]) -> Result<Option<sled::IVec>, StoreError> {
        self.said(self.db.get(key))
    }

    fn scan(
        &self,
        from: &[u8],
        prefix: &[u8],
        visit: &mut dyn FnMut(&[u8], &[u8]) -> Step,
    ) -> Result<(), StoreError> {
        for row in self.db.range(from..) {
            let (key, bytes) = self.said(row)?;
            if !key.starts_with(prefix) || visit(&key, &bytes)? == ControlFlow::Break(()) {
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
        for row in self.db.range(prefix..before).rev() {
            let (key, bytes) = self.said(row)?;
            if !key.starts_with(prefix) || visit(&key, &bytes)? == ControlFlow::Break(()) {
                break;
            }
        }
        Ok(())
    }

    fn last(&self, prefix: &[u8]) -> Result<Option<(Key, sled::IVec)>, StoreError> {
        let last = self.said(self.db.scan_prefix(prefix).next_back().transpose())?;
        Ok(last.map(|(key, bytes)| (key.to_vec(), bytes)))
    }

    fn folder(&self) -> &Path {
        &self.folder
    }
}

impl Durable for SledRows {
    fn apply(&self, batch: Batch) -> Result<(), StoreError> {
        let mut writes = sled::Batch::default();
        for (key, row) in batch {
            match row {
                Some(row) => writes.insert(key, row),
                None => writes.remove(key),
            }
        }
        self.said(self.db.apply_batch(writes))
    }

    fn flush(&self, head: FeedNumber) -> Result<(), StoreError> {
        self.said(self.db.flush())?;
        let noted = self.log.as_ref().map_or(Ok(()), File::sync_data).and_then(|()| self.head.note(head));
        noted.map_err(|error| sled_error(error.into(), &self.folder))
    }
}

/// A file beside sled's own that holds the number of the last durable commit.
///
/// Where a byte of its log is wrong, sled takes the log to end there and says nothing. The
/// number tells. It is written after the log is durable and never forced to the disk itself, so it may be
/// too small after a power cut, which alarms nobody, and is never too great.
struct HeadFile(File);

const HEAD_FILE: &str = "HEAD";

impl HeadFile {
    fn open(folder: &Path) -> io::Result<Self> {
        let path = folder.join(HEAD_FILE);
        File::options().read(true).write(true).create(true).truncate(false).open(path).map(Self)
    }

    fn note(&self, head: FeedNumber) -> io::Result<()> {
        (&self.0).seek(SeekFrom::Start(0))?;
        // Of one length always, so that no digit of an older number is left.
        (&self.0).write_all(format!("{head:020}\n").as_bytes())
    }

    fn noted(&self) -> io::Result<FeedNumber> {
        let mut text = String::new();
        (&self.0).seek(SeekFrom::Start(0))?;
        (&self.0).read_to_string(&mut text)?;
        Ok(text.trim().parse().unwrap_or(0))
    }
}

fn is_locked(error: &sled::Error) -> bool {
    matches!(error, sled::Error::Io(error) if error.to_string().contains("could not acquire lock"))
}

fn sled_error(error: sled::Error, folder: &Path) -> StoreError {
    match error {
        sled::Error::Io(error)
            if matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded) =>
        {
            StoreError::Full { folder: folder.to_owned() }
        }
        sled::Error::Io(error) => StoreError::Io(error),
        sled::Error::Corruption { at: Some(at), .. } => {
            damaged(folder, &format!("what stands at {at:?} does not read"))
        }
        other => damaged(folder, &other.to_string()),
    }
}

fn damaged(folder: &Path, why: &str) -> StoreError {
    StoreError::Damaged { what: format!("`{}`", folder.join("db").display()), why: why.to_owned() }
}
