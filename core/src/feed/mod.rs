//! The change feed: every commit has a number, and readers go on from the number they last saw.

mod change;

pub use change::{Change, Commit, FeedNumber};
