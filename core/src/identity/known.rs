//! What is known while something is decided: rows as they were read, changed in place, written as one change set.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    feed::Change,
    model::{
        Account, AccountId, Claim, ClaimId, Contact, ContactId, ContactKey, Conversation, ConversationId,
        Entry, EntryId, IdKey, MembershipChange, MembershipId, Profile, ProfileId, Source, Timestamp,
    },
    store::{ChangeSet, Document, DocumentKind, Erased, Seen, Store, StoreError, Subject, Write},
};

use super::Incoming;

/// One row: the version it was read with, what it holds now, and whether that has to be written.
#[derive(Clone, Debug)]
struct Row<T> {
    base: u64,
    value: Option<T>,
    dirty: bool,
}

/// Rows of one sort by their ids.
#[derive(Clone, Debug)]
struct Rows<K, T>(BTreeMap<K, Row<T>>);

impl<K: Ord + Copy, T> Rows<K, T> {
    fn new() -> Self {
        Self(BTreeMap::new())
    }

    fn take_in(&mut self, id: K, value: Option<T>, version: impl Fn(&T) -> u64) {
        let base = value.as_ref().map_or(0, version);
        self.0.entry(id).or_insert(Row { base, value, dirty: false });
    }

    fn has(&self, id: K) -> bool {
        self.0.contains_key(&id)
    }

    fn get(&self, id: K) -> Option<&T> {
        self.0.get(&id)?.value.as_ref()
    }

    fn edit(&mut self, id: K) -> Option<&mut T> {
        let row = self.0.get_mut(&id)?;
        row.dirty |= row.value.is_some();
        row.value.as_mut()
    }

    fn put(&mut self, id: K, value: T) {
        let row = self.0.entry(id).or_insert(Row { base: 0, value: None, dirty: true });
        row.value = Some(value);
        row.dirty = true;
    }
}

/// What is known while something is decided.
///
/// It starts as a copy of the rows that matter and becomes the [`ChangeSet`] that says what changed.
/// Several arrivals can be decided one after the other on the same one.
#[derive(Clone, Debug)]
pub struct Known {
    key: IdKey,
    contacts: Rows<ContactId, Contact>,
    profiles: Rows<ProfileId, Profile>,
    conversations: Rows<ConversationId, Conversation>,
    membership: Rows<MembershipId, MembershipChange>,
    accounts: Rows<AccountId, Account>,
    claims: BTreeMap<(ContactId, ClaimId), (Claim, bool)>,
    seen: BTreeMap<EntryId, Seen>,
    newly_seen: BTreeSet<EntryId>,
    erased: BTreeMap<ContactId, Erased>,
    reviews: BTreeSet<String>,
    recent: BTreeMap<ContactId, Vec<ConversationId>>,
    relied_on: BTreeSet<ProfileId>,
    expects: Vec<(Subject, u64)>,
    writes: Vec<Write>,
    changes: Vec<Change>,
}

impl Known {
    /// Nothing known yet.
    pub fn empty(key: IdKey) -> Self {
        Self {
            key,
            contacts: Rows::new(),
            profiles: Rows::new(),
            conversations: Rows::new(),
            membership: Rows::new(),
            accounts: Rows::new(),
            claims: BTreeMap::new(),
            seen: BTreeMap::new(),
            newly_seen: BTreeSet::new(),
            erased: BTreeMap::new(),
            reviews: BTreeSet::new(),
            recent: BTreeMap::new(),
            relied_on: BTreeSet::new(),
            expects: Vec::new(),
            writes: Vec::new(),
            changes: Vec::new(),
        }
    }

    /// Reads all that deciding these arrivals may ask for, in a fixed number of steps however many they are.
    pub async fn read_for(store: &dyn Store, incoming: &[Incoming]) -> Result<Self, StoreError> {
        let mut known = Self::empty(store.id_key().clone());
        let key = store.id_key();

        let mut contacts = BTreeSet::new();
        let mut entries = BTreeSet::new();
        let mut conversations = BTreeSet::new();
        let mut accounts = BTreeSet::new();
        for one in incoming {
            entries.insert(key.entry(&one.external));
            for party in &one.parties {
                contacts.extend(party.identifiers.iter().map(|given| key.contact(&given.identifier)));
            }
            if let super::Arrival::Message(message) = &one.arrival {
                entries.extend(message.answers.iter().map(|answered| key.entry(answered)));
                conversations.insert(key.conversation(message.answers.first().unwrap_or(&one.external)));
            }
            accounts.extend(one.account.iter().map(|account| key.account(&account.external)));
        }

        known.read_seen(store, entries).await?;
        conversations.extend(known.seen.values().filter_map(|seen| seen.conversation));
        let repeated: BTreeSet<ContactId> = known.seen.values().map(|seen| seen.contact).collect();
        contacts.extend(repeated);
        known.read_contacts(store, contacts).await?;
        let missing: Vec<ContactId> =
            known.contacts.0.iter().filter(|(_, row)| row.value.is_none()).map(|(id, _)| *id).collect();
        for erased in store.erased(&missing).await?.into_iter().flatten() {
            known.erased.insert(erased.tombstone, erased);
        }

        // A statement with several identifiers may join profiles; then all their contacts count.
        let mut profiles = BTreeSet::new();
        let mut joining = BTreeSet::new();
        let mut reviews = BTreeSet::new();
        let mut claims: BTreeMap<ContactId, Vec<ClaimId>> = BTreeMap::new();
        let mut by_subject = BTreeSet::new();
        for one in incoming {
            for party in &one.parties {
                let ids: Vec<ContactId> =
                    party.identifiers.iter().map(|given| key.contact(&given.identifier)).collect();
                let homes = ids.iter().filter_map(|id| known.contact(*id)).map(|contact| contact.profile);
                profiles.extend(homes.clone());
                if ids.len() > 1 {
                    joining.extend(homes);
                    for (place, a) in ids.iter().enumerate() {
                        reviews.extend(ids[place + 1..].iter().map(|b| key.link(*a, *b).to_string()));
                    }
                }
                // Claims can be recorded under any identifier that is left after the others are refused.
                for id in ids.iter().filter(|id| known.contact(**id).is_some()) {
                    claims.entry(*id).or_default().extend(party.said.iter().map(|said| {
                        key.claim(
                            *id,
                            said.property.as_str(),
                            &one.source.to_string(),
                            said.assertion.word(),
                            said.assertion.value(),
                        )
                    }));
                }
                if let super::Arrival::Message(message) = &one.arrival
                    && message.answers_subject.is_some()
                {
                    by_subject.extend(ids.iter().filter(|id| known.contact(**id).is_some()));
                }
            }
        }
        known.read_profiles(store, profiles).await?;
        let others: BTreeSet<ContactId> = joining
            .iter()
            .filter_map(|profile| known.profile(*profile))
            .flat_map(|profile| profile.contacts.iter().copied())
            .collect();
        known.read_contacts(store, others).await?;
        for id in reviews {
            if store.document(DocumentKind::Review, &id).await?.is_some() {
                known.reviews.insert(id);
            }
        }
        for (contact, mut ids) in claims {
            ids.sort_unstable();
            ids.dedup();
            for claim in store.claims(contact, &ids).await?.into_iter().flatten() {
                known.claims.insert((contact, claim.id), (claim, false));
            }
        }
        for contact in by_subject {
            let recent = store.conversations_of(contact, 20).await?;
            known.recent.insert(contact, recent.iter().map(|conversation| conversation.id).collect());
            for conversation in recent {
                known.conversations.take_in(conversation.id, Some(conversation), |row| row.version);
            }
        }
        known.read_conversations(store, conversations).await?;
        let accounts: Vec<AccountId> = accounts.into_iter().collect();
        for (id, account) in accounts.iter().zip(store.accounts(&accounts).await?) {
            known.accounts.take_in(*id, account, |row| row.version);
        }
        Ok(known)
    }

    async fn read_seen(&mut self, store: &dyn Store, ids: BTreeSet<EntryId>) -> Result<(), StoreError> {
        let ids: Vec<EntryId> = ids.into_iter().collect();
        for seen in store.seen(&ids).await?.into_iter().flatten() {
            self.seen.insert(seen.entry, seen);
        }
        Ok(())
    }

    /// Reads contacts that are not known yet.
    pub async fn read_contacts(
        &mut self,
        store: &dyn Store,
        ids: BTreeSet<ContactId>,
    ) -> Result<(), StoreError> {
        let ids: Vec<ContactId> = ids.into_iter().filter(|id| !self.contacts.has(*id)).collect();
        for (id, contact) in ids.iter().zip(store.contacts(&ids).await?) {
            self.contacts.take_in(*id, contact, |row| row.version);
        }
        Ok(())
    }

    /// Reads profiles that are not known yet.
    pub async fn read_profiles(
        &mut self,
        store: &dyn Store,
        ids: BTreeSet<ProfileId>,
    ) -> Result<(), StoreError> {
        let ids: Vec<ProfileId> = ids.into_iter().filter(|id| !self.profiles.has(*id)).collect();
        for (id, profile) in ids.iter().zip(store.profiles(&ids).await?) {
            self.profiles.take_in(*id, profile, |row| row.version);
        }
        Ok(())
    }

    /// Reads changes of membership that are not known yet.
    pub async fn read_membership(
        &mut self,
        store: &dyn Store,
        ids: BTreeSet<MembershipId>,
    ) -> Result<(), StoreError> {
        let ids: Vec<MembershipId> = ids.into_iter().filter(|id| !self.membership.has(*id)).collect();
        for (id, change) in ids.iter().zip(store.membership_changes(&ids).await?) {
            self.membership.take_in(*id, change, |row| row.version);
        }
        Ok(())
    }

    /// Reads conversations that are not known yet, and those in which they are shown since they were merged.
    pub async fn read_conversations(
        &mut self,
        store: &dyn Store,
        ids: BTreeSet<ConversationId>,
    ) -> Result<(), StoreError> {
        let mut ids: Vec<ConversationId> = ids.into_iter().collect();
        loop {
            ids.retain(|id| !self.conversations.has(*id));
            if ids.is_empty() {
                // Those that the reader by subject has found may be merged too.
                let rows = self.conversations.0.values().filter_map(|row| row.value.as_ref());
                let into = rows.filter_map(|row| row.merged_into);
                ids = into.filter(|id| !self.conversations.has(*id)).collect();
                ids.sort_unstable();
                ids.dedup();
                if ids.is_empty() {
                    return Ok(());
                }
            }
            for (id, conversation) in ids.iter().zip(store.conversations(&ids).await?) {
                self.conversations.take_in(*id, conversation, |row| row.version);
            }
        }
    }

    /// Takes in rows that a caller has read already.
    pub fn take_in_contact(&mut self, contact: Contact) {
        self.contacts.take_in(contact.id, Some(contact), |row| row.version);
    }

    /// Takes in a profile that a caller has read already.
    pub fn take_in_profile(&mut self, profile: Profile) {
        self.profiles.take_in(profile.id, Some(profile), |row| row.version);
    }

    /// Takes in a claim that a caller has read already.
    pub fn take_in_claim(&mut self, claim: Claim) {
        self.claims.entry((claim.contact, claim.id)).or_insert((claim, false));
    }

    /// The key from which ids follow.
    pub fn key(&self) -> &IdKey {
        &self.key
    }

    /// A contact, where it is known.
    pub fn contact(&self, id: ContactId) -> Option<&Contact> {
        self.contacts.get(id)
    }

    /// Whether a contact was looked for, there or not.
    pub fn has_contact(&self, id: ContactId) -> bool {
        self.contacts.has(id)
    }

    /// A profile, where it is known.
    pub fn profile(&self, id: ProfileId) -> Option<&Profile> {
        self.profiles.get(id)
    }

    /// A change of membership, where it is known.
    pub fn membership(&self, id: MembershipId) -> Option<&MembershipChange> {
        self.membership.get(id)
    }

    /// A conversation, where it is known.
    pub fn conversation(&self, id: ConversationId) -> Option<&Conversation> {
        self.conversations.get(id)
    }

    pub(super) fn account(&self, id: AccountId) -> Option<&Account> {
        self.accounts.get(id)
    }

    pub(super) fn seen(&self, id: EntryId) -> Option<&Seen> {
        self.seen.get(&id)
    }

    pub(super) fn erased(&self, id: ContactId) -> Option<&Erased> {
        self.erased.get(&id)
    }

    pub(super) fn recent_conversations(&self, contact: ContactId) -> &[ConversationId] {
        self.recent.get(&contact).map_or(&[], Vec::as_slice)
    }

    pub(super) fn note_recent(&mut self, contact: ContactId, conversation: ConversationId) {
        self.recent.entry(contact).or_default().push(conversation);
    }

    /// A contact to change, where it is known.
    pub fn edit_contact(&mut self, id: ContactId) -> Option<&mut Contact> {
        self.contacts.edit(id)
    }

    /// A profile to change, where it is known.
    pub fn edit_profile(&mut self, id: ProfileId) -> Option<&mut Profile> {
        self.profiles.edit(id)
    }

    /// A conversation to change, where it is known.
    pub fn edit_conversation(&mut self, id: ConversationId) -> Option<&mut Conversation> {
        self.conversations.edit(id)
    }

    /// A change of membership to change, where it is known.
    pub fn edit_membership(&mut self, id: MembershipId) -> Option<&mut MembershipChange> {
        self.membership.edit(id)
    }

    /// All known profiles.
    pub fn known_profiles(&self) -> Vec<ProfileId> {
        self.profiles.0.keys().copied().collect()
    }

    /// All known contacts that exist.
    pub fn known_contacts(&self) -> impl Iterator<Item = &Contact> {
        self.contacts.0.values().filter_map(|row| row.value.as_ref())
    }

    /// All known changes of membership.
    pub fn known_membership(&self) -> impl Iterator<Item = &MembershipChange> {
        self.membership.0.values().filter_map(|row| row.value.as_ref())
    }

    /// A new or changed contact.
    pub fn put_contact(&mut self, contact: Contact) {
        self.contacts.put(contact.id, contact);
    }

    /// A new or changed profile.
    pub fn put_profile(&mut self, profile: Profile) {
        self.profiles.put(profile.id, profile);
    }

    /// A new or changed conversation.
    pub fn put_conversation(&mut self, conversation: Conversation) {
        self.conversations.put(conversation.id, conversation);
    }

    /// A new or changed change of membership.
    pub fn put_membership(&mut self, change: MembershipChange) {
        self.membership.put(change.id, change);
    }

    pub(super) fn put_account(&mut self, account: Account) {
        self.accounts.put(account.id, account);
    }

    /// All claims that are known.
    pub fn known_claims(&self) -> impl Iterator<Item = &Claim> {
        self.claims.values().map(|(claim, _)| claim)
    }

    /// A claim: new, or heard again; says whether that changed anything.
    pub fn hear(&mut self, claim: Claim) -> bool {
        match self.claims.get_mut(&(claim.contact, claim.id)) {
            Some((known, dirty)) => {
                let changed = known.heard_again(&claim);
                *dirty |= changed;
                changed
            }
            None => {
                self.claims.insert((claim.contact, claim.id), (claim, true));
                true
            }
        }
    }

    pub(super) fn remember(&mut self, seen: Seen) {
        self.newly_seen.insert(seen.entry);
        self.seen.insert(seen.entry, seen);
    }

    pub(super) fn lift_erased(&mut self, contact: ContactId) {
        if self.erased.remove(&contact).is_some() {
            self.expects.push((Subject::Erased(contact), 1));
            self.writes.push(Write::LiftErased(contact));
        }
    }

    /// Raises a question to a person, once; says whether it is new.
    pub fn raise_review(&mut self, id: String, bytes: Vec<u8>) -> bool {
        let is_new = self.reviews.insert(id.clone());
        if is_new {
            self.writes.push(Write::Document(Document { kind: DocumentKind::Review, id, bytes, version: 1 }));
        }
        is_new
    }

    /// A row without version, such as an entry.
    pub fn write(&mut self, write: Write) {
        self.writes.push(write);
    }

    /// Tells readers of the feed.
    pub fn tell(&mut self, change: Change) {
        // What repeats itself does so at once; looking further back would cost more than telling it twice.
        if !self.changes.iter().rev().take(16).any(|told| *told == change) {
            self.changes.push(change);
        }
    }

    /// Makes the change set valid only while a row has this version.
    pub fn expect(&mut self, subject: Subject, version: u64) {
        self.expects.push((subject, version));
    }

    /// Makes the change set valid only while this profile is as it was read, changed or not.
    pub fn rely_on(&mut self, profile: ProfileId) {
        self.relied_on.insert(profile);
    }

    /// Makes the change set valid only while this contact is as it was read, changed or not.
    pub fn rely_on_contact(&mut self, contact: ContactId) {
        if let Some(row) = self.contacts.0.get(&contact).filter(|row| !row.dirty) {
            self.expects.push((Subject::Contact(contact), row.base));
        }
    }

    /// The contact without identifier of a profile; made when there is none yet.
    pub fn own_contact(&mut self, profile: ProfileId, by: &Source, now: Timestamp) -> ContactId {
        let id = self.key.own_contact(profile);
        if self.contact(id).is_none() {
            self.found_contact(id, ContactKey::Own { of: profile }, profile, by, now);
        }
        id
    }

    /// A new contact that belongs to a profile from the start, because somebody put it there.
    pub fn found_contact(
        &mut self,
        id: ContactId,
        key: ContactKey,
        profile: ProfileId,
        by: &Source,
        now: Timestamp,
    ) {
        let clock = self.profile(profile).map_or(0, |profile| profile.clock);
        let clock = clock.max(u64::try_from(now.as_millis()).unwrap_or(0));
        self.put_contact(new_contact(id, key, profile, clock, by, now));
        if let Some(profile) = self.edit_profile(profile) {
            profile.add(id);
            // What is done to the profile from here on comes after the contact was made.
            profile.clock = clock;
        }
    }

    /// An entry that did not arrive but was written here, such as a note.
    pub fn note(&mut self, entry: Entry) {
        self.remember(Seen {
            entry: entry.id,
            contact: entry.contact,
            at: entry.at,
            conversation: entry.conversation,
        });
        self.writes.push(Write::Entry(entry));
    }

    /// What changed, as one change set that holds only while what was read still stands.
    pub fn into_change_set(self, at: Timestamp) -> ChangeSet {
        let mut set = ChangeSet::at(at);
        let mut rows = Vec::new();
        for (id, row) in self.contacts.0 {
            let Some(mut contact) = row.value.filter(|_| row.dirty) else { continue };
            set.expect(Subject::Contact(id), row.base);
            if row.base == 0 && contact.identifier().is_some() {
                set.expect(Subject::Erased(id), 0);
            }
            contact.version = row.base + 1;
            rows.push(Write::Contact(contact));
        }
        for (id, row) in self.profiles.0 {
            if row.dirty || self.relied_on.contains(&id) {
                set.expect(Subject::Profile(id), row.base);
            }
            let Some(mut profile) = row.value.filter(|_| row.dirty) else { continue };
            profile.version = row.base + 1;
            rows.push(Write::Profile(profile));
        }
        let mut conversations = Vec::new();
        for (id, row) in self.conversations.0 {
            let Some(mut conversation) = row.value.filter(|_| row.dirty) else { continue };
            set.expect(Subject::Conversation(id), row.base);
            conversation.version = row.base + 1;
            conversations.push(conversation);
        }
        // Numbers are given in the order of writing: what began earlier gets the smaller one.
        conversations.sort_by_key(|conversation| (conversation.started, conversation.id));
        rows.extend(conversations.into_iter().map(Write::Conversation));
        for (id, row) in self.membership.0 {
            let Some(mut change) = row.value.filter(|_| row.dirty) else { continue };
            set.expect(Subject::Membership(id), row.base);
            change.version = row.base + 1;
            rows.push(Write::Membership(change));
        }
        for (id, row) in self.accounts.0 {
            let Some(mut account) = row.value.filter(|_| row.dirty) else { continue };
            set.expect(Subject::Account(id), row.base);
            account.version = row.base + 1;
            rows.push(Write::Account(account));
        }
        for entry in &self.newly_seen {
            set.expect(Subject::Seen(*entry), 0);
            rows.extend(self.seen.get(entry).cloned().map(Write::Seen));
        }
        rows.extend(
            self.claims.into_values().filter(|(_, dirty)| *dirty).map(|(claim, _)| Write::Claim(claim)),
        );
        for (subject, version) in self.expects {
            // A tombstone that is lifted here was expected to stand, not to be absent.
            set.expects.retain(|known| known.subject != subject);
            set.expect(subject, version);
        }
        rows.extend(self.writes);
        set.writes = rows;
        set.changes = self.changes;
        set
    }
}

/// A contact with nothing recorded under it yet.
pub(super) fn new_contact(
    id: ContactId,
    key: ContactKey,
    home: ProfileId,
    born: u64,
    source: &Source,
    at: Timestamp,
) -> Contact {
    Contact {
        id,
        key,
        profile: home,
        home,
        born,
        links: Vec::new(),
        changes: Vec::new(),
        accounts: Vec::new(),
        source: source.clone(),
        first_seen: at,
        last_seen: at,
        messages: 0,
        events: 0,
        tally: Default::default(),
        version: 0,
    }
}
