//! Reading the record of a profile: a page of it, and how much there is of what.

use std::cmp::Reverse;

use super::{
    Engine, EngineError, Happened, Happening, Opened, RecordKind, RecordPage, Way, notes::is_removed,
    record::MOST_CHANGES,
};
use crate::{
    model::{
        Contact, Conversation, Entry, EntryId, EntryKind, Month, ProfileId, Tally, TimelineCursor, Timestamp,
    },
    store::StoreError,
};

/// How many steps are taken to find entries of rare kinds before the cursor is handed back.
const MOST_STEPS: usize = 16;
/// How many entries are read to count those from before counts were kept.
const MOST_COUNTED: usize = 2_000;

impl Engine {
    /// Reads a profile once for all that its page shows, following merges.
    pub async fn open(&self, id: ProfileId, now: Timestamp) -> Result<Opened, EngineError> {
        let mut loaded = self.load(id).await?;
        let view = self.cover_view(self.view_of(&loaded, now));
        if let Some(sight) = self.sight() {
            sight.cover_rows(self.rules().schema(), &mut loaded.contacts);
        }
        let latest = loaded.profile.changes.len().saturating_sub(MOST_CHANGES);
        let changes = match &loaded.profile.changes[latest..] {
            [] => Vec::new(),
            ids => self.store().membership_changes(ids).await?.into_iter().flatten().collect(),
        };
        Ok(Opened { view, changes, loaded })
    }

    /// How much happened in each month, over all contacts.
    ///
    /// Contacts keep count, so this reads nothing, save for those from before they did: of these the
    /// latest entries are counted.
    pub async fn activity(&self, opened: &Opened) -> Result<Tally, EngineError> {
        let mut all = Tally::default();
        for (contact, _) in &opened.loaded.contacts {
            if contact.tally_is_whole() {
                all.add(&contact.tally);
            } else {
                let entries = self.store().timeline(contact.id, None, MOST_COUNTED).await?;
                entries.iter().for_each(|entry| all.count(entry.kind, entry.at));
            }
        }
        Ok(all)
    }

    /// A page of the record of a profile; of all kinds where none is named.
    pub async fn record(
        &self,
        opened: &Opened,
        from: Way,
        limit: usize,
        kinds: &[RecordKind],
    ) -> Result<RecordPage, EngineError> {
        let is_wanted = |kind: RecordKind| kinds.is_empty() || kinds.contains(&kind);
        let entry_kinds: Vec<EntryKind> = kinds.iter().filter_map(|kind| kind.entry()).collect();
        let scanned = if kinds.is_empty() || !entry_kinds.is_empty() {
            let contacts: Vec<&Contact> = opened.loaded.contacts.iter().map(|(contact, _)| contact).collect();
            match from {
                Way::Newest => self.entries_before(&contacts, None, limit, &entry_kinds).await?,
                Way::Before(at) => self.entries_before(&contacts, Some(at), limit, &entry_kinds).await?,
                Way::After(at) => self.entries_after(&contacts, at, limit, &entry_kinds).await?,
            }
        } else {
            Scanned::default()
        };
        let is_forwards = matches!(from, Way::After(_));
        // Nearest first, whichever way: a page is cut where it is furthest.
        let mut rows: Vec<Happening> = scanned.entries;
        rows.extend(opened.own_rows().into_iter().filter(|row| {
            let is_on_the_way = match from {
                Way::Newest => true,
                Way::Before(at) => row.place < at,
                Way::After(at) => row.place > at,
            };
            let is_within = scanned
                .upto
                .is_none_or(|upto| if is_forwards { row.place <= upto } else { row.place >= upto });
            is_on_the_way && is_within && is_wanted(row.what.kind())
        }));
        rows.sort_by_key(|row| Reverse(row.place));
        if is_forwards {
            rows.reverse();
        }
        let is_cut = rows.len() > limit;
        rows.truncate(limit);
        let last = rows.last().map(|row| row.place);
        let goes_on = if is_cut { last } else { scanned.upto };
        let mut page = if is_forwards {
            rows.reverse();
            RecordPage { older: rows.last().map(|row| row.place), rows, newer: goes_on }
        } else {
            let newer = match from {
                Way::Before(at) => Some(rows.first().map_or(at, |row| row.place)),
                _ => None,
            };
            RecordPage { rows, older: goes_on, newer }
        };
        if let (Way::After(at), None) = (from, page.older) {
            page.older = Some(at);
        }
        if let Some(sight) = self.sight() {
            for row in &mut page.rows {
                if let Happened::Entry(entry) = &mut row.what {
                    sight.cover_entry(entry);
                }
            }
        }
        Ok(page)
    }

    async fn entries_before(
        &self,
        contacts: &[&Contact],
        before: Option<TimelineCursor>,
        limit: usize,
        kinds: &[EntryKind],
    ) -> Result<Scanned, StoreError> {
        let mut scanned = Scanned { entries: Vec::new(), upto: before };
        for _ in 0..MOST_STEPS {
            let Some(from) = skip_months(contacts, scanned.upto, kinds) else {
                scanned.upto = None;
                return Ok(scanned);
            };
            let step = self.step_before(contacts, from, limit, kinds).await?;
            let was_last = step.len() < limit;
            for entry in step.into_iter().take(limit) {
                if scanned.entries.len() == limit {
                    return Ok(scanned);
                }
                let place = TimelineCursor { at: entry.at, entry: entry.id };
                scanned.upto = Some(place);
                if (kinds.is_empty() || kinds.contains(&entry.kind)) && !is_removed(&entry) {
                    scanned.entries.push(Happening { place, what: Happened::Entry(entry) });
                }
            }
            if was_last {
                scanned.upto = None;
                return Ok(scanned);
            }
            if scanned.entries.len() == limit {
                return Ok(scanned);
            }
        }
        Ok(scanned)
    }

    /// The next entries of all contacts; contacts that were last seen before all of them are not asked.
    async fn step_before(
        &self,
        contacts: &[&Contact],
        from: Option<TimelineCursor>,
        limit: usize,
        kinds: &[EntryKind],
    ) -> Result<Vec<Entry>, StoreError> {
        let mut asked: Vec<&Contact> = contacts
            .iter()
            .filter(|contact| may_hold(contact, kinds))
            .filter(|contact| from.is_none_or(|from| contact.first_seen <= from.at))
            .copied()
            .collect();
        asked.sort_by_key(|contact| Reverse((newest_by(contact), contact.id)));
        let mut step: Vec<Entry> = Vec::new();
        for contact in asked {
            let floor = step.get(limit.saturating_sub(1)).map(|entry| entry.at);
            if floor.is_some_and(|floor| newest_by(contact) < floor) {
                break;
            }
            step.extend(self.store().timeline(contact.id, from, limit).await?);
            step.sort_by_key(|entry| Reverse((entry.at, entry.id)));
            // A message to two addresses of one person stands under both and shows once.
            step.dedup_by_key(|entry| (entry.at, entry.id));
        }
        Ok(step)
    }

    async fn entries_after(
        &self,
        contacts: &[&Contact],
        after: TimelineCursor,
        limit: usize,
        kinds: &[EntryKind],
    ) -> Result<Scanned, StoreError> {
        let mut scanned = Scanned { entries: Vec::new(), upto: Some(after) };
        for _ in 0..MOST_STEPS {
            let from = scanned.upto.unwrap_or(after);
            let mut step: Vec<Entry> = Vec::new();
            for contact in contacts {
                if newest_by(contact) >= from.at && may_hold(contact, kinds) {
                    step.extend(self.store().timeline_after(contact.id, from, limit).await?);
                }
            }
            step.sort_by_key(|entry| (entry.at, entry.id));
            step.dedup_by_key(|entry| (entry.at, entry.id));
            let was_last = step.len() < limit;
            for entry in step.into_iter().take(limit) {
                if scanned.entries.len() == limit {
                    return Ok(scanned);
                }
                let place = TimelineCursor { at: entry.at, entry: entry.id };
                scanned.upto = Some(place);
                if (kinds.is_empty() || kinds.contains(&entry.kind)) && !is_removed(&entry) {
                    scanned.entries.push(Happening { place, what: Happened::Entry(entry) });
                }
            }
            if was_last {
                scanned.upto = None;
                return Ok(scanned);
            }
            if scanned.entries.len() == limit {
                return Ok(scanned);
            }
        }
        Ok(scanned)
    }

    /// The conversations of an opened profile, the latest message first.
    pub async fn conversations_of(
        &self,
        opened: &Opened,
        limit: usize,
    ) -> Result<Vec<Conversation>, EngineError> {
        let mut all: Vec<Conversation> = Vec::new();
        // Nobody without a message takes part in a conversation.
        for (contact, _) in opened.loaded.contacts.iter().filter(|(contact, _)| contact.messages > 0) {
            all.extend(self.store().conversations_of(contact.id, limit).await?);
        }
        all.sort_by_key(|conversation| Reverse((conversation.last_message, conversation.id)));
        all.dedup_by_key(|conversation| conversation.id);
        all.truncate(limit);
        self.cover_conversations(&mut all);
        Ok(all)
    }
}

/// Entries that were found, the nearest first, and the place up to which all were looked at.
#[derive(Default)]
struct Scanned {
    entries: Vec<Happening>,
    upto: Option<TimelineCursor>,
}

/// A moment after which nothing stands in the timeline of a contact. What the team wrote and did does not count as
/// seeing the customer, so its months stand in for it.
fn newest_by(contact: &Contact) -> Timestamp {
    const TEAM: [EntryKind; 3] = [EntryKind::Message, EntryKind::Note, EntryKind::Activity];
    let team = contact.tally.latest_with(&TEAM, Month::in_year(i16::MAX, 12));
    contact.last_seen.max(team.map_or(contact.last_seen, Month::end))
}

fn may_hold(contact: &Contact, kinds: &[EntryKind]) -> bool {
    let total = contact.tally.total();
    let has = kinds.is_empty() || kinds.iter().any(|kind| total.of(*kind) > 0);
    contact.messages + contact.events > 0 && (has || !contact.tally_is_whole())
}

/// Goes straight to the latest month that holds one of these kinds: rare ones may lie years apart.
///
/// Nothing comes back where none is left; `Some(None)` begins at the newest.
fn skip_months(
    contacts: &[&Contact],
    before: Option<TimelineCursor>,
    kinds: &[EntryKind],
) -> Option<Option<TimelineCursor>> {
    if kinds.is_empty() || contacts.iter().any(|contact| !contact.tally_is_whole()) {
        return Some(before);
    }
    let from = before.map_or(Month::in_year(i16::MAX, 12), |before| Month::of(before.at));
    let month = contacts.iter().filter_map(|contact| contact.tally.latest_with(kinds, from)).max()?;
    // Whatever is older than the first moment of the next month is in this one or before it.
    let end = TimelineCursor { at: month.end(), entry: EntryId::from_bytes([0; 10]) };
    Some(Some(before.map_or(end, |before| before.min(end))))
}
