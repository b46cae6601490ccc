//! What one evaluation may use: operations, and time as a second line of defence.
//!
//! Rhai's own counter forgets what callbacks of `map`, `filter` and `sort` do; this one does not, because it
//! lives beside the engine and not in its state. It is sticky: a script that used up its budget cannot catch that.

use std::{
    cell::Cell,
    fmt,
    time::{Duration, Instant},
};

use crate::model::Timestamp;

/// How much a kind of evaluation may use.
#[derive(Clone, Copy, Debug)]
pub(super) struct Allowance {
    pub(super) operations: u64,
    pub(super) time: Duration,
}

impl Allowance {
    /// For `same_person`, `resolve` and computed properties.
    pub(super) const RULE: Self = Self { operations: 200_000, time: Duration::from_millis(50) };
    /// For what runs once: declarations and golden cases.
    // The time is generous: rules are read when a server starts, and a busy machine must not keep it from starting.
    pub(super) const FILE: Self = Self { operations: 2_000_000, time: Duration::from_secs(5) };
}

/// The limit that an evaluation ran into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// So many operations.
    Operations(u64),
    /// So many milliseconds.
    Milliseconds(u64),
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Operations(operations) => write!(f, "{operations} operations"),
            Self::Milliseconds(millis) => write!(f, "{millis} milliseconds"),
        }
    }
}

#[derive(Clone, Copy)]
struct State {
    allowance: Allowance,
    left: u64,
    // Measures how long, never when: nothing a script can see depends on it. It is looked at on every 256th
    // operation only, so that an ordinary rule never depends on the machine's mood.
    started: Option<Instant>,
    used_up: Option<Limit>,
    now: Option<Timestamp>,
}

const NOTHING: State = State {
    allowance: Allowance { operations: 0, time: Duration::ZERO },
    left: 0,
    started: None,
    used_up: None,
    now: None,
};

thread_local! {
    static CURRENT: Cell<State> = const { Cell::new(NOTHING) };
}

/// The budget of the evaluation that runs on this thread, for as long as it is held.
pub(super) struct Budget {
    // A golden case evaluates a rule while a script is being evaluated; the outer one goes on afterwards.
    outer: State,
}

impl Budget {
    /// Starts to count; `now` is the moment the script is told, none while declarations are read.
    pub(super) fn start(allowance: Allowance, now: Option<Timestamp>) -> Self {
        let outer = CURRENT.get();
        // A rule that a golden case tries has the time of its file: whether a case holds is for its operations to
        // say, and not for what else the machine is doing.
        let time =
            if outer.started.is_some() { allowance.time.max(outer.allowance.time) } else { allowance.time };
        CURRENT.set(State {
            allowance: Allowance { time, ..allowance },
            left: allowance.operations,
            started: Some(Instant::now()),
            used_up: None,
            now,
        });
        Self { outer }
    }

    /// The limit that was reached, if one was. A script can end well and yet have used up its budget.
    pub(super) fn used_up(&self) -> Option<Limit> {
        CURRENT.get().used_up
    }
}

impl Drop for Budget {
    fn drop(&mut self) {
        CURRENT.set(self.outer);
    }
}

/// Counts one operation; says whether the script may go on.
pub(super) fn spend() -> bool {
    CURRENT.with(|current| {
        let mut state = current.get();
        if state.used_up.is_some() {
            return false;
        }
        if state.left == 0 {
            state.used_up = Some(Limit::Operations(state.allowance.operations));
            current.set(state);
            return false;
        }
        state.left -= 1;
        if state.left.is_multiple_of(256)
            && state.started.is_none_or(|started| started.elapsed() > state.allowance.time)
        {
            state.used_up = Some(Limit::Milliseconds(state.allowance.time.as_millis() as u64));
        }
        current.set(state);
        state.used_up.is_none()
    })
}

/// Charges for work done in Rust, so that a cheap-looking word cannot hide an expensive loop.
pub(super) fn charge(operations: usize) {
    CURRENT.with(|current| {
        let state = current.get();
        current.set(State { left: state.left.saturating_sub(operations as u64), ..state });
    });
}

/// The moment for which the running evaluation is made.
pub(super) fn now() -> Option<Timestamp> {
    CURRENT.get().now
}
