//! What a signature is checked with.

use crate::scheme::Scheme;
use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use ed25519_dalek::VerifyingKey;
use std::fmt;
use thiserror::Error;

/// Standard base64, with or without its padding; anything else that is not exactly what an encoder writes is refused.
const ANY_PADDING: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);
/// The longest secret in characters.
pub const LONGEST: usize = 500;

/// Why a text is no secret of a scheme.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
pub enum SecretError {
    /// There is nothing in it.
    #[error("the secret is empty")]
    Empty,
    /// It is too long.
    #[error("the secret has more than {LONGEST} characters")]
    TooLong,
    /// It should be base64 and is not.
    #[error("the secret is not base64")]
    NotBase64,
    /// It is the sender's private key (`whsk_`), which must stay there.
    #[error("this is the sender's private key; the public one (whpk_) is needed")]
    Private,
    /// It should be an ed25519 public key and is not.
    #[error("this is no ed25519 public key")]
    NotAKey,
}

impl SecretError {
    /// A stable name, for message catalogues.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Empty => "secret-empty",
            Self::TooLong => "secret-too-long",
            Self::NotBase64 => "secret-not-base64",
            Self::Private => "secret-private",
            Self::NotAKey => "secret-not-a-key",
        }
    }
}

/// A key of a scheme. Printing it shows nothing of it.
#[derive(Clone)]
pub struct Secret(pub(crate) Key);

#[derive(Clone)]
pub(crate) enum Key {
    /// For an HMAC.
    Shared(Vec<u8>),
    /// For ed25519.
    Public(Box<VerifyingKey>),
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(hidden)")
    }
}

impl Secret {
    /// Reads a secret as the sender shows it. Standard Webhooks: base64, with or without `whsec_` and padding, or a public
    /// key `whpk_`; every other scheme takes the text itself, `whsec_` of Stripe's included.
    ///
    /// # Errors
    /// [`SecretError`].
    pub fn parse(scheme: Scheme, text: &str) -> Result<Self, SecretError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(SecretError::Empty);
        }
        if text.chars().count() > LONGEST {
            return Err(SecretError::TooLong);
        }
        if !matches!(scheme, Scheme::Standard | Scheme::Svix) {
            return Ok(Self(Key::Shared(text.as_bytes().to_vec())));
        }
        if text.starts_with("whsk_") {
            return Err(SecretError::Private);
        }
        if let Some(key) = text.strip_prefix("whpk_") {
            let bytes: [u8; 32] = decode(key)?.try_into().map_err(|_: Vec<u8>| SecretError::NotAKey)?;
            let key = VerifyingKey::from_bytes(&bytes).map_err(|_| SecretError::NotAKey)?;
            return Ok(Self(Key::Public(Box::new(key))));
        }
        decode(text.strip_prefix("whsec_").unwrap_or(text)).map(|k| Self(Key::Shared(k)))
    }
}

fn decode(text: &str) -> Result<Vec<u8>, SecretError> {
    if text.is_empty() {
        return Err(SecretError::Empty);
    }
    let bytes = ANY_PADDING.decode(text).map_err(|_| SecretError::NotBase64)?;
    if bytes.is_empty() { Err(SecretError::Empty) } else { Ok(bytes) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn why(scheme: Scheme, text: &str) -> Option<SecretError> {
        Secret::parse(scheme, text).err()
    }

    #[test]
    fn secrets_of_standard_webhooks() {
        use Scheme::{Standard, Svix};
        for good in [
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            " c2VjcmV0cw== ",
            "c2VjcmV0cw",
        ] {
            assert_eq!(why(Standard, good), None, "{good}");
            assert_eq!(why(Svix, good), None, "{good}");
        }
        for (bad, error) in [
            ("", SecretError::Empty),
            ("  ", SecretError::Empty),
            ("whsec_", SecretError::Empty),
            ("whpk_", SecretError::Empty),
            ("whsec_nie base64", SecretError::NotBase64),
            ("whsk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", SecretError::Private),
            ("whpk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", SecretError::NotAKey),
        ] {
            assert_eq!(why(Standard, bad), Some(error), "{bad:?}");
        }
        assert_eq!(why(Standard, &"A".repeat(LONGEST + 1)), Some(SecretError::TooLong));
    }

    #[test]
    fn the_others_take_the_text_itself() {
        for scheme in Scheme::ALL.into_iter().filter(|s| !matches!(s, Scheme::Standard | Scheme::Svix)) {
            assert_eq!(why(scheme, "whsec_test"), None);
            assert_eq!(why(scheme, "hasło sklepu!"), None);
            assert_eq!(why(scheme, ""), Some(SecretError::Empty));
        }
    }

    #[test]
    fn nothing_of_a_secret_is_printed() {
        let secret = Secret::parse(Scheme::Shopify, "tajne-haslo").unwrap();
        assert_eq!(format!("{secret:?}"), "Secret(hidden)");
    }
}
