//! From a request to what a page has to know of whoever looks.

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
};
use jiff::tz::TimeZone;

use super::{
    components::Moments,
    frame::{Counts, Frame, SignedIn, Theme},
    waiting,
};
use crate::{
    app::AppState,
    auth::{Permission, Preferences, Principal},
};

/// The cookie that keeps light or dark.
pub(super) const THEME_COOKIE: &str = "whom_theme";
/// The cookie in which `time.js` says which time zone the browser is in.
const ZONE_COOKIE: &str = "whom_zone";

impl FromRequestParts<AppState> for Frame {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Self::Rejection> {
        let mut frame = Self::of(parts, state);
        if let Some(login) = frame.who.as_ref().and_then(|who| who.login.as_deref()) {
            // What waits is no reason to fail: without it the page is only poorer.
            frame.counts = waiting::counts(state, login, frame.moments.zone()).await.unwrap_or_default();
        }
        Ok(frame)
    }
}

impl Frame {
    /// The frame for whoever sent a request.
    pub(crate) fn of(parts: &Parts, state: &AppState) -> Self {
        let principal = parts.extensions.get::<Principal>();
        let theme = cookie(&parts.headers, THEME_COOKIE).map(Theme::from_word).unwrap_or_default();
        let chosen =
            parts.extensions.get::<Preferences>().and_then(|preferences| preferences.zone.as_deref());
        let zone =
            chosen.or_else(|| cookie(&parts.headers, ZONE_COOKIE)).and_then(|name| TimeZone::get(name).ok());
        Self {
            who: principal.and_then(signed_in),
            may_write: principal.is_some_and(|principal| principal.may(Permission::Write)),
            may_administer: principal.is_some_and(|principal| principal.may(Permission::Administer)),
            theme,
            moments: Moments::new(state.now(), zone.unwrap_or(TimeZone::UTC)),
            origin: state.config().public_url.clone().unwrap_or_else(|| here(&parts.headers)),
            path: parts.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned(),
            counts: Counts::default(),
            // Taken before anything is read, so that nothing falls between the page and its live updates.
            seen: *state.store().feed_head().borrow(),
        }
    }
}

/// The address of a machine of one's own, as the browser wrote it.
fn here(headers: &HeaderMap) -> String {
    let host = headers.get(header::HOST).and_then(|value| value.to_str().ok()).unwrap_or("localhost");
    format!("http://{host}")
}

fn signed_in(principal: &Principal) -> Option<SignedIn> {
    match principal {
        Principal::Person { name, login, role } => {
            Some(SignedIn { login: Some(login.clone()), name: name.clone(), role: Some(*role) })
        }
        Principal::Token { name, .. } => Some(SignedIn { login: None, name: name.clone(), role: None }),
        Principal::Local => None,
    }
}

fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(known, _)| *known == name).map(|(_, value)| value)
}
