//! What an answer in a conversation goes by: the message it answers, and who wrote it.

use whom_core::model::{
    ContactId, Conversation, ConversationId, Direction, Entry, EntryKind, Identifier, IdentifierKind,
    TimelineCursor,
};

use super::compose::{Answered, Named, Quote};
use crate::{
    app::AppState,
    mail::{Answerable, MailAddress, MailPolicy, to_answer},
    problem::Problem,
};

/// How many entries are read at a time, and how often.
const PAGE: usize = 50;
const PAGES: usize = 50;

/// What an answer in a conversation goes by.
#[derive(Clone, Debug, Default)]
pub(super) struct Answering {
    /// The subject it answers to.
    pub(super) subject: String,
    /// To whom it goes when nobody says.
    pub(super) people: Vec<Named>,
    /// The contact it is recorded under.
    pub(super) contact: Option<ContactId>,
    /// Our addresses that were written to, or from.
    pub(super) own: Vec<String>,
    pub(super) answered: Option<Answered>,
    pub(super) quote: Option<Quote>,
}

/// Reads what an answer goes by: the customer's latest message, else our own latest one.
pub(super) async fn answering(state: &AppState, id: ConversationId) -> Result<Answering, Problem> {
    let (conversation, latest) = latest(state, id).await?;
    let policy = state.mail_policy().await?;
    let mut answering = Answering { subject: conversation.subject.clone(), ..Answering::default() };
    if let Some(entry) = &latest {
        answering.contact = Some(entry.contact);
        let body = if entry.has_body { state.store().body(entry.id).await? } else { None };
        let mail =
            body.filter(|body| body.media_type == "message/rfc822").and_then(|body| to_answer(&body.bytes));
        if let Some(mail) = mail {
            answering.take(entry, mail, &policy);
        }
    }
    if answering.people.is_empty() {
        let contacts = answering.contact.into_iter().chain(conversation.contacts.iter().copied());
        let contacts: Vec<ContactId> = contacts.collect();
        let rows = state.store().contacts(&contacts).await?;
        let is_mail = |identifier: &&Identifier| *identifier.kind() == IdentifierKind::EMAIL;
        let address = rows.iter().flatten().find_map(|row| row.identifier().filter(is_mail));
        answering.people = address
            .map(|address| Named { name: None, address: address.value().to_owned() })
            .into_iter()
            .collect();
    }
    Ok(answering)
}

impl Answering {
    fn take(&mut self, entry: &Entry, mail: Answerable, policy: &MailPolicy) {
        let is_own =
            |person: &&MailAddress| policy.own.iter().any(|own| own.matches(&person.address.to_lowercase()));
        let named =
            |person: &MailAddress| Named { name: person.name.clone(), address: person.address.clone() };
        let outside = |people: &[MailAddress]| -> Vec<Named> {
            people.iter().filter(|person| !is_own(person)).map(named).collect()
        };
        let is_theirs = entry.direction == Some(Direction::Inbound);
        let people = if is_theirs {
            [outside(&mail.reply_to), outside(&mail.from)].into_iter().find(|people| !people.is_empty())
        } else {
            Some(outside(&mail.to))
        };
        self.people = people.unwrap_or_default();
        let ours = mail.from.iter().chain(&mail.to).chain(&mail.cc).filter(is_own);
        self.own = ours.map(|person| person.address.clone()).collect();
        if !entry.title.is_empty() {
            self.subject.clone_from(&entry.title);
        }
        let who = mail.from.first().map(|from| from.name.clone().unwrap_or_else(|| from.address.clone()));
        self.quote = Some(Quote { who: who.unwrap_or_default(), at: entry.at, text: mail.text });
        self.answered = (!mail.message_id.is_empty())
            .then_some(Answered { message_id: mail.message_id, references: mail.references });
    }
}

/// The conversation, and the message in it that an answer answers: looked for from its end.
async fn latest(state: &AppState, id: ConversationId) -> Result<(Conversation, Option<Entry>), Problem> {
    let engine = state.engine().in_full();
    let mut before: Option<TimelineCursor> = None;
    let mut ours: Option<Entry> = None;
    for _ in 0..PAGES {
        let (conversation, entries) = engine.conversation_before(id, before, PAGE).await?;
        let is_last = entries.len() < PAGE;
        before = entries.first().map(|entry| TimelineCursor { at: entry.at, entry: entry.id });
        for entry in entries.into_iter().rev().filter(|entry| entry.kind == EntryKind::Message) {
            match entry.direction {
                Some(Direction::Inbound) => return Ok((conversation, Some(entry))),
                _ => ours = ours.or(Some(entry)),
            }
        }
        if is_last {
            return Ok((conversation, ours));
        }
    }
    Ok((engine.shown_conversation(id).await?, ours))
}
