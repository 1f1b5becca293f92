//! A list of things sorted by their last activity, filtered by a few attributes, paged, at any length.
//!
//! Every activity writes a [`Row`] into the next slot of the index's journal; the slot *is* the position in the list. The
//! row also says which earlier slots of the same thing it replaces. What a page needs is then: which slots are still live,
//! and with which attributes. That is kept, as a cache, in *leaves* of 1,024 slots each and a *head* that counts the live
//! slots of every leaf by attributes. So a page costs the same few round trips whatever the list's length: head and
//! counter, entries past the head, the leaves that have matches, the rows themselves.
//!
//! Leaves are written once under a fresh generation and named by the head, so a reader never sees half of a change.
//! The head is written by [`Index::tidy`], which the timer calls; rows are facts, everything else can be rebuilt from them
//! with [`Index::rebuild`].
//!
//! Two writers that touch the same thing at the same moment may both believe they replace the same earlier row; then it is
//! listed twice until its next activity, which replaces both. A page never shows it twice.

use crate::access::{corrupt, get_all, retry};
use crate::commit::{Commit, Handle, Ride};
use crate::journal::{Aggregate, Entry, HOLE_LIFE, Journal, short};
use crate::keys::{JournalKey, MAX_VALUE};
use crate::packed::{self, PackedCounts};
use mostek_ports::{Clock, KeyValue, Random, StoreError, Timestamp, World};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// Slots per leaf.
const LEAF: u64 = 1024;
/// Raised when head or leaves change their shape.
const FOLD: u32 = 1;
/// Body bytes per part of the head.
const HEAD_PART: usize = 48_000;
/// Parts of the head at most (some 3 MB: about 20,000 leaves).
const HEAD_PARTS: usize = 64;
/// Past this many untidied entries [`Index::tidy`] has something to do.
const TIDY_FROM: u64 = 32;
/// Entries taken into the head in one go of [`Index::tidy`].
const TIDY_STEP: u64 = 512;
/// Leaves read at once while looking for rows.
const LEAVES_PER_ROUND: usize = 16;
/// Rounds of leaves per page; a page that is not full after them says so with a cursor.
const ROUNDS: usize = 3;
/// A replaced leaf is deleted when no reader can still hold the head that named it.
const GARBAGE_AGE: Duration = Duration::from_secs(3600);
/// Leaves deleted in one go.
const GARBAGE_STEP: usize = 64;
/// A tidying that took longer than this does not write its head, which may name leaves that are garbage by now.
const TIDY_LIMIT: Duration = Duration::from_secs(900);
/// Facts remembered for telling a row that was written again into another slot.
const REMEMBERED_FACTS: usize = 256;

/// The attributes of a row that lists are filtered by; their meaning is the owner's.
pub type Attributes = Vec<u32>;

/// Where a row of a thing is, kept with the thing so that its next row can replace it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RowRef {
    /// Its slot in the index.
    pub slot: u64,
    /// Its attributes.
    pub attributes: Attributes,
}

/// One row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// The thing's id.
    pub subject: String,
    /// What it is filtered by; every row of an index has the same number of attributes.
    pub attributes: Attributes,
    /// The thing's earlier rows, which this one replaces.
    #[serde(default)]
    pub replaces: Vec<RowRef>,
    /// False takes the thing off the list.
    #[serde(default = "yes")]
    pub listed: bool,
    /// What the list shows, as the owner likes.
    pub data: serde_json::Value,
}

fn yes() -> bool {
    true
}

/// Which values of an attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Match {
    /// One of these.
    OneOf(Vec<u32>),
    /// From the first to the second, both included.
    Between(u32, u32),
    /// Those that have all of these bits, for an attribute that is a set.
    Bits(u32),
}

impl Match {
    fn has(&self, value: u32) -> bool {
        match self {
            Self::OneOf(some) => some.contains(&value),
            Self::Between(from, to) => (*from..=*to).contains(&value),
            Self::Bits(bits) => value & bits == *bits,
        }
    }
}

impl From<Vec<u32>> for Match {
    fn from(some: Vec<u32>) -> Self {
        Self::OneOf(some)
    }
}

impl FromIterator<u32> for Match {
    fn from_iter<I: IntoIterator<Item = u32>>(some: I) -> Self {
        Self::OneOf(some.into_iter().collect())
    }
}

/// Which rows: for every attribute either any value or some. Attributes missing here mean any; a row that was written
/// before there was an attribute has 0 for it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter(pub Vec<Option<Match>>);

impl Filter {
    fn matches(&self, attributes: &[u32]) -> bool {
        let have = attributes.iter().copied().chain(std::iter::repeat(0));
        self.0.iter().zip(have).all(|(wanted, have)| wanted.as_ref().is_none_or(|w| w.has(have)))
    }
}

/// A page of rows, latest activity first.
#[derive(Debug, Clone)]
pub struct Page {
    /// Slot and row.
    pub rows: Vec<(u64, Row)>,
    /// Give this as `before` for the next page; `None` at the end.
    pub next: Option<u64>,
    /// How many rows match in all (off by those that two writers listed at the same moment).
    pub total: u64,
}

struct Rows;

impl Aggregate for Rows {
    type Fact = Row;
    type State = ();
    const FOLD: u32 = FOLD;
    fn apply(_: &mut (), _: &Entry<Row>) {}
}

/// How many live rows a leaf has, by attributes; and the generation it is stored under.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct LeafSummary {
    generation: String,
    /// Missing where the head has all leaves' counts together.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    counts: Vec<(Attributes, u64)>,
}

/// What is folded: everything up to `upto` except the holes.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct HeadState {
    upto: u64,
    holes: BTreeMap<u64, i64>,
    /// Slots that were replaced before their own entry was seen.
    dead_holes: BTreeSet<u64>,
    leaves: BTreeMap<u64, LeafSummary>,
    /// Replaced leaves, to be deleted: leaf, generation, when replaced.
    garbage: Vec<(u64, String, i64)>,
    /// The latest facts: slot, fact and subject, attributes.
    #[serde(default)]
    known: Vec<(u64, String, Attributes)>,
    /// The counts of all leaves, in the stored form of a long head only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    packed: Option<PackedCounts>,
}

#[derive(Debug, Clone, Default, PartialEq)]
struct Leaf {
    rows: BTreeMap<u64, Attributes>,
}

#[derive(Serialize, Deserialize)]
struct Part {
    tag: String,
    parts: usize,
}

/// Entries past the head, as they change it.
#[derive(Default)]
struct Overlay {
    added: BTreeMap<u64, Row>,
    gone: BTreeMap<u64, Attributes>,
    /// The latest facts including those of the head.
    known: BTreeMap<String, (u64, Attributes)>,
}

impl Overlay {
    /// Takes one entry in. A fact that is there twice (its writer had to write it again) counts in its highest slot.
    fn take(&mut self, entry: Entry<Row>) {
        for r in &entry.fact.replaces {
            self.gone.insert(r.slot, r.attributes.clone());
        }
        let fact = short(&format!("{} {}", entry.id, entry.fact.subject));
        match self.known.get(&fact) {
            Some((higher, _)) if *higher > entry.slot => {
                self.gone.insert(entry.slot, entry.fact.attributes.clone());
            }
            lower => {
                if let Some((lower, attributes)) = lower.filter(|(s, _)| *s < entry.slot) {
                    self.gone.insert(*lower, attributes.clone());
                }
                self.known.insert(fact, (entry.slot, entry.fact.attributes.clone()));
            }
        }
        self.added.insert(entry.slot, entry.fact);
    }
}

/// A list under a key.
#[derive(Debug, Clone)]
pub struct Index {
    journal: Journal<Rows>,
}

impl std::fmt::Debug for Rows {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Rows")
    }
}

impl Index {
    /// The index under a key.
    #[must_use]
    pub fn at(key: JournalKey) -> Self {
        Self { journal: Journal::at(key) }
    }

    /// Its key.
    pub(crate) fn key(&self) -> &JournalKey {
        self.journal.key()
    }

    /// Adds rows to a commit, each with its fact's id; the handle's slots are the rows' positions.
    pub fn add<'a>(&self, commit: &mut Commit<'a>, rows: Vec<(String, Row)>) -> Handle {
        commit.append_with(&self.journal, None, rows, Vec::new(), Ride::Never)
    }

    /// One page, latest activity first, below the cursor `before`.
    ///
    /// # Errors
    /// The store's.
    pub async fn page<K: KeyValue>(
        &self,
        kv: &K,
        _clock: &impl Clock,
        filter: &Filter,
        before: Option<u64>,
        limit: usize,
    ) -> Result<Page, StoreError> {
        Ok(self.page_and_counts(kv, filter, before, limit, &[]).await?.0)
    }

    /// One page, and how many rows match each of some other filters, for the price of the page.
    ///
    /// # Errors
    /// The store's.
    pub async fn page_and_counts<K: KeyValue>(
        &self,
        kv: &K,
        filter: &Filter,
        before: Option<u64>,
        limit: usize,
        others: &[Filter],
    ) -> Result<(Page, Vec<u64>), StoreError> {
        let (head, counter) = self.head(kv).await?;
        let overlay = self.overlay(kv, &head, counter).await?;
        let counts = others.iter().map(|f| total(&head, &overlay, f)).collect();
        let total = total(&head, &overlay, filter);
        let below = before.unwrap_or(u64::MAX);
        let wanted = limit.saturating_add(1);

        // Newest first: what is past the head, then leaf by leaf.
        let mut found: Vec<u64> = Vec::new();
        let mut rows: BTreeMap<u64, Row> = BTreeMap::new();
        let late_from = head.upto.saturating_add(1).min(below);
        for (slot, row) in overlay.added.range(late_from..below).rev() {
            if row.listed && !overlay.gone.contains_key(slot) && filter.matches(&row.attributes) {
                found.push(*slot);
                rows.insert(*slot, row.clone());
            }
        }
        let mut candidates = head
            .leaves
            .range(..=below / LEAF)
            .rev()
            .filter(|(_, l)| l.counts.iter().any(|(a, n)| *n > 0 && filter.matches(a)))
            .peekable();
        let mut rounds = 0;
        while found.len() < wanted && rounds < ROUNDS && candidates.peek().is_some() {
            rounds += 1;
            let missing = u64::try_from(wanted.saturating_sub(found.len())).unwrap_or(u64::MAX);
            let mut expected = 0u64;
            let mut some = Vec::new();
            while some.len() < LEAVES_PER_ROUND && expected < missing.saturating_add(LEAF / 4) {
                let Some((leaf, summary)) = candidates.next() else { break };
                expected +=
                    summary.counts.iter().filter(|(a, _)| filter.matches(a)).map(|(_, n)| n).sum::<u64>();
                some.push((*leaf, summary.generation.clone()));
            }
            for (_, leaf) in self.leaves(kv, &some).await? {
                found.extend(
                    leaf.rows
                        .range(..below)
                        .filter(|(s, a)| !overlay.gone.contains_key(s) && filter.matches(a))
                        .map(|(s, _)| *s),
                );
            }
        }
        // Rows that landed late in holes lie between those of the leaves: they come when everything above them was read.
        let unread_below =
            candidates.peek().map(|(leaf, _)| leaf.saturating_add(1).saturating_mul(LEAF).min(below));
        for (slot, row) in overlay.added.range(unread_below.unwrap_or(0).min(late_from)..late_from) {
            if row.listed && !overlay.gone.contains_key(slot) && filter.matches(&row.attributes) {
                found.push(*slot);
                rows.insert(*slot, row.clone());
            }
        }
        found.sort_unstable_by(|a, b| b.cmp(a));
        let more = found.len() > limit;
        found.truncate(limit);
        let next = if more { found.last().copied() } else { unread_below };

        let unknown: Vec<u64> = found.iter().filter(|s| !rows.contains_key(s)).copied().collect();
        for entry in self.journal.entries(kv, &unknown).await? {
            rows.insert(entry.slot, entry.fact);
        }
        let mut seen = BTreeSet::new();
        let rows = found
            .into_iter()
            .filter_map(|s| rows.remove(&s).map(|r| (s, r)))
            .filter(|(_, r)| seen.insert(r.subject.clone()))
            .collect();
        Ok((Page { rows, next, total }, counts))
    }

    /// The rows in given slots, missing ones left out: for the repair job, which compares them with what they list.
    ///
    /// # Errors
    /// The store's.
    pub async fn rows_at<K: KeyValue>(&self, kv: &K, slots: &[u64]) -> Result<Vec<(u64, Row)>, StoreError> {
        Ok(self.journal.entries(kv, slots).await?.into_iter().map(|e| (e.slot, e.fact)).collect())
    }

    /// The highest slot that was reserved: whoever follows the rows reads up to here.
    ///
    /// # Errors
    /// The store's.
    pub async fn upto<K: KeyValue>(&self, kv: &K) -> Result<u64, StoreError> {
        self.journal.counter(kv).await
    }

    /// The rows in given slots, each with when it was written; missing ones left out.
    ///
    /// # Errors
    /// The store's.
    pub async fn written<K: KeyValue>(
        &self,
        kv: &K,
        slots: &[u64],
    ) -> Result<Vec<(u64, Timestamp, Row)>, StoreError> {
        let entries = self.journal.entries(kv, slots).await?;
        Ok(entries.into_iter().map(|e| (e.slot, e.at(), e.fact)).collect())
    }

    /// How many rows match.
    ///
    /// # Errors
    /// The store's.
    pub async fn count<K: KeyValue>(
        &self,
        kv: &K,
        _clock: &impl Clock,
        filter: &Filter,
    ) -> Result<u64, StoreError> {
        let (head, counter) = self.head(kv).await?;
        let overlay = self.overlay(kv, &head, counter).await?;
        Ok(total(&head, &overlay, filter))
    }

    /// How many rows match each of some filters, for the price of one.
    ///
    /// # Errors
    /// The store's.
    pub async fn counts<K: KeyValue>(&self, kv: &K, filters: &[Filter]) -> Result<Vec<u64>, StoreError> {
        let (head, counter) = self.head(kv).await?;
        let overlay = self.overlay(kv, &head, counter).await?;
        Ok(filters.iter().map(|f| total(&head, &overlay, f)).collect())
    }

    /// Takes the entries past the head into it, if there are enough to be worth it; safe at any moment, twice at once.
    /// Returns how many entries were taken in.
    ///
    /// # Errors
    /// The store's; nothing is lost by an error.
    pub async fn tidy<W: World>(&self, world: &W) -> Result<u64, StoreError> {
        let (head, counter) = self.head(world.kv()).await?;
        if counter.saturating_sub(head.upto) < TIDY_FROM {
            return Ok(0);
        }
        self.tidy_from(world, head, counter).await
    }

    async fn tidy_from<W: World>(
        &self,
        world: &W,
        mut head: HeadState,
        counter: u64,
    ) -> Result<u64, StoreError> {
        let (began, began_at) = (world.clock().monotonic(), world.clock().now());
        let before = head.upto;
        let to = counter.min(head.upto.saturating_add(TIDY_STEP));
        let overlay = self.overlay(world.kv(), &head, to).await?;
        let mut pairs = self.apply(world, &mut head, to, overlay, began_at).await?;
        // Leaves first, then the head that names them: also right where set_many is not one transaction.
        if !pairs.is_empty() {
            world.kv().set_many(&pairs).await?;
        }
        let now = world.clock().now();
        let (mut old, kept): (Vec<_>, Vec<_>) = std::mem::take(&mut head.garbage)
            .into_iter()
            .partition(|(_, _, t)| now.since(Timestamp(*t)) > GARBAGE_AGE);
        let rest = old.split_off(old.len().min(GARBAGE_STEP));
        head.garbage = rest.into_iter().chain(kept).collect();
        pairs = self.head_pairs(&head)?;
        if world.clock().monotonic().saturating_sub(began) > TIDY_LIMIT {
            return Err(StoreError::Failed("tidying the index took too long".into()));
        }
        world.kv().set_many(&pairs).await?;
        if !old.is_empty() {
            let keys: Vec<String> = old.iter().map(|(n, g, _)| self.journal.key().leaf(*n, g)).collect();
            world.kv().delete_many(&keys).await?;
        }
        Ok(head.upto.saturating_sub(before))
    }

    /// Folds all rows again from the first and puts the result in place. Returns how many leaves differed from before.
    ///
    /// # Errors
    /// The store's.
    pub async fn rebuild<W: World>(&self, world: &W) -> Result<u64, StoreError> {
        let (before, counter) = self.head(world.kv()).await?;
        let mut head = HeadState::default();
        while head.upto < counter {
            self.tidy_from(world, head, counter).await?;
            (head, _) = self.head(world.kv()).await?;
        }
        let counts = |h: &HeadState| -> BTreeMap<u64, Vec<(Attributes, u64)>> {
            h.leaves.iter().map(|(k, v)| (*k, v.counts.clone())).collect()
        };
        let (old, new) = (counts(&before), counts(&head));
        let all: BTreeSet<&u64> = old.keys().chain(new.keys()).collect();
        Ok(all.into_iter().filter(|k| old.get(k) != new.get(k)).count() as u64)
    }

    /// Takes an overlay into the head and returns the new leaves. Holes are aged by the clock `began` of before they were
    /// asked for, and noted with the present one.
    async fn apply<W: World>(
        &self,
        world: &W,
        head: &mut HeadState,
        to: u64,
        overlay: Overlay,
        began: Timestamp,
    ) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        let now = world.clock().now();
        let mut dirty: BTreeSet<u64> = overlay.added.keys().map(|s| s / LEAF).collect();
        dirty.extend(overlay.gone.keys().map(|s| s / LEAF));
        let known: Vec<(u64, String)> =
            dirty.iter().filter_map(|l| head.leaves.get(l).map(|s| (*l, s.generation.clone()))).collect();
        let mut leaves: BTreeMap<u64, Leaf> = self.leaves(world.kv(), &known).await?.into_iter().collect();

        let present = |slot: &u64| overlay.added.contains_key(slot);
        for slot in head.upto.saturating_add(1)..=to {
            if !present(&slot) {
                head.holes.entry(slot).or_insert(now.0);
            }
        }
        for (slot, row) in &overlay.added {
            head.holes.remove(slot);
            if row.listed && !overlay.gone.contains_key(slot) && !head.dead_holes.remove(slot) {
                leaves.entry(slot / LEAF).or_default().rows.insert(*slot, row.attributes.clone());
            }
        }
        for slot in overlay.gone.keys() {
            if let Some(leaf) = leaves.get_mut(&(slot / LEAF)) {
                leaf.rows.remove(slot);
            }
            if head.holes.contains_key(slot) || *slot > to {
                head.dead_holes.insert(*slot);
            }
        }
        head.holes.retain(|_, missed| began.since(Timestamp(*missed)) <= HOLE_LIFE);
        head.dead_holes.retain(|s| head.holes.contains_key(s) || *s > to);
        head.upto = head.upto.max(to);
        head.known = overlay.known.into_iter().map(|(fact, (slot, a))| (slot, fact, a)).collect();
        head.known.sort_unstable_by(|a, b| b.cmp(a));
        head.known.truncate(REMEMBERED_FACTS);

        let mut pairs = Vec::new();
        for (number, leaf) in leaves.into_iter().filter(|(n, _)| dirty.contains(n)) {
            if let Some(old) = head.leaves.remove(&number) {
                head.garbage.push((number, old.generation, now.0));
            }
            if leaf.rows.is_empty() {
                continue;
            }
            let mut counts: BTreeMap<Attributes, u64> = BTreeMap::new();
            for a in leaf.rows.values() {
                *counts.entry(a.clone()).or_default() += 1;
            }
            let generation = format!("{:016x}", world.random().u64());
            let key = self.journal.key().leaf(number, &generation);
            let bytes = packed::leaf_bytes(&leaf.rows, MAX_VALUE).map_err(|e| corrupt(&key, e))?;
            if bytes.len() > MAX_VALUE {
                return Err(corrupt(&key, "a leaf is too long: too many attributes"));
            }
            pairs.push((key, bytes));
            head.leaves.insert(number, LeafSummary { generation, counts: counts.into_iter().collect() });
        }
        Ok(pairs)
    }

    fn head_pairs(&self, head: &HeadState) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        let key = self.journal.key();
        let first = key.snapshot(FOLD, 0);
        let body = head_bytes(head).map_err(|e| corrupt(&first, e))?;
        let parts = body.len().div_ceil(HEAD_PART).max(1);
        if parts > HEAD_PARTS {
            return Err(corrupt(&first, "the index has too many leaves"));
        }
        let tag = format!("{:016x}-{:x}", hash(&body), head.upto);
        body.chunks(HEAD_PART)
            .enumerate()
            .map(|(i, piece)| {
                let k = key.snapshot(FOLD, i);
                let mut value =
                    serde_json::to_vec(&Part { tag: tag.clone(), parts }).map_err(|e| corrupt(&k, e))?;
                value.push(b'\n');
                value.extend_from_slice(piece);
                Ok((k, value))
            })
            .collect()
    }

    /// Head and counter; an absent or torn head is an empty one (then everything is read from the entries).
    async fn head<K: KeyValue>(&self, kv: &K) -> Result<(HeadState, u64), StoreError> {
        let first_key = self.journal.key().snapshot(FOLD, 0);
        let counter_key = self.journal.key().counter();
        for _ in 0..3 {
            let (first, counter) =
                futures::future::join(retry(|| kv.get(&first_key)), retry(|| kv.counter(&counter_key))).await;
            let (first, mut counter) = (first?, counter?);
            let Some(first) = first else { return Ok((HeadState::default(), counter)) };
            let Some((part, mut body)) = take_part(&first) else { break };
            let keys: Vec<String> =
                (1..part.parts.min(HEAD_PARTS)).map(|i| self.journal.key().snapshot(FOLD, i)).collect();
            let mut whole = true;
            for other in get_all(kv, &keys).await? {
                match other.as_deref().and_then(take_part) {
                    Some((p, piece)) if p.tag == part.tag => body.extend(piece),
                    _ => whole = false,
                }
            }
            if !whole {
                continue;
            }
            let Some(head) = read_head(&body) else { break };
            if counter < head.upto {
                // The counter was read first and the head is of a moment later.
                counter = retry(|| kv.counter(&counter_key)).await?;
            }
            if counter < head.upto {
                return Err(corrupt(
                    &counter_key,
                    format_args!("it is {counter}, but slot {} was written", head.upto),
                ));
            }
            return Ok((head, counter));
        }
        let counter = retry(|| kv.counter(&counter_key)).await?;
        Ok((HeadState::default(), counter))
    }

    /// The entries past the head up to `to`, and those that landed in its holes. Every hole is asked for once more before
    /// it is given up, however old it is: nobody may have looked since its entry landed.
    async fn overlay<K: KeyValue>(&self, kv: &K, head: &HeadState, to: u64) -> Result<Overlay, StoreError> {
        let slots: Vec<u64> = head.holes.keys().copied().chain(head.upto.saturating_add(1)..=to).collect();
        let known = head.known.iter().map(|(slot, fact, a)| (fact.clone(), (*slot, a.clone()))).collect();
        let mut overlay = Overlay { known, ..Overlay::default() };
        for entry in self.journal.entries(kv, &slots).await? {
            if head.dead_holes.contains(&entry.slot) {
                overlay.gone.insert(entry.slot, entry.fact.attributes.clone());
            }
            overlay.take(entry);
        }
        Ok(overlay)
    }

    async fn leaves<K: KeyValue>(
        &self,
        kv: &K,
        which: &[(u64, String)],
    ) -> Result<Vec<(u64, Leaf)>, StoreError> {
        let keys: Vec<String> = which.iter().map(|(n, g)| self.journal.key().leaf(*n, g)).collect();
        let mut leaves = Vec::with_capacity(keys.len());
        for ((number, _), (key, bytes)) in which.iter().zip(keys.iter().zip(get_all(kv, &keys).await?)) {
            let bytes = bytes.ok_or_else(|| corrupt(key, "a page of the index is missing; rebuild it"))?;
            leaves.push((*number, Leaf { rows: packed::leaf_rows(&bytes).map_err(|e| corrupt(key, e))? }));
        }
        Ok(leaves)
    }
}

/// The head as it is stored: with every combination of attributes once if it is long.
fn head_bytes(head: &HeadState) -> serde_json::Result<Vec<u8>> {
    let plain = serde_json::to_vec(head)?;
    if plain.len() <= HEAD_PART {
        return Ok(plain);
    }
    let mut short = head.clone();
    let counts = PackedCounts::of(head.leaves.iter().map(|(n, l)| (*n, &l.counts)));
    for leaf in short.leaves.values_mut() {
        leaf.counts.clear();
    }
    short.packed = Some(counts);
    serde_json::to_vec(&short)
}

/// Reads either form; `None` if it is neither.
fn read_head(body: &[u8]) -> Option<HeadState> {
    let mut head: HeadState = serde_json::from_slice(body).ok()?;
    if let Some(packed) = head.packed.take() {
        for (number, leaf) in &mut head.leaves {
            leaf.counts = packed.counts(*number)?;
        }
    }
    Some(head)
}

fn take_part(value: &[u8]) -> Option<(Part, Vec<u8>)> {
    let at = value.iter().position(|b| *b == b'\n')?;
    let part = serde_json::from_slice(value.get(..at)?).ok()?;
    Some((part, value.get(at + 1..)?.to_vec()))
}

/// FNV-1a: only tells parts of different heads apart.
fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |h, b| (h ^ u64::from(*b)).wrapping_mul(0x0100_0000_01b3))
}

fn total(head: &HeadState, overlay: &Overlay, filter: &Filter) -> u64 {
    let folded: u64 = head
        .leaves
        .values()
        .flat_map(|l| &l.counts)
        .filter(|(a, _)| filter.matches(a))
        .map(|(_, n)| *n)
        .sum();
    let added = overlay
        .added
        .iter()
        .filter(|(s, r)| r.listed && !overlay.gone.contains_key(s) && filter.matches(&r.attributes))
        .count() as u64;
    // A replaced slot that is neither past the head nor still missing was counted in some leaf.
    let gone = overlay
        .gone
        .iter()
        .filter(|(s, a)| {
            !overlay.added.contains_key(s)
                && **s <= head.upto
                && !head.holes.contains_key(s)
                && filter.matches(a)
        })
        .count() as u64;
    folded.saturating_add(added).saturating_sub(gone)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::Actor;
    use futures::executor::block_on;
    use mostek_ports::testing::TestWorld;
    use proptest::prelude::*;

    fn index() -> Index {
        Index::at(JournalKey::new("list", "c1").unwrap())
    }

    async fn touch(
        world: &TestWorld,
        subject: u32,
        attributes: Attributes,
        replaces: Vec<RowRef>,
        listed: bool,
    ) -> RowRef {
        let mut commit = Commit::by(Actor::System("test".into()));
        let row = Row {
            subject: subject.to_string(),
            attributes: attributes.clone(),
            replaces,
            listed,
            data: subject.into(),
        };
        let id = format!("{:x}", world.random.u64());
        let h = index().add(&mut commit, vec![(id, row)]);
        let done = commit.run(world).await.unwrap();
        RowRef { slot: done.slot(h, 0), attributes }
    }

    async fn walk(world: &TestWorld, filter: &Filter, limit: usize) -> Vec<u32> {
        let mut all = Vec::new();
        let mut before = None;
        for _ in 0..10_000 {
            let page = index().page(&world.kv, &world.clock, filter, before, limit).await.unwrap();
            all.extend(page.rows.iter().map(|(_, r)| r.subject.parse::<u32>().unwrap()));
            before = page.next;
            if before.is_none() {
                return all;
            }
        }
        panic!("paging does not end");
    }

    #[derive(Debug, Clone)]
    enum Act {
        Touch { subject: u32, status: u32, source: u32 },
        Unlist { subject: u32 },
        Tidy,
    }

    fn act() -> impl Strategy<Value = Act> {
        prop_oneof![
            8 => (0u32..40, 0u32..4, 0u32..2).prop_map(|(subject, status, source)| Act::Touch { subject, status, source }),
            1 => (0u32..40).prop_map(|subject| Act::Unlist { subject }),
            1 => Just(Act::Tidy),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]
        /// Against a plain list kept in memory: order, filters, paging, totals, with tidying at any moment.
        #[test]
        fn behaves_like_a_sorted_list(acts in proptest::collection::vec(act(), 1..300), limit in 1usize..7) {
            block_on(async {
                let world = TestWorld::new(1);
                let mut model: Vec<(u32, Attributes)> = Vec::new();
                let mut at: BTreeMap<u32, RowRef> = BTreeMap::new();
                for a in acts {
                    match a {
                        Act::Touch { subject, status, source } => {
                            let old = at.get(&subject).cloned().into_iter().collect();
                            at.insert(subject, touch(&world, subject, vec![status, source], old, true).await);
                            model.retain(|(s, _)| *s != subject);
                            model.insert(0, (subject, vec![status, source]));
                        }
                        Act::Unlist { subject } => {
                            if let Some(old) = at.remove(&subject) {
                                touch(&world, subject, vec![0, 0], vec![old], false).await;
                                model.retain(|(s, _)| *s != subject);
                            }
                        }
                        Act::Tidy => { index().tidy(&world).await.unwrap(); }
                    }
                }
                for filter in [Filter::default(), Filter(vec![Some(vec![1].into())]), Filter(vec![None, Some(vec![0].into())]), Filter(vec![Some(vec![0, 2].into()), Some(vec![1].into())]), Filter(vec![Some(Match::Between(1, 2))]), Filter(vec![None, Some(Match::Between(1, u32::MAX))]), Filter(vec![Some(Match::Bits(2))])] {
                    let expected: Vec<u32> = model.iter().filter(|(_, a)| filter.matches(a)).map(|(s, _)| *s).collect();
                    prop_assert_eq!(&walk(&world, &filter, limit).await, &expected);
                    let total = index().count(&world.kv, &world.clock, &filter).await.unwrap();
                    prop_assert_eq!(total, expected.len() as u64);
                }
                index().rebuild(&world).await.unwrap();
                prop_assert_eq!(walk(&world, &Filter::default(), 50).await, model.iter().map(|(s, _)| *s).collect::<Vec<_>>());
                Ok(())
            })?;
        }
    }

    #[test]
    fn a_page_costs_the_same_at_any_length() {
        let cost = |n: u32| {
            block_on(async {
                let world = TestWorld::new(2);
                // A thousand rows at a time, as the generator of the bench does.
                for base in (0..n).step_by(500) {
                    let mut commit = Commit::by(Actor::System("test".into()));
                    let rows = (base..n.min(base + 500))
                        .map(|i| {
                            let row = Row {
                                subject: i.to_string(),
                                attributes: vec![i % 4, i % 2],
                                replaces: vec![],
                                listed: true,
                                data: i.into(),
                            };
                            (format!("f{i}"), row)
                        })
                        .collect();
                    index().add(&mut commit, rows);
                    commit.run(&world).await.unwrap();
                    while index().tidy(&world).await.unwrap() > 0 {}
                }
                world.kv.reset_operations();
                let page = index()
                    .page(&world.kv, &world.clock, &Filter(vec![Some(vec![2].into())]), None, 50)
                    .await
                    .unwrap();
                assert_eq!(page.rows.len(), 50);
                assert_eq!(page.total, u64::from(n) / 4);
                world.kv.operations().reads
            })
        };
        let (small, large) = (cost(2_000), cost(40_000));
        assert!(large <= small + 2, "{small} reads at 2,000 rows, {large} at 40,000");
    }

    #[test]
    fn two_writers_that_replace_the_same_row_are_listed_once_and_healed() {
        block_on(async {
            let world = TestWorld::new(3);
            let first = touch(&world, 7, vec![0, 0], vec![], true).await;
            let a = touch(&world, 7, vec![1, 0], vec![first.clone()], true).await;
            let b = touch(&world, 7, vec![2, 0], vec![first], true).await;
            assert_eq!(walk(&world, &Filter::default(), 10).await, vec![7]);
            touch(&world, 7, vec![3, 0], vec![a, b], true).await;
            for status in 0..3 {
                assert!(walk(&world, &Filter(vec![Some(vec![status].into())]), 10).await.is_empty());
            }
        });
    }

    #[test]
    fn a_row_that_lands_late_appears_and_one_that_was_replaced_meanwhile_does_not() {
        block_on(async {
            let world = TestWorld::new(4);
            let key = JournalKey::new("list", "c1").unwrap();
            // Two slots are reserved by writers that are slow.
            let late = world.kv.increment(&key.counter(), 1).await.unwrap();
            let replaced = world.kv.increment(&key.counter(), 1).await.unwrap();
            for i in 0..40 {
                touch(&world, 100 + i, vec![0, 0], vec![], true).await;
            }
            touch(&world, 2, vec![5, 0], vec![RowRef { slot: replaced, attributes: vec![1, 0] }], true).await;
            assert!(index().tidy(&world).await.unwrap() > 0);
            for (slot, subject) in [(late, 1u32), (replaced, 2)] {
                let row = Row {
                    subject: subject.to_string(),
                    attributes: vec![1, 0],
                    replaces: vec![],
                    listed: true,
                    data: subject.into(),
                };
                let entry = Entry {
                    v: 1,
                    slot,
                    stamp: "s".into(),
                    id: format!("late{slot}"),
                    at: 0,
                    actor: Actor::System("t".into()),
                    refs: BTreeMap::new(),
                    fact: row,
                };
                world.kv.set_many(&[(key.entry(slot), serde_json::to_vec(&entry).unwrap())]).await.unwrap();
            }
            for _ in 0..2 {
                let all = walk(&world, &Filter::default(), 100).await;
                assert_eq!(all.iter().filter(|s| **s == 1).count(), 1);
                assert_eq!(all.iter().filter(|s| **s == 2).count(), 1);
                assert_eq!(all.last(), Some(&1));
                for i in 0..40 {
                    touch(&world, 200 + i, vec![0, 0], vec![], true).await;
                }
                index().tidy(&world).await.unwrap();
                index().rebuild(&world).await.unwrap();
            }
        });
    }

    #[test]
    fn a_long_list_whose_rows_have_many_attributes_is_tidied_and_filtered() {
        block_on(async {
            let world = TestWorld::new(1);
            let row = |i: u32| {
                let hash = |n: u32| u32::MAX - n % 40;
                vec![
                    i % 4,
                    hash(i),
                    hash(i + 1),
                    hash(i + 2),
                    0,
                    hash(i / 3),
                    1,
                    2,
                    3,
                    490_000 + i,
                    5,
                    hash(i / 7),
                ]
            };
            for i in 0..2_500u32 {
                touch(&world, i, row(i), vec![], true).await;
                if i % 500 == 499 {
                    index().tidy(&world).await.unwrap();
                }
            }
            let longest = world.kv.longest_value().unwrap();
            assert!(longest.1 <= MAX_VALUE, "{longest:?}");
            assert!(index().head(&world.kv).await.unwrap().0.leaves.len() >= 2);
            let mut hours = vec![None; 9];
            hours.push(Some(Match::Between(490_100, 490_149)));
            let some = Filter(hours);
            let found = walk(&world, &some, 20).await;
            assert_eq!(found, (100..150).rev().collect::<Vec<u32>>());
            let of_status = Filter(vec![Some(vec![3].into())]);
            let counts = index().counts(&world.kv, &[some, of_status, Filter::default()]).await.unwrap();
            assert_eq!(counts, [50, 625, 2_500]);
            assert_eq!(index().rebuild(&world).await.unwrap(), 0, "the short form says the same");
        });
    }
}
