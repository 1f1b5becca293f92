//! What the marketplace knows: shops, keys, customers, orders, conversations. Times are milliseconds since 1970 UTC,
//! amounts are grosze.

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// What a key may do. A missing right is answered with 403.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Right {
    /// A01.
    Account,
    /// M10, M11, M13, RE01.
    MessagesRead,
    /// M12, OR43.
    MessagesWrite,
    /// OR11.
    OrdersRead,
}

/// Every right there is.
pub const ALL_RIGHTS: &[Right] =
    &[Right::Account, Right::MessagesRead, Right::MessagesWrite, Right::OrdersRead];

/// An API key as the shop's user made it in the panel.
#[derive(Debug, Clone, Serialize)]
pub struct ApiKey {
    /// The bare value of the `Authorization` header.
    pub key: String,
    /// What it is for, in the panel.
    pub label: String,
    /// The shops it may name in `shop_id`; the first is used when it names none.
    pub shops: Vec<i64>,
    /// What it may do.
    pub rights: Vec<Right>,
}

/// A seller on the marketplace.
#[derive(Debug, Clone, Serialize)]
pub struct Shop {
    /// Mirakl's `shop_id`.
    pub id: i64,
    /// Mirakl's `shop_name`.
    pub name: String,
    /// Seat of the company.
    pub city: String,
    /// Postal code of the seat.
    pub zip: String,
    /// Street and number of the seat.
    pub street: String,
    /// Contact e-mail.
    pub email: String,
    /// The person who answers from the marketplace's own panel.
    pub panel_user: String,
}

/// A buyer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Customer {
    /// `customer.customer_id` of an order and the `id` of the CUSTOMER participant.
    pub id: String,
    /// `Mr`, `Mrs` or `Miss`.
    pub civility: String,
    /// First name.
    pub firstname: String,
    /// Family name.
    pub lastname: String,
    /// Street and number.
    pub street: String,
    /// Postal code.
    pub zip: String,
    /// City.
    pub city: String,
    /// `pl_PL` and the like.
    pub locale: String,
}

impl Customer {
    /// What the seller sees in a conversation: the first name and the initial of the family name.
    pub fn display_name(&self) -> String {
        match self.lastname.chars().next() {
            Some(initial) => format!("{} {initial}.", self.firstname),
            None => self.firstname.clone(),
        }
    }
}

/// One line of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// The marketplace's product code (an EAN).
    pub product_sku: String,
    /// The seller's own product code.
    pub shop_sku: String,
    /// Name of the product.
    pub title: String,
    /// Name of its category.
    pub category: String,
    /// Pieces.
    pub quantity: u32,
    /// Price of one, in grosze.
    pub unit_price: i64,
    /// `order_line_state`.
    pub state: String,
}

/// How an order travels.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Shipping {
    /// `INPOST`, `DPD`, `POCZTA_POLSKA`.
    pub carrier_code: String,
    /// Name of the carrier.
    pub company: String,
    /// Method, for people.
    pub label: String,
    /// Tracking number; none before the order is sent.
    pub tracking: Option<String>,
    /// Where the parcel can be followed.
    pub tracking_url: Option<String>,
    /// Cost, in grosze.
    pub price: i64,
}

/// An order of one customer at one shop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Order {
    /// `order_id`, such as `EMP-10000001-A`.
    pub id: String,
    /// `commercial_id`, such as `EMP-10000001`.
    pub commercial_id: String,
    /// The seller.
    pub shop_id: i64,
    /// The buyer.
    pub customer_id: String,
    /// `order_state`.
    pub state: String,
    /// When it was placed.
    pub created: i64,
    /// When it last changed.
    pub updated: i64,
    /// At least one.
    pub lines: Vec<Line>,
    /// The carrier and the parcel.
    pub shipping: Shipping,
}

impl Order {
    /// Value of the goods, in grosze.
    pub fn goods(&self) -> i64 {
        self.lines.iter().map(|line| line.unit_price * i64::from(line.quantity)).sum()
    }
}

/// A role in a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// The buyer.
    Customer,
    /// The seller.
    Shop,
    /// The marketplace itself.
    Operator,
}

impl Role {
    /// The participant type on the wire.
    pub fn participant(self) -> &'static str {
        match self {
            Self::Customer => "CUSTOMER",
            Self::Shop => "SHOP",
            Self::Operator => "OPERATOR",
        }
    }

    /// The sender type on the wire.
    pub fn sender(self) -> &'static str {
        match self {
            Self::Customer => "CUSTOMER_USER",
            Self::Shop => "SHOP_USER",
            Self::Operator => "OPERATOR_USER",
        }
    }

    /// The participant type read from the wire.
    pub fn from_participant(text: &str) -> Option<Self> {
        [Self::Customer, Self::Shop, Self::Operator].into_iter().find(|role| role.participant() == text)
    }
}

/// Which way a message came in, so that a test can tell a reply through the API from one typed in the panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Via {
    /// M12 or OR43.
    Api,
    /// The web panel or the control API.
    Panel,
    /// The demonstration data.
    Demo,
    /// Made in bulk.
    Generated,
}

/// A message of a conversation.
#[derive(Debug, Clone)]
pub struct Message {
    /// UUID.
    pub id: String,
    /// Who wrote it.
    pub author: Role,
    /// The person's name, as shown to the others.
    pub author_name: String,
    /// Whom it is for.
    pub to: Vec<Role>,
    /// The text as it was written, which may hold `<br>`.
    pub body: String,
    /// When it was accepted.
    pub at: i64,
    /// Attachment ids, in order.
    pub attachments: Vec<String>,
    /// Which way it came in.
    pub via: Via,
}

/// What a conversation is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Topic {
    /// `FREE_TEXT` or `REASON_CODE`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The text, or the code of a reason.
    pub value: String,
}

impl Topic {
    /// A topic somebody typed.
    pub fn free(text: impl Into<String>) -> Self {
        Self { kind: "FREE_TEXT".to_owned(), value: text.into() }
    }
}

/// A conversation.
#[derive(Debug, Clone)]
pub struct Thread {
    /// UUID.
    pub id: String,
    /// The seller.
    pub shop_id: i64,
    /// The buyer.
    pub customer_id: String,
    /// The order it is about.
    pub order_id: String,
    /// Its subject.
    pub topic: Topic,
    /// When it began.
    pub created: i64,
    /// When it last changed in a way a reader can see.
    pub updated: i64,
    /// Visible messages, oldest first.
    pub messages: Vec<Message>,
    /// "No reply needed" clicks: when, and whose.
    pub no_reply_needed: Vec<(i64, Role)>,
}

impl Thread {
    /// Since when the shop owes an answer: the first message for it that came after its last own one and after the
    /// last "no reply needed" click.
    pub fn reply_needed_since(&self) -> Option<i64> {
        let answered = self.messages.iter().rposition(|m| m.author == Role::Shop).map_or(0, |at| at + 1);
        let clicked = self.no_reply_needed.iter().map(|(at, _)| *at).max();
        self.messages
            .iter()
            .skip(answered)
            .find(|m| m.to.contains(&Role::Shop) && clicked.is_none_or(|at| m.at > at))
            .map(|m| m.at)
    }

    /// The roles that have written or been written to.
    pub fn current_roles(&self) -> Vec<Role> {
        let mut roles: Vec<Role> =
            self.messages.iter().flat_map(|m| m.to.iter().copied().chain([m.author])).collect();
        roles.sort_unstable();
        roles.dedup();
        roles
    }
}

/// A file of a message.
#[derive(Debug, Clone)]
pub struct Attachment {
    /// UUID.
    pub id: String,
    /// The conversation it belongs to.
    pub thread_id: String,
    /// The name its sender gave it, unchanged.
    pub name: String,
    /// The content.
    pub bytes: Bytes,
    /// SHA-256 of the content, in hexadecimal.
    pub sha256: String,
}

/// A file on its way in.
#[derive(Debug, Clone)]
pub struct NewFile {
    /// Its name.
    pub name: String,
    /// Its content.
    pub bytes: Bytes,
}

/// SHA-256 in lower-case hexadecimal.
pub fn sha256_hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
