//! A marketplace in memory that speaks Mirakl's protocol as far as the use cases need it, and a desk that is set up.
#![allow(dead_code, clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

pub mod bench;
pub mod service;
pub mod versions;
pub mod yielding;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use mostek_connectors::{ApiKey, BaseAddress, LinkTemplate, ShopId};
use mostek_domain::{CompanyId, EmployeeId, FieldId, Label, QueueId, Timestamp};
use mostek_helpdesk::connection::{self, Connection, Fact, Setup};
use mostek_helpdesk::{desk, reply};
use mostek_people::sealed;
use mostek_ports::{Clock, OutgoingRequest, WholeResponse, World};
use mostek_store::{Actor, Commit};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::Duration;

pub const SEALING_KEY: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

/// A thread of the marketplace.
#[derive(Debug, Clone)]
pub struct RemoteThread {
    pub id: String,
    pub order: Option<String>,
    pub customer: String,
    pub messages: Vec<Value>,
    pub updated: i64,
}

/// The marketplace.
#[derive(Debug, Clone, Default)]
pub struct Remote {
    pub threads: Vec<RemoteThread>,
    pub orders: BTreeMap<String, Value>,
    pub now: i64,
    pub next: u64,
    /// Requests by operation.
    pub requests: BTreeMap<&'static str, u64>,
    /// Conversations per page, whatever is asked for.
    pub page: usize,
    /// What conversations are about, where it is not the usual.
    pub topics: BTreeMap<String, Value>,
    /// Answered to everything.
    pub refuse: Option<(u16, Option<&'static str>)>,
    /// Answered to replies after they were accepted.
    pub reply_status: Option<u16>,
}

pub fn iso(ms: i64) -> String {
    let z = ms.div_euclid(1000);
    let (days, secs) = (z.div_euclid(86_400), z.rem_euclid(86_400));
    // Civil from days (H. Hinnant's algorithm, public domain facts about the calendar).
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z.rem_euclid(146_097);
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let d = doy - (153 * mp + 2) / 5 + 1;
    let m = if mp < 10 { mp + 3 } else { mp - 9 };
    let y = yoe + era * 400 + i64::from(m <= 2);
    let (h, mi, s) = (secs / 3600, secs % 3600 / 60, secs % 60);
    format!("{y:04}-{m:02}-{d:02}T{h:02}:{mi:02}:{s:02}.{:03}Z", ms.rem_euclid(1000))
}

pub fn answer(status: u16, body: &Value) -> WholeResponse {
    WholeResponse {
        status: StatusCode::from_u16(status).unwrap(),
        headers: HeaderMap::new(),
        body: Bytes::from(body.to_string()),
    }
}

impl Remote {
    pub fn writes(&mut self, thread: &str, kind: &str, body: &str) -> String {
        self.next += 1;
        self.now += 1000;
        let (id, now) = (format!("m{}", self.next), self.now);
        let at = match self.threads.iter().position(|t| t.id == thread) {
            Some(at) => at,
            None => {
                self.threads.push(RemoteThread {
                    id: thread.into(),
                    order: Some(format!("{thread}-A")),
                    customer: format!("c-{thread}"),
                    messages: vec![],
                    updated: now,
                });
                self.threads.len() - 1
            }
        };
        let t = &mut self.threads[at];
        t.updated = now;
        t.messages.push(json!({
            "id": id, "body": body, "date_created": iso(now),
            "from": {"type": kind, "display_name": "Anna N."},
            "to": [{"type": "SHOP", "id": "2000", "display_name": "Shop"}],
            "attachments": []
        }));
        id
    }

    pub fn bodies(&self, thread: &str, kind: &str) -> Vec<String> {
        let all = self.threads.iter().filter(|t| t.id == thread).flat_map(|t| &t.messages);
        all.filter(|m| m["from"]["type"] == kind).map(|m| m["body"].as_str().unwrap().to_owned()).collect()
    }

    fn thread(&self, t: &RemoteThread, last: usize) -> Value {
        let from = t.messages.len().saturating_sub(last);
        let usual = || json!({"type": "FREE_TEXT", "value": format!("Temat {}", t.id)});
        let topic = self.topics.get(&t.id).cloned().unwrap_or_else(usual);
        json!({
            "id": t.id, "topic": topic,
            "entities": t.order.iter().map(|o| json!({"type": "MMP_ORDER", "id": o, "label": o})).collect::<Vec<_>>(),
            "authorized_participants": [{"type": "CUSTOMER", "id": t.customer, "display_name": "Anna N."}, {"type": "OPERATOR", "display_name": "Empik"}],
            "current_participants": [],
            "date_created": iso(t.updated), "date_updated": iso(t.updated),
            "messages": t.messages[from..],
            "metadata": {"total_count": t.messages.len(), "last_message_date": iso(t.updated), "shop_reply_needed_since": null}
        })
    }

    pub fn handle(&mut self, request: &OutgoingRequest) -> WholeResponse {
        let path = request.url.path().to_owned();
        let query: BTreeMap<String, String> = request.url.query_pairs().into_owned().collect();
        if let Some((status, retry)) = self.refuse {
            let mut a = answer(status, &json!({"message": "no", "status": status}));
            if let Some(retry) = retry {
                a.headers.insert("retry-after", retry.parse().unwrap());
            }
            return a;
        }
        match (request.method.as_str(), path.split('/').collect::<Vec<_>>().as_slice()) {
            ("GET", ["", "api", "account"]) => {
                answer(200, &json!({"shop_id": 2000, "shop_name": "Shop", "shop_state": "OPEN"}))
            }
            ("GET", ["", "api", "inbox", "threads"]) => {
                *self.requests.entry("M11").or_default() += 1;
                let (since, from) = match query.get("page_token") {
                    Some(token) => {
                        let (since, from) = token.split_once('+').unwrap();
                        (since.to_owned(), from.parse().unwrap())
                    }
                    None => (query.get("updated_since").cloned().unwrap_or_default(), 0usize),
                };
                let mut all: Vec<&RemoteThread> =
                    self.threads.iter().filter(|t| iso(t.updated) >= since).collect();
                all.sort_by_key(|t| std::cmp::Reverse(t.updated));
                let size = if self.page == 0 { 100 } else { self.page };
                let data: Vec<Value> =
                    all.iter().skip(from).take(size).map(|t| self.thread(t, 100)).collect();
                let more = all.len() > from + size;
                let mut body = json!({"data": data});
                if more {
                    body["next_page_token"] = json!(format!("{since}+{}", from + size));
                }
                answer(200, &body)
            }
            ("GET", ["", "api", "inbox", "threads", id]) => {
                *self.requests.entry("M10").or_default() += 1;
                match self.threads.iter().find(|t| t.id == *id) {
                    Some(t) => answer(200, &self.thread(t, usize::MAX)),
                    None => answer(404, &json!({"message": "no thread"})),
                }
            }
            ("POST", ["", "api", "inbox", "threads", id, "message"]) => {
                *self.requests.entry("M12").or_default() += 1;
                let text = String::from_utf8_lossy(&request.body).into_owned();
                let part = &text[text.find("\"message_input\"").unwrap()..];
                let json = &part[part.find("\r\n\r\n").unwrap() + 4..];
                let input: Value = serde_json::from_str(&json[..json.find("\r\n--").unwrap()]).unwrap();
                let message = self.writes(id, "SHOP_USER", input["body"].as_str().unwrap());
                match self.reply_status {
                    Some(status) => answer(status, &json!({"message": "out of order"})),
                    None => answer(201, &json!({"message_id": message, "thread_id": id})),
                }
            }
            ("GET", ["", "api", "orders"]) => {
                *self.requests.entry("OR11").or_default() += 1;
                let ids = query.get("order_ids").cloned().unwrap_or_default();
                let orders: Vec<&Value> = ids.split(',').filter_map(|i| self.orders.get(i)).collect();
                answer(200, &json!({"total_count": orders.len(), "orders": orders}))
            }
            other => panic!("the stand-in does not know {other:?}"),
        }
    }
}

pub fn company() -> CompanyId {
    CompanyId::from_random([1; 16])
}

pub fn field() -> FieldId {
    FieldId::from_random([3; 16])
}

pub fn author() -> reply::Author {
    reply::Author { id: EmployeeId::from_random([2; 16]), name: "Jan Kowalski".into() }
}

pub fn rules(undo: u64) -> reply::Rules {
    reply::Rules { undo: Duration::from_secs(undo), limits: Default::default(), footer: None }
}

pub fn new_reply(text: &str, key: &str) -> reply::NewReply {
    reply::NewReply {
        text: text.into(),
        to: Default::default(),
        files: vec![],
        conversation: None,
        key: key.into(),
    }
}

/// Puts a running connection in place, without asking the marketplace.
pub async fn connect<W: World>(world: &W, add_customers: bool, since: Timestamp) -> Connection {
    let id = mostek_domain::ConnectionId::from_random([9; 16]);
    mostek_people::installation::remember(world, mostek_domain::InstallationId::from_random([8; 16]))
        .await
        .unwrap();
    let key = ApiKey::parse("secret-key-1234567890").unwrap();
    let key = sealed::seal(world, &company(), &connection::seal_purpose(id), key.reveal()).await.unwrap();
    let setup = Setup {
        name: Label::parse("Empik").unwrap(),
        field: Some(field()),
        queue: QueueId::from_random([4; 16]),
        category: None,
        interval: 60,
        add_customers,
        link: LinkTemplate::parse(connection::DEFAULT_LINK).unwrap(),
        source: None,
    };
    let actor = || Actor::System("test".into());
    let mut commit = Commit::by(actor());
    let facts = vec![
        (
            "a".to_owned(),
            Fact::Authenticated {
                id,
                company: company(),
                kind: "EmpikPlace".into(),
                base: BaseAddress::parse("http://marketplace.test").unwrap(),
                shop_id: ShopId::parse("2000").ok(),
                shop_name: None,
                key,
            },
        ),
        ("b".to_owned(), Fact::Saved { id, setup }),
        ("c".to_owned(), Fact::Started { id, since }),
    ];
    commit.append(&connection::journal().unwrap(), None, facts);
    commit.run(world).await.unwrap();
    let field_fact = desk::Fact::Field {
        id: field(),
        name: Label::parse("Empik ID").unwrap(),
        archived: false,
        kind: Default::default(),
    };
    desk::put_fact(world, company(), actor(), field_fact).await.unwrap();
    connection::of_company(world, company(), id).await.unwrap()
}

pub fn long_ago<W: World>(world: &W) -> Timestamp {
    world.clock().now().minus(Duration::from_secs(3600))
}
