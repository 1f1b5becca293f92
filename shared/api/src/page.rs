//! Pages of lists.

use serde::Serialize;

/// A page of a list. `next` goes into the query of the request for the page behind it, and is `null` on the last one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "{T}List"))]
pub struct Listed<T> {
    /// The items.
    pub data: Vec<T>,
    /// The cursor of the next page, for `after`.
    pub next: Option<String>,
}

/// A page of a list that knows how long it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "{T}Page"))]
pub struct Counted<T> {
    /// The items.
    pub data: Vec<T>,
    /// The cursor of the next page, for `before`; `null` on the last one.
    pub next: Option<u64>,
    /// How many items there are on all pages.
    pub total: u64,
}
