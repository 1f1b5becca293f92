//! Whether two stores hold the same, without sorting either.

use crate::engine::{Item, Value};
use sha2::{Digest as _, Sha256};
use std::fmt;

/// How many items there are and the sum of their hashes: the same for the same items in any order. For noticing accidents,
/// not forgers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Digest {
    /// Keys.
    pub items: u64,
    sum: [u128; 2],
}

impl Digest {
    /// Takes one more item in.
    pub fn add(&mut self, item: &Item) {
        let mut hash = Sha256::new();
        hash.update((item.key.len() as u64).to_be_bytes());
        hash.update(&item.key);
        match &item.value {
            Value::Counter(n) => {
                hash.update(b"n");
                hash.update(n.to_be_bytes());
            }
            Value::Bytes(bytes) => {
                hash.update(b"v");
                hash.update(bytes);
            }
        }
        let hash = hash.finalize();
        let (high, low) = hash.split_at(16);
        for (sum, half) in self.sum.iter_mut().zip([high, low]) {
            let half = half.iter().fold(0_u128, |n, b| (n << 8) | u128::from(*b));
            *sum = sum.wrapping_add(half);
        }
        self.items += 1;
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [high, low] = self.sum;
        write!(f, "{} keys, {high:032x}{low:032x}", self.items)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(items: &[(&str, Value)]) -> Digest {
        let mut digest = Digest::default();
        for (key, value) in items {
            digest.add(&Item { key: (*key).to_owned(), value: value.clone() });
        }
        digest
    }

    #[test]
    fn order_does_not_matter_and_everything_else_does() {
        let a = ("a", Value::Bytes(vec![1]));
        let b = ("b", Value::Counter(1));
        let both = digest(&[a.clone(), b.clone()]);
        assert_eq!(both, digest(&[b.clone(), a.clone()]));
        assert_ne!(both, digest(std::slice::from_ref(&a)));
        assert_ne!(both, digest(&[a.clone(), ("b", Value::Counter(2))]));
        assert_ne!(both, digest(&[a.clone(), ("b", Value::Bytes(vec![0, 0, 0, 0, 0, 0, 0, 1]))]));
        assert_ne!(both, digest(&[("ab", Value::Bytes(vec![1])), b]));
    }
}
