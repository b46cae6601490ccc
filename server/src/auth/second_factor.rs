//! The second factor of somebody: a secret shared with an app that shows codes, and codes for the day it is lost.
//!
//! It is a document of its own, apart from the person, and no answer of the API holds it; the secret is
//! shown once, while it is being set up and counts for nothing yet.

use serde::{Deserialize, Serialize};
use whom_core::{
    model::Timestamp,
    store::{DocumentKind, SharedStore, StoreError},
};

use crate::{
    audit::{Deed, Who},
    documents::{self, Fate, Stored},
    secret::{self, Secret},
};

use super::{Principal, totp};

/// How many recovery codes there are.
const RECOVERY_CODES: usize = 10;
/// How long a secret may be set up, in milliseconds.
const SET_UP: i64 = 15 * 60_000;

/// The second factor of somebody, as it is kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct SecondFactor {
    secret: String,
    /// When it was drawn.
    #[serde(default)]
    begun: Timestamp,
    /// When a first code proved that the app knows the secret; before that it counts for nothing.
    confirmed: Option<Timestamp>,
    /// The step of the last code that was taken: it and those before are over.
    last_step: i64,
    /// Hashes of the recovery codes that are left.
    recovery: Vec<String>,
}

impl Stored for SecondFactor {
    const KIND: DocumentKind = DocumentKind::Setting;
}

fn id_of(login: &str) -> String {
    format!("second-factor/{login}")
}

/// A secret to be put into an app.
#[derive(Clone, Debug)]
pub(crate) struct SetUp {
    /// The secret in letters, for whoever types it.
    pub(crate) secret: String,
    /// The address that a picture of squares holds.
    pub(crate) address: String,
}

/// Where somebody stands with it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct SecondFactorState {
    /// Since when signing in takes a code; nothing where it does not.
    pub(crate) since: Option<Timestamp>,
    /// How many recovery codes are left.
    pub(crate) recovery_codes: usize,
}

/// What a code was good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Taken {
    /// The app's code of this moment.
    Code,
    /// One of the recovery codes, which is used up now.
    RecoveryCode,
}

/// Where somebody stands with it.
pub(crate) async fn state(store: &SharedStore, login: &str) -> Result<SecondFactorState, StoreError> {
    let known = documents::get::<SecondFactor>(store, &id_of(login)).await?;
    let known = known.filter(|known| known.confirmed.is_some());
    Ok(known.map_or_else(SecondFactorState::default, |known| SecondFactorState {
        since: known.confirmed,
        recovery_codes: known.recovery.len(),
    }))
}

/// Draws a secret to be set up; nothing where there is a second factor already.
///
/// One that was begun a moment ago goes on, so that a wrong code does not change the picture. One from longer ago
/// is drawn anew: whoever sat at this screen then may have kept it.
pub(crate) async fn begin(
    store: &SharedStore,
    login: &str,
    house: &str,
    now: Timestamp,
) -> Result<Option<SetUp>, StoreError> {
    let drawn = totp::to_base32(&secret::random::<20>());
    let secret = documents::change(store, &id_of(login), now, |known: Option<SecondFactor>| match known {
        Some(known) if known.confirmed.is_some() => (Fate::Keep, None),
        Some(known) if now.as_millis() - known.begun.as_millis() < SET_UP => (Fate::Keep, Some(known.secret)),
        _ => {
            let fresh = SecondFactor {
                secret: drawn.clone(),
                begun: now,
                confirmed: None,
                last_step: 0,
                recovery: Vec::new(),
            };
            (Fate::Put(fresh), Some(drawn.clone()))
        }
    })
    .await?;
    Ok(secret.map(|secret| {
        let (house, login) = (escaped(house), escaped(login));
        let address = format!("otpauth://totp/{house}:{login}?secret={secret}&issuer={house}");
        SetUp { secret, address }
    }))
}

/// Proves with a first code that the app knows the secret. Gives the recovery codes, this once.
pub(crate) async fn confirm(
    store: &SharedStore,
    login: &str,
    given: &str,
    now: Timestamp,
) -> Result<Option<Vec<Secret>>, StoreError> {
    let codes: Vec<Secret> = (0..RECOVERY_CODES).map(|_| draw_recovery_code()).collect();
    let deed = Deed::new(Who::Person(login.to_owned()), "second_factor_set").on("person", login);
    let is_right =
        documents::change_noting(store, &id_of(login), now, Some(&deed), |known: Option<SecondFactor>| {
            let Some(mut known) = known.filter(|known| known.confirmed.is_none()) else {
                return (Fate::Keep, false);
            };
            let Some(step) = known.step_of(given, now) else { return (Fate::Keep, false) };
            known.confirmed = Some(now);
            known.last_step = step;
            known.recovery = codes.iter().map(|code| code.hash().to_hex()).collect();
            (Fate::Put(known), true)
        })
        .await?;
    Ok(is_right.then_some(codes))
}

/// Takes a code of the app or a recovery code; each is good once.
pub(crate) async fn take(
    store: &SharedStore,
    login: &str,
    given: &str,
    now: Timestamp,
) -> Result<Option<Taken>, StoreError> {
    let recovery = Secret::given(&folded(given)).hash();
    documents::change(store, &id_of(login), now, |known: Option<SecondFactor>| {
        let Some(mut known) = known.filter(|known| known.confirmed.is_some()) else {
            return (Fate::Keep, None);
        };
        if let Some(step) = known.step_of(given, now) {
            known.last_step = step;
            return (Fate::Put(known), Some(Taken::Code));
        }
        match known.recovery.iter().position(|hash| recovery.is(hash)) {
            Some(place) => {
                known.recovery.remove(place);
                (Fate::Put(known), Some(Taken::RecoveryCode))
            }
            None => (Fate::Keep, None),
        }
    })
    .await
}

/// Takes the second factor away; says whether there was one.
pub(crate) async fn remove(
    store: &SharedStore,
    login: &str,
    by: &Principal,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let deed = Deed::new(by, "second_factor_removed").on("person", login);
    documents::change_noting(store, &id_of(login), now, Some(&deed), |known: Option<SecondFactor>| {
        (Fate::Remove, known.is_some_and(|known| known.confirmed.is_some()))
    })
    .await
}

impl SecondFactor {
    fn step_of(&self, given: &str, now: Timestamp) -> Option<i64> {
        totp::check(&totp::from_base32(&self.secret)?, given, self.last_step, now)
    }
}

/// Sixteen letters in four groups: 80 bits, so that their hashes tell whoever steals them nothing.
fn draw_recovery_code() -> Secret {
    Secret::given(&grouped(&totp::to_base32(&secret::random::<10>())))
}

/// A recovery code as somebody types it, in the form in which it was shown.
fn folded(given: &str) -> String {
    let letters: String = given.chars().filter(char::is_ascii_alphanumeric).take(32).collect();
    grouped(&letters)
}

fn grouped(letters: &str) -> String {
    let letters: Vec<char> = letters.to_lowercase().chars().collect();
    letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

/// A text as it may stand in an address.
fn escaped(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'@' => {
                char::from(byte).to_string()
            }
            other => format!("%{other:02X}"),
        })
        .collect()
}

/// The secret of somebody's second factor, for tests.
#[cfg(test)]
pub(crate) async fn secret_of(store: &SharedStore, login: &str) -> String {
    documents::get::<SecondFactor>(store, &id_of(login)).await.unwrap().unwrap().secret
}
