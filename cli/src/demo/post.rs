//! The mail channel of the demo: it leads to the mail server that the demo plays, and to no other.

use axum::http::Method;
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};

use super::{SUPPORT, smtp::PlayedPost};
use crate::{
    client::{Client, Sent, part},
    problem::Failure,
};

/// Where the mail server is: on this machine alone.
const HOST: &str = "127.0.0.1";

#[derive(Deserialize)]
struct Channels {
    channels: Vec<Map<String, Json>>,
}

/// Where the mail server was the last time.
pub(super) async fn port_before(client: &Client) -> Result<Option<u16>, Failure> {
    let ours = ours(client).await?;
    Ok(ours.and_then(|channel| u16::try_from(channel.get("port")?.as_u64()?).ok()))
}

/// Has mail leave through it. A channel that somebody made or pointed elsewhere is left alone.
pub(super) async fn leave_through(client: &Client, server: &PlayedPost) -> Result<(), Failure> {
    let Some(mut known) = ours(client).await? else {
        if read(client).await?.is_empty() {
            let channel = json!({
                "name": "Support",
                "address": SUPPORT,
                "display_name": "Fernweh Supply",
                "host": HOST,
                "port": server.port(),
                "security": "none",
                "signature": "Fernweh Supply\nTents, boots and maps for long ways",
                "is_default": true,
            });
            client.post("/v1/channels", &channel).await?;
        }
        return Ok(());
    };
    let id = known.remove("id");
    let Some(id) = id.as_ref().and_then(Json::as_str) else { return Ok(()) };
    if known.get("port") != Some(&json!(server.port())) {
        known.insert("port".into(), json!(server.port()));
        client.call(Method::PUT, &format!("/v1/channels/{}", part(id)), Sent::json(&known)?).await?;
    }
    Ok(())
}

async fn read(client: &Client) -> Result<Vec<Map<String, Json>>, Failure> {
    Ok(client.get("/v1/channels").await?.read::<Channels>()?.channels)
}

async fn ours(client: &Client) -> Result<Option<Map<String, Json>>, Failure> {
    let is_ours = |channel: &Map<String, Json>| {
        channel.get("address") == Some(&json!(SUPPORT)) && channel.get("host") == Some(&json!(HOST))
    };
    Ok(read(client).await?.into_iter().find(is_ours))
}
