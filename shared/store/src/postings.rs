//! An inverted index: which documents have a word, at a million documents, in few writes and few round trips.
//!
//! Documents are numbers. Those of 32,768 numbers in a row make a *shard*; a shard is a handful of *segments*, each of which
//! is written once and holds words in their order with the documents that have them ([`segment`]). What is added together
//! becomes one new segment in each shard it touches; segments of about one size are merged into a longer one, so there
//! are never more than some thirty in a shard, and a word is written again at most four times in its life.
//!
//! The head names the segments and carries the owner's own state, such as a cursor ([`crate::derived`]): so the cursor always
//! fits what is indexed, whoever else writes at the same moment.
//!
//! | what | round trips |
//! |---|---|
//! | adding, any number of words and documents | writes: one for the segments, one for the head |
//! | merging, at most [`MERGES`] a time | reads: the merged segments' parts; the writes are the same two |
//! | finding | one for the head; for each round of shards one for fences and one for each 128 parts |

mod segment;

use crate::access::corrupt;
use crate::derived::{Derived, Garbage, Place};
use crate::keys::JournalKey;
use mostek_ports::{Clock, KeyValue, StoreError, World};
use segment::{Bits, Lists, SHARD};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// Raised whenever head or segments change their shape.
const FOLD: u32 = 1;
/// This many segments of about one size are merged into one.
const FAN: usize = 8;
/// Segments that would be longer than this together are not merged: a merge has to fit into memory.
const LONGEST: u64 = 1_500_000;
/// Fewer than this are not worth merging.
const FEWEST: usize = 4;
/// Merges at most each time something is added.
pub const MERGES: usize = 4;
/// Shards looked into per round while finding: the newest often has enough.
const ROUNDS: [usize; 3] = [1, 4, 8];
/// Parts of one segment read for the beginning of a word.
const PARTS_PER_BEGINNING: usize = 16;

/// A segment: its places are the numbers 1 to `parts` of its generation, and 0 for the fence if there are several.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "(String, u64, u64)", into = "(String, u64, u64)")]
struct Segment {
    generation: String,
    parts: u64,
    bytes: u64,
}

impl From<(String, u64, u64)> for Segment {
    fn from((generation, parts, bytes): (String, u64, u64)) -> Self {
        Self { generation, parts, bytes }
    }
}

impl From<Segment> for (String, u64, u64) {
    fn from(s: Segment) -> Self {
        (s.generation, s.parts, s.bytes)
    }
}

impl Segment {
    fn place(&self, number: u64) -> Place {
        Place { number, generation: self.generation.clone() }
    }

    fn all_parts(&self) -> impl Iterator<Item = Place> + '_ {
        (1..=self.parts).map(|n| self.place(n))
    }

    /// Segments of one class differ by less than a factor of eight.
    fn class(&self) -> u32 {
        match self.bytes {
            0..2_000 => 0,
            2_000..16_000 => 1,
            16_000..128_000 => 2,
            _ => 3,
        }
    }
}

/// What is indexed, and the owner's state that goes with it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Head<T> {
    /// The owner's.
    pub state: T,
    shards: BTreeMap<u64, Vec<Segment>>,
    garbage: Garbage,
}

impl<T: Default> Default for Head<T> {
    fn default() -> Self {
        Self { state: T::default(), shards: BTreeMap::new(), garbage: Garbage::default() }
    }
}

impl<T> Head<T> {
    /// How many segments there are and how many bytes they have.
    #[must_use]
    pub fn size(&self) -> (usize, u64) {
        let all = || self.shards.values().flatten();
        (all().count(), all().fold(0, |sum, s| sum.saturating_add(s.bytes)))
    }
}

/// What is added and taken out together. Documents taken out are taken out first.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// Words and the documents that have them.
    pub add: BTreeMap<String, BTreeSet<u64>>,
    /// Documents to forget: no word leads to them any more, and after an hour none of their words is in the store.
    pub forget: BTreeSet<u64>,
}

/// A word to look for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// The word.
    pub word: String,
    /// Whether words that only begin with it count too.
    pub open_ended: bool,
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// Documents, the highest number first.
    pub documents: Vec<u64>,
    /// There may be more below this number.
    pub next: Option<u64>,
    /// So many words begin like the open-ended one that not all of them were looked at.
    pub too_general: bool,
}

/// An inverted index under a key.
#[derive(Debug, Clone)]
pub struct Postings {
    key: JournalKey,
    derived: Derived,
}

impl Postings {
    /// The index under a key.
    #[must_use]
    pub fn at(key: JournalKey) -> Self {
        Self { derived: Derived::at(key.clone(), FOLD), key }
    }

    fn damaged(&self) -> StoreError {
        corrupt(&self.key.to_string(), "a segment cannot be read; it is built again")
    }

    /// The present head, an empty one if nothing was ever written: one round trip, two if it is long.
    ///
    /// # Errors
    /// The store's.
    pub async fn head<T: DeserializeOwned + Default>(
        &self,
        kv: &impl KeyValue,
    ) -> Result<Head<T>, StoreError> {
        Ok(self.derived.head(kv).await?.unwrap_or_default())
    }

    /// Writes a change into the index and `head.state` with it. `began` is the monotonic moment before the head was read.
    ///
    /// # Errors
    /// The store's; [`StoreError::Corrupt`] if a segment that is needed is missing. Then the old head is in force, or the
    /// new one, never half of either.
    pub async fn write<W: World, T: Serialize + Clone>(
        &self,
        world: &W,
        began: Duration,
        head: &mut Head<T>,
        change: Change,
    ) -> Result<(), StoreError> {
        let now = world.clock().now();
        let mut values = Vec::new();
        let mut fresh: BTreeMap<u64, Lists> = BTreeMap::new();
        for (word, documents) in change.add {
            for document in documents {
                // In order, because the set is.
                let numbers = fresh.entry(document / SHARD).or_default().entry(word.clone()).or_default();
                numbers.push(u16::try_from(document % SHARD).unwrap_or(0));
            }
        }
        let mut forget: BTreeMap<u64, BTreeSet<u16>> = BTreeMap::new();
        for document in change.forget {
            let number = u16::try_from(document % SHARD).unwrap_or(0);
            forget.entry(document / SHARD).or_default().insert(number);
        }
        for (shard, gone) in forget {
            let segments = head.shards.remove(&shard).unwrap_or_default();
            let mut kept = Vec::with_capacity(segments.len());
            for old in segments {
                let mut lists = Lists::new();
                self.load(world.kv(), &old, &mut lists).await?;
                if !lists.values().flatten().any(|n| gone.contains(n)) {
                    kept.push(old);
                    continue;
                }
                lists.values_mut().for_each(|numbers| numbers.retain(|n| !gone.contains(n)));
                head.garbage.add(&old.generation, 0, old.parts, now);
                kept.extend(new_segment(world, &lists, &mut values));
            }
            head.shards.insert(shard, kept);
        }
        for (shard, lists) in fresh {
            let segment = new_segment(world, &lists, &mut values);
            head.shards.entry(shard).or_default().extend(segment);
        }
        // What was made just now is not there to be merged yet: the next time.
        let new: BTreeSet<String> =
            values.iter().map(|(p, _): &(Place, Vec<u8>)| p.generation.clone()).collect();
        for _ in 0..MERGES {
            let Some((shard, some)) = mergeable(&head.shards, &new) else { break };
            let mut lists = Lists::new();
            for old in &some {
                self.load(world.kv(), old, &mut lists).await?;
                head.garbage.add(&old.generation, 0, old.parts, now);
            }
            let merged = new_segment(world, &lists, &mut values);
            if let Some(segments) = head.shards.get_mut(&shard) {
                segments.retain(|s| !some.contains(s));
                segments.extend(merged);
            }
        }
        head.shards.retain(|_, segments| !segments.is_empty());
        let (state, shards) = (head.state.clone(), head.shards.clone());
        self.derived
            .write(world, began, values, &mut head.garbage, |garbage| Head {
                state,
                shards,
                garbage: garbage.clone(),
            })
            .await
    }

    /// Replaces everything by nothing, with this state: what was indexed is garbage.
    ///
    /// # Errors
    /// The store's.
    pub async fn clear<W: World, T: Serialize + DeserializeOwned + Default + Clone>(
        &self,
        world: &W,
        state: T,
    ) -> Result<(), StoreError> {
        let began = world.clock().monotonic();
        let now = world.clock().now();
        // A head that cannot be read names nothing.
        let old: Head<T> = match self.head(world.kv()).await {
            Ok(head) => head,
            Err(StoreError::Denied(e)) => return Err(StoreError::Denied(e)),
            Err(_) => Head::default(),
        };
        let mut head = Head { state, shards: BTreeMap::new(), garbage: old.garbage };
        for segment in old.shards.values().flatten() {
            head.garbage.add(&segment.generation, 0, segment.parts, now);
        }
        self.write(world, began, &mut head, Change::default()).await
    }

    async fn load(&self, kv: &impl KeyValue, segment: &Segment, lists: &mut Lists) -> Result<(), StoreError> {
        let places: Vec<Place> = segment.all_parts().collect();
        for part in self.derived.values(kv, &places).await? {
            segment::read(&part, |word, numbers| segment::merge(lists, word, numbers))
                .map_err(|_| self.damaged())?;
        }
        Ok(())
    }

    /// The documents below `below` that fit: those that have all words of one of the `alternatives`, at most `limit`, the
    /// highest numbers first.
    ///
    /// # Errors
    /// The store's; [`StoreError::Corrupt`] if a segment is missing.
    pub async fn find<T>(
        &self,
        kv: &impl KeyValue,
        head: &Head<T>,
        alternatives: &[Vec<Term>],
        below: Option<u64>,
        limit: usize,
    ) -> Result<Found, StoreError> {
        let below = below.unwrap_or(u64::MAX);
        let mut found = Found::default();
        let mut shards = head.shards.range(..=below.saturating_sub(1) / SHARD).rev();
        for count in ROUNDS {
            let some: Vec<(u64, &[Segment])> =
                shards.by_ref().take(count).map(|(n, s)| (*n, s.as_slice())).collect();
            if some.is_empty() {
                found.next = None;
                return Ok(found);
            }
            let fits = self.round(kv, &some, alternatives, &mut found.too_general).await?;
            for ((shard, _), bits) in some.iter().zip(fits) {
                let base = shard.saturating_mul(SHARD);
                for number in bits.descending(below.saturating_sub(base)) {
                    if found.documents.len() >= limit {
                        found.next = found.documents.last().copied();
                        return Ok(found);
                    }
                    found.documents.push(base.saturating_add(number));
                }
                found.next = Some(base);
            }
        }
        if shards.next().is_none() {
            found.next = None;
        }
        Ok(found)
    }

    /// What fits in each of some shards.
    async fn round(
        &self,
        kv: &impl KeyValue,
        shards: &[(u64, &[Segment])],
        alternatives: &[Vec<Term>],
        too_general: &mut bool,
    ) -> Result<Vec<Bits>, StoreError> {
        let segments: Vec<(usize, &Segment)> =
            shards.iter().enumerate().flat_map(|(i, (_, all))| all.iter().map(move |s| (i, s))).collect();
        let fenced: Vec<Place> =
            segments.iter().filter(|(_, s)| s.parts > 1).map(|(_, s)| s.place(0)).collect();
        let mut fences = BTreeMap::new();
        for (place, bytes) in fenced.iter().zip(self.derived.values(kv, &fenced).await?) {
            let fence = segment::read_fence(&bytes).map_err(|_| self.damaged())?;
            fences.insert(place.generation.clone(), fence);
        }
        // Every part once, whichever words need it.
        let mut wanted: BTreeMap<Place, usize> = BTreeMap::new();
        for (shard, segment) in &segments {
            for term in alternatives.iter().flatten() {
                let (numbers, all) = parts_of(segment, fences.get(&segment.generation), term);
                *too_general |= !all;
                wanted.extend(numbers.into_iter().map(|n| (segment.place(n), *shard)));
            }
        }
        let places: Vec<Place> = wanted.keys().cloned().collect();
        let terms: Vec<&Term> = alternatives.iter().flatten().collect();
        let mut have: Vec<Vec<Bits>> = vec![vec![Bits::none(); terms.len()]; shards.len()];
        for (shard, bytes) in wanted.values().zip(self.derived.values(kv, &places).await?) {
            let Some(have) = have.get_mut(*shard) else { continue };
            segment::read(&bytes, |word, numbers| {
                for (term, bits) in terms.iter().zip(have.iter_mut()) {
                    if word == term.word || (term.open_ended && word.starts_with(&term.word)) {
                        numbers.iter().for_each(|n| bits.set(*n));
                    }
                }
            })
            .map_err(|_| self.damaged())?;
        }
        Ok(have.into_iter().map(|bits| combine(alternatives, bits)).collect())
    }
}

/// All words of any alternative; `bits` are those of the terms in their order.
fn combine(alternatives: &[Vec<Term>], bits: Vec<Bits>) -> Bits {
    let mut bits = bits.into_iter();
    let mut any = Bits::none();
    for alternative in alternatives {
        let mut of_these = bits.by_ref().take(alternative.len());
        if let Some(mut all) = of_these.next() {
            of_these.for_each(|b| all.and(&b));
            any.or(&all);
        }
    }
    any
}

/// Which parts of a segment may have a word, and whether these are all.
fn parts_of(segment: &Segment, fence: Option<&Vec<String>>, term: &Term) -> (Vec<u64>, bool) {
    let Some(fence) = fence else { return ((1..=segment.parts).collect(), true) };
    let from = fence.partition_point(|first| first <= &term.word);
    let mut numbers: Vec<u64> = if from > 0 { vec![from as u64] } else { Vec::new() };
    if term.open_ended {
        let further = fence.iter().skip(from).take_while(|first| first.starts_with(&term.word)).count();
        numbers.extend((from.saturating_add(1)..=from.saturating_add(further)).map(|n| n as u64));
    }
    let all = numbers.len() <= PARTS_PER_BEGINNING;
    numbers.truncate(PARTS_PER_BEGINNING);
    (numbers, all)
}

fn new_segment<W: World>(world: &W, lists: &Lists, values: &mut Vec<(Place, Vec<u8>)>) -> Option<Segment> {
    let (fence, parts) = segment::encode(lists);
    if parts.is_empty() {
        return None;
    }
    let generation = Derived::generation(world.random());
    let segment = Segment {
        parts: parts.len() as u64,
        bytes: parts.iter().fold(0, |sum, p| sum.saturating_add(p.len() as u64)),
        generation,
    };
    values.extend(fence.map(|f| (segment.place(0), f)));
    values.extend(segment.all_parts().zip(parts));
    Some(segment)
}

/// Segments of one shard to be merged next: the smallest first.
fn mergeable(shards: &BTreeMap<u64, Vec<Segment>>, new: &BTreeSet<String>) -> Option<(u64, Vec<Segment>)> {
    let mut best: Option<(u32, u64, Vec<Segment>)> = None;
    for (shard, segments) in shards {
        for class in 0..3 {
            let mut some: Vec<&Segment> =
                segments.iter().filter(|s| s.class() == class && !new.contains(&s.generation)).collect();
            if some.len() < FAN || best.as_ref().is_some_and(|(c, _, _)| *c <= class) {
                continue;
            }
            some.sort_by_key(|s| s.bytes);
            let mut sum = 0u64;
            let chosen: Vec<Segment> = some
                .into_iter()
                .take_while(|s| {
                    sum = sum.saturating_add(s.bytes);
                    sum <= LONGEST
                })
                .cloned()
                .collect();
            if chosen.len() >= FEWEST {
                best = Some((class, *shard, chosen));
            }
        }
    }
    best.map(|(_, shard, some)| (shard, some))
}
