//! What is known of the feed but not committed to the index yet.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    sync::Arc,
};

use super::{SearchError, disk::Payload, document::IndexedProfile};
use crate::{
    engine::Engine,
    feed::{Change, Commit, FeedNumber},
    model::{AccountId, ProfileId},
};

/// Profiles that are read from the store but not committed, by id.
pub(super) type Pending = HashMap<ProfileId, Pended>;

/// One profile that is not committed yet.
#[derive(Clone, Debug)]
pub(super) struct Pended {
    /// What it is now; nothing when it is no profile to be found any more.
    pub(super) profile: Option<Arc<IndexedProfile>>,
    /// Counts what is put in, so that what came in during a commit is told from what was committed.
    stamp: u64,
}

/// How far the index and the memory beside it have come.
#[derive(Debug)]
pub(super) struct State {
    /// Every commit up to this one has been looked at: what it touched is in the index, pending or dirty.
    pub(super) scanned: FeedNumber,
    /// Profiles that were touched and are not loaded yet, with the first and the last commit that did.
    dirty: HashMap<ProfileId, (FeedNumber, FeedNumber)>,
    pending: Arc<Pending>,
    stamp: u64,
    /// Whether the index has to be made anew: it is empty, or of another store, or of other rules.
    pub(super) is_stale: bool,
    /// Whether what was in the index when it was opened is about another store.
    pub(super) is_of_another_store: bool,
    /// How many profiles are missing until it is.
    pub(super) missing: u64,
    /// The rules whose views are indexed.
    pub(super) rules: String,
    /// The names of accounts as they were last heard, so that other changes of them cost nothing.
    accounts: HashMap<AccountId, String>,
    /// Properties that occur and that nobody defined, so that one can ask for them.
    pub(super) free: Arc<BTreeSet<String>>,
}

/// The most properties without a definition that are remembered.
const MOST_FREE: usize = 500;

/// The most names of accounts that are remembered.
const MOST_ACCOUNTS: usize = 20_000;

impl State {
    /// Goes on from what the last commit of the index says, where that is about this store.
    pub(super) async fn resume(engine: &Engine, payload: Option<Payload>) -> Result<Self, SearchError> {
        let store = engine.store();
        let rules = engine.rules().hash().to_owned();
        let head = *store.feed_head().borrow();
        let mut state = Self {
            scanned: 0,
            dirty: HashMap::new(),
            pending: Arc::default(),
            stamp: 0,
            is_stale: false,
            is_of_another_store: false,
            missing: 0,
            rules,
            accounts: HashMap::new(),
            free: Arc::default(),
        };
        let fits = match &payload {
            Some(payload) if payload.store == fingerprint(engine) && payload.feed <= head => {
                let before = payload.feed.saturating_sub(1);
                let same = store.feed(before, 1).await?.into_iter().find(|c| c.number == payload.feed);
                payload.feed == 0 || same.map(|commit| commit.at) == payload.at
            }
            _ => false,
        };
        match payload {
            Some(payload) if fits => {
                state.free = Arc::new(payload.free);
                state.is_stale = payload.rules != state.rules;
                state.scanned = payload.feed;
            }
            _ => {
                // An empty store has its index already: an empty one.
                state.is_stale = head > 0;
                state.missing = store.figures().await?.profiles;
                state.is_of_another_store = payload.is_some();
            }
        }
        Ok(state)
    }

    /// Looks at commits, in order. What disappears does so at once; the rest waits to be loaded.
    pub(super) fn scan(&mut self, commits: &[Commit], of_accounts: &[(FeedNumber, ProfileId)]) {
        for commit in commits {
            for change in &commit.changes {
                for profile in change.profiles() {
                    self.touch(profile, commit.number);
                }
                match change {
                    Change::ProfileErased { profile } => self.put(*profile, None),
                    Change::ProfilesMerged { from, into, .. } if from != into => self.put(*from, None),
                    _ => {}
                }
            }
            self.scanned = commit.number;
        }
        for (number, profile) in of_accounts {
            self.touch(*profile, *number);
        }
    }

    fn touch(&mut self, profile: ProfileId, number: FeedNumber) {
        let touched = self.dirty.entry(profile).or_insert((number, number));
        touched.1 = touched.1.max(number);
    }

    /// Puts in what a profile is now.
    pub(super) fn put(&mut self, id: ProfileId, profile: Option<Arc<IndexedProfile>>) {
        self.stamp += 1;
        Arc::make_mut(&mut self.pending).insert(id, Pended { profile, stamp: self.stamp });
    }

    /// Remembers that properties occur which nobody defined.
    pub(super) fn meet(&mut self, free: impl IntoIterator<Item = String>) {
        for key in free {
            if self.free.len() < MOST_FREE && !self.free.contains(&key) {
                Arc::make_mut(&mut self.free).insert(key);
            }
        }
    }

    /// Puts in what was loaded: nothing newer can have been looked at meanwhile.
    pub(super) fn loaded(&mut self, id: ProfileId, profile: Option<Arc<IndexedProfile>>) {
        self.put(id, profile);
        self.dirty.remove(&id);
    }

    /// Up to `limit` profiles that wait to be loaded, the longest waiting first.
    pub(super) fn oldest_dirty(&self, limit: usize) -> Vec<ProfileId> {
        self.dirty_by(limit, |(first, _)| first)
    }

    /// Up to `limit` profiles that wait to be loaded, the last touched first.
    pub(super) fn latest_dirty(&self, limit: usize) -> Vec<ProfileId> {
        self.dirty_by(limit, |(_, last)| FeedNumber::MAX - last)
    }

    fn dirty_by(&self, limit: usize, key: fn((FeedNumber, FeedNumber)) -> FeedNumber) -> Vec<ProfileId> {
        let mut dirty: Vec<_> = self.dirty.iter().map(|(id, touched)| (key(*touched), *id)).collect();
        if dirty.len() > limit {
            dirty.select_nth_unstable(limit);
            dirty.truncate(limit);
        }
        dirty.sort_unstable();
        dirty.into_iter().map(|(_, id)| id).collect()
    }

    /// How many profiles wait to be loaded.
    pub(super) fn waiting(&self) -> usize {
        self.dirty.len()
    }

    /// What is not committed yet; the same for whoever holds it.
    pub(super) fn pending(&self) -> Arc<Pending> {
        Arc::clone(&self.pending)
    }

    /// Forgets what has been committed, except what came in anew.
    pub(super) fn committed(&mut self, written: &Pending) {
        let pending = Arc::make_mut(&mut self.pending);
        pending.retain(|id, pended| written.get(id).is_none_or(|written| written.stamp != pended.stamp));
        if pending.is_empty() {
            pending.shrink_to(64);
        }
    }

    /// Up to which commit everything is in the index once what is pending is committed.
    pub(super) fn settled(&self) -> FeedNumber {
        self.dirty
            .values()
            .map(|(first, _)| first - 1)
            .min()
            .map_or(self.scanned, |below| below.min(self.scanned))
    }

    /// Whether an account has another name than when it was last heard of.
    pub(super) fn is_renamed(&mut self, account: AccountId, name: &str) -> bool {
        if self.accounts.get(&account).is_some_and(|known| known == name) {
            return false;
        }
        if self.accounts.len() >= MOST_ACCOUNTS {
            self.accounts.clear();
        }
        self.accounts.insert(account, name.to_owned());
        true
    }

    /// The index was made anew from what the store held at commit `head` or later; `replaced` was pending before.
    pub(super) fn rebuilt(&mut self, head: FeedNumber, rules: &str, replaced: &Pending) {
        self.committed(replaced);
        self.dirty.retain(|_, (_, last)| *last > head);
        self.scanned = self.scanned.max(head);
        self.rules = rules.to_owned();
        self.is_stale = false;
        self.missing = 0;
    }
}

/// Names a store without saying its key.
pub(super) fn fingerprint(engine: &Engine) -> String {
    let hash = blake3::keyed_hash(engine.store().id_key().as_bytes(), b"search index");
    hash.to_hex()[..16].to_owned()
}

/// The accounts that commits say something new about, without repetition.
pub(super) fn accounts_of(commits: &[Commit]) -> Vec<(FeedNumber, AccountId)> {
    let mut seen = HashSet::new();
    let mut accounts = Vec::new();
    for commit in commits {
        for change in &commit.changes {
            if let Change::AccountChanged { account } = change
                && seen.insert(*account)
            {
                accounts.push((commit.number, *account));
            }
        }
    }
    accounts
}
