//! Tasks: what somebody wants done for a customer, by whom and by when.

use std::{fmt, str::FromStr};

use jiff::{civil::Date, tz::TimeZone};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{ContactId, ConversationId, Stamp, TaskId, Timestamp};

/// When something is to be done: on a day, wherever one is, or at a moment.
///
/// Written as `2026-03-05` or `2026-03-05T09:00:00Z`; these texts sort in the order of time.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Due(String);

/// How a due task stands for somebody who looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DueWhen {
    /// It should have been done.
    Overdue,
    /// It is to be done today.
    Today,
    /// It has time.
    Later,
    /// Nobody said by when.
    Whenever,
}

impl Due {
    /// The day or moment as it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The moment, where it is one.
    pub fn moment(&self) -> Option<Timestamp> {
        if self.is_day() { None } else { Timestamp::parse(&self.0).ok() }
    }

    /// Whether it is a whole day.
    pub fn is_day(&self) -> bool {
        self.0.len() == 10
    }

    /// How it stands for somebody in a time zone.
    pub fn when(&self, now: Timestamp, zone: &TimeZone) -> DueWhen {
        let day_of = |at: Timestamp| {
            let at = jiff::Timestamp::from_millisecond(at.as_millis()).unwrap_or_default();
            zone.to_datetime(at).date().to_string()
        };
        let today = day_of(now);
        match self.moment() {
            Some(at) if at < now => DueWhen::Overdue,
            Some(at) if day_of(at) == today => DueWhen::Today,
            Some(_) => DueWhen::Later,
            None if self.0 < today => DueWhen::Overdue,
            None if self.0 == today => DueWhen::Today,
            None => DueWhen::Later,
        }
    }
}

impl FromStr for Due {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let refused =
            || format!("`{text}` is no day or moment: write it like 2026-01-31 or 2026-01-31T09:30:00Z");
        if let (10, Ok(day)) = (text.len(), text.parse::<Date>()) {
            return Ok(Self(day.to_string()));
        }
        let at = Timestamp::parse(text).map_err(|_| refused())?;
        // Seconds are nobody's appointment, and without them all moments have the same length.
        let minute = Timestamp::from_millis(at.as_millis().div_euclid(60_000) * 60_000);
        Ok(Self(minute.to_string()))
    }
}

impl fmt::Display for Due {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for Due {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Due {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        std::borrow::Cow::<'de, str>::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// What has become of a task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskState {
    /// It is to be done.
    Open,
    /// It was done.
    Done(Stamp),
    /// It was taken away, and can be brought back.
    Removed(Stamp),
}

impl TaskState {
    /// The word for it.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Done(_) => "done",
            Self::Removed(_) => "removed",
        }
    }
}

/// What somebody wants done for a customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// Follows from the request that made it.
    pub id: TaskId,
    /// The contact it is kept under, with which it goes when profiles are merged or taken apart.
    pub contact: ContactId,
    /// The conversation it is about, where it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation: Option<ConversationId>,
    /// What is to be done, on one line.
    pub title: String,
    /// More about it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// By when.
    #[serde(default)]
    pub due: Option<Due>,
    /// The login name of whoever is to do it.
    #[serde(default)]
    pub assignee: Option<String>,
    /// What has become of it.
    pub state: TaskState,
    /// Who made it, and when.
    pub made: Stamp,
    /// Counts its changes.
    pub version: u64,
}

impl Task {
    /// How it stands for somebody in a time zone.
    pub fn when(&self, now: Timestamp, zone: &TimeZone) -> DueWhen {
        self.due.as_ref().map_or(DueWhen::Whenever, |due| due.when(now, zone))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_over_when_it_is_over_where_one_is() {
        let now = Timestamp::parse("2026-03-05T23:30:00Z").unwrap();
        let when = |due: &str, zone: &TimeZone| due.parse::<Due>().unwrap().when(now, zone);
        let tokyo = TimeZone::get("Asia/Tokyo").unwrap();
        assert_eq!(when("2026-03-05", &TimeZone::UTC), DueWhen::Today);
        assert_eq!(when("2026-03-05", &tokyo), DueWhen::Overdue);
        assert_eq!(when("2026-03-06", &tokyo), DueWhen::Today);
        assert_eq!(when("2026-03-05T23:29:59Z", &tokyo), DueWhen::Overdue);
        assert_eq!(when("2026-03-06T01:00:00+01:00", &TimeZone::UTC), DueWhen::Later);
        assert_eq!(when("2026-03-06T01:00:00+01:00", &tokyo), DueWhen::Today);
    }

    #[test]
    fn what_is_neither_day_nor_moment_is_refused_by_name() {
        assert!("soon".parse::<Due>().unwrap_err().contains("`soon` is no day or moment"));
        assert!("2026-02-30".parse::<Due>().is_err());
    }
}
