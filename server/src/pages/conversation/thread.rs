//! The thread: messages as bubbles, notes in yellow, what was done as lines between.

use maud::{Markup, html};
use whom_core::model::{Conversation, Direction, Entry, EntryKind, SourceKind, TimelineCursor, Value};

use crate::{
    pages::{
        components::Moments,
        frame::Frame,
        icons::Icon,
        message::{Shape, body, envelope},
        words::{self, conversation as said},
    },
    reading::Reading,
};

/// One entry of a thread.
pub(super) struct Item {
    /// The entry.
    pub(super) entry: Entry,
    /// The message, read; none for what is no message.
    pub(super) reading: Option<Reading>,
    /// How a message of ours went out.
    pub(super) receipt: Option<Receipt>,
}

/// How a message of ours went out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Receipt {
    /// The word for it.
    pub(super) words: &'static str,
    /// Its drawing.
    pub(super) icon: Icon,
    /// Whether it is good or bad news; nothing for neither.
    pub(super) class: &'static str,
    /// More words, such as what the mail server said.
    pub(super) why: String,
}

/// The items, with the link to those before.
pub(super) fn items(
    frame: &Frame,
    conversation: &Conversation,
    customer: &str,
    items: &[Item],
    before: Option<TimelineCursor>,
) -> Markup {
    let mut day = None;
    html! {
        @if let Some(before) = before {
            li.more data-more-place {
                a.button data-more rel="prev" href=(format!("/conversations/{}?before={before}", conversation.number)) { (Icon::Up.svg()) (said::EARLIER) }
            }
        }
        @for item in items {
            @let this_day = frame.moments.day(item.entry.at);
            @if day.replace(this_day) != Some(this_day) {
                li.day data-once=(this_day) { time datetime=(this_day) { (frame.moments.day_words(this_day)) } }
            }
            @match item.entry.kind {
                EntryKind::Message => (message(frame, customer, item)),
                EntryKind::Note => (note(frame, &item.entry)),
                _ => (deed(&frame.moments, &item.entry)),
            }
        }
    }
}

fn message(frame: &Frame, customer: &str, item: &Item) -> Markup {
    let entry = &item.entry;
    let side = if entry.direction == Some(Direction::Outbound) { "bubble out" } else { "bubble in" };
    html! {
        li class=(side) id=(entry.id) {
            header {
                span.from { (author(entry, customer)) }
                div.when {
                    @if let Some(receipt) = &item.receipt {
                        span class=(format!("receipt {}", receipt.class)) title=(receipt.why) { (receipt.icon.svg()) (receipt.words) }
                    }
                    (envelope(frame, entry, customer, item.reading.as_ref().map(|reading| &reading.envelope)))
                    (frame.moments.clock(entry.at))
                }
            }
            @if let Some(reading) = &item.reading { (body(entry.id, reading, Shape::Best, false)) }
        }
    }
}

fn author(entry: &Entry, customer: &str) -> String {
    let named = ["agent", "from_name", "author"].iter().find_map(|key| entry.properties.get(*key));
    match (entry.direction, named) {
        (_, Some(name)) => name.to_string(),
        (Some(Direction::Outbound), None) if entry.source.kind() == SourceKind::Agent => {
            words::capital(entry.source.name())
        }
        (Some(Direction::Outbound), None) => words::YOUR_TEAM.to_owned(),
        _ => customer.to_owned(),
    }
}

fn note(frame: &Frame, entry: &Entry) -> Markup {
    html! {
        li.bubble.note id=(entry.id) {
            header {
                span.from { (words::source(&entry.source)) }
                span.when { (Icon::Note.svg()) (said::NOTE) " " (frame.moments.clock(entry.at)) }
            }
            p.text { (entry.summary) }
        }
    }
}

fn deed(moments: &Moments, entry: &Entry) -> Markup {
    let value = |name: &str| entry.properties.get(name).map(shown).unwrap_or_default();
    let does_itself = matches!(entry.title.as_str(), "woken" | "opened" | "satisfaction");
    html! {
        li.deed id=(entry.id) {
            span {
                @if !does_itself { (words::source(&entry.source)) " " }
                (said::deed(&entry.title, &value("from"), &value("to")))
                @if let Some(comment) = entry.properties.get("comment") { ": “" (comment) "”" }
                span.dot {} (moments.clock(entry.at))
            }
        }
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::List(items) => items.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}
