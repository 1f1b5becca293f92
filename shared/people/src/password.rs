//! Passwords: the rule for new ones, and their hashes.
//!
//! Argon2id with 19 MiB, 2 passes, 1 lane: the first choice of the OWASP Password Storage Cheat Sheet that fits into a
//! component's memory beside sixteen concurrent requests.

use crate::secret::SecretText;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use mostek_ports::Random;
use serde::{Deserialize, Serialize};
use std::fmt;
use thiserror::Error;

/// The fewest characters of a new password (NIST SP 800-63B-4 asks for 8 and recommends more).
pub const SHORTEST: usize = 10;
/// The most bytes of a password: more is refused before it is hashed.
pub const LONGEST: usize = 200;

/// Why a new password is refused.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
pub enum PasswordError {
    /// Fewer than [`SHORTEST`] characters.
    #[error("the password has fewer than {SHORTEST} characters")]
    TooShort,
    /// More than [`LONGEST`] bytes.
    #[error("the password is longer than {LONGEST} bytes")]
    TooLong,
    /// One character over and over, or a run such as 1234567890.
    #[error("the password is too easy to guess")]
    TooEasy,
    /// It contains the e-mail address's first part.
    #[error("the password contains the e-mail address")]
    ContainsEmail,
}

impl PasswordError {
    /// A stable name, for message catalogues.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::TooShort => "password-too-short",
            Self::TooLong => "password-too-long",
            Self::TooEasy => "password-too-easy",
            Self::ContainsEmail => "password-contains-email",
        }
    }
}

/// A password that was accepted as a new one.
#[derive(Debug, Clone)]
pub struct NewPassword(SecretText);

impl NewPassword {
    /// Checks a new password for the employee with this address.
    ///
    /// # Errors
    /// [`PasswordError`] says what to change.
    pub fn parse(text: &str, email: &str) -> Result<Self, PasswordError> {
        if text.len() > LONGEST {
            return Err(PasswordError::TooLong);
        }
        let chars: Vec<char> = text.chars().collect();
        if chars.len() < SHORTEST {
            return Err(PasswordError::TooShort);
        }
        let same_step = |step: i64| {
            chars.windows(2).all(|w| match w {
                [a, b] => i64::from(u32::from(*b)) - i64::from(u32::from(*a)) == step,
                _ => true,
            })
        };
        let digits_run = text == "1234567890" || text == "0987654321" || text == "0123456789";
        if same_step(0) || same_step(1) || same_step(-1) || digits_run {
            return Err(PasswordError::TooEasy);
        }
        let local = email.split('@').next().unwrap_or_default().to_lowercase();
        if local.chars().count() >= 4 && text.to_lowercase().contains(&local) {
            return Err(PasswordError::ContainsEmail);
        }
        Ok(Self(SecretText::new(text)))
    }
}

/// A password's hash as a PHC string (`$argon2id$v=19$m=19456,t=2,p=1$...`). Never printed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PasswordHashText(String);

impl fmt::Debug for PasswordHashText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHashText(hidden)")
    }
}

/// The hash function failed; it does so only for impossible parameters.
#[derive(Debug, Error)]
#[error("the password could not be hashed: {0}")]
pub struct HashError(String);

fn argon2() -> Result<Argon2<'static>, HashError> {
    let params = Params::new(19_456, 2, 1, None).map_err(|e| HashError(e.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// Hashes a new password under a random salt.
///
/// # Errors
/// [`HashError`].
pub fn hash(password: &NewPassword, random: &impl Random) -> Result<PasswordHashText, HashError> {
    let mut salt = [0u8; 16];
    random.fill(&mut salt);
    let hash: PasswordHash = argon2()?
        .hash_password_with_salt(password.0.expose().as_bytes(), &salt)
        .map_err(|e| HashError(e.to_string()))?;
    Ok(PasswordHashText(hash.to_string()))
}

/// Whether `password` is the one. Without a hash (an unknown address, an invitation not accepted yet) the same work is
/// done and the answer is no, so that time tells nothing.
#[must_use]
pub fn verify(hash: Option<&PasswordHashText>, password: &str) -> bool {
    count_check();
    // Longer ones were never accepted; hashing them would let a client buy work by the megabyte.
    let password = if password.len() > LONGEST { "" } else { password };
    let Ok(argon2) = argon2() else { return false };
    let parsed = hash.and_then(|h| PasswordHash::new(&h.0).ok());
    match parsed {
        Some(parsed) => argon2.verify_password(password.as_bytes(), &parsed).is_ok(),
        None => {
            let work: Result<PasswordHash, _> =
                argon2.hash_password_with_salt(password.as_bytes(), b"nobody has this one");
            std::hint::black_box(work.is_ok());
            false
        }
    }
}

#[cfg(test)]
thread_local! {
    static CHECKS: std::cell::Cell<u64> = const { std::cell::Cell::new(0) };
}

#[cfg(test)]
fn count_check() {
    CHECKS.with(|c| c.set(c.get() + 1));
}

#[cfg(not(test))]
fn count_check() {}

/// Password checks made on this thread.
#[cfg(test)]
pub(crate) fn checks() -> u64 {
    CHECKS.with(std::cell::Cell::get)
}

#[cfg(test)]
mod tests {
    use super::*;
    use mostek_ports::testing::SeededRandom;

    #[test]
    fn a_password_is_verified_by_itself_only() {
        let random = SeededRandom::new(1);
        let new = NewPassword::parse("poprawny koń bateria", "anna@b.pl").unwrap();
        let (a, b) = (hash(&new, &random).unwrap(), hash(&new, &random).unwrap());
        assert!(a.0.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{}", a.0);
        assert_ne!(a.0, b.0, "salted");
        assert!(verify(Some(&a), "poprawny koń bateria"));
        assert!(!verify(Some(&a), "poprawny koń bateriA"));
        assert!(!verify(None, "poprawny koń bateria"));
        assert!(!verify(Some(&PasswordHashText("broken".into())), ""));
        assert!(!format!("{new:?} {a:?}").contains("bateria"));
    }

    #[test]
    fn weak_passwords_are_refused_each_with_its_reason() {
        let parse = |p: &str| NewPassword::parse(p, "anna.nowak@firma.pl").err();
        assert_eq!(parse("krótkie"), Some(PasswordError::TooShort));
        assert_eq!(parse("aaaaaaaaaaaa"), Some(PasswordError::TooEasy));
        assert_eq!(parse("1234567890"), Some(PasswordError::TooEasy));
        assert_eq!(parse("abcdefghijkl"), Some(PasswordError::TooEasy));
        assert_eq!(parse("Anna.Nowak2026!"), Some(PasswordError::ContainsEmail));
        assert_eq!(parse(&"ż".repeat(101)), Some(PasswordError::TooLong));
        assert_eq!(parse("zielona herbata"), None);
    }
}
