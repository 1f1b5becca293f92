//! What a form carried: names and values in order, so that repeated fields keep their places.

use http::header;
use mostek_web::body::{self, FORM_LIMIT};
use mostek_web::{ApiError, Request, csrf};

/// The fields of a form.
#[derive(Debug, Clone, Default)]
pub(crate) struct Fields(pub Vec<(String, String)>);

impl Fields {
    /// Reads an ordinary form.
    ///
    /// # Errors
    /// 413, 415, 400.
    pub(crate) async fn read(request: &mut Request) -> Result<Self, ApiError> {
        Ok(Self(body::form(request, FORM_LIMIT).await?))
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
    pub(crate) fn all(&self, name: &str) -> Vec<&str> {
        self.0.iter().filter(|(n, _)| n == name).map(|(_, v)| v.as_str()).collect()
    }

    /// The token that shows that one of our pages sent it.
    pub(crate) fn csrf(&self) -> Option<&str> {
        self.0.iter().find(|(n, _)| n == csrf::FIELD).map(|(_, v)| v.as_str())
    }
}

/// Whether the body is a form with files.
pub(crate) fn is_multipart(request: &Request) -> bool {
    request
        .header(header::CONTENT_TYPE.as_str())
        .is_some_and(|t| t.trim_start().to_ascii_lowercase().starts_with("multipart/form-data"))
}
