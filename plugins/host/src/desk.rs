//! Answers what a plugin asks for while one of its calls runs.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use hmac::{Hmac, KeyInit, Mac};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use sha2::Sha256;
use tokio::time::Instant;

use crate::egress::{Asked, Gate};
use crate::folder::hexadecimal;
use crate::{Said, SaidKind};

/// Requests that one call may send.
const REQUESTS: u32 = 10;

/// What is known about the call that a question belongs to.
#[derive(Debug)]
pub(crate) struct CallContext {
    pub(crate) hook: &'static str,
    pub(crate) person: Option<String>,
    pub(crate) properties: Vec<String>,
    pub(crate) rule: String,
    pub(crate) until: Instant,
    may_ask: bool,
    requests: AtomicU32,
}

impl CallContext {
    pub(crate) fn new(hook: &'static str, may_ask: bool, rule: &str, within: Duration) -> Self {
        Self {
            hook,
            person: None,
            properties: Vec::new(),
            rule: rule.to_owned(),
            until: Instant::now() + within,
            may_ask,
            requests: AtomicU32::new(0),
        }
    }

    pub(crate) fn remaining(&self) -> Duration {
        self.until.saturating_duration_since(Instant::now())
    }

    /// Takes one request out of the budget.
    pub(crate) fn spend(&self) -> Result<(), Said> {
        if !self.may_ask {
            return Err(Said::denied(format!("no request may be sent during `{}`", self.hook)));
        }
        if self.requests.fetch_add(1, Ordering::Relaxed) >= REQUESTS {
            return Err(Said::denied(format!("a call may send {REQUESTS} requests, and these are used up")));
        }
        if self.remaining().is_zero() {
            return Err(Said::failed("the time of this call is over"));
        }
        Ok(())
    }
}

/// One plugin's access to the server's services.
#[derive(Clone)]
pub(crate) struct Desk {
    plugin: Arc<str>,
    gate: Arc<Gate>,
}

impl Desk {
    pub(crate) fn new(plugin: &str, gate: Arc<Gate>) -> Self {
        Self { plugin: plugin.into(), gate }
    }

    pub(crate) fn plugin(&self) -> &str {
        &self.plugin
    }

    /// Answers one question with JSON, on the tape if one is running.
    pub(crate) async fn answer(
        &self,
        method: &str,
        params: &str,
        call: &CallContext,
    ) -> Result<String, Said> {
        let answer = self.serve(method, params, call).await;
        self.gate.record(&self.plugin, || {
            let (key, value) = match &answer {
                Ok(result) => ("result", result.clone()),
                Err(said) => ("error", serde_json::to_string(said).unwrap_or_default()),
            };
            format!("{{\"method\":\"{method}\",\"params\":{params},\"{key}\":{value}}}")
        });
        answer
    }

    async fn serve(&self, method: &str, params: &str, call: &CallContext) -> Result<String, Said> {
        match method {
            "http" => {
                let answer = self.gate.send(&self.plugin, read::<Asked>(params)?, call).await?;
                write(&answer)
            }
            "log" => {
                let line: Line = read(params)?;
                let message: String = line.message.chars().take(500).collect();
                match line.level.as_str() {
                    "warn" => tracing::warn!(plugin = &*self.plugin, message),
                    "debug" => tracing::debug!(plugin = &*self.plugin, message),
                    _ => tracing::info!(plugin = &*self.plugin, message),
                }
                Ok("null".to_owned())
            }
            "cache_get" => {
                let Key { key } = read(params)?;
                Ok(self.gate.shelf().get(&self.plugin, &key).unwrap_or_else(|| "null".to_owned()))
            }
            "cache_put" => {
                let Kept { key, value, seconds } = read(params)?;
                self.gate.shelf().put(&self.plugin, &key, value.to_string(), Duration::from_secs(seconds))?;
                Ok("null".to_owned())
            }
            "now" => Ok(now_ms().to_string()),
            "hmac_sha256" => {
                let ToSign { key, message } = read(params)?;
                let key = self.gate.reveal(&self.plugin, &key)?;
                let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes())
                    .map_err(|_| Said::new(SaidKind::Settings, "the secret cannot be used as a key"))?;
                mac.update(message.as_bytes());
                write(&hexadecimal(&mac.finalize().into_bytes()))
            }
            _ => Err(Said::failed(format!("this version of whom has no service `{method}`"))),
        }
    }
}

/// Milliseconds since 1970.
pub(crate) fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

#[derive(Deserialize)]
struct Line {
    #[serde(default)]
    level: String,
    message: String,
}

#[derive(Deserialize)]
struct Key {
    key: String,
}

#[derive(Deserialize)]
struct Kept {
    key: String,
    value: Value,
    seconds: u64,
}

#[derive(Deserialize)]
struct ToSign {
    key: String,
    message: String,
}

fn read<T: DeserializeOwned>(params: &str) -> Result<T, Said> {
    serde_json::from_str(params)
        .map_err(|error| Said::failed(format!("the question has another shape: {error}")))
}

fn write(answer: &impl serde::Serialize) -> Result<String, Said> {
    serde_json::to_string(answer).map_err(|error| Said::failed(error.to_string()))
}
