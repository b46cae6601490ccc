//! From the headers of a request to whoever asks.

use std::net::{IpAddr, SocketAddr};

use axum::{
    extract::ConnectInfo,
    http::{HeaderMap, header, request::Parts},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::{app::AppState, locale::Locale, problem::Problem, secret::Secret};

use super::{LocalCaller, Principal, keys, people, sessions};

/// The cookie over https. `__Host-` makes browsers insist on Secure, on the path `/`, and on this host alone.
pub(super) const SECURE_COOKIE: &str = "__Host-whom_session";
/// The cookie over plain http, which is for a machine of one's own.
pub(super) const PLAIN_COOKIE: &str = "whom_session";

/// Where a request comes from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer {
    /// The address of whoever asks; none when the request was made in this process.
    pub(crate) address: Option<IpAddr>,
    /// Whether it came over https.
    pub(crate) is_https: bool,
}

/// What proved who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Proof {
    /// Something a browser sends by itself, on anybody's behalf.
    Cookie,
    /// Something that whoever asks put there.
    Deliberate,
}

/// Somebody who is known, and by what.
pub(super) struct Known {
    pub(super) principal: Principal,
    pub(super) proof: Proof,
    /// The id of the session, where it is one.
    pub(super) session: Option<OwnSession>,
    /// How they want to read dates, numbers and moments.
    pub(super) preferences: Preferences,
}

/// The session a request came with, by its id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OwnSession(pub(crate) String);

/// How somebody wants to read dates, numbers and moments.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Preferences {
    /// The language and country, such as `de-DE`.
    pub(crate) locale: Option<String>,
    /// The time zone, such as `Europe/Berlin`.
    pub(crate) zone: Option<String>,
}

impl Preferences {
    /// How dates and numbers are written for them: as they chose, else as their browser asks for pages.
    pub(super) fn locale(&self, headers: &HeaderMap) -> Locale {
        let asked = || headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        let chosen = self.locale.as_deref().and_then(Locale::of_tag);
        chosen.or_else(|| asked().and_then(Locale::of_browser)).unwrap_or_default()
    }
}

impl Known {
    fn plainly(principal: Principal) -> Self {
        Self { principal, proof: Proof::Deliberate, session: None, preferences: Preferences::default() }
    }
}

/// Says where a request comes from; a proxy's word counts only when the proxy is trusted.
pub(crate) fn peer(state: &AppState, parts: &Parts) -> Peer {
    let direct = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(from)| from.ip());
    let proxies = &state.config().trusted_proxies;
    let text = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok());
    match direct {
        Some(proxy) if proxies.contains(&proxy.to_canonical()) => {
            // The last address that is no proxy of ours: everything before it may be made up.
            let forwarded = text("x-forwarded-for").unwrap_or_default();
            let client = forwarded
                .rsplit(',')
                .filter_map(|hop| hop.trim().parse::<IpAddr>().ok())
                .find(|hop| !proxies.contains(&hop.to_canonical()));
            Peer { address: client.or(Some(proxy)), is_https: text("x-forwarded-proto") == Some("https") }
        }
        address => Peer { address, is_https: false },
    }
}

/// The scheme and credentials of `Authorization`.
pub(crate) fn authorization(headers: &HeaderMap) -> Option<(String, &str)> {
    let (scheme, rest) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.trim().split_once(' ')?;
    Some((scheme.to_ascii_lowercase(), rest.trim()))
}

/// The user name of `Basic` credentials; a missing colon is forgiven.
pub(crate) fn basic_user(credentials: &str) -> Option<String> {
    let decoded = String::from_utf8(STANDARD.decode(credentials).ok()?).ok()?;
    Some(decoded.split_once(':').map_or(decoded.as_str(), |(user, _)| user).to_owned())
}

/// Whether the pages are reached over https, as far as this request or the settings tell.
pub(super) fn is_https(state: &AppState, from: Peer) -> bool {
    from.is_https || state.config().public_url.as_deref().is_some_and(|url| url.starts_with("https://"))
}

/// The secret in the session cookie.
///
/// Over https only the guarded name counts: the plain one could be set by a neighbouring host, to sign somebody
/// in as somebody else.
pub(super) fn session_cookie(state: &AppState, from: Peer, headers: &HeaderMap) -> Option<Secret> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let pairs: Vec<(&str, &str)> =
        cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('=')).collect();
    let find = |name| pairs.iter().find(|(known, _)| *known == name).map(|(_, value)| Secret::given(value));
    find(SECURE_COOKIE).or_else(|| if is_https(state, from) { None } else { find(PLAIN_COOKIE) })
}

/// Says who asks; nothing where nobody has said. Credentials that are wrong are a problem, never nobody.
pub(super) async fn authenticate(state: &AppState, parts: &Parts) -> Result<Option<Known>, Problem> {
    let (store, now) = (state.store(), state.now());
    if let Some(caller) = parts.extensions.get::<LocalCaller>() {
        let Some(login) = caller.person() else { return Ok(Some(Known::plainly(Principal::Local))) };
        let person = people::get(store, login).await?.filter(|person| !person.disabled);
        let person = person.ok_or_else(|| Problem::forbidden(format!("nobody works here as `{login}`")))?;
        return Ok(Some(Known::plainly(person.principal())));
    }
    if let Some((scheme, credentials)) = authorization(&parts.headers) {
        let token = match scheme.as_str() {
            "bearer" => Some(Secret::given(credentials)),
            // curl -u TOKEN: is the quickest way to try something out.
            "basic" => basic_user(credentials).map(|user| Secret::given(&user)),
            _ => None,
        };
        let token = token.ok_or_else(|| {
            Problem::unauthorized("send the token as `Authorization: Bearer whom_live_…`").challenge()
        })?;
        let Some((key, scopes)) = keys::find_token(store, &token, now).await? else {
            return Err(Problem::unauthorized(
                "this token is unknown or was revoked: an admin makes a new one",
            )
            .challenge());
        };
        return Ok(Some(Known::plainly(Principal::Token { key: key.id, name: key.name, scopes })));
    }
    let from = peer(state, parts);
    let Some(cookie) = session_cookie(state, from, &parts.headers) else { return Ok(None) };
    let Some(login) = sessions::find(store, &cookie, &state.config().sessions, now).await? else {
        return Ok(None);
    };
    let person = people::get(store, &login).await?.filter(|person| !person.disabled);
    Ok(person.map(|person| Known {
        principal: person.principal(),
        proof: Proof::Cookie,
        session: Some(OwnSession(sessions::id_of(&cookie))),
        preferences: Preferences { locale: person.locale, zone: person.zone },
    }))
}

/// Whoever asks, where that can be told without refusing anybody: for a page that says what failed.
pub(crate) async fn who_asks(state: &AppState, parts: &Parts) -> Option<Principal> {
    authenticate(state, parts).await.ok().flatten().map(|known| known.principal)
}
