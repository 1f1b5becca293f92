//! Finds events to tell: follows the list of tickets, into which every change of a ticket writes a row.
//!
//! So nothing that happens to a ticket knows of webhooks or waits for them. How far the list was followed is written together
//! with the deliveries it led to; an event that was told is marked, so that following a piece twice tells it once.

use super::endpoint::{Endpoint, EventKind};
use super::outbox::{self, Fact, Outbox};
use crate::list::{self, Summary};
use crate::names;
use crate::ticket::{Fact as TicketFact, Reply, ReplyState, Text, Ticket};
use futures::future::join_all;
use mostek_domain::{CompanyId, DeliveryId, ReplyId, TicketId, Timestamp, WebhookId};
use mostek_ports::{Clock, Level, Log, StoreError, World};
use mostek_store::journal::HOLE_LIFE;
use mostek_store::{Actor, Blob, Commit, Record};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// Slots looked at in one step.
const STEP: u64 = 300;
/// Steps of one company per tick at most.
const STEPS: usize = 20;
/// Slots without a row that are looked at again at most; of more the oldest are forgotten.
const HOLES: usize = 500;
/// Replies of one ticket that are looked at, the last to be sent.
const REPLIES: usize = 20;
/// Characters of a reply that are told.
const TEXT_CHARS: usize = 4_000;
/// Tickets read at the same time.
const CONCURRENT: usize = 16;

/// How far a company's list was followed. A record: what it says stays right for ever, since everything up to `slot` but for
/// the holes is in the outbox; going back only finds events that are marked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Feed {
    /// Every row up to this was looked at,
    slot: u64,
    /// except those that were not there, with when they were missed: a row may land late.
    #[serde(default)]
    holes: BTreeMap<u64, Timestamp>,
}

fn record(company: CompanyId) -> Result<Record<Feed>, StoreError> {
    names::ours(Record::new("webhook-feed", &company.to_string()))
}

/// Says that an event was put into the outbox. A record that is written once.
fn told(company: CompanyId, event: &str) -> Result<Record<Timestamp>, StoreError> {
    names::ours(Record::new("webhook-told", &names::hash(&[&company.to_bytes(), event.as_bytes()])))
}

/// Begins to follow a company's list, from now on. Gives how long it is.
pub(super) async fn begin<W: World>(world: &W, company: CompanyId) -> Result<u64, StoreError> {
    let slot = list::index(company)?.upto(world.kv()).await?;
    record(company)?.set(world.kv(), &Feed { slot, ..Feed::default() }).await?;
    Ok(slot)
}

fn created(ticket: TicketId) -> String {
    format!("{}:{ticket}", EventKind::TicketCreated.name())
}

fn replied(reply: ReplyId) -> String {
    format!("{}:{reply}", EventKind::TicketReplied.name())
}

fn delivery(endpoint: WebhookId, event: &str) -> DeliveryId {
    DeliveryId::deterministic(&[&endpoint.to_bytes(), event.as_bytes()])
}

/// Deletes what was or would be sent about a ticket to these endpoints.
pub(super) async fn forget<W: World>(
    world: &W,
    endpoints: &[WebhookId],
    ticket: TicketId,
    replies: &[ReplyId],
) -> Result<(), StoreError> {
    let events: Vec<String> =
        std::iter::once(created(ticket)).chain(replies.iter().copied().map(replied)).collect();
    for endpoint in endpoints {
        for event in &events {
            outbox::body(delivery(*endpoint, event))?.delete(world.kv()).await?;
        }
    }
    Ok(())
}

/// Something that happened.
struct Event {
    id: String,
    kind: EventKind,
    at: Timestamp,
    /// The row that tells of it.
    slot: u64,
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
    let index = list::index(company)?;
    let mut found = 0;
    for step in 0..STEPS {
        let counter = index.upto(world.kv()).await?;
        let end = counter.min(feed.slot.saturating_add(STEP));
        // Those that were missed are asked for once per tick.
        let missed = feed.holes.keys().copied().filter(|_| step == 0);
        let slots: Vec<u64> = missed.chain(feed.slot.saturating_add(1)..=end).collect();
        if slots.is_empty() || world.clock().monotonic() >= until {
            break;
        }
        let rows = index.written(world.kv(), &slots).await?;
        let there: BTreeSet<u64> = rows.iter().map(|(slot, _, _)| *slot).collect();
        let next = pass(&feed, end, &there, world.clock().now());
        let events = events(world, endpoints, &rows, &there).await?;
        if next != feed {
            found += put(world, company, endpoints, events, record.pair(&next)?).await?;
        }
        feed = next;
    }
    Ok(found)
}

/// How far the list was followed after its slots up to `end` were asked for and those of `there` were found.
fn pass(feed: &Feed, end: u64, there: &BTreeSet<u64>, now: Timestamp) -> Feed {
    let mut next = Feed { slot: end, holes: feed.holes.clone() };
    next.holes.retain(|slot, missed| !there.contains(slot) && now.since(*missed) <= HOLE_LIFE);
    next.holes.extend((feed.slot.saturating_add(1)..=end).filter(|s| !there.contains(s)).map(|s| (s, now)));
    while next.holes.len() > HOLES {
        next.holes.pop_first();
    }
    next
}

async fn events<W: World>(
    world: &W,
    endpoints: &[&Endpoint],
    rows: &[(u64, Timestamp, mostek_store::Row)],
    there: &BTreeSet<u64>,
) -> Result<Vec<Event>, StoreError> {
    let mut events = Vec::new();
    let mut tickets: BTreeSet<TicketId> = BTreeSet::new();
    for (slot, at, row) in rows {
        let Ok(summary) = serde_json::from_value::<Summary>(row.data.clone()) else { continue };
        tickets.insert(summary.id);
        if row.replaces.is_empty() {
            events.push(Event {
                id: created(summary.id),
                kind: EventKind::TicketCreated,
                at: *at,
                slot: *slot,
                data: json!({ "ticket": ticket(&summary) }),
            });
        }
    }
    if endpoints.iter().any(|e| e.wants(EventKind::TicketReplied)) {
        let tickets: Vec<TicketId> = tickets.into_iter().collect();
        for some in tickets.chunks(CONCURRENT) {
            for replies in join_all(some.iter().map(|id| replies(world, *id, there))).await {
                events.extend(replies?);
            }
        }
    }
    // Its own row and its front's may both tell of a reply that left while it was merged.
    let mut known = BTreeSet::new();
    events.retain(|e| known.insert(e.id.clone()));
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

/// A reply that has reached the marketplace, and the row that tells of it.
type Told = (ReplyId, u64);

/// The replies in a ticket, and in conversations that are worked on in it, of which one of these rows tells that they have
/// reached the marketplace.
async fn replies<W: World>(world: &W, id: TicketId, rows: &BTreeSet<u64>) -> Result<Vec<Event>, StoreError> {
    let journal = Ticket::journal(id)?;
    let state = journal.read(world.kv(), world.clock()).await?.state;
    let mut sent: Vec<&Reply> =
        state.replies.iter().filter(|r| matches!(r.state, ReplyState::Sent { .. })).collect();
    sent.sort_by_key(|r| std::cmp::Reverse(r.state_slot));
    let own = sent.into_iter().take(REPLIES).map(|r| (id, r.id, r.state_slot));
    let sent: Vec<(TicketId, ReplyId, u64)> = own.chain(state.carried_replies()).collect();
    // The entry that says so names the row that was written with it.
    let slots: Vec<u64> =
        sent.iter().map(|(_, _, slot)| *slot).collect::<BTreeSet<_>>().into_iter().collect();
    let told_by: BTreeMap<u64, u64> = journal
        .entries(world.kv(), &slots)
        .await?
        .into_iter()
        .filter_map(|e| Some((e.slot, *e.refs.get(crate::ticket::ROW)?)))
        .filter(|(_, row)| rows.contains(row))
        .collect();
    let mut told: BTreeMap<TicketId, Vec<Told>> = BTreeMap::new();
    for (holder, reply, slot) in sent {
        if let Some(row) = told_by.get(&slot) {
            told.entry(holder).or_default().push((reply, *row));
        }
    }
    if told.is_empty() {
        return Ok(Vec::new());
    }
    let Some(shown) = shown(world, id, &state).await? else { return Ok(Vec::new()) };
    let read = told.into_iter().map(|(holder, told)| {
        let (shown, own) = (&shown, (holder == id).then_some(&state));
        async move {
            match own {
                Some(state) => texts(world, (holder, state), told, shown).await,
                None => {
                    let state = Ticket::journal(holder)?.read(world.kv(), world.clock()).await?.state;
                    texts(world, (holder, &state), told, shown).await
                }
            }
        }
    });
    let mut events = Vec::new();
    for some in join_all(read).await {
        events.extend(some?);
    }
    Ok(events)
}

/// The ticket that events of this one name: the one in which it is worked on.
async fn shown<W: World>(world: &W, id: TicketId, state: &Ticket) -> Result<Option<Summary>, StoreError> {
    if let Some(front) = state.front() {
        let there = Ticket::journal(front)?.read(world.kv(), world.clock()).await?.state;
        if let Some(summary) = list::summary(front, &there) {
            return Ok(Some(summary));
        }
    }
    Ok(list::summary(id, state))
}

/// Events of replies whose texts are in this ticket's journal.
async fn texts<W: World>(
    world: &W,
    (holder, state): (TicketId, &Ticket),
    told: Vec<Told>,
    shown: &Summary,
) -> Result<Vec<Event>, StoreError> {
    let sent: Vec<(&Reply, Timestamp, u64)> = told
        .into_iter()
        .filter_map(|(reply, row)| {
            let reply = state.reply(reply)?;
            match reply.state {
                ReplyState::Sent { at, .. } => Some((reply, at, row)),
                _ => None,
            }
        })
        .collect();
    let slots: Vec<u64> = sent.iter().map(|(r, _, _)| r.slot).collect();
    let entries = Ticket::journal(holder)?.entries(world.kv(), &slots).await?;
    let mut events = Vec::new();
    for (reply, at, row) in sent {
        let fact = entries.iter().find(|e| e.slot == reply.slot).map(|e| &e.fact.what);
        let Some(TicketFact::Reply { author, to, text, files, .. }) = fact else { continue };
        let text = match text {
            Text::Inline(text) => text.clone(),
            Text::Stored { blob, .. } => {
                String::from_utf8_lossy(&Blob::read(world.kv(), blob).await?).into_owned()
            }
        };
        events.push(Event {
            id: replied(reply.id),
            kind: EventKind::TicketReplied,
            at,
            slot: row,
            data: json!({
                "ticket": ticket(shown),
                "reply": {
                    "id": reply.id,
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
    let wanted = |e: &Event| endpoints.iter().any(|p| p.wants(e.kind) && e.slot > p.from);
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
        for endpoint in endpoints.iter().filter(|e| e.wants(event.kind) && event.slot > e.from) {
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
            let delivery = delivery(endpoint.id, &event.id);
            let body = payload(event.kind.name(), event.at, &event.data);
            let (endpoint, kind) = (endpoint.id, event.kind.name().to_owned());
            facts.push((delivery.to_string(), Fact::Due { delivery, endpoint, company, kind, due: now }));
            commit.also(outbox::body(delivery)?.pair(&body)?);
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

    #[test]
    fn a_row_that_is_missing_is_asked_for_again_for_a_day() {
        let now = Timestamp(1_000_000_000);
        let later = |feed: &Feed, there: &[u64], hours: u64| {
            let now = now.plus(Duration::from_secs(hours * 3600));
            pass(feed, feed.slot, &there.iter().copied().collect(), now)
        };
        let feed = pass(&Feed::default(), 5, &BTreeSet::from([1, 2, 4]), now);
        assert_eq!((feed.slot, feed.holes.keys().copied().collect::<Vec<_>>()), (5, vec![3, 5]));
        assert_eq!(later(&feed, &[], 23), feed);
        assert_eq!(later(&feed, &[3], 1).holes.keys().copied().collect::<Vec<_>>(), [5]);
        assert!(later(&feed, &[], 25).holes.is_empty());
        let many = pass(&Feed::default(), 2_000, &BTreeSet::new(), now);
        assert_eq!((many.holes.len(), many.slot), (HOLES, 2_000));
    }
}
