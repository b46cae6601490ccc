//! How a profile came together: merges and detachments with their reasons, and the way back.

use maud::{Markup, html};
use whom_core::{
    model::{ContactId, MembershipChange, MembershipDeed, ProfileId},
    view::ProfileView,
};

use super::{frame::Frame, icons::Icon, words};

/// The block at the end of the info pane.
pub(crate) fn block(frame: &Frame, view: &ProfileView, changes: &[MembershipChange]) -> Markup {
    html! {
        div.block #history {
            h2 { (words::HISTORY) }
            @if changes.is_empty() { p.soft { (words::NO_HISTORY) } }
            ul.history {
                @for change in changes.iter().rev() { (row(frame, view, change)) }
            }
            @if frame.may_write { (merge_form(view.id)) }
        }
    }
}

fn row(frame: &Frame, view: &ProfileView, change: &MembershipChange) -> Markup {
    let class = if change.undone.is_some() { "undone" } else { "" };
    html! {
        li class=(class) {
            div { (deed(view, change)) }
            @for why in &change.why { div.soft { "“" (why) "”" } }
            div.faint {
                (words::source(&change.by)) span.dot {} (frame.moments.date(change.at))
                @if let Some(undone) = &change.undone {
                    span.dot {} (words::UNDONE) " " (frame.moments.date(undone.at)) ", " (words::source(&undone.by))
                }
            }
            @if frame.may_write && change.undone.is_none() {
                form method="post" action=(format!("/customers/{}/undo/{}", view.id, change.id)) {
                    button.quiet { (Icon::Undo.svg()) (words::UNDO) }
                }
            }
        }
    }
}

fn deed(view: &ProfileView, change: &MembershipChange) -> Markup {
    let moved: Vec<String> = change.moved.iter().map(|contact| contact_words(view, *contact)).collect();
    let moved = moved.join(", ");
    let profile = |id: ProfileId| {
        html! { @if id == view.id { (words::THIS_PROFILE) } @else { a href=(format!("/customers/{id}")) { code { (id) } } } }
    };
    match &change.deed {
        MembershipDeed::Link { joins, anchor } => html! {
            (contact_words(view, *joins)) " " (words::BELONGS_TO) " " (contact_words(view, *anchor))
        },
        MembershipDeed::Merge { .. } => html! {
            (words::MERGED) " " (profile(change.from)) " " (words::INTO) " " (profile(change.into))
            @if !moved.is_empty() { ": " (moved) }
        },
        MembershipDeed::Detach { contact, to } => html! {
            (words::DETACHED) " " (contact_words(view, *contact)) " → " (profile(*to))
        },
        MembershipDeed::Move { contact, to } => html! {
            (words::MOVED) " " (contact_words(view, *contact)) " → " (profile(*to))
        },
    }
}

/// A contact as people know it; one that has gone elsewhere by its id.
fn contact_words(view: &ProfileView, contact: ContactId) -> String {
    match view.contacts.iter().find(|known| known.id == contact) {
        Some(known) if known.kind.is_some() => known.raw.clone(),
        Some(_) => words::OWN_CONTACT.to_owned(),
        None => contact.to_string(),
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
