//! The picture in a message that tells when it was looked at, for channels where an admin turned that on.
//!
//! It says nothing to whoever fetches it, sets no cookie, and answers the same for every address. What it
//! tells is little: many programs fetch no pictures, and some fetch them for everybody.

use axum::{
    extract::{Path, State},
    http::header,
    response::IntoResponse,
};
use subtle::ConstantTimeEq as _;
use whom_core::model::EntryId;

use super::delivery::{Along, Delivery, change};
use crate::{app::AppState, documents};

/// A picture of one transparent dot.
const DOT: &[u8] =
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff\x21\xf9\x04\x01\x00\x00\x00\x00\
    \x2c\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02\x44\x01\x00\x3b";

/// The picture's address for a message, where it has one.
pub(super) fn address(state: &AppState, key: &str, delivery: &Delivery) -> Option<String> {
    let public = state.config().public_url.as_deref()?;
    let token = delivery.token.as_deref()?;
    Some(format!("{}/o/{key}.{token}.gif", public.trim_end_matches('/')))
}

/// `GET /o/{token}`: the picture, whatever the token is.
pub(super) async fn picture(State(state): State<AppState>, Path(token): Path<String>) -> impl IntoResponse {
    if let Err(error) = look(&state, &token).await {
        tracing::warn!(%error, "that a message was looked at could not be written down");
    }
    let headers = [
        (header::CONTENT_TYPE, "image/gif"),
        (header::CACHE_CONTROL, "no-store, private, max-age=0"),
        (header::REFERRER_POLICY, "no-referrer"),
    ];
    (headers, DOT)
}

async fn look(state: &AppState, token: &str) -> Result<(), whom_core::store::StoreError> {
    let mut parts = token.splitn(3, '.');
    let (Some(key), Some(token), Some("gif")) = (parts.next(), parts.next(), parts.next()) else {
        return Ok(());
    };
    if key.parse::<EntryId>().is_err() {
        return Ok(());
    }
    let is_it = |delivery: &Delivery| {
        let own = delivery.token.as_deref().unwrap_or_default();
        !own.is_empty() && bool::from(own.as_bytes().ct_eq(token.as_bytes()))
    };
    let counts =
        |delivery: &Delivery| delivery.viewed.is_none() && delivery.sent.is_some() && is_it(delivery);
    // Read first: whoever knocks without a token must not cost a commit.
    if !documents::get::<Delivery>(state.store(), key).await?.is_some_and(|delivery| counts(&delivery)) {
        return Ok(());
    }
    let now = state.now();
    let seen = change(state.store(), key, now, Along::default(), |known| {
        if counts(&known) { Some(Delivery { viewed: Some(now), ..known }) } else { None }
    });
    seen.await.map(drop)
}
