//! Passwords: argon2id with the parameters of the OWASP cheat sheet (19 MiB, two passes).

use std::sync::LazyLock;

use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use tokio::sync::Semaphore;

/// The shortest password that is taken, in characters.
pub(crate) const SHORTEST: usize = 10;
/// The longest password that is read, in bytes: more would only cost time.
pub(crate) const LONGEST: usize = 1024;

/// Two at a time: each takes 19 MiB and tens of milliseconds of a core.
static AT_ONCE: Semaphore = Semaphore::const_new(2);

/// What a wrong account is checked against, so that it takes as long as a wrong password.
static NOBODY: LazyLock<String> = LazyLock::new(|| hash_now("nobody has this password").unwrap_or_default());

/// Why a password is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// It is too short.
    #[error("a password has at least {SHORTEST} characters")]
    Short,
    /// It is too long.
    #[error("a password has at most {LONGEST} bytes")]
    Long,
    /// Hashing it failed.
    #[error("the password could not be hashed")]
    Hash,
}

/// Hashes a new password.
pub(crate) async fn hash(password: &str) -> Result<String, PasswordError> {
    if password.chars().count() < SHORTEST {
        return Err(PasswordError::Short);
    }
    if password.len() > LONGEST {
        return Err(PasswordError::Long);
    }
    let password = password.to_owned();
    aside(move || hash_now(&password)).await.flatten().ok_or(PasswordError::Hash)
}

/// Whether `password` is the one that was hashed; takes as long where there is none.
pub(crate) async fn verify(password: &str, hash: Option<&str>) -> bool {
    if password.len() > LONGEST {
        return false;
    }
    let (password, hash) = (password.to_owned(), hash.map(str::to_owned));
    aside(move || {
        let is_somebody = hash.is_some();
        let hash = hash.unwrap_or_else(|| NOBODY.clone());
        let Ok(parsed) = PasswordHash::new(&hash) else { return false };
        let is_right = Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok();
        is_right && is_somebody
    })
    .await
    .unwrap_or(false)
}

fn hash_now(password: &str) -> Option<String> {
    Argon2::default().hash_password(password.as_bytes()).ok().map(|hash| hash.to_string())
}

/// Runs slow work away from the threads that answer requests.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    let _turn = AT_ONCE.acquire().await.ok()?;
    tokio::task::spawn_blocking(work).await.ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_is_known_again_and_no_other() {
        let hash = hash("correct horse battery").await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(verify("correct horse battery", Some(&hash)).await);
        assert!(!verify("correct horse batter", Some(&hash)).await);
        assert!(!verify("nobody has this password", None).await);
    }

    #[tokio::test]
    async fn a_short_password_is_refused() {
        assert_eq!(hash("123456789").await, Err(PasswordError::Short));
    }
}
