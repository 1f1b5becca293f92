//! Telephone numbers and the consent to send SMS to them.

use crate::Timestamp;
use crate::macros::{checked_text, shown_as_stored};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A telephone number in the international form of E.164: `+` and 8 to 15 digits.
///
/// Numbers typed without a country are Polish: nine digits, none of which is a trunk 0. Eleven digits that begin with
/// 48 are read as a Polish number whose `+` was left out; nine digits that begin with 48 are a national number (the
/// Radom zone has them), so the length decides.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PhoneNumber(String);

/// Why a text is not a telephone number.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
pub enum PhoneError {
    /// Nothing was given.
    #[error("the telephone number is empty")]
    Empty,
    /// Something other than digits, `+`, spaces, dashes, dots, slashes and brackets.
    #[error("a telephone number has only digits, spaces, dashes and a + before them")]
    Character,
    /// The number of digits fits neither a Polish nor an international number.
    #[error("a telephone number does not have {0} digits")]
    Length(usize),
    /// A country code or a Polish number does not begin with this digit.
    #[error("a telephone number does not begin like this")]
    Beginning,
}

impl PhoneError {
    /// A stable name, for message catalogues.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Empty => "phone-empty",
            Self::Character => "phone-character",
            Self::Length(_) => "phone-length",
            Self::Beginning => "phone-beginning",
        }
    }
}

impl PhoneNumber {
    /// Reads a number as people write it: `501 234 567`, `+48 501-234-567`, `0048501234567`, `+420 601 123 456`.
    ///
    /// # Errors
    /// [`PhoneError`] says what is wrong.
    pub fn parse(text: &str) -> Result<Self, PhoneError> {
        let text = text.trim();
        let (mut international, rest) = match text.strip_prefix('+') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let mut digits = String::with_capacity(15);
        let mut count = 0usize;
        for c in rest.chars() {
            if c.is_ascii_digit() {
                count += 1;
                if count <= 17 {
                    digits.push(c);
                }
            } else if !(c.is_whitespace()
                || matches!(c, '-' | '.' | '/' | '(' | ')' | '\u{2010}'..='\u{2014}'))
            {
                return Err(PhoneError::Character);
            }
        }
        if count == 0 {
            return Err(if text.is_empty() { PhoneError::Empty } else { PhoneError::Length(0) });
        }
        if count > 17 {
            return Err(PhoneError::Length(count));
        }
        if !international && let Some(rest) = digits.strip_prefix("00") {
            digits = rest.to_owned();
            international = true;
        }
        if !international {
            match digits.len() {
                9 => digits.insert_str(0, "48"),
                11 if digits.starts_with("48") => {}
                n => return Err(PhoneError::Length(n)),
            }
        }
        if !(8..=15).contains(&digits.len()) {
            return Err(PhoneError::Length(digits.len()));
        }
        if digits.starts_with('0') {
            return Err(PhoneError::Beginning);
        }
        if let Some(national) = digits.strip_prefix("48") {
            if national.len() != 9 {
                return Err(PhoneError::Length(national.len()));
            }
            if national.starts_with('0') {
                return Err(PhoneError::Beginning);
            }
        }
        digits.insert(0, '+');
        Ok(Self(digits))
    }

    /// The nine digits of a Polish number, `None` for any other.
    #[must_use]
    pub fn polish(&self) -> Option<&str> {
        self.0.strip_prefix("+48")
    }

    /// For people: `+48 501 234 567`; other countries' numbers without groups.
    #[must_use]
    pub fn grouped(&self) -> String {
        match self.polish().and_then(|d| Some((d.get(..3)?, d.get(3..6)?, d.get(6..)?))) {
            Some((a, b, c)) => format!("+48 {a} {b} {c}"),
            None => self.0.clone(),
        }
    }
}

checked_text!(PhoneNumber, PhoneError);
shown_as_stored!(PhoneNumber);

/// Whether somebody agreed to get SMS at a number, and how that is known (H9).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SmsConsent {
    /// Yes or no.
    pub given: bool,
    /// When it was given or taken back; `None` if nobody was asked yet.
    pub at: Option<Timestamp>,
    /// Where from, in words: a form's name, an employee, "imported".
    pub source: String,
}

impl SmsConsent {
    /// Nobody was asked: that is a no.
    #[must_use]
    pub fn unknown() -> Self {
        Self { given: false, at: None, source: String::new() }
    }
}

impl Default for SmsConsent {
    fn default() -> Self {
        Self::unknown()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn polish_numbers_in_every_way_of_writing() {
        for text in
            ["501234567", "501 234 567", "+48501234567", "+48 501-234-567", "0048 501.234.567", "48501234567"]
        {
            assert_eq!(PhoneNumber::parse(text).unwrap().as_str(), "+48501234567", "{text}");
        }
        assert_eq!(PhoneNumber::parse("(22) 123-45-67").unwrap().grouped(), "+48 221 234 567");
        assert_eq!(PhoneNumber::parse("483612345").unwrap().as_str(), "+48483612345");
    }

    #[test]
    fn foreign_numbers_need_their_country() {
        let n = PhoneNumber::parse("+420 601 123 456").unwrap();
        assert_eq!((n.as_str(), n.polish(), n.grouped().as_str()), ("+420601123456", None, "+420601123456"));
        assert_eq!(PhoneNumber::parse("420601123456"), Err(PhoneError::Length(12)));
    }

    #[test]
    fn each_fault_has_its_name() {
        assert_eq!(PhoneNumber::parse(" "), Err(PhoneError::Empty));
        assert_eq!(PhoneNumber::parse("+"), Err(PhoneError::Length(0)));
        assert_eq!(PhoneNumber::parse("50123456"), Err(PhoneError::Length(8)));
        assert_eq!(PhoneNumber::parse("+4850123456"), Err(PhoneError::Length(8)));
        assert_eq!(PhoneNumber::parse("+485012345678"), Err(PhoneError::Length(10)));
        assert_eq!(PhoneNumber::parse(&"1".repeat(200)), Err(PhoneError::Length(200)));
        assert_eq!(PhoneNumber::parse("501234567 wew. 2"), Err(PhoneError::Character));
        assert_eq!(PhoneNumber::parse("(+48) 501234567"), Err(PhoneError::Character));
        assert_eq!(PhoneNumber::parse("4.85012E+10"), Err(PhoneError::Character));
        assert_eq!(PhoneNumber::parse("001234567"), Err(PhoneError::Length(7)));
        assert_eq!(PhoneNumber::parse("012345678"), Err(PhoneError::Beginning));
        assert_eq!(PhoneNumber::parse("+048501234567"), Err(PhoneError::Beginning));
    }

    proptest! {
        #[test]
        fn what_parses_reads_back_the_same(text in "[+0-9 ().-]{0,20}|\\PC*") {
            if let Ok(n) = PhoneNumber::parse(&text) {
                prop_assert_eq!(&PhoneNumber::parse(n.as_str()).unwrap(), &n);
                prop_assert_eq!(&PhoneNumber::parse(&n.grouped()).unwrap(), &n);
                prop_assert!(n.as_str().len() <= 16);
            }
        }
    }
}
