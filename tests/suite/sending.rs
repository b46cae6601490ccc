//! `kill -9` in the midst of sending, with a real server and a real mail server: what `outbound::worker` promises.
//!
//! No message is lost, and none is sent twice without saying so.

use std::{collections::BTreeMap, time::Duration};

use reqwest::Method;
use serde_json::{Value, json};
use whom_tests::{HoldsAt, PlayedPost, Server};

/// A server on this folder that hands its mail to the peer.
async fn with_channel(folder: &std::path::Path, peer: &PlayedPost) -> Server {
    let server = Server::start(folder).await;
    peer.serves(&server).await;
    server
}

async fn write(server: &Server, number: usize) -> String {
    let message = json!({
        "to": [format!("c{number}@example.org")], "subject": "Your tent", "text": format!("Message {number}."),
    });
    let put = server.post("/v1/conversations", &message).await;
    put["entry"].as_str().unwrap().to_owned()
}

async fn until_sent(server: &Server, entry: &str) -> Value {
    for _ in 0..1_200 {
        let delivery = server.get(&format!("/v1/entries/{entry}/delivery")).await;
        if delivery["state"] == "sent" {
            return delivery;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{entry} never left: {}", server.log());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_before_the_message_it_is_sent_once_and_killed_before_the_answer_it_says_perhaps_twice() {
    for (holds, times) in [(HoldsAt::Recipient, 1), (HoldsAt::Message, 2)] {
        let folder = whom_tests::folder();
        let peer = PlayedPost::start().await;
        let server = with_channel(folder.path(), &peer).await;
        peer.hold(holds);
        let entry = write(&server, 1).await;
        peer.until_held().await;
        server.kill();
        peer.hold(HoldsAt::Nothing);

        let server = Server::start(folder.path()).await;
        let delivery = until_sent(&server, &entry).await;
        let got = peer.taken();
        assert_eq!(got.len(), times, "{holds:?}: {got:?}");
        let ids: Vec<_> = got
            .iter()
            .map(|message| message.raw.lines().find(|line| line.starts_with("Message-ID")))
            .collect();
        assert!(ids.iter().all(|id| id.is_some() && *id == ids[0]), "mailboxes know it by its id: {ids:?}");
        assert_eq!(delivery["perhaps_twice"] == true, times > 1, "{holds:?}: {delivery}");
        let page = server.request(Method::GET, "/conversations/1").header("accept", "text/html");
        let page = page.send().await.unwrap().text().await.unwrap();
        assert_eq!(page.contains("it may arrive twice"), times > 1, "{page}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_messages_none_is_lost_and_each_that_came_twice_says_so() {
    const ROUNDS: usize = 6;
    const EACH: usize = 6;
    let folder = whom_tests::folder();
    let peer = PlayedPost::start().await;
    let mut server = with_channel(folder.path(), &peer).await;
    let mut entries = Vec::new();
    for round in 0..ROUNDS {
        // Now it stops before a message, now before an answer, now nobody knows where.
        peer.hold([HoldsAt::Message, HoldsAt::Nothing, HoldsAt::Recipient][round % 3]);
        for number in 0..EACH {
            entries.push(write(&server, round * EACH + number).await);
        }
        match round % 3 {
            1 => tokio::time::sleep(Duration::from_millis(7 * round as u64)).await,
            _ => peer.until_held().await,
        }
        server.kill();
        peer.hold(HoldsAt::Nothing);
        server = Server::start(folder.path()).await;
    }
    let mut says_twice = BTreeMap::new();
    for (number, entry) in entries.iter().enumerate() {
        says_twice
            .insert(format!("Message {number}."), until_sent(&server, entry).await["perhaps_twice"] == true);
    }
    let got = peer.taken();
    let mut twice = 0;
    for (text, says) in &says_twice {
        let times = got.iter().filter(|message| message.raw.contains(text.as_str())).count();
        assert!(times > 0, "`{text}` was lost");
        assert!(times == 1 || *says, "`{text}` came {times} times and does not say so");
        twice += usize::from(times > 1);
    }
    assert!(twice > 0, "nothing came twice: the rounds say nothing");
}
