//! What reports know (H19): a line per ticket, kept up to date by following the ticket list.
//!
//! The tickets of 256 numbers in a row make a *chunk*: one value, written again under a new name whenever one of its tickets
//! changed. The head names the chunks, says between which moments the tickets of each began, and up to where the list was
//! followed ([`mostek_store::derived`]); so two timers at once or a crash only do some work twice. A line is computed from
//! its ticket's journal, those of the conversations that are worked on in it, and nothing else ([`line`]), so everything can
//! be built again ([`rebuild`]).
//!
//! A report reads the head and the chunks that its period may touch: one round trip for the head (two past some thousand
//! chunks) and one for each 128 chunks, which are 32,768 tickets. Taking changes in writes twice for each 256 changes.
//!
//! Not counted: a ticket that became part of another one. An answer is a reply that an employee wrote and that the
//! marketplace has, or a message of ours from the marketplace's own panel; what the hub answered by itself is none.

mod line;

pub use line::facts;

use crate::follow::{self, Began, Pieces, Position};
use crate::{list, names};
use futures::future::join;
use mostek_domain::report::{Report, TicketFacts, Wanted};
use mostek_domain::{CompanyId, EmployeeId, QueueId, TicketId, Timestamp};
use mostek_ports::{Clock, Level, Log, StoreError, World};
use mostek_store::keys::MAX_VALUE;
use mostek_store::{Derived, Garbage, Place};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// Raised whenever the head or chunks change their shape, or lines their meaning.
const FOLD: u32 = 2;
/// Numbers per chunk.
const CHUNK: u64 = 256;
/// Steps of following at most per tick.
const STEPS: usize = 200;
/// Days of one report at most.
pub const MOST_DAYS: usize = 366;
/// Employees of one ticket whose replies are counted: those who wrote most. Fewer if a chunk would not fit otherwise.
const AGENTS: [usize; 3] = [6, 2, 0];

/// What is known of all chunks.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Head {
    position: Position,
    chunks: BTreeMap<u64, Chunk>,
    garbage: Garbage,
}

/// Where a chunk is, and between which moments its tickets began.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "(String, i64, i64)", into = "(String, i64, i64)")]
struct Chunk {
    generation: String,
    first: i64,
    last: i64,
}

impl From<(String, i64, i64)> for Chunk {
    fn from((generation, first, last): (String, i64, i64)) -> Self {
        Self { generation, first, last }
    }
}

impl From<Chunk> for (String, i64, i64) {
    fn from(c: Chunk) -> Self {
        (c.generation, c.first, c.last)
    }
}

/// A moment after the beginning in milliseconds, and who.
type Did = Option<(i64, Option<usize>)>;
/// Ticket, how far it was read, number, beginning, source, queue, first answer, closing, replies by employee.
type Line = (TicketId, u64, u64, i64, usize, usize, Did, Did, Vec<(usize, u32)>);

/// A chunk as it is stored: lines that name sources, queues and employees by their place in one table.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Packed {
    names: Vec<String>,
    lines: Vec<Line>,
}

impl Packed {
    fn name(&mut self, name: String) -> usize {
        match self.names.iter().position(|n| *n == name) {
            Some(at) => at,
            None => {
                self.names.push(name);
                self.names.len().saturating_sub(1)
            }
        }
    }

    fn of<'a>(tickets: impl Iterator<Item = &'a TicketFacts>, agents: usize) -> Self {
        let mut packed = Self::default();
        for t in tickets {
            let did = |packed: &mut Self, what: &Option<(Timestamp, Option<EmployeeId>)>| {
                let (at, by) = (*what)?;
                Some((at.0.saturating_sub(t.began.0), by.map(|e| packed.name(e.to_string()))))
            };
            let (source, queue) = (packed.name(t.source.clone()), packed.name(t.queue.to_string()));
            let (answered, closed) = (did(&mut packed, &t.answered), did(&mut packed, &t.closed));
            let replies =
                t.replies.iter().take(agents).map(|(e, n)| (packed.name(e.to_string()), *n)).collect();
            packed
                .lines
                .push((t.ticket, t.seen, t.number, t.began.0, source, queue, answered, closed, replies));
        }
        packed
    }

    /// The lines; one that names what is not in the table is left out, which none of ours does.
    fn tickets(&self) -> Vec<TicketFacts> {
        let employee = |at: usize| EmployeeId::parse(self.names.get(at)?).ok();
        self.lines
            .iter()
            .filter_map(|(ticket, seen, number, began, source, queue, answered, closed, replies)| {
                let did = |what: &Did| {
                    what.map(|(after, by)| (Timestamp(began.saturating_add(after)), by.and_then(employee)))
                };
                Some(TicketFacts {
                    ticket: *ticket,
                    seen: *seen,
                    number: *number,
                    began: Timestamp(*began),
                    source: self.names.get(*source)?.clone(),
                    queue: QueueId::parse(self.names.get(*queue)?).ok()?,
                    answered: did(answered),
                    closed: did(closed),
                    replies: replies.iter().filter_map(|(e, n)| Some((employee(*e)?, *n))).collect(),
                })
            })
            .collect()
    }
}

fn derived(company: CompanyId) -> Result<Derived, StoreError> {
    Ok(Derived::at(names::report(company)?, FOLD))
}

fn place(number: u64, chunk: &Chunk) -> Place {
    Place { number, generation: chunk.generation.clone() }
}

fn unpack(bytes: &[u8]) -> Result<Vec<TicketFacts>, StoreError> {
    let packed: Packed = serde_json::from_slice(bytes)
        .map_err(|e| StoreError::Corrupt { key: "report".into(), reason: e.to_string() })?;
    Ok(packed.tickets())
}

fn pack<'a>(tickets: impl Iterator<Item = &'a TicketFacts> + Clone) -> Result<Vec<u8>, StoreError> {
    let corrupt = |reason: String| StoreError::Corrupt { key: "report".into(), reason };
    for agents in AGENTS {
        let packed = Packed::of(tickets.clone(), agents);
        let bytes = serde_json::to_vec(&packed).map_err(|e| corrupt(e.to_string()))?;
        if bytes.len() <= MAX_VALUE {
            return Ok(bytes);
        }
    }
    Err(StoreError::Failed("a chunk of a report is too long for a value".into()))
}

/// Begins a company's reports anew; the ticks then build them.
///
/// # Errors
/// The store's.
pub async fn rebuild<W: World>(world: &W, company: CompanyId) -> Result<(), StoreError> {
    let began = world.clock().monotonic();
    let derived = derived(company)?;
    // A head that cannot be read names nothing.
    let old: Head = match derived.head(world.kv()).await {
        Ok(head) => head.unwrap_or_default(),
        Err(StoreError::Denied(e)) => return Err(StoreError::Denied(e)),
        Err(_) => Head::default(),
    };
    let mut garbage = old.garbage;
    for (number, chunk) in &old.chunks {
        garbage.add(&chunk.generation, *number, *number, world.clock().now());
    }
    let head = |garbage: &Garbage| Head { garbage: garbage.clone(), ..Head::default() };
    derived.write(world, began, Vec::new(), &mut garbage, head).await
}

/// Takes what changed in a company into its reports, until nothing is left or `until` (monotonic) is reached. Gives the
/// number of changes. An idle call is two reads.
///
/// # Errors
/// The store's; what was taken in stays, the rest is the next call's.
pub async fn follow<W: World>(world: &W, company: CompanyId, until: Duration) -> Result<u64, StoreError> {
    let mut all = 0u64;
    for _ in 0..STEPS {
        match step(world, company).await {
            Ok(Some(changes)) => all = all.saturating_add(changes),
            Ok(None) => break,
            // A chunk is missing, or the list is shorter than what was read of it: everything is read again.
            Err(e @ StoreError::Corrupt { .. }) => {
                world.log().write(Level::Error, &format!("the reports begin anew: {e}"));
                rebuild(world, company).await?;
                break;
            }
            Err(e) => return Err(e),
        }
        if world.clock().monotonic() >= until {
            break;
        }
    }
    Ok(all)
}

/// One step; `None` if there was nothing to do.
async fn step<W: World>(world: &W, company: CompanyId) -> Result<Option<u64>, StoreError> {
    let began = Began::now(world);
    let derived = derived(company)?;
    let list = list::index(company)?;
    let (head, upto) = join(derived.head::<Head>(world.kv()), list.upto(world.kv())).await;
    let (mut head, upto) = (head?.unwrap_or_default(), upto?);
    let due = head.position.due(upto)?;
    if due.is_empty() {
        return Ok(None);
    }
    let rows = list.rows_at(world.kv(), &due).await?;
    let now = world.clock().now();
    let there: BTreeSet<u64> = rows.iter().map(|(slot, _)| *slot).collect();
    if !head.position.has_news(&due, &there) {
        return Ok(None);
    }
    let mut lines: BTreeMap<u64, Vec<(u64, Option<TicketFacts>)>> = BTreeMap::new();
    let mut pieces = Pieces::of(&rows, began);
    let mut seen = BTreeSet::new();
    while let Some(some) = pieces.next(world).await? {
        seen.extend(some.iter().map(|(id, _)| *id));
        let (mut found, mut fronts) = line::lines_of(world, company, &some).await?;
        fronts.retain(|front| seen.insert(*front));
        let fronts = follow::read_tickets(world, &fronts).await?;
        found.extend(line::lines_of(world, company, &fronts).await?.0);
        for (number, facts) in found {
            lines.entry(number / CHUNK).or_default().push((number, facts));
        }
    }
    let done = pieces.done(due);
    head.position.advance(&done, &there, began.wall, now);
    let old: Vec<Place> = lines.keys().filter_map(|n| head.chunks.get(n).map(|c| place(*n, c))).collect();
    let mut known = BTreeMap::new();
    for (place, bytes) in old.iter().zip(derived.values(world.kv(), &old).await?) {
        known.insert(place.number, unpack(&bytes)?);
    }
    let generation = Derived::generation(world.random());
    let mut values = Vec::new();
    for (chunk, changed) in lines {
        let there = known.remove(&chunk).unwrap_or_default();
        let mut all: BTreeMap<u64, TicketFacts> = there.into_iter().map(|t| (t.number, t)).collect();
        for (number, facts) in changed {
            match facts {
                Some(facts) => all.insert(number, facts),
                None => all.remove(&number),
            };
        }
        if let Some(old) = head.chunks.remove(&chunk) {
            head.garbage.add(&old.generation, chunk, chunk, now);
        }
        let moments = || all.values().map(|t| t.began.0);
        let (Some(first), Some(last)) = (moments().min(), moments().max()) else { continue };
        let new = Chunk { generation: generation.clone(), first, last };
        values.push((place(chunk, &new), pack(all.values())?));
        head.chunks.insert(chunk, new);
    }
    let (position, chunks) = (head.position.clone(), head.chunks.clone());
    derived
        .write(world, began.monotonic, values, &mut head.garbage, |garbage| Head {
            position,
            chunks,
            garbage: garbage.clone(),
        })
        .await?;
    Ok(Some(done.iter().filter(|s| there.contains(s)).count() as u64))
}

/// A report and how fresh it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fresh {
    /// The report.
    pub report: Report,
    /// Changes of tickets that are not in it yet.
    pub behind: u64,
}

/// A report over days: `midnights` are their beginnings in order, with the end of the last one behind them.
///
/// # Errors
/// The store's.
pub async fn report<W: World>(
    world: &W,
    company: CompanyId,
    midnights: &[Timestamp],
    wanted: &Wanted,
) -> Result<Fresh, StoreError> {
    let derived = derived(company)?;
    let list = list::index(company)?;
    let (head, upto) = join(derived.head::<Head>(world.kv()), list.upto(world.kv())).await;
    let (head, upto) = (head?.unwrap_or_default(), upto?);
    let behind = upto.saturating_sub(head.position.upto);
    let (Some(from), Some(to)) = (midnights.first(), midnights.last()) else {
        return Ok(Fresh { report: Report::default(), behind });
    };
    let places: Vec<Place> = head
        .chunks
        .iter()
        .filter(|(_, c)| c.last >= from.0 && c.first < to.0)
        .map(|(number, chunk)| place(*number, chunk))
        .collect();
    let mut tickets = Vec::new();
    for bytes in derived.values(world.kv(), &places).await? {
        tickets.extend(unpack(&bytes)?);
    }
    Ok(Fresh { report: Report::of(&tickets, midnights, wanted), behind })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_full_chunk_fits_into_a_value() {
        let employee = |n: u64| EmployeeId::deterministic(&[&n.to_le_bytes()]);
        // A usual chunk is kept whole; in one where everybody answers everything fewer of them are counted.
        for (people, agents, kept) in [(40, 6, 6), (100_000, 6, 2)] {
            let tickets: Vec<TicketFacts> = (0..CHUNK)
                .map(|n| TicketFacts {
                    ticket: TicketId::deterministic(&[&n.to_le_bytes()]),
                    seen: 1_000 + n,
                    number: 100_000_000 + n,
                    began: Timestamp(1_778_580_000_000 + i64::try_from(n).unwrap()),
                    source: format!("A marketplace with a long name {}", n % 20),
                    queue: QueueId::deterministic(&[&(n % 40).to_le_bytes()]),
                    answered: Some((Timestamp(1_798_580_000_000), Some(employee(n % people)))),
                    closed: Some((Timestamp(1_798_580_000_000), Some(employee(n * 7 % people)))),
                    replies: (0..agents).map(|i| (employee((n * 31 + i) % people), 12_345)).collect(),
                })
                .collect();
            let bytes = pack(tickets.iter()).unwrap();
            assert!(bytes.len() <= MAX_VALUE, "{} bytes", bytes.len());
            let mut expected = tickets;
            expected.iter_mut().for_each(|t| t.replies.truncate(kept));
            assert!(unpack(&bytes).unwrap() == expected, "{people} people");
        }
    }
}
