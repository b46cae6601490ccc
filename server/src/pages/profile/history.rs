//! How a profile came together, in words: merges, detachments, contacts that one statement named.

use std::collections::BTreeMap;

use maud::{Markup, html};
use whom_core::{
    model::{ContactId, MembershipChange, MembershipDeed, ProfileId},
    view::ProfileView,
};

use crate::pages::words;

/// What contacts are called.
pub(crate) struct Names<'a> {
    /// The profile that is looked at.
    pub(crate) view: &'a ProfileView,
    /// What contacts are called that belong to others by now.
    pub(crate) gone: &'a BTreeMap<ContactId, String>,
}

impl Names<'_> {
    /// A contact as people know it; one that nobody remembers by its id.
    fn of(&self, contact: ContactId) -> String {
        match self.view.contacts.iter().find(|known| known.id == contact) {
            Some(known) if known.kind.is_some() => known.raw.clone(),
            Some(_) => words::OWN_CONTACT.to_owned(),
            None => self.gone.get(&contact).cloned().unwrap_or_else(|| contact.to_string()),
        }
    }
}

/// A change of membership in words.
pub(crate) fn deed(names: &Names<'_>, change: &MembershipChange) -> Markup {
    let moved: Vec<String> = change.moved.iter().map(|contact| names.of(*contact)).collect();
    let moved = moved.join(", ");
    let profile = |id: ProfileId| {
        html! { @if id == names.view.id { (words::THIS_PROFILE) } @else { a href=(format!("/customers/{id}")) { code { (id) } } } }
    };
    match &change.deed {
        MembershipDeed::Link { joins, anchor } => html! {
            (names.of(*joins)) " " (words::BELONGS_TO) " " (names.of(*anchor))
        },
        MembershipDeed::Merge { .. } => html! {
            (words::MERGED) " " (profile(change.from)) " " (words::INTO) " " (profile(change.into))
            @if !moved.is_empty() { ": " (moved) }
        },
        MembershipDeed::Detach { contact, to } => html! {
            (words::DETACHED) " " (names.of(*contact)) " → " (profile(*to))
        },
        MembershipDeed::Move { contact, to } => html! {
            (words::MOVED) " " (names.of(*contact)) " → " (profile(*to))
        },
    }
}
