//! What was done to a conversation, in words: in its thread, and in the timeline of the customer.

use maud::{Markup, html};
use whom_core::model::{Entry, Value};

use crate::pages::words::{self, conversation as said};

/// What an activity did: `Mia gave it to Ben`.
pub(crate) fn deed_in_words(entry: &Entry) -> Markup {
    let value = |name: &str| entry.properties.get(name).map(shown).unwrap_or_default();
    let does_itself = matches!(entry.title.as_str(), "woken" | "opened" | "satisfaction");
    html! {
        @if !does_itself { (words::source(&entry.source)) " " }
        (said::deed(entry.source.name(), &entry.title, &value("from"), &value("to")))
        @if let Some(comment) = entry.properties.get("comment") { ": “" (comment) "”" }
        @else if entry.title == "satisfaction" && !entry.summary.is_empty() { ": “" (entry.summary) "”" }
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::List(items) => items.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}
