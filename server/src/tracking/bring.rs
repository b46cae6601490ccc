//! Tracking messages out of a file, such as an export of another system: each is told what became of it.

use axum::{
    body::Body,
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use whom_core::identity::Receipt;

use crate::{
    app::AppState,
    http::{ApiBytes, ApiQuery},
    problem::Problem,
};

use super::{
    map::{MapContext, incoming_of},
    message::Tracked,
    receive::{TOGETHER, previous_ids},
};

/// Where the messages come from.
#[derive(Debug, Deserialize)]
pub(crate) struct BringQuery {
    /// What their source is called, and within what their ids are unique.
    source: Option<String>,
}

/// One line of the answer.
#[derive(Debug, Serialize)]
struct Line {
    /// The place of the message in the batch, from zero.
    n: usize,
    #[serde(flatten)]
    became: Became,
}

#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Became {
    Decided(Receipt),
    Malformed { outcome: &'static str, reason: &'static str, why: String },
}

/// `POST /v1/ingest/event-batch`: one JSON object on each line; answers one line for each, in order.
pub(crate) async fn bring(
    State(state): State<AppState>,
    ApiQuery(query): ApiQuery<BringQuery>,
    ApiBytes(body): ApiBytes,
) -> Result<Response, Problem> {
    let source = query.source.unwrap_or_else(|| "file".into());
    let scope = format!("file:{source}");
    let limit = state.config().limits.tracking.message;
    let region = state.settings().await?.phone_region();
    let read: Vec<Result<Tracked, Became>> = body
        .split(|byte| *byte == b'\n')
        .map(<[u8]>::trim_ascii)
        .filter(|line| !line.is_empty())
        .map(|line| read(line, limit))
        .collect();
    let mut lines = Vec::new();
    let mut n = 0;
    let mut rest = read.into_iter().peekable();
    while rest.peek().is_some() {
        let now = state.now();
        let group: Vec<_> = rest.by_ref().take(TOGETHER).collect();
        let messages: Vec<&Tracked> = group.iter().flatten().collect();
        let previous = previous_ids(&state, messages.iter().copied()).await?;
        let context =
            MapContext { scope: &scope, source: &source, received: now, region, previous: &previous };
        let (mut arrived, mut slots) = (Vec::new(), Vec::new());
        for one in group {
            slots.push(match one {
                Err(became) => Some(became),
                Ok(message) => {
                    let mut notes = Vec::new();
                    let incoming = incoming_of(&message, &context, &mut notes);
                    let is_whole = incoming.is_some();
                    arrived.extend(incoming);
                    // The last note is the one by which a message came to nothing.
                    let why = notes.pop().filter(|_| !is_whole);
                    why.map(|note| malformed(note.code(), note.words()))
                }
            });
        }
        let mut receipts = state.engine().ingest_all(arrived, now).await?.into_iter();
        for slot in slots {
            let Some(became) = slot.or_else(|| receipts.next().map(Became::Decided)) else { break };
            if serde_json::to_writer(&mut lines, &Line { n, became }).is_ok() {
                lines.push(b'\n');
            }
            n += 1;
        }
    }
    Ok(([(header::CONTENT_TYPE, "application/x-ndjson")], Body::from(lines)).into_response())
}

fn read(line: &[u8], limit: usize) -> Result<Tracked, Became> {
    if line.len() > limit {
        return Err(malformed("too_large", &format!("a message has more than {limit} bytes")));
    }
    match serde_json::from_slice::<Map<String, Value>>(line) {
        Ok(fields) => Ok(Tracked::new(None, fields, None)),
        Err(_) => Err(malformed("no_message", "the line is no JSON object")),
    }
}

fn malformed(reason: &'static str, why: &str) -> Became {
    Became::Malformed { outcome: "malformed", reason, why: why.to_owned() }
}
