//! What the page of a customer says.

use whom_core::engine::RecordKind;

use super::count;
use crate::auth::Role;

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

    ADD = "Add";
    ADD_FIELD = "Add a field";
    LOCKED = "Its source alone writes it; you can hide it.";
    HIDE = "Hide";
    PINNED = "pinned";
    CORRECT_THERE = "The customer can correct this at Gravatar";
    ADD_CONTACT = "Add a contact";
    NEW_CONTACT = "Address, number or id";
    COPY_THIS = "Copy";
    COPIED = "Copied";
    PINNED_NOTES = "Pinned";
    PIN = "Pin";
    UNPIN = "Unpin";
    UNLINK = "Take out of this account";
    TASKS = "Tasks";
    ADD_TASK = "Add a task for yourself";
    FINISH = "Done";
    REOPEN = "Open again";
    RELATIONSHIPS = "Related";
    ACTIONS = "Actions";
    CALL = "Call";
    SESSIONS = "Sessions";
    TRASH = "Move to the trash";
    RESTORE = "Restore";
    DONE_PHOTO_REMOVED = "The photo is taken away, and stays so when it is offered again.";
    REMOVE_PHOTO = "Remove the photo";
    INFO_PANE = "Info pane";
    INFO_PANE_NEXT = "Which cards and fields stand beside a customer, and in which order. A role without a layout of its own has the one for all.";
    FOR_ALL = "For all";
    FOR_ROLE = "Layout for";
    CARDS = "Cards";
    FIELDS = "Fields";
    MOVE_UP = "Move up";
    MOVE_DOWN = "Move down";
    SHOW = "Show";
    RESET = "Back to the default";
    PREVIEW = "As it will look";
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

/// Somebody changed a value while another was typed.
pub(crate) fn meanwhile(value: &str, by: Option<&str>) -> String {
    let (who, what) = (by.unwrap_or("somebody"), if value.is_empty() { "nothing" } else { value });
    format!("{who} changed it meanwhile; it now says “{what}”. Save again to put yours in its place")
}

/// A card of the info pane, as people call it.
pub(crate) fn card(card: &str) -> &'static str {
    match card {
        "notes" => "Pinned notes",
        "contacts" => "How to reach them",
        "person" => "Who it is",
        "reach" => "Where else they are",
        "custom" => "What else is known",
        "account" => "Accounts",
        "tasks" => "Tasks",
        "relationships" => "Related",
        _ => "Actions",
    }
}

/// A role, as people call it.
pub(crate) fn role(role: Role) -> &'static str {
    match role {
        Role::Owner => "Owners",
        Role::Admin => "Admins",
        Role::Agent => "Agents",
        Role::ReadOnly => "Read-only",
    }
}
