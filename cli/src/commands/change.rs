//! The commands that change something and can be taken back.

use std::io::Read;

use axum::http::{Method, header};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::{look::path, print};
use crate::{
    client::{Answer, Client, Sent},
    commands::assignment::{Assignment, assignments},
    exit::Exit,
    figures::counted,
    meant::Meant,
    moment::now,
    output::harmless,
    problem::{Failure, Outcome},
    render::{self, Page},
    wire,
};

/// Makes a request that may be sent again without being done twice.
pub(super) const IDEMPOTENCY_KEY: header::HeaderName = header::HeaderName::from_static("idempotency-key");

pub(super) async fn create(client: &Client, meant: &Meant, typed: &[String]) -> Outcome {
    let (mut properties, mut identifiers) = (serde_json::Map::new(), Vec::new());
    for Assignment { name, value } in assignments(typed)? {
        match (name.as_str(), value) {
            (_, None) => return Err(Failure::Usage(format!("`{name}=` has no value"))),
            ("email" | "phone" | "whatsapp" | "user_id", Some(value)) => {
                identifiers.push(json!({ "kind": name, "value": text(value) }));
            }
            (_, Some(value)) => _ = properties.insert(name, value),
        }
    }
    let new = json!({ "properties": properties, "identifiers": identifiers });
    shown(meant, &once(client, "/v1/profiles", &new).await?)
}

fn text(value: Json) -> String {
    match value {
        Json::String(text) => text,
        other => other.to_string(),
    }
}

pub(super) async fn set(client: &Client, meant: &Meant, who: &str, typed: &[String]) -> Outcome {
    // A merge patch: null takes the value away.
    let patch: serde_json::Map<String, Json> = assignments(typed)?
        .into_iter()
        .map(|Assignment { name, value }| (name, value.unwrap_or(Json::Null)))
        .collect();
    let sent =
        Sent::bytes("application/merge-patch+json", serde_json::to_vec(&patch).map_err(anyhow::Error::from)?)
            .with(header::IF_MATCH, "*");
    let answer = client.call(Method::PATCH, &path(who), sent).await?;
    shown(meant, &answer)
}

fn shown(meant: &Meant, answer: &Answer) -> Outcome {
    let page = Page { output: &meant.output, now: now() };
    print(&meant.output, answer, |shown: wire::Profile| render::profile(page, &shown))
}

pub(super) async fn note(client: &Client, meant: &Meant, who: &str, words: &[String]) -> Outcome {
    noted(client, meant, &path(who), words).await
}

/// Adds a note to what stands at a path; `-` reads it from standard input.
pub(super) async fn noted(client: &Client, meant: &Meant, path: &str, words: &[String]) -> Outcome {
    let mut text = words.join(" ");
    if text == "-" {
        text.clear();
        std::io::stdin().read_to_string(&mut text)?;
    }
    let answer = once(client, &format!("{path}/notes"), &json!({ "text": text })).await?;
    print(&meant.output, &answer, |_: Json| "Noted.".into())
}

/// Has something made; sent again, it is not made twice.
pub(super) async fn once(client: &Client, path: &str, body: &Json) -> Result<Answer, Failure> {
    client.call(Method::POST, path, Sent::json(body)?.with(IDEMPOTENCY_KEY, &drawn())).await
}

pub(super) async fn enrich(client: &Client, meant: &Meant, who: &str) -> Outcome {
    let answer = client.post(&format!("{}/enrich", path(who)), &json!({})).await?;
    print(&meant.output, &answer, |queued: Queued| match queued.queued {
        0 => "There is nobody to ask: no provider is on, or nothing it could be asked by is known.".into(),
        questions => format!("{} on the way; `whom show` has the answers.", counted(questions, "question")),
    })
}

#[derive(Deserialize)]
struct Queued {
    queued: u64,
}

pub(super) async fn trash(client: &Client, meant: &Meant, who: &str) -> Outcome {
    let profile = resolved(client, who).await?;
    client.post(&format!("{}/trash", path(&profile.id)), &json!({})).await?;
    meant.output.note(format!(
        "{} is in the trash. To take them out again: whom untrash {}",
        harmless(&profile.name),
        profile.id
    ));
    Ok(Exit::Done)
}

pub(super) async fn untrash(client: &Client, meant: &Meant, who: &str) -> Outcome {
    let profile = resolved(client, who).await?;
    client.post(&format!("{}/restore", path(&profile.id)), &json!({})).await?;
    meant.output.note(format!("{} is out of the trash.", harmless(&profile.name)));
    Ok(Exit::Done)
}

/// The profile that somebody means.
pub(super) async fn resolved(client: &Client, who: &str) -> Result<wire::Profile, Failure> {
    client.get(&path(who)).await?.read()
}

/// A key for one request of this run.
pub(super) fn drawn() -> String {
    // Unique among the runs of one machine, which is all that a repeated request needs.
    format!("cli-{}-{}", std::process::id(), jiff::Timestamp::now().as_nanosecond())
}
