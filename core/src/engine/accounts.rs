//! Accounts by hand: making and changing them, and saying who belongs to them.
//!
//! An account shows the latest value of each property. What an agent set stays until an agent changes it: the
//! names of such properties stand in the account, and what arrives does not touch them.

use std::collections::{BTreeMap, BTreeSet};

use super::{Engine, EngineError, MOST_TRIES, until_settled};
use crate::{
    feed::Change,
    identity::Known,
    model::{
        Account, AccountId, AccountLink, ContactId, Entry, EntryId, EntryKind, ExternalId, ProfileId, Source,
        Timestamp, Value,
    },
    store::{ChangeSet, StoreError, Subject, Write},
};

/// What is to change in an account.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AccountPatch {
    /// What it is called.
    pub name: Option<String>,
    /// Properties to set, or with nothing to take away. `domain` is one of them.
    pub properties: BTreeMap<String, Option<Value>>,
}

/// How long a name is at most.
const NAME_LEN: usize = 200;
/// How many properties an account has at most.
const MOST_PROPERTIES: usize = 200;

/// The titles of the entries that say who was linked; the page and the way back know them by these.
const LINKED: &str = "linked to account";
const UNLINKED: &str = "unlinked from account";

impl Engine {
    /// Makes an account by hand. The same request again gives the same account.
    pub async fn create_account(
        &self,
        request: &ExternalId,
        patch: &AccountPatch,
        by: &Source,
        now: Timestamp,
    ) -> Result<Account, EngineError> {
        let id = self.key().account(request);
        if let Some(known) = self.store().accounts(&[id]).await?.pop().flatten() {
            return Ok(known);
        }
        let mut account = Account {
            id,
            external: String::new(),
            name: String::new(),
            properties: BTreeMap::new(),
            source: by.clone(),
            first_seen: now,
            last_seen: now,
            version: 1,
        };
        apply(&mut account, patch)?;
        if account.name.is_empty() {
            return Err(invalid("name", "say what it is called"));
        }
        let mut set = ChangeSet::at(now);
        set.expect(Subject::Account(id), 0);
        set.writes.push(Write::Account(account.clone()));
        set.changes.push(Change::AccountChanged { account: id });
        match self.store().commit(set).await {
            Ok(_) => Ok(account),
            Err(StoreError::Conflict { .. }) => self.account(id).await,
            Err(error) => Err(error.into()),
        }
    }

    /// One account.
    pub async fn account(&self, id: AccountId) -> Result<Account, EngineError> {
        let found = self.store().accounts(&[id]).await?.pop().flatten();
        found.ok_or_else(|| EngineError::NotFound { what: format!("account `{id}`") })
    }

    /// Changes an account. With a version, only while that is still what is there.
    pub async fn edit_account(
        &self,
        id: AccountId,
        patch: &AccountPatch,
        if_version: Option<u64>,
        by: &Source,
        now: Timestamp,
    ) -> Result<Account, EngineError> {
        until_settled!(self.try_edit_account(id, patch, if_version, by, now).await)
    }

    async fn try_edit_account(
        &self,
        id: AccountId,
        patch: &AccountPatch,
        if_version: Option<u64>,
        by: &Source,
        now: Timestamp,
    ) -> Result<Account, EngineError> {
        let before = self.account(id).await?;
        if if_version.is_some_and(|version| version != before.version) {
            return Err(EngineError::Changed { version: before.version.to_string() });
        }
        let mut account = before.clone();
        apply(&mut account, patch)?;
        if account == before {
            return Ok(account);
        }
        account.source = by.clone();
        account.last_seen = account.last_seen.max(now);
        account.version += 1;
        let mut set = ChangeSet::at(now);
        set.expect(Subject::Account(id), before.version);
        set.writes.push(Write::Account(account.clone()));
        set.changes.push(Change::AccountChanged { account: id });
        self.store().commit(set).await?;
        Ok(account)
    }

    /// Accounts whose name or domain has a word that begins with `text`, after `after`; looks at `most` at most
    /// and says where to go on where that was not all of them.
    pub async fn find_accounts(
        &self,
        text: &str,
        after: Option<AccountId>,
        limit: usize,
        most: usize,
    ) -> Result<(Vec<Account>, Option<AccountId>), EngineError> {
        const STEP: usize = 500;
        let wanted: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
        let (mut found, mut after, mut looked) = (Vec::new(), after, 0);
        loop {
            let rows = self.store().accounts_after(after, STEP).await?;
            let was_last = rows.len() < STEP;
            for account in rows {
                if found.len() == limit || looked == most {
                    return Ok((found, after));
                }
                looked += 1;
                after = Some(account.id);
                if fits(&account, &wanted) {
                    found.push(account);
                }
            }
            if was_last {
                return Ok((found, None));
            }
        }
    }

    /// Links a customer to an account; gives the entry that says so, by which it can be undone.
    pub async fn link_account(
        &self,
        profile: ProfileId,
        account: AccountId,
        by: &Source,
        now: Timestamp,
    ) -> Result<EntryId, EngineError> {
        until_settled!(self.try_link(profile, account, None, true, by, now).await)
    }

    /// Unlinks a customer from an account; gives the entry that says so, by which it can be undone.
    pub async fn unlink_account(
        &self,
        profile: ProfileId,
        account: AccountId,
        by: &Source,
        now: Timestamp,
    ) -> Result<EntryId, EngineError> {
        until_settled!(self.try_link(profile, account, None, false, by, now).await)
    }

    /// Undoes a linking or unlinking, for exactly the contacts that it was about.
    pub async fn undo_account_link(
        &self,
        profile: ProfileId,
        entry: EntryId,
        by: &Source,
        now: Timestamp,
    ) -> Result<EntryId, EngineError> {
        let not_found = || EngineError::NotFound { what: format!("a linking `{entry}` of this profile") };
        let profile = self.resolve(profile).await?;
        let (entry, _) = self.entry(entry).await?;
        let home = self.store().contacts(&[entry.contact]).await?.pop().flatten();
        let was_linked = match entry.title.as_str() {
            LINKED => true,
            UNLINKED => false,
            _ => return Err(not_found()),
        };
        if home.is_none_or(|home| home.profile != profile) {
            return Err(not_found());
        }
        let text = |name: &str| entry.properties.get(name).map(ToString::to_string).unwrap_or_default();
        let account: AccountId = text("account").parse().map_err(|_| not_found())?;
        let contacts: Vec<ContactId> =
            text("contacts").split(", ").filter_map(|contact| contact.parse().ok()).collect();
        until_settled!(self.try_link(profile, account, Some(&contacts), !was_linked, by, now).await)
    }

    async fn try_link(
        &self,
        profile: ProfileId,
        account: AccountId,
        contacts: Option<&[ContactId]>,
        links: bool,
        by: &Source,
        now: Timestamp,
    ) -> Result<EntryId, EngineError> {
        let profile = self.resolve(profile).await?;
        let row = self.account(account).await?;
        let mut known = self.know_profiles(&[profile]).await?;
        self.refuse_trashed(&known, profile)?;
        let own = known.own_contact(profile, by, now);
        let all: BTreeSet<ContactId> =
            known.profile(profile).map_or_else(Vec::new, |row| row.contacts.clone()).into_iter().collect();
        let has = |known: &Known, id: &ContactId| {
            known.contact(*id).is_some_and(|contact| contact.accounts.contains(&account))
        };
        let asked: Vec<ContactId> = match contacts {
            Some(contacts) => contacts.iter().copied().filter(|id| all.contains(id)).collect(),
            // Somebody's word about the person stands under the person; taking it away concerns all of them.
            None if links && all.iter().any(|id| has(&known, id)) => Vec::new(),
            None if links => vec![own],
            None => all.iter().copied().collect(),
        };
        let asked: Vec<ContactId> = asked.into_iter().filter(|id| has(&known, id) != links).collect();
        if asked.is_empty() {
            let why = if links { "they belong to it already" } else { "they do not belong to it" };
            return Err(invalid("account", why));
        }
        for contact in &asked {
            let Some(contact) = known.edit_contact(*contact) else { continue };
            let link = AccountLink { account, contact: contact.id };
            contact.accounts.retain(|known| *known != account);
            if links {
                contact.accounts.push(account);
                contact.accounts.sort_unstable();
            }
            known.write(if links { Write::AccountLink(link) } else { Write::AccountUnlink(link) });
        }
        let title = if links { LINKED } else { UNLINKED };
        let listed = asked.iter().map(ToString::to_string).map(Value::Text).collect();
        let clock = known.contact(own).map_or(0, |contact| contact.version);
        let request = ExternalId::new("account-link", format!("{own}.{clock}.{account}.{links}"));
        let entry = self.key().entry(&request);
        if let Some(contact) = known.edit_contact(own) {
            contact.happened(EntryKind::Activity, now);
        }
        known.note(Entry {
            id: entry,
            contact: own,
            at: now,
            recorded: now,
            kind: EntryKind::Activity,
            source: by.clone(),
            channel: None,
            direction: None,
            conversation: None,
            title: title.into(),
            summary: row.name.clone(),
            properties: [
                ("account".to_owned(), Value::Text(account.to_string())),
                ("contacts".to_owned(), Value::List(listed)),
            ]
            .into(),
            has_body: false,
        });
        known.tell(Change::AccountLinked { profile, account, linked: links });
        known.tell(Change::EntryAdded { profile, contact: own, entry, kind: EntryKind::Activity });
        self.store().commit(known.into_change_set(now)).await?;
        Ok(entry)
    }
}

fn invalid(what: &str, why: &str) -> EngineError {
    EngineError::Invalid { what: what.into(), why: why.into() }
}

fn fits(account: &Account, wanted: &[String]) -> bool {
    let domain = account.properties.get("domain").map(ToString::to_string).unwrap_or_default();
    let text = format!("{} {domain} {}", account.name, account.external).to_lowercase();
    let mut words = text.split(|c: char| c.is_whitespace() || "-_/.@,".contains(c));
    let words: Vec<&str> = words.by_ref().chain([domain.as_str()]).collect();
    wanted.iter().all(|start| words.iter().any(|word| word.starts_with(start.as_str())))
}

fn apply(account: &mut Account, patch: &AccountPatch) -> Result<(), EngineError> {
    let mut by_hand: BTreeSet<String> = account.by_hand().map(str::to_owned).collect();
    if let Some(name) = &patch.name {
        let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
        if name.is_empty() {
            return Err(invalid("name", "say what it is called"));
        }
        if name.chars().count() > NAME_LEN {
            return Err(invalid("name", "it is longer than 200 characters"));
        }
        if name != account.name {
            account.name = name;
            by_hand.insert("name".into());
        }
    }
    for (property, value) in &patch.properties {
        let is_plain = !property.is_empty() && property.chars().count() <= 64 && !property.starts_with('_');
        if !is_plain {
            return Err(invalid(
                property,
                "a property has a name of 1 to 64 characters that begins with no `_`",
            ));
        }
        if account.properties.get(property) == value.as_ref() {
            continue;
        }
        match value {
            Some(value) => _ = account.properties.insert(property.clone(), value.clone()),
            None => _ = account.properties.remove(property),
        }
        by_hand.insert(property.clone());
    }
    if account.properties.len() > MOST_PROPERTIES {
        return Err(invalid("properties", "an account has at most 200 properties"));
    }
    account.set_by_hand(by_hand);
    Ok(())
}
