//! Postal addresses of customers.

use crate::people::one_line;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Characters of one line at most.
const LINE: usize = 120;

/// Why an address cannot be one.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
pub enum AddressError {
    /// Neither street nor city.
    #[error("an address needs a street or a city")]
    Empty,
    /// A line is longer than 120 characters.
    #[error("a line of an address has at most 120 characters")]
    TooLong,
    /// A character that cannot be shown.
    #[error("the address has a character that cannot be shown")]
    Character,
    /// A Polish postal code is two digits, a dash, three digits.
    #[error("a Polish postal code looks like 00-950")]
    PostalCode,
    /// A country is two letters (ISO 3166-1 alpha-2).
    #[error("a country is two letters")]
    Country,
}

impl AddressError {
    /// A stable name, for message catalogues.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Empty => "address-empty",
            Self::TooLong => "address-too-long",
            Self::Character => "address-character",
            Self::PostalCode => "address-postal-code",
            Self::Country => "address-country",
        }
    }
}

/// Where somebody gets post. Two that say the same are the same address.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Unchecked", into = "Unchecked")]
pub struct Address {
    label: String,
    street: String,
    postal_code: String,
    city: String,
    country: String,
}

/// An address as it was typed or is stored.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unchecked {
    /// What it is for: "delivery". May be empty.
    #[serde(default)]
    pub label: String,
    /// Street, house, flat.
    #[serde(default)]
    pub street: String,
    /// Postal code.
    #[serde(default)]
    pub postal_code: String,
    /// City.
    #[serde(default)]
    pub city: String,
    /// Two letters; empty is Poland.
    #[serde(default)]
    pub country: String,
}

impl Address {
    /// Checks an address. Five digits become a Polish postal code.
    ///
    /// # Errors
    /// [`AddressError`].
    pub fn parse(typed: &Unchecked) -> Result<Self, AddressError> {
        let (label, street, city) = (line(&typed.label)?, line(&typed.street)?, line(&typed.city)?);
        let mut postal_code = line(&typed.postal_code)?;
        if street.is_empty() && city.is_empty() {
            return Err(AddressError::Empty);
        }
        let country = match typed.country.trim() {
            "" => "PL".to_owned(),
            c if c.len() == 2 && c.bytes().all(|b| b.is_ascii_alphabetic()) => c.to_ascii_uppercase(),
            _ => return Err(AddressError::Country),
        };
        if country == "PL" && !postal_code.is_empty() {
            let digits: String = postal_code.chars().filter(char::is_ascii_digit).collect();
            let rest = postal_code.chars().all(|c| c.is_ascii_digit() || c == '-' || c == ' ');
            match (digits.get(..2), digits.get(2..)) {
                (Some(a), Some(b)) if b.len() == 3 && rest => postal_code = format!("{a}-{b}"),
                _ => return Err(AddressError::PostalCode),
            }
        }
        Ok(Self { label, street, postal_code, city, country })
    }

    /// What it is for; may be empty.
    #[must_use]
    pub fn label(&self) -> &str {
        &self.label
    }

    /// Street, house, flat.
    #[must_use]
    pub fn street(&self) -> &str {
        &self.street
    }

    /// Postal code; `00-950` in Poland.
    #[must_use]
    pub fn postal_code(&self) -> &str {
        &self.postal_code
    }

    /// City.
    #[must_use]
    pub fn city(&self) -> &str {
        &self.city
    }

    /// Two capital letters.
    #[must_use]
    pub fn country(&self) -> &str {
        &self.country
    }

    /// On one line, without its label: `Prosta 5/7, 00-950 Warszawa`; the country if it is not Poland.
    #[must_use]
    pub fn on_one_line(&self) -> String {
        let place = [self.postal_code.as_str(), self.city.as_str()];
        let place = place.into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join(" ");
        let country = if self.country == "PL" { "" } else { self.country.as_str() };
        let parts = [self.street.as_str(), place.as_str(), country];
        parts.into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join(", ")
    }
}

/// One visible line; empty stays empty.
fn line(text: &str) -> Result<String, AddressError> {
    if text.trim().is_empty() {
        return Ok(String::new());
    }
    one_line(text, LINE).map_err(|e| match e {
        crate::NameError::TooLong { .. } => AddressError::TooLong,
        crate::NameError::Empty | crate::NameError::Character => AddressError::Character,
    })
}

impl TryFrom<Unchecked> for Address {
    type Error = AddressError;
    fn try_from(typed: Unchecked) -> Result<Self, AddressError> {
        Self::parse(&typed)
    }
}

impl From<Address> for Unchecked {
    fn from(a: Address) -> Self {
        Self {
            label: a.label,
            street: a.street,
            postal_code: a.postal_code,
            city: a.city,
            country: a.country,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(street: &str, postal_code: &str, city: &str, country: &str) -> Unchecked {
        Unchecked {
            label: "dostawa".into(),
            street: street.into(),
            postal_code: postal_code.into(),
            city: city.into(),
            country: country.into(),
        }
    }

    #[test]
    fn polish_codes_get_their_dash_and_others_are_left_alone() {
        let a = Address::parse(&typed("  Prosta  5/7 ", "00950", "Warszawa", "")).unwrap();
        assert_eq!(a.on_one_line(), "Prosta 5/7, 00-950 Warszawa");
        assert_eq!((a.country(), a.label()), ("PL", "dostawa"));
        let b = Address::parse(&typed("Hauptstr. 1", "10115", "Berlin", "de")).unwrap();
        assert_eq!(b.on_one_line(), "Hauptstr. 1, 10115 Berlin, DE");
    }

    #[test]
    fn each_fault_has_its_name() {
        for (address, error) in [
            (typed("", "00-950", "", ""), AddressError::Empty),
            (typed("Prosta 5", "0095", "Warszawa", "PL"), AddressError::PostalCode),
            (typed("Prosta 5", "00-95O", "Warszawa", "PL"), AddressError::PostalCode),
            (typed("Prosta 5", "", "Warszawa", "Polska"), AddressError::Country),
            (typed(&"x".repeat(121), "", "", ""), AddressError::TooLong),
            (typed("a\u{202e}b", "", "", ""), AddressError::Character),
        ] {
            assert_eq!(Address::parse(&address), Err(error), "{address:?}");
        }
    }

    #[test]
    fn is_stored_and_read_back_checked() {
        let a = Address::parse(&typed("Prosta 5", "00-950", "Warszawa", "PL")).unwrap();
        let text = serde_json::to_string(&a).unwrap();
        assert_eq!(serde_json::from_str::<Address>(&text).unwrap(), a);
        assert!(serde_json::from_str::<Address>(r#"{"street":""}"#).is_err());
    }
}
