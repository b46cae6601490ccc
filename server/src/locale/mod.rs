//! How dates, times and numbers are written where somebody is at home: a small table, no library of the world.
//!
//! Words stay English, so what follows the locale is the order of day and month, twelve hours or
//! twenty-four, the marks in numbers, the digits themselves, and the day on which a week of work begins.

mod table;

use jiff::civil;

use crate::asking::Asking;

pub(crate) use table::ALL;

/// The ways of one locale.
#[derive(Debug)]
pub(crate) struct Ways {
    /// Language and country, such as `de-DE`.
    pub(crate) tag: &'static str,
    /// A day of this year.
    day: &'static str,
    /// A day of another year.
    date: &'static str,
    /// A day of this year as a heading.
    heading: &'static str,
    /// A day of another year as a heading.
    heading_with_year: &'static str,
    hours: Hours,
    numbers: Numbers,
    digits: Digits,
    /// The day on which a week of work begins.
    work_begins: civil::Weekday,
}

/// How the hours of a day are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hours {
    Twelve,
    TwentyFour,
}

/// What stands in a number.
#[derive(Clone, Copy, Debug)]
struct Numbers {
    /// Between the thousands.
    gap: &'static str,
    /// Before what is less than one.
    point: &'static str,
    grouping: Grouping,
}

/// Which digits of a number stand together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Grouping {
    Thousands,
    /// The same, where a number has five digits or more.
    LongThousands,
    /// Three digits, and before them two and two.
    Lakhs,
}

/// The ten digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Digits {
    Latin,
    Arabic,
}

/// The ways in which somebody reads dates and numbers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Locale(&'static Ways);

impl Default for Locale {
    /// The ways of nobody in particular: `18 Nov 2026`, `14:02`, `12 345.6`.
    fn default() -> Self {
        Self(&table::WORLD)
    }
}

impl Locale {
    /// The locale of a tag such as `de-DE`: as it stands in the table, else that of its country, else that of
    /// its language; nothing where neither is known.
    pub(crate) fn of_tag(tag: &str) -> Option<Self> {
        let exact = ALL.iter().find(|ways| ways.tag.eq_ignore_ascii_case(tag));
        let mut parts = tag.split('-');
        let language = parts.next().unwrap_or_default();
        let has_country = |ways: &&Ways| {
            let country = ways.tag.rsplit('-').next().unwrap_or_default();
            parts.clone().any(|part| part.len() == 2 && part.eq_ignore_ascii_case(country))
        };
        let has_language = |ways: &&Ways| {
            ways.tag.split('-').next().is_some_and(|known| known.eq_ignore_ascii_case(language))
        };
        exact
            .or_else(|| ALL.iter().find(|ways| has_country(ways) && has_language(ways)))
            .or_else(|| ALL.iter().find(has_country))
            .or_else(|| ALL.iter().find(has_language))
            .map(Self)
    }

    /// The locale that a browser asks for first (`Accept-Language`), where it is known.
    pub(crate) fn of_browser(accepted: &str) -> Option<Self> {
        let tags = accepted.split(',').map(|one| one.split(';').next().unwrap_or_default().trim());
        tags.take(4).find_map(Self::of_tag)
    }

    /// That of whoever asks; outside of a request, that of nobody in particular.
    pub(crate) fn here() -> Self {
        Asking::locale().unwrap_or_default()
    }

    /// Language and country, for scripts.
    pub(crate) fn tag(self) -> &'static str {
        self.0.tag
    }

    /// The time of day.
    pub(crate) fn clock(self, at: civil::Time) -> String {
        self.digits(
            at.strftime(if self.0.hours == Hours::Twelve { "%-I:%M %p" } else { "%H:%M" }).to_string(),
        )
    }

    fn clock_with_seconds(self, at: civil::Time) -> String {
        let form = if self.0.hours == Hours::Twelve { "%-I:%M:%S %p" } else { "%H:%M:%S" };
        self.digits(at.strftime(form).to_string())
    }

    /// A day, as short as is clear to somebody who lives in `this_year`.
    pub(crate) fn date(self, day: civil::Date, this_year: i16) -> String {
        let form = if day.year() == this_year { self.0.day } else { self.0.date };
        self.digits(day.strftime(form).to_string())
    }

    /// A day with its year.
    pub(crate) fn whole_date(self, day: civil::Date) -> String {
        self.digits(day.strftime(self.0.date).to_string())
    }

    /// A day as a heading, with its weekday.
    pub(crate) fn heading(self, day: civil::Date, this_year: i16) -> String {
        let form = if day.year() == this_year { self.0.heading } else { self.0.heading_with_year };
        self.digits(day.strftime(form).to_string())
    }

    /// A moment in full, with the name of its zone.
    pub(crate) fn exactly(self, at: &jiff::ZonedDateTime) -> String {
        let day = self.digits(at.date().strftime(self.0.heading_with_year).to_string());
        format!("{day}, {} {}", self.clock_with_seconds(at.time()), at.strftime("%Z"))
    }

    /// A whole number with its thousands apart.
    pub(crate) fn whole(self, number: u64) -> String {
        self.digits(self.grouped(&number.to_string()))
    }

    /// A number as it is written elsewhere, such as `-1234.5`: its marks and digits become those of the locale.
    pub(crate) fn number(self, text: &str) -> String {
        let (sign, rest) = text.strip_prefix('-').map_or(("", text), |rest| ("−", rest));
        let (whole, part) = rest.split_once('.').unwrap_or((rest, ""));
        if whole.is_empty() || !whole.bytes().chain(part.bytes()).all(|byte| byte.is_ascii_digit()) {
            return text.to_owned();
        }
        let mut written = format!("{sign}{}", self.grouped(whole));
        if !part.is_empty() {
            written.push_str(self.0.numbers.point);
            written.push_str(part);
        }
        self.digits(written)
    }

    fn grouped(self, digits: &str) -> String {
        let Numbers { gap, grouping, .. } = self.0.numbers;
        let length = digits.len();
        if grouping == Grouping::LongThousands && length < 5 {
            return digits.to_owned();
        }
        let mut text = String::with_capacity(length + 8);
        for (place, digit) in digits.chars().enumerate() {
            let left = length - place;
            let is_edge = match grouping {
                Grouping::Lakhs if left > 3 => (left - 3).is_multiple_of(2),
                _ => left.is_multiple_of(3),
            };
            if place > 0 && is_edge {
                text.push_str(gap);
            }
            text.push(digit);
        }
        text
    }

    fn digits(self, text: String) -> String {
        match self.0.digits {
            Digits::Latin => text,
            Digits::Arabic => text
                .chars()
                .map(|c| match c.to_digit(10).filter(|_| c.is_ascii_digit()) {
                    Some(digit) => char::from_u32(0x0660 + digit).unwrap_or(c),
                    None => c,
                })
                .collect(),
        }
    }

    /// The first day of the next week of work after `today`.
    pub(crate) fn next_week(self, today: civil::Date) -> civil::Date {
        let days = today.weekday().until(self.0.work_begins);
        let days = if days == 0 { 7 } else { days };
        today.checked_add(jiff::Span::new().days(i64::from(days))).unwrap_or(today)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(tag: &str, expected: [&str; 5]) {
        let locale = Locale::of_tag(tag).unwrap();
        let day = civil::date(2026, 11, 8);
        let written = [
            locale.date(day, 2026),
            locale.date(day, 2027),
            locale.heading(day, 2026),
            locale.clock(civil::time(14, 2, 0, 0)),
            format!("{} {}", locale.whole(1_234_567), locale.number("-1234.5")),
        ];
        assert_eq!(written, expected, "{tag}");
    }

    #[test]
    fn every_country_has_its_ways() {
        check("en-US", ["Nov 8", "Nov 8, 2026", "Sunday, November 8", "2:02 PM", "1,234,567 −1,234.5"]);
        check("en-GB", ["8 Nov", "8 Nov 2026", "Sunday, 8 November", "14:02", "1,234,567 −1,234.5"]);
        check("de-DE", ["8.11.", "8.11.2026", "Sunday, 8 November", "14:02", "1.234.567 −1.234,5"]);
        check(
            "sv-SE",
            ["8 Nov", "2026-11-08", "Sunday, 8 November", "14:02", "1\u{a0}234\u{a0}567 −1\u{a0}234,5"],
        );
        check("ja-JP", ["11/8", "2026/11/8", "Sunday, November 8", "14:02", "1,234,567 −1,234.5"]);
        check("ar-EG", ["٨/١١", "٨/١١/٢٠٢٦", "Sunday, ٨ November", "٢:٠٢ PM", "١٬٢٣٤٬٥٦٧ −١٬٢٣٤٫٥"]);
        check("en-IN", ["8 Nov", "8 Nov 2026", "Sunday, 8 November", "2:02 PM", "12,34,567 −1,234.5"]);
        check("es-ES", ["8 Nov", "8 Nov 2026", "Sunday, 8 November", "14:02", "1.234.567 −1234,5"]);
    }

    #[test]
    fn a_locale_that_is_not_in_the_table_follows_its_country_then_its_language() {
        let tag = |text: &str| Locale::of_tag(text).map(Locale::tag);
        assert_eq!(tag("DE-de"), Some("de-DE"));
        assert_eq!(tag("en-DE"), Some("de-DE"), "English words, German dates");
        assert_eq!(tag("zh-Hant-TW"), Some("zh-TW"));
        assert_eq!(tag("de"), Some("de-DE"));
        assert_eq!(tag("fr-SN"), Some("fr-FR"));
        assert_eq!(tag("tlh"), None);
        let browser = |text: &str| Locale::of_browser(text).map(Locale::tag);
        assert_eq!(browser("de-CH,de;q=0.9,en;q=0.8"), Some("de-CH"));
        assert_eq!(browser("*"), None);
        assert_eq!(browser(""), None);
    }

    #[test]
    fn a_week_of_work_begins_where_it_begins() {
        let next = |tag: &str| Locale::of_tag(tag).unwrap().next_week(civil::date(2026, 11, 20)).to_string();
        assert_eq!((next("de-DE"), next("ar-EG")), ("2026-11-23".to_owned(), "2026-11-22".to_owned()));
        let monday = civil::date(2026, 11, 23);
        assert_eq!(Locale::default().next_week(monday).to_string(), "2026-11-30");
    }

    #[test]
    fn what_is_no_number_stays_as_it_is() {
        let locale = Locale::of_tag("de-DE").unwrap();
        for text in ["", "-", "1e9", "12a", "."] {
            assert_eq!(locale.number(text), text);
        }
        assert_eq!(locale.number("0.25"), "0,25");
    }
}
