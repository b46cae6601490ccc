//! Which messages a message answers.

use mail_parser::{HeaderName, Message};
use whom_core::model::ExternalId;

use super::header::{raw_value, raw_values};

/// The scope of message ids.
pub(super) const SCOPE: &str = "mail";

/// The most messages an answer may name: the first of the thread and the latest are kept.
const MAX_ANSWERS: usize = 100;

/// The longest message id; a line of a header holds no more.
const MAX_ID: usize = 998;

/// The ids in a header such as `References`: what stands in angle brackets, or one bare word with `@`.
///
/// Programs that fold long lines put blanks inside ids; no id has any.
pub(super) fn ids(value: &str) -> Vec<String> {
    let clean = |id: &str| id.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    let mut found = Vec::new();
    for piece in value.split('<').skip(1) {
        let Some((id, _)) = piece.split_once('>') else { continue };
        found.push(clean(id));
    }
    if found.is_empty() && value.contains('@') && !value.contains(char::is_whitespace) {
        found.push(value.trim_matches(['<', '>']).to_owned());
    }
    found.retain(|id| !id.is_empty() && id.len() <= MAX_ID && !id.contains(char::is_control));
    found
}

/// The message's own id, without the angle brackets.
pub(super) fn message_id(message: &Message<'_>) -> Option<String> {
    raw_values(message, HeaderName::MessageId).find_map(|value| {
        let bare = || value.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect::<String>();
        // Some programs leave the brackets and even the `@` out.
        ids(value)
            .into_iter()
            .next()
            .or_else(|| Some(bare()).filter(|id| !id.is_empty() && id.len() <= MAX_ID))
    })
}

/// The messages it answers, the first of the thread first, the one answered last.
pub(super) fn answers(message: &Message<'_>, own_id: &str) -> Vec<ExternalId> {
    let mut found: Vec<String> = Vec::new();
    let references = raw_value(message, HeaderName::References).map(ids).unwrap_or_default();
    let mut answered = raw_value(message, HeaderName::InReplyTo).map(ids).unwrap_or_default();
    // Of several, the first is the one that was answered.
    answered.truncate(1);
    for id in references {
        if id != own_id && !answered.contains(&id) && !found.contains(&id) {
            found.push(id);
            if found.len() > MAX_ANSWERS - 1 {
                found.remove(1);
            }
        }
    }
    found.extend(answered.into_iter().filter(|id| id != own_id));
    found.into_iter().map(|id| ExternalId::new(SCOPE, id)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_read_as_programs_write_them() {
        for (value, expected) in [
            ("<a@x> <b@x>", vec!["a@x", "b@x"]),
            ("<a@x>,<b@x>", vec!["a@x", "b@x"]),
            ("<long-\r\n id@x>", vec!["long-id@x"]),
            ("Your message of \"Thu, 1 Jan\" <a@x>", vec!["a@x"]),
            ("a@x", vec!["a@x"]),
            ("your letter of 1 Jan", vec![]),
            ("<a@x", vec!["a@x"]),
        ] {
            assert_eq!(ids(value), expected, "{value}");
        }
    }
}
