//! A server process of its own.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::{Value, json};

/// How long a server may take to come up, on a busy machine too.
const PATIENCE: Duration = Duration::from_secs(60);

/// The password of everybody whom a test adds.
pub const PASSWORD: &str = "correct horse battery staple";

fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("its address").port()
}

/// A running `whom serve`; ended when dropped.
pub struct Server {
    child: Child,
    log: PathBuf,
    base: String,
    lmtp: u16,
    token: String,
    client: reqwest::Client,
}

impl Server {
    /// Starts a server on a data folder and waits until it answers.
    pub async fn start(data: &Path) -> Self {
        Self::start_at(data, 0).await
    }

    /// Starts one at a port, such as the one that a server had which was killed; 0 is any.
    pub async fn start_at(data: &Path, port: u16) -> Self {
        // Another part of the process may have chosen the same provider already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        fs::create_dir_all(data).expect("a data folder");
        let log = data.join("server.log");
        let write = || fs::OpenOptions::new().create(true).append(true).open(&log).expect("a log file");
        let lmtp = free_port();
        let child = Command::new(super::binary())
            .args(["serve", "--address", &format!("127.0.0.1:{port}")])
            .args(["--lmtp", &format!("127.0.0.1:{lmtp}"), "--data"])
            .arg(data)
            .env("WHOM_LOG", "debug,hyper=info,reqwest=info,sled=info,tantivy=info")
            .stdin(Stdio::null())
            .stdout(write())
            .stderr(write())
            .spawn()
            .expect("the server can be started");
        let pid = child.id();
        let mut server = Self {
            child,
            log,
            base: String::new(),
            lmtp,
            token: String::new(),
            client: reqwest::Client::new(),
        };
        let started = Instant::now();
        loop {
            assert!(started.elapsed() < PATIENCE, "the server does not come up: {}", server.log());
            if let Ok(Some(status)) = server.child.try_wait() {
                panic!("the server ended with {status}: {}", server.log());
            }
            let said = fs::read(data.join("server.json")).ok();
            let said = said.and_then(|bytes| serde_json::from_slice::<Value>(&bytes).ok());
            // A server that was killed leaves its file behind; only this one's counts.
            if let Some(said) = said.filter(|said| said["pid"] == pid) {
                server.base = said["address"].as_str().expect("an address").to_owned();
                server.token = said["token"].as_str().expect("a token").to_owned();
                if server.client.get(format!("{}/healthz", server.base)).send().await.is_ok() {
                    return server;
                }
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Its process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Where it listens.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The port at which it listens.
    pub fn port(&self) -> u16 {
        self.base.rsplit(':').next().and_then(|port| port.parse().ok()).expect("a port in the address")
    }

    /// The port at which it takes mail over LMTP.
    pub fn lmtp(&self) -> u16 {
        self.lmtp
    }

    /// The token that lets the folder's owner do everything.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// All it has logged.
    pub fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// A request with the token of the folder's owner.
    pub fn request(&self, method: reqwest::Method, path: &str) -> reqwest::RequestBuilder {
        self.client.request(method, format!("{}{path}", self.base)).bearer_auth(&self.token)
    }

    /// A request of somebody unknown.
    pub fn anonymous(&self, method: reqwest::Method, path: &str) -> reqwest::RequestBuilder {
        self.client.request(method, format!("{}{path}", self.base))
    }

    /// Reads something as JSON.
    pub async fn get(&self, path: &str) -> Value {
        let answer = self.request(reqwest::Method::GET, path).send().await.expect("an answer");
        let status = answer.status();
        let text = answer.text().await.expect("a body");
        assert!(status.is_success(), "GET {path}: {status} {text}");
        serde_json::from_str(&text).expect("JSON")
    }

    /// Sends something as JSON and reads the answer.
    pub async fn send(&self, method: reqwest::Method, path: &str, body: &Value) -> Value {
        let said = format!("{method} {path}");
        let request = self.request(method, path).header("content-type", "application/json");
        let answer = request.body(body.to_string()).send().await.expect("an answer");
        let status = answer.status();
        let text = answer.text().await.expect("a body");
        assert!(status.is_success(), "{said}: {status} {text}");
        serde_json::from_str(&text).unwrap_or(Value::Null)
    }

    /// Posts something as JSON and reads the answer.
    pub async fn post(&self, path: &str, body: &Value) -> Value {
        self.send(reqwest::Method::POST, path, body).await
    }

    /// Changes what is known of a customer, whatever it is now.
    pub async fn edit(&self, who: &str, properties: &Value) {
        self.change(&format!("/v1/profiles/{who}"), properties).await;
    }

    /// Changes something, whatever it is now.
    pub async fn change(&self, path: &str, what: &Value) {
        let request = self.request(reqwest::Method::PATCH, path);
        let request = request.header("content-type", "application/json").header("if-match", "*");
        let answer = request.body(what.to_string()).send().await.expect("an answer");
        let status = answer.status();
        assert!(status.is_success(), "{path}: {status} {}", answer.text().await.expect("a body"));
    }

    /// Adds somebody who works here, with the password [`PASSWORD`].
    pub async fn add_person(&self, login: &str, name: &str, role: &str) {
        let person = json!({ "login": login, "name": name, "role": role, "password": PASSWORD });
        self.post("/v1/people", &person).await;
    }

    /// Hands in a raw message; nothing when the server is gone before it has answered.
    pub async fn mail(&self, raw: String) -> Option<Value> {
        let request = self.request(reqwest::Method::POST, "/v1/messages/raw");
        let answer = request.header("content-type", "message/rfc822").body(raw).send().await.ok()?;
        if !answer.status().is_success() {
            return None;
        }
        serde_json::from_str(&answer.text().await.ok()?).ok()
    }

    /// Ends the process at once, as a crash does.
    pub fn kill(mut self) {
        // It may have been killed by its number already.
        let _ = self.child.kill();
        self.child.wait().expect("the server has ended");
    }

    /// Asks the process to end, as an administrator does, and waits for it.
    pub fn stop(mut self) -> std::process::ExitStatus {
        let asked = Command::new("kill").arg(self.child.id().to_string()).status();
        assert!(asked.is_ok_and(|status| status.success()), "the server can be asked to end");
        self.child.wait().expect("the server has ended")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
