//! Asking: what is wanted, in which order, and the page that answers.

use std::{collections::BTreeMap, sync::Arc};

use serde::{Deserialize, Serialize};
use tantivy::{
    Searcher, TantivyDocument,
    query::{AllQuery, Query as TantivyQuery},
    schema::Value,
};

use super::{
    Search, SearchError,
    cursor::{Cursor, Place},
    document::{IndexedProfile, Row},
    filter::{Filter, Meaning, Vocabulary},
    overlay::Pending,
    rank::{Hidden, RankBy, RankCollector, Ranking, ShelfFilter},
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
    /// Conditions that hold besides.
    pub filter: Filter,
    /// The order.
    pub sort: Sort,
    /// Upwards or downwards; without it as is usual for what it is sorted by.
    pub direction: Option<Direction>,
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

/// Upwards or downwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Direction {
    /// The least first: A before Z, old before new.
    #[serde(rename = "asc")]
    Ascending,
    /// The greatest first.
    #[serde(rename = "desc")]
    Descending,
}

/// The order of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
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
    /// By a property, or by something else that every profile has; those without it stand last.
    Property(String),
}

impl Sort {
    /// The word for it.
    pub fn word(&self) -> &str {
        match self {
            Self::Relevance => "relevance",
            Self::LastSeen => "last_seen",
            Self::Name => "name",
            Self::Created => "created",
            Self::Messages => "messages",
            Self::Property(key) => key,
        }
    }
}

impl From<&str> for Sort {
    /// What a word means; whether there is such a property shows when it is asked for.
    fn from(word: &str) -> Self {
        match word {
            "" | "relevance" => Self::Relevance,
            "last_seen" => Self::LastSeen,
            "name" => Self::Name,
            "created" => Self::Created,
            "messages" => Self::Messages,
            key => Self::Property(key.to_owned()),
        }
    }
}

impl Serialize for Sort {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.word())
    }
}

impl<'de> Deserialize<'de> for Sort {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(std::borrow::Cow::<'de, str>::deserialize(deserializer)?.as_ref().into())
    }
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
    /// A mark of the photo, where there is one to show: another photo has another mark.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub photo: Option<String>,
    /// When the profile was made.
    pub created: Timestamp,
    /// When the latest thing happened.
    pub last_seen: Timestamp,
    /// How many messages there are.
    pub messages: u64,
    /// How many other entries there are.
    pub events: u64,
    /// The first values of its properties, for the columns of a list; longer texts are cut.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub properties: BTreeMap<String, Vec<serde_json::Value>>,
}

impl Hit {
    pub(super) fn new(row: Row, wanted: Option<&Wanted>) -> Self {
        let found = wanted.and_then(|wanted| wanted.line(&row.name, &row.lines));
        let line = found.or(row.email.as_deref()).or(row.lines.first().map(String::as_str));
        Self {
            properties: serde_json::from_str(&row.values).unwrap_or_default(),
            id: row.id(),
            line: line.filter(|line| *line != row.name).map(str::to_owned),
            kind: if row.is_customer { ProfileKind::Customer } else { ProfileKind::Visitor },
            state: if row.is_trashed { StateFilter::Trashed } else { StateFilter::Live },
            photo: row.photo,
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
        let vocabulary = self.vocabulary();
        let asked = move || Asked::new(query, &vocabulary, now, fields, searcher, pending)?.page(behind);
        tokio::task::spawn_blocking(asked).await.map_err(std::io::Error::other)?
    }

    /// What can be asked of: the properties of the rules, and those that occur though nobody defined them.
    pub fn vocabulary(&self) -> Vocabulary {
        let free = Arc::clone(&self.state().free);
        Vocabulary::new(self.inner.engine.rules().schema(), free.iter().cloned())
    }
}

/// A question and all that it is asked of.
pub(super) struct Asked {
    pub(super) query: Query,
    pub(super) wanted: Option<Wanted>,
    pub(super) meaning: Arc<Meaning>,
    cursor: Option<Cursor>,
    pub(super) ranking: Ranking,
    pub(super) limit: usize,
    pub(super) fields: Fields,
    pub(super) searcher: Searcher,
    pub(super) pending: Arc<Pending>,
    pub(super) hidden: Arc<Hidden>,
}

/// What was found: where it stands, and its row where that is in memory.
type Found<'a> = (Place, Result<&'a Row, tantivy::DocAddress>);

impl Asked {
    pub(super) fn new(
        query: Query,
        vocabulary: &Vocabulary,
        now: Timestamp,
        fields: Fields,
        searcher: Searcher,
        pending: Arc<Pending>,
    ) -> Result<Self, SearchError> {
        let cursor = query.cursor.as_deref().map(|text| Cursor::read(text, &query)).transpose()?;
        let limit = if query.limit == 0 { 50 } else { query.limit.min(MOST_HITS) };
        let wanted = Wanted::parse(&query.text);
        let meaning = Arc::new(Meaning::of(&query.filter, vocabulary, now)?);
        let ranking = Ranking {
            by: RankBy::of(&query.sort, query.direction, wanted.is_some(), vocabulary)?,
            shelf: ShelfFilter::new(query.kind, query.state == StateFilter::Trashed),
            after: cursor.as_ref().map(|cursor| cursor.after.clone()),
            // One more tells whether there is a next page.
            limit: limit + 1,
        };
        let hidden = Arc::new(Hidden::new(pending.keys().copied()));
        Ok(Self { query, wanted, meaning, cursor, ranking, limit, fields, searcher, pending, hidden })
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
    pub(super) fn found(&self, typos: Typos) -> Result<(Vec<Found<'_>>, usize), SearchError> {
        let query: Box<dyn TantivyQuery> = match &self.wanted {
            Some(wanted) => wanted.query(&self.fields, typos),
            None => Box::new(AllQuery),
        };
        let collector = RankCollector {
            ranking: self.ranking.clone(),
            hidden: Arc::clone(&self.hidden),
            meaning: Arc::clone(&self.meaning),
        };
        let ranked = self.searcher.search(&query, &collector)?;
        let mut total = ranked.total;
        let mut found: Vec<Found<'_>> =
            ranked.first.into_iter().map(|(place, address)| (place, Err(address))).collect();
        for profile in self.pending.values().filter_map(|pended| pended.profile.as_deref()) {
            let Some(score) = self.score(profile, typos) else { continue };
            total += 1;
            let place = self.ranking.place(profile, score);
            if self.ranking.after.as_ref().is_none_or(|after| place > *after) {
                found.push((place, Ok(&profile.row)));
            }
        }
        found.sort_by(|(a, _), (b, _)| a.cmp(b));
        found.truncate(self.ranking.limit);
        Ok((found, total))
    }

    /// How well a profile in memory is what is asked for; nothing where it is not.
    pub(super) fn score(&self, profile: &IndexedProfile, typos: Typos) -> Option<u32> {
        if !self.ranking.shelf.shows(profile.row.shelf()) || !self.meaning.fits(&profile.facts) {
            return None;
        }
        self.wanted.as_ref().map_or(Some(0), |wanted| wanted.score(profile, typos))
    }

    fn hit(&self, row: Result<&Row, tantivy::DocAddress>) -> Result<Hit, SearchError> {
        let row = match row {
            Ok(row) => row.clone(),
            Err(address) => self.row(address)?,
        };
        Ok(Hit::new(row, self.wanted.as_ref()))
    }

    pub(super) fn row(&self, address: tantivy::DocAddress) -> Result<Row, SearchError> {
        let document: TantivyDocument = self.searcher.doc(address)?;
        let bytes = document.get_first(self.fields.row).and_then(|value| value.as_bytes());
        Ok(postcard::from_bytes(bytes.unwrap_or_default())?)
    }
}
