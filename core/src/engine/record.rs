//! The record of a profile: its entries and what was done to the profile itself, as one timeline.
//!
//! Entries are read a page at a time from each contact; changes of membership and what people and providers
//! said come from rows that the view is made of anyway. All of it is in one order and pages by one cursor,
//! so a page costs the same however long the record is.

use std::{cmp::Reverse, collections::BTreeMap};

use serde::{Deserialize, Serialize};

use super::read::Loaded;
use crate::{
    model::{
        Assertion, Claim, Contact, Entry, EntryId, EntryKind, MembershipChange, Profile, PropertyKey, Source,
        SourceKind, Tally, TimelineCursor, Timestamp,
    },
    view::ProfileView,
};

/// The most changes of membership that a record shows, the latest ones.
pub(super) const MOST_CHANGES: usize = 500;

/// What sort of row of a record it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordKind {
    /// A message of a conversation.
    Message,
    /// A note of an agent.
    Note,
    /// Something that happened in an application.
    Event,
    /// A page or screen that was looked at.
    PageView,
    /// Something done to a conversation.
    Activity,
    /// A merge, a detachment, a contact that came together with others, or the undoing of one.
    Membership,
    /// What a provider found.
    Enrichment,
    /// What somebody at work or a program changed.
    Edit,
}

impl RecordKind {
    /// All kinds.
    pub const ALL: [Self; 8] = [
        Self::Message,
        Self::Note,
        Self::Event,
        Self::PageView,
        Self::Activity,
        Self::Membership,
        Self::Enrichment,
        Self::Edit,
    ];

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Membership => "membership",
            Self::Enrichment => "enrichment",
            Self::Edit => "edit",
            Self::Message => EntryKind::Message.as_str(),
            Self::Note => EntryKind::Note.as_str(),
            Self::Event => EntryKind::Event.as_str(),
            Self::PageView => EntryKind::PageView.as_str(),
            Self::Activity => EntryKind::Activity.as_str(),
        }
    }

    /// The kind of entry, where it is one.
    pub fn entry(self) -> Option<EntryKind> {
        match self {
            Self::Message => Some(EntryKind::Message),
            Self::Note => Some(EntryKind::Note),
            Self::Event => Some(EntryKind::Event),
            Self::PageView => Some(EntryKind::PageView),
            Self::Activity => Some(EntryKind::Activity),
            Self::Membership | Self::Enrichment | Self::Edit => None,
        }
    }
}

impl std::str::FromStr for RecordKind {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word).ok_or_else(|| {
            let known: Vec<_> = Self::ALL.iter().map(|kind| kind.as_str()).collect();
            format!("`{word}` is no kind of row: use one of {}", known.join(", "))
        })
    }
}

/// What somebody said about a profile in one step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Said {
    /// Who.
    pub by: Source,
    /// What of which property, in the order of their keys.
    pub said: Vec<(PropertyKey, Assertion)>,
}

/// What one row of a record tells.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[allow(clippy::large_enum_variant, reason = "most rows are entries")]
pub enum Happened {
    /// An entry of the timeline.
    Entry(Entry),
    /// A change of membership.
    Membership(MembershipChange),
    /// A change of membership was undone.
    Undone(MembershipChange),
    /// A provider found something.
    Enriched(Said),
    /// Somebody at work or a program changed something.
    Edited(Said),
}

impl Happened {
    /// What sort of row it is.
    pub fn kind(&self) -> RecordKind {
        match self {
            Self::Membership(_) | Self::Undone(_) => RecordKind::Membership,
            Self::Enriched(_) => RecordKind::Enrichment,
            Self::Edited(_) => RecordKind::Edit,
            Self::Entry(entry) => match entry.kind {
                EntryKind::Message => RecordKind::Message,
                EntryKind::Note => RecordKind::Note,
                EntryKind::Event => RecordKind::Event,
                EntryKind::PageView => RecordKind::PageView,
                EntryKind::Activity => RecordKind::Activity,
            },
        }
    }
}

/// One row of a record.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Happening {
    /// Its place; that of an entry is the place of the entry.
    #[serde(serialize_with = "as_text")]
    pub place: TimelineCursor,
    /// What it tells.
    #[serde(flatten)]
    pub what: Happened,
}

fn as_text<S: serde::Serializer>(place: &TimelineCursor, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(place)
}

/// From where a record is read, and which way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// From the newest backwards.
    Newest,
    /// Backwards from a place, which is left out.
    Before(TimelineCursor),
    /// Forwards from a place, which is left out.
    After(TimelineCursor),
}

/// A page of a record, newest first whichever way it was read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RecordPage {
    /// The rows.
    pub rows: Vec<Happening>,
    /// Where older rows go on; none at the beginning.
    pub older: Option<TimelineCursor>,
    /// Where newer rows go on; none at the end.
    pub newer: Option<TimelineCursor>,
}

/// A profile with all that its page is made of, read once.
pub struct Opened {
    /// What is shown of it.
    pub view: ProfileView,
    /// How it came together: its latest changes of membership, the latest last.
    pub changes: Vec<MembershipChange>,
    pub(super) loaded: Loaded,
}

impl Opened {
    /// The profile's row.
    pub fn profile(&self) -> &Profile {
        &self.loaded.profile
    }

    /// Its contacts with what was said through them.
    pub fn contacts(&self) -> &[(Contact, Vec<Claim>)] {
        &self.loaded.contacts
    }

    /// How many rows of each kind there are; nothing for kinds of entries while they are not all counted.
    pub fn counts(&self, activity: &Tally) -> BTreeMap<RecordKind, u64> {
        let total = activity.total();
        let mut counts: BTreeMap<RecordKind, u64> = RecordKind::ALL
            .into_iter()
            .filter_map(|kind| Some((kind, u64::from(total.of(kind.entry()?)))))
            .collect();
        for row in self.own_rows() {
            *counts.entry(row.what.kind()).or_default() += 1;
        }
        counts
    }

    /// The rows that are no entries, newest first.
    pub(super) fn own_rows(&self) -> Vec<Happening> {
        let mut rows = Vec::new();
        for change in &self.changes {
            let id = *change.id.as_bytes();
            let place = |at, id| TimelineCursor { at, entry: EntryId::from_bytes(id) };
            if let Some(undone) = &change.undone {
                let place = place(undone.at, id.map(|byte| !byte));
                rows.push(Happening { place, what: Happened::Undone(change.clone()) });
            }
            // A link between contacts that were together already changed nothing that anybody would see.
            if !change.moved.is_empty() {
                rows.push(Happening {
                    place: place(change.at, id),
                    what: Happened::Membership(change.clone()),
                });
            }
        }
        rows.extend(self.said_rows());
        rows.sort_by_key(|row| Reverse(row.place));
        rows
    }

    /// What people, programs and providers said, one row for each step in which they said it.
    fn said_rows(&self) -> Vec<Happening> {
        type Step<'a> = (Timestamp, &'a Source);
        let mut steps: BTreeMap<Step<'_>, BTreeMap<PropertyKey, (EntryId, Assertion)>> = BTreeMap::new();
        for claim in self.loaded.contacts.iter().flat_map(|(_, claims)| claims) {
            // What was decided about a value is for whoever asks why, and a pinned note is seen where it is.
            if claim.property.is_reserved() {
                continue;
            }
            if !matches!(claim.source.kind(), SourceKind::Plugin | SourceKind::Agent | SourceKind::Api) {
                continue;
            }
            let id = EntryId::from_bytes(*claim.id.as_bytes());
            let said = (id, claim.assertion.clone());
            // Whoever says the same again later says it in another step.
            let again = claim.source.kind() != SourceKind::Plugin && claim.last_observed > claim.recorded;
            let times = [Some(claim.recorded), again.then_some(claim.last_observed)];
            for at in times.into_iter().flatten() {
                let step = steps.entry((at, &claim.source)).or_default();
                let kept = step.entry(claim.property.clone()).or_insert_with(|| said.clone());
                // Of a value and of what takes its forerunner away, the value tells more.
                if matches!(said.1, Assertion::Is(_)) && !matches!(kept.1, Assertion::Is(_)) {
                    *kept = said.clone();
                }
            }
        }
        let rows = steps.into_iter().filter_map(|((at, by), properties)| {
            let entry = properties.values().map(|(id, _)| *id).min()?;
            let said = properties.into_iter().map(|(key, (_, assertion))| (key, assertion)).collect();
            let said = Said { by: by.clone(), said };
            let what = match by.kind() {
                SourceKind::Plugin => Happened::Enriched(said),
                _ => Happened::Edited(said),
            };
            Some(Happening { place: TimelineCursor { at, entry }, what })
        });
        rows.collect()
    }
}
