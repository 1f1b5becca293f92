//! Finds events to tell: follows the list of tickets, into which every change of a ticket writes a row.
//!
//! So nothing that happens to a ticket knows of webhooks or waits for them. How far the list was followed is written together
//! with the deliveries it led to; an event that was told is marked, so that following a piece twice tells it once.

use super::endpoint::{Endpoint, EventKind};
use super::outbox::{self, Fact, Outbox};
use crate::list::{self, Summary};
use crate::names;
use crate::ticket::{Fact as TicketFact, ReplyState, Text, Ticket};
use futures::future::join_all;
use mostek_domain::{CompanyId, DeliveryId, ReplyId, TicketId, Timestamp};
use mostek_ports::{Clock, Level, Log, StoreError, World};
use mostek_store::{Actor, Blob, Commit, Record};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// Slots looked at in one step: more than are ever reserved and not written yet at one moment.
const STEP: u64 = 300;
/// Steps of one company per tick at most.
const STEPS: usize = 20;
/// A slot whose row is not there although a later one was written this long ago stays empty: its writer was told to write the
/// row again ([`mostek_store::commit::DEADLINE`], with room for clocks).
const GIVE_UP_HOLE: Duration = Duration::from_secs(60);
/// A reply may be dated this much before the row that tells of it.
const CLOCKS: Duration = Duration::from_secs(24 * 3600);
/// Characters of a reply that are told.
const TEXT_CHARS: usize = 4_000;
/// Tickets read at the same time.
const CONCURRENT: usize = 16;

/// How far a company's list was followed. A record: going back only finds events that are marked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Feed {
    /// Every row up to this was looked at.
    slot: u64,
    /// When the last one was written.
    at: Timestamp,
}

fn record(company: CompanyId) -> Result<Record<Feed>, StoreError> {
    names::ours(Record::new("webhook-feed", &company.to_string()))
}

/// Says that an event was put into the outbox. A record that is written once.
fn told(company: CompanyId, event: &str) -> Result<Record<Timestamp>, StoreError> {
    names::ours(Record::new("webhook-told", &names::hash(&[&company.to_bytes(), event.as_bytes()])))
}

/// Begins to follow a company's list, from now on.
pub(super) async fn begin<W: World>(world: &W, company: CompanyId) -> Result<(), StoreError> {
    let (slot, _) = list::index(company)?.after(world.kv(), u64::MAX - 1, 0).await?;
    record(company)?.set(world.kv(), &Feed { slot, at: world.clock().now() }).await
}

/// Something that happened.
struct Event {
    id: String,
    kind: EventKind,
    at: Timestamp,
    data: Value,
}

/// Puts what has happened since the last time into the outbox, for these endpoints of one company. Gives how many
/// deliveries that makes.
///
/// # Errors
/// The store's; the next tick goes on.
pub(super) async fn follow<W: World>(
    world: &W,
    company: CompanyId,
    endpoints: &[&Endpoint],
    until: Duration,
) -> Result<u64, StoreError> {
    let record = record(company)?;
    let Some(mut feed) = record.get(world.kv()).await? else {
        begin(world, company).await?;
        return Ok(0);
    };
    let mut found = 0;
    for _ in 0..STEPS {
        let (counter, mut rows) = list::index(company)?.after(world.kv(), feed.slot, STEP).await?;
        if counter <= feed.slot || world.clock().monotonic() >= until {
            break;
        }
        let end = counter.min(feed.slot.saturating_add(STEP));
        let there: Vec<(u64, Timestamp)> = rows.iter().map(|(slot, at, _)| (*slot, *at)).collect();
        let reached = reach(feed.slot, end, counter, &there, world.clock().now());
        if reached == feed.slot {
            break;
        }
        rows.retain(|(slot, _, _)| *slot <= reached);
        let events = events(world, &feed, endpoints, &rows).await?;
        feed = Feed { slot: reached, at: rows.last().map_or(feed.at, |(_, at, _)| *at) };
        found += put(world, company, endpoints, events, record.pair(&feed)?).await?;
        if reached < end {
            break;
        }
    }
    Ok(found)
}

/// The last slot that can be passed: up to the first one that is still waited for.
fn reach(from: u64, end: u64, counter: u64, there: &[(u64, Timestamp)], now: Timestamp) -> u64 {
    if there.is_empty() && end < counter {
        // So many are never on their way at once: they were given up.
        return end;
    }
    for slot in from.saturating_add(1)..=end {
        if there.iter().any(|(s, _)| *s == slot) {
            continue;
        }
        let later = there.iter().filter(|(s, _)| *s > slot);
        let stays_empty = later.map(|(_, at)| now.since(*at)).max().is_some_and(|age| age >= GIVE_UP_HOLE);
        if !stays_empty {
            return slot.saturating_sub(1);
        }
    }
    end
}

async fn events<W: World>(
    world: &W,
    before: &Feed,
    endpoints: &[&Endpoint],
    rows: &[(u64, Timestamp, mostek_store::Row)],
) -> Result<Vec<Event>, StoreError> {
    let mut events = Vec::new();
    let mut tickets: BTreeSet<TicketId> = BTreeSet::new();
    for (_, at, row) in rows {
        let Ok(summary) = serde_json::from_value::<Summary>(row.data.clone()) else { continue };
        tickets.insert(summary.id);
        if row.replaces.is_empty() {
            events.push(Event {
                id: format!("{}:{}", EventKind::TicketCreated.name(), summary.id),
                kind: EventKind::TicketCreated,
                at: *at,
                data: json!({ "ticket": ticket(&summary) }),
            });
        }
    }
    if endpoints.iter().any(|e| e.wants(EventKind::TicketReplied)) {
        let since = before.at.minus(CLOCKS);
        let tickets: Vec<TicketId> = tickets.into_iter().collect();
        for some in tickets.chunks(CONCURRENT) {
            for replies in join_all(some.iter().map(|id| replies(world, *id, since))).await {
                events.extend(replies?);
            }
        }
    }
    Ok(events)
}

/// What is told of a ticket: what its row in the list says.
fn ticket(s: &Summary) -> Value {
    json!({
        "id": s.id,
        "number": s.number,
        "subject": s.subject,
        "source": s.source,
        "status": s.status.slug(),
        "queue": s.queue,
        "category": s.category,
        "customer": { "id": s.customer_id, "name": s.customer, "record": s.record },
    })
}

/// The replies of a ticket that have reached the marketplace since a moment.
async fn replies<W: World>(world: &W, id: TicketId, since: Timestamp) -> Result<Vec<Event>, StoreError> {
    let journal = Ticket::journal(id)?;
    let state = journal.read(world.kv(), world.clock()).await?.state;
    let sent: Vec<(ReplyId, u64, Timestamp)> = state
        .replies
        .iter()
        .filter_map(|r| match r.state {
            ReplyState::Sent { at, .. } if at >= since => Some((r.id, r.slot, at)),
            _ => None,
        })
        .collect();
    let Some(summary) = list::summary(id, &state).filter(|_| !sent.is_empty()) else { return Ok(Vec::new()) };
    let slots: Vec<u64> = sent.iter().map(|(_, slot, _)| *slot).collect();
    let entries = journal.entries(world.kv(), &slots).await?;
    let mut events = Vec::new();
    for (reply, slot, at) in sent {
        let fact = entries.iter().find(|e| e.slot == slot).map(|e| &e.fact.what);
        let Some(TicketFact::Reply { author, to, text, files, .. }) = fact else { continue };
        let text = match text {
            Text::Inline(text) => text.clone(),
            Text::Stored { blob, .. } => {
                String::from_utf8_lossy(&Blob::read(world.kv(), blob).await?).into_owned()
            }
        };
        events.push(Event {
            id: format!("{}:{reply}", EventKind::TicketReplied.name()),
            kind: EventKind::TicketReplied,
            at,
            data: json!({
                "ticket": ticket(&summary),
                "reply": {
                    "id": reply,
                    "author": author,
                    "to": to.slug(),
                    "text": text.chars().take(TEXT_CHARS).collect::<String>(),
                    "cut": text.chars().count() > TEXT_CHARS,
                    "files": files.len(),
                },
            }),
        });
    }
    Ok(events)
}

/// Puts events into the outbox, together with how far the list was followed.
async fn put<W: World>(
    world: &W,
    company: CompanyId,
    endpoints: &[&Endpoint],
    events: Vec<Event>,
    feed: (String, Vec<u8>),
) -> Result<u64, StoreError> {
    let wanted = |e: &Event| endpoints.iter().any(|p| p.wants(e.kind) && e.at >= p.since);
    let events: Vec<Event> = events.into_iter().filter(wanted).collect();
    let marks: Vec<Record<Timestamp>> =
        events.iter().map(|e| told(company, &e.id)).collect::<Result<_, _>>()?;
    let known = join_all(marks.iter().map(|m| m.get(world.kv()))).await;
    let mut waiting = BTreeMap::new();
    if !events.is_empty() {
        let outbox = outbox::journal()?.read(world.kv(), world.clock()).await?.state;
        waiting.extend(endpoints.iter().map(|e| (e.id, outbox.waiting(e.id))));
    }
    let now = world.clock().now();
    let mut commit = Commit::by(Actor::System("webhooks".into()));
    let mut facts = Vec::new();
    for ((event, mark), known) in events.iter().zip(&marks).zip(known) {
        if known?.is_some() {
            continue;
        }
        for endpoint in endpoints.iter().filter(|e| e.wants(event.kind) && event.at >= e.since) {
            let waits = waiting.entry(endpoint.id).or_default();
            if *waits >= outbox::MOST {
                let line = format!(
                    "{} of {} is not told to {}: too much waits",
                    event.kind.name(),
                    company,
                    endpoint.id
                );
                world.log().write(Level::Warning, &line);
                continue;
            }
            *waits += 1;
            let delivery = DeliveryId::deterministic(&[&endpoint.id.to_bytes(), event.id.as_bytes()]);
            let body = payload(event.kind.name(), event.at, &event.data);
            let (endpoint, kind) = (endpoint.id, event.kind.name().to_owned());
            let due = Fact::Due { delivery, endpoint, company, kind, body, due: now };
            facts.push((delivery.to_string(), due));
        }
        commit.also(mark.pair(&now)?);
    }
    let found = facts.len() as u64;
    if found > 0 {
        commit.append::<Outbox>(&outbox::journal()?, None, facts);
    }
    commit.also(feed);
    commit.run(world).await?;
    Ok(found)
}

/// The payload that the specification advises.
pub(super) fn payload(kind: &str, at: Timestamp, data: &Value) -> String {
    json!({ "type": kind, "timestamp": iso(at), "data": data }).to_string()
}

/// RFC 3339 in UTC with milliseconds.
fn iso(at: Timestamp) -> String {
    mostek_webhooks::mapping::iso(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Slots 1 to 5 are reserved; those given are there, each written so many seconds ago.
    fn reached(there: &[(u64, u64)]) -> u64 {
        let now = Timestamp(1_000_000_000);
        let there: Vec<_> = there.iter().map(|(s, ago)| (*s, now.minus(Duration::from_secs(*ago)))).collect();
        reach(0, 5, 5, &there, now)
    }

    #[test]
    fn a_row_that_may_still_come_is_waited_for_and_one_that_will_not_is_passed() {
        assert_eq!(reached(&[(1, 0), (2, 0), (3, 0), (4, 0), (5, 0)]), 5);
        assert_eq!(reached(&[(1, 0), (2, 0), (4, 1), (5, 0)]), 2, "somebody is writing the third");
        assert_eq!(reached(&[(1, 0), (2, 0), (4, 60), (5, 0)]), 5, "its writer has long given up");
        assert_eq!(reached(&[(1, 90), (2, 90)]), 2, "nothing later says how old the others are");
        assert_eq!(reached(&[]), 0);
        assert_eq!(reach(0, STEP, STEP + 1, &[], Timestamp(0)), STEP);
    }
}
