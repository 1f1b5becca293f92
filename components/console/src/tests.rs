//! The routes as a browser or a program walks them, over a world in memory.

mod declared;

use crate::routes;
use bytes::Bytes;
use futures::executor::block_on;
use mostek_domain::{Capability, Rights};
use mostek_people::setup::Installed;
use mostek_people::testing::{ADMINISTRATOR, CODE, PASSWORD, add_operator, install, world};
use mostek_ports::testing::TestWorld;
use mostek_ports::{BytesStream, Clock, Level, World};
use mostek_web::{Body, Request};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::Duration;

/// What came back.
struct Answer {
    status: u16,
    headers: http::HeaderMap,
    body: String,
}

impl Answer {
    fn location(&self) -> &str {
        self.headers.get("location").map_or("", |v| v.to_str().unwrap())
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|e| panic!("{e}: {}", self.body))
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
            body: self.body.as_bytes(),
        };
        mostek_api::check::exchange(&exchange).unwrap();
    }

    /// The token in the page's own form.
    fn csrf(&self) -> String {
        between(&self.body, "name=\"csrf\" value=\"", "\"").unwrap_or_default()
    }
}

fn between(text: &str, before: &str, after: &str) -> Option<String> {
    let rest = text.split_once(before)?.1;
    Some(rest.split_once(after)?.0.to_owned())
}

/// A browser that keeps its cookies.
struct Browser<'a> {
    world: &'a TestWorld,
    cookies: BTreeMap<String, String>,
}

impl<'a> Browser<'a> {
    fn new(world: &'a TestWorld) -> Self {
        Self { world, cookies: BTreeMap::new() }
    }

    fn send(&mut self, method: &str, uri: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let cookies: Vec<_> = self.cookies.iter().map(|(n, v)| format!("{n}={v}")).collect();
        let mut all = vec![("cookie", cookies.join("; "))];
        all.extend(headers.iter().map(|(n, v)| (*n, (*v).to_owned())));
        let answer = call(self.world, method, uri, &all, body);
        for cookie in answer.headers.get_all("set-cookie") {
            let cookie = cookie.to_str().unwrap();
            let (name, rest) = cookie.split_once('=').unwrap();
            if cookie.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                let value = rest.split(';').next().unwrap();
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }

    fn get(&mut self, uri: &str) -> Answer {
        self.send("GET", uri, &[("accept", "text/html")], "")
    }

    /// Sends a form as it is, with the fields given.
    fn post_raw(&mut self, uri: &str, fields: &[(&str, &str)]) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let headers = [("content-type", "application/x-www-form-urlencoded"), ("accept", "text/html")];
        self.send("POST", uri, &headers, &body)
    }

    /// Opens `page`, takes the token of its form, and sends the form.
    fn post(&mut self, page: &str, uri: &str, fields: &[(&str, &str)]) -> Answer {
        let csrf = self.get(page).csrf();
        assert!(!csrf.is_empty(), "{page} has a form");
        let mut all = vec![("csrf", csrf.as_str())];
        all.extend_from_slice(fields);
        self.post_raw(uri, &all)
    }

    fn sign_in(&mut self, email: &str) {
        let answer = self.post("/sign-in", "/sign-in", &[("email", email), ("password", PASSWORD)]);
        assert_eq!((answer.status, answer.location()), (303, "/"), "{}", answer.body);
    }
}

fn call(world: &TestWorld, method: &str, uri: &str, headers: &[(&str, String)], sent: &str) -> Answer {
    let mut builder = http::Request::builder().method(method).uri(uri).header("host", "hub.example");
    for (n, v) in headers {
        builder = builder.header(*n, v);
    }
    let (parts, ()) = builder.body(()).unwrap().into_parts();
    let body = Box::new(BytesStream::new(Bytes::copy_from_slice(sent.as_bytes())));
    let mut request = Request::new(parts, body, &world.random);
    let response = block_on(routes::answer(world, &mut request));
    let Body::Bytes(body) = response.body else { panic!("a stream") };
    let lines: Vec<_> = world.log().lines();
    assert!(!lines.iter().any(|(_, l)| l.starts_with("text: ")), "texts are missing: {lines:?}");
    let answer = Answer {
        status: response.status.as_u16(),
        headers: response.headers,
        body: String::from_utf8(body.to_vec()).unwrap(),
    };
    let media = headers.iter().rfind(|(n, _)| *n == "content-type").map_or("", |(_, v)| v.as_str());
    answer.as_described(method, uri, (media, sent.as_bytes()));
    answer
}

fn installed() -> (TestWorld, Installed) {
    let w = world(1);
    let i = block_on(install(&w)).unwrap();
    (w, i)
}

fn api(w: &TestWorld, method: &str, uri: &str, token: Option<&str>, body: &Value) -> Answer {
    let mut headers = vec![("content-type", "application/json".to_owned())];
    headers.extend(token.map(|t| ("authorization", format!("Bearer {t}"))));
    let body = if body.is_null() { String::new() } else { body.to_string() };
    call(w, method, uri, &headers, &body)
}

// --- the first visit ---

#[test]
fn an_empty_installation_leads_to_its_set_up_and_then_to_the_dashboard() {
    let w = world(1);
    let mut b = Browser::new(&w);
    assert_eq!(b.get("/").location(), "/setup");
    assert_eq!(b.get("/sign-in").location(), "/setup");
    let fields = [
        ("setup_code", CODE),
        ("company_name", "Firma & Córki"),
        ("nip", "526-025-02-75"),
        ("name", "Ewa Admin"),
        ("email", "ewa"),
        ("password", "krótkie"),
        ("language", "pl"),
    ];
    let wrong = b.post("/setup", "/setup", &fields);
    assert_eq!(wrong.status, 422);
    for error in ["f-nip-error", "f-email-error", "f-password-error"] {
        assert!(wrong.body.contains(error), "{error}");
    }
    assert!(wrong.body.contains("Cyfra kontrolna NIP"));
    assert!(wrong.body.contains("value=\"Firma &#38; Córki\"") || wrong.body.contains("Firma &amp; Córki"));
    assert!(!wrong.body.contains("krótkie"), "a password is never sent back");

    let right = |code: &'static str| {
        fields.map(|(n, v)| match n {
            "setup_code" => (n, code),
            "nip" => (n, "526-025-02-74"),
            "email" => (n, ADMINISTRATOR),
            "password" => (n, PASSWORD),
            _ => (n, v),
        })
    };
    let wrong = b.post("/setup", "/setup", &right("zgaduję"));
    assert_eq!(wrong.status, 422);
    assert!(wrong.body.contains("f-setup_code-error"));
    let done = b.post("/setup", "/setup", &right(CODE));
    assert_eq!((done.status, done.location()), (303, "/"));
    let page = b.get("/");
    assert_eq!(page.status, 200);
    assert!(page.body.contains("Dzień dobry, Ewa Admin") && page.body.contains("Witaj w Mostku"));
    assert_eq!(b.get("/setup").location(), "/");
}

#[test]
fn a_program_sets_up_once_and_gets_a_token() {
    let w = world(1);
    let body = json!({
        "setup_code": CODE,
        "company": {"name": "Firma", "nip": "5260250274"},
        "administrator": {"name": "Ewa", "email": ADMINISTRATOR, "password": PASSWORD, "language": "en"},
    });
    let mut wrong = body.clone();
    wrong["company"]["nip"] = "5260250275".into();
    let refused = api(&w, "POST", "/api/v1/setup", None, &wrong);
    assert_eq!((refused.status, refused.json()["field"].as_str()), (422, Some("company.nip")));
    wrong = body.clone();
    wrong["setup_code"] = "x".into();
    assert_eq!(api(&w, "POST", "/api/v1/setup", None, &wrong).status, 403);

    let done = api(&w, "POST", "/api/v1/setup", None, &body);
    assert_eq!(done.status, 201);
    let token = done.json()["token"].as_str().unwrap().to_owned();
    let company = done.json()["company"].clone();
    assert_eq!(api(&w, "POST", "/api/v1/setup", None, &body).status, 409);

    let who = api(&w, "GET", "/api/v1/session", Some(&token), &Value::Null);
    assert_eq!(who.json()["role"], "administrator");
    assert_eq!(who.json()["companies"][0]["nip"], "5260250274");

    let second = json!({"name": "Druga", "nip": "PL 526-104-08-28"});
    let added = api(&w, "POST", "/api/v1/companies", Some(&token), &second);
    assert_eq!((added.status, added.json()["nip"].as_str()), (201, Some("5261040828")));
    assert_eq!(api(&w, "POST", "/api/v1/companies", Some(&token), &second).json()["field"], "nip");

    let jan = json!({
        "name": "Jan", "email": "jan@firma.pl", "role": "operator", "rights": ["helpdesk"],
        "companies": [company, added.json()["id"]], "password": PASSWORD,
    });
    let added = api(&w, "POST", "/api/v1/employees", Some(&token), &jan);
    assert_eq!(added.status, 201, "{}", added.body);
    assert!(added.json().get("invitation").is_none());
    let mut ola = jan.clone();
    ola["email"] = "ola@firma.pl".into();
    ola.as_object_mut().unwrap().remove("password");
    let added = api(&w, "POST", "/api/v1/employees", Some(&token), &ola);
    assert!(
        added.json()["invitation"]["url"].as_str().unwrap().starts_with("http://hub.example/invitation/")
    );
    Browser::new(&w).sign_in("jan@firma.pl");

    let first = api(&w, "GET", "/api/v1/employees?limit=2", Some(&token), &Value::Null).json();
    assert_eq!(first["data"].as_array().unwrap().len(), 2);
    let next = format!("/api/v1/employees?limit=2&after={}", first["next"].as_str().unwrap());
    let second = api(&w, "GET", &next, Some(&token), &Value::Null).json();
    assert_eq!((second["data"].as_array().unwrap().len(), &second["next"]), (1, &Value::Null));
}

// --- signing in ---

#[test]
fn a_stranger_signs_in_and_comes_back_to_where_they_were() {
    let (w, _) = installed();
    let mut b = Browser::new(&w);
    assert_eq!(b.get("/").location(), "/sign-in");
    let there = b.get("/audit?act=signed-in").location().to_owned();
    assert_eq!(there, "/sign-in?back=%2Faudit%3Fact%3Dsigned-in");
    let page = b.get(&there);
    assert!(page.body.contains("name=\"back\" value=\"/audit?act=signed-in\""), "{}", page.body);
    let done = b.post(
        &there,
        "/sign-in",
        &[("email", ADMINISTRATOR), ("password", PASSWORD), ("back", "/audit?act=signed-in")],
    );
    assert_eq!(done.location(), "/audit?act=signed-in");
    assert!(b.get("/audit?act=signed-in").body.contains("Zalogowanie"));
}

#[test]
fn the_way_back_never_leaves_this_site() {
    let (w, _) = installed();
    for back in ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"] {
        let mut b = Browser::new(&w);
        let done = b.post(
            "/sign-in",
            "/sign-in",
            &[("email", ADMINISTRATOR), ("password", PASSWORD), ("back", back)],
        );
        assert_eq!(done.location(), "/", "{back}");
    }
}

#[test]
fn the_session_cookie_is_protected() {
    let (w, _) = installed();
    for (headers, secure) in [(vec![], false), (vec![("x-forwarded-proto", "https")], true)] {
        let mut b = Browser::new(&w);
        let csrf = b.get("/sign-in").csrf();
        let fields = [("csrf", csrf.as_str()), ("email", ADMINISTRATOR), ("password", PASSWORD)];
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let mut all = vec![("content-type", "application/x-www-form-urlencoded")];
        all.extend(headers);
        let done = b.send("POST", "/sign-in", &all, &body);
        let cookies = done.headers.get_all("set-cookie").iter().map(|c| c.to_str().unwrap());
        let cookie = cookies.into_iter().find(|c| c.starts_with("mostek_session=")).unwrap();
        for part in ["; HttpOnly", "; SameSite=Lax", "; Path=/"] {
            assert!(cookie.contains(part), "{cookie}");
        }
        assert_eq!(cookie.contains("; Secure"), secure);
    }
}

#[test]
fn a_wrong_password_says_so_without_saying_which_and_then_locks() {
    let (w, _) = installed();
    let mut b = Browser::new(&w);
    let mut bodies = Vec::new();
    for email in [ADMINISTRATOR, "nikt@firma.pl"] {
        let a = b.post("/sign-in", "/sign-in", &[("email", email), ("password", "zgaduję hasło")]);
        assert_eq!(a.status, 422);
        assert!(a.body.contains("Adres e-mail lub hasło jest nieprawidłowe."));
        assert!(a.body.contains(&format!("value=\"{email}\"")), "the address stays");
        assert!(!a.body.contains("zgaduję"));
        bodies.push(a.body.replace(email, "X"));
    }
    assert_eq!(bodies[0], bodies[1]);
    for _ in 0..4 {
        b.post("/sign-in", "/sign-in", &[("email", ADMINISTRATOR), ("password", "zgaduję hasło")]);
    }
    let locked = b.post("/sign-in", "/sign-in", &[("email", ADMINISTRATOR), ("password", PASSWORD)]);
    assert_eq!((locked.status, locked.headers["retry-after"].to_str().unwrap()), (429, "60"));
    assert!(locked.body.contains("za 60 s"), "{}", locked.body);
    w.clock.advance(Duration::from_secs(60));
    b.sign_in(ADMINISTRATOR);
}

#[test]
fn forms_without_their_token_change_nothing() {
    let (w, i) = installed();
    let mut b = Browser::new(&w);
    b.get("/sign-in");
    let credentials = [("email", ADMINISTRATOR), ("password", PASSWORD)];
    assert_eq!(b.post_raw("/sign-in", &credentials).status, 403, "no token");
    let mut with = vec![("csrf", "AAAA")];
    with.extend(credentials);
    assert_eq!(b.post_raw("/sign-in", &with).status, 403, "a wrong token");
    b.sign_in(ADMINISTRATOR);
    let company = format!("/companies/{}", i.company);
    for path in [
        "/company",
        "/preferences",
        "/sign-out",
        "/account/password",
        "/account/tokens",
        "/account/sign-out-everywhere",
        "/settings/company",
        "/settings/sign-in",
        "/companies/new",
        &company,
        "/employees/new",
    ] {
        w.kv.reset_operations();
        assert_eq!(b.post_raw(path, &[("name", "x"), ("language", "en")]).status, 403, "{path}");
        assert_eq!(w.kv.operations().writes(), 0, "{path}");
    }
}

#[test]
fn signing_out_ends_the_session() {
    let (w, _) = installed();
    let mut b = Browser::new(&w);
    b.sign_in(ADMINISTRATOR);
    let stolen = b.cookies.clone();
    let out = b.post("/account", "/sign-out", &[]);
    assert_eq!(out.location(), "/sign-in");
    assert!(!b.cookies.contains_key("mostek_session"));
    let mut thief = Browser { world: &w, cookies: stolen };
    assert_eq!(thief.get("/account").location(), "/sign-in?back=%2Faccount");
    assert!(b.get("/sign-in").body.contains("Wylogowano."));
}

#[test]
fn signing_out_everywhere_asks_first() {
    let (w, _) = installed();
    let (mut here, mut there) = (Browser::new(&w), Browser::new(&w));
    here.sign_in(ADMINISTRATOR);
    there.sign_in(ADMINISTRATOR);
    let question = here.get("/account/sign-out-everywhere");
    assert!(question.body.contains("Wylogować ze wszystkich urządzeń?"));
    assert_eq!(there.get("/account").status, 200, "a question changes nothing");
    let token = made_token(&mut here);
    here.post("/account/sign-out-everywhere", "/account/sign-out-everywhere", &[]);
    assert_eq!(there.get("/account").status, 303);
    assert_eq!(api(&w, "GET", "/api/v1/session", Some(&token), &Value::Null).status, 200, "not asked for");
    here.sign_in(ADMINISTRATOR);
    assert!(here.get("/account/sign-out-everywhere").body.contains("Unieważnij też moje tokeny API"));
    here.post("/account/sign-out-everywhere", "/account/sign-out-everywhere", &[("tokens", "yes")]);
    assert_eq!(api(&w, "GET", "/api/v1/session", Some(&token), &Value::Null).status, 401);
}

fn made_token(b: &mut Browser<'_>) -> String {
    let fields = [("name", "ERP"), ("days", "1"), ("present", PASSWORD)];
    let made = b.post("/account", "/account/tokens", &fields);
    format!("mostek_{}", between(&made.body, "value=\"mostek_", "\"").unwrap())
}

#[test]
fn a_token_is_made_only_by_whoever_knows_the_password() {
    let (w, i) = installed();
    let mut b = Browser::new(&w);
    b.sign_in(ADMINISTRATOR);
    let csrf = b.get("/account").csrf();
    let headers = [("content-type", "application/json"), ("x-csrf-token", csrf.as_str())];
    let by_program = json!({"name": "ERP", "days": 1, "current": "nie to hasło"}).to_string();
    let refused = b.send("POST", "/api/v1/tokens", &headers, &by_program);
    assert_eq!((refused.status, refused.json()["field"].as_str()), (422, Some("current")));
    let fields = [("name", "ERP"), ("days", "1"), ("present", "nie to hasło")];
    for _ in 0..4 {
        let refused = b.post("/account", "/account/tokens", &fields);
        assert_eq!(refused.status, 422);
        assert!(refused.body.contains("f-present-error"), "{}", refused.body);
        assert!(!refused.body.contains("nie to hasło") && !refused.body.contains("f-current-error"));
    }
    // Guessing here and at changing the password is guessing the same.
    assert_eq!(b.post("/account", "/account/tokens", &fields).status, 429);
    let change = [("current", PASSWORD), ("password", "czarna kawa 12")];
    assert_eq!(b.post("/account", "/account/password", &change).status, 429);
    assert!(block_on(mostek_people::token::list(&w, i.administrator)).unwrap().is_empty());
}

#[test]
fn an_expired_session_leads_to_the_sign_in() {
    let (w, _) = installed();
    let mut b = Browser::new(&w);
    b.sign_in(ADMINISTRATOR);
    w.clock.advance(Duration::from_secs(12 * 3600 + 1));
    assert_eq!(b.get("/account").location(), "/sign-in?back=%2Faccount");
    let lost = b.post_raw("/companies/new", &[("name", "Długo pisana")]);
    assert_eq!(lost.location(), "/sign-in?back=%2F");
    let page = b.get("/sign-in");
    assert!(page.body.contains("toast warning") && page.body.contains("Sesja wygasła"), "{}", page.body);
}

#[test]
fn wrong_present_passwords_lock_the_form_with_429() {
    let (w, _) = installed();
    let mut b = Browser::new(&w);
    b.sign_in(ADMINISTRATOR);
    let fields = [("current", "x"), ("password", "czarna kawa 12")];
    for _ in 0..5 {
        assert_eq!(b.post("/account", "/account/password", &fields).status, 422);
    }
    let locked = b.post("/account", "/account/password", &fields);
    assert_eq!((locked.status, locked.headers["retry-after"].to_str().unwrap()), (429, "60"));
    assert!(locked.body.contains("f-current"), "the form is there");
}

#[test]
fn the_language_can_be_switched_on_a_refused_form() {
    let (w, _) = installed();
    let mut b = Browser::new(&w);
    b.sign_in(ADMINISTRATOR);
    let refused = b.post("/account", "/account/password", &[("current", "x"), ("password", "y")]);
    let back = between(&refused.body, "name=\"back\" value=\"", "\"").unwrap();
    assert_eq!((back.as_str(), b.get(&back).status), ("/account", 200));
    let refused = b.post("/companies/new", "/companies/new", &[("name", "")]);
    let back = between(&refused.body, "name=\"back\" value=\"", "\"").unwrap();
    assert_eq!((back.as_str(), b.get(&back).status), ("/companies", 200));
    for path in ["/account/password", "/account/tokens"] {
        assert_eq!(b.get(path).location(), "/account", "{path}");
    }
}

#[test]
fn a_value_out_of_range_is_told_its_range() {
    let (w, _) = installed();
    let mut b = Browser::new(&w);
    b.sign_in(ADMINISTRATOR);
    let a = b.post("/settings/sign-in", "/settings/sign-in", &[("attempts", "1"), ("seconds", "60")]);
    let error = between(&a.body, "id=\"f-attempts-error\"", "</p>").unwrap();
    assert!(error.contains("od 3 do 20"), "{error}");
}

#[test]
fn every_cell_of_a_list_but_the_first_has_a_label_for_narrow_windows() {
    let (w, i) = installed();
    operator(&w, &i, Rights::none());
    let mut b = Browser::new(&w);
    b.sign_in(ADMINISTRATOR);
    b.post("/account", "/account/tokens", &[("name", "ERP"), ("days", "30"), ("present", PASSWORD)]);
    for path in ["/audit", "/account", "/api", "/companies", "/employees"] {
        let page = b.get(path).body;
        let rows = between(&page, "<tbody>", "</tbody>").unwrap();
        let cells: Vec<_> = rows.split("<td").skip(1).map(|c| c.split('>').next().unwrap()).collect();
        assert!(cells.iter().any(|c| c.contains("data-label=\"")), "{path}");
        for cell in cells {
            // The row's heading and its buttons speak for themselves.
            assert!(
                ["data-label=", "main-cell", "number"].iter().any(|x| cell.contains(x)),
                "{path}: {cell}"
            );
        }
    }
}

#[test]
fn a_token_makes_no_tokens() {
    let (w, i) = installed();
    let mut b = Browser::new(&w);
    b.sign_in(ADMINISTRATOR);
    let made =
        b.post("/account", "/account/tokens", &[("name", "ERP"), ("days", "1"), ("present", PASSWORD)]);
    let token = format!("mostek_{}", between(&made.body, "value=\"mostek_", "\"").unwrap());
    let new = json!({"name": "next", "days": 366, "current": PASSWORD});
    w.kv.reset_operations();
    assert_eq!(api(&w, "POST", "/api/v1/tokens", Some(&token), &new).status, 403);
    assert_eq!(w.kv.operations().writes(), 0);
    let csrf = b.get("/account").csrf();
    let headers = [("content-type", "application/json"), ("x-csrf-token", csrf.as_str())];
    assert_eq!(b.send("POST", "/api/v1/tokens", &headers, &new.to_string()).status, 201);
    let listed = block_on(mostek_people::token::list(&w, i.administrator)).unwrap();
    assert_eq!(listed.len(), 2);
}

#[test]
fn a_disabled_employee_is_offered_no_link() {
    let (w, i) = installed();
    let jan = block_on(add_operator(&w, i.administrator, i.company, "jan@firma.pl", Rights::none())).unwrap();
    let mut b = Browser::new(&w);
    b.sign_in(ADMINISTRATOR);
    let page = format!("/employees/{jan}");
    assert!(b.get(&page).body.contains(&format!("{page}/invitation")));
    b.post(&page, &format!("{page}/disable"), &[]);
    assert!(!b.get(&page).body.contains(&format!("{page}/invitation")));
    let forced = b.post(&page, &format!("{page}/invitation"), &[]);
    assert_eq!(forced.status, 422);
    assert!(forced.body.contains("To konto jest wyłączone"));
}

// --- account ---

#[test]
fn the_password_form_names_what_is_wrong_and_keeps_one_signed_in() {
    let (w, _) = installed();
    let mut b = Browser::new(&w);
    b.sign_in(ADMINISTRATOR);
    let wrong = b.post("/account", "/account/password", &[("current", "x"), ("password", "czarna kawa 12")]);
    assert_eq!(wrong.status, 422);
    assert!(wrong.body.contains("f-current-error"));
    let done =
        b.post("/account", "/account/password", &[("current", PASSWORD), ("password", "czarna kawa 12")]);
    assert_eq!(done.location(), "/account");
    let page = b.get("/account");
    assert_eq!(page.status, 200, "still signed in");
    assert!(page.body.contains("Hasło zmienione."));
}

#[test]
fn a_token_is_shown_once_works_and_is_revoked_after_a_question() {
    let (w, _) = installed();
    let mut b = Browser::new(&w);
    b.sign_in(ADMINISTRATOR);
    let wrong =
        b.post("/account", "/account/tokens", &[("name", " "), ("days", "30"), ("present", PASSWORD)]);
    assert_eq!(wrong.status, 422);
    assert!(wrong.body.contains("f-name-error"));
    let shown =
        b.post("/account", "/account/tokens", &[("name", "ERP <b>"), ("days", "30"), ("present", PASSWORD)]);
    assert_eq!(shown.status, 200);
    let token = format!("mostek_{}", between(&shown.body, "value=\"mostek_", "\"").unwrap());
    assert_eq!(shown.headers["cache-control"], "no-store");
    let list = b.get("/account");
    assert!(!list.body.contains(&token));
    assert!(!list.body.contains("ERP <b>"), "escaped");
    assert_eq!(api(&w, "GET", "/api/v1/session", Some(&token), &Value::Null).status, 200);
    let ask =
        format!("/account/tokens/{}/revoke", between(&list.body, "/account/tokens/", "/revoke").unwrap());
    assert_eq!(b.get(&ask).status, 200);
    assert_eq!(b.post(&ask, &ask, &[]).location(), "/account");
    let gone = api(&w, "GET", "/api/v1/session", Some(&token), &Value::Null);
    assert_eq!((gone.status, gone.json()["type"].as_str()), (401, Some("/problems/sign-in-needed")));
}

#[test]
fn language_and_theme_are_kept_for_the_person_and_for_strangers() {
    let (w, _) = installed();
    let mut b = Browser::new(&w);
    b.sign_in(ADMINISTRATOR);
    let done = b.post("/account", "/preferences", &[("language", "en"), ("back", "/account")]);
    assert_eq!(done.location(), "/account");
    b.post("/account", "/preferences", &[("theme", "dark")]);
    let page = b.get("/account");
    assert!(page.body.contains("lang=\"en\"") && page.body.contains("data-theme=\"dark\""));
    let mut other = Browser::new(&w);
    other.sign_in(ADMINISTRATOR);
    assert!(
        other.get("/account").body.contains("My account")
            || other.get("/account").body.contains("lang=\"en\"")
    );
    let mut stranger = Browser::new(&w);
    assert_eq!(
        stranger.post_raw("/preferences", &[("language", "ru"), ("back", "/sign-in")]).location(),
        "/sign-in"
    );
    assert!(stranger.get("/sign-in").body.contains("Войти"));
}

// --- administration ---

fn operator<'a>(w: &'a TestWorld, i: &Installed, rights: Rights) -> Browser<'a> {
    block_on(add_operator(w, i.administrator, i.company, "jan@firma.pl", rights)).unwrap();
    let mut b = Browser::new(w);
    b.sign_in("jan@firma.pl");
    b
}

#[test]
fn an_operator_sees_no_administration_and_is_refused_it() {
    let (w, i) = installed();
    let mut b = operator(&w, &i, Rights::none().with(Capability::Helpdesk, true));
    let home = b.get("/");
    assert!(home.body.contains("href=\"/tickets\"") && !home.body.contains("href=\"/employees\""));
    let id = i.administrator;
    for path in [
        "/settings",
        "/settings/company",
        "/settings/sign-in",
        "/companies",
        "/companies/new",
        "/employees",
        "/employees/new",
        "/audit",
        &format!("/employees/{id}"),
        &format!("/employees/{id}/disable"),
    ] {
        assert_eq!(b.get(path).status, 403, "{path}");
    }
    let csrf = b.get("/account").csrf();
    for path in [
        "/companies/new",
        "/employees/new",
        "/settings/sign-in",
        &format!("/employees/{id}/disable"),
        &format!("/employees/{id}/invitation"),
    ] {
        w.kv.reset_operations();
        assert_eq!(b.post_raw(path, &[("csrf", &csrf), ("name", "x")]).status, 403, "{path}");
        assert_eq!(w.kv.operations().writes(), 0, "{path}");
    }
    let made = b.post("/account", "/account/tokens", &[("name", "t"), ("days", "30"), ("present", PASSWORD)]);
    let token = format!("mostek_{}", between(&made.body, "value=\"mostek_", "\"").unwrap());
    assert_eq!(api(&w, "GET", "/api/v1/employees", Some(&token), &Value::Null).status, 403);
    assert_eq!(
        api(&w, "POST", "/api/v1/companies", Some(&token), &json!({"name": "x", "nip": "y"})).status,
        403
    );
    assert_eq!(api(&w, "GET", "/api/v1/companies", Some(&token), &Value::Null).status, 200);
}

#[test]
fn nobody_with_no_right_is_told_what_to_do() {
    let (w, i) = installed();
    let mut b = operator(&w, &i, Rights::none());
    assert!(b.get("/").body.contains("Poproś administratora"));
}

#[test]
fn a_companys_nip_is_checked_at_its_field_and_nothing_typed_is_lost() {
    let (w, i) = installed();
    let mut b = Browser::new(&w);
    b.sign_in(ADMINISTRATOR);
    for (nip, says) in [
        ("526104082", "podano 9"),
        ("5261040829", "Cyfra kontrolna"),
        ("1000000029", "nie może się tak zaczynać"),
        ("526104o828", "tylko cyfry"),
        ("526-025-02-74", "już jest"),
    ] {
        let a = b.post("/companies/new", "/companies/new", &[("name", "Nowa \"S.A.\""), ("nip", nip)]);
        assert_eq!(a.status, 422, "{nip}");
        let error = between(&a.body, "id=\"f-nip-error\"", "</p>").unwrap();
        assert!(error.contains(says), "{nip}: {error}");
        assert!(a.body.contains("Nowa &#34;S.A.&#34;") && a.body.contains(&format!("value=\"{nip}\"")));
        assert!(a.body.contains("aria-describedby=\"f-nip-hint f-nip-error\""));
    }
    let done = b.post("/companies/new", "/companies/new", &[("name", "Nowa"), ("nip", "PL 526-104-08-28")]);
    assert_eq!(done.location(), "/companies");
    let list = b.get("/companies");
    assert!(list.body.contains("526-104-08-28") && list.body.contains("2 firmy"));
    let edit = format!("/companies/{}", i.company);
    assert_eq!(b.post(&edit, &edit, &[("name", "Po zmianie"), ("nip", "5260250274")]).status, 303);
    assert!(b.get("/companies").body.contains("Po zmianie"));
}

#[test]
fn an_invited_employee_signs_in_by_the_link_once() {
    let (w, i) = installed();
    let mut admin = Browser::new(&w);
    admin.sign_in(ADMINISTRATOR);
    let company = format!("company-{}", i.company);
    let fields = [
        ("name", "Ola Nowa"),
        ("email", "ola@firma.pl"),
        ("role", "operator"),
        ("right-helpdesk", "yes"),
        ("language", "pl"),
    ];
    let missing = admin.post("/employees/new", "/employees/new", &fields);
    assert_eq!(missing.status, 422);
    assert!(missing.body.contains("f-companies-error") && missing.body.contains("Ola Nowa"));
    let right = between(&missing.body, "name=\"right-helpdesk\"", "</label>").unwrap();
    assert!(
        missing.body.contains("value=\"yes\" checked id=\"f-right-helpdesk\"") || right.contains("checked"),
        "ticks stay"
    );
    let mut all = fields.to_vec();
    all.push((&company, "yes"));
    let shown = admin.post("/employees/new", "/employees/new", &all);
    assert_eq!(shown.status, 200);
    let link = between(&shown.body, "value=\"http://hub.example", "\"").unwrap();
    assert!(!admin.get("/employees").body.contains(&link));
    let taken = admin.post("/employees/new", "/employees/new", &all);
    assert!(between(&taken.body, "id=\"f-email-error\"", "</p>").unwrap().contains("Inna osoba"));

    let mut ola = Browser::new(&w);
    assert!(ola.get(&link).body.contains("Witaj, Ola Nowa!"));
    let weak = ola.post(&link, &link, &[("password", "krótkie")]);
    assert_eq!(weak.status, 422);
    assert!(weak.body.contains("f-password-error"));
    assert_eq!(ola.post(&link, &link, &[("password", PASSWORD)]).location(), "/");
    assert!(ola.get("/").body.contains("Dzień dobry, Ola Nowa"));
    let again = Browser::new(&w).get(&link);
    assert_eq!(again.status, 404);
    assert!(again.body.contains("To zaproszenie nie działa"));
    Browser::new(&w).sign_in("ola@firma.pl");
}

#[test]
fn an_employee_is_changed_and_disabled_after_a_question() {
    let (w, i) = installed();
    let jan = block_on(add_operator(&w, i.administrator, i.company, "jan@firma.pl", Rights::none())).unwrap();
    let mut jans = Browser::new(&w);
    jans.sign_in("jan@firma.pl");
    let mut b = Browser::new(&w);
    b.sign_in(ADMINISTRATOR);
    let (page, company) = (format!("/employees/{jan}"), format!("company-{}", i.company));
    let saved = b.post(
        &page,
        &page,
        &[("name", "Jan Nowak"), ("email", "jan@firma.pl"), ("role", "administrator"), (&company, "yes")],
    );
    assert_eq!(saved.location(), page);
    let shown = b.get(&page);
    assert!(shown.body.contains("Jan Nowak") && shown.body.contains("Zapisano."));
    assert_eq!(jans.get("/employees").status, 200, "rights count from the next request on");
    let ask = format!("{page}/disable");
    assert!(b.get(&ask).body.contains("Wyłączyć konto: Jan Nowak?"));
    assert_eq!(jans.get("/account").status, 200);
    assert_eq!(b.post(&ask, &ask, &[]).location(), page);
    assert_eq!(jans.get("/account").status, 303);
    let list = b.get("/employees?q=nowak");
    assert!(list.body.contains("Wyłączony") && !list.body.contains("Ewa Admin</a>"));
    b.post(&page, &format!("{page}/enable"), &[]);
    jans.sign_in("jan@firma.pl");
}

#[test]
fn the_last_administrator_cannot_be_disabled_and_the_page_says_why() {
    let (w, i) = installed();
    let mut b = Browser::new(&w);
    b.sign_in(ADMINISTRATOR);
    let page = format!("/employees/{}", i.administrator);
    b.post(&page, &format!("{page}/disable"), &[]);
    assert!(b.get(&page).body.contains("To ostatni administrator."));
}

#[test]
fn settings_are_kept_per_company_and_checked() {
    let (w, i) = installed();
    let mut b = Browser::new(&w);
    b.sign_in(ADMINISTRATOR);
    b.post("/companies/new", "/companies/new", &[("name", "Nowa"), ("nip", "5261040828")]);
    let fields = |mb: &'static str| {
        [("undo_seconds", "10"), ("attachment_limit", mb), ("reopen_days", "14"), ("footer", "Pozdrawiamy")]
    };
    let wrong = b.post("/settings/company", "/settings/company", &fields("11"));
    assert_eq!(wrong.status, 422);
    assert!(wrong.body.contains("f-attachment_limit-error") && wrong.body.contains("Pozdrawiamy"));
    assert_eq!(b.post("/settings/company", "/settings/company", &fields("5")).status, 303);
    assert!(b.get("/settings/company").body.contains("value=\"5\""));
    let d = block_on(mostek_people::directory::read(&w)).unwrap().state;
    let limits: Vec<_> =
        d.companies().iter().map(|(id, _)| (*id == i.company, d.settings(*id).attachment_limit)).collect();
    assert!(limits.contains(&(true, 5_000_000)) && limits.contains(&(false, 10_000_000)));
    assert_eq!(
        b.post("/settings/sign-in", "/settings/sign-in", &[("attempts", "1"), ("seconds", "60")]).status,
        422
    );
    assert_eq!(
        b.post("/settings/sign-in", "/settings/sign-in", &[("attempts", "3"), ("seconds", "90")]).status,
        303
    );
}

#[test]
fn only_an_own_company_can_be_chosen() {
    let (w, i) = installed();
    let mut b = Browser::new(&w);
    b.sign_in(ADMINISTRATOR);
    b.post("/companies/new", "/companies/new", &[("name", "Nowa"), ("nip", "5261040828")]);
    let d = block_on(mostek_people::directory::read(&w)).unwrap().state;
    let other = d.companies().into_iter().map(|(id, _)| id).find(|id| *id != i.company).unwrap().to_string();
    assert_eq!(b.post("/account", "/company", &[("company", &other), ("back", "/")]).status, 403);
    let page = format!("/employees/{}", i.administrator);
    let both = [
        ("name", "Ewa"),
        ("email", ADMINISTRATOR),
        ("role", "administrator"),
        (&format!("company-{}", i.company), "yes"),
        (&format!("company-{other}"), "yes"),
    ];
    b.post(&page, &page, &both);
    let chosen = b.post("/account", "/company", &[("company", &other), ("back", "/tickets/abc?x=1")]);
    assert_eq!(chosen.location(), "/tickets", "the ticket belongs to the other company");
    let home = b.get("/account").body;
    assert!(home.contains(&format!("<option value=\"{other}\" selected>")));
}

#[test]
fn the_audit_page_filters_by_person_and_act() {
    let (w, i) = installed();
    let mut jan = operator(&w, &i, Rights::none());
    jan.post("/account", "/sign-out", &[]);
    let mut b = Browser::new(&w);
    b.sign_in(ADMINISTRATOR);
    let all = b.get("/audit");
    for act in ["Uruchomienie instalacji", "Nowy pracownik", "Zalogowanie", "Wylogowanie"] {
        assert!(all.body.contains(&format!("\">{act}</td>")), "{act}");
    }
    let d = block_on(mostek_people::directory::read(&w)).unwrap().state;
    let (id, _) = d.employees().into_iter().find(|(_, e)| e.email.as_str() == "jan@firma.pl").unwrap();
    let of_jan = b.get(&format!("/audit?by={id}&act=signed-out"));
    assert!(of_jan.body.contains(">Wylogowanie</td>") && !of_jan.body.contains(">Zalogowanie</td>"));
    assert!(b.get("/audit?act=reply-written").body.contains("Nie ma takich wpisów"));
    assert_eq!(b.get("/audit?after=!!").status, 422);
}

// --- everything else ---

#[test]
fn every_page_is_there_in_every_language() {
    let (w, i) = installed();
    let mut b = Browser::new(&w);
    b.sign_in(ADMINISTRATOR);
    let id = i.administrator;
    for language in ["pl", "en", "ru"] {
        b.post("/account", "/preferences", &[("language", language)]);
        for path in [
            "/",
            "/account",
            "/api",
            "/account/sign-out-everywhere",
            "/settings",
            "/settings/company",
            "/settings/sign-in",
            "/companies",
            "/companies/new",
            &format!("/companies/{}", i.company),
            "/employees",
            "/employees/new",
            &format!("/employees/{id}"),
            &format!("/employees/{id}/disable"),
            "/audit",
            "/audit?scope=company",
        ] {
            let page = b.get(path);
            assert_eq!(page.status, 200, "{path}");
            assert!(page.body.contains(&format!("<html lang=\"{language}\"")), "{path}");
            assert!(
                ["console-", "common-", "programs-"].iter().all(|area| !page.body.contains(area)),
                "{path} has untranslated keys"
            );
        }
    }
}

#[test]
fn unknown_paths_are_a_helpful_page_or_a_problem() {
    let (w, _) = installed();
    let mut b = Browser::new(&w);
    let page = b.get("/nothing/here");
    assert_eq!(page.status, 404);
    assert!(page.body.contains("Nie ma takiej strony"));
    let problem = b.send("GET", "/api/v1/nothing", &[], "");
    assert_eq!(
        (problem.status, problem.headers["content-type"].to_str().unwrap()),
        (404, "application/problem+json")
    );
    assert_eq!(problem.json()["correlation_id"], problem.headers["x-request-id"].to_str().unwrap());
    assert_eq!(b.send("PUT", "/companies", &[], "").status, 405);
    assert_eq!(b.send("PATCH", "/api/v1/session", &[], "").status, 405);
    assert_eq!(b.get("/assets/nothing.css").status, 404);
    assert_eq!(b.get(&mostek_web::assets::url("app.css")).status, 200);
}

#[test]
fn a_body_that_is_too_long_or_not_a_form_is_refused() {
    let (w, _) = installed();
    let mut b = Browser::new(&w);
    b.sign_in(ADMINISTRATOR);
    let long = "x".repeat(70_000);
    assert_eq!(b.post_raw("/companies/new", &[("name", &long)]).status, 413);
    let json = b.send(
        "POST",
        "/companies/new",
        &[("content-type", "application/json"), ("accept", "text/html")],
        "{}",
    );
    assert_eq!(json.status, 415);
    assert_eq!(api(&w, "POST", "/api/v1/setup", None, &json!({"x": 1})).status, 400);
}

#[test]
fn no_secret_is_in_the_log() {
    let (w, _) = installed();
    let mut b = Browser::new(&w);
    b.sign_in(ADMINISTRATOR);
    b.post("/account", "/nothing", &[("password", PASSWORD)]);
    b.post("/account", "/account/password", &[("current", PASSWORD), ("password", "x")]);
    let session = b.cookies["mostek_session"].clone();
    for (level, line) in w.log().lines() {
        assert!(level < Level::Error, "{line}");
        assert!(
            !line.contains(PASSWORD) && !line.contains(&session) && !line.contains(ADMINISTRATOR),
            "{line}"
        );
    }
}

#[test]
fn a_missing_sealing_key_is_our_mistake_and_says_nothing_more() {
    let (mut w, _) = installed();
    w.settings.0.remove("sealing_key");
    let a = Browser::new(&w).get("/");
    assert_eq!(a.status, 500);
    assert!(!a.body.contains("sealing_key"));
    assert!(w.log().lines().iter().any(|(l, t)| *l == Level::Error && t.contains("sealing_key")));
}

#[test]
fn the_dashboard_shows_what_waits_to_who_works_in_the_helpdesk_and_to_nobody_else() {
    let (w, i) = installed();
    let mut admin = Browser::new(&w);
    admin.sign_in(ADMINISTRATOR);
    let page = admin.get("/").body;
    assert!(
        page.contains("Co czeka") && page.contains("<svg viewBox") && page.contains("href=\"/reports\""),
        "{page}"
    );
    // Each figure leads to what it counts.
    for whose in ["me", "nobody"] {
        assert!(page.contains(&format!("href=\"/tickets?status=open&#38;assignee={whose}\"")), "{page}");
    }
    for undecided in ["failed", "uncertain"] {
        assert!(page.contains(&format!("href=\"/tickets?needs_decision={undecided}\"")), "{page}");
    }
    assert!(page.contains("Przebieg w tle się spóźnia") && page.contains("Nie ma połączeń"), "{page}");
    assert!(!page.contains("style=\""), "the policy allows no inline styles");
    let report = block_on(mostek_helpdesk::tick::tick(&w, Duration::from_secs(5)));
    assert!(report.errors.is_empty(), "{:?}", report.errors);
    let page = admin.get("/").body;
    assert!(!page.contains("Przebieg w tle się spóźnia"), "{page}");
    let shown = admin.send("GET", "/api/v1/dashboard", &[], "").json();
    assert_eq!(
        (&shown["helpdesk"]["new"], &shown["helpdesk"]["late"]),
        (&json!(0), &json!(false)),
        "{shown}"
    );
    assert_eq!(shown["helpdesk"]["days"].as_array().unwrap().len(), 14);
    assert_eq!(shown["helpdesk"]["store"]["tickets"], 0);
    w.clock.advance(Duration::from_secs(301));
    assert_eq!(admin.send("GET", "/api/v1/dashboard", &[], "").json()["helpdesk"]["late"], true);

    let email = "jan@firma.pl";
    block_on(add_operator(&w, i.administrator, i.company, email, Rights::none())).unwrap();
    let mut operator = Browser::new(&w);
    operator.sign_in(email);
    assert!(!operator.get("/").body.contains("Co czeka"));
    assert_eq!(operator.send("GET", "/api/v1/dashboard", &[], "").json(), json!({ "helpdesk": null }));
    assert_eq!(operator.send("POST", "/api/v1/dashboard", &[], "").status, 405);
}

#[test]
fn the_dashboard_leads_to_the_webhooks_that_need_somebody() {
    use mostek_helpdesk::desk;
    use mostek_helpdesk::webhooks::{deliver, endpoint, receive, source};
    use mostek_webhooks::{Scheme, Secret, presets, signature};
    let (w, i) = installed();
    let actor = || mostek_store::Actor::Employee(i.administrator.to_string());
    let name = |text: &str| mostek_domain::Label::parse(text).unwrap();
    let queue = mostek_domain::QueueId::from_random([4; 16]);
    let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    let (shop, hook) = block_on(async {
        let fact = desk::Fact::Queue { id: queue, name: name("Sklep"), archived: false };
        desk::put_fact(&w, i.company, actor(), fact).await.unwrap();
        let setup = source::Setup {
            name: name("Sklep Kubek"),
            scheme: Scheme::Standard,
            queue,
            category: None,
            field: None,
            add_customers: false,
            mapping: presets::of(Scheme::Standard),
            answers: None,
        };
        let shop = source::add(&w, i.company, actor(), setup, secret).await.unwrap();
        let address = endpoint::address(&w, "https://hooks.sklep.pl/a").await.unwrap().unwrap();
        let events = [endpoint::EventKind::TicketCreated].into();
        let setup = endpoint::Setup { address, events, active: true };
        let (hook, _) = endpoint::add(&w, i.company, actor(), setup).await.unwrap();
        (shop, hook)
    });
    let mut admin = Browser::new(&w);
    admin.sign_in(ADMINISTRATOR);
    let page = admin.get("/").body;
    assert!(!page.contains("Sklep Kubek") && !page.contains("hooks.sklep.pl"), "{page}");

    block_on(async {
        let shop = source::one(&w, i.company, shop).await.unwrap();
        let (body, seconds) = ("{}", w.clock.now().0 / 1000);
        let key = Secret::parse(Scheme::Standard, secret).unwrap();
        let signature = signature::sign(&key, "e1", seconds, body.as_bytes()).unwrap();
        let mut headers = http::HeaderMap::new();
        headers.insert("webhook-id", "e1".parse().unwrap());
        headers.insert("webhook-timestamp", seconds.to_string().parse().unwrap());
        headers.insert("webhook-signature", signature.parse().unwrap());
        receive::receive(&w, &shop, &headers, body.as_bytes()).await.unwrap();
        deliver::test(&w, i.company, actor(), hook).await.unwrap();
    });
    let (letters, endpoint) =
        (format!("/settings/webhooks/{shop}/letters"), format!("/settings/webhooks/endpoints/{hook}"));
    let page = admin.get("/").body;
    for part in [
        format!("<a href=\"{letters}\">Sklep Kubek</a>"),
        "1 niezrozumiane zdarzenie czeka na decyzję".into(),
        format!("<a href=\"{endpoint}\">hooks.sklep.pl</a>"),
        "1 wiadomość czeka na wysłanie".into(),
    ] {
        assert!(page.contains(&part), "{part}: {page}");
    }
    let seen = admin.send("GET", "/api/v1/dashboard", &[], "").json()["helpdesk"].clone();
    let shops = json!([{"id": shop, "name": "Sklep Kubek", "events_not_understood": 1}]);
    assert_eq!(seen["sources"], shops);
    assert_eq!(
        (&seen["endpoints"][0]["host"], &seen["endpoints"][0]["waiting"], &seen["endpoints"][0]["gone_at"]),
        (&json!("hooks.sklep.pl"), &json!(1), &Value::Null)
    );

    // Who cannot settle it is told that it waits, and not where a shop sends its events.
    let mut operator = operator(&w, &i, Rights::none().with(Capability::Helpdesk, true));
    let page = operator.get("/").body;
    assert!(page.contains("<strong>Sklep Kubek</strong>") && !page.contains(&shop.to_string()), "{page}");
    let seen = operator.send("GET", "/api/v1/dashboard", &[], "").json()["helpdesk"].clone();
    assert_eq!(
        (&seen["sources"][0]["id"], &seen["sources"][0]["name"]),
        (&Value::Null, &json!("Sklep Kubek"))
    );
}
