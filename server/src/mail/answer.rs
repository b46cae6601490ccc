//! What an answer has to know of the message it answers.

use std::panic::{AssertUnwindSafe, catch_unwind};

use mail_parser::HeaderName;

use super::{
    MailAddress,
    header::{Raw, addresses},
    read::parsed,
    show::shown,
    thread::{SCOPE, answers, message_id},
};

/// What an answer has to know of the message it answers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Answerable {
    /// Its id, without brackets; empty where it has none.
    pub(crate) message_id: String,
    /// The messages before it, the first of the thread first.
    pub(crate) references: Vec<String>,
    pub(crate) from: Vec<MailAddress>,
    /// Where its sender wants answers; nobody where that is not said.
    pub(crate) reply_to: Vec<MailAddress>,
    pub(crate) to: Vec<MailAddress>,
    pub(crate) cc: Vec<MailAddress>,
    pub(crate) text: String,
}

/// Reads a kept message for answering it.
pub(crate) fn to_answer(raw: &[u8]) -> Option<Answerable> {
    let read = || {
        let split = Raw::split(raw).ok()?;
        let message = parsed(&split).ok()?;
        let id = message_id(&message).unwrap_or_default();
        let references = answers(&message, &id).into_iter().map(|answered| answered.id().to_owned());
        let shown = shown(raw)?;
        Some(Answerable {
            references: references.collect(),
            reply_to: addresses(&message, HeaderName::ReplyTo).into_iter().map(MailAddress::from).collect(),
            message_id: id,
            from: shown.from,
            to: shown.to,
            cc: shown.cc,
            text: shown.text,
        })
    };
    catch_unwind(AssertUnwindSafe(read)).ok().flatten()
}

/// The scope in which a message's id is unique.
pub(crate) fn scope() -> &'static str {
    SCOPE
}
