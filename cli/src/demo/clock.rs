//! The clock of the demo: what a team did over years is told in seconds, each deed at its own time.

use std::sync::atomic::{AtomicI64, Ordering};

use whom_core::model::Timestamp;
use whom_server::{Clock, SystemClock};

/// No moment of the played past.
const NONE: i64 = i64::MIN;

/// A clock that shows the machine's time, unless the past is played.
#[derive(Debug)]
pub(super) struct PlayedClock(AtomicI64);

impl PlayedClock {
    /// A clock that shows the machine's time.
    pub(super) fn new() -> Self {
        Self(AtomicI64::new(NONE))
    }

    /// Lets it be `at`, which is never later than the time that it is.
    pub(super) fn play(&self, at: Timestamp) {
        self.0.store(at.min(SystemClock.now()).as_millis(), Ordering::SeqCst);
    }

    /// Lets it show the machine's time again.
    pub(super) fn catch_up(&self) {
        self.0.store(NONE, Ordering::SeqCst);
    }
}

impl Clock for PlayedClock {
    fn now(&self) -> Timestamp {
        match self.0.load(Ordering::SeqCst) {
            NONE => SystemClock.now(),
            at => Timestamp::from_millis(at),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_past_is_played_and_never_the_future() {
        let clock = PlayedClock::new();
        let then = Timestamp::from_millis(1_700_000_000_000);
        clock.play(then);
        assert_eq!(clock.now(), then);
        clock.play(Timestamp::from_millis(i64::MAX));
        assert!(clock.now() <= SystemClock.now());
        clock.catch_up();
        assert!(clock.now() > then);
    }
}
