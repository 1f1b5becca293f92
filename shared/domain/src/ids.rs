//! Identifiers: 128 bits, shown as 26 characters of lower-case Crockford base32.
//!
//! The text form sorts like the bits, has no character that needs escaping in a URL or a store key, and no `i`, `l`,
//! `o`, `u`. Random bits come from the caller (`mostek_ports::Random`). Where the same fact must always get the same
//! id, so that taking it in twice is taking it in once, the id is computed from the fact.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt;
use thiserror::Error;

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Characters of an id's text form.
pub const ID_CHARS: usize = 26;

/// A text that is not the text form of an id.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
#[error("not an identifier: 26 characters of lower-case base32 are expected")]
pub struct IdError;

fn encode(bits: u128) -> String {
    let mut out = String::with_capacity(ID_CHARS);
    for i in (0..ID_CHARS).rev() {
        let digit = usize::try_from((bits >> (5 * i)) & 31).unwrap_or(0);
        out.push(char::from(ALPHABET.get(digit).copied().unwrap_or(b'0')));
    }
    out
}

/// Accepts the canonical form only, so that one id has one text.
fn decode(text: &str) -> Result<u128, IdError> {
    if text.len() != ID_CHARS {
        return Err(IdError);
    }
    let mut bits: u128 = 0;
    for (i, c) in text.bytes().enumerate() {
        let digit = ALPHABET.iter().position(|a| *a == c).ok_or(IdError)?;
        // 26 digits of 5 bits are 130 bits: the first digit must fit in 3.
        if i == 0 && digit > 7 {
            return Err(IdError);
        }
        bits = (bits << 5) | u128::try_from(digit).map_err(|_| IdError)?;
    }
    Ok(bits)
}

/// The first 128 bits of SHA-256 over the label and the parts, each with its length before it so that no two
/// different lists of parts have the same bytes.
fn digest(label: &str, parts: &[&[u8]]) -> u128 {
    let mut hash = Sha256::new();
    for part in std::iter::once(label.as_bytes()).chain(parts.iter().copied()) {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().iter().take(16).fold(0u128, |bits, b| (bits << 8) | u128::from(*b))
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[cfg_attr(feature = "schema", schemars(extend("pattern" = "^[0-7][0-9a-hjkmnp-tv-z]{25}$")))]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(u128);

        impl $name {
            /// An id of 128 random bits.
            #[must_use]
            pub fn from_random(bits: [u8; 16]) -> Self {
                Self(u128::from_be_bytes(bits))
            }

            /// The id that belongs to these parts: the same parts give the same id, ids of different kinds differ.
            #[must_use]
            pub fn deterministic(parts: &[&[u8]]) -> Self {
                Self(digest(stringify!($name), parts))
            }

            /// Reads the text form.
            ///
            /// # Errors
            /// [`IdError`] if it is anything but the canonical 26 characters.
            pub fn parse(text: &str) -> Result<Self, IdError> {
                decode(text).map(Self)
            }

            /// The bits, big end first.
            #[must_use]
            pub fn to_bytes(self) -> [u8; 16] {
                self.0.to_be_bytes()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&encode(self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), encode(self.0))
            }
        }

        impl std::str::FromStr for $name {
            type Err = IdError;
            fn from_str(s: &str) -> Result<Self, IdError> {
                Self::parse(s)
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;
            fn try_from(s: String) -> Result<Self, IdError> {
                Self::parse(&s)
            }
        }

        impl From<$name> for String {
            fn from(v: $name) -> Self {
                encode(v.0)
            }
        }
    };
}

id!(
    /// The running installation.
    InstallationId
);
id!(
    /// A company (with a NIP) whose data is kept apart from the others'.
    CompanyId
);
id!(
    /// A person who signs in.
    EmployeeId
);
id!(
    /// A signed-in browser. Public name of a session, not its secret.
    SessionId
);
id!(
    /// A personal API token. Its public name, not its secret.
    TokenId
);
id!(
    /// A one-time invitation. Its public name, not its secret.
    InvitationId
);
id!(
    /// An entry of the audit journal.
    AuditId
);
id!(
    /// A connection to an outside system, for instance one shop on a marketplace.
    ConnectionId
);
id!(
    /// A ticket.
    TicketId
);
id!(
    /// A message or comment within a ticket.
    MessageId
);
id!(
    /// A reply on its way out.
    ReplyId
);
id!(
    /// A file that waits to be sent.
    UploadId
);
id!(
    /// A record of the CRM.
    CustomerId
);
id!(
    /// A field that administrators added to CRM records.
    FieldId
);
id!(
    /// The merging of two CRM records.
    MergeId
);
id!(
    /// The taking in of a file with CRM records.
    ImportId
);
id!(
    /// A queue of tickets.
    QueueId
);
id!(
    /// A category of tickets.
    CategoryId
);
id!(
    /// A reply template.
    TemplateId
);
id!(
    /// A tag that tickets carry.
    TagId
);
id!(
    /// A company's own name for a part of a status.
    SubStatusId
);
id!(
    /// A saved view of the ticket list.
    ViewId
);
id!(
    /// An address that is told of our events.
    WebhookId
);
id!(
    /// An event on its way to such an address. Its id there, the same at every attempt.
    DeliveryId
);
id!(
    /// A macro: steps that a person runs on a ticket.
    MacroId
);
id!(
    /// An automation: steps that the timer runs on tickets.
    AutomationId
);

impl TicketId {
    /// The ticket of a remote conversation: one thread of one connection is one ticket (H6).
    #[must_use]
    pub fn of_thread(connection: ConnectionId, remote_thread: &str) -> Self {
        Self::deterministic(&[&connection.to_bytes(), remote_thread.as_bytes()])
    }
}

impl MessageId {
    /// The message of a remote message, so that it counts once however often it is read.
    #[must_use]
    pub fn of_remote(connection: ConnectionId, remote_message: &str) -> Self {
        Self::deterministic(&[&connection.to_bytes(), remote_message.as_bytes()])
    }
}

impl CustomerId {
    /// The record that is added for a marketplace customer: found again through the field that holds the customer's
    /// marketplace id (H10), so that two tickets that arrive at once add one record.
    #[must_use]
    pub fn of_marketplace(company: CompanyId, field: FieldId, marketplace_customer: &str) -> Self {
        Self::deterministic(&[&company.to_bytes(), &field.to_bytes(), marketplace_customer.as_bytes()])
    }
}

/// A ticket's number within its company, counted from 1; shown as `#1042`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct TicketNumber(pub u64);

impl TicketNumber {
    /// Reads `1042`, `#1042` or ` # 1042 `.
    ///
    /// # Errors
    /// [`TicketNumberError`] if it is not a whole number of at least 1.
    pub fn parse(text: &str) -> Result<Self, TicketNumberError> {
        let text = text.trim();
        let digits = text.strip_prefix('#').unwrap_or(text).trim();
        if !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(TicketNumberError);
        }
        match digits.parse() {
            Ok(n) if n >= 1 => Ok(Self(n)),
            _ => Err(TicketNumberError),
        }
    }
}

impl fmt::Display for TicketNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}

/// A text that is not a ticket number.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
#[error("not a ticket number")]
pub struct TicketNumberError;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn text_and_json_round_trip(bits: [u8; 16]) {
            let id = TicketId::from_random(bits);
            let text = id.to_string();
            prop_assert_eq!(text.len(), ID_CHARS);
            prop_assert!(text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()));
            prop_assert_eq!(TicketId::parse(&text), Ok(id));
            prop_assert_eq!(id.to_bytes(), bits);
            let json = serde_json::to_string(&id).unwrap();
            prop_assert_eq!(serde_json::from_str::<TicketId>(&json).unwrap(), id);
        }

        #[test]
        fn text_sorts_like_the_bits(a: [u8; 16], b: [u8; 16]) {
            let (a, b) = (TicketId::from_random(a), TicketId::from_random(b));
            prop_assert_eq!(a.cmp(&b), a.to_string().cmp(&b.to_string()));
        }

        #[test]
        fn what_parses_is_canonical(text in "[0-9a-z]{26}|\\PC{0,40}") {
            if let Ok(id) = TicketId::parse(&text) {
                prop_assert_eq!(id.to_string(), text);
            }
        }
    }

    #[test]
    fn too_many_bits_upper_case_and_excluded_letters_are_refused() {
        assert!(TicketId::parse("7zzzzzzzzzzzzzzzzzzzzzzzzz").is_ok());
        assert_eq!(TicketId::parse("80000000000000000000000000"), Err(IdError));
        assert_eq!(TicketId::parse("0000000000000000000000000A"), Err(IdError));
        assert_eq!(TicketId::parse("0000000000000000000000000l"), Err(IdError));
        assert_eq!(TicketId::parse("000000000000000000000000ł"), Err(IdError));
        assert_eq!(TicketId::parse(""), Err(IdError));
    }

    #[test]
    fn computed_ids_depend_on_every_part_on_their_borders_and_on_the_kind() {
        let (c1, c2) = (ConnectionId::from_random([1; 16]), ConnectionId::from_random([2; 16]));
        assert_eq!(TicketId::of_thread(c1, "t"), TicketId::of_thread(c1, "t"));
        assert_ne!(TicketId::of_thread(c1, "t"), TicketId::of_thread(c2, "t"));
        assert_ne!(TicketId::of_thread(c1, "t"), TicketId::of_thread(c1, "u"));
        assert_ne!(TicketId::deterministic(&[b"ab", b"c"]), TicketId::deterministic(&[b"a", b"bc"]));
        assert_ne!(TicketId::of_thread(c1, "t").to_bytes(), MessageId::of_remote(c1, "t").to_bytes());
    }

    /// These ids are in stores: a change of the rule would make every old thread a new ticket.
    #[test]
    fn computed_ids_never_change() {
        let c = ConnectionId::from_random([7; 16]);
        assert_eq!(TicketId::of_thread(c, "702c3e56").to_string(), "335mg8ata8yrgmrwnj98b0t1ba");
    }

    #[test]
    fn ticket_numbers() {
        assert_eq!(TicketNumber(1042).to_string(), "#1042");
        assert_eq!(TicketNumber::parse(" #1042 "), Ok(TicketNumber(1042)));
        assert_eq!(TicketNumber::parse("7"), Ok(TicketNumber(7)));
        for bad in ["", "#", "0", "-1", "+1", "1.0", "99999999999999999999999", "##1"] {
            assert_eq!(TicketNumber::parse(bad), Err(TicketNumberError), "{bad}");
        }
    }
}
