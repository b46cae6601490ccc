//! Tasks that become due are told to whoever is to do them, once.
//!
//! The worker keeps the moment up to which it has told. At each look it reads, for each person, what became
//! due since: a range of keys, so that it costs the same however many tasks there are. A task of a day is
//! due on its morning, where its person is.

use std::time::Duration;

use jiff::{civil, tz::TimeZone};
use serde::{Deserialize, Serialize};
use whom_core::{
    engine::EngineError,
    model::{Due, Task, Timestamp},
    store::{DocumentKind, StoreError},
};

use super::{Notice, Sort, tell, watch::NEWS_DAYS};
use crate::{
    app::AppState,
    auth::{Person, people},
    documents::{self, Stored},
};

/// The document that says up to when it was told.
const READER: &str = "due-tasks";
/// How often it is looked.
const LOOK: Duration = Duration::from_secs(15);
/// After how long it is written down up to when it was told, where nothing was; in milliseconds.
const STRIDE: i64 = 10 * 60_000;
/// The hour at which what is due on a day is told.
const MORNING: i8 = 8;
/// How many people are read at a time.
const PEOPLE: usize = 200;
/// The length of a day, in milliseconds.
const DAY: i64 = 24 * 3_600_000;

/// Up to when it was told.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Position {
    until: Timestamp,
}

impl Stored for Position {
    const KIND: DocumentKind = DocumentKind::Reader;
}

/// Looks until the server stops.
pub(crate) async fn run(state: AppState) {
    let mut until = None;
    loop {
        match look(&state, until).await {
            Ok(told) => until = Some(told),
            Err(error) => tracing::warn!(%error, "due tasks cannot be read; they are looked for again"),
        }
        tokio::select! {
            () = state.stopping().cancelled() => return,
            () = tokio::time::sleep(LOOK) => {}
        }
    }
}

/// Tells what became due since `until`; gives up to when it has told now. The first time ever, nothing is news.
pub(super) async fn look(state: &AppState, until: Option<Timestamp>) -> Result<Timestamp, EngineError> {
    let (store, now) = (state.store(), state.now());
    let kept = documents::get::<Position>(store, READER).await?.map(|position| position.until);
    let Some(until) = until.or(kept) else {
        keep(state, now).await?;
        return Ok(now);
    };
    // A clock that was set back tells nothing twice; a server that was off for long does not tell of the years.
    let since = until.max(Timestamp::from_millis(now.as_millis() - NEWS_DAYS * DAY));
    if since >= now {
        return Ok(until);
    }
    let mut told = 0;
    let mut after: Option<String> = None;
    loop {
        let page = people::list(store, after.as_deref(), PEOPLE).await?;
        for person in page.iter().filter(|person| !person.disabled) {
            for task in became_due(state, person, since, now).await? {
                tell(state, &person.login, notice(&task, now)).await?;
                told += 1;
            }
        }
        match page.last() {
            Some(last) if page.len() == PEOPLE => after = Some(last.login.clone()),
            _ => break,
        }
    }
    // Writing it down is a commit itself. What was told since is told again after a crash, and kept once.
    if told > 0 || kept.is_none_or(|kept| now.as_millis() - kept.as_millis() >= STRIDE) {
        keep(state, now).await?;
    }
    Ok(now)
}

async fn keep(state: &AppState, until: Timestamp) -> Result<(), StoreError> {
    documents::put(state.store(), READER, state.now(), &Position { until }).await
}

/// The open tasks of somebody that became due after `since`, up to `now`.
async fn became_due(
    state: &AppState,
    person: &Person,
    since: Timestamp,
    now: Timestamp,
) -> Result<Vec<Task>, EngineError> {
    let engine = state.engine();
    // Moments stand to the minute.
    let minute = |at: Timestamp| at.as_millis().div_euclid(60_000);
    let text = |minute: i64| Timestamp::from_millis(minute * 60_000).to_string();
    let mut tasks = Vec::new();
    if minute(now) > minute(since) {
        let found = engine.tasks_due(&person.login, &text(minute(since) + 1), &text(minute(now))).await?;
        tasks.extend(found.into_iter().filter(|task| task.due.as_ref().is_some_and(|due| !due.is_day())));
    }
    let zone = person.zone.as_deref().and_then(|name| TimeZone::get(name).ok()).unwrap_or(TimeZone::UTC);
    for day in mornings(&zone, since, now) {
        let day = day.to_string();
        let found = engine.tasks_due(&person.login, &day, &day).await?;
        tasks.extend(found.into_iter().filter(|task| task.due.as_ref().is_some_and(Due::is_day)));
    }
    Ok(tasks)
}

/// The days whose morning came after `since`, up to `now`.
fn mornings(zone: &TimeZone, since: Timestamp, now: Timestamp) -> Vec<civil::Date> {
    let local = |at: Timestamp| {
        zone.to_datetime(jiff::Timestamp::from_millisecond(at.as_millis()).unwrap_or_default()).date()
    };
    let came = |day: &civil::Date| {
        let morning = zone.to_timestamp(day.at(MORNING, 0, 0, 0));
        morning.is_ok_and(|at| (since.as_millis() + 1..=now.as_millis()).contains(&at.as_millisecond()))
    };
    let mut days = vec![local(since)];
    while let Some(next) = days.last().and_then(|day| day.tomorrow().ok()).filter(|day| *day <= local(now)) {
        days.push(next);
    }
    days.retain(came);
    days
}

fn notice(task: &Task, now: Timestamp) -> Notice {
    let due = task.due.as_ref().map(ToString::to_string).unwrap_or_default();
    Notice {
        id: format!("{}:{}:{due}", Sort::Due.as_str(), task.id),
        at: task.due.as_ref().and_then(Due::moment).unwrap_or(now),
        sort: Sort::Due,
        about: task.title.clone(),
        by: None,
        link: format!("/tasks/{}", task.id),
        read: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_on_its_morning_where_somebody_is() {
        let at = |text: &str| Timestamp::parse(text).unwrap();
        let check = |zone: &str, since: &str, now: &str, expected: &[&str]| {
            let zone = TimeZone::get(zone).unwrap();
            let days: Vec<String> =
                mornings(&zone, at(since), at(now)).iter().map(ToString::to_string).collect();
            assert_eq!(days, expected, "{since} {now}");
        };
        check("Europe/Berlin", "2026-03-01T06:59:00Z", "2026-03-01T07:00:00Z", &["2026-03-01"]);
        check("Europe/Berlin", "2026-03-01T07:00:00Z", "2026-03-02T06:59:59Z", &[]);
        check("Asia/Tokyo", "2026-03-01T20:00:00Z", "2026-03-01T23:00:00Z", &["2026-03-02"]);
        check(
            "UTC",
            "2026-03-01T07:00:00Z",
            "2026-03-03T09:00:00Z",
            &["2026-03-01", "2026-03-02", "2026-03-03"],
        );
    }
}
