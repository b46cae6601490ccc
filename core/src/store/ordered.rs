//! The seam between what a store means and what keeps it: rows of bytes in the order of their keys.

use std::{collections::BTreeMap, ops::ControlFlow, ops::Deref, path::Path};

use super::{
    StoreError,
    rows::{Row, RowError, decode, key, key::Key},
};

/// What one step of a scan says: whether to go on.
pub(crate) type Step = Result<ControlFlow<()>, StoreError>;

/// Rows to put, and keys to take away: all of it at once.
pub(crate) type Batch = BTreeMap<Key, Option<Vec<u8>>>;

/// Rows in the order of their keys.
pub(crate) trait Ordered {
    /// The bytes of one row.
    type Bytes: Deref<Target = [u8]>;

    /// The row with this key.
    fn get(&self, key: &[u8]) -> Result<Option<Self::Bytes>, StoreError>;

    /// Visits the rows from `from` on whose keys start with `prefix`, in order.
    fn scan(
        &self,
        from: &[u8],
        prefix: &[u8],
        visit: &mut dyn FnMut(&[u8], &[u8]) -> Step,
    ) -> Result<(), StoreError>;

    /// Visits the rows before `before` whose keys start with `prefix`, the last first.
    fn scan_back(
        &self,
        before: &[u8],
        prefix: &[u8],
        visit: &mut dyn FnMut(&[u8], &[u8]) -> Step,
    ) -> Result<(), StoreError>;

    /// The last row whose key starts with `prefix`.
    fn last(&self, prefix: &[u8]) -> Result<Option<(Key, Self::Bytes)>, StoreError>;

    /// What an error calls the place.
    fn folder(&self) -> &Path;

    /// Visits all rows whose keys start with `prefix`.
    fn each(
        &self,
        prefix: &[u8],
        mut visit: impl FnMut(&[u8], &[u8]) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.scan(prefix, prefix, &mut |key, bytes| visit(key, bytes).map(ControlFlow::Continue))
    }

    /// The row with this key, read.
    fn row<R: Row>(&self, key: &[u8]) -> Result<Option<R>, StoreError> {
        self.get(key)?.map(|bytes| self.read(key, &bytes)).transpose()
    }

    /// Reads a row.
    fn read<R: Row>(&self, key: &[u8], bytes: &[u8]) -> Result<R, StoreError> {
        self.sound(key, decode(key, bytes))
    }

    /// Says of an error which row it is about.
    fn sound<T>(&self, key: &[u8], result: Result<T, RowError>) -> Result<T, StoreError> {
        result.map_err(|error| row_error(error, key, self.folder()))
    }
}

/// Says of an error which row it is about, and where.
pub(crate) fn row_error(error: RowError, key: &[u8], folder: &Path) -> StoreError {
    match error {
        RowError::Newer { found, known } => {
            StoreError::Newer { folder: folder.to_owned(), found: found.into(), known: known.into() }
        }
        RowError::Broken(why) => StoreError::Damaged { what: key::describe(key), why },
    }
}
