//! The marketplace stand-in, over real HTTP.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod control;
mod demo;
mod failing;
mod panel;
mod reading;
mod writing;

use std::time::Duration;

use mostek_sandbox::{Config, Running};
use reqwest::multipart::{Form, Part};
use reqwest::{Client, RequestBuilder, Response};
use serde_json::{Value, json};

pub const KEY: &str = "sandbox-key-2000";

/// A sandbox of its own for one test, and a client to it.
pub struct Bench {
    pub running: Running,
    pub client: Client,
}

impl Bench {
    pub async fn start() -> Self {
        Self::with(Config::default()).await
    }

    pub async fn with(config: Config) -> Self {
        Self { running: mostek_sandbox::start(config).await.unwrap(), client: Client::new() }
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.running.mirakl_base())
    }

    pub fn get(&self, path: &str) -> RequestBuilder {
        self.client.get(self.url(path)).header("authorization", KEY)
    }

    pub fn post(&self, path: &str) -> RequestBuilder {
        self.client.post(self.url(path)).header("authorization", KEY)
    }

    /// A successful GET as JSON.
    pub async fn json(&self, path: &str) -> Value {
        let response = self.get(path).send().await.unwrap();
        assert_eq!(response.status(), 200, "{path}");
        response.json().await.unwrap()
    }

    /// A successful order to the control API.
    pub async fn control(&self, path: &str, body: Value) -> Value {
        let response =
            self.client.post(self.url(&format!("/control/{path}"))).json(&body).send().await.unwrap();
        let status = response.status();
        let text = response.text().await.unwrap();
        assert!(status.is_success(), "{path}: {status} {text}");
        serde_json::from_str(&text).unwrap_or(Value::Null)
    }

    /// A customer writes about a new order; returns ids of conversation, message and order.
    pub async fn customer_writes(&self, body: &str) -> Value {
        self.control("messages", json!({"as": "customer", "body": body})).await
    }

    /// M12 with a text to the customer.
    pub fn reply(&self, thread: &str, body: &str) -> RequestBuilder {
        self.reply_with(thread, &json!({"body": body, "to": [{"type": "CUSTOMER"}]}), vec![])
    }

    pub fn reply_with(&self, thread: &str, input: &Value, files: Vec<(&str, Vec<u8>)>) -> RequestBuilder {
        let part = Part::text(input.to_string()).mime_str("application/json").unwrap();
        let mut form = Form::new().part("message_input", part);
        for (name, bytes) in files {
            form = form.part("files", Part::bytes(bytes).file_name(name.to_owned()));
        }
        self.post(&format!("/api/inbox/threads/{thread}/message")).multipart(form)
    }

    /// Asks M10 until the thread has so many messages, and returns it.
    pub async fn until_count(&self, thread: &str, count: u64) -> Value {
        for _ in 0..1_000 {
            let seen = self.json(&format!("/api/inbox/threads/{thread}")).await;
            if seen["metadata"]["total_count"] == count {
                return seen;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("there never were {count} messages");
    }

    /// Follows M11 to its end; the ids of every page, bounded.
    pub async fn pages(&self, first: &str) -> Vec<Vec<String>> {
        let mut pages = Vec::new();
        let mut path = first.to_owned();
        for _ in 0..100 {
            let body = self.json(&path).await;
            let ids = body["data"].as_array().unwrap().iter().map(|t| t["id"].as_str().unwrap().to_owned());
            pages.push(ids.collect());
            let Some(token) = body["next_page_token"].as_str() else { return pages };
            path = format!("/api/inbox/threads?page_token={}", encoded(token));
        }
        panic!("the pages have no end");
    }
}

pub fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// The documented form of an error, with the status in the body too.
pub async fn assert_refused(response: Response, status: u16) {
    assert_eq!(response.status(), status);
    let body: Value = response.json().await.unwrap();
    assert_eq!(body["status"], status);
    assert!(body["message"].as_str().is_some_and(|text| !text.is_empty()), "{body}");
}
