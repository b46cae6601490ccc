//! The first profiles of a list, found in one pass over what matches, without reading any row.

use std::{
    collections::{BinaryHeap, HashSet},
    sync::Arc,
};

use tantivy::{
    DocAddress, DocId, Score, SegmentOrdinal, SegmentReader,
    collector::{Collector, SegmentCollector},
    columnar::{ColumnValues, StrColumn},
};

use super::{
    cursor::Place,
    document::{Row, tie},
    query::Sort,
    schema::column,
};
use crate::model::{ProfileId, ProfileKind};

/// What a list shows and in which order.
#[derive(Clone, Debug)]
pub(super) struct Ranking {
    pub(super) sort: Sort,
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

impl Ranking {
    /// The place of a profile that is in memory.
    pub(super) fn place(&self, row: &Row, score: u32) -> Place {
        let (first, second) = match self.sort {
            Sort::Relevance => (u64::MAX - u64::from(score), latest_first(row.seen)),
            Sort::LastSeen => (latest_first(row.seen), 0),
            Sort::Created => (latest_first(row.created), 0),
            Sort::Messages => {
                (latest_first(row.messages.min(i64::MAX as u64) as i64), latest_first(row.seen))
            }
            Sort::Name => (0, 0),
        };
        let name = if self.sort == Sort::Name { row.name_key() } else { String::new() };
        Place { first, second, name, tie: row.tie() }
    }
}

/// Turns a number round, so that the greatest stands first.
fn latest_first(number: i64) -> u64 {
    !((number as u64) ^ (1 << 63))
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

    fn has(&self, tie: u64) -> bool {
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
}

type Numbers<T> = Arc<dyn ColumnValues<T>>;

/// One segment's share.
pub(super) struct SegmentRank {
    sort: Sort,
    shelf_filter: ShelfFilter,
    limit: usize,
    segment: SegmentOrdinal,
    hidden: Arc<Hidden>,
    shelf: Numbers<u64>,
    tie: Numbers<u64>,
    first: Option<Numbers<i64>>,
    second: Option<Numbers<i64>>,
    names: Option<StrColumn>,
    after: Option<(u64, u64, u64)>,
    best: BinaryHeap<(u64, u64, u64, DocId)>,
    total: usize,
}

impl Collector for RankCollector {
    type Fruit = Ranked;
    type Child = SegmentRank;

    fn for_segment(&self, segment: SegmentOrdinal, reader: &SegmentReader) -> tantivy::Result<SegmentRank> {
        let columns = reader.fast_fields();
        let times = |name: &str| columns.column_first_or_default::<i64>(name).map(Some);
        let (first, second) = match self.ranking.sort {
            Sort::Relevance => (None, times(column::SEEN)?),
            Sort::LastSeen => (times(column::SEEN)?, None),
            Sort::Created => (times(column::CREATED)?, None),
            Sort::Messages => (times(column::MESSAGES)?, times(column::SEEN)?),
            Sort::Name => (None, None),
        };
        let names = if self.ranking.sort == Sort::Name { columns.str(column::NAME)? } else { None };
        let after = match (&self.ranking.after, &names) {
            (None, _) => None,
            (Some(after), None) => Some((after.first, after.second, after.tie)),
            (Some(after), Some(names)) => after_name(names, after)?,
        };
        Ok(SegmentRank {
            sort: self.ranking.sort,
            shelf_filter: self.ranking.shelf,
            limit: self.ranking.limit,
            segment,
            hidden: Arc::clone(&self.hidden),
            shelf: columns.column_first_or_default(column::SHELF)?,
            tie: columns.column_first_or_default(column::TIE)?,
            first,
            second,
            names,
            after,
            best: BinaryHeap::with_capacity(self.ranking.limit + 1),
            total: 0,
        })
    }

    fn requires_scoring(&self) -> bool {
        self.ranking.sort == Sort::Relevance
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

/// The place after which the names of one segment go on; its names are numbered in their order.
fn after_name(names: &StrColumn, after: &Place) -> tantivy::Result<Option<(u64, u64, u64)>> {
    use tantivy::columnar::TermOrdHit;
    Ok(match names.dictionary().term_ord_or_next(after.name.as_bytes())? {
        TermOrdHit::Exact(number) => Some((number, 0, after.tie)),
        TermOrdHit::Next(0) => None,
        TermOrdHit::Next(number) => Some((number - 1, u64::MAX, u64::MAX)),
    })
}

impl SegmentCollector for SegmentRank {
    type Fruit = tantivy::Result<Ranked>;

    fn collect(&mut self, doc: DocId, score: Score) {
        if !self.shelf_filter.shows(self.shelf.get_val(doc)) {
            return;
        }
        if !self.hidden.ties.is_empty() && self.hidden.has(self.tie.get_val(doc)) {
            return;
        }
        self.total += 1;
        let first = match (&self.first, &self.names) {
            (Some(column), _) => latest_first(column.get_val(doc)),
            (None, Some(names)) => names.ords().first(doc).unwrap_or(u64::MAX),
            (None, None) if self.sort == Sort::Relevance => u64::MAX - score as u64,
            (None, None) => u64::MAX,
        };
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
        for (number, second, tie, doc) in self.best {
            let mut place = Place { first: number, second, name: String::new(), tie };
            if self.sort == Sort::Name {
                place.first = 0;
                if let Some(names) = &self.names {
                    names.ord_to_str(number, &mut place.name)?;
                }
            }
            first.push((place, DocAddress::new(self.segment, doc)));
        }
        Ok(Ranked { first, total: self.total })
    }
}
