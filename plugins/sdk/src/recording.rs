//! A tape in place of the server, so that a test needs no network and no clock.

use std::fmt;
use std::sync::Mutex;

use serde::Deserialize;
use serde_json::Value;

use crate::{Error, Result, Services};

/// Replays a tape: one JSON object per line, `{"method": …, "params": …, "result": …}` or with
/// `"error"` in place of the result. Every line is played once; what is not on the tape fails.
///
/// ```
/// # use whom_plugin::prelude::*;
/// let tape = Recording::parse(r#"{"method": "now", "params": {}, "result": 1700000000000}"#)?;
/// assert_eq!(Host::new(&tape, 1).now()?, 1_700_000_000_000);
/// # Ok::<(), Error>(())
/// ```
pub struct Recording {
    lines: Mutex<Vec<(Line, Played)>>,
}

type Played = bool;

#[derive(Deserialize)]
struct Line {
    method: String,
    #[serde(default)]
    params: Value,
    #[serde(default)]
    result: Value,
    error: Option<Error>,
}

impl Recording {
    /// Reads a tape. Blank lines and lines that start with `//` are skipped.
    ///
    /// # Errors
    /// When a line is not JSON, with its number.
    pub fn parse(tape: &str) -> Result<Self> {
        let mut lines = Vec::new();
        for (index, text) in tape.lines().enumerate() {
            let text = text.trim();
            if text.is_empty() || text.starts_with("//") {
                continue;
            }
            let line = serde_json::from_str(text)
                .map_err(|error| Error::failed(format!("line {} of the tape: {error}", index + 1)))?;
            lines.push((line, false));
        }
        Ok(Self { lines: Mutex::new(lines) })
    }

    /// Whether everything on the tape was asked for.
    #[must_use]
    pub fn is_played(&self) -> bool {
        self.lines.lock().is_ok_and(|lines| lines.iter().all(|(_, played)| *played))
    }
}

impl fmt::Debug for Recording {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recording").finish_non_exhaustive()
    }
}

impl Services for Recording {
    fn ask(&self, _call: u64, method: &str, params: &str) -> Result<String> {
        let params: Value = serde_json::from_str(params)?;
        let mut lines = self.lines.lock().map_err(|_| Error::failed("another test thread panicked"))?;
        let found =
            lines.iter_mut().find(|(line, played)| !played && line.method == method && line.params == params);
        let Some((line, played)) = found else {
            return Err(Error::failed(format!("not on the tape: {method} {params}")));
        };
        *played = true;
        match &line.error {
            Some(error) => Err(error.clone()),
            None => Ok(line.result.to_string()),
        }
    }
}
