//! What can go wrong with a store, and what to do about it.

use std::path::PathBuf;

use super::Subject;

/// Why a store could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Something that was read has changed since: read again and decide again.
    #[error("{subject:?} has changed since it was read")]
    Conflict {
        /// The first row that has changed.
        subject: Subject,
    },
    /// Another process has the folder open.
    #[error("`{}` is in use by another whom process: stop it, or talk to it with `--server`", folder.display())]
    Locked {
        /// The folder.
        folder: PathBuf,
    },
    /// A newer whom wrote it.
    #[error("`{}` was written by a newer whom (store format {found}; this one reads up to {known}): use that version", folder.display())]
    Newer {
        /// The folder.
        folder: PathBuf,
        /// Its format.
        found: u32,
        /// The newest format this version reads.
        known: u32,
    },
    /// A file is damaged.
    #[error(
        "{what} is damaged: {why}; restore the latest backup with `whom restore`, or look with `whom doctor`"
    )]
    Damaged {
        /// The file or row.
        what: String,
        /// How that shows.
        why: String,
    },
    /// There is no room left.
    #[error("the disk of `{}` is full: make room, nothing that was answered is lost", folder.display())]
    Full {
        /// The folder.
        folder: PathBuf,
    },
    /// The store was closed.
    #[error("the store is closed")]
    Closed,
    /// Reading or writing failed.
    #[error("reading or writing the store failed: {0}")]
    Io(#[from] std::io::Error),
    /// A backup was not taken as a store.
    #[error("nothing was restored from the backup: {why}")]
    NotRestored {
        /// Why.
        why: String,
    },
    /// Something in a change set cannot be stored.
    #[error("{what} cannot be stored: {why}")]
    Refused {
        /// What it is.
        what: String,
        /// Why.
        why: String,
    },
}
