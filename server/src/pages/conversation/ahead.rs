//! Somebody who writes an answer is told of what came meanwhile, before theirs leaves.

use whom_core::model::{Conversation, Direction, EntryKind, TimelineCursor, Timestamp};

use crate::{
    app::AppState,
    auth::{Principal, people},
    pages::words::{self, conversation as said},
    problem::Problem,
};

/// How many of the latest entries are looked at.
const LOOKED_AT: usize = 30;

/// How much of a message is told.
const TOLD: usize = 160;

/// What came after the latest message that `by` has seen, in words; nothing where that is only their own.
pub(super) async fn since(
    state: &AppState,
    by: &Principal,
    conversation: &Conversation,
    seen: Option<i64>,
) -> Result<Option<String>, Problem> {
    let Some(seen) = seen.map(Timestamp::from_millis) else { return Ok(None) };
    if conversation.last_message <= seen {
        return Ok(None);
    }
    let (_, entries) =
        state.engine().conversation_before(conversation.id, None::<TimelineCursor>, LOOKED_AT).await?;
    let own = by.source();
    let news = entries
        .iter()
        .rfind(|entry| entry.kind == EntryKind::Message && entry.at > seen && entry.source != own);
    let Some(entry) = news else { return Ok(None) };
    let told: String = entry.summary.chars().take(TOLD).collect();
    if entry.direction != Some(Direction::Outbound) {
        return Ok(Some(said::wrote_meanwhile(&told)));
    }
    let login = entry.source.name();
    let person = people::get(state.store(), login).await?;
    let who = person.map_or_else(|| words::source(&entry.source), |person| person.name);
    Ok(Some(said::answered_meanwhile(&who, &told)))
}
