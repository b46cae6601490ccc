//! An application with a channel, its outbox at work, and a mail server that takes what leaves.

use std::time::Duration;

use axum::http::Method;
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use super::peer::{Manners, Peer};
use crate::{
    AppState, Config, Outbox,
    testing::{As, TestApp},
};

pub(super) struct Post {
    pub(super) app: TestApp,
    pub(super) peer: Peer,
    pub(super) working: JoinHandle<()>,
}

impl Post {
    pub(super) async fn open() -> Self {
        Self::with(Config::default(), json!({})).await
    }

    pub(super) async fn with(config: Config, more: Value) -> Self {
        let app = TestApp::with(config);
        let peer = Peer::start(Manners::default()).await;
        let mut channel = json!({
            "name": "Support",
            "address": "help@shop.example",
            "display_name": "Fernweh Support",
            "host": "127.0.0.1",
            "port": peer.address.port(),
            "security": "none",
        });
        channel.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        app.post(&As::Local, "/v1/channels", channel).await.expect(201);
        let undo = json!({ "undo_seconds": 0 });
        app.json(&As::Local, Method::PATCH, "/v1/channels", &[], undo).await.expect(200);
        let working = tokio::spawn(Outbox::new(app.state.clone()).run());
        Self { app, peer, working }
    }

    /// Takes a mail of a customer in; gives the number of its conversation.
    pub(super) async fn take(&self, mail: &str) -> String {
        let answer = self.app.send(&As::Local, Method::POST, "/v1/messages/raw", &[], mail.to_owned()).await;
        answer.expect(201).json()["conversation"].as_str().unwrap().to_owned()
    }

    /// Takes a customer's first mail in and answers it; gives what was put into the outbox.
    pub(super) async fn answered(&self) -> Value {
        let conversation = self.take(MAIL).await;
        self.reply(&conversation, json!({ "text": "It is on its way." })).await
    }

    pub(super) async fn reply(&self, conversation: &str, written: Value) -> Value {
        let path = format!("/v1/conversations/{conversation}/reply");
        self.app.post(&As::Local, &path, written).await.expect(201).json()
    }

    pub(super) async fn delivery(&self, put: &Value) -> Value {
        let path = format!("/v1/entries/{}/delivery", put["entry"].as_str().unwrap());
        self.app.get(&As::Local, &path).await.expect(200).json()
    }

    /// Waits until a message stands like this.
    pub(super) async fn until(&self, put: &Value, is_so: impl Fn(&Value) -> bool) -> Value {
        for _ in 0..500 {
            let delivery = self.delivery(put).await;
            if is_so(&delivery) {
                return delivery;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("it stays {:#}", self.delivery(put).await)
    }

    pub(super) async fn until_state(&self, put: &Value, state: &str) -> Value {
        self.until(put, |delivery| delivery["state"] == state).await
    }

    /// Lets time pass, and the outbox look again.
    pub(super) fn pass(&self, seconds: i64) {
        self.app.clock.advance(seconds * 1000);
        self.app.state.outbox_bell().notify_one();
    }

    /// Asks the API to do something with a message in the outbox.
    pub(super) async fn outbox(&self, method: Method, path: &str) -> crate::testing::Answer {
        self.app.json(&As::Local, method, &format!("/v1/outbox{path}"), &[], json!({})).await
    }
}

/// A customer's first mail.
pub(super) const MAIL: &str = "From: Ana Ruiz <ana@example.org>\r\nTo: help@shop.example\r\n\
    Subject: Where is my parcel?\r\nMessage-ID: <1@example.org>\r\n\
    Date: Sun, 1 Mar 2026 11:00:00 +0000\r\n\r\nHello,\r\nit has not come yet.\r\n";

/// Another application over the same store, as after a restart.
pub(super) fn restarted(state: &AppState) -> AppState {
    let clock = std::sync::Arc::new(crate::SetClock::at(state.now()));
    AppState::new(state.engine().clone(), state.directory().clone(), state.config().clone(), clock)
}
