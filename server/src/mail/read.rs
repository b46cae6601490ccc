//! From one raw message to what the engine takes in.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::LazyLock,
};

use mail_parser::{HeaderName, Message, MessageParser};
use serde::Serialize;
use whom_core::{
    identity::Incoming,
    model::{Direction, Timestamp},
};

use super::{
    header::Raw,
    message::incoming,
    people::{Role, author, party, recipients},
    policy::MailPolicy,
    skip::{MailSkip, reason},
};

/// What a message is for Whom.
#[derive(Debug)]
pub enum Mail {
    /// From or to customers.
    Arrived(Box<Incoming>),
    /// It makes no profiles.
    Skipped(MailSkip),
    /// It cannot be read.
    Malformed(MailProblem),
}

/// Why a message cannot be read. The words say nothing of what is in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum MailProblem {
    /// There is nothing in it.
    #[error("the message is empty")]
    Empty,
    /// It has no header of a message.
    #[error("this is not a message: it has none of the lines `From:`, `To:`, `Date:`, `Subject:`")]
    NotMail,
    /// Its header is longer than any real one.
    #[error("the header of the message is too long")]
    HeaderTooLong,
    /// The parser gave up.
    #[error("the message is broken in a way that was not foreseen")]
    Unforeseen,
}

/// Parses what is looked into and leaves the rest as it stands: of real mail, a fifth of the time went
/// into the `Received` lines.
static HEADERS: LazyLock<MessageParser> = LazyLock::new(|| {
    MessageParser::new()
        .with_mime_headers()
        .with_address_headers()
        .header_date(HeaderName::Date)
        .default_header_raw()
});

/// Reads one message as it came, such as [`MailItem`](super::MailItem) brings it.
///
/// `received` is when it came here. It is the message's time where the message names none, or one more
/// than a day later. The same bytes give the same answer, and a message without an id of its own is
/// given one that follows from its content.
pub fn read_mail(raw: &[u8], policy: &MailPolicy, received: Timestamp) -> Mail {
    // The parser is written not to panic and once did (fixed in 0.11.5); one message must not end a run.
    match catch_unwind(AssertUnwindSafe(|| read(raw, policy, received))) {
        Ok(Ok(mail)) => mail,
        Ok(Err(problem)) => Mail::Malformed(problem),
        Err(_) => Mail::Malformed(MailProblem::Unforeseen),
    }
}

/// Parses the header of a message as a whole.
pub(super) fn parsed<'m>(raw: &'m Raw<'_>) -> Result<Message<'m>, MailProblem> {
    const SIGNS: [HeaderName<'static>; 6] = [
        HeaderName::From,
        HeaderName::To,
        HeaderName::Date,
        HeaderName::Subject,
        HeaderName::Received,
        HeaderName::MessageId,
    ];
    let message = raw.parse(&HEADERS).ok_or(MailProblem::NotMail)?;
    let is_mail = message.headers().iter().any(|header| SIGNS.contains(&header.name));
    if is_mail { Ok(message) } else { Err(MailProblem::NotMail) }
}

fn read(raw: &[u8], policy: &MailPolicy, received: Timestamp) -> Result<Mail, MailProblem> {
    let split = Raw::split(raw)?;
    let message = parsed(&split)?;
    let author = author(&message, policy);
    if let Some(skip) = reason(&message, author.as_ref(), policy) {
        return Ok(Mail::Skipped(skip));
    }
    let Some(author) = author else { return Ok(Mail::Skipped(MailSkip::NoSender)) };
    let (parties, direction) = if author.is_own {
        let people = recipients(&message, policy);
        if people.len() > policy.max_recipients {
            return Ok(Mail::Skipped(MailSkip::Mailing));
        }
        if people.is_empty() {
            return Ok(Mail::Skipped(MailSkip::nobody_outside(&message)));
        }
        let party = |(identifier, written)| party(identifier, &written, Role::Recipient);
        (people.into_iter().map(party).collect(), Direction::Outbound)
    } else {
        (vec![party(author.identifier, &author.written, Role::Sender)], Direction::Inbound)
    };
    let incoming = incoming(raw, &message, split.body, parties, direction, author.form.as_ref(), received);
    Ok(Mail::Arrived(Box::new(incoming)))
}
