//! The outbox: taken back, tried again, given up, restarted, looked at.

use std::time::Duration;

use axum::http::Method;
use serde_json::json;

use super::{
    peer::{HangUp, Manners},
    post::{MAIL, Post, restarted},
};
use crate::{Config, Outbox, OutboxTerms, mail::show_mail, testing::As};

async fn set_undo(post: &Post, seconds: u32) {
    let undo = json!({ "undo_seconds": seconds });
    post.app.json(&As::Local, Method::PATCH, "/v1/channels", &[], undo).await.expect(200);
}

#[tokio::test]
async fn a_message_can_be_taken_back_until_it_leaves() {
    let post = Post::open().await;
    set_undo(&post, 5).await;
    let put = post.answered().await;
    assert_eq!((&put["delivery"]["state"], &put["delivery"]["can_recall"]), (&json!("queued"), &json!(true)));
    let recall = format!("/v1/entries/{}/recall", put["entry"].as_str().unwrap());
    let recalled = post.app.post(&As::Local, &recall, json!({})).await.expect(200).json();
    assert_eq!(recalled["state"], "recalled");
    post.app.post(&As::Local, &recall, json!({})).await.expect(200);
    post.pass(10);
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(post.peer.connections(), 0);
    assert_eq!(post.outbox(Method::GET, "").await.expect(200).json()["queued"], 0);

    let second = post.reply(put["conversation"].as_str().unwrap(), json!({ "text": "Once more." })).await;
    post.pass(5);
    post.until_state(&second, "sent").await;
    let recall = format!("/v1/entries/{}/recall", second["entry"].as_str().unwrap());
    post.app.post(&As::Local, &recall, json!({})).await.expect(409);
    assert_eq!(post.peer.received().len(), 1);
}

#[tokio::test]
async fn what_the_server_cannot_take_now_is_tried_again_and_what_it_refuses_is_an_error() {
    let post = Post::open().await;
    post.peer.behave(Manners { answer: Some("451 4.7.1 greylisted".into()), ..Manners::default() });
    let put = post.answered().await;
    let waiting =
        post.until(&put, |delivery| delivery["attempts"] == 1 && delivery["words"].is_string()).await;
    assert_eq!(waiting["words"], "the mail server did not take the message: 451 4.7.1 greylisted");
    assert_eq!((&waiting["state"], &waiting["due"]), (&json!("queued"), &json!("2026-03-01T12:01:00Z")));
    post.pass(59);
    tokio::time::sleep(Duration::from_millis(150)).await;
    assert_eq!(post.peer.connections(), 1);
    post.peer.behave(Manners::default());
    post.pass(1);
    let sent = post.until_state(&put, "sent").await;
    assert_eq!((&sent["words"], &sent["attempts"]), (&json!("250 2.0.0 queued as 1"), &json!(2)));

    post.peer.behave(Manners { answer: Some("554 5.7.1 looks like spam".into()), ..Manners::default() });
    let refused = post.reply(put["conversation"].as_str().unwrap(), json!({ "text": "Buy!" })).await;
    let error = post.until_state(&refused, "error").await;
    assert_eq!((&error["words"], &error["can_retry"]), (&json!("554 5.7.1 looks like spam"), &json!(true)));
    let listed = post.outbox(Method::GET, "").await.expect(200).json();
    assert_eq!((&listed["failed"], &listed["items"][0]["id"]), (&json!(1), &refused["entry"]));

    post.peer.behave(Manners::default());
    let path = format!("/{}/retry", refused["entry"].as_str().unwrap());
    post.outbox(Method::POST, &path).await.expect(200);
    post.until_state(&refused, "sent").await;
    post.outbox(Method::POST, &path).await.expect(409);
    assert_eq!(post.peer.received().len(), 2);
}

#[tokio::test]
async fn a_recipient_who_is_refused_does_not_keep_it_from_the_others() {
    let post = Post::open().await;
    let refusals = |later: &str| Manners {
        recipients: [
            ("gone@example.org".to_owned(), "550 5.1.1 no such user".to_owned()),
            ("later@example.org".to_owned(), later.to_owned()),
        ]
        .into(),
        ..Manners::default()
    };
    post.peer.behave(refusals("450 4.2.1 busy"));
    let conversation = post.take(MAIL).await;
    let written = json!({ "text": "To all.", "cc": ["gone@example.org"], "bcc": ["later@example.org"] });
    let put = post.reply(&conversation, written).await;
    let waiting = post.until(&put, |delivery| delivery["words"].is_string()).await;
    assert_eq!((&waiting["state"], &waiting["can_recall"]), (&json!("queued"), &json!(false)));
    post.peer.behave(refusals("250 ok"));
    post.pass(60);
    let error = post.until_state(&put, "error").await;
    assert_eq!(
        error["missed"],
        json!([{ "address": "gone@example.org", "words": "550 5.1.1 no such user" }])
    );
    let got = post.peer.received();
    assert_eq!(
        got.iter().map(|got| got.to.join(" ")).collect::<Vec<_>>(),
        ["ana@example.org", "later@example.org"]
    );
    assert!(!String::from_utf8_lossy(&got[0].message).contains("later@"), "a hidden copy stays hidden");
}

#[tokio::test]
async fn a_connection_that_breaks_is_tried_again_with_the_same_message() {
    let post = Post::open().await;
    // Whoever has given the message and hears nothing cannot know how much of it was taken.
    for hangs_up in [HangUp::WithinMessage, HangUp::BeforeAnswer] {
        post.peer.behave(Manners { hangs_up: Some(hangs_up), ..Manners::default() });
        let conversation = post.take(&MAIL.replace("<1@", &format!("<{hangs_up:?}@"))).await;
        let put = post.reply(&conversation, json!({ "text": "Hello." })).await;
        post.until(&put, |delivery| delivery["attempts"] == 1 && delivery["words"].is_string()).await;
        post.peer.behave(Manners::default());
        let before = post.peer.received().len();
        post.pass(60);
        let sent = post.until_state(&put, "sent").await;
        assert_eq!(sent["perhaps_twice"], true, "{hangs_up:?}: {sent}");
        let got = post.peer.received();
        assert_eq!(got.len() - before, 1);
        let id = put["message_id"].as_str().unwrap();
        assert!(String::from_utf8_lossy(&got[before].message).contains(id));
    }
}

#[tokio::test]
async fn what_nobody_takes_for_long_is_given_up_with_words() {
    let outbox = OutboxTerms {
        waits: vec![Duration::from_secs(60)],
        give_up: Duration::from_secs(100),
        ..OutboxTerms::default()
    };
    let post = Post::with(Config { outbox, ..Config::default() }, json!({ "port": 1 })).await;
    let put = post.answered().await;
    post.until(&put, |delivery| delivery["attempts"] == 1 && delivery["words"].is_string()).await;
    post.pass(60);
    let error = post.until_state(&put, "error").await;
    let words = error["words"].as_str().unwrap();
    assert!(words.starts_with("given up after 2 attempts: the mail server could not be reached"), "{words}");
    let path = format!("/{}", put["entry"].as_str().unwrap());
    post.outbox(Method::DELETE, &path).await.expect(200);
    let listed = post.outbox(Method::GET, "").await.expect(200).json();
    assert_eq!((&listed["failed"], &listed["items"]), (&json!(0), &json!([])));
    assert_eq!(post.delivery(&put).await["state"], "error");
}

#[tokio::test]
async fn a_restart_in_the_middle_of_the_queue_loses_nothing_and_sends_nothing_twice() {
    let post = Post::open().await;
    post.peer.behave(Manners { waits: Duration::from_millis(60), ..Manners::default() });
    let mut puts = Vec::new();
    for n in 0..12 {
        let written = json!({ "to": [format!("c{n}@example.org")], "subject": "Hello", "text": "Hello." });
        puts.push(post.app.post(&As::Local, "/v1/conversations", written).await.expect(201).json());
    }
    while post.peer.received().is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    post.app.state.stopping().cancel();
    post.working.await.unwrap();
    let before = post.peer.received().len();
    assert!(before < puts.len(), "the restart came too late to be in the middle");

    let state = restarted(&post.app.state);
    let working = tokio::spawn(Outbox::new(state.clone()).run());
    let post = Post { working, ..post };
    for put in &puts {
        post.until_state(put, "sent").await;
    }
    let mut to: Vec<String> = post.peer.received().into_iter().flat_map(|got| got.to).collect();
    to.sort();
    to.dedup();
    assert_eq!((post.peer.received().len(), to.len()), (puts.len(), puts.len()));
    state.stopping().cancel();
}

#[tokio::test]
async fn a_picture_tells_when_a_message_was_looked_at_where_an_admin_wants_that() {
    let config = Config { public_url: Some("https://whom.test".into()), ..Config::default() };
    let post = Post::with(config, json!({ "tracks_views": true })).await;
    let put = post.answered().await;
    post.until_state(&put, "not_viewed").await;
    let html = show_mail(&post.peer.received()[0].message).html.unwrap();
    let path = html.split("https://whom.test").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let kept = format!("/v1/entries/{}/body", put["entry"].as_str().unwrap());
    assert!(!post.app.get(&As::Local, &kept).await.expect(200).text().contains("/o/"));

    let wrong = format!("{}x.gif", path.trim_end_matches(".gif"));
    let answer = post.app.get(&As::Anonymous, &wrong).await.expect(200);
    assert_eq!(post.delivery(&put).await["state"], "not_viewed");
    let picture = post.app.get(&As::Anonymous, &path).await.expect(200);
    assert_eq!((picture.body == answer.body, picture.header("content-type")), (true, "image/gif"));
    assert!(picture.header("cache-control").contains("no-store") && picture.header("set-cookie").is_empty());
    let head = post.app.get(&As::Local, "/v1/figures").await.expect(200);
    assert_eq!(post.delivery(&put).await["state"], "viewed");
    post.app.get(&As::Anonymous, &path).await.expect(200);
    assert_eq!(post.app.get(&As::Local, "/v1/figures").await.expect(200).body, head.body);
    let ledger = post.app.get(&As::Local, "/v1/ledger").await.expect(200).json();
    assert_eq!(ledger["items"][0]["properties"], json!(["email", "when it is looked at"]));
}

#[tokio::test]
async fn erasing_somebody_takes_away_how_they_were_written_to() {
    let post = Post::open().await;
    let put = post.answered().await;
    post.until_state(&put, "sent").await;
    set_undo(&post, 60).await;
    let waiting = post.reply(put["conversation"].as_str().unwrap(), json!({ "text": "Later." })).await;
    let path = format!("/v1/profiles/{}", put["profile"].as_str().unwrap());
    post.app.json(&As::Local, Method::DELETE, &path, &[("if-match", "*")], json!({})).await.expect(200);
    for put in [&put, &waiting] {
        let path = format!("/v1/entries/{}/delivery", put["entry"].as_str().unwrap());
        post.app.get(&As::Local, &path).await.expect(404);
    }
    post.pass(60);
    for _ in 0..100 {
        if post.outbox(Method::GET, "").await.expect(200).json()["queued"] == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(post.outbox(Method::GET, "").await.expect(200).json()["queued"], 0);
    assert_eq!(post.peer.received().len(), 1);
}

#[tokio::test]
async fn whoever_wrote_is_told_once_that_it_could_not_be_delivered() {
    let post = Post::open().await;
    let agent = post.app.person(crate::Role::Agent).await;
    let conversation = post.take(super::post::MAIL).await;
    let after = crate::notify::read_for_tests(&post.app.state, None).await;
    post.peer.behave(Manners { answer: Some("550 5.1.1 nobody here".into()), ..Manners::default() });
    let path = format!("/v1/conversations/{conversation}/reply");
    let put = post.app.post(&agent, &path, json!({ "text": "Hello" })).await.expect(201).json();
    post.until_state(&put, "error").await;
    for _ in 0..2 {
        crate::notify::read_for_tests(&post.app.state, Some(after)).await;
    }
    let told = post.app.get(&agent, "/v1/me/notices").await.expect(200).json();
    assert_eq!(told["items"].as_array().unwrap().len(), 1, "{told}");
    assert_eq!(told["items"][0]["sort"], "send_failed");
    assert_eq!(told["items"][0]["about"], "#1 Where is my parcel?");
    assert!(told["items"][0]["link"].as_str().unwrap().starts_with("/conversations/1"), "{told}");
}
