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
    PALETTE_HINT = "A page, a deed, a customer, #12 for a conversation …";
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
    SOMEBODY_WAS_FASTER = "somebody else changed this meanwhile";
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
