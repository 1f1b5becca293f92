//! A hub with a company and a marketplace connection to the stand-ins.

use std::time::Duration;

use mostek_sandbox::mirakl::Sandbox;
use mostek_sandbox::mirakl::model::{Role, Topic, Via};
use mostek_sandbox::mirakl::world::{Draft, Target, Written};
use mostek_sandbox::{Config, Running};
use serde_json::{Value, json};

use crate::client::{Answer, Client};
use crate::hub::{Hub, SETUP_CODE, TICK_SECRET};
use crate::programs::{Programs, Store};
use crate::wait::eventually;

/// The stand-in's first shop.
pub const SHOP: i64 = 2000;
/// Its key.
pub const KEY: &str = "sandbox-key-2000";
/// The administrator's address.
pub const ADMINISTRATOR: &str = "anna@lipa.example";
/// The administrator's password.
pub const PASSWORD: &str = "correct horse 42";
/// Valid NIPs.
pub const NIPS: [&str; 2] = ["6762400178", "5842711201"];

/// What differs from test to test.
#[derive(Debug, Clone)]
pub struct Options {
    /// Whether a connection is set up and running.
    pub connected: bool,
    /// Whether customers are added to the CRM by themselves.
    pub add_customers: bool,
    /// Days of demonstration conversations in the stand-in.
    pub demo_days: Option<u32>,
    /// Seconds in which a reply can be taken back.
    pub undo_seconds: u32,
    /// More arguments for `mostek-host up`.
    pub arguments: Vec<String>,
    /// More variables of the application, or other values.
    pub variables: Vec<(String, String)>,
    /// Another store than the run's.
    pub store: Option<Store>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            connected: true,
            add_customers: false,
            demo_days: None,
            undo_seconds: 0,
            arguments: Vec::new(),
            variables: Vec::new(),
            store: None,
        }
    }
}

/// Everything that runs.
pub struct Stack {
    /// The hub.
    pub hub: Hub,
    /// The stand-ins.
    pub sandbox: Running,
    /// The administrator's program.
    pub api: Client,
    /// The company.
    pub company: String,
    /// Ids of the queue, the category and the CRM field.
    pub desk: (String, String, String),
    /// The connection's id; empty without one.
    pub connection: String,
}

impl Stack {
    /// Starts everything. `None`, after saying why, if the programs are not there.
    pub async fn start(test: &str, options: Options) -> Option<Self> {
        let programs = match Programs::find() {
            Ok(programs) => programs,
            Err(why) => {
                println!("SKIPPED {test}: {why}");
                return None;
            }
        };
        let programs = options.store.clone().map_or(programs.clone(), |store| programs.on(store));
        let config = Config { demo_days: options.demo_days, ..Config::default() };
        let sandbox = mostek_sandbox::start(config).await.unwrap();
        let mut given = variables(&sandbox.base());
        given.retain(|(name, _)| options.variables.iter().all(|(other, _)| name != other));
        given.extend(options.variables.iter().cloned());
        let hub = Hub::start(programs, given, options.arguments.clone()).await;
        let body = json!({
            "setup_code": SETUP_CODE,
            "company": {"name": "Księgarnia Pod Lipą", "nip": NIPS[0]},
            "administrator":
                {"name": "Anna Lipa", "email": ADMINISTRATOR, "password": PASSWORD, "language": "pl"},
        });
        let set_up = Client::new(&hub.base()).post("/api/v1/setup", body).await.expect(201).json();
        let api = Client::with_token(&hub.base(), set_up["token"].as_str().unwrap());
        let company = text(&set_up["company"]);
        let mut stack =
            Self { hub, sandbox, api, company, desk: Default::default(), connection: String::new() };
        stack.set_up_desk().await;
        stack.undo_seconds(options.undo_seconds).await;
        if options.connected {
            let tried = stack.authenticate(KEY, Some(SHOP), None).await.expect(200).json();
            stack.connection = text(&tried["id"]);
            stack.save(options.add_customers).await;
        }
        Some(stack)
    }

    async fn set_up_desk(&mut self) {
        // An administrator may do everything but has to give herself the right to the helpdesk.
        let add = async |what: &str, name: &str| {
            text(
                &self
                    .api
                    .post(&format!("/api/v1/desk/{what}"), json!({"name": name}))
                    .await
                    .expect(201)
                    .json()["id"],
            )
        };
        let desk = (
            add("queues", "Klienci").await,
            add("categories", "Dostawa").await,
            add("fields", "Empik ID").await,
        );
        self.desk = desk;
    }

    /// Sets how long a reply can be taken back, with the form that people use.
    pub async fn undo_seconds(&self, seconds: u32) {
        let browser = self.browser().await;
        let seconds = seconds.to_string();
        let fields = [
            ("undo_seconds", seconds.as_str()),
            ("attachment_limit", "10"),
            ("reopen_days", "7"),
            ("footer", ""),
        ];
        browser.submit("/settings/company", "/settings/company", &fields).await.expect(303);
    }

    /// Somebody signed in as the administrator with cookies.
    pub async fn browser(&self) -> Client {
        let browser = Client::new(&self.hub.base());
        browser.sign_in(ADMINISTRATOR, PASSWORD).await.expect(303);
        browser
    }

    /// Presses "Authenticate".
    pub async fn authenticate(&self, key: &str, shop: Option<i64>, base: Option<&str>) -> Answer {
        let base = base.map_or_else(|| self.sandbox.mirakl_base(), str::to_owned);
        let connection = Some(self.connection.as_str()).filter(|c| !c.is_empty());
        let body = json!({"kind": "EmpikPlace", "base": base, "shop_id": shop, "key": key, "connection": connection});
        self.api.post("/api/v1/marketplaces/authenticate", body).await
    }

    /// Saves the connection and starts it.
    pub async fn save(&self, add_customers: bool) {
        let body = json!({
            "name": "Empik", "queue": self.desk.0, "category": self.desk.1, "field": self.desk.2,
            "interval": 60, "add_customers": add_customers, "start": true, "since": "2020-01-01T00:00:00Z",
        });
        self.api.put(&format!("/api/v1/marketplaces/{}", self.connection), body).await.expect(204);
    }

    /// The connection as its page shows it.
    pub async fn connection_state(&self) -> Value {
        self.api.json(&format!("/api/v1/marketplaces/{}", self.connection)).await
    }

    /// Presses "poll now"; gives the report.
    pub async fn poll(&self) -> Value {
        self.api
            .post(&format!("/api/v1/marketplaces/{}/poll", self.connection), json!({}))
            .await
            .expect(201)
            .json()
    }

    /// What a scheduler does; gives the report.
    pub async fn tick(&self) -> Value {
        self.tick_as(TICK_SECRET).await.expect(200).json()
    }

    /// A tick with this secret.
    pub async fn tick_as(&self, secret: &str) -> Answer {
        let nobody = Client::new(&self.hub.base());
        nobody.send(nobody.request(reqwest::Method::POST, "/timers/tick").bearer_auth(secret)).await
    }

    /// The marketplace's state.
    pub fn mirakl(&self) -> &Sandbox {
        self.sandbox.mirakl()
    }

    /// A customer writes about a new order.
    pub fn customer_writes(&self, topic: &str, body: &str) -> Written {
        let target = Target::NewOrder { shop_id: SHOP, topic: Topic::free(topic.to_owned()) };
        self.mirakl().write(Draft::new(target, Role::Customer, body, Via::Panel)).unwrap()
    }

    /// Somebody writes in a conversation.
    pub fn writes(&self, who: Role, thread: &str, body: &str) -> Written {
        self.mirakl().write(Draft::new(Target::Thread(thread.to_owned()), who, body, Via::Panel)).unwrap()
    }

    /// The messages of a conversation at the marketplace.
    pub fn messages_of(&self, thread: &str) -> Vec<Value> {
        let state = self.mirakl().state();
        let threads = state["threads"].as_array().cloned().unwrap_or_default();
        let thread = threads.into_iter().find(|t| t["id"] == thread).unwrap_or_default();
        thread["messages"].as_array().cloned().unwrap_or_default()
    }

    /// How often a text came to the marketplace over the API, in all conversations.
    pub fn times_sent(&self, text: &str) -> usize {
        let state = self.mirakl().state();
        let threads = state["threads"].as_array().cloned().unwrap_or_default();
        let messages = threads.iter().flat_map(|t| t["messages"].as_array().cloned().unwrap_or_default());
        messages.filter(|m| m["via"] == "api" && m["body"].as_str().is_some_and(|b| b.contains(text))).count()
    }

    /// Ticks until a text has come to the marketplace over the API this often.
    pub async fn until_sent(&self, text: &str, times: usize) {
        eventually(&format!("{text:?} at the marketplace"), Duration::from_secs(60), async || {
            self.tick().await;
            match self.times_sent(text) {
                n if n == times => Ok(()),
                n => Err(format!("{n} times")),
            }
        })
        .await;
    }

    /// All tickets, newest activity first.
    pub async fn tickets(&self) -> Vec<Value> {
        let mut all = Vec::new();
        let mut after = String::new();
        loop {
            let page = self.api.json(&format!("/api/v1/tickets?limit=50{after}")).await;
            all.extend(page["data"].as_array().cloned().unwrap_or_default());
            match &page["next"] {
                Value::Null => return all,
                next => after = format!("&after={}", next.to_string().trim_matches('"')),
            }
            assert!(all.len() < 10_000, "the list does not end");
        }
    }

    /// The ticket of a conversation, opened.
    pub async fn ticket_of(&self, thread: &str) -> Value {
        for row in self.tickets().await {
            let ticket = self.ticket(row["id"].as_str().unwrap()).await;
            if ticket["thread"] == thread {
                return ticket;
            }
        }
        panic!("conversation {thread} has no ticket");
    }

    /// A ticket by id or number.
    pub async fn ticket(&self, id: &str) -> Value {
        self.api.json(&format!("/api/v1/tickets/{id}")).await
    }

    /// Replies to a ticket.
    pub async fn reply(&self, ticket: &str, text: &str, key: &str) -> Answer {
        self.api.post(&format!("/api/v1/tickets/{ticket}/replies"), json!({"text": text, "key": key})).await
    }
}

/// A JSON text.
///
/// # Panics
/// If it is none.
#[track_caller]
pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}

/// The entries of a ticket of one kind (`message`, `reply`, `comment`, `event`).
pub fn entries<'a>(ticket: &'a Value, kind: &str) -> Vec<&'a Value> {
    ticket["messages"]
        .as_array()
        .map_or_else(Vec::new, |all| all.iter().filter(|m| m["kind"] == kind).collect())
}

/// The application's variables for a hub beside the stand-ins at `sandbox`.
pub fn variables(sandbox: &str) -> Vec<(String, String)> {
    // Base64 of 32 times the letter k.
    let sealing_key = "a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s=";
    [
        ("sealing_key", sealing_key),
        ("tick_secret", TICK_SECRET),
        ("setup_code", SETUP_CODE),
        ("marketplace_url", sandbox),
        ("extra_marketplace_url", sandbox),
        ("reply_landing_seconds", "2"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into()
}
