//! The words around a message.

words! {
    SHOW_QUOTED = "Show what it quotes";
    SHOW_SIGNATURE = "Signature";
    NO_TEXT = "This message has no text that can be shown.";
    TO = "To";
    COPY = "Copy";
    FROM = "From";
    DATE = "Date";
    SUBJECT = "Subject";
    MESSAGE_ID = "Message-ID";
    ROUTE = "Came through";
    ALL_HEADERS = "All headers";
    HEADERS_OF = "Headers of this message";
    AS_TEXT = "Show as plain text";
    AS_HTML = "Show as the sender formatted it";
    PICTURE = "picture";
    SHOW_PICTURES = "Show pictures";
    PICTURES_WHY = "Whom fetches them, so the sender does not learn who looks or from where.";
    LEADS_TO = "leads to";
    ATTACHMENTS = "Attachments";
}

use super::{count, number, thousands};

/// How many pictures are held back.
pub(crate) fn held(number: usize) -> String {
    count(number as u64, "picture from elsewhere is not loaded.", "pictures from elsewhere are not loaded.")
}

/// How many pictures were taken out that only count readers.
pub(crate) fn trackers(number: usize) -> String {
    count(number as u64, "tracking pixel was taken out.", "tracking pixels were taken out.")
}

/// A size of a file: `14 kB`.
pub(crate) fn size(bytes: usize) -> String {
    match bytes {
        0..1_000 => format!("{} B", thousands(bytes as u64)),
        1_000..1_000_000 => format!("{} kB", thousands(bytes.div_ceil(1_000) as u64)),
        _ => format!("{} MB", number(&format!("{}.{}", bytes / 1_000_000, bytes % 1_000_000 / 100_000))),
    }
}

/// How many servers a message came through.
pub(crate) fn hops(number: usize) -> String {
    count(number as u64, "server", "servers")
}
