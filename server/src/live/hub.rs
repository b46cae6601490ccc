//! The hub: what is said to open pages without being kept, within this process.

use tokio::sync::broadcast;

use super::presence::Presence;

/// How many signals a slow stream may be behind before it misses some; it then looks anew.
const BEHIND: usize = 256;

/// Something that a stream may have to pass on.
#[derive(Clone, Debug)]
pub(crate) enum Signal {
    /// Who looks at something changed.
    Presence,
    /// Somebody is told something: their login, and what, as JSON.
    Told {
        /// Whom it is for.
        login: String,
        /// What their pages show.
        told: serde_json::Value,
    },
}

/// The hub of one application.
pub(crate) struct Hub {
    presence: Presence,
    signals: broadcast::Sender<Signal>,
}

impl Default for Hub {
    fn default() -> Self {
        Self { presence: Presence::default(), signals: broadcast::channel(BEHIND).0 }
    }
}

impl Hub {
    /// Who looks at what.
    pub(super) fn presence(&self) -> &Presence {
        &self.presence
    }

    /// Hears every signal from now on.
    pub(super) fn listen(&self) -> broadcast::Receiver<Signal> {
        self.signals.subscribe()
    }

    /// Gives a signal to whoever listens.
    pub(crate) fn give(&self, signal: Signal) {
        // Nobody listens where no page is open, and that is as well.
        let _ = self.signals.send(signal);
    }
}
