//! The right pane: how to reach somebody, what is known about them and who says so.

use maud::{Markup, html};
use whom_core::{
    model::{ProfileId, PropertyType, Section},
    view::{ContactView, FieldView, ProfileView},
};

use crate::pages::{
    components::{channel_icon, provenance, shown_value},
    frame::Frame,
    icons::Icon,
    words,
};

/// The pane.
pub(crate) fn pane(frame: &Frame, view: &ProfileView) -> Markup {
    html! {
        h2.unseen #about-title { (words::ABOUT) }
        div.card {
            (contacts(frame, view))
            @for section in [Section::Person, Section::Reach, Section::Custom] {
                (fields(frame, view, section))
            }
            (accounts(view))
            @if frame.may_write { div.block { (merge_form(view.id)) } }
        }
    }
}

fn contacts(frame: &Frame, view: &ProfileView) -> Markup {
    // The profile's own contact holds what was said about the person as such; nobody is reached by it.
    let all: Vec<&ContactView> = view.contacts.iter().filter(|contact| contact.kind.is_some()).collect();
    html! {
        div.block {
            h2 { (words::HOW_TO_REACH) }
            @if all.is_empty() { p.soft { (words::NO_CONTACTS) } }
            ul.contacts {
                @for contact in &all {
                    (contact_row(frame, view.id, contact, all.len() > 1 && frame.may_write))
                }
            }
        }
    }
}

fn contact_row(frame: &Frame, profile: ProfileId, contact: &ContactView, can_be_detached: bool) -> Markup {
    let kind = contact.kind.as_ref().map(|kind| kind.as_str()).unwrap_or_default();
    html! {
        li {
            (channel_icon(kind).svg())
            div {
                span.unseen { (contact.label) ": " }
                @match kind {
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
            @if can_be_detached {
                form method="post" action=(format!("/customers/{profile}/detach/{}", contact.id)) {
                    button.icon-button.small title=(words::DETACH_HELP) aria-label=(format!("{} {}", words::DETACH, contact.raw)) { (Icon::Cross.svg()) }
                }
            }
        }
    }
}

/// Whether a field stands in a list of fields: addresses and the photo are shown elsewhere.
pub(crate) fn stands_among_fields(field: &FieldView) -> bool {
    let is_elsewhere =
        matches!(field.kind, PropertyType::Email | PropertyType::Phone | PropertyType::Picture);
    let is_empty = field.values.is_empty() && field.offered.is_empty() && field.problem.is_none();
    !is_elsewhere && !is_empty
}

fn fields(frame: &Frame, view: &ProfileView, section: Section) -> Markup {
    let all: Vec<&FieldView> =
        view.fields.iter().filter(|field| field.section == section && stands_among_fields(field)).collect();
    if all.is_empty() {
        return Markup::default();
    }
    html! {
        div.block {
            h2 { (words::section(section)) }
            dl.fields { @for field in all { (field_row(frame, view.id, field)) } }
        }
    }
}

fn field_row(frame: &Frame, profile: ProfileId, field: &FieldView) -> Markup {
    let value_class = if field.kind == PropertyType::LongText { "value long" } else { "value" };
    html! {
        div {
            dt { (field.label) }
            @for (place, shown) in field.values.iter().enumerate() {
                dd {
                    span class=(value_class) { (shown_value(&shown.value, field.kind, &frame.moments)) }
                    @if place + 1 == field.values.len() {
                        (why(profile, field, html! { (provenance(shown, &frame.moments)) }))
                    } @else {
                        div.said { (provenance(shown, &frame.moments)) }
                    }
                }
            }
            @for offer in &field.offered {
                dd.offered {
                    span.value { (shown_value(&offer.value, field.kind, &frame.moments)) }
                    div.said { (provenance(offer, &frame.moments)) }
                    div.faint { (words::OFFERED) }
                }
            }
            @if let Some(problem) = &field.problem { dd.faint.danger { (problem) } }
        }
    }
}

/// The line that says where a value comes from; unfolded it says why this one and not another.
fn why(profile: ProfileId, field: &FieldView, said: Markup) -> Markup {
    let lost = field.losing as u64;
    html! {
        details.why {
            summary.said {
                span.unseen { (words::WHY) " " (field.label) ": " }
                (said)
                @if lost > 0 { span aria-hidden="true" { "·" } span { "+" (lost) } }
                span.turn { (Icon::Right.svg()) }
            }
            div.why-body { a data-fragment href=(format!("/customers/{profile}/why/{}", field.key)) { (words::WHY) } }
        }
    }
}

fn accounts(view: &ProfileView) -> Markup {
    html! {
        @if !view.accounts.is_empty() {
            div.block {
                h2 { (words::ACCOUNTS) }
                ul.contacts { @for account in &view.accounts { li { (Icon::Building.svg()) div { (account.name) } } } }
            }
        }
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
