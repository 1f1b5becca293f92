//! Following a journal from a cursor: what is new since the last time, also what landed late.
//!
//! A slot that is reserved and whose entry is not there yet is a *hole*: it is asked for again, for as long as the journal
//! itself does. The cursor is kept with what was made of the entries, in one head (`mostek_store::derived`), so an entry is
//! taken at least once, and taking it twice must make no difference.

use crate::ticket::{Fact, ItemKind, Recorded, Text, Ticket};
use crate::{front, names};
use futures::future::join_all;
use mostek_domain::{TicketId, Timestamp};
use mostek_ports::{Clock, Level, Log, StoreError, World};
use mostek_store::journal::HOLE_LIFE;
use mostek_store::{Blob, Entry, Reading, Row};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// Slots taken at once at most, holes not counted.
pub(crate) const STEP: u64 = 256;
/// Tickets read at the same time.
const CONCURRENT: usize = 32;

/// How far a journal was followed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Position {
    /// Every slot up to here was asked for.
    pub(crate) upto: u64,
    /// Those of them that were not there, each with the moment when it was first missed.
    #[serde(default)]
    holes: BTreeMap<u64, i64>,
}

impl Position {
    /// The slots to ask for now, if the journal's counter is this.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] if the journal is shorter than what was read of it: the store was put back to an earlier
    /// moment, and what was made of the journal has to be made again.
    pub(crate) fn due(&self, counter: u64) -> Result<Vec<u64>, StoreError> {
        if counter < self.upto {
            return Err(StoreError::Corrupt {
                key: "(a cursor)".into(),
                reason: format!("it is at {} of a journal that has {counter}", self.upto),
            });
        }
        let to = counter.min(self.upto.saturating_add(STEP));
        Ok(self.holes.keys().copied().chain(self.upto.saturating_add(1)..=to).collect())
    }

    /// Whether something is there that was not before: a slot, or an entry in a hole.
    pub(crate) fn has_news(&self, asked: &[u64], found: &BTreeSet<u64>) -> bool {
        asked.iter().any(|slot| *slot > self.upto || found.contains(slot))
    }

    /// What the position is when these were asked for and those of them `found`. Holes are aged by the clock `began` of before
    /// they were asked for and noted with the present one.
    pub(crate) fn advance(&mut self, asked: &[u64], found: &BTreeSet<u64>, began: Timestamp, now: Timestamp) {
        for slot in asked {
            if found.contains(slot) {
                self.holes.remove(slot);
            } else if *slot > self.upto {
                self.holes.insert(*slot, now.0);
            }
        }
        self.upto = asked.iter().copied().max().unwrap_or(0).max(self.upto);
        self.holes.retain(|_, missed| began.since(Timestamp(*missed)) <= HOLE_LIFE);
    }
}

/// The tickets that rows are about, each once.
pub(crate) fn tickets_of(rows: &[(u64, Row)]) -> BTreeSet<TicketId> {
    rows.iter().filter_map(|(_, row)| TicketId::parse(&row.subject).ok()).collect()
}

/// How long one step takes in tickets; the rows behind them are the next one's. A step that is cut off by its host leaves
/// nothing, so a long one might never come to its end.
const STEP_TIME: Duration = Duration::from_secs(5);

/// The rows of a step, some at a time.
pub(crate) struct Pieces<'a> {
    rows: &'a [(u64, Row)],
    seen: BTreeSet<TicketId>,
    began: Duration,
    /// The last slot that was given out, if not all were.
    cut: Option<u64>,
}

impl<'a> Pieces<'a> {
    /// `rows` are in the order of their slots.
    pub(crate) fn of(rows: &'a [(u64, Row)], began: Began) -> Self {
        Self { rows, seen: BTreeSet::new(), began: began.monotonic, cut: None }
    }

    /// The next tickets, each once in a step; `None` when all were given out or the step's time is over.
    pub(crate) async fn next<W: World>(
        &mut self,
        world: &W,
    ) -> Result<Option<Vec<(TicketId, Reading<Ticket>)>>, StoreError> {
        if self.rows.is_empty() {
            self.cut = None;
            return Ok(None);
        }
        if self.cut.is_some() && world.clock().monotonic().saturating_sub(self.began) >= STEP_TIME {
            return Ok(None);
        }
        let (some, rest) = self.rows.split_at(self.rows.len().min(CONCURRENT));
        let ids: BTreeSet<TicketId> = tickets_of(some).into_iter().filter(|t| self.seen.insert(*t)).collect();
        self.rows = rest;
        self.cut = some.last().map(|(slot, _)| *slot);
        read_tickets(world, &ids).await.map(Some)
    }

    /// Those of the slots that were asked for which this step has done with.
    pub(crate) fn done(&self, asked: Vec<u64>) -> Vec<u64> {
        asked.into_iter().filter(|slot| self.cut.is_none_or(|cut| *slot <= cut)).collect()
    }
}

/// The tickets whose conversations are worked on in these, but for those that were `seen`. No row of their own tells what is
/// said in them: the row of their front does.
pub(crate) fn carried_by(
    fronts: &[(TicketId, Reading<Ticket>)],
    seen: &mut BTreeSet<TicketId>,
) -> BTreeSet<TicketId> {
    seen.extend(fronts.iter().map(|(id, _)| *id));
    let carried = fronts.iter().flat_map(|(_, front)| front.state.carried().take(front::MOST));
    carried.filter(|of| seen.insert(*of)).collect()
}

/// Reads tickets, some at the same time; those that are not opened are left out.
pub(crate) async fn read_tickets<W: World>(
    world: &W,
    ids: &BTreeSet<TicketId>,
) -> Result<Vec<(TicketId, Reading<Ticket>)>, StoreError> {
    let ids: Vec<TicketId> = ids.iter().copied().collect();
    let mut all = Vec::with_capacity(ids.len());
    for some in ids.chunks(CONCURRENT) {
        let read = some.iter().map(|id| async move {
            Ok::<_, StoreError>((*id, Ticket::journal(*id)?.read(world.kv(), world.clock()).await?))
        });
        for one in join_all(read).await {
            let (id, reading) = one?;
            if reading.state.opened.is_some() {
                all.push((id, reading));
            }
        }
    }
    Ok(all)
}

/// The entries of a ticket's items that are of a wanted kind and in slots above `after`.
pub(crate) async fn entries_of<W: World>(
    world: &W,
    id: TicketId,
    ticket: &Ticket,
    after: u64,
    wanted: impl Fn(ItemKind) -> bool,
) -> Result<Vec<Entry<Recorded>>, StoreError> {
    let slots: BTreeSet<u64> =
        ticket.items.iter().filter(|i| i.slot > after && wanted(i.kind)).map(|i| i.slot).collect();
    let slots: Vec<u64> = slots.into_iter().collect();
    mostek_store::Journal::<Ticket>::at(names::ticket(id)?).entries(world.kv(), &slots).await
}

/// Everything that was written in an entry, texts from blobs included, and the names of files.
pub(crate) async fn texts_of<W: World>(world: &W, fact: &Fact) -> Result<Vec<String>, StoreError> {
    let mut out = Vec::new();
    match fact {
        Fact::Messages { messages, .. } => {
            for m in messages {
                out.push(whole(world, &m.text).await?);
                out.extend(m.files.iter().map(|f| f.name.clone()));
            }
        }
        Fact::Reply { text, files, .. } => {
            out.push(whole(world, text).await?);
            out.extend(files.iter().map(|f| f.name.clone()));
        }
        Fact::Comment { text, .. } => out.push(whole(world, text).await?),
        _ => {}
    }
    Ok(out)
}

async fn whole<W: World>(world: &W, text: &Text) -> Result<String, StoreError> {
    match text {
        Text::Inline(text) => Ok(text.clone()),
        Text::Stored { blob, snippet } => match Blob::read(world.kv(), blob).await {
            Ok(bytes) => Ok(String::from_utf8_lossy(&bytes).into_owned()),
            // One damaged text must not stop everything behind it.
            Err(e @ StoreError::Corrupt { .. }) => {
                world.log().write(Level::Error, &e.to_string());
                Ok(snippet.clone())
            }
            Err(e) => Err(e),
        },
    }
}

/// A moment by both clocks, taken before something is read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Began {
    pub(crate) wall: Timestamp,
    pub(crate) monotonic: Duration,
}

impl Began {
    pub(crate) fn now<W: World>(world: &W) -> Self {
        Self { wall: world.clock().now(), monotonic: world.clock().monotonic() }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;

    fn set(slots: &[u64]) -> BTreeSet<u64> {
        slots.iter().copied().collect()
    }

    #[test]
    fn a_hole_is_asked_for_again_until_it_is_too_old() {
        let day = Duration::from_secs(24 * 3600);
        let mut p = Position::default();
        assert_eq!(p.due(3).unwrap(), [1, 2, 3]);
        assert!(p.has_news(&[1, 2, 3], &set(&[])));
        p.advance(&[1, 2, 3], &set(&[1, 3]), Timestamp(0), Timestamp(0));
        assert_eq!(p.due(4).unwrap(), [2, 4]);
        assert!(!p.has_news(&[2], &set(&[])));
        assert!(p.has_news(&[2], &set(&[2])));
        let later = Timestamp(0).plus(day);
        p.advance(&[2, 4], &set(&[4]), later, later);
        assert_eq!(p.due(4).unwrap(), [2]);
        p.advance(&[2], &set(&[]), later.plus(Duration::from_secs(1)), later);
        assert!(p.due(4).unwrap().is_empty());
        assert!(p.due(3).is_err(), "the journal is shorter than what was read of it");
    }

    #[test]
    fn no_more_than_a_step_at_once() {
        let mut p = Position::default();
        let asked = p.due(10_000).unwrap();
        assert_eq!(asked.len() as u64, STEP);
        p.advance(&asked, &asked.iter().copied().collect(), Timestamp(0), Timestamp(0));
        assert_eq!(p.due(10_000).unwrap()[0], STEP + 1);
    }
}
