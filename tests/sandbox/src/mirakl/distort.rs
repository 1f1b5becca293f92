//! Answers that are allowed by the marketplace's promise and yet surprise a careless reader: null in every optional
//! field, fields and values that did not exist yesterday.

use serde_json::{Map, Value, json};

/// Fields of each kind of object that Mirakl marks as required; everything else may be null.
const ORDER: &[&str] = &[
    "order_id",
    "commercial_id",
    "order_state",
    "created_date",
    "last_updated_date",
    "currency_iso_code",
    "price",
    "shipping_price",
    "total_price",
    "has_customer_message",
    "has_incident",
    "has_invoice",
    "shipping_type_label",
    "customer",
    "order_lines",
];
const ORDER_CUSTOMER: &[&str] = &["customer_id", "firstname", "lastname"];
const ORDER_LINE: &[&str] = &[
    "order_line_id",
    "order_line_index",
    "order_line_state",
    "product_title",
    "product_sku",
    "offer_sku",
    "offer_id",
    "quantity",
    "price_unit",
    "price",
    "shipping_price",
    "total_price",
    "category_label",
    "product_medias",
];
const THREAD: &[&str] = &[
    "id",
    "topic",
    "date_created",
    "date_updated",
    "authorized_participants",
    "current_participants",
    "metadata",
];
const METADATA: &[&str] = &["last_message_date", "last_sender", "total_count"];
const PARTICIPANT: &[&str] = &["type", "display_name"];
const SENDER: &[&str] = &["type", "display_name"];
const MESSAGE: &[&str] = &["id", "body", "date_created", "from", "to"];

/// Sets every optional field of a body to null. Fields that were absent come as null too.
pub fn null_optionals(body: &mut Value) {
    let Some(object) = body.as_object_mut() else { return };
    if let Some(orders) = object.get_mut("orders") {
        each(orders, &mut |order| {
            keep(order, ORDER);
            if let Some(customer) = order.get_mut("customer").and_then(Value::as_object_mut) {
                keep(customer, ORDER_CUSTOMER);
            }
            if let Some(lines) = order.get_mut("order_lines") {
                each(lines, &mut |line| keep(line, ORDER_LINE));
            }
        });
    } else if let Some(data) = object.get_mut("data") {
        each(data, &mut |thread| null_thread(thread, false));
        for token in ["next_page_token", "previous_page_token"] {
            object.entry(token).or_insert(Value::Null);
        }
    } else if object.contains_key("metadata") {
        null_thread(object, true);
    } else if let Some(reasons) = object.get_mut("reasons") {
        each(reasons, &mut |reason| keep(reason, &["code"]));
    } else {
        // A01 keeps its id, M12 and OR43 both of theirs.
        keep(object, &["shop_id", "message_id", "thread_id"]);
    }
}

fn null_thread(thread: &mut Map<String, Value>, messages_required: bool) {
    if let (true, Some(messages)) = (messages_required, thread.get_mut("messages")) {
        each(messages, &mut |message| {
            keep(message, MESSAGE);
            message.insert("attachments".to_owned(), Value::Null);
            if let Some(from) = message.get_mut("from").and_then(Value::as_object_mut) {
                null_sender(from);
            }
            if let Some(to) = message.get_mut("to") {
                each(to, &mut null_participant);
            }
        });
        let kept = thread.remove("messages").unwrap_or(Value::Null);
        keep(thread, THREAD);
        thread.insert("messages".to_owned(), kept);
    } else {
        keep(thread, THREAD);
    }
    thread.insert("customer_organization".to_owned(), Value::Null);
    for list in ["authorized_participants", "current_participants"] {
        if let Some(participants) = thread.get_mut(list) {
            each(participants, &mut null_participant);
        }
    }
    if let Some(metadata) = thread.get_mut("metadata").and_then(Value::as_object_mut) {
        keep(metadata, METADATA);
        if let Some(sender) = metadata.get_mut("last_sender").and_then(Value::as_object_mut) {
            null_sender(sender);
        }
    }
}

fn null_participant(participant: &mut Map<String, Value>) {
    keep(participant, PARTICIPANT);
    participant.insert("id".to_owned(), Value::Null);
}

fn null_sender(sender: &mut Map<String, Value>) {
    keep(sender, SENDER);
    sender.insert("organization_details".to_owned(), Value::Null);
}

fn keep(object: &mut Map<String, Value>, required: &[&str]) {
    for (key, value) in object.iter_mut() {
        if !required.contains(&key.as_str()) {
            *value = Value::Null;
        }
    }
}

fn each(list: &mut Value, act: &mut dyn FnMut(&mut Map<String, Value>)) {
    for item in list.as_array_mut().into_iter().flatten() {
        if let Some(object) = item.as_object_mut() {
            act(object);
        }
    }
}

/// Adds a field to every object and gives every enumeration a value of tomorrow. Kinds of message senders stay known
/// unless `senders` is set.
pub fn unknown(body: &mut Value, senders: bool) {
    match body {
        Value::Array(items) => items.iter_mut().for_each(|item| unknown(item, senders)),
        Value::Object(object) => {
            for (key, value) in object.iter_mut() {
                unknown(value, senders);
                tomorrow(key, value, senders);
            }
            object.insert(
                "field_of_tomorrow".to_owned(),
                json!({"list": [1, "dwa", null, {"deep": true}], "number": 1e300, "text": "żółw"}),
            );
        }
        _ => {}
    }
}

fn tomorrow(key: &str, value: &mut Value, senders: bool) {
    let set_kind = |value: &mut Value, kind: &str| {
        if let Some(field) = value.get_mut("type") {
            *field = Value::from(kind);
        }
    };
    match key {
        "topic" => set_kind(value, "TOPIC_OF_TOMORROW"),
        "from" | "last_sender" if senders => set_kind(value, "SENDER_OF_TOMORROW"),
        "order_state" | "order_line_state" | "shop_state" | "payment_workflow" | "order_tax_mode" => {
            *value = Value::from("STATE_OF_TOMORROW");
        }
        "to" | "authorized_participants" | "current_participants" => first(
            value,
            json!({"type": "PARTICIPANT_OF_TOMORROW", "id": "k-1", "display_name": "Kurier", "rank": 3}),
        ),
        "entities" => {
            first(
                value,
                json!({"type": "ENTITY_OF_TOMORROW", "id": "P-1", "label": "Paczka 1", "weight": 2.5}),
            );
        }
        "no_store_reply_needed" => {
            first(value, json!({"date": "2020-01-01T00:00:00Z", "user_type": "USER_OF_TOMORROW"}));
        }
        "product_medias" => {
            first(
                value,
                json!({"media_url": "/media/product/model/1", "mime_type": "GLTF", "type": "SPATIAL"}),
            );
        }
        "reasons" => each(value, &mut |reason| {
            reason.insert("type".to_owned(), Value::from("REASON_OF_TOMORROW"));
        }),
        _ => {}
    }
}

fn first(list: &mut Value, item: Value) {
    if let Some(items) = list.as_array_mut() {
        items.insert(0, item);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn required_fields_survive_the_nulls() {
        let mut body = json!({"orders": [{"order_id": "A", "shipping_company": "DPD",
            "customer": {"customer_id": "c", "locale": "pl_PL"},
            "order_lines": [{"product_title": "Kubek", "refunds": []}]}], "total_count": 1});
        null_optionals(&mut body);
        assert_eq!(
            body,
            json!({"orders": [{"order_id": "A", "shipping_company": null,
                "customer": {"customer_id": "c", "locale": null},
                "order_lines": [{"product_title": "Kubek", "refunds": null}]}], "total_count": 1})
        );
    }

    #[test]
    fn a_thread_of_m10_keeps_its_messages_and_one_of_m11_does_not() {
        let thread = json!({"id": "t", "metadata": {"total_count": 1}, "entities": [],
            "messages": [{"id": "m", "from": {"type": "SHOP_USER"}}]});
        let mut single = thread.clone();
        null_optionals(&mut single);
        assert_eq!(single["messages"][0]["id"], "m");
        assert!(single["messages"][0]["attachments"].is_null());
        assert!(single["entities"].is_null());
        let mut page = json!({"data": [thread]});
        null_optionals(&mut page);
        assert!(page["data"][0]["messages"].is_null());
        assert!(page.as_object().unwrap().contains_key("next_page_token"));
    }

    #[test]
    fn unknown_things_are_everywhere() {
        let mut body = json!({"topic": {"type": "FREE_TEXT"}, "entities": [{"type": "MMP_ORDER"}],
            "messages": [{"from": {"type": "SHOP_USER"}}]});
        let mut mild = body.clone();
        unknown(&mut body, true);
        unknown(&mut mild, false);
        assert_eq!(body["topic"]["type"], "TOPIC_OF_TOMORROW");
        assert_eq!(body["entities"].as_array().unwrap().len(), 2);
        assert_eq!(body["messages"][0]["from"]["type"], "SENDER_OF_TOMORROW");
        assert_eq!(mild["messages"][0]["from"]["type"], "SHOP_USER");
        assert!(mild["messages"][0]["from"]["field_of_tomorrow"].is_object());
    }
}
