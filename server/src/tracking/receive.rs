//! The calls: who sends, how much, and one answer for all of it.

use std::collections::BTreeMap;

use axum::{
    Json,
    body::Body,
    extract::{Path, State},
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use serde_json::{Map, Value, json};
use whom_core::{
    identity::{Outcome, SkipReason},
    model::{Identifier, IdentifierKind, PhoneRegion},
    store::StoreError,
};

use crate::{
    app::AppState,
    auth::{ApiKey, authorization, basic_user, keys},
    secret::Secret,
};

use super::{
    answer::{Refusal, success},
    map::{MapContext, incoming_of},
    message::{MessageKind, Tracked},
    notes::{self, Note},
    unpack,
};

/// How many messages are decided upon together: one commit, and so one wait for the disk.
pub(super) const TOGETHER: usize = 128;

macro_rules! single_calls {
    ($($(#[$doc:meta])* $name:ident = $kind:ident;)*) => {$(
        $(#[$doc])*
        pub(super) async fn $name(
            State(state): State<AppState>,
            headers: HeaderMap,
            body: Body,
        ) -> Result<Response, Refusal> {
            let limit = state.config().limits.tracking.message;
            let fields = unpack::read(body, limit).await?;
            let key = admitted(&state, &headers, &fields).await?;
            let message = Tracked::new(Some(MessageKind::$kind), fields, None);
            take_in(&state, &key, vec![message], Vec::new()).await
        }
    )*};
}

single_calls! {
    /// `POST /v1/identify`: who somebody is.
    identify = Identify;
    /// `POST /v1/track`: something they did.
    track = Track;
    /// `POST /v1/page`: a page they looked at.
    page = Page;
    /// `POST /v1/screen`: a screen they looked at.
    screen = Screen;
    /// `POST /v1/group`: a company they belong to.
    group = Group;
    /// `POST /v1/alias`: another id of the same person.
    alias = Alias;
}

/// `POST /v1/batch`, and `POST /v1/import` of older libraries.
pub(super) async fn batch(
    State(state): State<AppState>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refusal> {
    let limits = state.config().limits.tracking;
    let mut shared = unpack::read(body, limits.batch).await?;
    let key = admitted(&state, &headers, &shared).await?;
    let Some(Value::Array(batch)) = shared.remove("batch") else {
        return Err(Refusal::Shape("a batch has its messages in the list `batch`"));
    };
    if batch.len() > limits.messages {
        return Err(Refusal::TooLarge(format!("at most {} messages are taken at once", limits.messages)));
    }
    let (mut messages, mut notes) = (Vec::with_capacity(batch.len()), Vec::new());
    for one in batch {
        match one {
            Value::Object(fields) if one_is_short(&fields, limits.message) => {
                messages.push(Tracked::new(None, fields, Some(&shared)));
            }
            Value::Object(fields) => {
                let words = format!("a message has more than {} bytes and was dropped", limits.message);
                notes.push(
                    Note::new("too_large", words).about(fields.get("messageId").and_then(Value::as_str)),
                );
            }
            _ => notes.push(Note::new("no_message", "something in `batch` is no object and was dropped")),
        }
    }
    take_in(&state, &key, messages, notes).await
}

/// `GET /v1/projects/{write_key}/settings`: what the browser library asks its home for.
pub(super) async fn settings(
    State(state): State<AppState>,
    Path(write_key): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let given = Secret::given(&write_key);
    keys::find_write_key(state.store(), &given, state.now()).await?.ok_or(Refusal::Key)?;
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let here = state.config().public_url.clone().unwrap_or_else(|| format!("http://{host}"));
    let (protocol, host) = here.split_once("://").unwrap_or(("http", host));
    let home = json!({ "apiKey": write_key, "apiHost": format!("{host}/v1"), "protocol": protocol });
    Ok(Json(json!({ "integrations": { "Segment.io": home }, "plan": {}, "edgeFunction": {} }))
        .into_response())
}

fn one_is_short(fields: &Map<String, Value>, limit: usize) -> bool {
    serde_json::to_vec(fields).is_ok_and(|bytes| bytes.len() <= limit)
}

/// The write key that a call came with, in any of the places where libraries put it.
async fn admitted(
    state: &AppState,
    headers: &HeaderMap,
    body: &Map<String, Value>,
) -> Result<ApiKey, Refusal> {
    let in_header = authorization(headers).and_then(|(scheme, credentials)| match scheme.as_str() {
        "basic" => basic_user(credentials),
        "bearer" => Some(credentials.to_owned()),
        _ => None,
    });
    let in_body = body.get("writeKey").and_then(Value::as_str).map(str::to_owned);
    let now = state.now();
    for given in in_header.into_iter().chain(in_body).filter(|given| !given.is_empty()) {
        let Some(key) = keys::find_write_key(state.store(), &Secret::given(&given), now).await? else {
            continue;
        };
        let share = state.config().limits.tracking.requests_per_second;
        let has_share = state.tracking_rates().admits(&key.id, share, now);
        return if has_share { Ok(key) } else { Err(Refusal::TooMany) };
    }
    Err(Refusal::Key)
}

/// Takes messages in, a group at a time, and notes what meant nothing.
async fn take_in(
    state: &AppState,
    key: &ApiKey,
    messages: Vec<Tracked>,
    mut notes: Vec<Note>,
) -> Result<Response, Refusal> {
    let (received, region) = (state.now(), state.settings().await?.phone_region());
    for group in messages.chunks(TOGETHER) {
        let previous = previous_ids(state, group.iter()).await?;
        let context = MapContext { scope: &key.id, source: &key.name, received, region, previous: &previous };
        let mapped = group.iter().filter_map(|message| incoming_of(message, &context, &mut notes));
        let mapped: Vec<_> = mapped.collect();
        let ids: Vec<String> = mapped.iter().map(|incoming| incoming.external.id().to_owned()).collect();
        let receipts = state.engine().ingest_all(mapped, received).await?;
        for (receipt, id) in receipts.iter().zip(&ids) {
            if let Outcome::Skipped { reason } = &receipt.outcome {
                notes.push(note_of(reason).about(Some(id)));
            }
        }
    }
    notes::keep(state.store(), key, &notes, received).await?;
    Ok(success())
}

fn note_of(reason: &SkipReason) -> Note {
    match reason {
        SkipReason::NoIdentifier => Note::no_id(),
        SkipReason::IdentifiesNobody => {
            Note::new("identifies_nobody", "all ids of a message are values that identify nobody")
        }
        SkipReason::Erased => Note::new("erased", "the person was erased and is not taken in again"),
        SkipReason::Refused(why) => Note::new("refused", why.clone()),
    }
}

/// What the previous ids of alias calls are: ids of visitors, unless only a customer is known by one.
pub(super) async fn previous_ids<'m>(
    state: &AppState,
    messages: impl Iterator<Item = &'m Tracked>,
) -> Result<BTreeMap<String, IdentifierKind>, StoreError> {
    let mut previous = BTreeMap::new();
    for id in messages.filter_map(Tracked::previous_id) {
        let kinds = [IdentifierKind::ANONYMOUS_ID, IdentifierKind::USER_ID];
        let ids: Vec<_> = kinds
            .iter()
            .filter_map(|kind| Identifier::new(kind.clone(), &id, PhoneRegion::NONE).ok())
            .map(|identifier| state.store().id_key().contact(&identifier))
            .collect();
        let known = state.store().contacts(&ids).await?;
        let is_customer = matches!(known.as_slice(), [None, Some(_)]);
        previous.insert(id, kinds[usize::from(is_customer)].clone());
    }
    Ok(previous)
}
