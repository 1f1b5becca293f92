//! The query of a request.

use super::world::Refusal;
use crate::clock;

/// The parameters, in order, decoded.
#[derive(Debug)]
pub struct Params(Vec<(String, String)>);

impl Params {
    /// Reads `a=1&b=2`.
    pub fn new(query: Option<&str>) -> Self {
        let pairs = url::form_urlencoded::parse(query.unwrap_or("").as_bytes());
        Self(pairs.map(|(k, v)| (k.into_owned(), v.into_owned())).collect())
    }

    /// The first value of a parameter; an empty one counts as absent.
    pub fn one(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str()).filter(|v| !v.is_empty())
    }

    /// All values of a list, which may be repeated or separated by commas.
    pub fn list(&self, name: &str) -> Vec<String> {
        self.0
            .iter()
            .filter(|(key, _)| key == name)
            .flat_map(|(_, value)| value.split(','))
            .map(str::trim)
            .filter(|value| !value.is_empty())
            .map(str::to_owned)
            .collect()
    }

    /// A number within the bounds.
    ///
    /// # Errors
    /// 400 for anything else.
    pub fn number(
        &self,
        name: &str,
        usual: usize,
        bounds: std::ops::RangeInclusive<usize>,
    ) -> Result<usize, Refusal> {
        let Some(text) = self.one(name) else { return Ok(usual) };
        text.parse().ok().filter(|number| bounds.contains(number)).ok_or_else(|| {
            Refusal::new(400, format!("{name}: must be between {} and {}", bounds.start(), bounds.end()))
        })
    }

    /// `true` or `false`.
    ///
    /// # Errors
    /// 400 for anything else.
    pub fn flag(&self, name: &str) -> Result<bool, Refusal> {
        match self.one(name) {
            None | Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(_) => Err(Refusal::new(400, format!("{name}: must be true or false"))),
        }
    }

    /// A date with an offset, as milliseconds.
    ///
    /// # Errors
    /// 400 for anything else; an unencoded `+` arrives as a space and is refused, as it would be there.
    pub fn date(&self, name: &str) -> Result<Option<i64>, Refusal> {
        self.one(name)
            .map(|text| {
                clock::parse_iso(text)
                    .ok_or_else(|| Refusal::new(400, format!("{name}: invalid date format")))
            })
            .transpose()
    }

    /// `shop_id`.
    ///
    /// # Errors
    /// 400 when it is not a number.
    pub fn shop(&self) -> Result<Option<i64>, Refusal> {
        self.one("shop_id")
            .map(|text| text.parse().map_err(|_| Refusal::new(400, "shop_id: must be a number")))
            .transpose()
    }
}
