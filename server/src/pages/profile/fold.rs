//! Pages that were looked at one after the other fold to one line: `12 pages in 5 minutes`.

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

/// Parts rows into runs: pages of one visit on one day together, everything else by itself.
pub(crate) fn runs<'a>(rows: &'a [Happening], moments: &Moments) -> Vec<&'a [Happening]> {
    let goes_on = |newer: &Happening, older: &Happening| {
        is_page(newer)
            && is_page(older)
            && newer.place.at.as_millis() - older.place.at.as_millis() <= SILENCE
            && moments.day(newer.place.at) == moments.day(older.place.at)
    };
    let runs = rows.chunk_by(goes_on);
    runs.flat_map(|run| if run.len() < FEWEST { run.chunks(1) } else { run.chunks(run.len()) }).collect()
}

fn is_page(row: &Happening) -> bool {
    matches!(&row.what, Happened::Entry(entry) if entry.kind == EntryKind::PageView)
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
        li.event.visit data-row data-at=(newest.at.as_millis()) {
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
    use whom_core::model::{ContactId, EntryId, Source, TimelineCursor, Timestamp};

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
    }
}
