//! Finding profiles by what somebody types, and listing them all.

use async_trait::async_trait;
use whom_core::{
    engine::{Engine, EngineError},
    model::{ProfileId, Timestamp},
    store::StoreError,
};

/// One page of profiles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The profiles, in order.
    pub found: Vec<Found>,
    /// Where the next page begins, in the directory's own words; none at the end.
    pub next: Option<String>,
}

/// One profile that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its id.
    pub id: ProfileId,
    /// Why it was found, in words, where that is not plain.
    pub because: Option<String>,
}

/// Why a directory gave no page.
#[derive(Debug, thiserror::Error)]
pub enum DirectoryError {
    /// The cursor is none of this directory's.
    #[error("this is no cursor: take it from the answer before, as it is")]
    Cursor,
    /// What was asked for cannot be read.
    #[error("{0}")]
    Query(String),
    /// Reading failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What finds profiles: the search index, or a plain list where there is none.
#[async_trait]
pub trait Directory: Send + Sync + 'static {
    /// The profiles that `text` means, the best first; all of them where it is empty.
    async fn find(
        &self,
        text: &str,
        cursor: Option<&str>,
        limit: usize,
        now: Timestamp,
    ) -> Result<Page, DirectoryError>;
}

/// The directory of a server without a search index: all profiles in the order of their ids,
/// or the one that a complete address, number or id means.
#[derive(Clone)]
pub struct ListInStore(Engine);

impl ListInStore {
    /// A directory over the engine's store.
    pub fn new(engine: Engine) -> Self {
        Self(engine)
    }
}

#[async_trait]
impl Directory for ListInStore {
    async fn find(
        &self,
        text: &str,
        cursor: Option<&str>,
        limit: usize,
        _now: Timestamp,
    ) -> Result<Page, DirectoryError> {
        if !text.trim().is_empty() {
            return match self.0.find(text).await {
                Ok(id) => Ok(Page { found: vec![Found { id, because: None }], next: None }),
                Err(EngineError::Store(error)) => Err(error.into()),
                Err(_) => Ok(Page { found: Vec::new(), next: None }),
            };
        }
        let mut after: Option<ProfileId> =
            cursor.map(str::parse).transpose().map_err(|_| DirectoryError::Cursor)?;
        let mut found = Vec::new();
        loop {
            let rows = self.0.store().profiles_after(after, limit.max(50)).await?;
            let was_last = rows.len() < limit.max(50);
            for row in rows {
                if found.len() == limit {
                    return Ok(Page { found, next: after.map(|id| id.to_string()) });
                }
                after = Some(row.id);
                if row.is_live() {
                    found.push(Found { id: row.id, because: None });
                }
            }
            if was_last {
                return Ok(Page { found, next: None });
            }
        }
    }
}
