//! The decision about one arrival: pure, from what arrived, what is known, the policy and the time.

use std::collections::BTreeSet;

use crate::{
    feed::Change,
    model::{
        Account, AccountLink, Claim, Contact, ContactId, ContactKey, Entry, EntryId, EntryKind, Evidence,
        Profile, ProfileId, ProfileState, SourceKind, Timestamp,
    },
    rules::IdentityPolicy,
    store::{Seen, Write},
};

use super::{
    Arrival, Because, GivenIdentifier, Incoming, Known, Outcome, Party, Receipt, SkipReason, conversation,
    known::new_contact, membership,
};

/// How long the summary of an entry is at most, in characters.
pub const SUMMARY_LEN: usize = 240;

/// What decisions go by besides what is known.
#[derive(Clone, Debug)]
pub struct DecisionContext<'a> {
    /// What protects identities.
    pub policy: &'a IdentityPolicy,
    /// The rules in force, by their hash; stored with every decision.
    pub rules: &'a str,
    /// The time.
    pub now: Timestamp,
}

/// Decides what one arrival changes, and changes it in what is known.
pub fn decide(incoming: &Incoming, known: &mut Known, context: &DecisionContext<'_>) -> Receipt {
    let entry = known.key().entry(&incoming.external);
    if let Some(seen) = known.seen(entry) {
        return Receipt {
            entry,
            outcome: Outcome::Repeated,
            profile: known.contact(seen.contact).map(|contact| contact.profile),
            contact: Some(seen.contact),
            conversation: seen.conversation,
            reasons: vec!["it had arrived before".into()],
            feed: None,
        };
    }
    let mut decision = Decision { incoming, entry, context, reasons: Vec::new(), skip: None, created: false };
    let mut contacts = Vec::new();
    for party in &incoming.parties {
        if let Some(contact) = decision.recognise(party, known) {
            decision.record_claims(party, contact, known);
            if !contacts.contains(&contact) {
                contacts.push(contact);
            }
        }
    }
    let Some(first) = contacts.first().copied() else {
        let reason = decision.skip.unwrap_or(SkipReason::NoIdentifier);
        return Receipt {
            entry,
            outcome: Outcome::Skipped { reason },
            profile: None,
            contact: None,
            conversation: None,
            reasons: decision.reasons,
            feed: None,
        };
    };
    decision.record_account(&contacts, known);
    let conversation = decision.record_arrival(&contacts, known);
    known.remember(Seen { entry, contact: first, at: incoming.at, conversation });
    Receipt {
        entry,
        outcome: if decision.created { Outcome::Created } else { Outcome::Updated },
        profile: known.contact(first).map(|contact| contact.profile),
        contact: Some(first),
        conversation,
        reasons: decision.reasons,
        feed: None,
    }
}

/// One decision on its way.
struct Decision<'a> {
    incoming: &'a Incoming,
    entry: EntryId,
    context: &'a DecisionContext<'a>,
    reasons: Vec<String>,
    skip: Option<SkipReason>,
    created: bool,
}

impl Decision<'_> {
    /// Finds or makes the contacts a party names and joins what belongs together; gives the first one.
    fn recognise(&mut self, party: &Party, known: &mut Known) -> Option<ContactId> {
        let admitted: Vec<&GivenIdentifier> =
            party.identifiers.iter().filter(|given| self.admit(given, known)).collect();
        let (first, others) = admitted.split_first()?;
        let first = self.contact_for(first, None, known);
        for other in others {
            let other_id = known.key().contact(&other.identifier);
            if other_id == first {
                continue;
            }
            if known.contact(other_id).is_none() {
                if self.is_full(first, other, known) {
                    // It gets a profile of its own, and joining the two is refused with words.
                    self.contact_for(other, None, known);
                    self.join(first, other_id, known);
                    continue;
                }
                self.contact_for(other, Some(first), known);
                self.link(other_id, first, known);
            } else {
                self.contact_for(other, None, known);
                self.join(first, other_id, known);
            }
        }
        Some(first)
    }

    /// Whether an identifier may recognise somebody here.
    fn admit(&mut self, given: &GivenIdentifier, known: &mut Known) -> bool {
        if let Err(refusal) = self.context.policy.admits(&given.identifier) {
            self.reasons.push(refusal.to_string());
            self.skip.get_or_insert(SkipReason::IdentifiesNobody);
            return false;
        }
        let id = known.key().contact(&given.identifier);
        let Some(erased) = known.erased(id) else { return true };
        // Somebody who was erased and writes again begins anew; replays and imports carry older dates.
        let writes_anew = self.incoming.source.kind() == SourceKind::Message
            && matches!(self.incoming.arrival, Arrival::Message(_))
            && self.incoming.at > erased.at;
        if writes_anew {
            self.reasons.push("this person was erased and has written again since".into());
            known.lift_erased(id);
        } else {
            self.reasons.push("this person was erased".into());
            self.skip = Some(SkipReason::Erased);
        }
        writes_anew
    }

    /// The contact of an identifier; a new one founds a profile, or joins that of `with`.
    fn contact_for(
        &mut self,
        given: &GivenIdentifier,
        with: Option<ContactId>,
        known: &mut Known,
    ) -> ContactId {
        let id = known.key().contact(&given.identifier);
        if let Some(contact) = known.edit_contact(id) {
            contact.named(&given.raw, &self.incoming.source, self.incoming.at);
            return id;
        }
        let home = known.key().home(id);
        let key = ContactKey::Identified { identifier: given.identifier.clone(), raw: given.raw.clone() };
        known.put_contact(new_contact(id, key, home, 0, &self.incoming.source, self.incoming.at));
        if with.is_none() {
            let mut profile = Profile::new(home, self.incoming.at);
            profile.add(id);
            known.put_profile(profile);
            known.tell(Change::ProfileCreated { profile: home });
            self.created = true;
            self.reasons.push(format!("nobody was known by this {}", given.identifier.kind()));
        }
        id
    }

    /// Joins two contacts that are known already, unless something speaks against it.
    fn join(&mut self, first: ContactId, other: ContactId, known: &mut Known) {
        let (Some(a), Some(b)) = (known.contact(first), known.contact(other)) else { return };
        if a.links.contains(&other) {
            return;
        }
        let (kind_a, kind_b) = (kind_of(a), kind_of(b));
        let (profile_a, profile_b) = (a.profile, b.profile);
        if profile_a == profile_b {
            self.link(other, first, known);
            return;
        }
        if let Some(objection) = self.objection(first, other, known) {
            self.reasons.push(format!("not joined: {objection}"));
            let link = known.key().link(first, other).to_string();
            let review = serde_json::json!({
                "contacts": [first, other], "profiles": [profile_a, profile_b], "why": objection,
                "said_by": self.incoming.source, "entry": self.entry, "at": self.incoming.at,
            });
            if known.raise_review(link.clone(), review.to_string().into_bytes()) {
                known.tell(Change::ReviewRaised { profile: profile_a, review: link });
            }
            return;
        }
        // The profile of a customer stays before that of a visitor, the older before the younger.
        let seniority = |profile: ProfileId| {
            let row = known.profile(profile);
            let customer = contacts_in(known, profile)
                .any(|contact| contact.identifier().is_some() && contact.proves_customer());
            (!customer, row.map(|row| row.created), profile)
        };
        let (joins, anchor) =
            if seniority(profile_a) <= seniority(profile_b) { (other, first) } else { (first, other) };
        self.reasons.push(format!("one statement named this {kind_a} and this {kind_b}"));
        self.link(joins, anchor, known);
    }

    /// What speaks against taking two profiles for one person.
    fn objection(&self, first: ContactId, other: ContactId, known: &Known) -> Option<String> {
        let (one, two) = (known.contact(first)?, known.contact(other)?);
        let (a, b) = (one.profile, two.profile);
        // Only one of them may have been read.
        let apart = |one: ProfileId, other: ProfileId| {
            known.profile(one).is_some_and(|profile| profile.word_on(other).is_some())
        };
        if apart(a, b) || apart(b, a) {
            return Some("somebody said that they are not the same person".into());
        }
        let is_shared = |contact: &Contact| {
            contact
                .identifier()
                .is_some_and(|identifier| self.context.policy.shared.contains(identifier.kind()))
        };
        let stands_alone = |profile: ProfileId| {
            contacts_in(known, profile)
                .any(|c| c.identifier().is_some() && c.proves_customer() && !is_shared(c))
        };
        if (is_shared(one) || is_shared(two)) && stands_alone(a) && stands_alone(b) {
            return Some("a number can be shared, and each is known by something of their own".into());
        }
        let mut kinds: BTreeSet<_> = BTreeSet::new();
        for profile in [a, b] {
            kinds
                .extend(contacts_in(known, profile).filter_map(|c| c.identifier()).map(|i| i.kind().clone()));
        }
        kinds.into_iter().find_map(|kind| {
            let count = |profile| {
                contacts_in(known, profile)
                    .filter_map(|c| c.identifier())
                    .filter(|i| *i.kind() == kind)
                    .count()
            };
            let (left, right) = (count(a), count(b));
            if kind.is_unique_per_person() && left > 0 && right > 0 {
                return Some(format!("each has a {kind} of its own, and a person has one"));
            }
            let limit = self.context.policy.limit(&kind);
            (left > 0 && right > 0 && left + right > limit)
                .then(|| format!("together they would have more than {limit} of kind {kind}"))
        })
    }

    /// Whether the profile of `first` has as many identifiers of a kind as it may have.
    fn is_full(&self, first: ContactId, given: &GivenIdentifier, known: &Known) -> bool {
        let Some(profile) = known.contact(first).map(|contact| contact.profile) else { return false };
        let kind = given.identifier.kind();
        let of_kind =
            contacts_in(known, profile).filter_map(|c| c.identifier()).filter(|other| other.kind() == kind);
        of_kind.count() >= self.context.policy.limit(kind)
    }

    fn link(&mut self, joins: ContactId, anchor: ContactId, known: &mut Known) {
        let (from, into) = match (known.contact(joins), known.contact(anchor)) {
            (Some(joins), Some(anchor)) => (joins.profile, anchor.profile),
            _ => return,
        };
        let is_new = known.profile(from).is_none();
        let why = match (known.contact(joins), known.contact(anchor)) {
            (Some(a), Some(b)) => format!("one statement named the {} and the {}", kind_of(a), kind_of(b)),
            _ => String::new(),
        };
        let because = Because {
            by: self.incoming.source.clone(),
            at: self.context.now,
            why: vec![why],
            evidence: Some(self.entry),
            rules: Some(self.context.rules.to_owned()),
        };
        membership::link(known, joins, anchor, &because);
        if is_new && from != into {
            known.tell(Change::ContactAdded { profile: into, contact: joins });
        }
    }

    fn record_claims(&mut self, party: &Party, contact: ContactId, known: &mut Known) {
        let mut heard = Vec::new();
        for said in &party.said {
            let claim = Claim::new(
                known.key(),
                contact,
                said.property.clone(),
                said.assertion.clone(),
                self.incoming.source.clone(),
                said.confidence,
                Evidence::Entry(self.entry),
                self.incoming.at,
                self.context.now,
            );
            if known.hear(claim) && !heard.contains(&said.property) {
                heard.push(said.property.clone());
            }
        }
        if let (false, Some(profile)) =
            (heard.is_empty(), known.contact(contact).map(|contact| contact.profile))
        {
            known.tell(Change::PropertiesChanged { profile, properties: heard });
        }
    }

    fn record_account(&mut self, contacts: &[ContactId], known: &mut Known) {
        let Some(given) = &self.incoming.account else { return };
        let id = known.key().account(&given.external);
        let mut account = known.account(id).cloned().unwrap_or_else(|| Account {
            id,
            external: given.external.id().to_owned(),
            name: given.external.id().to_owned(),
            properties: Default::default(),
            source: self.incoming.source.clone(),
            first_seen: self.incoming.at,
            last_seen: self.incoming.at,
            version: 0,
        });
        let before = account.clone();
        let is_news = self.incoming.at >= account.last_seen;
        for (name, value) in &given.properties {
            if account.takes(name) && (is_news || !account.properties.contains_key(name)) {
                account.properties.insert(name.clone(), value.clone());
            }
        }
        let takes_name = account.takes("name") && (is_news || account.name == account.external);
        if let (Some(name), true) = (&given.name, takes_name) {
            account.name.clone_from(name);
        }
        account.first_seen = account.first_seen.min(self.incoming.at);
        account.last_seen = account.last_seen.max(self.incoming.at);
        if account != before || account.version == 0 {
            known.put_account(account);
            known.tell(Change::AccountChanged { account: id });
        }
        for contact in contacts {
            let Some(row) = known.contact(*contact).filter(|row| !row.accounts.contains(&id)) else {
                continue;
            };
            let profile = row.profile;
            if let Some(row) = known.edit_contact(*contact) {
                row.accounts.push(id);
                row.accounts.sort_unstable();
            }
            known.write(Write::AccountLink(AccountLink { account: id, contact: *contact }));
            known.tell(Change::AccountLinked { profile, account: id, linked: true });
        }
    }

    fn record_arrival(
        &mut self,
        contacts: &[ContactId],
        known: &mut Known,
    ) -> Option<crate::model::ConversationId> {
        let incoming = self.incoming;
        let entry = |contact: ContactId| Entry {
            id: self.entry,
            contact,
            at: incoming.at,
            recorded: self.context.now,
            kind: EntryKind::Event,
            source: incoming.source.clone(),
            channel: None,
            direction: None,
            conversation: None,
            title: String::new(),
            summary: String::new(),
            properties: Default::default(),
            has_body: incoming.body.is_some(),
        };
        let mut conversation = None;
        let entries: Vec<Entry> = match &incoming.arrival {
            Arrival::Facts => return None,
            Arrival::Message(message) => {
                let id = conversation::place(incoming, message, contacts, known);
                conversation = Some(id);
                contacts
                    .iter()
                    .map(|contact| Entry {
                        kind: EntryKind::Message,
                        channel: Some(message.channel.clone()),
                        direction: Some(message.direction),
                        conversation,
                        title: message.subject.clone(),
                        summary: cut(&message.summary),
                        properties: message.properties.clone(),
                        ..entry(*contact)
                    })
                    .collect()
            }
            Arrival::Event { kind, name, summary, properties } => contacts
                .iter()
                .map(|contact| Entry {
                    kind: *kind,
                    title: name.clone(),
                    summary: cut(summary),
                    properties: properties.clone(),
                    ..entry(*contact)
                })
                .collect(),
        };
        for entry in entries {
            let Some(contact) = known.edit_contact(entry.contact) else { continue };
            contact.happened(entry.kind, entry.at);
            let profile = contact.profile;
            self.wake(profile, entry.kind, known);
            known.tell(Change::EntryAdded {
                profile,
                contact: entry.contact,
                entry: entry.id,
                kind: entry.kind,
            });
            known.write(Write::Entry(entry));
        }
        if let Some(body) = &incoming.body {
            known.write(Write::Body(self.entry, body.clone()));
        }
        conversation
    }

    /// A customer who writes is taken out of the trash: nobody may wait there unheard.
    fn wake(&mut self, profile: ProfileId, kind: EntryKind, known: &mut Known) {
        let trashed =
            known.profile(profile).is_some_and(|row| matches!(row.state, ProfileState::Trashed { .. }));
        if kind == EntryKind::Message && trashed {
            if let Some(row) = known.edit_profile(profile) {
                row.state = ProfileState::Live;
            }
            known.tell(Change::ProfileRestored { profile });
            self.reasons.push("the profile was in the trash and the customer has written".into());
        }
    }
}

fn kind_of(contact: &Contact) -> String {
    contact.identifier().map_or("profile".into(), |identifier| identifier.kind().label().to_lowercase())
}

fn contacts_in(known: &Known, profile: ProfileId) -> impl Iterator<Item = &Contact> {
    let ids = known.profile(profile).map_or(&[][..], |profile| &profile.contacts);
    ids.iter().filter_map(|id| known.contact(*id))
}

/// The beginning of a text, on one line.
pub(crate) fn cut(text: &str) -> String {
    let mut cut = String::new();
    for word in text.split_whitespace() {
        let room = SUMMARY_LEN - cut.chars().count();
        if room <= 1 {
            break;
        }
        if !cut.is_empty() {
            cut.push(' ');
        }
        cut.extend(word.chars().take(room - 1));
    }
    cut
}
