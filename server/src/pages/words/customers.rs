//! What the customers page says: lists, filters, segments, bulk actions.

use whom_core::{
    model::Value,
    search::filter::{FieldSort, Op},
};

use crate::bulk::{Action, JobState};

words! {
    COLUMNS = "Columns";
    COLUMNS_HELP = "Choose what the list shows, and in which order.";
    MOVE_UP = "Further left";
    KEEP_COLUMNS = "Show these";
    EXPORT = "Export";
    EXPORT_CSV = "Spreadsheet (CSV)";
    EXPORT_JSONL = "JSON Lines";
    EXPORT_VCARD = "Address book (vCard)";
    CREATE_PROFILE = "Create profile";
    CREATE_ANYWAY = "Create it anyway";
    CALLED_SO = "Somebody of this name is here already. Is it one of these?";
    CREATE_HELP = "A name or an address is enough; what is learnt later joins it by itself.";
    FIRST_NAME = "First name";
    LAST_NAME = "Last name";
    EMAIL = "E-mail";
    PHONE = "Phone";
    JOB_TITLE = "Job title";

    SEGMENTS = "Segments";
    EVERYBODY = "All customers";
    YOURS = "Yours";
    SHARED = "Shared with the team";
    MY_CUSTOMERS = "My customers";
    SEEN_RECENTLY = "Seen this week";
    ONLY_CUSTOMERS = "Known customers";
    ONLY_VISITORS = "Visitors";
    RECENT_BULK = "Bulk actions";

    SAVE_SEGMENT = "Save as segment";
    SAVE_CHANGES = "Save changes";
    SEGMENT_NAME = "Name of the segment";
    SEGMENT_NAME_HINT = "Enterprise, quiet for a month";
    SHARE_SEGMENT = "Share with the team";
    EDIT_SEGMENT = "Rename or share";
    REMOVE_SEGMENT = "Remove this segment";
    SEGMENT_MENU = "This segment";
    DONE_SAVED = "The segment is saved.";
    DONE_REMOVED = "The segment is removed.";
    DONE_BROUGHT_BACK = "The segment is back.";
    DONE_COLUMNS = "The columns are kept.";

    FILTERS = "Filters";
    ADD_FILTER = "Add filter";
    PROPERTY = "Property";
    CONDITION = "Condition";
    VALUE = "Value";
    AND_UP_TO = "and";
    DAYS = "days";
    NEXT = "Next";
    APPLY = "Apply";
    CLEAR_FILTERS = "Clear all";
    MATCH_ALL = "all of these";
    MATCH_ANY = "any of these";
    AS_TEXT = "Write a filter";
    AS_TEXT_HINT = "tier:pro last_seen<30d (tags:vip or tags:beta)";
    YES = "yes";
    NO = "no";
    EVERY_PROFILE = "Every profile";
    PROPERTIES = "Properties";
    FILTER_WRONG = "This filter cannot be read";
    NO_FILTER_MATCH = "Nobody fits these filters";
    NO_FILTER_MATCH_NEXT = "Take a filter away, or look for somebody by name.";
    NOBODY_OF_YOURS = "You look after nobody yet";
    NOBODY_OF_YOURS_NEXT = "Choose customers in the list and assign them to yourself; they are listed here.";

    SELECT = "Select";
    SELECT_ALL = "Select all on this page";
    WITH_SELECTED = "With the selected:";
    SELECTED = "selected";
    CLEAR_SELECTION = "Clear";
    TAG = "Tag";
    UNTAG = "Untag";
    ASSIGN = "Assign";
    SET_PROPERTY = "Set";
    MERGE_SELECTED = "Merge";
    LINK_ACCOUNT = "Link account";
    ACCOUNT = "Account";
    ACCOUNT_HELP = "Its name, or its id.";
    NO_PROVIDERS = "Providers run with the server; this process has none.";
    ENRICH = "Enrich";
    TO_TRASH = "Trash";
    MORE_DEEDS = "More";

    TAGS = "Tags";
    TAGS_HELP = "Several go with commas between them.";
    LOOKED_AFTER_BY = "Who looks after them";
    NOBODY = "Nobody";
    ENRICH_NEXT = "Every provider that is switched on is asked about those it has not looked at for two months. What goes out stands in the ledger.";
    TRASH_NEXT = "They leave every list and can be brought back from here or from the trash.";
    MERGE_NEXT = "Choose the profile that stays. The contacts of the others move under it; each merge can be undone exactly.";
    COMPARE_FIRST = "Compare the two side by side first";
    WHICH_STAYS = "Which profile stays?";
    EMPTY_TAKES_AWAY = "Leave it empty to take the value away.";
    START = "Start";
    NOTHING_SELECTED = "Nobody is selected";
    NOTHING_SELECTED_NEXT = "Tick some customers in the list, or take everybody who was found.";

    BULK = "Bulk actions";
    NO_BULK = "Nothing was done to many customers at once yet";
    NO_BULK_NEXT = "Select customers in the list to tag, assign or merge them together.";
    STOP = "Stop";
    UNDO_ALL = "Undo";
    CHANGED = "Changed";
    UNCHANGED = "Were so already";
    LEFT_ALONE = "Left as they are";
    TAKEN_BACK = "Taken back";
    NOT_TAKEN_BACK = "Not taken back";
    REASON = "Reason";
    STATE_WAITING = "Finding out who is meant";
    STATE_RUNNING = "At it";
    STATE_DONE = "Done";
    STATE_STOPPED = "Stopped";
    STATE_UNDOING = "Taking it back";
    STATE_UNDONE = "Taken back";
    STATE_FAILED = "Could not go on";
    MORE_THAN = "more than";
    AGO = "ago";
    OR = "or";
    REFRESH = "Show how far it is";
    BACK_TO_LIST = "Back to the list";
}

/// How many were found, and that all of them are meant.
pub(crate) fn all_found(count: u64) -> String {
    format!("All {} found", super::thousands(count))
}

/// What is done, to how many.
pub(crate) fn deed_for(deed: &str, count: u64) -> String {
    format!("{deed}: {}", super::count(count, "customer", "customers"))
}

/// A number that was counted to a bound.
pub(crate) fn counted(count: usize, most: usize) -> String {
    let text = super::thousands(count as u64);
    if count >= most { format!("{text}+") } else { text }
}

/// An operator between a property and a value.
pub(crate) fn op(op: Op, sort: FieldSort) -> &'static str {
    let is_date = sort == FieldSort::Date;
    match op {
        Op::Is => "is",
        Op::IsNot => "is not",
        Op::Contains => "contains",
        Op::Lacks => "does not contain",
        Op::Known => "is known",
        Op::Empty => "is not known",
        Op::Less if is_date => "is before",
        Op::AtMost if is_date => "is on or before",
        Op::Greater if is_date => "is after",
        Op::AtLeast if is_date => "is on or after",
        Op::Less => "is less than",
        Op::AtMost => "is at most",
        Op::Greater => "is greater than",
        Op::AtLeast => "is at least",
        Op::Between => "is between",
        Op::Within => "in the last",
        Op::Older => "more than … ago",
    }
}

/// A length of time as it stands in a chip: `30d` is `30 days`.
pub(crate) fn span(text: &str) -> String {
    let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
    let one = digits == "1";
    let unit = match text.chars().last() {
        Some('h') => ["hour", "hours"],
        Some('w') => ["week", "weeks"],
        Some('m') => ["month", "months"],
        Some('y') => ["year", "years"],
        _ => ["day", "days"],
    };
    format!("{digits} {}", unit[usize::from(!one)])
}

/// A bulk action that is over, and how.
pub(crate) fn bulk_over(action: &Action, count: u64, as_what: JobState) -> String {
    let how = match as_what {
        JobState::Failed => STATE_FAILED,
        JobState::Stopped => STATE_STOPPED,
        JobState::Undone => STATE_UNDONE,
        _ => STATE_DONE,
    };
    format!("{}, {} · {how}", self::action(action), super::count(count, "customer", "customers"))
}

/// A bulk action in words.
pub(crate) fn action(action: &Action) -> String {
    let list =
        |values: &[Value]| values.iter().map(|value| format!("“{value}”")).collect::<Vec<_>>().join(", ");
    match action {
        Action::Add { property, values } => format!("Add {} to {}", list(values), named(property.as_str())),
        Action::Remove { property, values } => {
            format!("Take {} from {}", list(values), named(property.as_str()))
        }
        Action::Set { property, value } => format!("Set {} to “{value}”", named(property.as_str())),
        Action::Clear { property } => format!("Take {} away", named(property.as_str())),
        Action::Link { .. } => "Link to an account".into(),
        Action::Merge { .. } => "Merge into one".into(),
        Action::Enrich => "Ask the providers".into(),
        Action::Trash => "Move to the trash".into(),
    }
}

fn named(key: &str) -> String {
    key.replace('_', " ")
}
