//! The words of the inbox.

words! {
    VIEWS = "Views";
    MINE = "Mine";
    UNASSIGNED = "Unassigned";
    OPEN = "All open";
    PENDING = "Pending";
    SNOOZED = "Snoozed";
    CLOSED = "Closed";
    SPAM = "Spam";
    NEW = "New message";
    FILTER = "Filter";
    FILTER_HINT = "Words of the subject …";
    ANY_PRIORITY = "Any priority";
    WITH_TAG = "Tag";
    CLEAR_FILTER = "Show all of this view";
    WITH_SELECTED = "With those selected";
    SELECT = "Select";
    CLOSE_IT = "Close";
    REOPEN = "Reopen";
    IS_SPAM = "Spam";
    NOT_SPAM = "Not spam";
    ASSIGN = "Assign";
    TO_ME = "To me";
    TO_NOBODY = "To nobody";
    SNOOZE = "Snooze";
    ADD_TAG = "Add tag";
    TAG_HINT = "Tag";
    LATER_TODAY = "In three hours";
    TOMORROW = "Tomorrow at 8";
    WAITS = "waits for an answer";
    NOBODY = "nobody";
    CONVERSATIONS = "Conversations";
    SOMEBODY = "Somebody";

    EMPTY_MINE = "Nothing of yours is open";
    EMPTY_MINE_NEXT = "Take one that nobody looks after: open it and press “a”, or answer it.";
    EMPTY_UNASSIGNED = "Everything has somebody who looks after it";
    EMPTY_UNASSIGNED_NEXT = "New conversations stand here until somebody answers or takes them.";
    EMPTY_OPEN = "Inbox zero";
    EMPTY_OPEN_NEXT = "Nobody waits. New mail comes in by LMTP, by the API, or from a mailbox:";
    EMPTY_PENDING = "Nobody owes you an answer";
    EMPTY_PENDING_NEXT = "A conversation stands here once you have answered, until the customer writes again.";
    EMPTY_SNOOZED = "Nothing sleeps";
    EMPTY_SNOOZED_NEXT = "Snooze a conversation to have it back at its time.";
    EMPTY_CLOSED = "Nothing is closed yet";
    EMPTY_CLOSED_NEXT = "Closed conversations are found here; a new message opens them again.";
    EMPTY_SPAM = "No spam";
    EMPTY_SPAM_NEXT = "What you call spam stands here and counts nowhere.";
    EMPTY_FILTER = "Nothing fits this filter";
    EMPTY_FILTER_NEXT = "Try fewer words, or another view.";
    SHOW_OPEN = "Show all open";
    SHOW_UNASSIGNED = "Show those unassigned";
    DRAFTS = "Drafts";
    DRAFT_ANSWER = "Answer in";
    DRAFT_NOTE = "Note in";
    DRAFT_THROWN = "Draft thrown away.";
    THROW_AWAY = "Throw this draft away";
    TO_NOBODY_YET = "To nobody yet";
    EMPTY_DRAFTS = "Nothing is half written";
    EMPTY_DRAFTS_NEXT = "What you begin to write is kept here until you send it or throw it away.";
    NOT_DONE = "Nothing was selected.";
}

use super::count;

/// What was done to some conversations.
pub(crate) fn done(what: &str, number: u64) -> String {
    let many = count(number, "conversation", "conversations");
    match what {
        "closed" => format!("{many} closed."),
        "open" => format!("{many} opened."),
        "spam" => format!("{many} put aside as spam."),
        "snoozed" => format!("{many} snoozed."),
        "assigned" => format!("{many} assigned."),
        "tagged" => format!("{many} tagged."),
        "undone" => "Undone.".to_owned(),
        "sent-closed" => "Sent and closed:".to_owned(),
        _ => "Done.".to_owned(),
    }
}

/// When the next week of work begins.
pub(crate) fn next_week(day: &str) -> String {
    format!("Next {day} at 8")
}
