//! An append-only journal per aggregate, and reading it.
//!
//! Reading costs two round trips (three when an entry list is long) and writes nothing. Every slot up to `upto` is folded
//! into the state or named as a hole; a hole is a slot that was reserved and whose entry was not there when it was read:
//! its writer may still be writing, or is dead. Holes are asked for again at every reading for [`HOLE_LIFE`].

use crate::access::{corrupt, get_all, retry};
use crate::keys::{JournalKey, MAX_VALUE};
use futures::future::join;
use mostek_ports::{Clock, KeyValue, StoreError, Timestamp};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::marker::PhantomData;
use std::time::Duration;

/// How long a hole is asked for. An entry that lands later than this after its slot was first missed is lost; its writer
/// has long been told to write again (see [`crate::commit::DEADLINE`]).
pub const HOLE_LIFE: Duration = Duration::from_secs(24 * 3600);
/// At this many holes a snapshot stops moving forward.
const MAX_HOLES: usize = 256;
/// Fact ids remembered for telling a repeated fact.
const REMEMBERED_FACTS: usize = 512;
/// Body bytes per snapshot part: under the limit of a value with the header.
const SNAPSHOT_PART: usize = 48_000;
/// Parts of one snapshot at most: a state of about 1.5 MB. A longer state is kept without snapshot.
pub(crate) const SNAPSHOT_PARTS: usize = 32;
/// A snapshot whose parts do not belong together (another one is being written) is read again this often.
const SNAPSHOT_TRIES: u32 = 3;

/// Who caused a fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum Actor {
    /// An employee, by id.
    Employee(String),
    /// The hub itself: a timer, a repair.
    System(String),
    /// Another system: a marketplace connection, by id.
    Remote(String),
}

/// What a journal folds to. `apply` must be a pure function of its arguments.
pub trait Aggregate {
    /// What is written.
    type Fact: Serialize + DeserializeOwned;
    /// What it folds to.
    type State: Serialize + DeserializeOwned + Default + Clone;
    /// Raised whenever `apply` or the shape of `State` changes: the number is in the snapshot's key, so old and new code
    /// never read each other's snapshots.
    const FOLD: u32;

    /// Folds one entry in; called once per fact id. Entries come in the order of their slots, except those that turn up
    /// late in a hole: a field that is overwritten remembers the slot that set it, and the higher slot wins.
    fn apply(state: &mut Self::State, entry: &Entry<Self::Fact>);

    /// The same fact was found in another slot (its writer had to write it again). By default nothing.
    fn repeated(_state: &mut Self::State, _entry: &Entry<Self::Fact>) {}
}

/// One entry of a journal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry<F> {
    /// The version of this envelope.
    pub v: u32,
    /// Its slot, from 1. Not stored: the key has it.
    #[serde(skip)]
    pub slot: u64,
    /// Random, renewed whenever the fact is written into a new slot.
    pub stamp: String,
    /// The fact's own id: a message id, an idempotency key. Twice the same id is one fact.
    pub id: String,
    /// When the writer wrote it, by its clock, in milliseconds.
    pub at: i64,
    /// Who caused it.
    pub actor: Actor,
    /// Slots that were reserved in other journals by the same write, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub refs: BTreeMap<String, u64>,
    /// The fact.
    pub fact: F,
}

impl<F> Entry<F> {
    /// When it was written.
    #[must_use]
    pub fn at(&self) -> Timestamp {
        Timestamp(self.at)
    }
}

/// Facts already folded in, for telling repetitions.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Known(Vec<(u64, String)>);

impl Known {
    /// False if it was there already.
    fn insert(&mut self, slot: u64, id: &str) -> bool {
        let id = short(id);
        if self.0.iter().any(|(_, known)| *known == id) {
            return false;
        }
        self.0.push((slot, id));
        if self.0.len() > REMEMBERED_FACTS {
            self.0.sort_unstable();
            self.0.drain(..self.0.len() - REMEMBERED_FACTS);
        }
        true
    }
}

/// Long ids are remembered by 128 bits of their hash.
pub(crate) fn short(id: &str) -> String {
    if id.len() <= 32 {
        id.to_owned()
    } else {
        Sha256::digest(id).iter().take(16).map(|b| format!("{b:02x}")).collect()
    }
}

/// The reader's wall clock at two moments of one reading. A hole is noted with the later and aged by the earlier one, so
/// that a reader that is stopped in between errs on the side of asking for too long.
#[derive(Debug, Clone, Copy)]
struct Watch {
    /// Before anything was read.
    began: Timestamp,
    /// After the counter was read: every slot up to it had been reserved by then.
    counted: Timestamp,
}

/// What the first part of a snapshot begins with.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Head {
    tag: String,
    parts: usize,
    upto: u64,
    holes: Vec<(u64, i64)>,
}

#[derive(Serialize, Deserialize)]
struct Body<S> {
    facts: Known,
    state: S,
}

/// A journal that folds to `A`.
#[derive(Debug)]
pub struct Journal<A> {
    key: JournalKey,
    aggregate: PhantomData<fn() -> A>,
}

impl<A> Clone for Journal<A> {
    fn clone(&self) -> Self {
        Self { key: self.key.clone(), aggregate: PhantomData }
    }
}

/// A journal's state at one moment.
#[derive(Debug)]
pub struct Reading<A: Aggregate> {
    /// The fold of all entries that were there.
    pub state: A::State,
    upto: u64,
    holes: BTreeMap<u64, i64>,
    known: Known,
    /// There were entries this code cannot read (written by newer code): it must not write snapshots.
    foreign: bool,
    tail: usize,
}

// By hand: deriving would ask the same of the aggregate's marker type.
impl<A: Aggregate> Clone for Reading<A> {
    fn clone(&self) -> Self {
        Self {
            state: self.state.clone(),
            upto: self.upto,
            holes: self.holes.clone(),
            known: self.known.clone(),
            foreign: self.foreign,
            tail: self.tail,
        }
    }
}

impl<A: Aggregate> Reading<A> {
    /// A journal in which nothing was ever written.
    #[must_use]
    pub fn empty() -> Self {
        Self {
            state: A::State::default(),
            upto: 0,
            holes: BTreeMap::new(),
            known: Known::default(),
            foreign: false,
            tail: 0,
        }
    }

    /// The highest slot this reading knows of; 0 if nothing was ever written.
    #[must_use]
    pub fn upto(&self) -> u64 {
        self.upto
    }

    /// Slots that were reserved and not yet found.
    pub fn holes(&self) -> impl Iterator<Item = u64> + '_ {
        self.holes.keys().copied()
    }

    /// How many entries were read one by one, past the snapshot.
    #[must_use]
    pub fn tail(&self) -> usize {
        self.tail
    }

    fn fold(&mut self, entry: &Entry<A::Fact>) {
        if self.known.insert(entry.slot, &entry.id) {
            A::apply(&mut self.state, entry);
        } else {
            A::repeated(&mut self.state, entry);
        }
    }

    /// This reading with entries added right behind it, for a snapshot that is written together with them.
    pub(crate) fn with(&self, entries: &[Entry<A::Fact>]) -> Option<Self> {
        let mut next = self.clone();
        for e in entries {
            if e.slot != next.upto.checked_add(1)? {
                return None;
            }
            next.upto = e.slot;
            next.fold(e);
        }
        Some(next)
    }

    /// The parts of this reading's snapshot; `None` if it must not or cannot be written.
    pub(crate) fn snapshot(&self, key: &JournalKey) -> Option<Vec<(String, Vec<u8>)>> {
        if self.foreign || self.upto == 0 || self.holes.len() > MAX_HOLES {
            return None;
        }
        let body = serde_json::to_vec(&Body { facts: self.known.clone(), state: self.state.clone() }).ok()?;
        let parts = body.len().div_ceil(SNAPSHOT_PART).max(1);
        if parts > SNAPSHOT_PARTS {
            return None;
        }
        let holes: Vec<(u64, i64)> = self.holes.iter().map(|(s, t)| (*s, *t)).collect();
        let tag = tag(self.upto, &holes, &body);
        let mut pairs = Vec::with_capacity(parts);
        for (i, piece) in body.chunks(SNAPSHOT_PART).enumerate() {
            let mut value = if i == 0 {
                let head = Head { tag: tag.clone(), parts, upto: self.upto, holes: holes.clone() };
                serde_json::to_vec(&head).ok()?
            } else {
                tag.clone().into_bytes()
            };
            value.push(b'\n');
            value.extend_from_slice(piece);
            if value.len() > MAX_VALUE {
                return None;
            }
            pairs.push((key.snapshot(A::FOLD, i), value));
        }
        Some(pairs)
    }
}

/// Tells the parts of one snapshot from those of another, and whole ones from damaged ones.
fn tag(upto: u64, holes: &[(u64, i64)], body: &[u8]) -> String {
    let mut hash = Sha256::new();
    hash.update(upto.to_le_bytes());
    hash.update(format!("{holes:?}"));
    hash.update(body);
    hash.finalize().iter().take(8).map(|b| format!("{b:02x}")).collect()
}

/// Splits a snapshot's part at its header line.
fn split(value: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = value.iter().position(|b| *b == b'\n')?;
    Some((value.get(..at)?, value.get(at + 1..)?))
}

impl<A: Aggregate> Journal<A> {
    /// The journal under a key.
    #[must_use]
    pub fn at(key: JournalKey) -> Self {
        Self { key, aggregate: PhantomData }
    }

    /// Its key.
    #[must_use]
    pub fn key(&self) -> &JournalKey {
        &self.key
    }

    /// The present state.
    ///
    /// # Errors
    /// The store's: a read that failed is repeated and then fails the reading, it is never taken for a missing entry.
    /// [`StoreError::Corrupt`] if the store has lost data (the counter is behind a snapshot's slot).
    pub async fn read<K: KeyValue>(&self, kv: &K, clock: &impl Clock) -> Result<Reading<A>, StoreError> {
        let began = clock.now();
        for _ in 0..SNAPSHOT_TRIES {
            let first_key = self.key.snapshot(A::FOLD, 0);
            let counter_key = self.key.counter();
            let (first, counter) =
                join(retry(|| kv.get(&first_key)), retry(|| kv.counter(&counter_key))).await;
            let (first, mut counter) = (first?, counter?);
            let mut watch = Watch { began, counted: clock.now() };
            let Some(first) = first else {
                return self.fold_from(kv, Reading::empty(), counter, watch).await;
            };
            let Some((head, piece)) = split(&first) else { break };
            let Ok(head) = serde_json::from_slice::<Head>(head) else { break };
            if counter < head.upto {
                // The counter was read first and the snapshot is of a moment later.
                counter = retry(|| kv.counter(&counter_key)).await?;
                watch.counted = clock.now();
            }
            if counter < head.upto {
                return Err(corrupt(
                    &counter_key,
                    format_args!("it is {counter}, but slot {} was written", head.upto),
                ));
            }
            if let Some(reading) = self.resume(kv, &head, piece, counter, watch).await? {
                return Ok(reading);
            }
        }
        // No usable snapshot: everything is in the entries.
        let counter = self.counter(kv).await?;
        let watch = Watch { began, counted: clock.now() };
        self.fold_from(kv, Reading::empty(), counter, watch).await
    }

    /// Goes on from a snapshot; `None` if its parts do not belong together.
    async fn resume<K: KeyValue>(
        &self,
        kv: &K,
        head: &Head,
        first: &[u8],
        counter: u64,
        watch: Watch,
    ) -> Result<Option<Reading<A>>, StoreError> {
        let slots: Vec<u64> =
            head.holes.iter().map(|(s, _)| *s).chain(head.upto.saturating_add(1)..=counter).collect();
        // The rest of the snapshot and the entries come in one round trip.
        let part_keys: Vec<String> =
            (1..head.parts.min(SNAPSHOT_PARTS)).map(|i| self.key.snapshot(A::FOLD, i)).collect();
        let entry_keys: Vec<String> = slots.iter().map(|s| self.key.entry(*s)).collect();
        let (parts, entries) = join(get_all(kv, &part_keys), get_all(kv, &entry_keys)).await;
        let (parts, entries) = (parts?, entries?);
        let mut body = first.to_vec();
        for part in parts {
            let Some(part) = part else { return Ok(None) };
            let Some((tag, piece)) = split(&part) else { return Ok(None) };
            if tag != head.tag.as_bytes() {
                return Ok(None);
            }
            body.extend_from_slice(piece);
        }
        if tag(head.upto, &head.holes, &body) != head.tag {
            return Ok(None);
        }
        let Ok(body) = serde_json::from_slice::<Body<A::State>>(&body) else { return Ok(None) };
        let mut reading = Reading {
            state: body.state,
            upto: head.upto,
            holes: head.holes.iter().copied().collect(),
            known: body.facts,
            foreign: false,
            tail: 0,
        };
        self.fold_slots(&mut reading, &slots, entries, watch)?;
        reading.forget_old_holes(watch);
        Ok(Some(reading))
    }

    async fn fold_from<K: KeyValue>(
        &self,
        kv: &K,
        mut reading: Reading<A>,
        counter: u64,
        watch: Watch,
    ) -> Result<Reading<A>, StoreError> {
        let mut slots = (reading.upto.saturating_add(1)..=counter).peekable();
        while slots.peek().is_some() {
            let some: Vec<u64> = slots.by_ref().take(512).collect();
            let keys: Vec<String> = some.iter().map(|s| self.key.entry(*s)).collect();
            let entries = get_all(kv, &keys).await?;
            self.fold_slots(&mut reading, &some, entries, watch)?;
        }
        reading.forget_old_holes(watch);
        Ok(reading)
    }

    fn fold_slots(
        &self,
        reading: &mut Reading<A>,
        slots: &[u64],
        entries: Vec<Option<Vec<u8>>>,
        watch: Watch,
    ) -> Result<(), StoreError> {
        for (slot, bytes) in slots.iter().zip(entries) {
            reading.upto = reading.upto.max(*slot);
            let Some(bytes) = bytes else {
                reading.holes.entry(*slot).or_insert(watch.counted.0);
                continue;
            };
            reading.holes.remove(slot);
            reading.tail += 1;
            match decode(&self.key.entry(*slot), *slot, &bytes)? {
                Some(entry) => reading.fold(&entry),
                None => reading.foreign = true,
            }
        }
        Ok(())
    }

    /// Reads the entries of given slots, missing ones left out: for pages of a journal that is read as a log.
    ///
    /// # Errors
    /// The store's.
    pub async fn entries(
        &self,
        kv: &impl KeyValue,
        slots: &[u64],
    ) -> Result<Vec<Entry<A::Fact>>, StoreError> {
        let keys: Vec<String> = slots.iter().map(|s| self.key.entry(*s)).collect();
        let mut found = Vec::with_capacity(slots.len());
        for (slot, bytes) in slots.iter().zip(get_all(kv, &keys).await?) {
            if let Some(bytes) = bytes
                && let Some(entry) = decode(&self.key.entry(*slot), *slot, &bytes)?
            {
                found.push(entry);
            }
        }
        Ok(found)
    }

    /// The highest reserved slot.
    ///
    /// # Errors
    /// The store's.
    pub async fn counter(&self, kv: &impl KeyValue) -> Result<u64, StoreError> {
        let key = self.key.counter();
        retry(|| kv.counter(&key)).await
    }

    /// Folds every entry from the first, ignoring snapshots: what the repair job compares with.
    ///
    /// # Errors
    /// The store's.
    pub async fn refold<K: KeyValue>(&self, kv: &K, clock: &impl Clock) -> Result<Reading<A>, StoreError> {
        let began = clock.now();
        let counter = self.counter(kv).await?;
        let watch = Watch { began, counted: clock.now() };
        self.fold_from(kv, Reading::empty(), counter, watch).await
    }

    /// Writes a snapshot of a reading: one write, always safe, only ever a saving for later readers.
    ///
    /// # Errors
    /// The store's.
    pub async fn write_snapshot(&self, kv: &impl KeyValue, reading: &Reading<A>) -> Result<(), StoreError> {
        match reading.snapshot(&self.key) {
            Some(pairs) => kv.set_many(&pairs).await,
            None => Ok(()),
        }
    }
}

impl<A: Aggregate> Reading<A> {
    fn forget_old_holes(&mut self, watch: Watch) {
        self.holes.retain(|_, missed| watch.began.since(Timestamp(*missed)) <= HOLE_LIFE);
    }
}

/// `None` for an entry that newer code wrote and this code cannot read.
fn decode<F: DeserializeOwned>(key: &str, slot: u64, bytes: &[u8]) -> Result<Option<Entry<F>>, StoreError> {
    let value: serde_json::Value = serde_json::from_slice(bytes).map_err(|e| corrupt(key, e))?;
    let Ok(mut entry) = serde_json::from_value::<Entry<F>>(value) else { return Ok(None) };
    entry.slot = slot;
    Ok(Some(entry))
}

/// The slots of a log's page, newest first: at most `limit` below `before` (or from the newest).
#[must_use]
pub fn page_of_slots(counter: u64, before: Option<u64>, limit: usize) -> Vec<u64> {
    let top = before.map_or(counter, |b| b.saturating_sub(1).min(counter));
    (1..=top).rev().take(limit).collect()
}
