//! The parts of a message.
//!
//! The parser's own walk through the parts nests a value for every message within a message, without
//! bound, and dropping forty thousand of those overflows the stack: one crafted message of a megabyte
//! would end the process. So the walk is done here, with bounds, and the parser is asked for headers and
//! encodings alone. It also leaves attachments undecoded until somebody wants one.

use std::{borrow::Cow, sync::LazyLock};

use base64::{
    Engine,
    alphabet::STANDARD,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use mail_parser::{
    ContentType, HeaderName, Message, MessageParser, MimeHeaders, decoders::html::html_to_text,
};

use super::header::{Raw, decoded, legacy_text};

/// The most parts that are looked at, and how deep they may lie; beyond that a part is left whole.
const MAX_PARTS: usize = 1_000;
const MAX_DEPTH: usize = 20;

static PART_HEADERS: LazyLock<MessageParser> =
    LazyLock::new(|| MessageParser::new().with_mime_headers().default_header_ignore());

/// Padding is taken as it comes: what was cut off or joined still shows its beginning.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// A part that has no parts of its own.
#[derive(Debug)]
pub(super) struct Leaf<'a> {
    /// Such as `text/plain`, in lower case.
    pub(super) media_type: String,
    /// The name of the file, where it has one.
    pub(super) name: Option<String>,
    /// The id by which the message's HTML names it.
    pub(super) content_id: Option<String>,
    /// Whether it is to be read as part of the text.
    pub(super) is_text: bool,
    charset: Option<String>,
    encoding: Encoding,
    body: &'a [u8],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Encoding {
    Plain,
    Base64,
    QuotedPrintable,
}

/// The parts of a message in their order.
pub(super) fn leaves<'a>(message: &Message<'_>, body: &'a [u8]) -> Vec<Leaf<'a>> {
    let mut found = Vec::new();
    // The next part is the last.
    let mut waiting = Vec::new();
    visit(message, body, 0, &mut found, &mut waiting);
    while let Some((part, depth)) = waiting.pop() {
        if found.len() >= MAX_PARTS {
            break;
        }
        let Ok(raw) = Raw::split_part(part) else { continue };
        match raw.parse(&PART_HEADERS) {
            Some(headers) => visit(&headers, raw.body, depth, &mut found, &mut waiting),
            None => found.push(Leaf::plain(raw.body)),
        }
    }
    found
}

fn visit<'a>(
    headers: &Message<'_>,
    body: &'a [u8],
    depth: usize,
    found: &mut Vec<Leaf<'a>>,
    waiting: &mut Vec<(&'a [u8], usize)>,
) {
    let content_type = headers.content_type();
    let is_multipart = content_type.is_some_and(|kind| kind.ctype().eq_ignore_ascii_case("multipart"));
    let boundary = content_type.filter(|_| is_multipart).and_then(|kind| kind.attribute("boundary"));
    if let Some(boundary) = boundary.filter(|_| depth < MAX_DEPTH) {
        let room = MAX_PARTS.saturating_sub(found.len() + waiting.len());
        let parts = split(body, boundary, room);
        if !parts.is_empty() {
            waiting.extend(parts.into_iter().rev().map(|part| (part, depth + 1)));
            return;
        }
    }
    found.push(Leaf::new(headers, content_type.filter(|_| !is_multipart), body));
}

/// Cuts the body of a multipart at its boundary; nothing when the boundary is nowhere.
fn split<'a>(body: &'a [u8], boundary: &str, room: usize) -> Vec<&'a [u8]> {
    let mut parts = Vec::new();
    let mut start = None;
    let mut at = 0;
    for line in body.split_inclusive(|byte| *byte == b'\n') {
        let delimiter = line.strip_prefix(b"--").and_then(|rest| rest.strip_prefix(boundary.as_bytes()));
        if let Some(rest) = delimiter.map(<[u8]>::trim_ascii_end).filter(|rest| matches!(*rest, b"" | b"--"))
        {
            if let Some(start) = start {
                parts.push(without_line_end(&body[start..at]));
            }
            start = (rest.is_empty() && parts.len() < room).then_some(at + line.len());
        }
        at += line.len();
    }
    // The closing line may be missing, as when a message was cut off.
    parts.extend(start.filter(|start| *start < body.len()).map(|start| &body[start..]));
    parts
}

/// The line end before a boundary belongs to the boundary.
fn without_line_end(part: &[u8]) -> &[u8] {
    part.strip_suffix(b"\r\n").or_else(|| part.strip_suffix(b"\n")).unwrap_or(part)
}

/// The text of HTML.
pub(crate) fn plain_text(html: &str) -> String {
    html_to_text(html)
}

impl<'a> Leaf<'a> {
    fn plain(body: &'a [u8]) -> Self {
        Self {
            media_type: "text/plain".to_owned(),
            name: None,
            content_id: None,
            is_text: true,
            charset: None,
            encoding: Encoding::Plain,
            body,
        }
    }

    fn new(headers: &Message<'_>, content_type: Option<&ContentType<'_>>, body: &'a [u8]) -> Self {
        let media_type = content_type.map_or_else(
            || "text/plain".to_owned(),
            |kind| format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or("plain")).to_ascii_lowercase(),
        );
        let disposition =
            headers.header(HeaderName::ContentDisposition).and_then(|value| value.as_content_type());
        let name = disposition
            .and_then(|kind| kind.attribute("filename"))
            .or_else(|| content_type.and_then(|kind| kind.attribute("name")))
            .map(file_name)
            .filter(|name| !name.is_empty());
        let is_attached = disposition.is_some_and(|kind| kind.ctype().eq_ignore_ascii_case("attachment"));
        let encoding =
            headers.content_transfer_encoding().map_or(Encoding::Plain, |word| match word.trim() {
                word if word.eq_ignore_ascii_case("base64") => Encoding::Base64,
                word if word.eq_ignore_ascii_case("quoted-printable") => Encoding::QuotedPrintable,
                _ => Encoding::Plain,
            });
        Self {
            is_text: !is_attached && name.is_none() && matches!(&*media_type, "text/plain" | "text/html"),
            content_id: headers
                .content_id()
                .map(|id| id.trim().trim_matches(['<', '>']).to_owned())
                .filter(|id| !id.is_empty()),
            charset: content_type.and_then(|kind| kind.attribute("charset")).map(str::to_owned),
            media_type,
            name,
            encoding,
            body,
        }
    }

    pub(super) fn is_html(&self) -> bool {
        self.media_type == "text/html"
    }

    /// What it is without the encoding for the way.
    pub(super) fn bytes(&self) -> Cow<'a, [u8]> {
        self.bytes_within(self.body.len())
    }

    fn bytes_within(&self, limit: usize) -> Cow<'a, [u8]> {
        let body = &self.body[..limit.min(self.body.len())];
        match self.encoding {
            Encoding::Plain => Cow::Borrowed(body),
            Encoding::Base64 => Cow::Owned(base64_bytes(body)),
            Encoding::QuotedPrintable => Cow::Owned(quoted_printable_bytes(body)),
        }
    }

    /// About how many bytes it has without the encoding for the way.
    pub(super) fn size(&self) -> usize {
        match self.encoding {
            Encoding::Plain => self.body.len(),
            _ => self.bytes().len(),
        }
    }

    /// Its text as it was written, from no more than `limit` encoded bytes.
    pub(super) fn text(&self, limit: usize) -> String {
        let bytes = self.bytes_within(limit);
        let charset = self.charset.as_deref().unwrap_or_default();
        // A few encodings are made of ASCII bytes; all others that look like UTF-8 are UTF-8.
        let says_itself = charset
            .get(..3)
            .is_some_and(|start| ["iso", "utf", "hz-"].iter().any(|word| start.eq_ignore_ascii_case(word)));
        let is_utf8 = charset.eq_ignore_ascii_case("utf-8");
        match std::str::from_utf8(&bytes) {
            Ok(text) if is_utf8 || !says_itself || text.is_ascii() && !text.contains('\u{1b}') => {
                text.to_owned()
            }
            _ if is_utf8 => String::from_utf8_lossy(&bytes).into_owned(),
            _ => legacy_text(charset, &bytes),
        }
    }

    /// Its text without marks of HTML.
    pub(super) fn plain_text(&self, limit: usize) -> String {
        if self.is_html() { html_to_text(&self.text(limit)) } else { self.text(limit) }
    }
}

/// The name alone: a path in it would lead elsewhere.
fn file_name(written: &str) -> String {
    let decoded = decoded(written);
    let last = decoded.rsplit(['/', '\\']).next().unwrap_or_default();
    last.chars().filter(|c| !c.is_control()).take(200).collect::<String>().trim().to_owned()
}

fn base64_bytes(body: &[u8]) -> Vec<u8> {
    let mut letters: Vec<u8> = body
        .iter()
        .copied()
        .filter(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'))
        .collect();
    // One letter alone holds no byte.
    if letters.len() % 4 == 1 {
        letters.pop();
    }
    BASE64.decode(&letters).unwrap_or_default()
}

/// Takes what is no code as it stands.
fn quoted_printable_bytes(body: &[u8]) -> Vec<u8> {
    let digit = |byte: Option<&u8>| byte.and_then(|byte| char::from(*byte).to_digit(16));
    let mut bytes = Vec::with_capacity(body.len());
    let mut rest = body;
    while let Some(at) = rest.iter().position(|byte| *byte == b'=') {
        bytes.extend_from_slice(&rest[..at]);
        rest = &rest[at + 1..];
        if let (Some(high), Some(low)) = (digit(rest.first()), digit(rest.get(1))) {
            bytes.push((high * 16 + low) as u8);
            rest = &rest[2..];
            continue;
        }
        // `=` at the end of a line joins it with the next; blanks behind it were added on the way.
        let blanks = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r')).count();
        match rest.get(blanks) {
            Some(b'\n') => rest = &rest[blanks + 1..],
            None => rest = &[],
            Some(_) => bytes.push(b'='),
        }
    }
    bytes.extend_from_slice(rest);
    bytes
}
