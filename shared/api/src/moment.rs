//! Moments as they are sent.

use serde::Serialize;

/// A moment: RFC 3339 in UTC, `2026-05-12T10:00:00Z`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(extend("format" = "date-time")))]
#[serde(transparent)]
pub struct Moment(pub String);
