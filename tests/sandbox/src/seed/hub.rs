//! A client of the hub's API: JSON in, JSON out, an error in words otherwise.

use std::time::Duration;

use reqwest::{Client, Method};
use serde_json::Value;

/// One request may take this long; polling forty conversations is one request.
const LIMIT: Duration = Duration::from_secs(60);

/// Why the data could not be put in.
#[derive(Debug, thiserror::Error)]
pub enum Failed {
    /// The hub was set up before.
    #[error("the hub is set up already; nothing was changed")]
    SetUpAlready,
    /// The hub or the sandbox answered with an error.
    #[error("{call}: {status}: {answer}")]
    Refused {
        /// Method and path.
        call: String,
        /// The HTTP status.
        status: u16,
        /// The answer's body, cut.
        answer: String,
    },
    /// There was no answer.
    #[error("{call}: {source}")]
    Unreachable {
        /// Method and path.
        call: String,
        /// What happened.
        source: reqwest::Error,
    },
    /// An answer lacks something.
    #[error("{call}: the answer has no {member}: {answer}")]
    Incomplete {
        /// Method and path.
        call: String,
        /// What is missing, as a JSON pointer.
        member: String,
        /// The answer.
        answer: String,
    },
    /// Not all conversations became tickets.
    #[error("{tickets} tickets after {polls} polls instead of {wanted}; the last poll said {last}")]
    Unfinished {
        /// Tickets there are.
        tickets: u64,
        /// Conversations there are at the sandbox.
        wanted: u64,
        /// Polls made.
        polls: u32,
        /// The last poll's report.
        last: String,
    },
    /// The hub did not take the shop's events.
    #[error("the hub did not take the shop's events: {0}")]
    Shop(String),
    /// The marketplace connection did not work.
    #[error("the sandbox's key does not work: {0}")]
    Key(String),
}

/// The hub (or sandbox) at an address, with a token once there is one.
pub struct Hub {
    client: Client,
    base: String,
    token: Option<String>,
}

/// An answer with what it answers, so that a missing member can be named.
pub struct Answer {
    call: String,
    body: Value,
}

impl Answer {
    /// The text at a JSON pointer.
    ///
    /// # Errors
    /// [`Failed::Incomplete`].
    pub fn text(&self, pointer: &str) -> Result<String, Failed> {
        self.body
            .pointer(pointer)
            .and_then(Value::as_str)
            .map(str::to_owned)
            .ok_or_else(|| self.lacks(pointer))
    }

    /// The number at a JSON pointer.
    ///
    /// # Errors
    /// [`Failed::Incomplete`].
    pub fn number(&self, pointer: &str) -> Result<u64, Failed> {
        self.body.pointer(pointer).and_then(Value::as_u64).ok_or_else(|| self.lacks(pointer))
    }

    /// The members of `data`.
    pub fn rows(&self) -> &[Value] {
        self.body.get("data").and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    /// The whole of it.
    pub fn body(&self) -> &Value {
        &self.body
    }

    fn lacks(&self, member: &str) -> Failed {
        Failed::Incomplete {
            call: self.call.clone(),
            member: member.to_owned(),
            answer: cut(&self.body.to_string()),
        }
    }
}

impl Hub {
    /// For an address such as `http://127.0.0.1:3000`.
    pub fn at(base: &str) -> Self {
        Self { client: Client::new(), base: base.trim_end_matches('/').to_owned(), token: None }
    }

    /// Sends this API token from now on.
    pub fn sign(&mut self, token: String) {
        self.token = Some(token);
    }

    /// GET.
    ///
    /// # Errors
    /// [`Failed::Refused`], [`Failed::Unreachable`].
    pub async fn get(&self, path: &str) -> Result<Answer, Failed> {
        self.call(Method::GET, path, None).await
    }

    /// POST.
    ///
    /// # Errors
    /// [`Failed::Refused`], [`Failed::Unreachable`].
    pub async fn post(&self, path: &str, body: Value) -> Result<Answer, Failed> {
        self.call(Method::POST, path, Some(body)).await
    }

    /// PUT.
    ///
    /// # Errors
    /// [`Failed::Refused`], [`Failed::Unreachable`].
    pub async fn put(&self, path: &str, body: Value) -> Result<Answer, Failed> {
        self.call(Method::PUT, path, Some(body)).await
    }

    async fn call(&self, method: Method, path: &str, body: Option<Value>) -> Result<Answer, Failed> {
        let call = format!("{method} {path}");
        let mut request = self.client.request(method, format!("{}{path}", self.base)).timeout(LIMIT);
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        let unreachable = |source| Failed::Unreachable { call: call.clone(), source };
        let response = request.send().await.map_err(unreachable)?;
        let status = response.status().as_u16();
        let text = response.text().await.map_err(unreachable)?;
        if !(200..300).contains(&status) {
            return Err(Failed::Refused { call, status, answer: cut(&text) });
        }
        // 204 has no body.
        Ok(Answer { call, body: serde_json::from_str(&text).unwrap_or_default() })
    }
}

fn cut(text: &str) -> String {
    text.chars().take(600).collect()
}
