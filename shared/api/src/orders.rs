//! Orders as they are shown beside a ticket.

use crate::Moment;
use mostek_domain::Money;
use serde::Serialize;

/// An order, and when it was read.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct KnownOrder {
    /// When it was read from the marketplace.
    pub read_at: Moment,
    /// How many lines were left out because there are very many.
    pub more_lines: u64,
    /// The order.
    pub order: Order,
}

/// An order on a marketplace. What the marketplace did not tell is `null`.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Order {
    /// The marketplace's id.
    pub id: String,
    /// What the customer knows it by.
    pub commercial_id: Option<String>,
    /// Where it is on its way: `shipping`, `shipped`, `received`, ..., or the marketplace's own word for a state that the
    /// hub does not know.
    pub state: Option<String>,
    /// What was bought.
    pub lines: Vec<OrderLine>,
    /// Price of the goods.
    pub price: Option<Money>,
    /// Price of the delivery.
    pub shipping_price: Option<Money>,
    /// What the customer pays.
    pub total: Option<Money>,
    /// Who bought.
    pub customer: OrderCustomer,
    /// How it travels.
    pub tracking: Tracking,
    /// When it was placed.
    pub created_at: Option<Moment>,
    /// When it last changed.
    pub updated_at: Option<Moment>,
    /// Until when the shop has to send it.
    pub ship_by: Option<Moment>,
    /// Whether the customer reported a problem.
    pub has_incident: bool,
}

/// A line of an order.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OrderLine {
    /// The marketplace's id of the line.
    pub id: Option<String>,
    /// What was bought.
    pub title: Option<String>,
    /// The shop's own article number, else the marketplace's.
    pub sku: Option<String>,
    /// How many.
    pub quantity: Option<i64>,
    /// Price of one.
    pub unit_price: Option<Money>,
    /// Price of the line, without shipping.
    pub total: Option<Money>,
    /// Where the line is on its way, if that is told per line.
    pub state: Option<String>,
    /// A picture.
    pub picture_url: Option<String>,
}

/// A buyer as an order names them.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OrderCustomer {
    /// The marketplace's customer id.
    pub id: Option<String>,
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// Locale such as `pl_PL`.
    pub locale: Option<String>,
    /// The company bought for.
    pub organization: Option<String>,
}

/// How a parcel travels.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Tracking {
    /// Carrier.
    pub company: Option<String>,
    /// The carrier's number.
    pub number: Option<String>,
    /// The page to follow the parcel at.
    pub url: Option<String>,
    /// The way of delivery the customer chose.
    pub method: Option<String>,
}
