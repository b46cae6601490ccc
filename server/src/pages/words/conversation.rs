//! The words of a conversation.

words! {
    PRIORITY = "Priority";
    STATUS = "Status";
    ASSIGNEE = "Looked after by";
    NOBODY = "Nobody";
    SUBJECT = "Subject";
    NO_SUBJECT = "No subject";
    TAGS = "Tags";
    ADD_TAG = "Add a tag";
    SUBMITTED = "Submitted";
    CHANNEL = "Channel";
    NUMBER = "Number";
    CLOSE_IT = "Close";
    REOPEN = "Reopen";
    TAKE_IT = "Take it";
    SNOOZE = "Snooze";
    SNOOZED_UNTIL = "Snoozed until";
    WAKE = "Wake it now";
    SPAM = "Mark as spam";
    NOT_SPAM = "Not spam";
    MORE = "More";
    MERGE_INTO = "Merge into";
    MERGE_HINT = "#12";
    MERGE = "Merge";
    SPLIT_HERE = "Split here";
    UNDO_THREADING = "Take the merge or split back";
    ALL_PROPERTIES = "All properties";
    MESSAGES = "Messages";
    LAST_MESSAGE = "Last message";
    ISSUES = "Linked issues";
    LINK_ISSUE = "Link an issue";
    ISSUE_SYSTEM = "linear";
    ISSUE_KEY = "SHOP-12";
    ISSUE_URL = "https://…";
    UNLINK = "Unlink";
    NEXT = "Next conversation";
    PREVIOUS = "Previous conversation";
    BACK = "Back to the list";
    EARLIER = "Earlier";
    THREAD = "Messages, oldest first";
    REPLY = "Reply";
    NOTE = "Note";
    REPLY_HINT = "Write your answer …";
    WRITE = "Write";
    TO = "To";
    COPY = "Copy";
    SEND = "Send";
    SEND_AND_CLOSE = "Send and close";
    SAVE_NOTE = "Save note";
    FILES = "Files that go along";
    ADD_FILES = "Add files";
    REMOVE_FILE = "Leave out";
    QUOTE = "Quote what they wrote";
    DRAFT_SAVED = "Draft saved";
    ONLY_HERE = "Saved in this browser";
    NEW = "New message";
    NEW_TO_HINT = "ana@example.org";
    CUSTOMER = "Customer";
    OPEN_PROFILE = "Open the profile";
    GONE = "Whoever this was with is no longer known.";

    SENT_QUEUED = "leaves in a moment";
    SENT_SENT = "sent";
    SENT_VIEWED = "viewed";
    SENT_NOT_VIEWED = "not viewed";
    SENT_ERROR = "not delivered";
    SENT_RECALLED = "taken back";
    NO_CHANNEL = "No mail leaves yet: an admin has to set up a channel under Settings.";
}

/// What was just done to a conversation.
pub(crate) fn done(word: &str) -> Option<&'static str> {
    Some(match word {
        "noted" => "The note is saved.",
        "sent" => "On its way.",
        "sent-closed" => "On its way, and closed.",
        "recalled" => "Taken back; what you wrote is in the draft.",
        "closed" => "Closed.",
        "open" => "Opened again.",
        "spam" => "Put aside as spam.",
        "snoozed" => "Snoozed.",
        "woken" => "Back in the inbox.",
        "assigned" => "Assigned.",
        "merged" => "Merged.",
        "split" => "Split off.",
        "saved" => "Saved.",
        "undone" => "Undone.",
        _ => return None,
    })
}

/// What an activity did, for the line in the thread.
pub(crate) fn deed(what: &str, from: &str, to: &str) -> String {
    let nobody = |login: &str| if login.is_empty() { "nobody".to_owned() } else { login.to_owned() };
    match what {
        "status" => format!("made it {to}"),
        "assignee" if to.is_empty() => format!("took it from {}", nobody(from)),
        "assignee" => format!("gave it to {to}"),
        "priority" => format!("set the priority to {to}"),
        "subject" => format!("called it “{to}”"),
        "tags" => format!("set the tags to {}", if to.is_empty() { "none" } else { to }),
        "properties" => "changed properties".to_owned(),
        "issues" => "changed the linked issues".to_owned(),
        "snooze" if to.is_empty() => "called it back".to_owned(),
        "snooze" => "put it to sleep".to_owned(),
        "woken" => "it came back at its time".to_owned(),
        "opened" => "it is open again".to_owned(),
        "merged" => "merged another conversation into it".to_owned(),
        "unmerged" => "took a merge back".to_owned(),
        "split" => "split messages off".to_owned(),
        "unsplit" => "brought split messages back".to_owned(),
        "satisfaction" => format!("the customer is content: {to} of 5"),
        other => other.replace('_', " "),
    }
}
