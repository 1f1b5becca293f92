//! Mirakl's seller ("shop") API, which EmpikPlace and many other marketplaces run on.
//!
//! From Mirakl's published description: operations A01, M10, M11, M12, M13 and OR11; the bare key in `Authorization`;
//! `shop_id` on every call; dates in ISO 8601; 429 with `Retry-After`. There is no idempotency key: a reply whose
//! outcome is unknown has to be looked for with M10 before it may be sent again.

mod wire;

use crate::access::Access;
use crate::call::Call;
use crate::error::{RemoteError, RequestError};
use crate::marketplace::{Marketplace, OrdersPage, PageToken, Reply, SentReply, ThreadsPage, ThreadsQuery};
use crate::multipart::{self, Part};
use crate::wire_values::{filled, is_id, iso, timestamp};
use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Method};
use mostek_domain::attachment::safe_file_name;
use mostek_domain::marketplace::{
    Attachment, Message, Order, OrderCustomer, OrderLine, OrderRef, OrderState, Participant, ShopAccount,
    ShopState, Side, Thread, Topic, Tracking,
};
use mostek_domain::{Currency, MessageBody, Money, Timestamp};
use mostek_ports::{OutgoingRequest, WholeResponse};
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use std::collections::HashSet;
use std::time::Duration;

/// The longest M10 and M11 answer: 1,000 messages (Mirakl's limit per conversation) of some 16 kB each.
const MAX_MESSAGES_ANSWER: usize = 16 * 1024 * 1024;
/// The longest OR11 answer: 100 orders; Mirakl's example of one with a single line has 13 kB.
const MAX_ORDERS_ANSWER: usize = 8 * 1024 * 1024;
/// The longest answer of the other operations.
const MAX_ANSWER: usize = 2 * 1024 * 1024;
/// The longest M12 answer: two ids, or an error.
const MAX_REPLY_ANSWER: usize = 64 * 1024;
/// The longest attachment: Mirakl's 30 MB per message and a little more, so that a file at the limit passes.
const MAX_ATTACHMENT: usize = 32 * 1024 * 1024;

/// For questions: a slice of the poller has 25 s in all.
const READ_LIMIT: Duration = Duration::from_secs(10);
/// For a reply, which may carry 10 MB. Giving up early is what makes outcomes uncertain, so this is generous.
const REPLY_LIMIT: Duration = Duration::from_secs(20);
/// For the head of a download.
const DOWNLOAD_LIMIT: Duration = Duration::from_secs(15);

/// M11 gives at most the last 100 messages of each conversation.
const MESSAGES_PER_LISTED_THREAD: usize = 100;
/// M11's greatest page.
const THREADS_PER_PAGE: u32 = 100;
/// OR11's greatest page.
const ORDERS_AT_ONCE: usize = 100;
/// More participants than this are not kept; a conversation has three.
const MAX_PARTICIPANTS: usize = 50;
/// A page token longer than this is not one.
const MAX_TOKEN: usize = 4_096;

/// The protocol; it has no state.
#[derive(Debug, Clone, Copy, Default)]
pub struct Mirakl;

struct Limits {
    time: Duration,
    answer: usize,
}

const READ: Limits = Limits { time: READ_LIMIT, answer: MAX_ANSWER };
const READ_MESSAGES: Limits = Limits { time: READ_LIMIT, answer: MAX_MESSAGES_ANSWER };
const READ_ORDERS: Limits = Limits { time: READ_LIMIT, answer: MAX_ORDERS_ANSWER };

fn get(
    access: &Access,
    path: &[&str],
    query: &[(&str, &str)],
    limits: &Limits,
) -> Result<OutgoingRequest, RequestError> {
    let unfit = || RequestError::Id(path.iter().copied().find(|s| !is_id(s)).unwrap_or_default().to_owned());
    if !path.iter().all(|s| is_id(s)) {
        return Err(unfit());
    }
    let mut url = access.base.join(path).ok_or_else(unfit)?;
    {
        let mut pairs = url.query_pairs_mut();
        pairs.extend_pairs(query);
        if let Some(shop) = access.shop {
            pairs.append_pair("shop_id", &shop.to_string());
        }
    }
    if url.query() == Some("") {
        url.set_query(None);
    }
    let key = access
        .key
        .header()
        .ok_or_else(|| RequestError::Build("the key is not a header's value".to_owned()))?;
    let mut headers = HeaderMap::new();
    headers.insert(AUTHORIZATION, key);
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    Ok(OutgoingRequest {
        method: Method::GET,
        url,
        headers,
        body: Bytes::new(),
        time_limit: limits.time,
        max_answer: limits.answer,
    })
}

impl Marketplace for Mirakl {
    fn account(&self, access: &Access) -> Result<Call<ShopAccount>, RequestError> {
        let request = get(access, &["api", "account"], &[], &READ)?;
        Ok(Call::new(request, &access.key, |answer| Ok(shop_account(json(answer)?))))
    }

    fn threads(&self, access: &Access, query: &ThreadsQuery) -> Result<Call<ThreadsPage>, RequestError> {
        let limit =
            if query.limit == 0 { THREADS_PER_PAGE } else { query.limit.min(THREADS_PER_PAGE) }.to_string();
        let since = query.updated_since.map(iso);
        let mut pairs = vec![("with_messages", "true"), ("limit", limit.as_str())];
        if let Some(since) = &since {
            pairs.push(("updated_since", since));
        }
        // With a token Mirakl ignores all other parameters; they are sent again for an instance that does not.
        if let Some(PageToken(token)) = &query.page {
            pairs.push(("page_token", token));
        }
        let request = get(access, &["api", "inbox", "threads"], &pairs, &READ_MESSAGES)?;
        let asked = query.page.clone();
        Ok(Call::new(request, &access.key, move |answer| threads_page(json(answer)?, asked.as_ref())))
    }

    fn messages_per_listed_thread(&self) -> usize {
        MESSAGES_PER_LISTED_THREAD
    }

    fn thread(&self, access: &Access, thread_id: &str) -> Result<Call<Thread>, RequestError> {
        let request = get(access, &["api", "inbox", "threads", thread_id], &[], &READ_MESSAGES)?;
        let asked = thread_id.to_owned();
        Ok(Call::new(request, &access.key, move |answer| {
            let (thread, _) = thread(json(answer)?);
            if thread.id == asked { Ok(thread) } else { Err(unreadable("it is about another conversation")) }
        }))
    }

    fn reply(&self, access: &Access, reply: &Reply<'_>) -> Result<Call<SentReply>, RequestError> {
        let limits = Limits { time: REPLY_LIMIT, answer: MAX_REPLY_ANSWER };
        let mut request =
            get(access, &["api", "inbox", "threads", reply.thread_id, "message"], &[], &limits)?;
        let (body, content_type) = reply_body(reply)?;
        let content_type =
            HeaderValue::from_str(&content_type).map_err(|e| RequestError::Build(e.to_string()))?;
        request.method = Method::POST;
        request.headers.insert(CONTENT_TYPE, content_type);
        request.body = body;
        Ok(Call::new(request, &access.key, |answer| {
            let sent: wire::MessageSent = json(answer)?;
            Ok(SentReply { message_id: sent.message_id.0 })
        }))
    }

    fn attachment(&self, access: &Access, attachment_id: &str) -> Result<Call<Bytes>, RequestError> {
        let limits = Limits { time: DOWNLOAD_LIMIT, answer: MAX_ATTACHMENT };
        // The attachment's id stands where a conversation's id would: that is how M13 is described.
        let mut request = get(access, &["api", "inbox", "threads", attachment_id, "download"], &[], &limits)?;
        request.headers.insert(ACCEPT, HeaderValue::from_static("*/*"));
        Ok(Call::new(request, &access.key, |answer| Ok(answer.body.clone())))
    }

    fn orders(&self, access: &Access, order_ids: &[&str]) -> Result<Call<OrdersPage>, RequestError> {
        if order_ids.is_empty() || order_ids.len() > ORDERS_AT_ONCE {
            return Err(RequestError::Count { count: order_ids.len(), limit: ORDERS_AT_ONCE });
        }
        // The list is separated by commas and has no way to escape one.
        if let Some(bad) = order_ids.iter().find(|id| !is_id(id) || id.contains(',')) {
            return Err(RequestError::Id((*bad).to_owned()));
        }
        let ids = order_ids.join(",");
        let most = ORDERS_AT_ONCE.to_string();
        let request = get(access, &["api", "orders"], &[("order_ids", &ids), ("max", &most)], &READ_ORDERS)?;
        let base = access.base.clone();
        Ok(Call::new(request, &access.key, move |answer| {
            let page: wire::Orders = json(answer)?;
            let orders = page.orders.items.into_iter().map(|o| order(o, &base)).collect();
            Ok(OrdersPage { orders, unreadable: page.orders.unreadable })
        }))
    }

    fn orders_at_once(&self) -> usize {
        ORDERS_AT_ONCE
    }

    fn default_link(&self) -> &'static str {
        "{base}/mmp/shop/order/{order_id}"
    }
}

fn unreadable(reason: impl Into<String>) -> RemoteError {
    RemoteError::Unreadable { reason: reason.into() }
}

/// Only the place and kind of the fault are kept: the body belongs to customers and must not end up in a log.
fn json<T: DeserializeOwned>(answer: &WholeResponse) -> Result<T, RemoteError> {
    serde_json::from_slice(&answer.body).map_err(|e| {
        let kind = match e.classify() {
            serde_json::error::Category::Eof => "it breaks off",
            serde_json::error::Category::Data => "something that must be there is missing",
            _ => "it is not JSON",
        };
        unreadable(format!("{kind} (line {}, column {})", e.line(), e.column()))
    })
}

fn shop_account(a: wire::Account) -> ShopAccount {
    let state = filled(a.shop_state).map(|word| match word.as_str() {
        "OPEN" => ShopState::Open,
        "CLOSE" | "CLOSED" => ShopState::Closed,
        "SUSPENDED" => ShopState::Suspended,
        "TERMINATED" => ShopState::Terminated,
        _ => ShopState::Other(word),
    });
    let currency = a.currency_iso_code.and_then(|c| Currency::parse(&c).ok());
    ShopAccount { id: a.shop_id.0, name: filled(a.shop_name), state, currency }
}

fn threads_page(page: wire::Threads, asked: Option<&PageToken>) -> Result<ThreadsPage, RemoteError> {
    let next = match filled(page.next_page_token) {
        Some(token) if token.len() > MAX_TOKEN => return Err(unreadable("its page token is too long")),
        // The token of the page itself would be followed for ever.
        Some(token) if asked.is_some_and(|a| a.0 == token) => {
            return Err(unreadable("its next page is itself"));
        }
        other => other.map(PageToken),
    };
    let mut unreadable = page.data.unreadable;
    let threads = page.data.items.into_iter().map(|t| {
        let (thread, missing) = thread(t);
        unreadable += missing;
        thread
    });
    let threads = threads.collect();
    Ok(ThreadsPage { threads, next, unreadable })
}

fn side(word: Option<String>) -> Side {
    match filled(word).as_deref() {
        Some("CUSTOMER" | "CUSTOMER_USER") => Side::Customer,
        Some("SHOP" | "SHOP_USER") => Side::Shop,
        Some("OPERATOR" | "OPERATOR_USER") => Side::Operator,
        other => Side::Unknown(other.unwrap_or_default().to_owned()),
    }
}

fn participant(p: wire::Participant) -> Participant {
    Participant { side: side(p.kind), id: p.id.map(|i| i.0), name: filled(p.display_name) }
}

/// The conversation, and how many of its messages could not be read.
fn thread(t: wire::Thread) -> (Thread, usize) {
    let sieve = t.messages.unwrap_or_default();
    let missing = sieve.unreadable;
    let messages = in_order(sieve.items.into_iter().map(message).collect());

    let listed =
        [t.authorized_participants, t.current_participants].into_iter().flatten().flat_map(|s| s.items);
    let mut participants: Vec<Participant> = Vec::new();
    // Recipients of messages too: they are where the customer's id stands if nothing else names it.
    let recipients = messages.iter().flat_map(|m: &Message| m.to.iter().cloned());
    for p in listed.map(participant).chain(recipients) {
        if let Some(known) = participants.iter_mut().find(|q| q.side == p.side && q.id == p.id) {
            known.name = known.name.take().or(p.name);
        } else if participants.len() < MAX_PARTICIPANTS {
            participants.push(p);
        }
    }

    let topic = t.topic.and_then(|topic| {
        let is_reason_code = topic.kind.as_deref() == Some("REASON_CODE");
        filled(topic.value).map(|value| Topic { value, is_reason_code })
    });
    let orders =
        t.entities.unwrap_or_default().items.into_iter().filter(|e| e.kind.as_deref() == Some("MMP_ORDER"));
    let orders = orders.map(|e| OrderRef { id: e.id.0, label: filled(e.label) }).collect();
    let metadata = t.metadata;
    let thread = Thread {
        id: t.id.0,
        topic,
        orders,
        participants,
        created_at: t.date_created.and_then(|d| timestamp(&d)),
        updated_at: t.date_updated.and_then(|d| timestamp(&d)),
        total_messages: metadata.as_ref().and_then(|m| m.total_count),
        reply_needed_since: metadata.and_then(|m| m.shop_reply_needed_since).and_then(|d| timestamp(&d)),
        messages,
    };
    (thread, missing)
}

fn message(m: wire::Message) -> Message {
    let (kind, name) = m.from.map_or((None, None), |f| (f.kind, f.display_name));
    Message {
        id: m.id.0,
        author: side(kind),
        author_name: filled(name),
        to: m.to.unwrap_or_default().items.into_iter().map(participant).collect(),
        body: MessageBody::from_remote(m.body.as_deref().unwrap_or("")),
        sent_at: m.date_created.and_then(|d| timestamp(&d)),
        attachments: m
            .attachments
            .unwrap_or_default()
            .items
            .into_iter()
            .map(|a| Attachment { id: a.id.0, name: filled(a.name), size: a.size })
            .collect(),
    }
}

/// Oldest first, each id once. The description does not say how messages are ordered: their dates decide; equal ones
/// stay as they came, and one without a date stays behind the one before it.
fn in_order(mut messages: Vec<Message>) -> Vec<Message> {
    let dates = || messages.iter().filter_map(|m| m.sent_at);
    if dates().next() > dates().next_back() {
        messages.reverse();
    }
    let mut seen = HashSet::new();
    messages.retain(|m| seen.insert(m.id.clone()));
    let mut last = Timestamp(i64::MIN);
    let mut dated: Vec<(Timestamp, Message)> = Vec::with_capacity(messages.len());
    for m in messages {
        last = m.sent_at.unwrap_or(last);
        dated.push((last, m));
    }
    dated.sort_by_key(|(at, _)| *at);
    dated.into_iter().map(|(_, m)| m).collect()
}

fn reply_body(reply: &Reply<'_>) -> Result<(Bytes, String), RequestError> {
    let mut to = Vec::with_capacity(2);
    if reply.to.reaches(&Side::Customer) {
        to.push(wire::Recipient { kind: "CUSTOMER", id: reply.customer_id });
    }
    if reply.to.reaches(&Side::Operator) {
        to.push(wire::Recipient { kind: "OPERATOR", id: None });
    }
    let input = serde_json::to_vec(&wire::MessageInput { body: reply.body.as_str(), to })
        .map_err(|e| RequestError::Build(e.to_string()))?;
    let mut parts = vec![Part {
        name: "message_input",
        file_name: None,
        content_type: "application/json",
        content: &input,
    }];
    parts.extend(reply.files.iter().map(|f| Part {
        name: "files",
        file_name: Some(safe_file_name(&f.name)),
        content_type: "application/octet-stream",
        content: &f.content,
    }));
    Ok(multipart::encode(&parts))
}

fn order_state(word: Option<String>) -> Option<OrderState> {
    Some(match filled(word)?.as_str() {
        "STAGING" => OrderState::Staging,
        "WAITING_ACCEPTANCE" => OrderState::WaitingAcceptance,
        "WAITING_DEBIT" => OrderState::WaitingDebit,
        "WAITING_DEBIT_PAYMENT" => OrderState::WaitingDebitPayment,
        "SHIPPING" => OrderState::Shipping,
        "SHIPPED" => OrderState::Shipped,
        "TO_COLLECT" => OrderState::ToCollect,
        "RECEIVED" => OrderState::Received,
        "CLOSED" => OrderState::Closed,
        "REFUSED" => OrderState::Refused,
        "CANCELED" => OrderState::Canceled,
        "INCIDENT_OPEN" => OrderState::IncidentOpen,
        other => OrderState::Other(other.to_owned()),
    })
}

/// An amount written as a number or as a text; without a currency there is none.
fn money(amount: Option<Box<RawValue>>, currency: Option<Currency>) -> Option<Money> {
    let raw = amount?;
    let text = raw.get().trim_matches('"');
    Money::parse(text, currency?).ok()
}

fn order(o: wire::Order, base: &crate::BaseAddress) -> Order {
    let currency = o.currency_iso_code.and_then(|c| Currency::parse(&c).ok());
    let customer = o.customer.map_or_else(OrderCustomer::default, |c| OrderCustomer {
        id: c.customer_id.map(|i| i.0),
        first_name: filled(c.firstname),
        last_name: filled(c.lastname),
        locale: filled(c.locale),
        organization: c.organization.and_then(|o| filled(o.name)),
    });
    let tracking = Tracking {
        company: filled(o.shipping_company),
        number: filled(o.shipping_tracking),
        // Followed by people's browsers: nothing but a web address may pass.
        url: o
            .shipping_tracking_url
            .and_then(|u| url::Url::parse(u.trim()).ok())
            .filter(|u| matches!(u.scheme(), "http" | "https"))
            .map(String::from),
        method: filled(o.shipping_type_label),
    };
    let lines = o.order_lines.unwrap_or_default().items;
    Order {
        id: o.order_id.0,
        commercial_id: filled(o.commercial_id),
        state: order_state(o.order_state),
        lines: lines.into_iter().map(|l| order_line(l, currency, base)).collect(),
        price: money(o.price, currency),
        shipping_price: money(o.shipping_price, currency),
        total: money(o.total_price, currency),
        customer,
        tracking,
        created_at: o.created_date.and_then(|d| timestamp(&d)),
        updated_at: o.last_updated_date.and_then(|d| timestamp(&d)),
        ship_by: o.shipping_deadline.and_then(|d| timestamp(&d)),
        has_incident: o.has_incident.unwrap_or(false),
    }
}

fn order_line(l: wire::OrderLine, currency: Option<Currency>, base: &crate::BaseAddress) -> OrderLine {
    let medias = l.product_medias.unwrap_or_default().items;
    // The picture is shown small: the smallest that is sharp on every screen.
    let rank = |kind: Option<&str>| match kind {
        Some("MEDIUM") => 0,
        Some("SMALL") => 1,
        Some("LARGE") => 2,
        _ => 3,
    };
    let picture = medias.iter().filter(|m| m.media_url.is_some()).min_by_key(|m| rank(m.kind.as_deref()));
    OrderLine {
        id: l.order_line_id.map(|i| i.0),
        title: filled(l.product_title),
        sku: filled(l.product_shop_sku).or(filled(l.offer_sku)).or(filled(l.product_sku)),
        quantity: l.quantity,
        unit_price: money(l.price_unit, currency),
        total: money(l.price, currency),
        state: order_state(l.order_line_state),
        picture_url: picture.and_then(|m| base.absolute(m.media_url.as_deref()?)).map(String::from),
    }
}

#[cfg(test)]
mod tests;
