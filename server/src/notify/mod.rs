//! What somebody is told: a conversation that is theirs now, an answer, a mention, something that is finished.
//!
//! Each person has one document with their latest notices, bounded and read or unread. A worker reads
//! the feed and tells what concerns somebody; other parts tell with [`tell`].

mod api;
mod kept;
mod watch;

pub(crate) use api::routes;
pub(crate) use kept::{Notice, Sort, mark_read, notices_of, set_opens, tell};
pub(crate) use watch::run;

#[cfg(test)]
mod tests;
