//! The views of the inbox.

use whom_core::{
    engine::InboxCounts,
    model::{Conversation, ConversationStatus, Shelf, Whose},
};

use crate::pages::words::inbox as words;

/// One view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum View {
    /// Open ones of whoever looks.
    Mine,
    /// Open ones that nobody looks after.
    Unassigned,
    /// All open ones.
    Open,
    /// Those that wait for the customer.
    Pending,
    /// Those that sleep.
    Snoozed,
    /// Those that are done.
    Closed,
    /// Those that nobody asked for.
    Spam,
}

impl View {
    pub(crate) const ALL: [Self; 7] =
        [Self::Mine, Self::Unassigned, Self::Open, Self::Pending, Self::Snoozed, Self::Closed, Self::Spam];

    /// The word in the address.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Mine => "mine",
            Self::Unassigned => "unassigned",
            Self::Open => "open",
            Self::Pending => "pending",
            Self::Snoozed => "snoozed",
            Self::Closed => "closed",
            Self::Spam => "spam",
        }
    }

    /// Reads the word in the address.
    pub(crate) fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|view| view.as_str() == word)
    }

    /// The view in which a conversation stands for everybody.
    pub(crate) fn of(conversation: &Conversation) -> Self {
        match (conversation.status, conversation.snoozed_until) {
            (ConversationStatus::Spam, _) => Self::Spam,
            (_, Some(_)) => Self::Snoozed,
            (ConversationStatus::Open, _) => Self::Open,
            (ConversationStatus::Pending, _) => Self::Pending,
            (ConversationStatus::Closed, _) => Self::Closed,
        }
    }

    /// Its address.
    pub(crate) fn address(self) -> String {
        match self {
            Self::Open => "/inbox".to_owned(),
            other => format!("/inbox/{}", other.as_str()),
        }
    }

    /// What it is called.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Mine => words::MINE,
            Self::Unassigned => words::UNASSIGNED,
            Self::Open => words::OPEN,
            Self::Pending => words::PENDING,
            Self::Snoozed => words::SNOOZED,
            Self::Closed => words::CLOSED,
            Self::Spam => words::SPAM,
        }
    }

    /// What stands there when it is empty, and what to do next.
    pub(crate) fn empty(self) -> (&'static str, &'static str) {
        match self {
            Self::Mine => (words::EMPTY_MINE, words::EMPTY_MINE_NEXT),
            Self::Unassigned => (words::EMPTY_UNASSIGNED, words::EMPTY_UNASSIGNED_NEXT),
            Self::Open => (words::EMPTY_OPEN, words::EMPTY_OPEN_NEXT),
            Self::Pending => (words::EMPTY_PENDING, words::EMPTY_PENDING_NEXT),
            Self::Snoozed => (words::EMPTY_SNOOZED, words::EMPTY_SNOOZED_NEXT),
            Self::Closed => (words::EMPTY_CLOSED, words::EMPTY_CLOSED_NEXT),
            Self::Spam => (words::EMPTY_SPAM, words::EMPTY_SPAM_NEXT),
        }
    }

    /// What to ask the engine for.
    pub(crate) fn asked(self, me: Option<&str>) -> (Shelf, Whose) {
        match self {
            Self::Mine => (Shelf::Open, me.map_or(Whose::Nobody, |me| Whose::Agent(me.to_owned()))),
            Self::Unassigned => (Shelf::Open, Whose::Nobody),
            Self::Open => (Shelf::Open, Whose::Anybody),
            Self::Pending => (Shelf::Pending, Whose::Anybody),
            Self::Snoozed => (Shelf::Snoozed, Whose::Anybody),
            Self::Closed => (Shelf::Closed, Whose::Anybody),
            Self::Spam => (Shelf::Spam, Whose::Anybody),
        }
    }

    /// How much stands in it.
    pub(crate) fn count(self, counts: &InboxCounts) -> whom_core::engine::BoundedCount {
        match self {
            Self::Mine => counts.mine,
            Self::Unassigned => counts.unassigned,
            Self::Open => counts.open,
            Self::Pending => counts.pending,
            Self::Snoozed => counts.snoozed,
            Self::Closed => counts.closed,
            Self::Spam => counts.spam,
        }
    }
}
