//! What a row of the inbox shows: read for the conversations of one page.

use std::collections::HashMap;

use whom_core::model::{Conversation, EntryKind, ProfileId};

use crate::{app::AppState, face::Face, problem::Problem};

/// A conversation, whom it is with, and how its last message begins.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    /// The conversation.
    pub(crate) conversation: Conversation,
    /// Whom it is with.
    pub(crate) who: Option<Face>,
    /// How the last message begins.
    pub(crate) excerpt: String,
}

/// Reads what the rows of a page show.
pub(crate) async fn rows(state: &AppState, conversations: Vec<Conversation>) -> Result<Vec<Row>, Problem> {
    let firsts: Vec<_> = conversations.iter().filter_map(|row| row.contacts.first().copied()).collect();
    let contacts = state.store().contacts(&firsts).await?;
    let profiles: HashMap<_, _> =
        contacts.into_iter().flatten().map(|contact| (contact.id, contact.profile)).collect();
    let mut faces: HashMap<ProfileId, Face> = HashMap::new();
    for profile in profiles.values() {
        if !faces.contains_key(profile) {
            let view = state.engine().view(*profile, state.now()).await?;
            faces.insert(*profile, Face::from(&view));
        }
    }
    let mut rows = Vec::with_capacity(conversations.len());
    for conversation in conversations {
        let profile = conversation.contacts.first().and_then(|contact| profiles.get(contact));
        let excerpt = excerpt(state, &conversation).await?;
        rows.push(Row {
            who: profile.and_then(|profile| faces.get(profile)).cloned(),
            conversation,
            excerpt,
        });
    }
    Ok(rows)
}

/// How the last message begins.
async fn excerpt(state: &AppState, conversation: &Conversation) -> Result<String, Problem> {
    // Mostly it is the last entry; else what was done since then, and notes, stand behind it.
    for near in [1, 12] {
        let (_, near) = state.engine().conversation_before(conversation.id, None, near).await?;
        if let Some(last) = near.into_iter().rfind(|entry| entry.kind == EntryKind::Message) {
            return Ok(last.summary);
        }
    }
    Ok(String::new())
}
