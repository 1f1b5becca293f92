//! The component natively: an administrator in a browser, and a shop that sends.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod declared;

use crate::routes;
use bytes::Bytes;
use futures::executor::block_on;
use http::Method;
use mostek_domain::{Capability, Language, Rights};
use mostek_people::testing::{add_operator, cookie, install};
use mostek_ports::testing::TestWorld;
use mostek_ports::{Clock, Level};
use mostek_web::{Body, Speak};
use mostek_webhooks::{Scheme, Secret, signature};
use serde_json::{Value, json};
use std::time::Duration;

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

#[derive(Debug)]
struct Answer {
    status: u16,
    headers: http::HeaderMap,
    body: Vec<u8>,
}

impl Answer {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("{e}: {}", self.text()))
    }

    fn location(&self) -> &str {
        self.headers["location"].to_str().unwrap()
    }

    /// Every answer of the API is as the OpenAPI document says.
    fn as_described(&self, method: &str, uri: &str, sent: (&str, &[u8])) {
        let text = |name: &str| self.headers.get(name).map(|v| v.to_str().unwrap());
        let exchange = mostek_api::check::Exchange {
            method,
            uri,
            sent,
            status: self.status,
            media_type: text("content-type").unwrap_or_default(),
            location: text("location"),
            body: &self.body,
        };
        mostek_api::check::exchange(&exchange).unwrap();
    }
}

struct Hub {
    world: TestWorld,
    cookie: String,
    csrf: String,
}

fn send(
    world: &TestWorld,
    method: &str,
    uri: &str,
    headers: &[(&str, &str)],
    body: impl Into<Bytes>,
) -> Answer {
    let body: Bytes = body.into();
    let sent = body.clone();
    let verb: Method = method.parse().unwrap();
    let mut request = mostek_web::testing::request(verb, uri, headers, body);
    let response = block_on(routes::answer(world, &mut request));
    let Body::Bytes(body) = response.body else { panic!("a stream") };
    let answer = Answer { status: response.status.as_u16(), headers: response.headers, body: body.to_vec() };
    let media = headers.iter().rfind(|(n, _)| *n == "content-type").map_or("", |(_, v)| *v);
    answer.as_described(method, uri, (media, &sent));
    answer
}

/// The token in a page's forms.
fn token(page: &str) -> String {
    page.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

impl Hub {
    fn new() -> Self {
        let world = mostek_people::testing::world(1);
        let installed = block_on(install(&world)).unwrap();
        let mut hub = Self { world, cookie: cookie(&installed.ticket), csrf: String::new() };
        hub.csrf = token(&hub.get("/settings/webhooks/new").text());
        hub
    }

    /// With a source of Standard Webhooks. Gives its id.
    fn with_source() -> (Self, String) {
        let hub = Self::new();
        let new = [
            ("name", "Sklep Kubek"),
            ("scheme", "standard"),
            ("secret", SECRET),
            ("queue", "new"),
            ("field", "new"),
            ("add_customers", "yes"),
        ];
        let made = hub.post("/settings/webhooks/new", &new);
        assert_eq!(made.status, 303, "{}", made.text());
        let id = made.location().rsplit('/').next().unwrap().to_owned();
        (hub, id)
    }

    /// The same hub for an operator with the right to tickets.
    fn operator(&self) -> Self {
        let (by, password) = (mostek_people::testing::ADMINISTRATOR, mostek_people::testing::PASSWORD);
        let world = &self.world;
        let sign_in =
            |email| block_on(mostek_people::sign_in::sign_in(world, email, password, None)).unwrap().1;
        let directory = block_on(mostek_people::directory::read(world)).unwrap().state;
        let company = directory.companies()[0].0;
        let rights = Rights::none().with(Capability::Helpdesk, true);
        block_on(add_operator(world, sign_in(by).employee, company, "jan@firma.pl", rights)).unwrap();
        let cookie = cookie(&sign_in("jan@firma.pl"));
        let mut hub = Self { world: self.world.clone(), cookie, csrf: String::new() };
        // The page that refuses has the token too.
        hub.csrf = token(&hub.get("/settings/webhooks").text());
        hub
    }

    fn get(&self, uri: &str) -> Answer {
        send(&self.world, "GET", uri, &[("cookie", &self.cookie), ("accept", "text/html")], "")
    }

    fn api(&self, method: &str, uri: &str, body: &Value) -> Answer {
        let headers = [
            ("cookie", self.cookie.as_str()),
            ("content-type", "application/json"),
            ("x-csrf-token", &self.csrf),
        ];
        send(&self.world, method, uri, &headers, body.to_string())
    }

    fn post(&self, uri: &str, fields: &[(&str, &str)]) -> Answer {
        let form = form_urlencoded::Serializer::new(String::new())
            .append_pair("csrf", &self.csrf)
            .extend_pairs(fields)
            .finish();
        let headers = [
            ("cookie", self.cookie.as_str()),
            ("content-type", "application/x-www-form-urlencoded"),
            ("accept", "text/html"),
        ];
        send(&self.world, "POST", uri, &headers, form)
    }

    /// What a shop sends to a source now.
    fn event(&self, source: &str, id: &str, body: &str) -> Answer {
        let seconds = self.world.clock.now().0 / 1000;
        let secret = Secret::parse(Scheme::Standard, SECRET).unwrap();
        let signature = signature::sign(&secret, id, seconds, body.as_bytes()).unwrap();
        self.request(source, id, seconds, &signature, body)
    }

    fn request(&self, source: &str, id: &str, seconds: i64, signature: &str, body: &str) -> Answer {
        let at = seconds.to_string();
        let headers = [
            ("webhook-id", id),
            ("webhook-timestamp", at.as_str()),
            ("webhook-signature", signature),
            // Whatever a shop says it accepts, it gets no page.
            ("accept", "text/html"),
        ];
        send(&self.world, "POST", &format!("/webhooks/{source}"), &headers, body.to_owned())
    }
}

fn question(text: &str) -> String {
    json!({"type": "message.created", "data": {"conversation_id": "q-1", "text": text, "customer": {"id": "c-7", "name": "Anna"}}})
        .to_string()
}

#[test]
fn a_shop_is_set_up_by_one_form_and_its_events_are_taken() {
    let (hub, id) = Hub::with_source();
    let page = hub.get(&format!("/settings/webhooks/{id}")).text();
    for part in
        [&format!("/webhooks/{id}"), "Sklep Kubek", "/data/customer/id", "message.*", "kończy się na …LaSw"]
    {
        assert!(page.contains(part), "{part}: {page}");
    }
    let taken = hub.event(&id, "e1", &question("Gdzie jest paczka?"));
    assert_eq!((taken.status, taken.json()), (200, json!({"result": "taken"})));
    assert_eq!(hub.event(&id, "e1", &question("Gdzie jest paczka?")).json(), json!({"result": "repeated"}));
    assert_eq!(hub.event(&id, "e2", r#"{"type":"x"}"#).json(), json!({"result": "ignored"}));
    let row = hub.api("GET", "/api/v1/webhooks", &json!({})).json()["data"][0].clone();
    assert_eq!((row["taken"].as_u64(), row["state"].as_str()), (Some(1), Some("on")));
    assert!(hub.get("/settings/webhooks").text().contains("1 zdarzenie"));
}

#[test]
fn what_may_not_be_taken_is_refused_without_a_hint() {
    let (hub, id) = Hub::with_source();
    let body = question("Gdzie jest paczka?");
    let now = hub.world.clock.now().0 / 1000;
    let secret = Secret::parse(Scheme::Standard, SECRET).unwrap();
    let signature = signature::sign(&secret, "e1", now, body.as_bytes()).unwrap();
    let wrong = hub.request(&id, "e1", now, &signature, &body.replace("Gdzie", "gdzie"));
    assert_eq!((wrong.status, wrong.json()["type"].as_str()), (401, Some("/problems/wrong-signature")));
    assert_eq!(hub.request(&id, "e1", now, "v1,", &body).status, 401);
    let stranger = "00000000000000000000000000";
    for unknown in [stranger, "x", ""] {
        let answer = hub.request(unknown, "e1", now, &signature, &body);
        assert_eq!((answer.status, answer.json()["type"].as_str()), (404, Some("/problems/not-found")));
    }
    assert_eq!(send(&hub.world, "GET", &format!("/webhooks/{id}"), &[], "").status, 405);
    assert_eq!(send(&hub.world, "GET", &format!("/webhooks/{stranger}"), &[], "").status, 405);
    let long = "x".repeat((1 << 20) + 1);
    assert_eq!(hub.request(&id, "e1", now, &signature, &long).status, 413);
    hub.world.clock.advance(Duration::from_secs(301));
    assert_eq!(hub.request(&id, "e1", now, &signature, &body).status, 400, "too old");
    assert_eq!(hub.event(&id, "e1", &body).status, 200);
    assert_eq!(hub.post(&format!("/settings/webhooks/{id}/off"), &[]).status, 303);
    let off = hub.event(&id, "e2", &body);
    assert_eq!(off.status, 503);
    assert!(off.headers.contains_key("retry-after"));
    hub.post(&format!("/settings/webhooks/{id}/on"), &[]);
    assert_eq!(hub.event(&id, "e2", &body).status, 200);
    assert_eq!(hub.post(&format!("/settings/webhooks/{id}/delete"), &[]).location(), "/settings/webhooks");
    assert_eq!(hub.event(&id, "e3", &body).status, 404);
}

#[test]
fn what_is_not_understood_is_looked_at_mended_and_processed() {
    let (hub, id) = Hub::with_source();
    let base = format!("/settings/webhooks/{id}");
    let odd =
        r#"{"type":"message.created","data":{"tresc":"Gdzie <b>jest</b> paczka?","customer":{"id":"c-7"}}}"#;
    let kept = hub.event(&id, "e1", odd);
    assert_eq!((kept.status, kept.json()), (202, json!({"result": "kept"})));
    assert_eq!(hub.event(&id, "e2", "{not json").status, 202);
    let letters =
        hub.api("GET", &format!("/api/v1/webhooks/{id}/letters"), &json!({})).json()["data"].clone();
    let (broken, letter) = (letters[0]["id"].as_str().unwrap(), letters[1]["id"].as_str().unwrap());
    assert_eq!(letters[1]["reason"], json!({"why": "no_text"}));
    let list = hub.get(&format!("{base}/letters")).text();
    assert!(list.contains("nie ma jej treści") && list.contains("nie jest poprawnym JSON-em"), "{list}");
    let page = hub.get(&format!("{base}/letters/{letter}")).text();
    assert!(page.contains("Gdzie &#60;b&#62;jest"), "{page}");
    let still = hub.post(&format!("{base}/letters/{letter}/process"), &[]);
    assert_eq!(still.location(), format!("{base}/letters/{letter}"));

    let set = hub.api("GET", &format!("/api/v1/webhooks/{id}"), &json!({})).json();
    let mut mended = set.clone();
    mended["mapping"]["places"]["text"] = json!("/data/tresc");
    let tried = json!({"body": odd, "mapping": mended["mapping"]});
    let tried = hub.api("POST", &format!("/api/v1/webhooks/{id}/try"), &tried).json();
    assert_eq!(
        (tried["understood"].as_bool(), tried["effect"]["kind"].as_str()),
        (Some(true), Some("message"))
    );
    assert_eq!(hub.api("PUT", &format!("/api/v1/webhooks/{id}"), &mended).status, 204);
    assert_eq!(
        hub.post(&format!("{base}/letters/{letter}/process"), &[]).location(),
        format!("{base}/letters")
    );
    assert_eq!(hub.event(&id, "e1", odd).json(), json!({"result": "repeated"}));
    let dropped = hub.api("DELETE", &format!("/api/v1/webhooks/{id}/letters/{broken}"), &json!({}));
    assert_eq!(dropped.status, 204);
    assert!(hub.get(&format!("{base}/letters")).text().contains("Wszystko zostało zrozumiane"));
    assert_eq!(hub.get(&format!("{base}/letters/{letter}")).status, 404);
}

#[test]
fn a_mapping_is_tried_without_an_effect_and_told_in_words() {
    let (hub, id) = Hub::with_source();
    let uri = format!("/settings/webhooks/{id}/try");
    hub.world.kv.reset_operations();
    let try_it = |body: &str| hub.post(&uri, &[("body", body)]).text();
    assert!(try_it(&question("Gdzie jest paczka?")).contains("Powstałoby nowe zgłoszenie"));
    let order = r#"{"type":"order.created","data":{"order_id":"7","customer":{"id":"c-7"}}}"#;
    let page = try_it(order);
    assert!(page.contains("klient zostałby dodany do CRM") && page.contains("order.created · 7"), "{page}");
    assert!(try_it(r#"{"type":"order.created"}"#).contains("nie wskazuje klienta"));
    assert!(try_it("{").contains("wiersz 1, znak 1"));
    assert!(try_it(r#"{"type":"x"}"#).contains("nic by nie powstało"));
    assert_eq!(hub.world.kv.operations().writes(), 0);
    hub.event(&id, "e1", &question("Gdzie jest paczka?"));
    assert!(try_it(&question("Halo?")).contains("w zgłoszeniu, które już jest"));
}

#[test]
fn what_is_wrong_in_a_form_is_said_beside_it_and_nothing_is_lost() {
    let (hub, id) = Hub::with_source();
    let uri = format!("/settings/webhooks/{id}");
    let queue = hub.api("GET", &format!("/api/v1/webhooks/{id}"), &json!({})).json()["queue"]
        .as_str()
        .unwrap()
        .to_owned();
    let form = |extra: &[(&str, &str)]| {
        let mut all = vec![("name", "Kubek 2"), ("queue", queue.as_str()), ("otherwise", "ignored")];
        all.extend_from_slice(extra);
        hub.post(&uri, &all)
    };
    for (field, value, words) in [
        ("place_text", "data.text", "zaczyna się od ukośnika"),
        ("rule_events", "*.created", "gwiazdka może stać tylko na końcu"),
    ] {
        let extra = [(field, value), ("rule_becomes", "message"), ("place_order", "/moje/zamowienie")];
        let answer = form(&extra);
        assert!(answer.status == 422 && answer.text().contains(words), "{field}: {}", answer.text());
        assert!(answer.text().contains("/moje/zamowienie") && answer.text().contains("Kubek 2"));
    }
    let good = form(&[
        ("place_text", "/a | /b"),
        ("rule_events", "q.*"),
        ("rule_becomes", "message"),
        ("rule_events", ""),
        ("rule_becomes", "order"),
    ]);
    assert_eq!(good.status, 303, "{}", good.text());
    let set = hub.api("GET", &format!("/api/v1/webhooks/{id}"), &json!({})).json();
    assert_eq!(
        set["mapping"],
        json!({"places": {"text": "/a | /b"}, "rules": [{"events": "q.*", "becomes": "message"}], "otherwise": "ignored"})
    );
    assert_eq!((set["name"].as_str(), set["scheme"].as_str()), (Some("Kubek 2"), Some("standard")));
    let bad = json!({"name": "x", "queue": queue, "mapping": {"places": {"text": "no"}}});
    let answer = hub.api("PUT", &format!("/api/v1/webhooks/{id}"), &bad);
    assert_eq!((answer.status, answer.json()["field"].as_str()), (422, Some("mapping.places.text")));
    for (secret, words) in [("whsec_", "Wpisz sekret"), ("whsk_AAAA", "klucz prywatny")] {
        let new = [("name", "Inny"), ("scheme", "standard"), ("secret", secret), ("queue", "new")];
        let answer = hub.post("/settings/webhooks/new", &new);
        assert!(answer.status == 422 && answer.text().contains(words), "{}", answer.text());
    }
}

#[test]
fn secrets_are_added_beside_each_other_and_shown_nowhere() {
    let (hub, id) = Hub::with_source();
    let base = format!("/settings/webhooks/{id}");
    let second = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
    assert_eq!(hub.post(&format!("{base}/secrets"), &[("secret", second)]).status, 303);
    let secrets = hub.api("GET", &format!("/api/v1/webhooks/{id}"), &json!({})).json()["secrets"].clone();
    assert_eq!(secrets.as_array().unwrap().len(), 2);
    assert_eq!(hub.event(&id, "e1", &question("x y z")).status, 200, "the old one still works");
    let first = secrets[0]["id"].as_str().unwrap();
    assert_eq!(hub.post(&format!("{base}/secrets/{first}/remove"), &[]).status, 303);
    assert_eq!(hub.event(&id, "e2", &question("x y z")).status, 401);
    for uri in [
        "/settings/webhooks",
        &base,
        &format!("{base}/try"),
        &format!("/api/v1/webhooks/{id}"),
        "/api/v1/webhooks",
    ] {
        let answer = hub.get(uri);
        assert_eq!(answer.status, 200, "{uri}");
        assert!(!answer.text().contains("C2FVsBQI") && !answer.text().contains("MfKQ9r8"), "{uri}");
    }
    assert!(hub.world.log.lines().iter().all(|(_, l)| !l.contains("whsec_")));
}

#[test]
fn only_administrators_see_and_change_sources() {
    let (hub, id) = Hub::with_source();
    let installed = hub.api("GET", "/api/v1/webhooks", &json!({}));
    assert_eq!(installed.status, 200);
    let (world, operator) = (&hub.world, hub.operator().cookie);
    for uri in ["/settings/webhooks", "/api/v1/webhooks", &format!("/settings/webhooks/{id}/letters")] {
        let answer = send(world, "GET", uri, &[("cookie", &operator), ("accept", "text/html")], "");
        assert_eq!(answer.status, 403, "{uri}");
        assert_ne!(send(world, "GET", uri, &[], "").status, 200, "{uri}");
    }
    let forged = send(
        world,
        "POST",
        &format!("/settings/webhooks/{id}/delete"),
        &[("cookie", &hub.cookie), ("content-type", "application/x-www-form-urlencoded")],
        "csrf=x",
    );
    assert_eq!(forged.status, 403);
}

#[test]
fn every_label_and_scheme_has_its_words() {
    for language in [Language::Pl, Language::En, Language::Ru] {
        for key in crate::pages::source::labels() {
            assert_ne!(language.t(&key), key);
        }
    }
    let (hub, _) = Hub::with_source();
    let all = hub.api("GET", "/api/v1/webhooks/schemes", &json!({})).json();
    assert_eq!(all["data"].as_array().unwrap().len(), 9);
    for scheme in Scheme::ALL {
        let new =
            json!({"name": scheme.name(), "scheme": scheme.slug(), "secret": "c2VjcmV0cw==", "queue": "new"});
        let made = hub.api("POST", "/api/v1/webhooks", &new);
        assert_eq!(made.status, 201, "{}", made.text());
        let path = made.json()["path"].as_str().unwrap().to_owned();
        let id = path.rsplit('/').next().unwrap();
        for page in ["", "/try", "/letters", "/delete"] {
            assert_eq!(hub.get(&format!("/settings/webhooks/{id}{page}")).status, 200, "{scheme:?}{page}");
        }
        let nothing = send(&hub.world, "POST", &path, &[], "webhook_id=3");
        assert_eq!(nothing.status, if scheme == Scheme::WooCommerce { 200 } else { 401 }, "{scheme:?}");
    }
    assert!(hub.world.log.lines().iter().all(|(l, t)| *l != Level::Error && !t.contains("catalogue")));
}

/// The forms and the API of who is told; that it works is tested beside the use cases.
#[test]
fn a_receiver_is_set_up_its_secret_shown_once_and_its_log_looked_at() {
    let hub = Hub::new();
    let home = "/settings/webhooks/endpoints";
    assert!(hub.get(home).text().contains("Nikt nie jest powiadamiany"));
    for (address, words) in [
        ("http://sklep.pl/h", "zaczynać się od https://"),
        ("https://10.0.0.1/h", "wewnątrz sieci prywatnej"),
        ("https://jan:haslo@sklep.pl/h", "nazwy użytkownika"),
        ("sklep", "nie jest adres"),
    ] {
        let answer =
            hub.post(&format!("{home}/new"), &[("address", address), ("event-ticket-created", "yes")]);
        assert!(answer.status == 422 && answer.text().contains(words), "{address}: {}", answer.text());
    }
    let none = hub.post(&format!("{home}/new"), &[("address", "https://sklep.pl/h"), ("active", "yes")]);
    assert!(none.text().contains("przynajmniej jedno zdarzenie"));
    let form = [("address", "https://sklep.pl/h?k=1"), ("event-ticket-created", "yes"), ("active", "yes")];
    let made = hub.post(&format!("{home}/new"), &form).text();
    let secret = made.split("value=\"whsec_").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert!(Secret::parse(Scheme::Standard, &format!("whsec_{secret}")).is_ok());
    let row = hub.api("GET", "/api/v1/webhooks/endpoints", &json!({})).json()["data"][0].clone();
    assert_eq!((&row["events"], &row["active"]), (&json!(["ticket.created"]), &json!(true)));
    let id = row["id"].as_str().unwrap();
    let page = format!("{home}/{id}");
    assert_eq!(hub.post(&format!("{page}/test"), &[]).location(), page);
    let shown = hub.get(&page).text();
    assert!(shown.contains("1 wiadomość czeka na wysłanie") && !shown.contains(&secret), "{shown}");
    assert!(hub.get(home).text().contains("sklep.pl"));

    block_on(mostek_helpdesk::webhooks::deliver::tell(&hub.world, Duration::MAX)).unwrap();
    let attempts = hub.api("GET", &format!("/api/v1/webhooks/endpoints/{id}/attempts"), &json!({})).json();
    assert_eq!(attempts["data"][0]["taken"], false);
    let delivery = attempts["data"][0]["delivery"].as_str().unwrap().to_owned();
    assert!(hub.get(&page).text().contains("connection refused"));
    assert_eq!(hub.post(&format!("{page}/deliveries/{delivery}/again"), &[]).location(), page);
    let unknown =
        hub.api("POST", &format!("/api/v1/webhooks/endpoints/{id}/deliveries/{id}/again"), &json!({}));
    assert_eq!(unknown.status, 404);

    // A source may hand its answers to it, and to nobody who is not there.
    let source =
        json!({"name": "Kubek", "scheme": "standard", "secret": SECRET, "queue": "new", "answers": id});
    let made = hub.api("POST", "/api/v1/webhooks", &source);
    assert_eq!(made.status, 201, "{}", made.text());
    let source = made.json()["id"].as_str().unwrap().to_owned();
    assert!(hub.get(&format!("/settings/webhooks/{source}")).text().contains("https://sklep.pl/h?k=1"));
    let mut set = hub.api("GET", &format!("/api/v1/webhooks/{source}"), &json!({})).json();
    assert_eq!(set["answers"], id);
    set["answers"] = json!(source);
    let refused = hub.api("PUT", &format!("/api/v1/webhooks/{source}"), &set);
    assert_eq!((refused.status, refused.json()["field"].as_str()), (422, Some("answers")));

    let renewed = hub.api("POST", &format!("/api/v1/webhooks/endpoints/{id}/secret"), &json!({}));
    assert!(renewed.json()["secret"].as_str().unwrap().starts_with("whsec_"));
    let off = json!({"address": "https://sklep.pl/h", "events": ["ticket.replied"], "active": false});
    assert_eq!(hub.api("PUT", &format!("/api/v1/webhooks/endpoints/{id}"), &off).status, 204);
    assert_eq!(hub.api("POST", &format!("/api/v1/webhooks/endpoints/{id}/test"), &json!({})).status, 422);
    let odd = json!({"address": "https://sklep.pl/h", "events": ["ticket.eaten"]});
    assert_eq!(hub.api("PUT", &format!("/api/v1/webhooks/endpoints/{id}"), &odd).json()["field"], "events");
    assert_eq!(hub.get(&format!("{page}/delete")).status, 200);
    assert_eq!(hub.post(&format!("{page}/delete"), &[]).location(), home);
    assert_eq!(hub.get(&page).status, 404);
    for language in [Language::Pl, Language::En, Language::Ru] {
        for kind in mostek_helpdesk::webhooks::endpoint::EventKind::ALL {
            let key = format!("webhooks-event-{}", kind.name().replace('.', "-"));
            assert_ne!(language.t(&key), key);
        }
    }
    assert!(hub.world.log.lines().iter().all(|(_, l)| !l.contains("catalogue") && !l.contains(&secret)));
}
