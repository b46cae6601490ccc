//! How a message goes out: one document for each, and its place in the outbox.
//!
//! Every change reads the delivery and writes it with the version it read. Its place in the outbox follows
//! from it and is written in the same commit, so the two never disagree, whoever comes between.

use serde::{Deserialize, Serialize};
use whom_core::{
    feed::Change,
    model::{ContactId, EntryId, IdentifierKind, Timestamp},
    store::{ChangeSet, DocumentKind, SharedStore, StoreError, Subject, Write},
    view::{Seen, masked_identifier},
};

use crate::{
    asking::Asking,
    documents::{self, Stored},
};

/// How often a change is tried against others that come between.
const TRIES: usize = 50;

/// Before the place of a message that waits for somebody: behind everything that has a time.
const DEAD: char = 'x';

/// Where a message stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Stage {
    /// It waits for its time.
    Queued,
    /// The mail server has taken it.
    Sent,
    /// It did not arrive, or not at everybody.
    Error,
    /// It was taken back before it left.
    Recalled,
}

/// Whom a message did not reach.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Missed {
    pub(crate) address: String,
    pub(crate) words: String,
}

/// How one message goes out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Delivery {
    /// The contact it is recorded under.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) contact: Option<ContactId>,
    /// The channel it leaves through.
    pub(crate) channel: String,
    /// The address it is from, as the mail server is told.
    pub(crate) from: String,
    /// Everybody it goes to.
    pub(crate) to: Vec<String>,
    /// Those for whom no mail server has taken it yet.
    pub(crate) waiting: Vec<String>,
    /// Those it did not reach.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) missed: Vec<Missed>,
    pub(crate) stage: Stage,
    /// Since when it stands there.
    pub(crate) since: Timestamp,
    /// When it was put into the outbox, the last time.
    pub(crate) begun: Timestamp,
    /// When it may leave.
    pub(crate) due: Timestamp,
    /// How often that was tried.
    #[serde(default)]
    pub(crate) attempts: u32,
    /// What was said last: of a problem, of an error, by the server that took it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) words: String,
    /// Whether it is being handed over, so that it can no longer be taken back.
    #[serde(default)]
    pub(crate) is_leaving: bool,
    /// Whether the message itself is being given to the server: until that is settled nobody knows whether it was taken.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) is_given: bool,
    /// Whether it was given to a server once whose answer was never heard, and then again: it may arrive twice.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) perhaps_twice: bool,
    /// When a mail server took it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) sent: Option<Timestamp>,
    /// What tells the picture's address from others, where the message holds one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) token: Option<String>,
    /// When it was looked at first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) viewed: Option<Timestamp>,
    /// Why it leaves, for the ledger.
    pub(crate) rule: String,
}

impl Stored for Delivery {
    const KIND: DocumentKind = DocumentKind::Delivery;
}

/// A place in the outbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Place {
    /// The delivery.
    pub(super) key: String,
}

impl Stored for Place {
    const KIND: DocumentKind = DocumentKind::Outbox;
}

impl Delivery {
    /// The id of its place in the outbox: what is due first stands first, what waits for somebody last.
    pub(super) fn place(&self, key: &str) -> Option<String> {
        match self.stage {
            Stage::Queued => Some(format!("{:016x}-{key}", self.due.as_millis())),
            Stage::Error if !self.waiting.is_empty() => {
                Some(format!("{DEAD}{:016x}-{key}", self.since.as_millis()))
            }
            _ => None,
        }
    }

    /// Moves on to another stage.
    pub(super) fn at(self, stage: Stage, since: Timestamp, words: impl Into<String>) -> Self {
        Self { stage, since, words: words.into(), is_leaving: false, is_given: false, ..self }
    }

    /// The rows of a delivery that was not there before.
    pub(super) fn first_rows(&self, key: &str) -> Result<Vec<Write>, StoreError> {
        let mut rows = vec![Write::Document(documents::new_row(key, self)?)];
        if let Some(place) = self.place(key) {
            let row = documents::new_row(&place, &Place { key: key.to_owned() })?;
            rows.push(Write::Document(row));
        }
        Ok(rows)
    }
}

/// What is written along with a delivery.
#[derive(Default)]
pub(super) struct Along {
    pub(super) writes: Vec<Write>,
}

/// Changes a delivery in one step; `decide` leaves it as it is by answering nothing. Gives what it was
/// changed to.
pub(super) async fn change(
    store: &SharedStore,
    key: &str,
    now: Timestamp,
    along: Along,
    mut decide: impl FnMut(Delivery) -> Option<Delivery> + Send,
) -> Result<Option<Delivery>, StoreError> {
    let mut tried = 0;
    loop {
        let Some(row) = store.document(DocumentKind::Delivery, key).await? else { return Ok(None) };
        let known: Delivery = documents::read(&row)?;
        let before = known.place(key);
        let Some(new) = decide(known) else { return Ok(None) };
        let mut changes = ChangeSet::at(now);
        changes.expect(Subject::Document(DocumentKind::Delivery, key.to_owned()), row.version);
        changes.writes.push(Write::Document(documents::row(key, &new, row.version + 1)?));
        let after = new.place(key);
        if before != after {
            changes.writes.extend(before.map(|place| Write::RemoveDocument(DocumentKind::Outbox, place)));
            if let Some(place) = after {
                let row = documents::new_row(&place, &Place { key: key.to_owned() })?;
                changes.writes.push(Write::Document(row));
            }
        }
        changes.writes.extend(along.writes.iter().cloned());
        changes.changes.extend(told(store, key, &new).await?);
        tried += 1;
        match store.commit(changes).await {
            Ok(_) => return Ok(Some(new)),
            Err(StoreError::Conflict { .. }) if tried < TRIES => {}
            Err(error) => return Err(error),
        }
    }
}

/// Whom the feed tells about it: the profile its contact belongs to now.
async fn told(store: &SharedStore, key: &str, delivery: &Delivery) -> Result<Option<Change>, StoreError> {
    let Some(contact) = delivery.contact else { return Ok(None) };
    let contact = store.contacts(&[contact]).await?.pop().flatten();
    Ok(contact.map(|contact| record_changed(contact.profile, key)))
}

/// What the feed says of a delivery.
pub(super) fn record_changed(profile: whom_core::model::ProfileId, key: &str) -> Change {
    Change::RecordChanged { profile, kind: "delivery".to_owned(), id: key.to_owned() }
}

/// How a message stands, for pages and programs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct DeliveryShown {
    /// In a word.
    pub(crate) state: DeliveryState,
    /// Since when.
    pub(crate) since: Timestamp,
    /// The mail server's words, of an error or of what is in the way.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) words: String,
    /// Everybody it goes to, hidden copies as well.
    pub(crate) to: Vec<String>,
    /// Whom it did not reach, and why.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) missed: Vec<Missed>,
    /// When it leaves, or is tried again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) due: Option<Timestamp>,
    /// How often that was tried.
    pub(crate) attempts: u32,
    /// Whether it may arrive twice: a server took it or did not, and its answer was never heard.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) perhaps_twice: bool,
    /// Whether it can still be taken back.
    pub(crate) can_recall: bool,
    /// Whether it can be tried again.
    pub(crate) can_retry: bool,
}

/// How a message stands, in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DeliveryState {
    /// It waits to leave.
    Queued,
    /// The mail server has taken it.
    Sent,
    /// It was looked at.
    Viewed,
    /// It was sent with a picture, and nobody has looked at it yet.
    NotViewed,
    /// It did not arrive.
    Error,
    /// It was taken back.
    Recalled,
}

/// Since when a message counts as not delivered; nothing where it does not.
pub(crate) async fn failed_since(store: &SharedStore, key: &str) -> Result<Option<Timestamp>, StoreError> {
    let known = documents::get::<Delivery>(store, key).await?;
    Ok(known.filter(|known| known.stage == Stage::Error).map(|known| known.since))
}

/// Takes out of a delivery the addresses that whoever asks does not see, in the server's words as well.
fn covered(mut delivery: Delivery) -> Delivery {
    let seen = Asking::sight().map_or(Seen::Full, |sight| sight.of_kind(&IdentifierKind::EMAIL));
    if seen == Seen::Full {
        return delivery;
    }
    let cover = |address: &str| match seen {
        Seen::Masked => masked_identifier(&IdentifierKind::EMAIL, address),
        _ => "•••".to_owned(),
    };
    let addresses: Vec<String> = delivery.to.clone();
    let plain = |words: &str| {
        addresses.iter().fold(words.to_owned(), |words, address| {
            let folded = words.replace(&address.to_lowercase(), &cover(address));
            folded.replace(address.as_str(), &cover(address))
        })
    };
    delivery.words = plain(&delivery.words);
    for missed in &mut delivery.missed {
        missed.words = plain(&missed.words);
        missed.address = cover(&missed.address);
    }
    delivery.to = addresses.iter().map(|address| cover(address)).collect();
    delivery
}

impl From<Delivery> for DeliveryShown {
    fn from(delivery: Delivery) -> Self {
        let delivery = covered(delivery);
        let state = match (delivery.stage, delivery.viewed, &delivery.token) {
            (Stage::Queued, ..) => DeliveryState::Queued,
            (Stage::Error, ..) => DeliveryState::Error,
            (Stage::Recalled, ..) => DeliveryState::Recalled,
            (Stage::Sent, Some(_), _) => DeliveryState::Viewed,
            (Stage::Sent, None, Some(_)) => DeliveryState::NotViewed,
            (Stage::Sent, None, None) => DeliveryState::Sent,
        };
        let is_queued = delivery.stage == Stage::Queued;
        Self {
            state,
            since: delivery.viewed.filter(|_| state == DeliveryState::Viewed).unwrap_or(delivery.since),
            can_recall: is_queued && !delivery.is_leaving && delivery.waiting.len() == delivery.to.len(),
            can_retry: delivery.stage == Stage::Error,
            perhaps_twice: delivery.perhaps_twice,
            due: is_queued.then_some(delivery.due),
            words: delivery.words,
            to: delivery.to,
            missed: delivery.missed,
            attempts: delivery.attempts,
        }
    }
}

/// How these messages stand, in the order asked for: what a page of a timeline shows beside its messages.
pub(crate) async fn deliveries(
    store: &SharedStore,
    entries: &[EntryId],
) -> Result<Vec<Option<DeliveryShown>>, StoreError> {
    let reading =
        entries.iter().map(async |entry| documents::get::<Delivery>(store, &entry.to_string()).await);
    let read = futures::future::try_join_all(reading).await?;
    Ok(read.into_iter().map(|delivery| delivery.map(DeliveryShown::from)).collect())
}
