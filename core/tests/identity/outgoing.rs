//! Messages of agents: where they stand, what they begin, what comes back, and what is committed with them.

use whom_core::{
    engine::{Beside, Engine, EngineError, Outgoing, OutgoingTo, RecordedOutgoing, Way},
    identity::{Arrival, Incoming, Outcome},
    model::{Body, Channel, ConversationStatus, Direction, EntryKind, ExternalId, Source, Timestamp},
    store::{Document, DocumentKind, Expectation, StoreError, Subject, Write},
};

use super::arrivals::{contact, engine, given, message, minute, take_in};

fn mail(id: &str, to: OutgoingTo) -> Outgoing {
    Outgoing {
        to,
        external: ExternalId::new("mail", id),
        channel: Channel::email(),
        subject: "Your tent".into(),
        summary: "It is on its way.".into(),
        properties: Default::default(),
        body: Some(Body {
            media_type: "message/rfc822".into(),
            bytes: b"Subject: Your tent\r\n\r\nHi".to_vec(),
        }),
        then: ConversationStatus::Pending,
    }
}

async fn send(engine: &Engine, outgoing: &Outgoing, now: Timestamp) -> RecordedOutgoing {
    engine.record_outgoing(outgoing, &Source::agent("mia"), now, &|_| Beside::default()).await.unwrap()
}

fn answering(id: &str, from: &str, answered: &str, at: Timestamp) -> Incoming {
    let mut incoming = message(id, from, &[], at);
    if let Arrival::Message(message) = &mut incoming.arrival {
        message.answers.push(ExternalId::new("mail", answered));
    }
    incoming
}

#[tokio::test]
async fn an_answer_stands_in_its_conversation_and_whoever_writes_it_looks_after_it() {
    let engine = engine();
    let asked = take_in(&engine, message("1", "ana@x.org", &[], minute(1))).await;
    let conversation = asked.conversation.unwrap();
    let to = OutgoingTo::Conversation { conversation, contact: None };
    let sent = send(&engine, &mail("a1", to), minute(2)).await;
    assert_eq!((sent.conversation, sent.contact), (conversation, contact(&engine, "ana@x.org")));

    let (row, entries) = engine.conversation(conversation, None, 10).await.unwrap();
    assert_eq!((row.status, row.messages), (ConversationStatus::Pending, 2));
    assert_eq!((row.assignee.as_deref(), row.last_direction), (Some("mia"), Direction::Outbound));
    let told: Vec<_> = entries.iter().map(|entry| (entry.kind, entry.title.as_str())).collect();
    assert!(told.contains(&(EntryKind::Activity, "assignee")), "{told:?}");
    let (entry, body) = engine.entry(sent.entry).await.unwrap();
    assert_eq!(entry.source, Source::agent("mia"));
    assert!(body.unwrap().bytes.ends_with(b"Hi"));

    // What the customer answers to it thread by its id, and it is known when a mailbox brings it back.
    let answer = take_in(&engine, answering("2", "ana@x.org", "a1", minute(3))).await;
    assert_eq!(answer.conversation, Some(conversation));
    let again = take_in(&engine, message("a1", "ana@x.org", &[], minute(2))).await;
    assert_eq!(again.outcome, Outcome::Repeated);
    let (row, _) = engine.conversation(conversation, None, 10).await.unwrap();
    assert_eq!((row.status, row.messages), (ConversationStatus::Open, 3));
}

#[tokio::test]
async fn what_the_team_writes_and_does_is_no_sign_of_life_of_the_customer() {
    let (engine, mia) = (engine(), Source::agent("mia"));
    let asked = take_in(&engine, message("1", "ana@x.org", &[], minute(1))).await;
    let id = engine.find("ana@x.org").await.unwrap();
    let conversation = asked.conversation.unwrap();
    let to = OutgoingTo::Conversation { conversation, contact: None };
    send(&engine, &mail("a1", to), minute(10)).await;
    let request = |id: &str| ExternalId::new("test", id);
    engine.add_note(id, "Calls on Mondays.", request("n"), &mia, minute(20)).await.unwrap();
    engine.add_identifier(id, given("ana@home.org"), &mia, minute(30)).await.unwrap();
    let view = engine.view(id, minute(40)).await.unwrap();
    assert_eq!((view.first_seen, view.last_seen), (minute(1), minute(1)));
    // All of it stands in the record all the same, the newest first.
    let opened = engine.open(id, minute(40)).await.unwrap();
    let record = engine.record(&opened, Way::Newest, 2, &[]).await.unwrap();
    let newest: Vec<_> = record.rows.iter().map(|row| row.place.at).collect();
    assert_eq!(newest, [minute(20), minute(10)]);
    take_in(&engine, message("2", "ana@home.org", &[], minute(50))).await;
    assert_eq!(engine.view(id, minute(60)).await.unwrap().last_seen, minute(50));
}

#[tokio::test]
async fn a_new_conversation_makes_the_profile_it_goes_to_or_finds_it() {
    let engine = engine();
    let to = || OutgoingTo::Identifier(given("new@x.org"));
    let first = send(&engine, &mail("a1", to()), minute(1)).await;
    assert_eq!(engine.find("new@x.org").await.unwrap(), first.profile);
    let second = send(&engine, &mail("a2", to()), minute(2)).await;
    assert_eq!(second.profile, first.profile);
    assert_ne!(second.conversation, first.conversation);
    let repeated = send(&engine, &mail("a2", to()), minute(3)).await;
    assert_eq!(repeated, RecordedOutgoing { repeated: true, feed: None, ..second });
    let answer = take_in(&engine, answering("1", "new@x.org", "a1", minute(4))).await;
    assert_eq!((answer.conversation, answer.profile), (Some(first.conversation), Some(first.profile)));
    let (row, _) = engine.conversation(first.conversation, None, 10).await.unwrap();
    assert_eq!((row.number, row.subject.as_str(), row.assignee.as_deref()), (1, "Your tent", Some("mia")));
}

#[tokio::test]
async fn the_outbox_is_written_in_the_same_commit_or_nothing_is() {
    let engine = engine();
    let document = |version| {
        move |recorded: &RecordedOutgoing| Beside {
            expects: vec![Expectation {
                subject: Subject::Document(DocumentKind::Outbox, recorded.entry.to_string()),
                version,
            }],
            writes: vec![Write::Document(Document {
                kind: DocumentKind::Outbox,
                id: recorded.entry.to_string(),
                bytes: b"{}".to_vec(),
                version: version + 1,
            })],
            changes: Vec::new(),
        }
    };
    let outgoing = mail("a1", OutgoingTo::Identifier(given("new@x.org")));
    let refused = engine.record_outgoing(&outgoing, &Source::agent("mia"), minute(1), &document(7)).await;
    assert!(matches!(refused, Err(EngineError::Store(StoreError::Conflict { .. }))));
    assert!(engine.find("new@x.org").await.is_err());
    let sent =
        engine.record_outgoing(&outgoing, &Source::agent("mia"), minute(1), &document(0)).await.unwrap();
    let kept = engine.store().document(DocumentKind::Outbox, &sent.entry.to_string()).await.unwrap();
    assert_eq!(kept.unwrap().version, 1);
}

#[tokio::test]
async fn an_answer_goes_to_nobody_who_took_no_part() {
    let engine = engine();
    let conversation =
        take_in(&engine, message("1", "ana@x.org", &[], minute(1))).await.conversation.unwrap();
    take_in(&engine, message("2", "bo@x.org", &[], minute(1))).await;
    let to = OutgoingTo::Conversation { conversation, contact: Some(contact(&engine, "bo@x.org")) };
    let refused = engine
        .record_outgoing(&mail("a1", to), &Source::agent("mia"), minute(2), &|_| Beside::default())
        .await;
    assert!(matches!(refused, Err(EngineError::Invalid { .. })), "{refused:?}");
}

#[tokio::test]
async fn a_closed_conversation_opens_when_the_customer_writes_and_says_so() {
    let engine = engine();
    let conversation =
        take_in(&engine, message("1", "ana@x.org", &[], minute(1))).await.conversation.unwrap();
    let to = OutgoingTo::Conversation { conversation, contact: None };
    let closing = Outgoing { then: ConversationStatus::Closed, ..mail("a1", to) };
    send(&engine, &closing, minute(2)).await;
    take_in(&engine, answering("2", "ana@x.org", "a1", minute(3))).await;
    let (row, entries) = engine.conversation(conversation, None, 20).await.unwrap();
    assert_eq!(row.status, ConversationStatus::Open);
    let titles: Vec<_> = entries
        .iter()
        .filter(|entry| entry.kind == EntryKind::Activity)
        .map(|entry| entry.title.as_str())
        .collect();
    assert_eq!(titles.len(), 3, "{titles:?}");
    assert!(titles.contains(&"status") && titles.last() == Some(&"opened"), "{titles:?}");
}

#[tokio::test]
async fn a_note_stands_in_the_conversation_and_in_the_timeline() {
    let engine = engine();
    let asked = take_in(&engine, message("1", "ana@x.org", &[], minute(1))).await;
    let conversation = asked.conversation.unwrap();
    let note = |text: &'static str, at| {
        let engine = engine.clone();
        async move {
            let request = ExternalId::new("note", "n1");
            engine.add_conversation_note(conversation, text, &request, &Source::agent("mia"), at).await
        }
    };
    let entry = note("She is moving house.", minute(2)).await.unwrap();
    assert_eq!(note("twice", minute(3)).await.unwrap(), entry);
    let (row, entries) = engine.conversation(conversation, None, 20).await.unwrap();
    assert_eq!((row.messages, row.status), (1, ConversationStatus::Open));
    assert_eq!(
        entries.last().map(|entry| (entry.kind, entry.summary.as_str())),
        Some((EntryKind::Note, "She is moving house."))
    );
    let timeline = engine.timeline(asked.profile.unwrap(), None, 10, &[EntryKind::Note]).await.unwrap();
    assert_eq!(timeline.entries[0].id, entry);
    assert_eq!(engine.store().check().await.unwrap(), Vec::<String>::new());
}
