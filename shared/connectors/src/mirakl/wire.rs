//! What Mirakl's seller API sends and takes, field by field, and nothing else.
//!
//! Shapes from Mirakl's published description of its Marketplace Platform (operations A01, M10, M11, M12, OR11). It
//! does not mark nullable fields and may add fields and words at any time, so only ids are required.

use crate::wire_values::{RemoteId, Sieve, lenient};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

type Text = Option<String>;
/// An amount as it was written, so that it stays decimal.
type Amount = Option<Box<RawValue>>;

#[derive(Debug, Deserialize)]
pub(super) struct Account {
    pub shop_id: RemoteId,
    #[serde(default, deserialize_with = "lenient")]
    pub shop_name: Text,
    #[serde(default, deserialize_with = "lenient")]
    pub shop_state: Text,
    #[serde(default, deserialize_with = "lenient")]
    pub currency_iso_code: Text,
}

#[derive(Debug, Deserialize)]
pub(super) struct Threads {
    /// Must be there: an answer without it is something else, and "nothing new" must not be read out of it.
    pub data: Sieve<Thread>,
    #[serde(default, deserialize_with = "lenient")]
    pub next_page_token: Text,
}

#[derive(Debug, Deserialize)]
pub(super) struct Thread {
    pub id: RemoteId,
    #[serde(default, deserialize_with = "lenient")]
    pub topic: Option<Topic>,
    #[serde(default, deserialize_with = "lenient")]
    pub date_created: Text,
    #[serde(default, deserialize_with = "lenient")]
    pub date_updated: Text,
    #[serde(default, deserialize_with = "lenient")]
    pub entities: Option<Sieve<Entity>>,
    #[serde(default, deserialize_with = "lenient")]
    pub authorized_participants: Option<Sieve<Participant>>,
    #[serde(default, deserialize_with = "lenient")]
    pub current_participants: Option<Sieve<Participant>>,
    #[serde(default, deserialize_with = "lenient")]
    pub messages: Option<Sieve<Message>>,
    #[serde(default, deserialize_with = "lenient")]
    pub metadata: Option<Metadata>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Topic {
    #[serde(default, rename = "type", deserialize_with = "lenient")]
    pub kind: Text,
    #[serde(default, deserialize_with = "lenient")]
    pub value: Text,
}

#[derive(Debug, Deserialize)]
pub(super) struct Entity {
    pub id: RemoteId,
    #[serde(default, rename = "type", deserialize_with = "lenient")]
    pub kind: Text,
    #[serde(default, deserialize_with = "lenient")]
    pub label: Text,
}

#[derive(Debug, Deserialize)]
pub(super) struct Participant {
    #[serde(default, rename = "type", deserialize_with = "lenient")]
    pub kind: Text,
    #[serde(default, deserialize_with = "lenient")]
    pub id: Option<RemoteId>,
    #[serde(default, deserialize_with = "lenient")]
    pub display_name: Text,
}

#[derive(Debug, Deserialize)]
pub(super) struct Message {
    pub id: RemoteId,
    #[serde(default, deserialize_with = "lenient")]
    pub body: Text,
    #[serde(default, deserialize_with = "lenient")]
    pub date_created: Text,
    #[serde(default, deserialize_with = "lenient")]
    pub from: Option<Sender>,
    #[serde(default, deserialize_with = "lenient")]
    pub to: Option<Sieve<Participant>>,
    #[serde(default, deserialize_with = "lenient")]
    pub attachments: Option<Sieve<Attachment>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Sender {
    #[serde(default, rename = "type", deserialize_with = "lenient")]
    pub kind: Text,
    #[serde(default, deserialize_with = "lenient")]
    pub display_name: Text,
}

#[derive(Debug, Deserialize)]
pub(super) struct Attachment {
    pub id: RemoteId,
    #[serde(default, deserialize_with = "lenient")]
    pub name: Text,
    #[serde(default, deserialize_with = "lenient")]
    pub size: Option<u64>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Metadata {
    #[serde(default, deserialize_with = "lenient")]
    pub shop_reply_needed_since: Text,
    #[serde(default, deserialize_with = "lenient")]
    pub total_count: Option<u32>,
}

#[derive(Debug, Serialize)]
pub(super) struct MessageInput<'a> {
    pub body: &'a str,
    pub to: Vec<Recipient<'a>>,
}

#[derive(Debug, Serialize)]
pub(super) struct Recipient<'a> {
    #[serde(rename = "type")]
    pub kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<&'a str>,
}

#[derive(Debug, Deserialize)]
pub(super) struct MessageSent {
    pub message_id: RemoteId,
}

#[derive(Debug, Deserialize)]
pub(super) struct Orders {
    /// Must be there, like [`Threads::data`].
    pub orders: Sieve<Order>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Order {
    pub order_id: RemoteId,
    #[serde(default, deserialize_with = "lenient")]
    pub commercial_id: Text,
    #[serde(default, deserialize_with = "lenient")]
    pub order_state: Text,
    #[serde(default, deserialize_with = "lenient")]
    pub created_date: Text,
    #[serde(default, deserialize_with = "lenient")]
    pub last_updated_date: Text,
    #[serde(default, deserialize_with = "lenient")]
    pub shipping_deadline: Text,
    #[serde(default, deserialize_with = "lenient")]
    pub currency_iso_code: Text,
    #[serde(default, deserialize_with = "lenient")]
    pub price: Amount,
    #[serde(default, deserialize_with = "lenient")]
    pub shipping_price: Amount,
    #[serde(default, deserialize_with = "lenient")]
    pub total_price: Amount,
    #[serde(default, deserialize_with = "lenient")]
    pub has_incident: Option<bool>,
    #[serde(default, deserialize_with = "lenient")]
    pub shipping_company: Text,
    #[serde(default, deserialize_with = "lenient")]
    pub shipping_tracking: Text,
    #[serde(default, deserialize_with = "lenient")]
    pub shipping_tracking_url: Text,
    #[serde(default, deserialize_with = "lenient")]
    pub shipping_type_label: Text,
    #[serde(default, deserialize_with = "lenient")]
    pub customer: Option<Customer>,
    #[serde(default, deserialize_with = "lenient")]
    pub order_lines: Option<Sieve<OrderLine>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Customer {
    #[serde(default, deserialize_with = "lenient")]
    pub customer_id: Option<RemoteId>,
    #[serde(default, deserialize_with = "lenient")]
    pub firstname: Text,
    #[serde(default, deserialize_with = "lenient")]
    pub lastname: Text,
    #[serde(default, deserialize_with = "lenient")]
    pub locale: Text,
    #[serde(default, deserialize_with = "lenient")]
    pub organization: Option<Organization>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Organization {
    #[serde(default, deserialize_with = "lenient")]
    pub name: Text,
}

#[derive(Debug, Deserialize)]
pub(super) struct OrderLine {
    #[serde(default, deserialize_with = "lenient")]
    pub order_line_id: Option<RemoteId>,
    #[serde(default, deserialize_with = "lenient")]
    pub order_line_state: Text,
    #[serde(default, deserialize_with = "lenient")]
    pub product_title: Text,
    #[serde(default, deserialize_with = "lenient")]
    pub product_shop_sku: Text,
    #[serde(default, deserialize_with = "lenient")]
    pub offer_sku: Text,
    #[serde(default, deserialize_with = "lenient")]
    pub product_sku: Text,
    #[serde(default, deserialize_with = "lenient")]
    pub quantity: Option<i64>,
    #[serde(default, deserialize_with = "lenient")]
    pub price_unit: Amount,
    #[serde(default, deserialize_with = "lenient")]
    pub price: Amount,
    #[serde(default, deserialize_with = "lenient")]
    pub product_medias: Option<Sieve<Media>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Media {
    #[serde(default, deserialize_with = "lenient")]
    pub media_url: Text,
    #[serde(default, rename = "type", deserialize_with = "lenient")]
    pub kind: Text,
}
