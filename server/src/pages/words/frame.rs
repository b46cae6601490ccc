//! What every page says: the rail, the bar, the palette, the keyboard, and parts that recur.

words! {
    SKIP = "Skip to the content";
    MAIN_MENU = "Main menu";
    INBOX = "Inbox";
    TASKS = "Tasks";
    DUPLICATES = "Duplicates";
    SETTINGS = "Settings";
    YOU = "You";
    SEARCH = "Search";
    SEARCH_ALL = "Search or jump to …";
    PALETTE_KEYS = "Ctrl K";
    LIGHT_OR_DARK = "Light or dark";
    THEME_SYSTEM = "System";
    THEME_LIGHT = "Light";
    THEME_DARK = "Dark";
    KEYBOARD = "Keyboard shortcuts";
    SIGN_OUT = "Sign out";
    CLOSE = "Close";

    PALETTE = "Search and commands";
    PALETTE_HINT = "A page, a deed, a customer, a subject, #12 …";
    WRITE_MESSAGE = "Write a new message";
    NEW_CUSTOMER = "Create a profile";
    NOTHING_FITS = "Nothing fits. Press Enter to search customers.";
    PLACES = "Go to";
    KEY_MOVE = "move";
    KEY_OPEN = "open";
    SINGLE_KEYS = "Shortcuts of one key";
    SINGLE_KEYS_HELP = "Ctrl K works either way.";

    OFFLINE = "No connection. What you type stays here; nothing is sent until it is back.";
    TRY_AGAIN = "Try again";
    LOADING = "Loading";
    SAVE = "Save";
    TODAY = "Today";
    YESTERDAY = "Yesterday";
    JUST_NOW = "just now";
    A_DAY_AGO = "yesterday";
    SOMEBODY_WAS_FASTER = "somebody else changed this meanwhile";
}

/// So many minutes ago.
pub(crate) fn minutes_ago(number: &str) -> String {
    format!("{number} min ago")
}

/// So many hours ago.
pub(crate) fn hours_ago(number: &str) -> String {
    format!("{number} h ago")
}

/// So many days ago.
pub(crate) fn days_ago(number: &str) -> String {
    format!("{number} days ago")
}

/// What waits in the inbox.
pub(crate) fn waits_in_inbox(mine: u64, unassigned: u64) -> String {
    format!("{} yours, {} unassigned", super::thousands(mine), super::thousands(unassigned))
}

/// How many tasks are due.
pub(crate) fn tasks_due(count: u64) -> String {
    format!("{} due", super::thousands(count))
}

/// How many duplicates wait.
pub(crate) fn duplicates_wait(count: u64) -> String {
    format!("{} to look at", super::thousands(count))
}

/// A number that was counted to a bound.
pub(crate) fn bounded(count: u64, most: usize) -> String {
    let most = most as u64;
    if count >= most { format!("{}+", super::thousands(most - 1)) } else { super::thousands(count) }
}

/// Looks light, dark, or as the system does.
pub(crate) fn in_theme(theme: &str) -> String {
    format!("{LIGHT_OR_DARK}: {}", theme.to_lowercase())
}

/// Where a key leads.
pub(crate) fn go_to(place: &str) -> String {
    format!("Go to {}", place.to_lowercase())
}

/// Takes something away.
pub(crate) fn remove(name: &str) -> String {
    format!("Remove {name}")
}

/// How far something is.
pub(crate) fn of(done: u64, all: u64) -> String {
    format!("{} of {}", super::thousands(done), super::thousands(all))
}
