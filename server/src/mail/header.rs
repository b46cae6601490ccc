//! The header of a message: where it ends, and how its parts are read.

use std::borrow::Cow;

use mail_parser::{
    Addr, DateTime, HeaderName, Message, MessageParser, decoders::charsets::map::charset_decoder,
};
use whom_core::model::Timestamp;

use super::read::MailProblem;

/// The longest header that is read, in bytes and in lines; real ones have a hundredth of it.
const MAX_BYTES: usize = 512 * 1024;
const MAX_LINES: usize = 5_000;

/// A message taken apart into header and body.
pub(super) struct Raw<'a> {
    header: Cow<'a, [u8]>,
    pub(super) body: &'a [u8],
}

impl<'a> Raw<'a> {
    /// Finds the end of the header. Empty lines and an mbox line before it are passed over.
    pub(super) fn split(raw: &'a [u8]) -> Result<Self, MailProblem> {
        let mut raw = raw.strip_prefix(b"\xef\xbb\xbf").unwrap_or(raw);
        while let [b'\r' | b'\n', rest @ ..] = raw {
            raw = rest;
        }
        if raw.is_empty() {
            return Err(MailProblem::Empty);
        }
        if raw.starts_with(b"From ") || raw.starts_with(b">From ") {
            raw = &raw[raw.iter().position(|byte| *byte == b'\n').map_or(raw.len(), |end| end + 1)..];
        }
        Self::split_part(raw)
    }

    /// Like [`split`](Self::split) for a part of a message, whose header may be empty.
    pub(super) fn split_part(raw: &'a [u8]) -> Result<Self, MailProblem> {
        let (mut end, mut body) = (raw.len(), raw.len());
        let mut at = 0;
        for (count, line) in raw.split_inclusive(|byte| *byte == b'\n').enumerate() {
            if matches!(line, b"\n" | b"\r\n") {
                (end, body) = (at, at + line.len());
                break;
            }
            at += line.len();
            if at > MAX_BYTES || count > MAX_LINES {
                return Err(MailProblem::HeaderTooLong);
            }
        }
        Ok(Self { header: readable(&raw[..end]), body: &raw[body..] })
    }

    /// Reads the header with `parser`; nothing when there is none.
    pub(super) fn parse(&self, parser: &MessageParser) -> Option<Message<'_>> {
        parser.parse_headers(self.header.as_ref())
    }
}

/// The header in UTF-8. Old programs write names in the encoding of their country, without saying so
/// where it would have to be said; then the encoding of the body is the best guess.
fn readable(header: &[u8]) -> Cow<'_, [u8]> {
    if std::str::from_utf8(header).is_ok() {
        return Cow::Borrowed(header);
    }
    let ascii: String = header.iter().map(|byte| char::from(byte.to_ascii_lowercase() & 0x7f)).collect();
    let charset = ascii.split_once("charset=").map_or("", |(_, rest)| {
        rest.trim_start_matches('"').split([';', '"', ' ', '\t', '\r', '\n']).next().unwrap_or_default()
    });
    let mut text = String::with_capacity(header.len() + 64);
    for line in header.split_inclusive(|byte| *byte == b'\n') {
        match std::str::from_utf8(line) {
            Ok(line) => text.push_str(line),
            Err(_) => text.push_str(&legacy_text(charset, line)),
        }
    }
    Cow::Owned(text.into_bytes())
}

/// Reads bytes that are not UTF-8 in the encoding that was named, else in that of western Windows.
pub(super) fn legacy_text(charset: &str, bytes: &[u8]) -> String {
    let is_utf8 = charset.eq_ignore_ascii_case("utf-8") || charset.eq_ignore_ascii_case("utf8");
    let named = if is_utf8 || charset.is_empty() { None } else { charset_decoder(charset.as_bytes()) };
    match named.or_else(|| charset_decoder(b"windows-1252")) {
        Some(decode) => decode(bytes),
        None => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// The raw text of every header of that name, in order, without the blanks around it.
pub(super) fn raw_values<'m>(
    message: &'m Message<'_>,
    name: HeaderName<'static>,
) -> impl Iterator<Item = &'m str> {
    message.headers().iter().filter(move |header| is_named(&header.name, &name)).filter_map(|header| {
        let bytes = message.raw_message().get(header.offset_start as usize..header.offset_end as usize)?;
        Some(std::str::from_utf8(bytes).ok()?.trim())
    })
}

fn is_named(name: &HeaderName<'_>, wanted: &HeaderName<'_>) -> bool {
    match (name, wanted) {
        (HeaderName::Other(name), HeaderName::Other(wanted)) => name.eq_ignore_ascii_case(wanted),
        _ => name == wanted,
    }
}

/// The raw text of the first header of that name.
pub(super) fn raw_value<'m>(message: &'m Message<'_>, name: HeaderName<'static>) -> Option<&'m str> {
    raw_values(message, name).next()
}

/// A header name that the parser has no name of its own for.
pub(super) fn other(name: &'static str) -> HeaderName<'static> {
    HeaderName::Other(Cow::Borrowed(name))
}

/// Text with its encoded words (RFC 2047) decoded and its folded lines joined.
pub(super) fn decoded(text: &str) -> String {
    let joined = text.split(['\r', '\n']).map(str::trim).filter(|line| !line.is_empty());
    let joined = joined.collect::<Vec<_>>().join(" ");
    if !joined.contains("=?") {
        return joined;
    }
    let header = format!("Subject: {joined}\n\n");
    let parsed = MessageParser::new().parse_headers(header.as_bytes());
    parsed.as_ref().and_then(Message::subject).map_or(joined, str::to_owned)
}

/// One address of a header as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) name: Option<String>,
    pub(super) address: String,
}

/// At most this many addresses are read of one message's header of a name.
pub(super) const MAX_ADDRESSES: usize = 1_000;

/// The addresses of all headers of that name, those of groups included.
pub(super) fn addresses(message: &Message<'_>, name: HeaderName<'_>) -> Vec<Written> {
    let mut found = Vec::new();
    for value in message.header_values(name) {
        let Some(list) = value.as_address() else { continue };
        // `Lovelace, Ada <ada@x.org>` without quotes reads as two, the first without address.
        let mut before: Option<String> = None;
        for Addr { name, address } in list.iter().take(MAX_ADDRESSES - found.len()) {
            let name = name.as_deref().map(str::trim).filter(|name| !name.is_empty());
            match address.as_deref().map(bare_address).filter(|address| address.contains('@')) {
                Some(address) => {
                    let name = match (before.take(), name) {
                        (Some(before), Some(name)) => Some(format!("{before}, {name}")),
                        (before, name) => name.map(str::to_owned).or(before),
                    };
                    found.push(Written { name, address: address.to_owned() });
                }
                None => match name.and_then(hidden_address) {
                    Some(hidden) => found.push(hidden),
                    None => before = name.map(str::to_owned),
                },
            }
        }
    }
    found
}

/// An address in what was read as a name: one in quotes, or behind a quote that nobody closed.
fn hidden_address(name: &str) -> Option<Written> {
    let word = name.split([' ', '<', '>', '"', ',', ';']).find(|word| word.contains('@'))?;
    let before = name.split_once(word).map_or("", |(before, _)| before.trim_matches([' ', '<', '"']));
    let name = (!before.is_empty()).then(|| before.to_owned());
    Some(Written { name, address: bare_address(word).to_owned() })
}

/// An address without the quotes, brackets and `mailto:` that some programs put around it.
fn bare_address(written: &str) -> &str {
    let around = |c: char| c.is_whitespace() || matches!(c, '\'' | '"' | '<' | '>' | ',' | ';');
    let bare = written.trim_matches(around);
    bare.strip_prefix("mailto:").unwrap_or(bare)
}

/// A date of a header as a moment; nothing for what is no date, or one before mail as it is now.
pub(super) fn moment(date: &DateTime) -> Option<Timestamp> {
    let is_plausible = date.is_valid() && date.year >= 1980;
    is_plausible.then(|| Timestamp::from_millis(date.to_timestamp().saturating_mul(1000)))
}
