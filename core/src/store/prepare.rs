//! The half of a commit that needs no store: rows are encoded where they are sent from.
//!
//! The one writer does the other half. What it need not do, it must not: it is the bottleneck.

use std::collections::HashSet;

use super::{
    ChangeSet, Expectation, StoreError, Write,
    rows::{self, Row, RowError, encode_changes, key, key::Key, split_body},
};
use crate::model::{
    ContactId, Conversation, ConversationId, EntryId, ProfileState, TimelineCursor, Timestamp,
};

/// A change set as the writer wants it.
pub(crate) struct Prepared {
    pub(crate) expects: Vec<(Key, Expectation)>,
    pub(crate) deeds: Vec<Deed>,
    /// Its part of the feed, but for the number.
    pub(crate) changes: Vec<u8>,
    /// About how many bytes it writes.
    pub(crate) bytes: usize,
}

/// One thing for the writer to do.
pub(crate) enum Deed {
    Put {
        key: Key,
        row: Vec<u8>,
    },
    /// A row that is counted when it is new.
    Contact {
        key: Key,
        row: Vec<u8>,
    },
    Profile {
        key: Key,
        row: Vec<u8>,
        live: bool,
    },
    Entry {
        key: Key,
        row: Vec<u8>,
        at: TimelineCursor,
        contact: ContactId,
        conversation: Option<ConversationId>,
    },
    Body {
        entry: EntryId,
        pieces: Vec<Vec<u8>>,
    },
    /// Not encoded: the writer may have to number it.
    Conversation(Box<Conversation>),
    Remove(Key),
    EraseContact(ContactId),
    EraseConversation(ConversationId),
    EraseProfile(Key),
}

/// Encodes a change set.
pub(crate) fn prepare(changes: ChangeSet) -> Result<Prepared, StoreError> {
    let ChangeSet { at, expects, writes, changes } = changes;
    // An arrival that has an entry is found through it when its contact is erased; any other needs a row to be found by.
    let entries: HashSet<(ContactId, Timestamp, EntryId)> = writes
        .iter()
        .filter_map(|write| match write {
            Write::Entry(entry) => Some((entry.contact, entry.at, entry.id)),
            _ => None,
        })
        .collect();
    let mut deeds = Vec::with_capacity(writes.len() + 2);
    for write in writes {
        encode(write, &entries, &mut deeds)?;
    }
    let changes = refused("the feed", encode_changes(at, &changes))?;
    let bytes = changes.len() + deeds.iter().map(Deed::bytes).sum::<usize>();
    let expects = expects.into_iter().map(|expected| (key::subject(&expected.subject), expected)).collect();
    Ok(Prepared { expects, deeds, changes, bytes })
}

fn encode(
    write: Write,
    entries: &HashSet<(ContactId, Timestamp, EntryId)>,
    deeds: &mut Vec<Deed>,
) -> Result<(), StoreError> {
    let mut put = |key: Key, row: Vec<u8>| deeds.push(Deed::Put { key, row });
    match write {
        Write::Contact(contact) => {
            let key = key::contact(contact.id);
            deeds.push(Deed::Contact { row: row(&key, &contact)?, key });
        }
        Write::Profile(profile) => {
            let key = key::profile(profile.id);
            let live = profile.state == ProfileState::Live;
            deeds.push(Deed::Profile { row: row(&key, &profile)?, key, live });
        }
        Write::Claim(claim) => {
            let key = key::claim(claim.contact, claim.id);
            put(key.clone(), row(&key, &claim)?);
        }
        Write::Entry(entry) => {
            let key = key::entry(entry.contact, entry.at, entry.id);
            deeds.push(Deed::Entry {
                row: row(&key, &entry)?,
                key,
                at: TimelineCursor { at: entry.at, entry: entry.id },
                contact: entry.contact,
                conversation: entry.conversation,
            });
        }
        Write::Body(entry, body) => {
            let pieces = refused(&key::describe(&key::body(entry)), split_body(&body))?;
            deeds.push(Deed::Body { entry, pieces });
        }
        Write::Seen(seen) => {
            let key = key::seen(seen.entry);
            put(key.clone(), row(&key, &seen)?);
            if !entries.contains(&(seen.contact, seen.at, seen.entry)) {
                put(key::seen_of(seen.contact, seen.entry), Vec::new());
            }
        }
        Write::Conversation(conversation) => deeds.push(Deed::Conversation(Box::new(conversation))),
        Write::Participation(contact, began, conversation) => {
            put(key::participation(contact, began, conversation), Vec::new());
        }
        Write::Membership(change) => {
            let key = key::membership(change.id);
            put(key.clone(), row(&key, &change)?);
        }
        Write::Account(account) => {
            let key = key::account(account.id);
            put(key.clone(), row(&key, &account)?);
        }
        Write::AccountLink(link) => {
            put(key::account_member(link.account, link.contact), Vec::new());
            put(key::account_of(link.contact, link.account), Vec::new());
        }
        Write::AccountUnlink(link) => {
            deeds.push(Deed::Remove(key::account_member(link.account, link.contact)));
            deeds.push(Deed::Remove(key::account_of(link.contact, link.account)));
        }
        Write::Erased(erased) => {
            let key = key::erased(erased.tombstone);
            put(key.clone(), row(&key, &erased)?);
        }
        Write::LiftErased(contact) => deeds.push(Deed::Remove(key::erased(contact))),
        Write::Document(document) => {
            let key = key::document(document.kind, &document.id);
            put(key.clone(), row(&key, &document)?);
        }
        Write::RemoveDocument(kind, id) => deeds.push(Deed::Remove(key::document(kind, &id))),
        Write::EraseContact(contact) => deeds.push(Deed::EraseContact(contact)),
        Write::EraseConversation(conversation) => deeds.push(Deed::EraseConversation(conversation)),
        Write::EraseProfile(profile) => deeds.push(Deed::EraseProfile(key::profile(profile))),
        Write::EraseMembership(change) => deeds.push(Deed::Remove(key::membership(change))),
        Write::EraseClaim(contact, claim) => deeds.push(Deed::Remove(key::claim(contact, claim))),
    }
    Ok(())
}

pub(crate) fn row<R: Row>(key: &[u8], row: &R) -> Result<Vec<u8>, StoreError> {
    rows::encode(row).map_err(|why| StoreError::Refused { what: key::describe(key), why: why.to_string() })
}

fn refused<T>(what: &str, result: Result<T, RowError>) -> Result<T, StoreError> {
    result.map_err(|why| StoreError::Refused { what: what.to_owned(), why: why.to_string() })
}

impl Deed {
    fn bytes(&self) -> usize {
        match self {
            Self::Put { key, row }
            | Self::Contact { key, row }
            | Self::Profile { key, row, .. }
            | Self::Entry { key, row, .. } => key.len() + row.len(),
            Self::Body { pieces, .. } => pieces.iter().map(Vec::len).sum(),
            Self::Conversation(_) => 200,
            Self::Remove(key) | Self::EraseProfile(key) => key.len(),
            Self::EraseContact(_) | Self::EraseConversation(_) => 1,
        }
    }
}
