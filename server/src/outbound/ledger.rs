//! Mail on the ledger of what left the house.
//!
//! The gate that plugins go through is for HTTP. Mail does not pass it: it goes to the one server that an
//! admin named for a channel, and to no other; and nothing leaves before its line stands on the ledger.

use whom_core::{
    model::{ProfileId, Timestamp},
    store::{StoreError, Write},
};

use crate::{app::AppState, documents, enrich::Left, secret};

/// A line for a message that is about to leave.
pub(super) fn line(
    at: Timestamp,
    host: &str,
    profile: Option<ProfileId>,
    rule: &str,
    tells_views: bool,
) -> Left {
    let mut properties = vec!["email".to_owned()];
    if tells_views {
        properties.push("when it is looked at".to_owned());
    }
    Left {
        at,
        plugin: "mail".to_owned(),
        host: host.to_owned(),
        method: "SMTP".to_owned(),
        path: String::new(),
        profile: profile.map(|profile| profile.to_string()),
        properties,
        hook: "send".to_owned(),
        rule: rule.to_owned(),
    }
}

/// The line as a document that has not been there before.
pub(super) fn write(left: &Left) -> Result<Write, StoreError> {
    let id = format!("{:016x}-mail-{}", left.at.as_millis(), secret::hex(&secret::random::<8>()));
    documents::new_row(&id, left).map(Write::Document)
}

/// Writes a line by itself.
pub(super) async fn leaves(
    state: &AppState,
    host: &str,
    profile: Option<ProfileId>,
    rule: &str,
    tells_views: bool,
) -> Result<(), StoreError> {
    let mut changes = whom_core::store::ChangeSet::at(state.now());
    changes.writes.push(write(&line(state.now(), host, profile, rule, tells_views))?);
    state.store().commit(changes).await?;
    Ok(())
}
