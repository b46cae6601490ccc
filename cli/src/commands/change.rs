//! The commands that change something and can be taken back.

use std::io::Read;

use axum::http::{Method, header};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::{look::path, print};
use crate::{
    client::{Client, Sent, part},
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
const IDEMPOTENCY_KEY: header::HeaderName = header::HeaderName::from_static("idempotency-key");

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
    let answer =
        client.call(Method::POST, "/v1/profiles", Sent::json(&new)?.with(IDEMPOTENCY_KEY, &drawn())).await?;
    shown(meant, &answer)
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

fn shown(meant: &Meant, answer: &crate::client::Answer) -> Outcome {
    let page = Page { output: &meant.output, now: now() };
    print(&meant.output, answer, |shown: wire::Profile| render::profile(page, &shown))
}

pub(super) async fn note(client: &Client, meant: &Meant, who: &str, words: &[String]) -> Outcome {
    let mut text = words.join(" ");
    if text == "-" {
        text.clear();
        std::io::stdin().read_to_string(&mut text)?;
    }
    let sent = Sent::json(&json!({ "text": text }))?.with(IDEMPOTENCY_KEY, &drawn());
    let answer = client.call(Method::POST, &format!("{}/notes", path(who)), sent).await?;
    print(&meant.output, &answer, |_: Json| "Noted.".into())
}

pub(super) async fn merge(client: &Client, meant: &Meant, from: &str, into: &str, why: &str) -> Outcome {
    let (from, into) = (resolved(client, from).await?, resolved(client, into).await?);
    let answer =
        client.post(&format!("{}/merge", path(&into.id)), &json!({ "from": from.id, "why": why })).await?;
    print(&meant.output, &answer, |change: wire::MembershipChange| {
        format!(
            "{} is part of {} now: {} moved.\nTo undo it exactly: whom unmerge {}",
            harmless(&from.name),
            harmless(&into.name),
            counted(change.moved.len() as u64, "contact"),
            change.id
        )
    })
}

pub(super) async fn unmerge(client: &Client, meant: &Meant, change: &str) -> Outcome {
    let answer = client.post(&format!("/v1/merges/{}/undo", part(change)), &json!({})).await?;
    print(&meant.output, &answer, |undone: Undone| match undone.still_together_by.as_slice() {
        [] => "Undone exactly.".into(),
        others => format!("Undone, and still together by {}.", others.join(", ")),
    })
}

#[derive(Deserialize)]
struct Undone {
    #[serde(default)]
    still_together_by: Vec<String>,
}

pub(super) async fn detach(client: &Client, meant: &Meant, who: &str, contact: &str) -> Outcome {
    let profile = resolved(client, who).await?;
    let wanted = contact.trim();
    let found = profile.contacts.iter().find(|known| {
        let named = known.kind.as_deref().map(|kind| format!("{kind}:{}", known.value));
        known.id == wanted
            || known.value.eq_ignore_ascii_case(wanted)
            || known.raw.eq_ignore_ascii_case(wanted)
            || named.is_some_and(|named| named.eq_ignore_ascii_case(wanted))
    });
    let contact = found.ok_or_else(|| {
        Failure::NotFound(format!(
            "{} has no contact `{}`; `whom show` lists them",
            harmless(&profile.name),
            harmless(wanted)
        ))
    })?;
    let answer = client
        .post(&format!("{}/contacts/{}/detach", path(&profile.id), part(&contact.id)), &json!({}))
        .await?;
    print(&meant.output, &answer, |detached: Detached| {
        format!(
            "{} has a profile of its own: {}\nTo undo it exactly: whom unmerge {}",
            harmless(&contact.value),
            detached.profile,
            detached.change.id
        )
    })
}

#[derive(Deserialize)]
struct Detached {
    profile: String,
    change: wire::MembershipChange,
}

pub(super) async fn apart(client: &Client, meant: &Meant, a: &str, b: &str) -> Outcome {
    let (a, b) = (resolved(client, a).await?, resolved(client, b).await?);
    client.post(&format!("{}/not-the-same", path(&a.id)), &json!({ "other": b.id })).await?;
    meant.output.note(format!("{} and {} are two people.", harmless(&a.name), harmless(&b.name)));
    Ok(Exit::Done)
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
