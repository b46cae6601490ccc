//! Notes about customers and accounts: changed, pinned, taken away and brought back.
//!
//! The note of a customer is an entry of their timeline. The entry shows what was written last; every step
//! stands in its body, appended and never taken out. That a note is pinned is a claim under its contact, so the
//! pinned ones are known with the profile, and go with their contact when profiles are taken apart.
//! The note of an account is a document with the same steps.

use serde::{Deserialize, Serialize};

use super::{Engine, EngineError, MOST_TRIES, kept, until_settled};
use crate::{
    feed::Change,
    identity::Known,
    model::{
        AccountId, Assertion, Body, Claim, Confidence, Entry, EntryId, EntryKind, Evidence, ExternalId,
        NoteDeed, NoteLog, NoteStep, ProfileId, PropertyKey, Source, Stamp, TimelineCursor, Timestamp, Value,
        note_text,
    },
    store::{ChangeSet, DocumentKind, StoreError, Write},
};

/// A note as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NoteView {
    /// Its id.
    pub id: EntryId,
    /// What it says now.
    pub text: String,
    /// Who wrote it first, and when.
    pub made: Stamp,
    /// Who wrote it anew last, and when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edited: Option<Stamp>,
    /// Who pinned it, and when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pinned: Option<Stamp>,
    /// Who took it away, and when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub removed: Option<Stamp>,
    /// Counts its changes.
    pub version: u64,
}

/// What is to become of a note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoteWish {
    /// It says this. With a version, only while that is still what is there.
    Write(String, Option<u64>),
    /// It stays in sight.
    Pin,
    /// It does not any more.
    Unpin,
    /// It is taken away.
    Remove,
    /// It is brought back.
    Restore,
}

/// A part of a list of notes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NotePage {
    /// The notes, the latest first.
    pub notes: Vec<NoteView>,
    /// Where the list goes on.
    pub next: Option<String>,
}

/// The reserved property under which pinned notes stand.
const PINNED: &str = "_note";

/// What notes of accounts are kept as.
const KIND: DocumentKind = DocumentKind::AccountNote;

/// How many pinned notes of one account are read.
const MOST_PINNED: usize = 200;

/// The note of an account as it is kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct AccountNote {
    account: AccountId,
    log: NoteLog,
    pinned: Option<Stamp>,
}

impl Engine {
    /// Changes a note of a customer.
    pub async fn change_note(
        &self,
        profile: ProfileId,
        note: EntryId,
        wish: &NoteWish,
        by: &Source,
        now: Timestamp,
    ) -> Result<NoteView, EngineError> {
        until_settled!(self.try_change_note(profile, note, wish, by, now).await)
    }

    async fn try_change_note(
        &self,
        profile: ProfileId,
        note: EntryId,
        wish: &NoteWish,
        by: &Source,
        now: Timestamp,
    ) -> Result<NoteView, EngineError> {
        let profile = self.resolve(profile).await?;
        let (mut entry, mut log) = self.read_note(profile, note).await?;
        let found = self.store().contacts_with_claims(&[entry.contact]).await?.pop().flatten();
        let (contact, claims) = found.ok_or_else(|| not_found(note))?;
        let mut known = Known::empty(self.key().clone());
        known.take_in_contact(contact);
        claims.iter().for_each(|claim| known.take_in_claim(claim.clone()));
        let pinned = pinned_among(&claims).into_iter().find(|(id, _)| *id == note).map(|(_, stamp)| stamp);
        match wish {
            NoteWish::Pin | NoteWish::Unpin => {
                let pins = *wish == NoteWish::Pin;
                if pinned.is_some() != pins {
                    known.hear(pin(&known, &entry, &claims, pins, by, now));
                }
            }
            _ => {
                if apply(&mut log, wish, by, now)? {
                    show(&mut entry, &log);
                    let bytes = serde_json::to_vec(&log).unwrap_or_default();
                    let body = Body { media_type: NoteLog::MEDIA_TYPE.into(), bytes };
                    known.write(Write::Entry(entry.clone()));
                    known.write(Write::Body(note, body));
                }
            }
        }
        // Its contact is what guards a note: two who change it at once do so one after the other.
        known.edit_contact(entry.contact);
        known.tell(Change::EntryAdded {
            profile,
            contact: entry.contact,
            entry: note,
            kind: EntryKind::Note,
        });
        self.store().commit(known.into_change_set(now)).await?;
        self.note(profile, note).await
    }

    /// One note of a customer.
    pub async fn note(&self, profile: ProfileId, note: EntryId) -> Result<NoteView, EngineError> {
        let profile = self.resolve(profile).await?;
        let (entry, log) = self.read_note(profile, note).await?;
        let found = self.store().contacts_with_claims(&[entry.contact]).await?.pop().flatten();
        let pinned = found.map_or_else(Vec::new, |(_, claims)| pinned_among(&claims));
        let pinned = pinned.into_iter().find(|(id, _)| *id == note).map(|(_, stamp)| stamp);
        Ok(view_of(note, &log, pinned))
    }

    /// Every step of a note, the first first.
    pub async fn note_steps(&self, profile: ProfileId, note: EntryId) -> Result<Vec<NoteStep>, EngineError> {
        let profile = self.resolve(profile).await?;
        Ok(self.read_note(profile, note).await?.1.steps().to_vec())
    }

    async fn read_note(&self, profile: ProfileId, note: EntryId) -> Result<(Entry, NoteLog), EngineError> {
        let (entry, body) = self.entry(note).await?;
        let contact = self.store().contacts(&[entry.contact]).await?.pop().flatten();
        let is_theirs = contact.is_some_and(|contact| contact.profile == profile);
        if entry.kind != EntryKind::Note || !is_theirs {
            return Err(not_found(note));
        }
        let log = body.filter(|body| body.media_type == NoteLog::MEDIA_TYPE);
        let log = log.and_then(|body| serde_json::from_slice(&body.bytes).ok());
        let log = log.unwrap_or_else(|| NoteLog::written(&entry.summary, &entry.source, entry.at));
        Ok((entry, log))
    }

    /// The notes of a customer, the latest first; those that were taken away are left out.
    pub async fn notes(
        &self,
        profile: ProfileId,
        before: Option<TimelineCursor>,
        limit: usize,
    ) -> Result<NotePage, EngineError> {
        let page = self.timeline(profile, before, limit, &[EntryKind::Note]).await?;
        let mut notes = Vec::new();
        for entry in page.entries {
            notes.push(self.note(profile, entry.id).await?);
        }
        Ok(NotePage { notes, next: page.next.map(|next| next.to_string()) })
    }

    /// The pinned notes of a customer, what was pinned last coming first.
    pub async fn pinned_notes(&self, profile: ProfileId) -> Result<Vec<NoteView>, EngineError> {
        let loaded = self.load(profile).await?;
        let mut pinned: Vec<_> =
            loaded.contacts.iter().flat_map(|(_, claims)| pinned_among(claims)).collect();
        pinned.sort_by_key(|(id, stamp)| std::cmp::Reverse((stamp.at, *id)));
        let mut notes = Vec::new();
        for (id, stamp) in pinned {
            match self.read_note(loaded.profile.id, id).await {
                Ok((_, log)) if log.removed().is_none() => notes.push(view_of(id, &log, Some(stamp))),
                Ok(_) | Err(EngineError::NotFound { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(notes)
    }

    /// Adds a note to an account. The same request again gives the same note.
    pub async fn add_account_note(
        &self,
        account: AccountId,
        text: &str,
        request: &ExternalId,
        by: &Source,
        now: Timestamp,
    ) -> Result<NoteView, EngineError> {
        let text = note_text(text).map_err(|why| EngineError::Invalid { what: "note".into(), why })?;
        if self.store().accounts(&[account]).await?.pop().flatten().is_none() {
            return Err(EngineError::NotFound { what: format!("account `{account}`") });
        }
        let id = self.key().entry(request);
        let note = AccountNote { account, log: NoteLog::written(text, by, now), pinned: None };
        let mut set = ChangeSet::at(now);
        let place = format!("a/{account}/{}/{id}", kept::falling(now.as_millis()));
        kept::write(&mut set, KIND, document(id), 0, &note, (Vec::new(), vec![place]))?;
        set.changes.push(Change::AccountChanged { account });
        match self.store().commit(set).await {
            Ok(_) | Err(StoreError::Conflict { .. }) => self.account_note(account, id).await,
            Err(error) => Err(error.into()),
        }
    }

    /// One note of an account.
    pub async fn account_note(&self, account: AccountId, id: EntryId) -> Result<NoteView, EngineError> {
        let (note, _) = self.read_account_note(account, id).await?;
        Ok(view_of(id, &note.log, note.pinned))
    }

    async fn read_account_note(
        &self,
        account: AccountId,
        id: EntryId,
    ) -> Result<(AccountNote, u64), EngineError> {
        let found = kept::read::<AccountNote>(self.store(), KIND, &document(id)).await?;
        found.filter(|(note, _)| note.account == account).ok_or_else(|| not_found(id))
    }

    /// Changes a note of an account.
    pub async fn change_account_note(
        &self,
        account: AccountId,
        id: EntryId,
        wish: &NoteWish,
        by: &Source,
        now: Timestamp,
    ) -> Result<NoteView, EngineError> {
        until_settled!(self.try_change_account_note(account, id, wish, by, now).await)
    }

    async fn try_change_account_note(
        &self,
        account: AccountId,
        id: EntryId,
        wish: &NoteWish,
        by: &Source,
        now: Timestamp,
    ) -> Result<NoteView, EngineError> {
        let (mut note, version) = self.read_account_note(account, id).await?;
        let before = note.clone();
        match wish {
            NoteWish::Pin => note.pinned = note.pinned.or_else(|| Some(Stamp::new(by, now))),
            NoteWish::Unpin => note.pinned = None,
            _ => _ = apply(&mut note.log, wish, by, now)?,
        }
        if note != before {
            let mut set = ChangeSet::at(now);
            let place = |note: &AccountNote| note.pinned.as_ref().map(|_| pinned_place(account, id));
            let places = (place(&before).into_iter().collect(), place(&note).into_iter().collect());
            kept::write(&mut set, KIND, document(id), version, &note, places)?;
            set.changes.push(Change::AccountChanged { account });
            self.store().commit(set).await?;
        }
        Ok(view_of(id, &note.log, note.pinned))
    }

    /// The pinned notes of an account, what was pinned last coming first.
    pub async fn pinned_account_notes(&self, account: AccountId) -> Result<Vec<NoteView>, EngineError> {
        let mut notes = Vec::new();
        for end in kept::under(self.store(), KIND, &format!("p/{account}/"), None, MOST_PINNED).await? {
            let Ok(id) = end.parse::<EntryId>() else { continue };
            let note = self.account_note(account, id).await?;
            notes.extend(Some(note).filter(|note| note.removed.is_none() && note.pinned.is_some()));
        }
        notes.sort_by_key(|note| std::cmp::Reverse((note.pinned.as_ref().map(|stamp| stamp.at), note.id)));
        Ok(notes)
    }

    /// The notes of an account, pinned ones among them in their place, the latest first.
    pub async fn account_notes(
        &self,
        account: AccountId,
        after: Option<&str>,
        limit: usize,
    ) -> Result<NotePage, EngineError> {
        let mut ends = kept::under(self.store(), KIND, &format!("a/{account}/"), after, limit + 1).await?;
        let goes_on = ends.len() > limit;
        ends.truncate(limit);
        let mut page = NotePage { next: ends.last().filter(|_| goes_on).cloned(), ..NotePage::default() };
        for end in ends {
            let Some(Ok(id)) = end.rsplit('/').next().map(str::parse::<EntryId>) else { continue };
            let note = self.account_note(account, id).await?;
            page.notes.extend(Some(note).filter(|note| note.removed.is_none()));
        }
        Ok(page)
    }
}

fn document(id: EntryId) -> String {
    format!("n/{id}")
}

fn pinned_place(account: AccountId, id: EntryId) -> String {
    format!("p/{account}/{id}")
}

fn not_found(note: EntryId) -> EngineError {
    EngineError::NotFound { what: format!("note `{note}`") }
}

fn stamp(step: &NoteStep) -> Stamp {
    Stamp { by: step.by.clone(), at: step.at }
}

fn view_of(id: EntryId, log: &NoteLog, pinned: Option<Stamp>) -> NoteView {
    let first = log.steps().first();
    NoteView {
        id,
        text: log.text().to_owned(),
        made: first.map_or(Stamp { by: Source::agent(""), at: Timestamp::default() }, stamp),
        edited: log.edited().map(stamp),
        pinned,
        removed: log.removed().map(stamp),
        version: log.version(),
    }
}

/// Appends the step that a wish asks for; says whether there was one to append.
fn apply(log: &mut NoteLog, wish: &NoteWish, by: &Source, now: Timestamp) -> Result<bool, EngineError> {
    let invalid = |why: String| EngineError::Invalid { what: "note".into(), why };
    let deed = match wish {
        NoteWish::Write(text, if_version) => {
            if if_version.is_some_and(|version| version != log.version()) {
                return Err(EngineError::Changed { version: log.version().to_string() });
            }
            let text = note_text(text).map_err(invalid)?;
            if text == log.text() {
                return Ok(false);
            }
            NoteDeed::Wrote { text: text.to_owned() }
        }
        NoteWish::Remove if log.removed().is_none() => NoteDeed::Removed,
        NoteWish::Restore if log.removed().is_some() => NoteDeed::Restored,
        _ => return Ok(false),
    };
    log.append(deed, by, now).map_err(invalid)?;
    Ok(true)
}

/// What the timeline shows of a note.
fn show(entry: &mut Entry, log: &NoteLog) {
    entry.has_body = true;
    entry.summary = if log.removed().is_some() { String::new() } else { log.text().to_owned() };
    let mut put = |name: &str, value: Option<Value>| match value {
        Some(value) => _ = entry.properties.insert(name.to_owned(), value),
        None => _ = entry.properties.remove(name),
    };
    let edited = log.edited();
    put("edited", edited.map(|step| Value::Moment(step.at)));
    put("edited_by", edited.map(|step| Value::Text(step.by.to_string())));
    put("removed", log.removed().map(|_| Value::YesNo(true)));
}

/// The claim that pins a note, or takes that back: later than all that was said about it.
fn pin(known: &Known, note: &Entry, claims: &[Claim], pins: bool, by: &Source, now: Timestamp) -> Claim {
    let id = Value::Text(note.id.to_string());
    let about = claims.iter().filter(|claim| claim.property.as_str() == PINNED);
    let last = about.map(|claim| claim.last_observed.as_millis() + 1).max().unwrap_or(i64::MIN);
    let at = Timestamp::from_millis(now.as_millis().max(last));
    Claim::new(
        known.key(),
        note.contact,
        PropertyKey::reserved(PINNED),
        if pins { Assertion::Is(id) } else { Assertion::IsNot(id) },
        by.clone(),
        Confidence::CERTAIN,
        Evidence::Word,
        at,
        now,
    )
}

/// The notes that are pinned under a contact.
fn pinned_among(claims: &[Claim]) -> Vec<(EntryId, Stamp)> {
    let mut latest: Vec<(&Value, &Claim)> = Vec::new();
    for claim in claims.iter().filter(|claim| claim.property.as_str() == PINNED) {
        let Some(value) = claim.assertion.value() else { continue };
        match latest.iter_mut().find(|(known, _)| *known == value) {
            Some((_, known)) if known.last_observed < claim.last_observed => *known = claim,
            Some(_) => {}
            None => latest.push((value, claim)),
        }
    }
    let pinned = latest.into_iter().filter(|(_, claim)| matches!(claim.assertion, Assertion::Is(_)));
    pinned
        .filter_map(|(value, claim)| {
            let stamp = Stamp { by: claim.source.clone(), at: claim.last_observed };
            Some((value.as_text()?.parse().ok()?, stamp))
        })
        .collect()
}

/// Whether an entry is a note that was taken away.
pub(super) fn is_removed(entry: &Entry) -> bool {
    entry.kind == EntryKind::Note && entry.properties.get("removed") == Some(&Value::YesNo(true))
}
