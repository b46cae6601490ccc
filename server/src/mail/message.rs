//! What is recorded of a message: its id, its time, what it answers, its summary.

use std::collections::BTreeMap;

use mail_parser::{DateTime, HeaderName, Message};
use whom_core::{
    identity::{Arrival, Incoming, IncomingMessage, Party},
    model::{
        Body, Channel, Direction, ExternalId, Identifier, Number, Source, Timestamp, Value, answered_subject,
    },
};

use super::{
    header::{addresses, decoded, moment, raw_value},
    mime::leaves,
    summary::summary,
    thread::{SCOPE, answers, message_id},
};

/// A day: clocks of senders are wrong by hours, seldom by more.
const SLACK_MILLIS: i64 = 86_400_000;

/// The longest subject that is kept for lists, in characters, and the longest list of a property.
const MAX_SUBJECT: usize = 500;
const MAX_LISTED: usize = 50;

/// Puts together what is recorded of a message.
pub(super) fn incoming(
    raw: &[u8],
    message: &Message<'_>,
    body: &[u8],
    parties: Vec<Party>,
    direction: Direction,
    form: Option<&Identifier>,
    received: Timestamp,
) -> Incoming {
    let subject = subject(message);
    let id = message_id(message).unwrap_or_else(|| content_id(message, body));
    let answers = answers(message, &id);
    let leaves = leaves(message, body);
    let mut properties = BTreeMap::new();
    let mut put = |name: &str, values: Vec<String>| {
        let values: Vec<Value> = values.iter().take(MAX_LISTED).filter_map(Value::text).collect();
        if !values.is_empty() {
            properties.insert(name.to_owned(), Value::List(values));
        }
    };
    let written = |name| addresses(message, name).into_iter().map(|written| written.address).collect();
    put("to", written(HeaderName::To));
    put("cc", written(HeaderName::Cc));
    let attached: Vec<_> = leaves.iter().filter(|leaf| !leaf.is_text).collect();
    put(
        "attachments",
        attached.iter().map(|leaf| leaf.name.as_ref().unwrap_or(&leaf.media_type).clone()).collect(),
    );
    if let Some(count) = Number::new(attached.len() as f64).filter(|_| !attached.is_empty()) {
        properties.insert("attachment_count".to_owned(), Value::Number(count));
    }
    if let Some(form) = form {
        properties.insert("form".to_owned(), Value::Text(form.value().to_owned()));
    }
    Incoming {
        external: ExternalId::new(SCOPE, id),
        at: at(message, received),
        source: Source::message("mail"),
        parties,
        arrival: Arrival::Message(IncomingMessage {
            channel: Channel::email(),
            direction,
            answers_subject: if answers.is_empty() { answered_subject(&subject) } else { None },
            answers,
            summary: summary(&leaves),
            subject,
            properties,
        }),
        account: None,
        body: Some(Body { media_type: "message/rfc822".to_owned(), bytes: raw.to_vec() }),
    }
}

/// The subject on one line.
fn subject(message: &Message<'_>) -> String {
    let subject = raw_value(message, HeaderName::Subject).map(decoded).unwrap_or_default();
    let words: Vec<&str> =
        subject.split(|c: char| c.is_whitespace() || c.is_control()).filter(|w| !w.is_empty()).collect();
    words.join(" ").chars().take(MAX_SUBJECT).collect()
}

/// When it was sent, else when the last server took it, else when it came here.
fn at(message: &Message<'_>, received: Timestamp) -> Timestamp {
    let sent = message.date().and_then(moment);
    // The last server writes the topmost line, with the date behind the last semicolon.
    let taken = || {
        let (_, date) = raw_value(message, HeaderName::Received)?.rsplit_once(';')?;
        moment(&DateTime::parse_rfc822(date)?)
    };
    let at = sent.or_else(taken).unwrap_or(received);
    // What claims to come from the future would stay on top of every timeline.
    if at.as_millis() > received.as_millis().saturating_add(SLACK_MILLIS) { received } else { at }
}

/// An id for a message without one, from what stays the same on every way it takes to here.
fn content_id(message: &Message<'_>, body: &[u8]) -> String {
    let mut hasher = blake3::Hasher::new();
    for name in [HeaderName::Date, HeaderName::From, HeaderName::Subject] {
        let value = raw_value(message, name).unwrap_or_default();
        for word in value.split_whitespace() {
            hasher.update(word.as_bytes()).update(b" ");
        }
        hasher.update(b"\n");
    }
    for piece in body.trim_ascii_end().split(|byte| *byte == b'\r') {
        hasher.update(piece);
    }
    format!("blake3:{}", &hasher.finalize().to_hex()[..32])
}
