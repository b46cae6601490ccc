//! Documents of ground state that the engine reads itself: tasks, relationships, notes about accounts.
//!
//! Each has one document, and small ones that say where it stands in a list: under a contact, or in the
//! queue of somebody. All of one thing change in one commit, guarded by the version of the first.

use serde::{Serialize, de::DeserializeOwned};

use super::EngineError;
use crate::store::{ChangeSet, Document, DocumentKind, SharedStore, StoreError, Subject, Write};

/// Reads a thing with the version of its document.
pub(super) async fn read<T: DeserializeOwned>(
    store: &SharedStore,
    kind: DocumentKind,
    id: &str,
) -> Result<Option<(T, u64)>, EngineError> {
    let Some(row) = store.document(kind, id).await? else { return Ok(None) };
    let value = serde_json::from_slice(&row.bytes).map_err(|error| StoreError::Damaged {
        what: format!("document {kind:?} `{id}`"),
        why: error.to_string(),
    })?;
    Ok(Some((value, row.version)))
}

/// The ends of ids that begin with `prefix`, after `after`, at most `limit`.
pub(super) async fn under(
    store: &SharedStore,
    kind: DocumentKind,
    prefix: &str,
    after: Option<&str>,
    limit: usize,
) -> Result<Vec<String>, EngineError> {
    let start = format!("{prefix}{}", after.unwrap_or_default());
    let rows = store.documents(kind, Some(&start), limit).await?;
    let ends = rows.into_iter().map_while(|row| row.id.strip_prefix(prefix).map(str::to_owned));
    Ok(ends.collect())
}

/// Writes a thing whose document had `version` (zero: it is new) and its places, and leaves old places.
pub(super) fn write<T: Serialize>(
    set: &mut ChangeSet,
    kind: DocumentKind,
    id: String,
    version: u64,
    value: &T,
    places: (Vec<String>, Vec<String>),
) -> Result<(), EngineError> {
    let bytes = serde_json::to_vec(value)
        .map_err(|error| StoreError::Refused { what: format!("document `{id}`"), why: error.to_string() })?;
    set.expect(Subject::Document(kind, id.clone()), version);
    set.writes.push(Write::Document(Document { kind, id, bytes, version: version + 1 }));
    let (old, new) = places;
    for gone in old.iter().filter(|place| !new.contains(place)) {
        set.writes.push(Write::RemoveDocument(kind, gone.clone()));
    }
    for place in new.into_iter().filter(|place| !old.contains(place)) {
        set.writes.push(Write::Document(Document { kind, id: place, bytes: b"{}".to_vec(), version: 1 }));
    }
    Ok(())
}

/// A name as part of an id, in which `/` stands between parts.
pub(super) fn part(name: &str) -> String {
    name.replace('%', "%25").replace('/', "%2F")
}

/// A number of which the greater sorts first.
pub(super) fn falling(number: i64) -> String {
    format!("{:016x}", !(number as u64 ^ 1 << 63))
}
