//! A client of the hub: a program with a token, or a browser's cookies and forms without the browser.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

use reqwest::header::{HeaderMap, LOCATION, SET_COOKIE};
use reqwest::multipart::Form;
use reqwest::redirect::Policy;
use reqwest::{Method, RequestBuilder};
use serde_json::Value;

const LIMIT: Duration = Duration::from_secs(60);

/// Whoever asks.
pub struct Client {
    client: reqwest::Client,
    base: String,
    token: Option<String>,
    cookies: Mutex<BTreeMap<String, String>>,
}

/// An answer, read whole.
#[derive(Debug, Clone)]
pub struct Answer {
    /// What was asked, for messages.
    pub call: String,
    /// Status.
    pub status: u16,
    /// Head.
    pub headers: HeaderMap,
    /// Body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON; `null` if it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// The body, if the status is this one.
    ///
    /// # Panics
    /// If it is another.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}: {}", self.call, self.text());
        self
    }

    /// The answer, if the OpenAPI document describes it.
    ///
    /// # Panics
    /// If it does not.
    #[track_caller]
    pub fn described(self) -> Self {
        let text = |name: &str| self.headers.get(name).and_then(|v| v.to_str().ok());
        let (method, uri) = self.call.split_once(' ').unwrap_or_default();
        let exchange = mostek_api::check::Exchange {
            method,
            uri,
            sent: ("", b""),
            status: self.status,
            media_type: text("content-type").unwrap_or_default(),
            location: text("location"),
            body: &self.body,
        };
        if let Err(wrong) = mostek_api::check::exchange(&exchange) {
            panic!("{wrong}");
        }
        self
    }

    /// Where it redirects to.
    pub fn location(&self) -> &str {
        self.headers.get(LOCATION).and_then(|v| v.to_str().ok()).unwrap_or_default()
    }

    /// The hidden token of the page's forms.
    ///
    /// # Panics
    /// If the page has none.
    #[track_caller]
    pub fn csrf(&self) -> String {
        let text = self.text();
        let field = text.split("<input").find(|tag| tag.contains("name=\"csrf\""));
        let value =
            field.and_then(|tag| tag.split("value=\"").nth(1)).and_then(|rest| rest.split('"').next());
        value.unwrap_or_else(|| panic!("{} ({}) has no form: {text}", self.call, self.status)).to_owned()
    }
}

impl Client {
    /// Nobody yet.
    pub fn new(base: &str) -> Self {
        let client = reqwest::Client::builder().redirect(Policy::none()).build().unwrap();
        Self { client, base: base.to_owned(), token: None, cookies: Mutex::default() }
    }

    /// A program with an API token.
    pub fn with_token(base: &str, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..Self::new(base) }
    }

    /// Its API token.
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// A request to this path, as this client sends it.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let mut request = self.client.request(method, format!("{}{path}", self.base)).timeout(LIMIT);
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        let cookies = self.cookies.lock().unwrap();
        if !cookies.is_empty() {
            let line: Vec<String> = cookies.iter().map(|(n, v)| format!("{n}={v}")).collect();
            request = request.header("cookie", line.join("; "));
        }
        request
    }

    /// Sends a request and reads the answer; cookies are kept.
    ///
    /// # Errors
    /// If there is no whole answer.
    pub async fn try_send(&self, request: RequestBuilder) -> Result<Answer, reqwest::Error> {
        let request = request.build()?;
        let call = format!("{} {}", request.method(), request.url().path());
        let response = self.client.execute(request).await?;
        for cookie in response.headers().get_all(SET_COOKIE) {
            let Some((name, value)) = cookie.to_str().ok().and_then(|c| c.split(';').next()?.split_once('='))
            else {
                continue;
            };
            let mut cookies = self.cookies.lock().unwrap();
            if value.is_empty() {
                cookies.remove(name.trim());
            } else {
                cookies.insert(name.trim().to_owned(), value.trim().to_owned());
            }
        }
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Ok(Answer { call, status, headers, body: response.bytes().await?.to_vec() })
    }

    /// As [`Self::try_send`].
    ///
    /// # Panics
    /// If there is no whole answer.
    pub async fn send(&self, request: RequestBuilder) -> Answer {
        self.try_send(request).await.unwrap_or_else(|e| panic!("no answer: {e:?}"))
    }

    /// GET.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path)).await
    }

    /// GET of JSON that must succeed.
    pub async fn json(&self, path: &str) -> Value {
        self.get(path).await.expect(200).json()
    }

    /// POST of JSON.
    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(self.request(Method::POST, path).json(&body)).await
    }

    /// PUT of JSON.
    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.send(self.request(Method::PUT, path).json(&body)).await
    }

    /// POST of a form, without a token of its own.
    pub async fn form(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.send(self.request(Method::POST, path).form(fields)).await
    }

    /// POST of a form with files.
    pub async fn multipart(&self, path: &str, form: Form) -> Answer {
        self.send(self.request(Method::POST, path).multipart(form)).await
    }

    /// The page's form sent back: its token first, then these fields.
    pub async fn submit(&self, page: &str, to: &str, fields: &[(&str, &str)]) -> Answer {
        let token = self.get(page).await.csrf();
        let mut all = vec![("csrf", token.as_str())];
        all.extend_from_slice(fields);
        self.form(to, &all).await
    }

    /// A cookie's value.
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.lock().unwrap().get(name).cloned()
    }

    /// Sets a cookie.
    pub fn set_cookie(&self, name: &str, value: &str) {
        self.cookies.lock().unwrap().insert(name.to_owned(), value.to_owned());
    }

    /// Signs in with the form. The answer is the form's.
    pub async fn sign_in(&self, email: &str, password: &str) -> Answer {
        self.submit("/sign-in", "/sign-in", &[("email", email), ("password", password)]).await
    }
}
