//! The directory for somebody who does not see everything: what they cannot see finds nothing and sorts nothing.

use std::sync::Arc;

use async_trait::async_trait;
use whom_core::{
    engine::{Engine, EngineError},
    model::{ProfileId, Timestamp},
    search::{Page, Query, SearchError, SeenAs, Sort, Vocabulary},
    view::{Seen, Sight},
};

use crate::directory::Directory;

/// How many pages of the index are looked at for one page of what is seen.
const MOST_PAGES: usize = 8;

/// How far is counted where every hit has to be looked at.
const MOST_COUNTED: usize = 1_000;

/// The directory for somebody who does not see everything.
pub(crate) struct SeenDirectory {
    pub(crate) all: Arc<dyn Directory>,
    pub(crate) engine: Engine,
    pub(crate) sight: Arc<Sight>,
}

impl SeenDirectory {
    /// Whether a question names what is not seen; a list that somebody else saved may do so.
    fn asks_too_much(&self, query: &Query) -> bool {
        query.filter.each().any(|test| self.sight.of_property(&test.property) != Seen::Full)
    }

    /// Everybody who is found, a page at a time, at most `most`.
    async fn walk(&self, query: Query, most: usize, now: Timestamp) -> Result<Vec<ProfileId>, SearchError> {
        let mut ids = Vec::new();
        let mut query = Query { limit: 200, ..query };
        loop {
            let page = self.find(query.clone(), now).await?;
            ids.extend(page.hits.iter().map(|hit| hit.id));
            query.cursor = page.next;
            if query.cursor.is_none() || ids.len() >= most {
                ids.truncate(most);
                return Ok(ids);
            }
        }
    }
}

#[async_trait]
impl Directory for SeenDirectory {
    fn vocabulary(&self) -> Vocabulary {
        self.all.vocabulary().without(|key| self.sight.of_property(key) != Seen::Full)
    }

    async fn count(&self, query: Query, most: usize, now: Timestamp) -> Result<usize, SearchError> {
        if self.asks_too_much(&query) {
            return Ok(0);
        }
        match query.text.trim().is_empty() {
            true => self.all.count(query, most, now).await,
            false => Ok(self.walk(query, most.min(MOST_COUNTED), now).await?.len()),
        }
    }

    async fn ids(&self, query: Query, most: usize, now: Timestamp) -> Result<Vec<ProfileId>, SearchError> {
        if self.asks_too_much(&query) {
            return Ok(Vec::new());
        }
        match query.text.trim().is_empty() {
            true => self.all.ids(query, most, now).await,
            false => self.walk(query, most, now).await,
        }
    }

    async fn find(&self, mut query: Query, now: Timestamp) -> Result<Page, SearchError> {
        if self.asks_too_much(&query) {
            return Ok(Page::default());
        }
        if matches!(&query.sort, Sort::Property(key) if self.sight.of_property(key) != Seen::Full) {
            query.sort = Sort::LastSeen;
        }
        let rules = self.engine.rules();
        let seen_as = SeenAs::new(&self.sight, rules.schema(), &query.text);
        if query.sort == Sort::Name && !seen_as.sorts_by_name() {
            query.sort = Sort::LastSeen;
        }
        let limit = if query.limit == 0 { 50 } else { query.limit };
        let mut shown = Page::default();
        for _ in 0..MOST_PAGES {
            let page = self.all.find(Query { limit: limit - shown.hits.len(), ..query.clone() }, now).await?;
            (shown.next, shown.behind) = (page.next, page.behind);
            for hit in page.hits {
                match self.engine.in_full().view(hit.id, now).await {
                    Ok(view) => shown.hits.extend(seen_as.hit(&view, hit.created)),
                    // It was erased between finding and reading.
                    Err(EngineError::NotFound { .. }) => {}
                    Err(error) => return Err(error.into()),
                }
            }
            if shown.hits.len() >= limit || shown.next.is_none() {
                break;
            }
            query.cursor.clone_from(&shown.next);
        }
        // How many there are of what is not seen would tell of it too.
        shown.total = None;
        Ok(shown)
    }
}
