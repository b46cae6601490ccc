//! The inbox: lists of conversations, how many there are, and those that come back at their time.

use serde::Serialize;

use super::{Engine, EngineError, MOST_TRIES, until_settled};
use crate::{
    identity::{Activity, Done, Known},
    model::{
        Channel, Conversation, ConversationId, ConversationStatus, InboxCursor, Priority, Shelf, Source,
        SourceKind, Timestamp, Value, Whose,
    },
    store::StoreError,
};

/// How many conversations are looked at for one page at most, however few of them fit.
const MOST_LOOKED_AT: usize = 2_000;

/// How many are read at once while a filter is looked for.
const STEP: usize = 200;

/// How far counting goes.
pub const COUNT_TO: usize = 1_000;

/// Which conversations are looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InboxFilter {
    /// With this tag.
    pub tag: Option<String>,
    /// Of this priority.
    pub priority: Option<Priority>,
    /// That began on this channel.
    pub channel: Option<Channel>,
    /// With these words in their subject, in any order.
    pub text: Option<String>,
}

/// A page of the inbox, the latest message first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InboxPage {
    /// The conversations.
    pub conversations: Vec<Conversation>,
    /// Where the next page begins; a page with a filter may be short, or empty, and still go on.
    pub next: Option<InboxCursor>,
}

/// How many there are, or that there are more than were counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct BoundedCount {
    /// How many were counted, at most 1,000.
    pub count: usize,
    /// Whether there are more.
    pub and_more: bool,
}

/// How many conversations the lists of the inbox hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct InboxCounts {
    /// Open ones of the agent who asks.
    pub mine: BoundedCount,
    /// Open ones that nobody looks after.
    pub unassigned: BoundedCount,
    /// All open ones.
    pub open: BoundedCount,
    /// Those that wait for the customer.
    pub pending: BoundedCount,
    /// Those that sleep.
    pub snoozed: BoundedCount,
    /// Those that are done.
    pub closed: BoundedCount,
    /// Those that nobody asked for.
    pub spam: BoundedCount,
}

impl std::fmt::Display for BoundedCount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}{}", self.count, if self.and_more { "+" } else { "" })
    }
}

impl InboxFilter {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    fn fits(&self, conversation: &Conversation, words: &[String]) -> bool {
        let subject = || conversation.subject.to_lowercase();
        self.tag.as_ref().is_none_or(|tag| conversation.tags.contains(tag))
            && self.priority.is_none_or(|priority| conversation.priority == priority)
            && self.channel.as_ref().is_none_or(|channel| conversation.channel == *channel)
            && (words.is_empty() || {
                let subject = subject();
                words.iter().all(|word| subject.contains(word))
            })
    }
}

impl Engine {
    /// A page of the inbox after `after`, at most `limit`.
    pub async fn inbox(
        &self,
        shelf: Shelf,
        whose: &Whose,
        filter: &InboxFilter,
        after: Option<InboxCursor>,
        limit: usize,
    ) -> Result<InboxPage, EngineError> {
        let limit = limit.max(1);
        let words: Vec<String> =
            filter.text.iter().flat_map(|text| text.split_whitespace()).map(str::to_lowercase).collect();
        let mut page = InboxPage { conversations: Vec::new(), next: after };
        let step = if filter.is_empty() { limit + 1 } else { STEP };
        let mut looked_at = 0;
        while looked_at < MOST_LOOKED_AT {
            let some = self.store().inbox(shelf, whose, page.next, step).await?;
            let is_last = some.len() < step;
            for mut conversation in some {
                looked_at += 1;
                // Before it is filtered: what is not seen finds nothing either.
                self.cover_conversations(std::slice::from_mut(&mut conversation));
                if !filter.fits(&conversation, &words) {
                    page.next = Some(InboxCursor::of(&conversation));
                    continue;
                }
                if page.conversations.len() == limit {
                    return Ok(page);
                }
                page.next = Some(InboxCursor::of(&conversation));
                page.conversations.push(conversation);
            }
            if is_last {
                page.next = None;
                return Ok(page);
            }
        }
        Ok(page)
    }

    /// How many conversations the lists hold; `me` is the agent who asks, where it is one.
    pub async fn inbox_counts(&self, me: Option<&str>) -> Result<InboxCounts, EngineError> {
        let count = async |shelf, whose: Whose| -> Result<BoundedCount, StoreError> {
            let found = self.store().inbox_count(shelf, &whose, COUNT_TO + 1).await?;
            Ok(BoundedCount { count: found.min(COUNT_TO), and_more: found > COUNT_TO })
        };
        Ok(InboxCounts {
            mine: match me {
                Some(me) => count(Shelf::Open, Whose::Agent(me.to_owned())).await?,
                None => BoundedCount::default(),
            },
            unassigned: count(Shelf::Open, Whose::Nobody).await?,
            open: count(Shelf::Open, Whose::Anybody).await?,
            pending: count(Shelf::Pending, Whose::Anybody).await?,
            snoozed: count(Shelf::Snoozed, Whose::Anybody).await?,
            closed: count(Shelf::Closed, Whose::Anybody).await?,
            spam: count(Shelf::Spam, Whose::Anybody).await?,
        })
    }

    /// Brings back conversations whose time has come, at most `limit`; gives those it brought back.
    pub async fn wake_due(&self, now: Timestamp, limit: usize) -> Result<Vec<ConversationId>, EngineError> {
        let mut woken = Vec::new();
        for (_, id) in self.store().due(now, limit).await? {
            if until_settled!(self.try_wake(id, now).await)? {
                woken.push(id);
            }
        }
        Ok(woken)
    }

    async fn try_wake(&self, id: ConversationId, now: Timestamp) -> Result<bool, EngineError> {
        let mut known = Known::empty(self.key().clone());
        known.read_conversations(self.store().as_ref(), [id].into()).await?;
        let Some(row) = known.conversation(id) else { return Ok(false) };
        let (status, contacts) = (row.status, row.contacts.clone());
        let Some(until) = row.snoozed_until.filter(|until| *until <= now) else { return Ok(false) };
        known.read_contacts(self.store().as_ref(), contacts.into_iter().take(1).collect()).await?;
        let Some(row) = known.edit_conversation(id) else { return Ok(false) };
        row.snoozed_until = None;
        if status != ConversationStatus::Spam {
            row.status = ConversationStatus::Open;
        }
        let by = Source::new(SourceKind::Rule, "snooze");
        let activity = Activity {
            done: Done::Woken,
            from: Some(Value::Moment(until)),
            to: None,
            comment: "",
            by: &by,
            at: now,
        };
        known.record_activity(id, activity);
        self.store().commit(known.into_change_set(now)).await?;
        Ok(true)
    }
}
