//! The customers list and the look-up, answered by the search index.

use async_trait::async_trait;
use whom_core::{
    model::{ProfileId, Timestamp},
    search::{Page, Query, Search, SearchError, Vocabulary},
};
use whom_server::Directory;

/// How well an answer knows what was just written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Freshness {
    /// A task keeps the index up to date; after a large import an answer may be a little behind.
    Followed,
    /// Nobody does, so the index is brought up to date before an answer.
    Settled,
}

/// The search index as the API asks it.
pub(crate) struct SearchDirectory {
    search: Search,
    freshness: Freshness,
}

impl SearchDirectory {
    pub(crate) fn new(search: Search, freshness: Freshness) -> Self {
        Self { search, freshness }
    }

    async fn settle(&self, now: Timestamp) -> Result<(), SearchError> {
        match self.freshness {
            Freshness::Followed => Ok(()),
            Freshness::Settled => self.search.settle(now).await,
        }
    }
}

#[async_trait]
impl Directory for SearchDirectory {
    async fn find(&self, query: Query, now: Timestamp) -> Result<Page, SearchError> {
        let page = self.search.query(query.clone(), now).await?;
        if page.behind == 0 || self.freshness == Freshness::Followed {
            return Ok(page);
        }
        self.search.settle(now).await?;
        self.search.query(query, now).await
    }

    async fn count(&self, query: Query, most: usize, now: Timestamp) -> Result<usize, SearchError> {
        self.settle(now).await?;
        self.search.count(query, most, now).await
    }

    async fn ids(&self, query: Query, most: usize, now: Timestamp) -> Result<Vec<ProfileId>, SearchError> {
        self.settle(now).await?;
        self.search.ids(query, most, now).await
    }

    fn vocabulary(&self) -> Vocabulary {
        self.search.vocabulary()
    }
}
