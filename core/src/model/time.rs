//! Moments: milliseconds since 1970 in UTC, written as RFC 3339.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A moment in milliseconds since 1970-01-01 UTC, between the years 0 and 9999.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(i64);

/// Why a text is not a moment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{given}` is not a moment: write it like 2026-01-31T09:30:00Z")]
pub struct TimeError {
    given: String,
}

const FIRST: i64 = -62_167_219_200_000;
// The calendar library ends a day before the year does, so that every time zone fits.
const LAST: i64 = 253_402_207_199_999;

impl Timestamp {
    /// The moment `millis` after 1970; outside the years 0 to 9999 the nearest end is taken.
    pub const fn from_millis(millis: i64) -> Self {
        Self(if millis < FIRST {
            FIRST
        } else if millis > LAST {
            LAST
        } else {
            millis
        })
    }

    /// Milliseconds since 1970.
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// Whole days from this moment to `later`, negative when it lies before.
    pub const fn days_until(self, later: Timestamp) -> i64 {
        (later.0 - self.0).div_euclid(86_400_000)
    }

    /// Reads RFC 3339, the same without a zone (taken as UTC), or a plain date.
    ///
    /// Trackers send all three; a naive time is the sender's mistake and UTC the least surprise.
    pub fn parse(text: &str) -> Result<Self, TimeError> {
        let text = text.trim();
        text.parse::<jiff::Timestamp>()
            .ok()
            .or_else(|| {
                let civil = text.parse::<jiff::civil::DateTime>().ok()?;
                jiff::tz::TimeZone::UTC.to_timestamp(civil).ok()
            })
            .map(|moment| Self::from_millis(moment.as_millisecond()))
            .ok_or_else(|| TimeError { given: text.chars().take(80).collect() })
    }

    fn as_jiff(self) -> jiff::Timestamp {
        jiff::Timestamp::from_millisecond(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
    }
}

impl FromStr for Timestamp {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        Self::parse(text)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.as_jiff(), f)
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_ways_of_writing_a_moment_are_read() {
        let moment = Timestamp::parse("2025-01-02T03:04:05Z").unwrap();
        assert_eq!(Timestamp::parse("2025-01-02T03:04:05"), Ok(moment));
        assert_eq!(Timestamp::parse("2025-01-02T04:04:05+01:00"), Ok(moment));
        assert_eq!(Timestamp::parse("2025-01-02").unwrap().to_string(), "2025-01-02T00:00:00Z");
        assert!(Timestamp::parse("yesterday").is_err());
    }

    #[test]
    fn a_moment_beyond_the_calendar_is_taken_to_its_end() {
        assert_eq!(Timestamp::from_millis(i64::MAX).to_string(), "9999-12-30T21:59:59.999Z");
        assert_eq!(Timestamp::from_millis(i64::MIN).to_string(), "0000-01-01T00:00:00Z");
    }
}
