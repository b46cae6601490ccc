//! The audit log: who did what, when, on what. Entries are written once, never changed, and go only when
//! their time is over.
//!
//! Where a deed changes a document, its entry is in the same commit; otherwise it follows at once and
//! names the number of the feed. It holds ids and never a value of a customer.

mod deed;

mod around;
mod list;

pub(crate) use around::{Noted, ids_of, note};
pub(crate) use deed::{Deed, Who, hidden_login};
pub(crate) use list::{AuditQuery, list};

use std::sync::atomic::{AtomicU32, Ordering};

use serde::{Deserialize, Serialize};
use whom_core::{
    feed::FeedNumber,
    model::Timestamp,
    store::{ChangeSet, Document, DocumentKind, SharedStore, StoreError, Subject, Write},
};

use crate::{asking::Asking, documents::Stored, secret};

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct AuditEntry {
    /// When.
    pub(crate) at: Timestamp,
    /// Who.
    pub(crate) who: Who,
    /// What was done, such as `person_added`.
    pub(crate) what: String,
    /// On what: ids such as `person:ana` or `profile:p_…`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) on: Vec<String>,
    /// The surface: `page`, `api`, `tracking`, `local`, or `house` for the server itself.
    pub(crate) surface: String,
    /// The number of the feed after it, where it was no change of a document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) feed: Option<FeedNumber>,
    /// What whoever did it gave as the reason, where one is asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) why: Option<String>,
}

impl Stored for AuditEntry {
    const KIND: DocumentKind = DocumentKind::Audit;
}

/// Tells entries of the same millisecond apart, in their order.
static COUNTED: AtomicU32 = AtomicU32::new(0);

/// An id under which the newest entry is listed first.
fn id_at(at: Timestamp) -> String {
    let count = u32::MAX - COUNTED.fetch_add(1, Ordering::Relaxed);
    // A few random digits: another process may write to the same store in the same millisecond.
    format!("{}{count:08x}{}", before(at), secret::hex(&secret::random::<3>()))
}

/// Where the ids of everything before `at` begin.
fn before(at: Timestamp) -> String {
    format!("{:016x}", (i64::MAX - at.as_millis()).unsigned_abs())
}

/// The row of a deed, to stand in the commit that does it.
pub(crate) fn row(deed: &Deed, now: Timestamp) -> Result<Write, StoreError> {
    row_of(deed, None, now).map(Write::Document)
}

fn row_of(deed: &Deed, feed: Option<FeedNumber>, now: Timestamp) -> Result<Document, StoreError> {
    let entry = AuditEntry {
        at: now,
        who: deed.who.clone(),
        what: deed.what.to_owned(),
        on: deed.on.clone(),
        surface: deed.surface.unwrap_or_else(Asking::surface).to_owned(),
        feed,
        why: deed.why.clone(),
    };
    let id = id_at(now);
    let bytes = serde_json::to_vec(&entry).map_err(|error| StoreError::Refused {
        what: format!("audit entry `{id}`"),
        why: error.to_string(),
    })?;
    Ok(Document { kind: DocumentKind::Audit, id, bytes, version: 1 })
}

/// Writes an entry for a deed that was done in another commit.
pub(crate) async fn record(store: &SharedStore, deed: &Deed, now: Timestamp) -> Result<(), StoreError> {
    let head = *store.feed_head().borrow();
    let document = row_of(deed, Some(head), now)?;
    let mut changes = ChangeSet::at(now);
    changes.expect(Subject::Document(DocumentKind::Audit, document.id.clone()), 0);
    changes.writes.push(Write::Document(document));
    store.commit(changes).await.map(drop)
}

/// The most entries that one round takes away.
const AT_ONCE: usize = 2_000;

/// Takes away entries from before `oldest`, a bounded number at a time; gives how many.
pub(crate) async fn sweep(
    store: &SharedStore,
    oldest: Timestamp,
    now: Timestamp,
) -> Result<usize, StoreError> {
    let after = before(oldest);
    // Whatever stands after this place is older; `g` stands behind every digit of the same millisecond.
    let over = store.documents(DocumentKind::Audit, Some(&format!("{after}g")), AT_ONCE).await?;
    if over.is_empty() {
        return Ok(0);
    }
    let mut changes = ChangeSet::at(now);
    changes.writes.extend(over.iter().map(|row| Write::RemoveDocument(DocumentKind::Audit, row.id.clone())));
    store.commit(changes).await?;
    Ok(over.len())
}

#[cfg(test)]
mod tests;
