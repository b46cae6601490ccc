//! The file of what was not taken in: one line of JSON each, to look at or to try again from.

use std::{
    fs::File,
    io::{BufWriter, Write},
    path::Path,
};

use anyhow::Context;
use serde_json::json;

use super::{source::Item, tally::Fate};

/// The file of what was not taken in.
pub(crate) struct Rejects {
    file: BufWriter<File>,
    written: u64,
}

impl Rejects {
    /// Makes the file; one that is there already is written anew.
    pub(crate) fn create(path: &Path) -> anyhow::Result<Self> {
        let file = File::create(path).with_context(|| format!("cannot write {}", path.display()))?;
        Ok(Self { file: BufWriter::new(file), written: 0 })
    }

    /// Notes what became of one thing, where it was not taken in.
    pub(super) fn note(&mut self, item: &Item, fate: &Fate) -> anyhow::Result<()> {
        let (outcome, reason) = match fate {
            Fate::Skipped(reason) => ("skipped", reason),
            Fate::Failed(reason) => ("failed", reason),
            Fate::Created | Fate::Updated | Fate::Repeated => return Ok(()),
        };
        self.written += 1;
        writeln!(self.file, "{}", json!({ "place": item.place, "outcome": outcome, "reason": reason }))?;
        Ok(())
    }

    /// Closes the file; gives how many lines it has.
    pub(super) fn end(mut self) -> anyhow::Result<u64> {
        self.file.flush()?;
        Ok(self.written)
    }
}
