//! What is done to several conversations at once, and the way back.

use axum::{
    Form,
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use whom_core::{
    engine::ConversationEdit,
    model::{Conversation, ConversationId, ConversationStatus, Timestamp},
};

use crate::{
    app::AppState,
    auth::Principal,
    http::ApiQuery,
    pages::{components::Moments, encoded, frame::Frame},
    problem::Problem,
};

/// The most conversations that are changed at once.
const MOST: usize = 200;

/// How some conversations stood before: written into the address of the form that takes it back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Undo(String);

impl Undo {
    /// Remembers what of a conversation was changed.
    pub(crate) fn remember(&mut self, before: &Conversation, after: &Conversation) {
        let mut put = |field: char, value: &str| {
            if !self.0.is_empty() {
                self.0.push('~');
            }
            // The separators cannot stand in a value once it is encoded.
            let value = encoded(value).replace('~', "%7E").replace('.', "%2E");
            self.0.push_str(&format!("{}.{field}.{value}", before.number));
        };
        if before.status != after.status {
            put('s', before.status.as_str());
        }
        if before.snoozed_until != after.snoozed_until {
            put('z', &before.snoozed_until.map(|until| until.as_millis().to_string()).unwrap_or_default());
        }
        if before.assignee != after.assignee {
            put('a', before.assignee.as_deref().unwrap_or_default());
        }
        for tag in after.tags.iter().filter(|tag| !before.tags.contains(tag)) {
            put('t', tag);
        }
    }

    /// As it stands in an address.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The edits that take it back, by the numbers of the conversations.
    fn edits(text: &str) -> Vec<(u64, ConversationEdit)> {
        let mut edits: Vec<(u64, ConversationEdit)> = Vec::new();
        for part in text.split('~').take(MOST * 4) {
            let mut fields = part.splitn(3, '.');
            let (Some(number), Some(field), Some(value)) = (fields.next(), fields.next(), fields.next())
            else {
                continue;
            };
            let Ok(number) = number.parse::<u64>() else { continue };
            let place = edits.iter().position(|(known, _)| *known == number).unwrap_or_else(|| {
                edits.push((number, ConversationEdit::default()));
                edits.len() - 1
            });
            let edit = &mut edits[place].1;
            let value = decoded(value);
            match field {
                "s" => edit.status = value.parse().ok(),
                "z" => edit.snooze_until = Some(value.parse().ok().map(Timestamp::from_millis)),
                "a" => edit.assignee = Some(Some(value).filter(|login| !login.is_empty())),
                "t" => edit.remove_tags.push(value),
                _ => {}
            }
        }
        edits
    }
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let code = tail.get(..2).filter(|_| *first == b'%').and_then(|two| std::str::from_utf8(two).ok());
        match code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            None => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Until when somebody wants not to see a conversation, by the word of a form.
pub(crate) fn snooze_until(word: &str, moments: &Moments) -> Option<Timestamp> {
    match word {
        "hours" => Some(Timestamp::from_millis(moments.now().as_millis() + 3 * 3_600_000)),
        "tomorrow" => Some(moments.morning_in(1)),
        "week" => Some(moments.next_week()),
        _ => None,
    }
}

/// A form with fields that come more than once.
type Pairs = Vec<(String, String)>;

fn field<'a>(pairs: &'a Pairs, name: &str) -> &'a str {
    pairs.iter().rev().find(|(known, _)| known == name).map_or("", |(_, value)| value)
}

/// `POST /inbox/do`
pub(crate) async fn several(
    State(state): State<AppState>,
    frame: Frame,
    principal: Principal,
    Form(pairs): Form<Pairs>,
) -> Result<Response, Problem> {
    let back = own_path(field(&pairs, "back"));
    let (edit, word) = edit(&pairs, &frame, &principal)?;
    let ids = pairs.iter().filter(|(name, _)| name == "id").take(MOST);
    let ids: Vec<ConversationId> = ids.filter_map(|(_, id)| id.parse().ok()).collect();
    let mut undo = Undo::default();
    let mut done = 0;
    for before in state.store().conversations(&ids).await?.into_iter().flatten() {
        let after = state
            .engine()
            .edit_conversation(before.id, &edit, &principal.source(), None, state.now())
            .await?;
        undo.remember(&before, &after);
        done += 1;
    }
    if done == 0 {
        return Ok(Redirect::to(&back).into_response());
    }
    let joint = if back.contains('?') { '&' } else { '?' };
    let address = format!("{back}{joint}done={word}&n={done}&undo={}", encoded(undo.as_str()));
    Ok(Redirect::to(&address).into_response())
}

fn edit(
    pairs: &Pairs,
    frame: &Frame,
    principal: &Principal,
) -> Result<(ConversationEdit, &'static str), Problem> {
    let mut edit = ConversationEdit::default();
    let word = match field(pairs, "what") {
        "close" => {
            edit.status = Some(ConversationStatus::Closed);
            "closed"
        }
        "open" => {
            edit.status = Some(ConversationStatus::Open);
            "open"
        }
        "spam" => {
            edit.status = Some(ConversationStatus::Spam);
            "spam"
        }
        "snooze" => {
            edit.snooze_until = Some(snooze_until(field(pairs, "until"), &frame.moments));
            "snoozed"
        }
        "assign" => {
            edit.assignee = Some(match field(pairs, "assignee") {
                "me" => principal.login().map(str::to_owned),
                "" => None,
                login => Some(login.to_owned()),
            });
            "assigned"
        }
        "tag" => {
            edit.add_tags = vec![field(pairs, "tag").to_owned()];
            "tagged"
        }
        _ => return Err(Problem::bad_request("say what is to be done with them")),
    };
    Ok((edit, word))
}

/// A path of ours, to come back to.
fn own_path(path: &str) -> String {
    let is_ours = path.starts_with("/inbox") && !path.contains("//") && !path.contains('\\');
    if is_ours { path.to_owned() } else { "/inbox".to_owned() }
}

/// What is to be taken back.
#[derive(Debug, Deserialize)]
pub(crate) struct UndoQuery {
    what: String,
    #[serde(default)]
    back: String,
}

/// `POST /inbox/undo?what=…`
pub(crate) async fn undo(
    State(state): State<AppState>,
    principal: Principal,
    ApiQuery(query): ApiQuery<UndoQuery>,
) -> Result<Response, Problem> {
    for (number, edit) in Undo::edits(&query.what).into_iter().take(MOST) {
        if let Some(row) = state.store().conversation_by_number(number).await? {
            state.engine().edit_conversation(row.id, &edit, &principal.source(), None, state.now()).await?;
        }
    }
    let is_conversation =
        query.back.strip_prefix("/conversations/").is_some_and(|number| number.parse::<u64>().is_ok());
    let back = if is_conversation { query.back } else { own_path(&query.back) };
    let joint = if back.contains('?') { '&' } else { '?' };
    Ok(Redirect::to(&format!("{back}{joint}done=undone")).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_done_can_be_read_back_from_an_address() {
        let edits = Undo::edits(
            "12.s.open~12.a.~12.t.late%20again~13.z.1700000000000~13.a.mia%40x~nonsense~x.s.open",
        );
        assert_eq!(edits.len(), 2);
        assert_eq!(edits[0].1.status, Some(ConversationStatus::Open));
        assert_eq!(edits[0].1.assignee, Some(None));
        assert_eq!(edits[0].1.remove_tags, ["late again"]);
        assert_eq!(edits[1].1.snooze_until, Some(Some(Timestamp::from_millis(1_700_000_000_000))));
        assert_eq!(edits[1].1.assignee, Some(Some("mia@x".to_owned())));
    }

    #[test]
    fn one_comes_back_to_a_page_of_the_inbox_only() {
        for (path, expected) in [
            ("/inbox/mine?q=a", "/inbox/mine?q=a"),
            ("https://evil.example", "/inbox"),
            ("//evil.example", "/inbox"),
            ("/inbox//evil", "/inbox"),
            ("", "/inbox"),
        ] {
            assert_eq!(own_path(path), expected, "{path}");
        }
    }
}
