//! Reads every row and says what does not fit together.
//!
//! Rows are read a few hundred at a time, and each is held against others as they stand at the same
//! moment; so commits go on meanwhile and cause no false alarm. Totals are compared when none came.

use std::ops::ControlFlow;

use super::{
    Document, Erased, Seen, StoreError,
    backup::tail_of,
    embedded::Embedded,
    inbox,
    ordered::Ordered,
    reads::Reads,
    rows::{
        FeedRow, Meta, PieceCount, Row, Tail,
        key::{self, Table},
    },
};
use crate::{
    feed::FeedNumber,
    model::{
        Account, Claim, Contact, ContactId, Conversation, ConversationId, Entry, IdKey, MembershipChange,
        Profile, ProfileState,
    },
};

/// Rows checked in one step.
const STEP: usize = 300;

/// What more there is to say after so much would not be read.
const MOST: usize = 1_000;

/// Reads every row once; gives a sentence for each thing that is wrong.
pub(crate) async fn check<E: Embedded>(store: &E) -> Result<Vec<String>, StoreError> {
    let began = store.read(tail_of)?;
    let mut found = Tail::default();
    let mut findings = Vec::new();
    let mut from = Some(Vec::new());
    while let Some(start) = from {
        from = store.read(|rows| {
            let mut check = Check { rows, id_key: store.key(), found: &mut found, findings: &mut findings };
            check.step(&start)
        })?;
        if findings.len() >= MOST {
            findings.push(format!("there is more: the check stopped after {MOST} findings"));
            return Ok(findings);
        }
        tokio::task::yield_now().await;
    }
    let ended = store.read(tail_of)?;
    if began == ended {
        let counted = [
            ("live profiles", ended.profiles, found.profiles),
            ("contacts", ended.contacts, found.contacts),
            ("entries", ended.entries, found.entries),
            ("conversations", ended.conversations, found.conversations),
            ("commits", ended.head, found.head),
        ];
        for (what, counter, found) in counted {
            if counter != found {
                findings.push(format!("the counter says {counter} {what}, and {found} are there"));
            }
        }
    }
    Ok(findings)
}

struct Check<'a, O> {
    rows: &'a O,
    id_key: &'a IdKey,
    /// What was counted so far, and the last commit of the feed.
    found: &'a mut Tail,
    findings: &'a mut Vec<String>,
}

impl<O: Ordered> Check<'_, O> {
    /// Checks some rows from `from` on; gives where to go on.
    fn step(&mut self, from: &[u8]) -> Result<Option<key::Key>, StoreError> {
        let mut some = Vec::with_capacity(STEP);
        self.rows.scan(from, &[], &mut |key, bytes| {
            some.push((key.to_vec(), bytes.to_vec()));
            Ok(if some.len() < STEP { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
        })?;
        for (key, bytes) in &some {
            match self.row(key, bytes) {
                Ok(()) => {}
                // A row that does not read is what is looked for; only the engine's own failures end the check.
                Err(StoreError::Damaged { what, why }) => {
                    self.findings.push(format!("{what} does not read: {why}"))
                }
                Err(StoreError::Newer { found, known, .. }) => self.findings.push(format!(
                    "{} is of format {found}, and this whom reads up to {known}",
                    key::describe(key)
                )),
                Err(other) => return Err(other),
            }
        }
        Ok(if some.len() < STEP { None } else { some.pop().map(|(key, _)| key::after(key)) })
    }

    fn row(&mut self, key: &[u8], bytes: &[u8]) -> Result<(), StoreError> {
        let Some(table) = Table::of(key) else {
            self.findings.push(format!("{} is not known to this version", key::describe(key)));
            return Ok(());
        };
        match table {
            Table::Meta => self.rows.read::<Meta>(key, bytes).map(drop),
            Table::Contact if key::is_claim(key) => {
                let claim: Claim = self.rows.read(key, bytes)?;
                self.expect(key, "its contact", &key::contact(claim.contact))
            }
            Table::Contact => self.contact(&self.rows.read(key, bytes)?),
            Table::Profile => self.profile(&self.rows.read(key, bytes)?),
            Table::Entry => self.entry(key, &self.rows.read(key, bytes)?),
            Table::Body => self.body(key, bytes),
            Table::Seen => {
                let seen: Seen = self.rows.read(key, bytes)?;
                let entry = self.rows.get(&key::entry(seen.contact, seen.at, seen.entry))?;
                let by_contact = self.rows.get(&key::seen_of(seen.contact, seen.entry))?;
                self.unless(entry.is_some() || by_contact.is_some(), || {
                    format!("{} would not be found by an erasure of {}", key::describe(key), seen.contact)
                });
                Ok(())
            }
            Table::SeenOf => {
                let entry = self.rows.sound(key, key::id_at(key, key::AFTER_ID))?;
                self.expect(key, "what arrived", &key::seen(entry))
            }
            Table::Conversation => self.conversation(&self.rows.read(key, bytes)?),
            Table::ConversationEntry => self.listed(key, bytes),
            Table::ConversationNumber => {
                let id: ConversationId = self.rows.sound(key, key::id_at(bytes, 0))?;
                let number = !self.rows.sound(key, key::number_at(key, key::FIRST))?;
                let named: Option<Conversation> = self.rows.row(&key::conversation(id))?;
                let fits = named.is_some_and(|conversation| conversation.number == number);
                self.unless(fits, || {
                    format!("conversation number {number} names {id}, which has not that number")
                });
                Ok(())
            }
            Table::Participation => {
                let id = self.rows.sound(key, key::falling_id_at(key, key::AFTER_ID_AND_TIME))?;
                self.expect(key, "the conversation", &key::conversation(id))
            }
            Table::Membership => self.rows.read::<MembershipChange>(key, bytes).map(drop),
            Table::Account => self.rows.read::<Account>(key, bytes).map(drop),
            Table::AccountMember => {
                let account = self.rows.sound(key, key::id_at(key, key::FIRST))?;
                let contact: ContactId = self.rows.sound(key, key::id_at(key, key::AFTER_ID))?;
                self.expect(key, "the contact's own link", &key::account_of(contact, account))
            }
            Table::AccountOf => {
                let contact = self.rows.sound(key, key::id_at(key, key::FIRST))?;
                let account = self.rows.sound(key, key::id_at(key, key::AFTER_ID))?;
                self.expect(key, "the account's own link", &key::account_member(account, contact))
            }
            Table::Erased => self.rows.read::<Erased>(key, bytes).map(drop),
            Table::Document => self.rows.read::<Document>(key, bytes).map(drop),
            Table::Inbox => {
                let list = self.rows.sound(key, key::inbox_list_of(key))?;
                let cursor = self.rows.sound(key, key::inbox_cursor(key, list.len()))?;
                self.placed(key, cursor.conversation)
            }
            Table::Due => {
                let id = self.rows.sound(key, key::id_at(key, key::AFTER_TIME))?;
                self.placed(key, id)
            }
            Table::Feed => self.feed(key, bytes),
        }
    }

    fn unless(&mut self, fits: bool, finding: impl FnOnce() -> String) {
        if !fits {
            self.findings.push(finding());
        }
    }

    /// Expects another row to be there.
    fn expect(&mut self, key: &[u8], what: &str, other: &[u8]) -> Result<(), StoreError> {
        let is_there = self.rows.get(other)?.is_some();
        self.unless(is_there, || {
            format!("{}: {what} ({}) is missing", key::describe(key), key::describe(other))
        });
        Ok(())
    }

    /// Another row, unless it does not read: that is found where it stands.
    fn other<R: Row>(&self, key: &[u8]) -> Result<Option<R>, StoreError> {
        match self.rows.row(key) {
            Err(StoreError::Damaged { .. } | StoreError::Newer { .. }) => Ok(None),
            other => other,
        }
    }

    fn contact(&mut self, contact: &Contact) -> Result<(), StoreError> {
        self.found.contacts += 1;
        let Contact { id, profile, .. } = contact;
        let lists = self
            .other::<Profile>(&key::profile(*profile))?
            .is_some_and(|profile| profile.contacts.contains(id));
        self.unless(lists, || format!("contact {id} belongs to profile {profile}, which does not list it"));
        let follows = contact.identifier().is_none_or(|identifier| self.id_key.contact(identifier) == *id);
        self.unless(follows, || {
            format!("contact {id} is not the one its identifier means: the id key is another")
        });
        Ok(())
    }

    fn profile(&mut self, profile: &Profile) -> Result<(), StoreError> {
        let id = profile.id;
        self.found.profiles += u64::from(profile.is_live());
        for contact in &profile.contacts {
            let belongs =
                self.other::<Contact>(&key::contact(*contact))?.is_some_and(|contact| contact.profile == id);
            self.unless(belongs, || {
                format!("profile {id} lists contact {contact}, which does not belong to it")
            });
        }
        if let ProfileState::Merged { into, .. } = profile.state {
            self.expect(&key::profile(id), "the profile it was merged into", &key::profile(into))?;
        }
        Ok(())
    }

    fn entry(&mut self, key: &[u8], entry: &Entry) -> Result<(), StoreError> {
        self.found.entries += 1;
        self.expect(key, "its contact", &key::contact(entry.contact))?;
        if let Some(conversation) = entry.conversation {
            let at = crate::model::TimelineCursor { at: entry.at, entry: entry.id };
            self.expect(key, "its place in the conversation", &key::conversation_entry(conversation, at))?;
        }
        if entry.has_body {
            self.expect(key, "its body", &key::body_piece(entry.id, 0))?;
        }
        Ok(())
    }

    fn body(&mut self, key: &[u8], bytes: &[u8]) -> Result<(), StoreError> {
        let entry = self.rows.sound(key, key::id_at(key, key::FIRST))?;
        if key == key::body_piece(entry, 0) {
            self.rows.sound(key, PieceCount::of(bytes))?;
            return Reads(self.rows).body(entry).map(drop);
        }
        self.expect(key, "its first piece", &key::body_piece(entry, 0))
    }

    fn conversation(&mut self, conversation: &Conversation) -> Result<(), StoreError> {
        self.found.conversations += 1;
        let key = key::conversation(conversation.id);
        for place in inbox::places(conversation) {
            self.expect(&key, "its place", &place)?;
        }
        if let Some(into) = conversation.merged_into {
            let lists = self
                .other::<Conversation>(&key::conversation(into))?
                .is_some_and(|into| into.merged.contains(&conversation.id));
            let id = conversation.id;
            self.unless(lists, || {
                format!("conversation {id} was merged into {into}, which does not list it")
            });
        }
        self.expect(&key, "its number", &key::conversation_number(conversation.number))
    }

    /// Expects that a conversation stands where a list of the inbox has it.
    fn placed(&mut self, key: &[u8], id: ConversationId) -> Result<(), StoreError> {
        let conversation: Option<Conversation> = self.other(&key::conversation(id))?;
        let fits =
            conversation.is_some_and(|row| inbox::places(&row).iter().any(|place| place.as_slice() == key));
        self.unless(fits, || format!("{} is not where it belongs", key::describe(key)));
        Ok(())
    }

    fn listed(&mut self, key: &[u8], bytes: &[u8]) -> Result<(), StoreError> {
        let conversation: ConversationId = self.rows.sound(key, key::id_at(key, key::FIRST))?;
        let contact = self.rows.sound(key, key::id_at(bytes, 0))?;
        let at = self.rows.sound(key, key::time_at(key, key::AFTER_ID))?;
        let id = self.rows.sound(key, key::id_at(key, key::AFTER_ID_AND_TIME))?;
        let entry: Option<Entry> = self.other(&key::entry(contact, at, id))?;
        let fits = entry.is_some_and(|entry| entry.conversation == Some(conversation));
        self.unless(fits, || {
            format!("conversation {conversation} lists entry {id}, which does not belong to it")
        });
        Ok(())
    }

    fn feed(&mut self, key: &[u8], bytes: &[u8]) -> Result<(), StoreError> {
        let row = self.rows.sound(key, FeedRow::decode(bytes))?;
        for commit in row.commits {
            let expected: FeedNumber = self.found.head + 1;
            let number = commit.number;
            self.unless(number == expected, || format!("the feed goes from {} to {number}", expected - 1));
            self.found.head = number;
        }
        Ok(())
    }
}
