//! Opaque, signed page tokens.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::world::Listing;

/// Makes tokens and recognises its own.
#[derive(Debug)]
pub struct Tokens {
    secret: Vec<u8>,
}

impl Tokens {
    /// The secret follows from the seed, so that tokens survive a restart with the same one.
    pub fn new(seed: u64) -> Self {
        Self { secret: format!("page tokens of sandbox {seed}").into_bytes() }
    }

    /// The token that asks for this page.
    pub fn issue(&self, listing: &Listing) -> String {
        let payload = serde_json::to_vec(listing).unwrap_or_default();
        let signature = self.mac(&payload).finalize().into_bytes();
        format!("{}.{}", URL_SAFE.encode(&payload), URL_SAFE.encode(signature))
    }

    /// The page a token asks for; `None` unless it was issued here and is unchanged.
    pub fn read(&self, token: &str) -> Option<Listing> {
        let (payload, signature) = token.split_once('.')?;
        let payload = URL_SAFE.decode(payload).ok()?;
        let signature = URL_SAFE.decode(signature).ok()?;
        self.mac(&payload).verify_slice(&signature).ok()?;
        serde_json::from_slice(&payload).ok()
    }

    fn mac(&self, payload: &[u8]) -> Hmac<Sha256> {
        // HMAC takes a key of any length; the default only stands in for the impossible.
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.secret)
            .unwrap_or_else(|_| Hmac::<Sha256>::new(&Default::default()));
        mac.update(payload);
        mac
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_reads_back_and_a_changed_or_foreign_one_does_not() {
        let listing = Listing {
            shop_id: 2000,
            updated_since: Some(5),
            entity_type: None,
            entity_ids: vec![],
            with_messages: true,
            limit: 50,
            ascending: false,
            after: Some((9, "x".to_owned())),
        };
        let tokens = Tokens::new(7);
        let token = tokens.issue(&listing);
        assert_eq!(tokens.read(&token), Some(listing));
        assert_eq!(Tokens::new(8).read(&token), None);
        assert_eq!(tokens.read(&token.replacen("ey", "ez", 1)), None);
        assert_eq!(tokens.read("nonsense"), None);
    }
}
