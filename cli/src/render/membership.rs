//! Who is one person: what was merged and detached, who may be, and what a merge would make of two.

use super::{Page, plain};
use crate::{
    figures::counted,
    moment::{ago, minute},
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

/// The queue: two rows a pair, the reason beside the first.
pub(crate) fn pairs(page: Page<'_>, pairs: &[wire::Pair]) -> String {
    let columns =
        [Column::Text("name"), Column::Text("known by"), Column::Text("because"), Column::Whole("id")];
    let mut table = Columns::new(page.output, &columns);
    for pair in pairs {
        let why = match (&pair.verdict, &pair.undone) {
            (Some(verdict), None) => format!("{}: {}", verdict.verdict, verdict.why),
            (Some(verdict), Some(undone)) => format!(
                "{}: {}; merged before, undone {} by {}",
                verdict.verdict,
                verdict.why,
                ago(undone.at, page.now),
                undone.by
            ),
            (None, Some(undone)) => format!("undone {} by {}", ago(undone.at, page.now), undone.by),
            (None, None) => match &pair.told_apart_by {
                Some(said) => format!("told apart {} by {}", ago(said.at, page.now), said.by),
                None => "told apart".into(),
            },
        };
        for (side, why) in [(&pair.a, why.as_str()), (&pair.b, "")] {
            table.row([side.name.as_str(), &side.facts.join(", "), why, &side.profile]);
        }
    }
    format!("{}\n\nTo see what a merge would make of two: whom compare FROM INTO", table.text())
}

/// What was merged by hand, the latest first.
pub(crate) fn merged(page: Page<'_>, merges: &[wire::Merged]) -> String {
    let columns = [
        Column::Text("name"),
        Column::Text("took in"),
        Column::Whole("by"),
        Column::Whole("when"),
        Column::Text("because"),
        Column::Whole("profile"),
        Column::Whole("id"),
    ];
    let mut table = Columns::new(page.output, &columns);
    for merge in merges {
        let (took_in, why) = (merge.took_in.join(", "), merge.why.join("; "));
        let when = ago(merge.at, page.now);
        table.row([merge.name.as_str(), &took_in, &merge.by, &when, &why, &merge.profile, &merge.id]);
    }
    format!("{}\n\nTo undo one exactly: whom unmerge ID", table.text())
}

/// Two profiles side by side, and what would come of them.
pub(crate) fn compared(page: Page<'_>, preview: &wire::MergePreview) -> String {
    let paint = page.output.paint;
    let (into, from) = (&preview.into, &preview.from);
    let says = match &preview.verdict {
        Some(verdict) => format!("The rules say {}: {}.", verdict.verdict, harmless(&verdict.why)),
        None => "The rules could not say.".into(),
    };
    let columns = [
        Column::Whole(""),
        Column::Text("stays"),
        Column::Text("goes in"),
        Column::Text("together"),
        Column::Text("because"),
    ];
    let mut table = Columns::new(page.output, &columns);
    table.row(["Name", &into.name, &from.name, "", ""]);
    let reach = |side: &wire::Profile| {
        let contacts = side.contacts.iter().filter(|contact| contact.kind.is_some());
        contacts.map(|contact| contact.raw.clone()).collect::<Vec<_>>().join(", ")
    };
    table.row(["Reached by", &reach(into), &reach(from), "", ""]);
    let values = |values: &[wire::FieldValue]| {
        values.iter().map(|shown| plain(&shown.value)).collect::<Vec<_>>().join(", ")
    };
    for field in &preview.fields {
        // Where they say the same there is nothing to decide, and so no reason to read.
        let why = if field.differs { field.decided_by.as_str() } else { "" };
        table.row([&field.label, &values(&field.into), &values(&field.from), &values(&field.merged), why]);
    }
    let mut text = vec![says];
    if preview.told_apart {
        let said = match &preview.told_apart_by {
            Some(said) => format!("{} said {} that they are two people.", said.by, minute(said.at)),
            None => "Somebody said that they are two people.".into(),
        };
        text.push(paint.yellow(&said));
    }
    text.extend([String::new(), table.text(), String::new()]);
    text.push(format!("To merge them: whom merge {} {}", from.id, into.id));
    text.push(format!("To say that they are two: whom apart {} {}", into.id, from.id));
    text.join("\n")
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::{Value as Json, json};

    use super::*;
    use crate::render::testing::page;

    #[test]
    fn a_pair_is_two_rows_with_one_reason() {
        let side = |name: &str, id: &str| json!({ "profile": id, "name": name, "facts": [format!("{id}@x.example")] });
        let pair: wire::Pair =
            serde_json::from_value(json!({ "a": side("Ana Flores", "p_1"), "b": side("A. Flores", "p_2"),
            "verdict": { "verdict": "perhaps", "why": "same phone" } }))
            .unwrap();
        expect![[r#"
            name        known by       because              id
            Ana Flores  p_1@x.example  perhaps: same phone  p_1
            A. Flores   p_2@x.example                       p_2

            To see what a merge would make of two: whom compare FROM INTO"#]]
        .assert_eq(&pairs(page(), &[pair]));
    }

    #[test]
    fn a_comparison_says_what_would_come_of_two() {
        let said = |value: &str| json!([{ "value": value, "source": "agent:mia", "observed": "2026-01-01T00:00:00Z" }]);
        let side = |id: &str, name: &str| -> Json {
            json!({ "id": id, "name": name, "kind": "customer", "state": "live", "first_seen": "2026-01-01T00:00:00Z",
                "last_seen": "2026-01-01T00:00:00Z", "messages": 1, "events": 0 })
        };
        let preview: wire::MergePreview = serde_json::from_value(json!({ "into": side("p_1", "Ana Flores"), "from": side("p_2", "A. Flores"),
            "fields": [{ "label": "Company", "into": said("Acme"), "from": said("Acme GmbH"), "merged": said("Acme GmbH"),
                "decided_by": "the latest claim", "differs": true }],
            "verdict": { "verdict": "perhaps", "why": "same phone" }, "told_apart": false }))
        .unwrap();
        expect![[r#"
            The rules say perhaps: same phone.

                        stays       goes in    together   because
            Name        Ana Flores  A. Flores
            Reached by
            Company     Acme        Acme GmbH  Acme GmbH  the latest claim

            To merge them: whom merge p_2 p_1
            To say that they are two: whom apart p_1 p_2"#]]
        .assert_eq(&compared(page(), &preview));
    }
}
