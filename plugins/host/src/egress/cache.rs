//! Answers that need not be asked for again.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use sha2::{Digest, Sha256};
use tokio::time::Instant;

use super::request::{Asked, Response};

/// Bytes of bodies in all.
const SPACE: usize = 16 * 1024 * 1024;
const LONGEST: Duration = Duration::from_secs(30 * 86_400);

pub(super) type Key = [u8; 32];

#[derive(Default)]
pub(super) struct Cache(Mutex<HashMap<Key, Kept>>);

struct Kept {
    response: Response,
    since: Instant,
    until: Instant,
}

impl Cache {
    /// The key of a request: whatever its answer may depend on, with placeholders and not secrets.
    pub(super) fn key(plugin: &str, asked: &Asked) -> Key {
        let mut digest = Sha256::new();
        let mut add = |text: &str| {
            digest.update((text.len() as u64).to_le_bytes());
            digest.update(text);
        };
        add(plugin);
        add(&asked.method);
        add(&asked.url);
        for (name, value) in &asked.headers {
            add(name);
            add(value);
        }
        add(asked.body.as_deref().unwrap_or(""));
        digest.finalize().into()
    }

    pub(super) fn get(&self, key: &Key) -> Option<Response> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(key).filter(|kept| kept.until > Instant::now()).map(|kept| kept.response.clone())
    }

    /// Keeps an answer for as long as the plugin or the provider says; 404 is an answer too.
    pub(super) fn put(&self, key: Key, asked: &Asked, response: &Response) {
        let named = asked.cache_s.map(Duration::from_secs);
        let Some(keep) = named.or_else(|| max_age(asked, response)).map(|keep| keep.min(LONGEST)) else {
            return;
        };
        if !matches!(response.status, 200 | 203 | 204 | 404 | 410) || keep.is_zero() {
            return;
        }
        let now = Instant::now();
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|_, kept| kept.until > now);
        let mut used: usize = kept.values().map(|kept| kept.response.body.len()).sum();
        while used + response.body.len() > SPACE {
            let Some(oldest) = kept.iter().min_by_key(|(_, kept)| kept.since).map(|(key, _)| *key) else {
                return;
            };
            used -= kept.remove(&oldest).map_or(0, |kept| kept.response.body.len());
        }
        kept.insert(key, Kept { response: response.clone(), since: now, until: now + keep });
    }

    /// Forgets everything, for example because a provider was switched off.
    pub(super) fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

/// What `Cache-Control` allows, for requests that ask and do not tell.
fn max_age(asked: &Asked, response: &Response) -> Option<Duration> {
    let control = response.header("cache-control").filter(|_| asked.method == "GET")?.to_ascii_lowercase();
    let mut directives = control.split(',').map(str::trim);
    if directives.clone().any(|directive| matches!(directive, "no-store" | "no-cache")) {
        return None;
    }
    let seconds = directives.find_map(|directive| directive.strip_prefix("max-age="))?;
    seconds.parse().ok().map(Duration::from_secs)
}
