//! Fields that administrators add to CRM records: their kinds, and reading what people type into them (H9).
//!
//! A value is kept as text in one form per kind, so that equal values are equal texts (that is what records are looked up
//! by): text trimmed, a number as `-1234.5`, a date as `2026-03-01`, a choice as its option.

use crate::people::Label;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Characters in a value at most.
pub const VALUE_CHARS: usize = 200;
/// Options of one choice at most.
pub const OPTIONS: usize = 100;
/// Digits before and after the decimal point at most.
const WHOLE_DIGITS: usize = 15;
const FRACTION_DIGITS: usize = 6;

/// What can be typed into a field.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum FieldKind {
    /// A line of text. Fields of the time before there were kinds are this.
    #[default]
    Text,
    /// A decimal number.
    Number,
    /// A day.
    Date,
    /// One of a list.
    Choice {
        /// The list, in the order it is offered.
        options: Vec<Label>,
    },
}

/// Why a list of options cannot be one.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
pub enum OptionsError {
    /// Nothing to choose from.
    #[error("a choice needs an option")]
    None,
    /// More than [`OPTIONS`].
    #[error("a choice has at most {OPTIONS} options")]
    TooMany,
    /// The same option twice.
    #[error("an option is there twice")]
    Twice,
}

impl OptionsError {
    /// A stable name, for message catalogues.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::None => "options-none",
            Self::TooMany => "options-many",
            Self::Twice => "options-twice",
        }
    }
}

/// Why a text is no value of a field.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
pub enum ValueError {
    /// Longer than [`VALUE_CHARS`].
    #[error("a value has at most {VALUE_CHARS} characters")]
    TooLong,
    /// A character that cannot be shown, or several lines.
    #[error("the value has a character that cannot be shown")]
    Character,
    /// Not a number, or one with too many digits.
    #[error("not a number")]
    Number,
    /// Not a day of the calendar.
    #[error("not a date")]
    Date,
    /// None of the options.
    #[error("none of the options")]
    Option,
}

impl ValueError {
    /// A stable name, for message catalogues.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::TooLong => "value-too-long",
            Self::Character => "value-character",
            Self::Number => "value-number",
            Self::Date => "value-date",
            Self::Option => "value-option",
        }
    }
}

impl FieldKind {
    /// A choice of options.
    ///
    /// # Errors
    /// [`OptionsError`].
    pub fn choice(options: Vec<Label>) -> Result<Self, OptionsError> {
        if options.is_empty() {
            return Err(OptionsError::None);
        }
        if options.len() > OPTIONS {
            return Err(OptionsError::TooMany);
        }
        let twice = options.iter().enumerate().any(|(i, o)| options.iter().take(i).any(|other| other == o));
        if twice { Err(OptionsError::Twice) } else { Ok(Self::Choice { options }) }
    }

    /// A stable name: `text`, `number`, `date`, `choice`.
    #[must_use]
    pub fn slug(&self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Number => "number",
            Self::Date => "date",
            Self::Choice { .. } => "choice",
        }
    }

    /// The options of a choice.
    #[must_use]
    pub fn options(&self) -> &[Label] {
        match self {
            Self::Choice { options } => options,
            Self::Text | Self::Number | Self::Date => &[],
        }
    }

    /// Whether records are looked up by this field's values.
    #[must_use]
    pub fn is_text(&self) -> bool {
        matches!(self, Self::Text)
    }

    /// Reads what was typed; `None` if that is nothing. `comma` says that a comma is a decimal comma.
    ///
    /// # Errors
    /// [`ValueError`].
    pub fn read(&self, text: &str, comma: bool) -> Result<Option<String>, ValueError> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(None);
        }
        if text.chars().count() > VALUE_CHARS {
            return Err(ValueError::TooLong);
        }
        if text.chars().any(crate::text::is_invisible) {
            return Err(ValueError::Character);
        }
        match self {
            Self::Text => Ok(text.to_owned()),
            Self::Number => number(text, comma),
            Self::Date => date(text),
            Self::Choice { options } => options
                .iter()
                .find(|o| o.as_str() == text)
                .map(|o| o.as_str().to_owned())
                .ok_or(ValueError::Option),
        }
        .map(Some)
    }
}

/// A decimal number in its one form: no plus, no groups, a point, no zeros that say nothing.
fn number(text: &str, comma: bool) -> Result<String, ValueError> {
    let text: String = text
        .chars()
        .filter(|c| !matches!(c, ' ' | '\u{a0}' | '\u{202f}'))
        .collect::<String>()
        .replace('−', "-");
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(&text)),
    };
    let point = |c: char| c == '.' || (comma && c == ',');
    let (whole, fraction) = match digits.find(point) {
        Some(at) => (digits.get(..at).unwrap_or(""), digits.get(at + 1..).unwrap_or("")),
        None => (digits, ""),
    };
    if (whole.is_empty() && fraction.is_empty())
        || !whole.bytes().chain(fraction.bytes()).all(|b| b.is_ascii_digit())
    {
        return Err(ValueError::Number);
    }
    let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
    if whole.len() > WHOLE_DIGITS || fraction.len() > FRACTION_DIGITS {
        return Err(ValueError::Number);
    }
    let mut out = String::with_capacity(whole.len() + fraction.len() + 3);
    if negative && !(whole.is_empty() && fraction.is_empty()) {
        out.push('-');
    }
    out.push_str(if whole.is_empty() { "0" } else { whole });
    if !fraction.is_empty() {
        out.push('.');
        out.push_str(fraction);
    }
    Ok(out)
}

/// A day as `2026-03-01`, also typed as `1.03.2026` or `01-03-2026`.
fn date(text: &str) -> Result<String, ValueError> {
    let parts: Vec<&str> = text.split(['-', '.', '/']).collect();
    let [a, b, c] = parts.as_slice() else { return Err(ValueError::Date) };
    let (year, month, day) = if a.len() == 4 { (a, b, c) } else { (c, b, a) };
    let read = |text: &str, most: usize| {
        let fits = (1..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        if fits { text.parse::<u32>().ok() } else { None }
    };
    let all = (read(year, 4).filter(|_| year.len() == 4), read(month, 2), read(day, 2));
    let (Some(year), Some(month), Some(day)) = all else { return Err(ValueError::Date) };
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 0,
    };
    if year == 0 || !(1..=days).contains(&day) {
        return Err(ValueError::Date);
    }
    Ok(format!("{year:04}-{month:02}-{day:02}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_have_one_form_and_a_comma_where_it_is_the_custom() {
        for (typed, comma, kept) in [
            ("12", false, Some("12")),
            ("+012.50", false, Some("12.5")),
            ("12,5", true, Some("12.5")),
            ("1 234,50", true, Some("1234.5")),
            ("1\u{a0}234", true, Some("1234")),
            ("-0,0", true, Some("0")),
            (",5", true, Some("0.5")),
            ("−3", true, Some("-3")),
            // In English this would be one thousand two hundred and thirty-four.
            ("1,234", false, None),
            ("1.234,5", true, None),
            ("1,2,3", true, None),
            ("12 zł", true, None),
            ("1e5", false, None),
            ("-", false, None),
            (".", false, None),
            ("1234567890123456", false, None),
            ("0.1234567", false, None),
        ] {
            assert_eq!(FieldKind::Number.read(typed, comma).ok().flatten().as_deref(), kept, "{typed:?}");
        }
    }

    #[test]
    fn dates_are_days_of_the_calendar() {
        for (typed, kept) in [
            ("2026-03-01", Some("2026-03-01")),
            ("1.03.2026", Some("2026-03-01")),
            ("01/03/2026", Some("2026-03-01")),
            ("2024-02-29", Some("2024-02-29")),
            ("2000-02-29", Some("2000-02-29")),
            ("1900-02-29", None),
            ("2026-02-29", None),
            ("2026-04-31", None),
            ("2026-13-01", None),
            ("2026-00-10", None),
            ("26-03-01", None),
            ("0000-01-01", None),
            ("wczoraj", None),
            ("2026-03-01T10:00", None),
        ] {
            assert_eq!(FieldKind::Date.read(typed, true).ok().flatten().as_deref(), kept, "{typed:?}");
        }
    }

    #[test]
    fn a_choice_takes_its_options_only() {
        let label = |t: &str| Label::parse(t).unwrap();
        let kind = FieldKind::choice(vec![label("Hurt"), label("Detal")]).unwrap();
        assert_eq!(kind.read(" Hurt ", false), Ok(Some("Hurt".into())));
        assert_eq!(kind.read("hurt", false), Err(ValueError::Option));
        assert_eq!(kind.read("", false), Ok(None));
        assert_eq!(FieldKind::choice(vec![]), Err(OptionsError::None));
        assert_eq!(FieldKind::choice(vec![label("A"), label("A")]), Err(OptionsError::Twice));
        let many = (0..=OPTIONS).map(|n| label(&n.to_string())).collect();
        assert_eq!(FieldKind::choice(many), Err(OptionsError::TooMany));
    }

    #[test]
    fn text_is_one_visible_line() {
        assert_eq!(FieldKind::Text.read(" c-1 ", false), Ok(Some("c-1".into())));
        assert_eq!(FieldKind::Text.read("a\nb", false), Err(ValueError::Character));
        assert_eq!(FieldKind::Text.read(&"ż".repeat(VALUE_CHARS + 1), false), Err(ValueError::TooLong));
    }

    #[test]
    fn a_field_of_the_time_before_kinds_is_text() {
        #[derive(Deserialize)]
        struct Stored {
            #[serde(default)]
            kind: FieldKind,
        }
        assert_eq!(serde_json::from_str::<Stored>("{}").unwrap().kind, FieldKind::Text);
        let kind = FieldKind::choice(vec![Label::parse("A").unwrap()]).unwrap();
        let text = serde_json::to_string(&kind).unwrap();
        assert_eq!(text, r#"{"is":"choice","options":["A"]}"#);
        assert_eq!(serde_json::from_str::<FieldKind>(&text).unwrap(), kind);
    }

    proptest! {
        /// What was read is read again as the same, by whatever custom.
        #[test]
        fn the_kept_form_is_a_fixed_point(text in "\\PC{0,20}|[-+0-9 ,.]{0,20}|[0-9./-]{6,12}", comma: bool) {
            for kind in [FieldKind::Text, FieldKind::Number, FieldKind::Date] {
                if let Ok(Some(kept)) = kind.read(&text, comma) {
                    prop_assert_eq!(kind.read(&kept, true), Ok(Some(kept.clone())));
                    prop_assert_eq!(kind.read(&kept, false), Ok(Some(kept)));
                }
            }
        }
    }
}
