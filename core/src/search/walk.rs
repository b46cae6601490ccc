//! Whole lists: how many profiles are meant, and which, up to a bound.

use tantivy::{
    DocSet, TERMINATED,
    query::{AllQuery, EnableScoring, Query as TantivyQuery},
};

use super::{
    Search, SearchError,
    filter::SegmentMeaning,
    query::{Asked, Query},
    schema::column,
    wanted::Typos,
};
use crate::model::{ProfileId, Timestamp};

impl Search {
    /// How many profiles are meant, counted up to `most`; where that is reached there may be more.
    pub async fn count(&self, query: Query, most: usize, now: Timestamp) -> Result<usize, SearchError> {
        self.asked(query, now, move |asked| asked.count(most)).await
    }

    /// The profiles that are meant in the order asked for, at most `most` of them.
    pub async fn ids(
        &self,
        query: Query,
        most: usize,
        now: Timestamp,
    ) -> Result<Vec<ProfileId>, SearchError> {
        self.asked(query, now, move |asked| asked.ids(most)).await
    }

    async fn asked<T: Send + 'static>(
        &self,
        query: Query,
        now: Timestamp,
        answer: impl FnOnce(Asked) -> Result<T, SearchError> + Send + 'static,
    ) -> Result<T, SearchError> {
        self.catch_up(now).await?;
        let pending = self.state().pending();
        let searcher = self.inner.reader.searcher();
        let fields = self.inner.fields;
        let vocabulary = self.vocabulary();
        let asked = move || answer(Asked::new(query, &vocabulary, now, fields, searcher, pending)?);
        tokio::task::spawn_blocking(asked).await.map_err(std::io::Error::other)?
    }
}

impl Asked {
    /// Stops as soon as `most` are found: a list of a million costs no more than that.
    fn count(&self, most: usize) -> Result<usize, SearchError> {
        let mut count = self.pending_count();
        let query: Box<dyn TantivyQuery> = match &self.wanted {
            Some(wanted) => wanted.query(&self.fields, Typos::None),
            None => Box::new(AllQuery),
        };
        let weight = query.weight(EnableScoring::disabled_from_searcher(&self.searcher))?;
        for reader in self.searcher.segment_readers() {
            let columns = reader.fast_fields();
            let shelf = columns.column_first_or_default::<u64>(column::SHELF)?;
            let tie = columns.column_first_or_default::<u64>(column::TIE)?;
            let meaning = SegmentMeaning::of(&self.meaning, reader)?;
            let mut docs = weight.scorer(reader, 1.0)?;
            let mut doc = docs.doc();
            while doc != TERMINATED {
                if count >= most {
                    return Ok(most);
                }
                let is_meant = !reader.is_deleted(doc)
                    && self.ranking.shelf.shows(shelf.get_val(doc))
                    && (self.hidden.is_empty() || !self.hidden.has(tie.get_val(doc)))
                    && meaning.fits(doc);
                count += usize::from(is_meant);
                doc = docs.advance();
            }
        }
        Ok(count.min(most))
    }

    fn pending_count(&self) -> usize {
        let profiles = self.pending.values().filter_map(|pended| pended.profile.as_deref());
        profiles.filter(|profile| self.score(profile, Typos::None).is_some()).count()
    }

    fn ids(mut self, most: usize) -> Result<Vec<ProfileId>, SearchError> {
        if self.wanted.is_none() && !self.query.text.trim().is_empty() {
            return Ok(Vec::new());
        }
        self.ranking.limit = most.max(1);
        let (mut found, total) = self.found(Typos::None)?;
        // The list shows mistyped words where what was typed fills no page; whoever takes all of it means what it shows.
        if self.wanted.is_some() && total < self.limit {
            found = self.found(Typos::One)?.0;
        }
        found.truncate(most);
        found
            .into_iter()
            .map(|(_, row)| match row {
                Ok(row) => Ok(row.id()),
                Err(address) => Ok(self.row(address)?.id()),
            })
            .collect()
    }
}
