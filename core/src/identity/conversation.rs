//! Which conversation a message belongs to.

use std::collections::BTreeMap;

use crate::{
    feed::Change,
    model::{
        ContactId, Conversation, ConversationId, ConversationStatus, Direction, Entry, EntryId, EntryKind,
        ExternalId, Source, Timestamp, Value,
    },
    store::Write,
};

use super::{
    Incoming, IncomingMessage, Known,
    activity::{Done, FROM, TO},
};

/// How long after its last message a subject alone still finds a conversation, in days.
const SUBJECT_DAYS: i64 = 30;

/// How many conversations at most stand between one and that in which it is shown; as many are merged at most.
const MOST_MERGES: usize = 200;

/// Finds or begins the conversation of a message and adds the message to its figures.
///
/// Where that conversation was merged into another, the message is recorded in its own thread and counts in both.
pub(super) fn place(
    incoming: &Incoming,
    message: &IncomingMessage,
    contacts: &[ContactId],
    known: &mut Known,
) -> ConversationId {
    let id = find(incoming, message, contacts, known);
    let profile = contacts.first().and_then(|contact| known.contact(*contact)).map(|contact| contact.profile);
    let is_new = known.conversation(id).is_none();
    if is_new {
        known.put_conversation(Conversation {
            status: match message.direction {
                Direction::Inbound => ConversationStatus::Open,
                Direction::Outbound => ConversationStatus::Pending,
            },
            last_direction: message.direction,
            ..Conversation::new(id, &message.subject, message.channel.clone(), incoming.at)
        });
        known.tell_started(profile, id);
    }
    let mut joined = Vec::new();
    let mut shown_in = Some(id);
    for _ in 0..MOST_MERGES {
        let Some(thread) = shown_in else { break };
        let Some(conversation) = known.edit_conversation(thread) else { break };
        shown_in = conversation.merged_into;
        if thread == id {
            let before = conversation.own_figures().contacts;
            joined.extend(contacts.iter().copied().filter(|contact| !before.contains(contact)));
        }
        let was = (conversation.status, conversation.snoozed_until);
        // The earliest message gives the subject and the latest the status, in whatever order they arrive;
        // what an agent calls it outlasts both.
        if thread == id && incoming.at < conversation.started && !conversation.is_named {
            conversation.retitle(&message.subject);
        }
        let is_latest = take_in(conversation, thread == id, incoming.at, message.direction, contacts);
        if is_latest {
            turn(conversation, message.direction);
        }
        let is = (conversation.status, conversation.snoozed_until);
        // Lists and open pages show what came, also where nothing else about the conversation changed.
        if let Some(profile) = profile.filter(|_| !is_new || thread != id) {
            known.tell(Change::ConversationChanged { profile, conversation: thread });
        }
        if shown_in.is_none() && was != is && (was.0 == ConversationStatus::Closed || was.1.is_some()) {
            let entry = known.key().entry(&incoming.external);
            known.record_opened(thread, entry, was.0, contacts, &incoming.source, incoming.at);
        }
    }
    for contact in joined {
        known.write(Write::Participation(contact, incoming.at, id));
        known.note_recent(contact, id);
    }
    id
}

/// Counts a message; says whether it is the latest that is shown.
pub(crate) fn take_in(
    conversation: &mut Conversation,
    is_own: bool,
    at: Timestamp,
    direction: Direction,
    contacts: &[ContactId],
) -> bool {
    let (mut own, mut shown) = (conversation.own_figures(), conversation.figures());
    let is_latest = shown.take_in(at, direction, contacts);
    if is_own {
        own.take_in(at, direction, contacts);
    }
    let shown = conversation.own.is_some().then_some(shown);
    conversation.count(own, shown);
    is_latest
}

/// Whose turn it is after a message: a customer who writes is waiting, one who was written to is not.
fn turn(conversation: &mut Conversation, direction: Direction) {
    match (direction, conversation.status) {
        (_, ConversationStatus::Spam) => {}
        (Direction::Inbound, _) => {
            conversation.status = ConversationStatus::Open;
            conversation.snoozed_until = None;
        }
        (Direction::Outbound, ConversationStatus::Open) => conversation.status = ConversationStatus::Pending,
        // What an agent has closed stays closed when their answer comes in by another way.
        (Direction::Outbound, _) => {}
    }
}

fn find(
    incoming: &Incoming,
    message: &IncomingMessage,
    contacts: &[ContactId],
    known: &Known,
) -> ConversationId {
    // The message that is answered last knows best; one further up the thread will do.
    let answered = message
        .answers
        .iter()
        .rev()
        .find_map(|answered| known.seen(known.key().entry(answered)).and_then(|seen| seen.conversation));
    if let Some(conversation) = answered {
        return conversation;
    }
    if let (true, Some(subject)) = (message.answers.is_empty(), &message.answers_subject) {
        let recent = contacts.iter().flat_map(|contact| known.recent_conversations(*contact));
        let fits = |conversation: &&Conversation| {
            same_subject(&conversation.subject, subject)
                && conversation.last_message.days_until(incoming.at).abs() <= SUBJECT_DAYS
        };
        let found = recent
            .filter_map(|id| known.conversation(*id))
            .filter(fits)
            .max_by_key(|conversation| (conversation.last_message, conversation.id));
        if let Some(conversation) = found {
            return conversation.id;
        }
    }
    known.key().conversation(message.answers.first().unwrap_or(&incoming.external))
}

/// Whether a conversation has this subject, which has lost its `Re:`; its own may have kept one in any language.
fn same_subject(ours: &str, bare: &str) -> bool {
    let fold = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let (ours, bare) = (fold(ours), fold(bare));
    let rest = ours.strip_suffix(&bare).map(str::trim_end);
    !bare.is_empty() && rest.is_some_and(|before| before.is_empty() || before.ends_with([':', '：']))
}

impl Known {
    /// Tells in a conversation that a message has opened it again.
    fn record_opened(
        &mut self,
        conversation: ConversationId,
        message: EntryId,
        was: ConversationStatus,
        contacts: &[ContactId],
        by: &Source,
        at: Timestamp,
    ) {
        let Some(contact) = contacts.first().copied() else { return };
        let id = self.key().entry(&ExternalId::new("activity", format!("{message}:opened")));
        let value = |status: ConversationStatus| Value::Text(status.as_str().to_owned());
        self.note(Entry {
            id,
            contact,
            at,
            recorded: at,
            kind: EntryKind::Activity,
            source: by.clone(),
            channel: None,
            direction: None,
            conversation: Some(conversation),
            title: Done::Opened.as_str().to_owned(),
            summary: String::new(),
            properties: BTreeMap::from([
                (FROM.to_owned(), value(was)),
                (TO.to_owned(), value(ConversationStatus::Open)),
            ]),
            has_body: false,
        });
        if let Some(row) = self.edit_contact(contact) {
            row.happened(EntryKind::Activity, at);
            let profile = row.profile;
            self.tell(Change::EntryAdded { profile, contact, entry: id, kind: EntryKind::Activity });
            self.tell(Change::ConversationChanged { profile, conversation });
        }
    }

    fn tell_started(&mut self, profile: Option<crate::model::ProfileId>, conversation: ConversationId) {
        if let Some(profile) = profile {
            self.tell(Change::ConversationStarted { profile, conversation });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::same_subject;

    #[test]
    fn a_subject_is_the_same_with_and_without_what_an_answer_puts_before_it() {
        for (ours, bare, expected) in [
            ("Tent", "tent", true),
            ("Re: Tent", "Tent", true),
            ("回复：帐篷", "帐篷", true),
            ("Another tent", "tent", false),
            ("", "", false),
        ] {
            assert_eq!(same_subject(ours, bare), expected, "{ours} / {bare}");
        }
    }
}
