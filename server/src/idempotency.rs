//! Requests that may be repeated: the same `Idempotency-Key` gets the first answer again, for a day.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{FromRequest as _, Request, State},
    http::{HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};
use whom_core::{
    model::Timestamp,
    store::{DocumentKind, SharedStore, StoreError},
};

use crate::{
    app::AppState,
    auth::Principal,
    documents::{self, Stored},
    http::ApiBytes,
    problem::Problem,
    secret,
};

/// The header that names a request.
pub(crate) const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

/// How long an answer is kept.
const KEPT: i64 = 24 * 3_600_000;
/// The longest answer that is kept, in bytes.
const LONGEST: usize = 256 * 1024;

/// The requests under way that have a key.
#[derive(Clone, Debug, Default)]
pub(crate) struct InFlight(Arc<Mutex<HashSet<String>>>);

/// Holds the place of one request under way.
struct Turn {
    all: InFlight,
    id: String,
}

impl InFlight {
    fn begin(&self, id: &str) -> Option<Turn> {
        let mut under_way = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        under_way.insert(id.to_owned()).then(|| Turn { all: self.clone(), id: id.to_owned() })
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.all.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.id);
    }
}

/// An answer that is kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Answer {
    request: String,
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
    at: Timestamp,
}

impl Stored for Answer {
    const KIND: DocumentKind = DocumentKind::Idempotency;
}

/// Answers a request that names itself once; without a name it goes straight through.
pub(crate) async fn answer_once(
    State(state): State<AppState>,
    principal: Principal,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let Some(key) = request.headers().get(IDEMPOTENCY_KEY) else { return Ok(next.run(request).await) };
    let key = key.to_str().ok().map(|key| key.trim_matches('"')).filter(|key| (1..=255).contains(&key.len()));
    let key = key.ok_or_else(|| Problem::bad_request("`Idempotency-Key` has 1 to 255 plain characters"))?;
    let id = hash(&[principal.scope().as_bytes(), key.as_bytes()]);
    let Some(_turn) = state.in_flight().begin(&id) else {
        return Err(Problem::conflict("the first request with this `Idempotency-Key` is still under way")
            .retry_after(1));
    };

    let (parts, body) = request.into_parts();
    let path = parts.uri.path_and_query().map_or("", |path| path.as_str()).to_owned();
    let method = parts.method.to_string();
    let whole = Request::from_parts(parts.clone(), body);
    let ApiBytes(bytes) = ApiBytes::from_request(whole, &()).await?;
    let said = hash(&[method.as_bytes(), path.as_bytes(), &bytes]);
    let now = state.now();
    if let Some(kept) = documents::get::<Answer>(state.store(), &id).await?.filter(|kept| !kept.is_over(now))
    {
        if kept.request != said {
            return Err(Problem::invalid(
                "this `Idempotency-Key` was used for another request: draw a new one",
            ));
        }
        return Ok(kept.give_again());
    }
    let response = next.run(Request::from_parts(parts, Body::from(bytes))).await;
    // What failed here may succeed the next time, so it is not what a repetition should get.
    if response.status().is_server_error() {
        return Ok(response);
    }
    let (parts, body) = response.into_parts();
    let bytes =
        to_bytes(body, LONGEST).await.map_err(|_| Problem::internal("the answer is too long to be kept"))?;
    let kept = Answer {
        request: said,
        status: parts.status.as_u16(),
        headers: [header::CONTENT_TYPE, header::LOCATION, header::ETAG]
            .iter()
            .filter_map(|name| Some((name.to_string(), parts.headers.get(name)?.to_str().ok()?.to_owned())))
            .collect(),
        body: STANDARD.encode(&bytes),
        at: now,
    };
    documents::put(state.store(), &id, now, &kept).await?;
    Ok(Response::from_parts(parts, Body::from(bytes)))
}

impl Answer {
    fn is_over(&self, now: Timestamp) -> bool {
        now.as_millis() - self.at.as_millis() >= KEPT
    }

    fn give_again(&self) -> Response {
        let body = Bytes::from(STANDARD.decode(&self.body).unwrap_or_default());
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::OK);
        let mut response = (status, body).into_response();
        response.headers_mut().remove(header::CONTENT_TYPE);
        for (name, value) in &self.headers {
            if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), value.parse::<HeaderValue>()) {
                response.headers_mut().insert(name, value);
            }
        }
        response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
        response
    }
}

/// Takes away answers that are no longer kept.
pub(crate) async fn sweep(store: &SharedStore, now: Timestamp) -> Result<usize, StoreError> {
    documents::sweep::<Answer>(store, now, |answer| answer.is_over(now)).await
}

fn hash(parts: &[&[u8]]) -> String {
    let mut hasher = blake3::Hasher::new();
    for part in parts {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    secret::hex(&hasher.finalize().as_bytes()[..16])
}
