//! Who asks, and what they may do.
//!
//! Every route names the permission it takes ([`crate::routes`]); a guard finds out who it is and
//! refuses before the handler runs. There is no way around it inside a handler.

mod permission;
mod principal;

pub(crate) mod keys;
mod password;
pub(crate) mod people;

mod names;

mod device;
pub(crate) mod sessions;

pub(crate) mod invitations;
pub(crate) mod letters;

pub(crate) mod second_factor;
mod terms;
mod totp;

mod authenticate;
mod guard;

pub(crate) mod login;
mod login_limits;
mod origin;

#[cfg(test)]
mod entry_tests;
#[cfg(test)]
mod tests;

pub use keys::{ApiKey, KeyKind, MintedKey, Scope};
pub use password::PasswordError;
pub use people::{NewPerson, Person, PersonError};
pub use permission::{Permission, Role};
pub use principal::Principal;
pub use sessions::LoginLink;

pub(crate) use authenticate::{OwnSession, Peer, Preferences, authorization, basic_user, who_asks};
pub(crate) use guard::{Guard, guard, is_still_known};
pub(crate) use login_limits::LoginAttempts;
pub(crate) use names::{KnownNames, Names};
pub(crate) use password::SHORTEST as SHORTEST_PASSWORD;
pub(crate) use principal::LocalCaller;
pub(crate) use terms::{AUDIT_DAYS, SecurityTerms};

/// The code that the app of somebody shows now.
#[cfg(test)]
pub(crate) async fn totp_code(state: &crate::AppState, login: &str) -> String {
    totp::code_at(&second_factor::secret_of(state.store(), login).await, state.now())
}
