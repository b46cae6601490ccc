//! People who work here: one document each, by login name.

use serde::{Deserialize, Serialize};
use whom_core::{
    model::Timestamp,
    store::{DocumentKind, SharedStore, StoreError},
};

use crate::documents::{self, Fate, Stored};

use super::{PasswordError, Principal, Role, password};

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

/// Why a person is not added or changed.
#[derive(Debug, thiserror::Error)]
pub enum PersonError {
    /// The login name is none.
    #[error("a login name has 1 to 120 characters without blanks, such as an e-mail address")]
    Login,
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
    let login = fold_login(&new.login)?;
    owners_only(by, new.role)?;
    let password = match &new.password {
        Some(text) => Some(password::hash(text).await?),
        None => None,
    };
    let name = new.name.filter(|name| !name.trim().is_empty()).unwrap_or_else(|| login.clone());
    let person = Person { login, name, role: new.role, password, disabled: false, created: now };
    documents::change(store, &person.login, now, |known: Option<Person>| match known {
        Some(_) => (Fate::Keep, Err(PersonError::Taken)),
        None => (Fate::Put(person.clone()), Ok(person.clone())),
    })
    .await?
}

/// Changes somebody. What ends their rights ends their sessions; that is the caller's next step.
pub(crate) async fn edit(
    store: &SharedStore,
    login: &str,
    edit: PersonEdit,
    by: &Principal,
    now: Timestamp,
) -> Result<Person, PersonError> {
    let hash = match &edit.password {
        Some(text) => Some(password::hash(text).await?),
        None => None,
    };
    let unmakes_owner = edit.role.is_some_and(|role| role != Role::Owner) || edit.disabled == Some(true);
    let other_owner = unmakes_owner && has_other_owner(store, login).await?;
    documents::change(store, login, now, |known: Option<Person>| {
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
