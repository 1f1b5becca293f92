//! A text for people that has not been put into a language yet.

use mostek_domain::Reason;
use mostek_domain::reason::Code;
use mostek_ports::Timestamp;
use std::borrow::Cow;

/// A value that goes into a catalogue text.
#[derive(Debug, Clone, PartialEq)]
pub enum Arg {
    /// A text; it is inserted as it is (templates escape the result).
    Text(String),
    /// A whole number: chooses the plural form and is written with the language's digit groups.
    Number(i64),
    /// A size in bytes; written as "10 MB".
    Bytes(u64),
    /// A moment; written as date and time in Warsaw.
    Moment(Timestamp),
    /// Another text of the catalogues.
    Nested(Text),
}

impl From<Text> for Arg {
    fn from(v: Text) -> Self {
        Self::Nested(v)
    }
}
impl From<&Reason> for Arg {
    fn from(v: &Reason) -> Self {
        Self::Nested(v.into())
    }
}

impl From<Timestamp> for Arg {
    fn from(v: Timestamp) -> Self {
        Self::Moment(v)
    }
}

impl From<&str> for Arg {
    fn from(v: &str) -> Self {
        Self::Text(v.to_owned())
    }
}
impl From<String> for Arg {
    fn from(v: String) -> Self {
        Self::Text(v)
    }
}
impl From<&String> for Arg {
    fn from(v: &String) -> Self {
        Self::Text(v.clone())
    }
}
macro_rules! number {
    ($($t:ty),*) => {$(
        impl From<$t> for Arg {
            fn from(v: $t) -> Self {
                Self::Number(i64::try_from(v).unwrap_or(i64::MAX))
            }
        }
    )*};
}
number!(u8, u16, u32, u64, usize, i8, i16, i32, i64);

/// A catalogue key with its arguments: what an error or a toast carries until the reader's language is known.
#[derive(Debug, Clone, PartialEq)]
pub struct Text {
    /// The key in a catalogue, for instance `errors-not-found`.
    pub key: Cow<'static, str>,
    /// Names and values of the arguments.
    pub args: Vec<(Cow<'static, str>, Arg)>,
}

impl Text {
    /// A text without arguments.
    #[must_use]
    pub fn new(key: impl Into<Cow<'static, str>>) -> Self {
        Self { key: key.into(), args: Vec::new() }
    }

    /// Adds an argument.
    #[must_use]
    pub fn with(mut self, name: impl Into<Cow<'static, str>>, value: impl Into<Arg>) -> Self {
        self.args.push((name.into(), value.into()));
        self
    }
}

/// A reason as the middle of a sentence: ours in the reader's language, and what the other side said as it came.
impl From<&Reason> for Text {
    fn from(reason: &Reason) -> Self {
        let Some(code) = reason.code.filter(|c| *c != Code::Unknown) else {
            return Self::new("helpdesk-reason-told").with("why", on_one_line(&reason.why));
        };
        let ours = Self::new(format!("helpdesk-reason-{}", code.slug()));
        let ours = match reason.status {
            Some(status) => Self::new("helpdesk-reason-status").with("reason", ours).with("status", status),
            None => ours,
        };
        match &reason.said {
            Some(said) => {
                Self::new("helpdesk-reason-said").with("reason", ours).with("said", on_one_line(said))
            }
            None => ours,
        }
    }
}

fn on_one_line(text: &str) -> String {
    printable(text).replace(['\n', '\t'], " ")
}

impl From<&'static str> for Text {
    fn from(key: &'static str) -> Self {
        Self::new(key)
    }
}

/// `text` as it may be shown: control characters other than line break and tab are gone, and so are the characters
/// that turn the direction of writing (they can make `gpj.exe` read as `exe.jpg`).
///
/// Escaping HTML is the templates' work, not this function's.
#[must_use]
pub fn printable(text: &str) -> String {
    text.replace("\r\n", "\n").chars().filter(|c| *c == '\n' || *c == '\t' || !is_invisible(*c)).collect()
}

/// Control characters, bidirectional overrides and isolates, zero-width marks at which readers cannot see anything.
pub(crate) fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_and_direction_characters_are_dropped_and_line_breaks_stay() {
        assert_eq!(printable("a\u{0}b\u{1b}[31m\r\nc\td\u{202e}gpj"), "ab[31m\nc\tdgpj");
        assert_eq!(printable("Zażółć 👍"), "Zażółć 👍");
    }
}
