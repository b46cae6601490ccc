//! What is remembered about a plugin across its processes: waits, crashes, quarantine.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use tokio::time::Instant;

use super::Timing;

/// Where a plugin stands.
#[derive(Clone, Debug, PartialEq)]
pub enum State {
    /// No process; the next call starts one.
    Idle,
    /// A process is being started.
    Starting,
    /// A process is there.
    Ready {
        /// Its number.
        pid: u32,
        /// What it is confined by.
        confined: String,
    },
    /// It crashed; the next process starts after a while.
    Waiting {
        /// How long from now.
        remaining: Duration,
        /// What happened.
        why: String,
    },
    /// It cannot run like this: another file, another version or other settings are needed.
    Refused(String),
    /// It crashed too often; somebody has to look. Holds what happened and the last lines.
    Quarantined(String),
    /// Switched off.
    Stopped,
}

/// Crashes on one input after which it is not tried again.
const TOO_OFTEN: u8 = 2;
/// Inputs to remember at most.
const INPUTS: usize = 1000;

pub(super) struct Book {
    timing: Timing,
    standing: Standing,
    crashes: VecDeque<Instant>,
    /// Crashes since the last healthy process.
    in_a_row: u32,
    inputs: HashMap<u64, u8>,
}

enum Standing {
    Well,
    Waiting { until: Instant, why: String },
    Refused(String),
    Quarantined(String),
    Stopped,
}

impl Book {
    pub(super) fn new(timing: Timing) -> Self {
        let (crashes, inputs) = (VecDeque::new(), HashMap::new());
        Self { timing, standing: Standing::Well, crashes, in_a_row: 0, inputs }
    }

    /// What stands in the way of a start: nothing, a wait, or words.
    pub(super) fn may_start(&self, now: Instant) -> Result<Duration, String> {
        match &self.standing {
            Standing::Well => Ok(Duration::ZERO),
            Standing::Waiting { until, .. } => Ok(until.saturating_duration_since(now)),
            Standing::Refused(why) => Err(why.clone()),
            Standing::Quarantined(why) => Err(format!("the plugin is quarantined: {why}")),
            Standing::Stopped => Err("the plugin is switched off".to_owned()),
        }
    }

    /// The state without a process.
    pub(super) fn state(&self, now: Instant) -> State {
        match &self.standing {
            Standing::Waiting { until, why } if *until > now => {
                State::Waiting { remaining: *until - now, why: why.clone() }
            }
            Standing::Well | Standing::Waiting { .. } => State::Idle,
            Standing::Refused(why) => State::Refused(why.clone()),
            Standing::Quarantined(why) => State::Quarantined(why.clone()),
            Standing::Stopped => State::Stopped,
        }
    }

    /// A process ended that should not have.
    pub(super) fn crashed(&mut self, now: Instant, lived: Duration, how: &str, tail: &str) {
        if lived >= self.timing.healthy {
            self.in_a_row = 0;
        }
        self.crashes.retain(|at| now.saturating_duration_since(*at) < self.timing.window);
        self.crashes.push_back(now);
        if matches!(self.standing, Standing::Refused(_) | Standing::Stopped) {
            return;
        }
        if self.crashes.len() >= self.timing.crashes {
            let often = self.crashes.len();
            let mut why = format!("it ended {often} times, last: {how}");
            if !tail.is_empty() {
                why.push_str(&format!("\n{tail}"));
            }
            self.standing = Standing::Quarantined(why);
            return;
        }
        let wait = self.timing.first_wait.saturating_mul(1 << self.in_a_row.min(20));
        self.in_a_row += 1;
        let until = now + wait.min(self.timing.longest_wait);
        self.standing = Standing::Waiting { until, why: how.to_owned() };
    }

    /// The plugin cannot run as it is.
    pub(super) fn refuse(&mut self, why: String) {
        self.standing = Standing::Refused(why);
    }

    /// No start until [`Book::clear`].
    pub(super) fn stop(&mut self) {
        self.standing = Standing::Stopped;
    }

    /// Somebody looked, or the settings or the file changed: everything starts anew.
    pub(super) fn clear(&mut self) {
        *self = Self::new(self.timing);
    }

    pub(super) fn blame(&mut self, input: u64) {
        if self.inputs.len() >= INPUTS {
            self.inputs.clear();
        }
        let count = self.inputs.entry(input).or_default();
        *count = count.saturating_add(1);
    }

    /// Whether this input crashed the plugin too often to be tried again.
    pub(super) fn shuns(&self, input: u64) -> bool {
        self.inputs.get(&input).is_some_and(|count| *count >= TOO_OFTEN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_and_five_crashes_quarantine() {
        let start = Instant::now();
        let mut book = Book::new(Timing::default());
        let mut waits = Vec::new();
        for _ in 0..4 {
            book.crashed(start, Duration::ZERO, "aborted (SIGABRT)", "");
            waits.push(book.may_start(start).unwrap_or_default().as_millis());
        }
        assert_eq!(waits, [100, 200, 400, 800]);
        book.crashed(start, Duration::ZERO, "aborted (SIGABRT)", "the last line");
        assert_eq!(
            book.state(start),
            State::Quarantined("it ended 5 times, last: aborted (SIGABRT)\nthe last line".into())
        );
        book.clear();
        assert_eq!(book.state(start), State::Idle);
    }

    #[test]
    fn a_crash_now_and_then_is_no_reason_for_quarantine() {
        let start = Instant::now();
        let mut book = Book::new(Timing::default());
        for hour in 0..20 {
            let now = start + Duration::from_secs(hour * 3600);
            book.crashed(now, Duration::from_secs(3600), "killed (SIGKILL)", "");
            assert_eq!(book.may_start(now), Ok(Duration::from_millis(100)));
        }
    }
}
