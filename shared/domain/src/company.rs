//! Companies and their tax numbers.

use crate::macros::{checked_text, shown_as_stored};
use crate::people::{NameError, one_line};
use serde::{Deserialize, Serialize};
use std::fmt;
use thiserror::Error;

/// A Polish tax number (NIP), ten digits, known to be well formed.
///
/// The check digit: the first nine digits times 6, 5, 7, 2, 3, 4, 5, 6, 7, added up, modulo 11; remainder 10 is never
/// issued. The pattern is the one of the national e-invoicing schema (KSeF, `TNrNIP`): `[1-9]((\d[1-9])|([1-9]\d))\d{7}`,
/// that is, no leading zero and not two zeros after it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Nip(String);

/// Why a text is not a NIP.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
pub enum NipError {
    /// Something other than digits, spaces, dashes and a leading `PL`.
    #[error("a NIP has only digits, spaces and dashes, with PL before it at most")]
    Character,
    /// Not ten digits.
    #[error("a NIP has 10 digits, not {0}")]
    Length(usize),
    /// Ten digits that no tax office issues: the first is 0, or the second and third are.
    #[error("a NIP does not begin like this")]
    Pattern,
    /// The check digit does not match: most often one digit is mistyped.
    #[error("the check digit of the NIP does not match")]
    CheckDigit,
}

impl NipError {
    /// A stable name, for message catalogues.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Character => "nip-character",
            Self::Length(_) => "nip-length",
            Self::Pattern => "nip-pattern",
            Self::CheckDigit => "nip-check-digit",
        }
    }
}

impl Nip {
    /// Reads a NIP with or without spaces, dashes and a `PL` prefix.
    ///
    /// # Errors
    /// [`NipError`] says what is wrong.
    pub fn parse(text: &str) -> Result<Self, NipError> {
        let text = text.trim();
        let rest = match text.get(..2) {
            Some(prefix) if prefix.eq_ignore_ascii_case("PL") => text.get(2..).unwrap_or(""),
            _ => text,
        };
        let mut digits = String::with_capacity(10);
        let mut count = 0usize;
        for c in rest.chars() {
            if c.is_ascii_digit() {
                count += 1;
                if count <= 10 {
                    digits.push(c);
                }
            } else if !(c.is_whitespace() || matches!(c, '-' | '\u{2010}'..='\u{2014}')) {
                return Err(NipError::Character);
            }
        }
        if count != 10 {
            return Err(NipError::Length(count));
        }
        let bytes = digits.as_bytes();
        if bytes.first() == Some(&b'0') || bytes.get(1..3) == Some(b"00") {
            return Err(NipError::Pattern);
        }
        let sum: u32 =
            bytes.iter().zip([6u32, 5, 7, 2, 3, 4, 5, 6, 7]).map(|(d, w)| u32::from(d - b'0') * w).sum();
        if bytes.last().map(|d| u32::from(d - b'0')) != Some(sum % 11) {
            return Err(NipError::CheckDigit);
        }
        Ok(Self(digits))
    }

    /// The ten digits.
    #[must_use]
    pub fn digits(&self) -> &str {
        &self.0
    }
}

checked_text!(Nip, NipError);

/// Shown as `123-456-78-90`.
impl fmt::Display for Nip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part = |r: std::ops::Range<usize>| self.0.get(r).unwrap_or("");
        write!(f, "{}-{}-{}-{}", part(0..3), part(3..6), part(6..8), part(8..10))
    }
}

/// A company's name: 1 to 200 characters, one line, trimmed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CompanyName(String);

impl CompanyName {
    /// Reads a company's name; runs of spaces become one.
    ///
    /// # Errors
    /// [`NameError`] if it is empty, too long or has control characters.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        one_line(text, 200).map(Self)
    }
}

checked_text!(CompanyName, NameError);
shown_as_stored!(CompanyName);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check_digit(nine: &str) -> u32 {
        nine.bytes().zip([6u32, 5, 7, 2, 3, 4, 5, 6, 7]).map(|(d, w)| u32::from(d - b'0') * w).sum::<u32>()
            % 11
    }

    #[test]
    fn published_numbers_in_every_way_of_writing() {
        // The Ministry of Finance and the statistical office.
        for text in [
            "526-025-02-74",
            "5260250274",
            "PL5260250274",
            " pl 526 025 02 74 ",
            "526\u{a0}025\u{2013}02\u{2013}74",
        ] {
            assert_eq!(Nip::parse(text).unwrap().to_string(), "526-025-02-74", "{text}");
        }
        assert_eq!(Nip::parse("5261040828").unwrap().digits(), "5261040828");
    }

    #[test]
    fn each_fault_has_its_name() {
        assert_eq!(Nip::parse("526025027"), Err(NipError::Length(9)));
        assert_eq!(Nip::parse("52602502740"), Err(NipError::Length(11)));
        assert_eq!(Nip::parse(""), Err(NipError::Length(0)));
        assert_eq!(Nip::parse("526025027a"), Err(NipError::Character));
        assert_eq!(Nip::parse("DE5260250274"), Err(NipError::Character));
        assert_eq!(Nip::parse("ł260250274"), Err(NipError::Character));
        assert_eq!(Nip::parse("5260250275"), Err(NipError::CheckDigit));
        // Both have a right check digit.
        assert_eq!(Nip::parse("0000000000"), Err(NipError::Pattern));
        assert_eq!(check_digit("100000002"), 6 + 2 * 7 - 11);
        assert_eq!(Nip::parse("1000000029"), Err(NipError::Pattern));
    }

    #[test]
    fn remainder_ten_is_no_number() {
        let nine = (123_456_000u32..).map(|n| n.to_string()).find(|n| check_digit(n) == 10).unwrap();
        for last in 0..10 {
            assert_eq!(Nip::parse(&format!("{nine}{last}")), Err(NipError::CheckDigit));
        }
    }

    proptest! {
        #[test]
        fn every_single_mistyped_digit_is_noticed(n in 110_000_000u32..1_000_000_000, place in 0usize..10, by in 1u8..10) {
            let nine = n.to_string();
            let check = check_digit(&nine);
            prop_assume!(check < 10);
            let good = format!("{nine}{check}");
            prop_assume!(Nip::parse(&good).is_ok());
            let mut bytes = good.into_bytes();
            bytes[place] = b'0' + (bytes[place] - b'0' + by) % 10;
            prop_assert!(Nip::parse(&String::from_utf8(bytes).unwrap()).is_err());
        }

        #[test]
        fn shown_form_reads_back_and_nothing_panics(text in "(PL)?[0-9 -]{8,16}|\\PC*") {
            if let Ok(nip) = Nip::parse(&text) {
                let shown = format!("{nip}");
                prop_assert_eq!(&Nip::parse(&shown).unwrap(), &nip);
                let json = serde_json::to_string(&nip).unwrap();
                prop_assert_eq!(serde_json::from_str::<Nip>(&json).unwrap(), nip);
            }
        }
    }

    #[test]
    fn a_stored_number_is_checked_when_it_is_read() {
        assert!(serde_json::from_str::<Nip>("\"5260250275\"").is_err());
    }
}
