//! A hit for somebody who does not see everything: found and shown by what they see.
//!
//! The index holds all values. What it found for whoever sees less is held against the profile as they see
//! it, by the same words and the same score: what they cannot see finds nothing.

use super::{
    document::IndexedProfile,
    query::Hit,
    wanted::{Typos, Wanted},
};
use crate::{
    model::{Schema, Timestamp},
    view::{ProfileView, Seen, Sight},
};

/// What somebody typed, to be held against profiles as they see them.
pub struct SeenAs<'a> {
    sight: &'a Sight,
    schema: &'a Schema,
    wanted: Option<Wanted>,
}

impl<'a> SeenAs<'a> {
    /// Understands a text.
    pub fn new(sight: &'a Sight, schema: &'a Schema, text: &str) -> Self {
        Self { sight, schema, wanted: Wanted::parse(text) }
    }

    /// The hit as it is shown, where the profile is found by what is seen of it. The view is the whole one.
    pub fn hit(&self, whole: &ProfileView, created: Timestamp) -> Option<Hit> {
        let mut seen = whole.clone();
        self.sight.cover_view(&mut seen);
        let indexed = IndexedProfile::of(&seen, created, self.schema);
        if let Some(wanted) = &self.wanted {
            let fits = wanted.score(&indexed, Typos::One).is_some() || self.is_named(wanted, whole, created);
            if !fits {
                return None;
            }
        }
        Some(Hit::new(indexed.row, self.wanted.as_ref()))
    }

    /// Whether the text is all of something that is masked: whoever knows it needs nobody to tell them.
    fn is_named(&self, wanted: &Wanted, whole: &ProfileView, created: Timestamp) -> bool {
        let mut named = whole.clone();
        named.fields.retain(|field| self.sight.of_property(field.key.as_str()) != Seen::Hidden);
        named.contacts.retain(|contact| {
            contact.kind.as_ref().is_none_or(|kind| self.sight.of_kind(kind) != Seen::Hidden)
        });
        wanted.is_exactly(&IndexedProfile::of(&named, created, self.schema))
    }

    /// Whether a list may be sorted by name: the order would tell what is covered.
    pub fn sorts_by_name(&self) -> bool {
        let names =
            ["name", "first_name", "last_name"].iter().all(|key| self.sight.of_property(key) == Seen::Full);
        // Whoever has no name is called by an address or a number.
        names && !self.sight.covers_identifiers()
    }
}
