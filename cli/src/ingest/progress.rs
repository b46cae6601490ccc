//! A progress bar by bytes, for a terminal.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::{
    figures::count,
    output::{Output, Talk},
};

/// A progress bar by bytes; where nobody looks on, nothing is drawn.
pub(crate) struct Progress {
    bar: ProgressBar,
    done: AtomicU64,
    begun: Instant,
}

impl Progress {
    /// A bar for so many bytes; a moving mark where the number is not known.
    pub(crate) fn new(output: &Output, bytes: Option<u64>) -> Self {
        // Indicatif itself draws nothing where standard error is no terminal.
        let is_shown = output.talk == Talk::Usual && !output.is_json();
        let target = if is_shown { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(bytes, target);
        let template = match bytes {
            Some(_) => "{bar:32} {percent:>3} %  {msg}",
            None => "{spinner} {bytes}  {msg}",
        };
        // The templates above are well formed; the usual style is no worse than an end of the program.
        let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
        bar.set_style(style.progress_chars("━━─"));
        bar.enable_steady_tick(Duration::from_millis(120));
        Self { bar, done: AtomicU64::new(0), begun: Instant::now() }
    }

    /// A bar for things whose number is known once they are being done.
    pub(crate) fn counting(output: &Output) -> Self {
        Self::new(output, Some(1))
    }

    /// So many are done, of so many.
    pub(crate) fn at(&self, done: u64, all: u64) {
        self.bar.set_length(all);
        self.bar.set_position(done);
        self.bar.set_message(format!("{} of {}", count(done), count(all)));
    }

    /// So many bytes more are done, with so many things in them.
    pub(crate) fn advance(&self, bytes: u64, things: u64) {
        self.bar.inc(bytes);
        let done = self.done.fetch_add(things, Ordering::Relaxed) + things;
        let rate = done as f64 / self.begun.elapsed().as_secs_f64().max(0.001);
        self.bar.set_message(format!("{} done, {} each second", count(done), count(rate.round() as u64)));
    }

    /// Takes the bar away.
    pub(crate) fn end(&self) {
        self.bar.finish_and_clear();
    }
}
