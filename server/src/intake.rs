//! The one way in for a message, whoever brings it: the API, a mailbox that is ingested, a mail server.

use whom_core::{engine::EngineError, identity::Receipt, model::Timestamp, store::StoreError};

use crate::{
    app::AppState,
    mail::{Mail, MailPolicy, MailProblem, MailSkip, MailSort, read_mail, undelivered},
    outbound::note_bounce,
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
    Ok(match sort_mail(state, raw, &policy, now).await? {
        Mail::Malformed(problem) => Taken::Malformed(problem),
        Mail::Skipped(skip) => Taken::PassedOver(skip),
        Mail::Arrived(incoming) => Taken::Decided(state.engine().ingest(*incoming, now).await?),
    })
}

/// Says what a message is for Whom. A report that one of ours did not arrive is written down at that one.
pub(crate) async fn sort_mail(
    state: &AppState,
    raw: &[u8],
    policy: &MailPolicy,
    now: Timestamp,
) -> Result<Mail, StoreError> {
    let mail = read_mail(raw, policy, now);
    let may_report = match &mail {
        Mail::Skipped(skip) => *skip == MailSkip::Bounce,
        // Reports can be asked for as messages; one about a message of ours is none all the same.
        Mail::Arrived(_) => policy.include.contains(&MailSort::Bounces),
        Mail::Malformed(_) => false,
    };
    let report = if may_report { undelivered(raw) } else { None };
    let is_of_ours = match report {
        Some(report) => note_bounce(state, &report).await?.is_some(),
        None => false,
    };
    Ok(if is_of_ours { Mail::Skipped(MailSkip::Bounce) } else { mail })
}
