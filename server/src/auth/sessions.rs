//! Sessions and one-time login links: random secrets whose hashes are documents.
//!
//! A session that waits for the second factor is of another use than one of the pages, and what asks
//! who is signed in knows the latter alone: half open opens nothing.

use serde::{Deserialize, Serialize};
use whom_core::{
    feed::Change,
    model::Timestamp,
    store::{ChangeSet, DocumentKind, SharedStore, StoreError, Write},
};

use crate::{
    audit::{self, Deed},
    config::SessionTerms,
    documents::{self, Fate, Stored},
    secret::Secret,
};

/// How exactly the last visit is kept; finer would be a write for every request.
const VISIT_GRAIN: i64 = 3_600_000;

/// How long the second step of signing in may take.
const SECOND_STEP: i64 = 10 * 60_000;

/// The most wrong codes of one second step.
const MOST_WRONG: u32 = 5;

/// The most sessions that are listed of one person.
const MOST_LISTED: usize = 100;

/// That somebody is signed in, or on the way to it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Session {
    /// Who, by login name.
    pub(crate) login: String,
    /// What the cookie or link is good for.
    pub(crate) use_for: SessionUse,
    /// What they signed in with, in words.
    #[serde(default)]
    pub(crate) device: String,
    hash: String,
    pub(crate) created: Timestamp,
    pub(crate) last_seen: Timestamp,
    pub(crate) ends: Timestamp,
    /// How many wrong codes were given.
    #[serde(default, skip_serializing_if = "is_zero")]
    wrong: u32,
}

fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// What a secret of this sort opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SessionUse {
    /// The pages, until it ends.
    Pages,
    /// A session of its own, once.
    SignInOnce,
    /// The question for the second factor, and nothing else.
    SecondStep,
}

impl Stored for Session {
    const KIND: DocumentKind = DocumentKind::Session;
}

/// The word under which readers of the feed hear that a session was ended.
const FEED: &str = "session";

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

/// The id of a session: enough to find its row by, too little to pass for its secret.
pub(crate) fn id_of(secret: &Secret) -> String {
    secret.hash().short()
}

/// Opens a session for somebody; gives the secret for the cookie.
pub(super) async fn open(
    store: &SharedStore,
    login: &str,
    device: &str,
    terms: &SessionTerms,
    now: Timestamp,
) -> Result<Secret, StoreError> {
    let life = terms.at_most.as_millis() as i64;
    make(store, login, SessionUse::Pages, device, life, now).await.map(|(secret, _)| secret)
}

/// Opens the second step of signing in for somebody; gives the secret for the cookie.
pub(super) async fn open_second_step(
    store: &SharedStore,
    login: &str,
    device: &str,
    now: Timestamp,
) -> Result<Secret, StoreError> {
    make(store, login, SessionUse::SecondStep, device, SECOND_STEP, now).await.map(|(secret, _)| secret)
}

/// Makes a one-time login link for somebody.
pub(crate) async fn make_link(
    store: &SharedStore,
    login: &str,
    terms: &SessionTerms,
    now: Timestamp,
) -> Result<LoginLink, StoreError> {
    let life = terms.login_link.as_millis() as i64;
    let (secret, ends) = make(store, login, SessionUse::SignInOnce, "", life, now).await?;
    Ok(LoginLink { path: format!("/login/once?token={}", secret.reveal()), ends })
}

async fn make(
    store: &SharedStore,
    login: &str,
    use_for: SessionUse,
    device: &str,
    life: i64,
    now: Timestamp,
) -> Result<(Secret, Timestamp), StoreError> {
    let secret = Secret::draw("");
    let ends = Timestamp::from_millis(now.as_millis() + life);
    let hash = secret.hash();
    let session = Session {
        login: login.to_owned(),
        use_for,
        device: device.to_owned(),
        hash: hash.to_hex(),
        created: now,
        last_seen: now,
        ends,
        wrong: 0,
    };
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

/// Whether the session of this id still opens the pages.
pub(crate) async fn is_open(
    store: &SharedStore,
    id: &str,
    terms: &SessionTerms,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let session = documents::get::<Session>(store, id).await?;
    Ok(session.is_some_and(|session| session.use_for == SessionUse::Pages && !session.is_over(terms, now)))
}

/// Who is at the second step with this secret, and with what they came.
pub(super) async fn find_second_step(
    store: &SharedStore,
    secret: &Secret,
    now: Timestamp,
) -> Result<Option<Session>, StoreError> {
    let hash = secret.hash();
    let session = documents::get::<Session>(store, &hash.short()).await?;
    Ok(session.filter(|session| session.is_second_step(secret, now)))
}

/// Counts a code before it is looked at; after too many the step is over. Says whether it may be looked at.
///
/// Counting first means that tries at the same moment cannot slip through together.
pub(super) async fn begin_code(
    store: &SharedStore,
    secret: &Secret,
    now: Timestamp,
) -> Result<bool, StoreError> {
    documents::change(store, &id_of(secret), now, |known: Option<Session>| match known {
        Some(mut step) if step.is_second_step(secret, now) => {
            step.wrong += 1;
            if step.wrong > MOST_WRONG { (Fate::Remove, false) } else { (Fate::Put(step), true) }
        }
        _ => (Fate::Keep, false),
    })
    .await
}

/// Ends a second step that was passed; of two at the same moment one alone succeeds.
pub(super) async fn pass_second_step(
    store: &SharedStore,
    secret: &Secret,
    now: Timestamp,
) -> Result<Option<Session>, StoreError> {
    documents::change(store, &id_of(secret), now, |known: Option<Session>| match known {
        Some(step) if step.is_second_step(secret, now) => (Fate::Remove, Some(step)),
        _ => (Fate::Keep, None),
    })
    .await
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

/// Ends the session that this secret opens, whatever it opens; gives whose it was.
pub(super) async fn end(
    store: &SharedStore,
    secret: &Secret,
    now: Timestamp,
) -> Result<Option<String>, StoreError> {
    let hash = secret.hash();
    documents::change(store, &hash.short(), now, |known: Option<Session>| match known {
        Some(session) if hash.is(&session.hash) => (Fate::Remove, Some(session.login)),
        _ => (Fate::Keep, None),
    })
    .await
}

/// The sessions of somebody that open the pages, the last visited first.
pub(crate) async fn list(
    store: &SharedStore,
    login: &str,
    terms: &SessionTerms,
    now: Timestamp,
) -> Result<Vec<(String, Session)>, StoreError> {
    let mut found = all_of(store, login).await?;
    found.retain(|(_, session)| session.use_for == SessionUse::Pages && !session.is_over(terms, now));
    found.sort_by_key(|(_, session)| std::cmp::Reverse((session.last_seen, session.created)));
    found.truncate(MOST_LISTED);
    Ok(found)
}

async fn all_of(store: &SharedStore, login: &str) -> Result<Vec<(String, Session)>, StoreError> {
    const PAGE: usize = 500;
    let mut found = Vec::new();
    let mut after: Option<String> = None;
    loop {
        let page = documents::list::<Session>(store, after.as_deref(), PAGE).await?;
        let was_last = page.len() < PAGE;
        after = page.last().map(|(id, _)| id.clone());
        found.extend(page.into_iter().filter(|(_, session)| session.login == login));
        if was_last {
            return Ok(found);
        }
    }
}

/// Ends one session of somebody by its id; says whether it was there.
pub(crate) async fn end_one_of(
    store: &SharedStore,
    login: &str,
    id: &str,
    deed: &Deed,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let session = documents::get::<Session>(store, id).await?;
    if session.is_none_or(|session| session.login != login) {
        return Ok(false);
    }
    remove(store, &[id.to_owned()], Some(deed), now).await?;
    Ok(true)
}

/// Ends all sessions, links and second steps of somebody, except the session of this id; gives how many.
pub(crate) async fn end_all_of(
    store: &SharedStore,
    login: &str,
    except: Option<&str>,
    deed: Option<&Deed>,
    now: Timestamp,
) -> Result<usize, StoreError> {
    let mut ids: Vec<String> = all_of(store, login).await?.into_iter().map(|(id, _)| id).collect();
    ids.retain(|id| Some(id.as_str()) != except);
    if ids.is_empty() {
        return Ok(0);
    }
    remove(store, &ids, deed, now).await?;
    Ok(ids.len())
}

/// Takes sessions away and tells the feed, so that live streams that hang on them end.
async fn remove(
    store: &SharedStore,
    ids: &[String],
    deed: Option<&Deed>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let mut changes = ChangeSet::at(now);
    changes.writes.extend(ids.iter().map(|id| Write::RemoveDocument(DocumentKind::Session, id.clone())));
    changes
        .changes
        .extend(ids.iter().map(|id| Change::DocumentChanged { kind: FEED.into(), id: id.clone() }));
    if let Some(deed) = deed {
        changes.writes.push(audit::row(deed, now)?);
    }
    store.commit(changes).await.map(drop)
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

    fn is_second_step(&self, secret: &Secret, now: Timestamp) -> bool {
        self.use_for == SessionUse::SecondStep && secret.hash().is(&self.hash) && self.ends > now
    }
}
