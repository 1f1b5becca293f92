//! Secrets of other systems (API keys, passwords of connections), encrypted at rest and write-only on pages.
//!
//! AES-256-GCM under the setting `sealing_key` (base64 of 32 bytes), a random 96-bit nonce, and as associated data the
//! installation, the company and the purpose: a sealed value that is copied to another company, another purpose or
//! another installation does not open. NIST SP 800-38D, 8.3, allows 2^32 random nonces per key.

use crate::installation;
use crate::secret::SecretText;
use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Key, Nonce};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use mostek_domain::{CompanyId, InstallationId, Timestamp};
use mostek_ports::{Clock, Random, Settings, SettingsError, StoreError, World};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;
use thiserror::Error;

/// The setting that holds the key.
pub(crate) const KEY_SETTING: &str = "sealing_key";
/// A secret shorter than this many characters shows none of them: four would be too large a part.
const SHOWS_TAIL_FROM: usize = 12;
/// The longest secret in bytes.
pub const LONGEST: usize = 4096;

/// A sealed secret, fit to be kept in a fact. Printing it shows nothing of its content.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed {
    v: u32,
    installation: InstallationId,
    nonce: String,
    text: String,
    at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tail: Option<String>,
}

impl Sealed {
    /// When it was set.
    #[must_use]
    pub fn at(&self) -> Timestamp {
        self.at
    }

    /// Its last four characters, for "set on 12 May, ends in ...4f2a"; `None` if the secret is short.
    #[must_use]
    pub fn tail(&self) -> Option<&str> {
        self.tail.as_deref()
    }

    /// Empties one in a stored fact, so that it still can be read and does not open any more. Gives whether it changed.
    pub fn forget(stored: &mut Value) -> bool {
        let Some(members) = stored.as_object_mut() else { return false };
        let is_full = members.get("text").is_some_and(|t| t.as_str().is_some_and(|t| !t.is_empty()));
        for name in ["nonce", "text"] {
            members.insert(name.to_owned(), "".into());
        }
        members.remove("tail");
        is_full
    }
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sealed(set {})", self.at.0)
    }
}

/// Why a secret could not be sealed or opened.
#[derive(Debug, Error)]
pub enum SealError {
    /// It was sealed by another installation, under another key, or for something else: a person must enter it again.
    #[error("the secret was sealed elsewhere and must be entered again")]
    EnterAgain,
    /// The setting `sealing_key` is missing or is not base64 of 32 bytes.
    #[error("the setting sealing_key must be base64 of 32 bytes")]
    Key,
    /// The secret is empty or longer than [`LONGEST`].
    #[error("a secret has 1 to {LONGEST} bytes")]
    Length,
    /// Nobody has set this installation up, so it has no id yet.
    #[error("the installation is not set up")]
    NotSetUp,
    /// The settings did not answer.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The store did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Seals a secret for one purpose (for instance `connection:<id>`) of a company. Costs one read (the installation's id).
///
/// # Errors
/// [`SealError`], never [`SealError::EnterAgain`].
pub async fn seal<W: World>(
    world: &W,
    company: &CompanyId,
    purpose: &str,
    secret: &str,
) -> Result<Sealed, SealError> {
    if secret.is_empty() || secret.len() > LONGEST {
        return Err(SealError::Length);
    }
    let cipher = Aes256Gcm::new(&key(world).await?);
    let installation = installation::id(world).await?.ok_or(SealError::NotSetUp)?;
    let mut nonce = [0u8; 12];
    world.random().fill(&mut nonce);
    let aad = associated(installation, company, purpose);
    let text = cipher
        .encrypt(&Nonce::from(nonce), Payload { msg: secret.as_bytes(), aad: &aad })
        .map_err(|_| SealError::Length)?;
    let chars: Vec<char> = secret.chars().collect();
    let tail = (chars.len() >= SHOWS_TAIL_FROM)
        .then(|| chars.iter().skip(chars.len().saturating_sub(4)).collect::<String>());
    Ok(Sealed {
        v: 1,
        installation,
        nonce: URL_SAFE_NO_PAD.encode(nonce),
        text: URL_SAFE_NO_PAD.encode(text),
        at: world.clock().now(),
        tail,
    })
}

/// Opens a sealed secret. Costs one read (the installation's id).
///
/// # Errors
/// [`SealError::EnterAgain`] if it does not belong to this installation, key, company and purpose, or was damaged.
pub async fn unseal<W: World>(
    world: &W,
    company: &CompanyId,
    purpose: &str,
    sealed: &Sealed,
) -> Result<SecretText, SealError> {
    let cipher = Aes256Gcm::new(&key(world).await?);
    let installation = installation::id(world).await?.ok_or(SealError::NotSetUp)?;
    if sealed.v != 1 || sealed.installation != installation {
        return Err(SealError::EnterAgain);
    }
    let nonce: [u8; 12] = URL_SAFE_NO_PAD
        .decode(&sealed.nonce)
        .ok()
        .and_then(|n| n.try_into().ok())
        .ok_or(SealError::EnterAgain)?;
    let text = URL_SAFE_NO_PAD.decode(&sealed.text).map_err(|_| SealError::EnterAgain)?;
    let aad = associated(installation, company, purpose);
    let plain = cipher
        .decrypt(&Nonce::from(nonce), Payload { msg: &text, aad: &aad })
        .map_err(|_| SealError::EnterAgain)?;
    String::from_utf8(plain).map(SecretText::new).map_err(|_| SealError::EnterAgain)
}

/// Ids have a fixed length and the purpose comes last, so that different triples have different bytes.
fn associated(installation: InstallationId, company: &CompanyId, purpose: &str) -> Vec<u8> {
    let mut aad = b"mostek sealed 1".to_vec();
    aad.extend_from_slice(&installation.to_bytes());
    aad.extend_from_slice(&company.to_bytes());
    aad.extend_from_slice(purpose.as_bytes());
    aad
}

async fn key<W: World>(world: &W) -> Result<Key<Aes256Gcm>, SealError> {
    let bytes = key_bytes(world).await?;
    Ok(Key::<Aes256Gcm>::from(bytes))
}

/// The 32 bytes of the setting.
pub(crate) async fn key_bytes<W: World>(world: &W) -> Result<[u8; 32], SealError> {
    let text = world.settings().get(KEY_SETTING).await?.ok_or(SealError::Key)?;
    STANDARD.decode(text.trim()).ok().and_then(|b| b.try_into().ok()).ok_or(SealError::Key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::executor::block_on;
    use mostek_ports::testing::TestWorld;

    fn installed(seed: u64, key: u8) -> TestWorld {
        let mut world = TestWorld::new(seed);
        world.settings.0.insert(KEY_SETTING.into(), STANDARD.encode([key; 32]));
        let id = InstallationId::from_random([u8::try_from(seed).unwrap(); 16]);
        block_on(installation::remember(&world, id)).unwrap();
        world
    }

    const COMPANY: [u8; 16] = [9; 16];
    const SECRET: &str = "f00dfeed-0000-4444-9999-abcdef004f2a";

    #[test]
    fn opens_where_it_was_sealed_and_shows_date_and_end_only() {
        let world = installed(1, 7);
        let company = CompanyId::from_random(COMPANY);
        let sealed = block_on(seal(&world, &company, "connection:1", SECRET)).unwrap();
        assert_eq!(block_on(unseal(&world, &company, "connection:1", &sealed)).unwrap().expose(), SECRET);
        assert_eq!(sealed.tail(), Some("4f2a"));
        assert_eq!(sealed.at(), world.clock().now());
        let stored = serde_json::to_string(&sealed).unwrap();
        assert!(!stored.contains("f00dfeed") && !format!("{sealed:?}").contains("4f2a"));
        assert_eq!(serde_json::from_str::<Sealed>(&stored).unwrap(), sealed);
    }

    #[test]
    fn the_same_secret_twice_gives_two_texts() {
        let world = installed(1, 7);
        let company = CompanyId::from_random(COMPANY);
        let a = block_on(seal(&world, &company, "p", SECRET)).unwrap();
        let b = block_on(seal(&world, &company, "p", SECRET)).unwrap();
        assert_ne!((&a.nonce, &a.text), (&b.nonce, &b.text));
    }

    #[test]
    fn another_installation_key_company_or_purpose_asks_for_it_again() {
        let company = CompanyId::from_random(COMPANY);
        let sealed = block_on(seal(&installed(1, 7), &company, "p", SECRET)).unwrap();
        let mut relabelled = sealed.clone();
        relabelled.installation = InstallationId::from_random([2; 16]);
        let mut damaged = sealed.clone();
        damaged.text.replace_range(0..2, if damaged.text.starts_with("AA") { "BB" } else { "AA" });
        let other = CompanyId::from_random([8; 16]);
        for (what, world, company, purpose, sealed) in [
            ("installation", installed(2, 7), company, "p", &sealed),
            ("relabelled", installed(2, 7), company, "p", &relabelled),
            ("key", installed(1, 8), company, "p", &sealed),
            ("company", installed(1, 7), other, "p", &sealed),
            ("purpose", installed(1, 7), company, "q", &sealed),
            ("damaged", installed(1, 7), company, "p", &damaged),
        ] {
            let answer = block_on(unseal(&world, &company, purpose, sealed));
            assert!(matches!(answer, Err(SealError::EnterAgain)), "{what}: {answer:?}");
        }
    }

    #[test]
    fn short_secrets_show_nothing_and_bad_keys_are_named() {
        let company = CompanyId::from_random(COMPANY);
        let mut world = installed(1, 7);
        assert_eq!(block_on(seal(&world, &company, "p", "hunter2pass")).unwrap().tail(), None);
        assert!(matches!(block_on(seal(&world, &company, "p", "")), Err(SealError::Length)));
        world.settings.0.insert(KEY_SETTING.into(), STANDARD.encode([1; 31]));
        assert!(matches!(block_on(seal(&world, &company, "p", SECRET)), Err(SealError::Key)));
        world.settings.0.clear();
        assert!(matches!(block_on(seal(&world, &company, "p", SECRET)), Err(SealError::Key)));
    }
}
