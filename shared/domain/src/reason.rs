//! Why something with another system did not work, for people in their language and for programs in English.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A reason as it is kept. What was written before there were codes has only `why`, which is then shown as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Reason {
    /// The whole of it in English, for logs and programs.
    pub why: String,
    /// Which of our own reasons it is, for the catalogues.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<Code>,
    /// The status of the other side's answer, if it is told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// What the other side or the network said, in their own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said: Option<String>,
}

impl Reason {
    /// One of our own reasons.
    #[must_use]
    pub fn known(code: Code, why: impl Into<String>) -> Self {
        Self { why: why.into(), code: Some(code), ..Self::default() }
    }

    /// A text that is shown as it is.
    #[must_use]
    pub fn told(why: impl Into<String>) -> Self {
        Self { why: why.into(), ..Self::default() }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.why)
    }
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $slug:literal,)*) => {
        /// Our own reasons.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        pub enum Code {
            $($(#[$doc])* #[serde(rename = $slug)] $name,)*
            /// One that a newer program wrote: its English text is shown.
            #[serde(other, rename = "unknown")]
            Unknown,
        }

        impl Code {
            /// All that have a text in the catalogues.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// A stable name, for the catalogues.
            #[must_use]
            pub fn slug(self) -> &'static str {
                match self {
                    $(Self::$name => $slug,)*
                    Self::Unknown => "unknown",
                }
            }
        }
    };
}

codes! {
    /// The key is not accepted.
    WrongKey = "wrong-key",
    /// The key has no right to this.
    NoRight = "no-right",
    /// What was asked for is not there.
    NotFound = "not-found",
    /// Too many requests.
    Throttled = "throttled",
    /// The request was refused as it is.
    Rejected = "rejected",
    /// The other side has a problem of its own.
    Unavailable = "unavailable",
    /// The address answers with something else.
    Elsewhere = "elsewhere",
    /// The answer cannot be read.
    Unreadable = "unreadable",
    /// The answer is too long.
    TooLarge = "too-large",
    /// The request never left.
    NotSent = "not-sent",
    /// The request may have left and no whole answer came.
    NoAnswer = "no-answer",
    /// Not every long conversation could be read whole yet.
    Incomplete = "incomplete",
    /// A problem of the hub's own.
    Internal = "internal",
    /// Whoever was sending did not come back.
    SenderLost = "sender-lost",
    /// Whoever was deciding did not come back.
    DeciderLost = "decider-lost",
    /// The connection that a ticket came by was deleted.
    ConnectionDeleted = "connection-deleted",
    /// The source of a ticket takes no answers.
    NoAddress = "no-address",
    /// The address that takes a source's answers is switched off or gone.
    AddressOff = "address-off",
    /// The settings of that address do not let anything be sent there.
    AddressUnusable = "address-unusable",
    /// The shop has written something else since.
    WroteElse = "wrote-else",
    /// The data are from a backup, and what was decided since is not known.
    Restored = "restored",
    /// Text or files of a reply cannot be read any more.
    ContentLost = "content-lost",
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_old_reason_is_a_text_and_one_of_a_newer_program_too() {
        let old: Reason = serde_json::from_value(json!({"why": "too many requests"})).unwrap();
        assert_eq!(old, Reason::told("too many requests"));
        let newer: Reason = serde_json::from_value(json!({"why": "x", "code": "of-tomorrow"})).unwrap();
        assert_eq!((newer.code, newer.to_string().as_str()), (Some(Code::Unknown), "x"));
        for code in Code::ALL {
            let reason = Reason::known(*code, "x");
            let written = serde_json::to_value(&reason).unwrap();
            assert_eq!(written, json!({"why": "x", "code": code.slug()}));
            assert_eq!(serde_json::from_value::<Reason>(written).unwrap(), reason);
        }
    }
}
