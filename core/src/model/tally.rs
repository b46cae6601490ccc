//! How much happened under a contact, by month: what a drawing of all the years costs nothing to read.

use serde::{Deserialize, Serialize};

use super::{EntryKind, Timestamp};

/// A calendar month in UTC, counted from January 1990.
///
/// Senders set their own times and some of them are wrong by centuries. So there are exactly
/// [`Month::COUNT`] months: what lies before the first counts in the first, what lies after the last in
/// the last, and a row with tallies stays small whatever arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Month(u16);

const FIRST_YEAR: i16 = 1990;

impl Month {
    /// How many months there are: a hundred years.
    pub const COUNT: u16 = 1200;

    /// The month in which a moment falls.
    pub fn of(at: Timestamp) -> Self {
        let moment = jiff::Timestamp::from_millisecond(at.as_millis()).unwrap_or_default();
        let day = jiff::tz::Offset::UTC.to_datetime(moment);
        Self::in_year(day.year(), day.month())
    }

    /// A month of a year, the first being 1.
    pub fn in_year(year: i16, month: i8) -> Self {
        let place = (i32::from(year) - i32::from(FIRST_YEAR)) * 12 + i32::from(month) - 1;
        Self(place.clamp(0, i32::from(Self::COUNT) - 1) as u16)
    }

    /// Its place in the order of months.
    pub fn place(self) -> u16 {
        self.0
    }

    /// The year.
    pub fn year(self) -> i16 {
        FIRST_YEAR + (self.0 / 12) as i16
    }

    /// Its number in the year, from 1.
    pub fn number(self) -> i8 {
        (self.0 % 12) as i8 + 1
    }

    /// The first moment after it; the last month never ends.
    pub fn end(self) -> Timestamp {
        if self.0 + 1 >= Self::COUNT {
            return Timestamp::from_millis(i64::MAX);
        }
        let next = Self(self.0 + 1);
        let first =
            jiff::civil::date(next.year(), next.number(), 1).to_datetime(jiff::civil::Time::midnight());
        let at = jiff::tz::Offset::UTC.to_timestamp(first).map_or(i64::MAX, |at| at.as_millisecond());
        Timestamp::from_millis(at)
    }
}

/// How many entries of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KindCounts {
    /// Messages.
    pub messages: u32,
    /// Notes.
    pub notes: u32,
    /// Events.
    pub events: u32,
    /// Pages looked at.
    pub pages: u32,
    /// Activities.
    pub activities: u32,
}

impl KindCounts {
    /// How many there are of a kind.
    pub fn of(&self, kind: EntryKind) -> u32 {
        match kind {
            EntryKind::Message => self.messages,
            EntryKind::Note => self.notes,
            EntryKind::Event => self.events,
            EntryKind::PageView => self.pages,
            EntryKind::Activity => self.activities,
        }
    }

    /// How many there are in all.
    pub fn all(&self) -> u64 {
        let all = [self.messages, self.notes, self.events, self.pages, self.activities];
        all.into_iter().map(u64::from).sum()
    }

    fn of_mut(&mut self, kind: EntryKind) -> &mut u32 {
        match kind {
            EntryKind::Message => &mut self.messages,
            EntryKind::Note => &mut self.notes,
            EntryKind::Event => &mut self.events,
            EntryKind::PageView => &mut self.pages,
            EntryKind::Activity => &mut self.activities,
        }
    }

    /// These and others together.
    pub fn and(self, other: Self) -> Self {
        Self {
            messages: self.messages.saturating_add(other.messages),
            notes: self.notes.saturating_add(other.notes),
            events: self.events.saturating_add(other.events),
            pages: self.pages.saturating_add(other.pages),
            activities: self.activities.saturating_add(other.activities),
        }
    }
}

/// Entries counted by month. Counting commutes, so the order of arrival leaves no trace.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Tally(Vec<(Month, KindCounts)>);

impl Tally {
    /// Takes a tally back from a store, where months stand in order.
    pub(crate) fn from_stored(months: Vec<(Month, KindCounts)>) -> Self {
        Self(months)
    }

    /// Counts one entry.
    pub fn count(&mut self, kind: EntryKind, at: Timestamp) {
        let month = Month::of(at);
        let place = match self.0.binary_search_by_key(&month, |(known, _)| *known) {
            Ok(place) => place,
            Err(place) => {
                self.0.insert(place, (month, KindCounts::default()));
                place
            }
        };
        let count = self.0[place].1.of_mut(kind);
        *count = count.saturating_add(1);
    }

    /// Adds another tally.
    pub fn add(&mut self, other: &Self) {
        for (month, counts) in &other.0 {
            match self.0.binary_search_by_key(month, |(known, _)| *known) {
                Ok(place) => self.0[place].1 = self.0[place].1.and(*counts),
                Err(place) => self.0.insert(place, (*month, *counts)),
            }
        }
    }

    /// The months in which something happened, the earliest first.
    pub fn months(&self) -> &[(Month, KindCounts)] {
        &self.0
    }

    /// All months together.
    pub fn total(&self) -> KindCounts {
        self.0.iter().fold(KindCounts::default(), |sum, (_, counts)| sum.and(*counts))
    }

    /// The latest month up to `month` in which one of these kinds happened; of any kind where none is named.
    pub fn latest_with(&self, kinds: &[EntryKind], month: Month) -> Option<Month> {
        let has = |counts: &KindCounts| kinds.is_empty() || kinds.iter().any(|kind| counts.of(*kind) > 0);
        let found = self.0.iter().rev().find(|(known, counts)| *known <= month && has(counts));
        found.map(|(month, _)| *month)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    #[test]
    fn a_month_ends_where_the_next_begins() {
        let december = Month::of(at("2025-12-31T23:59:59.999Z"));
        assert_eq!((december.year(), december.number()), (2025, 12));
        assert_eq!(december.end(), at("2026-01-01T00:00:00Z"));
        assert_eq!(Month::of(december.end()).number(), 1);
    }

    #[test]
    fn times_that_cannot_be_meant_make_no_more_months() {
        let mut tally = Tally::default();
        for when in ["0001-01-01", "1970-01-01", "1990-01-31", "2500-01-01", "9999-01-01"] {
            tally.count(EntryKind::Event, at(when));
        }
        assert_eq!(tally.months().len(), 2);
        assert_eq!(tally.total().all(), 5);
        assert_eq!(tally.months()[1].0.end(), Timestamp::from_millis(i64::MAX));
    }

    #[test]
    fn counting_in_any_order_gives_the_same() {
        let days = ["2025-03-01", "2024-01-01", "2025-03-31", "2026-01-01"];
        let (mut one, mut other) = (Tally::default(), Tally::default());
        days.iter().for_each(|day| one.count(EntryKind::Message, at(day)));
        days.iter().rev().for_each(|day| other.count(EntryKind::Message, at(day)));
        assert_eq!(one, other);
        let march = Month::in_year(2025, 3);
        assert_eq!(one.latest_with(&[EntryKind::Message], Month::in_year(2025, 12)), Some(march));
        assert_eq!(one.latest_with(&[EntryKind::Note], march), None);
        let mut sum = one.clone();
        sum.add(&other);
        assert_eq!(sum.total().messages, 8);
    }
}
