//! Keys of programs: API tokens with scopes, and write keys for the tracking API.

use serde::{Deserialize, Serialize};
use whom_core::{
    model::Timestamp,
    store::{DocumentKind, SharedStore, StoreError},
};

use crate::{
    audit::Deed,
    documents::{self, Fate, Stored},
    secret::Secret,
};

use super::Principal;

/// How exactly the last use of a key is kept; finer would be a write for every request.
const USE_GRAIN: i64 = 3_600_000;

/// What a token may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// See.
    Read,
    /// Change customers.
    Write,
    /// Bring messages and events in.
    Ingest,
    /// Erase, and manage people, keys, settings and rules.
    Admin,
}

/// What sort of key it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum KeyKind {
    /// For the JSON API.
    Token {
        /// What it may do.
        scopes: Vec<Scope>,
    },
    /// For the tracking API; it stands in web pages and is no secret there.
    WriteKey,
}

/// A key of a program, without the key itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiKey {
    /// Its id; follows from the key.
    pub id: String,
    /// What it is called; claims made with it are kept under this name.
    pub name: String,
    /// What sort of key it is.
    #[serde(flatten)]
    pub kind: KeyKind,
    /// The last four characters, to tell keys apart by.
    pub ends_in: String,
    hash: String,
    /// When it was made.
    pub created: Timestamp,
    /// Who made it.
    pub created_by: String,
    /// When it was last used, to the hour.
    pub last_used: Option<Timestamp>,
    /// When it was revoked.
    pub revoked: Option<Timestamp>,
}

impl Stored for ApiKey {
    const KIND: DocumentKind = DocumentKind::Key;
    const FEED: Option<&'static str> = Some("key");
}

/// The same row without word to the feed, for noting that a key was used.
#[derive(Serialize, Deserialize)]
#[serde(transparent)]
struct Quietly(ApiKey);

impl Stored for Quietly {
    const KIND: DocumentKind = DocumentKind::Key;
}

/// A key that was just made, with the secret that is shown this once.
#[derive(Clone, Debug)]
pub struct MintedKey {
    /// What is kept of it.
    pub key: ApiKey,
    /// The key itself.
    pub secret: Secret,
}

fn created_by(by: &Principal) -> String {
    match by {
        Principal::Local => "local".into(),
        by => by.source().to_string(),
    }
}

fn id_of(secret: &Secret) -> String {
    format!("k_{}", secret.hash().short())
}

/// Makes a key. A write key that an application already sends can be taken over by naming it.
pub(crate) async fn mint(
    store: &SharedStore,
    name: &str,
    kind: KeyKind,
    given: Option<&str>,
    by: &Principal,
    now: Timestamp,
) -> Result<MintedKey, StoreError> {
    let secret = match (given, &kind) {
        (Some(given), KeyKind::WriteKey) => Secret::given(given),
        (_, KeyKind::WriteKey) => Secret::draw("whom_write_"),
        (_, KeyKind::Token { .. }) => Secret::draw("whom_live_"),
    };
    let tail = secret.reveal().char_indices().rev().nth(3).map_or(0, |(place, _)| place);
    let key = ApiKey {
        id: id_of(&secret),
        name: name.to_owned(),
        kind,
        ends_in: secret.reveal()[tail..].to_owned(),
        hash: secret.hash().to_hex(),
        created: now,
        created_by: created_by(by),
        last_used: None,
        revoked: None,
    };
    let deed = Deed::new(by, "key_made").on("key", &key.id);
    documents::change_noting(store, &key.id, now, Some(&deed), |_| (Fate::Put(key.clone()), ())).await?;
    Ok(MintedKey { key, secret })
}

/// All keys after `after`, revoked ones too.
pub(crate) async fn list(
    store: &SharedStore,
    after: Option<&str>,
    limit: usize,
) -> Result<Vec<ApiKey>, StoreError> {
    Ok(documents::list(store, after, limit).await?.into_iter().map(|(_, key)| key).collect())
}

/// Revokes a key; nothing where there is none of that id. A revoked key stays listed.
pub(crate) async fn revoke(
    store: &SharedStore,
    id: &str,
    by: &Principal,
    now: Timestamp,
) -> Result<Option<ApiKey>, StoreError> {
    let deed = Deed::new(by, "key_revoked").on("key", id);
    documents::change_noting(store, id, now, Some(&deed), |known: Option<ApiKey>| match known {
        None => (Fate::Keep, None),
        Some(key) if key.revoked.is_some() => (Fate::Keep, Some(key)),
        Some(mut key) => {
            key.revoked = Some(now);
            (Fate::Put(key.clone()), Some(key))
        }
    })
    .await
}

/// Whether the key of this id was not revoked.
pub(super) async fn is_good(store: &SharedStore, id: &str) -> Result<bool, StoreError> {
    Ok(documents::get::<ApiKey>(store, id).await?.is_some_and(|key| key.revoked.is_none()))
}

/// The token that somebody presents, while it is good.
pub(super) async fn find_token(
    store: &SharedStore,
    secret: &Secret,
    now: Timestamp,
) -> Result<Option<(ApiKey, Vec<Scope>)>, StoreError> {
    let found = find(store, secret, now).await?;
    Ok(found.and_then(|key| match key.kind.clone() {
        KeyKind::Token { scopes } => Some((key, scopes)),
        KeyKind::WriteKey => None,
    }))
}

/// The write key that somebody presents, while it is good.
pub(crate) async fn find_write_key(
    store: &SharedStore,
    secret: &Secret,
    now: Timestamp,
) -> Result<Option<ApiKey>, StoreError> {
    Ok(find(store, secret, now).await?.filter(|key| key.kind == KeyKind::WriteKey))
}

async fn find(store: &SharedStore, secret: &Secret, now: Timestamp) -> Result<Option<ApiKey>, StoreError> {
    let Some(key) = documents::get::<ApiKey>(store, &id_of(secret)).await? else { return Ok(None) };
    if key.revoked.is_some() || !secret.hash().is(&key.hash) {
        return Ok(None);
    }
    let is_stale =
        |last: Option<Timestamp>| last.is_none_or(|last| now.as_millis() - last.as_millis() >= USE_GRAIN);
    if is_stale(key.last_used) {
        documents::change(store, &key.id, now, |known: Option<Quietly>| match known {
            Some(Quietly(mut known)) if is_stale(known.last_used) => {
                known.last_used = Some(now);
                (Fate::Put(Quietly(known)), ())
            }
            _ => (Fate::Keep, ()),
        })
        .await?;
    }
    Ok(Some(key))
}
