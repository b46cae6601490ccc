//! What a plugin may ask for while one of its hooks runs.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::http::Request;
use crate::{Result, Secret};

/// The one seam between a plugin and everything else: the library boundary, a [`crate::Recording`],
/// or the server itself for a plugin that is linked into it.
pub trait Services: Sync {
    /// Asks for `method` with JSON `params` on behalf of `call`; answers with JSON.
    ///
    /// # Errors
    /// What the server answers instead of a result.
    fn ask(&self, call: u64, method: &str, params: &str) -> Result<String>;

    /// Whether nobody waits for `call` any more.
    fn cancelled(&self, _call: u64) -> bool {
        false
    }
}

/// How much a line of the log matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// For whoever looks for an error in the plugin.
    Debug,
    /// Worth knowing.
    Info,
    /// Something an admin should look at.
    Warn,
}

/// What a plugin may ask for while one of its hooks runs. Cheap to copy, and `Sync`.
#[derive(Clone, Copy)]
pub struct Host<'a> {
    services: &'a dyn Services,
    call: u64,
}

impl<'a> Host<'a> {
    /// The host as `call` sees it. Tests hand in a [`crate::Recording`].
    pub fn new(services: &'a dyn Services, call: u64) -> Self {
        Self { services, call }
    }

    /// Begins a GET request.
    pub fn get(&self, url: impl Into<String>) -> Request<'a> {
        self.request("GET", url)
    }

    /// Begins a POST request.
    pub fn post(&self, url: impl Into<String>) -> Request<'a> {
        self.request("POST", url)
    }

    /// Begins a request with any method.
    pub fn request(&self, method: &str, url: impl Into<String>) -> Request<'a> {
        Request::new(*self, method, url.into())
    }

    /// Writes a line to the server's log. No names or addresses of people.
    pub fn log(&self, level: Level, message: &str) {
        // A lost log line is no reason to fail a hook.
        let _ = self.ask::<_, Value>("log", &json!({ "level": level, "message": message }));
    }

    /// What [`Host::cache_put`] kept under `key`, if it is still there.
    ///
    /// # Errors
    /// When the server refuses.
    pub fn cache_get<T: DeserializeOwned>(&self, key: &str) -> Result<Option<T>> {
        self.ask("cache_get", &json!({ "key": key }))
    }

    /// Keeps a value for this plugin for up to `seconds`. It may be gone earlier.
    ///
    /// # Errors
    /// When the server refuses, for example because it is too large.
    pub fn cache_put(&self, key: &str, value: &impl Serialize, seconds: u64) -> Result<()> {
        let params = json!({ "key": key, "value": value, "seconds": seconds });
        self.ask::<_, Value>("cache_put", &params).map(drop)
    }

    /// Milliseconds since 1970, as the server sees it.
    ///
    /// # Errors
    /// When the server refuses.
    pub fn now(&self) -> Result<i64> {
        self.ask("now", &json!({}))
    }

    /// HMAC-SHA256 of a message with a secret, in hexadecimal.
    ///
    /// # Errors
    /// When the secret is not set.
    pub fn hmac_sha256(&self, secret: &Secret, message: &str) -> Result<String> {
        self.ask("hmac_sha256", &json!({ "key": secret, "message": message }))
    }

    /// Whether nobody waits for the answer any more; a long hook looks now and then.
    #[must_use]
    pub fn cancelled(&self) -> bool {
        self.services.cancelled(self.call)
    }

    /// Asks for a service by name, also for one this SDK does not know yet.
    ///
    /// # Errors
    /// What the server answers instead of a result, or an answer of another shape.
    pub fn ask<P: Serialize, T: DeserializeOwned>(&self, method: &str, params: &P) -> Result<T> {
        let params = serde_json::to_string(params)?;
        let answer = self.services.ask(self.call, method, &params)?;
        Ok(serde_json::from_str(&answer)?)
    }
}
