//! `whom reply`, `whom compose` and `whom outbox`: mail that leaves.

use std::{io::Read as _, path::Path};

use anyhow::Context as _;
use axum::http::{Method, header};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::Deserialize;
use serde_json::{Value as Json, json};
use whom_core::model::Timestamp;

use super::{change::drawn, print};
use crate::{
    args::{ComposeArgs, LetterArgs, OutboxCommand, ReplyArgs},
    client::{Client, Sent, part},
    meant::Meant,
    moment::{ago, now},
    output::harmless,
    problem::{Failure, Outcome},
    table::{Column, Columns},
};

/// Makes a request that may be sent again without being done twice.
const IDEMPOTENCY_KEY: header::HeaderName = header::HeaderName::from_static("idempotency-key");

#[derive(Deserialize)]
struct Put {
    entry: String,
    delivery: Option<Delivery>,
}

#[derive(Deserialize)]
struct Delivery {
    state: String,
    #[serde(default)]
    words: String,
    #[serde(default)]
    to: Vec<String>,
    #[serde(default)]
    due: Option<Timestamp>,
    #[serde(default)]
    attempts: u64,
}

#[derive(Deserialize)]
struct Outbox {
    items: Vec<Waiting>,
    queued: u64,
    failed: u64,
}

#[derive(Deserialize)]
struct Waiting {
    id: String,
    begun: Timestamp,
    #[serde(flatten)]
    delivery: Delivery,
}

pub(super) async fn reply(client: &Client, meant: &Meant, args: &ReplyArgs) -> Outcome {
    let mut written = letter(&args.text, &args.more)?;
    written["quote"] = json!(args.quote);
    let named = args.conversation.trim_start_matches('#');
    send(client, meant, &format!("/v1/conversations/{}/reply", part(named)), &written).await
}

pub(super) async fn compose(client: &Client, meant: &Meant, args: &ComposeArgs) -> Outcome {
    let mut written = letter(&args.text, &args.more)?;
    written["to"] = json!([args.to]);
    written["subject"] = json!(args.subject);
    send(client, meant, "/v1/conversations", &written).await
}

async fn send(client: &Client, meant: &Meant, path: &str, written: &Json) -> Outcome {
    let sent = Sent::json(written)?.with(IDEMPOTENCY_KEY, &drawn());
    let answer = client.call(Method::POST, path, sent).await?;
    let is_served = client.base().is_some();
    print(&meant.output, &answer, |put: Put| {
        let to = put.delivery.map(|delivery| delivery.to.join(", ")).unwrap_or_default();
        let then =
            if is_served { "" } else { "\nNo server runs on this folder: it leaves when `whom serve` does." };
        format!("In the outbox, to {}, as {}.{then}", harmless(&to), put.entry)
    })
}

pub(super) async fn outbox(client: &Client, meant: &Meant, command: OutboxCommand) -> Outcome {
    let (answer, done) = match command {
        OutboxCommand::List => {
            let answer = client.get("/v1/outbox?limit=200").await?;
            return print(&meant.output, &answer, |outbox: Outbox| table(meant, &outbox));
        }
        OutboxCommand::Retry { id } => {
            let path = format!("/v1/outbox/{}/retry", part(&id));
            (client.post(&path, &json!({})).await?, "It is tried again now.")
        }
        OutboxCommand::Cancel { id } => {
            let path = format!("/v1/outbox/{}", part(&id));
            (client.call(Method::DELETE, &path, Sent::default()).await?, "It does not leave any more.")
        }
    };
    print(&meant.output, &answer, |_: Json| done.to_owned())
}

fn table(meant: &Meant, outbox: &Outbox) -> String {
    if outbox.items.is_empty() {
        return "Nothing waits to leave.".to_owned();
    }
    let columns = [
        Column::Text("to"),
        Column::Whole("state"),
        Column::Whole("put there"),
        Column::Whole("next try"),
        Column::Text("words"),
        Column::Whole("id"),
    ];
    let mut table = Columns::new(&meant.output, &columns);
    for Waiting { id, begun, delivery } in &outbox.items {
        let due = delivery.due.filter(|_| delivery.attempts > 0).map(|due| due.to_string());
        let state = if delivery.state == "error" { "did not arrive" } else { "waits" };
        let (to, words) = (harmless(&delivery.to.join(", ")), harmless(&delivery.words));
        table.row([&to, state, &ago(*begun, now()), &due.unwrap_or_default(), &words, id]);
    }
    format!("{}\n{} to leave, {} that did not arrive.", table.text(), outbox.queued, outbox.failed)
}

fn letter(words: &[String], more: &LetterArgs) -> Result<Json, Failure> {
    let mut text = words.join(" ");
    if text == "-" {
        text.clear();
        std::io::stdin().read_to_string(&mut text)?;
    }
    let files = more.attach.iter().map(|path| file(path)).collect::<Result<Vec<_>, _>>()?;
    let mut written = json!({ "text": text, "cc": more.cc, "bcc": more.bcc, "attachments": files });
    for (name, value) in [("channel", &more.channel), ("status", &more.status)] {
        if let Some(value) = value {
            written[name] = json!(value);
        }
    }
    Ok(written)
}

fn file(path: &Path) -> anyhow::Result<Json> {
    let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    Ok(json!({ "name": name, "data": STANDARD.encode(bytes) }))
}
