//! A team at work: colleagues, and what they did with the conversations and customers of the shop.
//!
//! Everything goes through the API, as a program would do it: each deed in the name of whoever did it and
//! at the time when they did.

mod customers;
mod decisions;
mod talks;

use std::sync::Arc;

use axum::http::{Method, header};
use serde::Deserialize;
use serde_json::{Value as Json, json};
use whom_core::model::Timestamp;

use super::{OWNER, clock::PlayedClock};
use crate::{
    client::{Client, Sent},
    house::House,
    moment,
    problem::Failure,
};

const ANA: &str = "ana@fernweh.example";
const JONAS: &str = "jonas@fernweh.example";

/// Who works in the shop besides its owner.
const PEOPLE: [(&str, &str, &str); 3] = [
    (ANA, "Ana Duarte", "agent"),
    (JONAS, "Jonas Reuter", "agent"),
    ("noor@fernweh.example", "Noor Visser", "read_only"),
];

const MINUTE: i64 = 60_000;
const DAY: i64 = 1_440 * MINUTE;

/// The team, and the clock by which it works.
pub(super) struct Team {
    house: Arc<House>,
    clock: Arc<PlayedClock>,
}

#[derive(Deserialize)]
struct Page<T> {
    items: Vec<T>,
}

impl Team {
    /// The team of this house.
    pub(super) fn new(house: Arc<House>, clock: Arc<PlayedClock>) -> Self {
        Self { house, clock }
    }

    /// Adds the colleagues and does what they did.
    pub(super) async fn set_to_work(&self) -> Result<(), Failure> {
        let owner = self.by(OWNER);
        for (login, name, role) in PEOPLE {
            owner.post("/v1/people", &json!({ "login": login, "name": name, "role": role })).await?;
        }
        let outcome = self.do_what_was_done().await;
        self.clock.catch_up();
        outcome
    }

    async fn do_what_was_done(&self) -> Result<(), Failure> {
        talks::take_in_spam(self).await?;
        decisions::decide(self).await?;
        talks::stand(self).await?;
        talks::say(self).await?;
        customers::look_after(self).await?;
        customers::plan(self).await?;
        customers::keep_lists(self).await
    }

    /// Answers the customer whose mailbox is full, so that what did not arrive is seen as well.
    pub(super) async fn write_in_vain(&self) -> Result<(), Failure> {
        talks::write_in_vain(self).await
    }

    /// The API as a colleague uses it.
    fn by(&self, login: &'static str) -> Client {
        Client::InNameOf(self.house.clone(), login)
    }

    /// The API as a colleague uses it at a moment of the past.
    fn at(&self, login: &'static str, at: Timestamp) -> Client {
        self.clock.play(at);
        self.by(login)
    }

    /// The same, with the moment as `2026-03-01T08:00:00Z`.
    fn on(&self, login: &'static str, moment: &str) -> Result<Client, Failure> {
        Ok(self.at(login, Timestamp::parse(moment).map_err(anyhow::Error::from)?))
    }

    /// The API as nobody in particular uses it, such as a customer who answers a question.
    fn anybody(&self, at: Timestamp) -> Client {
        self.clock.play(at);
        Client::InProcess(self.house.clone())
    }
}

/// Changes something, whatever it is now: nobody else is at work yet.
async fn change_whatever(client: &Client, path: &str, change: &Json) -> Result<(), Failure> {
    let sent = Sent::json(change)?.with(header::IF_MATCH, "*");
    client.call(Method::PATCH, path, sent).await.map(|_| ())
}

/// A moment some minutes after another.
fn after(at: Timestamp, minutes: i64) -> Timestamp {
    Timestamp::from_millis(at.as_millis() + minutes * MINUTE)
}

/// So many days before now.
fn days_ago(days: i64) -> Timestamp {
    Timestamp::from_millis(moment::now().as_millis() - days * DAY)
}

/// A day that many days from today, as `2026-03-01`.
fn day_from_now(days: i64) -> String {
    moment::day(days_ago(-days))
}
