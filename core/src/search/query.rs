//! Asking: what is wanted, in which order, and the page that answers.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tantivy::{
    Searcher, TantivyDocument,
    query::{AllQuery, Query as TantivyQuery},
    schema::Value,
};

use super::{
    Search, SearchError,
    cursor::{Cursor, Place},
    document::Row,
    overlay::Pending,
    rank::{Hidden, RankCollector, Ranking, ShelfFilter},
    schema::Fields,
    wanted::{Typos, Wanted},
};
use crate::model::{ProfileId, ProfileKind, Timestamp};

/// The most profiles of one page.
const MOST_HITS: usize = 200;

/// What is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// What somebody typed: words, beginnings of words, an address, a number, an id. Empty for all.
    pub text: String,
    /// Only visitors or only customers.
    pub kind: Option<ProfileKind>,
    /// Live profiles, or those in the trash.
    pub state: StateFilter,
    /// The order.
    pub sort: Sort,
    /// Where to go on: `next` of the page before.
    pub cursor: Option<String>,
    /// The most profiles to give: 1 to 200, or 0 for 50.
    pub limit: usize,
}

/// Which profiles are asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StateFilter {
    /// Those that are shown.
    #[default]
    Live,
    /// Those in the trash.
    Trashed,
}

/// The order of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    /// What fits best first; without a text the same as `LastSeen`.
    #[default]
    Relevance,
    /// The last seen first.
    LastSeen,
    /// By name.
    Name,
    /// The last made first.
    Created,
    /// The one with the most messages first.
    Messages,
}

/// One page of a list.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Page {
    /// The profiles.
    pub hits: Vec<Hit>,
    /// Where the next page begins; none at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// How many there are in all; none while profiles are missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<usize>,
    /// How many changed profiles the answer does not know of yet; zero except after a large import or a rebuild.
    pub behind: u64,
}

/// One profile as a list shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Hit {
    /// Its id.
    pub id: ProfileId,
    /// What to call the person.
    pub name: String,
    /// What stands under the name: what was found, where that is not the name; otherwise how to reach them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<String>,
    /// The first e-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The company.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub company: Option<String>,
    /// Visitor or customer.
    pub kind: ProfileKind,
    /// Live or in the trash.
    pub state: StateFilter,
    /// Whether there is a picture to show.
    pub has_photo: bool,
    /// When the profile was made.
    pub created: Timestamp,
    /// When the latest thing happened.
    pub last_seen: Timestamp,
    /// How many messages there are.
    pub messages: u64,
    /// How many other entries there are.
    pub events: u64,
}

impl Hit {
    fn new(row: Row, wanted: Option<&Wanted>) -> Self {
        let found = wanted.and_then(|wanted| wanted.line(&row.name, &row.lines));
        let line = found.or(row.email.as_deref()).or(row.lines.first().map(String::as_str));
        Self {
            id: row.id(),
            line: line.filter(|line| *line != row.name).map(str::to_owned),
            kind: if row.is_customer { ProfileKind::Customer } else { ProfileKind::Visitor },
            state: if row.is_trashed { StateFilter::Trashed } else { StateFilter::Live },
            has_photo: row.has_photo,
            created: Timestamp::from_millis(row.created),
            last_seen: Timestamp::from_millis(row.seen),
            messages: row.messages,
            events: row.events,
            email: row.email,
            company: row.company,
            name: row.name,
        }
    }
}

impl Search {
    /// Answers a question with everything that was committed to the store before it was asked.
    ///
    /// Where the index is far behind, the answer is given from what is there and says so.
    pub async fn query(&self, query: Query, now: Timestamp) -> Result<Page, SearchError> {
        let behind = self.catch_up(now).await?;
        let pending = self.state().pending();
        // The searcher comes after what is pending: what was committed in between shows once, not never.
        let searcher = self.inner.reader.searcher();
        let fields = self.inner.fields;
        let asked = move || Asked::new(query, fields, searcher, pending)?.page(behind);
        tokio::task::spawn_blocking(asked).await.map_err(std::io::Error::other)?
    }
}

/// A question and all that it is asked of.
struct Asked {
    query: Query,
    wanted: Option<Wanted>,
    cursor: Option<Cursor>,
    ranking: Ranking,
    limit: usize,
    fields: Fields,
    searcher: Searcher,
    pending: Arc<Pending>,
    hidden: Arc<Hidden>,
}

/// What was found: where it stands, and its row where that is in memory.
type Found<'a> = (Place, Result<&'a Row, tantivy::DocAddress>);

impl Asked {
    fn new(
        query: Query,
        fields: Fields,
        searcher: Searcher,
        pending: Arc<Pending>,
    ) -> Result<Self, SearchError> {
        let cursor = query.cursor.as_deref().map(|text| Cursor::read(text, &query)).transpose()?;
        let limit = if query.limit == 0 { 50 } else { query.limit.min(MOST_HITS) };
        let wanted = Wanted::parse(&query.text);
        let sort = match (query.sort, &wanted) {
            (Sort::Relevance, None) => Sort::LastSeen,
            (sort, _) => sort,
        };
        let ranking = Ranking {
            sort,
            shelf: ShelfFilter::new(query.kind, query.state == StateFilter::Trashed),
            after: cursor.as_ref().map(|cursor| cursor.after.clone()),
            // One more tells whether there is a next page.
            limit: limit + 1,
        };
        let hidden = Arc::new(Hidden::new(pending.keys().copied()));
        Ok(Self { query, wanted, cursor, ranking, limit, fields, searcher, pending, hidden })
    }

    fn page(&self, behind: u64) -> Result<Page, SearchError> {
        // Punctuation alone asks for nobody, not for everybody.
        if self.wanted.is_none() && !self.query.text.trim().is_empty() {
            return Ok(Page { total: Some(0), behind, ..Page::default() });
        }
        let mut typos = self.cursor.as_ref().map_or(Typos::None, Cursor::typos);
        let (mut found, mut total) = self.found(typos)?;
        // Typing mistakes are looked for where what was typed does not fill a page.
        if self.cursor.is_none() && self.wanted.is_some() && total < self.limit {
            typos = Typos::One;
            (found, total) = self.found(typos)?;
        }
        let has_next = found.len() > self.limit;
        found.truncate(self.limit);
        let last = found.last().filter(|_| has_next).map(|(place, _)| place.clone());
        let hits = found.into_iter().map(|(_, row)| self.hit(row)).collect::<Result<_, _>>()?;
        Ok(Page {
            hits,
            next: last.map(|place| Cursor::new(&self.query, typos, place).to_text()),
            total: (behind == 0).then_some(total),
            behind,
        })
    }

    /// The first of what fits, in order, and how many there are; from the index and from memory.
    fn found(&self, typos: Typos) -> Result<(Vec<Found<'_>>, usize), SearchError> {
        let query: Box<dyn TantivyQuery> = match &self.wanted {
            Some(wanted) => wanted.query(&self.fields, typos),
            None => Box::new(AllQuery),
        };
        let collector = RankCollector { ranking: self.ranking.clone(), hidden: Arc::clone(&self.hidden) };
        let ranked = self.searcher.search(&query, &collector)?;
        let mut total = ranked.total;
        let mut found: Vec<Found<'_>> =
            ranked.first.into_iter().map(|(place, address)| (place, Err(address))).collect();
        for profile in self.pending.values().filter_map(|pended| pended.profile.as_deref()) {
            if !self.ranking.shelf.shows(profile.row.shelf()) {
                continue;
            }
            let score = match &self.wanted {
                Some(wanted) => wanted.score(profile, typos),
                None => Some(0),
            };
            let Some(score) = score else { continue };
            total += 1;
            let place = self.ranking.place(&profile.row, score);
            if self.ranking.after.as_ref().is_none_or(|after| place > *after) {
                found.push((place, Ok(&profile.row)));
            }
        }
        found.sort_by(|(a, _), (b, _)| a.cmp(b));
        found.truncate(self.ranking.limit);
        Ok((found, total))
    }

    fn hit(&self, row: Result<&Row, tantivy::DocAddress>) -> Result<Hit, SearchError> {
        let row = match row {
            Ok(row) => row.clone(),
            Err(address) => {
                let document: TantivyDocument = self.searcher.doc(address)?;
                let bytes = document.get_first(self.fields.row).and_then(|value| value.as_bytes());
                postcard::from_bytes(bytes.unwrap_or_default())?
            }
        };
        Ok(Hit::new(row, self.wanted.as_ref()))
    }
}
