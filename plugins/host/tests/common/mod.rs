//! What the tests share: the fixture, its host, a ledger to read, and a server to ask.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used)]

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use whom_plugin_host::{
    Claim, Departure, Failure, Gate, Launcher, Ledger, Outcome, Person, PluginHandle, PluginSpec,
    ReqwestClient, Timing, Why,
};

/// A file that cargo built beside this test.
fn built(path: &str) -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let file = test.parent().unwrap().parent().unwrap().join(path);
    assert!(file.exists(), "{path} is not built; `cargo test -p whom-plugin-host` builds it");
    file
}

pub fn launcher() -> Launcher {
    Launcher::new(built("examples/plugin_host"), [""; 0])
}

pub fn fixture() -> PathBuf {
    built("examples/libmisbehaves.so")
}

/// Patience for tests: crashes cost little time, and a busy machine is no reason to fail.
pub fn quick() -> Timing {
    let grace = Duration::from_secs(1);
    Timing { first_wait: Duration::from_millis(10), crashes: 50, grace, ..Timing::default() }
}

pub fn gate() -> (Arc<Gate>, Arc<Notes>) {
    let notes = Arc::new(Notes::default());
    let gate = Gate::new(Arc::new(ReqwestClient::new()), Arc::clone(&notes) as Arc<dyn Ledger>);
    (Arc::new(gate), notes)
}

pub fn misbehaves(timing: Timing) -> PluginHandle {
    misbehaves_behind(gate().0, timing)
}

pub fn misbehaves_behind(gate: Arc<Gate>, timing: Timing) -> PluginHandle {
    let settings = json!({ "mode": "", "api_key": "{{secret:api_key}}" });
    let spec = PluginSpec::library("misbehaves", fixture(), settings);
    PluginHandle::with_timing(spec, launcher(), gate, timing)
}

/// Somebody whose name says what the plugin is to do.
pub fn person(deed: &str) -> Person {
    let mut person = Person { id: "p1".into(), ..Person::default() };
    person.properties.insert("name".into(), vec![deed.into()]);
    person
}

pub fn with_website(deed: &str, url: &str) -> Person {
    let mut person = person(deed);
    person.properties.insert("website".into(), vec![url.into()]);
    person
}

pub async fn ask(plugin: &PluginHandle, person: &Person) -> Result<String, Failure> {
    plugin.enrich(person, &Why::rule("test")).await.map(said)
}

pub async fn within(plugin: &PluginHandle, deed: &str, limit: Duration) -> Result<String, Failure> {
    let why = Why { within: Some(limit), ..Why::rule("test") };
    plugin.enrich(&person(deed), &why).await.map(said)
}

fn said(outcome: Outcome) -> String {
    match outcome {
        Outcome::Found { claims } => match claims.first() {
            Some(Claim { value: Value::String(text), .. }) => text.clone(),
            other => format!("{other:?}"),
        },
        other => format!("{other:?}"),
    }
}

/// A ledger to read, which can also forbid.
#[derive(Default)]
pub struct Notes {
    pub left: Mutex<Vec<Departure>>,
    pub forbids: Mutex<Option<String>>,
}

#[async_trait::async_trait]
impl Ledger for Notes {
    async fn leaving(&self, departure: &Departure) -> Result<(), String> {
        if let Some(why) = self.forbids.lock().unwrap().clone() {
            return Err(why);
        }
        self.left.lock().unwrap().push(departure.clone());
        Ok(())
    }
}

impl Notes {
    pub fn count(&self) -> usize {
        self.left.lock().unwrap().len()
    }
}

/// A real server on a real socket: answers what `answer` says to the n-th request, and keeps the
/// requests as text.
pub struct Server {
    pub address: String,
    pub requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    pub async fn start(answer: impl Fn(usize, &str) -> String + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (kept, answer) = (Arc::clone(&requests), Arc::new(answer));
        tokio::spawn(async move {
            while let Ok((mut socket, _)) = listener.accept().await {
                let (kept, answer) = (Arc::clone(&kept), Arc::clone(&answer));
                tokio::spawn(async move {
                    let mut text = Vec::new();
                    let mut chunk = [0; 4096];
                    while !text.windows(4).any(|window| window == b"\r\n\r\n") {
                        match socket.read(&mut chunk).await {
                            Ok(length @ 1..) => text.extend_from_slice(&chunk[..length]),
                            _ => return,
                        }
                    }
                    let text = String::from_utf8_lossy(&text).into_owned();
                    let number = {
                        let mut kept = kept.lock().unwrap();
                        kept.push(text.clone());
                        kept.len()
                    };
                    // An answer may take its time, and what sleeps on a worker of the runtime holds up the
                    // client under test as well.
                    let answered = tokio::task::spawn_blocking(move || answer(number, &text)).await;
                    let _ = socket.write_all(answered.unwrap().as_bytes()).await;
                });
            }
        });
        Self { address, requests }
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.address)
    }

    pub fn count(&self) -> usize {
        self.requests.lock().unwrap().len()
    }

    pub fn last(&self) -> String {
        self.requests.lock().unwrap().last().cloned().unwrap_or_default()
    }
}

/// An answer as it stands on the wire. `headers` end with a line break each.
pub fn http(status: u16, headers: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status} X\r\n{headers}content-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
}
