//! What the pages around customers say: tasks, accounts, notes, relationships, duplicates, decisions.

use whom_core::model::DueWhen;

words! {
    TASKS = "Tasks";
    MINE = "Mine";
    DUE = "Due";
    EVERYBODYS = "All";
    NOBODYS = "Nobody’s";
    DONE = "Done";
    TASK = "Task";
    ADD_TASK = "Add a task";
    ADD = "Add";
    WHAT_TO_DO = "What is to be done?";
    FOR_WHOM = "For which customer";
    FOR_WHOM_HINT = "E-mail, phone, id or #conversation";
    BY_WHEN = "By when";
    WHO_DOES_IT = "Who does it";
    NOBODY = "Nobody yet";
    DETAILS = "Details";
    DETAILS_HINT = "Anything worth knowing …";
    MARK_DONE = "Done";
    OPEN_AGAIN = "Open again";
    TAKE_AWAY = "Take away";
    NO_TASKS = "Nothing to do here";
    NO_TASKS_NEXT = "A task says what is to be done for a customer, by whom and by when. Add one above, or on the page of a customer.";
    NO_OPEN_TASKS = "No open tasks.";
    MADE_BY = "Made by";
    CUSTOMER = "Customer";

    ACCOUNTS = "Accounts";
    ACCOUNT = "Account";
    SEARCH_ACCOUNTS = "Search accounts";
    SEARCH_ACCOUNTS_HINT = "Name or domain …";
    NEW_ACCOUNT = "New account";
    CREATE = "Create";
    DOMAIN = "Domain";
    LAST_HEARD = "Last heard of";
    NO_ACCOUNTS = "No accounts yet";
    NO_ACCOUNTS_NEXT = "An account is a company that customers belong to. One appears by itself when your app says so; you can also make one here.";
    NO_SUCH_ACCOUNT = "No account by that name";
    NO_SUCH_ACCOUNT_NEXT = "Try the beginning of a word of its name, or its domain.";
    SHOW_ALL = "Show all";
    MEMBERS = "People";
    NO_MEMBERS = "Nobody belongs to it yet.";
    ADD_MEMBER = "Add somebody";
    TAKE_OUT = "Take out";
    FIELDS = "What is known";
    ADD_FIELD = "Add a field";
    FIELD_NAME = "Field";
    FIELD_VALUE = "Value";
    LATEST_CONVERSATIONS = "Latest conversations";
    NO_CONVERSATIONS = "None of its people has written yet.";
    MORE_PEOPLE = "More people";
    EMPTY_FIELD = "—";

    NOTES = "Notes";
    NO_NOTES = "No notes yet.";
    PIN = "Pin";
    UNPIN = "Unpin";
    PINNED = "pinned";
    PINNED_BY = "pinned by";
    EDIT = "Edit";
    EDITED = "edited";
    NOTE_HINT = "Write a note for your team …";
    SAVE_NOTE = "Save note";
    NOTE_KEYS = "Enter saves, Shift+Enter adds a line";

    RELATIONSHIPS = "Related to";
    NO_RELATIONSHIPS = "Nobody yet.";
    RELATE = "Relate to somebody";
    THEY_ARE = "They are";
    THEY_ARE_HINT = "assistant, spouse …";
    THIS_IS = "of this customer, who is their";
    THIS_IS_HINT = "follows by itself";

    DUPLICATES = "Duplicates";
    DUPLICATES_INTRO = "Profiles that may be one person, the likeliest first. Nothing is merged by itself.";
    OPEN = "Open";
    MERGED = "Merged";
    SAME_LIKELY = "very likely the same";
    SAME_PERHAPS = "perhaps the same";
    COMPARE = "Compare";
    NOT_THE_SAME = "Not the same";
    SAID_APART = "said not to be the same";
    MERGE_UNDONE = "a merge was undone";
    LOOK_AGAIN = "Offer again";
    NO_DUPLICATES = "Nobody seems to be there twice";
    NO_DUPLICATES_NEXT = "Whenever something arrives, Whom looks for profiles that may be one person, by the rules of this house.";
    NO_DECIDED = "Nothing was decided yet";
    NO_DECIDED_NEXT = "Pairs that somebody said are not the same, and merges that were undone, stand here.";
    NO_MERGES = "Nothing was merged by hand yet";
    NO_MERGES_NEXT = "What somebody merged stands here, the latest first, and can be undone exactly, also after later edits.";
    TOOK_IN = "took in";
    UNDO_MERGE = "Undo the merge";
    THEY_DIFFER = "Where they differ";
    THEY_AGREE = "Where one knows more, or both say the same";
    CHECKING = "Looking through what is there …";

    MERGED_RESULT = "Afterwards";
    WHY_SO = "Why";
    CHOOSE_AS_IS = "as the rules say";
    RULES_SAY = "The rules say";
    SAID_APART_BEFORE = "Somebody said that these two are not the same.";

    PIN_THIS = "Pin";
    PREFER_THIS = "Prefer this";
    HIDE_THIS = "Hide";
    NEVER_FROM = "Never from";
    AGAIN_FROM = "Allow again";
    SHOW_AGAIN = "Show again";
    TAKE_THIS = "Take";
    DECISIONS = "Decided by people";
    COUNTS_NOT = "does not count at present";
}

/// How a due task stands.
pub(crate) fn when(when: DueWhen) -> &'static str {
    match when {
        DueWhen::Overdue => "Overdue",
        DueWhen::Today => "Today",
        DueWhen::Later => "Later",
        DueWhen::Whenever => "Whenever",
    }
}

/// What was done, by its word in an address.
pub(crate) fn news(done: &str) -> Option<&'static str> {
    Some(match done {
        "task_added" => "The task is added.",
        "task_done" => "Done.",
        "task_reopened" => "The task is open again.",
        "task_removed" => "The task is taken away.",
        "task_changed" => "The task is changed.",
        "note_added" => "The note is saved.",
        "note_changed" => "The note is changed.",
        "note_removed" => "The note is taken away.",
        "note_restored" => "The note is back.",
        "note_pinned" => "The note is pinned.",
        "note_unpinned" => "The note is no longer pinned.",
        "related" => "The relationship is added.",
        "unrelated" => "The relationship is taken away.",
        "account_added" => "The account is made.",
        "account_changed" => "The account is changed.",
        "linked" => "Linked to the account.",
        "unlinked" => "No longer linked to the account.",
        "detached" => "Detached. It has a profile of its own now.",
        "checking" => "Providers are looking; what they find comes in by itself.",
        "nothing_to_check" => {
            "There is nothing here that a provider could be asked about, or all are being asked already."
        }
        "look_up_on" => "Providers may be asked about this customer again.",
        "look_up_off" => "No provider is asked about this customer any more. What was found stays.",
        "merged" => "Merged.",
        "undone" => "Undone: it is as it was before.",
        "trashed" => "In the trash.",
        "restored" => "Out of the trash again.",
        "noted" => "The note is saved.",
        "saved" => "Saved.",
        "added" => "The contact is added.",
        "told_apart" => "Remembered: they are not the same.",
        "maybe_same" => "They may be offered as one again.",
        "pinned" => "Pinned.",
        "unpinned" => "No longer pinned.",
        "hidden" => "Hidden.",
        "shown" => "Shown again.",
        "nevered" => "What this source says no longer counts here.",
        "again" => "What this source says counts again.",
        "taken" => "Taken: it is a contact now.",
        _ => return None,
    })
}

/// Whose word is not to count.
pub(crate) fn never_from(source: &str) -> String {
    format!("Never from {source}")
}

/// Takes a person out of an account.
pub(crate) fn take_out(name: &str) -> String {
    format!("Take out {name}")
}
