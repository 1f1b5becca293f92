//! Who may do what: signing in, forged and missing proofs, rights, companies.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

use futures::future::join_all;
use mostek_e2e::stack::{ADMINISTRATOR, NIPS, PASSWORD, text};
use mostek_e2e::{Client, Options, Stack};
use reqwest::Method;
use serde_json::json;

async fn alone(test: &str) -> Option<Stack> {
    Stack::start(test, Options { connected: false, ..Options::default() }).await
}

/// Adds an employee with the password of all and gives a browser that is signed in as them.
async fn employee(stack: &Stack, email: &str, rights: &[&str], company: &str) -> Client {
    let body = json!({
        "name": "Ktoś Inny", "email": email, "language": "pl", "role": "operator", "rights": rights,
        "companies": [company], "password": PASSWORD,
    });
    stack.api.post("/api/v1/employees", body).await.expect(201);
    let browser = Client::new(&stack.hub.base());
    browser.sign_in(email, PASSWORD).await.expect(303);
    browser
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_in_needs_the_form_the_token_and_the_password() {
    let Some(stack) = alone("sign-in").await else { return };
    let nobody = Client::new(&stack.hub.base());
    let page = nobody.get("/").await.expect(303);
    assert!(page.location().starts_with("/sign-in"), "{}", page.location());
    nobody.get("/api/v1/session").await.expect(401);

    let typed = [("email", ADMINISTRATOR), ("password", PASSWORD)];
    nobody.form("/sign-in", &typed).await.expect(403);
    nobody
        .submit("/sign-in", "/sign-in", &[("email", ADMINISTRATOR), ("password", "wrong horse 42")])
        .await
        .expect(422);
    assert!(nobody.cookie("mostek_session").is_none());
    let unknown = nobody.sign_in("nobody@lipa.example", PASSWORD).await.expect(422).text();
    assert!(!unknown.contains(PASSWORD), "the page repeats the password");

    nobody.sign_in(ADMINISTRATOR, PASSWORD).await.expect(303);
    let session = nobody.json("/api/v1/session").await;
    assert_eq!(session["email"], ADMINISTRATOR);

    // A link to somewhere else does not lead away after signing in.
    let other = Client::new(&stack.hub.base());
    let fields = [typed[0], typed[1], ("back", "https://evil.example/")];
    let answer = other.submit("/sign-in", "/sign-in", &fields).await.expect(303);
    assert!(
        answer.location().starts_with('/') && !answer.location().starts_with("//"),
        "{}",
        answer.location()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_hundred_parallel_guesses_few_are_looked_at_and_then_nobody_gets_in() {
    let Some(stack) = alone("lockout").await else { return };
    let guesses: Vec<Client> = (0..100).map(|_| Client::new(&stack.hub.base())).collect();
    let answers = join_all(guesses.iter().enumerate().map(async |(n, browser)| {
        let password = format!("guess number {n}");
        browser.sign_in(ADMINISTRATOR, &password).await.status
    }))
    .await;
    let looked_at = answers.iter().filter(|s| **s == 422).count();
    assert!(answers.iter().all(|s| matches!(s, 422 | 429)), "{answers:?}");
    assert!((1..=5).contains(&looked_at), "{looked_at} guesses were looked at");
    let right = Client::new(&stack.hub.base());
    right.sign_in(ADMINISTRATOR, PASSWORD).await.expect(429);
    assert!(right.cookie("mostek_session").is_none());
    // Only this name is locked.
    let other = employee(&stack, "inny@lipa.example", &[], &stack.company).await;
    other.get("/api/v1/session").await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn forged_headers_of_the_engine_change_nothing() {
    let Some(stack) = alone("forged headers").await else { return };
    let forged = [
        ("spin-client-addr", "203.0.113.9:1"),
        ("spin-full-url", "https://evil.example/api/v1/session"),
        ("spin-path-info", "/api/v1/session"),
        ("spin-component-route", "/timers/tick"),
        ("true-client-ip", "203.0.113.9"),
    ];
    let browser = stack.browser().await;
    let mut request = browser.request(Method::GET, "/tickets/1");
    for (name, value) in forged {
        request = request.header(name, value);
    }
    // Routed by the path that was asked for.
    browser.send(request).await.expect(404);

    let nobody = Client::new(&stack.hub.base());
    let token = nobody.get("/sign-in").await.csrf();
    let fields = [("csrf", token.as_str()), ("email", ADMINISTRATOR), ("password", "wrong horse 42")];
    let mut request = nobody.request(Method::POST, "/sign-in").form(&fields);
    for (name, value) in forged {
        request = request.header(name, value);
    }
    nobody.send(request).await.expect(422);
    let audit = browser.get("/audit").await.expect(200).text();
    assert!(audit.contains("127.0.0.1"), "the audit journal shows where from");
    assert!(!audit.contains("203.0.113.9"), "the audit journal believes a forged address");

    let body = json!({"name": "Nowy", "email": "nowy@lipa.example", "companies": [stack.company]});
    let request =
        stack.api.request(Method::POST, "/api/v1/employees").json(&body).header(forged[1].0, forged[1].1);
    let added = stack.api.send(request).await.expect(201).json();
    let url = text(&added["invitation"]["url"]);
    assert!(!url.contains("evil.example"), "{url}");
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_that_are_forged_or_over_are_nobodys() {
    let Some(stack) = alone("sessions").await else { return };
    let browser = stack.browser().await;
    let ticket = browser.cookie("mostek_session").unwrap();
    let parts: Vec<&str> = ticket.split('.').collect();
    let other_secret: String = parts[2].chars().map(|c| if c == 'A' { 'B' } else { 'A' }).collect();
    for forged in [
        format!("{}.{}.{other_secret}", parts[0], parts[1]),
        format!("{}.{}.", parts[0], parts[1]),
        format!("{}.{}.{}", parts[1], parts[0], parts[2]),
        "x".repeat(8_000),
        String::from("null"),
    ] {
        let forger = Client::new(&stack.hub.base());
        forger.set_cookie("mostek_session", &forged);
        forger.get("/api/v1/session").await.expect(401);
        let page = forger.get("/tickets").await.expect(303);
        assert!(page.location().starts_with("/sign-in"), "{}", page.location());
    }
    // Signing out ends the session at the hub, not only in the browser.
    let copy = Client::new(&stack.hub.base());
    copy.set_cookie("mostek_session", &ticket);
    copy.get("/api/v1/session").await.expect(200);
    browser.submit("/account", "/sign-out", &[]).await.expect(303);
    copy.get("/api/v1/session").await.expect(401);
    // Tokens that nobody made.
    for token in ["", "x", "mostek_00000000000000000000000000_AAAA"] {
        Client::with_token(&stack.hub.base(), token).get("/api/v1/session").await.expect(401);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_without_proof_of_our_page_is_refused() {
    let Some(stack) = alone("csrf").await else { return };
    let browser = stack.browser().await;
    let fields = [("undo_seconds", "7"), ("attachment_limit", "10"), ("reopen_days", "7"), ("footer", "")];
    browser.form("/settings/company", &fields).await.expect(403);
    let token = browser.get("/settings/company").await.csrf();
    let other = Client::new(&stack.hub.base());
    other.sign_in(ADMINISTRATOR, PASSWORD).await.expect(303);
    let mut stolen = vec![("csrf", token.as_str())];
    stolen.extend(fields);
    other.form("/settings/company", &stolen).await.expect(403);

    // From another site, as browsers say.
    let request = browser.request(Method::POST, "/settings/company").form(&stolen);
    browser.send(request.header("sec-fetch-site", "cross-site")).await.expect(403);
    let request = browser.request(Method::POST, "/settings/company").form(&stolen);
    browser.send(request.header("origin", "https://evil.example")).await.expect(403);
    let undo_seconds = async || {
        let page = browser.get("/settings/company").await.text();
        let field =
            page.split("<input").find(|tag| tag.contains("name=\"undo_seconds\"")).unwrap().to_owned();
        field.split("value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
    };
    assert_eq!(undo_seconds().await, "0", "nothing was changed");
    browser.form("/settings/company", &stolen).await.expect(303);
    assert_eq!(undo_seconds().await, "7");

    // The API with a cookie needs the header.
    let body = json!({"name": "Kolejka"});
    browser.post("/api/v1/desk/queues", body.clone()).await.expect(403);
    let request =
        browser.request(Method::POST, "/api/v1/desk/queues").json(&body).header("x-csrf-token", token);
    browser.send(request).await.expect(201);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_no_right_is_told_so() {
    let Some(stack) = Stack::start("rights", Options::default()).await else { return };
    stack.customer_writes("Pytanie", "Halo?");
    stack.poll().await;
    let ticket = text(&stack.tickets().await[0]["id"]);

    let sms = employee(&stack, "sms@lipa.example", &["sms"], &stack.company).await;
    for path in [
        "/tickets",
        "/customers",
        "/api/v1/tickets",
        "/api/v1/customers",
        "/settings",
        "/employees",
        "/audit",
    ] {
        let answer = sms.get(path).await.expect(403);
        assert!(!answer.text().contains("Halo?"), "{path}");
    }
    sms.get(&format!("/api/v1/tickets/{ticket}")).await.expect(403);
    sms.get("/").await.expect(200);

    let desk = employee(&stack, "desk@lipa.example", &["helpdesk"], &stack.company).await;
    desk.get("/tickets").await.expect(200);
    for path in ["/settings/marketplaces", "/settings/company", "/employees", "/companies/new"] {
        desk.get(path).await.expect(403);
    }
    desk.get("/api/v1/marketplaces").await.expect(403);
    desk.get("/api/v1/employees").await.expect(403);
    assert_eq!(stack.tick_as("wrong").await.status, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_company_sees_nothing_of_ours() {
    let Some(stack) = Stack::start("companies", Options::default()).await else { return };
    stack.customer_writes("Poufne", "To jest tylko dla Lipy.");
    stack.poll().await;
    let ticket = text(&stack.tickets().await[0]["id"]);
    let body = json!({"name": "Jan Poufny", "emails": ["jan@poufny.example"]});
    let customer = text(&stack.api.post("/api/v1/customers", body).await.expect(201).json()["id"]);

    let company = json!({"name": "Inna firma", "nip": NIPS[1]});
    let other = text(&stack.api.post("/api/v1/companies", company).await.expect(201).json()["id"]);
    let spy = employee(&stack, "obcy@inna.example", &["helpdesk"], &other).await;
    let token = spy.get("/account").await.csrf();
    assert_eq!(spy.json("/api/v1/tickets").await["total"], 0);
    assert_eq!(spy.json("/api/v1/customers").await["total"], 0);
    for path in [
        format!("/api/v1/tickets/{ticket}"),
        "/api/v1/tickets/1".to_owned(),
        format!("/api/v1/tickets/{ticket}/version"),
        format!("/tickets/{ticket}"),
        "/tickets/1".to_owned(),
        format!("/api/v1/customers/{customer}"),
        format!("/customers/{customer}"),
    ] {
        let answer = spy.get(&path).await.expect(404);
        assert!(!answer.text().contains("Lipy") && !answer.text().contains("Poufny"), "{path}");
    }
    for (path, body) in [
        ("replies", json!({"text": "Nie moje.", "key": "k"})),
        ("comments", json!({"text": "Nie moje.", "key": "k"})),
        ("status", json!({"status": "closed"})),
    ] {
        let path = format!("/api/v1/tickets/{ticket}/{path}");
        let request = spy.request(Method::POST, &path).json(&body).header("x-csrf-token", &token);
        spy.send(request).await.expect(404);
    }
    // Choosing a company that is not one's own is no way in.
    spy.set_cookie("mostek_company", &stack.company);
    spy.get(&format!("/api/v1/tickets/{ticket}")).await.expect(404);
    assert_eq!(stack.times_sent("Nie moje."), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_nip_is_refused_with_the_reason_in_the_users_language() {
    let Some(stack) = alone("nip").await else { return };
    let browser = stack.browser().await;
    let mut sentences = std::collections::BTreeSet::new();
    for wrong in ["6762400179", "676240017", "0000000000", "67624x0178", ""] {
        let answer =
            stack.api.post("/api/v1/companies", json!({"name": "Firma", "nip": wrong})).await.expect(422);
        assert_eq!(answer.json()["field"], "nip", "{}", answer.text());
        sentences.insert(answer.json()["detail"].to_string());
        let page =
            browser.submit("/companies/new", "/companies/new", &[("name", "Firma"), ("nip", wrong)]).await;
        page.expect(422);
    }
    assert!(sentences.len() >= 3, "each mistake has its sentence: {sentences:?}");
    assert!(sentences.iter().all(|s| s.contains("NIP") && !s.contains("errors-")), "{sentences:?}");
    // One that another company has.
    stack.api.post("/api/v1/companies", json!({"name": "Firma", "nip": NIPS[0]})).await.expect(409);
    assert_eq!(stack.api.json("/api/v1/companies").await["data"].as_array().unwrap().len(), 1);
}
