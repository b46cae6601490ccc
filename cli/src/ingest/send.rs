//! Sending a chunk, and reading what became of each thing in it.

use std::time::Duration;

use anyhow::anyhow;
use axum::http::Method;
use bytes::{BufMut, Bytes, BytesMut};
use serde::Deserialize;
use serde_json::Value as Json;

use super::{
    source::{Item, Sort, What},
    tally::Fate,
};
use crate::{
    args::IngestArgs,
    client::{Client, Sent, query},
    problem::Failure,
};

/// How long to wait before a chunk is sent again, each time longer.
const PAUSES: [Duration; 4] =
    [Duration::from_millis(200), Duration::from_secs(1), Duration::from_secs(3), Duration::from_secs(10)];

/// How things are to be taken in.
#[derive(Clone, Debug)]
pub(crate) struct How {
    /// What stands behind `?` for mail.
    mail: String,
    /// What stands behind `?` for events.
    events: String,
}

impl How {
    /// What was typed.
    pub(super) fn of(args: &IngestArgs) -> Self {
        let list = |words: Vec<&str>| (!words.is_empty()).then(|| words.join(","));
        let include = list(args.include.iter().map(|sort| sort.word()).collect());
        let own = list(args.own.iter().map(String::as_str).collect());
        let source = args.source.clone();
        Self { mail: query([("include", include), ("own", own)]), events: query([("source", source)]) }
    }

    /// As usual, with events from this source.
    pub(crate) fn from_source(source: &str) -> Self {
        Self { mail: String::new(), events: query([("source", Some(source.to_owned()))]) }
    }
}

/// Sends a chunk of one sort; gives what became of each thing in it.
///
/// A chunk that broke off is sent again: what was taken in before is known by its id and comes back as
/// repeated, so nothing is taken in twice.
pub(super) async fn send(client: &Client, how: &How, chunk: &[Item]) -> Result<Vec<Fate>, Failure> {
    let whole: Vec<&Bytes> = chunk.iter().filter_map(bytes).collect();
    let mut fates = Vec::with_capacity(whole.len());
    let mut pauses = PAUSES.iter();
    while fates.len() < whole.len() {
        let rest = &whole[fates.len()..];
        let before = fates.len();
        let why = match send_once(client, how, chunk[0].sort(), rest, &mut fates).await {
            Ok(None) => continue,
            Ok(Some(why)) => anyhow!("{why}").into(),
            Err(Failure::Api(problem)) if problem.status < 500 && problem.status != 429 => {
                return Err(Failure::Api(problem));
            }
            Err(failure) => failure,
        };
        if fates.len() > before {
            pauses = PAUSES.iter();
        }
        match pauses.next() {
            Some(pause) => tokio::time::sleep(*pause).await,
            None => return Err(why),
        }
    }
    let mut sent = fates.into_iter();
    Ok(chunk
        .iter()
        .map(|item| match &item.what {
            What::Broken(_, why) => Fate::Failed(why.clone()),
            // There is one for each that was sent, or this was not reached.
            _ => sent.next().unwrap_or_else(|| Fate::Failed("the server did not answer for it".into())),
        })
        .collect())
}

fn bytes(item: &Item) -> Option<&Bytes> {
    match &item.what {
        What::Mail(bytes) | What::Event(bytes) => Some(bytes),
        What::Broken(..) => None,
    }
}

/// Sends things once and notes what became of them; gives why the answer ends before all of them.
async fn send_once(
    client: &Client,
    how: &How,
    sort: Sort,
    things: &[&Bytes],
    fates: &mut Vec<Fate>,
) -> Result<Option<String>, Failure> {
    let answer = match sort {
        Sort::Mail => {
            let path = format!("/v1/ingest/mail-batch{}", how.mail);
            client.call(Method::POST, &path, Sent::bytes("application/octet-stream", framed(things))).await?
        }
        Sort::Event => {
            let sent = Sent::bytes("application/x-ndjson", lines(things));
            client.call(Method::POST, &format!("/v1/ingest/event-batch{}", how.events), sent).await?
        }
    };
    let before = fates.len();
    for line in answer.body.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        let line: Line = serde_json::from_slice(line).map_err(anyhow::Error::from)?;
        match line.fate() {
            Ok(fate) => fates.push(fate),
            Err(why) => return Ok(Some(why)),
        }
    }
    let missing = things.len() - (fates.len() - before);
    Ok((missing > 0).then(|| format!("the server's answer breaks off {missing} before the end")))
}

/// Each message behind its length, as the batch is read.
fn framed(things: &[&Bytes]) -> Bytes {
    let mut body = BytesMut::with_capacity(things.iter().map(|thing| thing.len() + 4).sum());
    for thing in things {
        body.put_u32(thing.len() as u32);
        body.put_slice(thing);
    }
    body.freeze()
}

fn lines(things: &[&Bytes]) -> Bytes {
    let mut body = BytesMut::new();
    for thing in things {
        body.put_slice(thing);
        body.put_u8(b'\n');
    }
    body.freeze()
}

/// What became of one thing, as the API says it.
#[derive(Deserialize)]
struct Line {
    outcome: String,
    #[serde(default)]
    reason: Json,
    #[serde(default)]
    why: String,
}

impl Line {
    /// What became of it; or why the server could not go on.
    fn fate(self) -> Result<Fate, String> {
        let reason = match self.reason {
            Json::String(word) => word,
            // A refusal carries the words of the hook that refused.
            Json::Object(parts) => {
                parts.values().next().and_then(Json::as_str).unwrap_or("refused").to_owned()
            }
            _ => String::new(),
        };
        Ok(match self.outcome.as_str() {
            "created" => Fate::Created,
            "updated" => Fate::Updated,
            "repeated" => Fate::Repeated,
            "skipped" => Fate::Skipped(reason),
            "failed" => return Err(self.why),
            other if self.why.is_empty() => Fate::Failed(other.to_owned()),
            _ => Fate::Failed(self.why),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fate(line: &str) -> Result<Fate, String> {
        serde_json::from_str::<Line>(line).unwrap().fate()
    }

    #[test]
    fn every_word_of_the_api_has_its_fate() {
        assert_eq!(fate(r#"{"n":0,"entry":"e_1","outcome":"created","profile":"p_1"}"#), Ok(Fate::Created));
        assert_eq!(
            fate(r#"{"n":1,"outcome":"skipped","reason":"mailing_list","why":"it came through a list"}"#),
            Ok(Fate::Skipped("mailing_list".into()))
        );
        assert_eq!(
            fate(r#"{"n":2,"outcome":"skipped","reason":{"refused":"no gift cards"}}"#),
            Ok(Fate::Skipped("no gift cards".into()))
        );
        assert_eq!(
            fate(r#"{"n":3,"outcome":"malformed","reason":"empty","why":"the message is empty"}"#),
            Ok(Fate::Failed("the message is empty".into()))
        );
        assert_eq!(
            fate(r#"{"n":4,"outcome":"failed","why":"the disk is full"}"#),
            Err("the disk is full".into())
        );
    }

    #[test]
    fn a_message_stands_behind_its_length() {
        let (a, b) = (Bytes::from_static(b"ab"), Bytes::from_static(b""));
        assert_eq!(&framed(&[&a, &b])[..], b"\x00\x00\x00\x02ab\x00\x00\x00\x00");
    }
}
