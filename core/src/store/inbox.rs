//! The lists of the inbox: which keys a conversation stands under, how they are read, and made anew.
//!
//! Each conversation stands under one key: shelf, agent, latest message. "Anybody" is read as the lists of all
//! agents laid side by side, so that a message moves one key and not two; there are as many lists as agents.

use std::{cmp::Reverse, ops::ControlFlow};

use super::{
    StoreError,
    ordered::{Batch, Ordered},
    rows::key::{self, Key},
};
use crate::model::{Conversation, ConversationId, InboxCursor, Shelf, Timestamp, Whose};

/// How many lists are laid side by side at most: as many agents may have conversations on one shelf.
const MOST_LISTS: usize = 1_000;

/// Conversations read in one step when the lists are made anew.
const STEP: usize = 1_000;

/// Every key that leads to a conversation because of what it says now.
pub(crate) fn places(conversation: &Conversation) -> Vec<Key> {
    let mut places = Vec::new();
    if let Some(shelf) = Shelf::of(conversation) {
        let agent = conversation.assignee.as_deref().unwrap_or_default();
        places.push(key::inbox_place(shelf, agent, InboxCursor::of(conversation)));
        places.extend(conversation.snoozed_until.map(|until| key::due(until, conversation.id)));
    }
    places
}

/// The ids of a page of a list, the latest message first.
pub(crate) fn page(
    rows: &impl Ordered,
    shelf: Shelf,
    whose: &Whose,
    after: Option<InboxCursor>,
    limit: usize,
) -> Result<Vec<ConversationId>, StoreError> {
    let mut found = Vec::new();
    if limit == 0 {
        return Ok(Vec::new());
    }
    for list in lists(rows, shelf, whose)? {
        let from = match after {
            Some(cursor) => key::after(key::inbox_in(&list, cursor)),
            None => list.clone(),
        };
        let mut read = 0;
        rows.scan(&from, &list, &mut |key, _| {
            found.push(rows.sound(key, key::inbox_cursor(key, list.len()))?);
            read += 1;
            Ok(if read < limit { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
        })?;
    }
    found.sort_unstable_by_key(|cursor| Reverse(*cursor));
    found.truncate(limit);
    Ok(found.into_iter().map(|cursor| cursor.conversation).collect())
}

/// The conversations right above and right below a place in a list, which need not be taken.
pub(crate) fn beside(
    rows: &impl Ordered,
    shelf: Shelf,
    whose: &Whose,
    here: InboxCursor,
) -> Result<[Option<ConversationId>; 2], StoreError> {
    let (mut above, mut below): (Option<InboxCursor>, Option<InboxCursor>) = (None, None);
    for list in lists(rows, shelf, whose)? {
        let place = key::inbox_in(&list, here);
        let cursor = |key: &[u8]| rows.sound(key, key::inbox_cursor(key, list.len()));
        rows.scan_back(&place, &list, &mut |key, _| {
            let found = cursor(key)?;
            above = Some(above.map_or(found, |known| known.min(found)));
            Ok(ControlFlow::Break(()))
        })?;
        rows.scan(&key::after(place.clone()), &list, &mut |key, _| {
            let found = cursor(key)?;
            below = Some(below.map_or(found, |known| known.max(found)));
            Ok(ControlFlow::Break(()))
        })?;
    }
    Ok([above, below].map(|found| found.map(|cursor| cursor.conversation)))
}

/// How many conversations a list holds; counting ends at `most`.
pub(crate) fn count(
    rows: &impl Ordered,
    shelf: Shelf,
    whose: &Whose,
    most: usize,
) -> Result<usize, StoreError> {
    let mut count = 0;
    for list in lists(rows, shelf, whose)? {
        if count >= most {
            break;
        }
        rows.scan(&list, &list, &mut |_, _| {
            count += 1;
            Ok(if count < most { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
        })?;
    }
    Ok(count)
}

/// Conversations that are to come back by `until`, the earliest first.
pub(crate) fn due(
    rows: &impl Ordered,
    until: Timestamp,
    limit: usize,
) -> Result<Vec<(Timestamp, ConversationId)>, StoreError> {
    let mut due = Vec::new();
    if limit == 0 {
        return Ok(due);
    }
    let prefix = key::Table::Due.prefix();
    rows.scan(&prefix, &prefix, &mut |key, _| {
        let at = rows.sound(key, key::time_at(key, key::FIRST))?;
        if at > until {
            return Ok(ControlFlow::Break(()));
        }
        due.push((at, rows.sound(key, key::id_at(key, key::AFTER_TIME))?));
        Ok(if due.len() < limit { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
    })?;
    Ok(due)
}

/// What the keys of each list that is meant start with.
fn lists(rows: &impl Ordered, shelf: Shelf, whose: &Whose) -> Result<Vec<Key>, StoreError> {
    match whose {
        Whose::Nobody => return Ok(vec![key::inbox_list(shelf, "")]),
        Whose::Agent(agent) => return Ok(vec![key::inbox_list(shelf, agent)]),
        Whose::Anybody => {}
    }
    let prefix = key::inbox_shelf(shelf);
    let mut lists: Vec<Key> = Vec::new();
    let mut from = prefix.clone();
    while lists.len() < MOST_LISTS {
        let mut next = None;
        rows.scan(&from, &prefix, &mut |key, _| {
            next = Some(rows.sound(key, key::inbox_list_of(key))?);
            Ok(ControlFlow::Break(()))
        })?;
        let Some(list) = next else { break };
        from = key::past_inbox_list(&list);
        lists.push(list);
    }
    Ok(lists)
}

/// The keys that some conversations from `from` on are to stand under, and where to go on: for a store from
/// before there were such lists.
pub(crate) fn made_anew(rows: &impl Ordered, from: &[u8]) -> Result<(Batch, Option<Key>), StoreError> {
    let mut batch = Batch::new();
    let (mut read, mut last) = (0, None);
    rows.scan(from, &key::Table::Conversation.prefix(), &mut |key, bytes| {
        let conversation: Conversation = rows.read(key, bytes)?;
        batch.extend(places(&conversation).into_iter().map(|place| (place, Some(Vec::new()))));
        read += 1;
        last = Some(key.to_vec());
        Ok(if read < STEP { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
    })?;
    Ok((batch, last.filter(|_| read == STEP).map(key::after)))
}
