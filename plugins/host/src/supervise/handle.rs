//! A plugin as the rest of the server sees it.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use serde_json::value::RawValue;
use tokio::sync::Semaphore;
use tokio::time::Instant;

use super::book::{Book, State};
use super::process::{Ended, HUNG, Lost, Process};
use super::spec::{Launcher, PluginSpec, Timing, Why};
use crate::desk::{CallContext, Desk};
use crate::folder::{greet, sha256_of};
use crate::hooks::Hook;
use crate::{Enrich, Failure, Gate, Manifest, Outcome, Person, Said, SaidKind};

/// Calls of one plugin at the same time.
const AT_ONCE: usize = 8;

/// A plugin: starts on the first call, stops when it is idle, restarts after a crash.
///
/// Cheap to clone; all clones are the same plugin. Needs a tokio runtime.
#[derive(Clone)]
pub struct PluginHandle {
    inner: Arc<Inner>,
}

struct Inner {
    spec: RwLock<PluginSpec>,
    launcher: Launcher,
    timing: Timing,
    gate: Arc<Gate>,
    slots: Semaphore,
    /// Shared by calls that may run together; held alone by one that has to.
    company: tokio::sync::RwLock<()>,
    book: Mutex<Book>,
    /// Held while a process is started, so that there is only one.
    running: tokio::sync::Mutex<Option<Running>>,
    /// The same for whoever only wants to look.
    shown: Mutex<Shown>,
}

enum Attempt<T> {
    Done(T),
    /// The process ended without having begun with the call, or because another one hung.
    NeverSeen,
    /// The process ended with several calls in it.
    LostWithOthers {
        how: String,
        tail: String,
    },
}

#[derive(Clone)]
struct Running {
    process: Arc<Process>,
    manifest: Arc<Manifest>,
}

enum Shown {
    Nothing,
    Starting,
    Ready(Arc<Process>),
}

impl PluginHandle {
    /// A plugin that has not been started. Whatever it asks for goes through `gate`.
    #[must_use]
    pub fn new(spec: PluginSpec, launcher: Launcher, gate: Arc<Gate>) -> Self {
        Self::with_timing(spec, launcher, gate, Timing::default())
    }

    /// The same with other patience.
    #[must_use]
    pub fn with_timing(spec: PluginSpec, launcher: Launcher, gate: Arc<Gate>, timing: Timing) -> Self {
        let inner = Inner {
            spec: RwLock::new(spec),
            launcher,
            timing,
            gate,
            slots: Semaphore::new(AT_ONCE),
            company: tokio::sync::RwLock::new(()),
            book: Mutex::new(Book::new(timing)),
            running: tokio::sync::Mutex::new(None),
            shown: Mutex::new(Shown::Nothing),
        };
        Self { inner: Arc::new(inner) }
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> String {
        self.spec().id
    }

    /// Where it stands.
    #[must_use]
    pub fn state(&self) -> State {
        match &*lock(&self.inner.shown) {
            Shown::Starting => State::Starting,
            Shown::Ready(process) if process.is_open() => {
                State::Ready { pid: process.pid, confined: process.confined().to_owned() }
            }
            Shown::Ready(_) | Shown::Nothing => lock(&self.inner.book).state(Instant::now()),
        }
    }

    /// Looks up a person. Only the properties that the plugin's manifest lists are sent.
    ///
    /// # Errors
    /// Why there is no answer.
    pub async fn enrich(&self, person: &Person, why: &Why) -> Result<Outcome, Failure> {
        self.call::<Enrich>(person, why).await
    }

    /// Calls a hook.
    ///
    /// # Errors
    /// Why there is no answer; the process was restarted if need be.
    pub async fn call<H: Hook>(&self, input: &H::Input, why: &Why) -> Result<H::Output, Failure> {
        let _slot =
            self.inner.slots.acquire().await.map_err(|_| Failure::Unavailable("shutting down".into()))?;
        let company = self.inner.company.read().await;
        match self.attempt::<H>(input, why).await? {
            Attempt::Done(output) => return Ok(output),
            Attempt::NeverSeen => match self.attempt::<H>(input, why).await? {
                Attempt::Done(output) => return Ok(output),
                Attempt::NeverSeen => return Err(Failure::Unavailable("the plugin was stopped".into())),
                Attempt::LostWithOthers { how, tail } => return Err(Failure::Crashed { how, tail }),
            },
            Attempt::LostWithOthers { .. } => drop(company),
        }
        // One of those calls is to blame: each is repeated once, alone, so that it shows which.
        let _alone = self.inner.company.write().await;
        match self.attempt::<H>(input, why).await? {
            Attempt::Done(output) => Ok(output),
            Attempt::NeverSeen => Err(Failure::Unavailable("the plugin was stopped".into())),
            Attempt::LostWithOthers { how, tail } => Err(Failure::Crashed { how, tail }),
        }
    }

    async fn attempt<H: Hook>(&self, input: &H::Input, why: &Why) -> Result<Attempt<H::Output>, Failure> {
        let within = why.within.unwrap_or(H::WITHIN);
        let Running { process, manifest } = self.running(within).await?;
        let about = manifest.hook(H::NAME).ok_or_else(|| {
            Failure::Unavailable(format!("{} does not take part in `{}`", manifest.name, H::NAME))
        })?;
        let mut input = input.clone();
        let mut context = CallContext::new(H::NAME, H::MAY_ASK, &why.rule, within);
        if let Some(person) = H::person(&mut input) {
            person.properties.retain(|property, _| about.reads.contains(property));
            context.person = Some(person.id.clone());
            context.properties = person.properties.keys().cloned().collect();
        }
        let with = serde_json::to_string(&input)
            .map_err(|error| Failure::Said(Said::failed(format!("the input cannot be sent: {error}"))))?;
        let fingerprint = fingerprint(H::NAME, &with);
        if lock(&self.inner.book).shuns(fingerprint) {
            return Err(Failure::Unavailable("this input crashed the plugin twice and is skipped".into()));
        }
        let params = format!(
            "{{\"within_ms\":{},\"attempt\":{},\"with\":{with}}}",
            within.as_millis(),
            why.attempt.max(1)
        );
        match process.call(H::NAME, &params, Arc::new(context), within, self.inner.timing.grace).await {
            Ok(answer) => output::<H>(&answer, about).map(Attempt::Done).map_err(Failure::Said),
            Err(Lost::Said(said)) => Err(Failure::Said(said)),
            Err(Lost::Closed) => Ok(Attempt::NeverSeen),
            Err(Lost::Ended { how, tail, alone: false }) => Ok(Attempt::LostWithOthers { how, tail }),
            Err(Lost::Ended { how, tail, alone: true }) => {
                lock(&self.inner.book).blame(fingerprint);
                Err(Failure::Crashed { how, tail })
            }
            Err(Lost::TimedOut) => {
                process.kill(HUNG);
                lock(&self.inner.book).blame(fingerprint);
                Err(Failure::Hung)
            }
        }
    }

    /// Starts the process if there is none, and returns what it says about itself.
    ///
    /// # Errors
    /// Why it cannot be started; wrong settings are `Said` with their field.
    pub async fn manifest(&self) -> Result<Arc<Manifest>, Failure> {
        Ok(self.running(self.inner.timing.start).await?.manifest)
    }

    /// Ends the process and starts no other until [`PluginHandle::lift`]. For the off switch: a
    /// request that is on its way was the last one.
    pub async fn stop(&self) {
        lock(&self.inner.book).stop();
        self.end_process().await;
    }

    /// Lifts a quarantine, a refusal or a stop.
    pub fn lift(&self) {
        lock(&self.inner.book).clear();
    }

    /// Takes other settings or another file; the next call starts a process with them.
    pub async fn replace(&self, spec: PluginSpec) {
        *self.inner.spec.write().unwrap_or_else(PoisonError::into_inner) = spec;
        lock(&self.inner.book).clear();
        self.end_process().await;
    }

    async fn end_process(&self) {
        let running = self.inner.running.lock().await.take();
        if let Some(Running { process, .. }) = running {
            process.stop();
            process.ended().await;
        }
    }

    fn spec(&self) -> PluginSpec {
        self.inner.spec.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The process there is, or a new one; waits at most `patience` for the time after a crash.
    async fn running(&self, patience: Duration) -> Result<Running, Failure> {
        let until = Instant::now() + patience;
        loop {
            let mut slot = self.inner.running.lock().await;
            if let Some(running) = slot.as_ref() {
                if running.process.is_open() {
                    return Ok(running.clone());
                }
                // Its end has to be in the book before the next start asks the book.
                running.process.ended().await;
                *slot = None;
            }
            let now = Instant::now();
            let wait = lock(&self.inner.book).may_start(now).map_err(Failure::Unavailable)?;
            if wait.is_zero() {
                let running = self.start_and_show().await?;
                *slot = Some(running.clone());
                return Ok(running);
            }
            if now + wait > until {
                let why = format!("the plugin starts again in {} s", wait.as_secs().max(1));
                return Err(Failure::Unavailable(why));
            }
            // Without the lock: whoever stops the plugin meanwhile does not wait for this.
            drop(slot);
            tokio::time::sleep(wait).await;
        }
    }

    async fn start_and_show(&self) -> Result<Running, Failure> {
        *lock(&self.inner.shown) = Shown::Starting;
        let started = self.start().await;
        *lock(&self.inner.shown) = match &started {
            Ok(running) => Shown::Ready(Arc::clone(&running.process)),
            Err(_) => Shown::Nothing,
        };
        started
    }

    async fn start(&self) -> Result<Running, Failure> {
        let spec = self.spec();
        if let Err(why) = check_file(&spec) {
            return Err(self.refuse(Said::new(SaidKind::Refused, why)));
        }
        let desk = Desk::new(&spec.id, Arc::clone(&self.inner.gate));
        let timing = self.inner.timing;
        let bookkeeper = self.bookkeeper(spec.id.clone());
        let process = Process::start(&self.inner.launcher, &spec, desk, timing.idle, bookkeeper)
            .map_err(|error| Failure::Unavailable(format!("no process for the plugin: {error}")))?;
        let opened = async {
            let manifest = greet(&process, timing.start).await?;
            if manifest.id != spec.id {
                let why = format!("the file holds the plugin `{}`, not `{}`", manifest.id, spec.id);
                return Err(Lost::Said(Said::new(SaidKind::Refused, why)));
            }
            let context = Arc::new(CallContext::new("open", false, "", timing.start));
            process.call("open", &spec.settings.to_string(), context, timing.start, timing.grace).await?;
            Ok(manifest)
        };
        match opened.await {
            Ok(manifest) => {
                tracing::info!(
                    plugin = spec.id,
                    version = manifest.version,
                    pid = process.pid,
                    "plugin started"
                );
                Ok(Running { process, manifest: Arc::new(manifest) })
            }
            Err(lost) => {
                let failure = match lost {
                    Lost::Said(said) => self.refuse(said),
                    Lost::Ended { how, tail, .. } => return Err(Failure::Crashed { how, tail }),
                    Lost::Closed => Failure::Unavailable("the plugin was stopped".into()),
                    Lost::TimedOut => {
                        process.kill("did not start in time");
                        process.ended().await;
                        return Err(Failure::Hung);
                    }
                };
                process.stop();
                process.ended().await;
                Err(failure)
            }
        }
    }

    /// Only another file or other settings help: no more starts until then. `later` is no such case.
    fn refuse(&self, said: Said) -> Failure {
        if said.kind != SaidKind::Later {
            lock(&self.inner.book).refuse(said.message.clone());
        }
        Failure::Said(said)
    }

    /// Writes the end of a process into the book, whenever it comes.
    fn bookkeeper(&self, id: String) -> impl FnOnce(&Ended) + Send + 'static {
        let inner = Arc::downgrade(&self.inner);
        move |ended| {
            let Some(inner) = inner.upgrade().filter(|_| !ended.on_purpose) else { return };
            tracing::warn!(plugin = id, how = ended.how, "a plugin's process ended");
            lock(&inner.book).crashed(Instant::now(), ended.lived, &ended.how, &ended.tail);
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        if let Some(Running { process, .. }) = self.running.get_mut() {
            process.stop();
        }
    }
}

/// The pinned file, or words.
fn check_file(spec: &PluginSpec) -> Result<(), String> {
    let Some(pinned) = &spec.sha256 else { return Ok(()) };
    let name = spec.file.file_name().unwrap_or(spec.file.as_os_str()).display();
    let found = sha256_of(&spec.file).map_err(|error| format!("{name} cannot be read: {error}"))?;
    if !found.eq_ignore_ascii_case(pinned) {
        return Err(format!("{name} is not the file that was confirmed; look at it and confirm it again"));
    }
    Ok(())
}

fn output<H: Hook>(answer: &RawValue, about: &crate::HookAbout) -> Result<H::Output, Said> {
    let output: H::Output = serde_json::from_str(answer.get())
        .map_err(|error| Said::failed(format!("the plugin's answer has another shape: {error}")))?;
    H::check(&output, about).map_err(|why| Said::failed(format!("the plugin's answer is refused: {why}")))?;
    Ok(output)
}

fn fingerprint(hook: &str, input: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    (hook, input).hash(&mut hasher);
    hasher.finish()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
