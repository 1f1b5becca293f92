//! Where something stands in a JSON body: JSON pointers (RFC 6901), several to choose from, and several put together.
//!
//! `/customer/first_name + /customer/last_name | /billing/company` reads: the two names with a space between them, or, if
//! neither is there, the company. A name with `|`, `+` or spaces around it cannot be pointed at.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;
use thiserror::Error;

/// Characters of an expression at most.
pub const LONGEST: usize = 300;
/// Characters of what is found at most; only texts of messages may be longer.
const FOUND_CHARS: usize = 500;

/// An expression of JSON pointers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Pointer(String);

/// Why a text is no expression.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
pub enum PointerError {
    /// A pointer begins with a slash.
    #[error("a JSON pointer begins with a slash")]
    Slash,
    /// It is too long.
    #[error("it has more than {LONGEST} characters")]
    TooLong,
}

impl PointerError {
    /// A stable name, for message catalogues.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Slash => "pointer-slash",
            Self::TooLong => "pointer-too-long",
        }
    }
}

fn alternatives(text: &str) -> impl Iterator<Item = impl Iterator<Item = &str>> {
    text.split('|').map(|alternative| alternative.split('+').map(str::trim))
}

impl Pointer {
    /// Reads an expression.
    ///
    /// # Errors
    /// [`PointerError`].
    pub fn parse(text: &str) -> Result<Self, PointerError> {
        let text = text.trim();
        if text.chars().count() > LONGEST {
            return Err(PointerError::TooLong);
        }
        if alternatives(text).flatten().any(|p| !p.starts_with('/')) {
            return Err(PointerError::Slash);
        }
        Ok(Self(text.to_owned()))
    }

    /// What stands there, cut to what a name or an id may have: a text, a number, or yes or no. Lists and objects are not
    /// what anybody means, so they count as nothing.
    #[must_use]
    pub fn find(&self, body: &Value) -> Option<String> {
        self.find_long(body).map(|t| t.chars().take(FOUND_CHARS).collect())
    }

    /// The same at its whole length.
    #[must_use]
    pub fn find_long(&self, body: &Value) -> Option<String> {
        self.first_of(body, |_| true)
    }

    /// Who stands there. Shops write 0 where there is nobody, as `WooCommerce` does for whoever buys without an account: taken
    /// for an id, it would make one customer of all of them. Such an alternative counts as one that is not there.
    #[must_use]
    pub fn find_who(&self, body: &Value) -> Option<String> {
        self.first_of(body, |pieces| !pieces.iter().any(|p| p == "0"))
    }

    /// The first alternative of which something is there that will do.
    fn first_of(&self, body: &Value, will_do: impl Fn(&[String]) -> bool) -> Option<String> {
        alternatives(&self.0).find_map(|pieces| {
            let found: Vec<String> = pieces.filter_map(|p| body.pointer(p).and_then(scalar)).collect();
            (!found.is_empty() && will_do(&found)).then(|| found.join(" "))
        })
    }
}

fn scalar(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(t) => t.trim().to_owned(),
        Value::Number(n) => n.to_string(),
        Value::Bool(b) => b.to_string(),
        Value::Null | Value::Array(_) | Value::Object(_) => return None,
    };
    (!text.is_empty()).then_some(text)
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Pointer {
    type Error = PointerError;
    fn try_from(text: String) -> Result<Self, PointerError> {
        Self::parse(&text)
    }
}

impl From<Pointer> for String {
    fn from(p: Pointer) -> Self {
        p.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn find(pointer: &str, body: &Value) -> Option<String> {
        Pointer::parse(pointer).unwrap().find(body)
    }

    #[test]
    fn the_first_that_is_there_put_together_of_those_that_are_there() {
        let body = json!({
            "customer": {"first_name": "Anna", "last_name": " Nowak ", "id": 77, "vip": true, "note": null, "tags": ["a"]},
            "a/b": {"m~n": "x"}, "": "empty"
        });
        assert_eq!(find("/customer/first_name + /customer/last_name", &body).as_deref(), Some("Anna Nowak"));
        assert_eq!(find("/customer/middle_name + /customer/last_name", &body).as_deref(), Some("Nowak"));
        assert_eq!(find("/customer/nick | /customer/id", &body).as_deref(), Some("77"));
        assert_eq!(find("/customer/vip", &body).as_deref(), Some("true"));
        assert_eq!(find("/customer/tags/0", &body).as_deref(), Some("a"));
        assert_eq!(find("/a~1b/m~0n", &body).as_deref(), Some("x"));
        for nothing in ["/customer", "/customer/note", "/customer/tags", "/nobody", "/customer/id/x", "/"] {
            assert!(nothing == "/" || find(nothing, &body).is_none(), "{nothing}");
        }
        assert_eq!(find("/", &body).as_deref(), Some("empty"));
    }

    #[test]
    fn nobody_is_found_by_a_nought() {
        let who = |pointer: &str, body: Value| Pointer::parse(pointer).unwrap().find_who(&body);
        for nought in [json!(0), json!("0"), json!(" 0 ")] {
            let body = json!({"id": nought, "shop": "pl", "mail": "anna@example.com"});
            assert_eq!(who("/id", body.clone()), None);
            assert_eq!(who("/shop + /id", body.clone()), None, "all guests of a shop are not one customer");
            assert_eq!(who("/id | /mail", body).as_deref(), Some("anna@example.com"));
        }
        assert_eq!(who("/id | /mail", json!({"id": 10, "mail": "x"})).as_deref(), Some("10"));
        assert_eq!(
            find("/id", &json!({"id": 0})).as_deref(),
            Some("0"),
            "elsewhere it is a number like others"
        );
    }

    #[test]
    fn long_values_are_cut_unless_they_are_texts() {
        let body = json!({"t": "ż".repeat(2_000)});
        let p = Pointer::parse("/t").unwrap();
        assert_eq!(p.find(&body).unwrap().chars().count(), FOUND_CHARS);
        assert_eq!(p.find_long(&body).unwrap().chars().count(), 2_000);
    }

    #[test]
    fn what_does_not_begin_with_a_slash_is_refused() {
        for bad in ["", "customer/id", "$.id", "/a |", "/a + b", "| /a", "/a || /b"] {
            assert_eq!(Pointer::parse(bad), Err(PointerError::Slash), "{bad:?}");
        }
        assert_eq!(Pointer::parse(&format!("/{}", "x".repeat(LONGEST))), Err(PointerError::TooLong));
        assert!(serde_json::from_value::<Pointer>(json!("x")).is_err());
        assert_eq!(serde_json::to_value(Pointer::parse(" /a ").unwrap()).unwrap(), "/a");
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused_and_found_or_not(text in ".{0,60}", key in "[a-z]{0,4}") {
            if let Ok(p) = Pointer::parse(&text) {
                prop_assert_eq!(&Pointer::parse(&p.to_string()).unwrap(), &p);
                let _ = p.find(&json!({key: [1, {"a": "b"}]}));
            }
        }
    }
}
