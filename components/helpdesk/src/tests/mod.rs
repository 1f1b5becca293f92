//! The component natively: a hub in memory, a marketplace in memory, and a browser that keeps its cookie.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "../../../../shared/helpdesk/tests/support/mod.rs"]
mod marketplace;

mod bulk;
mod crm;
mod customers;
mod declared;
mod desk;
mod files;
mod marketplaces;
mod merged;
mod pages;
mod privacy;
mod replies;
mod routines;
mod search;
mod service;
mod sharing;
mod tickets;

use crate::routes;
use bytes::Bytes;
use futures::executor::block_on;
use http::Method;
use marketplace::Remote;
use mostek_domain::{Capability, CompanyId, Rights};
use mostek_people::setup::Installed;
use mostek_people::testing::{add_operator, cookie, install};
use mostek_ports::testing::{FakeHttp, TestWorld};
use mostek_ports::{Clock, read_capped};
use mostek_web::{Body, time};
use serde_json::{Value, json};
use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

/// The key of the test's connection.
const KEY: &str = "5e11e2-tajny-klucz-do-sklepu-4f2a";

/// An answer, read whole.
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
    remote: Rc<RefCell<Remote>>,
    company: CompanyId,
    installed: Installed,
    cookie: String,
    csrf: String,
}

impl Hub {
    /// An installation whose administrator is signed in, without a connection.
    fn empty() -> Self {
        let mut world = mostek_people::testing::world(1);
        let remote = Rc::new(RefCell::new(Remote { now: world.clock.now().0, ..Remote::default() }));
        let handler = remote.clone();
        world.http = FakeHttp::new(move |request| {
            let path = request.url.path().to_owned();
            if let Some(id) =
                path.strip_prefix("/api/inbox/threads/").and_then(|p| p.strip_suffix("/download"))
            {
                let mut answer = marketplace::answer(200, &Value::Null);
                answer.body = Bytes::from(format!("content of {id}"));
                return Ok(answer);
            }
            Ok(handler.borrow_mut().handle(request))
        });
        let installed = block_on(install(&world)).unwrap();
        let cookie = cookie(&installed.ticket);
        let mut hub =
            Self { world, remote, company: installed.company, installed, cookie, csrf: String::new() };
        hub.csrf = token(&hub.get("/settings/helpdesk").text());
        hub
    }

    /// With a running connection that takes what came in the last hour.
    fn connected(add_customers: bool) -> Self {
        let hub = Self::empty();
        let typed =
            json!({"kind": "EmpikPlace", "base": "http://marketplace.test", "shop_id": 2000, "key": KEY});
        let tried = hub.api("POST", "/api/v1/marketplaces/authenticate", &typed);
        assert_eq!(tried.json()["result"], "connection-works", "{}", tried.text());
        let id = tried.json()["id"].as_str().unwrap().to_owned();
        let queue = hub.api("POST", "/api/v1/desk/queues", &json!({"name": "Obsługa"})).json()["id"].clone();
        let field = hub.api("POST", "/api/v1/desk/fields", &json!({"name": "Empik ID"})).json()["id"].clone();
        let since = time::iso(hub.world.clock.now().minus(Duration::from_secs(3600)));
        let saved = hub.api(
            "PUT",
            &format!("/api/v1/marketplaces/{id}"),
            &json!({
                "name": "Empik", "queue": queue, "field": field, "interval": 60,
                "add_customers": add_customers, "start": true, "since": since,
            }),
        );
        assert_eq!(saved.status, 204, "{}", saved.text());
        hub
    }

    /// With one ticket: a customer wrote `text`. Gives its id.
    fn with_ticket(text: &str) -> (Self, String) {
        let hub = Self::connected(false);
        hub.remote.borrow_mut().writes("t1", "CUSTOMER_USER", text);
        hub.world.clock.advance(Duration::from_secs(60));
        hub.poll();
        let id = hub.first_ticket();
        (hub, id)
    }

    fn first_ticket(&self) -> String {
        self.api_get("/api/v1/tickets").json()["data"][0]["id"].as_str().unwrap().to_owned()
    }

    fn connection(&self) -> String {
        self.api_get("/api/v1/marketplaces").json()["data"][0]["id"].as_str().unwrap().to_owned()
    }

    fn poll(&self) -> Value {
        self.api("POST", &format!("/api/v1/marketplaces/{}/poll", self.connection()), &json!({})).json()
    }

    fn send(&self, method: &str, uri: &str, headers: &[(&str, &str)], body: impl Into<Bytes>) -> Answer {
        let body: Bytes = body.into();
        let sent = body.clone();
        let verb: Method = method.parse().unwrap();
        let mut all = vec![("cookie", self.cookie.as_str())];
        all.extend_from_slice(headers);
        let mut request = mostek_web::testing::request(verb, uri, &all, body);
        let answer = block_on(async {
            let response = routes::answer(&self.world, &mut request).await;
            let body = match response.body {
                Body::Bytes(bytes) => bytes.to_vec(),
                Body::Stream(mut s) => read_capped(s.as_mut(), 100_000_000).await.unwrap().to_vec(),
            };
            Answer { status: response.status.as_u16(), headers: response.headers, body }
        });
        let media = all.iter().rfind(|(n, _)| *n == "content-type").map_or("", |(_, v)| *v);
        answer.as_described(method, uri, (media, &sent));
        answer
    }

    fn get(&self, uri: &str) -> Answer {
        self.send("GET", uri, &[("accept", "text/html")], "")
    }

    fn api_get(&self, uri: &str) -> Answer {
        self.send("GET", uri, &[], "")
    }

    fn api(&self, method: &str, uri: &str, body: &Value) -> Answer {
        let headers = [("content-type", "application/json"), ("x-csrf-token", self.csrf.as_str())];
        self.send(method, uri, &headers, body.to_string())
    }

    /// Sends a form with the token.
    fn post(&self, uri: &str, fields: &[(&str, &str)]) -> Answer {
        let form = form_urlencoded::Serializer::new(String::new())
            .append_pair("csrf", &self.csrf)
            .extend_pairs(fields)
            .finish();
        let headers = [("content-type", "application/x-www-form-urlencoded"), ("accept", "text/html")];
        self.send("POST", uri, &headers, form)
    }

    /// Sends a form with files, each a name and its content.
    fn upload(&self, uri: &str, fields: &[(&str, &str)], files: &[(&str, &[u8])]) -> Answer {
        let mut body = Vec::new();
        for (name, value) in fields {
            body.extend_from_slice(
                format!("--XX\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
                    .as_bytes(),
            );
        }
        for (name, content) in files {
            let head = format!(
                "--XX\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{name}\"\r\n\r\n"
            );
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(content);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(b"--XX--\r\n");
        let headers = [
            ("content-type", "multipart/form-data; boundary=XX"),
            ("accept", "text/html"),
            ("x-csrf-token", self.csrf.as_str()),
        ];
        self.send("POST", uri, &headers, body)
    }

    /// The form under a conversation, sent.
    fn compose(&self, ticket: &str, fields: &[(&str, &str)], files: &[(&str, &[u8])]) -> Answer {
        let mut all =
            vec![("csrf", self.csrf.as_str()), ("key", "k1"), ("mode", "reply"), ("to", "customer")];
        all.retain(|(n, _)| !fields.iter().any(|(m, _)| m == n));
        all.extend_from_slice(fields);
        self.upload(&format!("/tickets/{ticket}/reply"), &all, files)
    }

    /// The same hub for an operator with these rights.
    fn operator(&self, rights: Rights) -> Self {
        self.operator_of(self.company, rights)
    }

    fn operator_of(&self, company: CompanyId, rights: Rights) -> Self {
        let email = &format!("jan{}@firma.pl", mostek_ports::Random::u64(&self.world.random));
        block_on(add_operator(&self.world, self.installed.administrator, company, email, rights)).unwrap();
        self.signed_in(email, company)
    }

    fn signed_in(&self, email: &str, company: CompanyId) -> Self {
        let password = mostek_people::testing::PASSWORD;
        let (_, ticket) =
            block_on(mostek_people::sign_in::sign_in(&self.world, email, password, None)).unwrap();
        let mut hub = Self {
            world: self.world.clone(),
            remote: self.remote.clone(),
            company,
            installed: self.installed.clone(),
            cookie: cookie(&ticket),
            csrf: String::new(),
        };
        hub.csrf = token(&hub.get("/tickets").text());
        if hub.csrf.is_empty() {
            hub.csrf = token(&hub.get("/settings/helpdesk").text());
        }
        hub
    }

    /// The same hub for an administrator with these rights.
    fn administrator(&self, rights: Rights) -> Self {
        let email = &format!("ola{}@firma.pl", mostek_ports::Random::u64(&self.world.random));
        block_on(async {
            let by = self.installed.administrator;
            let id = add_operator(&self.world, by, self.company, email, rights.clone()).await.unwrap();
            let directory = mostek_people::directory::read(&self.world).await.unwrap().state;
            let present = directory.employee(id).unwrap();
            let details = mostek_people::directory::EmployeeDetails {
                name: present.name.get().clone(),
                email: present.email.get().clone(),
                companies: present.companies.get().clone(),
                access: mostek_domain::Access::new(mostek_domain::Role::Administrator, rights),
            };
            let caller = mostek_people::Caller { employee: by, from: None };
            mostek_people::employees::change(&self.world, caller, id, details).await.unwrap();
        });
        self.signed_in(email, self.company)
    }

    fn consultant(&self) -> Self {
        self.operator(Rights::none().with(Capability::Helpdesk, true))
    }
}

/// The token in a page's forms; empty if there is none.
fn token(page: &str) -> String {
    page.split("name=\"csrf\" value=\"")
        .nth(1)
        .and_then(|r| r.split('"').next())
        .unwrap_or_default()
        .to_owned()
}
