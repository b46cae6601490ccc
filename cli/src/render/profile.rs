//! Profiles: one in full, many as a list.

use serde_json::Value as Json;

use super::{Page, plain};
use crate::{
    figures::{count, counted},
    moment::ago,
    output::harmless,
    table::{Column, Columns, cut},
    wire,
};

/// One profile in full.
pub(crate) fn profile(page: Page<'_>, shown: &wire::Profile) -> String {
    let paint = page.output.paint;
    let mut text = vec![
        format!(
            "{}  {}",
            paint.bold(harmless(&shown.name)),
            paint.dim(format!("{} · {}", shown.kind, shown.id))
        ),
        format!(
            "{}, {} · first seen {} · last seen {}",
            counted(shown.messages, "message"),
            counted(shown.events, "event"),
            ago(shown.first_seen, page.now),
            ago(shown.last_seen, page.now),
        ),
    ];
    text.extend(state(&shown.state).map(|state| paint.yellow(state)));
    if !shown.accounts.is_empty() {
        let names: Vec<String> = shown
            .accounts
            .iter()
            .map(|account| format!("{} {}", harmless(&account.name), paint.dim(&account.id)))
            .collect();
        text.push(format!("of {}", names.join(", ")));
    }
    text.push(String::new());

    let mut fields = Columns::new(
        page.output,
        &[Column::Whole("property"), Column::Text("value"), Column::Text("from"), Column::Whole("said")],
    );
    for section in ["person", "reach", "custom"] {
        for field in shown.fields.iter().filter(|field| field.section == section) {
            // Contacts stand in a table of their own, with everything about them.
            if !is_shown_as_contact(field, shown) {
                add_field(&mut fields, page, field);
            }
        }
    }
    if !fields.is_empty() {
        text.push(fields.text());
        text.push(String::new());
    }

    let mut contacts = Columns::new(
        page.output,
        &[
            Column::Whole("contact"),
            Column::Text(""),
            Column::Number("messages"),
            Column::Number("events"),
            Column::Whole("last seen"),
            Column::Whole("id"),
        ],
    );
    for contact in shown.contacts.iter().filter(|contact| contact.kind.is_some()) {
        let value = if contact.raw.is_empty() || contact.raw.eq_ignore_ascii_case(&contact.value) {
            contact.value.clone()
        } else {
            format!("{} ({})", contact.value, contact.raw)
        };
        let seen = ago(contact.last_seen, page.now);
        contacts.row([
            &contact.label,
            &value,
            &count(contact.messages),
            &count(contact.events),
            &seen,
            &contact.id,
        ]);
    }
    if !contacts.is_empty() {
        text.push(contacts.text());
    }
    text.join("\n").trim_end().to_owned()
}

fn is_shown_as_contact(field: &wire::Field, shown: &wire::Profile) -> bool {
    field.values.iter().all(|shown_value| {
        let value = shown_value.value.as_str().unwrap_or_default();
        shown.contacts.iter().any(|contact| contact.kind.is_some() && contact.value == value)
    }) && !field.values.is_empty()
        && field.offered.is_empty()
}

fn add_field(table: &mut Columns, page: Page<'_>, field: &wire::Field) {
    for (place, shown) in field.values.iter().enumerate() {
        let label = if place == 0 { field.label.as_str() } else { "" };
        let others = match field.losing {
            others if others > 0 && place == 0 => format!(" (+{others})"),
            _ => String::new(),
        };
        let value = plain(&shown.value);
        table.row([label, &value, &format!("{}{others}", shown.source), &ago(shown.observed, page.now)]);
    }
    for offered in &field.offered {
        let value = format!("{} (offered)", plain(&offered.value));
        table.row([&field.label, &value, &offered.source, &ago(offered.observed, page.now)]);
    }
    if let Some(problem) = &field.problem {
        table.row([field.label.as_str(), &format!("! {problem}"), "", ""]);
    }
}

fn state(state: &Json) -> Option<String> {
    let trashed = state.get("trashed")?;
    Some(format!(
        "in the trash, put there by {}: `whom untrash` takes it out",
        trashed.get("by").and_then(Json::as_str).unwrap_or("somebody")
    ))
}

/// Below this width a list leaves out what is least missed.
const NARROW: usize = 110;

/// Profiles that were found, one line each.
pub(crate) fn hits(page: Page<'_>, found: &[wire::Hit]) -> String {
    let is_wide = page.output.width >= NARROW;
    let mut columns = vec![Column::Text("name"), Column::Text("found by")];
    if is_wide {
        columns.extend([Column::Text("of"), Column::Number("messages"), Column::Number("events")]);
    }
    columns.extend([Column::Whole("last seen"), Column::Whole("id")]);
    let mut table = Columns::new(page.output, &columns);
    for hit in found {
        let name = if hit.kind == "visitor" { format!("{} (visitor)", hit.name) } else { hit.name.clone() };
        let mut row = vec![cut(&name, 40), cut(hit.line.as_deref().unwrap_or_default(), 44)];
        if is_wide {
            let company = cut(hit.company.as_deref().unwrap_or_default(), 24);
            row.extend([company, count(hit.messages), count(hit.events)]);
        }
        row.extend([ago(hit.last_seen, page.now), hit.id.clone()]);
        table.row(row);
    }
    table.text()
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::json;

    use super::*;
    use crate::render::testing::page;

    fn hanne() -> wire::Profile {
        let value = |value: &str, source: &str| json!({ "value": value, "source": source, "confidence": 100, "observed": "2026-11-19T08:00:00Z" });
        let field = |key: &str, label: &str, section: &str, losing: u64, values: Vec<serde_json::Value>| json!({ "key": key, "label": label, "type": "text", "section": section, "mode": "free", "values": values, "losing": losing });
        serde_json::from_value(json!({
            "id": "p_0123456789abcdef", "name": "Hanne Lindqvist Berg", "kind": "customer", "state": "live",
            "fields": [
                field("email", "E-mail", "reach", 0, vec![value("hanne.lindqvist@example.com", "message:mail")]),
                field("job_title", "Job title", "person", 2, vec![value("Structural engineer", "plugin:gravatar")]),
                field("tier", "Tier", "custom", 0, vec![value("pro", "event:shop")]),
            ],
            "contacts": [
                { "id": "c_own", "label": "Profile", "value": "", "raw": "", "reaches": false, "source": "message:mail",
                  "first_seen": "2021-02-11T18:04:43Z", "last_seen": "2026-11-19T08:00:00Z", "messages": 0, "events": 1 },
                { "id": "c_1", "kind": "email", "label": "E-mail", "value": "hanne.lindqvist@example.com", "raw": "Hanne.Lindqvist@example.com",
                  "reaches": true, "source": "message:mail", "first_seen": "2021-02-11T18:04:43Z", "last_seen": "2026-11-19T08:00:00Z", "messages": 26, "events": 74 },
            ],
            "accounts": [], "first_seen": "2021-02-11T18:04:43Z", "last_seen": "2026-11-19T08:00:00Z",
            "messages": 26, "events": 75, "version": "v", "rules": "r"
        }))
        .unwrap()
    }

    #[test]
    fn a_profile_reads_from_top_to_bottom() {
        expect![[r#"
            Hanne Lindqvist Berg  customer · p_0123456789abcdef
            26 messages, 75 events · first seen 5 years ago · last seen 1 day ago

            property   value                from                  said
            Job title  Structural engineer  plugin:gravatar (+2)  1 day ago
            Tier       pro                  event:shop            1 day ago

            contact                               messages  events  last seen  id
            E-mail   hanne.lindqvist@example.com        26      74  1 day ago  c_1"#]]
        .assert_eq(&profile(page(), &hanne()));
    }

    #[test]
    fn a_list_has_one_line_for_each() {
        let hit = json!({ "id": "p_0123456789abcdef", "name": "Hanne Lindqvist Berg", "line": "hanne.lindqvist@example.com",
            "kind": "customer", "last_seen": "2026-11-19T08:00:00Z", "messages": 26, "events": 74 });
        expect![[r#"
            name                  found by                     of  messages  events  last seen  id
            Hanne Lindqvist Berg  hanne.lindqvist@example.com            26      74  1 day ago  p_0123456789abcdef"#]].assert_eq(&hits(page(), &[serde_json::from_value(hit).unwrap()]));
    }

    #[test]
    fn one_in_the_trash_says_so() {
        let mut trashed = hanne();
        trashed.state = json!({ "trashed": { "at": "2026-11-19T08:00:00Z", "by": "agent:mia" } });
        assert!(profile(page(), &trashed).contains("in the trash, put there by agent:mia"));
    }
}
