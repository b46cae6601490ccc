//! What somebody is told.

use crate::notify::Sort;

words! {
    NOTICES = "Notices";
    ALL = "All notices";
    READ_ALL = "Mark all as read";
    NONE = "Nothing new";
    NONE_NEXT = "You are told here when a conversation becomes yours, a customer answers you, somebody names you in a note with @ or gives you a task, a task is due, a bulk action is finished, or a message of yours could not be delivered.";
    OPENS = "Open what is given to me";
    OPENS_HELP = "When a conversation is assigned to you, its page opens by itself, unless you are writing.";
}

/// What a screen reader says of the bell.
pub(crate) fn bell(unread: u64) -> String {
    if unread == 0 { NOTICES.to_owned() } else { format!("{NOTICES}: {unread} unread") }
}

/// What happened.
pub(crate) fn says(sort: Sort, by: Option<&str>) -> String {
    let by = by.map(super::capital);
    let by = by.as_deref().unwrap_or("Somebody");
    match sort {
        Sort::Assigned => format!("{by} assigned this to you"),
        Sort::Answered => "The customer answered".to_owned(),
        Sort::Mentioned => format!("{by} mentioned you"),
        Sort::Given => format!("{by} gave you a task"),
        Sort::Due => "A task is due".to_owned(),
        Sort::Finished => "Finished".to_owned(),
        Sort::SendFailed => "A message could not be delivered".to_owned(),
    }
}
