//! What the embedded store costs over sled itself, and whether reading stays flat.
//!
//! `cargo bench -p whom-core --bench store -- [ingest] [timelines] [conversations] [views] [crash] [profiles] [messages]`; all with
//! 100,000 profiles and 30,000 messages a round unless said; with `crash` the disk itself is not waited for. What is compared is measured in one run, turn and
//! turn about, so the ratios hold on a busy machine.
#![allow(missing_docs, reason = "a program of its own")]
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "it prints a table, and stops when something fails"
)]

mod ingest;
mod mail;
mod reading;

use std::time::{Duration, Instant};

use whom_core::store::Survives;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [word, folder, profiles] = &arguments[..]
        && word == reading::READ_VIEWS
    {
        let profiles = profiles.parse().unwrap();
        return block_on(reading::read_views_of(folder.as_ref(), profiles));
    }
    let numbers: Vec<u32> = arguments.iter().filter_map(|argument| argument.parse().ok()).collect();
    let profiles = numbers.first().copied().unwrap_or(100_000);
    let messages = numbers.get(1).copied().unwrap_or(30_000);
    let parts = ["ingest", "timelines", "conversations", "views"];
    let is_named = |part: &str| arguments.iter().any(|argument| argument == part);
    let wants = |part: &str| is_named(part) || !parts.iter().any(|part| is_named(part));
    if wants("ingest") {
        let survives = if is_named("crash") { Survives::Crash } else { Survives::PowerCut };
        block_on(ingest::measure(profiles, messages, survives));
    }
    if wants("timelines") {
        block_on(reading::measure_timelines());
    }
    if wants("conversations") {
        block_on(reading::measure_conversations());
    }
    if wants("views") {
        block_on(reading::measure_views(profiles));
    }
}

fn block_on(step: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap().block_on(step);
}

/// Times one step.
fn timed<T>(step: impl FnOnce() -> T) -> (T, Duration) {
    let began = Instant::now();
    let done = step();
    (done, began.elapsed())
}

/// The middle and the worst of a hundred.
fn p50_p99(mut times: Vec<Duration>) -> (f64, f64) {
    times.sort();
    let at = |share: usize| times[(times.len() - 1) * share / 100].as_nanos() as f64 / 1000.0;
    (at(50), at(99))
}

fn random(state: &mut u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state
}
