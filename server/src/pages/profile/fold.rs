//! Rows that say little one by one fold to one line: pages looked at one after the other (`12 pages in 5 minutes`),
//! and what the team did to conversations in a row (`18 changes to 7 conversations`).

use maud::{Markup, html};
use whom_core::{
    engine::{Happened, Happening},
    model::{Entry, EntryKind},
};

use crate::pages::{
    components::Moments,
    frame::Frame,
    icons::Icon,
    words::{self, profile as say},
};

/// After how long a silence a visit is another one.
const SILENCE: i64 = 30 * 60_000;
/// Fewer pages than this stay lines of their own.
const FEWEST: usize = 3;
/// Fewer deeds than this do.
const FEWEST_DEEDS: usize = 5;

/// Parts rows into runs: pages of one visit on one day together, deeds of one day together, everything else by itself.
pub(crate) fn runs<'a>(rows: &'a [Happening], moments: &Moments) -> Vec<&'a [Happening]> {
    let goes_on = |newer: &Happening, older: &Happening| {
        let is_visit = is_page(newer)
            && is_page(older)
            && newer.place.at.as_millis() - older.place.at.as_millis() <= SILENCE;
        let is_same_day = moments.day(newer.place.at) == moments.day(older.place.at);
        is_same_day && (is_visit || (is_deed(newer) && is_deed(older)))
    };
    let runs = rows.chunk_by(goes_on);
    let fewest = |run: &[Happening]| if is_deed(&run[0]) { FEWEST_DEEDS } else { FEWEST };
    runs.flat_map(|run| if run.len() < fewest(run) { run.chunks(1) } else { run.chunks(run.len()) }).collect()
}

fn is_page(row: &Happening) -> bool {
    matches!(&row.what, Happened::Entry(entry) if entry.kind == EntryKind::PageView)
}

/// Something done to a conversation; what the customer answered about it stands by itself.
fn is_deed(row: &Happening) -> bool {
    matches!(&row.what, Happened::Entry(entry) if entry.kind == EntryKind::Activity
        && entry.conversation.is_some() && entry.title != "satisfaction")
}

/// A run of deeds as one line that unfolds.
pub(crate) fn deeds(frame: &Frame, run: &[Happening], deed: impl Fn(&Entry) -> Markup) -> Markup {
    let entries = || {
        run.iter().filter_map(|row| match &row.what {
            Happened::Entry(entry) => Some(entry),
            _ => None,
        })
    };
    let mut talks: Vec<_> = entries().filter_map(|entry| entry.conversation).collect();
    talks.sort_unstable();
    talks.dedup();
    let newest = run[0].place;
    html! {
        li.event.visit id=(format!("run-{}", run[run.len() - 1].place.entry)) tabindex="-1" data-row data-at=(newest.at.as_millis()) {
            (Icon::Flag.svg())
            details {
                summary { span.name { (say::deeds_to(run.len() as u64, talks.len() as u64)) } " …" }
                ol { @for entry in entries() { (deed(entry)) } }
            }
            (frame.moments.clock(newest.at))
        }
    }
}

/// A run of pages as one line that unfolds.
pub(crate) fn row(frame: &Frame, run: &[Happening], page: impl Fn(&Entry) -> Markup) -> Markup {
    let (newest, oldest) = (run[0].place, run[run.len() - 1].place);
    let span = newest.at.as_millis() - oldest.at.as_millis();
    let last = match &run[0].what {
        Happened::Entry(entry) => entry.title.as_str(),
        _ => "",
    };
    html! {
        li.event.visit id=(format!("run-{}", oldest.entry)) tabindex="-1" data-row data-at=(newest.at.as_millis()) {
            (Icon::Page.svg())
            details {
                summary {
                    span.name { (say::pages_in(run.len() as u64, span)) }
                    span.dot {} (last)
                    @if run.len() > 1 { " …" }
                }
                ol { @for row in run { @if let Happened::Entry(entry) = &row.what { (page(entry)) } } }
            }
            (frame.moments.clock(newest.at))
            span.unseen { (words::entries(EntryKind::PageView)) }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use jiff::tz::TimeZone;
    use whom_core::model::{ContactId, ConversationId, EntryId, Source, TimelineCursor, Timestamp};

    use super::*;

    fn row(kind: EntryKind, when: &str) -> Happening {
        let at = Timestamp::parse(when).unwrap();
        let id = EntryId::from_bytes([1; 10]);
        let entry = Entry {
            id,
            contact: ContactId::from_bytes([1; 10]),
            at,
            recorded: at,
            kind,
            source: Source::agent("x"),
            channel: None,
            direction: None,
            conversation: None,
            title: String::new(),
            summary: String::new(),
            properties: BTreeMap::new(),
            has_body: false,
        };
        Happening { place: TimelineCursor { at, entry: id }, what: Happened::Entry(entry) }
    }

    #[test]
    fn a_visit_folds_and_what_stands_between_parts_it() {
        use EntryKind::{Event, PageView};
        let moments = Moments::new(Timestamp::parse("2026-03-01").unwrap(), TimeZone::UTC);
        let rows = [
            row(PageView, "2026-02-02T00:10:00Z"),
            row(PageView, "2026-02-01T23:59:00Z"),
            row(PageView, "2026-02-01T23:50:00Z"),
            row(PageView, "2026-02-01T23:40:00Z"),
            row(Event, "2026-02-01T23:39:00Z"),
            row(PageView, "2026-02-01T23:38:00Z"),
            row(PageView, "2026-02-01T21:38:00Z"),
        ];
        let lengths: Vec<usize> = runs(&rows, &moments).iter().map(|run| run.len()).collect();
        assert_eq!(lengths, [1, 3, 1, 1, 1]);
        let deed = |number: u32| {
            let mut deed = row(EntryKind::Activity, &format!("2026-02-01T10:0{number}:00Z"));
            if let Happened::Entry(entry) = &mut deed.what {
                entry.conversation = Some(ConversationId::from_bytes([1; 10]));
            }
            deed
        };
        let many: Vec<Happening> = (0..5).rev().map(deed).collect();
        assert_eq!(runs(&many, &moments).len(), 1);
        assert_eq!(runs(&many[1..], &moments).len(), 4, "a few stay lines of their own");
    }
}
