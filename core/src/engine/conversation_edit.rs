//! What agents do to a conversation: where it stands, who looks after it, how it is found.

use std::collections::BTreeMap;

use super::{Engine, EngineError, MOST_TRIES, until_settled};
use crate::{
    identity::{Activity, Done, Known, VERSION},
    model::{
        Conversation, ConversationId, ConversationStatus, Entry, EntryId, EntryKind, LinkedIssue, Number,
        Priority, Source, Timestamp, Value,
    },
    store::StoreError,
};

const MOST_TAGS: usize = 50;
const TAG_LEN: usize = 60;
const SUBJECT_LEN: usize = 500;
const MOST_PROPERTIES: usize = 100;
const PROPERTY_LEN: usize = 2_000;
const MOST_ISSUES: usize = 50;
const COMMENT_LEN: usize = 2_000;
/// A conversation sleeps at most so long: longer is a slip of the finger.
const LONGEST_SNOOZE_DAYS: i64 = 5 * 366;

/// What is to change; what is none stays as it is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ConversationEdit {
    /// Where it is to stand; it is called back if it sleeps.
    pub status: Option<ConversationStatus>,
    /// How urgent it is to be.
    pub priority: Option<Priority>,
    /// Who is to look after it, by login name; nobody with the inner none.
    pub assignee: Option<Option<String>>,
    /// What it is to be called.
    pub subject: Option<String>,
    /// All its tags.
    pub tags: Option<Vec<String>>,
    /// Tags to add.
    pub add_tags: Vec<String>,
    /// Tags to take away.
    pub remove_tags: Vec<String>,
    /// Properties to set, or to take away with none.
    pub properties: BTreeMap<String, Option<Value>>,
    /// Issues to link; one of the same system and key is replaced.
    pub link: Vec<LinkedIssue>,
    /// Issues to unlink, by system and key.
    pub unlink: Vec<(String, String)>,
    /// Until when it is to be out of sight; the inner none calls it back.
    pub snooze_until: Option<Option<Timestamp>>,
}

/// A tag as it is kept: on one line, in lower case.
pub fn fold_tag(tag: &str) -> Result<String, String> {
    let folded = tag.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    if folded.is_empty() {
        return Err("a tag has at least one letter".into());
    }
    if folded.chars().count() > TAG_LEN || folded.chars().any(char::is_control) {
        return Err(format!("a tag has at most {TAG_LEN} characters, all of them visible"));
    }
    Ok(folded)
}

impl Engine {
    /// Changes a conversation, and tells in it who changed what. With a version, only while that is still its own.
    ///
    /// One that was merged away stands for the one it is shown in.
    pub async fn edit_conversation(
        &self,
        id: ConversationId,
        edit: &ConversationEdit,
        by: &Source,
        if_version: Option<u64>,
        now: Timestamp,
    ) -> Result<Conversation, EngineError> {
        until_settled!(self.try_edit_conversation(id, edit, by, if_version, now).await)
    }

    async fn try_edit_conversation(
        &self,
        id: ConversationId,
        edit: &ConversationEdit,
        by: &Source,
        if_version: Option<u64>,
        now: Timestamp,
    ) -> Result<Conversation, EngineError> {
        let mut known = self.know_conversation(id).await?;
        let id = self.know_shown(&mut known, id).await?;
        let before = known.conversation(id).cloned().ok_or_else(|| super::conversation::unknown(id))?;
        if if_version.is_some_and(|version| version != before.version) {
            return Err(self.faster(&before, if_version.unwrap_or_default()).await?);
        }
        let after = edit.apply(&before, now)?;
        if after == before {
            return Ok(before);
        }
        if let Some(row) = known.edit_conversation(id) {
            row.clone_from(&after);
        }
        for (done, from, to) in differences(&before, &after) {
            known.record_activity(id, Activity { done, from, to, comment: "", by, at: now });
        }
        self.store().commit(known.into_change_set(now)).await?;
        Ok(Conversation { version: before.version + 1, ..after })
    }

    /// Records what a customer answered when asked how content they are: 1, not at all, to 5, entirely.
    pub async fn record_satisfaction(
        &self,
        id: ConversationId,
        rating: u8,
        comment: &str,
        by: &Source,
        now: Timestamp,
    ) -> Result<EntryId, EngineError> {
        let invalid = |what: &str, why: String| EngineError::Invalid { what: what.into(), why };
        if !(1..=5).contains(&rating) {
            return Err(invalid("rating", "it goes from 1, not content, to 5, entirely content".into()));
        }
        let comment = comment.trim();
        if comment.chars().count() > COMMENT_LEN {
            return Err(invalid("comment", format!("it is longer than {COMMENT_LEN} characters")));
        }
        until_settled!(self.try_record_satisfaction(id, rating, comment, by, now).await)
    }

    async fn try_record_satisfaction(
        &self,
        id: ConversationId,
        rating: u8,
        comment: &str,
        by: &Source,
        now: Timestamp,
    ) -> Result<EntryId, EngineError> {
        let mut known = self.know_conversation(id).await?;
        let id = self.know_shown(&mut known, id).await?;
        let number = || Number::new(f64::from(rating)).map(Value::Number);
        let before = known
            .edit_conversation(id)
            .and_then(|row| row.properties.insert("satisfaction".to_owned(), number()?));
        let activity =
            Activity { done: Done::Satisfaction, from: before, to: number(), comment, by, at: now };
        let entry = known.record_activity(id, activity).ok_or_else(|| EngineError::Invalid {
            what: "conversation".into(),
            why: "nobody who took part in it is known any more".into(),
        })?;
        self.store().commit(known.into_change_set(now)).await?;
        Ok(entry)
    }

    /// Reads a conversation with the contact under which its activities are recorded.
    pub(super) async fn know_conversation(&self, id: ConversationId) -> Result<Known, EngineError> {
        let mut known = Known::empty(self.key().clone());
        let shown = self.know_shown(&mut known, id).await?;
        let first = known.conversation(shown).and_then(|row| row.contacts.first().copied());
        known.read_contacts(self.store().as_ref(), first.into_iter().collect()).await?;
        Ok(known)
    }

    /// Who was faster since `version`, and with what.
    async fn faster(&self, now: &Conversation, version: u64) -> Result<EngineError, EngineError> {
        let mut who = Vec::new();
        if let Some(contact) = now.contacts.first() {
            let recent: Vec<Entry> = self.store().timeline(*contact, None, 50).await?;
            for entry in recent.iter().rev().filter(|entry| {
                entry.kind == EntryKind::Activity
                    && entry.conversation == Some(now.id)
                    && matches!(entry.properties.get(VERSION), Some(Value::Number(made)) if made.get() > version as f64)
            }) {
                who.push(told(entry));
            }
        }
        who.dedup();
        Ok(EngineError::Faster { version: now.version, who })
    }
}

/// An activity in words.
fn told(entry: &Entry) -> String {
    let part = |name: &str| {
        entry.properties.get(name).map_or_else(
            || "nothing".to_owned(),
            |value| match value {
                Value::Text(text) => format!("`{text}`"),
                other => other.to_json().to_string(),
            },
        )
    };
    let who = entry.source.name();
    format!("{who} changed {} from {} to {}", entry.title, part("from"), part("to"))
}

impl ConversationEdit {
    /// The conversation as it is to be, or what is wrong with the change.
    fn apply(&self, before: &Conversation, now: Timestamp) -> Result<Conversation, EngineError> {
        let invalid = |what: &str, why: String| EngineError::Invalid { what: what.into(), why };
        let mut after = before.clone();
        if let Some(status) = self.status {
            after.status = status;
            after.snoozed_until = None;
        }
        after.priority = self.priority.unwrap_or(after.priority);
        if let Some(assignee) = &self.assignee {
            let login = assignee.as_deref().map(str::trim).filter(|login| !login.is_empty());
            if login.is_some_and(|login| login.chars().count() > 120) {
                return Err(invalid("assignee", "no login is longer than 120 characters".into()));
            }
            after.assignee = login.map(str::to_owned);
        }
        if let Some(subject) = &self.subject {
            let subject = subject.split_whitespace().collect::<Vec<_>>().join(" ");
            if subject.is_empty() || subject.chars().count() > SUBJECT_LEN {
                return Err(invalid("subject", format!("a subject has 1 to {SUBJECT_LEN} characters")));
            }
            // Saying again what it is called is no change.
            if subject != after.subject {
                after.retitle(&subject);
                after.is_named = true;
            }
        }
        self.apply_tags(&mut after)?;
        for (name, value) in &self.properties {
            let name = name.trim();
            match value {
                None => {
                    after.properties.remove(name);
                }
                Some(value) => {
                    if name.is_empty() || name.chars().count() > TAG_LEN || name.chars().any(char::is_control)
                    {
                        let why = format!("the name of a property has 1 to {TAG_LEN} characters");
                        return Err(invalid("properties", why));
                    }
                    if value.to_json().to_string().len() > PROPERTY_LEN {
                        let why = format!("`{name}` is longer than {PROPERTY_LEN} bytes");
                        return Err(invalid("properties", why));
                    }
                    after.properties.insert(name.to_owned(), value.clone());
                }
            }
        }
        after.settle_topic();
        if after.properties.len() > MOST_PROPERTIES {
            return Err(invalid("properties", format!("there are at most {MOST_PROPERTIES}")));
        }
        self.apply_issues(&mut after)?;
        if let Some(until) = self.snooze_until {
            if let Some(until) = until {
                if until <= now {
                    return Err(invalid("snoozed_until", "this time has passed: name a later one".into()));
                }
                if now.days_until(until) > LONGEST_SNOOZE_DAYS {
                    return Err(invalid("snoozed_until", "name a time within five years".into()));
                }
                if after.status == ConversationStatus::Spam {
                    return Err(invalid("snoozed_until", "spam does not come back: open it first".into()));
                }
            }
            after.snoozed_until = until;
        }
        Ok(after)
    }

    fn apply_tags(&self, after: &mut Conversation) -> Result<(), EngineError> {
        let invalid = |why: String| EngineError::Invalid { what: "tags".into(), why };
        let fold = |tags: &[String]| -> Result<Vec<String>, EngineError> {
            tags.iter().map(|tag| fold_tag(tag).map_err(invalid)).collect()
        };
        if let Some(tags) = &self.tags {
            after.tags = Vec::new();
            fold(tags)?.into_iter().for_each(|tag| add(&mut after.tags, tag));
        }
        fold(&self.add_tags)?.into_iter().for_each(|tag| add(&mut after.tags, tag));
        let gone = fold(&self.remove_tags)?;
        after.tags.retain(|tag| !gone.contains(tag));
        if after.tags.len() > MOST_TAGS {
            return Err(invalid(format!("a conversation has at most {MOST_TAGS} tags")));
        }
        Ok(())
    }

    fn apply_issues(&self, after: &mut Conversation) -> Result<(), EngineError> {
        let invalid = |why: String| EngineError::Invalid { what: "issues".into(), why };
        for (system, key) in &self.unlink {
            let system = system.trim().to_lowercase();
            after.issues.retain(|issue| issue.system != system || issue.key != key.trim());
        }
        for issue in &self.link {
            let issue = sound_issue(issue).map_err(invalid)?;
            match after
                .issues
                .iter_mut()
                .find(|known| (&known.system, &known.key) == (&issue.system, &issue.key))
            {
                Some(known) => *known = issue,
                None => after.issues.push(issue),
            }
        }
        if after.issues.len() > MOST_ISSUES {
            return Err(invalid(format!("a conversation has at most {MOST_ISSUES} linked issues")));
        }
        Ok(())
    }
}

fn add(tags: &mut Vec<String>, tag: String) {
    if !tags.contains(&tag) {
        tags.push(tag);
    }
}

fn sound_issue(issue: &LinkedIssue) -> Result<LinkedIssue, String> {
    let line = |what: &str, text: &str, range: std::ops::RangeInclusive<usize>| {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if range.contains(&text.chars().count()) {
            Ok(text)
        } else {
            Err(format!("the {what} of an issue has {} to {} characters", range.start(), range.end()))
        }
    };
    let url = issue.url.as_deref().map(str::trim).filter(|url| !url.is_empty());
    if url.is_some_and(|url| {
        !(url.starts_with("https://") || url.starts_with("http://"))
            || url.len() > 2_000
            || url.contains(char::is_whitespace)
    }) {
        return Err("the address of an issue begins with https:// and has at most 2000 characters".into());
    }
    Ok(LinkedIssue {
        system: line("system", &issue.system, 1..=60)?.to_lowercase(),
        key: line("key", &issue.key, 1..=100)?,
        url: url.map(str::to_owned),
        title: line("title", &issue.title, 0..=300)?,
        state: line("state", &issue.state, 0..=60)?,
    })
}

type Difference = (Done, Option<Value>, Option<Value>);

/// What changed, each with what was there before and what is there now.
fn differences(before: &Conversation, after: &Conversation) -> Vec<Difference> {
    let text = |text: &str| Value::text(text);
    let list = |items: Vec<&str>| {
        let items: Vec<Value> = items.into_iter().filter_map(Value::text).collect();
        (!items.is_empty()).then_some(Value::List(items))
    };
    let words = |tags: &[String]| list(tags.iter().map(String::as_str).collect());
    let names = |of: &Conversation, other: &Conversation| {
        let changed = of.properties.iter().filter(|(name, value)| other.properties.get(*name) != Some(value));
        let changed: BTreeMap<String, Value> = changed.map(|(k, v)| (k.clone(), v.clone())).collect();
        (!changed.is_empty()).then_some(Value::Record(changed))
    };
    let keys = |of: &Conversation| list(of.issues.iter().map(|issue| issue.key.as_str()).collect());
    let mut all: Vec<Difference> = Vec::new();
    if before.status != after.status {
        all.push((Done::Status, text(before.status.as_str()), text(after.status.as_str())));
    }
    if before.priority != after.priority {
        all.push((Done::Priority, text(before.priority.as_str()), text(after.priority.as_str())));
    }
    if before.assignee != after.assignee {
        let who = |of: &Conversation| of.assignee.as_deref().and_then(text);
        all.push((Done::Assignee, who(before), who(after)));
    }
    if before.subject != after.subject {
        all.push((Done::Subject, text(&before.subject), text(&after.subject)));
    }
    if before.tags != after.tags {
        all.push((Done::Tags, words(&before.tags), words(&after.tags)));
    }
    if before.properties != after.properties {
        all.push((Done::Properties, names(before, after), names(after, before)));
    }
    if before.issues != after.issues {
        all.push((Done::Issues, keys(before), keys(after)));
    }
    if before.snoozed_until != after.snoozed_until {
        let moment = |of: &Conversation| of.snoozed_until.map(Value::Moment);
        all.push((Done::Snooze, moment(before), moment(after)));
    }
    all
}
