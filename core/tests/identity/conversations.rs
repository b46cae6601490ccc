//! What agents do to conversations: editing, sleeping, the inbox.

use whom_core::{
    engine::{ConversationEdit, Engine, EngineError, InboxFilter},
    model::{
        Conversation, ConversationId, ConversationStatus, Entry, EntryKind, LinkedIssue, Priority, Shelf,
        Source, TOPIC, Timestamp, Value, Whose,
    },
};

use super::arrivals::{engine, message, minute, take_in};

async fn begun(engine: &Engine, id: &str, from: &str, at: i64) -> ConversationId {
    take_in(engine, message(id, from, &[], minute(at))).await.conversation.unwrap()
}

async fn edit(engine: &Engine, id: ConversationId, edit: ConversationEdit, at: i64) -> Conversation {
    engine.edit_conversation(id, &edit, &Source::agent("mia"), None, minute(at)).await.unwrap()
}

async fn activities(engine: &Engine, id: ConversationId) -> Vec<Entry> {
    let (_, entries) = engine.conversation(id, None, 100).await.unwrap();
    entries.into_iter().filter(|entry| entry.kind == EntryKind::Activity).collect()
}

async fn shelf(engine: &Engine, shelf: Shelf, whose: Whose) -> Vec<ConversationId> {
    let page = engine.inbox(shelf, &whose, &InboxFilter::default(), None, 100).await.unwrap();
    page.conversations.iter().map(|conversation| conversation.id).collect()
}

#[tokio::test]
async fn each_change_is_told_with_who_what_from_and_to() {
    let engine = engine();
    let id = begun(&engine, "1", "ana@x.org", 1).await;
    let row = edit(
        &engine,
        id,
        ConversationEdit {
            status: Some(ConversationStatus::Pending),
            priority: Some(Priority::Urgent),
            assignee: Some(Some("bo".into())),
            subject: Some(" Late   tent ".into()),
            add_tags: vec![" Shipping ".into(), "shipping".into(), "VIP".into()],
            properties: [("order".to_owned(), Value::text("A-17"))].into(),
            link: vec![LinkedIssue {
                system: "Linear".into(),
                key: "SHOP-1".into(),
                url: Some("https://linear.example/SHOP-1".into()),
                title: "Tents are late".into(),
                state: "open".into(),
            }],
            ..ConversationEdit::default()
        },
        2,
    )
    .await;
    assert_eq!((row.status, row.priority), (ConversationStatus::Pending, Priority::Urgent));
    assert_eq!((row.subject.as_str(), row.topic.as_str()), ("Late tent", "Late tent"));
    assert_eq!(row.tags, ["shipping", "vip"]);
    assert_eq!(row.issues[0].system, "linear");
    let told = activities(&engine, id).await;
    let mut words: Vec<_> = told.iter().map(|entry| entry.title.as_str()).collect();
    words.sort_unstable();
    assert_eq!(words, ["assignee", "issues", "priority", "properties", "status", "subject", "tags"]);
    let status = told.iter().find(|entry| entry.title == "status").unwrap();
    assert_eq!(
        (&status.properties["from"], &status.properties["to"]),
        (&Value::text("open").unwrap(), &Value::text("pending").unwrap())
    );
    assert_eq!(status.source, Source::agent("mia"));
    // The same again changes nothing and tells nothing.
    let again =
        edit(&engine, id, ConversationEdit { add_tags: vec!["VIP".into()], ..Default::default() }, 3).await;
    assert_eq!(again.version, row.version);
    assert_eq!(engine.store().conversations(&[id]).await.unwrap()[0].as_ref(), Some(&row));
}

#[tokio::test]
async fn what_an_agent_calls_it_outlasts_older_messages_that_come_late() {
    let engine = engine();
    let id = begun(&engine, "second", "ana@x.org", 10).await;
    let older = |id: &str, at: i64| {
        let mut mail = message(id, "ana@x.org", &[], minute(at));
        if let whom_core::identity::Arrival::Message(message) = &mut mail.arrival {
            message.answers.push(whom_core::model::ExternalId::new("mail", "second"));
        }
        mail
    };
    let row = || async { engine.store().conversations(&[id]).await.unwrap()[0].clone().unwrap() };
    // Nobody named it yet: the earliest message does.
    take_in(&engine, older("first", 5)).await;
    assert_eq!(row().await.subject, "About first");
    edit(&engine, id, ConversationEdit { subject: Some("The torn tent".into()), ..Default::default() }, 20)
        .await;
    take_in(&engine, older("zeroth", 1)).await;
    let row = row().await;
    assert_eq!((row.subject.as_str(), row.topic.as_str()), ("The torn tent", "The torn tent"));
    assert_eq!((row.started, row.messages), (minute(1), 3));
}

#[tokio::test]
async fn whoever_is_slower_hears_who_was_faster_with_what() {
    let engine = engine();
    let id = begun(&engine, "1", "ana@x.org", 1).await;
    let closing = ConversationEdit { status: Some(ConversationStatus::Closed), ..Default::default() };
    let version = engine.shown_conversation(id).await.unwrap().version;
    edit(&engine, id, closing, 2).await;
    let late = ConversationEdit { priority: Some(Priority::Low), ..Default::default() };
    let refused = engine
        .edit_conversation(id, &late, &Source::agent("bo"), Some(version), minute(3))
        .await
        .unwrap_err();
    assert!(matches!(&refused, EngineError::Faster { who, .. } if who.len() == 1), "{refused}");
    assert!(refused.to_string().contains("mia changed status from `open` to `closed`"), "{refused}");
}

#[tokio::test]
async fn what_cannot_be_kept_is_refused_by_the_name_of_its_field() {
    let engine = engine();
    let id = begun(&engine, "1", "ana@x.org", 1).await;
    let issue = LinkedIssue {
        system: "jira".into(),
        key: "A-1".into(),
        url: Some("javascript:alert(1)".into()),
        title: String::new(),
        state: String::new(),
    };
    for (field, edit) in [
        ("tags", ConversationEdit { add_tags: vec!["x".repeat(61)], ..Default::default() }),
        (
            "tags",
            ConversationEdit { add_tags: (0..51).map(|n| n.to_string()).collect(), ..Default::default() },
        ),
        ("tags", ConversationEdit { add_tags: vec!["  ".into()], ..Default::default() }),
        ("subject", ConversationEdit { subject: Some(" ".into()), ..Default::default() }),
        ("issues", ConversationEdit { link: vec![issue], ..Default::default() }),
        ("snoozed_until", ConversationEdit { snooze_until: Some(Some(minute(1))), ..Default::default() }),
        (
            "snoozed_until",
            ConversationEdit { snooze_until: Some(Some(minute(6_000_000))), ..Default::default() },
        ),
    ] {
        let refused =
            engine.edit_conversation(id, &edit, &Source::agent("mia"), None, minute(2)).await.unwrap_err();
        assert!(matches!(&refused, EngineError::Invalid { what, .. } if what == field), "{field}: {refused}");
    }
}

#[tokio::test]
async fn what_sleeps_comes_back_at_its_time_or_when_the_customer_writes() {
    let engine = engine();
    let (one, two) = (begun(&engine, "1", "ana@x.org", 1).await, begun(&engine, "2", "bo@x.org", 2).await);
    for id in [one, two] {
        let snooze = ConversationEdit { snooze_until: Some(Some(minute(60))), ..Default::default() };
        edit(&engine, id, snooze, 3).await;
    }
    assert_eq!(shelf(&engine, Shelf::Snoozed, Whose::Anybody).await, [two, one]);
    assert!(shelf(&engine, Shelf::Open, Whose::Anybody).await.is_empty());
    assert!(engine.wake_due(minute(59), 10).await.unwrap().is_empty());

    let mut answer = message("3", "bo@x.org", &[], minute(30));
    if let whom_core::identity::Arrival::Message(message) = &mut answer.arrival {
        message.answers = vec![whom_core::model::ExternalId::new("mail", "2")];
    }
    take_in(&engine, answer).await;
    assert_eq!(shelf(&engine, Shelf::Open, Whose::Anybody).await, [two]);
    assert_eq!(activities(&engine, two).await.last().unwrap().title, "opened");

    let before = *engine.store().feed_head().borrow();
    assert_eq!(engine.wake_due(minute(61), 10).await.unwrap(), [one]);
    assert!(*engine.store().feed_head().borrow() > before);
    assert!(engine.wake_due(minute(62), 10).await.unwrap().is_empty());
    assert_eq!(shelf(&engine, Shelf::Open, Whose::Anybody).await, [two, one]);
    assert_eq!(activities(&engine, one).await.last().unwrap().title, "woken");
    assert_eq!(engine.store().check().await.unwrap(), Vec::<String>::new());
}

#[tokio::test]
async fn the_inbox_keeps_agents_apart_and_pages_through_filters() {
    let engine = engine();
    let mut ids = Vec::new();
    for number in 0..30 {
        ids.push(begun(&engine, &format!("tent {number}"), &format!("p{number}@x.org"), number).await);
    }
    for (place, id) in ids.iter().enumerate() {
        let assignee = [None, Some("bo"), Some("mia")][place % 3].map(str::to_owned);
        let tags = if place % 5 == 0 { vec!["late".to_owned()] } else { Vec::new() };
        edit(
            &engine,
            *id,
            ConversationEdit { assignee: Some(assignee), add_tags: tags, ..Default::default() },
            40,
        )
        .await;
    }
    let newest_first: Vec<_> = ids.iter().rev().copied().collect();
    assert_eq!(shelf(&engine, Shelf::Open, Whose::Anybody).await, newest_first);
    let mias: Vec<_> = ids.iter().skip(2).step_by(3).rev().copied().collect();
    assert_eq!(shelf(&engine, Shelf::Open, Whose::Agent("mia".into())).await, mias);
    assert_eq!(shelf(&engine, Shelf::Open, Whose::Nobody).await.len(), 10);

    let (mut after, mut paged) = (None, Vec::new());
    loop {
        let page =
            engine.inbox(Shelf::Open, &Whose::Anybody, &InboxFilter::default(), after, 7).await.unwrap();
        assert!(page.conversations.len() <= 7);
        paged.extend(page.conversations.iter().map(|conversation| conversation.id));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(paged, newest_first);
    let late = InboxFilter { tag: Some("late".into()), text: Some("TENT".into()), ..Default::default() };
    let page = engine.inbox(Shelf::Open, &Whose::Anybody, &late, None, 4).await.unwrap();
    assert_eq!(
        page.conversations.iter().map(|c| c.id).collect::<Vec<_>>(),
        [ids[25], ids[20], ids[15], ids[10]]
    );
    let rest = engine.inbox(Shelf::Open, &Whose::Anybody, &late, page.next, 4).await.unwrap();
    assert_eq!((rest.conversations.len(), rest.next), (2, None));

    let counts = engine.inbox_counts(Some("mia")).await.unwrap();
    assert_eq!((counts.mine.count, counts.unassigned.count, counts.open.count), (10, 10, 30));
    assert!(!counts.open.and_more);
}

#[tokio::test]
async fn a_satisfaction_answer_stands_in_the_conversation() {
    let engine = engine();
    let id = begun(&engine, "1", "ana@x.org", 1).await;
    engine.record_satisfaction(id, 5, " Quick! ", &Source::agent("survey"), minute(2)).await.unwrap();
    let told = activities(&engine, id).await;
    assert_eq!((told[0].title.as_str(), told[0].summary.as_str()), ("satisfaction", "Quick!"));
    assert_eq!(told[0].properties["to"].to_json(), serde_json::json!(5));
    assert!(engine.record_satisfaction(id, 6, "", &Source::agent("survey"), minute(2)).await.is_err());
    let now: Timestamp = minute(3);
    assert!(
        engine
            .record_satisfaction(ConversationId::from_bytes([0; 10]), 1, "", &Source::agent("s"), now)
            .await
            .is_err()
    );
}

#[tokio::test]
async fn an_agent_says_what_a_conversation_is_about_and_takes_it_back() {
    let engine = engine();
    let id = begun(&engine, "1", "ana@x.org", 1).await;
    let follows =
        edit(&engine, id, ConversationEdit { subject: Some("Re: Tent".into()), ..Default::default() }, 2);
    assert_eq!(follows.await.topic, "Tent");
    let topic = |value: Option<Value>| ConversationEdit {
        properties: [(TOPIC.to_owned(), value)].into(),
        ..ConversationEdit::default()
    };
    let said = topic(Some(Value::Text("Returns".into())));
    assert_eq!(edit(&engine, id, said, 3).await.topic, "Returns");
    let renamed = ConversationEdit { subject: Some("Pegs".into()), ..Default::default() };
    assert_eq!(edit(&engine, id, renamed, 4).await.topic, "Returns", "what was said stands");
    assert_eq!(engine.conversation(id, None, 1).await.unwrap().0.topic, "Returns");
    assert_eq!(edit(&engine, id, topic(None), 5).await.topic, "Pegs");
}
