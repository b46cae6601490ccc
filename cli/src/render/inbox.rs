//! The inbox, and one conversation with all that is in it.

use super::{Page, plain};
use crate::{
    moment::{ago, minute},
    output::harmless,
    table::{Column, Columns, cut},
    wire,
};

/// Conversations of a list, the latest message first.
pub(crate) fn inbox(page: Page<'_>, conversations: &[wire::Conversation]) -> String {
    let mut table = Columns::new(
        page.output,
        &[
            Column::Number("number"),
            Column::Text("subject"),
            Column::Whole("status"),
            Column::Whole("priority"),
            Column::Whole("for"),
            Column::Text("tags"),
            Column::Whole("last message"),
        ],
    );
    for row in conversations {
        let by = if row.last_direction == "inbound" { "from them" } else { "from us" };
        table.row([
            format!("#{}", row.number),
            cut(&row.subject, 48),
            status(page, row),
            row.priority.clone(),
            row.assignee.clone().unwrap_or_else(|| "nobody".into()),
            row.tags.join(", "),
            format!("{} {by}", ago(row.last_message, page.now)),
        ]);
    }
    table.text()
}

fn status(page: Page<'_>, row: &wire::Conversation) -> String {
    match row.snoozed_until {
        Some(until) => format!("sleeps, {}", ago(until, page.now)),
        None => row.status.clone(),
    }
}

/// How many conversations stand in each list.
pub(crate) fn inbox_counts(page: Page<'_>, counts: &wire::InboxCounts) -> String {
    let mut table = Columns::new(page.output, &[Column::Whole("list"), Column::Number("conversations")]);
    for (name, count) in [
        ("open", &counts.open),
        ("unassigned", &counts.unassigned),
        ("pending", &counts.pending),
        ("snoozed", &counts.snoozed),
        ("closed", &counts.closed),
        ("spam", &counts.spam),
    ] {
        table.row([name.to_owned(), format!("{}{}", count.count, if count.and_more { "+" } else { "" })]);
    }
    table.text()
}

/// One conversation: what is known of it, then its entries, oldest first.
pub(crate) fn conversation(page: Page<'_>, row: &wire::Conversation, entries: &[wire::Entry]) -> String {
    let mut head = Columns::new(page.output, &[Column::Whole(""), Column::Text("")]);
    head.row(["status".to_owned(), format!("{}, {} priority", status(page, row), row.priority)]);
    head.row(["for".to_owned(), row.assignee.clone().unwrap_or_else(|| "nobody".into())]);
    if !row.tags.is_empty() {
        head.row(["tags".to_owned(), row.tags.join(", ")]);
    }
    for issue in &row.issues {
        head.row([issue.system.clone(), format!("{} {} {}", issue.key, issue.title, issue.state)]);
    }
    for (name, value) in &row.properties {
        head.row([name.clone(), plain(value)]);
    }
    let mut table = Columns::new(
        page.output,
        &[Column::Whole("when"), Column::Whole("what"), Column::Text(""), Column::Whole("id")],
    );
    let room = page.output.width.saturating_sub(70).max(20);
    for entry in entries {
        table.row([minute(entry.at), what(entry), cut(&said(entry), room), entry.id.clone()]);
    }
    let title = harmless(&row.subject);
    format!("#{} {title}\n{}\n\n{}", row.number, head.text().trim_start_matches('\n'), table.text())
}

fn what(entry: &wire::Entry) -> String {
    let who = || entry.source.split_once(':').map_or(entry.source.as_str(), |(_, name)| name).to_owned();
    match (entry.kind.as_str(), entry.direction.as_deref()) {
        ("message", Some("inbound")) => "from them".into(),
        ("message", _) => "from us".into(),
        ("note", _) => format!("note by {}", who()),
        _ => who(),
    }
}

fn said(entry: &wire::Entry) -> String {
    if entry.kind != "activity" {
        return if entry.summary.is_empty() { entry.title.clone() } else { entry.summary.clone() };
    }
    let part = |name: &str| entry.properties.get(name).filter(|value| !value.is_null()).map(plain);
    let mut said = entry.title.clone();
    match (part("from"), part("to")) {
        (Some(from), Some(to)) => said.push_str(&format!(": {from} → {to}")),
        (None, Some(to)) => said.push_str(&format!(": {to}")),
        (Some(from), None) => said.push_str(&format!(": not {from} any more")),
        (None, None) => {}
    }
    if !entry.summary.is_empty() {
        said.push_str(&format!(" ({})", entry.summary));
    }
    said
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::{Value as Json, json};

    use super::*;
    use crate::render::testing::page;

    fn row(extra: Json) -> wire::Conversation {
        let mut row = json!({ "id": "cv_1", "number": 12, "subject": "Tent arrived, pegs did not", "channel": "email",
            "status": "open", "priority": "high", "tags": ["late", "vip"], "assignee": "mia",
            "last_message": "2026-11-19T08:00:00Z", "last_direction": "inbound", "messages": 3, "issues": [],
            "properties": {}, "snoozed_until": null });
        if let (Json::Object(row), Json::Object(extra)) = (&mut row, extra) {
            row.extend(extra);
        }
        serde_json::from_value(row).unwrap()
    }

    #[test]
    fn the_inbox_says_who_looks_after_what() {
        let asleep = row(
            json!({ "number": 9, "assignee": null, "tags": [], "snoozed_until": "2026-11-22T12:00:00Z" }),
        );
        expect![[r#"
            number  subject                     status             priority  for     tags       last message
               #12  Tent arrived, pegs did not  open               high      mia     late, vip  1 day ago from them
                #9  Tent arrived, pegs did not  sleeps, in 2 days  high      nobody             1 day ago from them"#]]
        .assert_eq(&inbox(page(), &[row(json!({})), asleep]));
    }

    #[test]
    fn an_activity_says_what_it_was_before() {
        let entry: wire::Entry = serde_json::from_value(json!({ "id": "e_1", "at": "2026-11-19T08:00:00Z",
            "kind": "activity", "source": "agent:mia", "title": "status", "summary": "",
            "properties": { "from": "open", "to": "closed", "version": 3 } }))
        .unwrap();
        assert_eq!((what(&entry).as_str(), said(&entry).as_str()), ("mia", "status: open → closed"));
    }
}
