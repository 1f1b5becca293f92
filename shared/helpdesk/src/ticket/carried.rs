//! What a ticket knows of other tickets' conversations that are worked on in it, and where its own is worked on.
//!
//! A conversation of the marketplace has one journal for ever: its messages, its replies and what was sent are there. When
//! its ticket was merged into another, or had been closed for too long when a message came, people work on it in that other
//! ticket, its *front*. The front holds no messages of it, only how far it has been told: [`Carried`].

use super::{Item, ItemKind, Ticket};
use mostek_domain::ticket::{Effect, MessageFrom, Status, TicketRules};
use mostek_domain::{TicketId, Timestamp};
use mostek_store::Entry;
use serde::{Deserialize, Serialize};

/// The last word of a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct News {
    /// A short hash of the message's or reply's id.
    pub id: String,
    /// Whether it wants an answer.
    pub outside: bool,
    /// When.
    pub at: Timestamp,
    /// Whether the customer waits.
    pub waits: bool,
    /// The beginning of its text.
    pub snippet: String,
    /// Rules in force when it was carried.
    pub rules: TicketRules,
}

/// What is carried from a conversation's ticket to its front.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Carry {
    /// The conversation's ticket.
    pub of: TicketId,
    /// The slot its journal was read up to.
    pub upto: u64,
    /// How many items it had.
    pub items: usize,
    /// One of its replies failed or is uncertain.
    pub needs_decision: bool,
    /// Its last word.
    pub news: Option<News>,
}

/// What a front knows of a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Carried {
    /// The slot of the front's journal that said so.
    slot: u64,
    /// The slot of the front's journal that brought the last word from outside.
    outside_slot: u64,
    /// The slot the conversation's journal was read up to.
    pub upto: u64,
    /// How many items it had.
    pub items: usize,
    /// One of its replies failed or is uncertain.
    pub needs_decision: bool,
    /// Since when the customer waits there.
    pub(super) waiting_since: Option<Timestamp>,
    /// Its last word.
    last: Option<String>,
}

impl Ticket {
    /// The ticket in which this one's conversation is worked on instead.
    #[must_use]
    pub fn front(&self) -> Option<TicketId> {
        self.front.and_then(|(_, front, _)| front)
    }

    /// Since when that is so.
    #[must_use]
    pub fn front_since(&self) -> Option<Timestamp> {
        self.front.filter(|(_, front, _)| front.is_some()).map(|(_, _, at)| at)
    }

    /// A message came when it had been closed for too long, and the ticket that follows it is not there yet.
    #[must_use]
    pub fn wants_successor(&self) -> bool {
        self.wants_successor && self.front().is_none()
    }

    /// The tickets whose conversations are worked on here.
    pub fn carried(&self) -> impl Iterator<Item = TicketId> + '_ {
        self.carried.keys().copied()
    }

    /// What is known of one of them.
    #[must_use]
    pub fn carried_of(&self, of: TicketId) -> Option<&Carried> {
        self.carried.get(&of)
    }

    /// Whether it holds a conversation itself. A ticket that follows another has none of its own.
    #[must_use]
    pub fn has_conversation(&self) -> bool {
        self.opened.as_ref().is_some_and(|o| o.predecessor.is_none())
    }

    /// Whether something came from outside in a conversation that is worked on here, after this ticket's slot `seen`.
    #[must_use]
    pub fn carried_from_outside_after(&self, seen: u64) -> bool {
        self.carried.values().any(|c| c.outside_slot > seen)
    }

    /// What its front is to know of it.
    #[must_use]
    pub fn carry(&self, id: TicketId, upto: u64, rules: TicketRules) -> Carry {
        let word = |i: &&Item| !matches!(i.kind, ItemKind::Comment | ItemKind::Event);
        let news = self.items.iter().rev().find(word).map(|i| News {
            id: i.id.clone(),
            outside: matches!(i.kind, ItemKind::Customer | ItemKind::Operator | ItemKind::Unknown),
            at: Timestamp(i.at),
            waits: self.own_waiting_since.is_some(),
            snippet: self.snippet.clone(),
            rules,
        });
        Carry { of: id, upto, items: self.items.len(), needs_decision: self.own_needs_decision(), news }
    }

    /// When somebody outside wrote last in its own conversation.
    #[must_use]
    pub fn last_from_outside(&self) -> Option<Timestamp> {
        let outside =
            |i: &&Item| matches!(i.kind, ItemKind::Customer | ItemKind::Operator | ItemKind::Unknown);
        self.items.iter().rev().find(outside).map(|i| Timestamp(i.at))
    }

    /// Since when the customer waits, here or in a conversation that is worked on here.
    #[must_use]
    pub fn waiting_since(&self) -> Option<Timestamp> {
        self.own_waiting_since.into_iter().chain(self.carried.values().filter_map(|c| c.waiting_since)).min()
    }

    /// Whether its front knows this already.
    #[must_use]
    pub fn is_told(&self, carry: &Carry) -> bool {
        self.carried.get(&carry.of).is_some_and(|c| c.upto >= carry.upto && c.items >= carry.items)
    }

    pub(super) fn continue_in<F>(&mut self, entry: &Entry<F>, front: Option<TicketId>) {
        if self.front.is_none_or(|(slot, _, _)| slot < entry.slot) {
            self.front = Some((entry.slot, front, entry.at()));
            self.wants_successor = false;
        }
    }

    pub(super) fn take_carry<F>(&mut self, entry: &Entry<F>, carry: &Carry) {
        let known = self.carried.get(&carry.of);
        if known.is_some_and(|k| k.slot > entry.slot || k.upto > carry.upto) {
            return;
        }
        let last = carry.news.as_ref().map(|n| n.id.clone());
        let is_new = last.is_some() && known.is_none_or(|k| k.last != last);
        let (outside_slot, waiting) = known.map_or((0, None), |k| (k.outside_slot, k.waiting_since));
        let brings = is_new && carry.news.as_ref().is_some_and(|n| n.outside);
        let waiting_since = match &carry.news {
            Some(news) if news.waits && is_new => waiting.or(Some(news.at)),
            // Whoever closed the ticket meanwhile has seen this word.
            Some(news) if news.waits => waiting,
            _ => None,
        };
        self.carried.insert(
            carry.of,
            Carried {
                slot: entry.slot,
                outside_slot: if brings { entry.slot } else { outside_slot },
                upto: carry.upto,
                items: carry.items,
                needs_decision: carry.needs_decision,
                waiting_since,
                last,
            },
        );
        let Some(news) = carry.news.as_ref().filter(|_| is_new) else {
            self.answered_everywhere(entry.slot, waiting.is_some() && waiting_since.is_none());
            return;
        };
        self.last_activity = self.last_activity.max(news.at);
        self.snippet.clone_from(&news.snippet);
        if !news.outside {
            // An answer that is on its way is work in progress, as in the ticket's own conversation.
            if waiting_since.is_some() && self.status.is_open() && entry.slot >= self.status_slot {
                self.status = Status::InProgress;
                self.status_slot = entry.slot;
            }
            self.answered_everywhere(entry.slot, waiting_since.is_none());
            return;
        }
        let next = match self.status.on_message(MessageFrom::Outside, news.at, &news.rules) {
            Effect::Joins(status) if news.waits => status,
            Effect::StartsAnother if news.waits => {
                self.wants_successor = true;
                self.status
            }
            _ => self.status,
        };
        if entry.slot >= self.status_slot {
            self.status = next;
            self.status_slot = entry.slot;
        }
    }

    /// Where nobody waits for an answer any more, the customer's is waited for.
    fn answered_everywhere(&mut self, slot: u64, was_answered: bool) {
        let waits = self.waiting_since().is_some();
        if !waits {
            self.deadline = None;
        }
        if was_answered && !waits && self.status.is_open() && slot >= self.status_slot {
            self.status = Status::WaitingForCustomer;
            self.status_slot = slot;
        }
    }

    /// Nobody has to answer what was said before the ticket was closed.
    pub(super) fn nobody_waits(&mut self) {
        self.own_waiting_since = None;
        self.deadline = None;
        for carried in self.carried.values_mut() {
            carried.waiting_since = None;
        }
    }
}
