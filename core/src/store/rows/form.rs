//! The envelope around every row, and the way an older row is read.

use serde::{Deserialize, Serialize};

use super::key::Raw;
use crate::model::{AccountId, ClaimId, ContactId, ConversationId, EntryId, MembershipId, ProfileId};

/// Why a row does not read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RowError {
    /// A newer whom wrote it.
    #[error("its format is {found}; this whom reads up to {known}")]
    Newer { found: u8, known: u8 },
    /// Its bytes are not what was written.
    #[error("{0}")]
    Broken(String),
}

impl From<postcard::Error> for RowError {
    fn from(error: postcard::Error) -> Self {
        Self::Broken(format!("its bytes do not read: {error}"))
    }
}

impl RowError {
    pub(crate) fn broken(why: impl ToString) -> Self {
        Self::Broken(why.to_string())
    }
}

/// Something of the model that is kept as one row.
///
/// `Stored` is its form on disk. A field is never added to it, taken away or moved without raising
/// `FORMAT` (and the format of the store); the form before then lives on in `upgrade`.
pub(crate) trait Row: Sized + 'static {
    /// Borrows from the model when written and from the row when read.
    type Stored<'a>: Serialize + Deserialize<'a>;

    /// The format that is written.
    const FORMAT: u8 = 1;

    /// Counts the changes of the row; zero for rows about which nothing is expected.
    fn version(&self) -> u64 {
        0
    }

    fn to_stored(&self) -> Self::Stored<'_>;

    fn from_stored(key: &[u8], version: u64, stored: Self::Stored<'_>) -> Result<Self, RowError>;

    /// Reads a row of an older format. Format 1 has none before it.
    fn upgrade(found: u8, _key: &[u8], _version: u64, _payload: &[u8]) -> Result<Self, RowError> {
        Err(RowError::Broken(format!("format {found} was never written")))
    }
}

/// The bytes of a row.
pub(crate) fn encode<R: Row>(row: &R) -> Result<Vec<u8>, RowError> {
    let mut bytes = Vec::with_capacity(128);
    bytes.push(R::FORMAT);
    bytes = postcard::to_extend(&row.version(), bytes)?;
    Ok(postcard::to_extend(&row.to_stored(), bytes)?)
}

/// The row that `bytes` are.
pub(crate) fn decode<R: Row>(key: &[u8], bytes: &[u8]) -> Result<R, RowError> {
    let (format, version, payload) = open(bytes)?;
    match format {
        found if found == R::FORMAT => {
            let (stored, rest) = postcard::take_from_bytes(payload)?;
            if !rest.is_empty() {
                return Err(RowError::Broken(format!("{} bytes stand after its end", rest.len())));
            }
            R::from_stored(key, version, stored)
        }
        found if found > R::FORMAT => Err(RowError::Newer { found, known: R::FORMAT }),
        found => R::upgrade(found, key, version, payload),
    }
}

/// The version of a row, without reading the rest of it.
pub(crate) fn version_of(bytes: &[u8]) -> Result<u64, RowError> {
    open(bytes).map(|(_, version, _)| version)
}

fn open(bytes: &[u8]) -> Result<(u8, u64, &[u8]), RowError> {
    let (format, rest) = bytes.split_first().ok_or_else(|| RowError::broken("it is empty"))?;
    let (version, payload) = postcard::take_from_bytes(rest)?;
    Ok((*format, version, payload))
}

/// An id, for code that is the same for all of them.
pub(crate) trait Id: Copy {
    fn raw(&self) -> Raw;
    fn of(raw: Raw) -> Self;
}

macro_rules! ids {
    ($($id:ident)*) => {$(
        impl Id for $id {
            fn raw(&self) -> Raw {
                *self.as_bytes()
            }
            fn of(raw: Raw) -> Self {
                Self::from_bytes(raw)
            }
        }
    )*};
}
ids!(AccountId ClaimId ContactId ConversationId EntryId MembershipId ProfileId);

pub(crate) fn pack<I: Id>(ids: &[I]) -> Vec<Raw> {
    ids.iter().map(Id::raw).collect()
}

pub(crate) fn unpack<I: Id>(raw: Vec<Raw>) -> Vec<I> {
    raw.into_iter().map(I::of).collect()
}

/// A stored twin of a plain enum: the order of the names is what is on disk, so new ones go to the end.
macro_rules! twin {
    ($twin:ident = $model:ident { $($name:ident),* $(,)? }) => {
        #[derive(Clone, Copy, serde::Serialize, serde::Deserialize)]
        pub(super) enum $twin { $($name),* }

        impl From<$model> for $twin {
            fn from(model: $model) -> Self {
                match model { $($model::$name => Self::$name),* }
            }
        }

        impl From<$twin> for $model {
            fn from(twin: $twin) -> Self {
                match twin { $($twin::$name => Self::$name),* }
            }
        }
    };
}
pub(super) use twin;

#[cfg(test)]
mod tests {
    use super::*;

    /// A row in its second format, which split a name in two.
    #[derive(Debug, PartialEq)]
    struct Name(String, String);

    impl Row for Name {
        type Stored<'a> = (&'a str, &'a str);
        const FORMAT: u8 = 2;

        fn to_stored(&self) -> Self::Stored<'_> {
            (&self.0, &self.1)
        }

        fn from_stored(_: &[u8], _: u64, (first, last): Self::Stored<'_>) -> Result<Self, RowError> {
            Ok(Self(first.into(), last.into()))
        }

        fn upgrade(found: u8, key: &[u8], version: u64, payload: &[u8]) -> Result<Self, RowError> {
            match found {
                1 => {
                    let whole: &str = postcard::from_bytes(payload)?;
                    Self::from_stored(key, version, whole.split_once(' ').unwrap_or((whole, "")))
                }
                _ => Err(RowError::Broken(format!("format {found} was never written"))),
            }
        }
    }

    fn row(format: u8, payload: &impl Serialize) -> Vec<u8> {
        postcard::to_extend(payload, vec![format, 0]).unwrap()
    }

    #[test]
    fn a_row_of_an_older_format_is_upgraded() {
        let ada = Name("Ada".into(), "Lovelace".into());
        assert_eq!(decode::<Name>(&[], &row(1, &"Ada Lovelace")).unwrap(), ada);
        assert_eq!(decode::<Name>(&[], &encode(&ada).unwrap()).unwrap(), ada);
    }

    #[test]
    fn a_row_of_a_newer_format_is_refused_by_number() {
        let error = decode::<Name>(&[], &row(3, &"?")).unwrap_err();
        assert_eq!(error.to_string(), "its format is 3; this whom reads up to 2");
    }

    #[test]
    fn a_row_with_something_after_its_end_is_broken() {
        let mut bytes = encode(&Name("Ada".into(), String::new())).unwrap();
        bytes.push(0);
        assert_eq!(decode::<Name>(&[], &bytes).unwrap_err().to_string(), "1 bytes stand after its end");
        assert!(decode::<Name>(&[], &[]).is_err());
    }
}
