//! What the page of a customer says.

use whom_core::engine::RecordKind;

use super::count;
use crate::auth::Role;

words! {
    FIND_CONVERSATION = "Find a conversation";
    FIND_CONVERSATION_HINT = "Subject or number …";
    NEW_CONVERSATION = "New conversation";
    NEW_SHORT = "New";
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
    CORRECT_THERE = "Customers claim, correct or disable their profile at Gravatar";
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
    PREVIEW_OF = "With";
    SEE_AS = "See it as";
    NO_PREVIEW = "Nobody is here yet to be looked at.";
    OF_CUSTOMERS = "Customers";
    OF_ACCOUNTS = "Accounts";
    LAYOUT_OF = "What is arranged";
    DRAG = "Drag";
    DRAG_HELP = "Drag by the handle, or take a handle with Space and move it with the arrow keys.";
    TAKEN = "Taken. Up and down move it, Space puts it down, Escape takes it back.";

    OPEN_CONVERSATION = "Open the conversation";
    CONVERSATION = "Conversation";
    OTHER_CONVERSATIONS = "Other conversations";
    STATUS = "Status";
    WAITING_SINCE = "Waiting since";
    TOPIC = "Topic";
    TOPIC_HINT = "What it is about …";

    CUSTOMER_NOTES = "Notes about the customer";
    ADD_CUSTOMER_NOTE = "Write a note about the customer";
    ADD_ACCOUNT_NOTE = "Write a note about the account";

    UNRELATE = "Take the relationship away";
    WHO_HINT = "Name, e-mail, phone …";
    LINK_ACCOUNT = "Link to an account";
    LINK_ACCOUNT_HINT = "Name or domain …";
    LINK = "Link";
    MORE_FIELDS = "More";
    NEW_ACCOUNT_LINE = "new account";
    THIS_ONE = "This one";
    GO_BACK = "Back";

    EDIT_DETAILS = "Edit details";
    MORE_ACTIONS = "More";
    EXPORT_JSON = "Everything, as JSON";
    EXPORT_CARD = "Contact card (vCard)";
    MERGE_WITH_SHORT = "Merge with …";

    REVEAL = "Show all of it";
    REVEAL_WHY = "What do you need it for?";
    REVEAL_NOTE = "The audit log keeps who looked, when and why.";
    REVEALED_NOTE = "The audit log keeps that you looked. This page is not kept.";

    SHOW_CARD = "Show";
    NOTHING_THERE = "Nothing there.";
    NO_CARD = "No answer:";
    ENRICHMENT = "Enrichment";
    CHECK_NOW = "Check now";
    CHECK_WAITS = "looking …";
    NEVER_CHECKED = "not asked yet";
    ENRICHMENT_OFF = "Enrichment is off for everybody: nothing is asked.";
    NOT_FOR_THEM = "No provider is asked about this customer.";
    FORBID_LOOK_UP = "Never for this customer";
    ALLOW_LOOK_UP = "Allow again for this customer";
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

/// Several things that were done on one day: `18 changes to 7 conversations`.
pub(crate) fn deeds_to(deeds: u64, conversations: u64) -> String {
    let deeds = count(deeds, "change", "changes");
    if conversations == 0 {
        deeds
    } else {
        format!("{deeds} to {}", count(conversations, "conversation", "conversations"))
    }
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

/// What a provider's last look came to.
pub(crate) fn outcome(outcome: &str) -> &'static str {
    match outcome {
        "found" => "found something",
        "nobody" => "knows nobody",
        "opted_out" => "they opted out there",
        _ => "gave no answer",
    }
}

/// What two customers are to each other: `assistant; this one is their employer`.
pub(crate) fn sides(they_are: &str, this_is: &str) -> String {
    if this_is.is_empty() || this_is == they_are {
        they_are.to_owned()
    } else {
        format!("{they_are} · this customer is their {this_is}")
    }
}

/// The other side of a relationship, which may be left to follow.
pub(crate) fn this_is(name: &str) -> String {
    format!("{name} is their")
}

/// What was done about an account.
pub(crate) fn account_deed(title: &str) -> &'static str {
    if title.starts_with("linked") { "linked them to" } else { "took them out of" }
}

/// How many people belong to an account.
pub(crate) fn people_count(people: usize, goes_on: bool) -> String {
    if goes_on { format!("{people} people or more") } else { count(people as u64, "person", "people") }
}

/// A link to where a card comes from.
pub(crate) fn open_in(name: &str) -> String {
    format!("Open in {name}")
}

/// An account that is not there yet.
pub(crate) fn make_account(name: &str) -> String {
    format!("Make “{name}”")
}

/// Nothing is called so.
pub(crate) fn nobody_fits(typed: &str) -> String {
    format!("Nothing here is called “{typed}”. Go back and write more of it, an address or an id.")
}

/// Several are called so.
pub(crate) fn several_fit(typed: &str) -> String {
    format!("More than one fits “{typed}”: choose one.")
}

/// A card of the pane of an account, as people call it.
pub(crate) fn account_card(card: &str) -> &'static str {
    match card {
        "notes" => "Notes",
        "fields" => "What is known",
        "people" => "People",
        _ => "Latest conversations",
    }
}

/// A card of the info pane, as people call it.
pub(crate) fn card(card: &str) -> &'static str {
    match card {
        "conversation" => "Conversation",
        "customer" => "Customer in figures, beside a conversation",
        "integrations" => "Cards from integrations",
        "enrichment" => "Enrichment",
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
