//! What is computed from journals and can be computed again: a head that names values written once.
//!
//! The head also says up to where its journals were read, so it always fits what it names: whoever writes it wrote all of
//! its values before. A head that comes back from an earlier moment, or that two writers write at once, only means that
//! some work is done again. Nothing else is needed for two timers at once, or for a crash anywhere.
//!
//! Keys are those of a cache: `j:<kind>:<id>:s<fold>:<part>` for the head, `j:<kind>:<id>:l<number>:<generation>` for values.

use crate::access::{corrupt, get_all, retry};
use crate::keys::{JournalKey, MAX_VALUE};
use mostek_ports::{Clock, KeyValue, Random, StoreError, Timestamp, World};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};
use std::time::Duration;

/// Body bytes per part of a head.
const PART: usize = 48_000;
/// Parts of a head at most (some 3 MB).
const PARTS: usize = 64;
/// A head whose parts do not belong together (it is being written) is read again this often.
const TRIES: usize = 3;
/// Values written by one call of the store.
const VALUES_AT_ONCE: usize = 64;
/// A replaced value is deleted when no reader can still hold the head that named it.
const GARBAGE_AGE: Duration = Duration::from_secs(3600);
/// Values deleted in one go.
const GARBAGE_STEP: usize = 256;
/// Whoever took longer than this since reading its head does not write a new one, which might name what is garbage by now.
const LIMIT: Duration = Duration::from_secs(900);

/// Where a value is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(from = "(u64, String)", into = "(u64, String)")]
pub struct Place {
    /// Which of its generation.
    pub number: u64,
    /// Random, so that a place is written once.
    pub generation: String,
}

impl From<(u64, String)> for Place {
    fn from((number, generation): (u64, String)) -> Self {
        Self { number, generation }
    }
}

impl From<Place> for (u64, String) {
    fn from(p: Place) -> Self {
        (p.number, p.generation)
    }
}

/// Places that no later head names, each with the moment since when.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Garbage(Vec<(String, u64, u64, i64)>);

impl Garbage {
    /// The places `first..=last` of a generation are not named any more.
    pub fn add(&mut self, generation: &str, first: u64, last: u64, now: Timestamp) {
        self.0.push((generation.to_owned(), first, last, now.0));
    }

    /// Takes out what is old enough, about as much as is deleted in one go.
    fn take_old(&mut self, now: Timestamp) -> Vec<Place> {
        let mut old = Vec::new();
        self.0.retain(|(generation, first, last, since)| {
            if now.since(Timestamp(*since)) <= GARBAGE_AGE || old.len() >= GARBAGE_STEP {
                return true;
            }
            old.extend((*first..=*last).map(|number| Place { number, generation: generation.clone() }));
            false
        });
        old
    }
}

/// What begins each part of a head.
#[derive(Serialize, Deserialize)]
struct Part {
    tag: String,
    parts: usize,
}

/// A head under a key, and what it names.
#[derive(Debug, Clone)]
pub struct Derived {
    key: JournalKey,
    /// Raised whenever head or values change their shape.
    fold: u32,
}

impl Derived {
    /// What is derived under a key.
    #[must_use]
    pub fn at(key: JournalKey, fold: u32) -> Self {
        Self { key, fold }
    }

    /// A name for new places.
    #[must_use]
    pub fn generation(random: &impl Random) -> String {
        format!("{:016x}", random.u64())
    }

    /// The head: one round trip, two if it is long. `None` if none was ever written.
    ///
    /// # Errors
    /// The store's; [`StoreError::Corrupt`] if it cannot be read, [`StoreError::Failed`] if it is always being written.
    pub async fn head<T: DeserializeOwned>(&self, kv: &impl KeyValue) -> Result<Option<T>, StoreError> {
        let first_key = self.key.snapshot(self.fold, 0);
        for _ in 0..TRIES {
            let Some(first) = retry(|| kv.get(&first_key)).await? else { return Ok(None) };
            let (part, piece) = split(&first).ok_or_else(|| corrupt(&first_key, "it has no header"))?;
            let keys: Vec<String> =
                (1..part.parts.min(PARTS)).map(|i| self.key.snapshot(self.fold, i)).collect();
            let mut body = piece.to_vec();
            let mut whole = true;
            for other in get_all(kv, &keys).await? {
                match other.as_deref().and_then(split) {
                    Some((p, piece)) if p.tag == part.tag => body.extend_from_slice(piece),
                    _ => whole = false,
                }
            }
            if whole {
                return serde_json::from_slice(&body).map(Some).map_err(|e| corrupt(&first_key, e));
            }
        }
        Err(StoreError::Failed(format!("{first_key} is being written all the time")))
    }

    /// The values of places, in their order.
    ///
    /// # Errors
    /// The store's; [`StoreError::Corrupt`] if one is missing.
    pub async fn values(&self, kv: &impl KeyValue, places: &[Place]) -> Result<Vec<Vec<u8>>, StoreError> {
        let keys: Vec<String> = places.iter().map(|p| self.key.leaf(p.number, &p.generation)).collect();
        let found = get_all(kv, &keys).await?;
        keys.iter()
            .zip(found)
            .map(|(key, bytes)| {
                bytes.ok_or_else(|| corrupt(key, "it is missing; what it belongs to is built again"))
            })
            .collect()
    }

    /// Writes values and then the head that names them: two writes, one without values, more if there are very many
    /// values, and one if something is old enough to be deleted. `began` is the monotonic moment before the old head was
    /// read. `garbage` is part of `head`, and `head` is made of what is left of it.
    ///
    /// # Errors
    /// The store's; then the old head is in force, or the new one.
    pub async fn write<W: World, T: Serialize>(
        &self,
        world: &W,
        began: Duration,
        values: Vec<(Place, Vec<u8>)>,
        garbage: &mut Garbage,
        head: impl FnOnce(&Garbage) -> T,
    ) -> Result<(), StoreError> {
        let kv = world.kv();
        let mut pairs = Vec::with_capacity(values.len());
        for (place, bytes) in values {
            let key = self.key.leaf(place.number, &place.generation);
            if bytes.len() > MAX_VALUE {
                return Err(corrupt(&key, format_args!("{} bytes are too long for a value", bytes.len())));
            }
            pairs.push((key, bytes));
        }
        for some in pairs.chunks(VALUES_AT_ONCE) {
            kv.set_many(some).await?;
        }
        let old = garbage.take_old(world.clock().now());
        let parts = self.parts(&head(garbage))?;
        if world.clock().monotonic().saturating_sub(began) > LIMIT {
            return Err(StoreError::Failed("deriving took too long".into()));
        }
        kv.set_many(&parts).await?;
        if !old.is_empty() {
            let keys: Vec<String> = old.iter().map(|p| self.key.leaf(p.number, &p.generation)).collect();
            kv.delete_many(&keys).await?;
        }
        Ok(())
    }

    fn parts<T: Serialize>(&self, head: &T) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        let first = self.key.snapshot(self.fold, 0);
        let body = serde_json::to_vec(head).map_err(|e| corrupt(&first, e))?;
        let parts = body.len().div_ceil(PART).max(1);
        if parts > PARTS {
            return Err(corrupt(&first, "the head is too long"));
        }
        let tag: String = Sha256::digest(&body).iter().take(8).map(|b| format!("{b:02x}")).collect();
        body.chunks(PART)
            .enumerate()
            .map(|(i, piece)| {
                let key = self.key.snapshot(self.fold, i);
                let header = Part { tag: tag.clone(), parts };
                let mut value = serde_json::to_vec(&header).map_err(|e| corrupt(&key, e))?;
                value.push(b'\n');
                value.extend_from_slice(piece);
                Ok((key, value))
            })
            .collect()
    }
}

fn split(value: &[u8]) -> Option<(Part, &[u8])> {
    let at = value.iter().position(|b| *b == b'\n')?;
    Some((serde_json::from_slice(value.get(..at)?).ok()?, value.get(at.saturating_add(1)..)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::executor::block_on;
    use mostek_ports::testing::TestWorld;

    fn derived() -> Derived {
        Derived::at(JournalKey::new("derived", "x").unwrap(), 1)
    }

    #[test]
    fn a_head_of_any_length_is_read_back_and_a_torn_one_is_not() {
        block_on(async {
            let world = TestWorld::new(1);
            assert_eq!(derived().head::<Vec<u64>>(&world.kv).await, Ok(None));
            for n in [0u64, 10, 30_000] {
                let head: Vec<u64> = (0..n).map(|i| i * 1_000_003).collect();
                let mut garbage = Garbage::default();
                derived()
                    .write(&world, Duration::ZERO, Vec::new(), &mut garbage, |_| head.clone())
                    .await
                    .unwrap();
                assert_eq!(derived().head(&world.kv).await, Ok(Some(head)));
            }
            world.kv.lose(&derived().key.snapshot(1, 1));
            assert!(matches!(derived().head::<Vec<u64>>(&world.kv).await, Err(StoreError::Failed(_))));
        });
    }

    #[test]
    fn garbage_goes_after_an_hour_and_a_late_writer_gives_up() {
        block_on(async {
            let world = TestWorld::new(1);
            let place = Place { number: 1, generation: "g".into() };
            let mut garbage = Garbage::default();
            let values = vec![(place.clone(), b"v".to_vec())];
            derived().write(&world, Duration::ZERO, values, &mut garbage, |g| g.clone()).await.unwrap();
            garbage.add("g", 1, 1, world.clock().now());
            world.clock.advance(Duration::from_secs(3000));
            let began = world.clock().monotonic();
            derived().write(&world, began, Vec::new(), &mut garbage, |g| g.clone()).await.unwrap();
            assert!(derived().values(&world.kv, std::slice::from_ref(&place)).await.is_ok());
            world.clock.advance(Duration::from_secs(800));
            derived().write(&world, began, Vec::new(), &mut garbage, |g| g.clone()).await.unwrap();
            assert!(derived().values(&world.kv, &[place]).await.is_err());
            assert_eq!(derived().head::<Garbage>(&world.kv).await, Ok(Some(Garbage::default())));
            world.clock.advance(Duration::from_secs(901));
            let late = derived().write(&world, began, Vec::new(), &mut garbage, |g| g.clone()).await;
            assert!(late.is_err());
        });
    }
}
