//! Decisions of people about claims: which value is shown, which is not, and whose word does not count.
//!
//! A decision is kept as a claim of its own, under the contact whose claim it is about, with a key that no
//! source can give. So it is appended like any claim, goes back with its owner when a merge is undone, and
//! goes with its contact when that is erased. Taking it back is one more claim.

use super::{Assertion, Claim, ContactId, MembershipId, PropertyKey, Source, Timestamp, Value};

/// What somebody decided about a property.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Decision {
    /// This value is shown, whatever sources say, until an agent says something else.
    Pin(Value),
    /// This value is not shown, whoever says it.
    Hide(Value),
    /// What this source says does not count.
    Never(Source),
}

/// The words of decisions in reserved keys; they are on disk.
const PIN: &str = "_pin.";
const HIDE: &str = "_hide.";
const NEVER: &str = "_never.";

impl Decision {
    /// The word for it.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Pin(_) => "pin",
            Self::Hide(_) => "hide",
            Self::Never(_) => "never",
        }
    }

    /// The key under which it is kept; one that came with a merge names the merge.
    pub fn key(&self, property: &PropertyKey, merge: Option<MembershipId>) -> PropertyKey {
        let prefix = match self {
            Self::Pin(_) => PIN,
            Self::Hide(_) => HIDE,
            Self::Never(_) => NEVER,
        };
        match merge {
            Some(merge) => PropertyKey::reserved(&format!("{prefix}{property}@{merge}")),
            None => PropertyKey::reserved(&format!("{prefix}{property}")),
        }
    }

    /// What the claim that keeps it is about.
    pub fn value(&self) -> Value {
        match self {
            Self::Pin(value) | Self::Hide(value) => value.clone(),
            Self::Never(source) => Value::Text(source.to_string()),
        }
    }
}

/// A decision as a claim keeps it: made, or taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// What was decided.
    pub decision: Decision,
    /// About which property.
    pub property: PropertyKey,
    /// The merge that it came with, where it came with one.
    pub merge: Option<MembershipId>,
    /// The contact it is kept under.
    pub contact: ContactId,
    /// Who.
    pub by: Source,
    /// When.
    pub at: Timestamp,
    /// Whether it was made, rather than taken back.
    pub stands: bool,
}

impl Decided {
    /// Reads a claim that keeps a decision; nothing where it is an ordinary one.
    pub fn read(claim: &Claim) -> Option<Self> {
        let key = claim.property.as_str();
        if !claim.property.is_reserved() {
            return None;
        }
        let rest =
            [PIN, HIDE, NEVER].into_iter().find_map(|prefix| Some((prefix, key.strip_prefix(prefix)?)));
        let (prefix, rest) = rest?;
        let (property, merge) = match rest.split_once('@') {
            Some((property, merge)) => (property, Some(merge.parse().ok()?)),
            None => (rest, None),
        };
        let (value, stands) = match &claim.assertion {
            Assertion::Is(value) => (value, true),
            Assertion::IsNot(value) => (value, false),
            Assertion::Empty => return None,
        };
        let decision = match prefix {
            PIN => Decision::Pin(value.clone()),
            HIDE => Decision::Hide(value.clone()),
            _ => Decision::Never(value.as_text()?.parse().ok()?),
        };
        Some(Self {
            decision,
            property: PropertyKey::fold(property)?,
            merge,
            contact: claim.contact,
            by: claim.source.clone(),
            at: claim.last_observed,
            stands,
        })
    }
}

/// The decisions that stand among claims: of those about one thing under one contact the latest counts.
/// They are in the order in which they were made.
pub fn standing<'a>(claims: impl IntoIterator<Item = &'a Claim>) -> Vec<Decided> {
    let mut latest: Vec<Decided> = Vec::new();
    for decided in claims.into_iter().filter_map(Decided::read) {
        let same = latest.iter_mut().find(|known| {
            known.contact == decided.contact
                && known.merge == decided.merge
                && known.property == decided.property
                && known.decision == decided.decision
        });
        match same {
            Some(known) => {
                // Two at the same moment: taking back counts, and then the name, so that order leaves no trace.
                let rank = |one: &Decided| (one.at, !one.stands, one.by.clone());
                if rank(&decided) > rank(known) {
                    *known = decided;
                }
            }
            None => latest.push(decided),
        }
    }
    latest.retain(|known| known.stands);
    latest.sort_by(|a, b| (a.at, &a.decision, &a.by).cmp(&(b.at, &b.decision, &b.by)));
    latest
}
