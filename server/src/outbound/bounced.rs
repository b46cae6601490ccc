//! A report that a message of ours did not arrive becomes its error, and never a customer.

use whom_core::{
    model::{EntryId, ExternalId},
    store::StoreError,
};

use super::delivery::{Along, Delivery, Missed, Stage, change};
use crate::{
    app::AppState,
    documents,
    mail::{self, Undelivered},
};

/// Writes a report down at the message it is about; gives that message's entry, where it is one of ours.
pub(crate) async fn note(state: &AppState, report: &Undelivered) -> Result<Option<EntryId>, StoreError> {
    let key = state.store().id_key();
    for id in &report.message_ids {
        let entry = key.entry(&ExternalId::new(mail::scope(), id));
        let name = entry.to_string();
        if documents::get::<Delivery>(state.store(), &name).await?.is_none() {
            continue;
        }
        let now = state.now();
        change(state.store(), &name, now, Along::default(), |known| {
            let is_ours = |address: &&String| known.to.iter().any(|to| to.eq_ignore_ascii_case(address));
            let named: Vec<String> = report.recipients.iter().filter(is_ours).cloned().collect();
            // A report that names nobody we wrote to is about whoever our mail was passed on to.
            let failed = if named.is_empty() { known.to.clone() } else { named };
            let is_new = |address: &&String| {
                !known.missed.iter().any(|missed| missed.address.eq_ignore_ascii_case(address))
            };
            let new: Vec<Missed> = failed
                .iter()
                .filter(is_new)
                .map(|address| Missed { address: address.clone(), words: report.reason.clone() })
                .collect();
            // The same report again, or one of a message that was given up, says nothing new.
            if new.is_empty() {
                return None;
            }
            let missed = known.missed.iter().cloned().chain(new).collect();
            let known = Delivery { missed, ..known };
            // While it still waits for others, they come first.
            let is_over = known.stage != Stage::Queued;
            Some(if is_over { known.at(Stage::Error, now, report.reason.clone()) } else { known })
        })
        .await?;
        return Ok(Some(entry));
    }
    Ok(None)
}
