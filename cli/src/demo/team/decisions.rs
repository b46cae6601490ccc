//! Who is one person and who is two, as the team decided it.

use axum::http::Method;
use serde_json::json;

use super::{ANA, JONAS, Team};
use crate::{
    client::{Client, Sent, part},
    demo::OWNER,
    problem::Failure,
};

/// Merged by whom and when: who gives way, who stays, and why.
const MERGED: [(&str, &str, &str, &str, &str); 2] = [
    (
        ANA,
        "2023-01-02T11:20:00Z",
        "jack.osullivan+fernweh@example.com",
        "jack.osullivan@example.com",
        "he wrote from both and says that it is all the same Jack",
    ),
    (
        JONAS,
        "2024-09-30T10:31:00Z",
        "n.doyle@brackenfold.example",
        "niamh@doylewalks.example",
        "she could name the last trip that was saved under the school's address",
    ),
];

/// Told apart by whom and when: father and son, and two on different coasts.
const TOLD_APART: [(&str, &str, &str, &str); 2] = [
    (JONAS, "2023-07-11T07:02:00Z", "k.brandt@holzwerk-brandt.example", "karl.brandt@example.org"),
    (OWNER, "2025-03-04T13:40:00Z", "daniel.kim@example.com", "danielkim94@example.net"),
];

/// Decides. One pair is left for whoever looks at the demo.
pub(super) async fn decide(team: &Team) -> Result<(), Failure> {
    for (who, when, from, into, why) in MERGED {
        let client = team.on(who, when)?;
        if is_known(&client, from).await? && is_known(&client, into).await? {
            let merge = json!({ "from": from, "why": why });
            client.post(&format!("/v1/profiles/{}/merge", part(into)), &merge).await?;
        }
    }
    for (who, when, one, other) in TOLD_APART {
        let client = team.on(who, when)?;
        if is_known(&client, one).await? && is_known(&client, other).await? {
            let path = format!("/v1/profiles/{}/not-the-same", part(one));
            client.post(&path, &json!({ "other": other })).await?;
        }
    }
    Ok(())
}

/// Whether somebody is known by this address.
pub(super) async fn is_known(client: &Client, who: &str) -> Result<bool, Failure> {
    let path = format!("/v1/profiles/{}", part(who));
    Ok(client.try_call(Method::GET, &path, Sent::default()).await?.status < 400)
}
