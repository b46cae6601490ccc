//! From the feed to whom it concerns.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use whom_core::{
    feed::{Change, FeedNumber},
    identity::{Done, TO},
    model::{Conversation, Direction, Entry, EntryId, EntryKind, Timestamp},
    store::{DocumentKind, StoreError},
};

use super::{Notice, Sort, records, tell};
use crate::{
    app::AppState,
    auth::people,
    documents::{self, Stored},
    pages::address_of,
};

/// The document that says how far the feed was read.
const READER: &str = "notices";
/// How many commits are read at a time.
const PAGE: usize = 256;
/// After how many commits it is written down how far the feed was read, where nobody was told anything.
const STRIDE: u64 = 2000;
/// The most people whose names are looked for.
const PEOPLE: usize = 1000;
/// How old what happened may be and still be news: an import is none.
pub(super) const NEWS_DAYS: i64 = 2;

/// How far the feed was read.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Position {
    after: FeedNumber,
}

impl Stored for Position {
    const KIND: DocumentKind = DocumentKind::Reader;
}

/// Reads the feed until the server stops, and tells what concerns somebody.
pub(crate) async fn run(state: AppState) {
    let mut head = state.store().feed_head();
    let mut after = None;
    loop {
        head.borrow_and_update();
        match read(&state, after).await {
            Ok(read) => after = Some(read),
            Err(error) => {
                tracing::warn!(%error, "the feed cannot be read for notices; it is tried again");
                tokio::time::sleep(Duration::from_secs(5)).await;
                continue;
            }
        }
        tokio::select! {
            () = state.stopping().cancelled() => return,
            changed = head.changed() => if changed.is_err() { return },
        }
    }
}

/// Reads what is new; the first time ever, nothing is.
pub(super) async fn read(state: &AppState, after: Option<FeedNumber>) -> Result<FeedNumber, StoreError> {
    let store = state.store();
    let kept = documents::get::<Position>(store, READER).await?.map(|position| position.after);
    let Some(mut after) = after.or(kept) else {
        let head = *store.feed_head().borrow();
        keep(state, head).await?;
        return Ok(head);
    };
    let mut told = 0;
    loop {
        let commits = store.feed(after, PAGE).await?;
        let Some(last) = commits.last() else { break };
        after = last.number;
        for change in commits.iter().flat_map(|commit| &commit.changes) {
            told += match change {
                Change::EntryAdded { entry, kind, .. } => concerns(state, *entry, *kind).await?,
                Change::RecordChanged { kind, id, .. } => records::concerns(state, kind, id).await?,
                _ => 0,
            };
        }
    }
    // Writing it down is a commit itself, which has to be rarer than what it writes down.
    if told > 0 || after > kept.unwrap_or(0) + STRIDE {
        keep(state, after).await?;
    }
    Ok(after)
}

async fn keep(state: &AppState, after: FeedNumber) -> Result<(), StoreError> {
    documents::put(state.store(), READER, state.now(), &Position { after }).await
}

/// Tells whoever an entry concerns; gives how many.
async fn concerns(state: &AppState, id: EntryId, kind: EntryKind) -> Result<usize, StoreError> {
    if matches!(kind, EntryKind::Event | EntryKind::PageView) {
        return Ok(0);
    }
    // Erased meanwhile, or old: nobody is told of it.
    let seen = state.store().seen(&[id]).await?.pop().flatten();
    let Some(seen) = seen.filter(|seen| is_news(seen.at, state.now())) else {
        return Ok(0);
    };
    let Some(entry) = state.store().entry(seen.contact, seen.at, id).await? else { return Ok(0) };
    let conversation = match entry.conversation {
        Some(id) => state.store().conversations(&[id]).await?.pop().flatten(),
        None => None,
    };
    let logins = match kind {
        EntryKind::Activity if entry.title == Done::Assignee.as_str() => {
            let to = entry.properties.get(TO).map(ToString::to_string);
            to.into_iter().map(|login| (login, Sort::Assigned)).collect()
        }
        EntryKind::Message if entry.direction == Some(Direction::Inbound) => {
            let assignee = conversation.as_ref().and_then(|one| one.assignee.clone());
            assignee.into_iter().map(|login| (login, Sort::Answered)).collect()
        }
        EntryKind::Note => mentioned(state, &entry.summary).await?,
        _ => Vec::new(),
    };
    let mut told = 0;
    for (login, sort) in logins {
        // Nobody is told what they did themselves.
        let is_own = sort != Sort::Answered && entry.source.name() == login;
        if is_own || people::get(state.store(), &login).await?.is_none_or(|person| person.disabled) {
            continue;
        }
        let link = link(state, conversation.as_ref(), &entry).await?;
        let Some(link) = link else { continue };
        tell(state, &login, notice(&entry, conversation.as_ref(), sort, link)).await?;
        told += 1;
    }
    Ok(told)
}

/// Whether it happened lately enough to be told.
pub(super) fn is_news(at: Timestamp, now: Timestamp) -> bool {
    at.days_until(now).abs() <= NEWS_DAYS
}

/// What an entry is about: its conversation, else itself.
pub(super) fn about(conversation: Option<&Conversation>, entry: &Entry) -> String {
    match conversation {
        Some(conversation) => format!("#{} {}", conversation.number, conversation.subject),
        None => entry.summary.clone(),
    }
}

fn notice(entry: &Entry, conversation: Option<&Conversation>, sort: Sort, link: String) -> Notice {
    let about = about(conversation.filter(|_| sort != Sort::Mentioned), entry);
    let by = (sort != Sort::Answered).then(|| entry.source.name().to_owned());
    Notice { id: format!("{}:{}", sort.as_str(), entry.id), at: entry.at, sort, about, by, link, read: false }
}

/// The page to open: the place in the conversation, else the customer.
pub(super) async fn link(
    state: &AppState,
    conversation: Option<&Conversation>,
    entry: &Entry,
) -> Result<Option<String>, StoreError> {
    if let Some(conversation) = conversation {
        return Ok(Some(address_of(conversation.number, entry.id)));
    }
    let contact = state.store().contacts(&[entry.contact]).await?.pop().flatten();
    Ok(contact.map(|contact| format!("/customers/{}#{}", contact.profile, entry.id)))
}

/// Everybody whose login name, or the part before its `@`, stands behind an `@`.
async fn mentioned(state: &AppState, text: &str) -> Result<Vec<(String, Sort)>, StoreError> {
    if !text.contains('@') {
        return Ok(Vec::new());
    }
    let names: Vec<String> = text
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':' | '!' | '?' | '(' | ')'))
        .filter_map(|word| word.strip_prefix('@'))
        .map(|name| name.trim_end_matches('.').to_lowercase())
        .collect();
    let everybody = people::list(state.store(), None, PEOPLE).await?;
    let is_named = |login: &str| {
        let short = login.split('@').next().unwrap_or(login);
        names.iter().any(|name| name == login || name == short)
    };
    Ok(everybody
        .into_iter()
        .filter(|person| is_named(&person.login))
        .map(|person| (person.login, Sort::Mentioned))
        .collect())
}
