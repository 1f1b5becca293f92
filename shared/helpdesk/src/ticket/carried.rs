//! What a ticket knows of other tickets' conversations that are worked on in it, and where its own is worked on.
//!
//! A conversation of the marketplace has one journal for ever: its messages, its replies and what was sent are there. When
//! its ticket was merged into another, or had been closed for too long when a message came, people work on it in that other
//! ticket, its *front*. The front holds no messages of it, only how far it has been told: [`Carried`].

use super::{Item, ItemKind, Reply, ReplyState, Ticket};
use mostek_domain::ticket::{Effect, MessageFrom, Status, TicketRules};
use mostek_domain::{ReplyId, TicketId, Timestamp};
use mostek_store::Entry;
use serde::{Deserialize, Serialize};

/// Replies of one conversation that are carried at most, the last to be sent.
const REPLIES: usize = 20;

/// What was said last in a conversation. Our replies carry our own clock and may stand before or behind what the customer
/// wrote in the same minute, so the last word from outside is told beside the last of all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct News {
    /// A short hash of the last message's or reply's id.
    pub id: String,
    /// When that was.
    pub at: Timestamp,
    /// The last message from outside: a short hash of its id, and when.
    pub outside: Option<(String, Timestamp)>,
    /// Since when the customer waits.
    pub waiting_since: Option<Timestamp>,
    /// The beginning of the text, for the list.
    pub snippet: String,
    /// A rule wrote it: that moves nothing on.
    #[serde(default)]
    pub by_rule: bool,
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
    /// One of its replies is uncertain.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub uncertain: bool,
    /// Its last word.
    pub news: Option<News>,
    /// Replies that have reached the marketplace since it is worked on there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sent: Vec<ReplyId>,
    /// When a person of ours answered last in it. Older facts have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered: Option<Timestamp>,
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
    /// One of its replies is uncertain.
    #[serde(default)]
    pub uncertain: bool,
    /// Since when the customer waits there.
    pub(super) waiting_since: Option<Timestamp>,
    /// Its last word.
    last: Option<String>,
    /// The last word from outside, and when.
    outside: Option<(String, Timestamp)>,
    /// When the last word was said, and how it begins.
    said: (Timestamp, String),
    /// Replies that have reached the marketplace, each with the slot of the front's journal that said so. Older snapshots have
    /// none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    sent: Vec<(ReplyId, u64)>,
    /// When a person of ours answered last in it.
    #[serde(default)]
    answered: Option<Timestamp>,
}

impl Carried {
    /// Whether the customer waits for an answer there.
    #[must_use]
    pub fn waits(&self) -> bool {
        self.waiting_since.is_some()
    }
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

    /// Replies in those conversations that have reached the marketplace lately: each with its conversation's ticket and the
    /// slot of this journal that said so first.
    pub(crate) fn carried_replies(&self) -> impl Iterator<Item = (TicketId, ReplyId, u64)> + '_ {
        self.carried.iter().flat_map(|(of, c)| c.sent.iter().map(|(reply, slot)| (*of, *reply, *slot)))
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
            at: Timestamp(i.at),
            outside: self.last_outside().map(|o| (o.id.clone(), Timestamp(o.at))),
            waiting_since: self.own_waiting_since,
            snippet: self.own_snippet.clone(),
            by_rule: i.kind == ItemKind::Reply
                && self.replies.iter().any(|r| r.slot == i.slot && r.automatic.is_some()),
            rules,
        });
        Carry {
            of: id,
            upto,
            items: self.items.len(),
            needs_decision: self.own_needs_decision(),
            uncertain: self.own_is_uncertain(),
            news,
            sent: self.sent_elsewhere(),
            answered: self.last_answer(),
        }
    }

    /// Whether a person of ours has ever answered in this ticket, from here or in the marketplace's panel: in its own
    /// conversation, or in one that is worked on here. What was answered before it began was so in the ticket that it follows.
    #[must_use]
    pub fn is_answered(&self) -> bool {
        let begins = self.begins();
        let others = self.carried.values().filter_map(|c| c.answered);
        self.last_answer().into_iter().chain(others).any(|at| at >= begins)
    }

    /// What was said before this moment belongs to the ticket that this one follows.
    pub(crate) fn begins(&self) -> Timestamp {
        let opened = self.opened.as_ref().filter(|o| o.predecessor.is_some());
        opened.map_or(Timestamp(i64::MIN), |o| o.history_before)
    }

    /// When a person of ours answered last in its own conversation.
    pub(crate) fn last_answer(&self) -> Option<Timestamp> {
        let panel = self.items.iter().filter(|i| i.kind == ItemKind::Shop).map(|i| Timestamp(i.at));
        let replies = self.replies.iter().filter(|r| r.automatic.is_none()).filter_map(|r| match r.state {
            ReplyState::Sent { at, .. } => Some(at),
            _ => None,
        });
        panel.chain(replies).max()
    }

    /// The slot up to which its own rows in the list, or fronts before the present one, tell of it.
    fn told_before(&self) -> u64 {
        self.told_before.unwrap_or(self.front_slot())
    }

    /// The slot up to which this front, or whoever told before it, tells of it.
    pub(crate) fn told_upto(&self, id: TicketId, front: &Self) -> u64 {
        front.carried_of(id).map_or(0, |c| c.upto).max(self.told_before())
    }

    /// Its replies that have reached the marketplace and are told by its front alone.
    fn sent_elsewhere(&self) -> Vec<ReplyId> {
        if self.front().is_none() {
            return Vec::new();
        }
        let after = self.told_before();
        let is_sent = |r: &&Reply| matches!(r.state, ReplyState::Sent { .. }) && r.state_slot > after;
        let mut sent: Vec<(u64, ReplyId)> =
            self.replies.iter().filter(is_sent).map(|r| (r.state_slot, r.id)).collect();
        sent.sort_unstable();
        sent.into_iter().rev().take(REPLIES).rev().map(|(_, id)| id).collect()
    }

    /// Since when what is said belongs to the ticket that follows this one, if one does.
    pub(crate) fn followed(&self) -> Option<Timestamp> {
        self.followed
    }

    /// When somebody outside wrote last in its own conversation.
    #[must_use]
    pub fn last_from_outside(&self) -> Option<Timestamp> {
        self.last_outside().map(|i| Timestamp(i.at))
    }

    fn last_outside(&self) -> Option<&Item> {
        self.items.iter().rev().find(|i| i.kind.is_from_outside())
    }

    /// Whether somebody outside wrote in a slot after `seen` and before `slot`, here or in a conversation worked on here.
    pub(super) fn wrote_between(&self, seen: u64, slot: u64) -> bool {
        let between = |at: u64| at > seen && at < slot;
        self.items.iter().any(|i| i.kind.is_from_outside() && between(i.slot))
            || self.carried.values().any(|c| between(c.outside_slot))
    }

    /// The beginning of what was said last, here or in a conversation that is worked on here.
    #[must_use]
    pub fn snippet(&self) -> &str {
        let word = |i: &&Item| !matches!(i.kind, ItemKind::Comment | ItemKind::Event);
        let own = self.items.iter().rev().find(word).map(|i| Timestamp(i.at));
        let others = self.carried.values().map(|c| &c.said).filter(|(at, _)| own.is_none_or(|own| *at > own));
        others.max_by_key(|(at, _)| *at).map_or(self.own_snippet.as_str(), |(_, snippet)| snippet)
    }

    /// Whether the customer waits for an answer in its own conversation.
    #[must_use]
    pub fn waits_itself(&self) -> bool {
        self.own_waiting_since.is_some()
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

    /// The slot that said last where its conversation is worked on.
    pub(crate) fn front_slot(&self) -> u64 {
        self.front.map_or(0, |(slot, _, _)| slot)
    }

    pub(super) fn continue_in<F>(
        &mut self,
        entry: &Entry<F>,
        front: Option<TicketId>,
        since: Option<Timestamp>,
        told: Option<u64>,
    ) {
        if self.front.is_none_or(|(slot, _, _)| slot < entry.slot) {
            // Later it is the tickets that follow which are followed.
            if self.front().is_none() {
                self.followed = since;
            }
            self.front = Some((entry.slot, front, entry.at()));
            self.told_before = told;
            self.wants_successor = false;
        }
    }

    pub(super) fn take_carry<F>(&mut self, entry: &Entry<F>, carry: &Carry) {
        let known = self.carried.get(&carry.of);
        if known.is_some_and(|k| k.slot > entry.slot || k.upto > carry.upto) {
            return;
        }
        let news = carry.news.as_ref();
        let outside = news.and_then(|n| n.outside.clone());
        let waits = news.and_then(|n| n.waiting_since);
        let waited = known.and_then(|k| k.waiting_since);
        // When a conversation is merged, what was answered in it before brings nothing.
        let brings = outside.is_some() && known.map_or(waits.is_some(), |k| k.outside != outside);
        let is_new = news.is_some_and(|n| known.is_none_or(|k| k.last.as_deref() != Some(n.id.as_str())));
        let is_ours = news.is_some_and(|n| n.outside.as_ref().is_none_or(|(id, _)| *id != n.id));
        let waiting_since = match (waits, waited) {
            (None, _) => None,
            (Some(since), Some(waited)) => Some(since.max(waited)),
            (Some(since), None) if known.is_none() => Some(since),
            // Whoever closed the ticket meanwhile has seen what was said before; what came later is waited for.
            (Some(since), None) if brings => {
                let seen = known.and_then(|k| k.outside.as_ref()).map(|(_, at)| *at);
                let came = outside.as_ref().map_or(since, |(_, at)| *at);
                Some(if seen.is_some_and(|seen| since > seen) { since } else { came })
            }
            (Some(_), None) => None,
        };
        let outside_slot = if brings { entry.slot } else { known.map_or(0, |k| k.outside_slot) };
        let came = outside.as_ref().map(|(_, at)| *at);
        let mut sent = known.map(|k| k.sent.clone()).unwrap_or_default();
        for reply in &carry.sent {
            if !sent.iter().any(|(known, _)| known == reply) {
                sent.push((*reply, entry.slot));
            }
        }
        sent.drain(..sent.len().saturating_sub(REPLIES));
        self.carried.insert(
            carry.of,
            Carried {
                slot: entry.slot,
                outside_slot,
                upto: carry.upto,
                items: carry.items,
                needs_decision: carry.needs_decision,
                uncertain: carry.uncertain,
                waiting_since,
                last: news.map(|n| n.id.clone()),
                outside,
                said: news.map(|n| (n.at, n.snippet.clone())).unwrap_or_default(),
                sent,
                answered: carry.answered,
            },
        );
        if let Some(news) = news.filter(|_| is_new || brings) {
            self.last_activity = self.last_activity.max(news.at);
        }
        if let (true, Some(news), Some(at), Some(_)) = (brings, news, came, waiting_since) {
            let next = match self.status.on_message(MessageFrom::Outside, at, &news.rules) {
                Effect::Joins(status) => status,
                Effect::StartsAnother => {
                    self.wants_successor = true;
                    self.status
                }
                Effect::GoesTo(_) => self.status,
            };
            if entry.slot >= self.status_slot {
                self.becomes(next, entry.slot);
            }
            return;
        }
        // An answer that is on its way is work in progress, as in the ticket's own conversation.
        let is_answer = is_new && is_ours && !news.is_some_and(|n| n.by_rule);
        if is_answer && waiting_since.is_some() && self.status.is_open() && entry.slot >= self.status_slot {
            self.becomes(Status::InProgress, entry.slot);
        }
        let is_answered = waiting_since.is_none() && (waited.is_some() || brings || is_answer);
        self.answered_everywhere(entry.slot, is_answered);
    }

    /// Where nobody waits for an answer any more, the customer's is waited for.
    fn answered_everywhere(&mut self, slot: u64, was_answered: bool) {
        let waits = self.waiting_since().is_some();
        if !waits {
            self.deadline = None;
        }
        if was_answered && !waits && self.status.is_open() && slot >= self.status_slot {
            self.becomes(Status::WaitingForCustomer, slot);
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
