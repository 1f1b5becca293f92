//! Pages of lists: how they are asked for and what they look like.

use crate::operation::Parameter;
use serde::Serialize;

/// Asks for the page behind another one.
pub const AFTER: Parameter = Parameter::new::<String>("after", "`next` of the page before this one.");
/// Says how long a page is.
pub const LIMIT: Parameter = Parameter::new::<PageSize>("limit", "How many items at most.");

/// How many items a page has at most: usually 50; a list that allows fewer than were asked for gives as many as it allows.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(inline))]
struct PageSize(
    #[cfg_attr(feature = "schema", schemars(range(min = 1)))]
    #[allow(dead_code)]
    u32,
);

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "{T}List"))]
pub struct Listed<T> {
    /// The items.
    pub data: Vec<T>,
    /// The cursor of the next page, for `after`; `null` on the last one.
    pub next: Option<String>,
}

/// A page of a list that knows how long it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "{T}Page"))]
pub struct Counted<T> {
    /// The items.
    pub data: Vec<T>,
    /// The cursor of the next page, for `after`; `null` on the last one.
    pub next: Option<String>,
    /// How many items there are on all pages.
    pub total: u64,
}
