//! Typed documents: people, keys, sessions and settings as JSON in the store.
//!
//! A change reads the document, applies a function and commits with the version it read; when
//! somebody else was faster it reads again. So two changes never overwrite each other.

use serde::{Serialize, de::DeserializeOwned};
use whom_core::{
    feed::Change,
    model::Timestamp,
    store::{ChangeSet, Document, DocumentKind, SharedStore, StoreError, Subject, Write},
};

use crate::audit::{self, Deed};

/// How often a change is tried against others that come between.
const TRIES: usize = 20;

/// Something that is kept as a document.
pub(crate) trait Stored: Serialize + DeserializeOwned + Send {
    /// What sort of document it is.
    const KIND: DocumentKind;
    /// The word under which readers of the feed hear of its changes; nothing where they do not.
    const FEED: Option<&'static str> = None;
}

/// What becomes of a document.
pub(crate) enum Fate<T> {
    /// It is written so.
    Put(T),
    /// It is taken away.
    Remove,
    /// It stays as it is.
    Keep,
}

/// Reads a document.
pub(crate) async fn get<T: Stored>(store: &SharedStore, id: &str) -> Result<Option<T>, StoreError> {
    store.document(T::KIND, id).await?.map(|row| read(&row)).transpose()
}

/// Reads documents in the order of their ids, after `after`.
pub(crate) async fn list<T: Stored>(
    store: &SharedStore,
    after: Option<&str>,
    limit: usize,
) -> Result<Vec<(String, T)>, StoreError> {
    let rows = store.documents(T::KIND, after, limit).await?;
    rows.iter().map(|row| Ok((row.id.clone(), read(row)?))).collect()
}

/// Changes a document in one step; gives what `decide` answers besides.
pub(crate) async fn change<T: Stored, R: Send>(
    store: &SharedStore,
    id: &str,
    now: Timestamp,
    decide: impl FnMut(Option<T>) -> (Fate<T>, R) + Send,
) -> Result<R, StoreError> {
    change_noting(store, id, now, None, decide).await
}

/// The same, with an entry of the audit log in the same commit; what stays as it is leaves none.
pub(crate) async fn change_noting<T: Stored, R: Send>(
    store: &SharedStore,
    id: &str,
    now: Timestamp,
    deed: Option<&Deed>,
    mut decide: impl FnMut(Option<T>) -> (Fate<T>, R) + Send,
) -> Result<R, StoreError> {
    let mut tried = 0;
    loop {
        let known = store.document(T::KIND, id).await?;
        let version = known.as_ref().map_or(0, |row| row.version);
        let (fate, answer) = decide(known.as_ref().map(read).transpose()?);
        let mut changes = ChangeSet::at(now);
        changes.expect(Subject::Document(T::KIND, id.to_owned()), version);
        match fate {
            Fate::Keep => return Ok(answer),
            Fate::Remove if version == 0 => return Ok(answer),
            Fate::Remove => changes.writes.push(Write::RemoveDocument(T::KIND, id.to_owned())),
            Fate::Put(value) => changes.writes.push(Write::Document(row(id, &value, version + 1)?)),
        }
        if let Some(deed) = deed {
            changes.writes.push(audit::row(deed, now)?);
        }
        if let Some(word) = T::FEED {
            changes.changes.push(Change::DocumentChanged { kind: word.to_owned(), id: id.to_owned() });
        }
        tried += 1;
        match store.commit(changes).await {
            Ok(_) => return Ok(answer),
            Err(StoreError::Conflict { .. }) if tried < TRIES => {}
            Err(error) => return Err(error),
        }
    }
}

/// Writes a document whatever was there.
pub(crate) async fn put<T: Stored + Clone + Sync>(
    store: &SharedStore,
    id: &str,
    now: Timestamp,
    value: &T,
) -> Result<(), StoreError> {
    change(store, id, now, |_| (Fate::Put(value.clone()), ())).await
}

/// A document that was not there before, for a change set of somebody else's.
pub(crate) fn new_row<T: Stored>(id: &str, value: &T) -> Result<Document, StoreError> {
    row(id, value, 1)
}

/// A document as it is stored.
pub(crate) fn row<T: Stored>(id: &str, value: &T, version: u64) -> Result<Document, StoreError> {
    let bytes = serde_json::to_vec(value).map_err(|error| refused(id, &error))?;
    Ok(Document { kind: T::KIND, id: id.to_owned(), bytes, version })
}

/// Takes away every document of a kind that `is_over` says so of; gives how many.
pub(crate) async fn sweep<T: Stored>(
    store: &SharedStore,
    now: Timestamp,
    is_over: impl Fn(&T) -> bool,
) -> Result<usize, StoreError> {
    const PAGE: usize = 500;
    let mut after: Option<String> = None;
    let mut swept = 0;
    loop {
        let page = list::<T>(store, after.as_deref(), PAGE).await?;
        let Some((last, _)) = page.last() else { return Ok(swept) };
        after = Some(last.clone());
        let over: Vec<_> = page.iter().filter(|(_, value)| is_over(value)).collect();
        if !over.is_empty() {
            let mut changes = ChangeSet::at(now);
            changes.writes.extend(over.iter().map(|(id, _)| Write::RemoveDocument(T::KIND, id.clone())));
            store.commit(changes).await?;
            swept += over.len();
        }
        if page.len() < PAGE {
            return Ok(swept);
        }
    }
}

/// Reads a document's bytes.
pub(crate) fn read<T: Stored>(row: &Document) -> Result<T, StoreError> {
    serde_json::from_slice(&row.bytes).map_err(|error| StoreError::Damaged {
        what: format!("document {:?} `{}`", row.kind, row.id),
        why: error.to_string(),
    })
}

fn refused(id: &str, error: &serde_json::Error) -> StoreError {
    StoreError::Refused { what: format!("document `{id}`"), why: error.to_string() }
}
