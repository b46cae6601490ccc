//! The middle pane: everything that happened, newest first, across channels.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use maud::{Markup, html};
use whom_core::{
    engine::{Happened, Happening, RecordKind, RecordPage},
    model::{
        ContactId, Conversation, ConversationId, Entry, EntryId, EntryKind, ProfileId, Schema, Tally,
        TimelineCursor,
    },
    view::ProfileView,
};

use super::{entry, fold, history::Names, jump, own_row};
use crate::pages::{
    conversation::Receipt,
    frame::Frame,
    icons::Icon,
    words::{self, profile as say},
};

/// A part of a record, and how it was asked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Slice {
    /// The rows, and where they go on.
    pub(crate) page: RecordPage,
    /// Whether newer rows are left out.
    pub(crate) is_later_part: bool,
    /// The filter that is in force.
    pub(crate) filter: Filter,
    /// The day that was jumped to.
    pub(crate) on: Option<String>,
    /// The conversation whose beginning was jumped to.
    pub(crate) chosen: Option<ConversationId>,
}

/// Which kinds of rows are shown; all where none is named.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Filter(pub(crate) Vec<RecordKind>);

impl Filter {
    /// Reads the words behind `?show=`, with commas between them; what it does not know counts for nothing.
    pub(crate) fn from_words(words: &str) -> Self {
        let mut kinds: Vec<RecordKind> = words.split(',').filter_map(|word| word.parse().ok()).collect();
        kinds.sort_unstable();
        kinds.dedup();
        Self(kinds)
    }

    /// The same with one kind put in or taken out.
    fn turned(&self, kind: RecordKind) -> Self {
        let mut kinds = self.0.clone();
        match kinds.iter().position(|known| *known == kind) {
            Some(place) => drop(kinds.remove(place)),
            None => kinds.push(kind),
        }
        kinds.sort_unstable();
        Self(kinds)
    }

    /// An address of the page with this filter and one more part behind `?`.
    fn address(&self, here: &str, part: Option<(&str, &str)>) -> String {
        let words: Vec<&str> = self.0.iter().map(|kind| kind.as_str()).collect();
        let show = (!words.is_empty()).then(|| format!("show={}", words.join(",")));
        let part = part.map(|(name, value)| format!("{name}={value}"));
        let query: Vec<String> = show.into_iter().chain(part).collect();
        if query.is_empty() { here.to_owned() } else { format!("{here}?{}", query.join("&")) }
    }
}

/// All that the pane shows.
pub(crate) struct Timeline<'a> {
    /// Whose it is.
    pub(crate) view: &'a ProfileView,
    /// Their conversations.
    pub(crate) conversations: &'a [Conversation],
    /// What contacts are called that belong to others by now.
    pub(crate) gone: &'a BTreeMap<ContactId, String>,
    /// What properties are called.
    pub(crate) schema: &'a Schema,
    /// The part that is shown.
    pub(crate) slice: &'a Slice,
    /// How messages of ours went out.
    pub(crate) receipts: &'a HashMap<EntryId, Receipt>,
    /// The notes that stay in sight.
    pub(crate) pinned: BTreeSet<EntryId>,
}

/// What is needed beside the rows themselves.
pub(crate) struct Around<'a> {
    /// How much happened in which month.
    pub(crate) activity: &'a Tally,
    /// How many rows of each kind there are.
    pub(crate) counts: &'a BTreeMap<RecordKind, u64>,
    /// Tells this form of a note from the next.
    pub(crate) note_request: &'a str,
    /// A note that was not saved, to be tried again.
    pub(crate) note: &'a str,
}

/// The pane.
pub(crate) fn pane(frame: &Frame, shown: &Timeline<'_>, around: &Around<'_>) -> Markup {
    let (view, slice) = (shown.view, shown.slice);
    let here = format!("/customers/{}", view.id);
    html! {
        h2.unseen #timeline-title { (words::TIMELINE) }
        (jump::years(frame, view.id, around.activity))
        div.timeline-head #timeline-head data-live=(format!("profile:{}", view.id)) data-live-quiet {
            nav.chips aria-label=(words::FILTER_TIMELINE) { (chips(&here, slice, around.counts)) }
            div.timeline-tools {
                @if slice.is_later_part {
                    a.chip-link data-goto href=(slice.filter.address(&here, None)) data-key="." data-key-says=(say::KEY_NEWEST) { (Icon::Up.svg()) (words::BACK_TO_NEWEST) }
                }
                (jump::dates(view.id, around.activity, slice.on.as_deref()))
            }
        }
        @if frame.may_write { (compose(view.id, around.note_request, around.note)) }
        @if slice.page.rows.is_empty() && slice.page.older.is_none() {
            div.nothing { p { (say::NOTHING_SHOWN) } p.faint { (say::NOTHING_SHOWN_NEXT) } }
        }
        ol.timeline #record { (part(frame, shown)) }
    }
}

fn chips(here: &str, slice: &Slice, counts: &BTreeMap<RecordKind, u64>) -> Markup {
    let count = |kind| counts.get(&kind).copied().unwrap_or_default();
    let is_on = |kind: &RecordKind| slice.filter.0.contains(kind);
    html! {
        a.chip-link data-goto href=(here) aria-current=[slice.filter.0.is_empty().then_some("true")] { (words::ALL) }
        @for kind in RecordKind::ALL.into_iter().filter(|kind| count(*kind) > 0 || is_on(kind)) {
            a.chip-link data-goto href=(slice.filter.turned(kind).address(here, None)) aria-current=[is_on(&kind).then_some("true")] {
                (say::rows(kind)) " " span.count { (words::thousands(count(kind))) }
            }
        }
    }
}

/// The form for a note.
fn compose(profile: ProfileId, request: &str, text: &str) -> Markup {
    html! {
        form.compose method="post" action=(format!("/customers/{profile}/notes")) data-quick {
            label.unseen for="note" { (words::ADD_NOTE) }
            textarea #note name="text" rows="1" placeholder=(words::NOTE_HINT) required maxlength="20000" data-enter-saves
                data-key="n" data-key-says=(say::KEY_NOTE) { (text) }
            input type="hidden" name="request" value=(request);
            div.row {
                span.faint { (words::NOTE_KEYS) }
                button { (words::SAVE_NOTE) }
            }
        }
    }
}

/// The rows alone, with the links to newer ones above and to older ones below them.
pub(crate) fn part(frame: &Frame, shown: &Timeline<'_>) -> Markup {
    let (view, slice) = (shown.view, shown.slice);
    let here = format!("/customers/{}", view.id);
    let known: HashMap<ConversationId, &Conversation> =
        shown.conversations.iter().map(|conversation| (conversation.id, conversation)).collect();
    let starts = starts(&slice.page.rows, &known);
    let names = Names { view, gone: shown.gone };
    let address = |name, place: TimelineCursor| slice.filter.address(&here, Some((name, &place.to_string())));
    let mut day = None;
    let mut about = None;
    html! {
        @if let Some(newer) = slice.page.newer {
            li.more data-more-place {
                a.button.quiet data-newer="by-itself" rel="prev" href=(address("after", newer)) { (Icon::Up.svg()) (say::NEWER) }
            }
        }
        @for run in fold::runs(&slice.page.rows, &frame.moments) {
            @let this_day = frame.moments.day(run[0].place.at);
            @if day.replace(this_day) != Some(this_day) {
                li.day data-once=(this_day) { time datetime=(this_day) { (frame.moments.day_words(this_day)) } }
            }
            @match &run[0].what {
                Happened::Entry(entry) if run.len() > 1 && entry.kind == EntryKind::Activity => {
                    (fold::deeds(frame, run, |entry| entry::row(frame, &plain(shown, &known, entry))))
                }
                _ if run.len() > 1 => (fold::row(frame, run, |entry| entry::event(frame, entry))),
                Happened::Entry(entry) => {
                    // A subject is said once for messages that follow each other, and where they begin.
                    @let goes_on = entry.kind == EntryKind::Message && about.replace(entry.conversation) == Some(entry.conversation);
                    @let anchor = starts.get(&entry.id).copied();
                    (entry::row(frame, &entry::Shown {
                        says_subject: anchor.is_some() || !goes_on,
                        anchor,
                        is_chosen: anchor.is_some() && anchor == slice.chosen,
                        receipt: shown.receipts.get(&entry.id),
                        is_pinned: shown.pinned.contains(&entry.id),
                        ..plain(shown, &known, entry)
                    }))
                }
                _ => (own_row::row(frame, &names, shown.schema, &run[0])),
            }
        }
        @if let Some(older) = slice.page.older {
            li.more data-more-place {
                a.button.quiet data-more="by-itself" rel="next" href=(address("before", older)) { (words::OLDER) }
            }
        }
    }
}

/// An entry with what is known around it, and nothing said of its place among others.
fn plain<'a>(
    shown: &Timeline<'a>,
    known: &HashMap<ConversationId, &'a Conversation>,
    entry: &'a Entry,
) -> entry::Shown<'a> {
    entry::Shown {
        entry,
        profile: shown.view.id,
        name: &shown.view.name,
        conversation: entry.conversation.and_then(|id| known.get(&id).copied()),
        says_subject: false,
        anchor: None,
        is_chosen: false,
        receipt: None,
        is_pinned: false,
    }
}

/// The first entry of each conversation, where links to it lead.
fn starts(
    rows: &[Happening],
    known: &HashMap<ConversationId, &Conversation>,
) -> HashMap<EntryId, ConversationId> {
    let mut oldest: HashMap<ConversationId, &Entry> = HashMap::new();
    for row in rows {
        if let Happened::Entry(entry) = &row.what
            && let Some(conversation) = entry.conversation
        {
            // Rows come newest first, so the last one found is the oldest.
            oldest.insert(conversation, entry);
        }
    }
    oldest
        .into_iter()
        .filter(|(id, entry)| known.get(id).is_some_and(|conversation| conversation.started == entry.at))
        .map(|(id, entry)| (entry.id, id))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_is_turned_on_and_off_kind_by_kind() {
        let none = Filter::default();
        let notes = none.turned(RecordKind::Note);
        let both = notes.turned(RecordKind::Message);
        assert_eq!(both.address("/c", None), "/c?show=message,note");
        assert_eq!(both.turned(RecordKind::Note), Filter::from_words("message,nothing,message"));
        assert_eq!(both.address("/c", Some(("before", "1.e"))), "/c?show=message,note&before=1.e");
        assert_eq!(notes.turned(RecordKind::Note).address("/c", Some(("on", "2026"))), "/c?on=2026");
        assert_eq!(notes.turned(RecordKind::Note).address("/c", None), "/c");
    }
}
