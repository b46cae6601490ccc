//! People who work here, oneself, keys, the audit log, and who sees what.

use crate::auth::{Role, Scope};

words! {
    PEOPLE = "People";
    PEOPLE_NEXT = "Who works here, and what they may do.";
    INVITE = "Invite somebody";
    INVITE_NEXT = "They get a link, choose a name and a password, and are in. It works once and for seven days.";
    INVITE_NOW = "Invite";
    EMAIL = "E-mail address";
    ROLE = "Role";
    NAME = "Name";
    OPTIONAL = "if you know it";
    LINK_MADE = "The link is made";
    LINK_MAILED = "It went to their mailbox. It is shown here this once as well:";
    LINK_BY_HAND = "No channel sends mail yet, so hand it over yourself. It is shown this once:";
    COPY = "Copy";
    COPIED = "Copied";
    OPEN_LINKS = "Open invitations and links";
    TAKE_BACK = "Take back";
    FOR_PASSWORD = "a new password";
    UNTIL = "until";
    BY = "by";
    MANAGE = "Manage";
    DISABLED = "Disabled";
    BY_PASSWORD = "Password";
    BY_LINK = "Link only";
    TWO_STEPS = "Two steps";
    SIGNS_IN_BY = "Signs in by";
    SINCE = "Since";
    YOU_MARK = "you";
    SECURITY = "Second step";
    SECURITY_NEXT = "Who signs in with a password and a code of an app. Whoever has none yet sets it up the next time.";
    AUDIT_DAYS = "Days the audit log is kept";
    SAVE = "Save";
    SAVED = "Saved.";

    BACK_TO_PEOPLE = "All people";
    ACCESS = "Access";
    DISABLE = "Disable";
    DISABLE_NEXT = "They are signed out everywhere at once and cannot come back in. What they wrote stays.";
    ENABLE = "Let them in again";
    RESET_LINK = "Link for a new password";
    RESET_LINK_NEXT = "For whoever forgot theirs. It works once, for a day.";
    SECOND_STEP_RESET = "Take the second step away";
    SECOND_STEP_RESET_NEXT = "For whoever lost their app and their recovery codes. They are signed out.";
    SESSIONS = "Signed in on";
    SESSIONS_NONE = "Nowhere.";
    THIS_SESSION = "This one";
    END = "End";
    END_ALL = "End all";
    END_OTHERS = "End all others";
    UNKNOWN_DEVICE = "Unknown browser";
    LAST_VISIT = "last here";

    YOU = "You";
    YOU_NEXT = "How you are called, how you sign in, and how you read dates.";
    PASSWORD = "Password";
    OLD_PASSWORD = "Your password now";
    NEW_PASSWORD = "New password";
    CHANGE_PASSWORD = "Change it";
    PASSWORD_CHANGED = "Your password is changed. You are signed out everywhere else.";
    LOOK = "Look";
    LOOK_NEXT = "As your system has it, or as you like.";
    SYSTEM = "System";
    LIGHT = "Light";
    DARK = "Dark";
    ZONE = "Time zone";
    ZONE_HELP = "Such as Europe/Berlin. Empty: that of your browser.";
    LOCALE = "Dates and numbers";
    LOCALE_HELP = "How days, hours and numbers are written. Words stay English.";
    AS_BROWSER = "As my browser asks";
    SECOND_STEP = "Second step";
    SECOND_STEP_OFF = "A code of an app on your telephone, so that a stolen password is not enough.";
    SECOND_STEP_ON = "Signing in takes a code of your app.";
    SET_UP = "Set it up";
    TAKE_AWAY = "Take it away";
    TAKEN_AWAY = "The second step is taken away.";
    SESSION_ENDED = "That session is ended.";
    CODES_LEFT = "recovery codes left";
    ON = "On";

    KEYS = "Keys";
    KEYS_NEXT = "For programs: tokens for the API, and write keys that stand in your app.";
    NEW_KEY = "Make a key";
    KEY_NAME = "What it is for";
    KEY_NAME_HINT = "Such as warehouse or web shop";
    KIND = "Sort";
    TOKEN = "Token for the API";
    TOKEN_HELP = "May do what you tick. It is a secret.";
    WRITE_KEY = "Write key for events";
    WRITE_KEY_HELP = "Brings events in and can read nothing. It may stand in web pages.";
    SCOPES = "May";
    MAKE_KEY = "Make it";
    KEY_MADE = "The key is made";
    KEY_MADE_NEXT = "Copy it now: it is shown this once and kept only as a hash.";
    REVOKE = "Revoke";
    REVOKED = "Revoked";
    KEY_REVOKED = "The key is revoked. Programs that use it are refused from now on.";
    NEVER_USED = "never used";
    LAST_USED = "used";
    NO_KEYS = "No keys yet";

    AUDIT = "Audit log";
    AUDIT_NEXT = "Who did what, when, on what. Nothing here can be changed; what is too old goes by itself.";
    WHO = "Who";
    WHAT = "What";
    ON_WHAT = "On what";
    WHEN = "When";
    FROM = "From";
    TO = "Before";
    ANYTHING = "Anything";
    SHOW = "Show";
    OLDER = "Older";
    NOTHING_HERE = "Nothing of this sort";
    NOTHING_HERE_NEXT = "Ask for less, or for another time.";
    THE_HOUSE = "Whom itself";
    COMMAND_LINE = "the command line";
    SOMEBODY = "somebody unknown";
    NO_MOMENT = "Write a day such as 2026-01-31.";

    FIELDS = "Who sees what";
    FIELDS_NEXT = "For each field and role: all of it, a part (a•••@example.org, •••• 1234), or nothing, not even that it exists. Owners see everything. It holds everywhere: pages, search, exports, the API. Addresses and numbers in subjects and previews are covered too; the text of a message or a note is shown whole to whoever opens it.";
    FIELD = "Field";
    EDITS = "Edits";
    ALL_OF_IT = "All";
    A_PART = "A part";
    NOTHING = "Nothing";
    DECIDED_HERE = "decided here";
    OWNERS_ONLY = "owners only";
    FIELDS_SAVED = "Saved. It holds from now on.";
    AND_ABOVE = "and above";
}

/// A role, as people call it.
pub(crate) fn role(role: Role) -> &'static str {
    match role {
        Role::ReadOnly => "Read-only",
        Role::Agent => "Agent",
        Role::Admin => "Admin",
        Role::Owner => "Owner",
    }
}

/// What a role may do, in a few words.
pub(crate) fn role_help(role: Role) -> &'static str {
    match role {
        Role::ReadOnly => "sees customers",
        Role::Agent => "sees and changes customers",
        Role::Admin => "and manages people, keys and settings",
        Role::Owner => "everything",
    }
}

/// What a scope allows.
pub(crate) fn scope(scope: Scope) -> &'static str {
    match scope {
        Scope::Read => "read customers",
        Scope::Write => "change customers",
        Scope::Ingest => "bring messages and events in",
        Scope::Admin => "administer",
    }
}

/// A deed of the audit log, as a person says it.
pub(crate) fn deed(word: &str) -> String {
    let said = match word {
        "signed_in" => "signed in",
        "sign_in_failed" => "could not sign in",
        "second_factor_failed" => "gave a wrong code",
        "recovery_code_used" => "used a recovery code",
        "second_factor_set" => "set a second step up",
        "second_factor_removed" => "took a second step away",
        "person_invited" => "invited",
        "invitation_taken" => "took an invitation",
        "invitation_revoked" => "took an invitation back",
        "person_added" => "added",
        "person_changed" => "changed a person",
        "password_changed" => "changed their password",
        "password_reset" => "set a new password",
        "reset_asked" => "asked for a new password",
        "reset_link_made" => "made a link for a new password",
        "login_link_made" => "made a link to sign in",
        "session_ended" => "ended a session",
        "sessions_ended" => "ended sessions",
        "own_settings_changed" => "changed their own settings",
        "key_made" => "made a key",
        "key_revoked" => "revoked a key",
        "settings_changed" => "changed settings",
        "field_rights_changed" => "decided who sees what",
        "revealed" => "looked at a masked value",
        "erased" => "erased a customer",
        "merged" => "merged customers",
        "merge_undone" => "undid a merge",
        "exported" => "took customers out as a file",
        "backup_taken" => "took a backup",
        "bulk_begun" => "began a bulk action",
        "bulk_undone" => "undid a bulk action",
        "administered" => "administered",
        other => return other.replace('_', " "),
    };
    said.to_owned()
}

/// Deeds to choose from in the filter.
pub(crate) const DEEDS: [&str; 22] = [
    "signed_in",
    "sign_in_failed",
    "second_factor",
    "recovery_code_used",
    "person",
    "invitation",
    "password",
    "reset",
    "session",
    "key",
    "settings_changed",
    "field_rights_changed",
    "revealed",
    "erased",
    "merged",
    "merge_undone",
    "exported",
    "backup_taken",
    "bulk",
    "own_settings_changed",
    "login_link_made",
    "administered",
];

/// A group of deeds in the filter.
pub(crate) fn deeds(word: &str) -> String {
    match word {
        "second_factor" => "second step".into(),
        "person" => "people".into(),
        "invitation" => "invitations taken and taken back".into(),
        "password" => "passwords".into(),
        "reset" => "links for a new password".into(),
        "session" => "sessions".into(),
        "key" => "keys".into(),
        "bulk" => "bulk actions".into(),
        other => deed(other),
    }
}

/// What a locale is called; its tag where it has no name here.
pub(crate) fn locale(tag: &'static str) -> &'static str {
    match tag {
        "en-US" => "English (United States)",
        "en-GB" => "English (United Kingdom)",
        "en-AU" => "English (Australia)",
        "en-CA" => "English (Canada)",
        "en-IE" => "English (Ireland)",
        "en-IN" => "English (India)",
        "en-NZ" => "English (New Zealand)",
        "en-ZA" => "English (South Africa)",
        "ar-EG" => "Arabic (Egypt)",
        "ar-AE" => "Arabic (Emirates, Latin digits)",
        "bg-BG" => "Bulgarian (Bulgaria)",
        "cs-CZ" => "Czech (Czechia)",
        "da-DK" => "Danish (Denmark)",
        "de-DE" => "German (Germany)",
        "de-AT" => "German (Austria)",
        "de-CH" => "German (Switzerland)",
        "el-GR" => "Greek (Greece)",
        "es-ES" => "Spanish (Spain)",
        "es-MX" => "Spanish (Mexico)",
        "fi-FI" => "Finnish (Finland)",
        "fr-FR" => "French (France)",
        "fr-CA" => "French (Canada)",
        "he-IL" => "Hebrew (Israel)",
        "hi-IN" => "Hindi (India)",
        "hu-HU" => "Hungarian (Hungary)",
        "id-ID" => "Indonesian (Indonesia)",
        "it-IT" => "Italian (Italy)",
        "ja-JP" => "Japanese (Japan)",
        "ko-KR" => "Korean (Korea)",
        "nb-NO" => "Norwegian (Norway)",
        "nl-NL" => "Dutch (Netherlands)",
        "nl-BE" => "Dutch (Belgium)",
        "pl-PL" => "Polish (Poland)",
        "pt-BR" => "Portuguese (Brazil)",
        "pt-PT" => "Portuguese (Portugal)",
        "ro-RO" => "Romanian (Romania)",
        "sv-SE" => "Swedish (Sweden)",
        "tr-TR" => "Turkish (Türkiye)",
        "uk-UA" => "Ukrainian (Ukraine)",
        "vi-VN" => "Vietnamese (Vietnam)",
        "zh-CN" => "Chinese (China)",
        "zh-TW" => "Chinese (Taiwan)",
        other => other,
    }
}
