//! A reply or comment as it was sent.

use super::key;
use crate::fields::{Fields, is_multipart};
use bytes::Bytes;
use mostek_api::tickets::NewReply;
use mostek_domain::marketplace::ReplyTo;
use mostek_domain::ticket::{Priority, Status, StatusKind};
use mostek_domain::{AttachmentLimits, EmployeeId, TagId, TicketId, Timestamp};
use mostek_helpdesk::ticket::Decision;
use mostek_web::body::{self, JSON_LIMIT};
use mostek_web::multipart::{self, UploadLimits};
use mostek_web::{ApiError, Request, time};
use std::time::Duration;

/// The header that may carry the key of a request.
const IDEMPOTENCY_KEY: &str = "idempotency-key";
/// Bytes a form may have beyond its files: a text of the longest kind and what is around it.
const FORM_ROOM: usize = 1_000_000;
/// Bytes of files that are read beyond what is allowed, so that the refusal can name what it would be.
const OVERSHOOT: usize = 4_000_000;

/// Who puts a ticket aside for longer has closed it.
const LONGEST_SNOOZE: Duration = Duration::from_secs(366 * 86_400);

/// What a reply says and carries.
#[derive(Debug, Default)]
pub(crate) struct Written {
    pub text: String,
    /// Absent: whoever wrote last.
    pub to: Option<ReplyTo>,
    pub files: Vec<(String, Bytes)>,
    /// Absent: the one in which somebody waits.
    pub conversation: Option<TicketId>,
    pub key: String,
}

/// Reads a reply that a program sent: JSON, or a form with files.
///
/// # Errors
/// 400, 413, 415; 422 without a key or with an unknown recipient.
pub(crate) async fn api(request: &mut Request, limits: &AttachmentLimits) -> Result<Written, ApiError> {
    let header = request.header(IDEMPOTENCY_KEY).map(str::to_owned);
    if is_multipart(request) {
        let (fields, files) = form(request, limits).await?;
        let key = key(header.as_deref().unwrap_or_else(|| fields.get("key")))?;
        return Ok(Written {
            text: fields.get("text").to_owned(),
            to: to(fields.given("to"))?,
            files,
            conversation: conversation(fields.given("conversation"))?,
            key,
        });
    }
    let json: NewReply = body::json(request, JSON_LIMIT).await?;
    let key = key(header.or(json.key).as_deref().unwrap_or_default())?;
    Ok(Written {
        text: json.text,
        to: to(json.to.as_deref())?,
        files: Vec::new(),
        conversation: conversation(json.conversation.as_deref())?,
        key,
    })
}

/// Reads a form with files: its fields and its files.
///
/// # Errors
/// 400, 413, 415.
pub(crate) async fn form(
    request: &mut Request,
    limits: &AttachmentLimits,
) -> Result<(Fields, Vec<(String, Bytes)>), ApiError> {
    let most = usize::try_from(limits.conversation_bytes.min(limits.message_bytes)).unwrap_or(usize::MAX);
    let total = most.saturating_add(OVERSHOOT).saturating_add(FORM_ROOM);
    let files = usize::try_from(limits.order_files).unwrap_or(usize::MAX);
    let sent = multipart::read(request, UploadLimits { total, per_file: total, files }).await?;
    let files = sent.files.into_iter().map(|f| (f.name, f.content)).collect();
    Ok((Fields(sent.fields), files))
}

fn to(slug: Option<&str>) -> Result<Option<ReplyTo>, ApiError> {
    slug.map(|s| ReplyTo::from_slug(s).ok_or_else(|| ApiError::bad_field("to", "helpdesk-unknown-choice")))
        .transpose()
}

fn conversation(id: Option<&str>) -> Result<Option<TicketId>, ApiError> {
    id.map(|i| super::id("conversation", i, TicketId::parse)).transpose()
}

/// The recipient in a form; unknown ones count as not chosen.
pub(crate) fn recipient(fields: &Fields) -> Option<ReplyTo> {
    ReplyTo::from_slug(fields.get("to"))
}

/// Reads a decision about a reply that failed or is uncertain: `send`, `was_sent`, `drop`.
///
/// # Errors
/// 422.
pub(crate) fn decision(slug: &str) -> Result<Decision, ApiError> {
    match slug {
        "send" => Ok(Decision::Send),
        "was_sent" => Ok(Decision::WasSent),
        "drop" => Ok(Decision::Drop),
        _ => Err(ApiError::bad_field("decision", "helpdesk-unknown-choice")),
    }
}

/// Reads a status that can be set by hand. `until` is the moment a ticket is put aside until: RFC 3339, or what a date and
/// time input gives, on Warsaw's clocks.
///
/// # Errors
/// 422.
pub(crate) fn status(slug: &str, until: &str, now: Timestamp) -> Result<Status, ApiError> {
    match StatusKind::from_slug(slug) {
        Some(StatusKind::New) => Ok(Status::New),
        Some(StatusKind::InProgress) => Ok(Status::InProgress),
        Some(StatusKind::WaitingForCustomer) => Ok(Status::WaitingForCustomer),
        Some(StatusKind::Closed) => Ok(Status::Closed { at: now }),
        Some(StatusKind::Snoozed) => {
            let until = time::parse_iso(until).or_else(|| time::parse_input_moment(until));
            let until = until.ok_or_else(|| ApiError::bad_field("until", "helpdesk-snooze-until-bad"))?;
            if until.since(now) > LONGEST_SNOOZE {
                return Err(ApiError::bad_field("until", "helpdesk-snooze-too-long"));
            }
            Ok(Status::Snoozed { until })
        }
        Some(StatusKind::Merged) | None => Err(ApiError::bad_field("status", "helpdesk-unknown-choice")),
    }
}

/// Reads how urgent a ticket is.
///
/// # Errors
/// 422.
pub(crate) fn priority(slug: &str) -> Result<Priority, ApiError> {
    Priority::from_slug(slug).ok_or_else(|| ApiError::bad_field("priority", "helpdesk-unknown-choice"))
}

/// Reads tags, each by its id; empty ones are none.
///
/// # Errors
/// 422.
pub(crate) fn tags<'a>(ids: impl IntoIterator<Item = &'a str>) -> Result<Vec<TagId>, ApiError> {
    let given = ids.into_iter().map(str::trim).filter(|i| !i.is_empty());
    given.map(|i| super::id("tag", i, TagId::parse)).collect()
}

/// Reads whose a ticket becomes: an employee's id, or nothing for nobody.
///
/// # Errors
/// 422.
pub(crate) fn employee(text: &str) -> Result<Option<EmployeeId>, ApiError> {
    match text.trim() {
        "" => Ok(None),
        id => super::id("employee", id, EmployeeId::parse).map(Some),
    }
}
