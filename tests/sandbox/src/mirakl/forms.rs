//! Reading multipart bodies.

use axum::extract::{FromRequest, Multipart, Request};
use bytes::Bytes;

use super::model::NewFile;
use super::world::{MESSAGE_BYTES, Refusal};

/// The parts of a multipart body: text fields in order, and the files named `files`.
#[derive(Debug, Default)]
pub struct Form {
    fields: Vec<(String, Bytes)>,
    /// The parts with a file, in order.
    pub files: Vec<NewFile>,
}

impl Form {
    /// Reads the body up to the server's limit.
    ///
    /// # Errors
    /// 415 when it is not multipart, 400 when it is broken or its files are over 30 MB, 413 beyond the server's limit.
    pub async fn read(request: Request) -> Result<Self, Refusal> {
        let mut parts = Multipart::from_request(request, &())
            .await
            .map_err(|_| Refusal::new(415, "Unsupported Media Type: multipart/form-data is expected"))?;
        let mut form = Self::default();
        let mut size = 0_usize;
        while let Some(part) = parts.next_field().await.map_err(|error| broken(&error))? {
            let name = part.name().unwrap_or_default().to_owned();
            let file_name = part.file_name().map(str::to_owned);
            let bytes = part.bytes().await.map_err(|error| broken(&error))?;
            if name != "files" {
                form.fields.push((name, bytes));
                continue;
            }
            // A browser sends an empty part for a file field that nobody filled in.
            let name = file_name.unwrap_or_default();
            if name.is_empty() && bytes.is_empty() {
                continue;
            }
            size += bytes.len();
            if size > MESSAGE_BYTES {
                return Err(Refusal::new(
                    400,
                    "files: the total size of the attachments must not exceed 30 MB",
                ));
            }
            form.files.push(NewFile { name, bytes });
        }
        Ok(form)
    }

    /// A field that has to be there exactly once.
    ///
    /// # Errors
    /// 400 otherwise.
    pub fn only(&self, name: &str) -> Result<&Bytes, Refusal> {
        let mut found = self.fields.iter().filter(|(key, _)| key == name);
        match (found.next(), found.next()) {
            (Some((_, value)), None) => Ok(value),
            (None, _) => Err(Refusal::new(400, format!("Required request part '{name}' is not present"))),
            (Some(_), Some(_)) => Err(Refusal::new(400, format!("Request part '{name}' is present twice"))),
        }
    }

    /// A field of the panel's forms as text; empty when absent.
    pub fn text(&self, name: &str) -> String {
        self.fields
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| String::from_utf8_lossy(value).into_owned())
            .unwrap_or_default()
    }
}

fn broken(error: &axum::extract::multipart::MultipartError) -> Refusal {
    let status = error.status().as_u16();
    Refusal::new(
        if status == 413 { 413 } else { 400 },
        format!("Malformed multipart body: {}", error.body_text()),
    )
}
