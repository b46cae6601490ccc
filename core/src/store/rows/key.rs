//! Keys: one byte for the table, then parts whose bytes sort in the order of their meaning.

use super::form::{Id, RowError};
use crate::{
    feed::FeedNumber,
    model::{
        AccountId, ClaimId, ContactId, ConversationId, EntryId, InboxCursor, MembershipId, ProfileId, Shelf,
        TimelineCursor, Timestamp,
    },
    store::{DocumentKind, Subject},
};

pub(crate) type Key = Vec<u8>;

/// The bytes of an id of whatever sort.
pub(crate) type Raw = [u8; ID_LEN];

const ID_LEN: usize = 10;

/// The first byte of a key. The numbers are on disk: they are never given to something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Table {
    Meta = 0,
    Contact = 1,
    Profile = 2,
    Entry = 3,
    Body = 4,
    Seen = 5,
    SeenOf = 6,
    Conversation = 7,
    ConversationEntry = 8,
    ConversationNumber = 9,
    Participation = 10,
    Membership = 11,
    Account = 12,
    AccountMember = 13,
    AccountOf = 14,
    Erased = 15,
    Document = 16,
    Feed = 17,
    Inbox = 18,
    Due = 19,
}

impl Table {
    const ALL: [Self; 20] = [
        Self::Meta,
        Self::Contact,
        Self::Profile,
        Self::Entry,
        Self::Body,
        Self::Seen,
        Self::SeenOf,
        Self::Conversation,
        Self::ConversationEntry,
        Self::ConversationNumber,
        Self::Participation,
        Self::Membership,
        Self::Account,
        Self::AccountMember,
        Self::AccountOf,
        Self::Erased,
        Self::Document,
        Self::Feed,
        Self::Inbox,
        Self::Due,
    ];

    /// The table that a key is of.
    pub(crate) fn of(key: &[u8]) -> Option<Self> {
        key.first().and_then(|byte| Self::ALL.get(usize::from(*byte))).copied()
    }

    /// What all keys of the table start with.
    pub(crate) fn prefix(self) -> Key {
        vec![self as u8]
    }
}

/// What follows the contact in the key of the contact itself, and in those of its claims.
const ITSELF: u8 = 0;
const CLAIM: u8 = 1;

fn key(table: Table, parts: &[&[u8]]) -> Key {
    let mut key = Vec::with_capacity(1 + parts.iter().map(|part| part.len()).sum::<usize>());
    key.push(table as u8);
    for part in parts {
        key.extend_from_slice(part);
    }
    key
}

/// Sorts as the number does.
fn rising(at: Timestamp) -> [u8; 8] {
    (at.as_millis() as u64 ^ 1 << 63).to_be_bytes()
}

/// Sorts the other way round: the latest first.
fn falling(at: Timestamp) -> [u8; 8] {
    (!(at.as_millis() as u64 ^ 1 << 63)).to_be_bytes()
}

fn inverted(raw: Raw) -> Raw {
    raw.map(|byte| !byte)
}

pub(crate) fn meta() -> Key {
    Table::Meta.prefix()
}

/// The contact and its claims.
pub(crate) fn contact_and_claims(contact: ContactId) -> Key {
    key(Table::Contact, &[contact.as_bytes()])
}

pub(crate) fn contact(contact: ContactId) -> Key {
    key(Table::Contact, &[contact.as_bytes(), &[ITSELF]])
}

pub(crate) fn claim(contact: ContactId, claim: ClaimId) -> Key {
    key(Table::Contact, &[contact.as_bytes(), &[CLAIM], claim.as_bytes()])
}

/// Whether a key of the contact table is that of a claim.
pub(crate) fn is_claim(key: &[u8]) -> bool {
    key.get(1 + ID_LEN) == Some(&CLAIM)
}

pub(crate) fn profile(profile: ProfileId) -> Key {
    key(Table::Profile, &[profile.as_bytes()])
}

pub(crate) fn timeline(contact: ContactId) -> Key {
    key(Table::Entry, &[contact.as_bytes()])
}

pub(crate) fn entry(contact: ContactId, at: Timestamp, entry: EntryId) -> Key {
    key(Table::Entry, &[contact.as_bytes(), &falling(at), &inverted(entry.raw())])
}

pub(crate) fn body(entry: EntryId) -> Key {
    key(Table::Body, &[entry.as_bytes()])
}

pub(crate) fn body_piece(entry: EntryId, piece: u32) -> Key {
    key(Table::Body, &[entry.as_bytes(), &piece.to_be_bytes()])
}

pub(crate) fn seen(entry: EntryId) -> Key {
    key(Table::Seen, &[entry.as_bytes()])
}

pub(crate) fn seen_by(contact: ContactId) -> Key {
    key(Table::SeenOf, &[contact.as_bytes()])
}

pub(crate) fn seen_of(contact: ContactId, entry: EntryId) -> Key {
    key(Table::SeenOf, &[contact.as_bytes(), entry.as_bytes()])
}

pub(crate) fn conversation(conversation: ConversationId) -> Key {
    key(Table::Conversation, &[conversation.as_bytes()])
}

pub(crate) fn conversation_entries(conversation: ConversationId) -> Key {
    key(Table::ConversationEntry, &[conversation.as_bytes()])
}

pub(crate) fn conversation_entry(conversation: ConversationId, at: TimelineCursor) -> Key {
    key(Table::ConversationEntry, &[conversation.as_bytes(), &rising(at.at), at.entry.as_bytes()])
}

pub(crate) fn conversation_number(number: u64) -> Key {
    key(Table::ConversationNumber, &[&(!number).to_be_bytes()])
}

pub(crate) fn participations(contact: ContactId) -> Key {
    key(Table::Participation, &[contact.as_bytes()])
}

pub(crate) fn participation(contact: ContactId, began: Timestamp, conversation: ConversationId) -> Key {
    key(Table::Participation, &[contact.as_bytes(), &falling(began), &inverted(conversation.raw())])
}

pub(crate) fn membership(change: MembershipId) -> Key {
    key(Table::Membership, &[change.as_bytes()])
}

pub(crate) fn account(account: AccountId) -> Key {
    key(Table::Account, &[account.as_bytes()])
}

pub(crate) fn account_members(account: AccountId) -> Key {
    key(Table::AccountMember, &[account.as_bytes()])
}

pub(crate) fn account_member(account: AccountId, contact: ContactId) -> Key {
    key(Table::AccountMember, &[account.as_bytes(), contact.as_bytes()])
}

pub(crate) fn accounts_of(contact: ContactId) -> Key {
    key(Table::AccountOf, &[contact.as_bytes()])
}

pub(crate) fn account_of(contact: ContactId, account: AccountId) -> Key {
    key(Table::AccountOf, &[contact.as_bytes(), account.as_bytes()])
}

pub(crate) fn erased(tombstone: ContactId) -> Key {
    key(Table::Erased, &[tombstone.as_bytes()])
}

pub(crate) fn documents(kind: DocumentKind) -> Key {
    key(Table::Document, &[&[kind as u8]])
}

pub(crate) fn document(kind: DocumentKind, id: &str) -> Key {
    key(Table::Document, &[&[kind as u8], id.as_bytes()])
}

pub(crate) fn feed(number: FeedNumber) -> Key {
    key(Table::Feed, &[&number.to_be_bytes()])
}

/// The byte of a shelf; on disk, so never given to another.
fn shelf_byte(shelf: Shelf) -> u8 {
    match shelf {
        Shelf::Open => 0,
        Shelf::Pending => 1,
        Shelf::Snoozed => 2,
        Shelf::Closed => 3,
        Shelf::Spam => 4,
    }
}

/// What the keys of all lists of a shelf start with.
pub(crate) fn inbox_shelf(shelf: Shelf) -> Key {
    key(Table::Inbox, &[&[shelf_byte(shelf)]])
}

/// What the keys of one agent's list start with; nobody's is that of no name.
pub(crate) fn inbox_list(shelf: Shelf, agent: &str) -> Key {
    // No login is as long; one that were would share its list, which holds ids alone.
    let name = &agent.as_bytes()[..agent.len().min(usize::from(u8::MAX))];
    key(Table::Inbox, &[&[shelf_byte(shelf), name.len() as u8], name])
}

/// A place in a list.
pub(crate) fn inbox_in(list: &[u8], cursor: InboxCursor) -> Key {
    let mut key = list.to_vec();
    key.extend_from_slice(&falling(cursor.at));
    key.extend_from_slice(&inverted(cursor.conversation.raw()));
    key
}

pub(crate) fn inbox_place(shelf: Shelf, agent: &str, cursor: InboxCursor) -> Key {
    inbox_in(&inbox_list(shelf, agent), cursor)
}

/// The list that a key of the inbox is of.
pub(crate) fn inbox_list_of(key: &[u8]) -> Result<Key, RowError> {
    let name = usize::from(bytes_at::<1>(key, 2)?[0]);
    let list = key.get(..3 + name).ok_or_else(|| RowError::Broken("its key is cut off".into()))?;
    Ok(list.to_vec())
}

/// The place that a key of the inbox says, after the `list` bytes of its list.
pub(crate) fn inbox_cursor(key: &[u8], list: usize) -> Result<InboxCursor, RowError> {
    Ok(InboxCursor { at: falling_time_at(key, list)?, conversation: falling_id_at(key, list + 8)? })
}

/// The first key that could be of the next list.
pub(crate) fn past_inbox_list(list: &[u8]) -> Key {
    let mut key = list.to_vec();
    key.resize(list.len() + 8 + ID_LEN + 1, u8::MAX);
    key
}

/// That a conversation comes back at a time.
pub(crate) fn due(at: Timestamp, conversation: ConversationId) -> Key {
    key(Table::Due, &[&rising(at), conversation.as_bytes()])
}

/// The row that an expectation is about.
pub(crate) fn subject(subject: &Subject) -> Key {
    match subject {
        Subject::Contact(id) => contact(*id),
        Subject::Profile(id) => profile(*id),
        Subject::Conversation(id) => conversation(*id),
        Subject::Membership(id) => membership(*id),
        Subject::Account(id) => account(*id),
        Subject::Seen(id) => seen(*id),
        Subject::Erased(id) => erased(*id),
        Subject::Document(kind, id) => document(*kind, id),
    }
}

/// The first key after `key` that could be.
pub(crate) fn after(mut key: Key) -> Key {
    key.push(0);
    key
}

/// A key that stands after every key of a list.
pub(crate) fn end_of(list: &[u8]) -> Key {
    let mut end = list.to_vec();
    // Longer than what follows in any key, so that it stands behind one that is all ones as well.
    end.resize(list.len() + 64, u8::MAX);
    end
}

/// The id at a place of a key, counted in bytes.
pub(crate) fn id_at<I: Id>(key: &[u8], place: usize) -> Result<I, RowError> {
    Ok(I::of(bytes_at(key, place)?))
}

/// The id at a place where it stands inverted.
pub(crate) fn falling_id_at<I: Id>(key: &[u8], place: usize) -> Result<I, RowError> {
    Ok(I::of(inverted(bytes_at(key, place)?)))
}

/// The time at a place where it rises.
pub(crate) fn time_at(key: &[u8], place: usize) -> Result<Timestamp, RowError> {
    let bytes = u64::from_be_bytes(bytes_at(key, place)?);
    Ok(Timestamp::from_millis((bytes ^ 1 << 63) as i64))
}

/// The time at a place where it falls.
pub(crate) fn falling_time_at(key: &[u8], place: usize) -> Result<Timestamp, RowError> {
    let bytes = u64::from_be_bytes(bytes_at(key, place)?);
    Ok(Timestamp::from_millis((!bytes ^ 1 << 63) as i64))
}

/// The number at a place.
pub(crate) fn number_at(key: &[u8], place: usize) -> Result<u64, RowError> {
    Ok(u64::from_be_bytes(bytes_at(key, place)?))
}

fn bytes_at<const N: usize>(key: &[u8], place: usize) -> Result<[u8; N], RowError> {
    key.get(place..place + N)
        .and_then(|part| part.try_into().ok())
        .ok_or_else(|| RowError::Broken(format!("its key has only {} bytes", key.len())))
}

/// Offsets of the parts that follow one or two others.
pub(crate) const FIRST: usize = 1;
pub(crate) const AFTER_TIME: usize = FIRST + 8;
pub(crate) const AFTER_ID: usize = FIRST + ID_LEN;
pub(crate) const AFTER_ID_AND_TIME: usize = AFTER_ID + 8;

/// What a row is, in words for a person: ids, and never what they stand for.
pub(crate) fn describe(key: &[u8]) -> String {
    fn id<I: Id + std::fmt::Display>(key: &[u8], place: usize) -> String {
        id_at::<I>(key, place).map_or_else(|_| "?".to_owned(), |id| id.to_string())
    }
    let Some(table) = Table::of(key) else { return format!("a row of unknown kind {:?}", key.first()) };
    match table {
        Table::Meta => "the description of the store".into(),
        Table::Contact if is_claim(key) => {
            format!("claim {} of contact {}", id::<ClaimId>(key, AFTER_ID + 1), id::<ContactId>(key, FIRST))
        }
        Table::Contact => format!("contact {}", id::<ContactId>(key, FIRST)),
        Table::Profile => format!("profile {}", id::<ProfileId>(key, FIRST)),
        Table::Entry => {
            let entry = falling_id_at::<EntryId>(key, AFTER_ID_AND_TIME);
            let entry = entry.map_or_else(|_| "?".to_owned(), |entry| entry.to_string());
            format!("entry {entry} of contact {}", id::<ContactId>(key, FIRST))
        }
        Table::Body => format!("the body of entry {}", id::<EntryId>(key, FIRST)),
        Table::Seen => format!("the arrival of {}", id::<EntryId>(key, FIRST)),
        Table::SeenOf => format!("an arrival of contact {}", id::<ContactId>(key, FIRST)),
        Table::Conversation => format!("conversation {}", id::<ConversationId>(key, FIRST)),
        Table::ConversationEntry => {
            format!("an entry in the list of conversation {}", id::<ConversationId>(key, FIRST))
        }
        Table::ConversationNumber => {
            format!("conversation number {}", number_at(key, FIRST).map_or(0, |number| !number))
        }
        Table::Participation => format!("a conversation of contact {}", id::<ContactId>(key, FIRST)),
        Table::Membership => format!("change of membership {}", id::<MembershipId>(key, FIRST)),
        Table::Account => format!("account {}", id::<AccountId>(key, FIRST)),
        Table::AccountMember => format!("a member of account {}", id::<AccountId>(key, FIRST)),
        Table::AccountOf => format!("an account of contact {}", id::<ContactId>(key, FIRST)),
        Table::Erased => format!("the tombstone of {}", id::<ContactId>(key, FIRST)),
        Table::Document => format!("a document of kind {}", key.get(1).copied().unwrap_or_default()),
        Table::Inbox => {
            let cursor = inbox_list_of(key).and_then(|list| inbox_cursor(key, list.len()));
            let id = cursor.map_or_else(|_| "?".to_owned(), |cursor| cursor.conversation.to_string());
            format!("the place of conversation {id} in the inbox")
        }
        Table::Due => format!("the return of conversation {}", id::<ConversationId>(key, AFTER_TIME)),
        Table::Feed => format!("the feed up to {}", number_at(key, FIRST).unwrap_or_default()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_entry_has_the_smallest_key() {
        let contact = ContactId::from_bytes([1; 10]);
        let at = |millis, id| entry(contact, Timestamp::from_millis(millis), EntryId::from_bytes([id; 10]));
        let mut keys = vec![at(5, 1), at(-5, 1), at(5, 9), at(0, 0), at(i64::MAX, 0), at(i64::MIN, 255)];
        keys.sort();
        assert_eq!(
            keys,
            [at(i64::MAX, 0), at(5, 9), at(5, 1), at(0, 0), at(-5, 1), at(i64::MIN, 255)],
            "newest first, ties by id downwards"
        );
        let back = &keys[1];
        assert_eq!(falling_time_at(back, AFTER_ID).unwrap(), Timestamp::from_millis(5));
        assert_eq!(falling_id_at::<EntryId>(back, AFTER_ID_AND_TIME).unwrap(), EntryId::from_bytes([9; 10]));
    }

    #[test]
    fn a_contact_stands_before_its_claims_and_both_before_the_next_contact() {
        let (a, b) = (ContactId::from_bytes([1; 10]), ContactId::from_bytes([2; 10]));
        let mut keys = vec![contact(b), claim(a, ClaimId::from_bytes([255; 10])), contact(a)];
        keys.sort();
        assert_eq!(keys, [contact(a), claim(a, ClaimId::from_bytes([255; 10])), contact(b)]);
        assert!(is_claim(&keys[1]) && !is_claim(&keys[0]));
    }

    #[test]
    fn every_table_is_found_by_its_byte() {
        for table in Table::ALL {
            assert_eq!(Table::of(&table.prefix()), Some(table));
        }
        assert_eq!(Table::of(&[20]), None);
    }
}
