//! A ticket together with the conversations that are worked on in it: what automations judge and act on.

use crate::front::MOST;
use crate::names;
use crate::ticket::{Carried, Item, ItemKind, Reply, ReplyState, Ticket};
use futures::future::join_all;
use mostek_domain::{TicketId, Timestamp};
use mostek_ports::{StoreError, World};
use mostek_store::Reading;
use std::cmp::Reverse;

/// A ticket and the conversations of other tickets that are worked on in it.
#[derive(Debug)]
pub struct Whole {
    /// The ticket's id.
    pub id: TicketId,
    /// The ticket.
    pub ticket: Reading<Ticket>,
    /// The others, at most [`MOST`].
    others: Vec<(TicketId, Reading<Ticket>)>,
}

impl Whole {
    /// Reads a ticket, and what is worked on in it: one round trip more if there is anything.
    ///
    /// # Errors
    /// The store's.
    pub async fn read<W: World>(world: &W, id: TicketId) -> Result<Self, StoreError> {
        Self::of(world, id, Ticket::journal(id)?.read(world.kv(), world.clock()).await?).await
    }

    /// The same of a ticket that was read already.
    ///
    /// # Errors
    /// The store's.
    pub async fn of<W: World>(world: &W, id: TicketId, ticket: Reading<Ticket>) -> Result<Self, StoreError> {
        let reads = ticket.state.carried().take(MOST).map(|of| async move {
            Ok::<_, StoreError>((of, Ticket::journal(of)?.read(world.kv(), world.clock()).await?))
        });
        let others: Vec<_> = join_all(reads).await.into_iter().collect::<Result<_, _>>()?;
        let others = others.into_iter().filter(|(_, other)| other.state.front() == Some(id)).collect();
        Ok(Self { id, ticket, others })
    }

    fn conversations(&self) -> impl Iterator<Item = &Ticket> {
        std::iter::once(&self.ticket.state).chain(self.others.iter().map(|(_, other)| &other.state))
    }

    fn items(&self) -> impl Iterator<Item = &Item> {
        let begins = self.ticket.state.begins();
        self.conversations().flat_map(|c| &c.items).filter(move |i| Timestamp(i.at) >= begins)
    }

    /// When people answered from here.
    fn answers(&self) -> impl Iterator<Item = (Timestamp, &Reply)> {
        let begins = self.ticket.state.begins();
        let replies = self.conversations().flat_map(|c| &c.replies).filter(|r| r.automatic.is_none());
        let sent = replies.filter_map(|r| match r.state {
            ReplyState::Sent { at, .. } => Some((at, r)),
            _ => None,
        });
        sent.filter(move |(at, _)| *at >= begins)
    }

    /// When somebody of a kind wrote last.
    #[must_use]
    pub fn last(&self, kind: ItemKind) -> Option<Timestamp> {
        self.items().filter(|i| i.kind == kind).map(|i| Timestamp(i.at)).max()
    }

    /// When a person of ours answered last, from here or in the marketplace's panel.
    #[must_use]
    pub fn last_answer(&self) -> Option<Timestamp> {
        let begins = self.ticket.state.begins();
        self.conversations().filter_map(Ticket::last_answer).filter(|at| *at >= begins).max()
    }

    /// When the first was said that is not history.
    #[must_use]
    pub fn began(&self) -> Option<Timestamp> {
        let ticket = &self.ticket.state;
        let history_before = ticket.opened.as_ref().map(|o| o.history_before.0)?;
        let of = |items: &[Item]| items.iter().filter(|i| i.at >= history_before).map(|i| i.at).min();
        let own = of(&ticket.items);
        own.or_else(|| self.others.iter().filter_map(|(_, o)| of(&o.state.items)).min()).map(Timestamp)
    }

    /// What was said: another word as soon as anybody but a rule has written something.
    #[must_use]
    pub fn key(&self) -> String {
        let said = |kind: ItemKind| kind.is_from_outside() || kind == ItemKind::Shop;
        let said = self.items().filter(|i| said(i.kind)).max_by_key(|i| i.at);
        let answered = self.answers().max_by_key(|(_, r)| (r.at, r.slot)).map(|(_, r)| r.id);
        names::hash(&[
            said.map_or("", |i| i.id.as_str()).as_bytes(),
            answered.map_or([0; 16], |id| id.to_bytes()).as_slice(),
        ])
    }

    /// The conversations that can be answered here, as in [`answerable`].
    #[must_use]
    pub fn answerable(&self) -> Vec<(TicketId, &Ticket)> {
        answerable(self.id, &self.ticket.state, self.others.iter().map(|(of, other)| (*of, &other.state)))
    }

    /// The conversation that an answer goes to: the first of [`answerable`].
    #[must_use]
    pub fn conversation(&self) -> Option<(TicketId, &Reading<Ticket>)> {
        let (first, _) = *self.answerable().first()?;
        if first == self.id {
            return Some((first, &self.ticket));
        }
        self.others.iter().find(|(of, _)| *of == first).map(|(of, other)| (*of, other))
    }

    /// One of the conversations, to keep.
    #[must_use]
    pub fn into_conversation(self, id: TicketId) -> Option<(TicketId, Reading<Ticket>)> {
        if id == self.id {
            return Some((id, self.ticket));
        }
        self.others.into_iter().find(|(of, _)| *of == id)
    }
}

/// The conversations that can be answered in a ticket, each with its ticket: its own, and those of `others` that are worked on
/// there. The one that an answer goes to unless somebody chooses is the first: where somebody waits for an answer, and of
/// those where somebody outside wrote last.
#[must_use]
pub fn answerable<'t>(
    id: TicketId,
    ticket: &'t Ticket,
    others: impl Iterator<Item = (TicketId, &'t Ticket)>,
) -> Vec<(TicketId, &'t Ticket)> {
    let mut all: Vec<_> =
        std::iter::once((id, ticket)).chain(others).filter(|(_, t)| t.has_conversation()).collect();
    let waits = |of: TicketId| {
        if of == id { ticket.waits_itself() } else { ticket.carried_of(of).is_some_and(Carried::waits) }
    };
    // Of two at the same moment the first.
    all.sort_by_key(|(of, t)| Reverse((waits(*of), t.last_from_outside())));
    all
}
