//! What a filter comes to: conditions that can be asked of a profile, each read by the type of its property.

use std::ops::Bound;

use super::{
    FieldSort, Filter, FilterError, Group, How, MOST_TESTS, Op, Part, Place, Test, VALUE_LEN, Vocabulary,
    facts::{Fact, Facts, compared, dialled, number_of},
};
use crate::model::Timestamp;

/// The longest time that "in the last …" can span, in days.
const MOST_DAYS: i64 = 200 * 366;

const DAY: i64 = 86_400_000;

/// What a filter comes to under the properties of today, at a moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Meaning {
    pub(super) how: How,
    pub(super) parts: Vec<MeantPart>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum MeantPart {
    Test(Meant),
    Group(How, Vec<Meant>),
}

/// One condition as it is asked.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Meant {
    pub(super) key: String,
    pub(super) is_negated: bool,
    pub(super) wanted: Wanted,
}

/// What one value of the property has to be.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Wanted {
    /// Anything.
    Known,
    /// One of these texts; sorted.
    Texts(Vec<String>),
    /// A text with this in it.
    Part(String),
    /// A number in one of these ranges.
    Ranges(Vec<Range>),
}

/// A range of numbers.
pub(super) type Range = (Bound<f64>, Bound<f64>);

impl Wanted {
    pub(super) fn is_text(&self, text: &str) -> bool {
        match self {
            Self::Known => true,
            Self::Texts(texts) => texts.binary_search_by(|known| known.as_str().cmp(text)).is_ok(),
            Self::Part(part) => text.contains(part.as_str()),
            Self::Ranges(_) => false,
        }
    }

    pub(super) fn is_number(&self, number: f64) -> bool {
        match self {
            Self::Known => true,
            Self::Ranges(ranges) => ranges.iter().any(|range| is_within(range, number)),
            Self::Texts(_) | Self::Part(_) => false,
        }
    }
}

fn is_within((low, high): &Range, number: f64) -> bool {
    let above = match low {
        Bound::Included(low) => number >= *low,
        Bound::Excluded(low) => number > *low,
        Bound::Unbounded => true,
    };
    let below = match high {
        Bound::Included(high) => number <= *high,
        Bound::Excluded(high) => number < *high,
        Bound::Unbounded => true,
    };
    above && below
}

impl Meaning {
    /// Reads a filter by the types of its properties.
    pub fn of(filter: &Filter, vocabulary: &Vocabulary, now: Timestamp) -> Result<Self, FilterError> {
        let mut at = 0;
        let mut read = |test: &Test| {
            at += 1;
            if at > MOST_TESTS {
                let why = format!("a filter has at most {MOST_TESTS} conditions");
                return Err(FilterError { place: Place::Test(at), why });
            }
            read_test(test, vocabulary, now, Place::Test(at))
        };
        let mut parts = Vec::new();
        for part in &filter.tests {
            parts.push(match part {
                Part::Test(test) => MeantPart::Test(read(test)?),
                Part::Group(Group { how, tests }) => {
                    MeantPart::Group(*how, tests.iter().map(&mut read).collect::<Result<_, _>>()?)
                }
            });
        }
        Ok(Self { how: filter.how, parts })
    }

    /// Whether it asks for everybody.
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// Whether a profile is meant.
    pub fn fits(&self, facts: &Facts) -> bool {
        let part = |part: &MeantPart| match part {
            MeantPart::Test(test) => test.fits(facts),
            MeantPart::Group(how, tests) => holds(*how, tests, |test| test.fits(facts)),
        };
        self.parts.is_empty() || holds(self.how, &self.parts, part)
    }
}

pub(super) fn holds<T>(how: How, tests: &[T], test: impl Fn(&T) -> bool) -> bool {
    match how {
        How::All => tests.iter().all(test),
        How::Any => tests.iter().any(test),
    }
}

impl Meant {
    fn fits(&self, facts: &Facts) -> bool {
        let found = facts.get(&self.key).iter().any(|fact| match fact {
            Fact::Number(number) => self.wanted.is_number(*number),
            Fact::Text(text) => self.wanted.is_text(text),
        });
        found != self.is_negated
    }
}

fn read_test(
    test: &Test,
    vocabulary: &Vocabulary,
    now: Timestamp,
    place: Place,
) -> Result<Meant, FilterError> {
    let field = vocabulary.field_of(test, place)?;
    let wrong = |why: String| FilterError { place, why };
    let (least, most) = test.op.takes();
    if test.values.len() < least || test.values.iter().any(|value| value.trim().is_empty()) {
        return Err(wrong(format!("`{}` needs a value to be compared with", test.property)));
    }
    if test.values.len() > most {
        return Err(wrong(format!("`{}` is compared with at most {most} here", test.property)));
    }
    if test.values.iter().any(|value| value.chars().count() > VALUE_LEN) {
        return Err(wrong(format!("a value has at most {VALUE_LEN} characters")));
    }
    let reading = Reading { test, sort: field.sort, options: &field.options, now };
    let (wanted, is_negated) = match test.op {
        Op::Known => (Wanted::Known, false),
        Op::Empty => (Wanted::Known, true),
        Op::Is => (reading.is_one().map_err(wrong)?, false),
        Op::IsNot => (reading.is_one().map_err(wrong)?, true),
        Op::Contains => (reading.part().map_err(wrong)?, false),
        Op::Lacks => (reading.part().map_err(wrong)?, true),
        _ => (Wanted::Ranges(vec![reading.range().map_err(wrong)?]), false),
    };
    Ok(Meant { key: test.property.clone(), is_negated, wanted })
}

/// One condition while its values are read.
struct Reading<'a> {
    test: &'a Test,
    sort: FieldSort,
    options: &'a [String],
    now: Timestamp,
}

impl Reading<'_> {
    fn name(&self) -> &str {
        &self.test.property
    }

    fn is_one(&self) -> Result<Wanted, String> {
        let values = self.test.values.iter();
        match self.sort {
            FieldSort::Text => Ok(texts(values.map(|value| compared(value)))),
            FieldSort::Phone => Ok(texts(values.map(|value| dialled(value)))),
            FieldSort::Choice => {
                let options: Vec<String> = self.options.iter().map(|option| compared(option)).collect();
                let known = |value: &String| {
                    let folded = compared(value);
                    // Channels can be others than the usual ones.
                    if self.name() == "channel" || options.contains(&folded) {
                        return Ok(folded);
                    }
                    Err(format!("`{}` is one of {}, not `{value}`", self.name(), self.options.join(", ")))
                };
                Ok(texts(values.map(known).collect::<Result<Vec<_>, _>>()?.into_iter()))
            }
            FieldSort::YesNo => {
                let known = |value: &String| match compared(value).as_str() {
                    "yes" | "true" | "1" => Ok("yes".to_owned()),
                    "no" | "false" | "0" => Ok("no".to_owned()),
                    _ => Err(format!("`{}` is yes or no, not `{value}`", self.name())),
                };
                Ok(texts(values.map(known).collect::<Result<Vec<_>, _>>()?.into_iter()))
            }
            FieldSort::Number => {
                let range = |value: &String| {
                    let number = self.number(value)?;
                    Ok((Bound::Included(number), Bound::Included(number)))
                };
                values.map(range).collect::<Result<_, String>>().map(Wanted::Ranges)
            }
            FieldSort::Date => {
                let range = |value: &String| {
                    let (from, to) = self.span(value)?;
                    Ok((Bound::Included(from as f64), Bound::Excluded(to as f64)))
                };
                values.map(range).collect::<Result<_, String>>().map(Wanted::Ranges)
            }
        }
    }

    fn part(&self) -> Result<Wanted, String> {
        let value = self.value(0);
        match self.sort {
            FieldSort::Number | FieldSort::Date | FieldSort::YesNo => {
                Err(format!("`{}` is no text: compare it with `:`, `<` or `>`", self.name()))
            }
            FieldSort::Phone => match dialled(value) {
                digits if digits.is_empty() => Err(format!("`{value}` has no digits")),
                digits => Ok(Wanted::Part(digits)),
            },
            FieldSort::Text | FieldSort::Choice => Ok(Wanted::Part(compared(value))),
        }
    }

    fn range(&self) -> Result<Range, String> {
        match self.sort {
            FieldSort::Number => self.numbers(),
            FieldSort::Date => self.moments(),
            _ => Err(format!(
                "`{}` is neither a number nor a date: write `{}:value` or `{}~part`",
                self.name(),
                self.name(),
                self.name()
            )),
        }
    }

    fn numbers(&self) -> Result<Range, String> {
        let first = self.number(self.value(0))?;
        Ok(match self.test.op {
            Op::Less => (Bound::Unbounded, Bound::Excluded(first)),
            Op::AtMost => (Bound::Unbounded, Bound::Included(first)),
            Op::Greater => (Bound::Excluded(first), Bound::Unbounded),
            Op::AtLeast => (Bound::Included(first), Bound::Unbounded),
            Op::Between => (Bound::Included(first), Bound::Included(self.number(self.value(1))?)),
            _ => return Err(format!("`{}` is a number, not a date", self.name())),
        })
    }

    fn moments(&self) -> Result<Range, String> {
        if let Op::Within | Op::Older = self.test.op {
            let span = span_of(self.value(0)).ok_or_else(|| {
                format!("`{}` is no length of time: write it like 30d, 12h, 6w, 3m or 1y", self.value(0))
            })?;
            let since = (self.now.as_millis() - span) as f64;
            return Ok(match self.test.op {
                Op::Within => (Bound::Included(since), Bound::Included(self.now.as_millis() as f64)),
                _ => (Bound::Unbounded, Bound::Excluded(since)),
            });
        }
        let (from, to) = self.span(self.value(0))?;
        let (from, to) = (from as f64, to as f64);
        Ok(match self.test.op {
            Op::Less => (Bound::Unbounded, Bound::Excluded(from)),
            Op::AtMost => (Bound::Unbounded, Bound::Excluded(to)),
            Op::Greater => (Bound::Included(to), Bound::Unbounded),
            Op::AtLeast => (Bound::Included(from), Bound::Unbounded),
            _ => (Bound::Included(from), Bound::Excluded(self.span(self.value(1))?.1 as f64)),
        })
    }

    fn value(&self, place: usize) -> &str {
        self.test.values.get(place).map_or("", |value| value.trim())
    }

    fn number(&self, value: &str) -> Result<f64, String> {
        number_of(value).ok_or_else(|| format!("`{}` is a number, and `{value}` is none", self.name()))
    }

    /// The day or moment that is meant, from its beginning to its end.
    fn span(&self, value: &str) -> Result<(i64, i64), String> {
        let value = value.trim();
        let day = match value {
            "today" => Some(self.now.as_millis().div_euclid(DAY) * DAY),
            "yesterday" => Some(self.now.as_millis().div_euclid(DAY) * DAY - DAY),
            _ => None,
        };
        if let Some(day) = day {
            return Ok((day, day + DAY));
        }
        let at = Timestamp::parse(value).map_err(|_| {
            format!("`{}` is a date, and `{value}` is none: write it like 2026-01-31 or 30d", self.name())
        })?;
        let is_day = value.len() == 10;
        Ok((at.as_millis(), at.as_millis() + if is_day { DAY } else { 1 }))
    }
}

fn texts(texts: impl Iterator<Item = String>) -> Wanted {
    let mut texts: Vec<String> = texts.collect();
    texts.sort_unstable();
    texts.dedup();
    Wanted::Texts(texts)
}

/// A length of time such as `30d`, in milliseconds; a plain number counts days.
pub(super) fn span_of(text: &str) -> Option<i64> {
    let text = text.trim();
    let (digits, unit) = match text.chars().last()? {
        last if last.is_ascii_digit() => (text, 'd'),
        last => (&text[..text.len() - last.len_utf8()], last),
    };
    let count: i64 = digits.parse().ok().filter(|count| *count >= 0)?;
    let each = match unit {
        'h' => DAY / 24,
        'd' => DAY,
        'w' => 7 * DAY,
        'm' => 30 * DAY,
        'y' => 365 * DAY,
        _ => return None,
    };
    count.checked_mul(each).filter(|span| *span <= MOST_DAYS * DAY)
}
