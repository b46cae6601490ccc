//! Where a page begins, and how it looks: the deeds that belong to every page.

use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use super::{frame::Theme, looker::THEME_COOKIE, rail, sent::Sent};
use crate::http::is_own_path;

/// `GET /`: whoever signs in begins with the inbox.
pub(crate) async fn home() -> Redirect {
    Redirect::to(rail::home())
}

/// Light or dark, and the page to come back to.
#[derive(Deserialize)]
pub(crate) struct Look {
    theme: String,
    #[serde(default)]
    back: String,
}

/// `POST /theme`: light or dark without scripts; with them `theme.js` does the same by itself.
pub(crate) async fn set_theme(Sent(look): Sent<Look>) -> Response {
    let back = if is_own_path(&look.back) { &look.back } else { "/" };
    let mut response = Redirect::to(back).into_response();
    let word = Theme::from_word(&look.theme).word().unwrap_or_default();
    let cookie = format!("{THEME_COOKIE}={word}; Path=/; Max-Age=31536000; SameSite=Lax");
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}
