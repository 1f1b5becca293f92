//! Bodies in the shape of Mirakl's published examples, with values of our own.

use super::*;
use crate::access::{ApiKey, BaseAddress, ShopId};
use crate::marketplace::OutgoingFile;
use http::StatusCode;
use mostek_domain::ReplyBody;
use mostek_domain::marketplace::ReplyTo;
use mostek_ports::HttpError;
use proptest::prelude::*;
use serde_json::{Value, json};

fn access() -> Access {
    Access {
        base: BaseAddress::parse("http://127.0.0.1:4000/mirakl").unwrap(),
        shop: Some(ShopId(2000)),
        key: ApiKey::parse("secret-key").unwrap(),
    }
}

fn answered<T>(
    call: Result<Call<T>, RequestError>,
    status: u16,
    body: impl Into<Bytes>,
) -> Result<T, RemoteError> {
    let (_, reader) = call.unwrap().into_parts();
    let answer = WholeResponse {
        status: StatusCode::from_u16(status).unwrap(),
        headers: HeaderMap::new(),
        body: body.into(),
    };
    reader.read(Ok(answer))
}

fn request<T>(call: Result<Call<T>, RequestError>) -> OutgoingRequest {
    call.unwrap().into_parts().0
}

fn page_of(body: &Value) -> ThreadsPage {
    answered(Mirakl.threads(&access(), &ThreadsQuery::default()), 200, body.to_string()).unwrap()
}

fn thread_of(body: &Value) -> Thread {
    let mut page = page_of(&json!({ "data": [body] }));
    assert_eq!(page.threads.len(), 1);
    page.threads.remove(0)
}

fn order_of(body: &Value) -> Order {
    let mut page =
        answered(Mirakl.orders(&access(), &["EMP-2-A"]), 200, json!({ "orders": [body] }).to_string())
            .unwrap();
    page.orders.remove(0)
}

fn conversation() -> Value {
    json!({
        "id": "702c3e56-dcca-41e2-b6bd-72ba3fa809be",
        "topic": { "type": "FREE_TEXT", "value": "Gdzie paczka?" },
        "entities": [
            { "type": "MMP_ORDER", "id": "EMP-2-A", "label": "EMP-2" },
            { "type": "MMP_OFFER", "id": "5", "label": "oferta" },
        ],
        "authorized_participants": [
            { "type": "CUSTOMER", "id": "c-9", "display_name": "Piotr N." },
            { "type": "OPERATOR", "display_name": "Empik" },
            { "type": "SHOP", "id": "2000", "display_name": "Księgarnia" },
        ],
        "current_participants": [{ "type": "CUSTOMER", "id": "c-9", "display_name": "Piotr N." }],
        "customer_organization": null,
        "date_created": "2026-10-02T08:36:36.479Z",
        "date_updated": "2026-10-03T09:40:17Z",
        "messages": [
            {
                "id": "m1", "body": "Gdzie jest<br/>moja paczka?", "date_created": "2026-10-02T08:36:36.479Z",
                "from": { "type": "CUSTOMER_USER", "display_name": "Piotr N." },
                "to": [{ "type": "SHOP", "id": "2000", "display_name": "Księgarnia" }],
                "attachments": [{ "id": "a1", "name": "zdj.png", "size": 200 }],
            },
            {
                "id": "m2", "body": "Sprawdzam.", "date_created": "2026-10-03T09:40:17Z",
                "from": {
                    "type": "SHOP_USER", "display_name": "Anna",
                    "organization_details": { "type": "SHOP", "id": "2000", "display_name": "Księgarnia" },
                },
                "to": [{ "type": "CUSTOMER", "id": "c-9", "display_name": "Piotr N." }],
            },
        ],
        "metadata": {
            "last_message_date": "2026-10-03T09:40:17Z",
            "last_sender": { "type": "SHOP_USER", "display_name": "Anna" },
            "shop_reply_needed_since": null,
            "total_count": 2,
        },
        "no_store_reply_needed": [{ "date": "2026-10-03T10:00:00Z", "user_type": "SHOP" }],
    })
}

fn purchase() -> Value {
    json!({
        "order_id": "EMP-2-A", "commercial_id": "EMP-2", "order_state": "SHIPPED",
        "created_date": "2026-10-01T10:00:00Z", "last_updated_date": "2026-10-02T10:00:00.5Z",
        "shipping_deadline": "2026-10-03T10:00:00Z", "currency_iso_code": "PLN",
        "price": 49.99, "shipping_price": 9.9, "total_price": 59.89, "has_incident": true,
        "shipping_company": "InPost", "shipping_tracking": "6200", "shipping_type_label": "Paczkomat",
        "shipping_tracking_url": "https://inpost.example/?number=6200",
        "customer": { "customer_id": "c-9", "firstname": "Piotr", "lastname": "Nowak", "locale": "pl_PL", "organization": null },
        "order_lines": [{
            "order_line_id": "EMP-2-A-1", "order_line_state": "SHIPPED", "product_title": "Lalka <b>",
            "product_sku": "MKP1", "product_shop_sku": null, "offer_sku": "KS-1", "quantity": 1,
            "price_unit": 49.99, "price": 49.99,
            "product_medias": [
                { "media_url": "/media/product/image/large", "mime_type": "JPEG", "type": "LARGE" },
                { "media_url": "/media/product/image/medium", "mime_type": "JPEG", "type": "MEDIUM" },
            ],
        }],
    })
}

/// Every field of every object becomes null, except the ids that name the object.
fn all_null(value: &Value, ids: &[&str]) -> Value {
    match value {
        Value::Object(map) => map
            .iter()
            .map(|(k, v)| {
                let kept = match v {
                    Value::Object(_) => all_null(v, ids),
                    Value::Array(items) if items.iter().any(Value::is_object) => {
                        Value::Array(items.iter().map(|i| all_null(i, ids)).collect())
                    }
                    _ if ids.contains(&k.as_str()) => v.clone(),
                    _ => Value::Null,
                };
                (k.clone(), kept)
            })
            .collect::<serde_json::Map<_, _>>()
            .into(),
        other => other.clone(),
    }
}

// Requests.

#[test]
fn requests_carry_the_bare_key_and_the_shop() {
    let r = request(Mirakl.account(&access()));
    assert_eq!(r.method, Method::GET);
    assert_eq!(r.url.as_str(), "http://127.0.0.1:4000/mirakl/api/account?shop_id=2000");
    assert_eq!(r.headers.get("authorization").unwrap(), "secret-key");
    assert_eq!(r.headers.get("accept").unwrap(), "application/json");
    assert!(!format!("{r:?}").contains("secret-key"));
    let own = Access { shop: None, ..access() };
    assert_eq!(request(Mirakl.account(&own)).url.as_str(), "http://127.0.0.1:4000/mirakl/api/account");
}

#[test]
fn lists_ask_for_messages_since_a_moment_and_go_on_where_they_were() {
    let query = ThreadsQuery { updated_since: Some(Timestamp(1_554_214_723_460)), page: None, limit: 0 };
    let url = request(Mirakl.threads(&access(), &query)).url;
    assert_eq!(url.path(), "/mirakl/api/inbox/threads");
    let pair =
        |url: &url::Url, name: &str| url.query_pairs().find(|(k, _)| k == name).map(|(_, v)| v.into_owned());
    assert_eq!(pair(&url, "updated_since").as_deref(), Some("2019-04-02T14:18:43.460Z"));
    assert_eq!(pair(&url, "with_messages").as_deref(), Some("true"));
    assert_eq!(pair(&url, "limit").as_deref(), Some("100"));
    assert_eq!(pair(&url, "page_token"), None);
    let page = Some(PageToken("bGltaXQ9NTAm+/=.sig&x=1".into()));
    let url = request(Mirakl.threads(&access(), &ThreadsQuery { page, limit: 500, ..query })).url;
    assert_eq!(pair(&url, "page_token").as_deref(), Some("bGltaXQ9NTAm+/=.sig&x=1"));
    assert_eq!(pair(&url, "limit").as_deref(), Some("100"));
    assert_eq!(pair(&url, "x"), None);
}

#[test]
fn ids_stay_one_segment_of_the_path() {
    let url = request(Mirakl.thread(&access(), "a/../b?c")).url;
    assert_eq!(url.path(), "/mirakl/api/inbox/threads/a%2F..%2Fb%3Fc");
    let url = request(Mirakl.attachment(&access(), "fce1742e")).url;
    assert_eq!(url.path(), "/mirakl/api/inbox/threads/fce1742e/download");
    for bad in ["", "..", ".", "a\nb"] {
        assert!(matches!(Mirakl.thread(&access(), bad), Err(RequestError::Id(_))), "{bad:?}");
        assert!(matches!(Mirakl.attachment(&access(), bad), Err(RequestError::Id(_))), "{bad:?}");
    }
}

#[test]
fn orders_are_asked_for_in_batches() {
    let url = request(Mirakl.orders(&access(), &["EMP-1-A", "EMP 2&B"])).url;
    assert_eq!(url.path(), "/mirakl/api/orders");
    assert!(url.query_pairs().any(|(k, v)| k == "order_ids" && v == "EMP-1-A,EMP 2&B"));
    assert!(url.query_pairs().any(|(k, v)| k == "max" && v == "100"));
    let hundred = vec!["x"; 100];
    assert!(Mirakl.orders(&access(), &hundred).is_ok());
    let more = vec!["x"; 101];
    assert_eq!(Mirakl.orders(&access(), &more).err(), Some(RequestError::Count { count: 101, limit: 100 }));
    assert_eq!(Mirakl.orders(&access(), &[]).err(), Some(RequestError::Count { count: 0, limit: 100 }));
    assert_eq!(Mirakl.orders(&access(), &["a,b"]).err(), Some(RequestError::Id("a,b".into())));
}

/// The parts of a multipart body as (head, content).
fn parts(r: &OutgoingRequest) -> Vec<(String, Vec<u8>)> {
    let header = r.headers.get("content-type").unwrap().to_str().unwrap();
    let boundary = format!("--{}", header.strip_prefix("multipart/form-data; boundary=").unwrap());
    let body: &[u8] = &r.body;
    let find = |hay: &[u8], needle: &[u8]| hay.windows(needle.len()).position(|w| w == needle);
    let mut rest = &body[boundary.len()..];
    let mut out = vec![];
    while let Some(part) = rest.strip_prefix(b"\r\n") {
        let end = find(part, format!("\r\n{boundary}").as_bytes()).unwrap();
        let head = find(part, b"\r\n\r\n").unwrap();
        out.push((String::from_utf8(part[..head].to_vec()).unwrap(), part[head + 4..end].to_vec()));
        rest = &part[end + 2 + boundary.len()..];
    }
    assert_eq!(rest, b"--\r\n");
    out
}

#[test]
fn replies_are_a_json_part_and_files() {
    let body = ReplyBody::parse("Dzień dobry,\n\"<br>\" zostaje tekstem.").unwrap();
    let files = [
        OutgoingFile { name: "../../x.html".into(), content: Bytes::from_static(b"\x00\r\n--x") },
        OutgoingFile { name: "a\"\r\nX: y.pdf".into(), content: Bytes::new() },
    ];
    let reply =
        Reply { thread_id: "t1", body: &body, to: ReplyTo::Both, customer_id: Some("c-9"), files: &files };
    let r = request(Mirakl.reply(&access(), &reply));
    assert_eq!(r.method, Method::POST);
    assert_eq!(r.url.as_str(), "http://127.0.0.1:4000/mirakl/api/inbox/threads/t1/message?shop_id=2000");
    let parts = parts(&r);
    assert_eq!(parts.len(), 3);
    assert!(
        parts[0].0.contains("name=\"message_input\"")
            && parts[0].0.contains("Content-Type: application/json")
    );
    assert_eq!(
        serde_json::from_slice::<Value>(&parts[0].1).unwrap(),
        json!({ "body": "Dzień dobry,\n\"<br>\" zostaje tekstem.",
                "to": [{ "type": "CUSTOMER", "id": "c-9" }, { "type": "OPERATOR" }] })
    );
    assert_eq!(
        parts[1].0,
        "Content-Disposition: form-data; name=\"files\"; filename=\"x.html\"\r\nContent-Type: application/octet-stream"
    );
    assert_eq!(parts[1].1, b"\x00\r\n--x");
    assert!(
        parts[2].0.starts_with("Content-Disposition: form-data; name=\"files\"; filename=\"a_X_ y.pdf\"\r\n")
    );
}

#[test]
fn recipients_of_replies() {
    let body = ReplyBody::parse("tak").unwrap();
    let to = |to, customer_id| {
        let r = request(
            Mirakl.reply(&access(), &Reply { thread_id: "t", body: &body, to, customer_id, files: &[] }),
        );
        serde_json::from_slice::<Value>(&parts(&r)[0].1).unwrap()["to"].clone()
    };
    assert_eq!(to(ReplyTo::Customer, Some("c-9")), json!([{ "type": "CUSTOMER", "id": "c-9" }]));
    assert_eq!(to(ReplyTo::Customer, None), json!([{ "type": "CUSTOMER" }]));
    assert_eq!(to(ReplyTo::Operator, Some("c-9")), json!([{ "type": "OPERATOR" }]));
}

#[test]
fn every_operation_has_limits() {
    let body = ReplyBody::parse("tak").unwrap();
    let reply = Reply { thread_id: "t", body: &body, to: ReplyTo::Customer, customer_id: None, files: &[] };
    let a = access();
    let limits = |r: OutgoingRequest| {
        assert!(r.time_limit > Duration::ZERO && r.time_limit <= Duration::from_secs(20));
        r.max_answer
    };
    assert_eq!(limits(request(Mirakl.account(&a))), 2 << 20);
    assert_eq!(limits(request(Mirakl.threads(&a, &ThreadsQuery::default()))), 16 << 20);
    assert_eq!(limits(request(Mirakl.thread(&a, "t"))), 16 << 20);
    assert_eq!(limits(request(Mirakl.orders(&a, &["o"]))), 8 << 20);
    assert_eq!(limits(request(Mirakl.reply(&a, &reply))), 64 << 10);
    assert_eq!(limits(request(Mirakl.attachment(&a, "x"))), 32 << 20);
}

// Answers.

#[test]
fn accounts() {
    let body = json!({ "shop_id": 2000, "shop_name": "Księgarnia", "shop_state": "OPEN", "currency_iso_code": "PLN",
                       "channels": ["PL"], "kyc": { "status": "APPROVED" }, "suspension_type": null });
    let shop = answered(Mirakl.account(&access()), 200, body.to_string()).unwrap();
    assert_eq!((shop.id.as_str(), shop.name.as_deref()), ("2000", Some("Księgarnia")));
    assert_eq!((shop.state, shop.currency), (Some(ShopState::Open), Some(Currency::PLN)));
    let odd =
        json!({ "shop_id": "2000", "shop_name": 5, "shop_state": "ON_HOLIDAY", "currency_iso_code": null });
    let shop = answered(Mirakl.account(&access()), 200, odd.to_string()).unwrap();
    assert_eq!((shop.name, shop.state), (None, Some(ShopState::Other("ON_HOLIDAY".into()))));
    assert!(matches!(answered(Mirakl.account(&access()), 200, "{}"), Err(RemoteError::Unreadable { .. })));
}

#[test]
fn conversations() {
    let t = thread_of(&conversation());
    assert_eq!(t.id, "702c3e56-dcca-41e2-b6bd-72ba3fa809be");
    assert_eq!(t.topic, Some(Topic { value: "Gdzie paczka?".into(), is_reason_code: false }));
    assert_eq!(t.orders, [OrderRef { id: "EMP-2-A".into(), label: Some("EMP-2".into()) }]);
    assert_eq!(t.participants.len(), 3);
    assert_eq!(t.customer().unwrap().id.as_deref(), Some("c-9"));
    assert_eq!(t.updated_at, timestamp("2026-10-03T09:40:17Z"));
    assert_eq!((t.total_messages, t.reply_needed_since), (Some(2), None));
    assert!(!t.is_partial(Mirakl.messages_per_listed_thread()));
    let [first, second] = t.messages.as_slice() else { panic!("two messages") };
    assert_eq!((first.author.clone(), first.body.as_str()), (Side::Customer, "Gdzie jest\nmoja paczka?"));
    assert_eq!(
        first.attachments,
        [Attachment { id: "a1".into(), name: Some("zdj.png".into()), size: Some(200) }]
    );
    assert_eq!((second.author.clone(), second.author_name.as_deref()), (Side::Shop, Some("Anna")));
    assert_eq!(second.sent_at, timestamp("2026-10-03T09:40:17.000Z"));
}

#[test]
fn everything_but_ids_may_be_null_or_missing() {
    let t = thread_of(&all_null(&conversation(), &["id"]));
    assert_eq!(t.messages.len(), 2);
    assert!(t.messages.iter().all(|m| m.author == Side::Unknown(String::new()) && m.sent_at.is_none()));
    assert_eq!(t.messages.iter().map(|m| m.id.as_str()).collect::<Vec<_>>(), ["m1", "m2"]);
    assert!(t.orders.is_empty() && t.topic.is_none() && t.updated_at.is_none() && t.total_messages.is_none());
    let bare = thread_of(&json!({ "id": "t" }));
    assert!(bare.messages.is_empty() && bare.participants.is_empty());
    let nulls: Value = conversation()
        .as_object()
        .unwrap()
        .keys()
        .map(|k| (k.clone(), Value::Null))
        .collect::<serde_json::Map<_, _>>()
        .into();
    let mut nulls = nulls;
    nulls["id"] = json!("t");
    assert_eq!(thread_of(&nulls), bare);

    let o = order_of(&all_null(&purchase(), &["order_id"]));
    assert_eq!((o.lines.len(), o.total, o.state), (1, None, None));
    assert_eq!(order_of(&json!({ "order_id": "x" })).lines, []);
}

#[test]
fn unknown_words_fields_and_types_do_no_harm() {
    let mut c = conversation();
    c["brand_new"] = json!({ "deep": [1, 2, { "x": null }] });
    c["topic"]["type"] = json!("EMOJI");
    c["entities"][0]["type"] = json!("MPS_ORDER");
    c["messages"][0]["from"]["type"] = json!("ROBOT_USER");
    c["messages"][0]["attachments"][0]["size"] = json!("200");
    c["messages"][1]["to"] = json!("everybody");
    c["messages"][1]["date_created"] = json!(1_554_214_723);
    c["metadata"]["total_count"] = json!(-1);
    c["date_updated"] = json!("soon");
    c["authorized_participants"] = json!([{ "type": "CARRIER", "id": 7 }, "nobody", null]);
    let t = thread_of(&c);
    assert_eq!(t.messages[0].author, Side::Unknown("ROBOT_USER".into()));
    assert_eq!(t.messages[0].attachments[0].size, None);
    assert_eq!((t.messages[1].to.len(), t.messages[1].sent_at), (0, None));
    assert!(t.orders.is_empty() && t.total_messages.is_none() && t.updated_at.is_none());
    assert!(
        t.participants
            .iter()
            .any(|p| p.side == Side::Unknown("CARRIER".into()) && p.id.as_deref() == Some("7"))
    );

    let mut o = purchase();
    o["order_state"] = json!("TELEPORTED");
    o["order_lines"][0]["order_line_state"] = json!("INCIDENT_OPEN");
    o["shipping_tracking_url"] = json!("javascript:alert(1)");
    o["total_price"] = json!("59.89");
    o["price"] = json!({ "amount": 1 });
    let o = order_of(&o);
    assert_eq!(o.state, Some(OrderState::Other("TELEPORTED".into())));
    assert_eq!(o.lines[0].state, Some(OrderState::IncidentOpen));
    assert_eq!((o.tracking.url, o.price), (None, None));
    assert_eq!(o.total.unwrap().minor, 5989);
}

#[test]
fn one_unreadable_element_does_not_spoil_the_page() {
    let good = conversation();
    let mut half = conversation();
    half["id"] = json!("half");
    half["messages"][0]["id"] = Value::Null;
    let page =
        page_of(&json!({ "data": [{ "topic": null }, good, null, "x", half], "next_page_token": "n" }));
    assert_eq!(page.threads.iter().map(|t| t.messages.len()).collect::<Vec<_>>(), [2, 1]);
    assert_eq!((page.unreadable, page.next), (4, Some(PageToken("n".into()))));
}

#[test]
fn the_last_page_and_pages_that_lead_nowhere() {
    assert_eq!(page_of(&json!({ "data": [] })).next, None);
    assert_eq!(page_of(&json!({ "data": null, "next_page_token": null })), ThreadsPage::default());
    assert_eq!(page_of(&json!({ "data": [], "next_page_token": "" })).next, None);
    let again = ThreadsQuery { page: Some(PageToken("n".into())), ..ThreadsQuery::default() };
    let same = answered(Mirakl.threads(&access(), &again), 200, r#"{"data":[],"next_page_token":"n"}"#);
    assert!(matches!(same, Err(RemoteError::Unreadable { .. })));
    for other in ["{}", "", "null", "[]", "<html>", r#"{"data":{}}"#, r#"{"data":["#] {
        let e = answered(Mirakl.threads(&access(), &ThreadsQuery::default()), 200, other).unwrap_err();
        assert!(matches!(e, RemoteError::Unreadable { .. }), "{other}");
    }
}

#[test]
fn messages_come_out_oldest_first_and_once() {
    let m = |id: &str, at: Option<&str>| json!({ "id": id, "date_created": at });
    let order = |messages: Vec<Value>| {
        let t = thread_of(&json!({ "id": "t", "messages": messages }));
        t.messages.into_iter().map(|m| m.id).collect::<Vec<_>>().join(" ")
    };
    let (early, late) = (Some("2026-10-02T08:00:00Z"), Some("2026-10-02T09:00:00.001Z"));
    assert_eq!(order(vec![m("a", early), m("b", early), m("c", late)]), "a b c");
    assert_eq!(order(vec![m("c", late), m("b", early), m("a", early)]), "a b c");
    assert_eq!(order(vec![m("a", early), m("c", late), m("a", early), m("c", late)]), "a c");
    assert_eq!(order(vec![m("a", early), m("b", None), m("c", late)]), "a b c");
    assert_eq!(order(vec![m("x", None), m("y", None)]), "x y");
}

#[test]
fn the_customer_may_be_named_only_as_a_recipient() {
    let t = thread_of(&json!({ "id": "t", "messages": [
        { "id": "m", "from": { "type": "SHOP_USER" }, "to": [{ "type": "CUSTOMER", "id": "c-9", "display_name": "Piotr" }] }
    ] }));
    let customer = t.customer().unwrap();
    assert_eq!((customer.id.as_deref(), customer.name.as_deref()), (Some("c-9"), Some("Piotr")));
}

#[test]
fn a_thousand_and_one_messages() {
    let messages: Vec<Value> = (0..1001)
        .rev()
        .map(|i| {
            json!({ "id": format!("m{i}"), "body": format!("Wiadomość {i}"), "from": { "type": "CUSTOMER_USER" },
                    "date_created": format!("2026-10-02T{:02}:{:02}:{:02}.{:03}Z", i / 3600, i / 60 % 60, i % 60, i % 1000) })
        })
        .collect();
    let body = json!({ "id": "t", "messages": messages, "metadata": { "total_count": 1001 } });
    let t = answered(Mirakl.thread(&access(), "t"), 200, body.to_string()).unwrap();
    assert_eq!(t.messages.len(), 1001);
    assert!(t.messages.windows(2).all(|w| w[0].sent_at < w[1].sent_at));
    assert_eq!((t.messages[0].id.as_str(), t.messages[1000].id.as_str()), ("m0", "m1000"));
    assert!(!t.is_partial(100));
    let listed = thread_of(
        &json!({ "id": "t", "messages": body["messages"].as_array().unwrap()[..100], "metadata": { "total_count": 1001 } }),
    );
    assert!(listed.is_partial(100));
}

#[test]
fn another_conversation_than_asked_for_is_refused() {
    let e = answered(Mirakl.thread(&access(), "asked"), 200, conversation().to_string()).unwrap_err();
    assert!(matches!(e, RemoteError::Unreadable { .. }));
}

#[test]
fn orders() {
    let o = order_of(&purchase());
    assert_eq!(
        (o.id.as_str(), o.commercial_id.as_deref(), o.state),
        ("EMP-2-A", Some("EMP-2"), Some(OrderState::Shipped))
    );
    assert_eq!(o.total.unwrap().to_string(), "59.89 PLN");
    assert_eq!(o.shipping_price.unwrap().minor, 990);
    assert_eq!(
        (o.customer.id.as_deref(), o.customer.display_name().as_deref()),
        (Some("c-9"), Some("Piotr Nowak"))
    );
    assert_eq!(o.tracking.url.as_deref(), Some("https://inpost.example/?number=6200"));
    assert!(o.has_incident);
    let line = &o.lines[0];
    assert_eq!(
        (line.title.as_deref(), line.sku.as_deref(), line.quantity),
        (Some("Lalka <b>"), Some("KS-1"), Some(1))
    );
    assert_eq!(line.unit_price.unwrap().minor, 4999);
    assert_eq!(line.picture_url.as_deref(), Some("http://127.0.0.1:4000/mirakl/media/product/image/medium"));
}

#[test]
fn amounts_do_not_pass_through_binary_fractions() {
    let body = r#"{"orders":[{"order_id":"x","currency_iso_code":"PLN","price":1.005,"total_price":92233720368547758.07,"shipping_price":1e2}]}"#;
    let page = answered(Mirakl.orders(&access(), &["x"]), 200, body).unwrap();
    let o = &page.orders[0];
    assert_eq!(
        (o.price.unwrap().minor, o.total.unwrap().minor, o.shipping_price.unwrap().minor),
        (101, i64::MAX, 10_000)
    );
}

#[test]
fn a_sent_reply_has_an_id_and_anything_else_is_uncertain() {
    let body = ReplyBody::parse("tak").unwrap();
    let reply = Reply { thread_id: "t", body: &body, to: ReplyTo::Customer, customer_id: None, files: &[] };
    let call = || Mirakl.reply(&access(), &reply);
    let sent = answered(call(), 201, r#"{"message_id":"m9","thread_id":"t"}"#).unwrap();
    assert_eq!(sent.message_id, "m9");
    for odd in ["", "{}", r#"{"message_id":null}"#, "<html>OK</html>"] {
        let e = answered(call(), 201, odd).unwrap_err();
        assert!(e.may_have_acted(), "{odd}");
    }
    assert!(answered(call(), 500, "").unwrap_err().may_have_acted());
    assert!(!answered(call(), 400, r#"{"message":"body too long"}"#).unwrap_err().may_have_acted());
    let (_, reader) = call().unwrap().into_parts();
    assert!(reader.read(Err(HttpError::Unknown("timed out".into()))).unwrap_err().may_have_acted());
}

#[test]
fn unreadable_answers_do_not_repeat_customers_words() {
    let body = r#"{"data":"Jan Kowalski, ul. Długa 1"}"#;
    let e = answered(Mirakl.threads(&access(), &ThreadsQuery::default()), 200, body).unwrap_err();
    assert!(!format!("{e} {e:?}").contains("Kowalski"));
}

#[test]
fn downloads_are_checked_by_their_head() {
    let (_, reader) = Mirakl.attachment(&access(), "a1").unwrap().into_parts();
    assert_eq!(reader.check_head(StatusCode::OK, &HeaderMap::new()), Ok(()));
    assert!(matches!(
        reader.check_head(StatusCode::NOT_FOUND, &HeaderMap::new()),
        Err(RemoteError::NotFound { .. })
    ));
}

#[test]
fn deep_nesting_is_an_error_and_not_a_crash() {
    let deep = format!("{{\"data\":[{}{}]}}", "[".repeat(100_000), "]".repeat(100_000));
    let _ = answered(Mirakl.threads(&access(), &ThreadsQuery::default()), 200, deep);
    let deep =
        format!("{{\"id\":\"t\",\"topic\":{}1{}}}", "{\"value\":".repeat(100_000), "}".repeat(100_000));
    let _ = answered(Mirakl.thread(&access(), "t"), 200, deep);
}

proptest! {
    /// Any part of a real answer replaced by any other kind of value: no panic, and what else is there is still read.
    #[test]
    fn no_distortion_panics(place in 0usize..200, with in prop_oneof![
        Just(Value::Null), Just(json!(-1)), Just(json!("x")), Just(json!([])), Just(json!({})), Just(json!([null, 1, {}]))
    ]) {
        fn replace(v: &mut Value, left: &mut usize, with: &Value) {
            if *left == 0 {
                *v = with.clone();
                *left = usize::MAX;
                return;
            }
            *left -= 1;
            match v {
                Value::Object(map) => map.values_mut().for_each(|v| if *left != usize::MAX { replace(v, left, with) }),
                Value::Array(items) => items.iter_mut().for_each(|v| if *left != usize::MAX { replace(v, left, with) }),
                _ => {}
            }
        }
        let mut page = json!({ "data": [conversation(), { "id": "untouched" }] });
        let mut left = place;
        replace(&mut page["data"][0], &mut left, &with);
        let page = answered(Mirakl.threads(&access(), &ThreadsQuery::default()), 200, page.to_string()).unwrap();
        prop_assert!(page.threads.iter().any(|t| t.id == "untouched"));
        let mut orders = json!({ "orders": [purchase(), { "order_id": "untouched" }] });
        let mut left = place;
        replace(&mut orders["orders"][0], &mut left, &with);
        let orders = answered(Mirakl.orders(&access(), &["x"]), 200, orders.to_string()).unwrap();
        prop_assert!(orders.orders.iter().any(|o| o.id == "untouched"));
    }

    #[test]
    fn no_bytes_panic(bytes: Vec<u8>) {
        let _ = answered(Mirakl.threads(&access(), &ThreadsQuery::default()), 200, bytes.clone());
        let _ = answered(Mirakl.account(&access()), 200, bytes);
    }
}
