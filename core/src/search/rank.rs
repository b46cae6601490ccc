//! The first profiles of a list, found in one pass over what matches, without reading any row.

use std::{
    collections::{BinaryHeap, HashSet},
    sync::Arc,
};

use tantivy::{
    DocAddress, DocId, Score, SegmentOrdinal, SegmentReader,
    collector::{Collector, SegmentCollector},
    columnar::{Column, ColumnValues, StrColumn, TermOrdHit},
};

use super::{
    SearchError,
    cursor::Place,
    document::{IndexedProfile, Row, tie},
    filter::{Fact, FieldSort, Meaning, SegmentMeaning, Vocabulary},
    query::{Direction, Sort},
    schema::{column, fact_column},
};
use crate::model::{ProfileId, ProfileKind};

/// What a list shows and in which order.
#[derive(Clone, Debug)]
pub(super) struct Ranking {
    pub(super) by: RankBy,
    pub(super) shelf: ShelfFilter,
    pub(super) after: Option<Place>,
    pub(super) limit: usize,
}

/// Which kinds and states a list shows, as bits of a column.
#[derive(Clone, Copy, Debug)]
pub(super) struct ShelfFilter {
    mask: u64,
    wanted: u64,
}

impl ShelfFilter {
    pub(super) fn new(kind: Option<ProfileKind>, is_trashed: bool) -> Self {
        let (mask, wanted) = (2, u64::from(is_trashed) << 1);
        match kind {
            None => Self { mask, wanted },
            Some(kind) => Self { mask: mask | 1, wanted: wanted | u64::from(kind == ProfileKind::Customer) },
        }
    }

    pub(super) fn shows(self, shelf: u64) -> bool {
        shelf & self.mask == self.wanted
    }
}

/// What a list is sorted by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum RankBy {
    /// How well it fits.
    Score,
    /// A number of every profile, by its column.
    Figure(&'static str, Direction),
    /// The name.
    Name(Direction),
    /// A number or moment that a profile may have.
    Number(String, Direction),
    /// A text that a profile may have.
    Text(String, Direction),
}

impl RankBy {
    /// What a list is sorted by when that is asked for; `has_text` when something was typed.
    pub(super) fn of(
        sort: &Sort,
        direction: Option<Direction>,
        has_text: bool,
        vocabulary: &Vocabulary,
    ) -> Result<Self, SearchError> {
        use Direction::{Ascending, Descending};
        Ok(match sort {
            Sort::Relevance if has_text => Self::Score,
            Sort::Relevance => Self::Figure(column::SEEN, Descending),
            Sort::LastSeen => Self::Figure(column::SEEN, direction.unwrap_or(Descending)),
            Sort::Created => Self::Figure(column::CREATED, direction.unwrap_or(Descending)),
            Sort::Messages => Self::Figure(column::MESSAGES, direction.unwrap_or(Descending)),
            Sort::Name => Self::Name(direction.unwrap_or(Ascending)),
            Sort::Property(key) => {
                let field = vocabulary.field(key).filter(|field| field.is_sortable);
                let field = field.ok_or_else(|| SearchError::Sort { key: key.chars().take(80).collect() })?;
                match field.sort {
                    FieldSort::Number | FieldSort::Date => {
                        Self::Number(key.clone(), direction.unwrap_or(Descending))
                    }
                    _ => Self::Text(key.clone(), direction.unwrap_or(Ascending)),
                }
            }
        })
    }

    /// Whether what it is sorted by may be equal for many, so that whoever was seen last comes first among them.
    fn has_second(&self) -> bool {
        matches!(self, Self::Score | Self::Figure(column::MESSAGES, _) | Self::Number(..))
    }
}

impl Ranking {
    /// The place of a profile that is in memory.
    pub(super) fn place(&self, profile: &IndexedProfile, score: u32) -> Place {
        let row = &profile.row;
        let mut place = Place { tie: row.tie(), ..Place::default() };
        if self.by.has_second() {
            place.second = latest_first(row.seen);
        }
        match &self.by {
            RankBy::Score => place.first = u64::MAX - u64::from(score),
            RankBy::Figure(column, direction) => {
                place.first = turned(ordered_whole(figure(row, column)), *direction);
            }
            RankBy::Name(direction) => place.name = name_bytes(&row.name_key(), *direction),
            RankBy::Number(key, direction) => {
                let number = profile.facts.get(key).iter().find_map(|fact| match fact {
                    Fact::Number(number) => Some(*number),
                    Fact::Text(_) => None,
                });
                place.first = number.map_or(u64::MAX, |number| turned(ordered(number), *direction));
            }
            RankBy::Text(key, direction) => {
                let text = profile.facts.get(key).iter().find_map(|fact| match fact {
                    Fact::Text(text) => Some(text),
                    Fact::Number(_) => None,
                });
                match text {
                    Some(text) => place.name = name_bytes(text, *direction),
                    None => place.first = u64::MAX,
                }
            }
        }
        place
    }
}

fn figure(row: &Row, column: &str) -> i64 {
    match column {
        column::CREATED => row.created,
        column::MESSAGES => row.messages.min(i64::MAX as u64) as i64,
        _ => row.seen,
    }
}

/// Turns a number round, so that the greatest stands first.
fn latest_first(number: i64) -> u64 {
    !ordered_whole(number)
}

/// A number whose order without sign is the order with it.
fn ordered_whole(number: i64) -> u64 {
    (number as u64) ^ (1 << 63)
}

/// A whole number whose order is that of a fraction.
fn ordered(number: f64) -> u64 {
    let bits = number.to_bits();
    if bits >> 63 == 1 { !bits } else { bits | 1 << 63 }
}

fn turned(number: u64, direction: Direction) -> u64 {
    match direction {
        Direction::Ascending => number,
        // The last number of all is kept for those that have none.
        Direction::Descending => (u64::MAX - 1).saturating_sub(number),
    }
}

/// The bytes whose order is that of a text, or the opposite.
fn name_bytes(text: &str, direction: Direction) -> Vec<u8> {
    match direction {
        Direction::Ascending => text.as_bytes().to_vec(),
        // The end of a text is greater than any letter, so that the longer of two stands first.
        Direction::Descending => text.bytes().map(|byte| !byte).chain([u8::MAX]).collect(),
    }
}

/// The text of such bytes.
fn text_bytes(name: &[u8], direction: Direction) -> Vec<u8> {
    match direction {
        Direction::Ascending => name.to_vec(),
        Direction::Descending => name[..name.len().saturating_sub(1)].iter().map(|byte| !byte).collect(),
    }
}

/// Profiles that the index must not show because memory knows better.
#[derive(Debug, Default)]
pub(super) struct Hidden {
    /// A bit for the last sixteen of every tie: a miss, the common case, costs one look.
    bits: Vec<u64>,
    ties: HashSet<u64>,
}

impl Hidden {
    pub(super) fn new(ids: impl Iterator<Item = ProfileId>) -> Self {
        let ties: HashSet<u64> = ids.map(tie).collect();
        let mut bits = vec![0; if ties.is_empty() { 0 } else { 1024 }];
        for tie in &ties {
            let low = *tie as usize & 0xFFFF;
            bits[low / 64] |= 1 << (low % 64);
        }
        Self { bits, ties }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.ties.is_empty()
    }

    pub(super) fn has(&self, tie: u64) -> bool {
        let low = tie as usize & 0xFFFF;
        self.bits[low / 64] & 1 << (low % 64) != 0 && self.ties.contains(&tie)
    }
}

/// What one pass found.
pub(super) struct Ranked {
    /// The first profiles in order.
    pub(super) first: Vec<(Place, DocAddress)>,
    /// How many there are in all.
    pub(super) total: usize,
}

/// Collects the first profiles of a list.
pub(super) struct RankCollector {
    pub(super) ranking: Ranking,
    pub(super) hidden: Arc<Hidden>,
    pub(super) meaning: Arc<Meaning>,
}

type Numbers<T> = Arc<dyn ColumnValues<T>>;

/// One segment's share.
pub(super) struct SegmentRank {
    shelf_filter: ShelfFilter,
    limit: usize,
    segment: SegmentOrdinal,
    hidden: Arc<Hidden>,
    meaning: Option<SegmentMeaning>,
    shelf: Numbers<u64>,
    tie: Numbers<u64>,
    first: First,
    second: Option<Numbers<i64>>,
    after: Option<(u64, u64, u64)>,
    best: BinaryHeap<(u64, u64, u64, DocId)>,
    total: usize,
}

/// The column that says what stands first.
enum First {
    Score,
    Figure(Numbers<i64>, Direction),
    Number(Column<f64>, Direction),
    Text(StrColumn, Direction),
    /// No profile of this segment has it.
    Nowhere,
}

impl First {
    fn of(by: &RankBy, reader: &SegmentReader) -> tantivy::Result<Self> {
        let columns = reader.fast_fields();
        Ok(match by {
            RankBy::Score => Self::Score,
            RankBy::Figure(column, direction) => {
                Self::Figure(columns.column_first_or_default(column)?, *direction)
            }
            RankBy::Name(direction) => {
                columns.str(column::NAME)?.map_or(Self::Nowhere, |names| Self::Text(names, *direction))
            }
            RankBy::Number(key, direction) => columns
                .column_opt::<f64>(&fact_column(key))?
                .map_or(Self::Nowhere, |numbers| Self::Number(numbers, *direction)),
            RankBy::Text(key, direction) => {
                let texts = columns.str(&fact_column(key))?;
                texts.map_or(Self::Nowhere, |texts| Self::Text(texts, *direction))
            }
        })
    }

    /// What stands first comes first; those that have nothing come last.
    fn of_doc(&self, doc: DocId, score: Score) -> u64 {
        match self {
            Self::Score => u64::MAX - score as u64,
            Self::Figure(column, direction) => turned(ordered_whole(column.get_val(doc)), *direction),
            Self::Number(column, direction) => {
                column.first(doc).map_or(u64::MAX, |number| turned(ordered(number), *direction))
            }
            // The texts of a segment are numbered in their order.
            Self::Text(texts, direction) => {
                texts.ords().first(doc).map_or(u64::MAX, |ord| turned(ord, *direction))
            }
            Self::Nowhere => u64::MAX,
        }
    }

    /// The place after which this segment goes on.
    fn after(&self, after: &Place) -> tantivy::Result<Option<(u64, u64, u64)>> {
        let Self::Text(texts, direction) = self else {
            // Where nobody has it all stand at the end: after a page that ended before that, all of them follow.
            let is_at_end = after.first == u64::MAX;
            let is_nowhere = matches!(self, Self::Nowhere);
            return Ok((!is_nowhere || is_at_end).then_some((after.first, after.second, after.tie)));
        };
        if after.first == u64::MAX {
            return Ok(Some((u64::MAX, after.second, after.tie)));
        }
        let text = text_bytes(&after.name, *direction);
        let everything_of = |ord: u64| (turned(ord, *direction), u64::MAX, u64::MAX);
        Ok(match (texts.dictionary().term_ord_or_next(&text)?, direction) {
            (TermOrdHit::Exact(ord), _) => Some((turned(ord, *direction), 0, after.tie)),
            (TermOrdHit::Next(0), Direction::Ascending) => None,
            (TermOrdHit::Next(next), Direction::Ascending) => Some(everything_of(next - 1)),
            (TermOrdHit::Next(next), Direction::Descending) if next == texts.num_terms() as u64 => None,
            (TermOrdHit::Next(next), Direction::Descending) => Some(everything_of(next)),
        })
    }
}

impl Collector for RankCollector {
    type Fruit = Ranked;
    type Child = SegmentRank;

    fn for_segment(&self, segment: SegmentOrdinal, reader: &SegmentReader) -> tantivy::Result<SegmentRank> {
        let columns = reader.fast_fields();
        let first = First::of(&self.ranking.by, reader)?;
        let has_second = self.ranking.by.has_second();
        let second = has_second.then(|| columns.column_first_or_default::<i64>(column::SEEN)).transpose()?;
        let after = match &self.ranking.after {
            None => None,
            Some(after) => first.after(after)?,
        };
        let is_all = self.meaning.is_empty();
        let meaning = (!is_all).then(|| SegmentMeaning::of(&self.meaning, reader)).transpose()?;
        Ok(SegmentRank {
            shelf_filter: self.ranking.shelf,
            limit: self.ranking.limit,
            segment,
            hidden: Arc::clone(&self.hidden),
            meaning,
            shelf: columns.column_first_or_default(column::SHELF)?,
            tie: columns.column_first_or_default(column::TIE)?,
            first,
            second,
            after,
            best: BinaryHeap::with_capacity(self.ranking.limit + 1),
            total: 0,
        })
    }

    fn requires_scoring(&self) -> bool {
        self.ranking.by == RankBy::Score
    }

    fn merge_fruits(&self, shares: Vec<tantivy::Result<Ranked>>) -> tantivy::Result<Ranked> {
        let mut ranked = Ranked { first: Vec::new(), total: 0 };
        for share in shares {
            let share = share?;
            ranked.total += share.total;
            ranked.first.extend(share.first);
        }
        ranked.first.sort_unstable();
        ranked.first.truncate(self.ranking.limit);
        Ok(ranked)
    }
}

impl SegmentCollector for SegmentRank {
    type Fruit = tantivy::Result<Ranked>;

    fn collect(&mut self, doc: DocId, score: Score) {
        if !self.shelf_filter.shows(self.shelf.get_val(doc)) {
            return;
        }
        if !self.hidden.is_empty() && self.hidden.has(self.tie.get_val(doc)) {
            return;
        }
        if self.meaning.as_ref().is_some_and(|meaning| !meaning.fits(doc)) {
            return;
        }
        self.total += 1;
        let first = self.first.of_doc(doc, score);
        let is_full = self.best.len() == self.limit;
        // Most are worse than all that is kept; they cost no second look.
        if is_full && self.best.peek().is_none_or(|worst| first > worst.0) {
            return;
        }
        let second = self.second.as_ref().map_or(0, |column| latest_first(column.get_val(doc)));
        let place = (first, second, self.tie.get_val(doc));
        if self.after.is_some_and(|after| place <= after) {
            return;
        }
        self.best.push((place.0, place.1, place.2, doc));
        if self.best.len() > self.limit {
            self.best.pop();
        }
    }

    fn harvest(self) -> Self::Fruit {
        let mut first = Vec::with_capacity(self.best.len());
        let mut text = String::new();
        for (number, second, tie, doc) in self.best {
            let mut place = Place { first: number, second, name: Vec::new(), tie };
            if let (First::Text(texts, direction), true) = (&self.first, number != u64::MAX) {
                place.first = 0;
                texts.ord_to_str(turned(number, *direction), &mut text)?;
                place.name = name_bytes(&text, *direction);
            }
            first.push((place, DocAddress::new(self.segment, doc)));
        }
        Ok(Ranked { first, total: self.total })
    }
}
