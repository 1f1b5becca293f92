//! A message that survives one redirect: shown as a toast on the next page.

use crate::cookie::Cookie;
use crate::request::Request;
use crate::response::Response;
use crate::text::{Arg, Text};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// The cookie's name.
pub(crate) const COOKIE: &str = "flash";
/// Browsers keep at least 4,096 bytes per cookie.
const LONGEST: usize = 3000;

/// What kind of news it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tone {
    /// It worked.
    Success,
    /// Good to know.
    Info,
    /// Worth a look.
    Warning,
    /// It did not work.
    Danger,
}

impl Tone {
    /// The name used in class names.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Danger => "danger",
        }
    }

    /// The icon that says the same as the colour.
    #[must_use]
    pub fn icon(self) -> &'static str {
        match self {
            Self::Success => "check",
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Danger => "error",
        }
    }
}

/// A toast.
#[derive(Debug, Clone, PartialEq)]
pub struct Flash {
    /// Its kind.
    pub tone: Tone,
    /// Its text.
    pub text: Text,
}

/// The cookie's content. Anybody can write a cookie, so it holds a key and plain values, never HTML.
#[derive(Serialize, Deserialize)]
struct Wire {
    t: Tone,
    k: String,
    #[serde(default)]
    a: Vec<(String, WireArg)>,
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum WireArg {
    Number(i64),
    Text(String),
    Nested { k: String, a: Vec<(String, WireArg)> },
}

fn wire(text: &Text) -> (String, Vec<(String, WireArg)>) {
    let a = text.args.iter().map(|(n, v)| {
        let v = match v {
            Arg::Text(s) => WireArg::Text(s.chars().take(200).collect()),
            Arg::Number(n) => WireArg::Number(*n),
            Arg::Bytes(n) => WireArg::Number(i64::try_from(*n).unwrap_or(i64::MAX)),
            Arg::Moment(m) => WireArg::Text(crate::time::iso(*m)),
            Arg::Nested(text) => {
                let (k, a) = wire(text);
                WireArg::Nested { k, a }
            }
        };
        (n.to_string(), v)
    });
    (text.key.to_string(), a.collect())
}

fn unwired(key: String, args: Vec<(String, WireArg)>) -> Text {
    args.into_iter().fold(Text::new(key), |t, (name, value)| match value {
        WireArg::Number(n) => t.with(name, n),
        WireArg::Text(s) => t.with(name, s),
        WireArg::Nested { k, a } => t.with(name, unwired(k, a)),
    })
}

impl Flash {
    /// A toast of a tone.
    #[must_use]
    pub fn new(tone: Tone, text: impl Into<Text>) -> Self {
        Self { tone, text: text.into() }
    }

    /// "It worked."
    #[must_use]
    pub fn success(text: impl Into<Text>) -> Self {
        Self::new(Tone::Success, text)
    }

    /// Adds it to a response (a redirect as a rule) as a cookie of one minute.
    #[must_use]
    pub fn on(&self, response: Response) -> Response {
        let (k, a) = wire(&self.text);
        let wire = Wire { t: self.tone, k, a };
        let value = serde_json::to_vec(&wire).map(|v| URL_SAFE_NO_PAD.encode(v)).unwrap_or_default();
        if value.is_empty() || value.len() > LONGEST {
            return response;
        }
        response.cookie(Cookie::new(COOKIE, value).lasting(Duration::from_secs(60)))
    }

    /// The toast a request brings along, if it is readable.
    #[must_use]
    pub fn of(request: &Request) -> Option<Self> {
        let value = request.cookie(COOKIE).filter(|v| v.len() <= LONGEST)?;
        let wire: Wire = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(value).ok()?).ok()?;
        let text = unwired(wire.k, wire.a);
        Some(Self { tone: wire.t, text })
    }
}
