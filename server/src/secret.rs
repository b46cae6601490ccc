//! Secrets: drawn from the machine's entropy, shown once, kept only as a hash.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use subtle::ConstantTimeEq;

/// A secret that is about to be handed to whoever asked for it. It is never logged and never stored.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

impl Secret {
    /// Draws 32 random bytes, written in 43 letters behind `prefix`.
    pub fn draw(prefix: &str) -> Self {
        let bytes: [u8; 32] = random();
        Self(format!("{prefix}{}", URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// Takes a secret that somebody presented.
    pub fn given(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The secret itself, for the one answer that shows it.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is kept of it.
    pub fn hash(&self) -> SecretHash {
        // Fast on purpose: 256 random bits need no slow hash; passwords go through `auth::password`.
        SecretHash(blake3::derive_key("whom 2026 secret at rest", self.0.as_bytes()))
    }
}

/// The hash of a secret; two are compared in constant time.
#[derive(Clone, Copy)]
pub struct SecretHash([u8; 32]);

impl SecretHash {
    /// All of it, in hexadecimal.
    pub fn to_hex(self) -> String {
        hex(&self.0)
    }

    /// Its first 80 bits in hexadecimal: enough to find a row by, too little to pass for the secret.
    pub fn short(self) -> String {
        hex(&self.0[..10])
    }

    /// Whether `stored`, from [`SecretHash::to_hex`], is the same hash.
    pub fn is(self, stored: &str) -> bool {
        self.to_hex().as_bytes().ct_eq(stored.as_bytes()).into()
    }
}

/// Random bytes from the machine.
///
/// # Panics
/// When the machine has no entropy to give: no secret could be made, so nothing may go on.
#[allow(clippy::expect_used, reason = "a server without entropy must not hand out guessable keys")]
pub(crate) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the machine gives random bytes");
    bytes
}

/// Bytes in lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_known_again_by_its_hash_alone() {
        let secret = Secret::draw("whom_live_");
        assert_eq!(secret.reveal().len(), "whom_live_".len() + 43);
        assert!(Secret::given(secret.reveal()).hash().is(&secret.hash().to_hex()));
        assert!(!Secret::draw("whom_live_").hash().is(&secret.hash().to_hex()));
        assert_eq!(format!("{secret:?}"), "Secret(..)");
    }
}
