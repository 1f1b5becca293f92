//! Statuses, states and amounts in the reader's language.

use mostek_domain::marketplace::{OrderState, ReplyTo};
use mostek_domain::ticket::{Priority, StatusKind};
use mostek_domain::{Currency, EmployeeId, Language, Money, Timestamp};
use mostek_helpdesk::desk::Desk;
use mostek_helpdesk::list;
use mostek_web::ui::Choice;
use mostek_web::{SafeHtml, Speak, printable, ui};
use std::time::Duration;

/// A ticket's status.
pub(super) fn status(language: Language, status: StatusKind) -> String {
    language.t(&format!("helpdesk-state-{}", status.slug()))
}

/// People to choose from.
pub(super) fn people(all: &[(EmployeeId, String)]) -> Vec<Choice> {
    all.iter().map(|(id, name)| Choice::new(id.to_string(), name)).collect()
}

/// A ticket's status as a badge.
pub(super) fn status_badge(language: Language, kind: StatusKind) -> SafeHtml {
    let tone = match kind {
        StatusKind::New => "accent",
        StatusKind::InProgress => "info",
        StatusKind::WaitingForCustomer => "warning",
        StatusKind::Snoozed | StatusKind::Merged | StatusKind::Closed => "neutral",
    };
    ui::badge(tone, &status(language, kind))
}

/// How urgent a ticket is.
pub(super) fn priority(language: Language, priority: Priority) -> String {
    language.t(&format!("tickets-priority-{}", priority.slug()))
}

/// How urgent a ticket is as a badge; as usual is none.
pub(super) fn priority_badge(language: Language, of: Priority) -> Option<SafeHtml> {
    let tone = match of {
        Priority::Normal => return None,
        Priority::Low => "neutral",
        Priority::High => "warning",
        Priority::Urgent => "danger",
    };
    Some(ui::badge(tone, &priority(language, of)))
}

/// Tags to choose from.
pub(super) fn tags(desk: &Desk) -> Vec<Choice> {
    let tags = desk.tags.iter().filter(|t| !t.archived);
    tags.map(|t| Choice::new(t.id.to_string(), t.name.to_string())).collect()
}

/// A deadline as a badge: red when it is over, yellow when it is near; nothing without one.
pub(super) fn due_badge(language: Language, now: Timestamp, due: Option<Timestamp>) -> SafeHtml {
    let Some(due) = due else { return SafeHtml::default() };
    let (tone, key, distance) = if due < now {
        ("danger", "service-overdue", now.since(due))
    } else if due.since(now) <= list::SOON {
        ("warning", "service-due-in", due.since(now))
    } else {
        ("neutral", "service-due-in", due.since(now))
    };
    ui::badge(tone, &language.with(key, "time", span(language, distance)))
}

/// A stretch of time in its largest unit: `35 min`, `2 godz.`, `3 dni`.
fn span(language: Language, time: Duration) -> String {
    let minutes = i64::try_from(time.as_secs() / 60).unwrap_or(i64::MAX);
    match minutes {
        ..60 => language.n("service-span-minutes", minutes),
        60..2_880 => language.n("service-span-hours", minutes / 60),
        _ => language.n("service-span-days", minutes / 1_440),
    }
}

/// An order's state as a badge; one we do not know by the marketplace's word.
pub(super) fn order_badge(language: Language, state: &OrderState) -> SafeHtml {
    let tone = match state {
        OrderState::Shipped | OrderState::ToCollect | OrderState::Received | OrderState::Closed => "success",
        OrderState::Refused | OrderState::Canceled | OrderState::IncidentOpen => "danger",
        OrderState::WaitingAcceptance | OrderState::Shipping => "warning",
        OrderState::Staging | OrderState::WaitingDebit | OrderState::WaitingDebitPayment => "info",
        OrderState::Other(_) => "neutral",
    };
    match state {
        OrderState::Other(word) => ui::badge(tone, &printable(word)),
        known => ui::badge(tone, &language.t(&format!("helpdesk-order-{}", known.slug()))),
    }
}

/// An amount: `49,90 zł`, in English `49.90 PLN`.
pub(super) fn money(language: Language, amount: Money) -> String {
    let digits = amount.amount();
    let digits = if language == Language::En { digits } else { digits.replace('.', ",") };
    let currency = match (language, amount.currency) {
        (Language::Pl, Currency::PLN) => "zł".to_owned(),
        (_, other) => other.to_string(),
    };
    format!("{digits}\u{a0}{currency}")
}

/// Whom a reply goes to.
pub(super) fn recipient(language: Language, to: ReplyTo) -> String {
    language.t(&format!("helpdesk-to-{}", to.slug()))
}

/// Foreign text on one line, without what cannot be seen.
pub(super) fn line(text: &str) -> String {
    printable(text).replace(['\n', '\t'], " ")
}
