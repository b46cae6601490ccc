//! Changes of membership: link, merge, move, detach, and the exact undoing of any of them.
//!
//! The profile of every contact is a fold over the changes that were not undone, in the order of their
//! clocks. Doing a change updates the fold by one step; undoing one replays the fold without it, over the
//! contacts and changes that hang together with it. So an undone change leaves no trace, whatever came after.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    feed::Change,
    model::{
        ContactId, EntryId, MembershipChange, MembershipDeed, MembershipId, Profile, ProfileId, ProfileState,
        Source, Timestamp, UndoneBy,
    },
    store::{Store, StoreError},
};

use super::Known;

/// Who does something, when, and why.
#[derive(Clone, Debug)]
pub struct Because {
    /// Who.
    pub by: Source,
    /// When.
    pub at: Timestamp,
    /// Why, in words that name no address.
    pub why: Vec<String>,
    /// The entry that gave the reason.
    pub evidence: Option<EntryId>,
    /// The rules in force, by their hash.
    pub rules: Option<String>,
}

/// What undoing a change did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undone {
    /// The change that was undone.
    pub change: MembershipId,
    /// The profiles whose contacts changed.
    pub profiles: Vec<ProfileId>,
    /// Changes that still hold the two sides together: other evidence says the same.
    pub still_together_by: Vec<MembershipId>,
}

/// Joins the profiles of two contacts that one statement named.
///
/// When they are in one profile already the change is recorded all the same: it is a reason of its own
/// to keep them together should the other be undone.
pub fn link(
    known: &mut Known,
    joins: ContactId,
    anchor: ContactId,
    because: &Because,
) -> Option<MembershipId> {
    let (from, into) = (known.contact(joins)?.profile, known.contact(anchor)?.profile);
    let id = known.key().link(joins, anchor);
    for (one, other) in [(joins, anchor), (anchor, joins)] {
        if let Some(contact) = known.edit_contact(one) {
            contact.links.push(other);
        }
    }
    record(known, id, MembershipDeed::Link { joins, anchor }, from, into, &[joins, anchor], because);
    Some(id)
}

/// Moves all contacts of one profile under another. Both must be live ones that differ.
pub fn merge(
    known: &mut Known,
    asked: (ProfileId, ProfileId),
    from: ProfileId,
    into: ProfileId,
    because: &Because,
) -> MembershipId {
    let clock = next_clock(known, &[from, into, asked.0, asked.1], because.at);
    let id = known.key().membership("merge", asked.0.as_bytes(), asked.1.as_bytes(), clock);
    record(known, id, MembershipDeed::Merge { from: asked.0, into: asked.1 }, from, into, &[], because);
    id
}

/// Gives a contact a profile of its own.
pub fn detach(known: &mut Known, contact: ContactId, because: &Because) -> Option<(MembershipId, ProfileId)> {
    let from = known.contact(contact)?.profile;
    let clock = next_clock(known, &[from], because.at);
    let to = known.key().detached(contact, clock);
    known.put_profile(Profile::new(to, because.at));
    let id = known.key().membership("detach", contact.as_bytes(), to.as_bytes(), clock);
    record(known, id, MembershipDeed::Detach { contact, to }, from, to, &[contact], because);
    known.tell(Change::ProfileCreated { profile: to });
    known.tell(Change::ContactDetached { from, to, contact });
    Some((id, to))
}

/// Moves one contact to another live profile.
pub fn move_to(
    known: &mut Known,
    contact: ContactId,
    asked: ProfileId,
    to: ProfileId,
    because: &Because,
) -> Option<MembershipId> {
    let from = known.contact(contact)?.profile;
    let clock = next_clock(known, &[from, to, asked], because.at);
    let id = known.key().membership("move", contact.as_bytes(), asked.as_bytes(), clock);
    record(known, id, MembershipDeed::Move { contact, to: asked }, from, to, &[contact], because);
    known.tell(Change::ContactMoved { from, to, contact });
    Some(id)
}

/// The next place in the order of changes: later than all that these profiles took part in, and at the time
/// of day where that is later still, so that changes far apart are ordered as they happened.
fn next_clock(known: &Known, profiles: &[ProfileId], at: Timestamp) -> u64 {
    let after = profiles.iter().filter_map(|id| known.profile(*id)).map(|profile| profile.clock + 1).max();
    after.unwrap_or(1).max(u64::try_from(at.as_millis()).unwrap_or(0))
}

/// Carries out one change and writes its record.
fn record(
    known: &mut Known,
    id: MembershipId,
    deed: MembershipDeed,
    from: ProfileId,
    into: ProfileId,
    anchors: &[ContactId],
    because: &Because,
) {
    let named: Vec<ProfileId> = match &deed {
        MembershipDeed::Merge { from, into } => vec![*from, *into],
        MembershipDeed::Move { to, .. } => vec![*to],
        _ => Vec::new(),
    };
    let mut involved = vec![from, into];
    involved.extend(&named);
    let clock = next_clock(known, &involved, because.at);

    let all_go = matches!(deed, MembershipDeed::Link { .. } | MembershipDeed::Merge { .. });
    let moved: Vec<ContactId> = match (&deed, known.profile(from)) {
        _ if from == into => Vec::new(),
        (MembershipDeed::Detach { contact, .. } | MembershipDeed::Move { contact, .. }, _) => vec![*contact],
        (_, Some(profile)) => profile.contacts.clone(),
        // A contact that was made a moment ago has never had its own profile stored.
        (MembershipDeed::Link { joins, .. }, None) => vec![*joins],
        (MembershipDeed::Merge { .. }, None) => Vec::new(),
    };

    let touched: BTreeSet<ContactId> = moved.iter().chain(anchors).copied().collect();
    for contact in &touched {
        if let Some(contact) = known.edit_contact(*contact) {
            contact.changes.push(id);
        }
    }
    for contact in &moved {
        if let Some(contact) = known.edit_contact(*contact) {
            contact.profile = into;
        }
        if let Some(profile) = known.edit_profile(from) {
            profile.remove(*contact);
        }
        if let Some(profile) = known.edit_profile(into) {
            profile.add(*contact);
        }
    }
    involved.sort_unstable();
    involved.dedup();
    for profile in involved {
        if let Some(profile) = known.edit_profile(profile) {
            profile.clock = clock;
            profile.changes.push(id);
        }
    }
    if from != into
        && all_go
        && let Some(profile) = known.edit_profile(from)
    {
        profile.state = ProfileState::Merged { into, by: id };
        known.tell(Change::ProfilesMerged { into, from, by: id });
    }
    known.put_membership(MembershipChange {
        id,
        clock,
        deed,
        from,
        into,
        moved,
        at: because.at,
        by: because.by.clone(),
        why: because.why.clone(),
        evidence: because.evidence,
        rules: because.rules.clone(),
        undone: None,
        version: 0,
    });
}

/// Reads everything that hangs together with a change: what has to be replayed when it is undone.
pub async fn read_component(
    known: &mut Known,
    store: &dyn Store,
    change: MembershipId,
) -> Result<(), StoreError> {
    let mut changes = BTreeSet::from([change]);
    loop {
        known.read_membership(store, changes.clone()).await?;
        let mut contacts = BTreeSet::new();
        let mut profiles = BTreeSet::new();
        for change in changes.iter().filter_map(|id| known.membership(*id)) {
            contacts.extend(contacts_of(change));
            profiles.extend(profiles_of(change));
        }
        known.read_contacts(store, contacts.clone()).await?;
        profiles
            .extend(contacts.iter().filter_map(|id| known.contact(*id)).flat_map(|c| [c.home, c.profile]));
        known.read_profiles(store, profiles.clone()).await?;
        contacts.extend(
            profiles.iter().filter_map(|id| known.profile(*id)).flat_map(|row| row.contacts.iter().copied()),
        );
        known.read_contacts(store, contacts.clone()).await?;
        let before = changes.len();
        for id in &contacts {
            changes
                .extend(known.contact(*id).into_iter().flat_map(|contact| contact.changes.iter().copied()));
        }
        for id in &profiles {
            changes
                .extend(known.profile(*id).into_iter().flat_map(|profile| profile.changes.iter().copied()));
        }
        if changes.len() == before {
            return Ok(());
        }
    }
}

fn contacts_of(change: &MembershipChange) -> Vec<ContactId> {
    let mut contacts = change.moved.clone();
    match &change.deed {
        MembershipDeed::Link { joins, anchor } => contacts.extend([*joins, *anchor]),
        MembershipDeed::Detach { contact, .. } | MembershipDeed::Move { contact, .. } => {
            contacts.push(*contact)
        }
        MembershipDeed::Merge { .. } => {}
    }
    contacts
}

fn profiles_of(change: &MembershipChange) -> Vec<ProfileId> {
    let mut profiles = vec![change.from, change.into];
    match &change.deed {
        MembershipDeed::Merge { from, into } => profiles.extend([*from, *into]),
        MembershipDeed::Detach { to, .. } | MembershipDeed::Move { to, .. } => profiles.push(*to),
        MembershipDeed::Link { .. } => {}
    }
    profiles
}

/// Where every contact is after all changes that were not undone.
#[derive(Debug, Default)]
struct Fold {
    place: BTreeMap<ContactId, ProfileId>,
    gone: BTreeMap<ProfileId, (ProfileId, MembershipId)>,
}

impl Fold {
    fn over(known: &Known) -> Self {
        let mut fold = Self::default();
        let mut waiting: Vec<(u64, ContactId, ProfileId)> =
            known.known_contacts().map(|contact| (contact.born, contact.id, contact.home)).collect();
        waiting.sort_unstable_by(|a, b| b.cmp(a));
        let mut changes: Vec<&MembershipChange> =
            known.known_membership().filter(|change| change.undone.is_none()).collect();
        changes.sort_by_key(|change| (change.clock, change.id));
        for change in changes {
            fold.admit(&mut waiting, change.clock);
            fold.step(change);
        }
        fold.admit(&mut waiting, u64::MAX);
        fold
    }

    /// Places the contacts that were made before `clock` in their first profile.
    fn admit(&mut self, waiting: &mut Vec<(u64, ContactId, ProfileId)>, clock: u64) {
        while let Some((_, contact, home)) = waiting.pop_if(|(born, _, _)| *born < clock) {
            self.place.insert(contact, home);
        }
    }

    fn step(&mut self, change: &MembershipChange) {
        match &change.deed {
            MembershipDeed::Link { joins, anchor } => {
                if let (Some(from), Some(into)) = (self.place.get(joins), self.place.get(anchor)) {
                    self.all_go(*from, *into, change.id);
                }
            }
            MembershipDeed::Merge { from, into } => {
                let (from, into) = (self.resolve(*from), self.resolve(*into));
                self.all_go(from, into, change.id);
            }
            MembershipDeed::Detach { contact, to } => {
                self.place.insert(*contact, *to);
            }
            MembershipDeed::Move { contact, to } => {
                let to = self.resolve(*to);
                self.place.insert(*contact, to);
            }
        }
    }

    fn all_go(&mut self, from: ProfileId, into: ProfileId, by: MembershipId) {
        if from == into {
            return;
        }
        for place in self.place.values_mut().filter(|place| **place == from) {
            *place = into;
        }
        self.gone.insert(from, (into, by));
        // A profile to which contacts come is there again.
        self.gone.remove(&into);
    }

    fn resolve(&self, profile: ProfileId) -> ProfileId {
        let mut resolved = profile;
        // A chain is as long as there are profiles at most; more would be a circle.
        for _ in 0..=self.gone.len() {
            match self.gone.get(&resolved) {
                Some((into, _)) => resolved = *into,
                None => break,
            }
        }
        resolved
    }
}

/// Undoes one change over its component, which [`read_component`] has read.
///
/// Nothing comes back for a change that is not known or undone already.
pub fn undo(known: &mut Known, change: MembershipId, by: &Source, at: Timestamp) -> Option<Undone> {
    let record = known.membership(change).filter(|record| record.undone.is_none())?.clone();
    let clock = next_clock(known, &known.known_profiles(), at);
    if let Some(record) = known.edit_membership(change) {
        record.undone = Some(UndoneBy { at, by: by.clone() });
    }
    let fold = Fold::over(known);

    let mut affected: BTreeSet<ProfileId> = profiles_of(&record).into_iter().collect();
    for (contact, to) in &fold.place {
        let Some(from) = known.contact(*contact).map(|contact| contact.profile).filter(|from| from != to)
        else {
            continue;
        };
        affected.extend([from, *to]);
        if known.profile(*to).is_none() {
            // The first profile of a contact that was linked from the start has never been stored.
            let created = known.contact(*contact).map_or(at, |contact| contact.first_seen);
            known.put_profile(Profile::new(*to, created));
            known.tell(Change::ProfileCreated { profile: *to });
        }
        if let Some(profile) = known.edit_profile(from) {
            profile.remove(*contact);
        }
        if let Some(profile) = known.edit_profile(*to) {
            profile.add(*contact);
        }
        if let Some(contact) = known.edit_contact(*contact) {
            contact.profile = *to;
        }
    }
    // A profile that was only passed through may never have been stored; the ids that lead through it have to.
    for (through, _) in fold.gone.values() {
        if known.profile(*through).is_none() {
            known.put_profile(Profile::new(*through, at));
        }
    }
    for profile in known.known_profiles() {
        // Whoever changes membership in between changes one of these rows.
        known.rely_on(profile);
        let Some(row) = known.profile(profile) else { continue };
        let state = match (&row.state, fold.gone.get(&profile)) {
            (_, Some((into, by))) => ProfileState::Merged { into: *into, by: *by },
            (ProfileState::Merged { .. }, None) => ProfileState::Live,
            (other, None) => other.clone(),
        };
        let is_new_state = state != row.state;
        if (is_new_state || affected.contains(&profile))
            && let Some(row) = known.edit_profile(profile)
        {
            row.state = state;
            row.clock = clock;
            affected.insert(profile);
        }
    }

    let sides: (Vec<ProfileId>, ProfileId) = match &record.deed {
        MembershipDeed::Link { joins, anchor } => (
            fold.place.get(joins).copied().into_iter().collect(),
            fold.place.get(anchor).copied().unwrap_or(record.into),
        ),
        _ => (
            record.moved.iter().filter_map(|contact| fold.place.get(contact).copied()).collect(),
            fold.resolve(record.into),
        ),
    };
    let still_together_by = if sides.0.contains(&sides.1) {
        known
            .known_membership()
            .filter(|other| other.undone.is_none() && !matches!(other.deed, MembershipDeed::Detach { .. }))
            .filter(|other| contacts_of(other).iter().any(|contact| contacts_of(&record).contains(contact)))
            .map(|other| other.id)
            .collect()
    } else {
        Vec::new()
    };
    let profiles: Vec<ProfileId> =
        affected.into_iter().filter(|profile| known.profile(*profile).is_some()).collect();
    known.tell(Change::MergeUndone { profiles: profiles.clone(), by: change });
    Some(Undone { change, profiles, still_together_by })
}
