//! Activities: what is done to a conversation, told in it.
//!
//! A message that goes to the customer makes an open conversation pending, and one that comes from them makes a
//! pending one open: that turn is what the messages themselves say, so no activity says it again.

use std::collections::BTreeMap;

use crate::{
    feed::Change,
    model::{ConversationId, Entry, EntryId, EntryKind, ExternalId, Number, Source, Timestamp, Value},
};

use super::Known;

/// What was done to a conversation: the title of its activity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    /// Its status changed.
    Status,
    /// Somebody else looks after it.
    Assignee,
    /// Its priority changed.
    Priority,
    /// Its subject changed.
    Subject,
    /// Its tags changed.
    Tags,
    /// Its properties changed.
    Properties,
    /// Its linked issues changed.
    Issues,
    /// It was put out of sight until a time, or called back before it.
    Snooze,
    /// It came back at its time.
    Woken,
    /// The customer wrote and it is open again.
    Opened,
    /// Another was merged into it.
    Merged,
    /// Another that was merged into it stands on its own again.
    Unmerged,
    /// Some of its messages became a conversation of their own.
    Split,
    /// Messages that were split off are back.
    Unsplit,
    /// The customer said how content they are.
    Satisfaction,
}

impl Done {
    /// The word for it, which is the title of the entry.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Status => "status",
            Self::Assignee => "assignee",
            Self::Priority => "priority",
            Self::Subject => "subject",
            Self::Tags => "tags",
            Self::Properties => "properties",
            Self::Issues => "issues",
            Self::Snooze => "snooze",
            Self::Woken => "woken",
            Self::Opened => "opened",
            Self::Merged => "merged",
            Self::Unmerged => "unmerged",
            Self::Split => "split",
            Self::Unsplit => "unsplit",
            Self::Satisfaction => "satisfaction",
        }
    }
}

/// The property of an activity that holds what was there before.
pub const FROM: &str = "from";
/// The property of an activity that holds what is there now.
pub const TO: &str = "to";
/// The property of an activity that holds the version of the conversation it made.
pub const VERSION: &str = "version";

/// Something done to a conversation.
#[derive(Clone, Debug)]
pub struct Activity<'a> {
    /// What.
    pub done: Done,
    /// What was there before.
    pub from: Option<Value>,
    /// What is there now.
    pub to: Option<Value>,
    /// Words beside it, such as the comment of a satisfaction answer.
    pub comment: &'a str,
    /// Who did it.
    pub by: &'a Source,
    /// When.
    pub at: Timestamp,
}

impl Known {
    /// Records what is done to a conversation, in it and in the timeline of the customer it began with, as far as
    /// that customer is known here.
    ///
    /// The entry's id follows from the version that the deed makes, so deciding again never tells it twice.
    pub fn record_activity(
        &mut self,
        conversation: ConversationId,
        activity: Activity<'_>,
    ) -> Option<EntryId> {
        let row = self.conversation(conversation)?;
        let contact = row.contacts.iter().copied().find(|contact| self.contact(*contact).is_some())?;
        let version = row.version + 1;
        let word = activity.done.as_str();
        let external = ExternalId::new("activity", format!("{conversation}:{version}:{word}"));
        let id = self.key().entry(&external);
        let mut properties = BTreeMap::new();
        properties.extend(activity.from.map(|from| (FROM.to_owned(), from)));
        properties.extend(activity.to.map(|to| (TO.to_owned(), to)));
        let number = Number::new(version as f64).map(Value::Number);
        properties.extend(number.map(|number| (VERSION.to_owned(), number)));
        self.note(Entry {
            id,
            contact,
            at: activity.at,
            recorded: activity.at,
            kind: EntryKind::Activity,
            source: activity.by.clone(),
            channel: None,
            direction: None,
            conversation: Some(conversation),
            title: word.to_owned(),
            summary: activity.comment.to_owned(),
            properties,
            has_body: false,
        });
        if let Some(row) = self.edit_contact(contact) {
            row.happened(EntryKind::Activity, activity.at);
            let profile = row.profile;
            self.tell(Change::EntryAdded { profile, contact, entry: id, kind: EntryKind::Activity });
            self.tell(Change::ConversationChanged { profile, conversation });
        }
        Some(id)
    }
}
