//! Between the socket and the library: lines in, calls of C functions out, and back.
//!
//! One thread reads. Eight call the plugin, so that a slow call does not stop the others. When
//! the socket ends the reader ends the process, whatever the plugin is doing.

use std::collections::{HashMap, HashSet};
use std::ffi::c_void;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread;

use serde_json::value::RawValue;
use whom_plugin_abi as abi;

use super::library::Table;
use super::{complain, leave};
use crate::wire::{self, Frame, LONGEST_LINE};
use crate::{Said, SaidKind};

/// How many calls a plugin gets at once.
const WORKERS: usize = 8;
/// Stack of a worker; only what is used of it counts.
const STACK: usize = 1024 * 1024;

/// A call that waits for a worker.
struct Job {
    id: u64,
    method: String,
    params: String,
}

type Answer = Result<String, String>;

/// What the reader, the workers and the plugin's own threads share. Lives as long as the process.
struct Relay {
    table: Result<Table, String>,
    out: Mutex<File>,
    host: OnceLock<HostTable>,
    instance: OnceLock<Instance>,
    /// Calls that run now; a question names one of them.
    running: Mutex<HashSet<u64>>,
    cancelled: Mutex<HashSet<u64>>,
    /// Questions of the plugin that wait for the server.
    waiting: Mutex<HashMap<u64, SyncSender<Answer>>>,
    next: AtomicU64,
}

struct HostTable(abi::Host);
// SAFETY: the table is never written to after it was made; its context is the relay, which is
// `Sync` and lives as long as the process.
unsafe impl Send for HostTable {}
// SAFETY: as above.
unsafe impl Sync for HostTable {}

struct Instance(*mut c_void);
// SAFETY: the contract says that an instance may be called from many threads.
unsafe impl Send for Instance {}
// SAFETY: as above.
unsafe impl Sync for Instance {}

/// Serves until the socket ends. A library that was refused still answers `hello`, with the reason.
pub(super) fn serve(socket: File, table: Result<Table, String>) {
    let Ok(out) = socket.try_clone() else { return complain("the socket cannot be used twice") };
    let relay: &'static Relay = Box::leak(Box::new(Relay {
        table,
        out: Mutex::new(out),
        host: OnceLock::new(),
        instance: OnceLock::new(),
        running: Mutex::default(),
        cancelled: Mutex::default(),
        waiting: Mutex::default(),
        next: AtomicU64::new(1),
    }));
    let (send, jobs) = channel::<Job>();
    let jobs = Arc::new(Mutex::new(jobs));
    for number in 1..=WORKERS {
        let jobs = Arc::clone(&jobs);
        let worker = thread::Builder::new().name(format!("plugin-{number}")).stack_size(STACK);
        if let Err(error) = worker.spawn(move || relay.work(&jobs)) {
            return complain(&format!("a worker cannot be started: {error}"));
        }
    }
    let mut lines = BufReader::new(socket);
    loop {
        match read_line(&mut lines) {
            Ok(Some(line)) => relay.take(&line, &send),
            Ok(None) => return,
            Err(error) => return complain(&format!("the socket: {error}")),
        }
    }
}

fn read_line(lines: &mut BufReader<File>) -> std::io::Result<Option<String>> {
    let mut line = Vec::new();
    let limit = LONGEST_LINE as u64 + 1;
    lines.by_ref().take(limit).read_until(b'\n', &mut line)?;
    if line.pop() != Some(b'\n') {
        return Ok(None);
    }
    String::from_utf8(line).map(Some).map_err(std::io::Error::other)
}

impl Relay {
    /// One line of the server.
    fn take(&self, line: &str, jobs: &std::sync::mpsc::Sender<Job>) {
        let Ok(frame) = Frame::parse(line) else {
            return complain("the server sent a line that is no message");
        };
        let params = frame.params.map_or("null", RawValue::get);
        match (frame.method.as_deref(), frame.id) {
            (Some(method), Some(id)) => {
                lock(&self.running).insert(id);
                let _ = jobs.send(Job { id, method: method.to_owned(), params: params.to_owned() });
            }
            (Some("cancel"), None) => {
                if let Ok(question) = serde_json::from_str::<wire::Question<'_>>(params) {
                    let running = lock(&self.running);
                    if running.contains(&question.call) {
                        lock(&self.cancelled).insert(question.call);
                    }
                }
            }
            (Some("close"), None) => self.close(),
            (Some(_), None) | (None, None) => {}
            (None, Some(id)) => {
                let Some(waiting) = lock(&self.waiting).remove(&id) else { return };
                let answer = match frame.error {
                    Some(error) => Err(json(&error.said())),
                    None => Ok(frame.result.map_or("null", RawValue::get).to_owned()),
                };
                let _ = waiting.send(answer);
            }
        }
    }

    fn work(&'static self, jobs: &Mutex<Receiver<Job>>) {
        loop {
            let Ok(job) = lock(jobs).recv() else { return };
            let line = match self.run(&job) {
                Ok(answer) => wire::result(job.id, &answer),
                Err(data) => {
                    let message =
                        serde_json::from_str::<Said>(&data).map(|said| said.message).unwrap_or_default();
                    wire::error_of(job.id, &message, &data)
                }
            };
            lock(&self.running).remove(&job.id);
            lock(&self.cancelled).remove(&job.id);
            self.write(&line);
        }
    }

    fn run(&'static self, job: &Job) -> Answer {
        let table = self.table.as_ref().map_err(|why| json(&Said::new(SaidKind::Refused, why)))?.get();
        let mut answer = None;
        let reply = abi::Reply { ctx: (&raw mut answer).cast(), put: keep };
        let code = match job.method.as_str() {
            // SAFETY: a function of a checked table, with a reply that outlives the call.
            "hello" => unsafe { (table.manifest)(reply) },
            "open" => self.open(table, &job.params, reply)?,
            method => {
                let Some(instance) = self.instance.get() else {
                    return Err(json(&Said::failed("the plugin has not been opened")));
                };
                let (method, params) = (abi::Bytes::of(method), abi::Bytes::of(&job.params));
                // SAFETY: the instance is what `open` of this table returned; the texts and the
                // reply outlive the call.
                unsafe { (table.call)(instance.0, job.id, method, params, reply) }
            }
        };
        let answer = checked(answer)?;
        match (job.method.as_str(), code) {
            ("hello", abi::OK) => {
                Ok(format!("{{\"protocol\":\"{}\",\"manifest\":{answer}}}", wire::PROTOCOL))
            }
            ("open", abi::OK) => Ok("null".to_owned()),
            (_, abi::OK) => Ok(answer),
            (_, _) if serde_json::from_str::<Said>(&answer).is_ok() => Err(answer),
            _ => Err(json(&Said::failed("the plugin failed without a reason"))),
        }
    }

    fn open(&'static self, table: &abi::Plugin, settings: &str, reply: abi::Reply) -> Result<i32, String> {
        if self.instance.get().is_some() {
            return Err(json(&Said::failed("the plugin has been opened before")));
        }
        let host = self.host.get_or_init(|| {
            HostTable(abi::Host {
                // The size of the table is a small constant.
                #[allow(clippy::cast_possible_truncation)]
                size: size_of::<abi::Host>() as u32,
                abi_major: abi::ABI_MAJOR,
                abi_minor: abi::ABI_MINOR,
                ctx: (&raw const *self).cast(),
                call: ask,
                cancelled: Some(is_cancelled),
            })
        });
        // SAFETY: the host table lives as long as the process; the others outlive the call.
        let instance = unsafe { (table.open)(&raw const host.0, abi::Bytes::of(settings), reply) };
        if instance.is_null() {
            return Ok(abi::ERROR);
        }
        let _ = self.instance.set(Instance(instance));
        Ok(abi::OK)
    }

    /// The server only closes what has nothing to do.
    fn close(&self) -> ! {
        if let (Ok(table), Some(instance)) = (&self.table, self.instance.get()) {
            // SAFETY: the instance is what `open` returned; the process ends right after.
            unsafe { (table.get().close)(instance.0) };
        }
        leave(0)
    }

    fn write(&self, line: &str) {
        if lock(&self.out).write_all(line.as_bytes()).is_err() {
            leave(0);
        }
    }

    /// A question of the plugin; waits for the server's answer.
    fn ask(&self, call: u64, method: &str, params: &str) -> Answer {
        if !lock(&self.running).contains(&call) {
            return Err(json(&Said::new(SaidKind::Denied, "a question has to belong to a call that runs")));
        }
        let params: &RawValue = serde_json::from_str(params)
            .map_err(|_| json(&Said::failed("the params of a question have to be JSON")))?;
        let with = params.get().replace(['\n', '\r'], " ");
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let (send, answer) = sync_channel(1);
        lock(&self.waiting).insert(id, send);
        self.write(&wire::request(id, method, &format!("{{\"call\":{call},\"with\":{with}}}")));
        answer.recv().unwrap_or_else(|_| Err(json(&Said::failed("the server is gone"))))
    }
}

/// Makes sure that what the plugin answers is one JSON value on one line.
fn checked(answer: Option<Vec<u8>>) -> Answer {
    let broken = |why: &str| json(&Said::failed(format!("the plugin's answer is broken: {why}")));
    let text =
        String::from_utf8(answer.unwrap_or_else(|| b"null".to_vec())).map_err(|_| broken("not UTF-8"))?;
    serde_json::from_str::<&RawValue>(&text).map_err(|error| broken(&error.to_string()))?;
    if text.len() > LONGEST_LINE - 1024 {
        return Err(broken("longer than 16 MiB"));
    }
    // Inside a JSON text a line break is only white space.
    Ok(if text.contains(['\n', '\r']) { text.replace(['\n', '\r'], " ") } else { text })
}

fn json(said: &Said) -> String {
    serde_json::to_string(said).unwrap_or_else(|_| "null".to_owned())
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Takes an answer of the plugin into the `Option<Vec<u8>>` behind `ctx`.
unsafe extern "C" fn keep(ctx: *mut c_void, answer: abi::Bytes) {
    // SAFETY: `ctx` is the slot of `run`, which waits until the plugin returns; the bytes are
    // lent for this call.
    unsafe {
        let bytes: &[u8] =
            if answer.len == 0 { &[] } else { std::slice::from_raw_parts(answer.ptr, answer.len) };
        *ctx.cast::<Option<Vec<u8>>>() = Some(bytes.to_vec());
    }
}

/// `Host::call` of the contract.
unsafe extern "C" fn ask(
    ctx: *const c_void,
    call: u64,
    method: abi::Bytes,
    params: abi::Bytes,
    reply: abi::Reply,
) -> i32 {
    // SAFETY: `ctx` is the relay, which lives as long as the process; the texts are lent.
    let (relay, method, params) = unsafe { (&*ctx.cast::<Relay>(), lent(method), lent(params)) };
    let answer = catch_unwind(AssertUnwindSafe(|| relay.ask(call, method?, params?)))
        .unwrap_or_else(|_| Err(json(&Said::failed("the plugin host panicked"))));
    let (code, text) = match answer {
        Ok(text) => (abi::OK, text),
        Err(text) => (abi::ERROR, text),
    };
    // SAFETY: the plugin keeps `reply` valid until this function returns.
    unsafe { (reply.put)(reply.ctx, abi::Bytes::of(&text)) };
    code
}

/// `Host::cancelled` of the contract.
unsafe extern "C" fn is_cancelled(ctx: *const c_void, call: u64) -> u8 {
    // SAFETY: `ctx` is the relay, which lives as long as the process.
    let relay = unsafe { &*ctx.cast::<Relay>() };
    u8::from(lock(&relay.cancelled).contains(&call))
}

/// # Safety
/// `bytes` is valid for `'a`.
unsafe fn lent<'a>(bytes: abi::Bytes) -> Result<&'a str, String> {
    if bytes.len == 0 {
        return Ok("");
    }
    // SAFETY: promised by the caller.
    let bytes = unsafe { std::slice::from_raw_parts(bytes.ptr, bytes.len) };
    std::str::from_utf8(bytes).map_err(|_| json(&Said::failed("a question has to be UTF-8")))
}
