//! Pictures from elsewhere, fetched by us so that nobody there learns who looks.
//!
//! Fetched are only addresses that stand in a stored message or a stored claim, never one that a request
//! names; by https, from public addresses, after every redirect anew. What is no picture by its first
//! bytes is not handed on. Every departure stands on the ledger before it leaves.

mod cache;
mod erased;
mod fetch;

#[cfg(test)]
mod tests;

use std::{path::PathBuf, sync::Arc, time::Duration};

use tokio::sync::Semaphore;
use whom_core::model::ProfileId;
use whom_plugin_host::ReqwestClient;

use crate::app::AppState;
use cache::Cache;
pub(crate) use erased::addresses_of;

/// How many are fetched at once.
const AT_ONCE: usize = 8;
/// How long one may take, redirects and waiting included.
const WITHIN: Duration = Duration::from_secs(15);

/// Fetches pictures and keeps them for a while.
pub(crate) struct Pictures {
    client: ReqwestClient,
    cache: Arc<Cache>,
    turns: Semaphore,
}

/// A picture that is wanted.
#[derive(Clone, Debug)]
pub(crate) struct Wanted<'a> {
    /// Where it is.
    pub(crate) address: &'a str,
    /// Whom it is about.
    pub(crate) about: Option<ProfileId>,
    /// Who wants it, for the ledger.
    pub(crate) rule: &'static str,
    /// An address that an admin typed in, from which pictures may come wherever it leads.
    pub(crate) local: Option<&'a str>,
    /// Whether it may be fetched, or only what is kept be shown.
    pub(crate) may_leave: bool,
}

/// Why there is no picture.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NoPicture {
    /// The address is one that pictures are not fetched from.
    #[error("pictures are not fetched from there: {0}")]
    Refused(&'static str),
    /// What is there is no PNG, JPEG, GIF or WebP.
    #[error("what is there is no PNG, JPEG, GIF or WebP")]
    NotOne,
    /// It could not be fetched.
    #[error("it could not be fetched")]
    Unreachable,
}

impl Pictures {
    /// Keeps pictures in a folder; without one a few in memory.
    pub(crate) fn new(folder: Option<PathBuf>) -> Self {
        Self {
            client: ReqwestClient::new(),
            cache: Arc::new(Cache::new(folder)),
            turns: Semaphore::new(AT_ONCE),
        }
    }

    /// A picture, from where it is kept or from where it is.
    pub(crate) async fn get(&self, state: &AppState, wanted: Wanted<'_>) -> Result<Vec<u8>, NoPicture> {
        if let Some(known) = self.cache.get(wanted.address).await {
            return known.ok_or(NoPicture::Unreachable);
        }
        if !wanted.may_leave {
            return Err(NoPicture::Refused("asking this provider is switched off"));
        }
        let fetching = async {
            let _turn = self.turns.acquire().await.map_err(|_| NoPicture::Unreachable)?;
            fetch::fetch(&self.client, state, &wanted).await
        };
        let fetched = tokio::time::timeout(WITHIN, fetching).await.unwrap_or(Err(NoPicture::Unreachable));
        self.cache.put(wanted.address, fetched.as_ref().ok().map(Vec::as_slice)).await;
        fetched
    }

    /// Forgets a picture, because somebody took it away.
    pub(crate) async fn forget(&self, address: &str) {
        self.cache.forget(address).await;
    }
}
