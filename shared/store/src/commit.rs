//! Writing facts to one or several journals, all or nothing on SQLite and a single Redis.
//!
//! Slots are reserved in every journal, then everything is written in one `set_many`: facts, snapshots, records. An answer
//! that comes [`DEADLINE`] or later after the first reservation was *begun* is not trusted, because readers may by then
//! have given the slots up: the same facts are written again into new slots, where their ids make them count once.

use crate::access::corrupt;
use crate::journal::{Actor, Aggregate, Entry, Journal, Reading};
use crate::keys::{JournalKey, MAX_VALUE};
use futures::future::join_all;
use mostek_ports::{Clock, KeyValue, Random, StoreError, Timestamp, World};
use std::collections::BTreeMap;
use std::time::Duration;

/// How long after the beginning of the first reservation a write still counts.
pub const DEADLINE: Duration = Duration::from_secs(10);
/// How often everything is begun again with new slots before the caller is told.
const ROUNDS: u32 = 3;
/// How often one reservation is repeated within a round.
const RESERVATIONS: u32 = 4;
/// After this no further round is begun: a store that hangs instead of failing must not hold its caller through all of them.
const PATIENCE: Duration = Duration::from_secs(15);
/// A state longer than this many bytes is not written with every fact, but with every eighth.
const HEAVY: usize = 16_000;

/// Names one of a commit's appends, to learn its slots or to refer to them from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Handle(usize);

/// When a snapshot is written along with the facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ride {
    /// Whenever nobody wrote in between and the state is not heavy (then at every eighth slot).
    WhenCheap,
    /// Never: the journal is a log or an index that is tidied by the timer.
    Never,
}

/// What is common to all entries of one round.
struct Round<'a> {
    stamp: String,
    at: i64,
    actor: &'a Actor,
    slots: &'a [u64],
}

trait Append {
    fn key(&self) -> &JournalKey;
    fn count(&self) -> u64;
    fn pairs(&self, first: u64, round: &Round<'_>) -> Result<Vec<(String, Vec<u8>)>, StoreError>;
}

struct Facts<'a, A: Aggregate> {
    journal: Journal<A>,
    reading: Option<&'a Reading<A>>,
    facts: Vec<(String, A::Fact)>,
    refs: Vec<(String, Handle, u64)>,
    ride: Ride,
}

impl<A: Aggregate> Append for Facts<'_, A>
where
    A::Fact: Clone,
{
    fn key(&self) -> &JournalKey {
        self.journal.key()
    }

    fn count(&self) -> u64 {
        self.facts.len() as u64
    }

    fn pairs(&self, first: u64, round: &Round<'_>) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        let refs: BTreeMap<String, u64> = self
            .refs
            .iter()
            .filter_map(|(name, of, offset)| {
                Some((name.clone(), round.slots.get(of.0)?.saturating_add(*offset)))
            })
            .collect();
        let entries: Vec<Entry<A::Fact>> = (first..)
            .zip(&self.facts)
            .map(|(slot, (id, fact))| Entry {
                v: 1,
                slot,
                stamp: round.stamp.clone(),
                id: id.clone(),
                at: round.at,
                actor: round.actor.clone(),
                refs: refs.clone(),
                fact: fact.clone(),
            })
            .collect();
        let mut pairs = Vec::with_capacity(entries.len() + 1);
        for e in &entries {
            let key = self.journal.key().entry(e.slot);
            let bytes = serde_json::to_vec(e).map_err(|e| corrupt(&key, e))?;
            if bytes.len() > MAX_VALUE {
                return Err(corrupt(&key, format_args!("{} bytes are too long for one entry", bytes.len())));
            }
            pairs.push((key, bytes));
        }
        if self.ride == Ride::WhenCheap
            && let Some(next) = self.reading.and_then(|r| r.with(&entries))
            && let Some(snapshot) = next.snapshot(self.journal.key())
        {
            let bytes: usize = snapshot.iter().map(|(_, v)| v.len()).sum();
            let crosses_eighth = next.upto() / 8 != first.saturating_sub(1) / 8;
            if bytes <= HEAVY || crosses_eighth {
                pairs.extend(snapshot);
            }
        }
        Ok(pairs)
    }
}

/// Facts to be written together.
pub struct Commit<'a> {
    actor: Actor,
    at: Option<Timestamp>,
    appends: Vec<Box<dyn Append + 'a>>,
    pairs: Vec<(String, Vec<u8>)>,
}

/// What a commit reserved.
#[derive(Debug, Clone)]
pub struct Committed {
    first_slots: Vec<u64>,
}

impl Committed {
    /// The slot of an append's `offset`-th fact.
    #[must_use]
    pub fn slot(&self, of: Handle, offset: u64) -> u64 {
        self.first_slots.get(of.0).map_or(0, |s| s.saturating_add(offset))
    }
}

impl<'a> Commit<'a> {
    /// Nothing yet, caused by `actor`.
    #[must_use]
    pub fn by(actor: Actor) -> Self {
        Self { actor, at: None, appends: Vec::new(), pairs: Vec::new() }
    }

    /// Dates the facts, for whoever has computed something from their moment that is written along with them. Without it
    /// they carry the moment of writing.
    pub fn date(&mut self, at: Timestamp) {
        self.at = Some(at);
    }

    /// Adds facts with their ids to a journal. With the `reading` that the decision rests on, a snapshot rides along when
    /// nobody else wrote in between.
    pub fn append<A: Aggregate + 'a>(
        &mut self,
        journal: &Journal<A>,
        reading: Option<&'a Reading<A>>,
        facts: Vec<(String, A::Fact)>,
    ) -> Handle
    where
        A::Fact: Clone,
    {
        self.append_with(journal, reading, facts, Vec::new(), Ride::WhenCheap)
    }

    /// Like [`Commit::append`]; every entry also names slots of other appends of this commit, and the snapshot rides along
    /// or not.
    pub fn append_with<A: Aggregate + 'a>(
        &mut self,
        journal: &Journal<A>,
        reading: Option<&'a Reading<A>>,
        facts: Vec<(String, A::Fact)>,
        refs: Vec<(String, Handle, u64)>,
        ride: Ride,
    ) -> Handle
    where
        A::Fact: Clone,
    {
        self.appends.push(Box::new(Facts { journal: journal.clone(), reading, facts, refs, ride }));
        Handle(self.appends.len() - 1)
    }

    /// Adds a pair that is written once or is a cache or record: a late repeat of it must be harmless.
    pub fn also(&mut self, pair: (String, Vec<u8>)) {
        self.pairs.push(pair);
    }

    /// True if there is nothing to write.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.appends.is_empty() && self.pairs.is_empty()
    }

    /// Writes everything: one `increment` per journal and one `set_many`.
    ///
    /// # Errors
    /// The store's, after several tries: then the facts may or may not be there, or may appear later; writing them again
    /// with the same ids is safe. [`StoreError::Corrupt`], before anything was reserved, if an entry is too long.
    pub async fn run<W: World>(&self, world: &W) -> Result<Committed, StoreError> {
        self.run_on(world.kv(), world.clock(), world.random()).await
    }

    /// [`Commit::run`] with the three ports it needs.
    ///
    /// # Errors
    /// As [`Commit::run`].
    pub async fn run_on(
        &self,
        kv: &impl KeyValue,
        clock: &impl Clock,
        random: &impl Random,
    ) -> Result<Committed, StoreError> {
        let widest = vec![u64::MAX / 2; self.appends.len()];
        self.build(&widest, clock, random)?;
        let mut last = StoreError::Failed("the write was too slow".into());
        let mut first = None;
        for round in 0..ROUNDS {
            if round > 0 {
                clock.sleep(Duration::from_millis(50 << round)).await;
            }
            let began = clock.monotonic();
            if began.saturating_sub(*first.get_or_insert(began)) >= PATIENCE {
                break;
            }
            let first_slots = match self.reserve(kv, clock, began).await {
                Ok(slots) => slots,
                Err(e) => {
                    last = e;
                    continue;
                }
            };
            let pairs = self.build(&first_slots, clock, random)?;
            let mut pause = Duration::from_millis(20);
            while clock.monotonic().saturating_sub(began) < DEADLINE {
                match kv.set_many(&pairs).await {
                    Ok(()) if clock.monotonic().saturating_sub(began) < DEADLINE => {
                        return Ok(Committed { first_slots });
                    }
                    Ok(()) => break,
                    Err(e @ (StoreError::Denied(_) | StoreError::Corrupt { .. })) => return Err(e),
                    Err(e) => last = e,
                }
                // The same slots and the same bytes again: whatever the failed call did, this repeats it.
                clock.sleep(pause).await;
                pause = pause.saturating_mul(4).min(Duration::from_secs(2));
            }
        }
        Err(last)
    }

    async fn reserve(
        &self,
        kv: &impl KeyValue,
        clock: &impl Clock,
        began: Duration,
    ) -> Result<Vec<u64>, StoreError> {
        let reservations = self.appends.iter().map(|a| async move {
            let key = a.key().counter();
            let mut last = StoreError::Failed("no answer".into());
            for _ in 0..RESERVATIONS {
                // A lost answer wastes the slots: readers see holes that never fill.
                match kv.increment(&key, a.count()).await {
                    Ok(n) => return Ok(n.saturating_sub(a.count()).saturating_add(1)),
                    Err(e @ StoreError::Denied(_)) => return Err(e),
                    Err(e) => last = e,
                }
                // What was reserved now could not be written in time any more.
                if clock.monotonic().saturating_sub(began) >= DEADLINE {
                    break;
                }
            }
            Err(last)
        });
        join_all(reservations).await.into_iter().collect()
    }

    fn build(
        &self,
        first_slots: &[u64],
        clock: &impl Clock,
        random: &impl Random,
    ) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        let round = Round {
            stamp: format!("{:016x}", random.u64()),
            at: self.at.unwrap_or_else(|| clock.now()).0,
            actor: &self.actor,
            slots: first_slots,
        };
        let mut pairs = Vec::new();
        for (append, first) in self.appends.iter().zip(first_slots) {
            pairs.extend(append.pairs(*first, &round)?);
        }
        pairs.extend(self.pairs.iter().cloned());
        Ok(pairs)
    }
}
