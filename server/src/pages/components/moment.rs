//! Moments as people read them: `3 h ago`, `14:02`, `Thursday, 19 November 2026`.

use jiff::{ToSpan, civil, tz::TimeZone};
use maud::{Markup, html};
use whom_core::model::Timestamp;

use crate::{locale::Locale, pages::words};

/// Says moments in somebody's time zone and in the ways of their locale, seen from now.
#[derive(Clone, Debug)]
pub(crate) struct Moments {
    now: Timestamp,
    zone: TimeZone,
    locale: Locale,
}

impl Moments {
    /// Seen from `now` in a zone, by whoever asks.
    pub(crate) fn new(now: Timestamp, zone: TimeZone) -> Self {
        Self { now, zone, locale: Locale::here() }
    }

    /// In the ways of another locale.
    #[cfg(test)]
    fn in_the_ways_of(self, locale: Locale) -> Self {
        Self { locale, ..self }
    }

    /// How dates and numbers are written.
    pub(crate) fn locale(&self) -> Locale {
        self.locale
    }

    /// The time now.
    pub(crate) fn now(&self) -> Timestamp {
        self.now
    }

    /// The zone.
    pub(crate) fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// The name of the zone.
    pub(crate) fn zone_name(&self) -> &str {
        self.zone.iana_name().unwrap_or("UTC")
    }

    fn local(&self, at: Timestamp) -> jiff::ZonedDateTime {
        jiff::Timestamp::from_millisecond(at.as_millis())
            .unwrap_or_default()
            .to_zoned_datetime(self.zone.clone())
    }

    /// How long ago it was; the exact moment stands in the title.
    pub(crate) fn ago(&self, at: Timestamp) -> Markup {
        html! { time datetime=(at) title=(self.exact(at)) data-show="ago" { (self.ago_words(at)) } }
    }

    /// The time of day.
    pub(crate) fn clock(&self, at: Timestamp) -> Markup {
        html! { time datetime=(at) title=(self.exact(at)) { (self.locale.clock(self.local(at).time())) } }
    }

    /// The day, as short as is clear.
    pub(crate) fn date(&self, at: Timestamp) -> Markup {
        html! { time datetime=(at) title=(self.exact(at)) { (self.date_words(at)) } }
    }

    /// Eight in the morning, so many days from now.
    pub(crate) fn morning_in(&self, days: i8) -> Timestamp {
        let day = self.day(self.now).checked_add(jiff::Span::new().days(days)).unwrap_or(self.day(self.now));
        let morning = day.at(8, 0, 0, 0).to_zoned_datetime(self.zone.clone());
        morning.map_or(self.now, |at| Timestamp::from_millis(at.timestamp().as_millisecond()))
    }

    /// Eight in the morning of the day on which the next week of work begins.
    pub(crate) fn next_week(&self) -> Timestamp {
        let today = self.day(self.now);
        let days = self.locale.next_week(today).since(today).map_or(7, |span| span.get_days());
        self.morning_in(i8::try_from(days).unwrap_or(7))
    }

    /// The day on which the next week of work begins, by name.
    pub(crate) fn next_week_begins(&self) -> String {
        self.locale.next_week(self.day(self.now)).strftime("%A").to_string()
    }

    /// The day in which it fell.
    pub(crate) fn day(&self, at: Timestamp) -> civil::Date {
        self.local(at).date()
    }

    /// The first moment after a day, a month or a year, written `2026-01-31`, `2026-01` or `2026`.
    pub(crate) fn end_of(&self, period: &str) -> Option<Timestamp> {
        let next = match period.len() {
            4 => format!("{period}-01-01").parse::<civil::Date>().ok()?.checked_add(1.year()),
            7 => format!("{period}-01").parse::<civil::Date>().ok()?.checked_add(1.month()),
            10 => period.parse::<civil::Date>().ok()?.tomorrow(),
            _ => return None,
        };
        let midnight = next.ok()?.to_datetime(civil::Time::midnight());
        let begins = self.zone.to_timestamp(midnight).ok()?;
        Some(Timestamp::from_millis(begins.as_millisecond()))
    }

    /// A day as a heading.
    pub(crate) fn day_words(&self, day: civil::Date) -> String {
        let today = self.day(self.now);
        if day == today {
            words::TODAY.into()
        } else if Some(day) == today.yesterday().ok() {
            words::YESTERDAY.into()
        } else {
            self.locale.heading(day, today.year())
        }
    }

    /// The day and the time in full.
    pub(crate) fn full(&self, at: Timestamp) -> Markup {
        html! { time datetime=(at) { (self.exact(at)) } }
    }

    /// The day and the time of day, in full.
    pub(crate) fn exactly(&self, at: Timestamp) -> Markup {
        html! { time datetime=(at) { (self.exact(at)) } }
    }

    fn exact(&self, at: Timestamp) -> String {
        self.locale.exactly(&self.local(at))
    }

    fn number(&self, number: i64) -> String {
        self.locale.whole(number.unsigned_abs())
    }

    fn date_words(&self, at: Timestamp) -> String {
        self.locale.date(self.day(at), self.day(self.now).year())
    }

    /// A day with its year, such as a birthday.
    pub(crate) fn whole_date(&self, day: civil::Date) -> String {
        self.locale.whole_date(day)
    }

    // `time.js` says the same while the page is open.
    fn ago_words(&self, at: Timestamp) -> String {
        let minutes = (self.now.as_millis() - at.as_millis()).div_euclid(60_000);
        match minutes {
            i64::MIN..=-1 => self.date_words(at),
            0 => words::JUST_NOW.into(),
            1..60 => words::minutes_ago(&self.number(minutes)),
            60..1440 => words::hours_ago(&self.number(minutes / 60)),
            1440..2880 => words::A_DAY_AGO.into(),
            2880..20_160 => words::days_ago(&self.number(minutes / 1440)),
            _ => self.date_words(at),
        }
    }
}

/// The day of a value that names a day without a time, such as a birthday.
pub(crate) fn day_of(text: &str) -> Option<civil::Date> {
    let date: civil::Date = text.get(..10)?.parse().ok()?;
    let rest = &text[10..];
    (rest.is_empty() || rest.starts_with("T00:00:00")).then_some(date)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    #[test]
    fn the_further_away_the_coarser() {
        let moments = Moments::new(at("2026-11-20T12:00:00Z"), TimeZone::UTC);
        for (when, expected) in [
            ("2026-11-20T11:59:40Z", "just now"),
            ("2026-11-20T11:20:00Z", "40 min ago"),
            ("2026-11-20T01:20:00Z", "10 h ago"),
            ("2026-11-19T01:20:00Z", "yesterday"),
            ("2026-11-12T01:20:00Z", "8 days ago"),
            ("2026-03-01T01:20:00Z", "1 Mar"),
            ("2021-03-01T01:20:00Z", "1 Mar 2021"),
            ("2027-03-01T01:20:00Z", "1 Mar 2027"),
        ] {
            assert_eq!(moments.ago_words(at(when)), expected, "{when}");
        }
    }

    #[test]
    fn a_moment_is_said_in_the_ways_of_whoever_reads() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let moments = Moments::new(at("2026-11-20T12:00:00Z"), zone);
        for (tag, expected) in [
            (
                "en-US",
                "<time datetime=\"2026-11-18T13:02:00Z\" title=\"Wednesday, November 18, 2026, 2:02:00 PM CET\">2:02 PM</time>",
            ),
            (
                "en-GB",
                "<time datetime=\"2026-11-18T13:02:00Z\" title=\"Wednesday, 18 November 2026, 14:02:00 CET\">14:02</time>",
            ),
            (
                "ar-EG",
                "<time datetime=\"2026-11-18T13:02:00Z\" title=\"Wednesday, ١٨ November ٢٠٢٦, ٢:٠٢:٠٠ PM CET\">٢:٠٢ PM</time>",
            ),
        ] {
            let moments = moments.clone().in_the_ways_of(Locale::of_tag(tag).unwrap());
            assert_eq!(moments.clock(at("2026-11-18T13:02:00Z")).into_string(), expected, "{tag}");
        }
        let arabic = moments.in_the_ways_of(Locale::of_tag("ar-EG").unwrap());
        assert_eq!(arabic.ago_words(at("2026-11-20T11:20:00Z")), "٤٠ min ago");
        assert_eq!(arabic.next_week_begins(), "Sunday");
    }

    #[test]
    fn a_period_ends_where_the_reader_is() {
        let moments = Moments::new(at("2026-11-20T12:00:00Z"), TimeZone::fixed(jiff::tz::offset(2)));
        for (period, end) in [
            ("2026-01-31", Some("2026-01-31T22:00:00Z")),
            ("2024-02", Some("2024-02-29T22:00:00Z")),
            ("2025", Some("2025-12-31T22:00:00Z")),
            ("2025-13", None),
            ("9999", None),
            ("yesterday!", None),
        ] {
            assert_eq!(moments.end_of(period), end.map(at), "{period}");
        }
    }

    #[test]
    fn a_day_begins_where_the_reader_is() {
        let zone = TimeZone::fixed(jiff::tz::offset(2));
        let moments = Moments::new(at("2026-11-20T12:00:00Z"), zone);
        assert_eq!(moments.day_words(moments.day(at("2026-11-19T22:30:00Z"))), "Today");
        assert_eq!(moments.day_words(moments.day(at("2026-11-19T21:30:00Z"))), "Yesterday");
    }
}
