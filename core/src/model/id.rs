//! Names of things: 80 bits, derived with the store's own key, written as a prefix and 16 letters.
//!
//! Ids are derived rather than drawn: a contact's id follows from its identifier, an entry's id from
//! the sender's message id. So finding a contact takes no index, a repeated message is recognised by
//! its own key, and what is left of an erased person is a keyed hash that says nothing.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{ExternalId, Identifier, Value};

/// Length of every id in bytes. 80 bits keep the odds of one collision among a billion ids below one in a million.
pub(super) const ID_LEN: usize = 10;

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Why a text is not an id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{given}` is not {wanted}: it is written `{prefix}` and 16 letters or digits")]
pub struct IdError {
    given: String,
    wanted: &'static str,
    prefix: &'static str,
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal, $words:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; ID_LEN]);

        impl $name {
            /// What every id of this kind starts with when written.
            pub const PREFIX: &'static str = $prefix;

            /// Takes an id back from the bytes a store kept.
            pub const fn from_bytes(bytes: [u8; ID_LEN]) -> Self {
                Self(bytes)
            }

            /// The bytes to keep; their order is the order of the ids.
            pub const fn as_bytes(&self) -> &[u8; ID_LEN] {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str($prefix)?;
                write_base32(&self.0, f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                text.strip_prefix($prefix).and_then(read_base32).map(Self).ok_or_else(|| IdError {
                    given: text.chars().take(80).collect(),
                    wanted: $words,
                    prefix: $prefix,
                })
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    )*};
}

ids! {
    /// Names a profile, for ever: after a merge the old id still resolves.
    ProfileId = "p_", "a profile id";
    /// Names a contact; follows from its identifier.
    ContactId = "c_", "a contact id";
    /// Names a claim; follows from contact, property, source and what is claimed.
    ClaimId = "cl_", "a claim id";
    /// Names one entry of a timeline; follows from the sender's own id for it.
    EntryId = "e_", "an entry id";
    /// Names a conversation; follows from its first entry.
    ConversationId = "cv_", "a conversation id";
    /// Names a change of membership: a link, a merge, a detachment, a move.
    MembershipId = "m_", "a merge id";
    /// Names an account.
    AccountId = "a_", "an account id";
    /// Names a task; follows from the request that made it.
    TaskId = "t_", "a task id";
    /// Names a relationship; follows from the request that made it.
    RelationshipId = "r_", "a relationship id";
}

/// What is left of an erased identifier: its keyed contact id, and nothing that could be read back.
pub type Tombstone = ContactId;

/// The store's own key, from which every id is derived. Made once, kept in the store, never shown.
#[derive(Clone)]
pub struct IdKey([u8; 32]);

impl fmt::Debug for IdKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IdKey(..)")
    }
}

impl IdKey {
    /// Takes the key back from the store, or a fresh one from whoever has entropy.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes to keep.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    fn derive(&self, domain: &str, parts: &[&[u8]]) -> [u8; ID_LEN] {
        let mut hasher = blake3::Hasher::new_keyed(&self.0);
        hasher.update(domain.as_bytes());
        for part in parts {
            // Lengths stand between the parts, so that no two lists of parts read the same.
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
        let mut id = [0; ID_LEN];
        id.copy_from_slice(&hasher.finalize().as_bytes()[..ID_LEN]);
        id
    }

    /// The contact that an identifier means.
    pub fn contact(&self, identifier: &Identifier) -> ContactId {
        ContactId(
            self.derive("contact", &[identifier.kind().as_str().as_bytes(), identifier.value().as_bytes()]),
        )
    }

    /// The contact without identifier that belongs to a profile as such.
    pub fn own_contact(&self, profile: ProfileId) -> ContactId {
        ContactId(self.derive("own", &[&profile.0]))
    }

    /// The profile a new contact founds.
    pub fn home(&self, contact: ContactId) -> ProfileId {
        ProfileId(self.derive("profile", &[&contact.0]))
    }

    /// The profile a contact gets when it is detached at `clock`.
    pub fn detached(&self, contact: ContactId, clock: u64) -> ProfileId {
        ProfileId(self.derive("detached", &[&contact.0, &clock.to_le_bytes()]))
    }

    /// The profile somebody creates by hand; `external` is the id of the request.
    pub fn created(&self, external: &ExternalId) -> ProfileId {
        ProfileId(self.derive("created", &[external.scope().as_bytes(), external.id().as_bytes()]))
    }

    /// The entry that a sender's own id means.
    pub fn entry(&self, external: &ExternalId) -> EntryId {
        EntryId(self.derive("entry", &[external.scope().as_bytes(), external.id().as_bytes()]))
    }

    /// The task that a request makes.
    pub fn task(&self, external: &ExternalId) -> TaskId {
        TaskId(self.derive("task", &[external.scope().as_bytes(), external.id().as_bytes()]))
    }

    /// The relationship that a request makes.
    pub fn relationship(&self, external: &ExternalId) -> RelationshipId {
        RelationshipId(self.derive("relationship", &[external.scope().as_bytes(), external.id().as_bytes()]))
    }

    /// The conversation that a message starts, by the sender's own id for that message.
    ///
    /// A reply names the first message of its thread, so it finds the conversation even when it comes first.
    pub fn conversation(&self, first: &ExternalId) -> ConversationId {
        ConversationId(self.derive("conversation", &[first.scope().as_bytes(), first.id().as_bytes()]))
    }

    /// The claim of a source about a property of a contact.
    pub fn claim(
        &self,
        contact: ContactId,
        property: &str,
        source: &str,
        words: &str,
        value: Option<&Value>,
    ) -> ClaimId {
        let canonical = value.map(|value| value.to_json().to_string()).unwrap_or_default();
        ClaimId(self.derive(
            "claim",
            &[&contact.0, property.as_bytes(), source.as_bytes(), words.as_bytes(), canonical.as_bytes()],
        ))
    }

    /// The link between two contacts; the same whichever is named first.
    pub fn link(&self, a: ContactId, b: ContactId) -> MembershipId {
        let (low, high) = if a <= b { (a, b) } else { (b, a) };
        MembershipId(self.derive("link", &[&low.0, &high.0]))
    }

    /// A merge, move or detachment at `clock`.
    pub fn membership(
        &self,
        deed: &str,
        subject: &[u8; ID_LEN],
        object: &[u8; ID_LEN],
        clock: u64,
    ) -> MembershipId {
        MembershipId(self.derive("membership", &[deed.as_bytes(), subject, object, &clock.to_le_bytes()]))
    }

    /// The account that a source's own id for it means.
    pub fn account(&self, external: &ExternalId) -> AccountId {
        AccountId(self.derive("account", &[external.scope().as_bytes(), external.id().as_bytes()]))
    }
}

fn write_base32(bytes: &[u8; ID_LEN], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut text = [0u8; 16];
    for (half, chunk) in bytes.chunks_exact(5).enumerate() {
        let word = chunk.iter().fold(0u64, |word, byte| word << 8 | u64::from(*byte));
        for place in 0..8 {
            text[half * 8 + place] = ALPHABET[(word >> (35 - place * 5) & 31) as usize];
        }
    }
    f.write_str(std::str::from_utf8(&text).map_err(|_| fmt::Error)?)
}

fn read_base32(text: &str) -> Option<[u8; ID_LEN]> {
    let text = text.as_bytes();
    if text.len() != 16 {
        return None;
    }
    let mut bytes = [0u8; ID_LEN];
    for half in 0..2 {
        let mut word = 0u64;
        for letter in &text[half * 8..half * 8 + 8] {
            let letter = letter.to_ascii_lowercase();
            word = word << 5 | ALPHABET.iter().position(|known| *known == letter)? as u64;
        }
        bytes[half * 5..half * 5 + 5].copy_from_slice(&word.to_be_bytes()[3..]);
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_as_it_was_written() {
        let id = ProfileId::from_bytes([0, 1, 2, 3, 4, 250, 251, 252, 253, 255]);
        assert_eq!(id.to_string().parse::<ProfileId>(), Ok(id));
        assert_eq!(id.to_string().len(), "p_".len() + 16);
        assert_eq!(id.to_string().to_uppercase().replace("P_", "p_").parse::<ProfileId>(), Ok(id));
    }

    #[test]
    fn an_id_of_another_kind_is_refused_by_name() {
        let error = "c_0000000000000000".parse::<ProfileId>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "`c_0000000000000000` is not a profile id: it is written `p_` and 16 letters or digits"
        );
    }

    #[test]
    fn a_link_is_the_same_from_both_ends() {
        let key = IdKey::from_bytes([7; 32]);
        let (a, b) = (ContactId::from_bytes([1; 10]), ContactId::from_bytes([2; 10]));
        assert_eq!(key.link(a, b), key.link(b, a));
    }
}
