//! Where a conversation is worked on: tickets that are merged, and tickets that follow one that was closed for too long (H13).
//!
//! A conversation of the marketplace keeps its journal, [`Ticket`], for ever, with its messages and its replies; so whatever
//! polls, sends, or looks for a lost reply knows one place. Its journal alone says which ticket is its front. The front is
//! told of what happens in it: a fact with the slot the conversation was read up to, so that telling twice counts once.
//!
//! The front is told after the conversation was written, by whoever wrote. If they crash in between, the next poll sees the
//! conversation again (its cursor has not moved), finds that its front has not been told, and tells it; and an alarm is set,
//! for a poll that did not know of it yet; the repair job tells whatever is left.

use crate::error::Refusal;
use crate::policy::Policy;
use crate::reply::{Author, of_company, reply_id};
use crate::ticket::{Carry, Fact, Opened, Ticket};
use crate::whole::Whole;
use crate::{customer, list, names, policy, sla, snooze};
use mostek_domain::ticket::{Status, StatusError, TicketRules};
use mostek_domain::{CompanyId, ReplyId, TicketId, TicketNumber, Timestamp};
use mostek_ports::{Clock, Level, Log, Random, StoreError, World};
use mostek_store::{Actor, Commit, Reading};
use std::time::Duration;

/// Conversations worked on in one ticket at most.
pub const MOST: usize = 12;
/// Steps of telling: each finds the next front, or tells it.
const STEPS: u32 = 12;
/// Somebody who wrote without knowing of a merging has finished by then.
pub(crate) const SETTLED_AFTER: Duration = Duration::from_secs(180);

/// Tells the front of a conversation what it does not know yet; opens the ticket that follows if there is none. Nothing to do
/// costs one reading of the conversation, and one of its front.
///
/// # Errors
/// The store's.
pub async fn tell<W: World>(world: &W, company: CompanyId, id: TicketId) -> Result<(), StoreError> {
    let mut rules = None;
    for _ in 0..STEPS {
        let conversation = read(world, id).await?;
        let Some(front) = conversation.state.front() else {
            if conversation.state.wants_successor() {
                follow(world, company, id, &conversation).await?;
                continue;
            }
            return Ok(());
        };
        let reading = read(world, front).await?;
        if let Some(next) = reading.state.front() {
            if next == id {
                open_ring(world, company, (id, &conversation), (front, &reading)).await?;
                continue;
            }
            let told = Some(conversation.state.told_upto(id, &reading.state));
            let fact = Fact::Continues { ticket: Some(next), since: reading.state.followed(), told };
            // It may have been there before, and taken out again.
            let key = format!("continues-{next}-{}", conversation.state.front_slot());
            write(world, company, id, &conversation, vec![(key, fact)]).await?;
            continue;
        }
        if reading.state.wants_successor() {
            follow(world, company, front, &reading).await?;
            continue;
        }
        let rules = match rules {
            Some(rules) => rules,
            None => *rules.insert(self::rules(world, company).await?),
        };
        let carry = conversation.state.carry(id, conversation.upto(), rules);
        if reading.state.is_told(&carry) {
            return Ok(());
        }
        let policy = policy::read(world, company).await?.state;
        let facts = with_deadline(&policy, &reading, vec![told(carry)], world.clock().now());
        write(world, company, front, &reading, facts).await?;
    }
    Ok(())
}

/// Two people merged two tickets into each other at the same moment. The one with the greater id is not merged then:
/// whoever finds the ring writes the same facts.
async fn open_ring<W: World>(
    world: &W,
    company: CompanyId,
    one: (TicketId, &Reading<Ticket>),
    other: (TicketId, &Reading<Ticket>),
) -> Result<(), StoreError> {
    let ((id, reading), (front, there)) = if one.0 > other.0 { (one, other) } else { (other, one) };
    let now = world.clock().now();
    let key = format!("ring-{}", reading.state.front_slot());
    let mut commit = Commit::by(Actor::System("front".into()));
    let facts = vec![
        (format!("{key}-continues"), Fact::Continues { ticket: None, since: None, told: None }),
        (format!("{key}-parted"), Fact::Status { status: Status::New }),
    ];
    let row = list::record(&mut commit, company, id, reading, facts, now)?;
    let released = vec![(format!("{key}-released"), Fact::Released { of: id })];
    let there_row = list::record(&mut commit, company, front, there, released, now)?;
    let done = commit.run(world).await?;
    list::settle_own_row(world, company, front, there, 1, done.slot(there_row, 0)).await;
    list::settle_own_row(world, company, id, reading, 2, done.slot(row, 0)).await;
    Ok(())
}

fn told(carry: Carry) -> (String, Fact) {
    (format!("{}-{}-{}", carry.of, carry.upto, carry.items), Fact::Carried(Box::new(carry)))
}

/// [`tell`] after something was written: the next poll or the repair job tells it if this does not work.
pub(crate) async fn tell_or_log<W: World>(world: &W, company: CompanyId, id: TicketId) {
    if let Err(e) = tell(world, company, id).await {
        let line = format!("the ticket in which {id} is worked on was not told: {e}");
        world.log().write(Level::Warning, &line);
    }
}

/// The company's rules for opening tickets again.
///
/// # Errors
/// The store's.
pub async fn rules<W: World>(world: &W, company: CompanyId) -> Result<TicketRules, StoreError> {
    let settings = mostek_people::directory::settings(world, company).await?;
    Ok(TicketRules { reopen_days: settings.reopen_days })
}

async fn read<W: World>(world: &W, id: TicketId) -> Result<Reading<Ticket>, StoreError> {
    Ticket::journal(id)?.read(world.kv(), world.clock()).await
}

async fn write<W: World>(
    world: &W,
    company: CompanyId,
    id: TicketId,
    reading: &Reading<Ticket>,
    facts: Vec<(String, Fact)>,
) -> Result<(), StoreError> {
    let count = facts.len() as u64;
    let mut commit = Commit::by(Actor::System("front".into()));
    let row = list::record(&mut commit, company, id, reading, facts, world.clock().now())?;
    let done = commit.run(world).await?;
    list::settle_own_row(world, company, id, reading, count, done.slot(row, 0)).await;
    Ok(())
}

/// What a ticket is told, with until when the customer who waits is to be answered there.
fn with_deadline(
    policy: &Policy,
    ticket: &Reading<Ticket>,
    mut facts: Vec<(String, Fact)>,
    now: Timestamp,
) -> Vec<(String, Fact)> {
    let id = facts.last().map_or_else(String::new, |(id, _)| format!("{id}-due"));
    let after = list::after(&ticket.state, ticket.upto(), &facts, now);
    facts.extend(sla::fact(&ticket.state, &after, policy, true).map(|deadline| (id, deadline)));
    facts
}

/// Opens the ticket that follows one. Its id is computed: whoever does it at the same moment opens the same one, and a number
/// is wasted.
async fn follow<W: World>(
    world: &W,
    company: CompanyId,
    id: TicketId,
    reading: &Reading<Ticket>,
) -> Result<(), StoreError> {
    let Some(opened) = &reading.state.opened else { return Ok(()) };
    let next = id.successor();
    let now = world.clock().now();
    let successor = read(world, next).await?;
    let mut commit = Commit::by(Actor::System("front".into()));
    let mut opening = None;
    let since = match &successor.state.opened {
        Some(opened) => opened.history_before,
        None => reading.state.waiting_since().unwrap_or(now),
    };
    if successor.state.opened.is_none() {
        let number = TicketNumber(names::numbers(company)?.take_many(world.kv(), 1).await?);
        commit.also(names::numbered(company, number)?.pair(&next)?);
        let mut customer = opened.customer.clone();
        customer.record = reading.state.record();
        let fact = Fact::Opened(Box::new(Opened {
            number,
            queue: reading.state.queue().unwrap_or(opened.queue),
            category: reading.state.category(),
            customer,
            // What was said before is shown as history.
            history_before: since,
            predecessor: Some(id),
            ..opened.clone()
        }));
        let facts = vec![("opened".to_owned(), fact)];
        if let Some(record) = reading.state.record()
            && let Some(link) = customer::tickets::link(next, &list::after(&successor.state, 0, &facts, now))
        {
            let link = customer::TicketLink { at: reading.state.waiting_since().unwrap_or(now), ..link };
            customer::tickets::note(&mut commit, record, vec![link])?;
        }
        opening = Some(list::record(&mut commit, company, next, &successor, facts, now)?);
    }
    let fact = Fact::Continues { ticket: Some(next), since: Some(since), told: None };
    let fact = (format!("continues-{next}"), fact);
    let row = list::record(&mut commit, company, id, reading, vec![fact], now)?;
    let done = commit.run(world).await?;
    if let Some(opening) = opening {
        list::settle_own_row(world, company, next, &successor, 1, done.slot(opening, 0)).await;
    }
    list::settle_own_row(world, company, id, reading, 1, done.slot(row, 0)).await;
    Ok(())
}

/// The conversation that an answer in a ticket goes to unless somebody chooses: the first of [`answerable`]. But sent again, the
/// one that has the answer with this key already: somebody may have written elsewhere in between.
///
/// [`answerable`]: crate::whole::answerable
///
/// # Errors
/// [`Refusal::NotFound`]; the store's.
pub async fn conversation_of<W: World>(
    world: &W,
    company: CompanyId,
    id: TicketId,
    key: &str,
) -> Result<(TicketId, Reading<Ticket>), Refusal> {
    let reading = of_company(world, company, id).await?;
    let whole = Whole::of(world, id, reading).await?;
    let all = whole.answerable();
    let has_it =
        |(of, conversation): &&(TicketId, &Ticket)| conversation.reply(reply_id(id, *of, key)).is_some();
    let found = all.iter().find(has_it).or(all.first()).map(|(of, _)| *of);
    found.and_then(|of| whole.into_conversation(of)).ok_or(Refusal::NotFound("conversation"))
}

/// A conversation that somebody chose to answer in a ticket: its own, or one that is worked on there.
///
/// # Errors
/// [`Refusal::NotFound`] if it cannot be answered there; the store's.
pub async fn chosen<W: World>(
    world: &W,
    company: CompanyId,
    id: TicketId,
    conversation: TicketId,
) -> Result<(TicketId, Reading<Ticket>), Refusal> {
    let reading = of_company(world, company, conversation).await?;
    let is_here = conversation == id || reading.state.front() == Some(id);
    if is_here && reading.state.has_conversation() {
        return Ok((conversation, reading));
    }
    Err(Refusal::NotFound("conversation"))
}

/// The ticket whose journal holds a reply that is shown in this one.
///
/// # Errors
/// [`Refusal::NotFound`] if the company has no such ticket; the store's.
pub async fn holder<W: World>(
    world: &W,
    company: CompanyId,
    id: TicketId,
    reply: ReplyId,
) -> Result<TicketId, Refusal> {
    let reading = of_company(world, company, id).await?;
    if reading.state.reply(reply).is_none() {
        for of in reading.state.carried().take(MOST) {
            if of_company(world, company, of).await?.state.reply(reply).is_some() {
                return Ok(of);
            }
        }
    }
    Ok(id)
}

/// Merges a ticket into another: its conversation is worked on there from now on. Can be undone with [`part`].
///
/// # Errors
/// [`Refusal::Status`] if either is merged or followed already, or both are the same; [`Refusal::TooMany`] if [`MOST`]
/// conversations are worked on in the other; [`Refusal::NotFound`]; the store's.
pub async fn merge<W: World>(
    world: &W,
    company: CompanyId,
    id: TicketId,
    into: TicketId,
    author: &Author,
) -> Result<(), Refusal> {
    if id == into {
        return Err(StatusError::Itself.into());
    }
    let reading = of_company(world, company, id).await?;
    let front = of_company(world, company, into).await?;
    if reading.state.front().is_some() || front.state.front().is_some() {
        return Err(StatusError::IsMerged.into());
    }
    if front.state.carried().count() + reading.state.carried().count() >= MOST {
        return Err(Refusal::TooMany { limit: MOST });
    }
    let now = world.clock().now();
    let key = format!("{:016x}", world.random().u64());
    let mut commit = Commit::by(author.actor());
    let facts = vec![
        (format!("{key}-merged"), Fact::Status { status: Status::Merged { into } }),
        (format!("{key}-continues"), Fact::Continues { ticket: Some(into), since: None, told: None }),
    ];
    let row = list::record(&mut commit, company, id, &reading, facts, now)?;
    let carry = reading.state.carry(id, reading.upto(), rules(world, company).await?);
    let policy = policy::read(world, company).await?.state;
    let told = with_deadline(&policy, &front, vec![told(carry)], now);
    let count = told.len() as u64;
    let there = list::record(&mut commit, company, into, &front, told, now)?;
    // What was worked on here goes along.
    let along: Vec<TicketId> = std::iter::once(id).chain(reading.state.carried()).collect();
    let alarms = along.iter().map(|of| (format!("{key}-{of}"), *of)).collect();
    snooze::set_all(&mut commit, alarms, company, now.plus(SETTLED_AFTER))?;
    let done = commit.run(world).await?;
    list::settle_own_row(world, company, into, &front, count, done.slot(there, 0)).await;
    list::settle_own_row(world, company, id, &reading, 2, done.slot(row, 0)).await;
    // Somebody may have written in the same moment.
    for of in along {
        tell_or_log(world, company, of).await;
    }
    Ok(())
}

/// Undoes a merging: the ticket is New again, and its conversation is worked on in it, with those that it brought along.
///
/// # Errors
/// [`Refusal::Changed`] if it is not merged; [`Refusal::NotFound`]; the store's.
pub async fn part<W: World>(
    world: &W,
    company: CompanyId,
    id: TicketId,
    author: &Author,
) -> Result<(), Refusal> {
    let reading = of_company(world, company, id).await?;
    let (Status::Merged { .. }, Some(from)) = (reading.state.status, reading.state.front()) else {
        return Err(Refusal::Changed);
    };
    let front = of_company(world, company, from).await?;
    let (mut along, mut gone) = (Vec::new(), Vec::new());
    for of in reading.state.carried().take(MOST) {
        let other = read(world, of).await?;
        match other.state.front() {
            Some(there) if there == from => along.push((of, other)),
            // Taken out of it in the meantime.
            there if there != Some(id) => gone.push(of),
            _ => {}
        }
    }
    let now = world.clock().now();
    let key = format!("{:016x}", world.random().u64());
    let release = |of: TicketId| (format!("{key}-released-{of}"), Fact::Released { of });
    let mut commit = Commit::by(author.actor());
    let mut facts = vec![
        (format!("{key}-continues"), Fact::Continues { ticket: None, since: None, told: None }),
        (format!("{key}-parted"), Fact::Status { status: Status::New }),
    ];
    facts.extend(gone.into_iter().map(release));
    let policy = policy::read(world, company).await?.state;
    let facts = with_deadline(&policy, &reading, facts, now);
    let count = facts.len() as u64;
    let row = list::record(&mut commit, company, id, &reading, facts, now)?;
    let released = std::iter::once(id).chain(along.iter().map(|(of, _)| *of)).map(release).collect();
    let released = with_deadline(&policy, &front, released, now);
    let released_count = released.len() as u64;
    let there = list::record(&mut commit, company, from, &front, released, now)?;
    let mut back = Vec::new();
    for (of, other) in &along {
        let told = Some(other.state.told_upto(*of, &front.state));
        let fact = (format!("{key}-continues"), Fact::Continues { ticket: Some(id), since: None, told });
        back.push((*of, other, list::record(&mut commit, company, *of, other, vec![fact], now)?));
    }
    if !along.is_empty() {
        let alarms = along.iter().map(|(of, _)| (format!("{key}-{of}"), *of)).collect();
        snooze::set_all(&mut commit, alarms, company, now.plus(SETTLED_AFTER))?;
    }
    let done = commit.run(world).await?;
    list::settle_own_row(world, company, from, &front, released_count, done.slot(there, 0)).await;
    list::settle_row(world, company, id, &reading, count, done.slot(row, 0)).await;
    for (of, other, row) in back {
        list::settle_row(world, company, of, other, 1, done.slot(row, 0)).await;
    }
    Ok(())
}
