//! Which conversation a message belongs to.

use crate::{
    feed::Change,
    model::{ContactId, Conversation, ConversationId, ConversationStatus, Direction, Priority},
    store::Write,
};

use super::{Incoming, IncomingMessage, Known};

/// How long after its last message a subject alone still finds a conversation, in days.
const SUBJECT_DAYS: i64 = 30;

/// Finds or begins the conversation of a message and adds the message to its figures.
pub(super) fn place(
    incoming: &Incoming,
    message: &IncomingMessage,
    contacts: &[ContactId],
    known: &mut Known,
) -> ConversationId {
    let id = find(incoming, message, contacts, known);
    let profile = contacts.first().and_then(|contact| known.contact(*contact)).map(|contact| contact.profile);
    let status = match message.direction {
        Direction::Inbound => ConversationStatus::Open,
        Direction::Outbound => ConversationStatus::Pending,
    };
    if known.conversation(id).is_none() {
        known.put_conversation(Conversation {
            id,
            number: 0,
            subject: message.subject.clone(),
            channel: message.channel.clone(),
            status,
            priority: Priority::Normal,
            tags: Vec::new(),
            assignee: None,
            contacts: Vec::new(),
            started: incoming.at,
            last_message: incoming.at,
            last_direction: message.direction,
            messages: 0,
            version: 0,
        });
        known.tell_started(profile, id);
    }
    let mut joined = Vec::new();
    if let Some(conversation) = known.edit_conversation(id) {
        // The earliest message gives the subject and the latest the status, in whatever order they arrive.
        if incoming.at < conversation.started {
            conversation.started = incoming.at;
            conversation.subject.clone_from(&message.subject);
        }
        if incoming.at >= conversation.last_message {
            conversation.last_message = incoming.at;
            conversation.last_direction = message.direction;
            if conversation.status != ConversationStatus::Spam {
                conversation.status = status;
            }
        }
        conversation.messages += 1;
        for contact in contacts {
            if !conversation.contacts.contains(contact) {
                conversation.contacts.push(*contact);
                joined.push(*contact);
            }
        }
    }
    for contact in joined {
        known.write(Write::Participation(contact, incoming.at, id));
        known.note_recent(contact, id);
    }
    id
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
