//! The bodies of the seller API (Mirakl Marketplace Platform: M10, M11, M12, OR11, A01, RE01). A field that Mirakl marks
//! as required is always there; the others come as Mirakl's own examples show them, null or absent.

use serde::Serialize;
use serde_json::{Value, json};

use super::model::{Customer, Message, Order, Role, Shop, Thread, Topic};
use super::world::{OPERATOR, World};
use crate::clock::iso;

/// The channel every order here was placed through.
pub const CHANNEL: &str = "EMPIK_PL";

/// Answer of M11.
#[derive(Debug, Serialize)]
pub struct ThreadPage {
    /// The conversations of this page.
    pub data: Vec<ThreadBody>,
    /// Absent on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_page_token: Option<String>,
}

/// Answer of M10 and element of M11.
#[derive(Debug, Serialize)]
pub struct ThreadBody {
    id: String,
    topic: Topic,
    date_created: String,
    date_updated: String,
    entities: Vec<Entity>,
    authorized_participants: Vec<Participant>,
    current_participants: Vec<Participant>,
    #[serde(skip_serializing_if = "Option::is_none")]
    messages: Option<Vec<MessageBody>>,
    metadata: Metadata,
    no_store_reply_needed: Vec<NoReplyNeeded>,
}

#[derive(Debug, Serialize)]
struct Entity {
    #[serde(rename = "type")]
    kind: &'static str,
    id: String,
    label: String,
}

#[derive(Debug, Serialize)]
struct Participant {
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    display_name: String,
}

#[derive(Debug, Serialize)]
struct Sender {
    #[serde(rename = "type")]
    kind: &'static str,
    display_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    organization_details: Option<Participant>,
}

#[derive(Debug, Serialize)]
struct MessageBody {
    id: String,
    body: String,
    date_created: String,
    from: Sender,
    to: Vec<Participant>,
    attachments: Vec<AttachmentBody>,
}

#[derive(Debug, Serialize)]
struct AttachmentBody {
    id: String,
    name: String,
    size: usize,
}

#[derive(Debug, Serialize)]
struct Metadata {
    last_message_date: String,
    last_sender: Sender,
    total_count: usize,
    shop_reply_needed_since: Option<String>,
}

#[derive(Debug, Serialize)]
struct NoReplyNeeded {
    date: String,
    user_type: &'static str,
}

/// A conversation with at most `last_messages` of its messages (`None`: without the field), newest first on request.
/// `None` when nobody has written in it visibly.
pub fn thread(
    world: &World,
    thread: &Thread,
    last_messages: Option<usize>,
    reversed: bool,
) -> Option<ThreadBody> {
    let last = thread.messages.last()?;
    let messages = last_messages.map(|count| {
        let skipped = thread.messages.len().saturating_sub(count);
        let mut bodies: Vec<_> =
            thread.messages.iter().skip(skipped).map(|m| message(world, thread, m)).collect();
        if reversed {
            bodies.reverse();
        }
        bodies
    });
    let label = world.order(&thread.order_id).map(|o| o.commercial_id.clone()).unwrap_or_default();
    Some(ThreadBody {
        id: thread.id.clone(),
        topic: thread.topic.clone(),
        date_created: iso(thread.created),
        date_updated: iso(thread.updated),
        entities: vec![Entity { kind: "MMP_ORDER", id: thread.order_id.clone(), label }],
        authorized_participants: [Role::Shop, Role::Customer, Role::Operator]
            .into_iter()
            .map(|role| participant(world, thread, role))
            .collect(),
        current_participants: thread
            .current_roles()
            .into_iter()
            .map(|role| participant(world, thread, role))
            .collect(),
        messages,
        metadata: Metadata {
            last_message_date: iso(last.at),
            last_sender: sender(world, thread, last),
            total_count: thread.messages.len(),
            shop_reply_needed_since: thread.reply_needed_since().map(iso),
        },
        no_store_reply_needed: thread
            .no_reply_needed
            .iter()
            .map(|(at, by)| NoReplyNeeded { date: iso(*at), user_type: by.participant() })
            .collect(),
    })
}

fn participant(world: &World, thread: &Thread, role: Role) -> Participant {
    let (id, display_name) = match role {
        Role::Operator => (None, OPERATOR.to_owned()),
        Role::Shop => (
            Some(thread.shop_id.to_string()),
            world.shop(thread.shop_id).map(|s| s.name.clone()).unwrap_or_default(),
        ),
        Role::Customer => (
            Some(thread.customer_id.clone()),
            world.customer(&thread.customer_id).map(Customer::display_name).unwrap_or_default(),
        ),
    };
    Participant { kind: role.participant(), id, display_name }
}

fn sender(world: &World, thread: &Thread, message: &Message) -> Sender {
    Sender {
        kind: message.author.sender(),
        display_name: message.author_name.clone(),
        organization_details: (message.author == Role::Shop).then(|| participant(world, thread, Role::Shop)),
    }
}

fn message(world: &World, thread: &Thread, message: &Message) -> MessageBody {
    MessageBody {
        id: message.id.clone(),
        body: message.body.clone(),
        date_created: iso(message.at),
        from: sender(world, thread, message),
        to: message.to.iter().map(|role| participant(world, thread, *role)).collect(),
        attachments: message
            .attachments
            .iter()
            .filter_map(|id| world.attachment(id))
            .map(|a| AttachmentBody { id: a.id.clone(), name: a.name.clone(), size: a.bytes.len() })
            .collect(),
    }
}

/// Grosze as the JSON number of złote.
fn money(grosze: i64) -> f64 {
    grosze as f64 / 100.0
}

/// One order of OR11. Addresses are null until the order is to be sent, as Mirakl does it.
pub fn order(world: &World, order: &Order) -> Value {
    let goods = order.goods();
    let shipping = &order.shipping;
    let lines: Vec<Value> = order
        .lines
        .iter()
        .enumerate()
        .map(|(index, line)| {
            let price = line.unit_price * i64::from(line.quantity);
            // The whole cost of delivery is on the first line, so that the lines add up.
            let delivery = if index == 0 { shipping.price } else { 0 };
            let media = |kind: &str| {
                json!({
                    "media_url": format!("/media/product/image/{}-{}", line.product_sku, kind.to_lowercase()),
                    "mime_type": "PNG",
                    "type": kind,
                })
            };
            json!({
                "can_refund": order.state != "WAITING_ACCEPTANCE",
                "cancelations": [],
                "category_code": null,
                "category_label": line.category,
                "commission_fee": money(price / 10),
                "created_date": iso(order.created),
                "debited_date": iso(order.created + 600_000),
                "description": null,
                "last_updated_date": iso(order.updated),
                "offer_id": line.product_sku.chars().skip(7).collect::<String>().parse::<i64>().unwrap_or(0),
                "offer_sku": line.shop_sku,
                "offer_state_code": "11",
                "order_line_additional_fields": [],
                "order_line_id": format!("{}-{}", order.id, index + 1),
                "order_line_index": index + 1,
                "order_line_state": line.state,
                "order_line_state_reason_code": null,
                "order_line_state_reason_label": null,
                "price": money(price),
                "price_additional_info": null,
                "price_unit": money(line.unit_price),
                "product_medias": [media("SMALL"), media("MEDIUM"), media("LARGE")],
                "product_shop_sku": line.shop_sku,
                "product_sku": line.product_sku,
                "product_title": line.title,
                "promotions": [],
                "quantity": line.quantity,
                "received_date": null,
                "refunds": [],
                "shipped_date": shipping.tracking.as_ref().map(|_| iso(order.updated)),
                "shipping_price": money(delivery),
                "taxes": [],
                "total_commission": money(price / 10),
                "total_price": money(price + delivery),
            })
        })
        .collect();
    let customer = world.customer(&order.customer_id).map(|customer| {
        let address = (!matches!(order.state.as_str(), "STAGING" | "WAITING_ACCEPTANCE" | "WAITING_DEBIT"))
            .then(|| address(customer));
        json!({
            "customer_id": customer.id,
            "civility": customer.civility,
            "firstname": customer.firstname,
            "lastname": customer.lastname,
            "locale": customer.locale,
            "billing_address": address,
            "shipping_address": address,
            "organization": null,
        })
    });
    json!({
        "acceptance_decision_date": iso(order.created + 3_600_000),
        "can_cancel": order.state == "SHIPPING",
        "can_shop_ship": order.state == "SHIPPING",
        "channel": {"code": CHANNEL, "label": "EmpikPlace"},
        "commercial_id": order.commercial_id,
        "created_date": iso(order.created),
        "currency_iso_code": "PLN",
        "customer": customer,
        "customer_debited_date": iso(order.created + 600_000),
        "customer_notification_email": format!("notification+{}@notification.sandbox.example", order.customer_id),
        "fully_refunded": false,
        "has_customer_message": world.threads().any(|t| t.order_id == order.id),
        "has_incident": order.lines.iter().any(|line| line.state == "INCIDENT_OPEN"),
        "has_invoice": false,
        "last_updated_date": iso(order.updated),
        "leadtime_to_ship": 2,
        "order_additional_fields": [],
        "order_id": order.id,
        "order_lines": lines,
        "order_state": order.state,
        "order_state_reason_code": null,
        "order_state_reason_label": null,
        "order_tax_mode": "TAX_INCLUDED",
        "payment_type": "BLIK",
        "payment_workflow": "PAY_ON_ACCEPTANCE",
        "price": money(goods),
        "promotions": {"applied_promotions": [], "total_deduced_amount": 0},
        "quote_id": null,
        "references": null,
        "shipping_carrier_code": shipping.carrier_code,
        "shipping_company": shipping.company,
        "shipping_deadline": iso(order.created + 2 * 24 * 3_600_000),
        "shipping_price": money(shipping.price),
        "shipping_tracking": shipping.tracking,
        "shipping_tracking_url": shipping.tracking_url,
        "shipping_type_code": shipping.carrier_code,
        "shipping_type_label": shipping.label,
        "shipping_zone_code": "PL",
        "shipping_zone_label": "Polska",
        "total_commission": money(goods / 10),
        "total_price": money(goods + shipping.price),
        "transaction_date": iso(order.created + 600_000),
        "transaction_number": format!("TR-{}", order.commercial_id),
    })
}

fn address(customer: &Customer) -> Value {
    json!({
        "civility": customer.civility,
        "firstname": customer.firstname,
        "lastname": customer.lastname,
        "company": null,
        "street_1": customer.street,
        "street_2": null,
        "zip_code": customer.zip,
        "city": customer.city,
        "state": null,
        "country": "Polska",
        "country_iso_code": "POL",
        "additional_info": null,
    })
}

/// Answer of A01.
pub fn account(shop: &Shop, orders: usize) -> Value {
    json!({
        "applicable_taxes": [],
        "approval_delay": 2,
        "approval_rate": 1,
        "banner": null,
        "channels": [CHANNEL],
        "closed_from": null,
        "closed_to": null,
        "contact_informations": {
            "civility": null, "firstname": shop.panel_user, "lastname": null,
            "email": shop.email, "phone": null, "fax": null, "web_site": null,
            "street1": shop.street, "street2": null, "zip_code": shop.zip, "city": shop.city,
            "country": "POL", "state": null,
        },
        "currency_iso_code": "PLN",
        "date_created": "2019-03-25T14:34:03Z",
        "description": null,
        "domains": ["PRODUCT"],
        "evaluations_count": 214,
        "grade": 4.8,
        "is_professional": true,
        "kyc": {"status": "APPROVED", "reason": null},
        "last_updated_date": "2026-03-28T09:28:59Z",
        "model": "MARKETPLACE",
        "offers_count": 34,
        "order_messages_response_delay": 5400,
        "orders_count": orders,
        "premium": false,
        "return_policy": null,
        "shipping_country": "POL",
        "shop_id": shop.id,
        "shop_name": shop.name,
        "shop_state": "OPEN",
        "suspension_type": null,
    })
}

/// Answer of RE01.
pub fn reasons() -> Value {
    let reason = |code: &str, label: &str, kind: &str, shop: bool| json!({"code": code, "label": label, "type": kind, "is_shop_right": shop, "is_customer_right": true});
    json!({"reasons": [
        reason("OM1", "Gdzie jest moja przesyłka?", "ORDER_MESSAGING", true),
        reason("OM2", "Zwrot towaru", "ORDER_MESSAGING", true),
        reason("OM3", "Faktura", "ORDER_MESSAGING", true),
        reason("OF1", "Pytanie o produkt", "OFFER_MESSAGING", true),
        reason("SO1", "Pytanie do operatora", "MMP_SELLER_MESSAGING", true),
        reason("IO1", "Towar uszkodzony", "INCIDENT_OPEN", false),
        reason("IC1", "Sprawa wyjaśniona", "INCIDENT_CLOSE", true),
        reason("RF1", "Zwrot pieniędzy za zwrócony towar", "REFUND", true),
        reason("CA1", "Brak towaru", "CANCELATION", true),
    ]})
}
