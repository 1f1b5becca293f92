use super::*;
use crate::secret::Secret;
use ed25519_dalek::{Signer, SigningKey};
use http::{HeaderName, HeaderValue};
use proptest::prelude::*;

/// The key, moment and body of the derived vectors.
const KEY: &str = "test-secret";
const AT: &str = "1700000000";
const BODY: &str = r#"{"id":1,"text":"Gdzie jest moja paczka?"}"#;

/// A request with one secret, as vectors give it.
#[derive(Debug, Clone)]
struct Sample {
    scheme: Scheme,
    secret: String,
    headers: Vec<(&'static str, Vec<u8>)>,
    body: Vec<u8>,
    now: Timestamp,
}

impl Sample {
    fn new(scheme: Scheme, secret: &str, headers: &[(&'static str, &str)], body: &str, seconds: i64) -> Self {
        Self {
            scheme,
            secret: secret.into(),
            headers: headers.iter().map(|(n, v)| (*n, v.as_bytes().to_vec())).collect(),
            body: body.as_bytes().to_vec(),
            now: Timestamp(seconds * 1000),
        }
    }

    fn verify(&self) -> Result<Verified, Refused> {
        self.verify_with(&[Secret::parse(self.scheme, &self.secret).unwrap()])
    }

    fn verify_with(&self, secrets: &[Secret]) -> Result<Verified, Refused> {
        let mut headers = HeaderMap::new();
        for (name, value) in &self.headers {
            // A value that cannot stand in a header never arrives.
            let Ok(value) = HeaderValue::from_bytes(value) else { return Err(Refused::Header(name)) };
            headers.append(HeaderName::from_static(name), value);
        }
        verify(self.scheme, secrets, &headers, &self.body, self.now)
    }

    fn with(&self, name: &'static str, value: &str) -> Self {
        let mut other = self.clone();
        other.headers.retain(|(n, _)| *n != name);
        other.headers.push((name, value.as_bytes().to_vec()));
        other
    }

    fn without(&self, name: &str) -> Self {
        let mut other = self.clone();
        other.headers.retain(|(n, _)| *n != name);
        other
    }
}

fn standard(secret: &str, id: &str, at: &str, signature: &str, body: &str) -> Sample {
    let headers = [("webhook-id", id), ("webhook-timestamp", at), ("webhook-signature", signature)];
    Sample::new(Scheme::Standard, secret, &headers, body, at.parse().unwrap_or_default())
}

/// The vector of the specification's libraries.
fn published() -> Sample {
    standard(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "1614265330",
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        r#"{"test": 2432232314}"#,
    )
}

fn asymmetric() -> Sample {
    let key = SigningKey::from_bytes(&[7; 32]);
    let signed = format!("msg_1.{AT}.{BODY}");
    let signature = format!("v1a,{}", STANDARD.encode(key.sign(signed.as_bytes()).to_bytes()));
    let public = format!("whpk_{}", STANDARD.encode(key.verifying_key().to_bytes()));
    standard(&public, "msg_1", AT, &signature, BODY)
}

/// One of each scheme, all of them right.
fn samples() -> Vec<Sample> {
    let sample = |scheme, headers: &[(&'static str, &str)]| {
        Sample::new(scheme, KEY, headers, BODY, AT.parse().unwrap())
    };
    let moment_and_body = "7958e328617a5c04e1f6a206714901466bfd6f52352c3910805a73301568a082";
    let body_base64 = "pirrhA8QClUcpRTPhkOgR4iVRm9kNamogDP5gzjlqLU=";
    vec![
        published(),
        standard(
            "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
            "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk",
            "1649367553",
            "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=",
            r#"{"email":"test@example.com","username":"test_user"}"#,
        ),
        standard(
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "msg_1",
            AT,
            "v1,GASyQO22LeSz0AfrytYL2uVjLtHMR7sYgyudgGWcJd8=",
            BODY,
        ),
        asymmetric(),
        Sample {
            scheme: Scheme::Svix,
            headers: published()
                .headers
                .into_iter()
                .zip(["svix-id", "svix-timestamp", "svix-signature"])
                .map(|((_, value), name)| (name, value))
                .collect(),
            ..published()
        },
        Sample::new(
            Scheme::Shopify,
            "test-webhook-secret",
            &[("x-shopify-hmac-sha256", "QNyObTlKbMx2qDlPF/ZOZcBqg5OgPg+2oky3zldc0Gw=")],
            r#"{"id":1234567890,"email":"customer@example.com","total_price":"123.45"}"#,
            0,
        ),
        sample(Scheme::Shopify, &[("x-shopify-hmac-sha256", body_base64)]),
        sample(Scheme::WooCommerce, &[("x-wc-webhook-signature", body_base64)]),
        sample(Scheme::Stripe, &[("stripe-signature", &format!("t={AT},v1={moment_and_body}"))]),
        sample(
            Scheme::Zendesk,
            &[
                ("x-zendesk-webhook-signature", "0iWHlaBFwO7A5Qzpw+6/+5ygaDpycbkJMt1PIEP04/Y="),
                ("x-zendesk-webhook-signature-timestamp", AT),
            ],
        ),
        sample(
            Scheme::Chatwoot,
            &[("x-chatwoot-signature", &format!("sha256={moment_and_body}")), ("x-chatwoot-timestamp", AT)],
        ),
        sample(
            Scheme::GitHub,
            &[(
                "x-hub-signature-256",
                "sha256=a62aeb840f100a551ca514cf8643a0478895466f6435a9a88033f98338e5a8b5",
            )],
        ),
        // RFC 4231, case 2.
        Sample::new(
            Scheme::GitHub,
            "Jefe",
            &[(
                "x-hub-signature-256",
                "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            )],
            "what do ya want for nothing?",
            0,
        ),
        sample(Scheme::Zammad, &[("x-hub-signature", "sha1=329e6ce8ec4e89e056fc37ca8e0c3b0c90a9bad1")]),
    ]
}

#[test]
fn published_and_derived_vectors() {
    for s in samples() {
        assert_eq!(s.verify().map(|v| v.secret), Ok(0), "{s:?}");
    }
    let schemes: Vec<Scheme> = samples().iter().map(|s| s.scheme).collect();
    assert!(Scheme::ALL.iter().all(|s| schemes.contains(s)), "one of each");
}

#[test]
fn with_and_without_prefix_and_padding() {
    let s = published();
    let bare = Sample { secret: "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".into(), ..s };
    assert!(bare.verify().is_ok());
    let signed = |secret: &str| sign(&Secret::parse(Scheme::Standard, secret).unwrap(), "a", 1, b"x");
    assert_eq!(signed("whsec_c2VjcmV0cw=="), signed("c2VjcmV0cw"));
    assert!(signed("c2VjcmV0cw").is_some());
}

#[test]
fn ours_are_signed_as_they_are_checked() {
    let secret = Secret::parse(Scheme::Standard, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
    let signature = sign(&secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, br#"{"test": 2432232314}"#);
    assert_eq!(signature.as_deref(), Some("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="));
    let public = Secret::parse(Scheme::Standard, &asymmetric().secret).unwrap();
    assert_eq!(sign(&public, "m", 1, b""), None);
}

#[test]
fn every_header_is_needed_once_and_moments_are_numbers() {
    for s in samples() {
        for (name, value) in &s.headers {
            assert_eq!(s.without(name).verify(), Err(Refused::Header(name)), "{s:?}");
            assert!(s.with(name, "").verify().is_err());
            let mut twice = s.clone();
            twice.headers.push((name, value.clone()));
            assert_eq!(twice.verify(), Err(Refused::Header(name)), "{s:?}");
        }
    }
    let s = published();
    for moment in [
        "hello",
        "1614265330x",
        "-1614265330",
        "+1614265330",
        " 1614265330",
        "1614265330.0",
        "99999999999999999999",
    ] {
        assert!(matches!(s.with("webhook-timestamp", moment).verify(), Err(Refused::Moment)), "{moment}");
    }
    assert_eq!(s.verify_with(&[]), Err(Refused::NoSecret));
}

#[test]
fn lists_of_signatures() {
    let s = published();
    let good = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    let bad = "v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc=";
    let old = "v2,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc=";
    assert!(s.with("webhook-signature", &format!("{bad} {old} {bad} {good} {bad}")).verify().is_ok());
    for wrong in [
        "v1,",
        "v1",
        bad,
        old,
        "v1,g0hM9SsE+OTPJTGt/dmIKtSyZlE3uFJELVlNIOLJ1OE=",
        "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        "v1a,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        "v1,g0hM9SsE+OTPJTGt",
    ] {
        assert_eq!(s.with("webhook-signature", wrong).verify(), Err(Refused::Wrong), "{wrong}");
    }
    let far = vec![bad; SIGNATURES].join(" ");
    assert!(s.with("webhook-signature", &format!("{far} {good}")).verify().is_err(), "a bounded number");

    let stripe = samples().into_iter().find(|s| s.scheme == Scheme::Stripe).unwrap();
    let v1 = "v1=7958e328617a5c04e1f6a206714901466bfd6f52352c3910805a73301568a082";
    let sent = |list: &str| stripe.with("stripe-signature", list).verify();
    assert!(sent(&format!("t={AT},v1=00,{v1},v0=11")).is_ok());
    assert_eq!(sent(&format!("t={AT},v0=00")), Err(Refused::Wrong));
    assert!(sent(v1).is_err());
    assert!(sent(&format!("t={AT},t=1,{v1}")).is_err(), "which moment was signed?");
    assert_eq!(sent(&format!("t=1700000001,{v1}")), Err(Refused::Wrong));
}

#[test]
fn several_secrets_while_they_are_rotated() {
    for s in samples() {
        let right = Secret::parse(s.scheme, &s.secret).unwrap();
        let other = Secret::parse(s.scheme, "b3RoZXI=").unwrap();
        assert_eq!(s.verify_with(&[other.clone(), right.clone()]).map(|v| v.secret), Ok(1), "{s:?}");
        assert_eq!(s.verify_with(&[other]), Err(Refused::Wrong), "{s:?}");
    }
}

#[test]
fn a_request_that_is_sent_again_later_is_refused_where_its_moment_is_signed() {
    for s in samples() {
        let at = |offset: i64| Sample { now: Timestamp(s.now.0 + offset), ..s.clone() }.verify();
        let Ok(Verified { sent_at: Some(_), .. }) = s.verify() else {
            assert!(at(86_400_000).is_ok(), "nothing says when it was sent: {s:?}");
            continue;
        };
        assert!(at(300_000).is_ok() && at(-300_000).is_ok(), "{s:?}");
        assert_eq!(at(300_001), Err(Refused::TooOld), "{s:?}");
        assert_eq!(at(-300_001), Err(Refused::TooNew), "{s:?}");
        // Who knows no secret does not learn about the moment.
        let other = Secret::parse(s.scheme, "b3RoZXI=").unwrap();
        let late = Sample { now: Timestamp(s.now.0 + 900_000), ..s.clone() };
        assert_eq!(late.verify_with(&[other]), Err(Refused::Wrong));
    }
}

#[test]
fn an_empty_body_can_be_signed() {
    let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    let signature = sign(&Secret::parse(Scheme::Standard, secret).unwrap(), "msg_1", 1_700_000_000, b"");
    assert!(standard(secret, "msg_1", AT, &signature.unwrap(), "").verify().is_ok());
}

#[test]
fn zendesk_writes_its_moment_in_words_of_iso() {
    let moment = "2023-11-14T22:13:20Z";
    let mac = Hmac::<Sha256>::new_from_slice(KEY.as_bytes()).unwrap();
    let signature = STANDARD.encode(mac.chain_update(moment).chain_update(BODY).finalize().into_bytes());
    let headers = [
        ("x-zendesk-webhook-signature", signature.as_str()),
        ("x-zendesk-webhook-signature-timestamp", moment),
    ];
    let sample = Sample::new(Scheme::Zendesk, KEY, &headers, BODY, 1_700_000_000);
    assert_eq!(sample.verify().unwrap().sent_at, Some(Timestamp(1_700_000_000_000)));
}

/// Changes of the last character of base64 and of the case of hexadecimal decode to the same bytes in careless decoders.
#[test]
fn every_change_of_any_single_byte_is_refused() {
    for s in samples() {
        for at in 0..s.headers.len() {
            for byte in 0..s.headers[at].1.len() {
                for value in 0..=255u8 {
                    let mut other = s.clone();
                    if std::mem::replace(&mut other.headers[at].1[byte], value) != value {
                        assert!(other.verify().is_err(), "{other:?}");
                    }
                }
            }
        }
        for byte in 0..s.body.len() {
            for bit in 0..8 {
                let mut other = s.clone();
                other.body[byte] ^= 1 << bit;
                assert_eq!(other.verify(), Err(Refused::Wrong), "{other:?}");
            }
        }
    }
}

proptest! {
    #[test]
    fn no_other_body_secret_or_moment_passes(
        which in 0usize..14,
        body in proptest::collection::vec(any::<u8>(), 0..60),
        secret in "[A-Za-z0-9+/]{8}",
        shift in 1i64..1_000_000,
    ) {
        let s = samples()[which].clone();
        let other = Sample { body: body.clone(), ..s.clone() };
        prop_assert!(body == s.body || other.verify().is_err());
        if let Ok(secret) = Secret::parse(s.scheme, &secret) {
            prop_assert!(s.verify_with(&[secret]).is_err());
        }
        // What was taken out of or put between the parts of what is signed must not pass either.
        let mut shifted = s.clone();
        shifted.body.insert(0, b'.');
        prop_assert!(shifted.verify().is_err());
        let mut moved = s.clone();
        for (name, value) in &mut moved.headers {
            if name.ends_with("timestamp") {
                let at: i64 = String::from_utf8_lossy(value).parse().unwrap_or(0);
                *value = (at + shift).to_string().into_bytes();
                moved.now = Timestamp((at + shift) * 1000);
            }
        }
        prop_assert!(moved.now == s.now || moved.verify().is_err());
    }

    #[test]
    fn whatever_arrives_is_refused_without_a_panic(
        which in 0usize..9,
        value in proptest::collection::vec(any::<u8>(), 0..80),
        body in proptest::collection::vec(any::<u8>(), 0..40),
    ) {
        let scheme = Scheme::ALL[which];
        let mut headers = vec![(scheme.signature_header(), value.clone())];
        headers.extend(scheme.moment_header().map(|h| (h, value.clone())));
        headers.extend(scheme.id_headers().iter().map(|h| (*h, value.clone())));
        let s = Sample { scheme, secret: "c2VjcmV0cw==".into(), headers, body, now: Timestamp(0) };
        prop_assert!(s.verify().is_err());
    }
}
