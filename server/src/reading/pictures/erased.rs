//! The pictures of somebody who is erased go with them.

use whom_core::{
    model::{Assertion, Claim, ContactId, EntryKind, ProfileId, PropertyType, TimelineCursor},
    store::StoreError,
};

use crate::{
    app::AppState,
    reading::{self, Remote},
};

/// How many entries are read at a time.
const PAGE: usize = 200;

/// Where the pictures are that may be kept of a profile: its photos, also those that are not shown, and what its
/// messages load.
pub(crate) async fn addresses_of(state: &AppState, profile: ProfileId) -> Result<Vec<String>, StoreError> {
    let store = state.store();
    let row = store.profiles(&[profile]).await?.pop().flatten();
    let contacts = row.map_or_else(Vec::new, |row| row.contacts);
    let mut addresses = Vec::new();
    for (contact, claims) in store.contacts_with_claims(&contacts).await?.into_iter().flatten() {
        addresses.extend(photos(state, &claims));
        in_messages(state, contact.id, &mut addresses).await?;
    }
    addresses.sort();
    addresses.dedup();
    Ok(addresses)
}

fn photos(state: &AppState, claims: &[Claim]) -> Vec<String> {
    let rules = state.engine().rules();
    let is_picture = |claim: &&Claim| {
        let definition = rules.schema().get(claim.property.as_str());
        definition.is_some_and(|definition| definition.kind == PropertyType::Picture)
    };
    let address = |claim: &Claim| match &claim.assertion {
        Assertion::Is(value) | Assertion::IsNot(value) => value.as_text().map(str::to_owned),
        Assertion::Empty => None,
    };
    claims.iter().filter(is_picture).filter_map(address).collect()
}

async fn in_messages(
    state: &AppState,
    contact: ContactId,
    addresses: &mut Vec<String>,
) -> Result<(), StoreError> {
    let mut before: Option<TimelineCursor> = None;
    loop {
        let page = state.store().timeline(contact, before, PAGE).await?;
        for entry in page.iter().filter(|entry| entry.kind == EntryKind::Message && entry.has_body) {
            let body = state.store().body(entry.id).await?;
            if let Some(html) = reading::read(entry, body.as_ref(), Remote::Held).html {
                addresses.extend(html.remote);
            }
        }
        match page.last() {
            Some(last) if page.len() == PAGE => {
                before = Some(TimelineCursor { at: last.at, entry: last.id });
            }
            _ => return Ok(()),
        }
    }
}
