//! Invitations to work here, and links to set a new password: secrets whose hashes are documents.
//!
//! Looking at a link does not use it up, so that a mail scanner that opens it harms nobody; setting the
//! password does.

use serde::{Deserialize, Serialize};
use whom_core::{
    model::Timestamp,
    store::{DocumentKind, SharedStore, StoreError},
};

use crate::{
    audit::{Deed, Who},
    documents::{self, Fate, Stored},
    secret::Secret,
};

use super::{NewPerson, Person, PersonError, Principal, Role, people, sessions};

/// How long an invitation works.
const INVITED: i64 = 7 * 24 * 3_600_000;
/// How long a link to set a new password works.
const RESET: i64 = 24 * 3_600_000;
/// How long such a link works that somebody asked for without being known.
const RESET_ASKED: i64 = 3_600_000;
/// The most links that are open for one person; older ones are over when another is made.
const MOST_RESETS: usize = 3;

/// A way in for somebody who has no password, or not any more.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Invitation {
    /// What it is for.
    #[serde(flatten)]
    pub(crate) purpose: Purpose,
    hash: String,
    /// When it was made.
    pub(crate) created: Timestamp,
    /// Who made it: a login name, or what else asked.
    pub(crate) created_by: String,
    /// Until when it works.
    pub(crate) ends: Timestamp,
}

/// What a link is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "purpose", rename_all = "snake_case")]
pub(crate) enum Purpose {
    /// Somebody is to work here.
    Join {
        /// Their login name, which is the address they were invited by.
        login: String,
        /// What to call them, where whoever invited knew.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<String>,
        /// What they may do.
        role: Role,
    },
    /// Somebody who works here sets a new password.
    Reset {
        /// Their login name.
        login: String,
    },
}

impl Stored for Invitation {
    const KIND: DocumentKind = DocumentKind::Invitation;
    const FEED: Option<&'static str> = Some("invitation");
}

/// Somebody to be invited.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewInvitation {
    /// The e-mail address, which becomes the login name.
    pub(crate) email: String,
    /// What they may do.
    pub(crate) role: Role,
    /// What to call them, if it is known.
    #[serde(default)]
    pub(crate) name: Option<String>,
}

/// A link that was just made; its path is shown this once.
#[derive(Clone, Debug)]
pub(crate) struct MadeLink {
    pub(crate) id: String,
    pub(crate) invitation: Invitation,
    pub(crate) path: String,
}

impl Invitation {
    /// Whose it is.
    pub(crate) fn login(&self) -> &str {
        match &self.purpose {
            Purpose::Join { login, .. } | Purpose::Reset { login } => login,
        }
    }

    fn is_good(&self, secret: &Secret, now: Timestamp) -> bool {
        secret.hash().is(&self.hash) && self.ends > now
    }
}

/// Invites somebody.
pub(crate) async fn invite(
    store: &SharedStore,
    new: NewInvitation,
    by: &Principal,
    now: Timestamp,
) -> Result<MadeLink, PersonError> {
    let login = people::fold_login(&new.email)?;
    if !is_address(&login) {
        return Err(PersonError::Address);
    }
    people::owners_only(by, new.role)?;
    if people::get(store, &login).await?.is_some() {
        return Err(PersonError::Taken);
    }
    let name = new.name.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
    if name.as_ref().is_some_and(|name| name.chars().count() > people::LONGEST_NAME) {
        return Err(PersonError::Name);
    }
    // One invitation at a time: whoever is invited again has lost the first link.
    end_open(store, &login, 0, now).await?;
    let deed = Deed::new(by, "person_invited").on("person", &login).on("role", new.role.as_str());
    let purpose = Purpose::Join { login, name, role: new.role };
    Ok(make(store, purpose, INVITED, &deed, by.source().name(), now).await?)
}

/// Makes a link with which somebody sets a new password.
pub(crate) async fn reset(
    store: &SharedStore,
    person: &Person,
    by: &Principal,
    now: Timestamp,
) -> Result<MadeLink, PersonError> {
    people::owners_only(by, person.role)?;
    end_open(store, &person.login, MOST_RESETS - 1, now).await?;
    let deed = Deed::new(by, "reset_link_made").on("person", &person.login);
    let purpose = Purpose::Reset { login: person.login.clone() };
    Ok(make(store, purpose, RESET, &deed, by.source().name(), now).await?)
}

/// Makes such a link for whoever asked for it without being known. It must only ever go to their mailbox.
pub(super) async fn reset_asked(
    store: &SharedStore,
    person: &Person,
    now: Timestamp,
) -> Result<MadeLink, StoreError> {
    end_open(store, &person.login, MOST_RESETS - 1, now).await?;
    let deed = Deed::new(Who::House, "reset_asked").on("person", &person.login).by_way_of("page");
    let purpose = Purpose::Reset { login: person.login.clone() };
    make(store, purpose, RESET_ASKED, &deed, "themselves", now).await
}

async fn make(
    store: &SharedStore,
    purpose: Purpose,
    life: i64,
    deed: &Deed,
    by: &str,
    now: Timestamp,
) -> Result<MadeLink, StoreError> {
    let secret = Secret::draw("");
    let invitation = Invitation {
        purpose,
        hash: secret.hash().to_hex(),
        created: now,
        created_by: by.to_owned(),
        ends: Timestamp::from_millis(now.as_millis() + life),
    };
    let id = secret.hash().short();
    let made = invitation.clone();
    documents::change_noting(store, &id, now, Some(deed), move |_: Option<Invitation>| {
        (Fate::Put(made.clone()), ())
    })
    .await?;
    Ok(MadeLink { id, invitation, path: format!("/invitation?token={}", secret.reveal()) })
}

/// The links that are open, by id.
pub(crate) async fn list(
    store: &SharedStore,
    after: Option<&str>,
    limit: usize,
    now: Timestamp,
) -> Result<(Vec<(String, Invitation)>, Option<String>), StoreError> {
    let found = documents::list::<Invitation>(store, after, limit).await?;
    let next = if found.len() == limit { found.last().map(|(id, _)| id.clone()) } else { None };
    Ok((found.into_iter().filter(|(_, invitation)| invitation.ends > now).collect(), next))
}

/// Takes a link back; gives whose it was.
pub(crate) async fn revoke(
    store: &SharedStore,
    id: &str,
    by: &Principal,
    now: Timestamp,
) -> Result<Option<Invitation>, PersonError> {
    let Some(known) = documents::get::<Invitation>(store, id).await? else { return Ok(None) };
    if let Purpose::Join { role, .. } = known.purpose {
        people::owners_only(by, role)?;
    }
    let deed = Deed::new(by, "invitation_revoked").on("person", known.login());
    let revoked = documents::change_noting(store, id, now, Some(&deed), |known: Option<Invitation>| {
        if known.is_some() { (Fate::Remove, known) } else { (Fate::Keep, None) }
    });
    Ok(revoked.await?)
}

/// The link that somebody presents, while it is good.
pub(crate) async fn find(
    store: &SharedStore,
    secret: &Secret,
    now: Timestamp,
) -> Result<Option<Invitation>, StoreError> {
    let found = documents::get::<Invitation>(store, &secret.hash().short()).await?;
    Ok(found.filter(|invitation| invitation.is_good(secret, now)))
}

/// Uses a link up: whoever holds it has this password now. Of two at the same moment one alone succeeds.
pub(crate) async fn take(
    store: &SharedStore,
    secret: &Secret,
    name: &str,
    password: &str,
    now: Timestamp,
) -> Result<Option<Person>, PersonError> {
    let Some(invitation) = find(store, secret, now).await? else { return Ok(None) };
    // What is wrong with the password or the name leaves the link as it is.
    let hash = super::password::hash(password).await?;
    people::check_name(name)?;
    let id = secret.hash().short();
    let taken = documents::change(store, &id, now, |known: Option<Invitation>| match known {
        Some(known) if known.is_good(secret, now) => (Fate::Remove, true),
        _ => (Fate::Keep, false),
    });
    if !taken.await? {
        return Ok(None);
    }
    match invitation.purpose {
        Purpose::Join { login, name: known_as, role } => {
            let name = Some(name.trim()).filter(|name| !name.is_empty()).map(str::to_owned).or(known_as);
            let deed = Deed::new(Who::Person(login.clone()), "invitation_taken").on("person", &login);
            let new = NewPerson { login, name, role, password: None };
            people::add_with(store, new, Some(hash), &deed.by_way_of("page"), now).await.map(Some)
        }
        Purpose::Reset { login } => {
            let deed = Deed::new(Who::Person(login.clone()), "password_reset").on("person", &login);
            let person = people::set_password(store, &login, hash, &deed.by_way_of("page"), now).await?;
            // Whoever knew the old password is out, and so is whoever still holds another link.
            sessions::end_all_of(store, &login, None, None, now).await?;
            end_open(store, &login, 0, now).await?;
            Ok(person)
        }
    }
}

/// Ends the open links of somebody but the latest `keep`.
pub(crate) async fn end_open(
    store: &SharedStore,
    login: &str,
    keep: usize,
    now: Timestamp,
) -> Result<(), StoreError> {
    const PAGE: usize = 500;
    let mut open = Vec::new();
    let mut after: Option<String> = None;
    loop {
        let page = documents::list::<Invitation>(store, after.as_deref(), PAGE).await?;
        let was_last = page.len() < PAGE;
        after = page.last().map(|(id, _)| id.clone());
        open.extend(page.into_iter().filter(|(_, known)| known.login() == login));
        if was_last {
            break;
        }
    }
    open.sort_by_key(|(_, known)| std::cmp::Reverse(known.created));
    for (id, _) in open.iter().skip(keep) {
        documents::change(store, id, now, |_: Option<Invitation>| (Fate::Remove, ())).await?;
    }
    Ok(())
}

/// Takes away links whose time is over.
pub(crate) async fn sweep(store: &SharedStore, now: Timestamp) -> Result<usize, StoreError> {
    documents::sweep::<Invitation>(store, now, |invitation| invitation.ends <= now).await
}

/// Whether mail can go to it, as far as its form says.
fn is_address(login: &str) -> bool {
    login
        .split_once('@')
        .is_some_and(|(name, host)| !name.is_empty() && host.contains('.') && !host.contains('@'))
}
