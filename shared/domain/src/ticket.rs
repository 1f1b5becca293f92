//! A ticket's statuses and what changes them (H13).

use crate::{TicketId, Timestamp};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use thiserror::Error;

/// Where a ticket stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "status")]
pub enum Status {
    /// The customer (or the marketplace) wrote last: every time, not only the first.
    #[default]
    New,
    /// Somebody works on it.
    InProgress,
    /// We wrote last.
    WaitingForCustomer,
    /// Put aside until a moment, when it is New again.
    Snoozed {
        /// That moment.
        until: Timestamp,
    },
    /// Became part of another ticket.
    Merged {
        /// That ticket.
        into: TicketId,
    },
    /// Done.
    Closed {
        /// Since when.
        at: Timestamp,
    },
}

/// A status without its details: filters, catalogues, index keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StatusKind {
    /// See [`Status::New`].
    New,
    /// See [`Status::InProgress`].
    InProgress,
    /// See [`Status::WaitingForCustomer`].
    WaitingForCustomer,
    /// See [`Status::Snoozed`].
    Snoozed,
    /// See [`Status::Merged`].
    Merged,
    /// See [`Status::Closed`].
    Closed,
}

impl StatusKind {
    /// All, in the order of the filter.
    pub const ALL: [Self; 6] =
        [Self::New, Self::InProgress, Self::WaitingForCustomer, Self::Snoozed, Self::Merged, Self::Closed];

    /// Those of tickets with which somebody may still have to do something: [`Status::is_open`].
    pub const OPEN: [Self; 4] = [Self::New, Self::InProgress, Self::WaitingForCustomer, Self::Snoozed];

    /// A stable name: query values, index keys, message catalogues.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::InProgress => "in-progress",
            Self::WaitingForCustomer => "waiting-for-customer",
            Self::Snoozed => "snoozed",
            Self::Merged => "merged",
            Self::Closed => "closed",
        }
    }

    /// The kind of a slug.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.slug() == slug)
    }
}

/// How urgent a ticket is, as somebody judged it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    /// Can wait.
    Low,
    /// As usual.
    #[default]
    Normal,
    /// Before others.
    High,
    /// Now.
    Urgent,
}

impl Priority {
    /// All, the least urgent first.
    pub const ALL: [Self; 4] = [Self::Low, Self::Normal, Self::High, Self::Urgent];

    /// A stable name: query values, message catalogues.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Normal => "normal",
            Self::High => "high",
            Self::Urgent => "urgent",
        }
    }

    /// The priority of a slug.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|p| p.slug() == slug)
    }
}

/// What messages do to a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MessageFrom {
    /// The customer, the marketplace's operator, or somebody unknown: it wants an answer.
    Outside,
    /// Us, from here or from the marketplace's own panel.
    Us,
}

/// What becomes of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// It joins the ticket, which has this status afterwards.
    Joins(Status),
    /// It belongs to the ticket that this one was merged into.
    GoesTo(TicketId),
    /// The ticket has been closed for too long: the message starts a new one that is linked to it. See
    /// [`TicketId::successor`].
    StartsAnother,
}

/// Rules an administrator may change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketRules {
    /// For how many days after it was closed an answer re-opens a ticket.
    pub reopen_days: u32,
}

impl Default for TicketRules {
    fn default() -> Self {
        Self { reopen_days: 7 }
    }
}

impl TicketRules {
    /// Whether a ticket closed at one moment is re-opened by a message of another. Exactly at the end of the last day
    /// it still is; so is one whose message seems to be older than the closing (clocks differ, polls lag).
    #[must_use]
    pub fn reopens(&self, closed_at: Timestamp, message_at: Timestamp) -> bool {
        message_at.since(closed_at) <= Duration::from_secs(u64::from(self.reopen_days) * 86_400)
    }
}

/// Why somebody may not set a status.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
pub enum StatusError {
    /// The ticket is part of another one; that one has a status.
    #[error("the ticket is part of another ticket")]
    IsMerged,
    /// It cannot be put aside until a moment that has passed.
    #[error("the moment has passed")]
    Past,
    /// A ticket cannot become part of itself.
    #[error("a ticket cannot be merged into itself")]
    Itself,
}

impl StatusError {
    /// A stable name, for message catalogues.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::IsMerged => "status-merged",
            Self::Past => "status-past",
            Self::Itself => "status-itself",
        }
    }
}

impl Status {
    /// The status without its details.
    #[must_use]
    pub fn kind(self) -> StatusKind {
        match self {
            Self::New => StatusKind::New,
            Self::InProgress => StatusKind::InProgress,
            Self::WaitingForCustomer => StatusKind::WaitingForCustomer,
            Self::Snoozed { .. } => StatusKind::Snoozed,
            Self::Merged { .. } => StatusKind::Merged,
            Self::Closed { .. } => StatusKind::Closed,
        }
    }

    /// Whether somebody may still have to do something.
    #[must_use]
    pub fn is_open(self) -> bool {
        !matches!(self, Self::Merged { .. } | Self::Closed { .. })
    }

    /// Whether a ticket is out of people's sight with it: what they have not read in it they do not read then either.
    #[must_use]
    pub fn is_out_of_sight(self) -> bool {
        !self.is_open() || matches!(self, Self::Snoozed { .. })
    }

    /// What a message sent at `at` does.
    ///
    /// From outside: the ticket is New, whatever it was before, also when it was put aside. From us: it waits for the
    /// customer; a closed ticket that we add a last word to stays closed, however late, since nobody has to answer it.
    #[must_use]
    pub fn on_message(self, from: MessageFrom, at: Timestamp, rules: &TicketRules) -> Effect {
        match (self, from) {
            (Self::Merged { into }, _) => Effect::GoesTo(into),
            (Self::Closed { .. }, MessageFrom::Us) => Effect::Joins(self),
            (Self::Closed { at: closed }, _) if !rules.reopens(closed, at) => Effect::StartsAnother,
            (_, MessageFrom::Outside) => Effect::Joins(Self::New),
            (_, MessageFrom::Us) => Effect::Joins(Self::WaitingForCustomer),
        }
    }

    /// The status when a moment has come: what was put aside until then is New.
    #[must_use]
    pub fn at(self, now: Timestamp) -> Self {
        match self {
            Self::Snoozed { until } if until <= now => Self::New,
            other => other,
        }
    }

    /// The status that somebody sets by hand.
    ///
    /// # Errors
    /// [`StatusError`] if the ticket is merged, would be merged into itself, or would be put aside until the past.
    pub fn set_by_hand(self, ticket: TicketId, wanted: Self, now: Timestamp) -> Result<Self, StatusError> {
        if matches!(self, Self::Merged { .. }) {
            return Err(StatusError::IsMerged);
        }
        match wanted {
            Self::Snoozed { until } if until <= now => Err(StatusError::Past),
            Self::Merged { into } if into == ticket => Err(StatusError::Itself),
            // The moment of closing decides about re-opening, so it is now, whatever the request says.
            Self::Closed { .. } => Ok(Self::Closed { at: now }),
            wanted => Ok(wanted),
        }
    }
}

impl TicketId {
    /// The ticket that a conversation continues in when this one has been closed for too long. Computed, so that a
    /// message that is taken in twice starts one ticket.
    #[must_use]
    pub fn successor(self) -> Self {
        Self::deterministic(&[b"successor", &self.to_bytes()])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400_000;
    const NOW: Timestamp = Timestamp(1_778_580_000_000);

    fn ticket(n: u8) -> TicketId {
        TicketId::from_random([n; 16])
    }

    #[test]
    fn a_message_from_outside_makes_every_open_ticket_new() {
        let rules = TicketRules::default();
        for status in
            [Status::New, Status::InProgress, Status::WaitingForCustomer, Status::Snoozed { until: NOW }]
        {
            assert_eq!(status.on_message(MessageFrom::Outside, NOW, &rules), Effect::Joins(Status::New));
            assert_eq!(
                status.on_message(MessageFrom::Us, NOW, &rules),
                Effect::Joins(Status::WaitingForCustomer)
            );
        }
    }

    #[test]
    fn a_closed_ticket_reopens_for_seven_days_to_the_millisecond() {
        let rules = TicketRules::default();
        let closed = Status::Closed { at: NOW };
        let after = |ms: i64| closed.on_message(MessageFrom::Outside, Timestamp(NOW.0 + ms), &rules);
        assert_eq!(after(-5), Effect::Joins(Status::New));
        assert_eq!(after(7 * DAY), Effect::Joins(Status::New));
        assert_eq!(after(7 * DAY + 1), Effect::StartsAnother);
        assert_eq!(closed.on_message(MessageFrom::Us, NOW, &rules), Effect::Joins(closed));
        let never = TicketRules { reopen_days: 0 };
        assert_eq!(
            closed.on_message(MessageFrom::Outside, Timestamp(NOW.0 + 1), &never),
            Effect::StartsAnother
        );
    }

    #[test]
    fn our_own_last_word_opens_nothing() {
        let closed = Status::Closed { at: NOW };
        let late = Timestamp(NOW.0 + 30 * DAY);
        assert_eq!(closed.on_message(MessageFrom::Us, late, &TicketRules::default()), Effect::Joins(closed));
    }

    #[test]
    fn messages_of_a_merged_ticket_go_where_it_went() {
        let merged = Status::Merged { into: ticket(2) };
        assert_eq!(
            merged.on_message(MessageFrom::Outside, NOW, &TicketRules::default()),
            Effect::GoesTo(ticket(2))
        );
        assert_eq!(merged.set_by_hand(ticket(1), Status::InProgress, NOW), Err(StatusError::IsMerged));
        assert!(!merged.is_open());
    }

    #[test]
    fn what_was_put_aside_comes_back() {
        let snoozed = Status::Snoozed { until: NOW };
        assert_eq!(snoozed.at(Timestamp(NOW.0 - 1)), snoozed);
        assert_eq!(snoozed.at(NOW), Status::New);
        assert_eq!(Status::InProgress.at(NOW), Status::InProgress);
    }

    #[test]
    fn by_hand() {
        let t = ticket(1);
        assert_eq!(Status::New.set_by_hand(t, Status::Snoozed { until: NOW }, NOW), Err(StatusError::Past));
        assert_eq!(Status::New.set_by_hand(t, Status::Merged { into: t }, NOW), Err(StatusError::Itself));
        assert_eq!(
            Status::New.set_by_hand(t, Status::Closed { at: Timestamp(0) }, NOW),
            Ok(Status::Closed { at: NOW })
        );
        assert_eq!(
            Status::Closed { at: NOW }.set_by_hand(t, Status::InProgress, NOW),
            Ok(Status::InProgress)
        );
    }

    #[test]
    fn successors_are_computed_and_form_a_chain() {
        let first = ticket(1);
        assert_eq!(first.successor(), first.successor());
        assert_ne!(first.successor(), first);
        assert_ne!(first.successor().successor(), first.successor());
    }

    #[test]
    fn stored_form() {
        let json = serde_json::to_string(&Status::Snoozed { until: Timestamp(5) }).unwrap();
        assert_eq!(json, r#"{"status":"snoozed","until":5}"#);
        for s in [Status::New, Status::Closed { at: NOW }, Status::Merged { into: ticket(3) }] {
            assert_eq!(serde_json::from_str::<Status>(&serde_json::to_string(&s).unwrap()).unwrap(), s);
        }
        for k in StatusKind::ALL {
            assert_eq!(StatusKind::from_slug(k.slug()), Some(k));
        }
        let all = [
            Status::New,
            Status::InProgress,
            Status::WaitingForCustomer,
            Status::Snoozed { until: NOW },
            Status::Merged { into: ticket(3) },
            Status::Closed { at: NOW },
        ];
        for s in all {
            assert_eq!(StatusKind::OPEN.contains(&s.kind()), s.is_open(), "{s:?}");
        }
    }
}
