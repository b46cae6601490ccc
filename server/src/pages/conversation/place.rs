//! Where a conversation stands: found by its number, and among those of the view it was opened from.

use whom_core::model::{Conversation, InboxCursor};

use crate::{app::AppState, auth::Principal, pages::inbox::View, problem::Problem};

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
    let here = InboxCursor::of(conversation);
    let found = state.store().inbox_beside(shelf, &whose, here).await?;
    let [previous, next] = found.map(|beside| beside.map(|other| other.number));
    Ok(Beside { previous, next })
}
