//! Which part of a thread a page shows, read from the store: its end, what stands beside a place, or around a message.
//!
//! Each costs the same however long the thread is.

use std::collections::{BTreeMap, BTreeSet};

use whom_core::model::{
    ContactId, Conversation, ConversationId, Direction, Entry, EntryId, EntryKind, ProfileId, TimelineCursor,
    Value,
};

use super::{sending, thread::Item};
use crate::{
    app::AppState,
    problem::Problem,
    reading::{self, Remote},
    sight::cover_line,
};

/// How many entries a page shows.
const ENTRIES: usize = 40;
/// How many of them stand before the message that was asked for.
const BEFORE: usize = 12;
/// How many are offered to be split off.
const TO_CHOOSE: usize = 200;

/// Which part of a thread is wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Wanted {
    /// Its end.
    #[default]
    End,
    /// Its end, with as much as messages can be chosen from.
    LongEnd,
    /// What stands before a place.
    Before(TimelineCursor),
    /// What stands after a place.
    After(TimelineCursor),
    /// An entry, with what stands around it.
    Around(EntryId, TimelineCursor),
}

/// A part of a thread, read for showing.
#[derive(Default)]
pub(super) struct Part {
    /// What it holds, oldest first.
    pub(super) items: Vec<Item>,
    /// Where what stands before it ends.
    pub(super) earlier: Option<TimelineCursor>,
    /// Where what stands after it begins.
    pub(super) later: Option<TimelineCursor>,
    /// The entry that was asked for.
    pub(super) marked: Option<EntryId>,
    /// Conversations that its entries name: number and subject.
    pub(super) named: BTreeMap<ConversationId, (u64, String)>,
    /// The customers who wrote, by the contact that each message came through.
    pub(super) authors: BTreeMap<ContactId, (ProfileId, String)>,
}

impl Part {
    /// Who wrote last of all customers.
    pub(super) fn last_author(&self) -> Option<&str> {
        let is_theirs =
            |item: &&Item| item.reading.is_some() && item.entry.direction == Some(Direction::Inbound);
        let last = self.items.iter().rfind(is_theirs)?;
        self.authors.get(&last.entry.contact).map(|(_, name)| name.as_str())
    }
}

fn place(entry: &Entry) -> TimelineCursor {
    TimelineCursor { at: entry.at, entry: entry.id }
}

/// Reads a part.
pub(super) async fn read(
    state: &AppState,
    conversation: &Conversation,
    wanted: Wanted,
) -> Result<Part, Problem> {
    let engine = state.engine();
    // One more than is shown tells whether there are more.
    let before = async |place: Option<TimelineCursor>, limit: usize| {
        let mut entries = engine.conversation_before(conversation.id, place, limit + 1).await?.1;
        let has_more = entries.len() > limit;
        if has_more {
            entries.remove(0);
        }
        Ok::<_, Problem>((entries, has_more))
    };
    let after = async |place: Option<TimelineCursor>, limit: usize| {
        let mut entries = engine.conversation(conversation.id, place, limit + 1).await?.1;
        let has_more = entries.len() > limit;
        entries.truncate(limit);
        Ok::<_, Problem>((entries, has_more))
    };
    let (entries, has_earlier, has_later) = match wanted {
        Wanted::End | Wanted::LongEnd => {
            let limit = if wanted == Wanted::End { ENTRIES } else { TO_CHOOSE };
            let (entries, has_earlier) = before(None, limit).await?;
            (entries, has_earlier, false)
        }
        Wanted::Before(place) => {
            let (entries, has_earlier) = before(Some(place), ENTRIES).await?;
            (entries, has_earlier, true)
        }
        Wanted::After(place) => {
            let (entries, has_later) = after(Some(place), ENTRIES).await?;
            (entries, true, has_later)
        }
        Wanted::Around(_, here) => {
            let (mut entries, has_earlier) = before(Some(here), BEFORE).await?;
            let from = entries.last().map(place);
            let (rest, has_later) = after(from, ENTRIES - BEFORE).await?;
            entries.extend(rest);
            (entries, has_earlier, has_later)
        }
    };
    let marked = match wanted {
        Wanted::Around(entry, _) => Some(entry),
        _ => None,
    };
    let earlier = entries.first().map(place).filter(|_| has_earlier);
    let later = entries.last().map(place).filter(|_| has_later);
    let named = named(state, &entries).await?;
    let authors = authors(state, &entries).await?;
    let receipts = sending::receipts(state, &entries).await?;
    let mut items = Vec::with_capacity(entries.len());
    for (entry, receipt) in entries.into_iter().zip(receipts) {
        let reading = match entry.kind {
            EntryKind::Message => {
                let body = if entry.has_body { state.store().body(entry.id).await? } else { None };
                Some(reading::read(&entry, body.as_ref(), Remote::Held))
            }
            _ => None,
        };
        items.push(Item { entry, reading, receipt });
    }
    Ok(Part { items, earlier, later, marked, named, authors })
}

/// What the customers who wrote are called.
async fn authors(
    state: &AppState,
    entries: &[Entry],
) -> Result<BTreeMap<ContactId, (ProfileId, String)>, Problem> {
    let wrote =
        |entry: &&Entry| entry.kind == EntryKind::Message && entry.direction != Some(Direction::Outbound);
    let contacts: BTreeSet<ContactId> = entries.iter().filter(wrote).map(|entry| entry.contact).collect();
    let contacts: Vec<ContactId> = contacts.into_iter().collect();
    let mut known: BTreeMap<ProfileId, (ProfileId, String)> = BTreeMap::new();
    let mut authors = BTreeMap::new();
    for row in state.store().contacts(&contacts).await?.into_iter().flatten() {
        let author = match known.get(&row.profile) {
            Some(author) => author.clone(),
            None => {
                let view = state.engine().view(row.profile, state.now()).await?;
                known.entry(row.profile).or_insert((view.id, view.name)).clone()
            }
        };
        authors.insert(row.id, author);
    }
    Ok(authors)
}

/// The conversations that activities name.
async fn named(
    state: &AppState,
    entries: &[Entry],
) -> Result<BTreeMap<ConversationId, (u64, String)>, Problem> {
    let ids = entries.iter().filter(|entry| entry.kind == EntryKind::Activity).flat_map(|entry| {
        ["from", "to"].into_iter().filter_map(|name| match entry.properties.get(name) {
            Some(Value::Text(text)) => text.parse::<ConversationId>().ok(),
            _ => None,
        })
    });
    let ids: Vec<ConversationId> = ids.collect::<BTreeSet<_>>().into_iter().collect();
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows = state.store().conversations(&ids).await?.into_iter().flatten();
    Ok(rows.map(|row| (row.id, (row.number, cover_line(row.subject)))).collect())
}
