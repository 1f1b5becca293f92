//! Automatic replies (H17): what a rule answers without anybody.
//!
//! A message that may get one leaves a note in a journal, in the commit that takes it in, and only where a rule is on. The
//! tick reads the notes, and [`decide`]s with the whole ticket in view. The reply is then an ordinary one: in the ticket and
//! the outbox, to be taken back by a person, sent under a claim, looked for when its outcome is unknown. Just before it is
//! sent it is looked at once more ([`stopped`]), and given up under the same claim if somebody has answered.
//!
//! The customer gets one in [`QUIET`] at most, whatever runs at once or crashes: a reply's id is computed from the ticket and
//! the automatic reply before it. So all who decide on the same knowledge write the same reply, and whoever knows of a newer
//! one waits.

use crate::connection;
use crate::error::Refusal;
use crate::filled::Unsaid;
use crate::outbox::{self, Outbox, Pending};
use crate::policy::{self, Occasion, Policy, Rule};
use crate::snooze::{Alarm, Alarms, Fact as AlarmFact};
use crate::ticket::{Automatic, Fact, Item, ItemKind, Opened, Reply, ReplyState, Ticket};
use crate::webhooks::answer;
use crate::{filled, intake, list, names};
use mostek_domain::marketplace::{ReplyTo, Side};
use mostek_domain::ticket::StatusKind;
use mostek_domain::{CompanyId, ConnectionId, ReplyBody, ReplyId, TicketId, Timestamp};
use mostek_ports::{Clock, Level, Log, Random, StoreError, World};
use mostek_store::{Actor, Commit, Journal, Reading};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::time::Duration;

/// Messages older than this are not answered any more.
pub const OLDEST: Duration = Duration::from_secs(72 * 3600);
/// A conversation gets no second automatic reply within this time.
pub const QUIET: Duration = Duration::from_secs(12 * 3600);
/// Tickets looked at by one tick at most; the rest is the next one's.
const MOST: usize = 200;

/// Why nothing is written, or what was written is not sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Silence {
    /// There is no message of a customer.
    NoMessage,
    /// No rule that is on fits.
    NoRule,
    /// The ticket is closed or merged.
    Closed,
    /// The last who wrote was the marketplace's operator, or somebody unknown.
    Operator,
    /// The message says what we have said: an echo.
    Echo,
    /// The message is too old.
    Old,
    /// The message is from before the rule was switched on.
    BeforeRule,
    /// A person has answered, from here or in the marketplace's panel.
    Answered,
    /// This message has had its automatic reply.
    Done,
    /// Another automatic reply was written not long ago.
    Recent,
}

fn journal() -> Result<Journal<Alarms>, StoreError> {
    Ok(Journal::at(names::automatic()?))
}

/// Whether messages that are taken in may get an automatic reply, so that the tick has to look.
pub(crate) fn may_answer(
    policy: &Policy,
    connection: ConnectionId,
    after: &Ticket,
    facts: &[(String, Fact)],
    now: Timestamp,
) -> bool {
    let fresh = |(_, fact): &(String, Fact)| match fact {
        Fact::Messages { messages, .. } => {
            messages.iter().any(|m| m.author == Side::Customer && now.since(m.at) <= OLDEST)
        }
        _ => false,
    };
    // Worked on elsewhere it may be in any queue; the timer finds out.
    let may = after.queue().is_some_and(|queue| policy.answers(connection, queue))
        || (after.front().is_some() && policy.answers_anywhere(connection));
    may && facts.iter().any(fresh)
}

/// Leaves notes about tickets, each with the id of what was taken in, in the commit that takes it in.
pub(crate) fn remember(
    commit: &mut Commit<'_>,
    company: CompanyId,
    tickets: Vec<(String, TicketId)>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let fact =
        |(id, ticket)| (id, AlarmFact::Until { ticket, alarm: Alarm { company, until: now, slot: 0 } });
    let facts: Vec<_> = tickets.into_iter().map(fact).collect();
    if !facts.is_empty() {
        commit.append::<Alarms>(&journal()?, None, facts);
    }
    Ok(())
}

/// Whether a person has answered a message: written later, or in another place at the same time.
fn is_answered(ticket: &Ticket, message_at: Timestamp, message_slot: u64) -> bool {
    ticket.items.iter().any(|i| i.kind == ItemKind::Shop && i.at >= message_at.0)
        || ticket.replies.iter().any(|r| {
            r.automatic.is_none()
                && r.state != ReplyState::Dropped
                && (r.slot > message_slot || r.at >= message_at)
        })
}

/// Which rule answers which message of a ticket's conversation. `desk` is the ticket in which that is worked on: itself, or
/// the one it was merged into or is followed by.
///
/// # Errors
/// [`Silence`] if none does.
pub fn decide<'p>(
    ticket: &Ticket,
    desk: &Ticket,
    policy: &'p Policy,
    now: Timestamp,
) -> Result<(&'p Rule, Item), Silence> {
    let opened = ticket.opened.as_ref().ok_or(Silence::NoMessage)?;
    let queue = desk.queue().unwrap_or(opened.queue);
    if !desk.status.is_open() {
        return Err(Silence::Closed);
    }
    let last = ticket.items.iter().rev().find(|i| i.kind.is_from_outside()).ok_or(Silence::NoMessage)?;
    if last.kind != ItemKind::Customer {
        return Err(Silence::Operator);
    }
    let first = ticket.items.iter().find(|i| i.kind == ItemKind::Customer).unwrap_or(last);
    // Out of hours says more, so it goes before a greeting.
    let outside = policy
        .rule(opened.connection, queue, Occasion::Outside)
        .filter(|_| !policy.hours(queue).is_open(Timestamp(last.at)))
        .map(|rule| (rule, last));
    let greeting = policy
        .rule(opened.connection, queue, Occasion::First)
        .filter(|_| ticket.replies.iter().all(|r| r.automatic.is_none()))
        .map(|rule| (rule, first));
    let mut why = Silence::NoRule;
    for (rule, item) in [outside, greeting].into_iter().flatten() {
        match check(ticket, rule, item, opened.history_before, now) {
            Ok(()) => return Ok((rule, item.clone())),
            Err(silence) => why = silence,
        }
    }
    Err(why)
}

fn check(
    ticket: &Ticket,
    rule: &Rule,
    item: &Item,
    history_before: Timestamp,
    now: Timestamp,
) -> Result<(), Silence> {
    let at = Timestamp(item.at);
    if rule.since.is_none_or(|since| at < since) || at < history_before {
        return Err(Silence::BeforeRule);
    }
    if now.since(at) > OLDEST {
        return Err(Silence::Old);
    }
    if is_answered(ticket, at, item.slot) {
        return Err(Silence::Answered);
    }
    if ticket.replies.iter().filter_map(|r| r.automatic.as_ref()).any(|a| a.message == item.id) {
        return Err(Silence::Done);
    }
    if is_recent(ticket, now) {
        return Err(Silence::Recent);
    }
    Ok(())
}

/// Whether the customer has had an automatic reply within [`QUIET`], or one is on its way.
pub(crate) fn is_recent(ticket: &Ticket, now: Timestamp) -> bool {
    ticket.replies.iter().any(|r| r.automatic.is_some() && keeps_quiet(r, now))
}

/// Whether an automatic reply keeps others from being written: it is on its way, or has or may have reached the customer
/// within [`QUIET`].
fn keeps_quiet(reply: &Reply, now: Timestamp) -> bool {
    let at = match reply.state {
        ReplyState::Waiting | ReplyState::Retrying { .. } | ReplyState::Checking { .. } => return true,
        ReplyState::Dropped => return false,
        ReplyState::Sent { at, .. } => at,
        ReplyState::Uncertain { .. } => reply.perhaps_sent.unwrap_or(reply.at),
        // Refused now, so most likely refused again.
        ReplyState::Failed { .. } => reply.at,
    };
    now.since(at) < QUIET
}

/// The ticket in which a conversation is worked on, if that is another one.
async fn front<W: World>(world: &W, ticket: &Ticket) -> Result<Option<Ticket>, StoreError> {
    let Some(front) = ticket.front() else { return Ok(None) };
    Ok(Some(Ticket::journal(front)?.read(world.kv(), world.clock()).await?.state))
}

/// Why an automatic reply that waits is not to be sent any more; `None` for a person's, and as long as nothing speaks against
/// it.
///
/// # Errors
/// The store's.
pub(crate) async fn stopped<W: World>(
    world: &W,
    ticket: &Ticket,
    reply: &Reply,
) -> Result<Option<Silence>, StoreError> {
    let (Some(automatic), Some(opened)) = (&reply.automatic, &ticket.opened) else { return Ok(None) };
    let front = front(world, ticket).await?;
    let desk = front.as_ref().unwrap_or(ticket);
    let now = world.clock().now();
    let may_be_closed = automatic.closes && desk.status.kind() == StatusKind::Closed;
    if !desk.status.is_open() && !may_be_closed {
        return Ok(Some(Silence::Closed));
    }
    if now.since(automatic.message_at) > OLDEST {
        return Ok(Some(Silence::Old));
    }
    // Two timers may have written one each, of different occasions: the one that was written first is sent.
    let other = |r: &&Reply| r.automatic.is_some() && r.id != reply.id;
    let goes_first = |r: &Reply| keeps_quiet(r, now) && (r.state.is_settled() || r.slot < reply.slot);
    if ticket.replies.iter().filter(other).any(goes_first) {
        return Ok(Some(Silence::Recent));
    }
    let answered = ticket.items.iter().find(|i| !automatic.message.is_empty() && i.id == automatic.message);
    let message = answered.map_or(reply.slot, |i| i.slot);
    if is_answered(ticket, automatic.message_at, message) {
        return Ok(Some(Silence::Answered));
    }
    if automatic.occasion == Occasion::Automation {
        return Ok(None);
    }
    let policy = policy::read(world, opened.company).await?.state;
    let queue = desk.queue().unwrap_or(opened.queue);
    let on = policy.rule(opened.connection, queue, automatic.occasion).is_some();
    Ok((!on).then_some(Silence::NoRule))
}

/// Whether a reply does not hold up those that were written after it: an automatic one that has surely not left.
pub(crate) fn gives_way(reply: &Reply) -> bool {
    reply.automatic.is_some()
        && reply.perhaps_sent.is_none()
        && matches!(reply.state, ReplyState::Waiting | ReplyState::Retrying { .. })
}

/// Looks at the tickets that were noted, until none is left or `until` (monotonic) is reached. Gives how many replies were
/// written.
///
/// # Errors
/// The store's, if the notes cannot be read; a ticket that cannot be looked at is logged and tried again by the next tick.
pub async fn answer_due<W: World>(world: &W, until: Duration) -> Result<u64, Refusal> {
    let reading = journal()?.read(world.kv(), world.clock()).await?;
    let mut due: Vec<(TicketId, Alarm)> = reading.state.set.iter().map(|(t, a)| (*t, *a)).collect();
    due.sort_by_key(|(_, a)| a.until);
    let mut policies: BTreeMap<CompanyId, Policy> = BTreeMap::new();
    let mut written = 0;
    for (ticket, alarm) in due.into_iter().take(MOST) {
        if world.clock().monotonic() >= until {
            break;
        }
        let policy = match policies.entry(alarm.company) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(policy::read(world, alarm.company).await?.state),
        };
        match look(world, ticket, alarm, policy, reading.upto()).await {
            Ok(wrote) => written += u64::from(wrote),
            Err(e) => {
                world.log().write(Level::Error, &format!("ticket {ticket} was not answered by itself: {e}"));
            }
        }
    }
    // Blind appends leave a tail that the next tick would read again.
    if reading.tail() > 16 {
        journal()?.write_snapshot(world.kv(), &reading).await?;
    }
    Ok(written)
}

/// Looks at one ticket; whether a reply was written.
async fn look<W: World>(
    world: &W,
    ticket: TicketId,
    alarm: Alarm,
    policy: &Policy,
    upto: u64,
) -> Result<bool, Refusal> {
    let reading = Ticket::journal(ticket)?.read(world.kv(), world.clock()).await?;
    let now = world.clock().now();
    if reading.state.opened.is_none() && now.since(alarm.until) <= OLDEST {
        // The note was written and the ticket is not there yet (another store than one transaction): later.
        return Ok(false);
    }
    let front = front(world, &reading.state).await?;
    let fact = match decide(&reading.state, front.as_ref().unwrap_or(&reading.state), policy, now) {
        Ok((rule, item)) => write(world, ticket, &reading, rule, &item, now).await?,
        Err(_) => None,
    };
    let mut commit = Commit::by(Actor::System("automatic".into()));
    let row = match fact {
        Some((id, due, fact)) => {
            let facts = vec![(id.to_string(), fact)];
            let pending = Pending { company: alarm.company, ticket, due, slot: 0 };
            let pending = outbox::Fact::Due { reply: id, pending };
            commit.append::<Outbox>(&outbox::journal()?, None, vec![(id.to_string(), pending)]);
            Some(list::record(&mut commit, alarm.company, ticket, &reading, facts, now)?)
        }
        None => None,
    };
    let rung = (format!("{:016x}", world.random().u64()), AlarmFact::Rung { ticket, upto });
    commit.append::<Alarms>(&journal()?, None, vec![rung]);
    let done = commit.run(world).await?;
    if let Some(row) = row {
        list::settle_row(world, alarm.company, ticket, &reading, 1, done.slot(row, 0)).await;
    }
    Ok(row.is_some())
}

/// The reply, unless the message turns out to be our own words or the text to be none that can be sent.
async fn write<W: World>(
    world: &W,
    ticket: TicketId,
    reading: &Reading<Ticket>,
    rule: &Rule,
    item: &Item,
    now: Timestamp,
) -> Result<Option<(ReplyId, Timestamp, Fact)>, Refusal> {
    let state = &reading.state;
    let Some(opened) = state.opened.as_ref() else { return Ok(None) };
    let entries = Ticket::journal(ticket)?.entries(world.kv(), &[item.slot]).await?;
    let digest = entries.into_iter().next().and_then(|e| match e.fact.what {
        Fact::Messages { messages, .. } => {
            messages.into_iter().nth(usize::try_from(item.index).ok()?).map(|m| m.digest)
        }
        _ => None,
    });
    if digest.is_none_or(|d| state.replies.iter().any(|r| r.digest == d)) {
        return Ok(None);
    }
    let text = filled::values(world, opened, None).await?.fill(&rule.text, None).text;
    let Ok(body) = body(world, opened, &text).await? else { return Ok(None) };
    let before = state.replies.iter().filter(|r| r.automatic.is_some()).max_by_key(|r| r.slot);
    let before = before.map(|r| r.id.to_bytes());
    let id = ReplyId::deterministic(&[
        &ticket.to_bytes(),
        b"automatic",
        before.as_ref().map_or(&[][..], |b| &b[..]),
    ]);
    // From the message on, by whichever clock: never before now and never later than the delay from now.
    let delay = Duration::from_secs(u64::from(rule.delay));
    let due = Timestamp(item.at).plus(delay).clamp(now, now.plus(delay));
    let fact = Fact::Reply {
        id,
        author: String::new(),
        to: ReplyTo::Customer,
        text: intake::text(world, &format!("{id}-{}", names::short(body.as_str())), body.as_str()).await?,
        digest: intake::digest(body.as_str()),
        files: Vec::new(),
        due,
        automatic: Some(Automatic {
            occasion: rule.occasion,
            message: item.id.clone(),
            message_at: Timestamp(item.at),
            closes: false,
        }),
    };
    Ok(Some((id, due, fact)))
}

/// What a rule says in a conversation: a text with the company's footer; or why it cannot be sent.
pub(crate) async fn body<W: World>(
    world: &W,
    opened: &Opened,
    text: &str,
) -> Result<Result<ReplyBody, Unsaid>, Refusal> {
    let at_marketplace = connection::read(world).await?.state.all.contains_key(&opened.connection);
    if !at_marketplace && answer::way(world, opened.company, opened.connection).await?.is_none() {
        return Ok(Err(Unsaid::NoWay));
    }
    let settings = mostek_people::directory::settings(world, opened.company).await?;
    let mut text = text.trim().to_owned();
    let footer = settings.footer.trim();
    if !footer.is_empty() {
        text = format!("{text}\n\n{footer}");
    }
    Ok(ReplyBody::parse(&text).map_err(|e| {
        world.log().write(Level::Warning, &format!("an automatic reply cannot be sent: {e}"));
        Unsaid::Text
    }))
}
