//! Whether a request was signed by somebody who knows a secret, and how ours are signed.
//!
//! The signature is checked before the moment, so that only whoever knows a secret learns that a request is too old. All
//! comparisons take a time that does not depend on where the values differ.

use crate::scheme::Scheme;
use crate::secret::{Key, Secret};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::Signature;
use hmac::{Hmac, KeyInit, Mac};
use http::HeaderMap;
use mostek_domain::Timestamp;
use sha1::Sha1;
use sha2::Sha256;
use std::time::Duration;
use thiserror::Error;

/// How far a signed moment may be from ours, both ways.
pub const TOLERANCE: Duration = Duration::from_secs(5 * 60);
/// Signatures looked at in one request at most; a sender that rotates its secret sends two.
const SIGNATURES: usize = 16;
/// Characters of a header's value that is looked at.
const HEADER_CHARS: usize = 8_000;

/// A request that is what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// Which of the secrets it was signed with, counted from 0.
    pub secret: usize,
    /// The signed moment, if the scheme has one.
    pub sent_at: Option<Timestamp>,
}

/// Why a request is not taken.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// There is no secret to check with.
    #[error("there is no secret")]
    NoSecret,
    /// A header is missing, empty, there twice, or no plain text.
    #[error("the header {0} is missing or cannot be read")]
    Header(&'static str),
    /// The signed moment is no moment.
    #[error("the moment cannot be read")]
    Moment,
    /// No signature fits.
    #[error("the signature is wrong")]
    Wrong,
    /// Signed rightly, and longer ago than is allowed: perhaps somebody sends again what they have caught.
    #[error("the request is too old")]
    TooOld,
    /// Signed rightly, and dated in the future.
    #[error("the request is dated in the future")]
    TooNew,
}

impl Refused {
    /// Whether the request was signed rightly and only came at the wrong moment.
    #[must_use]
    pub fn is_about_time(self) -> bool {
        matches!(self, Self::TooOld | Self::TooNew)
    }
}

/// Checks a request: its headers, its body as it came, the present moment.
///
/// # Errors
/// [`Refused`].
pub fn verify(
    scheme: Scheme,
    secrets: &[Secret],
    headers: &HeaderMap,
    body: &[u8],
    now: Timestamp,
) -> Result<Verified, Refused> {
    if secrets.is_empty() {
        return Err(Refused::NoSecret);
    }
    let name = scheme.signature_header();
    let given = header(headers, name)?;
    let (signed, moment, signatures) = match scheme {
        Scheme::Standard | Scheme::Svix => {
            let moment = moment_header(scheme, headers)?;
            let id_name = if scheme == Scheme::Svix { "svix-id" } else { "webhook-id" };
            let id = header(headers, id_name)?;
            let signed = [id.as_bytes(), b".", moment.as_bytes(), b".", body].concat();
            let list = given.split(' ').filter_map(|s| s.split_once(','));
            let list = list.filter_map(|(version, value)| match version {
                "v1" => decode(value).map(Given::Sha256),
                "v1a" => decode(value).map(Given::Ed25519),
                _ => None,
            });
            (signed, Some(moment), list.take(SIGNATURES).collect::<Vec<_>>())
        }
        Scheme::Shopify | Scheme::WooCommerce => {
            (body.to_vec(), None, decode(given).map(Given::Sha256).into_iter().collect())
        }
        Scheme::Stripe => {
            let parts = || given.split(',').filter_map(|p| p.split_once('='));
            let mut moments = parts().filter(|(n, _)| *n == "t");
            let (Some((_, moment)), None) = (moments.next(), moments.next()) else {
                return Err(Refused::Header(name));
            };
            let signed = [moment.as_bytes(), b".", body].concat();
            let list = parts().filter(|(n, _)| *n == "v1").filter_map(|(_, v)| hex(v).map(Given::Sha256));
            (signed, Some(moment), list.take(SIGNATURES).collect())
        }
        Scheme::Zendesk => {
            let moment = moment_header(scheme, headers)?;
            let signed = [moment.as_bytes(), body].concat();
            (signed, Some(moment), decode(given).map(Given::Sha256).into_iter().collect())
        }
        Scheme::Chatwoot => {
            let moment = moment_header(scheme, headers)?;
            let signed = [moment.as_bytes(), b".", body].concat();
            (signed, Some(moment), prefixed(given, "sha256=").map(Given::Sha256).into_iter().collect())
        }
        Scheme::GitHub => {
            (body.to_vec(), None, prefixed(given, "sha256=").map(Given::Sha256).into_iter().collect())
        }
        Scheme::Zammad => {
            (body.to_vec(), None, prefixed(given, "sha1=").map(Given::Sha1).into_iter().collect())
        }
    };
    let sent_at = moment.map(|m| read_moment(m).ok_or(Refused::Moment)).transpose()?;
    let secret = secrets
        .iter()
        .position(|secret| signatures.iter().any(|s| s.fits(secret, &signed)))
        .ok_or(Refused::Wrong)?;
    if let Some(at) = sent_at {
        if at < now.minus(TOLERANCE) {
            return Err(Refused::TooOld);
        }
        if at > now.plus(TOLERANCE) {
            return Err(Refused::TooNew);
        }
    }
    Ok(Verified { secret, sent_at })
}

/// A signature as it was given.
enum Given {
    Sha256(Vec<u8>),
    Sha1(Vec<u8>),
    Ed25519(Vec<u8>),
}

impl Given {
    fn fits(&self, secret: &Secret, signed: &[u8]) -> bool {
        match (self, &secret.0) {
            (Self::Sha256(given), Key::Shared(key)) => Hmac::<Sha256>::new_from_slice(key)
                .is_ok_and(|mac| mac.chain_update(signed).verify_slice(given).is_ok()),
            (Self::Sha1(given), Key::Shared(key)) => Hmac::<Sha1>::new_from_slice(key)
                .is_ok_and(|mac| mac.chain_update(signed).verify_slice(given).is_ok()),
            (Self::Ed25519(given), Key::Public(key)) => {
                Signature::from_slice(given).is_ok_and(|s| key.verify_strict(signed, &s).is_ok())
            }
            _ => false,
        }
    }
}

/// A header that must be there exactly once: of two, another program may have looked at the other one.
fn header<'a>(headers: &'a HeaderMap, name: &'static str) -> Result<&'a str, Refused> {
    let mut all = headers.get_all(name).iter();
    let (Some(value), None) = (all.next(), all.next()) else { return Err(Refused::Header(name)) };
    let value = value.to_str().map_err(|_| Refused::Header(name))?;
    if value.is_empty() || value.len() > HEADER_CHARS { Err(Refused::Header(name)) } else { Ok(value) }
}

fn moment_header(scheme: Scheme, headers: &HeaderMap) -> Result<&str, Refused> {
    header(headers, scheme.moment_header().unwrap_or_default())
}

/// Seconds since 1970, or ISO 8601 with a time zone (Zendesk).
fn read_moment(text: &str) -> Option<Timestamp> {
    if text.bytes().all(|b| b.is_ascii_digit()) {
        return text.parse::<i64>().ok()?.checked_mul(1000).map(Timestamp);
    }
    text.parse::<jiff::Timestamp>().ok().map(|t| Timestamp(t.as_millisecond()))
}

/// Base64 exactly as an encoder writes it: spare bits that are set would make two texts one signature.
fn decode(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok().filter(|b| !b.is_empty())
}

fn prefixed(text: &str, prefix: &str) -> Option<Vec<u8>> {
    text.strip_prefix(prefix).and_then(hex)
}

/// Lower-case hexadecimal, for the same reason.
fn hex(text: &str) -> Option<Vec<u8>> {
    let digit = |b: u8| match b {
        b'0'..=b'9' => Some(b - b'0'),
        b'a'..=b'f' => Some(b - b'a' + 10),
        _ => None,
    };
    let pairs = text.as_bytes().chunks(2).map(|pair| match pair {
        [high, low] => Some(digit(*high)? << 4 | digit(*low)?),
        _ => None,
    });
    pairs.collect::<Option<Vec<u8>>>().filter(|b| !b.is_empty())
}

/// The value of `webhook-signature` for a message of ours; `None` if the secret is none for signing.
#[must_use]
pub fn sign(secret: &Secret, id: &str, seconds: i64, body: &[u8]) -> Option<String> {
    let Key::Shared(key) = &secret.0 else { return None };
    let mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
    let mac = mac.chain_update(id).chain_update(".").chain_update(seconds.to_string()).chain_update(".");
    Some(format!("v1,{}", STANDARD.encode(mac.chain_update(body).finalize().into_bytes())))
}

#[cfg(test)]
#[path = "signature_tests.rs"]
mod tests;
