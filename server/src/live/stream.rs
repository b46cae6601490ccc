//! The live stream: what changed, as it changes, over server-sent events.
//!
//! With `?topics=` a page hears only that something it shows was touched, who else looks at it, and what
//! the person in front of it is told; without, a program hears every change.
//!
//! Every event carries its commit's number as id, so a browser that lost the line goes on where it
//! was. A stream ends after a while and when the server stops; coming again proves anew who reads.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    convert::Infallible,
    time::Duration,
};

use axum::{
    Extension,
    extract::State,
    http::HeaderMap,
    response::sse::{Event, KeepAlive, Sse},
};
use futures::{Stream, stream};
use serde::Deserialize;
use tokio::{
    sync::{broadcast, watch},
    time::Instant,
};
use whom_core::feed::{Change, Commit, FeedNumber};

use super::{Signal, Topic, presence::Present, topics::touched};
use crate::{
    api::feed::as_seen_by,
    app::AppState,
    auth::{OwnSession, Principal, is_still_known},
    http::ApiQuery,
    sight::cover_line,
};

/// How often a silent line is shown to be alive.
const ALIVE: Duration = Duration::from_secs(20);
/// How many commits are read at once.
const STEP: usize = 200;

/// How often it is looked whether somebody is gone who said nothing.
const LOOK: Duration = Duration::from_secs(10);
/// The most topics of one stream.
const TOPICS: usize = 200;
/// After how many silent commits a page is told where it stands, so that coming again is cheap.
const SILENT: u64 = 500;

/// Where the reader stands, and what it shows.
#[derive(Debug, Deserialize)]
pub(crate) struct EventsQuery {
    after: Option<FeedNumber>,
    topics: Option<String>,
}

/// What a page shows.
struct Shows {
    topics: BTreeSet<String>,
    /// Where others may look too, and who was said to.
    things: BTreeMap<Topic, Vec<Present>>,
    signals: broadcast::Receiver<Signal>,
    look: tokio::time::Interval,
}

struct Reader {
    state: AppState,
    by: Principal,
    session: Option<OwnSession>,
    after: FeedNumber,
    head: watch::Receiver<FeedNumber>,
    waiting: VecDeque<Event>,
    ends: Instant,
    shows: Option<Shows>,
    /// The number that the other side knows of.
    said: FeedNumber,
}

/// `GET /v1/events`
pub(crate) async fn events(
    State(state): State<AppState>,
    by: Principal,
    session: Option<Extension<OwnSession>>,
    ApiQuery(query): ApiQuery<EventsQuery>,
    headers: HeaderMap,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let head = state.store().feed_head();
    let last_seen = headers.get("last-event-id").and_then(|id| id.to_str().ok()?.parse().ok());
    let after = last_seen.or(query.after).unwrap_or(*head.borrow());
    let ends = Instant::now() + state.config().limits.stream;
    // The first event says where the reader stands, so that it can go on from there if nothing else comes.
    let ready =
        Event::default().event("ready").id(after.to_string()).retry(Duration::from_secs(2)).data("{}");
    let shows = query.topics.as_deref().map(|topics| Shows::new(&state, topics));
    let waiting = VecDeque::from([ready]);
    let session = session.map(|Extension(session)| session);
    let reader = Reader { state, by, session, after, head, waiting, ends, shows, said: after };
    let stream = stream::unfold(reader, |mut reader| async move {
        let event = reader.next().await?;
        Some((Ok(event), reader))
    });
    Sse::new(stream).keep_alive(KeepAlive::new().interval(ALIVE))
}

impl Reader {
    /// Whether whoever reads may go on; who cannot be asked may not.
    async fn may_go_on(&self) -> bool {
        is_still_known(&self.state, &self.by, self.session.as_ref()).await.unwrap_or(false)
    }

    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.waiting.pop_front() {
                return Some(event);
            }
            // Looked at before reading, so that a commit in between wakes the next wait.
            self.head.borrow_and_update();
            let commits = match self.state.store().feed(self.after, STEP).await {
                Ok(commits) => commits,
                Err(error) => {
                    tracing::warn!(%error, "a live stream ended because the feed could not be read");
                    return None;
                }
            };
            if let Some(last) = commits.last() {
                self.after = last.number;
                if commits.iter().any(concerns_who_may_read) && !self.may_go_on().await {
                    return None;
                }
                let seen = commits.into_iter().filter_map(|commit| as_seen_by(&self.by, commit));
                match &self.shows {
                    None => self.waiting.extend(seen.filter_map(|commit| event_of(&commit))),
                    Some(shows) => {
                        let touched: BTreeSet<String> = seen.flat_map(|commit| touched(&commit)).collect();
                        self.tell_touched(touched.intersection(&shows.topics).cloned().collect());
                    }
                }
                continue;
            }
            self.look_around();
            if !self.waiting.is_empty() {
                continue;
            }
            tokio::select! {
                () = self.state.stopping().cancelled() => return None,
                () = tokio::time::sleep_until(self.ends) => return None,
                changed = self.head.changed() => changed.ok()?,
                told = heard(self.shows.as_mut(), &self.by) => self.waiting.extend(told),
            }
        }
    }

    /// One event for a whole step: what is shown is looked up anew, however often it was touched.
    fn tell_touched(&mut self, topics: Vec<String>) {
        if !topics.is_empty() {
            self.said = self.after;
            let event = Event::default().event("touched").id(self.after.to_string());
            self.waiting.extend(event.json_data(serde_json::json!({ "topics": topics })).ok());
        } else if self.after - self.said > SILENT {
            self.said = self.after;
            self.waiting.push_back(Event::default().id(self.after.to_string()));
        }
    }

    /// Says who looks at what is shown, where that is another than was said last.
    fn look_around(&mut self) {
        let Some(shows) = &mut self.shows else { return };
        let now = self.state.now();
        for (topic, said) in &mut shows.things {
            let here = self.state.hub().presence().others(topic, self.by.login(), now);
            if here != *said {
                let event = Event::default().event("presence");
                let told = serde_json::json!({ "topic": topic.as_str(), "people": here });
                self.waiting.extend(event.json_data(told).ok());
                *said = here;
            }
        }
    }
}

impl Shows {
    fn new(state: &AppState, topics: &str) -> Self {
        let topics: Vec<Topic> =
            topics.split(',').filter_map(|topic| topic.parse().ok()).take(TOPICS).collect();
        let things = topics.iter().filter(|topic| topic.is_one_thing());
        let mut look = tokio::time::interval(LOOK);
        look.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        Self {
            things: things.map(|topic| (topic.clone(), Vec::new())).collect(),
            topics: topics.iter().map(|topic| topic.as_str().to_owned()).collect(),
            signals: state.hub().listen(),
            look,
        }
    }
}

/// Waits until a page may have something to hear besides commits.
async fn heard(shows: Option<&mut Shows>, by: &Principal) -> Option<Event> {
    let Some(shows) = shows else { return std::future::pending().await };
    tokio::select! {
        _ = shows.look.tick() => None,
        signal = shows.signals.recv() => match signal {
            Ok(Signal::Told { login, told }) if by.login() == Some(login.as_str()) => {
                Event::default().event("told").json_data(covered(told)).ok()
            }
            // Whoever missed some looks anew, as does whoever heard of presence.
            _ => None,
        },
    }
}

/// What somebody is told, without what they may not see.
fn covered(mut told: serde_json::Value) -> serde_json::Value {
    if let Some(about) = told.pointer_mut("/notice/about")
        && let Some(line) = about.as_str()
    {
        *about = cover_line(line.to_owned()).into();
    }
    told
}

/// Whether somebody may have lost the right to read by it.
fn concerns_who_may_read(commit: &Commit) -> bool {
    let concerns = |change: &Change| matches!(change, Change::DocumentChanged { kind, .. } if ["person", "key", "session"].contains(&kind.as_str()));
    commit.changes.iter().any(concerns)
}

fn event_of(commit: &Commit) -> Option<Event> {
    Event::default().event("commit").id(commit.number.to_string()).json_data(commit).ok()
}
