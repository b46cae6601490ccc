//! What somebody is told: a conversation that is theirs now, an answer, a mention, something that is finished.
//!
//! Each person has one document with their latest notices, bounded and read or unread. One worker reads the
//! feed and tells what concerns somebody, another watches the clock for tasks that become due; other parts
//! tell with [`tell`].

mod api;
mod kept;

mod records;
mod watch;

mod due;

pub(crate) use api::routes;
pub(crate) use due::run as watch_tasks;
pub(crate) use kept::{Notice, Sort, mark_read, notices_of, set_opens, tell};
pub(crate) use watch::run;

/// Reads the feed from a number on, as the worker does.
#[cfg(test)]
pub(crate) async fn read_for_tests(
    state: &crate::AppState,
    after: Option<whom_core::feed::FeedNumber>,
) -> whom_core::feed::FeedNumber {
    watch::read(state, after).await.unwrap()
}

#[cfg(test)]
mod tests;
