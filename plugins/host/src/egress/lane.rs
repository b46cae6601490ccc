//! How fast and how many at once: one lane per plugin and host.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

/// Requests on their way at the same time.
const AT_ONCE: usize = 4;
/// Requests per second in the long run, and how many may be sent in a row after a pause.
const PER_SECOND: f64 = 10.0;
const IN_A_ROW: f64 = 20.0;

#[derive(Clone)]
pub(super) struct Lane {
    turns: Arc<Semaphore>,
    pace: Arc<Mutex<Pace>>,
}

struct Pace {
    tokens: f64,
    at: Instant,
    /// The provider said not to come before.
    not_before: Instant,
}

impl Lane {
    pub(super) fn new() -> Self {
        let now = Instant::now();
        let pace = Pace { tokens: IN_A_ROW, at: now, not_before: now };
        Self { turns: Arc::new(Semaphore::new(AT_ONCE)), pace: Arc::new(Mutex::new(pace)) }
    }

    /// Waits for a turn. Answers how long it would be when that is longer than `patience`.
    pub(super) async fn turn(&self, patience: Duration) -> Result<OwnedSemaphorePermit, Duration> {
        let until = Instant::now() + patience;
        let turns = Arc::clone(&self.turns).acquire_owned();
        let turn = tokio::time::timeout(patience, turns).await.ok().and_then(Result::ok);
        let turn = turn.ok_or(Duration::from_secs(1))?;
        let wait = self.take();
        if Instant::now() + wait > until {
            self.give_back();
            return Err(wait);
        }
        tokio::time::sleep(wait).await;
        Ok(turn)
    }

    /// Nobody sends on this lane for that long.
    pub(super) fn pause(&self, span: Duration) {
        let mut pace = self.pace.lock().unwrap_or_else(PoisonError::into_inner);
        pace.not_before = pace.not_before.max(Instant::now() + span);
    }

    /// Takes a token, on credit if need be, and says how long to wait for it.
    fn take(&self) -> Duration {
        let mut pace = self.pace.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let gained = now.saturating_duration_since(pace.at).as_secs_f64() * PER_SECOND;
        pace.tokens = (pace.tokens + gained).min(IN_A_ROW) - 1.0;
        pace.at = now;
        let credit = Duration::from_secs_f64((-pace.tokens / PER_SECOND).max(0.0));
        credit.max(pace.not_before.saturating_duration_since(now))
    }

    fn give_back(&self) {
        self.pace.lock().unwrap_or_else(PoisonError::into_inner).tokens += 1.0;
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn after_a_burst_requests_leave_at_the_pace() {
        let (lane, start) = (Lane::new(), Instant::now());
        for _ in 0..40 {
            drop(lane.turn(Duration::from_secs(30)).await.unwrap());
        }
        assert_eq!(start.elapsed().as_secs(), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn a_paused_lane_says_how_long() {
        let lane = Lane::new();
        lane.pause(Duration::from_secs(60));
        let wait = lane.turn(Duration::from_secs(30)).await.unwrap_err();
        assert_eq!(wait.as_secs(), 60);
    }
}
