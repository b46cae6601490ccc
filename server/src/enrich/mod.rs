//! Enrichment: what providers know about a customer, asked after the commit and never in a message's way.
//!
//! ```text
//! feed ── watch ──> queue of jobs (documents) ── worker ──> plugin process ──> gate ──> provider
//!                                                   └──> claims, check, ledger
//! ```
//!
//! A provider is asked when a conversation begins and its last look is two months old, or when somebody
//! says "check now". Never on a schedule.

mod api;
mod cards;
mod job;
mod ledger;
mod providers;
mod settings;
mod watch;
mod worker;

pub(crate) use api::{decide, routes};
pub(crate) use cards::{CardSource, LookedUp};
pub use job::Checked;
pub(crate) use ledger::Left;
pub use providers::ProviderState;
pub use settings::{EnrichmentSettings, ProviderSettings};

use std::{path::PathBuf, sync::Arc};

use tokio::sync::Notify;
use whom_core::{model::ProfileId, store::StoreError};
use whom_plugin_host::{Gate, Launcher, PluginFolder, ReqwestClient};

use crate::app::AppState;
use ledger::StoredLedger;
use providers::Providers;

/// How providers are run.
#[derive(Clone, Debug)]
pub struct EnrichmentTerms {
    /// The program that serves one plugin in a process of its own.
    pub launcher: Launcher,
    /// Where the plugins that come with Whom are; these may be on from the start.
    pub bundled: Vec<PathBuf>,
    /// Where an admin puts others; these are off until somebody turns them on.
    pub added: Vec<PathBuf>,
}

/// All providers, the queue before them and the gate behind them. A clone is the same one.
#[derive(Clone)]
pub struct Enrichment {
    inner: Arc<Inner>,
}

struct Inner {
    state: AppState,
    gate: Arc<Gate>,
    providers: Providers,
    /// Cards that were made a moment ago.
    cards: cards::Kept,
    /// Rung when a job was put into the queue, so that the worker need not wait for its next look.
    bell: Notify,
}

impl Enrichment {
    /// Finds the plugins and applies the settings; nothing is asked before [`Enrichment::run`].
    pub async fn open(state: AppState, terms: EnrichmentTerms) -> Result<Self, StoreError> {
        let ledger = Arc::new(StoredLedger::new(state.clone()));
        let gate = Arc::new(Gate::new(Arc::new(ReqwestClient::new()), ledger));
        let bundled = PluginFolder::new(terms.bundled).find(&terms.launcher).await;
        let added = PluginFolder::new(terms.added).find(&terms.launcher).await;
        let providers = Providers::new(bundled, added, terms.launcher, gate.clone());
        let enrichment = Self {
            inner: Arc::new(Inner {
                state,
                gate,
                providers,
                cards: cards::Kept::default(),
                bell: Notify::new(),
            }),
        };
        enrichment.apply_settings().await?;
        Ok(enrichment)
    }

    /// Watches the feed and works the queue until the server stops.
    pub async fn run(self) {
        let stopping = self.inner.state.stopping().clone();
        tokio::select! {
            () = stopping.cancelled() => {}
            () = self.watch() => {}
            () = self.work() => {}
        }
        self.inner.providers.stop_all().await;
    }

    /// Puts the settings in force: switches, hosts, secrets. Off counts for requests under way as well.
    pub async fn apply_settings(&self) -> Result<(), StoreError> {
        let settings = EnrichmentSettings::load(self.inner.state.store()).await?;
        self.inner.gate.switch(settings.on);
        self.inner.providers.apply(&settings).await;
        Ok(())
    }

    /// Asks every provider that is on about a profile, whenever it was asked last; gives how many jobs that made.
    pub async fn check_now(&self, profile: ProfileId) -> Result<usize, StoreError> {
        let made = self.queue_profile(profile, "check now", true).await?;
        self.inner.bell.notify_waiters();
        Ok(made)
    }

    /// Asks about a profile those providers whose last look is too old; gives how many jobs that made.
    pub(crate) async fn backfill(&self, profile: ProfileId) -> Result<usize, StoreError> {
        let made = self.queue_profile(profile, "bulk action", false).await?;
        if made > 0 {
            self.inner.bell.notify_waiters();
        }
        Ok(made)
    }

    /// How every provider is doing.
    pub async fn provider_states(&self) -> Result<Vec<ProviderState>, StoreError> {
        let settings = EnrichmentSettings::load(self.inner.state.store()).await?;
        Ok(self.inner.providers.states(&settings))
    }
}
