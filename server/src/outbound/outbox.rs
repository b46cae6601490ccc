//! What can be done with messages in the outbox: look, take back, try again, give up.

use serde::Serialize;
use whom_core::{
    model::{EntryId, Timestamp},
    store::StoreError,
};

use super::{
    delivery::{Along, Delivery, DeliveryShown, Place, Stage, change},
    worker::due_of,
};
use crate::{app::AppState, documents, problem::Problem};

/// One message in the outbox.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Waiting {
    /// Its id, by which it is tried again or given up: that of its entry.
    pub(crate) id: String,
    /// The channel it leaves through.
    pub(crate) channel: String,
    /// When it was put there.
    pub(crate) begun: Timestamp,
    #[serde(flatten)]
    pub(crate) delivery: DeliveryShown,
}

/// The outbox: what leaves next first, what waits for somebody last. Gives the place where the next page begins.
pub(crate) async fn list(
    state: &AppState,
    after: Option<&str>,
    limit: usize,
) -> Result<(Vec<Waiting>, Option<String>), StoreError> {
    let places = documents::list::<Place>(state.store(), after, limit).await?;
    let next = places.last().filter(|_| places.len() == limit).map(|(place, _)| place.clone());
    let mut waiting = Vec::new();
    for (_, Place { key }) in places {
        if let Some(delivery) = documents::get::<Delivery>(state.store(), &key).await? {
            let (channel, begun) = (delivery.channel.clone(), delivery.begun);
            waiting.push(Waiting { id: key, channel, begun, delivery: delivery.into() });
        }
    }
    Ok((waiting, next))
}

/// How many messages wait to leave, and how many wait for somebody; both up to `limit`.
pub(crate) async fn counts(state: &AppState, limit: usize) -> Result<(usize, usize), StoreError> {
    let places = documents::list::<Place>(state.store(), None, limit).await?;
    let queued = places.iter().filter(|(place, _)| due_of(place).is_some()).count();
    Ok((queued, places.len() - queued))
}

/// Takes a message back that has not left yet.
pub(crate) async fn recall(state: &AppState, entry: EntryId) -> Result<DeliveryShown, Problem> {
    let key = entry.to_string();
    let known = known(state, &key).await?;
    let now = state.now();
    let recalled = change(state.store(), &key, now, Along::default(), |known| {
        let can = known.stage == Stage::Queued && !known.is_leaving && known.waiting.len() == known.to.len();
        can.then(|| Delivery { waiting: Vec::new(), ..known }.at(Stage::Recalled, now, String::new()))
    });
    match recalled.await? {
        Some(delivery) => Ok(delivery.into()),
        None if known.stage == Stage::Recalled => Ok(known.into()),
        None => Err(Problem::conflict("it has left already: what left cannot be taken back")),
    }
}

/// Tries a message again now that did not arrive, at those it did not reach.
pub(crate) async fn retry(state: &AppState, entry: EntryId) -> Result<DeliveryShown, Problem> {
    retry_key(state, &entry.to_string()).await
}

/// The same, by the name that the outbox lists it under.
pub(super) async fn retry_key(state: &AppState, key: &str) -> Result<DeliveryShown, Problem> {
    known(state, key).await?;
    let now = state.now();
    let again = change(state.store(), key, now, Along::default(), |known| {
        let mut waiting = known.waiting.clone();
        for missed in &known.missed {
            if !waiting.contains(&missed.address) {
                waiting.push(missed.address.clone());
            }
        }
        let is_late = known.stage == Stage::Queued && !known.is_leaving;
        let can = (known.stage == Stage::Error || is_late) && !waiting.is_empty();
        can.then(|| {
            let known = Delivery { waiting, missed: Vec::new(), begun: now, due: now, attempts: 0, ..known };
            known.at(Stage::Queued, now, String::new())
        })
    });
    let again = again.await?;
    state.outbox_bell().notify_one();
    again.map(DeliveryShown::from).ok_or_else(|| Problem::conflict("it does not wait for another try"))
}

/// Gives a message up: one that waits is taken back, one that failed stays failed and leaves the outbox.
pub(crate) async fn cancel(state: &AppState, key: &str) -> Result<DeliveryShown, Problem> {
    known(state, key).await?;
    let now = state.now();
    let given_up = change(state.store(), key, now, Along::default(), |known| {
        if known.is_leaving || known.waiting.is_empty() {
            return None;
        }
        let reached_nobody = known.waiting.len() == known.to.len();
        let given_up = Delivery { waiting: Vec::new(), ..known };
        match given_up.stage {
            Stage::Queued if reached_nobody => Some(given_up.at(Stage::Recalled, now, String::new())),
            Stage::Queued => {
                let words = format!("given up for some of its recipients: {}", given_up.words);
                Some(given_up.at(Stage::Error, now, words))
            }
            Stage::Error => Some(given_up),
            _ => None,
        }
    });
    let given_up = given_up.await?;
    given_up.map(DeliveryShown::from).ok_or_else(|| Problem::conflict("it does not wait in the outbox"))
}

async fn known(state: &AppState, key: &str) -> Result<Delivery, Problem> {
    let known = if key.len() <= 80 { documents::get::<Delivery>(state.store(), key).await? } else { None };
    known.ok_or_else(|| Problem::not_found("there is no such message of ours"))
}
