//! Reading the log: the newest first, by who, what, on what and when.

use serde::Deserialize;
use whom_core::{
    model::Timestamp,
    store::{SharedStore, StoreError},
};

use super::{AuditEntry, before};
use crate::documents;

/// How many entries one question looks at before it gives what it has and where to go on.
const MOST_LOOKED_AT: usize = 5_000;
/// How many are read at once.
const PAGE: usize = 500;

/// Which entries are asked for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct AuditQuery {
    /// A login name, the id of a key, `local` or `house`.
    pub(crate) who: String,
    /// What was done, such as `person_added`; the beginning is enough.
    pub(crate) what: String,
    /// On what: an id, with or without its sort.
    pub(crate) on: String,
    /// From this moment or day on.
    pub(crate) since: String,
    /// Up to this moment, or before this day.
    pub(crate) until: String,
}

impl AuditQuery {
    fn fits(&self, entry: &AuditEntry) -> bool {
        let (who, what, on) = (self.who.trim(), self.what.trim(), self.on.trim());
        let is_on = |named: &String| named == on || named.split_once(':').is_some_and(|(_, id)| id == on);
        (who.is_empty() || entry.who.word() == who)
            && (what.is_empty() || entry.what.starts_with(what))
            && (on.is_empty() || entry.on.iter().any(is_on))
    }

    /// The moments between which it asks; the name of the parameter that cannot be read otherwise.
    pub(crate) fn span(&self) -> Result<(Option<Timestamp>, Option<Timestamp>), &'static str> {
        let read = |text: &str, name| match text.trim() {
            "" => Ok(None),
            text => Timestamp::parse(text).map(Some).map_err(|_| name),
        };
        Ok((read(&self.since, "since")?, read(&self.until, "until")?))
    }
}

/// Entries that fit, with their ids, and where to go on; bounded in what it looks at.
pub(crate) async fn list(
    store: &SharedStore,
    query: &AuditQuery,
    after: Option<String>,
    limit: usize,
) -> Result<(Vec<(String, AuditEntry)>, Option<String>), StoreError> {
    let (since, until) = query.span().unwrap_or_default();
    let begin = until.map(|until| format!("{}g", before(until)));
    let mut after = after.max(begin);
    let mut found = Vec::new();
    let mut looked_at = 0;
    loop {
        let page = documents::list::<AuditEntry>(store, after.as_deref(), PAGE).await?;
        let was_last = page.len() < PAGE;
        for (id, entry) in page {
            if since.is_some_and(|since| entry.at < since) {
                return Ok((found, None));
            }
            if found.len() == limit {
                return Ok((found, after));
            }
            after = Some(id.clone());
            looked_at += 1;
            if query.fits(&entry) {
                found.push((id, entry));
            }
        }
        if was_last {
            return Ok((found, None));
        }
        if looked_at >= MOST_LOOKED_AT {
            return Ok((found, after));
        }
    }
}
