//! Rows to test with: small, complete, and different wherever two could be mistaken for one another.

use std::collections::BTreeMap;

use crate::{
    feed::Change,
    model::{
        Account, AccountId, Assertion, Body, Channel, Claim, Confidence, Contact, ContactId, ContactKey,
        Conversation, ConversationId, ConversationStatus, Direction, Entry, EntryId, EntryKind, Evidence,
        ExternalId, IdKey, Identifier, LinkedIssue, MembershipChange, MembershipDeed, MembershipId, Priority,
        Profile, PropertyKey, Source, Tally, Timestamp, UndoneBy, Value,
    },
    store::{ChangeSet, Seen, Write},
};

/// Makes rows that follow from numbers, so that a test names what it means by a number.
pub struct Sample(pub IdKey);

impl Sample {
    pub fn of(store: &dyn crate::store::Store) -> Self {
        Self(store.id_key().clone())
    }

    pub fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(1_750_000_000_000 + millis)
    }

    pub fn identifier(&self, person: u32) -> Identifier {
        Identifier::email(&format!("person{person}@example.org")).unwrap()
    }

    pub fn contact_id(&self, person: u32) -> ContactId {
        self.0.contact(&self.identifier(person))
    }

    pub fn contact(&self, person: u32, version: u64) -> Contact {
        let id = self.contact_id(person);
        let home = self.0.home(id);
        let mut tally = Tally::default();
        tally.count(EntryKind::Message, Self::at(5));
        tally.count(EntryKind::PageView, Self::at(5));
        Contact {
            id,
            key: ContactKey::Identified {
                identifier: self.identifier(person),
                raw: format!("Person{person}@Example.org"),
            },
            profile: home,
            home,
            born: 3,
            links: vec![ContactId::from_bytes([1; 10])],
            changes: vec![MembershipId::from_bytes([2; 10])],
            accounts: vec![AccountId::from_bytes([3; 10])],
            source: Source::message("mail"),
            first_seen: Self::at(-5),
            last_seen: Self::at(5),
            messages: 7,
            events: 8,
            tally,
            version,
        }
    }

    pub fn profile(&self, person: u32, version: u64) -> Profile {
        let contact = self.contact_id(person);
        let mut profile = Profile::new(self.0.home(contact), Self::at(0));
        profile.add(contact);
        profile.version = version;
        profile
    }

    pub fn claim(&self, person: u32, property: &str, value: &str) -> Claim {
        Claim::new(
            &self.0,
            self.contact_id(person),
            property.parse::<PropertyKey>().unwrap(),
            Assertion::Is(Value::text(value).unwrap()),
            Source::message("mail"),
            Confidence::percent(80),
            Evidence::Entry(self.entry_id(1)),
            Self::at(1),
            Self::at(2),
        )
    }

    pub fn entry_id(&self, number: u64) -> EntryId {
        self.0.entry(&ExternalId::new("test", number.to_string()))
    }

    pub fn conversation_id(&self, number: u32) -> ConversationId {
        self.0.conversation(&ExternalId::new("test", number.to_string()))
    }

    /// Entry `number` of a person's timeline, at `millis`.
    pub fn entry(&self, person: u32, number: u64, millis: i64) -> Entry {
        Entry {
            id: self.entry_id(number),
            contact: self.contact_id(person),
            at: Self::at(millis),
            recorded: Self::at(millis + 1),
            kind: EntryKind::Message,
            source: Source::message("mail"),
            channel: Some(Channel::email()),
            direction: Some(Direction::Inbound),
            conversation: None,
            title: format!("Question {number}"),
            summary: "Where is my order? ".repeat(10),
            properties: BTreeMap::from([("size".to_owned(), Value::text("large").unwrap())]),
            has_body: true,
        }
    }

    pub fn conversation(&self, number: u32, person: u32, version: u64) -> Conversation {
        Conversation {
            status: ConversationStatus::Pending,
            priority: Priority::High,
            tags: vec!["vip".into(), "shipping".into()],
            assignee: Some("ana".into()),
            contacts: vec![self.contact_id(person)],
            last_message: Self::at(99),
            last_direction: Direction::Outbound,
            messages: 4,
            properties: BTreeMap::from([("plan".to_owned(), Value::text("pro").unwrap())]),
            issues: vec![LinkedIssue {
                system: "linear".into(),
                key: format!("SHOP-{number}"),
                url: Some(format!("https://linear.example/SHOP-{number}")),
                title: "Parcels are late".into(),
                state: "in progress".into(),
            }],
            version,
            ..Conversation::new(
                self.conversation_id(number),
                &format!("Order {number}"),
                Channel::email(),
                Self::at(i64::from(number)),
            )
        }
    }

    pub fn account(&self, number: u32, version: u64) -> Account {
        Account {
            id: self.0.account(&ExternalId::new("crm", number.to_string())),
            external: number.to_string(),
            name: format!("Company {number}"),
            properties: BTreeMap::from([("plan".to_owned(), Value::text("pro").unwrap())]),
            source: Source::agent("ana"),
            first_seen: Self::at(0),
            last_seen: Self::at(1),
            version,
        }
    }

    pub fn membership(&self, into: u32, from: u32, version: u64) -> MembershipChange {
        let (into, from) = (self.profile(into, 1).id, self.profile(from, 1).id);
        MembershipChange {
            id: self.0.membership("merge", from.as_bytes(), into.as_bytes(), 4),
            clock: 4,
            deed: MembershipDeed::Merge { from, into },
            from,
            into,
            moved: vec![self.contact_id(2)],
            at: Self::at(9),
            by: Source::agent("ana"),
            why: vec!["same person".into(), "said so".into()],
            evidence: Some(self.entry_id(1)),
            rules: Some("abc".into()),
            undone: Some(UndoneBy { at: Self::at(10), by: Source::agent("bo") }),
            version,
        }
    }

    pub fn seen(&self, entry: &Entry) -> Seen {
        Seen { entry: entry.id, contact: entry.contact, at: entry.at, conversation: entry.conversation }
    }
}

/// A mail as it is committed in everyday work: message `number` of a person who has written before.
///
/// `body` is what the message says, at `millis`; versions start at one with message one.
pub fn message(sample: &Sample, person: u32, number: u32, millis: i64, body: &[u8]) -> ChangeSet {
    let entry_number = u64::from(person) * 10_000 + u64::from(number);
    let mut set = ChangeSet::at(Sample::at(millis));
    let contact = sample.contact(person, u64::from(number));
    let conversation = Conversation { number: 0, ..sample.conversation(person, person, u64::from(number)) };
    let mut entry = sample.entry(person, entry_number, millis);
    entry.conversation = Some(conversation.id);
    let profile = contact.profile;
    set.expect(crate::store::Subject::Contact(contact.id), u64::from(number) - 1);
    set.expect(crate::store::Subject::Seen(entry.id), 0);
    if number == 1 {
        set.writes.push(Write::Profile(sample.profile(person, 1)));
        set.writes.push(Write::Participation(contact.id, conversation.started, conversation.id));
    }
    set.changes.push(Change::EntryAdded {
        profile,
        contact: contact.id,
        entry: entry.id,
        kind: EntryKind::Message,
    });
    set.changes.push(Change::ConversationChanged { profile, conversation: conversation.id });
    let name = sample.claim(person, "name", &format!("Person {person}"));
    let company = sample.claim(person, "company", "Example");
    let seen = sample.seen(&entry);
    set.writes.extend([
        Write::Contact(contact),
        Write::Claim(name),
        Write::Claim(company),
        Write::Body(entry.id, Body { media_type: "message/rfc822".into(), bytes: body.to_vec() }),
        Write::Entry(entry),
        Write::Seen(seen),
        Write::Conversation(conversation),
    ]);
    set
}
