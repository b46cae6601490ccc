//! The contact card: who it is and how to reach them, each to copy, to write to, or to take away.

use maud::{Markup, html};
use whom_core::{model::ProfileId, view::ContactView};

use super::InfoPane;
use crate::pages::{
    components::channel_icon,
    encoded,
    frame::Frame,
    icons::Icon,
    words::{self, profile as say},
};

/// Kinds of identifiers that somebody may add by hand.
const KINDS: [(&str, &str); 5] = [
    ("email", "E-mail"),
    ("phone", "Phone"),
    ("whatsapp", "WhatsApp"),
    ("user_id", "User id"),
    ("anonymous_id", "Visitor id"),
];

pub(super) fn card(frame: &Frame, pane: &InfoPane) -> Markup {
    // The profile's own contact holds what was said about the person as such; nobody is reached by it.
    let all: Vec<&ContactView> = pane.view.contacts.iter().filter(|contact| contact.kind.is_some()).collect();
    html! {
        div.block {
            h2 { (words::HOW_TO_REACH) }
            @if all.is_empty() { p.soft { (words::NO_CONTACTS) } }
            ul.contacts {
                @for contact in &all { (row(frame, pane, contact, all.len() > 1 && frame.may_write)) }
            }
            @for (property, label) in masked(&all) { (super::field::reveal(frame, pane, property, label)) }
            @if frame.may_write {
                details.adds {
                    summary.faint { (say::ADD_CONTACT) }
                    form.inline-form method="post" action=(pane.deed("contacts")) data-quick {
                        label.unseen for="new-kind" { (words::KIND) }
                        select #new-kind name="kind" { @for (value, shown) in KINDS { option value=(value) { (shown) } } }
                        label.unseen for="new-value" { (say::NEW_CONTACT) }
                        input #new-value name="value" placeholder=(say::NEW_CONTACT) required autocomplete="off";
                        button { (say::ADD) }
                    }
                }
            }
        }
    }
}

/// The properties of which some contact shows only a part.
fn masked<'a>(all: &[&'a ContactView]) -> Vec<(&'a str, &'a str)> {
    let masked = all.iter().filter(|contact| contact.masked);
    let mut found: Vec<(&str, &str)> = masked
        .filter_map(|contact| Some((contact.kind.as_ref()?.as_str(), contact.label.as_str())))
        .filter(|(kind, _)| matches!(*kind, "email" | "phone"))
        .collect();
    found.dedup();
    found
}

fn row(frame: &Frame, pane: &InfoPane, contact: &ContactView, can_be_detached: bool) -> Markup {
    let kind = contact.kind.as_ref().map(|kind| kind.as_str()).unwrap_or_default();
    html! {
        li {
            (channel_icon(kind).svg())
            div {
                span.unseen { (contact.label) ": " }
                @match kind {
                    _ if contact.masked => (contact.raw),
                    "email" => a href=(format!("mailto:{}", contact.value)) { (contact.raw) },
                    "phone" => a href=(format!("tel:{}", contact.value)) { (contact.raw) },
                    _ => (contact.raw),
                }
                div.faint {
                    (contact.label)
                    @if contact.messages > 0 { span.dot {} (words::count(contact.messages, "message", "messages")) }
                    @else if contact.events > 0 { span.dot {} (words::count(contact.events, "event", "events")) }
                    span.dot {} (frame.moments.date(contact.last_seen))
                }
            }
            div.contact-deeds {
                @if !contact.masked { button.icon-button.small type="button" data-copies=(contact.raw) data-copied=(say::COPIED) aria-label=(format!("{} {}", say::COPY_THIS, contact.raw)) title=(say::COPY_THIS) { (Icon::Copy.svg()) } }
                @if contact.reaches && frame.may_write {
                    a.icon-button.small.button href=(write_to(pane.view.id, contact)) aria-label=(format!("{}: {}", say::NEW_CONVERSATION, contact.raw)) title=(say::NEW_CONVERSATION) { (Icon::Plus.svg()) }
                }
                @if can_be_detached {
                    form method="post" action=(pane.deed(&format!("detach/{}", contact.id))) data-quick {
                        button.icon-button.small title=(words::DETACH_HELP) aria-label=(format!("{} {}", words::DETACH, contact.raw)) { (Icon::Cross.svg()) }
                    }
                }
            }
        }
    }
}

/// A new message: to an address where it is one, else to the customer, who is reached as they can be.
fn write_to(profile: ProfileId, contact: &ContactView) -> String {
    let is_mail = contact.kind.as_ref().is_some_and(|kind| kind.as_str() == "email");
    let to = if is_mail && !contact.masked { contact.value.clone() } else { profile.to_string() };
    format!("/conversations/new?to={}", encoded(&to))
}
