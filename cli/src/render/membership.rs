//! Merges, detachments and moves of a profile.

use super::Page;
use crate::{
    figures::counted,
    moment::minute,
    output::harmless,
    table::{Column, Columns},
    wire,
};

/// Changes of membership, in the order they came in.
pub(crate) fn history(page: Page<'_>, changes: &[wire::MembershipChange]) -> String {
    let mut table = Columns::new(
        page.output,
        &[
            Column::Whole("when"),
            Column::Text("what"),
            Column::Text("why"),
            Column::Whole("by"),
            Column::Whole("id"),
        ],
    );
    for change in changes {
        let deed =
            change.deed.as_object().and_then(|deed| deed.keys().next()).map_or("change", String::as_str);
        let moved = counted(change.moved.len() as u64, "contact");
        let what = match deed {
            "link" => format!("linked: {moved} of {} to {}", change.from, change.into),
            "merge" => format!("merged {} into {} ({moved})", change.from, change.into),
            "detach" => format!("detached {moved} from {} to {}", change.from, change.into),
            _ => format!("moved {moved} from {} to {}", change.from, change.into),
        };
        let what = match &change.undone {
            Some(undone) => format!("{what}; undone {} by {}", minute(undone.at), undone.by),
            None => what,
        };
        table.row([
            minute(change.at),
            what,
            harmless(&change.why.join("; ")),
            change.by.clone(),
            change.id.clone(),
        ]);
    }
    table.text()
}

/// Who is likely the same person, the likeliest first.
pub(crate) fn duplicates(page: Page<'_>, candidates: &[wire::Candidate]) -> String {
    let columns =
        [Column::Text("the rules say"), Column::Text("name"), Column::Text("because"), Column::Whole("id")];
    let mut table = Columns::new(page.output, &columns);
    for candidate in candidates {
        table.row([
            candidate.verdict.clone(),
            candidate.name.clone(),
            candidate.why.clone(),
            candidate.profile.clone(),
        ]);
    }
    table.text()
}
