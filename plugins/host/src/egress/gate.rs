//! The gate: decides, records and sends.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use async_trait::async_trait;
use reqwest::Url;

use super::cache::Cache;
use super::client::{Answered, HttpClient, Outgoing, Reach, SendError};
use super::lane::Lane;
use super::policy::Policy;
use super::request::{Asked, Response};
use super::secrets::{self, Into, fill};
use super::shelf::Shelf;
use crate::Said;
use crate::desk::{CallContext, now_ms};

const WITHIN: Duration = Duration::from_secs(10);
const LONGEST: usize = 4 * 1024 * 1024;
const REDIRECTS: usize = 3;
const RETRIES: u32 = 2;
const FIRST_PAUSE: Duration = Duration::from_millis(200);

/// One request that is about to leave the house.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Departure {
    /// Id of the plugin.
    pub plugin: String,
    /// Host it goes to.
    pub host: String,
    /// GET, POST …
    pub method: String,
    /// Address without query; placeholders, never secrets.
    pub path: String,
    /// Id of the profile it is about.
    pub person: Option<String>,
    /// The properties of that person that the plugin was given, and so may be in it.
    pub properties: Vec<String>,
    /// The hook that asked.
    pub hook: String,
    /// Why the plugin was called.
    pub rule: String,
    /// Milliseconds since 1970.
    pub at: i64,
}

/// The record of everything that leaves.
#[async_trait]
pub trait Ledger: Send + Sync {
    /// Called before a request leaves, for every attempt and every redirect. The request waits
    /// until the record is durable, and does not leave when this fails: the reason may also be
    /// that a rule forbids it.
    async fn leaving(&self, departure: &Departure) -> Result<(), String>;
}

/// A ledger that lets nothing leave.
pub struct NoLedger;

#[async_trait]
impl Ledger for NoLedger {
    async fn leaving(&self, _: &Departure) -> Result<(), String> {
        Err("nothing leaves without a ledger".to_owned())
    }
}

/// The one way out of the house, for all plugins.
///
/// A plugin without a [`Policy`] reaches nothing. The switches count at the last moment: what has
/// not left when one is thrown does not leave.
pub struct Gate {
    client: Arc<dyn HttpClient>,
    ledger: Arc<dyn Ledger>,
    is_open: AtomicBool,
    policies: RwLock<HashMap<String, Policy>>,
    lanes: Mutex<HashMap<(String, String), Lane>>,
    cache: Cache,
    shelf: Shelf,
    tape: RwLock<Option<Tape>>,
}

/// Takes the id of a plugin and one line of its tape.
pub type Tape = Box<dyn Fn(&str, &str) + Send + Sync>;

impl Gate {
    /// A gate that is open, for plugins that will be allowed.
    #[must_use]
    pub fn new(client: Arc<dyn HttpClient>, ledger: Arc<dyn Ledger>) -> Self {
        Self {
            client,
            ledger,
            is_open: AtomicBool::new(true),
            policies: RwLock::default(),
            lanes: Mutex::default(),
            cache: Cache::default(),
            shelf: Shelf::default(),
            tape: RwLock::default(),
        }
    }

    /// A gate through which nothing goes.
    #[must_use]
    pub fn closed() -> Self {
        let gate = Self::new(Arc::new(super::ReqwestClient::new()), Arc::new(NoLedger));
        gate.switch(false);
        gate
    }

    /// The switch for everything: "Enrich customer data".
    pub fn switch(&self, is_open: bool) {
        self.is_open.store(is_open, Ordering::SeqCst);
    }

    /// Sets what a plugin may reach; holds for requests that have been asked for as well.
    pub fn allow(&self, plugin: &str, policy: Policy) {
        self.policies.write().unwrap_or_else(PoisonError::into_inner).insert(plugin.to_owned(), policy);
    }

    /// Takes everything back that a plugin was allowed, and forgets cached answers.
    pub fn forbid(&self, plugin: &str) {
        self.policies.write().unwrap_or_else(PoisonError::into_inner).remove(plugin);
        self.cache.clear();
    }

    /// Writes down everything that plugins ask for and are answered, for the tests of their
    /// authors: placeholders and not secrets, but answers of providers, so also data of people.
    pub fn set_tape(&self, tape: Option<Tape>) {
        *self.tape.write().unwrap_or_else(PoisonError::into_inner) = tape;
    }

    pub(crate) fn record(&self, plugin: &str, line: impl FnOnce() -> String) {
        if let Some(tape) = &*self.tape.read().unwrap_or_else(PoisonError::into_inner) {
            tape(plugin, &line());
        }
    }

    pub(crate) fn shelf(&self) -> &Shelf {
        &self.shelf
    }

    /// The secret behind a placeholder, for a signature.
    pub(crate) fn reveal(&self, plugin: &str, placeholder: &str) -> Result<String, Said> {
        secrets::reveal(placeholder, &self.policy(plugin)?.secrets).map(str::to_owned)
    }

    /// What a plugin may do now.
    fn policy(&self, plugin: &str) -> Result<Policy, Said> {
        if !self.is_open.load(Ordering::SeqCst) {
            return Err(Said::denied("sending data to providers is switched off"));
        }
        let policies = self.policies.read().unwrap_or_else(PoisonError::into_inner);
        let policy =
            policies.get(plugin).ok_or_else(|| Said::denied("no admin has allowed this plugin anything"))?;
        if !policy.is_on() {
            return Err(Said::denied("this provider is switched off"));
        }
        Ok(policy.clone())
    }

    /// Sends what a plugin asks for, if it may.
    pub(crate) async fn send(
        &self,
        plugin: &str,
        asked: Asked,
        call: &CallContext,
    ) -> Result<Response, Said> {
        self.policy(plugin)?.judge(&address(&asked.url)?).map_err(Said::denied)?;
        let key = Cache::key(plugin, &asked);
        if let Some(response) = self.cache.get(&key) {
            return Ok(response);
        }
        let response = self.follow(plugin, asked.clone(), call).await?;
        self.cache.put(key, &asked, &response);
        Ok(response)
    }

    /// Follows redirects, each checked like the first request.
    async fn follow(&self, plugin: &str, mut asked: Asked, call: &CallContext) -> Result<Response, Said> {
        for _ in 0..=REDIRECTS {
            let response = self.with_retries(plugin, &asked, call).await?;
            let next = match (response.status, response.header("location")) {
                (301 | 302 | 303 | 307 | 308, Some(next)) => next,
                _ => return Ok(response),
            };
            let from = address(&asked.url)?;
            let to = from.join(next).map_err(|_| Said::failed("the provider redirects to no address"))?;
            if response.status <= 303 && asked.method != "HEAD" {
                asked.method = "GET".to_owned();
                asked.body = None;
                asked.headers.retain(|(name, _)| !name.to_ascii_lowercase().starts_with("content-"));
            }
            if to.origin() != from.origin() {
                // A secret was meant for the first address only.
                asked.headers.retain(|(name, value)| {
                    !secrets::holds_a_secret(value) && !name.eq_ignore_ascii_case("authorization")
                });
                if asked.body.as_deref().is_some_and(secrets::holds_a_secret) {
                    return Err(Said::denied("the provider redirects a secret to another address"));
                }
            }
            if secrets::holds_a_secret(next) {
                return Err(Said::denied("the provider redirects to a placeholder of a secret"));
            }
            asked.url = to.to_string();
        }
        Err(Said::failed(format!("the provider redirects more than {REDIRECTS} times")))
    }

    /// Repeats what may be repeated, while it fits into the time of the call.
    async fn with_retries(&self, plugin: &str, asked: &Asked, call: &CallContext) -> Result<Response, Said> {
        let is_named = |name: &str| asked.headers.iter().any(|(key, _)| key.eq_ignore_ascii_case(name));
        let may_repeat = matches!(asked.method.as_str(), "GET" | "HEAD") || is_named("idempotency-key");
        let lane = self.lane(plugin, address(&asked.url)?.host_str().unwrap_or_default());
        let mut pause = FIRST_PAUSE;
        for attempt in 0.. {
            let answered = self.once(plugin, asked, call, &lane).await?;
            let is_last = attempt >= RETRIES || !may_repeat;
            let wait = match &answered {
                Ok(response) if matches!(response.status, 429 | 503) && retry_after(response).is_some() => {
                    let wait = retry_after(response).unwrap_or_default();
                    lane.pause(wait);
                    if is_last || wait + FIRST_PAUSE > call.remaining() {
                        let why = format!("the provider answered {}", response.status);
                        return Err(Said::later(why, Some(wait)));
                    }
                    wait
                }
                Ok(response) if matches!(response.status, 502..=504) && !is_last => pause,
                Ok(response) => return Ok(response.clone()),
                Err(SendError::Connect(_)) if !is_last => pause,
                Err(SendError::Private(_)) => return Err(Said::denied(answered_in_words(&answered))),
                Err(SendError::Connect(_) | SendError::Late) => {
                    return Err(Said::later(answered_in_words(&answered), None));
                }
                Err(_) => return Err(Said::failed(answered_in_words(&answered))),
            };
            if wait >= call.remaining() {
                return answered.map_err(|error| Said::later(error.to_string(), None));
            }
            tokio::time::sleep(wait).await;
            pause *= 2;
        }
        Err(Said::failed("no answer"))
    }

    /// One attempt: the last look at the switches, the ledger, the secrets, the socket.
    async fn once(
        &self,
        plugin: &str,
        asked: &Asked,
        call: &CallContext,
        lane: &Lane,
    ) -> Result<Answered, Said> {
        call.spend()?;
        let _turn = lane
            .turn(call.remaining())
            .await
            .map_err(|wait| Said::later("the limit of requests to this provider is reached", Some(wait)))?;
        let shown = address(&asked.url)?;
        self.policy(plugin)?.judge(&shown).map_err(Said::denied)?;
        let departure = Departure {
            plugin: plugin.to_owned(),
            host: shown.host_str().unwrap_or_default().to_owned(),
            method: asked.method.clone(),
            path: shown.path().to_owned(),
            person: call.person.clone(),
            properties: call.properties.clone(),
            hook: call.hook.to_owned(),
            rule: call.rule.clone(),
            at: now_ms(),
        };
        self.ledger.leaving(&departure).await.map_err(Said::denied)?;
        // The record took its time: what was switched off meanwhile does not leave.
        let policy = self.policy(plugin)?;
        let reach = policy.judge(&shown).map_err(Said::denied)?;
        let outgoing = fill_in(asked, &policy, reach, call.remaining().min(WITHIN))?;
        if outgoing.url.host_str() != shown.host_str() || policy.judge(&outgoing.url).is_err() {
            return Err(Said::denied("a secret cannot be part of the host of an address"));
        }
        tracing::debug!(plugin, host = departure.host, hook = call.hook, "a request leaves");
        Ok(self.client.send(outgoing).await)
    }

    fn lane(&self, plugin: &str, host: &str) -> Lane {
        let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        lanes.entry((plugin.to_owned(), host.to_owned())).or_insert_with(Lane::new).clone()
    }
}

fn address(url: &str) -> Result<Url, Said> {
    Url::parse(url).map_err(|_| Said::failed("the address of the request is none"))
}

fn fill_in(asked: &Asked, policy: &Policy, reach: Reach, within: Duration) -> Result<Outgoing, Said> {
    let secrets = &policy.secrets;
    let is_json =
        |name: &str, value: &str| name.eq_ignore_ascii_case("content-type") && value.contains("json");
    let into = match asked.headers.iter().any(|(name, value)| is_json(name, value)) {
        true => Into::Json,
        false => Into::Text,
    };
    let header = |(name, value): &(String, String)| Ok((name.clone(), fill(value, Into::Header, secrets)?));
    Ok(Outgoing {
        method: asked.method.clone(),
        url: address(&fill(&asked.url, Into::Url, secrets)?)?,
        reach,
        headers: asked.headers.iter().map(header).collect::<Result<_, Said>>()?,
        body: asked.body.as_deref().map(|body| fill(body, into, secrets)).transpose()?,
        within,
        longest: LONGEST,
    })
}

/// `Retry-After` in seconds. The other form, a date, is rare enough to count as absent.
fn retry_after(response: &Response) -> Option<Duration> {
    response.header("retry-after")?.trim().parse().ok().map(Duration::from_secs)
}

fn answered_in_words(answered: &Answered) -> String {
    match answered {
        Ok(response) => format!("the provider answered {}", response.status),
        Err(error) => error.to_string(),
    }
}
