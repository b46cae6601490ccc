//! Mail in: one raw message, or a stream of them for bringing a whole mailbox in.

use std::{collections::VecDeque, convert::Infallible};

use axum::{
    Json,
    body::{Body, BodyDataStream},
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use bytes::{Buf as _, Bytes, BytesMut};
use futures::{StreamExt as _, stream};
use serde::{Deserialize, Serialize};
use whom_core::identity::{Incoming, Outcome, Receipt};

use crate::{
    app::AppState,
    http::{ApiBytes, ApiQuery},
    intake::{Taken, sort_mail, take_mail},
    mail::{AddressPatternError, Mail, MailPolicy, MailProblem, MailSkip},
    problem::Problem,
};

/// How many messages are decided upon together: one commit, and so one wait for the disk.
const TOGETHER: usize = 64;
/// How many bytes of messages are held before they are decided upon.
const HELD: usize = 8 << 20;

/// What holds for one batch besides the settings; lists with commas.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BatchQuery {
    /// Sorts of mail to take in that are passed over otherwise.
    #[serde(default)]
    include: String,
    /// More of the company's own addresses and domains.
    #[serde(default)]
    own: String,
}

impl BatchQuery {
    fn over(&self, mut policy: MailPolicy) -> Result<MailPolicy, Problem> {
        let wrong = |what: &'static str, why: String| {
            Problem::bad_request("this is no batch of mail").at(format!("?{what}"), why)
        };
        for word in listed(&self.include) {
            policy.include.insert(word.parse().map_err(|why| wrong("include", why))?);
        }
        for pattern in listed(&self.own) {
            policy
                .own
                .push(pattern.parse().map_err(|why: AddressPatternError| wrong("own", why.to_string()))?);
        }
        Ok(policy)
    }
}

fn listed(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|word| !word.is_empty())
}

/// What became of one message.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum Became {
    /// It was taken in, or had been before.
    Decided(Receipt),
    /// It makes no profiles.
    PassedOver { outcome: &'static str, reason: MailSkip, why: String },
    /// It cannot be read.
    Malformed { outcome: &'static str, reason: MailProblem, why: String },
    /// It is longer than what is taken.
    TooLarge { outcome: &'static str, why: String },
    /// It could not be taken in now; sending it again does no harm.
    Failed { outcome: &'static str, why: String },
}

/// One line of the answer to a batch.
#[derive(Debug, Serialize)]
struct Line {
    /// The place of the message in the batch, from zero.
    n: u64,
    #[serde(flatten)]
    became: Became,
}

/// `POST /v1/messages/raw`: one message as it came, `message/rfc822`.
pub(crate) async fn one(
    State(state): State<AppState>,
    ApiBytes(raw): ApiBytes,
) -> Result<(StatusCode, Json<Became>), Problem> {
    match take_mail(&state, &raw).await? {
        Taken::Malformed(problem) => Err(Problem::invalid(problem.to_string())),
        Taken::PassedOver(skip) => Ok((StatusCode::OK, Json(passed_over(skip)))),
        Taken::Decided(receipt) => {
            let is_new = matches!(receipt.outcome, Outcome::Created | Outcome::Updated);
            let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
            Ok((status, Json(Became::Decided(receipt))))
        }
    }
}

/// `POST /v1/ingest/mail-batch`: each message behind its length in four bytes, the highest first.
///
/// Answers one JSON line for each message, in order, as they are decided upon. A line with the outcome
/// `failed` is the last one.
pub(crate) async fn batch(
    State(state): State<AppState>,
    ApiQuery(query): ApiQuery<BatchQuery>,
    body: Body,
) -> Result<Response, Problem> {
    let policy = query.over(state.mail_policy().await?)?;
    let limit = state.config().limits.message;
    let frames = Frames { body: body.into_data_stream(), held: BytesMut::new(), limit, skip: 0, over: false };
    let batch = Batch { state, policy, frames, n: 0 };
    let lines = stream::unfold(batch, |mut batch| async move {
        let lines = batch.step().await?;
        Some((Ok::<_, Infallible>(lines), batch))
    });
    let media = [(header::CONTENT_TYPE, "application/x-ndjson")];
    // What packs a body asks once more after its end.
    Ok((media, Body::from_stream(lines.fuse())).into_response())
}

fn passed_over(skip: MailSkip) -> Became {
    Became::PassedOver { outcome: "skipped", reason: skip, why: skip.to_string() }
}

fn failed(why: impl Into<String>) -> Became {
    Became::Failed { outcome: "failed", why: why.into() }
}

struct Batch {
    state: AppState,
    policy: MailPolicy,
    frames: Frames,
    n: u64,
}

impl Batch {
    /// Reads, decides and answers some messages; nothing at the end.
    async fn step(&mut self) -> Option<Bytes> {
        let now = self.state.now();
        let mut slots: VecDeque<Option<Became>> = VecDeque::new();
        let mut arrived: Vec<Incoming> = Vec::new();
        let mut bytes = 0;
        let mut broke = None;
        while slots.len() < TOGETHER && bytes < HELD {
            match self.frames.next().await {
                Frame::Message(raw) => {
                    bytes += raw.len();
                    let mail = match sort_mail(&self.state, &raw, &self.policy, now).await {
                        Ok(mail) => mail,
                        Err(error) => {
                            self.frames.over = true;
                            broke = Some(failed(Problem::from(error).detail));
                            break;
                        }
                    };
                    slots.push_back(match mail {
                        Mail::Arrived(incoming) => {
                            arrived.push(*incoming);
                            None
                        }
                        Mail::Skipped(skip) => Some(passed_over(skip)),
                        Mail::Malformed(problem) => Some(Became::Malformed {
                            outcome: "malformed",
                            reason: problem,
                            why: problem.to_string(),
                        }),
                    });
                }
                Frame::TooLong(length) => {
                    let why =
                        format!("the message has {length} bytes; at most {} are taken", self.frames.limit);
                    slots.push_back(Some(Became::TooLarge { outcome: "too_large", why }));
                }
                Frame::Broken(why) => {
                    broke = Some(failed(why));
                    break;
                }
                Frame::End => break,
            }
        }
        if slots.is_empty() && broke.is_none() {
            return None;
        }
        let mut receipts = match self.state.engine().ingest_all(arrived, now).await {
            Ok(receipts) => receipts.into_iter(),
            Err(error) => {
                self.frames.over = true;
                broke = Some(failed(Problem::from(error).detail));
                Vec::new().into_iter()
            }
        };
        let mut lines = Vec::new();
        for slot in slots {
            // Without receipts the store failed: the line that says so ends the answer at the first of them.
            let Some(became) = slot.or_else(|| receipts.next().map(Became::Decided)) else { break };
            self.write(&mut lines, became);
        }
        if let Some(became) = broke {
            self.write(&mut lines, became);
        }
        Some(Bytes::from(lines))
    }

    fn write(&mut self, lines: &mut Vec<u8>, became: Became) {
        let line = Line { n: self.n, became };
        self.n += 1;
        if serde_json::to_writer(&mut *lines, &line).is_ok() {
            lines.push(b'\n');
        }
    }
}

/// The messages in the body of a batch.
struct Frames {
    body: BodyDataStream,
    held: BytesMut,
    limit: usize,
    /// How many bytes of a message that is too long are still to come.
    skip: usize,
    over: bool,
}

enum Frame {
    Message(Bytes),
    TooLong(usize),
    Broken(String),
    End,
}

impl Frames {
    async fn next(&mut self) -> Frame {
        if self.over {
            return Frame::End;
        }
        match self.read().await {
            Ok(frame) => frame,
            Err(why) => {
                self.over = true;
                Frame::Broken(why)
            }
        }
    }

    async fn read(&mut self) -> Result<Frame, String> {
        while self.skip > 0 {
            if self.held.is_empty() && !self.more().await? {
                return Err("the batch ends in the middle of a message".into());
            }
            let step = self.skip.min(self.held.len());
            self.held.advance(step);
            self.skip -= step;
        }
        while self.held.len() < 4 {
            if !self.more().await? {
                self.over = true;
                let is_whole = self.held.is_empty();
                return if is_whole {
                    Ok(Frame::End)
                } else {
                    Err("the batch ends in the middle of a length".into())
                };
            }
        }
        let length = self.held.get_u32() as usize;
        if length > self.limit {
            self.skip = length;
            return Ok(Frame::TooLong(length));
        }
        while self.held.len() < length {
            if !self.more().await? {
                return Err("the batch ends in the middle of a message".into());
            }
        }
        Ok(Frame::Message(self.held.split_to(length).freeze()))
    }

    async fn more(&mut self) -> Result<bool, String> {
        match self.body.next().await {
            None => Ok(false),
            Some(Ok(bytes)) => {
                self.held.extend_from_slice(&bytes);
                Ok(true)
            }
            Some(Err(_)) => Err("the batch broke off, or is not packed as its header says".into()),
        }
    }
}
