//! How values that a remote system may leave out, get wrong or invent are read.

use mostek_domain::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

/// A field that may be absent, null, or of another type than described: all of that is `None`.
pub(crate) fn lenient<'de, D: Deserializer<'de>, T: DeserializeOwned>(d: D) -> Result<Option<T>, D::Error> {
    let raw = Option::<Box<RawValue>>::deserialize(d)?;
    Ok(raw.and_then(|r| serde_json::from_str(r.get()).ok()))
}

/// A list whose unreadable elements are counted instead of making all of it unreadable; null is an empty list.
#[derive(Debug)]
pub(crate) struct Sieve<T> {
    /// What could be read, in order.
    pub items: Vec<T>,
    /// How many elements could not.
    pub unreadable: usize,
}

impl<T> Default for Sieve<T> {
    fn default() -> Self {
        Self { items: Vec::new(), unreadable: 0 }
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Sieve<T> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        // Not as an Option, which would take an absent field for null.
        let whole = Box::<RawValue>::deserialize(d)?;
        let list: Option<Vec<Box<RawValue>>> =
            serde_json::from_str(whole.get()).map_err(serde::de::Error::custom)?;
        let raw = list.unwrap_or_default();
        let total = raw.len();
        let items: Vec<T> = raw.iter().filter_map(|r| serde_json::from_str(r.get()).ok()).collect();
        Ok(Self { unreadable: total - items.len(), items })
    }
}

/// An id: a text or a whole number, not empty, at most 200 characters, all visible. Anything else makes what it names
/// unreadable: nothing can be done with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RemoteId(pub String);

impl<'de> Deserialize<'de> for RemoteId {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Form {
            Text(String),
            Number(i64),
        }
        let text = match Form::deserialize(d)? {
            Form::Text(t) => t,
            Form::Number(n) => n.to_string(),
        };
        if is_id(&text) { Ok(Self(text)) } else { Err(serde::de::Error::custom("not an id")) }
    }
}

/// Whether a text can be an id of a remote system.
pub(crate) fn is_id(text: &str) -> bool {
    !text.trim().is_empty()
        && text.chars().count() <= 200
        && !text.chars().any(mostek_domain::text::is_invisible)
        && text != "."
        && text != ".."
}

/// A date of ISO 8601, with or without fractions of a second; one without an offset is taken as UTC.
pub(crate) fn timestamp(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(t) = text.parse::<jiff::Timestamp>() {
        return Some(Timestamp(t.as_millisecond()));
    }
    let civil = text.parse::<jiff::civil::DateTime>().ok()?;
    let zoned = civil.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    Some(Timestamp(zoned.timestamp().as_millisecond()))
}

/// A moment as ISO 8601 in UTC, with milliseconds; moments outside the years that can be written are cut to them.
pub(crate) fn iso(at: Timestamp) -> String {
    let t = jiff::Timestamp::from_millisecond(at.0).unwrap_or(if at.0 < 0 {
        jiff::Timestamp::UNIX_EPOCH
    } else {
        jiff::Timestamp::MAX
    });
    format!("{t:.3}")
}

/// A text with something in it.
pub(crate) fn filled(text: Option<String>) -> Option<String> {
    text.map(|t| t.trim().to_owned()).filter(|t| !t.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn dates_with_and_without_fractions_and_offsets() {
        for (text, ms) in [
            ("2019-04-02T14:18:43Z", 1_554_214_723_000),
            ("2019-04-02T14:18:43.460Z", 1_554_214_723_460),
            ("2019-04-02T14:18:43.4Z", 1_554_214_723_400),
            ("2019-04-02T16:18:43.460+02:00", 1_554_214_723_460),
            ("2019-04-02T16:18:43+0200", 1_554_214_723_000),
            ("2019-04-02T14:18:43", 1_554_214_723_000),
            ("2019-04-02 14:18:43Z", 1_554_214_723_000),
            ("1970-01-01T00:00:00.001Z", 1),
        ] {
            assert_eq!(timestamp(text), Some(Timestamp(ms)), "{text}");
        }
        for bad in ["", "yesterday", "2019-13-02T14:18:43Z", "1554214723", "2019-04-02T25:00:00Z"] {
            assert_eq!(timestamp(bad), None, "{bad}");
        }
    }

    #[test]
    fn moments_are_written_in_utc() {
        assert_eq!(iso(Timestamp(1_554_214_723_460)), "2019-04-02T14:18:43.460Z");
        assert_eq!(iso(Timestamp(1_554_214_723_000)), "2019-04-02T14:18:43.000Z");
        assert_eq!(iso(Timestamp(i64::MIN)), "1970-01-01T00:00:00.000Z");
        assert!(iso(Timestamp(i64::MAX)).starts_with("9999-"));
    }

    #[test]
    fn ids_are_texts_or_numbers_that_show() {
        let id = |json: &str| serde_json::from_str::<RemoteId>(json).ok().map(|i| i.0);
        assert_eq!(id("\"EMP-2-A\"").as_deref(), Some("EMP-2-A"));
        assert_eq!(id("2000").as_deref(), Some("2000"));
        for bad in ["null", "\"\"", "\" \"", "\"..\"", "\"a\\nb\"", "1.5", "true", "[]", "{}"] {
            assert_eq!(id(bad), None, "{bad}");
        }
        assert_eq!(id(&format!("\"{}\"", "a".repeat(201))), None);
    }

    proptest! {
        #[test]
        fn moments_read_back(ms in 0i64..253_402_200_000_000) {
            prop_assert_eq!(timestamp(&iso(Timestamp(ms))), Some(Timestamp(ms)));
        }

        #[test]
        fn no_date_panics(text in "\\PC{0,40}|[0-9TZ:.+-]{0,30}") {
            let _ = timestamp(&text);
        }
    }
}
