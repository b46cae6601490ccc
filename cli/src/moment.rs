//! Moments as people say them.

use whom_core::model::Timestamp;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// What time it is: the one place of the command line that looks at the clock.
pub(crate) fn now() -> Timestamp {
    Timestamp::from_millis(jiff::Timestamp::now().as_millisecond())
}

/// How long ago a moment was, or in how long it will be.
pub(crate) fn ago(at: Timestamp, now: Timestamp) -> String {
    let passed = now.as_millis() - at.as_millis();
    // What is still to come is rounded up: a link that lasts 15 minutes does not begin with 14.
    let size = if passed < 0 { MINUTE / 2 - passed } else { passed };
    let (count, unit) = match size {
        _ if size < MINUTE => return "just now".into(),
        _ if size < HOUR => (size / MINUTE, "minute"),
        _ if size < DAY => (size / HOUR, "hour"),
        _ if size < 60 * DAY => (size / DAY, "day"),
        _ if size < 730 * DAY => (size / (30 * DAY + DAY / 2), "month"),
        _ => (size / (365 * DAY + DAY / 4), "year"),
    };
    let plural = if count == 1 { "" } else { "s" };
    if passed < 0 { format!("in {count} {unit}{plural}") } else { format!("{count} {unit}{plural} ago") }
}

/// The day and the minute, in the time zone of this machine.
pub(crate) fn minute(at: Timestamp) -> String {
    let moment = jiff::Timestamp::from_millisecond(at.as_millis()).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    moment.to_zoned_datetime(jiff::tz::TimeZone::system()).strftime("%Y-%m-%d %H:%M").to_string()
}

/// The day, in the time zone of this machine.
pub(crate) fn day(at: Timestamp) -> String {
    minute(at).chars().take(10).collect()
}

/// A length of time in which something was done.
pub(crate) fn took(time: std::time::Duration) -> String {
    match time.as_secs_f64() {
        seconds if seconds < 10.0 => format!("{seconds:.1} s"),
        seconds if seconds < 120.0 => format!("{seconds:.0} s"),
        seconds => format!("{} min {:02} s", seconds as u64 / 60, seconds as u64 % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_said_as_people_say_them() {
        let now = Timestamp::parse("2026-11-20T12:00:00Z").unwrap();
        let cases = [
            ("2026-11-20T11:59:30Z", "just now"),
            ("2026-11-20T11:58:00Z", "2 minutes ago"),
            ("2026-11-20T11:00:00Z", "1 hour ago"),
            ("2026-11-01T12:00:00Z", "19 days ago"),
            ("2026-05-20T12:00:00Z", "6 months ago"),
            ("2021-02-11T18:04:43Z", "5 years ago"),
            ("2026-11-20T12:15:00Z", "in 15 minutes"),
        ];
        for (at, said) in cases {
            assert_eq!(ago(Timestamp::parse(at).unwrap(), now), said);
        }
    }

    #[test]
    fn long_work_is_told_in_minutes() {
        assert_eq!(took(std::time::Duration::from_millis(4_120)), "4.1 s");
        assert_eq!(took(std::time::Duration::from_secs(187)), "3 min 07 s");
    }
}
