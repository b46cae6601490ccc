//! The live stream: what changed, as it changes, over server-sent events.
//!
//! Every event carries its commit's number as id, so a browser that lost the line goes on where it
//! was. A stream ends after a while and when the server stops; coming again proves anew who reads.

use std::{collections::VecDeque, convert::Infallible, time::Duration};

use axum::{
    Extension,
    extract::State,
    http::HeaderMap,
    response::sse::{Event, KeepAlive, Sse},
};
use futures::{Stream, stream};
use serde::Deserialize;
use tokio::{sync::watch, time::Instant};
use whom_core::feed::{Change, Commit, FeedNumber};

use crate::{
    api::feed::as_seen_by,
    app::AppState,
    auth::{OwnSession, Principal, is_still_known},
    http::ApiQuery,
};

/// How often a silent line is shown to be alive.
const ALIVE: Duration = Duration::from_secs(20);
/// How many commits are read at once.
const STEP: usize = 200;

/// Where the reader stands.
#[derive(Debug, Deserialize)]
pub(crate) struct EventsQuery {
    after: Option<FeedNumber>,
}

struct Reader {
    state: AppState,
    by: Principal,
    session: Option<OwnSession>,
    after: FeedNumber,
    head: watch::Receiver<FeedNumber>,
    waiting: VecDeque<Event>,
    ends: Instant,
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
    let session = session.map(|Extension(session)| session);
    let reader = Reader { state, by, session, after, head, waiting: VecDeque::from([ready]), ends };
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
                self.waiting.extend(seen.filter_map(|commit| event_of(&commit)));
                continue;
            }
            tokio::select! {
                () = self.state.stopping().cancelled() => return None,
                () = tokio::time::sleep_until(self.ends) => return None,
                changed = self.head.changed() => changed.ok()?,
            }
        }
    }
}

/// Whether somebody may have lost the right to read by it.
fn concerns_who_may_read(commit: &Commit) -> bool {
    let concerns = |change: &Change| matches!(change, Change::DocumentChanged { kind, .. } if ["person", "key", "session"].contains(&kind.as_str()));
    commit.changes.iter().any(concerns)
}

fn event_of(commit: &Commit) -> Option<Event> {
    Event::default().event("commit").id(commit.number.to_string()).json_data(commit).ok()
}
