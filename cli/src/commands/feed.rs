//! `whom feed`: what changes, one commit on each line.

use std::time::Duration;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::{client::Client, exit::Exit, meant::Meant, problem::Outcome};

/// How many commits are asked for at once.
const PAGE: usize = 200;

/// How long to wait before asking again when nothing was new.
const PAUSE: Duration = Duration::from_millis(500);

#[derive(Deserialize)]
struct Commits<'a> {
    #[serde(borrow)]
    items: Vec<&'a RawValue>,
    /// The number of the last commit that was read, also where none of it may be seen.
    next: u64,
}

pub(super) async fn run(client: &Client, meant: &Meant, after: u64, follow: bool) -> Outcome {
    let mut last = after;
    loop {
        let answer = client.get(&format!("/v1/feed?after={last}&limit={PAGE}")).await?;
        let commits: Commits<'_> = serde_json::from_slice(&answer.body).map_err(anyhow::Error::from)?;
        for commit in &commits.items {
            meant.output.line(commit.get())?;
        }
        if commits.next > last {
            last = commits.next;
        } else {
            if !follow {
                return Ok(Exit::Done);
            }
            tokio::select! {
                () = tokio::time::sleep(PAUSE) => {}
                () = super::stopped() => return Ok(Exit::Done),
            }
        }
    }
}
