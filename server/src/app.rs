//! What every handler is given.

use std::sync::{Arc, OnceLock};

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use whom_core::{
    engine::Engine,
    model::Timestamp,
    store::{SharedStore, StoreError},
};

use crate::{
    asking::Asking,
    auth::{
        KeyKind, KnownNames, LoginAttempts, LoginLink, MintedKey, Names, NewPerson, Person, PersonError,
        Principal, keys, people, sessions,
    },
    bulk::Runner,
    clock::Clock,
    config::Config,
    directory::Directory,
    duplicates::OpenCount,
    enrich::Enrichment,
    idempotency::InFlight,
    live::Hub,
    mail::MailPolicy,
    outbound::MailChannels,
    reading::Pictures,
    settings::Settings,
    sight::SeenDirectory,
    tracking::RequestRates,
};

/// What every handler is given. A clone is the same application.
#[derive(Clone)]
pub struct AppState(Arc<App>);

struct App {
    engine: Engine,
    directory: Arc<dyn Directory>,
    config: Config,
    clock: Arc<dyn Clock>,
    login_attempts: LoginAttempts,
    in_flight: InFlight,
    hub: Hub,
    tracking_rates: RequestRates,
    stopping: CancellationToken,
    enrichment: OnceLock<Enrichment>,
    bulk: Runner,
    outbox_bell: Notify,
    pictures: Pictures,
    open_duplicates: OpenCount,
    names: KnownNames,
}

impl AppState {
    /// Puts an application together.
    pub fn new(engine: Engine, directory: Arc<dyn Directory>, config: Config, clock: Arc<dyn Clock>) -> Self {
        let pictures = Pictures::new(config.pictures.clone());
        Self(Arc::new(App {
            engine,
            directory,
            config,
            clock,
            login_attempts: LoginAttempts::default(),
            in_flight: InFlight::default(),
            hub: Hub::default(),
            tracking_rates: RequestRates::default(),
            stopping: CancellationToken::new(),
            enrichment: OnceLock::new(),
            bulk: Runner::default(),
            outbox_bell: Notify::new(),
            pictures,
            open_duplicates: OpenCount::default(),
            names: KnownNames::default(),
        }))
    }

    /// What decides and remembers. While a request is answered it tells what whoever asks may see; what
    /// has to work with whole values, such as sending to an address, asks it [`Engine::in_full`].
    pub fn engine(&self) -> Engine {
        match Asking::sight() {
            Some(sight) => self.0.engine.seen_by(sight),
            None => self.0.engine.clone(),
        }
    }

    /// Where everything is kept.
    pub fn store(&self) -> &SharedStore {
        self.0.engine.store()
    }

    /// What finds profiles by what somebody types.
    ///
    /// While a request is answered it finds and shows what whoever asks may see.
    pub fn directory(&self) -> Arc<dyn Directory> {
        let all = Arc::clone(&self.0.directory);
        match Asking::sight().filter(|sight| sight.covers_values()) {
            Some(sight) => Arc::new(SeenDirectory { all, engine: self.0.engine.clone(), sight }),
            None => all,
        }
    }

    /// How the server is set up.
    pub fn config(&self) -> &Config {
        &self.0.config
    }

    /// What an admin decided while it runs.
    pub async fn settings(&self) -> Result<Settings, StoreError> {
        Settings::load(self.store()).await
    }

    /// How mail is told apart: by the settings, and by the channels whose addresses are our own.
    pub async fn mail_policy(&self) -> Result<MailPolicy, StoreError> {
        let mut policy = self.settings().await?.mail_policy();
        let channels = MailChannels::load(self.store()).await?.channels;
        policy.own.extend(channels.iter().filter_map(|channel| channel.terms.address.parse().ok()));
        Ok(policy)
    }

    /// What those who work here are called.
    pub(crate) async fn names(&self) -> Result<Arc<Names>, StoreError> {
        self.0.names.get(self.store()).await
    }

    /// What time it is.
    pub fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    /// Cancelled when the server begins to stop: what never ends by itself ends then.
    pub fn stopping(&self) -> &CancellationToken {
        &self.0.stopping
    }

    /// Who asks providers; nobody where no plugins run, as in a command without server.
    pub fn enrichment(&self) -> Option<Enrichment> {
        self.0.enrichment.get().cloned()
    }

    /// Says who asks providers. The first word stands.
    pub fn set_enrichment(&self, enrichment: Enrichment) {
        let _ = self.0.enrichment.set(enrichment);
    }

    /// Rung when something was put into the outbox, so that its worker need not wait for its next look.
    pub(crate) fn outbox_bell(&self) -> &Notify {
        &self.0.outbox_bell
    }

    /// Pictures from elsewhere.
    pub(crate) fn pictures(&self) -> &Pictures {
        &self.0.pictures
    }

    /// How many duplicates waited, when it was counted last.
    pub(crate) fn open_duplicates(&self) -> &OpenCount {
        &self.0.open_duplicates
    }

    pub(crate) fn login_attempts(&self) -> &LoginAttempts {
        &self.0.login_attempts
    }

    /// What works bulk actions off.
    pub(crate) fn bulk(&self) -> &Runner {
        &self.0.bulk
    }

    /// What is said to open pages.
    pub(crate) fn hub(&self) -> &Hub {
        &self.0.hub
    }

    pub(crate) fn in_flight(&self) -> &InFlight {
        &self.0.in_flight
    }

    pub(crate) fn tracking_rates(&self) -> &RequestRates {
        &self.0.tracking_rates
    }

    /// Adds somebody who works here: how a command line makes the first owner.
    pub async fn add_person(&self, new: NewPerson) -> Result<Person, PersonError> {
        people::add(self.store(), new, &Principal::Local, self.now()).await
    }

    /// Makes a one-time login link for somebody: how `whom demo` opens the browser.
    pub async fn login_link(&self, login: &str) -> Result<LoginLink, StoreError> {
        sessions::make_link(self.store(), login, &self.config().sessions, self.now()).await
    }

    /// Makes a key: how a command line makes the first token.
    pub async fn mint_key(&self, name: &str, kind: KeyKind) -> Result<MintedKey, StoreError> {
        keys::mint(self.store(), name, kind, None, &Principal::Local, self.now()).await
    }
}
