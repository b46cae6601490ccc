//! Places in a list: where a page ended, so that the next goes on from there.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};

use super::{SearchError, query::Query, wanted::Typos};

/// A place in the order of a list: the smaller stands first.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Place {
    pub(super) first: u64,
    pub(super) second: u64,
    /// A text whose order counts, as its bytes.
    pub(super) name: Vec<u8>,
    /// Tells profiles apart that are equal in everything else.
    pub(super) tie: u64,
}

/// Where a page ended, and of which list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Cursor {
    list: u32,
    has_typos: bool,
    pub(super) after: Place,
}

impl Cursor {
    /// The end of a page of what `query` asks for.
    pub(super) fn new(query: &Query, typos: Typos, after: Place) -> Self {
        Self { list: list_of(query), has_typos: typos == Typos::One, after }
    }

    /// Whether the list holds mistyped words; the first page decides it for all.
    pub(super) fn typos(&self) -> Typos {
        if self.has_typos { Typos::One } else { Typos::None }
    }

    /// The text that a client gives back.
    pub(super) fn to_text(&self) -> String {
        URL_SAFE_NO_PAD.encode(postcard::to_stdvec(self).unwrap_or_default())
    }

    /// Takes a text back; one of another list is refused.
    pub(super) fn read(text: &str, query: &Query) -> Result<Self, SearchError> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| SearchError::Cursor)?;
        let cursor: Self = postcard::from_bytes(&bytes).map_err(|_| SearchError::Cursor)?;
        if cursor.list == list_of(query) { Ok(cursor) } else { Err(SearchError::Cursor) }
    }
}

/// A number that differs for lists of different things or order.
fn list_of(query: &Query) -> u32 {
    let list = format!(
        "{:?} {:?} {:?} {:?} {:?} {}",
        query.kind,
        query.state,
        query.sort,
        query.direction,
        query.filter,
        query.text.trim()
    );
    let hash = blake3::hash(list.as_bytes());
    u32::from_le_bytes(hash.as_bytes()[..4].try_into().unwrap_or_default())
}
