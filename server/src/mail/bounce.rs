//! Reports that a message did not arrive: which one, at whom, and why.
//!
//! What RFC 3464 says comes first. Mail servers that write in their own way put the message they give
//! back, or its header, below their words; so its id is looked for there and in the report's own header.

use std::panic::{AssertUnwindSafe, catch_unwind};

use mail_parser::{HeaderName, MimeHeaders as _};

use super::{
    header::{Raw, decoded, other, raw_value, raw_values},
    mime::leaves,
    read::parsed,
    thread::ids,
};

/// The most ids and recipients that are taken from one report.
const MOST: usize = 50;

/// How much of a report's text is looked through, in bytes.
const LOOKED_THROUGH: usize = 256 * 1024;

/// The longest reason that is kept, in characters.
const LONGEST_REASON: usize = 400;

/// A report that a message did not arrive.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Undelivered {
    /// The ids that may be the message's, the likeliest first.
    pub(crate) message_ids: Vec<String>,
    /// At whom it failed, in lower case; empty where that is not said.
    pub(crate) recipients: Vec<String>,
    /// Why, in the words of the mail server.
    pub(crate) reason: String,
}

/// Reads a message as such a report; nothing where it is none, or says no more than that it takes longer.
pub(crate) fn undelivered(raw: &[u8]) -> Option<Undelivered> {
    catch_unwind(AssertUnwindSafe(|| read(raw))).ok().flatten()
}

fn read(raw: &[u8]) -> Option<Undelivered> {
    let split = Raw::split(raw).ok()?;
    let message = parsed(&split).ok()?;
    let mut report = Report::default();
    let mut words = String::new();
    let mut given_back: Vec<String> = Vec::new();
    let kind = message.content_type();
    let is_multipart = kind.is_some_and(|kind| kind.ctype().eq_ignore_ascii_case("multipart"));
    for leaf in leaves(&message, split.body) {
        match leaf.media_type.as_str() {
            "message/delivery-status" | "message/global-delivery-status" => {
                report.take(&text_of(&leaf.bytes()));
            }
            "message/rfc822" | "message/global" | "text/rfc822-headers" | "message/rfc822-headers" => {
                given_back.extend(ids_in_header(&text_of(&leaf.bytes())));
            }
            _ if leaf.is_text && words.len() < LOOKED_THROUGH => {
                words.push_str(&leaf.plain_text(LOOKED_THROUGH));
                words.push('\n');
            }
            _ => {}
        }
    }
    if report.is_structured && !report.has_failed {
        // Delayed, relayed, or delivered after all.
        return None;
    }
    let (said, below) = cut_original(&words);
    let mut message_ids = given_back;
    message_ids.extend(ids_in_header(below));
    for name in [HeaderName::InReplyTo, HeaderName::References] {
        message_ids.extend(raw_value(&message, name).map(ids).unwrap_or_default());
    }
    let mut unique: Vec<String> = Vec::new();
    for id in message_ids {
        if unique.len() < MOST && !unique.contains(&id) {
            unique.push(id);
        }
    }
    let mut recipients = report.recipients;
    for value in raw_values(&message, other("X-Failed-Recipients")) {
        recipients.extend(value.split(',').filter_map(address));
    }
    if recipients.is_empty() {
        recipients.extend(said.lines().filter_map(recipient_line).take(MOST));
    }
    recipients.sort();
    recipients.dedup();
    recipients.truncate(MOST);
    let reason = report.reason.or_else(|| reason_in(said)).or_else(|| {
        let subject = raw_value(&message, HeaderName::Subject).map(decoded);
        subject.filter(|_| !is_multipart || !said.trim().is_empty())
    });
    let reason =
        one_line(&reason.unwrap_or_else(|| "the mail server gave it back and did not say why".into()));
    (!unique.is_empty()).then_some(Undelivered { message_ids: unique, recipients, reason })
}

/// What `message/delivery-status` says.
#[derive(Default)]
struct Report {
    is_structured: bool,
    has_failed: bool,
    recipients: Vec<String>,
    reason: Option<String>,
}

impl Report {
    fn take(&mut self, text: &str) {
        for group in text.replace("\r\n", "\n").split("\n\n").take(MOST) {
            let group = group.replace("\n ", " ").replace("\n\t", " ");
            let field = |wanted: &str| {
                group.lines().find_map(|line| {
                    let (name, value) = line.split_once(':')?;
                    name.trim().eq_ignore_ascii_case(wanted).then(|| value.trim().to_owned())
                })
            };
            let Some(action) = field("Action") else { continue };
            self.is_structured = true;
            if !action.to_ascii_lowercase().starts_with("failed") {
                continue;
            }
            self.has_failed = true;
            let typed = |value: String| {
                value.split_once(';').map_or(value.clone(), |(_, rest)| rest.trim().to_owned())
            };
            let recipients = [field("Original-Recipient"), field("Final-Recipient")];
            self.recipients.extend(recipients.into_iter().flatten().filter_map(|who| address(&typed(who))));
            if self.reason.is_none() {
                self.reason = field("Diagnostic-Code")
                    .map(typed)
                    .or_else(|| field("Status").map(|status| format!("status {status}")));
            }
        }
    }
}

/// Splits the words of a mail server from the message it gives back below them.
fn cut_original(text: &str) -> (&str, &str) {
    const MARKS: [&str; 7] = [
        "--- below this line is a copy of the message",
        "------ this is a copy of the message",
        "----- original message follows",
        "-----original message-----",
        "--- the header of the original message",
        "original message headers:",
        "message header follows",
    ];
    // Of the same length letter by letter, so that places in one are places in the other.
    let lower = text.to_ascii_lowercase();
    let at = MARKS.iter().filter_map(|mark| lower.find(mark)).min();
    match at {
        Some(at) => text.split_at(at),
        None => (text, text),
    }
}

/// The ids in lines that say `Message-ID:`.
fn ids_in_header(text: &str) -> Vec<String> {
    let lines: Vec<&str> = text.lines().take(5_000).collect();
    let mut found = Vec::new();
    for (place, line) in lines.iter().enumerate() {
        let bare = line.trim_start_matches(['>', '|', ' ', '\t']);
        let Some(value) = bare.get(..11).filter(|name| name.eq_ignore_ascii_case("message-id:")) else {
            continue;
        };
        let mut value = bare[value.len()..].to_owned();
        // The id may stand on the next line.
        if value.trim().is_empty()
            && let Some(next) = lines.get(place + 1)
        {
            value = (*next).to_owned();
        }
        found.extend(ids(&value).into_iter().take(1));
        if found.len() >= MOST {
            break;
        }
    }
    found
}

/// An address that stands alone on its line, as mail servers name whom they could not reach.
fn recipient_line(line: &str) -> Option<String> {
    let bare = line.trim().trim_end_matches(':').trim();
    (!bare.contains(char::is_whitespace)).then(|| address(bare)).flatten()
}

/// The sentence that says why: one with a status code, else one with the words that such reports use.
fn reason_in(said: &str) -> Option<String> {
    const WORDS: [&str; 12] = [
        "user unknown",
        "unknown user",
        "no such user",
        "does not exist",
        "no mailbox here",
        "mailbox unavailable",
        "mailbox is full",
        "mailbox full",
        "over quota",
        "couldn't be found",
        "wasn't found",
        "could not be delivered",
    ];
    let lines = || said.lines().map(str::trim).filter(|line| !line.is_empty());
    let has_code = |line: &&str| {
        line.split(|c: char| c.is_whitespace() || matches!(c, '#' | '<' | '>' | '(' | ')' | ':' | ',')).any(
            |word| {
                let mut parts = word.split('.');
                parts.next() == Some("5")
                    && parts.clone().count() == 2
                    && parts.all(|part| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit()))
            },
        )
    };
    let has_reply = |line: &&str| {
        line.split(|c: char| !c.is_ascii_alphanumeric())
            .any(|word| word.len() == 3 && word.starts_with('5') && word.chars().all(|c| c.is_ascii_digit()))
    };
    let has_words = |line: &&str| {
        let lower = line.to_lowercase();
        WORDS.iter().any(|word| lower.contains(word))
    };
    lines()
        .find(has_code)
        .or_else(|| lines().find(has_reply))
        .or_else(|| lines().find(has_words))
        .map(str::to_owned)
}

fn address(text: &str) -> Option<String> {
    let bare = text.trim().trim_matches(|c: char| matches!(c, '<' | '>' | '"' | '\'' | ',' | ';'));
    let bare = bare.strip_prefix("mailto:").unwrap_or(bare);
    let (local, domain) = bare.rsplit_once('@')?;
    let is_address = !local.is_empty() && domain.len() > 2 && bare.len() <= 320;
    (is_address && !bare.contains(char::is_whitespace)).then(|| bare.to_lowercase())
}

fn text_of(bytes: &[u8]) -> String {
    String::from_utf8_lossy(&bytes[..bytes.len().min(LOOKED_THROUGH)]).into_owned()
}

fn one_line(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ").chars().take(LONGEST_REASON).collect()
}
