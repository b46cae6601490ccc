//! Bringing the feed to an observer: in order, at least once, from any number on.

use crate::{
    feed::FeedNumber,
    store::{SharedStore, StoreError},
};

use super::Observer;

/// How many commits are read at a time.
const PAGE: usize = 256;

/// Tells an observer of every commit after `after` that there is now; gives the number of the last one it heard of.
///
/// A commit that the observer cannot take ends the round: the number before it comes back, and the next round
/// begins with the same commit. Whoever keeps the number can go on from it after a restart.
pub async fn follow(
    store: &SharedStore,
    observer: &dyn Observer,
    after: FeedNumber,
) -> Result<FeedNumber, StoreError> {
    let mut heard = after;
    loop {
        let commits = store.feed(heard, PAGE).await?;
        if commits.is_empty() {
            return Ok(heard);
        }
        for commit in commits {
            if let Err(error) = observer.after_commit(&commit).await {
                tracing::warn!(hook = observer.name(), commit = commit.number, why = %error.why, "a hook failed");
                return Ok(heard);
            }
            heard = commit.number;
        }
    }
}
