//! Rows about the profile itself: how it came together, what was changed and what providers found.

use maud::{Markup, html};
use whom_core::{
    engine::{Happened, Happening, Said},
    model::{Assertion, MembershipChange, PropertyKey, PropertyType, Schema},
};

use super::history::{Names, deed};
use crate::pages::{
    components::shown_value,
    frame::Frame,
    icons::Icon,
    words::{self, profile as say},
};

/// The longest value that a line shows, in characters.
const VALUE_LEN: usize = 60;

/// One row.
pub(crate) fn row(frame: &Frame, names: &Names<'_>, schema: &Schema, row: &Happening) -> Markup {
    match &row.what {
        Happened::Membership(change) => membership(frame, names, row, change),
        Happened::Undone(change) => undone(frame, names, row, change),
        Happened::Enriched(said) => changed(frame, schema, row, said, Icon::Plug, say::FOUND),
        Happened::Edited(said) => changed(frame, schema, row, said, Icon::Person, say::CHANGED),
        Happened::Entry(_) => Markup::default(),
    }
}

fn line(frame: &Frame, row: &Happening, class: &str, icon: Icon, words: Markup, deed: Markup) -> Markup {
    html! {
        li class=(class) id=(format!("r-{}", row.place.entry)) tabindex="-1" data-row data-at=(row.place.at.as_millis()) {
            (icon.svg())
            div { (words) }
            (deed)
            (frame.moments.clock(row.place.at))
        }
    }
}

fn membership(frame: &Frame, names: &Names<'_>, row: &Happening, change: &MembershipChange) -> Markup {
    let is_undone = change.undone.is_some();
    let class = if is_undone { "event membership undone" } else { "event membership" };
    let words = html! {
        span.name { (deed(names, change)) }
        @for why in &change.why { span.soft { " “" (why) "”" } }
        span.dot {} (words::source(&change.by))
        @if is_undone { span.dot {} (words::UNDONE) }
    };
    let undo = html! {
        @if frame.may_write && !is_undone {
            form method="post" action=(format!("/customers/{}/undo/{}", names.view.id, change.id)) data-quick {
                button.quiet.small { (Icon::Undo.svg()) (words::UNDO) }
            }
        }
    };
    line(frame, row, class, Icon::Together, words, undo)
}

fn undone(frame: &Frame, names: &Names<'_>, row: &Happening, change: &MembershipChange) -> Markup {
    let by = change.undone.as_ref().map(|undone| words::source(&undone.by)).unwrap_or_default();
    let words = html! { span.name { (by) } " " (say::UNDID) ": " (deed(names, change)) };
    line(frame, row, "event membership", Icon::Undo, words, Markup::default())
}

fn changed(frame: &Frame, schema: &Schema, row: &Happening, said: &Said, icon: Icon, verb: &str) -> Markup {
    let joint = if matches!(row.what, Happened::Enriched(_)) { ": " } else { say::TO_VALUE };
    let words = html! {
        span.name { (words::source(&said.by)) } " " (verb) " "
        @for (place, (key, assertion)) in said.said.iter().enumerate() {
            @if place > 0 { ", " }
            (part(frame, schema, key, assertion, joint))
        }
    };
    line(frame, row, "event changed", icon, words, Markup::default())
}

/// `Company to Acme`, `Photo (took away)`.
fn part(frame: &Frame, schema: &Schema, key: &PropertyKey, assertion: &Assertion, joint: &str) -> Markup {
    let property = schema.get_or_free(key);
    html! {
        span.property { (property.label) }
        @match assertion {
            Assertion::Empty => { span.faint { " (" (say::SAID_NONE) ")" } },
            Assertion::IsNot(_) => { span.faint { " (" (say::TOOK_AWAY) ")" } },
            Assertion::Is(_) if property.kind == PropertyType::Picture => {},
            Assertion::Is(value) => {
                (joint)
                @let text = value.to_string();
                @if text.chars().count() > VALUE_LEN {
                    span title=(text) { (text.chars().take(VALUE_LEN).collect::<String>()) "…" }
                } @else { (shown_value(value, property.kind, &frame.moments)) }
            },
        }
    }
}
