//! Sessions and one-time login links: random secrets whose hashes are documents.

use serde::{Deserialize, Serialize};
use whom_core::{
    model::Timestamp,
    store::{DocumentKind, SharedStore, StoreError},
};

use crate::{
    config::SessionTerms,
    documents::{self, Fate, Stored},
    secret::Secret,
};

/// How exactly the last visit is kept; finer would be a write for every request.
const VISIT_GRAIN: i64 = 3_600_000;

/// That somebody is signed in.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Session {
    /// Who, by login name.
    pub(crate) login: String,
    /// What the cookie or link is good for.
    pub(crate) use_for: SessionUse,
    hash: String,
    created: Timestamp,
    last_seen: Timestamp,
    ends: Timestamp,
}

/// What a secret of this sort opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SessionUse {
    /// The pages, until it ends.
    Pages,
    /// A session of its own, once.
    SignInOnce,
}

impl Stored for Session {
    const KIND: DocumentKind = DocumentKind::Session;
}

/// A one-time login link that was just made.
#[derive(Clone, Debug)]
pub struct LoginLink {
    /// The path to open, token included. It works once.
    pub path: String,
    /// Until when it works.
    pub ends: Timestamp,
}

/// What became of a one-time login link.
#[derive(Debug)]
pub(crate) enum OneTime {
    /// It opened a session for this person.
    Good(String),
    /// It was used before, has ended, or never was.
    Over,
}

/// Opens a session for somebody; gives the secret for the cookie.
pub(super) async fn open(
    store: &SharedStore,
    login: &str,
    terms: &SessionTerms,
    now: Timestamp,
) -> Result<Secret, StoreError> {
    make(store, login, SessionUse::Pages, terms.at_most.as_millis() as i64, now)
        .await
        .map(|(secret, _)| secret)
}

/// Makes a one-time login link for somebody.
pub(crate) async fn make_link(
    store: &SharedStore,
    login: &str,
    terms: &SessionTerms,
    now: Timestamp,
) -> Result<LoginLink, StoreError> {
    let life = terms.login_link.as_millis() as i64;
    let (secret, ends) = make(store, login, SessionUse::SignInOnce, life, now).await?;
    Ok(LoginLink { path: format!("/login/once?token={}", secret.reveal()), ends })
}

async fn make(
    store: &SharedStore,
    login: &str,
    use_for: SessionUse,
    life: i64,
    now: Timestamp,
) -> Result<(Secret, Timestamp), StoreError> {
    let secret = Secret::draw("");
    let ends = Timestamp::from_millis(now.as_millis() + life);
    let hash = secret.hash();
    let session =
        Session { login: login.to_owned(), use_for, hash: hash.to_hex(), created: now, last_seen: now, ends };
    documents::put(store, &hash.short(), now, &session).await?;
    Ok((secret, ends))
}

/// Who is signed in with this secret, while the session lasts.
pub(super) async fn find(
    store: &SharedStore,
    secret: &Secret,
    terms: &SessionTerms,
    now: Timestamp,
) -> Result<Option<String>, StoreError> {
    let hash = secret.hash();
    let Some(session) = documents::get::<Session>(store, &hash.short()).await? else { return Ok(None) };
    if session.use_for != SessionUse::Pages || !hash.is(&session.hash) || session.is_over(terms, now) {
        return Ok(None);
    }
    let is_stale = |session: &Session| now.as_millis() - session.last_seen.as_millis() >= VISIT_GRAIN;
    if is_stale(&session) {
        documents::change(store, &hash.short(), now, |known: Option<Session>| match known {
            Some(mut known) if is_stale(&known) => {
                known.last_seen = now;
                (Fate::Put(known), ())
            }
            _ => (Fate::Keep, ()),
        })
        .await?;
    }
    Ok(Some(session.login))
}

/// Uses a one-time link up; of two at the same moment one alone succeeds.
pub(super) async fn use_up(
    store: &SharedStore,
    secret: &Secret,
    now: Timestamp,
) -> Result<OneTime, StoreError> {
    let hash = secret.hash();
    documents::change(store, &hash.short(), now, |known: Option<Session>| match known {
        Some(link) if link.use_for == SessionUse::SignInOnce && hash.is(&link.hash) => {
            let answer = if link.ends > now { OneTime::Good(link.login) } else { OneTime::Over };
            (Fate::Remove, answer)
        }
        _ => (Fate::Keep, OneTime::Over),
    })
    .await
}

/// Ends one session.
pub(super) async fn end(store: &SharedStore, secret: &Secret, now: Timestamp) -> Result<(), StoreError> {
    let hash = secret.hash();
    documents::change(store, &hash.short(), now, |known: Option<Session>| match known {
        Some(session) if hash.is(&session.hash) => (Fate::Remove, ()),
        _ => (Fate::Keep, ()),
    })
    .await
}

/// Ends all sessions and links of somebody.
pub(crate) async fn end_all_of(
    store: &SharedStore,
    login: &str,
    now: Timestamp,
) -> Result<usize, StoreError> {
    documents::sweep::<Session>(store, now, |session| session.login == login).await
}

/// Takes away what has ended.
pub(crate) async fn sweep(
    store: &SharedStore,
    terms: &SessionTerms,
    now: Timestamp,
) -> Result<usize, StoreError> {
    documents::sweep::<Session>(store, now, |session| session.is_over(terms, now)).await
}

impl Session {
    fn is_over(&self, terms: &SessionTerms, now: Timestamp) -> bool {
        let idle = now.as_millis() - self.last_seen.as_millis();
        // A visit is kept to the hour, so the grain is given back to whoever came within it.
        self.ends <= now || idle > terms.idle.as_millis() as i64 + VISIT_GRAIN
    }
}
