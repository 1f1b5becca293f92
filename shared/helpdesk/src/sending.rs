//! Sending replies to a marketplace that has no idempotency key: once, or shown as uncertain, never twice (H16).
//!
//! Whoever wants to send claims a number of the reply's counter and may send only if
//!
//! 1. every earlier claim is closed in the ticket's journal (its holder wrote down what came of it), and
//! 2. its own number is the one right after those, so nobody claimed in between, and
//! 3. if an earlier claim may have reached the marketplace: that was long enough ago for it to have landed
//!    (`reply_landing_seconds`), and the conversation, read *before* the claim, does not show the reply, and
//! 4. it starts to send within [`START_WITHIN`] of its claim, by a clock that never goes back.
//!
//! A claim that stays open belongs to somebody who is sending right now or has crashed. Whoever finds one waits
//! [`WAIT_OUT`], after which its holder cannot start any more (4), and closes it as "may have been sent". So two can never
//! send for the same number or for neighbouring ones, whatever their wall clocks say; the wall clock only decides how long a
//! message on its way is given to land. docs/decisions/0003 has the whole argument.

use crate::connection::{self, Connection};
use crate::error::Refusal;
use crate::outbox::{self, Outbox};
use crate::ticket::{Fact, Outcome, Reply, ReplyState, Text, Ticket};
use crate::webhooks::answer;
use crate::webhooks::deliver::{self, Attempted};
use crate::webhooks::endpoint::Endpoint;
use crate::{automatic, intake, list, names, remote, restored};
use bytes::Bytes;
use futures::future::join_all;
use mostek_connectors::{NextStep, OutgoingFile, RemoteError};
use mostek_domain::marketplace::Side;
use mostek_domain::reason::{Code, Reason};
use mostek_domain::retry::Backoff;
use mostek_domain::{CompanyId, ReplyBody, ReplyId, TicketId, Timestamp};
use mostek_ports::{Clock, Level, Log, Random, Settings, StoreError, World};
use mostek_store::{Actor, Blob, Claim, Commit, Reading};
use serde::Serialize;
use std::collections::BTreeSet;
use std::time::Duration;

/// A claim's holder begins to send within this time or not at all.
pub const START_WITHIN: Duration = Duration::from_secs(3);
/// How long an open claim of somebody else is waited out.
pub const WAIT_OUT: Duration = Duration::from_secs(5);
/// How long a request that was handed over may take until its message can be read, unless the installation says otherwise
/// (setting `reply_landing_seconds`): 60 s for the marketplace and 30 s for clocks that differ.
pub const LANDING: Duration = Duration::from_secs(90);
/// After this many failed attempts in a row a person is asked.
const ATTEMPTS: u32 = 12;
/// A message that is our reply may be dated this much before we wrote it.
const CLOCK_DIFFERENCE: Duration = Duration::from_secs(600);
/// Another message of the shop counts as "since our reply" if it is dated this much before it.
const LITTLE_DIFFERENCE: Duration = Duration::from_secs(60);
/// Replies sent at the same time by one tick, each of another ticket.
const CONCURRENT: usize = 4;

/// What a tick did for replies.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Replies that were looked at.
    pub looked_at: usize,
    /// Of those, settled now.
    pub settled: usize,
    /// Replies still pending.
    pub pending: usize,
}

/// Attempts every reply that is due until none is left or `until` (monotonic) is reached.
///
/// # Errors
/// The store's.
pub async fn send_due<W: World>(world: &W, until: Duration) -> Result<Report, Refusal> {
    let journal = outbox::journal()?;
    let reading = journal.read(world.kv(), world.clock()).await?;
    let now = world.clock().now();
    let mut report = Report { pending: reading.state.pending.len(), ..Report::default() };
    let mut due: Vec<(ReplyId, outbox::Pending)> =
        reading.state.pending.iter().filter(|(_, p)| p.due <= now).map(|(r, p)| (*r, p.clone())).collect();
    due.sort_by_key(|(_, p)| p.due);
    // Replies of one ticket leave in the order they were written, so one of each ticket at a time.
    while !due.is_empty() && world.clock().monotonic() < until {
        let mut tickets = BTreeSet::new();
        let mut now_due = Vec::new();
        due.retain(|(reply, p)| {
            let take = now_due.len() < CONCURRENT && tickets.insert(p.ticket);
            if take {
                now_due.push((*reply, p.ticket));
            }
            !take
        });
        for outcome in join_all(
            now_due.iter().map(|(reply, ticket)| attempt(world, *ticket, *reply, Some(reading.upto()))),
        )
        .await
        {
            report.looked_at += 1;
            match outcome {
                Ok(true) => report.settled += 1,
                Ok(false) => {}
                Err(e) => world.log().write(Level::Error, &format!("a reply could not be attended to: {e}")),
            }
        }
    }
    report.pending = report.pending.saturating_sub(report.settled);
    // Blind appends leave a tail that the next tick would read again.
    if reading.tail() > 16 {
        journal.write_snapshot(world.kv(), &reading).await?;
    }
    Ok(report)
}

struct Work<'a> {
    id: TicketId,
    company: CompanyId,
    reading: &'a Reading<Ticket>,
    reply: &'a Reply,
}

/// Attends to one reply: sends it, looks for it, or finds that nothing is to be done. Returns whether it is settled.
/// `outbox` is the outbox's slot up to which the caller has read it, if it has.
///
/// # Errors
/// The store's and the settings'; then nothing is known to have changed.
pub async fn attempt<W: World>(
    world: &W,
    ticket_id: TicketId,
    reply_id: ReplyId,
    outbox: Option<u64>,
) -> Result<bool, Refusal> {
    let journal = Ticket::journal(ticket_id)?;
    let claim = names::reply(reply_id)?;
    // The counter first: a claim taken after it was read makes ours the wrong number.
    let taken = claim.taken(world.kv()).await?;
    let reading = journal.read(world.kv(), world.clock()).await?;
    let (Some(opened), Some(reply)) = (reading.state.opened.clone(), reading.state.reply(reply_id).cloned())
    else {
        // The outbox was written and the ticket is not there yet (another store than one transaction): later.
        return Ok(false);
    };
    let work = Work { id: ticket_id, company: opened.company, reading: &reading, reply: &reply };
    let now = world.clock().now();
    if reply.state.is_settled() {
        if let Some(upto) = outbox {
            settle_outbox(world, &reply, upto).await?;
        }
        return Ok(true);
    }
    let earlier_open = reading
        .state
        .replies
        .iter()
        .take_while(|r| r.id != reply_id)
        .any(|r| !r.state.is_settled() && r.slot < reply.slot && !automatic::gives_way(r));
    let stopped = automatic::stopped(world, &reading.state, &reply).await?.is_some();
    if (reply.due > now && !stopped) || earlier_open {
        return Ok(false);
    }

    let open: Vec<u64> = (1..=taken).filter(|k| !reply.closed.contains(k)).collect();
    if !open.is_empty() {
        return wait_out(world, &work, &open).await;
    }
    if stopped && reply.perhaps_sent.is_none() {
        return give_up(world, &claim, taken, &work).await;
    }
    let connection = connection::read(world).await?.state.all.get(&opened.connection).cloned();
    let Some(connection) = connection else {
        if let Some(way) = answer::way(world, opened.company, opened.connection).await? {
            return by_webhook(world, &way, &opened, &claim, taken, &work).await;
        }
        let why = answer::missing(world, opened.company, opened.connection).await?;
        return close(world, &work, &[], Outcome::Refused { why }).await;
    };
    if let Some(perhaps) = reply.perhaps_sent {
        let landed = perhaps.plus(landing(world).await?);
        if landed > now {
            return Ok(false);
        }
        match look_for(world, &connection, &opened.thread, &work).await {
            Ok(Look::There(message)) => return close(world, &work, &[], Outcome::Sent { message }).await,
            Ok(Look::Doubtful) => {
                let why = Reason::known(
                    Code::WroteElse,
                    "the shop has written something else in this conversation meanwhile",
                );
                return close(world, &work, &[], Outcome::Uncertain { why }).await;
            }
            Ok(Look::Absent) if restored::is_in_doubt(world, reply.at).await? => {
                let why = Reason::known(
                    Code::Restored,
                    "the data were restored from a backup: it may have been taken back since",
                );
                return close(world, &work, &[], Outcome::Uncertain { why }).await;
            }
            Ok(Look::Absent) => {}
            Err(e) if reply.failures >= ATTEMPTS || e.next_step() == NextStep::GiveUp => {
                return close(world, &work, &[], Outcome::Uncertain { why: (&e).into() }).await;
            }
            Err(e) => {
                let due = retry_at(world, &reply, &e);
                return close(world, &work, &[], Outcome::NotSent { why: (&e).into(), due }).await;
            }
        }
    }
    if stopped {
        return give_up(world, &claim, taken, &work).await;
    }
    send(world, &connection, &opened, &claim, taken, &work).await
}

/// Takes an automatic reply back that is not to be sent any more, under a claim like a person who takes theirs back: of the two
/// and of sending exactly one happens.
async fn give_up<W: World>(world: &W, claim: &Claim, taken: u64, work: &Work<'_>) -> Result<bool, Refusal> {
    let mine = claim.take(world.kv()).await?;
    if mine != taken.saturating_add(1) {
        return close(world, work, &[mine], Outcome::Released).await;
    }
    let reply = work.reply.id;
    let id = format!("{reply}-{mine}");
    let mut commit = Commit::by(Actor::System("automatic".into()));
    let facts = vec![(id.clone(), Fact::Undone { reply, claim: mine })];
    let row = list::record(&mut commit, work.company, work.id, work.reading, facts, world.clock().now())?;
    let settled = outbox::Fact::Settled { reply, upto: None };
    commit.append::<Outbox>(&outbox::journal()?, None, vec![(id, settled)]);
    let done = commit.run(world).await?;
    list::settle_row(world, work.company, work.id, work.reading, 1, done.slot(row, 0)).await;
    Ok(true)
}

async fn landing<W: World>(world: &W) -> Result<Duration, Refusal> {
    let text =
        world.settings().get("reply_landing_seconds").await.map_err(|e| Refusal::Settings(e.to_string()))?;
    Ok(text.and_then(|t| t.trim().parse().ok()).map_or(LANDING, Duration::from_secs))
}

/// Somebody claimed and did not say what came of it: after a while they cannot begin to send any more, but may have.
async fn wait_out<W: World>(world: &W, work: &Work<'_>, open: &[u64]) -> Result<bool, Refusal> {
    world.clock().sleep(WAIT_OUT).await;
    let journal = Ticket::journal(work.id)?;
    let reading = journal.read(world.kv(), world.clock()).await?;
    let Some(reply) = reading.state.reply(work.reply.id) else { return Ok(false) };
    let still: Vec<u64> = open.iter().copied().filter(|k| !reply.closed.contains(k)).collect();
    if still.is_empty() || reply.state.is_settled() {
        return Ok(reply.state.is_settled());
    }
    let due = world.clock().now().plus(landing(world).await?);
    let work = Work { id: work.id, company: work.company, reading: &reading, reply };
    let why = Reason::known(Code::SenderLost, "whoever was sending did not come back");
    close(world, &work, &still, Outcome::Unknown { why, due }).await
}

/// Closes the claims that somebody left open on a reply that waits for a person: nothing else would, and nobody could
/// decide.
///
/// # Errors
/// The store's.
pub(crate) async fn close_open<W: World>(
    world: &W,
    id: TicketId,
    company: CompanyId,
    reply: ReplyId,
    open: &[u64],
) -> Result<(), Refusal> {
    world.clock().sleep(WAIT_OUT).await;
    let reading = Ticket::journal(id)?.read(world.kv(), world.clock()).await?;
    let Some(reply) = reading.state.reply(reply) else { return Ok(()) };
    let still: Vec<u64> = open.iter().copied().filter(|k| !reply.closed.contains(k)).collect();
    if still.is_empty() || matches!(reply.state, ReplyState::Sent { .. } | ReplyState::Dropped) {
        return Ok(());
    }
    let work = Work { id, company, reading: &reading, reply };
    let why = Reason::known(Code::DeciderLost, "whoever was deciding did not come back");
    let due = world.clock().now();
    close(world, &work, &still, Outcome::Unknown { why, due }).await?;
    Ok(())
}

/// What the conversation shows of a reply.
enum Look {
    /// It is this message.
    There(String),
    /// It is not there.
    Absent,
    /// The shop has written something else since: perhaps the reply, changed by the marketplace.
    Doubtful,
}

/// Looks for the reply among the conversation's messages.
async fn look_for<W: World>(
    world: &W,
    connection: &Connection,
    thread: &str,
    work: &Work<'_>,
) -> Result<Look, RemoteError> {
    let access = access(world, connection).await?;
    let marketplace =
        remote::marketplace(&connection.kind).map_err(|e| RemoteError::NotSent(e.to_string()))?;
    let thread = remote::send(world, marketplace.thread(&access, thread)).await?;
    let earliest = work.reply.at.minus(CLOCK_DIFFERENCE);
    // One that the poll took for the panel's counts too; one that is another reply of ours does not.
    let mut ours = thread.messages.iter().filter(|m| {
        m.author == Side::Shop
            && m.sent_at.is_none_or(|at| at >= earliest)
            && !work.reading.state.is_reply(&names::short(&m.id))
    });
    if let Some(m) = ours.clone().find(|m| intake::digest(m.body.as_str()) == work.reply.digest) {
        return Ok(Look::There(m.id.clone()));
    }
    let since = work.reply.at.minus(LITTLE_DIFFERENCE);
    let unseen = ours.any(|m| m.sent_at.is_none_or(|at| at >= since) && !work.reading.state.knows(&m.id));
    Ok(if unseen { Look::Doubtful } else { Look::Absent })
}

async fn access<W: World>(
    world: &W,
    connection: &Connection,
) -> Result<mostek_connectors::Access, RemoteError> {
    remote::access(world, connection).await.map_err(|e| match e {
        Refusal::NeedsAuthentication => RemoteError::WrongKey { message: None },
        other => RemoteError::NotSent(other.to_string()),
    })
}

async fn send<W: World>(
    world: &W,
    connection: &Connection,
    opened: &crate::ticket::Opened,
    claim: &Claim,
    taken: u64,
    work: &Work<'_>,
) -> Result<bool, Refusal> {
    // Everything that takes time comes before the claim.
    let (body, files) = match load(world, work).await {
        Ok(loaded) => loaded,
        // Nothing that is tried again would mend it, and later replies must not wait for it.
        Err(Refusal::Store(StoreError::Corrupt { reason, .. })) => {
            let why = Reason::known(Code::ContentLost, reason);
            return close(world, work, &[], Outcome::Refused { why }).await;
        }
        Err(e) => return Err(e),
    };
    let body = match ReplyBody::parse(&body) {
        Ok(body) => body,
        Err(e) => {
            let why = Reason::known(Code::ContentLost, e.to_string());
            return close(world, work, &[], Outcome::Refused { why }).await;
        }
    };
    let prepared = async {
        let access = access(world, connection).await?;
        let marketplace =
            remote::marketplace(&connection.kind).map_err(|e| RemoteError::NotSent(e.to_string()))?;
        let reply = mostek_connectors::Reply {
            thread_id: &opened.thread,
            body: &body,
            to: work.reply.to,
            customer_id: opened.customer.remote_id.as_deref(),
            files: &files,
        };
        marketplace
            .reply(&access, &reply)
            .map_err(|e| RemoteError::Rejected { status: 400, message: Some(e.to_string()) })
    }
    .await;
    let call = match prepared {
        Ok(call) => call,
        Err(e) => return refused(world, connection, work, &[], &e).await,
    };

    let claimed_at = world.clock().monotonic();
    let mine = claim.take(world.kv()).await?;
    if mine != taken.saturating_add(1) {
        return close(world, work, &[mine], Outcome::Released).await;
    }
    if world.clock().monotonic().saturating_sub(claimed_at) >= START_WITHIN {
        return close(world, work, &[mine], Outcome::Released).await;
    }
    match remote::send(world, Ok(call)).await {
        Ok(sent) => close(world, work, &[mine], Outcome::Sent { message: sent.message_id }).await,
        Err(e) if e.may_have_acted() => {
            world.log().write(Level::Warning, &format!("it is not known whether a reply was sent: {e}"));
            let due = world.clock().now().plus(landing(world).await?);
            close(world, work, &[mine], Outcome::Unknown { why: (&e).into(), due }).await
        }
        Err(e) => refused(world, connection, work, &[mine], &e).await,
    }
}

/// Hands a reply to a shop that sends webhooks. The shop knows a repetition by the reply's id, so that what may have arrived is
/// sent again without being looked for; claims only keep two from sending at the same moment.
async fn by_webhook<W: World>(
    world: &W,
    way: &Endpoint,
    opened: &crate::ticket::Opened,
    claim: &Claim,
    taken: u64,
    work: &Work<'_>,
) -> Result<bool, Refusal> {
    let text = match load(world, work).await {
        Ok((text, _)) => text,
        Err(Refusal::Store(StoreError::Corrupt { reason, .. })) => {
            let why = Reason::known(Code::ContentLost, reason);
            return close(world, work, &[], Outcome::Refused { why }).await;
        }
        Err(e) => return Err(e),
    };
    let request = answer::prepare(world, way, work.id, opened, work.reply, &text).await?;
    let mine = claim.take(world.kv()).await?;
    if mine != taken.saturating_add(1) {
        return close(world, work, &[mine], Outcome::Released).await;
    }
    let (outcome, attempted) = answer::send(world, way, request, work.reply).await;
    close_with(world, work, &[mine], outcome, Some(attempted)).await
}

/// The marketplace has surely not taken it.
async fn refused<W: World>(
    world: &W,
    connection: &Connection,
    work: &Work<'_>,
    claims: &[u64],
    error: &RemoteError,
) -> Result<bool, Refusal> {
    let why = Reason::from(error);
    let outcome = match error.next_step() {
        NextStep::TryLater(_) if work.reply.failures < ATTEMPTS => {
            Outcome::NotSent { why, due: retry_at(world, work.reply, error) }
        }
        NextStep::Authenticate if matches!(error, RemoteError::WrongKey { .. }) => {
            let fact = connection.refused(why.clone());
            connection::write(world, Actor::System("sending".into()), fact).await?;
            Outcome::Refused { why }
        }
        _ => Outcome::Refused { why },
    };
    close(world, work, claims, outcome).await
}

fn retry_at<W: World>(world: &W, reply: &Reply, error: &RemoteError) -> Timestamp {
    let asked = match error.next_step() {
        NextStep::TryLater(asked) => asked,
        _ => None,
    };
    world.clock().now().plus(Backoff::SEND.wait(
        reply.failures.saturating_add(1),
        world.random().u64(),
        asked,
    ))
}

async fn load<W: World>(world: &W, work: &Work<'_>) -> Result<(String, Vec<OutgoingFile>), Refusal> {
    let entries = Ticket::journal(work.id)?.entries(world.kv(), &[work.reply.slot]).await?;
    let fact = entries.into_iter().next().map(|e| e.fact.what);
    let Some(Fact::Reply { text, files, .. }) = fact else {
        return Err(Refusal::Store(StoreError::Corrupt {
            key: format!("ticket {}", work.id),
            reason: format!("slot {} is no reply", work.reply.slot),
        }));
    };
    let body = match text {
        Text::Inline(t) => t,
        Text::Stored { blob, .. } => String::from_utf8(Blob::read(world.kv(), &blob).await?)
            .map_err(|e| StoreError::Corrupt { key: blob.id, reason: e.to_string() })?,
    };
    let mut contents = Vec::with_capacity(files.len());
    for file in files {
        let content = Bytes::from(Blob::read(world.kv(), &file.blob).await?);
        contents.push(OutgoingFile { name: file.name, content });
    }
    Ok((body, contents))
}

/// Writes what came of claims (or of looking, with no claim) to the ticket, its row and the outbox.
async fn close<W: World>(
    world: &W,
    work: &Work<'_>,
    claims: &[u64],
    outcome: Outcome,
) -> Result<bool, Refusal> {
    close_with(world, work, claims, outcome, None).await
}

/// The same, and to the log of the endpoint that was tried.
async fn close_with<W: World>(
    world: &W,
    work: &Work<'_>,
    claims: &[u64],
    outcome: Outcome,
    attempted: Option<Attempted<'_>>,
) -> Result<bool, Refusal> {
    let attempt = |claim: u64| {
        let fact = Fact::Attempt { reply: work.reply.id, claim, outcome: outcome.clone() };
        let id = match (&outcome, claim) {
            // Learned without a claim, by whoever looked first.
            (Outcome::Sent { message }, 0) => format!("{}-found-{}", work.reply.id, names::short(message)),
            (_, 0) => format!("{}-looked-{:016x}", work.reply.id, world.random().u64()),
            // Must not be taken for a repetition of what the claim's holder may still write.
            (Outcome::Unknown { .. }, claim) => format!("{}-{claim}-unknown", work.reply.id),
            (_, claim) => format!("{}-{claim}", work.reply.id),
        };
        (id, fact)
    };
    let facts =
        if claims.is_empty() { vec![attempt(0)] } else { claims.iter().copied().map(attempt).collect() };
    let outbox = outbox::after(work.company, work.id, work.reply, &outcome);
    let settled = matches!(outbox, outbox::Fact::Settled { .. });
    let mut commit = Commit::by(Actor::System("sending".into()));
    let count = facts.len() as u64;
    let row = list::record(&mut commit, work.company, work.id, work.reading, facts, world.clock().now())?;
    let id = format!("{:016x}", world.random().u64());
    commit.append::<Outbox>(&outbox::journal()?, None, vec![(id, outbox)]);
    let unused = match attempted {
        Some(attempted) => deliver::note(world, &mut commit, attempted).await?,
        None => Vec::new(),
    };
    let done = commit.run(world).await?;
    list::settle_row(world, work.company, work.id, work.reading, count, done.slot(row, 0)).await;
    deliver::clear(world, unused).await?;
    Ok(settled)
}

/// The ticket says it is settled and the outbox does not know.
async fn settle_outbox<W: World>(world: &W, reply: &Reply, upto: u64) -> Result<(), Refusal> {
    let mut commit = Commit::by(Actor::System("sending".into()));
    let fact = outbox::Fact::Settled { reply: reply.id, upto: Some(upto) };
    commit.append::<Outbox>(
        &outbox::journal()?,
        None,
        // Every time a fact of its own: it may be brought back more than once.
        vec![(format!("{:016x}", world.random().u64()), fact)],
    );
    commit.run(world).await?;
    Ok(())
}
