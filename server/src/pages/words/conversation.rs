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
    MERGE_INTO = "Merge into another …";
    MERGE_TITLE = "Merge into which conversation?";
    MERGE_FIND = "Number, subject or customer";
    MERGE_SAME_CUSTOMER = "From the same customer";
    MERGE_NONE_YET = "The customer has no other conversation. Look for one by its number, its subject or a name.";
    NOTHING_FITS = "Nothing fits. Try fewer words.";
    MERGE = "Merge";
    SPLIT_HERE = "Split off from here on";
    SPLIT_OFF = "Split off";
    CHOOSE_SOME = "Choose messages to split off …";
    CHOOSE = "Choose the message of";
    CHOOSE_WHICH = "Choose the messages that are to become a conversation of their own.";
    SPLIT_FROM = "Split off from";
    MERGED_HERE = "Merged into this one";
    TAKE_OUT = "Take it out again";
    PUT_BACK = "Put back into";
    CANCEL = "Cancel";
    ADD_TO_PROFILE = "Add to which profile?";
    ADD_TO_PROFILE_MENU = "Add to another profile …";
    FIND_PROFILE = "Name, address, telephone or company";
    NEW_PROFILE = "Make a new profile of it";
    OTHERS_TOOK_PART = "Others took part:";
    ADD = "Add";
    WITH_MESSAGE = "With this message";
    LINK_TO_IT = "A link to this message";
    COPY_LINK = "Copy a link to it";
    SHOW_HEADERS = "All header lines";
    RECALL = "Take it back";
    RETRY = "Try again";
    RETRY_NOW = "Try now";
    NOT_ARRIVED = "This message did not arrive.";
    TRIED_AGAIN = "Not taken yet; tried again at";
    PERHAPS_TWICE = "The mail server's answer was lost once, so this message was sent again: it may arrive twice.";
    LATER = "Later";
    NEWEST = "To the newest";
    TOPIC = "Topic";
    TOPIC_WHY = "The subject without “Re:” and the like. Conversations of one topic stand together on the customer's page.";
    PROPERTIES = "Properties";
    PROPERTY_NAME = "Name, such as order";
    PROPERTY_VALUE = "Value";
    ADD_PROPERTY = "Add";
    ISSUE_SYSTEM_LABEL = "System of the issue";
    ISSUE_KEY_LABEL = "Key of the issue";
    ISSUE_URL_LABEL = "Address of the issue";
    SAVING = "Saving …";
    GOES_ON = "Closes it and goes on to the next one";
    ANSWERED_MEANWHILE = "{who} answered while you were writing. Read it before you send yours.";
    WROTE_MEANWHILE = "{who} wrote again while you were writing. Read it before you send yours.";
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
    WRITE = "Message";
    TO = "To";
    COPY = "Copy to";
    SEND = "Send";
    SEND_AND_CLOSE = "Send and close";
    SAVE_NOTE = "Save note";
    FILES = "Files that go along";
    ADD_FILES = "Add files";
    KEEPING = "Keeping …";
    REMOVE_FILE = "Leave out";
    QUOTE = "Quote what they wrote";
    DRAFT_SAVED = "Draft saved";
    ONLY_HERE = "Saved in this browser";
    NEW = "New message";
    NEW_TO_HINT = "A customer's name, or an address";
    CUSTOMER = "Customer";
    OPEN_PROFILE = "Open the profile";
    GONE = "Whoever this was with is no longer known.";

    SENT_WAITS = "waits for another try";
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
        "sent-closed" => "Sent and closed:",
        "recalled" => "Taken back; what you wrote is in the draft.",
        "closed" => "Closed.",
        "open" => "Opened again.",
        "spam" => "Put aside as spam.",
        "snoozed" => "Snoozed.",
        "woken" => "Back in the inbox.",
        "assigned" => "Assigned.",
        "merged" => "Merged into this one:",
        "split" => "Split off from",
        "given" => "It belongs to this profile now.",
        "retried" => "It is tried again.",
        "saved" => "Saved.",
        "undone" => "Undone.",
        _ => return None,
    })
}

/// What came while somebody was writing, and that theirs has not left.
pub(crate) fn answered_meanwhile(who: &str, text: &str) -> String {
    format!(
        "{who} answered while you were writing: “{text}” Yours has not left: read it, then send or change yours."
    )
}

/// The same of the customer.
pub(crate) fn wrote_meanwhile(text: &str) -> String {
    format!(
        "The customer wrote again while you were writing: “{text}” Yours has not left: read it, then send or change yours."
    )
}

/// The first of many, and how many there are besides.
pub(crate) fn and_more(first: &str, more: usize) -> String {
    format!("{first} and {more} more")
}

/// How many drafts there are.
pub(crate) fn drafts(number: usize) -> String {
    super::count(number as u64, "draft", "drafts")
}

/// What merging comes to.
pub(crate) fn merge_help(number: u64) -> String {
    format!(
        "The messages of #{number} will be shown in the one you choose, and its number leads there. It can be taken back at any time."
    )
}

/// Whose a contact is now.
pub(crate) fn whose_help(contact: &str, name: &str) -> String {
    format!(
        "{contact} belongs to {name} now. Everything learnt through it goes along, and it can be taken back."
    )
}

/// What an activity did with another conversation, which is named behind it.
pub(crate) fn deed_with(what: &str, is_from: bool) -> &'static str {
    match (what, is_from) {
        ("merged", _) => "merged into it",
        ("unmerged", _) => "took out of it again",
        ("split", false) => "split messages off into",
        ("split", true) => "split it off from",
        ("unsplit", _) => "brought back what was split off into",
        _ => "did something with",
    }
}

/// What an activity of somebody did, for the line in the thread.
pub(crate) fn deed(by: &str, what: &str, from: &str, to: &str) -> String {
    match what {
        "status" if to == "closed" => "closed it".to_owned(),
        "status" if to == "open" => "opened it again".to_owned(),
        "status" if to == "spam" => "took it for spam".to_owned(),
        "status" => format!("made it {to}"),
        "assignee" if to.is_empty() && from.is_empty() => "gave it to nobody".to_owned(),
        "assignee" if to.is_empty() => format!("took it from {}", super::colleague(from)),
        "assignee" if to == by => "took it".to_owned(),
        "assignee" => format!("gave it to {}", super::colleague(to)),
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
        "satisfaction" => format!("The customer rated this {to} of 5"),
        other => other.replace('_', " "),
    }
}
