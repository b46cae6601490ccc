//! Small values that plugins keep for a while. Gone at a restart.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::Said;

/// Bytes that one plugin may keep.
const SPACE: usize = 1024 * 1024;

/// What all plugins keep, each on a board of its own.
#[derive(Default)]
pub(crate) struct Shelf(Mutex<HashMap<String, Board>>);

/// Values by key, and until when they are kept.
type Board = HashMap<String, (String, Instant)>;

impl Shelf {
    pub(crate) fn get(&self, plugin: &str, key: &str) -> Option<String> {
        let boards = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (value, until) = boards.get(plugin)?.get(key)?;
        (*until > Instant::now()).then(|| value.clone())
    }

    pub(crate) fn put(&self, plugin: &str, key: &str, value: String, keep: Duration) -> Result<(), Said> {
        let mut boards = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let board = boards.entry(plugin.to_owned()).or_default();
        let now = Instant::now();
        board.retain(|name, (_, until)| *until > now && name != key);
        let used: usize = board.iter().map(|(name, (value, _))| name.len() + value.len()).sum();
        if used + key.len() + value.len() > SPACE {
            return Err(Said::denied("a plugin may keep 1 MiB"));
        }
        // A year is as good as for ever here, and cannot overflow.
        board.insert(key.to_owned(), (value, now + keep.min(Duration::from_secs(31_536_000))));
        Ok(())
    }
}
