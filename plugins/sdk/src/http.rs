//! Requests to the outside. The server sends them, with retries, limits and secrets.

use std::time::Duration;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::{Error, Host, Result, Secret};

/// A request that has not been sent.
#[must_use = "a request does nothing until it is sent"]
pub struct Request<'a> {
    host: Host<'a>,
    wire: Wire,
}

/// A request as it travels. Field order is part of what a tape compares, so it stays.
#[derive(Serialize)]
struct Wire {
    method: String,
    url: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    headers: Vec<(String, String)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cache_s: Option<u64>,
}

impl<'a> Request<'a> {
    pub(crate) fn new(host: Host<'a>, method: &str, url: String) -> Self {
        let wire = Wire { method: method.into(), url, headers: vec![], body: None, cache_s: None };
        Self { host, wire }
    }

    /// Adds a header.
    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.wire.headers.push((name.into(), value.into()));
        self
    }

    /// Adds a header whose value is a secret.
    pub fn secret_header(self, name: &str, secret: &Secret) -> Self {
        self.header(name, secret.placeholder())
    }

    /// Adds `Authorization: Bearer …`.
    pub fn bearer(self, secret: &Secret) -> Self {
        self.header("authorization", format!("Bearer {}", secret.placeholder()))
    }

    /// Adds a field to the query, encoded.
    pub fn query(mut self, name: &str, value: &str) -> Self {
        self.wire.url.push(if self.wire.url.contains('?') { '&' } else { '?' });
        self.wire.url.push_str(&encoded(name));
        self.wire.url.push('=');
        self.wire.url.push_str(&encoded(value));
        self
    }

    /// Sets a JSON body.
    ///
    /// # Errors
    /// When the value cannot be written as JSON.
    pub fn json(mut self, body: &impl Serialize) -> Result<Self> {
        self.wire.body = Some(serde_json::to_string(body)?);
        Ok(self.header("content-type", "application/json"))
    }

    /// Sets a body of text.
    pub fn body(mut self, body: impl Into<String>) -> Self {
        self.wire.body = Some(body.into());
        self
    }

    /// Lets the server answer from its cache for that long, an answer of 404 too.
    /// Without it the provider's `Cache-Control` counts.
    pub fn cache_hours(mut self, hours: u64) -> Self {
        self.wire.cache_s = Some(hours * 3600);
        self
    }

    /// Sends the request and waits.
    ///
    /// # Errors
    /// `denied` when it may not leave the house; `later` when the provider said when to come back
    /// and that is not soon; `failed` when there is no answer.
    pub fn send(self) -> Result<Response> {
        self.host.ask("http", &self.wire)
    }
}

/// Percent-encodes all but the unreserved characters and the braces of a secret's placeholder.
fn encoded(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                out.push(byte as char);
            }
            b'{' | b'}' | b':' if text.starts_with("{{secret:") => out.push(byte as char),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// What a provider answered.
#[derive(Clone, Debug, Deserialize)]
pub struct Response {
    status: u16,
    #[serde(default)]
    headers: Vec<(String, String)>,
    #[serde(default)]
    body: String,
}

impl Response {
    /// The status, such as 200.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.status
    }

    /// A header by name, in any case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// The body as text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.body
    }

    /// The body as JSON.
    ///
    /// # Errors
    /// When it has another shape.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T> {
        serde_json::from_str(&self.body)
            .map_err(|error| Error::failed(format!("the provider's answer is unexpected: {error}")))
    }

    /// The answer, `None` for 404, or what most providers mean by the other codes: 402 quota,
    /// 429 and 5xx later, 401 and 403 a wrong key, any other a failure.
    ///
    /// # Errors
    /// As above.
    pub fn found(self) -> Result<Option<Self>> {
        let after = || self.header("retry-after").and_then(|s| s.trim().parse().ok());
        match self.status {
            200..=299 => Ok(Some(self)),
            404 => Ok(None),
            401 | 403 => Err(Error::setting("api_key", "the provider does not accept the key")),
            402 => Err(Error::quota("the provider's credit is used up", None)),
            429 | 500..=599 => Err(Error::later(
                format!("the provider answered {}", self.status),
                after().map(Duration::from_secs),
            )),
            status => Err(Error::failed(format!("the provider answered {status}"))),
        }
    }
}
