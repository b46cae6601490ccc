//! People who work here: one document each, by login name.

use serde::{Deserialize, Serialize};
use whom_core::{
    model::Timestamp,
    store::{DocumentKind, SharedStore, StoreError},
};

use crate::{
    audit::{Deed, Who},
    documents::{self, Fate, Stored},
};

use super::{PasswordError, Principal, Role, password};

/// The longest name of somebody who works here, in characters.
pub(crate) const LONGEST_NAME: usize = 80;

/// Held while owners are made and unmade, so that two cannot unmake each other at the same moment.
static OWNERS: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

/// Somebody who works here.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Person {
    /// Their login name: lower case, often their e-mail address.
    pub login: String,
    /// What to call them.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// The hash of their password; without one they sign in by a link.
    password: Option<String>,
    /// Whether they may no longer sign in.
    pub disabled: bool,
    /// When they were added.
    pub created: Timestamp,
    /// The language and country in whose way dates and numbers are written, such as `de-DE`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    /// The time zone in which moments are said, such as `Europe/Berlin`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
}

impl Stored for Person {
    const KIND: DocumentKind = DocumentKind::Person;
    const FEED: Option<&'static str> = Some("person");
}

/// Somebody to be added.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewPerson {
    /// Their login name.
    pub login: String,
    /// What to call them; the login name where it is not said.
    #[serde(default)]
    pub name: Option<String>,
    /// What they may do.
    pub role: Role,
    /// Their first password, if any.
    #[serde(default)]
    pub password: Option<String>,
}

/// What changes about somebody.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct PersonEdit {
    /// What to call them.
    pub(crate) name: Option<String>,
    /// What they may do.
    pub(crate) role: Option<Role>,
    /// Whether they may no longer sign in.
    pub(crate) disabled: Option<bool>,
    /// A new password.
    pub(crate) password: Option<String>,
}

impl PersonEdit {
    /// What changes, for the audit log.
    fn named(&self) -> Vec<String> {
        let role = self.role.map(|role| format!("role:{}", role.as_str()));
        let disabled = self.disabled.map(|disabled| format!("disabled:{disabled}"));
        let rest = [("name", self.name.is_some()), ("password", self.password.is_some())];
        let rest = rest.into_iter().filter(|(_, is)| *is).map(|(what, _)| format!("field:{what}"));
        role.into_iter().chain(disabled).chain(rest).collect()
    }
}

/// Why a person is not added or changed.
#[derive(Debug, thiserror::Error)]
pub enum PersonError {
    /// The login name is none.
    #[error("a login name has 1 to 120 characters without blanks, such as an e-mail address")]
    Login,
    /// Nothing can be sent there.
    #[error("give an e-mail address such as ana@example.org: the invitation is for it")]
    Address,
    /// The name is none.
    #[error("a name has 1 to {LONGEST_NAME} characters on one line")]
    Name,
    /// The time zone is none.
    #[error("there is no such time zone: give one such as Europe/Berlin")]
    Zone,
    /// The locale is none.
    #[error("give a language and country such as de-DE")]
    Locale,
    /// The password that is to be replaced is another.
    #[error("this is not your password")]
    WrongPassword,
    /// The login name is taken.
    #[error("somebody with this login name is there already: change them instead")]
    Taken,
    /// There is nobody of that name.
    #[error("nobody has this login name")]
    Nobody,
    /// Only an owner may do that.
    #[error("only an owner makes, changes or unmakes an owner")]
    OwnersOnly,
    /// Nobody would be left to put things right.
    #[error("this is the last owner: make somebody else an owner first")]
    LastOwner,
    /// The password is not taken.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Person {
    /// Whoever asks, when it is them.
    pub(crate) fn principal(&self) -> Principal {
        Principal::Person { login: self.login.clone(), name: self.name.clone(), role: self.role }
    }

    /// Whether this is their password. Takes as long when they have none.
    pub(crate) async fn has_password(person: Option<&Person>, given: &str) -> bool {
        let usable = person.filter(|person| !person.disabled);
        password::verify(given, usable.and_then(|person| person.password.as_deref())).await
    }

    /// Whether they have a password at all.
    pub(crate) fn signs_in_by_password(&self) -> bool {
        self.password.is_some()
    }
}

/// The login name as it is kept.
pub(crate) fn fold_login(login: &str) -> Result<String, PersonError> {
    let folded = login.trim().to_lowercase();
    let is_one = (1..=120).contains(&folded.chars().count())
        && !folded.chars().any(|c| c.is_whitespace() || c.is_control());
    is_one.then_some(folded).ok_or(PersonError::Login)
}

/// The person with this login name.
pub(crate) async fn get(store: &SharedStore, login: &str) -> Result<Option<Person>, StoreError> {
    documents::get(store, login).await
}

/// Everybody after `after`, by login name.
pub(crate) async fn list(
    store: &SharedStore,
    after: Option<&str>,
    limit: usize,
) -> Result<Vec<Person>, StoreError> {
    Ok(documents::list(store, after, limit).await?.into_iter().map(|(_, person)| person).collect())
}

/// Adds somebody.
pub(crate) async fn add(
    store: &SharedStore,
    new: NewPerson,
    by: &Principal,
    now: Timestamp,
) -> Result<Person, PersonError> {
    owners_only(by, new.role)?;
    let password = match &new.password {
        Some(text) => Some(password::hash(text).await?),
        None => None,
    };
    let deed = Deed::new(by, "person_added").on("person", fold_login(&new.login)?);
    let deed = deed.on("role", new.role.as_str());
    add_with(store, new, password, &deed, now).await
}

/// Adds somebody whose password is hashed already.
pub(super) async fn add_with(
    store: &SharedStore,
    new: NewPerson,
    password: Option<String>,
    deed: &Deed,
    now: Timestamp,
) -> Result<Person, PersonError> {
    let login = fold_login(&new.login)?;
    let name = new.name.filter(|name| !name.trim().is_empty()).unwrap_or_else(|| login.clone());
    let role = new.role;
    let person =
        Person { login, name, role, password, disabled: false, created: now, locale: None, zone: None };
    documents::change_noting(store, &person.login, now, Some(deed), |known: Option<Person>| match known {
        Some(_) => (Fate::Keep, Err(PersonError::Taken)),
        None => (Fate::Put(person.clone()), Ok(person.clone())),
    })
    .await?
}

/// Gives somebody another password. What that ends is the caller's next step.
pub(super) async fn set_password(
    store: &SharedStore,
    login: &str,
    hash: String,
    deed: &Deed,
    now: Timestamp,
) -> Result<Option<Person>, StoreError> {
    documents::change_noting(store, login, now, Some(deed), |known: Option<Person>| match known {
        Some(mut person) if !person.disabled => {
            person.password = Some(hash.clone());
            (Fate::Put(person.clone()), Some(person))
        }
        _ => (Fate::Keep, None),
    })
    .await
}

/// Refuses a name that is none; an empty one says that it stays as it is.
pub(crate) fn check_name(name: &str) -> Result<(), PersonError> {
    let name = name.trim();
    let is_one = name.chars().count() <= LONGEST_NAME && !name.chars().any(char::is_control);
    if is_one { Ok(()) } else { Err(PersonError::Name) }
}

/// Changes somebody. What ends their rights ends their sessions; that is the caller's next step.
pub(crate) async fn edit(
    store: &SharedStore,
    login: &str,
    edit: PersonEdit,
    by: &Principal,
    now: Timestamp,
) -> Result<Person, PersonError> {
    if let Some(name) = &edit.name {
        check_name(name)?;
    }
    let hash = match &edit.password {
        Some(text) => Some(password::hash(text).await?),
        None => None,
    };
    let unmakes_owner = edit.role.is_some_and(|role| role != Role::Owner) || edit.disabled == Some(true);
    let _turn = OWNERS.lock().await;
    let other_owner = unmakes_owner && has_other_owner(store, login).await?;
    let deed = Deed::new(by, "person_changed").on("person", login).on_all(edit.named());
    documents::change_noting(store, login, now, Some(&deed), |known: Option<Person>| {
        let Some(mut person) = known else { return (Fate::Keep, Err(PersonError::Nobody)) };
        let rights = [Some(person.role), edit.role].into_iter().flatten().max().unwrap_or(person.role);
        if let Err(error) = owners_only(by, rights) {
            return (Fate::Keep, Err(error));
        }
        if person.role == Role::Owner && unmakes_owner && !other_owner {
            return (Fate::Keep, Err(PersonError::LastOwner));
        }
        if let Some(name) = edit.name.as_deref().map(str::trim).filter(|name| !name.is_empty()) {
            person.name = name.to_owned();
        }
        person.role = edit.role.unwrap_or(person.role);
        person.disabled = edit.disabled.unwrap_or(person.disabled);
        person.password = hash.clone().or(person.password);
        (Fate::Put(person.clone()), Ok(person))
    })
    .await?
}

/// What somebody changes about themselves.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct OwnEdit {
    /// What to call them.
    pub(crate) name: Option<String>,
    /// How dates and numbers are written; empty for the usual way.
    pub(crate) locale: Option<String>,
    /// The time zone; empty for the browser's.
    pub(crate) zone: Option<String>,
}

/// Changes what somebody may change about themselves.
pub(crate) async fn edit_own(
    store: &SharedStore,
    login: &str,
    edit: OwnEdit,
    now: Timestamp,
) -> Result<Person, PersonError> {
    let given = |text: &Option<String>| text.as_deref().map(|text| text.trim().to_owned());
    let (name, locale, zone) = (given(&edit.name), given(&edit.locale), given(&edit.zone));
    if let Some(name) = &name {
        if name.is_empty() {
            return Err(PersonError::Name);
        }
        check_name(name)?;
    }
    if zone.as_ref().is_some_and(|zone| !zone.is_empty() && jiff::tz::TimeZone::get(zone).is_err()) {
        return Err(PersonError::Zone);
    }
    if locale.as_ref().is_some_and(|locale| !locale.is_empty() && !is_locale(locale)) {
        return Err(PersonError::Locale);
    }
    let deed = Deed::new(Who::Person(login.to_owned()), "own_settings_changed").on("person", login);
    documents::change_noting(store, login, now, Some(&deed), |known: Option<Person>| {
        let Some(mut person) = known else { return (Fate::Keep, Err(PersonError::Nobody)) };
        person.name = name.clone().unwrap_or(person.name);
        let set = |slot: &mut Option<String>, given: &Option<String>| {
            if let Some(given) = given {
                *slot = Some(given.clone()).filter(|text| !text.is_empty());
            }
        };
        set(&mut person.locale, &locale);
        set(&mut person.zone, &zone);
        (Fate::Put(person.clone()), Ok(person))
    })
    .await?
}

/// `de`, `de-DE`, `zh-Hans-CN`.
fn is_locale(text: &str) -> bool {
    text.len() <= 35
        && text
            .split('-')
            .all(|part| (1..=8).contains(&part.len()) && part.chars().all(|c| c.is_ascii_alphanumeric()))
        && text.split('-').next().is_some_and(|language| (2..=3).contains(&language.len()))
}

/// Replaces somebody's own password; all their other sessions end.
pub(crate) async fn change_own_password(
    store: &SharedStore,
    login: &str,
    old: &str,
    new: &str,
    session: Option<&str>,
    now: Timestamp,
) -> Result<(), PersonError> {
    let person = get(store, login).await?.ok_or(PersonError::Nobody)?;
    // Whoever has none yet came in by a link, which proved as much as a password does.
    if person.signs_in_by_password() && !Person::has_password(Some(&person), old).await {
        return Err(PersonError::WrongPassword);
    }
    let hash = password::hash(new).await?;
    let deed = Deed::new(Who::Person(login.to_owned()), "password_changed").on("person", login);
    set_password(store, login, hash, &deed, now).await?;
    super::sessions::end_all_of(store, login, session, None, now).await?;
    super::invitations::end_open(store, login, 0, now).await?;
    Ok(())
}

/// Refuses whoever is no owner where an owner is concerned.
pub(crate) fn owners_only(by: &Principal, role: Role) -> Result<(), PersonError> {
    let is_owner = match by {
        Principal::Local => true,
        Principal::Person { role, .. } => *role == Role::Owner,
        Principal::Token { .. } => false,
    };
    if role == Role::Owner && !is_owner { Err(PersonError::OwnersOnly) } else { Ok(()) }
}

async fn has_other_owner(store: &SharedStore, login: &str) -> Result<bool, StoreError> {
    let mut after: Option<String> = None;
    loop {
        let page = list(store, after.as_deref(), 200).await?;
        let is_owner = |person: &Person| person.role == Role::Owner && !person.disabled;
        if page.iter().any(|person| person.login != login && is_owner(person)) {
            return Ok(true);
        }
        match page.last() {
            Some(last) if page.len() == 200 => after = Some(last.login.clone()),
            _ => return Ok(false),
        }
    }
}
