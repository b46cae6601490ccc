//! One process of a plugin, from its start to its end.

use std::collections::HashMap;
use std::io;
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use serde_json::value::RawValue;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWriteExt, BufReader};
use tokio::net::UnixStream;
use tokio::process::{Child, Command};
use tokio::sync::{Notify, mpsc, oneshot, watch};
use tokio::time::{Instant, timeout};

use super::spec::{Launcher, PluginSpec};
use super::status;
use super::tail::Tail;
use crate::Said;
use crate::desk::{CallContext, Desk};
use crate::wire::{self, Frame, LONGEST_LINE, Question};

/// Why a call got no answer from its process.
#[derive(Clone, Debug)]
pub(crate) enum Lost {
    Said(Said),
    /// The process ended. `alone`: no other call can have been the reason.
    Ended {
        how: String,
        tail: String,
        alone: bool,
    },
    /// The process was about to end and never saw the call, or it ended for another one's fault.
    Closed,
    TimedOut,
}

/// How a process ended.
#[derive(Clone, Debug)]
pub(crate) struct Ended {
    pub(crate) how: String,
    pub(crate) tail: String,
    pub(crate) lived: Duration,
    /// Whether the server wanted it.
    pub(crate) on_purpose: bool,
}

/// Why a process was killed whose call took too long.
pub(crate) const HUNG: &str = "did not answer in time";

pub(crate) struct Process {
    pub(crate) pid: u32,
    out: mpsc::UnboundedSender<String>,
    calls: Mutex<Calls>,
    next: AtomicU64,
    confined: OnceLock<String>,
    kill: Notify,
    /// What the killer says happened, if it was killed for a reason.
    reason: OnceLock<&'static str>,
    on_purpose: AtomicBool,
    ended: watch::Sender<Option<Ended>>,
}

#[derive(Default)]
struct Calls {
    waiting: HashMap<u64, Waiting>,
    is_closed: bool,
    used: Option<Instant>,
}

struct Waiting {
    answer: oneshot::Sender<Result<Box<RawValue>, Lost>>,
    context: Arc<CallContext>,
}

impl Process {
    /// Starts a process. It has not said `hello` yet.
    ///
    /// `on_end` hears of its end before anybody who waits for it.
    pub(crate) fn start(
        launcher: &Launcher,
        spec: &PluginSpec,
        desk: Desk,
        idle: Duration,
        on_end: impl FnOnce(&Ended) + Send + 'static,
    ) -> io::Result<Arc<Self>> {
        let (ours, theirs) = std::os::unix::net::UnixStream::pair()?;
        ours.set_nonblocking(true)?;
        let socket = UnixStream::from_std(ours)?;
        let mut command = Command::new(&launcher.program);
        command.args(&launcher.args).args(["--confine", launcher.confine.name()]);
        match &spec.args {
            Some(args) => command.arg("--exec").arg(&spec.file).args(args),
            None => command.arg(&spec.file),
        };
        let mut child = command
            .env_clear()
            .current_dir("/")
            .stdin(Stdio::from(std::os::fd::OwnedFd::from(theirs)))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        // The command holds our copy of the child's end: without it the socket ends with the child.
        drop(command);
        let (out, mut lines) = mpsc::unbounded_channel::<String>();
        let process = Arc::new(Self {
            pid: child.id().unwrap_or_default(),
            out,
            calls: Mutex::default(),
            next: AtomicU64::new(1),
            confined: OnceLock::new(),
            kill: Notify::new(),
            reason: OnceLock::new(),
            on_purpose: AtomicBool::new(false),
            ended: watch::Sender::new(None),
        });
        let tail = Tail::default();
        let mut outputs = tokio::task::JoinSet::new();
        if let Some(stdout) = child.stdout.take() {
            outputs.spawn(tail.clone().follow(stdout));
        }
        if let Some(stderr) = child.stderr.take() {
            outputs.spawn(tail.clone().follow(stderr));
        }
        let (from_child, mut to_child) = socket.into_split();
        let writer = tokio::spawn(async move {
            while let Some(line) = lines.recv().await {
                if to_child.write_all(line.as_bytes()).await.is_err() {
                    return;
                }
            }
        });
        let reader = tokio::spawn(Arc::clone(&process).read(BufReader::new(from_child), desk));
        let keeper = Arc::clone(&process);
        tokio::spawn(async move {
            let started = Instant::now();
            let how = keeper.wait(&mut child, idle).await;
            writer.abort();
            // What it wrote before its end still counts, but nobody waits for it for long.
            let _ = timeout(Duration::from_millis(500), reader).await;
            let _ =
                timeout(Duration::from_millis(200), async { while outputs.join_next().await.is_some() {} })
                    .await;
            keeper.end(how, tail.text(), started.elapsed(), on_end);
        });
        Ok(process)
    }

    /// Waits for the end of the process, its killer, or idleness.
    async fn wait(&self, child: &mut Child, idle: Duration) -> String {
        loop {
            let until_idle = {
                let calls = lock(&self.calls);
                match calls.used {
                    // It was told to end, and has this long to do so.
                    _ if calls.is_closed => Duration::from_secs(1),
                    Some(used) if calls.waiting.is_empty() => idle.saturating_sub(used.elapsed()),
                    _ => idle,
                }
            };
            tokio::select! {
                status = child.wait() => return match status {
                    Ok(status) => status::in_words(status),
                    Err(error) => format!("lost: {error}"),
                },
                () = self.kill.notified() => {
                    let _ = child.start_kill();
                    let status = child.wait().await.map(status::in_words);
                    let reason = self.reason.get().map(|reason| (*reason).to_owned());
                    return reason.unwrap_or_else(|| status.unwrap_or_default());
                }
                () = tokio::time::sleep(until_idle.max(Duration::from_millis(10))) => self.close_if_idle(idle),
            }
        }
    }

    fn close_if_idle(&self, idle: Duration) {
        let mut calls = lock(&self.calls);
        let is_idle = calls.used.is_some_and(|used| used.elapsed() >= idle);
        if is_idle && calls.waiting.is_empty() && !calls.is_closed {
            calls.is_closed = true;
            self.on_purpose.store(true, Ordering::Relaxed);
            let _ = self.out.send(wire::notification("close", "null"));
            // One that does not follow is killed by the next look.
        } else if is_idle && calls.is_closed {
            self.kill.notify_one();
        }
    }

    /// Ends the process. It counts as wanted.
    pub(crate) fn stop(&self) {
        lock(&self.calls).is_closed = true;
        self.on_purpose.store(true, Ordering::Relaxed);
        self.kill.notify_one();
    }

    /// Kills the process. It counts as a crash, for the given reason.
    pub(crate) fn kill(&self, reason: &'static str) {
        lock(&self.calls).is_closed = true;
        let _ = self.reason.set(reason);
        self.kill.notify_one();
    }

    fn end(&self, how: String, tail: String, lived: Duration, on_end: impl FnOnce(&Ended)) {
        let waiting = {
            let mut calls = lock(&self.calls);
            calls.is_closed = true;
            std::mem::take(&mut calls.waiting)
        };
        let on_purpose = self.on_purpose.load(Ordering::Relaxed);
        let ended = Ended { how, tail, lived, on_purpose };
        on_end(&ended);
        self.ended.send_replace(Some(ended.clone()));
        // After a call that hung, those that are left are not to blame.
        let is_blameless = on_purpose || self.reason.get() == Some(&HUNG);
        let alone = waiting.len() == 1;
        for call in waiting.into_values() {
            let (how, tail) = (ended.how.clone(), ended.tail.clone());
            let lost = if is_blameless { Lost::Closed } else { Lost::Ended { how, tail, alone } };
            let _ = call.answer.send(Err(lost));
        }
    }

    pub(crate) fn is_open(&self) -> bool {
        !lock(&self.calls).is_closed
    }

    /// What the process confined itself by, as it said before it opened the plugin.
    pub(crate) fn confined(&self) -> &str {
        self.confined.get().map_or("unknown", String::as_str)
    }

    /// Waits for the end.
    pub(crate) async fn ended(&self) -> Option<Ended> {
        let mut ended = self.ended.subscribe();
        let ended = ended.wait_for(Option::is_some).await.ok()?;
        ended.clone()
    }

    /// Calls the plugin. Whoever drops the future cancels the call.
    pub(crate) async fn call(
        &self,
        method: &str,
        params: &str,
        context: Arc<CallContext>,
        within: Duration,
        grace: Duration,
    ) -> Result<Box<RawValue>, Lost> {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let (answer, mut answered) = oneshot::channel();
        {
            let mut calls = lock(&self.calls);
            if calls.is_closed {
                return Err(Lost::Closed);
            }
            calls.waiting.insert(id, Waiting { answer, context });
            calls.used = Some(Instant::now());
            let _ = self.out.send(wire::request(id, method, params));
        }
        let forget = Forget { process: self, id };
        let result = match timeout(within, &mut answered).await {
            Ok(result) => result,
            Err(_) => {
                forget.cancel();
                timeout(grace, &mut answered).await.unwrap_or(Ok(Err(Lost::TimedOut)))
            }
        };
        drop(forget);
        result.unwrap_or(Err(Lost::Closed))
    }

    async fn read(self: Arc<Self>, mut lines: BufReader<impl AsyncRead + Unpin>, desk: Desk) {
        loop {
            match read_line(&mut lines).await {
                Ok(Some(line)) => {
                    if let Err(why) = self.take(&line, &desk) {
                        tracing::warn!(plugin = desk.plugin(), why, "a plugin sent a broken line");
                        return self.kill("sent a broken line");
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                    return self.kill("sent a broken line");
                }
                // A process that dies with something unread resets the socket: an end like any other.
                Ok(None) | Err(_) => break,
            }
        }
        // The process is about to be gone, or has closed the socket and is of no use any more.
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(200)).await;
            self.kill("closed its connection");
        });
    }

    /// One line of the plugin.
    fn take(self: &Arc<Self>, line: &str, desk: &Desk) -> Result<(), String> {
        let frame = Frame::parse(line)?;
        match (frame.method.as_deref(), frame.id) {
            (Some(method), Some(id)) => {
                let params = frame.params.ok_or("a question without params")?;
                let question: Question<'_> = serde_json::from_str(params.get()).map_err(|e| e.to_string())?;
                let context =
                    lock(&self.calls).waiting.get(&question.call).map(|call| Arc::clone(&call.context));
                let with = question.with.map_or("null", RawValue::get).to_owned();
                let (process, desk, method) = (Arc::clone(self), desk.clone(), method.to_owned());
                tokio::spawn(async move {
                    let answer = match context {
                        Some(context) => desk.answer(&method, &with, &context).await,
                        None => Err(Said::denied("a question has to belong to a call that runs")),
                    };
                    let line = match answer {
                        Ok(result) => wire::result(id, &result),
                        Err(said) => wire::error(id, &said),
                    };
                    let _ = process.out.send(line);
                });
            }
            (Some("confined"), None) => {
                let by = frame.params.and_then(|params| serde_json::from_str::<Confined>(params.get()).ok());
                // Only the first counts: it was said before the plugin's own code ran.
                let _ = self.confined.set(by.ok_or("`confined` without `by`")?.by);
            }
            (Some(_), None) | (None, None) => {}
            (None, Some(id)) => {
                let Some(call) = lock(&self.calls).waiting.remove(&id) else { return Ok(()) };
                let answer = match (frame.error, frame.result) {
                    (Some(error), _) => Err(Lost::Said(error.said())),
                    (None, Some(result)) => Ok(result.to_owned()),
                    (None, None) => RawValue::from_string("null".to_owned()).map_err(|_| Lost::Closed),
                };
                let _ = call.answer.send(answer);
            }
        }
        Ok(())
    }
}

#[derive(serde::Deserialize)]
struct Confined {
    by: String,
}

/// Takes a call out of the list, and tells the plugin that nobody waits, when its caller is gone.
struct Forget<'a> {
    process: &'a Process,
    id: u64,
}

impl Forget<'_> {
    fn cancel(&self) {
        let _ = self.process.out.send(wire::notification("cancel", &format!("{{\"call\":{}}}", self.id)));
    }
}

impl Drop for Forget<'_> {
    fn drop(&mut self) {
        let mut calls = lock(&self.process.calls);
        calls.used = Some(Instant::now());
        if calls.waiting.remove(&self.id).is_some() {
            drop(calls);
            self.cancel();
        }
    }
}

/// One line, `None` at the end, an error when it is longer than allowed or not UTF-8.
async fn read_line(lines: &mut BufReader<impl AsyncRead + Unpin>) -> io::Result<Option<String>> {
    let mut line = Vec::new();
    loop {
        let chunk = lines.fill_buf().await?;
        if chunk.is_empty() {
            return Ok(None);
        }
        let end = chunk.iter().position(|byte| *byte == b'\n');
        line.extend_from_slice(&chunk[..end.unwrap_or(chunk.len())]);
        let used = end.map_or(chunk.len(), |end| end + 1);
        lines.consume(used);
        if line.len() > LONGEST_LINE {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "a line is too long"));
        }
        if end.is_some() {
            let text =
                String::from_utf8(line).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
            return Ok(Some(text));
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
