//! The middle pane: everything that happened, newest first, across channels.

use std::collections::HashMap;

use maud::{Markup, html};
use whom_core::{
    model::{Conversation, ConversationId, Entry, EntryKind, ProfileId, TimelineCursor},
    view::ProfileView,
};

use super::entry;
use crate::pages::{frame::Frame, icons::Icon, words};

/// A part of a timeline.
#[derive(Clone, Debug, Default)]
pub(crate) struct Slice {
    /// The entries, newest first.
    pub(crate) entries: Vec<Entry>,
    /// Where the next part begins.
    pub(crate) next: Option<TimelineCursor>,
    /// Whether newer entries are left out.
    pub(crate) is_later_part: bool,
    /// The filter that is in force.
    pub(crate) filter: Filter,
}

/// Which entries are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Filter {
    /// All of them.
    #[default]
    All,
    /// Those of one kind.
    Kind(EntryKind),
}

impl Filter {
    const OFFERED: [Self; 5] = [
        Self::All,
        Self::Kind(EntryKind::Message),
        Self::Kind(EntryKind::Event),
        Self::Kind(EntryKind::PageView),
        Self::Kind(EntryKind::Note),
    ];

    /// Reads the word behind `?show=`; what it does not know shows all.
    pub(crate) fn from_word(word: &str) -> Self {
        word.parse().map_or(Self::All, Self::Kind)
    }

    /// The kinds to ask for; none asks for all.
    pub(crate) fn kinds(self) -> Vec<EntryKind> {
        match self {
            Self::All => Vec::new(),
            // What was done to a conversation is an event to whoever reads.
            Self::Kind(EntryKind::Event) => vec![EntryKind::Event, EntryKind::Activity],
            Self::Kind(kind) => vec![kind],
        }
    }

    fn query(self) -> String {
        match self {
            Self::All => String::new(),
            Self::Kind(kind) => format!("?show={}", kind.as_str()),
        }
    }
}

/// The pane.
pub(crate) fn pane(
    frame: &Frame,
    view: &ProfileView,
    conversations: &[Conversation],
    slice: &Slice,
    note_request: &str,
) -> Markup {
    let here = format!("/customers/{}", view.id);
    html! {
        h2.unseen #timeline-title { (words::TIMELINE) }
        div.timeline-head {
            nav.chips aria-label=(words::FILTER_TIMELINE) {
                @for filter in Filter::OFFERED {
                    a.chip-link href=(format!("{here}{}", filter.query())) aria-current=[(slice.filter == filter).then_some("true")] {
                        (match filter { Filter::All => words::ALL, Filter::Kind(kind) => words::entries(kind) })
                    }
                }
            }
            @if slice.is_later_part {
                a.chip-link href=(format!("{here}{}", slice.filter.query())) { (Icon::Up.svg()) (words::BACK_TO_NEWEST) }
            }
        }
        @if frame.may_write && !slice.is_later_part { (compose(view.id, note_request)) }
        @if slice.entries.is_empty() && slice.next.is_none() { p.soft { (words::NOTHING_HERE) } }
        ol.timeline { (part(frame, view.id, &view.name, conversations, slice)) }
    }
}

/// The form for a note.
fn compose(profile: ProfileId, request: &str) -> Markup {
    html! {
        form.compose method="post" action=(format!("/customers/{profile}/notes")) {
            label.unseen for="note" { (words::ADD_NOTE) }
            textarea #note name="text" rows="1" placeholder=(words::NOTE_HINT) required maxlength="20000" data-enter-saves {}
            input type="hidden" name="request" value=(request);
            div.row {
                span.faint { (words::NOTE_KEYS) }
                button { (words::SAVE_NOTE) }
            }
        }
    }
}

/// The entries alone, with the link to the older ones below them.
pub(crate) fn part(
    frame: &Frame,
    profile: ProfileId,
    name: &str,
    conversations: &[Conversation],
    slice: &Slice,
) -> Markup {
    let known: HashMap<ConversationId, &Conversation> =
        conversations.iter().map(|conversation| (conversation.id, conversation)).collect();
    let starts = starts(&slice.entries, &known);
    let mut day = None;
    let mut about = None;
    html! {
        @for entry in &slice.entries {
            @let this_day = frame.moments.day(entry.at);
            @if day.replace(this_day) != Some(this_day) {
                li.day data-once=(this_day) { time datetime=(this_day) { (frame.moments.day_words(this_day)) } }
            }
            @let conversation = entry.conversation.and_then(|id| known.get(&id).copied());
            // A subject is said once for messages that follow each other, and where they begin.
            @let goes_on = entry.kind == EntryKind::Message && about.replace(entry.conversation) == Some(entry.conversation);
            @let anchor = starts.get(&entry.id).copied();
            (entry::row(frame, &entry::Shown {
                entry,
                profile,
                name,
                conversation,
                says_subject: anchor.is_some() || !goes_on,
                anchor,
            }))
        }
        @if let Some(next) = slice.next {
            @let joint = if slice.filter == Filter::All { "?" } else { "&" };
            li.more data-more-place {
                a.button data-more="by-itself" rel="next" href=(format!("/customers/{profile}{}{joint}before={next}", slice.filter.query())) { (words::OLDER) }
            }
        }
    }
}

/// The first entry of each conversation, where links to it lead.
fn starts(
    entries: &[Entry],
    known: &HashMap<ConversationId, &Conversation>,
) -> HashMap<whom_core::model::EntryId, ConversationId> {
    let mut oldest: HashMap<ConversationId, &Entry> = HashMap::new();
    for entry in entries {
        if let Some(conversation) = entry.conversation {
            // Entries come newest first, so the last one found is the oldest.
            oldest.insert(conversation, entry);
        }
    }
    oldest
        .into_iter()
        .filter(|(id, entry)| known.get(id).is_some_and(|conversation| conversation.started == entry.at))
        .map(|(id, entry)| (entry.id, id))
        .collect()
}
