//! Messages that go out: recorded in a conversation together with what is to happen to them.

use std::collections::BTreeMap;

use super::{Engine, EngineError, MOST_TRIES, until_settled};
use crate::{
    feed::{Change, FeedNumber},
    identity::{Activity, Done, GivenIdentifier, Known, cut, take_in},
    model::{
        Body, Channel, ContactId, ContactKey, Conversation, ConversationId, ConversationStatus, Direction,
        Entry, EntryId, EntryKind, ExternalId, Profile, ProfileId, Source, SourceKind, Timestamp, Value,
    },
    store::{Expectation, StoreError, Write},
};

/// A message of an agent to a customer.
#[derive(Clone, Debug, PartialEq)]
pub struct Outgoing {
    /// To whom, and in which conversation.
    pub to: OutgoingTo,
    /// Its own id, such as its `Message-ID` in the scope `mail`: answers thread by it, the message is known
    /// when it comes back through a mailbox, and the same id again gives the first answer.
    pub external: ExternalId,
    /// How it goes.
    pub channel: Channel,
    /// Its subject; a new conversation takes it over.
    pub subject: String,
    /// The beginning of its text; cut to 240 characters.
    pub summary: String,
    /// Properties for the timeline, such as the addresses in copy.
    pub properties: BTreeMap<String, Value>,
    /// Its full form, such as `message/rfc822`.
    pub body: Option<Body>,
    /// Where the conversation stands afterwards.
    pub then: ConversationStatus,
}

/// To whom a message goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OutgoingTo {
    /// An answer in a conversation; to the customer it began with where no contact is named.
    Conversation {
        /// The conversation; one that was merged away stands for the one it is shown in.
        conversation: ConversationId,
        /// Of somebody who took part in it, or another contact of theirs.
        contact: Option<ContactId>,
    },
    /// A new conversation with a contact that is known.
    Contact(ContactId),
    /// A new conversation with whoever has this identifier; a profile is made where nobody is known by it.
    Identifier(GivenIdentifier),
}

/// What was recorded of a message that goes out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedOutgoing {
    /// Its entry.
    pub entry: EntryId,
    /// The conversation it stands in.
    pub conversation: ConversationId,
    /// The contact it goes to.
    pub contact: ContactId,
    /// Whose contact that is.
    pub profile: ProfileId,
    /// Whether it had been recorded before; then nothing was written.
    pub repeated: bool,
    /// The number of the commit; none when nothing was written.
    pub feed: Option<FeedNumber>,
}

/// What is committed together with a message that goes out, such as its place in the outbox.
#[derive(Clone, Debug, Default)]
pub struct Beside {
    /// What must still be true.
    pub expects: Vec<Expectation>,
    /// Documents to write.
    pub writes: Vec<Write>,
    /// What readers of the feed are told.
    pub changes: Vec<Change>,
}

impl Engine {
    /// Records a message of an agent, and what `beside` says, in one commit: both are there or neither.
    ///
    /// `beside` is asked again when somebody else was faster. Nobody looks after the conversation yet: then the
    /// agent who writes does from now on.
    pub async fn record_outgoing(
        &self,
        outgoing: &Outgoing,
        by: &Source,
        now: Timestamp,
        beside: &(dyn Fn(&RecordedOutgoing) -> Beside + Send + Sync),
    ) -> Result<RecordedOutgoing, EngineError> {
        until_settled!(self.try_record_outgoing(outgoing, by, now, beside).await)
    }

    async fn try_record_outgoing(
        &self,
        outgoing: &Outgoing,
        by: &Source,
        now: Timestamp,
        beside: &(dyn Fn(&RecordedOutgoing) -> Beside + Send + Sync),
    ) -> Result<RecordedOutgoing, EngineError> {
        let store = self.store().as_ref();
        let entry = self.key().entry(&outgoing.external);
        if let Some(seen) = store.seen(&[entry]).await?.pop().flatten() {
            let contact = store.contacts(&[seen.contact]).await?.pop().flatten();
            let taken = || EngineError::Invalid {
                what: "id".into(),
                why: "something else that is no message has this id".into(),
            };
            return Ok(RecordedOutgoing {
                entry,
                conversation: seen.conversation.ok_or_else(taken)?,
                contact: seen.contact,
                profile: contact.ok_or_else(taken)?.profile,
                repeated: true,
                feed: None,
            });
        }
        let mut known = Known::empty(self.key().clone());
        let (conversation, contact) = match &outgoing.to {
            OutgoingTo::Conversation { conversation, contact } => {
                self.to_answer(&mut known, *conversation, *contact).await?
            }
            OutgoingTo::Contact(contact) => {
                known.read_contacts(store, [*contact].into()).await?;
                (self.key().conversation(&outgoing.external), *contact)
            }
            OutgoingTo::Identifier(given) => {
                let contact = self.contact_to_write_to(&mut known, given, by, now).await?;
                (self.key().conversation(&outgoing.external), contact)
            }
        };
        let not_found = || EngineError::NotFound { what: format!("contact `{contact}`") };
        let profile = known.contact(contact).ok_or_else(not_found)?.profile;
        known.read_profiles(store, [profile].into()).await?;
        self.refuse_trashed(&known, profile)?;
        known.read_conversations(store, [conversation].into()).await?;

        if known.conversation(conversation).is_none() {
            let new = Conversation::new(conversation, &outgoing.subject, outgoing.channel.clone(), now);
            known.put_conversation(Conversation {
                last_direction: Direction::Outbound,
                status: outgoing.then,
                ..new
            });
            known.tell(Change::ConversationStarted { profile, conversation });
        }
        let joins = record_in(&mut known, conversation, contact, outgoing, by, now);
        if let Some(began) = joins {
            known.write(Write::Participation(contact, began, conversation));
        }
        if let Some(row) = known.edit_contact(contact) {
            row.done_by_team(EntryKind::Message, now);
        }
        known.note(Entry {
            id: entry,
            contact,
            at: now,
            recorded: now,
            kind: EntryKind::Message,
            source: by.clone(),
            channel: Some(outgoing.channel.clone()),
            direction: Some(Direction::Outbound),
            conversation: Some(conversation),
            title: outgoing.subject.clone(),
            summary: cut(&outgoing.summary),
            properties: outgoing.properties.clone(),
            has_body: outgoing.body.is_some(),
        });
        if let Some(body) = &outgoing.body {
            known.write(Write::Body(entry, body.clone()));
        }
        known.tell(Change::EntryAdded { profile, contact, entry, kind: EntryKind::Message });
        known.tell(Change::ConversationChanged { profile, conversation });

        let mut recorded =
            RecordedOutgoing { entry, conversation, contact, profile, repeated: false, feed: None };
        let Beside { expects, writes, changes } = beside(&recorded);
        for Expectation { subject, version } in expects {
            known.expect(subject, version);
        }
        writes.into_iter().for_each(|write| known.write(write));
        changes.into_iter().for_each(|change| known.tell(change));
        recorded.feed = Some(self.store().commit(known.into_change_set(now)).await?);
        Ok(recorded)
    }

    /// The conversation in which an answer is shown, and the contact it goes to.
    async fn to_answer(
        &self,
        known: &mut Known,
        asked: ConversationId,
        contact: Option<ContactId>,
    ) -> Result<(ConversationId, ContactId), EngineError> {
        let store = self.store().as_ref();
        let conversation = self.know_shown(known, asked).await?;
        let took_part = known.conversation(conversation).map_or_else(Vec::new, |row| row.figures().contacts);
        known.read_contacts(store, took_part.iter().copied().chain(contact).collect()).await?;
        let invalid = |why: &str| EngineError::Invalid { what: "to".into(), why: why.into() };
        let first = took_part.iter().copied().find(|contact| known.contact(*contact).is_some());
        let Some(contact) = contact else {
            let first = first.ok_or_else(|| invalid("nobody who took part in it is known any more"))?;
            return Ok((conversation, first));
        };
        let home = known.contact(contact).map(|row| row.profile);
        let belongs = took_part.contains(&contact)
            || took_part.iter().any(|other| known.contact(*other).map(|row| row.profile) == home);
        if home.is_none() || !belongs {
            return Err(invalid("this contact belongs to nobody who took part in the conversation"));
        }
        Ok((conversation, contact))
    }

    /// The contact of an identifier; one that nobody is known by founds a profile.
    async fn contact_to_write_to(
        &self,
        known: &mut Known,
        given: &GivenIdentifier,
        by: &Source,
        now: Timestamp,
    ) -> Result<ContactId, EngineError> {
        let invalid = |why: String| EngineError::Invalid { what: "to".into(), why };
        self.rules().policy().admits(&given.identifier).map_err(|refusal| invalid(refusal.to_string()))?;
        let id = self.key().contact(&given.identifier);
        known.read_contacts(self.store().as_ref(), [id].into()).await?;
        if known.contact(id).is_some() {
            return Ok(id);
        }
        if self.store().erased(&[id]).await?.pop().flatten().is_some() {
            return Err(invalid(
                "this person was erased; a named override has to bring them back first".into(),
            ));
        }
        let home = self.key().home(id);
        known.read_profiles(self.store().as_ref(), [home].into()).await?;
        known.put_profile(Profile::new(home, now));
        let key = ContactKey::Identified { identifier: given.identifier.clone(), raw: given.raw.clone() };
        known.found_contact(id, key, home, by, now);
        known.tell(Change::ProfileCreated { profile: home });
        Ok(id)
    }
}

/// Counts the message in its conversation and says where that stands now; gives the time from which the contact
/// takes part in it, where it did not before.
fn record_in(
    known: &mut Known,
    conversation: ConversationId,
    contact: ContactId,
    outgoing: &Outgoing,
    by: &Source,
    now: Timestamp,
) -> Option<Timestamp> {
    let row = known.edit_conversation(conversation)?;
    let joins = !row.own_figures().contacts.contains(&contact);
    take_in(row, true, now, Direction::Outbound, &[contact]);
    let was = row.status;
    row.status = outgoing.then;
    row.snoozed_until = None;
    let takes_over = row.assignee.is_none() && by.kind() == SourceKind::Agent;
    if takes_over {
        row.assignee = Some(by.name().to_owned());
    }
    let is_new = row.version == 0;
    let told = !matches!(
        (was, outgoing.then),
        (ConversationStatus::Open | ConversationStatus::Pending, ConversationStatus::Pending)
    );
    let word = |status: ConversationStatus| Some(Value::Text(status.as_str().to_owned()));
    if was != outgoing.then && told && !is_new {
        let (from, to) = (word(was), word(outgoing.then));
        let activity = Activity { done: Done::Status, from, to, comment: "", by, at: now };
        known.record_activity(conversation, activity);
    }
    if takes_over && !is_new {
        let to = Value::text(by.name());
        let activity = Activity { done: Done::Assignee, from: None, to, comment: "", by, at: now };
        known.record_activity(conversation, activity);
    }
    joins.then_some(now)
}
