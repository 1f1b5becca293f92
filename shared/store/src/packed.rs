//! The stored forms of an index's leaves and head: short where attributes repeat.
//!
//! A leaf has 1,024 rows of a dozen numbers, most of them ten digits long, and must fit into one value; a head has a count for
//! every combination of attributes in every leaf. So when the plain form is long, a leaf writes every number once and a head
//! every combination once, and both refer to them by position. Short ones are written plain, which is what earlier versions
//! read; of a form that it does not know an earlier version makes an error, never something else.

use crate::index::Attributes;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A leaf's rows: slot and attributes.
type Rows = BTreeMap<u64, Attributes>;

/// A leaf as it is stored.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct StoredLeaf {
    /// The plain form.
    #[serde(skip_serializing_if = "Option::is_none")]
    rows: Option<Rows>,
    #[serde(skip_serializing_if = "Option::is_none")]
    packed: Option<PackedRows>,
}

/// Every number once; of each row its distance from the first slot and the positions of its attributes.
#[derive(Serialize, Deserialize)]
struct PackedRows {
    first: u64,
    values: Vec<u32>,
    rows: Vec<Vec<usize>>,
}

/// The bytes of a leaf, plain if that is at most `limit` bytes.
pub(crate) fn leaf_bytes(rows: &Rows, limit: usize) -> serde_json::Result<Vec<u8>> {
    let plain = serde_json::to_vec(&StoredLeaf { rows: Some(rows.clone()), packed: None })?;
    if plain.len() <= limit {
        return Ok(plain);
    }
    let first = rows.keys().next().copied().unwrap_or_default();
    let mut values = Interned::default();
    let rows = rows
        .iter()
        .map(|(slot, attributes)| {
            let offset = usize::try_from(slot.saturating_sub(first)).unwrap_or(usize::MAX);
            std::iter::once(offset).chain(attributes.iter().map(|a| values.position(*a))).collect()
        })
        .collect();
    let packed = Some(PackedRows { first, values: values.all, rows });
    serde_json::to_vec(&StoredLeaf { rows: None, packed })
}

/// Reads either form.
pub(crate) fn leaf_rows(bytes: &[u8]) -> Result<Rows, String> {
    let stored: StoredLeaf = serde_json::from_slice(bytes).map_err(|e| e.to_string())?;
    match (stored.rows, stored.packed) {
        (Some(rows), _) => Ok(rows),
        (None, None) => Err("there are no rows in it".to_owned()),
        (None, Some(PackedRows { first, values, rows })) => rows
            .into_iter()
            .map(|row| {
                let (offset, positions) = row.split_first()?;
                let attributes = positions.iter().map(|p| values.get(*p).copied()).collect::<Option<_>>()?;
                Some((first.checked_add(u64::try_from(*offset).ok()?)?, attributes))
            })
            .collect::<Option<_>>()
            .ok_or_else(|| "a position is out of range".to_owned()),
    }
}

/// Things each once, in the order they came.
struct Interned<T> {
    all: Vec<T>,
    known: BTreeMap<T, usize>,
}

impl<T> Default for Interned<T> {
    fn default() -> Self {
        Self { all: Vec::new(), known: BTreeMap::new() }
    }
}

impl<T: Ord + Clone> Interned<T> {
    fn position(&mut self, thing: T) -> usize {
        let next = self.all.len();
        let all = &mut self.all;
        *self.known.entry(thing).or_insert_with_key(|thing| {
            all.push(thing.clone());
            next
        })
    }
}

/// How many live rows a leaf has, by attributes.
type Counts = Vec<(Attributes, u64)>;

/// Counts of all leaves, each combination of attributes once.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct PackedCounts {
    combinations: Vec<Attributes>,
    /// Of each leaf, positions and numbers.
    leaves: BTreeMap<u64, Vec<(usize, u64)>>,
}

impl PackedCounts {
    /// Packs the counts of some leaves.
    pub(crate) fn of<'a>(leaves: impl Iterator<Item = (u64, &'a Counts)>) -> Self {
        let mut combinations = Interned::default();
        let leaves = leaves
            .map(|(leaf, counts)| {
                let packed =
                    counts.iter().map(|(a, n)| (combinations.position(a.clone()), *n)).collect::<Vec<_>>();
                (leaf, packed)
            })
            .collect();
        Self { combinations: combinations.all, leaves }
    }

    /// The counts of a leaf; `None` if what is stored does not fit together.
    pub(crate) fn counts(&self, leaf: u64) -> Option<Counts> {
        let packed = self.leaves.get(&leaf)?;
        packed.iter().map(|(p, n)| Some((self.combinations.get(*p)?.clone(), *n))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::MAX_VALUE;

    /// A full leaf in which every row is like no other: hashes, and a deadline of its own.
    fn worst(rows: u64) -> Rows {
        let hash = |n: u64| u32::MAX - u32::try_from(n * 7_919 % 60).unwrap();
        (0..rows)
            .map(|i| {
                let hour = 495_000 + u32::try_from(i).unwrap();
                let row = vec![
                    1,
                    hash(i),
                    hash(i + 1),
                    hash(i + 2),
                    1,
                    hash(i / 3),
                    3,
                    7,
                    hash(i / 5),
                    hour,
                    1,
                    hash(i),
                ];
                (99_999_000 + i, row)
            })
            .collect()
    }

    #[test]
    fn a_full_leaf_of_rows_with_many_attributes_fits_into_a_value() {
        let rows = worst(1024);
        let plain = leaf_bytes(&rows, usize::MAX).unwrap();
        assert!(plain.len() > MAX_VALUE, "{} bytes", plain.len());
        let bytes = leaf_bytes(&rows, MAX_VALUE).unwrap();
        assert!(bytes.len() <= MAX_VALUE * 3 / 4, "{} bytes", bytes.len());
        assert_eq!(leaf_rows(&bytes).unwrap(), rows);
    }

    #[test]
    fn a_short_leaf_is_written_as_ever_and_both_are_read() {
        let rows = Rows::from([(5, vec![1, 2]), (9, vec![1, 3])]);
        let bytes = leaf_bytes(&rows, MAX_VALUE).unwrap();
        assert_eq!(String::from_utf8_lossy(&bytes), r#"{"rows":{"5":[1,2],"9":[1,3]}}"#);
        assert_eq!(leaf_rows(&bytes).unwrap(), rows);
        let packed = leaf_bytes(&rows, 0).unwrap();
        assert_eq!(leaf_rows(&packed).unwrap(), rows);
        for damaged in [
            r#"{"packed":{"first":5,"values":[1],"rows":[[0,1]]}}"#,
            r#"{"packed":{"first":5,"values":[1],"rows":[[]]}}"#,
            "{}",
        ] {
            assert!(leaf_rows(damaged.as_bytes()).is_err(), "{damaged}");
        }
    }

    #[test]
    fn counts_go_through_their_short_form() {
        let one: Counts = vec![(vec![1, 2], 3), (vec![1, 4], 1)];
        let two: Counts = vec![(vec![1, 4], 7)];
        let packed = PackedCounts::of([(0, &one), (9, &two)].into_iter());
        assert_eq!(packed.combinations.len(), 2);
        let stored: PackedCounts = serde_json::from_slice(&serde_json::to_vec(&packed).unwrap()).unwrap();
        assert_eq!((stored.counts(0), stored.counts(9), stored.counts(1)), (Some(one), Some(two), None));
        let damaged = PackedCounts { combinations: vec![], leaves: BTreeMap::from([(0, vec![(0, 1)])]) };
        assert_eq!(damaged.counts(0), None);
    }
}
