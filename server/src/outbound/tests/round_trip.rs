//! A customer's mail comes in, an answer leaves, and the customer's answer to that finds its conversation.

use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use super::post::{MAIL, Post};
use crate::{
    LmtpAddress, LmtpLimits, LmtpListener, Role,
    mail::show_mail,
    testing::{As, TestApp},
};

/// Hands a message over as a mail server does.
async fn hand_over(app: &TestApp, message: &str) -> String {
    let listener = LmtpListener::bind(&LmtpAddress::Tcp("127.0.0.1:0".parse().unwrap())).await.unwrap();
    let port = listener.port().unwrap();
    let running = tokio::spawn(listener.run(app.state.clone(), LmtpLimits::default()));
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let said = format!(
        "LHLO mx\r\nMAIL FROM:<ana@example.org>\r\nRCPT TO:<help@shop.example>\r\nDATA\r\n{message}\r\n.\r\nQUIT\r\n"
    );
    stream.write_all(said.as_bytes()).await.unwrap();
    let mut answers = String::new();
    stream.read_to_string(&mut answers).await.unwrap();
    running.abort();
    answers
}

fn header(message: &[u8], name: &str) -> String {
    let headers = show_mail(message).headers;
    headers.into_iter().find(|(known, _)| known == name).map(|(_, value)| value).unwrap_or_default()
}

#[tokio::test]
async fn the_answer_to_an_answer_stands_in_the_same_conversation() {
    let post = Post::open().await;
    let ana = post.app.person(Role::Agent).await;
    assert!(hand_over(&post.app, MAIL).await.contains("250 2.0.0 Taken"));
    let listed = post.app.get(&ana, "/v1/conversations").await.expect(200).json();
    let conversation = listed["items"][0]["id"].as_str().unwrap().to_owned();

    let path = format!("/v1/conversations/{conversation}/reply");
    let written = json!({ "text": "It is on its way.", "quote": true, "cc": ["Ben <ben@example.org>"] });
    let put = post.app.post(&ana, &path, written).await.expect(201).json();
    assert_eq!(put["conversation"], conversation.as_str());
    post.until_state(&put, "sent").await;

    let got = post.peer.received().remove(0);
    assert_eq!(
        (got.from.as_str(), got.to),
        ("help@shop.example", vec!["ana@example.org".into(), "ben@example.org".into()])
    );
    assert_eq!(header(&got.message, "Subject"), "Re: Where is my parcel?");
    assert_eq!(header(&got.message, "From"), "\"Fernweh Support\" <help@shop.example>");
    assert_eq!(header(&got.message, "To"), "\"Ana Ruiz\" <ana@example.org>");
    assert_eq!(header(&got.message, "In-Reply-To"), "<1@example.org>");
    let id = header(&got.message, "Message-ID");
    assert_eq!(id, format!("<{}>", put["message_id"].as_str().unwrap()));
    assert!(
        show_mail(&got.message)
            .text
            .replace('\r', "")
            .contains("Ana Ruiz wrote:\n> Hello,\n> it has not come yet.")
    );

    let answer = format!(
        "From: Ana Ruiz <ana@example.org>\r\nTo: help@shop.example\r\nSubject: Something else entirely\r\n\
         Message-ID: <2@example.org>\r\nReferences: <1@example.org> {id}\r\n\
         Date: Sun, 1 Mar 2026 12:30:00 +0000\r\n\r\nThank you!\r\n"
    );
    assert!(hand_over(&post.app, &answer).await.contains("250 2.0.0 Taken"));
    // Our own message comes back through a copy in the mailbox: it is known.
    let copy = String::from_utf8(got.message).unwrap();
    let again = post.app.send(&As::Local, axum::http::Method::POST, "/v1/messages/raw", &[], copy).await;
    assert_eq!(again.expect(200).json()["outcome"], "repeated");

    let shown = post.app.get(&ana, &format!("/v1/conversations/{conversation}")).await.expect(200).json();
    let messages: Vec<&Value> =
        shown["items"].as_array().unwrap().iter().filter(|entry| entry["kind"] == "message").collect();
    let directions: Vec<_> = messages.iter().map(|entry| entry["direction"].as_str().unwrap()).collect();
    assert_eq!(directions, ["inbound", "outbound", "inbound"], "{shown:#}");
    assert_eq!(shown["conversation"]["status"], "open");
    assert_eq!(shown["conversation"]["assignee"], "agent");
    let all = post.app.get(&ana, "/v1/conversations").await.expect(200).json();
    assert_eq!(all["items"].as_array().unwrap().len(), 1);

    let feed = post.app.get(&ana, "/v1/feed").await.expect(200).text();
    assert!(feed.contains("\"delivery\"") && feed.contains(put["entry"].as_str().unwrap()), "{feed}");
    let ledger = post.app.get(&As::Local, "/v1/ledger").await.expect(200).json();
    assert_eq!(
        (&ledger["items"][0]["rule"], &ledger["items"][0]["profile"]),
        (&json!("answer"), &put["profile"])
    );
}

#[tokio::test]
async fn writing_to_somebody_unknown_makes_their_profile_and_writing_again_finds_it() {
    let post = Post::with(crate::Config::default(), json!({ "signature": "Fernweh\nStockholm" })).await;
    let written = json!({
        "to": ["Björn Ek <Bjorn@example.org>"],
        "subject": "Your tent",
        "text": "It is ready.",
        "attachments": [{ "name": "tent.txt", "media_type": "text/plain", "data": "dGVudA==" }],
    });
    let key = [("idempotency-key", "1")];
    let path = "/v1/conversations";
    let put =
        post.app.json(&As::Local, axum::http::Method::POST, path, &key, written.clone()).await.expect(201);
    let same =
        post.app.json(&As::Local, axum::http::Method::POST, path, &key, written).await.expect(201).json();
    let put = put.json();
    assert_eq!(same["entry"], put["entry"]);
    post.until_state(&put, "sent").await;
    assert_eq!(post.peer.received().len(), 1);
    let profile = post.app.get(&As::Local, "/v1/profiles/bjorn@example.org").await.expect(200).json();
    assert_eq!(profile["id"], put["profile"]);
    let message = post.peer.received().remove(0).message;
    let shown = show_mail(&message);
    assert!(
        shown.text.replace('\r', "").contains("It is ready.\n\n-- \nFernweh\nStockholm"),
        "{}",
        shown.text
    );
    assert_eq!(shown.attachments[0].name, "tent.txt");

    let to_profile = json!({ "profile": put["profile"], "subject": "Two", "text": "And the poles." });
    let second = post.app.post(&As::Local, path, to_profile).await.expect(201).json();
    assert_eq!(second["contact"], put["contact"]);
    assert_ne!(second["conversation"], put["conversation"]);
    // Nothing came from the customer yet: an answer goes on from our own message.
    let conversation = put["conversation"].as_str().unwrap();
    let third = post.reply(conversation, json!({ "text": "One more thing." })).await;
    post.until_state(&third, "sent").await;
    let last =
        post.peer.received().into_iter().find(|got| header(&got.message, "Subject") == "Re: Your tent");
    assert_eq!(
        header(&last.unwrap().message, "In-Reply-To"),
        format!("<{}>", put["message_id"].as_str().unwrap())
    );
}

#[tokio::test]
async fn what_cannot_be_sent_is_named_and_nothing_is_recorded() {
    let post = Post::open().await;
    let conversation = post.take(MAIL).await;
    let path = format!("/v1/conversations/{conversation}/reply");
    let refused = async |path: &str, written: Value| {
        let answer = post.app.post(&As::Local, path, written).await.expect(422).json();
        answer["errors"][0]["pointer"].as_str().unwrap_or_default().to_owned()
    };
    assert_eq!(refused(&path, json!({ "text": " " })).await, "/text");
    assert_eq!(refused(&path, json!({ "text": "x", "to": ["ana"] })).await, "/to/0");
    assert_eq!(refused(&path, json!({ "text": "x", "cc": ["a@x.org\r\nBcc: b@x.org"] })).await, "/cc/0");
    assert_eq!(refused(&path, json!({ "text": "x", "to": ["help@shop.example"] })).await, "/to");
    assert_eq!(refused(&path, json!({ "text": "x", "channel": "ch_no" })).await, "/channel");
    let file = json!([{ "name": "a", "data": "?" }]);
    assert_eq!(refused(&path, json!({ "text": "x", "attachments": file })).await, "/attachments/0");
    assert_eq!(refused("/v1/conversations", json!({ "text": "x", "to": ["a@x.org"] })).await, "/subject");
    assert_eq!(refused("/v1/conversations", json!({ "text": "x", "subject": "y" })).await, "/to");
    post.app.post(&As::Local, "/v1/conversations/999/reply", json!({ "text": "x" })).await.expect(404);
    let agent = post.app.person(Role::ReadOnly).await;
    post.app.post(&agent, &path, json!({ "text": "x" })).await.expect(403);
    let shown =
        post.app.get(&As::Local, &format!("/v1/conversations/{conversation}")).await.expect(200).json();
    assert_eq!(shown["items"].as_array().unwrap().len(), 1);
    assert!(post.peer.received().is_empty());
}
