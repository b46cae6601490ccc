//! Which messages make no profiles, and why.

use std::fmt;

use mail_parser::{HeaderName, Message, MimeHeaders};
use serde::Serialize;
use whom_core::model::Identifier;

use super::{
    header::{addresses, other, raw_value},
    people::{Author, local_part},
    policy::{MailPolicy, MailSort},
};

/// Why a message was passed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MailSkip {
    /// It went to a mailing list or to the readers of a newsletter.
    MailingList,
    /// A program sent it by itself: an absence note, an alert.
    AutoSubmitted,
    /// It reports that another message did not arrive.
    Bounce,
    /// Its sender takes no answer.
    NoReply,
    /// Own people wrote to own people.
    OwnOnly,
    /// It names no sender that could be answered.
    NoSender,
    /// It is ours and names nobody it went to.
    NoRecipient,
    /// It is ours and went to more people than one writes to by hand.
    Mailing,
}

impl MailSkip {
    /// The word for it in reports.
    pub fn word(self) -> &'static str {
        self.words().0
    }

    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::MailingList => ("mailing_list", "it came through a mailing list or is a newsletter"),
            Self::AutoSubmitted => ("auto_submitted", "a program sent it by itself"),
            Self::Bounce => ("bounce", "it reports that another message did not arrive"),
            Self::NoReply => ("no_reply", "its sender takes no answer"),
            Self::OwnOnly => ("own_only", "own people wrote to own people"),
            Self::NoSender => ("no_sender", "it names no sender who could be answered"),
            Self::NoRecipient => ("no_recipient", "it is ours and names nobody it went to"),
            Self::Mailing => ("mailing", "it is ours and went to more people than one writes to by hand"),
        }
    }
}

impl fmt::Display for MailSkip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words().1)
    }
}

/// Why the message is to be passed over by its sort, if it is.
pub(super) fn reason(
    message: &Message<'_>,
    author: Option<&Author>,
    policy: &MailPolicy,
) -> Option<MailSkip> {
    let unless = |sort, skip| (!policy.includes(sort)).then_some(skip);
    if is_bounce(message, author) {
        // A bounce is automatic and takes no answer; to ask for bounces is to ask for that too.
        return unless(MailSort::Bounces, MailSkip::Bounce);
    }
    let is_list = is_list(message);
    if is_list && let Some(skip) = unless(MailSort::Lists, MailSkip::MailingList) {
        return Some(skip);
    }
    let is_form = author.is_some_and(|author| author.form.is_some());
    let is_automatic = match auto_submitted(message) {
        // A form writes by itself, but for a person.
        Some(Automatic::Reply) => true,
        Some(Automatic::Other) => !is_form,
        None => {
            !is_form && !is_list && (asks_for_no_automatic_answer(message) || has_no_return_path(message))
        }
    };
    if is_automatic && let Some(skip) = unless(MailSort::Automatic, MailSkip::AutoSubmitted) {
        return Some(skip);
    }
    if author.is_some_and(|author| is_no_reply(&author.identifier)) {
        return unless(MailSort::NoReply, MailSkip::NoReply);
    }
    None
}

fn is_bounce(message: &Message<'_>, author: Option<&Author>) -> bool {
    let is_report = message.content_type().is_some_and(|kind| {
        let is_report = kind.subtype().is_some_and(|subtype| subtype.eq_ignore_ascii_case("report"));
        // The other reports are receipts and complaints.
        let of = kind.attribute("report-type").unwrap_or("delivery-status");
        kind.ctype().eq_ignore_ascii_case("multipart")
            && is_report
            && of.eq_ignore_ascii_case("delivery-status")
    });
    let from_mailer = author.is_some_and(|author| {
        matches!(
            local_part(&author.identifier),
            "mailer-daemon" | "postmaster" | "mail-daemon" | "bounce" | "bounces"
        )
    });
    is_report || from_mailer || raw_value(message, other("X-Failed-Recipients")).is_some()
}

/// RFC 2919, RFC 2369, and what older list programs write.
fn is_list(message: &Message<'_>) -> bool {
    let has = |name| raw_value(message, name).is_some_and(|value| !value.is_empty());
    // No program that people write mail with offers to unsubscribe.
    has(HeaderName::ListId)
        || has(HeaderName::ListUnsubscribe)
        || raw_value(message, HeaderName::ListPost).is_some_and(|value| !value.eq_ignore_ascii_case("no"))
        || ["Mailing-List", "X-Mailing-List", "X-BeenThere", "X-Mailman-Version", "X-Listname"]
            .into_iter()
            .any(|name| has(other(name)))
        || precedence(message).eq_ignore_ascii_case("list")
}

enum Automatic {
    Reply,
    Other,
}

/// RFC 3834, and what came before it.
fn auto_submitted(message: &Message<'_>) -> Option<Automatic> {
    let says = |name| {
        let value = raw_value(message, name)?;
        let word = value.split([';', '(', ' ']).next().unwrap_or_default();
        (!word.is_empty() && !["no", "none", "false"].iter().any(|no| word.eq_ignore_ascii_case(no)))
            .then_some(word)
    };
    let reply =
        [other("X-Autoreply"), other("X-Autorespond"), other("X-Autoresponder"), other("X-Autoreply-From")];
    if reply.into_iter().any(|name| says(name).is_some())
        || precedence(message).eq_ignore_ascii_case("auto_reply")
    {
        return Some(Automatic::Reply);
    }
    match says(HeaderName::AutoSubmitted).or_else(|| says(other("X-Auto-Submitted")))? {
        word if word.eq_ignore_ascii_case("auto-replied") => Some(Automatic::Reply),
        _ => Some(Automatic::Other),
    }
}

fn asks_for_no_automatic_answer(message: &Message<'_>) -> bool {
    let suppressed = raw_value(message, other("X-Auto-Response-Suppress"))
        .is_some_and(|value| !value.is_empty() && !value.eq_ignore_ascii_case("none"));
    suppressed || ["bulk", "junk"].iter().any(|word| precedence(message).eq_ignore_ascii_case(word))
}

fn has_no_return_path(message: &Message<'_>) -> bool {
    raw_value(message, HeaderName::ReturnPath) == Some("<>")
}

fn precedence<'m>(message: &'m Message<'_>) -> &'m str {
    raw_value(message, other("Precedence")).unwrap_or_default()
}

/// Whether an address says itself that it takes no answer.
pub(super) fn is_no_reply(address: &Identifier) -> bool {
    const SAYINGS: &[&[&str]] = &[
        &["noreply"],
        &["no", "reply"],
        &["donotreply"],
        &["do", "not", "reply"],
        &["dontreply"],
        &["noresponse"],
        &["nepasrepondre"],
        &["ne", "pas", "repondre"],
        &["noresponder"],
        &["no", "responder"],
        &["nonrispondere"],
        &["naoresponda"],
        &["nichtantworten"],
        &["nicht", "antworten"],
        &["keineantwort"],
        &["keine", "antwort"],
    ];
    let words: Vec<&str> = local_part(address)
        .split(['-', '_', '.', '+', '='])
        .map(|word| word.trim_end_matches(|c: char| c.is_ascii_digit()))
        .filter(|word| !word.is_empty())
        .collect();
    SAYINGS.iter().any(|saying| words.windows(saying.len()).any(|window| window == *saying))
}

impl MailSkip {
    /// Which of the two it is when nobody outside was written to.
    pub(super) fn nobody_outside(message: &Message<'_>) -> Self {
        let names_somebody = [HeaderName::To, HeaderName::Cc, HeaderName::Bcc]
            .into_iter()
            .any(|name| !addresses(message, name).is_empty());
        if names_somebody { Self::OwnOnly } else { Self::NoRecipient }
    }
}
