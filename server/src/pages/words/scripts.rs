//! What scripts say, handed to them in the head of each page; braces are filled in by the script.

use std::sync::LazyLock;

const WORDS: &[(&str, &str)] = &[
    ("close", "Close"),
    ("moved", "This moved to another page. Open it"),
    ("signed_out", "You are signed out. Sign in again; what you typed stays here."),
    ("not_sent", "No connection: nothing was sent, and what you typed is still here."),
    ("copied", "Copied."),
    ("failed", "That did not work. What you typed is still here; try again."),
    ("here", "On this page"),
    ("everywhere", "Everywhere"),
    ("key_search", "Search"),
    ("key_help", "This help"),
    ("key_next", "Next row"),
    ("key_previous", "Previous row"),
    ("key_open", "Open the row"),
    ("key_tick", "Tick the row"),
    ("key_palette", "Search and commands"),
    ("key_escape", "Leave a field, close what is open"),
    ("palette_places", "Go to"),
    ("palette_recent", "Recent"),
    ("palette_customers", "Customers"),
    ("palette_conversations", "Conversations"),
    ("palette_number", "Conversation #{number}"),
    ("presence_looks", "{who} is looking at this"),
    ("presence_look", "{who} are looking at this"),
    ("presence_writes", "{who} is writing …"),
    ("presence_write", "{who} are writing …"),
    ("bell", "Notices"),
    ("bell_unread", "Notices: {unread} unread"),
    ("told_assigned", "{who} assigned this to you"),
    ("told_answered", "The customer answered"),
    ("told_mentioned", "{who} mentioned you"),
    ("told_given", "{who} gave you a task"),
    ("told_due", "A task is due"),
    ("told_finished", "Finished"),
    ("told_send_failed", "A message could not be delivered"),
    ("told_nothing", "Nothing new."),
    ("just_now", super::JUST_NOW),
    ("minutes_ago", "{n} min ago"),
    ("hours_ago", "{n} h ago"),
    ("saving", "Saving …"),
    ("saved", "Saved"),
    ("conflict", "{who} changed this while you were writing."),
    ("somebody", "Somebody else"),
    ("yours", "Yours"),
    ("theirs", "Theirs"),
    ("keep_yours", "Keep yours"),
    ("take_theirs", "Take theirs"),
    ("nothing", "nothing"),
];

/// All of them as one JSON object.
pub(crate) fn for_scripts() -> &'static str {
    static TEXT: LazyLock<String> = LazyLock::new(|| {
        let all = WORDS.iter().map(|(name, words)| ((*name).to_owned(), serde_json::Value::from(*words)));
        serde_json::Value::Object(all.collect()).to_string()
    });
    &TEXT
}
