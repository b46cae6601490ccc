//! Who sees which property: what scripts say, what admins decided otherwise, and what follows for one request.

mod directory;
mod mail;
mod reveal;
mod rights;

pub(crate) use directory::SeenDirectory;
pub(crate) use mail::{cover_conversation, cover_line, cover_mail};
pub(crate) use reveal::{Revealed, reveal};
pub(crate) use rights::{FieldRights, role_of, sight_of, sight_of_role};

use whom_core::{
    model::Contact,
    view::{Seen, masked_identifier},
};

use crate::asking::Asking;

/// What whoever asks calls a contact that is read as a row; nothing where it has no name for them.
pub(crate) fn called(contact: &Contact) -> Option<String> {
    let identifier = contact.identifier()?;
    match Asking::sight().map_or(Seen::Full, |sight| sight.of_kind(identifier.kind())) {
        Seen::Full => contact.raw().map(str::to_owned),
        Seen::Masked => Some(masked_identifier(identifier.kind(), identifier.value())),
        Seen::Hidden => None,
    }
}

#[cfg(test)]
mod tests;
