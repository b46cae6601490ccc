//! Links that go to somebody's mailbox: invitations, and the way to a new password.

use crate::{
    app::AppState,
    outbound::channels::{self, HouseMail},
};

use super::invitations::{MadeLink, Purpose};

/// What became of a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Posted {
    /// It is on its way.
    OnItsWay,
    /// No channel sends mail here; the link has to be handed over by hand.
    NoChannel,
}

/// The whole address of a path on this server; the path alone where nobody has said how it is reached.
pub(crate) fn address(state: &AppState, path: &str) -> String {
    let public = state.config().public_url.as_deref().unwrap_or_default();
    format!("{}{path}", public.trim_end_matches('/'))
}

/// Sends a link to whom it is for, where a channel sends mail.
pub(crate) async fn send(state: &AppState, made: &MadeLink) -> Posted {
    let login = made.invitation.login();
    if state.config().public_url.is_none() || !login.contains('@') {
        return Posted::NoChannel;
    }
    let link = address(state, &made.path);
    let (subject, text) = match &made.invitation.purpose {
        Purpose::Join { .. } => (
            "You are invited to Whom",
            format!(
                "Hello,\n\n{} invites you to work with Whom. Open this link within seven days and choose a password:\n\n{link}\n\nThe link works once.\n",
                made.invitation.created_by
            ),
        ),
        Purpose::Reset { .. } => (
            "A new password for Whom",
            format!(
                "Hello,\n\nsomebody, most likely you, asked for a new password for Whom. Open this link and choose one:\n\n{link}\n\nThe link works once. If it was not you, nothing has changed and nothing has to be done.\n"
            ),
        ),
    };
    post(state, login, subject, &text).await
}

/// Hands a letter to the channel that sends mail. Where it does not go, the link is there to be handed over.
async fn post(state: &AppState, to: &str, subject: &str, text: &str) -> Posted {
    match channels::post(state, &HouseMail { what: "link to sign in", to, subject, text }).await {
        Ok(true) => Posted::OnItsWay,
        Ok(false) => Posted::NoChannel,
        Err(problem) => {
            tracing::warn!(status = problem.status.as_u16(), "a link could not be sent by mail");
            Posted::NoChannel
        }
    }
}
