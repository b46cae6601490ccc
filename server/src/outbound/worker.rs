//! Working the outbox: each message to its mail server, again where it could not be taken now.
//!
//! A message is claimed, with its line on the ledger, before a connection is opened; it is marked as given before
//! its text goes over the line; and it is settled after the server's answer. What that promises, whenever this
//! process is killed or a connection breaks:
//!
//! - **No message is lost.** Until it is settled it stands in the outbox, and the next start takes it up again.
//! - **None is sent twice unmarked.** One window is left, as SMTP has it: a server was given the whole message and
//!   its answer was never written down. Such a message is sent again, with the same `Message-ID` by which mailboxes
//!   know it, and says from then on that it may have arrived twice. One whose text had not begun to go over the
//!   line is sent once.

use std::{collections::BTreeSet, time::Duration};

use tokio::{task::JoinSet, time::timeout};
use whom_core::{
    model::{EntryId, Timestamp},
    store::StoreError,
};

use super::{
    channel::MailChannels,
    compose::with_picture,
    delivery::{Along, Delivery, Missed, Place, Stage, change},
    ledger,
    smtp::{Accepted, Envelope, Failure, Session, SmtpTimes},
    viewed,
};
use crate::{app::AppState, documents};

/// How many places are looked at in one go.
const LOOKED_AT: usize = 64;

/// The longest sleep when nothing rings: a clock that was set, or a due time that was missed.
const LONGEST_SLEEP: Duration = Duration::from_secs(5);

/// How long messages under way may take when the server stops.
const GRACE: Duration = Duration::from_secs(20);

/// How messages leave.
#[derive(Clone, Debug)]
pub struct OutboxTerms {
    /// How many are handed over at once.
    pub connections: usize,
    /// How long a mail server may take.
    pub times: SmtpTimes,
    /// The waits before a message is tried again; the last one repeats.
    pub waits: Vec<Duration>,
    /// After how long nothing is tried any more.
    pub give_up: Duration,
}

impl Default for OutboxTerms {
    fn default() -> Self {
        let minutes = |minutes: u64| Duration::from_secs(minutes * 60);
        Self {
            connections: 4,
            times: SmtpTimes::default(),
            waits: [1, 5, 15, 60, 180, 360].map(minutes).to_vec(),
            give_up: minutes(2 * 24 * 60),
        }
    }
}

/// Sends what waits in the outbox until the server stops. Only one may run for a store.
pub struct Outbox {
    state: AppState,
}

impl Outbox {
    /// A worker of this application's outbox.
    pub fn new(state: AppState) -> Self {
        Self { state }
    }

    /// Works until the server stops; what is being handed over then is finished.
    pub async fn run(self) {
        let stopping = self.state.stopping().clone();
        let mut under_way: JoinSet<String> = JoinSet::new();
        let mut keys: BTreeSet<String> = BTreeSet::new();
        loop {
            let sleep = match self.begin(&mut under_way, &mut keys).await {
                Ok(sleep) => sleep,
                Err(error) => {
                    tracing::warn!(%error, "the outbox cannot be read; it is tried again");
                    LONGEST_SLEEP
                }
            };
            tokio::select! {
                () = stopping.cancelled() => break,
                () = self.state.outbox_bell().notified() => {}
                () = tokio::time::sleep(sleep) => {}
                Some(done) = under_way.join_next(), if !under_way.is_empty() => match done {
                    Ok(key) => drop(keys.remove(&key)),
                    // Nothing says whose it was: with nobody under way nothing can be forgotten.
                    Err(error) => {
                        tracing::error!(%error, "sending a message failed in a way that was not foreseen");
                        while under_way.join_next().await.is_some() {}
                        keys.clear();
                    }
                },
            }
        }
        let finished = async { while under_way.join_next().await.is_some() {} };
        if timeout(GRACE, finished).await.is_err() {
            tracing::warn!(
                "messages that were being handed over were cut off; they are sent at the next start"
            );
        }
    }

    /// Begins what is due, as far as there is room; gives how long nothing else will be.
    async fn begin(
        &self,
        under_way: &mut JoinSet<String>,
        keys: &mut BTreeSet<String>,
    ) -> Result<Duration, StoreError> {
        let now = self.state.now();
        let connections = self.state.config().outbox.connections;
        let places = documents::list::<Place>(self.state.store(), None, LOOKED_AT).await?;
        for (place, Place { key }) in places {
            let Some(due) = due_of(&place) else { break };
            let wait = due.as_millis().saturating_sub(now.as_millis());
            if wait > 0 {
                let wait = Duration::from_millis(wait.unsigned_abs());
                return Ok(wait.clamp(Duration::from_millis(10), LONGEST_SLEEP));
            }
            if keys.contains(&key) {
                continue;
            }
            if under_way.len() >= connections {
                break;
            }
            keys.insert(key.clone());
            let state = self.state.clone();
            under_way.spawn(async move {
                send(&state, &key, &place).await;
                key
            });
        }
        Ok(LONGEST_SLEEP)
    }
}

/// When a place is due; nothing for those that wait for somebody.
pub(super) fn due_of(place: &str) -> Option<Timestamp> {
    let (due, _) = place.split_once('-')?;
    Some(Timestamp::from_millis(i64::from_str_radix(due, 16).ok()?))
}

/// Takes one message as far as it comes. What fails in the store is tried again by the next look.
async fn send(state: &AppState, key: &str, place: &str) {
    match claim(state, key, place).await {
        Ok(Some(claimed)) => {
            let outcome = hand_over(state, key, &claimed).await;
            settle(state, key, outcome).await;
        }
        Ok(None) => {}
        Err(error) => {
            tracing::warn!(%error, message = key, "a message could not be claimed for sending; it is tried again");
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    }
}

/// What is to leave, and where to.
struct Claimed {
    delivery: Delivery,
    channels: MailChannels,
}

/// Marks a message as leaving and writes its line on the ledger, in one commit.
async fn claim(state: &AppState, key: &str, place: &str) -> Result<Option<Claimed>, StoreError> {
    let (store, now) = (state.store(), state.now());
    let channels = MailChannels::load(store).await?;
    let Some(delivery) = documents::get::<Delivery>(store, key).await? else {
        // Its customer was erased, and the message with them.
        documents::change(store, place, now, |_: Option<Place>| (documents::Fate::Remove, ())).await?;
        return Ok(None);
    };
    let Some(channel) = channels.channel(&delivery.channel) else {
        let words = "the channel it was to leave through was removed";
        fail(state, key, words).await?;
        return Ok(None);
    };
    let profile = match delivery.contact {
        Some(contact) => store.contacts(&[contact]).await?.pop().flatten().map(|contact| contact.profile),
        None => None,
    };
    let tells_views = delivery.token.is_some();
    let line = ledger::line(now, &channel.terms.host, profile, &delivery.rule, tells_views);
    let along = Along { writes: vec![ledger::write(&line)?] };
    let claimed = change(store, key, now, along, |known| {
        // Taken back, cancelled or settled since the look at the outbox.
        let still_waits = known.stage == Stage::Queued && known.place(key).as_deref() == Some(place);
        still_waits.then(|| Delivery {
            is_leaving: true,
            // Whoever gave it to a server and did not live to hear the answer left this behind.
            perhaps_twice: known.perhaps_twice || known.is_given,
            is_given: false,
            attempts: known.attempts + 1,
            ..known
        })
    })
    .await?;
    if claimed.is_none() {
        let known = documents::get::<Delivery>(store, key).await?;
        if known.and_then(|known| known.place(key)).as_deref() != Some(place) {
            documents::change(store, place, now, |_: Option<Place>| (documents::Fate::Remove, ())).await?;
        }
    }
    Ok(claimed.map(|delivery| Claimed { delivery, channels }))
}

/// What came of handing a message over.
enum Outcome {
    Taken(Accepted),
    Failed(Failure),
    /// There is nothing to send any more.
    Gone,
    Unreadable(StoreError),
}

async fn hand_over(state: &AppState, key: &str, claimed: &Claimed) -> Outcome {
    let Claimed { delivery, channels } = claimed;
    let Some(channel) = channels.channel(&delivery.channel) else { return Outcome::Gone };
    let Ok(entry) = key.parse::<EntryId>() else { return Outcome::Gone };
    let message = match state.store().body(entry).await {
        Ok(Some(body)) => body.bytes,
        Ok(None) => return Outcome::Gone,
        Err(error) => return Outcome::Unreadable(error),
    };
    let picture = viewed::address(state, key, delivery);
    let message = with_picture(&message, picture.as_deref());
    let envelope = Envelope { from: delivery.from.clone(), to: delivery.waiting.clone() };
    let times = state.config().outbox.times;
    let announcing = async {
        let mut session = Session::open(&channel.terms.server(), times).await?;
        let refused = session.announce(&envelope, &message).await?;
        Ok((session, refused))
    };
    let (mut session, refused) = match announcing.await {
        Ok(announced) => announced,
        Err(failure) => return Outcome::Failed(failure),
    };
    // From here on nobody knows whether it was taken until the answer is written down.
    let now = state.now();
    let given = change(state.store(), key, now, Along::default(), |known| {
        known.is_leaving.then_some(Delivery { is_given: true, ..known })
    });
    match given.await {
        Ok(Some(_)) => {}
        Ok(None) => return Outcome::Gone,
        Err(error) => return Outcome::Unreadable(error),
    }
    match session.give(&message).await {
        Ok(words) => {
            tokio::spawn(session.quit());
            Outcome::Taken(Accepted { words, refused })
        }
        Err(failure) => Outcome::Failed(failure),
    }
}

/// Writes down what came of it, until that has worked: a message that was taken must not be sent again
/// because the store was busy.
async fn settle(state: &AppState, key: &str, outcome: Outcome) {
    loop {
        let (now, terms) = (state.now(), &state.config().outbox);
        let settled = change(state.store(), key, now, Along::default(), |delivery| {
            Some(settled(delivery, &outcome, terms, now))
        });
        match settled.await {
            Ok(settled) => {
                if let Some(delivery) = settled.filter(|delivery| delivery.stage == Stage::Error) {
                    tracing::warn!(
                        message = key,
                        attempts = delivery.attempts,
                        "a message could not be delivered"
                    );
                }
                return;
            }
            Err(error) => {
                tracing::error!(%error, message = key, "what became of a message cannot be written down; it is tried again");
                if matches!(error, StoreError::Closed) {
                    return;
                }
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
    }
}

/// Where a message stands after an outcome.
fn settled(delivery: Delivery, outcome: &Outcome, terms: &OutboxTerms, now: Timestamp) -> Delivery {
    match outcome {
        Outcome::Taken(accepted) => {
            let refused = |address: &String| accepted.refused.iter().find(|one| one.address == *address);
            let later = |address: &String| refused(address).is_some_and(|one| !one.is_final);
            let waiting: Vec<String> = delivery.waiting.iter().filter(|one| later(one)).cloned().collect();
            let mut missed = delivery.missed.clone();
            missed.extend(
                accepted
                    .refused
                    .iter()
                    .filter(|one| one.is_final)
                    .map(|one| Missed { address: one.address.clone(), words: one.words.clone() }),
            );
            let delivery = Delivery { waiting, missed, sent: Some(now), ..delivery };
            if !delivery.waiting.is_empty() {
                let words = accepted.refused.iter().find(|one| !one.is_final).map(|one| one.words.clone());
                return again(delivery, words.unwrap_or_default(), terms, now);
            }
            match delivery.missed.first() {
                None => delivery.at(Stage::Sent, now, accepted.words.clone()),
                Some(first) => {
                    let words = first.words.clone();
                    delivery.at(Stage::Error, now, words)
                }
            }
        }
        Outcome::Failed(failure) if failure.is_final => {
            let words = failure.words.clone();
            let missed = delivery
                .waiting
                .iter()
                .map(|address| Missed { address: address.clone(), words: words.clone() });
            let missed = delivery.missed.iter().cloned().chain(missed).collect();
            Delivery { missed, ..delivery }.at(Stage::Error, now, words)
        }
        Outcome::Failed(failure) => {
            let perhaps_twice = delivery.perhaps_twice || failure.may_be_taken;
            again(Delivery { perhaps_twice, ..delivery }, failure.to_string(), terms, now)
        }
        Outcome::Unreadable(error) => {
            again(delivery, format!("the message could not be read: {error}"), terms, now)
        }
        Outcome::Gone => {
            let words = "there is nothing to send any more";
            Delivery { waiting: Vec::new(), ..delivery }.at(Stage::Error, now, words)
        }
    }
}

/// Puts a message off, or gives it up.
fn again(delivery: Delivery, words: String, terms: &OutboxTerms, now: Timestamp) -> Delivery {
    let at = usize::try_from(delivery.attempts.saturating_sub(1)).unwrap_or(usize::MAX);
    let wait = terms.waits.get(at).or(terms.waits.last()).copied().unwrap_or(Duration::from_secs(60));
    let millis = |time: Duration| i64::try_from(time.as_millis()).unwrap_or(i64::MAX / 4);
    let due = Timestamp::from_millis(now.as_millis().saturating_add(millis(wait)));
    if due.as_millis() - delivery.begun.as_millis() > millis(terms.give_up) {
        return delivery.at(Stage::Error, now, format!("given up after {} attempts: {words}", at + 1));
    }
    Delivery { due, ..delivery.at(Stage::Queued, now, words) }
}

async fn fail(state: &AppState, key: &str, words: &str) -> Result<(), StoreError> {
    let now = state.now();
    let failing = change(state.store(), key, now, Along::default(), |known| {
        (known.stage == Stage::Queued).then(|| known.at(Stage::Error, now, words))
    });
    failing.await.map(drop)
}
