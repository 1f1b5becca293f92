//! Refusals of use cases as answers: the status, the field, and the sentence in the catalogue.

use http::StatusCode;
use mostek_connectors::{AccessError, LinkError};
use mostek_domain::company::NipError;
use mostek_domain::{
    AddressError, AttachmentError, EmailError, NameError, OptionsError, PhoneError, ReplyError, ValueError,
};
use mostek_helpdesk::Refusal;
use mostek_helpdesk::customer::import::sheet::{self, SheetError};
use mostek_helpdesk::filled::Unsaid;
use mostek_web::{ApiError, Arg, Text, time};

/// A refusal as an error of the API or a page.
pub(crate) fn refused(refusal: Refusal) -> ApiError {
    match refusal {
        // Named in what was sent, not in the address: what was asked for is there.
        Refusal::NotFound(field @ ("queue" | "category" | "field" | "conversation")) => {
            ApiError::bad_field(field, "helpdesk-unknown-choice")
        }
        Refusal::NotFound(_) => ApiError::not_found(),
        Refusal::Reply(e) => ApiError::bad_field("text", reply(e)),
        Refusal::Attachment(e) => attachment(e),
        Refusal::Status(e) => ApiError::conflict(Text::new(format!("helpdesk-{}", e.slug()))),
        Refusal::TooMany { limit } => ApiError::conflict(Text::new("helpdesk-too-many").with("limit", limit)),
        Refusal::TooLong { limit } => {
            ApiError::bad_field("text", Text::new("helpdesk-text-too-long").with("limit", limit))
        }
        Refusal::Field { field, key } if key.starts_with("crm-") => ApiError::bad_field(field, key),
        Refusal::Field { field, key } => ApiError::bad_field(field, Text::new(format!("helpdesk-{key}"))),
        Refusal::Sheet(e) => {
            ApiError::bad_field("file", Text::new(format!("crm-{}", e.slug())).with("limit", sheet_limit(e)))
        }
        Refusal::Changed => ApiError::conflict("helpdesk-changed"),
        Refusal::NeedsAuthentication => ApiError::conflict("helpdesk-needs-authentication"),
        Refusal::Remote(why) => ApiError::new(
            StatusCode::BAD_GATEWAY,
            "marketplace",
            Text::new("helpdesk-remote").with("why", &why),
        ),
        Refusal::Settings(why) => ApiError::internal(why),
        Refusal::Store(e) => e.into(),
    }
}

/// Why a template is not sent, as a part of a sentence.
pub(crate) fn unsaid(why: &Unsaid) -> Text {
    match why {
        Unsaid::NoWay => Text::new("helpdesk-unsaid-no-way"),
        Unsaid::Unknown { names } => Text::new("helpdesk-unsaid-unknown").with("names", names.join(", ")),
        Unsaid::Missing { names } => Text::new("helpdesk-unsaid-missing").with("names", names.join(", ")),
        Unsaid::Text => Text::new("helpdesk-unsaid-text"),
    }
}

/// The number in the sentence about a file.
fn sheet_limit(e: SheetError) -> Arg {
    match e {
        SheetError::TooLong => Arg::Bytes(sheet::FILE_BYTES as u64),
        SheetError::Rows => sheet::ROWS.into(),
        SheetError::Columns => sheet::COLUMNS.into(),
        SheetError::Cell => mostek_helpdesk::customer::NOTES_CHARS.into(),
        SheetError::Empty | SheetError::NotText => 0usize.into(),
    }
}

fn reply(e: ReplyError) -> Text {
    let (ReplyError::TooShort { chars, limit } | ReplyError::TooLong { chars, limit }) = e;
    Text::new(format!("helpdesk-{}", e.slug())).with("chars", chars).with("limit", limit)
}

fn attachment(e: AttachmentError) -> ApiError {
    let text = Text::new(format!("helpdesk-{}", e.slug()));
    let (status, kind, text) = match e {
        AttachmentError::Conversation { bytes, limit } | AttachmentError::Message { bytes, limit } => {
            (StatusCode::PAYLOAD_TOO_LARGE, "too-large", sizes(text, bytes, limit))
        }
        AttachmentError::Order { files, limit } => {
            (StatusCode::PAYLOAD_TOO_LARGE, "too-large", text.with("files", files).with("limit", limit))
        }
        AttachmentError::Empty => (StatusCode::UNPROCESSABLE_ENTITY, "bad-field", text),
    };
    let mut error = ApiError::new(status, kind, text);
    error.field = Some("files".into());
    error
}

/// Both sizes, to the byte where rounding would make them look the same.
fn sizes(text: Text, bytes: u64, limit: u64) -> Text {
    let language = mostek_domain::Language::En;
    if time::bytes(language, bytes) == time::bytes(language, limit) {
        let exact = |n| {
            format!(
                "{}\u{a0}B",
                mostek_web::i18n::number(mostek_domain::Language::Pl, i64::try_from(n).unwrap_or(i64::MAX))
            )
        };
        text.with("bytes", exact(bytes)).with("limit", exact(limit))
    } else {
        text.with("bytes", time::size(bytes)).with("limit", time::size(limit))
    }
}

/// The sentence for a name.
pub(crate) fn name(e: NameError) -> Text {
    let text = Text::new(format!("helpdesk-{}", e.slug()));
    match e {
        NameError::TooLong { chars, limit } => text.with("chars", chars).with("limit", limit),
        NameError::Empty | NameError::Character => text,
    }
}

/// The sentence for a telephone number.
pub(crate) fn phone(e: PhoneError) -> Text {
    let text = Text::new(format!("helpdesk-{}", e.slug()));
    match e {
        PhoneError::Length(digits) => text.with("digits", digits),
        PhoneError::Empty | PhoneError::Character | PhoneError::Beginning => text,
    }
}

/// The sentence for an e-mail address.
pub(crate) fn email(e: EmailError) -> Text {
    Text::new(format!("helpdesk-{}", e.slug()))
}

/// The sentence for a tax number.
pub(crate) fn nip(e: NipError) -> Text {
    Text::new(format!("helpdesk-{}", e.slug()))
}

/// The sentence for a field's value.
pub(crate) fn value(e: ValueError) -> Text {
    let text = Text::new(format!("crm-{}", e.slug()));
    match e {
        ValueError::TooLong => text.with("limit", mostek_domain::field::VALUE_CHARS),
        ValueError::Character | ValueError::Number | ValueError::Date | ValueError::Option => text,
    }
}

/// The sentence for the options of a choice.
pub(crate) fn options(e: OptionsError) -> Text {
    Text::new(format!("crm-{}", e.slug())).with("limit", mostek_domain::field::OPTIONS)
}

/// The sentence for a postal address.
pub(crate) fn address(e: AddressError) -> Text {
    Text::new(format!("crm-{}", e.slug()))
}

/// The sentence for an address, a shop id or a key.
pub(crate) fn access(e: AccessError) -> Text {
    Text::new(format!("helpdesk-{}", e.slug()))
}

/// The sentence for a link template.
pub(crate) fn link(e: &LinkError) -> Text {
    let text = Text::new(format!("helpdesk-{}", e.slug()));
    match e {
        LinkError::Variable(name) => text.with("name", name),
        LinkError::Address => text,
    }
}
