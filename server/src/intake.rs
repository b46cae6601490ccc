//! The one way in for a message, whoever brings it: the API, a mailbox that is ingested, a mail server.

use whom_core::{engine::EngineError, identity::Receipt};

use crate::{
    app::AppState,
    mail::{Mail, MailProblem, MailSkip, read_mail},
};

/// What became of a message.
#[derive(Debug)]
pub(crate) enum Taken {
    /// It was taken in, or had been before.
    Decided(Receipt),
    /// It makes no profiles.
    PassedOver(MailSkip),
    /// It cannot be read.
    Malformed(MailProblem),
}

/// Takes one message in. The answer comes once it is durable.
pub(crate) async fn take_mail(state: &AppState, raw: &[u8]) -> Result<Taken, EngineError> {
    let policy = state.mail_policy().await?;
    let now = state.now();
    Ok(match read_mail(raw, &policy, now) {
        Mail::Malformed(problem) => Taken::Malformed(problem),
        Mail::Skipped(skip) => Taken::PassedOver(skip),
        Mail::Arrived(incoming) => Taken::Decided(state.engine().ingest(*incoming, now).await?),
    })
}
