//! What the page of a customer says.

use whom_core::engine::RecordKind;

use super::count;

words! {
    FIND_CONVERSATION = "Find a conversation";
    FIND_CONVERSATION_HINT = "Subject or number …";
    NEW_CONVERSATION = "New conversation";
    NO_CONVERSATION_FOUND = "No conversation of that subject.";
    NO_CONVERSATIONS_NEXT = "They begin when the customer writes, or when you do.";

    NEWER = "Newer";
    SINCE_YOU_WERE_HERE = "New since you were here";
    JUMP = "Jump to a date";
    JUMP_GO = "Go";
    JUMP_DAY = "Day";
    ALL_YEARS = "Activity over the years";
    NOTHING_SHOWN = "Nothing of this sort here.";
    NOTHING_SHOWN_NEXT = "Choose another kind above, or show all.";
    KEY_NEW = "New conversation";
    KEY_NOTE = "Write a note";
    KEY_REPLY = "Reply to the newest conversation";
    KEY_DETAILS = "Edit details";
    KEY_NEWEST = "Back to the newest";

    CHANGED = "changed";
    FOUND = "found";
    TOOK_AWAY = "took away";
    SAID_NONE = "said there is none";
    UNDID = "undid";
    TO_VALUE = " to ";
    WATCH = "Watch";
    OPEN_LINK = "Open";
    CUSTOMER_SINCE = "Since";
    HEADERS = "Headers";
}

/// Several rows of a kind, as a filter is called.
pub(crate) fn rows(kind: RecordKind) -> &'static str {
    match kind {
        RecordKind::Message => "Messages",
        RecordKind::Note => "Notes",
        RecordKind::Event => "Events",
        RecordKind::PageView => "Pages",
        RecordKind::Activity => "Activities",
        RecordKind::Membership => "Merges",
        RecordKind::Enrichment => "Enrichment",
        RecordKind::Edit => "Edits",
    }
}

/// How long something took, coarsely: `5 minutes`.
pub(crate) fn span(millis: i64) -> String {
    let minutes = millis.max(0) / 60_000;
    match minutes {
        0 | 1 => "a minute".into(),
        2..120 => format!("{minutes} minutes"),
        _ => format!("{} hours", minutes / 60),
    }
}

/// Pages looked at one after the other: `12 pages in 5 minutes`.
pub(crate) fn pages_in(pages: u64, millis: i64) -> String {
    format!("{} in {}", count(pages, "page", "pages"), span(millis))
}

/// The length of a recording: `4:07`, `1:02:09`.
pub(crate) fn length(seconds: u64) -> String {
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

/// How much happened in a month or a year: `March 2026: 3 messages, 12 other entries`.
pub(crate) fn happened_in(when: &str, messages: u64, others: u64) -> String {
    format!(
        "{when}: {}, {}",
        count(messages, "message", "messages"),
        count(others, "other entry", "other entries")
    )
}
