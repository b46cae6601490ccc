//! Filters: conditions on any property, as pages, programs and people at a prompt write them.
//!
//! A [`Filter`] is what somebody asks, in words that can be kept. [`Meaning`] is what it comes to under the
//! properties of today; it answers alike for a profile in memory and for one in the index.

mod vocabulary;
mod written;

mod facts;
mod meaning;

mod columns;

pub use facts::Facts;
pub(super) use facts::{Fact, is_of_every_profile};
pub use vocabulary::{Field, FieldSort, Vocabulary};

pub(super) use columns::SegmentMeaning;
pub use meaning::Meaning;

use std::fmt;

use serde::{Deserialize, Serialize};

/// The most conditions of one filter.
pub const MOST_TESTS: usize = 40;

/// The most values of one condition.
pub const MOST_VALUES: usize = 200;

/// The longest value, in characters.
pub const VALUE_LEN: usize = 300;

/// Conditions on profiles: all of them hold, or any.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Filter {
    /// Whether all have to hold or any will do.
    #[serde(default, rename = "match")]
    pub how: How,
    /// The conditions; none asks for everybody.
    pub tests: Vec<Part>,
}

/// Whether all conditions have to hold or any will do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// Every one holds.
    #[default]
    All,
    /// One holds.
    Any,
}

/// A condition, or a group of them in brackets.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Part {
    /// One condition.
    Test(Test),
    /// Several in brackets.
    Group(Group),
}

/// Several conditions in brackets.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Whether all have to hold or any will do.
    #[serde(rename = "match")]
    pub how: How,
    /// The conditions.
    pub tests: Vec<Test>,
}

/// One condition on one property.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Test {
    /// The property, or one of the words that every profile has, such as `last_seen` or `channel`.
    pub property: String,
    /// How its values are compared.
    pub op: Op,
    /// What they are compared with, as it was written.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<String>,
}

/// How the values of a property are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Op {
    /// One of its values is one of these.
    Is,
    /// None of its values is any of these.
    IsNot,
    /// One of its values has this in it.
    Contains,
    /// None of its values has this in it.
    Lacks,
    /// It has a value.
    Known,
    /// It has none.
    Empty,
    /// Less, or before.
    Less,
    /// At most, or until the end of.
    AtMost,
    /// Greater, or after.
    Greater,
    /// At least, or from.
    AtLeast,
    /// From the first to the second.
    Between,
    /// Not longer ago than so many days.
    Within,
    /// Longer ago than so many days.
    Older,
}

impl Op {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::Is,
        Self::IsNot,
        Self::Contains,
        Self::Lacks,
        Self::Less,
        Self::AtMost,
        Self::Greater,
        Self::AtLeast,
        Self::Between,
        Self::Within,
        Self::Older,
        Self::Known,
        Self::Empty,
    ];

    /// The word for it, as JSON and forms have it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Is => "is",
            Self::IsNot => "is_not",
            Self::Contains => "contains",
            Self::Lacks => "lacks",
            Self::Known => "known",
            Self::Empty => "empty",
            Self::Less => "less",
            Self::AtMost => "at_most",
            Self::Greater => "greater",
            Self::AtLeast => "at_least",
            Self::Between => "between",
            Self::Within => "within",
            Self::Older => "older",
        }
    }

    /// The operator that a word means.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|op| op.word() == word)
    }

    /// How many values it takes at least and at most.
    pub fn takes(self) -> (usize, usize) {
        match self {
            Self::Known | Self::Empty => (0, 0),
            Self::Between => (2, 2),
            Self::Is | Self::IsNot => (1, MOST_VALUES),
            _ => (1, 1),
        }
    }
}

/// Why a filter cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {why}")]
pub struct FilterError {
    /// Where in it.
    pub place: Place,
    /// What is wrong there, and what would be right.
    pub why: String,
}

/// A place in a filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The character of a written one, from one.
    Character(usize),
    /// The condition of a structured one, counted through groups, from one.
    Test(usize),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Character(at) => write!(f, "the filter at character {at}"),
            Self::Test(at) => write!(f, "condition {at} of the filter"),
        }
    }
}

impl Filter {
    /// A filter of one condition.
    pub fn one(property: &str, op: Op, values: &[&str]) -> Self {
        let values = values.iter().map(|value| (*value).to_owned()).collect();
        Self { how: How::All, tests: vec![Part::Test(Test { property: property.to_owned(), op, values })] }
    }

    /// Whether it asks for everybody.
    pub fn is_empty(&self) -> bool {
        self.tests.is_empty()
    }

    /// Every condition, through groups, in order.
    pub fn each(&self) -> impl Iterator<Item = &Test> {
        self.tests.iter().flat_map(|part| match part {
            Part::Test(test) => std::slice::from_ref(test),
            Part::Group(group) => group.tests.as_slice(),
        })
    }

    /// The same and one condition more, which has to hold besides.
    pub fn and(mut self, test: Test) -> Self {
        if self.how == How::Any && self.tests.len() > 1 {
            // `a or b` becomes `(a or b) c`; groups inside it cannot nest and keep standing side by side.
            let only_tests = self.tests.iter().all(|part| matches!(part, Part::Test(_)));
            if only_tests {
                let tests = self.each().cloned().collect();
                self.tests = vec![Part::Group(Group { how: How::Any, tests })];
                self.how = How::All;
            }
        } else {
            self.how = How::All;
        }
        self.tests.push(Part::Test(test));
        self
    }

    /// Reads what somebody wrote, and what it comes to under these properties.
    pub fn read(
        text: &str,
        vocabulary: &Vocabulary,
        now: crate::model::Timestamp,
    ) -> Result<Self, FilterError> {
        let (filter, places) = written::parse(text)?;
        match Meaning::of(&filter, vocabulary, now) {
            Ok(_) => Ok(filter),
            Err(FilterError { place: Place::Test(test), why }) => {
                let at = places.get(test - 1).copied().unwrap_or(1);
                Err(FilterError { place: Place::Character(at), why })
            }
            Err(error) => Err(error),
        }
    }
}
