//! From what an agent wrote to the bytes of a message.
//!
//! Nothing that comes from outside can begin a line of the header: every text is put on one line first,
//! and every address is read as one before it is written.

use std::time::{Duration, UNIX_EPOCH};

use lettre::{
    Address, Message,
    message::{
        Attachment, Body, Mailbox, MultiPart, SinglePart,
        header::{ContentTransferEncoding, ContentType},
    },
};
use whom_core::model::{Timestamp, bare_subject};

use super::html;

/// The most messages an answer names; the first of the thread and the latest are kept.
const MOST_REFERENCES: usize = 20;

/// The longest subject, in characters.
const LONGEST_SUBJECT: usize = 500;

/// The longest quote of the message that is answered, in characters.
const LONGEST_QUOTE: usize = 20_000;

/// Where the picture stands in the HTML that tells when a message was looked at.
///
/// The message is kept with this line; the picture's address is put in its place when the message
/// leaves. So nobody here can fetch the picture by reading what we wrote.
const VIEW_MARK: &str = "<!--looked at-->";

/// Somebody a message is from or to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Named {
    pub(crate) name: Option<String>,
    pub(crate) address: String,
}

/// The message that is answered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Answered {
    /// Its id, without brackets.
    pub(crate) message_id: String,
    /// The messages before it, the first of the thread first.
    pub(crate) references: Vec<String>,
}

/// What is quoted below an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Quote {
    pub(crate) who: String,
    pub(crate) at: Timestamp,
    pub(crate) text: String,
}

/// A file that goes along.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Enclosed {
    pub(crate) name: String,
    pub(crate) media_type: String,
    pub(crate) bytes: Vec<u8>,
}

/// A message before it is bytes.
#[derive(Clone, Debug)]
pub(crate) struct Letter {
    pub(crate) from: Named,
    pub(crate) to: Vec<Named>,
    pub(crate) cc: Vec<Named>,
    pub(crate) subject: String,
    pub(crate) text: String,
    /// The HTML an agent's editor made; without it the text makes its own.
    pub(crate) html: Option<String>,
    pub(crate) signature: String,
    pub(crate) quote: Option<Quote>,
    pub(crate) enclosed: Vec<Enclosed>,
    /// Its own id, without brackets.
    pub(crate) message_id: String,
    pub(crate) answered: Option<Answered>,
    pub(crate) at: Timestamp,
    /// Whether it holds the place of the picture.
    pub(crate) tracks_views: bool,
}

/// Why a letter cannot be written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ComposeError {
    /// It is no address.
    #[error("`{0}` is no mail address")]
    Address(String),
    /// The library found it wanting.
    #[error("the message cannot be written: {0}")]
    Unwritable(String),
}

impl Letter {
    /// The text as it leaves: what the agent wrote, the signature, the quote.
    pub(crate) fn whole_text(&self) -> String {
        let mut text = lines(&self.text);
        if !self.signature.is_empty() {
            // The sign that programs know a signature by ends in a blank (RFC 3676, 4.3).
            text.push_str("\n\n-- \n");
            text.push_str(&lines(&self.signature));
        }
        if let Some(quote) = &self.quote {
            text.push_str("\n\n");
            text.push_str(&quote.introduction());
            for line in quote.lines() {
                text.push_str("\n>");
                if !line.is_empty() && !line.starts_with('>') {
                    text.push(' ');
                }
                text.push_str(line);
            }
        }
        text.push('\n');
        text
    }

    fn whole_html(&self) -> String {
        let mut out = String::from("<!doctype html>\n<html><body>\n");
        match &self.html {
            Some(html) => out.push_str(&lines(html)),
            None => out.push_str(&html::from_text(&lines(&self.text))),
        }
        if !self.signature.is_empty() {
            out.push_str("\n<div class=\"signature\">\n");
            out.push_str(&html::from_text(&lines(&self.signature)));
            out.push_str("</div>\n");
        }
        if let Some(quote) = &self.quote {
            let quoted: Vec<String> = quote.lines().map(|line| format!("> {line}")).collect();
            out.push_str(&html::from_text(&quote.introduction()));
            out.push_str(&html::from_text(&quoted.join("\n")));
        }
        if self.tracks_views {
            out.push('\n');
            out.push_str(VIEW_MARK);
        }
        out.push_str("\n</body></html>\n");
        out
    }

    /// Writes the message.
    pub(crate) fn compose(&self) -> Result<Vec<u8>, ComposeError> {
        let millis = u64::try_from(self.at.as_millis()).unwrap_or_default();
        let mut message = Message::builder()
            .from(mailbox(&self.from)?)
            .subject(one_line(&self.subject, LONGEST_SUBJECT))
            .date(UNIX_EPOCH + Duration::from_millis(millis))
            .message_id(Some(format!("<{}>", id(&self.message_id))));
        for person in &self.to {
            message = message.to(mailbox(person)?);
        }
        for person in &self.cc {
            message = message.cc(mailbox(person)?);
        }
        if let Some(answered) = &self.answered {
            let bracketed = |text: &str| format!("<{}>", id(text));
            message = message.in_reply_to(bracketed(&answered.message_id));
            let references: Vec<String> = answered.thread().map(bracketed).collect();
            message = message.references(references.join(" "));
        }
        // Quoted-printable throughout: every mail server takes it, and a line stays where it stands.
        let part = |text: String, kind: ContentType| {
            let body =
                Body::new_with_encoding(text.replace('\n', "\r\n"), ContentTransferEncoding::QuotedPrintable);
            let body = body.map_err(|_| ComposeError::Unwritable("a text could not be encoded".into()))?;
            Ok::<_, ComposeError>(SinglePart::builder().content_type(kind).body(body))
        };
        let texts = MultiPart::alternative()
            .singlepart(part(self.whole_text(), ContentType::TEXT_PLAIN)?)
            .singlepart(part(self.whole_html(), ContentType::TEXT_HTML)?);
        let mut whole = texts;
        if !self.enclosed.is_empty() {
            whole = MultiPart::mixed().multipart(whole);
            for file in &self.enclosed {
                let kind = ContentType::parse(&file.media_type)
                    .or_else(|_| ContentType::parse("application/octet-stream"))
                    .map_err(|error| ComposeError::Unwritable(error.to_string()))?;
                let body = Body::new_with_encoding(file.bytes.clone(), ContentTransferEncoding::Base64);
                let body =
                    body.map_err(|_| ComposeError::Unwritable("a file could not be encoded".into()))?;
                let name = one_line(&file.name.replace(['/', '\\'], "_"), 200);
                whole = whole.singlepart(Attachment::new(name).body(body, kind));
            }
        }
        let message =
            message.multipart(whole).map_err(|error| ComposeError::Unwritable(error.to_string()))?;
        Ok(message.formatted())
    }
}

impl Answered {
    /// The ids an answer names, the first of the thread first, bounded.
    fn thread(&self) -> impl Iterator<Item = &str> {
        let own = std::iter::once(self.message_id.as_str());
        let before: Vec<&str> =
            self.references.iter().map(String::as_str).filter(|id| *id != self.message_id).collect();
        let skipped = before.len().saturating_sub(MOST_REFERENCES - 1);
        let kept = before.into_iter().enumerate().filter(move |(place, _)| *place == 0 || *place > skipped);
        kept.map(|(_, id)| id).chain(own)
    }
}

impl Quote {
    fn introduction(&self) -> String {
        let at = jiff::Timestamp::from_millisecond(self.at.as_millis()).unwrap_or_default();
        let at = at.strftime("%a, %-d %b %Y at %H:%M UTC");
        format!("On {at}, {} wrote:", one_line(&self.who, 200))
    }

    fn lines(&self) -> impl Iterator<Item = &str> {
        let end = self.text.char_indices().nth(LONGEST_QUOTE).map_or(self.text.len(), |(at, _)| at);
        self.text[..end].trim_end().lines().map(str::trim_end)
    }
}

/// A message as it leaves: with the picture at `url` in the place that was kept for it.
pub(crate) fn with_picture(message: &[u8], url: Option<&str>) -> Vec<u8> {
    let mark = format!("\r\n{VIEW_MARK}\r\n");
    let Some(at) = message.windows(mark.len()).position(|window| window == mark.as_bytes()) else {
        return message.to_vec();
    };
    let mut out = Vec::with_capacity(message.len() + 200);
    out.extend_from_slice(&message[..at]);
    out.extend_from_slice(b"\r\n");
    if let Some(url) = url {
        // In quoted-printable `=` is written as `=3D`, and a line of more than 76 is broken with `=`.
        let html = format!("<img src=\"{url}\" width=\"1\" height=\"1\" alt=\"\">").replace('=', "=3D");
        let pieces: Vec<&str> = split_at_most(&html, 70);
        out.extend_from_slice(pieces.join("=\r\n").as_bytes());
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(&message[at + mark.len()..]);
    out
}

/// Pieces of an ASCII text of at most `longest`, never within an escape of three letters.
fn split_at_most(text: &str, longest: usize) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while rest.len() > longest {
        let mut at = longest;
        while !rest.is_char_boundary(at) || rest[..at].ends_with('=') || rest[..at].ends_with("=3") {
            at -= 1;
        }
        let (piece, more) = rest.split_at(at);
        pieces.push(piece);
        rest = more;
    }
    pieces.push(rest);
    pieces
}

/// Reads an address, and puts the name beside it on one line.
pub(crate) fn mailbox(person: &Named) -> Result<Mailbox, ComposeError> {
    let address: Address =
        person.address.trim().parse().map_err(|_| ComposeError::Address(one_line(&person.address, 100)))?;
    let name = person.name.as_deref().map(|name| one_line(name, 200)).filter(|name| !name.is_empty());
    Ok(Mailbox::new(name, address))
}

/// The subject of an answer: with one `Re:`, whatever stood before.
pub(crate) fn answering(subject: &str) -> String {
    let bare = bare_subject(subject);
    if bare.is_empty() { "Re:".to_owned() } else { format!("Re: {bare}") }
}

/// A text on one line, without what a header could be broken with, and not without end.
fn one_line(text: &str, longest: usize) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ").chars().take(longest).collect()
}

/// An id of a message as it may stand in a header.
fn id(text: &str) -> String {
    text.chars().filter(|c| c.is_ascii_graphic() && !matches!(c, '<' | '>')).take(900).collect()
}

/// Lines that end in a line feed, without anything that is no text.
fn lines(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let text: String = text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
    text.trim_end().to_owned()
}
