//! What agents do with conversations, for the JSON API and the pages alike.

mod change;
mod waking;

pub(crate) use change::{ConversationPatch, Outcome, change_all, named, named_itself};
pub(crate) use waking::wake;
