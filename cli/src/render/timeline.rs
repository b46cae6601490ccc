//! What somebody did, and the conversations they had.

use super::Page;
use crate::{
    figures::count,
    moment::{ago, minute},
    table::{Column, Columns, cut},
    wire,
};

/// Entries, in the order they came in.
pub(crate) fn timeline(page: Page<'_>, entries: &[wire::Entry]) -> String {
    let mut table = Columns::new(
        page.output,
        &[Column::Whole("when"), Column::Whole("what"), Column::Text("title"), Column::Text("")],
    );
    // What is left beside the other columns; a text that wraps would hide how things follow one another.
    let title_room = (page.output.width / 4).clamp(12, 48);
    let text_room = page.output.width.saturating_sub(title_room + 42).max(12);
    for entry in entries {
        table.row([
            minute(entry.at),
            what(entry),
            cut(&entry.title, title_room),
            cut(&entry.summary, text_room),
        ]);
    }
    table.text()
}

fn what(entry: &wire::Entry) -> String {
    let way = match entry.direction.as_deref() {
        Some("inbound") => "from",
        Some(_) => "to",
        None => "",
    };
    match (&entry.channel, entry.kind.as_str()) {
        (Some(channel), _) if !way.is_empty() => format!("{channel} {way}"),
        (_, "note") => format!("note by {}", entry.source.rsplit(':').next().unwrap_or_default()),
        (_, "page_view") => "page".into(),
        (_, kind) => kind.into(),
    }
}

/// Conversations, the latest message first.
pub(crate) fn conversations(page: Page<'_>, conversations: &[wire::Conversation]) -> String {
    let mut table = Columns::new(
        page.output,
        &[
            Column::Number("number"),
            Column::Text("subject"),
            Column::Whole("channel"),
            Column::Whole("status"),
            Column::Number("messages"),
            Column::Whole("last message"),
        ],
    );
    for conversation in conversations {
        let by = if conversation.last_direction == "inbound" { "from them" } else { "from us" };
        table.row([
            format!("#{}", conversation.number),
            cut(&conversation.subject, 60),
            conversation.channel.clone(),
            conversation.status.clone(),
            count(conversation.messages),
            format!("{} {by}", ago(conversation.last_message, page.now)),
        ]);
    }
    table.text()
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::json;

    use super::*;
    use crate::render::testing::page;

    #[test]
    fn a_conversation_is_one_line() {
        let row = json!({ "id": "cv_1", "number": 12, "subject": "Tent arrived, pegs did not", "channel": "email",
            "status": "open", "priority": "normal", "tags": [], "assignee": null, "contacts": [],
            "started": "2021-02-11T18:04:43Z", "last_message": "2026-11-19T08:00:00Z", "last_direction": "inbound", "messages": 3, "version": 1 });
        expect![[r#"
            number  subject                     channel  status  messages  last message
               #12  Tent arrived, pegs did not  email    open           3  1 day ago from them"#]]
        .assert_eq(&conversations(page(), &[serde_json::from_value(row).unwrap()]));
    }

    #[test]
    fn an_entry_says_what_it_is_in_a_word_or_two() {
        let entry = |kind: &str, channel: Option<&str>, direction: Option<&str>| {
            let row = json!({ "at": "2026-11-19T08:00:00Z", "kind": kind, "channel": channel, "direction": direction,
                "source": "agent:mia", "title": "t", "summary": "s" });
            what(&serde_json::from_value(row).unwrap())
        };
        assert_eq!(entry("message", Some("email"), Some("inbound")), "email from");
        assert_eq!(entry("message", Some("email"), Some("outbound")), "email to");
        assert_eq!(entry("note", None, None), "note by mia");
        assert_eq!(entry("event", None, None), "event");
    }
}
