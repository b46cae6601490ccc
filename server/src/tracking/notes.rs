//! Notes about messages that were accepted and meant nothing, or meant less than they said.
//!
//! One document for each write key, sort and day, with a count and the ids of a few messages: so a
//! broken application costs one row, and a note holds nothing that an erasure would have to look for.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use whom_core::{
    model::Timestamp,
    store::{DocumentKind, SharedStore, StoreError},
};

use crate::{
    auth::ApiKey,
    documents::{self, Fate, Stored},
};

const DAY: i64 = 24 * 3_600_000;
/// How long notes are kept.
const KEPT: i64 = 30 * DAY;
/// How many messages a note names.
const EXAMPLES: usize = 5;

/// Something to be noted. The words never repeat a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Note {
    code: &'static str,
    words: String,
    message: Option<String>,
}

impl Note {
    /// A note of some sort, in words.
    pub(super) fn new(code: &'static str, words: impl Into<String>) -> Self {
        Self { code, words: words.into(), message: None }
    }

    /// A message names nobody.
    pub(super) fn no_id() -> Self {
        Self::new("no_user_anon_id", "a message has neither `userId` nor `anonymousId` and was dropped")
    }

    /// Its sort.
    pub(super) fn code(&self) -> &'static str {
        self.code
    }

    /// What it says.
    pub(super) fn words(&self) -> &str {
        &self.words
    }

    /// Names the message, by its sender's id for it.
    pub(super) fn about(mut self, message: Option<&str>) -> Self {
        self.message = message.map(|id| id.chars().take(100).collect());
        self
    }
}

/// Notes of one sort about one key's messages of one day.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct KeptNotes {
    key: String,
    code: String,
    words: String,
    count: u64,
    first: Timestamp,
    last: Timestamp,
    messages: Vec<String>,
}

impl Stored for KeptNotes {
    const KIND: DocumentKind = DocumentKind::IngestProblem;
}

/// Keeps notes, all of one sort in one step.
pub(super) async fn keep(
    store: &SharedStore,
    key: &ApiKey,
    notes: &[Note],
    now: Timestamp,
) -> Result<(), StoreError> {
    let mut sorts: BTreeMap<&str, Vec<&Note>> = BTreeMap::new();
    for note in notes {
        sorts.entry(note.code).or_default().push(note);
    }
    for (code, notes) in sorts {
        // Days count downwards, so that the newest notes are listed first.
        let day = 99_999 - now.as_millis().div_euclid(DAY);
        let id = format!("{day:05}/{}/{code}", key.id);
        documents::change(store, &id, now, |known: Option<KeptNotes>| {
            let mut kept = known.unwrap_or_else(|| KeptNotes {
                key: key.id.clone(),
                code: code.to_owned(),
                words: String::new(),
                count: 0,
                first: now,
                last: now,
                messages: Vec::new(),
            });
            for note in &notes {
                kept.words.clone_from(&note.words);
                kept.messages.extend(note.message.clone());
            }
            let surplus = kept.messages.len().saturating_sub(EXAMPLES);
            kept.messages.drain(..surplus);
            kept.count += notes.len() as u64;
            kept.last = now;
            (Fate::Put(kept), ())
        })
        .await?;
    }
    Ok(())
}

/// Notes after `after`, the newest day first, with their ids.
pub(crate) async fn list(
    store: &SharedStore,
    after: Option<&str>,
    limit: usize,
) -> Result<Vec<(String, KeptNotes)>, StoreError> {
    documents::list(store, after, limit).await
}

/// Takes away notes that are no longer kept.
pub(crate) async fn sweep(store: &SharedStore, now: Timestamp) -> Result<usize, StoreError> {
    documents::sweep::<KeptNotes>(store, now, |kept| now.as_millis() - kept.last.as_millis() > KEPT).await
}
