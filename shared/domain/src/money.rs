//! Amounts of money, exact.

use serde::{Deserialize, Serialize};
use std::fmt;
use thiserror::Error;

/// A currency by its ISO 4217 code: three capital letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(extend("pattern" = "^[A-Z]{3}$")))]
#[serde(try_from = "String", into = "String")]
pub struct Currency([u8; 3]);

/// Why a text is not an amount of money.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
pub enum MoneyError {
    /// Not three letters.
    #[error("not a currency code")]
    Currency,
    /// Not a decimal number.
    #[error("not an amount")]
    Number,
    /// More than 9.2 * 10^18 minor units.
    #[error("the amount is too large")]
    TooLarge,
}

impl Currency {
    /// The Polish zloty.
    pub const PLN: Self = Self(*b"PLN");

    /// Reads a code in any case.
    ///
    /// # Errors
    /// [`MoneyError::Currency`] if it is not three ASCII letters. Whether such a currency exists is not checked.
    pub fn parse(text: &str) -> Result<Self, MoneyError> {
        let code: [u8; 3] = text.trim().as_bytes().try_into().map_err(|_| MoneyError::Currency)?;
        if !code.iter().all(u8::is_ascii_alphabetic) {
            return Err(MoneyError::Currency);
        }
        Ok(Self(code.map(|b| b.to_ascii_uppercase())))
    }

    /// The code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("XXX")
    }

    /// Decimal places of the minor unit (ISO 4217): 2 for most, 0 for the yen, 3 for some dinars.
    #[must_use]
    pub fn decimals(self) -> u32 {
        match &self.0 {
            b"BIF" | b"CLP" | b"DJF" | b"GNF" | b"ISK" | b"JPY" | b"KMF" | b"KRW" | b"PYG" | b"RWF"
            | b"UGX" | b"VND" | b"VUV" | b"XAF" | b"XOF" | b"XPF" => 0,
            b"BHD" | b"IQD" | b"JOD" | b"KWD" | b"LYD" | b"OMR" | b"TND" => 3,
            _ => 2,
        }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl TryFrom<String> for Currency {
    type Error = MoneyError;
    fn try_from(s: String) -> Result<Self, MoneyError> {
        Self::parse(&s)
    }
}

impl From<Currency> for String {
    fn from(c: Currency) -> Self {
        c.as_str().to_owned()
    }
}

/// An amount in a currency's smallest unit (grosz, cent).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Money {
    /// Minor units; negative for refunds.
    pub minor: i64,
    /// The currency.
    pub currency: Currency,
}

impl Money {
    /// Reads a decimal number as JSON writes it (`12`, `12.5`, `-0.07`, `1.25e2`), without going through binary
    /// fractions. Digits beyond the minor unit are rounded, halves away from zero.
    ///
    /// # Errors
    /// [`MoneyError::Number`] if it is not such a number, [`MoneyError::TooLarge`] if it does not fit.
    pub fn parse(text: &str, currency: Currency) -> Result<Self, MoneyError> {
        let text = text.trim();
        let (negative, unsigned) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
            Some((m, e)) => (m, e.parse::<i32>().map_err(|_| MoneyError::Number)?),
            None => (unsigned, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty()
            || !digits(whole)
            || !digits(fraction)
            || (mantissa.contains('.') && fraction.is_empty())
        {
            return Err(MoneyError::Number);
        }
        // Digits of the number that stand before the border between minor units and what is rounded.
        let kept = i64::try_from(whole.len())
            .unwrap_or(i64::MAX)
            .saturating_add(i64::from(exponent))
            .saturating_add(i64::from(currency.decimals()));
        let mut minor: i64 = 0;
        let mut place: i64 = 0;
        for digit in whole.bytes().chain(fraction.bytes()).map(|b| i64::from(b - b'0')) {
            if place < kept {
                minor =
                    minor.checked_mul(10).and_then(|m| m.checked_add(digit)).ok_or(MoneyError::TooLarge)?;
            } else {
                if place == kept && digit >= 5 {
                    minor = minor.checked_add(1).ok_or(MoneyError::TooLarge)?;
                }
                break;
            }
            place += 1;
        }
        if minor != 0 {
            // Fewer digits than places: the missing ones are zeros. More than 19 of them cannot fit.
            while place < kept {
                minor = minor.checked_mul(10).ok_or(MoneyError::TooLarge)?;
                place += 1;
            }
        }
        Ok(Self { minor: if negative { -minor } else { minor }, currency })
    }

    /// The amount as a plain decimal with the currency's places, for instance `-1234.50`.
    #[must_use]
    pub fn amount(&self) -> String {
        let decimals = self.currency.decimals();
        let unit = 10u64.pow(decimals);
        let abs = self.minor.unsigned_abs();
        let sign = if self.minor < 0 { "-" } else { "" };
        if decimals == 0 {
            return format!("{sign}{abs}");
        }
        let width = usize::try_from(decimals).unwrap_or(2);
        format!("{sign}{}.{:0width$}", abs / unit, abs % unit)
    }

    /// This amount so many times; `None` if it does not fit.
    #[must_use]
    pub fn times(self, quantity: i64) -> Option<Self> {
        Some(Self { minor: self.minor.checked_mul(quantity)?, ..self })
    }
}

/// `1234.50 PLN`; how a language writes amounts is the pages' business.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.amount(), self.currency)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn pln(text: &str) -> Result<i64, MoneyError> {
        Money::parse(text, Currency::PLN).map(|m| m.minor)
    }

    #[test]
    fn json_numbers() {
        assert_eq!(pln("12"), Ok(1200));
        assert_eq!(pln("12.5"), Ok(1250));
        assert_eq!(pln("-0.07"), Ok(-7));
        assert_eq!(pln("1.25e2"), Ok(12500));
        assert_eq!(pln("125E-2"), Ok(125));
        assert_eq!(pln("0.1"), Ok(10));
        assert_eq!(pln("0e99999999"), Ok(0));
        // As a binary fraction this is 1.00499999999999989…
        assert_eq!(pln("1.005"), Ok(101));
        assert_eq!(pln("-1.005"), Ok(-101));
        assert_eq!(pln("1.00499999999999999999999999"), Ok(100));
        assert_eq!(pln("0.005"), Ok(1));
        assert_eq!(pln("5e-3"), Ok(1));
        assert_eq!(pln("5e-4"), Ok(0));
        assert_eq!(pln("5e-99999999"), Ok(0));
    }

    #[test]
    fn what_is_not_an_amount() {
        for bad in [
            "",
            "-",
            ".",
            "1.",
            ".5",
            "1,50",
            "abc",
            "1 000",
            "1e",
            "1e1.5",
            "NaN",
            "--1",
            "0x10",
            "1e99999999999",
        ] {
            assert_eq!(pln(bad), Err(MoneyError::Number), "{bad}");
        }
        assert_eq!(pln("92233720368547758.07"), Ok(i64::MAX));
        assert_eq!(pln("92233720368547758.08"), Err(MoneyError::TooLarge));
        assert_eq!(pln("1e99999999"), Err(MoneyError::TooLarge));
    }

    #[test]
    fn currencies_have_their_own_places() {
        let yen = Currency::parse("jpy").unwrap();
        assert_eq!(Money::parse("1500.5", yen).unwrap().to_string(), "1501 JPY");
        let dinar = Currency::parse("KWD").unwrap();
        assert_eq!(Money::parse("1.5", dinar).unwrap().to_string(), "1.500 KWD");
        assert_eq!(Money { minor: -5, currency: Currency::PLN }.to_string(), "-0.05 PLN");
        assert_eq!(Money { minor: i64::MIN, currency: Currency::PLN }.amount(), "-92233720368547758.08");
        assert_eq!(Currency::parse("zł"), Err(MoneyError::Currency));
        assert_eq!(Currency::parse("PLNN"), Err(MoneyError::Currency));
    }

    #[test]
    fn multiplication_does_not_wrap() {
        assert_eq!(Money { minor: 199, currency: Currency::PLN }.times(3).map(|m| m.minor), Some(597));
        assert_eq!(Money { minor: i64::MAX, currency: Currency::PLN }.times(2), None);
    }

    proptest! {
        #[test]
        fn amounts_read_back(minor in -i64::MAX..=i64::MAX, code in "PLN|JPY|KWD") {
            let money = Money { minor, currency: Currency::parse(&code).unwrap() };
            prop_assert_eq!(Money::parse(&money.amount(), money.currency), Ok(money));
            let json = serde_json::to_string(&money).unwrap();
            prop_assert_eq!(serde_json::from_str::<Money>(&json).unwrap(), money);
        }

        #[test]
        fn nothing_panics(text in "-?[0-9]{0,30}[.]?[0-9]{0,30}(e-?[0-9]{0,12})?|\\PC*") {
            let _ = pln(&text);
        }
    }
}
