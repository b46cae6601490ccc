//! The search index and the customers list: derived from views, fed by the change feed, never asked for the truth.
//!
//! What has been read from the feed but not yet committed to the index lies in memory and is asked
//! as well, so that whoever has written finds it at once. What is in the index may be thrown away at
//! any time; [`Search::rebuild`] makes it again.

mod fold;
mod schema;

pub mod filter;

mod document;
mod wanted;

mod cursor;
mod query;
mod rank;
mod walk;

mod disk;
mod overlay;

mod dump;
mod indexer;
mod rebuild;
mod seen;

#[cfg(test)]
mod tests;

pub use filter::{Filter, FilterError, Vocabulary};
pub use query::{Direction, Hit, Page, Query, Sort, StateFilter};
pub use seen::SeenAs;

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError, atomic::AtomicBool},
};

use tantivy::{IndexReader, IndexWriter};

use crate::{
    engine::{Engine, EngineError},
    store::StoreError,
};

/// Why a search failed or the index could not go on.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// The folder holds something that is no search index.
    #[error("`{}` holds files that are no search index: name an empty folder", folder.display())]
    Foreign {
        /// The folder.
        folder: PathBuf,
    },
    /// Another process has the index open.
    #[error("the search index `{}` is in use by another whom process", folder.display())]
    Locked {
        /// The folder.
        folder: PathBuf,
    },
    /// The cursor is none, or one of another list.
    #[error("the cursor does not belong to this list: take it from the page before, with the same question")]
    Cursor,
    /// The filter cannot be read.
    #[error(transparent)]
    Filter(#[from] FilterError),
    /// A list cannot be sorted so.
    #[error(
        "a list cannot be sorted by `{key}`: sort by a property with one value, or by last_seen, name, created or messages"
    )]
    Sort {
        /// What was named.
        key: String,
    },
    /// This directory has no index, and so no filters.
    #[error("filters need the search index, which this process does not have")]
    NoFilters,
    /// The index failed.
    #[error("the search index failed: {0}; `whom rebuild` makes it again")]
    Index(#[from] tantivy::TantivyError),
    /// A row of the index cannot be read or written.
    #[error("a row of the search index does not read: {0}; `whom rebuild` makes it again")]
    Row(#[from] postcard::Error),
    /// Its folder cannot be read or written.
    #[error("reading or writing the search index failed: {0}")]
    Io(#[from] std::io::Error),
    /// Reading what is to be indexed failed.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

impl From<StoreError> for SearchError {
    fn from(error: StoreError) -> Self {
        Self::Engine(error.into())
    }
}

/// The search index. Cheap to clone; all clones are the same index.
///
/// One task runs [`Search::run`]; any number ask [`Search::query`] meanwhile.
#[derive(Clone)]
pub struct Search {
    inner: Arc<Inner>,
}

struct Inner {
    engine: Engine,
    fields: schema::Fields,
    reader: IndexReader,
    /// Held while documents are written and committed.
    writer: Arc<tokio::sync::Mutex<IndexWriter>>,
    /// Whether a rebuild was left half done, so that what the writer holds must not be committed.
    is_torn: AtomicBool,
    /// Held while the feed is read and views are loaded, so that an older view never replaces a newer one.
    reading: tokio::sync::Mutex<()>,
    state: Mutex<overlay::State>,
}

impl Search {
    /// Opens the index in a folder, or one in memory.
    ///
    /// An index that is damaged, of another form, or of another store is thrown away; [`Search::run`] or
    /// [`Search::settle`] makes it again. Nothing but an index of its own is ever removed from the folder.
    pub async fn open(engine: Engine, folder: Option<&Path>) -> Result<Self, SearchError> {
        let mut opened = disk::open(folder)?;
        let state = overlay::State::resume(&engine, opened.payload).await?;
        if state.is_of_another_store {
            tracing::info!("the search index is of another store: it is thrown away and made again");
            opened.writer.delete_all_documents()?;
            opened.writer.commit()?;
            opened.reader.reload()?;
        }
        let inner = Inner {
            engine,
            fields: opened.fields,
            reader: opened.reader,
            writer: Arc::new(tokio::sync::Mutex::new(opened.writer)),
            is_torn: AtomicBool::new(false),
            reading: tokio::sync::Mutex::new(()),
            state: Mutex::new(state),
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    fn state(&self) -> MutexGuard<'_, overlay::State> {
        self.inner.state()
    }
}

impl Inner {
    fn state(&self) -> MutexGuard<'_, overlay::State> {
        // Every change of the state is one assignment or insertion; a panic leaves nothing half done.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
