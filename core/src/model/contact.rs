//! Contacts: one identifier each, with all that was learnt through it.

use serde::Serialize;

use super::{
    AccountId, ContactId, EntryKind, Identifier, MembershipId, ProfileId, Source, SourceKind, Tally,
    Timestamp,
};

/// What makes a contact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ContactKey {
    /// An identifier, with the form in which it was first seen.
    Identified {
        /// Normalised.
        identifier: Identifier,
        /// As it was first written.
        raw: String,
    },
    /// None: the contact holds what was recorded about the profile as such.
    Own {
        /// The profile whose own contact it is.
        of: ProfileId,
    },
}

/// One identifier with all that was learnt through it. What is recorded here never moves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Contact {
    /// Follows from the identifier.
    pub id: ContactId,
    /// The identifier, or none.
    pub key: ContactKey,
    /// The profile it belongs to now.
    pub profile: ProfileId,
    /// The profile it belonged to at first; where it goes when every later change is undone.
    pub home: ProfileId,
    /// The profile's clock when the contact was made: earlier changes of membership do not move it.
    pub born: u64,
    /// Contacts that a statement named together with this one.
    pub links: Vec<ContactId>,
    /// Changes of membership that moved it or were anchored on it, in order.
    pub changes: Vec<MembershipId>,
    /// Accounts it was linked to.
    pub accounts: Vec<AccountId>,
    /// Who brought it.
    pub source: Source,
    /// The time of the earliest thing recorded under it.
    pub first_seen: Timestamp,
    /// The time of the latest thing recorded under it.
    pub last_seen: Timestamp,
    /// How many messages its timeline holds.
    pub messages: u64,
    /// How many other entries its timeline holds.
    pub events: u64,
    /// How many entries of each kind fell in each month; empty in rows that were written before it was kept.
    pub tally: Tally,
    /// Counts the changes of this row; zero before it was ever stored.
    pub version: u64,
}

impl Contact {
    /// The identifier, where it has one.
    pub fn identifier(&self) -> Option<&Identifier> {
        match &self.key {
            ContactKey::Identified { identifier, .. } => Some(identifier),
            ContactKey::Own { .. } => None,
        }
    }

    /// The identifier as it was first written.
    pub fn raw(&self) -> Option<&str> {
        match &self.key {
            ContactKey::Identified { raw, .. } => Some(raw),
            ContactKey::Own { .. } => None,
        }
    }

    /// Names it again, as `source` wrote it at `at`. The earliest naming is the one that is shown, so that
    /// the order of arrival leaves no trace.
    pub fn named(&mut self, raw: &str, source: &Source, at: Timestamp) {
        if let ContactKey::Identified { raw: known, .. } = &mut self.key
            && (at, source, raw) < (self.first_seen, &self.source, known.as_str())
        {
            self.source = source.clone();
            raw.clone_into(known);
        }
        self.seen_at(at);
    }

    /// Widens the span of time in which it was seen.
    pub fn seen_at(&mut self, at: Timestamp) {
        self.first_seen = self.first_seen.min(at);
        self.last_seen = self.last_seen.max(at);
    }

    /// Counts an entry of its timeline. What the team notes and does is no sign of life of the customer.
    pub fn happened(&mut self, kind: EntryKind, at: Timestamp) {
        self.done_by_team(kind, at);
        if !matches!(kind, EntryKind::Note | EntryKind::Activity) {
            self.seen_at(at);
        }
    }

    /// Counts an entry of its timeline that the team made, such as an answer: that is no sign of life either.
    pub fn done_by_team(&mut self, kind: EntryKind, at: Timestamp) {
        match kind {
            EntryKind::Message => self.messages += 1,
            _ => self.events += 1,
        }
        self.tally.count(kind, at);
    }

    /// Whether its times say when the customer was seen: somebody else than the team brought it, or the
    /// customer did something under it.
    pub fn was_seen(&self) -> bool {
        let total = self.tally.total();
        let did = u64::from(total.messages) + u64::from(total.events) + u64::from(total.pages);
        let did_something = did > 0 || (!self.tally_is_whole() && self.messages + self.events > 0);
        let came_by_itself = self.identifier().is_some() && self.source.kind() != SourceKind::Agent;
        came_by_itself || did_something
    }

    /// Whether the tally knows of every entry: a contact from before it was kept knows of the later ones alone.
    pub fn tally_is_whole(&self) -> bool {
        self.tally.total().all() == self.messages + self.events
    }

    /// Whether it proves that somebody is a customer rather than a visitor.
    pub fn proves_customer(&self) -> bool {
        self.identifier().is_some_and(|identifier| identifier.kind().as_str() != "anonymous_id")
    }

    /// A key that sorts contacts for showing: by channel, then by value, the own contact last.
    pub fn listing_key(&self) -> (u8, String) {
        const ORDER: [&str; 6] = ["email", "phone", "whatsapp", "messenger", "user_id", "anonymous_id"];
        match self.identifier() {
            None => (u8::MAX, String::new()),
            Some(identifier) => {
                let kind = identifier.kind().as_str();
                let place = ORDER.iter().position(|known| *known == kind);
                let place = match place {
                    Some(place) if place < 4 => place,
                    None => 4,
                    Some(place) => place + 1,
                };
                (place as u8, format!("{kind}:{}", identifier.value()))
            }
        }
    }
}
