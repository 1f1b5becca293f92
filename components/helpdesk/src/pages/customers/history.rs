//! The lines of a record's time line, in words.

use super::record::{consent, value};
use super::words;
use crate::visit::Visit;
use mostek_domain::{EmployeeId, Language, Timestamp};
use mostek_helpdesk::customer::history::{Line, What};
use mostek_helpdesk::customer::record::{Change, Fact};
use mostek_helpdesk::desk::Desk;
use mostek_ports::World;
use mostek_store::Actor;
use mostek_web::{SafeHtml, Speak, Text};

/// A line as it is shown.
pub(super) struct Shown {
    pub at: Timestamp,
    pub icon: &'static str,
    pub title: String,
    pub href: Option<String>,
    /// The link leads out of the hub.
    pub is_outside: bool,
    pub badge: Option<SafeHtml>,
    /// Who; empty where it goes without saying.
    pub by: String,
    pub details: Vec<String>,
}

pub(super) fn shown<W: World>(visit: &Visit<'_, W>, desk: &Desk, lines: &[Line]) -> Vec<Shown> {
    lines.iter().map(|line| one(visit, desk, line)).collect()
}

/// The name of whoever did something.
pub(super) fn who<W: World>(visit: &Visit<'_, W>, actor: &Actor) -> String {
    let l = visit.language();
    match actor {
        Actor::Employee(id) => EmployeeId::parse(id)
            .map(|id| visit.employee_name(id))
            .ok()
            .filter(|name| !name.is_empty())
            .unwrap_or_else(|| l.t("helpdesk-somebody")),
        Actor::System(_) => l.t("crm-by-hub"),
        Actor::Remote(_) => l.t("crm-by-marketplace"),
    }
}

fn one<W: World>(visit: &Visit<'_, W>, desk: &Desk, line: &Line) -> Shown {
    let l = visit.language();
    let plain = |icon, title: String| Shown {
        at: line.at,
        icon,
        title,
        href: None,
        is_outside: false,
        badge: None,
        by: String::new(),
        details: Vec::new(),
    };
    match &line.what {
        What::Change { actor, fact, .. } => {
            let (title, details) = change(l, desk, fact);
            Shown { by: who(visit, actor), details, ..plain("edit", title) }
        }
        What::Ticket { link, summary } => match summary {
            Some(s) => Shown {
                href: Some(format!("/tickets/{}", s.id)),
                badge: Some(words::status_badge(l, s.status)),
                details: vec![words::line(&s.subject)],
                ..plain("inbox", l.with("crm-line-ticket", "number", s.number.to_string()))
            },
            None => Shown {
                href: Some(format!("/tickets/{}", link.ticket)),
                ..plain("inbox", l.with("crm-line-ticket", "number", ""))
            },
        },
        What::Order { link, known } => {
            let order = known.as_ref().map(|k| &k.order);
            let number = order.and_then(|o| o.commercial_id.as_deref()).unwrap_or(&link.id);
            let total = order.and_then(|o| o.total.or(o.price)).map(|m| words::money(l, m));
            Shown {
                badge: order.and_then(|o| o.state.as_ref()).map(|s| words::order_badge(l, s)),
                details: total.into_iter().collect(),
                ..plain("cart", l.with("crm-line-order", "number", words::line(number)))
            }
        }
        What::Told { event } => Shown {
            href: event.link.as_ref().map(ToString::to_string),
            is_outside: true,
            by: words::line(&event.source),
            details: event.detail.as_deref().map(words::line).into_iter().collect(),
            ..plain("plug", words::line(&event.title))
        },
    }
}

/// What changed: a headline, and one sentence for each thing.
fn change(l: Language, desk: &Desk, fact: &Fact) -> (String, Vec<String>) {
    let title = match fact {
        Fact::Added { .. } => "crm-line-added",
        Fact::MergedInto { .. } => "crm-line-merged-into",
        Fact::Absorbed(_) => "crm-line-merged",
        Fact::Unmerged { .. } => "crm-line-unmerged",
        Fact::Changed { .. }
        | Fact::Edited { .. }
        | Fact::Erased { .. }
        | Fact::Ticket { .. }
        | Fact::Touched { .. } => "crm-line-edited",
    };
    let details = match fact {
        Fact::Edited { changes, .. } => changes.iter().map(|c| part(l, desk, c)).collect(),
        _ => Vec::new(),
    };
    (l.t(title), details)
}

fn part(l: Language, desk: &Desk, change: &Change) -> String {
    let set = |label: String, to: Option<String>| match to.filter(|t| !t.is_empty()) {
        Some(to) => format!("{label}: {to}"),
        None => l.with("crm-part-removed", "what", label),
    };
    match change {
        Change::Name { to } => set(l.t("helpdesk-customer-short"), Some(to.to_string())),
        Change::Nip { to } => set(l.t("helpdesk-nip"), to.as_ref().map(ToString::to_string)),
        Change::Locale { to } => set(l.t("helpdesk-locale"), to.as_deref().map(words::line)),
        Change::Notes { .. } => l.t("crm-part-notes"),
        Change::Field { field, to } => {
            let kind = desk.field(*field).map(|f| &f.kind);
            set(desk.field_name(*field), to.as_deref().map(|v| value(l, kind, v)))
        }
        Change::Phone { number, to: Some((c, _)) } => {
            let key = if c.given { "helpdesk-consent-yes" } else { "helpdesk-consent-no" };
            l.say(
                &Text::new("crm-part-phone")
                    .with("number", number.grouped())
                    .with("consent", l.t(key))
                    .with("about", consent(l, c)),
            )
        }
        Change::Phone { number, to: None } => l.with("crm-part-removed", "what", number.grouped()),
        Change::Email { address, to } => match to {
            Some(_) => set(l.t("helpdesk-email"), Some(address.to_string())),
            None => l.with("crm-part-removed", "what", address.to_string()),
        },
        Change::Address { address, to } => {
            let line = words::line(&address.on_one_line());
            match to {
                Some(_) => set(l.t("crm-address"), Some(line)),
                None => l.with("crm-part-removed", "what", line),
            }
        }
    }
}
