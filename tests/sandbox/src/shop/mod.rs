//! A stand-in of a WooCommerce-like shop: it signs its events, sends them to the hub and sends them again when they are not
//! taken; and it hears of the hub's own events.
//!
//! Under `/shop` a person causes events in a browser, under `/shop/control` a test does the same as JSON, and
//! `/shop/inbox` is an address that the hub's webhooks may be sent to.

mod control;
mod page;
mod send;

use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use serde::Serialize;
use serde_json::{Value, json};

use crate::clock;

/// Deliveries and messages kept; older ones are forgotten.
const KEPT: usize = 200;

/// Where events go, and what signs them.
#[derive(Debug, Clone, Default)]
pub struct Target {
    /// The address that the hub shows.
    pub address: String,
    /// The secret that is set there.
    pub secret: String,
}

/// An event on its way, or arrived.
#[derive(Debug, Clone, Serialize)]
pub struct Delivery {
    /// The same at every attempt.
    pub id: String,
    /// The event's type.
    pub topic: String,
    /// The body as it is sent.
    pub body: String,
    /// What came of each attempt: a status, or why there was none.
    pub attempts: Vec<String>,
    /// Whether it was taken.
    pub taken: bool,
}

/// A message of the hub.
#[derive(Debug, Clone, Serialize)]
pub struct Heard {
    /// Its id.
    pub id: String,
    /// Its headers that matter for checking it.
    pub timestamp: String,
    /// The signatures.
    pub signature: String,
    /// The body as it came.
    pub body: String,
}

#[derive(Debug, Default)]
struct Inner {
    target: Target,
    /// Numbers of orders, questions and reviews.
    next: u64,
    deliveries: Vec<Delivery>,
    heard: Vec<Heard>,
    /// What the inbox answers; 204 unless a test says otherwise.
    answer: Option<u16>,
}

/// The shop.
#[derive(Debug)]
pub struct Shop {
    inner: Mutex<Inner>,
    client: reqwest::Client,
    seed: u64,
}

impl Shop {
    /// A shop that sends nothing yet; the seed decides ids.
    pub fn new(seed: u64) -> Arc<Self> {
        Arc::new(Self { inner: Mutex::default(), client: reqwest::Client::new(), seed })
    }

    fn with<T>(&self, act: impl FnOnce(&mut Inner) -> T) -> T {
        // A test that panicked while holding the lock leaves nothing half done that matters here.
        act(&mut self.inner.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Sends events there from now on, beginning with WooCommerce's unsigned greeting.
    pub fn connect(self: &Arc<Self>, target: Target) {
        self.with(|inner| inner.target = target);
        tokio::spawn(send::greeting(Arc::clone(self)));
    }

    /// An event happens: it is signed and sent, again and again until it is taken. Gives the delivery's id.
    pub fn cause(self: &Arc<Self>, topic: &str, body: String) -> String {
        let id = self.with(|inner| {
            inner.next += 1;
            let id = format!("{:016x}{:04x}", self.seed, inner.next);
            let delivery =
                Delivery { id: id.clone(), topic: topic.into(), body, attempts: Vec::new(), taken: false };
            inner.deliveries.push(delivery);
            forget(&mut inner.deliveries);
            id
        });
        tokio::spawn(send::deliver(Arc::clone(self), id.clone()));
        id
    }

    /// Sends a delivery once more, whatever came of it.
    pub fn again(self: &Arc<Self>, id: &str) {
        tokio::spawn(send::deliver(Arc::clone(self), id.to_owned()));
    }

    /// A customer places an order.
    pub fn order(self: &Arc<Self>, customer: &str, note: &str) -> String {
        let number = self.with(|inner| inner.next + 1_001);
        let (first, last) = customer.split_once(' ').unwrap_or((customer, ""));
        let body = json!({
            "id": number, "number": number.to_string(), "status": "processing", "currency": "PLN",
            "total": "129.00", "customer_id": customer_id(customer), "customer_note": note,
            "billing": {"first_name": first, "last_name": last, "email": email(customer)},
            "date_created_gmt": local(clock::now_ms()), "date_modified_gmt": local(clock::now_ms()),
            "line_items": [{"name": "Kubek", "quantity": 2, "total": "129.00"}],
        });
        self.cause("order.created", body.to_string())
    }

    /// A customer asks a question; questions of the same conversation belong together.
    pub fn question(self: &Arc<Self>, customer: &str, conversation: &str, text: &str) -> String {
        let body = json!({
            "conversation_id": conversation, "message": text, "subject": "Pytanie o produkt",
            "customer": {"id": customer_id(customer), "name": customer, "email": email(customer)},
            "date_created_gmt": local(clock::now_ms()),
        });
        self.cause("question.asked", body.to_string())
    }

    /// A customer writes a review.
    pub fn review(self: &Arc<Self>, customer: &str, rating: u8, text: &str) -> String {
        let body = json!({
            "product_name": "Kubek", "rating": rating, "review": format!("<p>{text}</p>"),
            "customer_id": customer_id(customer), "reviewer": customer, "reviewer_email": email(customer),
            "date_created_gmt": local(clock::now_ms()),
        });
        self.cause("review.created", body.to_string())
    }

    /// The deliveries, latest first.
    pub fn deliveries(&self) -> Vec<Delivery> {
        self.with(|inner| inner.deliveries.iter().rev().cloned().collect())
    }

    /// A delivery.
    pub fn delivery(&self, id: &str) -> Option<Delivery> {
        self.with(|inner| inner.deliveries.iter().find(|d| d.id == id).cloned())
    }

    /// What the hub has said, latest first.
    pub fn heard(&self) -> Vec<Heard> {
        self.with(|inner| inner.heard.iter().rev().cloned().collect())
    }

    /// Lets the inbox answer with this status from now on.
    pub fn answer_with(&self, status: Option<u16>) {
        self.with(|inner| inner.answer = status);
    }

    fn hear(&self, heard: Heard) -> u16 {
        self.with(|inner| {
            inner.heard.push(heard);
            forget(&mut inner.heard);
            inner.answer.unwrap_or(204)
        })
    }

    /// Target (without its secret), deliveries and messages.
    pub fn state(&self) -> Value {
        let address = self.with(|inner| inner.target.address.clone());
        json!({"address": address, "deliveries": self.deliveries(), "heard": self.heard()})
    }

    /// The routes under `/shop`.
    pub fn routes(self: &Arc<Self>) -> Router {
        Router::new().merge(control::routes()).merge(page::routes()).with_state(Arc::clone(self))
    }
}

fn forget<T>(kept: &mut Vec<T>) {
    if kept.len() > KEPT {
        kept.drain(..kept.len() - KEPT);
    }
}

/// The same name is the same customer.
fn customer_id(name: &str) -> u64 {
    name.bytes().fold(7, |id, b| (id * 31 + u64::from(b)) % 90_000) + 10_000
}

fn email(name: &str) -> String {
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '.' }).collect();
    format!("{}@example.com", plain.trim_matches('.'))
}

/// UTC without a time zone, as WooCommerce writes its `..._gmt` fields.
fn local(ms: i64) -> String {
    clock::iso(ms).trim_end_matches('Z').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_customer_has_the_same_id_and_an_address() {
        assert_eq!(customer_id("Anna Nowak"), customer_id("Anna Nowak"));
        assert_ne!(customer_id("Anna Nowak"), customer_id("Jan Kowalski"));
        assert_eq!(email("Anna Nowak"), "anna.nowak@example.com");
        assert_eq!(local(1_759_394_196_000), "2025-10-02T08:36:36");
    }
}
