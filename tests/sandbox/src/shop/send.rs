//! Signing and sending, as WooCommerce does it, and trying again.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use super::{Shop, Target};

/// How long the hub may take (Shopify's limit; WooCommerce allows more).
const LIMIT: Duration = Duration::from_secs(5);
/// Pauses before the attempts.
const PAUSES_MS: [u64; 6] = [0, 500, 1_000, 2_000, 5_000, 15_000];

/// The base64 of the HMAC-SHA256 of a body.
pub fn signature(secret: &str, body: &str) -> String {
    // HMAC takes a key of any length.
    let Ok(mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else { return String::new() };
    STANDARD.encode(mac.chain_update(body).finalize().into_bytes())
}

/// The unsigned first request of a webhook that was just saved.
pub async fn greeting(shop: Arc<Shop>) {
    let address = shop.with(|inner| inner.target.address.clone());
    let request = shop.client.post(address).timeout(LIMIT);
    // A shop does not mind what is said to its greeting.
    let _ =
        request.header("content-type", "application/x-www-form-urlencoded").body("webhook_id=1").send().await;
}

/// Sends a delivery until it is taken or the attempts are used up.
pub async fn deliver(shop: Arc<Shop>, id: String) {
    for pause in PAUSES_MS {
        tokio::time::sleep(Duration::from_millis(pause)).await;
        let (target, delivery) = (shop.with(|inner| inner.target.clone()), shop.delivery(&id));
        let Some(delivery) = delivery else { return };
        if target.address.is_empty() {
            note(&shop, &id, "no address".to_owned(), false);
            return;
        }
        let answer = attempt(&shop, &target, &delivery.id, &delivery.topic, &delivery.body).await;
        let (text, taken) = match answer {
            Ok(status) => (status.to_string(), (200..300).contains(&status)),
            Err(error) => (error.to_string(), false),
        };
        note(&shop, &id, text, taken);
        if taken {
            return;
        }
    }
}

async fn attempt(
    shop: &Shop,
    target: &Target,
    id: &str,
    topic: &str,
    body: &str,
) -> Result<u16, reqwest::Error> {
    let (resource, event) = topic.split_once('.').unwrap_or((topic, ""));
    let request = shop
        .client
        .post(&target.address)
        .timeout(LIMIT)
        .header("content-type", "application/json")
        .header("x-wc-webhook-source", "http://sklep.example/")
        .header("x-wc-webhook-topic", topic)
        .header("x-wc-webhook-resource", resource)
        .header("x-wc-webhook-event", event)
        .header("x-wc-webhook-id", "1")
        .header("x-wc-webhook-delivery-id", id)
        .header("x-wc-webhook-signature", signature(&target.secret, body))
        .body(body.to_owned());
    Ok(request.send().await?.status().as_u16())
}

fn note(shop: &Shop, id: &str, what: String, taken: bool) {
    shop.with(|inner| {
        if let Some(delivery) = inner.deliveries.iter_mut().find(|d| d.id == id) {
            delivery.attempts.push(what);
            delivery.taken |= taken;
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Computed with another program (the project's reference).
    #[test]
    fn signs_as_the_shops_do() {
        let body = r#"{"id":1,"text":"Gdzie jest moja paczka?"}"#;
        assert_eq!(signature("test-secret", body), "pirrhA8QClUcpRTPhkOgR4iVRm9kNamogDP5gzjlqLU=");
    }
}
