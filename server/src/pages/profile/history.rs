//! How a profile came together: merges and detachments with their reasons, and the way back.

use std::collections::BTreeMap;

use maud::{Markup, html};
use whom_core::{
    model::{ContactId, MembershipChange, MembershipDeed, ProfileId},
    view::ProfileView,
};

use crate::pages::{frame::Frame, icons::Icon, words};

/// The block at the end of the info pane.
pub(crate) fn block(
    frame: &Frame,
    view: &ProfileView,
    changes: &[MembershipChange],
    gone: &BTreeMap<ContactId, String>,
) -> Markup {
    let names = Names { view, gone };
    html! {
        div.block #history {
            h2 { (words::HISTORY) }
            @if changes.is_empty() { p.soft { (words::NO_HISTORY) } }
            ul.history {
                @for change in changes.iter().rev() { (row(frame, &names, change)) }
            }
            @if frame.may_write { (merge_form(view.id)) }
        }
    }
}

/// What contacts are called.
struct Names<'a> {
    view: &'a ProfileView,
    gone: &'a BTreeMap<ContactId, String>,
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

fn row(frame: &Frame, names: &Names<'_>, change: &MembershipChange) -> Markup {
    let class = if change.undone.is_some() { "undone" } else { "" };
    html! {
        li class=(class) {
            div { (deed(names, change)) }
            @for why in &change.why { div.soft { "“" (why) "”" } }
            div.faint {
                (words::source(&change.by)) span.dot {} (frame.moments.date(change.at))
                @if let Some(undone) = &change.undone {
                    span.dot {} (words::UNDONE) " " (frame.moments.date(undone.at)) ", " (words::source(&undone.by))
                }
            }
            @if frame.may_write && change.undone.is_none() {
                form method="post" action=(format!("/customers/{}/undo/{}", names.view.id, change.id)) {
                    button.quiet { (Icon::Undo.svg()) (words::UNDO) }
                }
            }
        }
    }
}

fn deed(names: &Names<'_>, change: &MembershipChange) -> Markup {
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

/// The form that finds the other profile of a merge.
fn merge_form(into: ProfileId) -> Markup {
    html! {
        form action=(format!("/customers/{into}/merge")) {
            label.unseen for="with" { (words::MERGE_WITH) }
            div.inline-form {
                input #with name="with" placeholder=(words::MERGE_WITH) title=(words::MERGE_WITH_HINT) autocomplete="off" spellcheck="false" required;
                button { (Icon::Together.svg()) (words::COMPARE) }
            }
        }
    }
}
