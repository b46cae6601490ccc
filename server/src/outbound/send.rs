//! What agents do with mail: answer, write to somebody, take back. Pages and API call these.
//!
//! The message, what it does to its conversation, and its place in the outbox are one commit.

use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};
use whom_core::{
    engine::{Beside, Outgoing, OutgoingTo, RecordedOutgoing},
    identity::GivenIdentifier,
    model::{
        Body, Channel, ContactId, ConversationId, ConversationStatus, EntryId, ExternalId, Identifier,
        IdentifierKind, Number, ProfileId, Source, Timestamp, Value,
    },
};

use super::{
    answering::{Answering, answering},
    channel::{MailChannel, MailChannels},
    compose::{Enclosed, Letter, Named, answering as answering_subject, mailbox},
    delivery::{Delivery, DeliveryShown, Stage, deliveries, record_changed},
};
use crate::{app::AppState, mail, problem::Problem, secret};

/// The most recipients of one message, copies and hidden copies together.
const MOST_RECIPIENTS: usize = 50;

/// The longest text, in bytes.
const LONGEST_TEXT: usize = 500_000;

/// The most files of one message, and how large they may be together.
const MOST_FILES: usize = 20;
const LARGEST_FILES: usize = 20 << 20;

/// What an agent writes, as a form or a program sends it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Written {
    /// The text.
    pub(crate) text: String,
    /// The HTML that an editor made; without it the text makes its own.
    pub(crate) html: Option<String>,
    /// The subject; an answer has the one of what it answers.
    pub(crate) subject: Option<String>,
    /// To whom, such as `ana@example.org` or `Ana Ruiz <ana@example.org>`; an answer goes to whoever wrote.
    pub(crate) to: Vec<String>,
    pub(crate) cc: Vec<String>,
    pub(crate) bcc: Vec<String>,
    /// The files that go along.
    pub(crate) attachments: Vec<GivenFile>,
    /// The channel it leaves through; the one that was written to, else the usual one.
    pub(crate) channel: Option<String>,
    /// Where the conversation stands afterwards: pending, unless said otherwise.
    pub(crate) status: Option<ConversationStatus>,
    /// Whether the message that is answered is quoted below.
    pub(crate) quote: bool,
    /// For a new conversation: the contact it goes to, in the place of an address.
    pub(crate) contact: Option<ContactId>,
    /// For a new conversation: the profile it goes to, at its first mail address.
    pub(crate) profile: Option<String>,
}

/// A file as it is given.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct GivenFile {
    /// What it is called.
    pub(crate) name: String,
    /// What it is, such as `application/pdf`.
    #[serde(default)]
    pub(crate) media_type: String,
    /// Its bytes in base64.
    pub(crate) data: String,
}

/// What was put into the outbox.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Put {
    pub(crate) entry: EntryId,
    pub(crate) conversation: ConversationId,
    pub(crate) profile: ProfileId,
    pub(crate) contact: ContactId,
    pub(crate) message_id: String,
    /// Whether it had been put there before; then nothing was done.
    pub(crate) repeated: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) delivery: Option<DeliveryShown>,
}

/// Answers in a conversation. The same request again gives the same message.
pub(crate) async fn reply(
    state: &AppState,
    conversation: ConversationId,
    written: Written,
    request: &ExternalId,
    by: &Source,
) -> Result<Put, Problem> {
    let answering = answering(state, conversation).await?;
    let channels = MailChannels::load(state.store()).await?;
    let channel = channel_for(&channels, written.channel.as_deref(), &answering.own)?;
    let given = read_people(&written.to, "/to")?;
    let to = if given.is_empty() { answering.people.clone() } else { given };
    if to.is_empty() {
        let why = "nobody in this conversation has a mail address: say to whom it goes";
        return Err(Problem::invalid("this answer cannot be sent").at("/to", why));
    }
    let subject = match &written.subject {
        Some(subject) => subject.clone(),
        None => answering_subject(&answering.subject),
    };
    let letter = Draft { to, subject, answering: Some(&answering) };
    let target = OutgoingTo::Conversation { conversation, contact: answering.contact };
    put(state, channel, channels.undo_seconds, target, letter, &written, request, by).await
}

/// Begins a conversation: with an address, whoever has it, with a contact, or with a profile.
pub(crate) async fn begin(
    state: &AppState,
    written: Written,
    request: &ExternalId,
    by: &Source,
) -> Result<Put, Problem> {
    let channels = MailChannels::load(state.store()).await?;
    let channel = channel_for(&channels, written.channel.as_deref(), &[])?;
    let subject = written.subject.clone().unwrap_or_default();
    if subject.trim().is_empty() {
        return Err(unsendable("/subject", "say what it is about"));
    }
    let (target, to) = target(state, &written).await?;
    let letter = Draft { to, subject, answering: None };
    put(state, channel, channels.undo_seconds, target, letter, &written, request, by).await
}

/// To whom a new conversation goes.
async fn target(state: &AppState, written: &Written) -> Result<(OutgoingTo, Vec<Named>), Problem> {
    let named = [!written.to.is_empty(), written.contact.is_some(), written.profile.is_some()];
    if named.into_iter().filter(|named| *named).count() != 1 {
        return Err(unsendable("/to", "name one: an address, a contact or a profile"));
    }
    let contact = match (&written.contact, &written.profile) {
        (Some(contact), _) => *contact,
        (None, Some(handle)) => first_address_of(state, handle).await?,
        (None, None) => {
            let people = read_people(&written.to, "/to")?;
            let first = people.first().ok_or_else(|| unsendable("/to", "say to whom it goes"))?;
            let identifier =
                Identifier::email(&first.address).map_err(|error| unsendable("/to/0", &error.to_string()))?;
            let given = GivenIdentifier::new(identifier, &*first.address);
            return Ok((OutgoingTo::Identifier(given), people));
        }
    };
    let row = state.store().contacts(&[contact]).await?.pop().flatten();
    let row = row.ok_or_else(|| unsendable("/contact", "there is no such contact"))?;
    let identifier = row.identifier().filter(|identifier| *identifier.kind() == IdentifierKind::EMAIL);
    let address =
        identifier.ok_or_else(|| unsendable("/contact", "this contact has no mail address"))?.value();
    // What goes out is not for the eyes of whoever writes it: their sight must not reach the customer.
    let name = state.engine().in_full().view(row.profile, state.now()).await?.name;
    let person = Named { name: Some(name).filter(|name| name != address), address: address.to_owned() };
    Ok((OutgoingTo::Contact(contact), vec![person]))
}

async fn first_address_of(state: &AppState, handle: &str) -> Result<ContactId, Problem> {
    let profile = state.engine().find(handle).await?;
    let row = state.store().profiles(&[profile]).await?.pop().flatten();
    let contacts = row.map_or_else(Vec::new, |row| row.contacts);
    let found = state.store().contacts(&contacts).await?.into_iter().flatten();
    let is_mail = |identifier: &Identifier| *identifier.kind() == IdentifierKind::EMAIL;
    let mut reachable = found.filter(|contact| contact.identifier().is_some_and(is_mail));
    reachable
        .next()
        .map(|contact| contact.id)
        .ok_or_else(|| unsendable("/profile", "this customer has no mail address: add one first"))
}

/// What goes to whom, before it is a letter.
struct Draft<'a> {
    to: Vec<Named>,
    subject: String,
    answering: Option<&'a Answering>,
}

#[expect(clippy::too_many_arguments, reason = "the two ways in come together here, each with all it knows")]
async fn put(
    state: &AppState,
    channel: &MailChannel,
    undo_seconds: u32,
    target: OutgoingTo,
    draft: Draft<'_>,
    written: &Written,
    request: &ExternalId,
    by: &Source,
) -> Result<Put, Problem> {
    let now = state.now();
    let cc = read_people(&written.cc, "/cc")?;
    let bcc = read_people(&written.bcc, "/bcc")?;
    let recipients = recipients(state, &draft.to, &cc, &bcc).await?;
    let enclosed = read_files(&written.attachments)?;
    let text = text_of(written, &enclosed)?;
    // Of the request, so that the same request again is the same message; keyed, so that nobody can guess it.
    let id = state
        .store()
        .id_key()
        .entry(&ExternalId::new("mail out", format!("{}\n{}", request.scope(), request.id())));
    let message_id = format!("{id}@{}", channel.terms.domain());
    let tracks_views = channel.terms.tracks_views && state.config().public_url.is_some();
    let letter = Letter {
        from: Named {
            name: Some(channel.terms.display_name.clone()),
            address: channel.terms.address.clone(),
        },
        to: draft.to.clone(),
        cc: cc.clone(),
        subject: draft.subject.clone(),
        text: text.clone(),
        html: written.html.clone(),
        signature: channel.terms.signature.clone(),
        quote: draft.answering.filter(|_| written.quote).and_then(|answering| answering.quote.clone()),
        enclosed,
        message_id: message_id.clone(),
        answered: draft.answering.and_then(|answering| answering.answered.clone()),
        at: now,
        tracks_views,
    };
    let bytes = letter.compose().map_err(|error| unsendable("", &error.to_string()))?;
    let outgoing = Outgoing {
        to: target,
        external: ExternalId::new(mail::scope(), &*message_id),
        channel: Channel::email(),
        subject: draft.subject.split_whitespace().collect::<Vec<_>>().join(" "),
        summary: text.split_whitespace().collect::<Vec<_>>().join(" "),
        properties: properties(&letter, &bcc),
        body: Some(Body { media_type: "message/rfc822".to_owned(), bytes }),
        then: written.status.unwrap_or(ConversationStatus::Pending),
    };
    let rule = if draft.answering.is_some() { "answer" } else { "new conversation" };
    let token = tracks_views.then(|| secret::hex(&secret::random::<16>()));
    let delivery = |contact: ContactId| Delivery {
        contact: Some(contact),
        channel: channel.id.clone(),
        from: channel.terms.address.clone(),
        to: recipients.clone(),
        waiting: recipients.clone(),
        missed: Vec::new(),
        stage: Stage::Queued,
        since: now,
        begun: now,
        due: Timestamp::from_millis(now.as_millis() + i64::from(undo_seconds) * 1000),
        attempts: 0,
        words: String::new(),
        is_leaving: false,
        is_given: false,
        perhaps_twice: false,
        sent: None,
        token: token.clone(),
        viewed: None,
        rule: rule.to_owned(),
    };
    let beside = |recorded: &RecordedOutgoing| {
        let key = recorded.entry.to_string();
        Beside {
            expects: Vec::new(),
            // A delivery is plain data; were it not written, the message would stand there as never sent.
            writes: delivery(recorded.contact).first_rows(&key).unwrap_or_default(),
            changes: vec![record_changed(recorded.profile, &key)],
        }
    };
    let recorded = state.engine().in_full().record_outgoing(&outgoing, by, now, &beside).await?;
    state.outbox_bell().notify_one();
    let delivery = deliveries(state.store(), &[recorded.entry]).await?.pop().flatten();
    Ok(Put {
        entry: recorded.entry,
        conversation: recorded.conversation,
        profile: recorded.profile,
        contact: recorded.contact,
        message_id,
        repeated: recorded.repeated,
        delivery,
    })
}

/// The text that is sent: what was written, else what the HTML says.
fn text_of(written: &Written, enclosed: &[Enclosed]) -> Result<String, Problem> {
    let html = written.html.as_deref().unwrap_or_default();
    if written.text.len() > LONGEST_TEXT || html.len() > LONGEST_TEXT {
        return Err(unsendable(
            "/text",
            &format!("at most {LONGEST_TEXT} bytes: send what is longer as a file"),
        ));
    }
    let text = if written.text.trim().is_empty() { mail::plain_text(html) } else { written.text.clone() };
    if text.trim().is_empty() && enclosed.is_empty() {
        return Err(unsendable("/text", "write something first"));
    }
    Ok(text)
}

/// The channel that was named, else one whose address was written to, else the usual one.
fn channel_for<'a>(
    channels: &'a MailChannels,
    named: Option<&str>,
    own: &[String],
) -> Result<&'a MailChannel, Problem> {
    if let Some(named) = named.filter(|named| !named.is_empty()) {
        return channels.channel(named).ok_or_else(|| unsendable("/channel", "there is no such channel"));
    }
    let written_to = own.iter().find_map(|address| channels.with_address(address));
    written_to.or_else(|| channels.usual()).ok_or_else(|| {
        Problem::conflict("no mail can leave yet: an admin adds a mail channel in the settings first")
    })
}

fn unsendable(pointer: &str, why: &str) -> Problem {
    let problem = Problem::invalid("this message cannot be sent");
    if pointer.is_empty() { Problem::invalid(why) } else { problem.at(pointer, why) }
}

/// Reads people as they are typed: an address, or a name with the address in brackets.
fn read_people(given: &[String], pointer: &str) -> Result<Vec<Named>, Problem> {
    if given.len() > MOST_RECIPIENTS {
        return Err(unsendable(pointer, &format!("at most {MOST_RECIPIENTS} people at once")));
    }
    let read = |(place, text): (usize, &String)| {
        let text = text.trim();
        let person = match text.strip_suffix('>').and_then(|rest| rest.rsplit_once('<')) {
            Some((name, address)) => {
                let name = name.trim().trim_matches('"').trim();
                Named {
                    name: Some(name.to_owned()).filter(|name| !name.is_empty()),
                    address: address.trim().to_owned(),
                }
            }
            None => Named { name: None, address: text.to_owned() },
        };
        mailbox(&person).map_err(|error| unsendable(&format!("{pointer}/{place}"), &error.to_string()))?;
        Ok(person)
    };
    given.iter().enumerate().filter(|(_, text)| !text.trim().is_empty()).map(read).collect()
}

/// Everybody the mail server is told of, each once. Somebody outside has to be among them.
async fn recipients(
    state: &AppState,
    to: &[Named],
    cc: &[Named],
    bcc: &[Named],
) -> Result<Vec<String>, Problem> {
    let policy = state.mail_policy().await?;
    let mut all: Vec<String> = Vec::new();
    for person in to.iter().chain(cc).chain(bcc) {
        if !all.iter().any(|known| known.eq_ignore_ascii_case(&person.address)) {
            all.push(person.address.clone());
        }
    }
    if all.len() > MOST_RECIPIENTS {
        return Err(unsendable("/to", &format!("at most {MOST_RECIPIENTS} people at once")));
    }
    let is_own = |address: &String| policy.own.iter().any(|own| own.matches(&address.to_lowercase()));
    if to.iter().all(|person| is_own(&person.address)) {
        return Err(unsendable("/to", "this is an address of our own: name a customer's"));
    }
    Ok(all)
}

fn read_files(given: &[GivenFile]) -> Result<Vec<Enclosed>, Problem> {
    if given.len() > MOST_FILES {
        return Err(unsendable("/attachments", &format!("at most {MOST_FILES} files")));
    }
    let mut files = Vec::new();
    let mut room = LARGEST_FILES;
    for (place, file) in given.iter().enumerate() {
        let at = format!("/attachments/{place}");
        let bytes = STANDARD.decode(file.data.trim()).map_err(|_| unsendable(&at, "`data` is not base64"))?;
        room = room.checked_sub(bytes.len()).ok_or_else(|| {
            unsendable(&at, &format!("at most {} MB of files together", LARGEST_FILES >> 20))
        })?;
        let name = if file.name.trim().is_empty() { "file" } else { file.name.trim() };
        files.push(Enclosed { name: name.to_owned(), media_type: file.media_type.clone(), bytes });
    }
    Ok(files)
}

/// What the timeline shows of it besides subject and beginning, as of a message that came in.
fn properties(letter: &Letter, bcc: &[Named]) -> BTreeMap<String, Value> {
    let mut properties = BTreeMap::new();
    let mut put = |name: &str, values: Vec<&str>| {
        let values: Vec<Value> = values.into_iter().filter_map(Value::text).collect();
        if !values.is_empty() {
            properties.insert(name.to_owned(), Value::List(values));
        }
    };
    let addresses =
        |people: &'_ [Named]| people.iter().map(|person| person.address.clone()).collect::<Vec<_>>();
    let (to, cc, bcc) = (addresses(&letter.to), addresses(&letter.cc), addresses(bcc));
    put("to", to.iter().map(String::as_str).collect());
    put("cc", cc.iter().map(String::as_str).collect());
    put("bcc", bcc.iter().map(String::as_str).collect());
    put("attachments", letter.enclosed.iter().map(|file| file.name.as_str()).collect());
    if let Some(count) = Number::new(letter.enclosed.len() as f64).filter(|_| !letter.enclosed.is_empty()) {
        properties.insert("attachment_count".to_owned(), Value::Number(count));
    }
    properties
}
