//! Random secrets, their stored form, and texts that must not be printed.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use mostek_ports::Random;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt;
use subtle::ConstantTimeEq;

/// A text that is never printed by accident: it has no `Display`, and `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretText(String);

impl SecretText {
    /// Takes a secret in.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// A new secret of 256 random bits, 43 characters of base64url.
    #[must_use]
    pub fn random(random: &impl Random) -> Self {
        let mut bytes = [0u8; 32];
        random.fill(&mut bytes);
        Self(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// The secret itself. The caller sees to it that it goes nowhere but where it belongs.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretText(hidden)")
    }
}

/// SHA-256 of a *random* secret: 256 random bits need no salt and no slow hash. Passwords are hashed by
/// [`crate::password`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SecretHash(String);

impl SecretHash {
    /// The hash of a secret.
    #[must_use]
    pub fn of(secret: &str) -> Self {
        Self(URL_SAFE_NO_PAD.encode(Sha256::digest(secret.as_bytes())))
    }

    /// Whether this is the hash of `secret`, in a time that does not depend on where they differ.
    #[must_use]
    pub fn matches(&self, secret: &str) -> bool {
        same(&self.0, &Self::of(secret).0)
    }
}

/// Compares two texts in a time that depends on their lengths only.
#[must_use]
pub fn same(a: &str, b: &str) -> bool {
    a.as_bytes().ct_eq(b.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use mostek_ports::testing::SeededRandom;

    #[test]
    fn a_secret_is_matched_by_itself_only_and_never_printed() {
        let random = SeededRandom::new(1);
        let (a, b) = (SecretText::random(&random), SecretText::random(&random));
        assert_eq!(a.expose().len(), 43);
        let hash = SecretHash::of(a.expose());
        assert!(hash.matches(a.expose()));
        assert!(!hash.matches(b.expose()));
        assert!(!hash.matches(""));
        assert!(!format!("{a:?} {hash:?}").contains(a.expose()));
    }
}
