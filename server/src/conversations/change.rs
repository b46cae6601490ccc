//! From what a request says to what the engine is asked: names of conversations, changes, many at once.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use whom_core::{
    engine::{ConversationEdit, EngineError},
    model::{
        Conversation, ConversationId, ConversationStatus, LinkedIssue, Priority, Source, Timestamp, Value,
    },
};

use crate::{api::somebody, app::AppState, problem::Problem, sight::cover_conversation};

/// How many conversations are changed in one call at most.
const MOST_AT_ONCE: usize = 200;

/// What is to change in a conversation: what is left out stays, and null takes away.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ConversationPatch {
    pub(crate) status: Option<ConversationStatus>,
    pub(crate) priority: Option<Priority>,
    /// A login name; null where nobody is to look after it.
    #[serde(deserialize_with = "given")]
    pub(crate) assignee: Option<Option<String>>,
    pub(crate) subject: Option<String>,
    /// All tags.
    pub(crate) tags: Option<Vec<String>>,
    pub(crate) add_tags: Vec<String>,
    pub(crate) remove_tags: Vec<String>,
    /// Properties by name; null takes one away.
    pub(crate) properties: BTreeMap<String, Json>,
    pub(crate) link_issues: Vec<LinkedIssue>,
    pub(crate) unlink_issues: Vec<IssueName>,
    /// A time; null calls it back.
    #[serde(deserialize_with = "given")]
    pub(crate) snoozed_until: Option<Option<Timestamp>>,
}

/// An issue as it is called in its system.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct IssueName {
    pub(crate) system: String,
    pub(crate) key: String,
}

/// Tells null from what was left out.
fn given<'de, D: serde::Deserializer<'de>, T: Deserialize<'de>>(
    reader: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(reader).map(Some)
}

impl ConversationPatch {
    /// What the engine is asked; somebody who is to look after it has to work here.
    pub(crate) async fn read(self, state: &AppState) -> Result<ConversationEdit, Problem> {
        let assignee = match self.assignee {
            None => None,
            Some(login) => Some(somebody(state, login).await?),
        };
        let properties = self
            .properties
            .into_iter()
            .map(|(name, value)| match (&value, Value::from_json(&value)) {
                (Json::Null, _) => Ok((name, None)),
                (_, Some(value)) => Ok((name, Some(value))),
                (_, None) => Err(Problem::invalid("a property cannot have this value").at(
                    format!("/properties/{name}"),
                    "give a text, a number, yes or no, a list or a record",
                )),
            })
            .collect::<Result<_, _>>()?;
        Ok(ConversationEdit {
            status: self.status,
            priority: self.priority,
            assignee,
            subject: self.subject,
            tags: self.tags,
            add_tags: self.add_tags,
            remove_tags: self.remove_tags,
            properties,
            link: self.link_issues,
            unlink: self.unlink_issues.into_iter().map(|issue| (issue.system, issue.key)).collect(),
            snooze_until: self.snoozed_until,
        })
    }
}

/// The conversation that somebody names by its number (with `#` or without) or its id, as it is.
pub(crate) async fn named_itself(state: &AppState, name: &str) -> Result<Conversation, Problem> {
    let name = name.trim();
    let found = match name.strip_prefix('#').unwrap_or(name).parse::<u64>() {
        Ok(number) => state.store().conversation_by_number(number).await?,
        Err(_) => {
            let id = name.parse::<ConversationId>().map_err(|error| Problem::not_found(error.to_string()))?;
            state.store().conversations(&[id]).await?.pop().flatten()
        }
    };
    let name: String = name.chars().take(100).collect();
    found.ok_or_else(|| Problem::not_found(format!("there is no conversation `{name}`")))
}

/// The conversation in which the one that somebody names is shown.
pub(crate) async fn named(state: &AppState, name: &str) -> Result<Conversation, Problem> {
    let conversation = named_itself(state, name).await?;
    match conversation.merged_into {
        None => Ok(conversation),
        Some(_) => Ok(state.engine().shown_conversation(conversation.id).await?),
    }
}

/// What became of one of many conversations.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Outcome {
    /// As it was named.
    pub(crate) conversation: String,
    /// How it stands now, where it was changed or was so already.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) changed: Option<Conversation>,
    /// Why it was not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) problem: Option<Problem>,
}

/// Changes many conversations, each on its own; one that fails leaves the others as they are to be.
pub(crate) async fn change_all(
    state: &AppState,
    names: &[String],
    patch: ConversationPatch,
    by: &Source,
    now: Timestamp,
) -> Result<Vec<Outcome>, Problem> {
    if names.is_empty() || names.len() > MOST_AT_ONCE {
        return Err(Problem::invalid("this many cannot be changed at once")
            .at("/conversations", format!("name 1 to {MOST_AT_ONCE} of them")));
    }
    let edit = patch.read(state).await?;
    let mut outcomes = Vec::with_capacity(names.len());
    for name in names {
        let changed = async {
            let id = named(state, name).await?.id;
            let edited = state.engine().edit_conversation(id, &edit, by, None, now).await;
            edited.map_err(|error: EngineError| Problem::from(error))
        };
        let (changed, problem) = match changed.await {
            Ok(changed) => (Some(changed), None),
            Err(problem) => (None, Some(problem)),
        };
        let changed = changed.map(cover_conversation);
        outcomes.push(Outcome { conversation: name.clone(), changed, problem });
    }
    Ok(outcomes)
}
