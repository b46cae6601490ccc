//! JSON-RPC 2.0, one message per line. Only the envelope is read here, never the payload.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::Said;

/// Version of the protocol: major has to be the same on both sides.
pub(crate) const PROTOCOL: &str = "1.1";
/// The longest line that either side accepts.
pub(crate) const LONGEST_LINE: usize = 16 * 1024 * 1024;

/// A message of either direction: a request has `id` and `method`, a notification has `method`,
/// an answer has `id`.
#[derive(Deserialize)]
pub(crate) struct Frame<'a> {
    #[serde(borrow)]
    pub(crate) jsonrpc: Cow<'a, str>,
    pub(crate) id: Option<u64>,
    #[serde(borrow)]
    pub(crate) method: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(crate) params: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(crate) result: Option<&'a RawValue>,
    pub(crate) error: Option<RpcError>,
}

#[derive(Deserialize)]
pub(crate) struct RpcError {
    #[serde(default)]
    pub(crate) message: String,
    pub(crate) data: Option<Said>,
}

impl RpcError {
    /// The error as the plugin meant it; one without `data` counts as failed.
    pub(crate) fn said(self) -> Said {
        self.data.unwrap_or_else(|| Said::failed(self.message))
    }
}

/// The params of a question that a plugin asks: which call it belongs to, and what it wants.
#[derive(Deserialize)]
pub(crate) struct Question<'a> {
    pub(crate) call: u64,
    #[serde(borrow)]
    pub(crate) with: Option<&'a RawValue>,
}

impl<'a> Frame<'a> {
    pub(crate) fn parse(line: &'a str) -> Result<Self, String> {
        let frame: Self = serde_json::from_str(line).map_err(|error| error.to_string())?;
        if frame.jsonrpc != "2.0" {
            return Err("it is not JSON-RPC 2.0".to_owned());
        }
        Ok(frame)
    }
}

/// `params` and `result` below are JSON already.
pub(crate) fn request(id: u64, method: &str, params: &str) -> String {
    let method = quoted(method);
    format!("{{\"jsonrpc\":\"2.0\",\"id\":{id},\"method\":{method},\"params\":{params}}}\n")
}

pub(crate) fn notification(method: &str, params: &str) -> String {
    let method = quoted(method);
    format!("{{\"jsonrpc\":\"2.0\",\"method\":{method},\"params\":{params}}}\n")
}

pub(crate) fn result(id: u64, result: &str) -> String {
    format!("{{\"jsonrpc\":\"2.0\",\"id\":{id},\"result\":{result}}}\n")
}

pub(crate) fn error(id: u64, said: &Said) -> String {
    error_of(id, &said.message, &serde_json::to_string(said).unwrap_or_else(|_| "null".to_owned()))
}

/// An error whose `data` is JSON already.
pub(crate) fn error_of(id: u64, message: &str, data: &str) -> String {
    let message = quoted(message);
    format!(
        "{{\"jsonrpc\":\"2.0\",\"id\":{id},\"error\":{{\"code\":-32000,\"message\":{message},\"data\":{data}}}}}\n"
    )
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
