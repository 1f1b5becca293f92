//! What stands beside a conversation: its order, its customer, its place.

use super::{bits, words};
use crate::visit::Visit;
use askama::Template;
use mostek_domain::ticket::{Priority, StatusKind};
use mostek_domain::{CustomerId, Language, Timestamp};
use mostek_helpdesk::customer::tickets::Besides;
use mostek_helpdesk::desk::Desk;
use mostek_helpdesk::orders::Known;
use mostek_helpdesk::routine::Routines;
use mostek_helpdesk::view::View;
use mostek_helpdesk::{connection::Connection, view};
use mostek_ports::{Random, World};
use mostek_web::ui::{self, Choice};
use mostek_web::{SafeHtml, Speak, Text, time};
use std::time::Duration;

#[derive(Template)]
#[template(path = "aside.html")]
struct Aside {
    language: Language,
    now: Timestamp,
    /// What this page shows; goes back with a status, so that nobody closes what they have not read.
    version: u64,
    base: String,
    csrf: String,
    order_id: Option<String>,
    order_link: Option<String>,
    /// The conversation's page where it came from, with what the link says.
    conversation_link: Option<(String, String)>,
    order: Option<Order>,
    /// Whether the order can be asked for where the ticket came from.
    can_read_order: bool,
    customer: Customer,
    /// Their other tickets, the newest first.
    besides: Vec<OtherTicket>,
    /// How many more there are; empty if these are all.
    more_besides: String,
    statuses: Vec<Choice>,
    assignee: String,
    colleagues: Vec<Choice>,
    /// The button that takes the ticket; empty for who has it.
    take: String,
    /// Moments to put it aside until, as buttons; empty where that cannot be.
    snoozes: Vec<Choice>,
    /// The first moment that can be chosen freely.
    snooze_from: String,
    priorities: Vec<Choice>,
    priority: &'static str,
    /// Tags it has, and those that can be added.
    tags: Vec<Choice>,
    more_tags: Vec<Choice>,
    /// Parts of its present status.
    parts: Vec<Choice>,
    part: String,
    /// Whether it can be merged into another ticket.
    mergeable: bool,
    /// Whether it is merged, which can be undone.
    merged: bool,
    queues: Vec<Choice>,
    queue: String,
    categories: Vec<Choice>,
    category: String,
    macros: Vec<Choice>,
    /// Makes a macro that is run twice by a double click run once, where it would do something twice.
    macro_key: String,
}

struct Order {
    number: String,
    state: Option<SafeHtml>,
    lines: Vec<OrderLine>,
    more_lines: Option<String>,
    shipping: Option<String>,
    total: Option<String>,
    ordered: Option<Timestamp>,
    ship_by: Option<Timestamp>,
    carrier: String,
    tracking: Option<String>,
    tracking_link: Option<String>,
    read: SafeHtml,
    stale: bool,
}

struct OrderLine {
    title: String,
    sku: String,
    quantity: String,
    total: String,
    picture: Option<String>,
}

struct Customer {
    name: String,
    /// The record's page and what it says; `None` outside the CRM.
    record: Option<Record>,
    /// Their record was erased.
    is_erased: bool,
    remote_id: Option<String>,
    /// The page and the name of a record that has their id by now, outside the CRM.
    known: Option<(String, String)>,
    create: String,
    why_fixed: String,
}

struct OtherTicket {
    number: String,
    href: String,
    subject: String,
    status: SafeHtml,
    at: SafeHtml,
}

struct Record {
    href: String,
    phones: Vec<String>,
    emails: Vec<String>,
    notes: String,
}

/// The cards.
pub(super) fn html<W: World>(
    visit: &Visit<'_, W>,
    view: &View,
    besides: &Besides,
    known: Option<(CustomerId, String)>,
    desk: &Desk,
    routines: &Routines,
) -> SafeHtml {
    let language = visit.language();
    let Some(opened) = view.ticket.opened.as_ref() else { return SafeHtml::default() };
    let connection = view.connection.as_ref();
    let order_page = |c: &Connection| {
        let id = opened.order.as_deref()?;
        let kind = mostek_connectors::Registry::default().get(&c.kind)?.marketplace();
        kind.order_page(&c.base, id).map(|u| u.to_string())
    };
    let current = view.ticket.status.kind();
    let settable =
        [StatusKind::New, StatusKind::InProgress, StatusKind::WaitingForCustomer, StatusKind::Closed];
    let now = visit.now();
    let assignee = view.ticket.assignee();
    let mut colleagues = visit.colleagues();
    if let Some(gone) = assignee.filter(|a| !colleagues.iter().any(|(id, _)| id == a)) {
        colleagues.push((gone, visit.employee_name(gone)));
    }
    let me = visit.session.employee;
    let queue = view.ticket.queue();
    let category = view.ticket.category();
    let tags = view.ticket.tags();
    let part = view.ticket.sub_status();
    SafeHtml::of(&Aside {
        language,
        now: visit.now(),
        version: view.version,
        base: format!("/tickets/{}", view.id),
        csrf: visit.session.csrf.clone(),
        order_id: opened.order.as_deref().map(words::line),
        order_link: connection.and_then(order_page),
        conversation_link: view.page_there().map(|u| {
            let key =
                if connection.is_some() { "helpdesk-open-at-marketplace" } else { "helpdesk-open-at-shop" };
            (u.to_string(), language.t(key))
        }),
        can_read_order: connection.is_some(),
        order: view.order.as_ref().map(|k| order(language, visit.now(), view, k)),
        customer: customer(language, view, known),
        besides: others(language, now, besides),
        more_besides: match besides.count.saturating_sub(besides.latest.len()) {
            0 => String::new(),
            more => language.n("tickets-besides-more", more),
        },
        statuses: settable
            .into_iter()
            .filter(|s| *s != current && view.ticket.front().is_none())
            .map(|s| Choice::new(s.slug(), language.t(&format!("helpdesk-set-{}", s.slug()))))
            .collect(),
        assignee: assignee.map(|a| a.to_string()).unwrap_or_default(),
        take: if assignee == Some(me) { String::new() } else { me.to_string() },
        colleagues: words::people(&colleagues),
        snoozes: if view.ticket.status.is_open() { snoozes(language, now) } else { Vec::new() },
        snooze_from: time::input_moment(now),
        priorities: Priority::ALL
            .into_iter()
            .rev()
            .map(|p| Choice::new(p.slug(), words::priority(language, p)))
            .collect(),
        priority: view.ticket.priority().slug(),
        tags: tags.iter().map(|t| Choice::new(t.id.to_string(), desk.tag_name(t.id))).collect(),
        more_tags: words::tags(desk)
            .into_iter()
            .filter(|c| tags.iter().all(|t| t.id.to_string() != c.value))
            .collect(),
        parts: desk
            .sub_statuses
            .iter()
            .filter(|s| s.of == current && (!s.archived || part == Some(s.id)))
            .map(|s| Choice::new(s.id.to_string(), s.name.to_string()))
            .collect(),
        part: part.map(|p| p.to_string()).unwrap_or_default(),
        mergeable: view.ticket.front().is_none(),
        merged: current == StatusKind::Merged,
        queues: desk
            .queues
            .iter()
            .filter(|q| !q.archived || Some(q.id) == queue)
            .map(|q| Choice::new(q.id.to_string(), q.name.to_string()))
            .collect(),
        queue: queue.map(|q| q.to_string()).unwrap_or_default(),
        categories: desk
            .categories
            .iter()
            .filter(|c| !c.archived || Some(c.id) == category)
            .map(|c| Choice::new(c.id.to_string(), c.name.to_string()))
            .collect(),
        category: category.map(|c| c.to_string()).unwrap_or_default(),
        macros: routines
            .macros()
            .filter(|m| !m.archived)
            .map(|m| Choice::new(m.id.to_string(), m.name.to_string()))
            .collect(),
        macro_key: format!("{:016x}", visit.world.random().u64()),
    })
}

/// What people put things aside until, with the moment it means now.
fn snoozes(language: Language, now: Timestamp) -> Vec<Choice> {
    let hour = now.plus(Duration::from_secs(3600));
    [
        ("helpdesk-snooze-hour", Some(hour)),
        // Not offered when it is nearly that late.
        ("helpdesk-snooze-today", time::next_at(now, 0, 16, None).filter(|at| is_soon(now, *at))),
        ("helpdesk-snooze-tomorrow", time::next_at(now, 1, 9, None)),
        ("helpdesk-snooze-monday", time::next_at(now, 1, 9, Some(1))),
    ]
    .into_iter()
    .filter_map(|(label, at)| Some(Choice::new(time::iso(at?), language.t(label))))
    .collect()
}

/// The same day, and more than two hours from now.
fn is_soon(now: Timestamp, at: Timestamp) -> bool {
    let wait = at.since(now);
    wait > Duration::from_secs(2 * 3600) && wait < Duration::from_secs(12 * 3600)
}

fn order(language: Language, now: Timestamp, view: &View, known: &Known) -> Order {
    let o = &known.order;
    let insecure = insecure_origin(view);
    let text = |t: &Option<String>| t.as_deref().map(words::line).unwrap_or_default();
    Order {
        number: words::line(o.commercial_id.as_deref().unwrap_or(&o.id)),
        state: o.state.as_ref().map(|s| words::order_badge(language, s)),
        lines: o
            .lines
            .iter()
            .map(|l| OrderLine {
                title: l.title.as_deref().map_or_else(|| text(&l.sku), words::line),
                sku: text(&l.sku),
                quantity: match (l.quantity, l.unit_price) {
                    (Some(n), Some(price)) => format!("{n}\u{a0}×\u{a0}{}", words::money(language, price)),
                    (Some(n), None) => format!("{n}\u{a0}×"),
                    (None, _) => String::new(),
                },
                total: l.total.map(|m| words::money(language, m)).unwrap_or_default(),
                // What the page's content policy lets in.
                picture: l.picture_url.clone().filter(|u| {
                    u.starts_with("https://")
                        || insecure.as_ref().is_some_and(|o| u.starts_with(&format!("{o}/")))
                }),
            })
            .collect(),
        more_lines: (known.more_lines > 0).then(|| language.n("helpdesk-more-lines", known.more_lines)),
        shipping: o.shipping_price.map(|m| words::money(language, m)),
        total: o.total.or(o.price).map(|m| words::money(language, m)),
        ordered: o.created_at,
        ship_by: o.ship_by,
        carrier: text(&o.tracking.company),
        tracking: o.tracking.number.as_deref().map(words::line),
        tracking_link: o
            .tracking
            .url
            .clone()
            .filter(|u| u.starts_with("https://") || u.starts_with("http://")),
        read: ui::time_tag(language, now, known.at),
        stale: view::order_is_stale(view, now),
    }
}

fn others(language: Language, now: Timestamp, besides: &Besides) -> Vec<OtherTicket> {
    let other = |s: &mostek_helpdesk::list::Summary| OtherTicket {
        number: s.number.to_string(),
        href: format!("/tickets/{}", s.number.0),
        subject: words::line(&s.subject),
        status: words::status_badge(language, s.status),
        at: ui::time_tag(language, now, s.last_activity),
    };
    besides.latest.iter().map(other).collect()
}

fn customer(language: Language, view: &View, known: Option<(CustomerId, String)>) -> Customer {
    let opened = view.ticket.opened.as_ref();
    let record = view.customer.as_ref().and_then(|(id, c)| c.details.as_ref().map(|d| (id, d)));
    let name = record.map(|(_, d)| d.name.to_string());
    let name =
        name.or_else(|| opened.map(|o| words::line(&o.customer.name))).filter(|n| !n.trim().is_empty());
    let source = opened.map(|o| words::line(&o.source)).unwrap_or_default();
    Customer {
        name: name.unwrap_or_else(|| language.t("helpdesk-customer-nameless")),
        record: record.map(|(id, d)| Record {
            href: format!("/customers/{id}"),
            phones: d.phones.iter().map(|(p, _)| p.grouped()).collect(),
            emails: d.emails.iter().map(ToString::to_string).collect(),
            notes: d.notes.clone(),
        }),
        is_erased: view.customer.as_ref().is_some_and(|(_, c)| c.is_erased()),
        remote_id: opened.and_then(|o| o.customer.remote_id.as_deref()).map(words::line),
        known: known.map(|(id, name)| (format!("/customers/{id}"), name)),
        create: format!("/customers/new?ticket={}", view.id),
        why_fixed: language.say(&Text::new("helpdesk-customer-fixed").with("source", source)),
    }
}

/// The marketplace's own address if it is reached without TLS (a stand-in): its pictures come from there.
pub(super) fn insecure_origin(view: &View) -> Option<String> {
    let base = view.connection.as_ref()?.base.to_string();
    let rest = base.strip_prefix("http://")?;
    Some(format!("http://{}", rest.split('/').next()?))
}
