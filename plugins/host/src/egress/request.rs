//! A request as a plugin asks for it, and the answer as it gets it.

use serde::{Deserialize, Serialize};

/// A request as a plugin asks for it: with placeholders in place of secrets.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Asked {
    /// GET, POST …
    pub method: String,
    /// The whole address.
    pub url: String,
    /// Names and values.
    #[serde(default)]
    pub headers: Vec<(String, String)>,
    /// Text of the body.
    #[serde(default)]
    pub body: Option<String>,
    /// For how long the answer may come from the cache.
    #[serde(default)]
    pub cache_s: Option<u64>,
}

/// The answer as a plugin gets it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Response {
    /// The status.
    pub status: u16,
    /// Names in small letters, and values.
    pub headers: Vec<(String, String)>,
    /// Text of the body.
    pub body: String,
}

impl Response {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}
