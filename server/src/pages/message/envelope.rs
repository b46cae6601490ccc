//! The header of a message, shown when somebody points at its channel or comes to it with the keyboard.

use maud::{Markup, html};
use whom_core::model::{Direction, Entry, Value};

use crate::{
    mail::MailAddress,
    pages::{
        components::channel_icon,
        frame::Frame,
        words::{self, reading},
    },
    reading::Envelope,
};

/// The channel with the header behind it. Without the message itself it says what the timeline knows.
pub(crate) fn envelope(frame: &Frame, entry: &Entry, customer: &str, read: Option<&Envelope>) -> Markup {
    let channel = entry.channel.as_ref().map(|channel| channel.as_str()).unwrap_or_default();
    let id = format!("headers-{}", entry.id);
    let none = Envelope::default();
    let read = read.unwrap_or(&none);
    let listed = |name: &str| match entry.properties.get(name) {
        Some(Value::List(items)) => items.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
        Some(value) => value.to_string(),
        None => String::new(),
    };
    let or = |people: &[MailAddress], else_: String| if people.is_empty() { else_ } else { written(people) };
    let sender =
        if entry.direction == Some(Direction::Outbound) { String::new() } else { customer.to_owned() };
    let lines = [
        (reading::FROM, or(&read.from, sender)),
        (reading::TO, or(&read.to, listed("to"))),
        (reading::COPY, or(&read.cc, listed("cc"))),
        (reading::SUBJECT, entry.title.clone()),
        (reading::MESSAGE_ID, read.message_id.clone().unwrap_or_default()),
    ];
    html! {
        div.envelope {
            button.channel type="button" aria-describedby=(id) aria-label=(format!("{}: {}", words::channel(channel), reading::HEADERS_OF)) {
                (channel_icon(channel).svg()) (words::channel(channel))
            }
            div.popover role="tooltip" id=(id) {
                dl {
                    @for (label, text) in lines.iter().filter(|(_, text)| !text.is_empty()) {
                        div { dt { (label) } dd { (text.chars().take(600).collect::<String>()) } }
                    }
                    div { dt { (reading::DATE) } dd { (frame.moments.full(entry.at)) } }
                    @if !read.route.is_empty() {
                        div { dt { (reading::ROUTE) } dd { (reading::hops(read.route.len())) ": " (read.route.first().map(String::as_str).unwrap_or_default()) } }
                    }
                }
                @if entry.has_body { a href=(format!("/entries/{}/headers", entry.id)) { (reading::ALL_HEADERS) } }
            }
        }
    }
}

/// People as a header writes them.
fn written(people: &[MailAddress]) -> String {
    let one = |person: &MailAddress| match &person.name {
        Some(name) => format!("{name} <{}>", person.address),
        None => person.address.clone(),
    };
    people.iter().map(one).collect::<Vec<_>>().join(", ")
}
