//! The inbox and the page of a conversation.

use super::*;
use crate::auth::Role;

/// A form with parts, as a browser sends files.
async fn send_parts(app: &TestApp, by: &As, path: &str, parts: &[(&str, &str)]) -> Answer {
    let mut body = String::new();
    for (name, value) in parts {
        body.push_str(&format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"));
    }
    body.push_str("--b--\r\n");
    let kind = [("content-type", "multipart/form-data; boundary=b")];
    app.send(by, "POST".parse().unwrap(), path, &kind, body).await
}

#[tokio::test]
async fn the_inbox_lists_counts_filters_and_says_what_to_do_when_empty() {
    let (app, _) = app().await;
    let agent = app.person(Role::Agent).await;
    let page = get(&app, &agent, "/inbox").await.expect(200).text();
    assert_eq!(page.matches("data-row").count(), 1, "{page}");
    for part in ["Ana María Flores", "Where is my tent?", "Hello, where is it?", "/conversations/1?view=open"]
    {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(get(&app, &agent, "/inbox?q=tent").await.text().contains("data-row"));
    assert!(get(&app, &agent, "/inbox?q=boat").await.text().contains("Nothing fits this filter"));
    assert!(get(&app, &agent, "/inbox/mine").await.text().contains("Nothing of yours is open"));
    assert!(get(&app, &agent, "/inbox/spam").await.text().contains("No spam"));
    get(&app, &agent, "/inbox/nowhere").await.expect(404);
    let reader = app.person(Role::ReadOnly).await;
    let page = get(&app, &reader, "/inbox").await.expect(200).text();
    assert!(!page.contains("name=\"id\"") && !page.contains("inbox-deeds"));
}

#[tokio::test]
async fn several_are_changed_at_once_and_taken_back() {
    let (app, _) = app().await;
    let agent = app.person(Role::Agent).await;
    let row = async || app.state.store().conversation_by_number(1).await.unwrap().unwrap();
    let id = row().await.id;
    let form = format!("what=close&id={id}&back=%2Finbox%3Fq%3Dtent");
    let answer = send(&app, &agent, "/inbox/do", &form).await.expect(303);
    let back = answer.header("location").to_owned();
    assert!(back.starts_with("/inbox?q=tent&done=closed&n=1&undo="), "{back}");
    assert_eq!(row().await.status.as_str(), "closed");
    let page = get(&app, &agent, &back).await.expect(200).text();
    assert!(page.contains("1 conversation closed."), "{page}");
    let undo = between(&page, "/inbox/undo?", "\"").replace("&amp;", "&");
    send(&app, &agent, &undo, "").await.expect(303);
    assert_eq!(row().await.status.as_str(), "open");
    send(&app, &agent, "/inbox/do", &format!("what=tag&tag=Late&id={id}")).await.expect(303);
    send(&app, &agent, "/inbox/do", &format!("what=assign&assignee=me&id={id}")).await.expect(303);
    send(&app, &agent, "/inbox/do", &format!("what=snooze&until=tomorrow&id={id}")).await.expect(303);
    let row = row().await;
    assert_eq!((row.tags, row.assignee.as_deref()), (vec!["late".to_owned()], Some("agent")));
    assert_eq!(row.snoozed_until, Some(at("2026-03-02T08:00:00Z")));
    let reader = app.person(Role::ReadOnly).await;
    send(&app, &reader, "/inbox/do", &form).await.expect(403);
}

#[tokio::test]
async fn a_conversation_shows_its_head_its_thread_and_the_customer() {
    let (app, id) = app().await;
    let agent = app.person(Role::Agent).await;
    let page = get(&app, &agent, "/conversations/1").await.expect(200).text();
    for part in [
        ">Where is my tent?</textarea>",
        "class=\"bubble in\"",
        "where is it?",
        "Show what it quotes",
        "name=\"kind\" value=\"reply\" checked",
        &format!("/customers/{id}"),
        "How to reach them",
        "Submitted",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    get(&app, &agent, "/conversations/99").await.expect(404);
    let reader = app.person(Role::ReadOnly).await;
    let page = get(&app, &reader, "/conversations/1").await.expect(200).text();
    assert!(!page.contains("id=\"composer\"") && !page.contains("data-edit"), "{page}");
}

#[tokio::test]
async fn fields_are_edited_in_place_and_whoever_is_slower_is_told() {
    let (app, _) = app().await;
    let agent = app.person(Role::Agent).await;
    let script = [("accept", "application/json"), FORM[0]];
    let edit = async |form: &str| {
        let path = "/conversations/1/edit";
        app.send(&agent, "POST".parse().unwrap(), path, &script, form.to_owned()).await
    };
    let version = app.state.store().conversation_by_number(1).await.unwrap().unwrap().version;
    let saved = edit(&format!("subject=My+tent&version={version}")).await.expect(200).json();
    assert_eq!(saved["value"], "My tent");
    let conflict = edit(&format!("subject=Her+tent&version={version}")).await.expect(409).json();
    assert_eq!(conflict["current"]["value"], "My tent");
    edit("priority=sometimes").await.expect(422);
    let answer = send(&app, &agent, "/conversations/1/edit", "status=closed&view=open").await.expect(303);
    assert!(answer.header("location").starts_with("/inbox?done=closed"), "{}", answer.header("location"));
    let page = get(&app, &agent, "/conversations/1").await.text();
    assert!(page.contains("class=\"deed\"") && page.contains("called it “My tent”"), "{page}");
}

#[tokio::test]
async fn a_note_is_saved_once_and_a_draft_until_it_is_sent() {
    let (app, _) = app().await;
    let agent = app.person(Role::Agent).await;
    let draft = "text=Ask+the+courier&kind=note&to=&cc=";
    send(&app, &agent, "/conversations/1/draft", draft).await.expect(200);
    let page = get(&app, &agent, "/conversations/1").await.text();
    assert!(page.contains(">Ask the courier</textarea>"), "{page}");
    // Nobody else sees what somebody is writing.
    let other = app.person(Role::Admin).await;
    assert!(!get(&app, &other, "/conversations/1").await.text().contains("Ask the courier"));
    let note = [("kind", "note"), ("text", "Ask the courier"), ("request", "1"), ("then", "note")];
    for _ in 0..2 {
        let answer = send_parts(&app, &agent, "/conversations/1/write", &note).await.expect(303);
        assert_eq!(answer.header("location"), "/conversations/1?done=noted");
    }
    let page = get(&app, &agent, "/conversations/1").await.text();
    assert_eq!(page.matches("Ask the courier").count(), 1, "{page}");
    assert!(page.contains("class=\"bubble note\""));
}

#[tokio::test]
async fn what_cannot_be_sent_stays_as_it_was_written() {
    let (app, _) = app().await;
    let agent = app.person(Role::Agent).await;
    let reply = [
        ("kind", "reply"),
        ("text", "It left <today>."),
        ("request", "2"),
        ("then", "pending"),
        ("to", "nonsense"),
    ];
    let page = send_parts(&app, &agent, "/conversations/1/write", &reply).await;
    assert!(page.status.is_client_error(), "{page:?}");
    assert!(
        page.text().contains("It left &lt;today&gt;.</textarea>")
            && page.text().contains("value=\"nonsense\"")
    );
    assert!(get(&app, &agent, "/conversations/1").await.text().contains("It left &lt;today&gt;.</textarea>"));
}

#[tokio::test]
async fn a_long_thread_is_read_from_its_end() {
    let (app, _) = app().await;
    let agent = app.person(Role::Agent).await;
    let row = app.state.store().conversation_by_number(1).await.unwrap().unwrap();
    for place in 0..60 {
        let text = format!("note {place} of many");
        let request = ExternalId::new("test", format!("n{place}"));
        let when = Timestamp::from_millis(app.state.now().as_millis() + place);
        app.state
            .engine()
            .add_conversation_note(row.id, &text, &request, &Source::agent("mia"), when)
            .await
            .unwrap();
    }
    let page = get(&app, &agent, "/conversations/1").await.text();
    assert!(page.contains("note 59 of many") && !page.contains("note 10 of many"));
    let before = between(&page, "/conversations/1?before=", "\"");
    let part = get(&app, &agent, &format!("{before}&fragment=1")).await.expect(200).text();
    assert!(
        part.contains("note 10 of many") && part.contains("where is it?") && !part.contains("<html"),
        "{part}"
    );
    assert!(!part.contains("note 59 of many") && !part.contains("rel=\"prev\""));
}

/// A channel that mail leaves by; nothing is listening behind it.
async fn with_channel() -> (TestApp, As) {
    let (app, _) = app().await;
    let channel = serde_json::json!({
        "name": "Support", "address": "help@shop.example", "display_name": "Shop",
        "host": "localhost", "port": 1, "security": "none",
    });
    app.post(&As::Local, "/v1/channels", channel).await.expect(201);
    let agent = app.person(Role::Agent).await;
    (app, agent)
}

#[tokio::test]
async fn an_answer_is_sent_once_and_can_be_taken_back_into_the_draft() {
    let (app, agent) = with_channel().await;
    let reply = [("kind", "reply"), ("text", "It left today."), ("request", "9"), ("then", "closed")];
    let mut went = Vec::new();
    for _ in 0..2 {
        let answer = send_parts(&app, &agent, "/conversations/1/write", &reply).await.expect(303);
        went.push(answer.header("location").to_owned());
    }
    assert_eq!(went[0], went[1], "sent twice is sent once");
    assert!(went[0].starts_with("/conversations/1?done=sent-closed&of=1&undo=message:e_"), "{went:?}");
    let page = get(&app, &agent, &went[0]).await.expect(200).text();
    assert_eq!(page.matches("It left today.").count(), 1, "{page}");
    assert!(page.contains("leaves in a moment") && page.contains("Sent and closed:"), "{page}");
    let row = app.state.store().conversation_by_number(1).await.unwrap().unwrap();
    assert_eq!(row.status.as_str(), "closed");
    let recall = between(&page, "/conversations/1/recall/", "\"").replace("&amp;", "&");
    assert!(recall.ends_with("?was=open"), "{recall}");
    let back = send(&app, &agent, &recall, "").await.expect(303);
    assert_eq!(back.header("location"), "/conversations/1?done=recalled");
    let page = get(&app, &agent, "/conversations/1").await.expect(200).text();
    assert!(page.contains(">It left today.</textarea>") && page.contains("taken back"), "{page}");
    let row = app.state.store().conversation_by_number(1).await.unwrap().unwrap();
    assert_eq!(row.status.as_str(), "open", "what was closed by it is open again");
}

#[tokio::test]
async fn whoever_sends_and_closes_goes_on_to_the_next_of_the_view_and_can_come_back() {
    let (app, agent) = with_channel().await;
    for (id, day) in [("x", 25), ("y", 26)] {
        let asks = mail(&format!("Question {id}"), "Hello?");
        arrives(&app, id, &format!("2026-02-{day}T09:00:00Z"), "bo@example.org", vec![], asks).await;
    }
    // The list is: 1 (27 February), y (26), x (25).
    let number_of = async |subject: &str| {
        let rows = app.state.store().conversations_before(None, 9).await.unwrap();
        rows.into_iter().find(|row| row.subject == subject).unwrap().number
    };
    let (y, x) = (number_of("Question y").await, number_of("Question x").await);
    let reply = |request: &'static str| {
        [("kind", "reply"), ("text", "Done."), ("request", request), ("then", "closed"), ("view", "open")]
    };
    let went = send_parts(&app, &agent, "/conversations/1/write", &reply("1")).await.expect(303);
    let went = went.header("location").to_owned();
    assert!(went.starts_with(&format!("/conversations/{y}?done=sent-closed&of=1&undo=message:")), "{went}");
    let page = get(&app, &agent, &went).await.expect(200).text();
    assert!(page.contains("Sent and closed:") && page.contains("href=\"/conversations/1\""), "{page}");
    let undo = between(&page, "/conversations/1/recall/", "\"").replace("&amp;", "&");
    let back = send(&app, &agent, &undo, "").await.expect(303);
    assert_eq!(back.header("location"), "/conversations/1?done=recalled&view=open");
    let row = app.state.store().conversation_by_number(1).await.unwrap().unwrap();
    assert_eq!(row.status.as_str(), "open");
    // Behind the last there is the list, which offers the same way back.
    let path = format!("/conversations/{x}/write");
    let went = send_parts(&app, &agent, &path, &reply("2")).await.expect(303).header("location").to_owned();
    assert!(went.starts_with(&format!("/inbox?done=sent-closed&of={x}&undo=message:")), "{went}");
    let page = get(&app, &agent, &went).await.expect(200).text();
    assert!(page.contains(&format!("/conversations/{x}/recall/")) && page.contains("was=open"), "{page}");
}

#[tokio::test]
async fn whoever_writes_is_told_what_came_meanwhile_before_theirs_leaves() {
    let (app, agent) = with_channel().await;
    let other = app.person(Role::Admin).await;
    let page = get(&app, &agent, "/conversations/1").await.text();
    let seen = between(&page, "name=\"seen\" value=\"", "\">").rsplit('"').next().unwrap().to_owned();
    let reply = |text: &'static str, request: &'static str, seen: String| {
        let app = &app;
        async move |by: &As| {
            let parts = [
                ("kind", "reply"),
                ("text", text),
                ("request", request),
                ("then", "pending"),
                ("seen", seen.as_str()),
            ];
            send_parts(app, by, "/conversations/1/write", &parts).await
        }
    };
    app.clock.advance(60_000);
    reply("It left on Friday.", "a", seen.clone())(&other).await.expect(303);
    let told = reply("It leaves tomorrow.", "b", seen.clone())(&agent).await.expect(422).text();
    assert!(told.contains("answered while you were writing: “It left on Friday.”"), "{told}");
    assert!(told.contains("It leaves tomorrow.</textarea>"), "what was written stays: {told}");
    let row = app.state.store().conversation_by_number(1).await.unwrap().unwrap();
    assert_eq!(row.messages, 2, "the second did not leave");
    // Once told, the page knows the latest, and theirs leaves.
    let now = between(&told, "name=\"seen\" value=\"", "\">").rsplit('"').next().unwrap().to_owned();
    assert_ne!(now, seen);
    reply("It left on Friday, as said.", "c", now)(&agent).await.expect(303);
    // Nobody is told of what they sent themselves.
    reply("And one more thing.", "d", row.last_message.as_millis().to_string())(&agent).await.expect(303);
}

#[tokio::test]
async fn the_draft_of_a_new_message_is_kept_listed_thrown_away_and_brought_back() {
    let (app, agent) = with_channel().await;
    let page = get(&app, &agent, "/conversations/new?to=new@example.org").await.expect(200).text();
    assert!(!page.contains("/inbox/drafts"), "there are none yet");
    let name = between(&page, "/conversations/new/draft/", "\"").rsplit('/').next().unwrap().to_owned();
    let form = "to=new%40example.org&cc=&subject=Your+tent&text=It+is+ready&kind=";
    send(&app, &agent, &format!("/conversations/new/draft/{name}"), form).await.expect(200);
    send(&app, &agent, "/conversations/new/draft/not-a-name", form).await.expect(404);
    let address = format!("/conversations/new?draft={name}");
    let page = get(&app, &agent, &address).await.expect(200).text();
    for part in [">It is ready</textarea>", "value=\"Your tent\"", "value=\"new@example.org\""] {
        assert!(page.contains(part), "{part}: {page}");
    }
    send(&app, &agent, "/conversations/1/draft", "text=Wait&kind=reply&to=&cc=").await.expect(200);
    let list = get(&app, &agent, "/inbox/drafts").await.expect(200).text();
    assert!(list.contains(&address) && list.contains("/conversations/1#composer"), "{list}");
    assert!(get(&app, &agent, "/inbox").await.text().contains("href=\"/inbox/drafts\""));
    // Nobody else finds them.
    let other = app.person(Role::Admin).await;
    assert!(!get(&app, &other, &address).await.text().contains("It is ready"));
    assert!(get(&app, &other, "/inbox/drafts").await.text().contains("Nothing is half written"));

    let which = format!("draft=new%3A{name}");
    let thrown = send(&app, &agent, "/inbox/drafts/throw", &which).await.expect(303);
    let list = get(&app, &agent, thrown.header("location")).await.expect(200).text();
    assert!(!list.contains(&address), "{list}");
    let undo = between(&list, "/inbox/drafts/back?", "\"").replace("&amp;", "&");
    send(&app, &agent, &undo, "").await.expect(303);
    assert!(get(&app, &agent, "/inbox/drafts").await.text().contains(&address));
    send(&app, &other, "/inbox/drafts/throw", &which).await.expect(404);

    // What was sent is a draft no more; what could not be sent still is one.
    let message = |to: &'static str, request: &'static str| {
        let (app, agent, name) = (&app, &agent, name.as_str());
        async move {
            let parts = [
                ("to", to),
                ("subject", "Your tent"),
                ("text", "It is ready."),
                ("request", request),
                ("then", "pending"),
                ("draft", name),
            ];
            send_parts(app, agent, "/conversations/new", &parts).await
        }
    };
    message("nonsense", "1").await.expect(422);
    assert!(get(&app, &agent, &address).await.text().contains("value=\"nonsense\""));
    message("new@example.org", "2").await.expect(303);
    assert!(!get(&app, &agent, "/inbox/drafts").await.text().contains(&address));
}

#[tokio::test]
async fn what_a_customer_answered_about_their_content_stands_in_the_thread() {
    let (app, _) = app().await;
    let agent = app.person(Role::Agent).await;
    let answer = serde_json::json!({ "rating": 2, "comment": "Slow, but kind" });
    app.post(&As::Local, "/v1/conversations/1/satisfaction", answer).await.expect(201);
    let page = get(&app, &agent, "/conversations/1").await.text();
    assert!(page.contains("The customer rated this 2 of 5: “Slow, but kind”"), "{page}");
}

#[tokio::test]
async fn files_are_kept_with_a_draft_go_along_with_it_and_can_be_left_out() {
    let (app, agent) = with_channel().await;
    let upload = async |by: &As, name: &str| {
        let body = format!(
            "--b\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{name}\"\r\n\
             Content-Type: text/csv\r\n\r\nbytes of {name}\r\n--b--\r\n"
        );
        let kind = [("content-type", "multipart/form-data; boundary=b")];
        app.send(by, "POST".parse().unwrap(), "/conversations/1/draft/files", &kind, body).await
    };
    upload(&agent, "a.csv").await.expect(200);
    let kept = upload(&agent, "b.csv").await.expect(200).json();
    let id = |place: usize| kept[place]["id"].as_str().unwrap().to_owned();
    assert_eq!((kept[0]["name"].as_str(), kept[1]["size"].as_u64()), (Some("a.csv"), Some(14)));
    // Writing on leaves them there, and another browser finds them.
    send(&app, &agent, "/conversations/1/draft", "text=See+both&kind=reply&to=&cc=").await.expect(200);
    let page = get(&app, &agent, "/conversations/1").await.text();
    assert!(page.contains("a.csv") && page.contains(&format!("value=\"{}\" checked", id(1))), "{page}");
    let other = app.person(Role::Admin).await;
    assert!(!get(&app, &other, "/conversations/1").await.text().contains("a.csv"));

    let path = format!("/conversations/1/draft/files/{}/remove", id(0));
    let left = send(&app, &agent, &path, "").await.expect(200).json();
    assert_eq!(left.as_array().unwrap().len(), 1);
    let (gone, stays) = (id(0), id(1));
    let parts = [
        ("kind", "reply"),
        ("text", "See the file."),
        ("request", "1"),
        ("then", "pending"),
        ("kept", stays.as_str()),
        ("kept", gone.as_str()),
    ];
    send_parts(&app, &agent, "/conversations/1/write", &parts).await.expect(303);
    let page = get(&app, &agent, "/conversations/1").await.text();
    assert_eq!((page.matches("b.csv</a>").count(), page.matches("a.csv").count()), (1, 0), "{page}");
    assert!(!page.contains("name=\"kept\""), "the draft is gone with its files");
    let reader = app.person(Role::ReadOnly).await;
    upload(&reader, "c.csv").await.expect(403);
}

#[tokio::test]
async fn properties_are_set_edited_and_taken_away() {
    let (app, _) = app().await;
    let agent = app.person(Role::Agent).await;
    let edit = async |form: &str| send(&app, &agent, "/conversations/1/edit", form).await.expect(303);
    let properties = async || app.state.store().conversation_by_number(1).await.unwrap().unwrap().properties;
    edit("property=order&value=A-17").await;
    assert_eq!(properties().await["order"], Value::text("A-17").unwrap());
    let page = get(&app, &agent, "/conversations/1").await.text();
    assert!(page.contains("name=\"property:order\" value=\"A-17\""), "{page}");
    assert!(page.contains("Topic") && page.contains("Properties"), "{page}");
    edit("property%3Aorder=A-18").await;
    assert_eq!(properties().await["order"], Value::text("A-18").unwrap());
    edit("property%3Aorder=").await;
    assert!(properties().await.is_empty());
}

#[tokio::test]
async fn a_new_conversation_begins_with_a_message() {
    let (app, agent) = with_channel().await;
    let message = [
        ("to", "new@example.org"),
        ("subject", "Your tent"),
        ("text", "It is ready."),
        ("request", "10"),
        ("then", "pending"),
    ];
    let answer = send_parts(&app, &agent, "/conversations/new", &message).await.expect(303);
    let address = answer.header("location").to_owned();
    assert!(address.starts_with("/conversations/2?done=sent&undo=message:e_"), "{address}");
    let page = get(&app, &agent, &address).await.expect(200).text();
    assert!(page.contains("It is ready.") && page.contains("Your tent"), "{page}");
    let wrong = [("to", "nonsense"), ("subject", "S"), ("text", "Kept words"), ("request", "11")];
    let page = send_parts(&app, &agent, "/conversations/new", &wrong).await;
    assert!(page.status.is_client_error() && page.text().contains("Kept words</textarea>"), "{page:?}");
}
