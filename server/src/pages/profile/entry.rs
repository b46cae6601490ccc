//! One entry of a timeline: a message as a bubble, everything else as a line.

use maud::{Markup, html};
use whom_core::model::{
    Conversation, ConversationId, Direction, Entry, EntryKind, ProfileId, PropertyType, SourceKind, Value,
};

use super::conversations;
use crate::pages::{
    components::{field_name, is_web_address, shown_value},
    conversation::Receipt,
    frame::Frame,
    icons::Icon,
    message::{deed_in_words, envelope},
    words::{self, kept, profile as say},
};

/// An entry and what stands around it.
pub(crate) struct Shown<'a> {
    /// The entry.
    pub(crate) entry: &'a Entry,
    /// Whose timeline it is.
    pub(crate) profile: ProfileId,
    /// What to call them.
    pub(crate) name: &'a str,
    /// The conversation it belongs to.
    pub(crate) conversation: Option<&'a Conversation>,
    /// Whether it says what the conversation is about.
    pub(crate) says_subject: bool,
    /// The conversation that begins here.
    pub(crate) anchor: Option<ConversationId>,
    /// Whether it was jumped to.
    pub(crate) is_chosen: bool,
    /// How a message of ours went out.
    pub(crate) receipt: Option<&'a Receipt>,
    /// Whether it is a note that stays in sight.
    pub(crate) is_pinned: bool,
}

/// The most properties of an event that a line shows.
const MOST_PARTS: usize = 4;
/// The longest value that a line shows, in characters.
const PART_LEN: usize = 48;

/// One entry.
pub(crate) fn row(frame: &Frame, shown: &Shown<'_>) -> Markup {
    match shown.entry.kind {
        EntryKind::Message => message(frame, shown),
        EntryKind::Note => note(frame, shown),
        EntryKind::Activity => activity(frame, shown),
        EntryKind::Event | EntryKind::PageView => event(frame, shown.entry),
    }
}

fn message(frame: &Frame, shown: &Shown<'_>) -> Markup {
    let entry = shown.entry;
    let side = match entry.direction {
        Some(Direction::Outbound) => "bubble out",
        _ => "bubble in",
    };
    html! {
        li class=(side) id=(anchor(shown)) tabindex="-1" data-row data-at=(entry.at.as_millis()) data-chosen[shown.is_chosen] {
            header {
                span.from { (author(shown)) }
                div.when {
                    @if let Some(receipt) = shown.receipt { (receipt.markup()) }
                    (envelope(frame, entry, shown.name, None))
                    (frame.moments.clock(entry.at))
                }
            }
            @if shown.says_subject && let Some(conversation) = shown.conversation {
                div.subject {
                    a data-goto href=(conversations::address(shown.profile, conversation.id)) { (conversations::subject(conversation)) }
                    " " (number(conversation))
                }
            }
            p.text.excerpt { (entry.summary) @if is_cut(entry) { "…" } }
            // A summary has no lines of its own, so there is always more to see of a mail.
            @if entry.has_body {
                details.whole {
                    summary { span.show { (words::SHOW_WHOLE) } span.less { (words::SHOW_LESS) } }
                    div { a data-fragment href=(format!("/customers/{}/entries/{}", shown.profile, entry.id)) { (words::SHOW_WHOLE) } }
                }
            }
        }
    }
}

fn anchor(shown: &Shown<'_>) -> String {
    shown.anchor.map_or_else(|| shown.entry.id.to_string(), |conversation| conversation.to_string())
}

/// A summary that was cut is as long as a summary may be.
fn is_cut(entry: &Entry) -> bool {
    entry.summary.chars().count() >= whom_core::identity::SUMMARY_LEN - 1
}

fn author(shown: &Shown<'_>) -> String {
    let entry = shown.entry;
    let named = ["agent", "from_name", "author"].iter().find_map(|key| entry.properties.get(*key));
    match (entry.direction, named) {
        (_, Some(name)) => name.to_string(),
        (Some(Direction::Outbound), None) if entry.source.kind() == SourceKind::Agent => {
            words::source(&entry.source)
        }
        (Some(Direction::Outbound), None) => words::YOUR_TEAM.to_owned(),
        _ => shown.name.to_owned(),
    }
}

/// The number of a conversation, which leads to its page.
fn number(conversation: &Conversation) -> Markup {
    let number = conversation.number;
    html! { a.number data-opens href=(format!("/conversations/{number}")) title=(say::OPEN_CONVERSATION) { "#" (number) } }
}

fn note(frame: &Frame, shown: &Shown<'_>) -> Markup {
    let entry = shown.entry;
    let here = format!("/customers/{}/notes/{}", shown.profile, entry.id);
    let (pin, pin_words) = if shown.is_pinned { ("unpin", say::UNPIN) } else { ("pin", say::PIN) };
    html! {
        li.bubble.note id=(entry.id) tabindex="-1" data-row data-at=(entry.at.as_millis()) {
            header {
                span.from { (words::source(&entry.source)) }
                @if let Some(conversation) = shown.conversation { (number(conversation)) }
                span.when {
                    @if shown.is_pinned { (Icon::Star.svg()) (kept::PINNED) }
                    @if entry.properties.contains_key("edited") { span { (kept::EDITED) } }
                    (Icon::Note.svg()) (frame.moments.clock(entry.at))
                }
            }
            p.text { (entry.summary) }
            @if frame.may_write {
                div.note-deeds {
                    form method="post" action=(format!("{here}/{pin}")) data-quick { button.quiet.small { (pin_words) } }
                    details.note-edit {
                        summary.button.quiet.small { (kept::EDIT) }
                        div { a data-fragment href=(here) { (kept::EDIT) } }
                    }
                    form method="post" action=(format!("{here}/remove")) data-quick { button.quiet.small { (kept::TAKE_AWAY) } }
                }
            }
        }
    }
}

/// What somebody at work did, as a line: to a conversation, or about an account.
fn activity(frame: &Frame, shown: &Shown<'_>) -> Markup {
    let entry = shown.entry;
    let account = entry.properties.get("account").and_then(Value::as_text);
    let icon = match (entry.title.as_str(), account) {
        (_, Some(_)) => Icon::Building,
        ("satisfaction", _) => Icon::Star,
        ("assignee", _) => Icon::Person,
        ("snooze" | "woken", _) => Icon::Clock,
        ("status", _) => Icon::Check,
        _ => Icon::Flag,
    };
    html! {
        li.event.activity id=(entry.id) tabindex="-1" data-row data-at=(entry.at.as_millis()) {
            (icon.svg())
            div {
                @if let Some(account) = account {
                    (words::source(&entry.source)) " " (say::account_deed(&entry.title)) " "
                    a href=(format!("/accounts/{account}")) { (entry.summary) }
                } @else {
                    (deed_in_words(entry))
                    @if let Some(conversation) = shown.conversation {
                        span.dot {} (number(conversation)) " " span.faint { (conversations::subject(conversation)) }
                    }
                }
            }
            (frame.moments.clock(entry.at))
        }
    }
}

/// What happened elsewhere, as a line.
pub(crate) fn event(frame: &Frame, entry: &Entry) -> Markup {
    let session = session(entry);
    let icon = match entry.kind {
        _ if session.is_some() => Icon::Play,
        EntryKind::PageView => Icon::Page,
        _ if entry.title.to_lowercase().contains("call") => Icon::Phone,
        _ => Icon::Bolt,
    };
    let parts = parts(frame, entry);
    html! {
        li.event id=(entry.id) tabindex="-1" data-row data-at=(entry.at.as_millis()) {
            (icon.svg())
            div {
                span.name { (entry.title) }
                // What another system told is told apart from what the customer did in the app.
                @if entry.source.kind() == SourceKind::Plugin { span.faint { " " (words::source(&entry.source)) } }
                // The summary is made of the same properties: it stands in where none of them is worth showing.
                @if parts.0.is_empty() && !entry.summary.is_empty() && entry.summary != entry.title {
                    span.dot {} (entry.summary)
                }
                span.parts { (parts) }
                @if let Some(session) = session {
                    " " a.session href=(session.address) rel="noopener noreferrer nofollow" target="_blank" {
                        (if session.is_recording { say::WATCH } else { say::OPEN_LINK })
                        @if let Some(seconds) = session.seconds { " " (say::length(seconds)) }
                    }
                }
            }
            (frame.moments.clock(entry.at))
        }
    }
}

/// A page elsewhere that shows what happened, such as the recording of a session.
struct Session<'a> {
    address: &'a str,
    seconds: Option<u64>,
    is_recording: bool,
}

fn session(entry: &Entry) -> Option<Session<'_>> {
    const ADDRESSES: [&str; 6] =
        ["recording_url", "session_url", "replay_url", "recordingUrl", "sessionUrl", "url"];
    // The address of a page that was looked at is what happened, not what shows it.
    if entry.kind == EntryKind::PageView {
        return None;
    }
    let text = |name: &str| entry.properties.get(name).and_then(Value::as_text);
    let (name, address) = ADDRESSES
        .into_iter()
        .find_map(|name| Some((name, text(name).filter(|text| is_web_address(text))?)))?;
    let number = |name: &str| match entry.properties.get(name) {
        Some(Value::Number(number)) if (0.0..1e9).contains(&number.get()) => Some(number.get()),
        _ => None,
    };
    let seconds = ["duration", "duration_seconds", "durationSeconds", "length", "seconds"]
        .into_iter()
        .find_map(number)
        .or_else(|| ["duration_ms", "durationMs"].into_iter().find_map(number).map(|millis| millis / 1000.0));
    let title = entry.title.to_lowercase();
    let is_recording =
        name != "url" || ["session", "recording", "replay"].iter().any(|word| title.contains(word));
    Some(Session { address, seconds: seconds.map(|seconds| seconds.round() as u64), is_recording })
}

/// The properties that say most: short ones, those of the page's own name left out.
fn parts(frame: &Frame, entry: &Entry) -> Markup {
    let says_nothing = |name: &str, value: &Value| {
        let text = value.to_string();
        let is_said = text.is_empty() || text == entry.title || text == entry.summary;
        let is_name_of_page = entry.kind == EntryKind::PageView && matches!(name, "title" | "name");
        is_said || is_name_of_page || is_web_address(&text) || matches!(value, Value::Record(_))
    };
    let telling = entry.properties.iter().filter(|(name, value)| !says_nothing(name, value));
    html! {
        @for (name, value) in telling.take(MOST_PARTS) {
            span {
                @if entry.kind != EntryKind::PageView || name != "path" { (field_name(name)) " " }
                (short(frame, value))
            }
        }
    }
}

fn short(frame: &Frame, value: &Value) -> Markup {
    let text = value.to_string();
    match value {
        Value::Text(_) | Value::List(_) if text.chars().count() > PART_LEN => {
            let cut: String = text.chars().take(PART_LEN).collect();
            html! { span title=(text) { (cut) "…" } }
        }
        // In a line an address stays text: the whole line is small.
        Value::Text(text) => html! { (text) },
        _ => shown_value(value, PropertyType::Text, &frame.moments),
    }
}
