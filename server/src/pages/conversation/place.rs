//! Where a conversation stands: found by its number, and among those of the view it was opened from.

use whom_core::{
    engine::InboxFilter,
    model::{Conversation, InboxCursor},
};

use crate::{app::AppState, auth::Principal, pages::inbox::View, problem::Problem};

/// How many of a view are looked through for the ones beside.
const LOOKED_THROUGH: usize = 200;

/// The conversation with this number; one that was merged away is the one it is shown in.
pub(super) async fn by_number(state: &AppState, number: u64) -> Result<Conversation, Problem> {
    let found = state.store().conversation_by_number(number).await?;
    let row = found.ok_or_else(|| Problem::not_found(format!("there is no conversation #{number}")))?;
    match row.merged_into {
        None => Ok(row),
        Some(_) => Ok(state.engine().shown_conversation(row.id).await?),
    }
}

/// The numbers of the conversations before and behind one in a view.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Beside {
    /// The one above.
    pub(super) previous: Option<u64>,
    /// The one below.
    pub(super) next: Option<u64>,
}

/// Finds the ones beside; one that no longer stands in the view has the place it had.
pub(super) async fn beside(
    state: &AppState,
    by: &Principal,
    view: View,
    conversation: &Conversation,
) -> Result<Beside, Problem> {
    let (shelf, whose) = view.asked(by.login());
    let filter = InboxFilter::default();
    let page = state.engine().inbox(shelf, &whose, &filter, None, LOOKED_THROUGH).await?.conversations;
    let here = InboxCursor::of(conversation);
    let later = page.iter().rev().find(|other| InboxCursor::of(other) > here && other.id != conversation.id);
    let earlier = page.iter().find(|other| InboxCursor::of(other) < here && other.id != conversation.id);
    Ok(Beside { previous: later.map(|other| other.number), next: earlier.map(|other| other.number) })
}
