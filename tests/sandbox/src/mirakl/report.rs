//! The state as JSON, for tests that compare what was written with what a hub made of it.

use serde_json::{Value, json};

use super::Inner;
use super::model::{Customer, Message, Thread};
use crate::clock::iso;

/// Everything: shops, keys, conversations with all messages (invisible ones too), faults.
pub fn state(inner: &Inner) -> Value {
    let mut threads: Vec<&Thread> = inner.world.threads().collect();
    threads.sort_by(|a, b| (a.created, &a.id).cmp(&(b.created, &b.id)));
    json!({
        "now": iso(crate::clock::now_ms()),
        "shops": shops(inner),
        "threads": threads.into_iter().map(|thread| thread_report(inner, thread)).collect::<Vec<_>>(),
        "orders": inner.world.orders().map(|order| order.id.as_str()).collect::<Vec<_>>(),
        "faults": inner.faults.armed(),
    })
}

/// The shops, each with its keys.
pub fn shops(inner: &Inner) -> Value {
    let shops = inner.world.shops().iter().map(|shop| {
        let keys: Vec<_> = inner.world.keys().iter().filter(|key| key.shops.contains(&shop.id)).collect();
        json!({"id": shop.id, "name": shop.name, "keys": keys})
    });
    Value::Array(shops.collect())
}

/// A conversation without its messages.
pub fn thread_summary(inner: &Inner, thread: &Thread) -> Value {
    let customer = inner.world.customer(&thread.customer_id);
    json!({
        "id": thread.id,
        "shop_id": thread.shop_id,
        "order_id": thread.order_id,
        "topic": thread.topic.value,
        "customer_id": thread.customer_id,
        "customer_name": customer.map(Customer::display_name),
        "date_created": iso(thread.created),
        "date_updated": iso(thread.updated),
        "reply_needed_since": thread.reply_needed_since().map(iso),
        "messages_count": thread.messages.len(),
    })
}

/// A conversation with all its messages, oldest first; those that are not visible yet come last.
pub fn thread_report(inner: &Inner, thread: &Thread) -> Value {
    let visible = thread.messages.iter().map(|message| message_report(inner, message, None));
    let hidden = inner
        .world
        .hidden_messages(&thread.id)
        .map(|(message, visible_from)| message_report(inner, message, Some(visible_from)));
    let messages: Vec<Value> = visible.chain(hidden).collect();
    let mut report = thread_summary(inner, thread);
    if let Some(object) = report.as_object_mut() {
        object.insert("messages".to_owned(), Value::Array(messages));
    }
    report
}

fn message_report(inner: &Inner, message: &Message, visible_from: Option<i64>) -> Value {
    let attachments: Vec<Value> = message
        .attachments
        .iter()
        .filter_map(|id| inner.world.attachment(id))
        .map(|a| json!({"id": a.id, "name": a.name, "size": a.bytes.len(), "sha256": a.sha256}))
        .collect();
    json!({
        "id": message.id,
        "from": message.author.sender(),
        "display_name": message.author_name,
        "to": message.to.iter().map(|role| role.participant()).collect::<Vec<_>>(),
        "body": message.body,
        "date_created": iso(message.at),
        "via": message.via,
        "visible": visible_from.is_none(),
        "visible_from": visible_from.map(iso),
        "attachments": attachments,
    })
}
