//! Refusals as they are sent, and the kinds that there are.

use serde::Serialize;

/// The media type of refusals.
pub const PROBLEM_TYPE: &str = "application/problem+json";

/// A refusal (RFC 9457). `type` is for programs; `title` and `detail` are for people and in their language.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Problem<'a> {
    /// What kind of refusal, relative to the hub's address: `/problems/bad-field`. It can be opened, and leads to what is
    /// said of the kind.
    pub r#type: String,
    /// What kind of refusal, for people.
    pub title: String,
    /// The status, again.
    pub status: u16,
    /// What is wrong, and how to put it right, for people.
    pub detail: String,
    /// The path that was asked for.
    pub instance: &'a str,
    /// The member of the body or the parameter at fault, if there is one: `company.nip`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<&'a str>,
    /// To be named when asking about it: the log has it too, and so has the header `x-request-id`.
    pub correlation_id: &'a str,
}

/// The kinds of refusals that several operations have.
pub mod kinds {
    use crate::operation::Refusal;

    /// 400.
    pub const BAD_REQUEST: Refusal =
        Refusal::new(400, "bad-request", "The body is broken, or not of the shape that is described.");
    /// 401.
    pub const SIGN_IN_NEEDED: Refusal =
        Refusal::new(401, "sign-in-needed", "No token, or one that has ended or was revoked.");
    /// 403.
    pub const FORBIDDEN: Refusal =
        Refusal::new(403, "forbidden", "The right is missing, or `X-Company-Id` names a company of others.");
    /// 403.
    pub const CSRF_FAILED: Refusal = Refusal::new(
        403,
        "csrf-failed",
        "Signed in by a browser's session, and the header `X-CSRF-Token` is missing or wrong.",
    );
    /// 404.
    pub const NOT_FOUND: Refusal =
        Refusal::new(404, "not-found", "There is no such thing, or it belongs to another company.");
    /// 405.
    pub const METHOD_NOT_ALLOWED: Refusal =
        Refusal::new(405, "method-not-allowed", "The path has other methods; `Allow` names them.");
    /// 409.
    pub const CONFLICT: Refusal = Refusal::new(
        409,
        "conflict",
        "It has changed meanwhile, or its state does not allow this; `detail` says which.",
    );
    /// 413.
    pub const TOO_LARGE: Refusal =
        Refusal::new(413, "too-large", "The body or a file is longer than allowed.");
    /// 415.
    pub const UNSUPPORTED_MEDIA_TYPE: Refusal =
        Refusal::new(415, "unsupported-media-type", "The body is of another type than described.");
    /// 422.
    pub const BAD_FIELD: Refusal = Refusal::new(
        422,
        "bad-field",
        "A value cannot be; `field` names it, `detail` says how to put it right.",
    );
    /// 500.
    pub const INTERNAL: Refusal = Refusal::new(500, "internal", "A mistake of the hub; its log says more.");
    /// 502.
    pub const MARKETPLACE: Refusal = Refusal::new(
        502,
        "marketplace",
        "The marketplace refused or did not answer; `detail` has its words.",
    );
    /// 503.
    pub const UNAVAILABLE: Refusal = Refusal::new(
        503,
        "unavailable",
        "Where data are kept does not answer; `Retry-After` says when to come again.",
    );
}
