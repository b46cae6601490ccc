//! A data folder opened in this process: the store, the rules, and the same router that a server serves.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context, anyhow};
use axum::{Router, body::Body, extract::Request, response::Response};
use tokio::task::JoinHandle;
use whom_core::{
    engine::Engine,
    rules::{Problem, Rules},
    search::Search,
    store::{SharedStore, SledOptions, SledStore},
};
use whom_plugin_host::Launcher;
use whom_server::{AppState, Clock, Config, Enrichment, EnrichmentTerms, Outbox, SystemClock};

use crate::{
    directory::{Freshness, SearchDirectory},
    folder::DataFolder,
    moment::now,
    problem::Failure,
    settings::SettingsFile,
};

/// A data folder opened in this process.
pub(crate) struct House {
    store: SharedStore,
    state: AppState,
    router: Router,
    search: Search,
}

impl House {
    /// Opens the store in a folder, which is made where it is missing, with what its file of settings decides.
    pub(crate) async fn open(folder: &DataFolder) -> Result<Self, Failure> {
        let file = SettingsFile::read(None, &folder.settings())?;
        let house = Self::open_with(folder, file.config(), Freshness::Settled).await?;
        house.decide(&file).await?;
        Ok(house)
    }

    /// Keeps what a file of settings decides, over what was kept before.
    pub(crate) async fn decide(&self, file: &SettingsFile) -> Result<(), Failure> {
        let settings = self.state.settings().await.context("the settings cannot be read")?;
        let decided = file.over(settings.clone()).checked().context("whom.toml")?;
        if decided != settings {
            decided.save(&self.store, self.state.now()).await.context("the settings cannot be kept")?;
        }
        Ok(())
    }

    /// Opens a copy of the data of `original`, which is in a folder of its own, with the same rules.
    pub(crate) async fn open_copy(copy: &DataFolder, original: &DataFolder) -> Result<Self, Failure> {
        Self::assemble(copy, original, Config::default(), Freshness::Settled, Arc::new(SystemClock)).await
    }

    /// The same, set up in another way.
    pub(crate) async fn open_with(
        folder: &DataFolder,
        config: Config,
        freshness: Freshness,
    ) -> Result<Self, Failure> {
        Self::assemble(folder, folder, config, freshness, Arc::new(SystemClock)).await
    }

    /// The same for a program that is open about the time: what it does happens when `clock` says.
    pub(crate) async fn open_by(folder: &DataFolder, clock: Arc<dyn Clock>) -> Result<Self, Failure> {
        Self::assemble(folder, folder, Config::default(), Freshness::Followed, clock).await
    }

    async fn assemble(
        folder: &DataFolder,
        rules: &DataFolder,
        config: Config,
        freshness: Freshness,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, Failure> {
        folder.make()?;
        let rules = rules_of(rules).map_err(|problems| unsound(&problems))?;
        let store: SharedStore = Arc::new(open_store(folder)?);
        let engine = Engine::new(store.clone(), Arc::new(arc_swap::ArcSwap::from_pointee(rules)));
        let search =
            Search::open(engine.clone(), Some(&folder.search())).await.context("the search index")?;
        let directory = Arc::new(SearchDirectory::new(search.clone(), freshness));
        let config = Config { pictures: Some(folder.pictures()), ..config };
        let state = AppState::new(engine, directory, config, clock);
        let router = whom_server::router(state.clone());
        Ok(Self { store, state, router, search })
    }

    /// Answers a request of this process, which may do everything.
    pub(crate) async fn call(&self, request: Request<Body>) -> Response {
        whom_server::call_as_local(self.router.clone(), request).await
    }

    /// Answers a request that is made in the name of somebody who works here.
    pub(crate) async fn call_as(&self, login: &str, request: Request<Body>) -> Response {
        whom_server::call_as_person(self.router.clone(), login, request).await
    }

    /// What handlers are given.
    pub(crate) fn state(&self) -> &AppState {
        &self.state
    }

    /// The routes.
    pub(crate) fn router(&self) -> &Router {
        &self.router
    }

    /// Where everything is kept.
    pub(crate) fn store(&self) -> &SharedStore {
        &self.store
    }

    /// Starts what goes on beside requests: the search index follows, plugins are asked, mail leaves.
    pub(crate) async fn start_workers(
        &self,
        folder: &DataFolder,
        settings: &SettingsFile,
    ) -> Result<Workers, Failure> {
        let launcher = Launcher::of_this_program().context("plugins cannot be started")?;
        let places = PluginPlaces::of(folder, settings);
        let terms = EnrichmentTerms { launcher, bundled: places.bundled, added: places.added };
        let enrichment = Enrichment::open(self.state.clone(), terms)
            .await
            .context("the plugins' settings cannot be read")?;
        self.state.set_enrichment(enrichment.clone());
        let (search, stopping) = (self.search.clone(), self.state.stopping().clone());
        let following = async move { search.run(now, stopping.cancelled_owned()).await };
        let outbox = Outbox::new(self.state.clone());
        Ok(Workers(vec![tokio::spawn(following), tokio::spawn(enrichment.run()), tokio::spawn(outbox.run())]))
    }

    /// The search index.
    pub(crate) fn search(&self) -> &Search {
        &self.search
    }

    /// Makes everything durable and lets go of the folder.
    pub(crate) async fn close(&self) -> anyhow::Result<()> {
        self.state.stopping().cancel();
        self.store.close().await.context("the store could not be closed")
    }
}

/// What goes on beside requests, until the server stops.
pub(crate) struct Workers(Vec<JoinHandle<()>>);

impl Workers {
    /// One more.
    pub(crate) fn add(&mut self, work: impl Future<Output = ()> + Send + 'static) {
        self.0.push(tokio::spawn(work));
    }

    /// Waits until the index has committed what it has and the plugins have ended.
    pub(crate) async fn ended(self) -> anyhow::Result<()> {
        for worker in self.0 {
            worker.await?;
        }
        Ok(())
    }
}

/// Where plugins are.
pub(crate) struct PluginPlaces {
    /// Those that come with Whom lie beside the program.
    pub(crate) bundled: Vec<PathBuf>,
    /// Those of the company's own.
    pub(crate) added: Vec<PathBuf>,
}

impl PluginPlaces {
    /// The places for a data folder.
    pub(crate) fn of(folder: &DataFolder, settings: &SettingsFile) -> Self {
        let beside = std::env::current_exe().ok().and_then(|program| program.parent().map(PathBuf::from));
        Self {
            bundled: beside.into_iter().collect(),
            added: [Some(folder.plugins()), settings.plugins.clone()].into_iter().flatten().collect(),
        }
    }
}

/// Opens the store of a folder.
pub(crate) fn open_store(folder: &DataFolder) -> Result<SledStore, Failure> {
    SledStore::open(&folder.store(), SledOptions::default()).map_err(|error| {
        let who = match folder.running_server() {
            Some(server) => format!("; process {} said that it serves it", server.pid),
            None => String::new(),
        };
        Failure::Other(anyhow!("{}: {error}{who}", folder.root().display()))
    })
}

/// The rules of a folder: its own, else those that come with Whom.
pub(crate) fn rules_of(folder: &DataFolder) -> Result<Rules, Vec<Problem>> {
    let own = folder.rules();
    if own.is_dir() { Rules::load(&own) } else { Rules::bundled() }
}

fn unsound(problems: &[Problem]) -> Failure {
    let first = problems.first().map(ToString::to_string).unwrap_or_default();
    let more = match problems.len() {
        0 | 1 => String::new(),
        several => format!(" (and {} more)", several - 1),
    };
    Failure::Other(anyhow!("the rules are not sound: {first}{more}; `whom rules check` shows everything"))
}

/// How much room the files of a folder take.
pub(crate) fn room(folder: &Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
    entries
        .flatten()
        .map(|entry| match entry.metadata() {
            Ok(about) if about.is_dir() => room(&entry.path()),
            Ok(about) => about.len(),
            Err(_) => 0,
        })
        .sum()
}
