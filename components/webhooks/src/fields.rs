//! What a form carried: names and values in order, so that repeated fields keep their places.

use mostek_people::gate::Visitor;
use mostek_web::{ApiError, Request, body, csrf};

/// The longest form in bytes: a body to try a mapping with, encoded.
const LIMIT: usize = 700_000;

/// The fields of a form.
#[derive(Debug, Clone, Default)]
pub(crate) struct Fields(pub Vec<(String, String)>);

impl Fields {
    /// Reads a form that one of our pages sent.
    ///
    /// # Errors
    /// 403 without the right token; 413, 415, 400.
    pub(crate) async fn read(visitor: &Visitor, request: &mut Request) -> Result<Self, ApiError> {
        let form = Self(body::form(request, LIMIT).await?);
        let token = form.0.iter().find(|(n, _)| n == csrf::FIELD).map(|(_, v)| v.as_str());
        visitor.check_form(request, token)?;
        Ok(form)
    }

    /// The first value of a field; empty if it was not sent.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v.as_str())
    }

    /// The first value of a field, trimmed; `None` if nothing was typed.
    pub(crate) fn given(&self, name: &str) -> Option<&str> {
        Some(self.get(name).trim()).filter(|v| !v.is_empty())
    }

    /// All values of a field.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(n, _)| n == name).map(|(_, v)| v.as_str())
    }
}
