//! Relationships: what one customer is to another, named from both sides.

use serde::{Deserialize, Serialize};

use super::{ContactId, RelationshipId, Stamp};

/// What two customers are to each other.
///
/// Both ends are contacts, so that it goes with them when profiles are merged or taken apart. While a merge
/// holds both ends in one profile there is nobody to be related to, and nothing is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relationship {
    /// Follows from the request that made it.
    pub id: RelationshipId,
    /// One end.
    pub a: ContactId,
    /// The other end.
    pub b: ContactId,
    /// What the one is to the other, such as `assistant`.
    pub a_is: String,
    /// What the other is to the one, such as `employer`.
    pub b_is: String,
    /// Who said so, and when.
    pub made: Stamp,
    /// Who took it away, and when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub removed: Option<Stamp>,
    /// Counts its changes.
    pub version: u64,
}

/// Words that are offered, each with what the other side then is.
const KNOWN: [(&str, &str); 15] = [
    ("spouse", "spouse"),
    ("partner", "partner"),
    ("parent", "child"),
    ("child", "parent"),
    ("sibling", "sibling"),
    ("friend", "friend"),
    ("colleague", "colleague"),
    ("assistant", "employer"),
    ("employer", "employee"),
    ("employee", "employer"),
    ("manager", "report"),
    ("report", "manager"),
    ("guardian", "ward"),
    ("ward", "guardian"),
    ("referred by", "referred"),
];

impl Relationship {
    /// The words that are offered.
    pub fn known_words() -> impl Iterator<Item = &'static str> {
        KNOWN.iter().map(|(word, _)| *word)
    }

    /// What the other side is, where the word is a known one.
    pub fn other_side(word: &str) -> Option<&'static str> {
        let word = word.trim().to_lowercase();
        KNOWN.iter().find(|(known, _)| *known == word).map(|(_, other)| *other)
    }
}
