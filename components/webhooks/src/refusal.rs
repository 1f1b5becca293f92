//! Refusals of use cases as answers: the status, the field, and the sentence in the catalogue.

use http::StatusCode;
use mostek_domain::NameError;
use mostek_helpdesk::Refusal;
use mostek_web::{ApiError, Text};

/// A refusal as an error of the API or a page.
pub(crate) fn refused(refusal: Refusal) -> ApiError {
    match refusal {
        Refusal::NotFound(_) => ApiError::not_found(),
        Refusal::TooMany { limit } => ApiError::conflict(Text::new("webhooks-too-many").with("limit", limit)),
        Refusal::Field { field, key: "unknown-choice" } => {
            ApiError::bad_field(field, "webhooks-unknown-choice")
        }
        Refusal::Field { field, key } => ApiError::bad_field(field, Text::new(format!("webhooks-{key}"))),
        Refusal::Changed => ApiError::conflict("webhooks-changed"),
        Refusal::NeedsAuthentication => ApiError::conflict("webhooks-enter-again"),
        Refusal::Settings(why) => ApiError::internal(why),
        Refusal::Store(e) => e.into(),
        // Refusals of replies and tickets, which this component does not make.
        other => ApiError::new(StatusCode::CONFLICT, "conflict", "webhooks-changed").caused_by(other),
    }
}

/// The sentence for a name.
pub(crate) fn name(e: NameError) -> Text {
    let text = Text::new(format!("webhooks-{}", e.slug()));
    match e {
        NameError::TooLong { chars, limit } => text.with("chars", chars).with("limit", limit),
        NameError::Empty | NameError::Character => text,
    }
}
