//! All that pages say, in one place, so that it can be said in another language one day.

use whom_core::model::{ConversationStatus, EntryKind, ProfileKind, Section, Source, SourceKind};

use crate::{asking::Asking, locale::Locale};

macro_rules! words {
    ($($name:ident = $text:literal;)*) => { $(#[allow(dead_code, reason = "words wait for their page")] pub(crate) const $name: &str = $text;)* };
}

pub(crate) mod conversation;
pub(crate) mod customers;
mod frame;
pub(crate) mod guide;
pub(crate) mod inbox;
pub(crate) mod kept;
pub(crate) mod notices;
pub(crate) mod people;
pub(crate) mod profile;
pub(crate) mod reading;
mod scripts;
pub(crate) mod settings;
pub(crate) mod sign_in;

pub(crate) use frame::*;
pub(crate) use scripts::for_scripts;

words! {
    LANGUAGE = "en";
    WHOM = "Whom";

    CUSTOMERS = "Customers";
    SEARCH_CUSTOMERS = "Search customers";
    SEARCH_HINT = "Name, e-mail, phone, company …";


    SIGN_IN = "Sign in";
    SIGN_IN_TITLE = "Sign in to Whom";
    LOGIN_NAME = "Login name";
    PASSWORD = "Password";
    LINK_NOTE = "No password yet? Ask an admin for a one-time link.";

    WRONG_PASSWORD = "This login name and password do not go together.";
    LINK_IS_OVER = "This link was used before or has ended. Sign in, or ask for a new link.";

    ALL = "All";
    KIND = "Kind";
    NAME = "Name";
    COMPANY = "Company";
    LAST_SEEN = "Last seen";
    MESSAGES = "Messages";
    LOAD_MORE = "Load more";
    NOTHING_FOUND = "Nobody by that name";
    NOTHING_FOUND_NEXT = "Try fewer letters, an e-mail address, a telephone number with +, or #12 for a conversation.";
    SHOW_EVERYBODY = "Show everybody";

    NOBODY_YET = "Nobody has written yet";
    NOBODY_YET_NEXT = "A profile appears by itself as soon as somebody writes in or uses your app. Here are three ways to begin.";
    BEGIN_MAIL = "Bring in the mail you have";
    BEGIN_APP = "Or send what happens in your app";
    BEGIN_APP_NEXT = "Every Segment-compatible library works: point it at this server and give it a write key.";
    BEGIN_DEMO = "Or look at people who do not exist";

    BEGIN_MAIL_EXAMPLE = "whom ingest mailbox.mbox";
    BEGIN_DEMO_EXAMPLE = "whom demo";

    FIRST_SEEN = "First seen";
    EVENTS = "Events";
    CONVERSATIONS = "Conversations";
    TIMELINE = "Timeline";
    ABOUT = "About";
    PARTS_OF_PROFILE = "Parts of this profile";
    NO_CONVERSATIONS = "No conversations yet.";
    WAITING = "waits for an answer";
    NO_SUBJECT = "No subject";
    OLDER = "Older";
    BACK_TO_NEWEST = "Back to the newest";
    FILTER_TIMELINE = "Show in the timeline";
    SHOW_WHOLE = "Show the whole message";
    SHOW_LESS = "Show less";
    YOUR_TEAM = "Your team";
    COMMAND_LINE = "Command line";

    HOW_TO_REACH = "How to reach them";
    NO_CONTACTS = "No address or number is known yet.";
    DETACH = "Detach";
    DETACH_HELP = "Give it a profile of its own, with exactly what was learnt through it";
    ACCOUNTS = "Accounts";
    OFFERED = "offered, not taken yet";
    WHY = "Why";
    WINS = "Shown";
    LOSES = "Not shown";
    DECIDED = "How it was decided";
    HIDDEN_BY = "says it is not";
    EMPTY_BY = "says there is none";

    ADD_NOTE = "Add a note";
    NOTE_HINT = "Write a note for your team …";
    SAVE_NOTE = "Save note";
    NOTE_KEYS = "Enter saves, Shift+Enter adds a line";

    THIS_PROFILE = "this profile";
    BELONGS_TO = "came together with";
    MERGED = "Merged";
    INTO = "into";
    DETACHED = "Detached";
    MOVED = "Moved";
    OWN_CONTACT = "what was noted here";
    FIELD = "Field";
    THROUGH = "through";
    EVIDENCE = "see where";
    UNDO = "Undo";
    UNDONE = "undone";
    MERGE_WITH = "Merge another profile into this one";
    MERGE_WITH_HINT = "E-mail, phone, id or #conversation";
    COMPARE = "Compare";
    MERGE_TITLE = "Are these two one person?";
    MERGE_NOTE = "Everything recorded stays where it is; the contacts of the second profile move under the first. A merge can be undone exactly, at any later time.";
    STAYS = "stays";
    GOES_IN = "goes into it";
    MERGE_WHY = "Why are they one person? (shown in the history)";
    MERGE_NOW = "Merge the two";
    SWAP = "The other way round";
    CANCEL = "Cancel";
    NOTHING_KNOWN = "—";

    DONE_NOTE = "The note is saved.";
    DONE_DETACHED = "Detached. It has a profile of its own now.";
    OPEN_IT = "Open it";
    DONE_MERGED = "Merged. You can undo it below, under “How this profile came together”.";
    DONE_UNDONE = "Undone.";

    NOT_FOUND = "There is no such page";
    NOT_FOUND_NEXT = "The address may have been mistyped, or what stood here was erased.";
    NOT_DONE = "That did not work";
    FORBIDDEN = "You may not see this";
    FAILED = "Something failed on our side";
    FAILED_NEXT = "Nothing was lost. Try again; if it fails again, tell an admin this number, which the server’s log also shows:";
    BACK_TO_INBOX = "Back to the inbox";
    BACK_TO_CUSTOMERS = "Back to the customers";
    IN_TRASH = "This profile is in the trash.";
}

/// What a person is called who is only passing by or is known.
pub(crate) fn kind(kind: ProfileKind) -> &'static str {
    match kind {
        ProfileKind::Visitor => "Visitor",
        ProfileKind::Customer => "Customer",
    }
}

/// The heading of a section of fields.
pub(crate) fn section(section: Section) -> &'static str {
    match section {
        Section::Person => "Who it is",
        Section::Reach => "Where else they are",
        Section::Custom => "What else is known",
    }
}

/// Where a conversation stands; nothing where that is as usual.
pub(crate) fn status(status: ConversationStatus) -> Option<&'static str> {
    match status {
        ConversationStatus::Open => None,
        ConversationStatus::Pending => Some("pending"),
        ConversationStatus::Closed => Some("closed"),
        ConversationStatus::Spam => Some("spam"),
    }
}

/// Several entries of a kind, as a filter is called.
pub(crate) fn entries(kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::Message => "Messages",
        EntryKind::Note => "Notes",
        EntryKind::Event => "Events",
        EntryKind::PageView => "Pages",
        EntryKind::Activity => "Activities",
    }
}

/// What somebody who works here is called; what the command line did is nobody's in particular.
pub(crate) fn colleague(login: &str) -> String {
    match Asking::name_of(login) {
        Some(name) => name,
        None if login == "local" => COMMAND_LINE.to_owned(),
        None => login.to_owned(),
    }
}

/// Who says so, for a person to read.
pub(crate) fn source(source: &Source) -> String {
    let name = source.name();
    match source.kind() {
        SourceKind::Agent if Asking::name_of(name).is_some() => colleague(name),
        SourceKind::Agent => capital(&colleague(name)),
        SourceKind::Plugin => capital(name),
        SourceKind::Rule => format!("rule {name}"),
        SourceKind::Message if matches!(name, "email" | "mail") => "their e-mail".into(),
        SourceKind::Message => format!("their {name} message"),
        SourceKind::Import => format!("import {name}"),
        SourceKind::Event => format!("app ({name})"),
        SourceKind::Api => format!("API ({name})"),
    }
}

/// A channel, as a person calls it.
pub(crate) fn channel(word: &str) -> String {
    match word {
        "email" => "e-mail".into(),
        "sms" => "SMS".into(),
        "whatsapp" => "WhatsApp".into(),
        other => other.replace('_', " "),
    }
}

/// A number of things: `1 message`, `3 messages`.
pub(crate) fn count(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", thousands(number), if number == 1 { one } else { many })
}

/// A number with its thousands apart, as whoever asks writes it.
pub(crate) fn thousands(number: u64) -> String {
    Locale::here().whole(number)
}

/// A number that a program wrote, such as `-1234.5`, as whoever asks writes it.
pub(crate) fn number(text: &str) -> String {
    Locale::here().number(text)
}

/// A size on disk.
pub(crate) fn bytes(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["kB", "MB", "GB", "TB"];
    let mut size = bytes as f64 / 1000.0;
    let mut unit = 0;
    while size >= 1000.0 && unit + 1 < UNITS.len() {
        size /= 1000.0;
        unit += 1;
    }
    format!("{} {}", number(&format!("{size:.1}")), UNITS[unit])
}

/// How sure somebody is.
pub(crate) fn sure(percent: u8) -> String {
    format!("{} % sure", thousands(u64::from(percent)))
}

/// A word with a capital letter in front.
pub(crate) fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// A detail in lower case as a sentence of its own.
pub(crate) fn sentence(detail: &str) -> String {
    let end = if detail.ends_with(['.', '!', '?']) || detail.is_empty() { "" } else { "." };
    format!("{}{end}", capital(detail))
}

/// Somebody has to wait before the next try.
pub(crate) fn too_many_tries(seconds: u64) -> String {
    format!("There were too many tries. Try again in {}.", count(seconds.div_ceil(60), "minute", "minutes"))
}

/// A call that makes a customer known, to be tried in a terminal.
pub(crate) fn begin_app_example(origin: &str) -> String {
    let json = r#"{ "userId": "42", "traits": { "name": "Ana Flores", "email": "ana@example.org" } }"#;
    format!(
        "curl {origin}/v1/identify -u WRITE_KEY: \\\n  -H 'content-type: application/json' \\\n  -d '{json}'"
    )
}

/// The list does not know of everything yet.
pub(crate) fn behind(profiles: u64) -> String {
    format!("The list is catching up: {} to go.", count(profiles, "profile", "profiles"))
}
