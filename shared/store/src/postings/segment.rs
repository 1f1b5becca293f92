//! One segment of an inverted index as bytes: words in order, each with the documents of one shard that have it.
//!
//! A part is a row of entries: the word's length (one byte), the word, a kind, and then
//! - kind 0: how many documents (two bytes), and the gaps between their numbers as LEB128;
//! - kind 1: a bitmap of [`BITMAP`] bytes, once that is shorter than the gaps.
//!
//! With more than one part, part 0 is the *fence*: the first word of each part, so that a reader fetches only those it needs.

use std::collections::BTreeMap;

/// Documents of one shard; their numbers in it are below this.
pub(super) const SHARD: u64 = 32_768;
/// Bytes of a bitmap over a shard.
pub(super) const BITMAP: usize = 4_096;
/// A part is closed when it has this many bytes; its last entry may take it a bitmap further.
const PART: usize = 12_000;
/// Bytes of the longest word.
const WORD: usize = 255;

/// Words and the numbers, in order and once each, of the documents that have them.
pub(super) type Lists = BTreeMap<String, Vec<u16>>;

/// The documents of one shard that fit.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Bits(Vec<u64>);

impl Bits {
    pub(super) fn none() -> Self {
        Self(vec![0; BITMAP / 8])
    }

    pub(super) fn set(&mut self, number: u16) {
        let n = usize::from(number);
        if let Some(word) = self.0.get_mut(n / 64) {
            *word |= 1 << (n % 64);
        }
    }

    pub(super) fn or(&mut self, other: &Self) {
        for (a, b) in self.0.iter_mut().zip(&other.0) {
            *a |= b;
        }
    }

    pub(super) fn and(&mut self, other: &Self) {
        for (a, b) in self.0.iter_mut().zip(&other.0) {
            *a &= b;
        }
    }

    /// The numbers below `below`, from the highest.
    pub(super) fn descending(&self, below: u64) -> impl Iterator<Item = u64> + '_ {
        let top = below.min(SHARD);
        (0..top).rev().filter(|n| {
            let word = usize::try_from(n / 64).ok().and_then(|w| self.0.get(w)).copied().unwrap_or(0);
            word >> (n % 64) & 1 == 1
        })
    }
}

fn gaps(numbers: &[u16]) -> Vec<u8> {
    let mut out = Vec::with_capacity(numbers.len());
    let mut last = 0u16;
    for n in numbers {
        let mut gap = n.saturating_sub(last);
        last = *n;
        while gap >= 0x80 {
            out.push((gap & 0x7f) as u8 | 0x80);
            gap >>= 7;
        }
        out.push((gap & 0x7f) as u8);
    }
    out
}

fn put(out: &mut Vec<u8>, word: &str, numbers: &[u16]) {
    let Ok(length) = u8::try_from(word.len()) else { return };
    out.push(length);
    out.extend_from_slice(word.as_bytes());
    let gaps = gaps(numbers);
    if gaps.len() < BITMAP {
        out.push(0);
        let count = u16::try_from(numbers.len()).unwrap_or(u16::MAX);
        out.extend_from_slice(&count.to_le_bytes());
        out.extend_from_slice(&gaps);
    } else {
        out.push(1);
        let mut bits = Bits::none();
        numbers.iter().for_each(|n| bits.set(*n));
        bits.0.iter().for_each(|w| out.extend_from_slice(&w.to_le_bytes()));
    }
}

/// The parts of a segment, without their fence, and the fence if there are several. A word too long for an entry is left out.
pub(super) fn encode(lists: &Lists) -> (Option<Vec<u8>>, Vec<Vec<u8>>) {
    let mut parts: Vec<Vec<u8>> = Vec::new();
    let mut fence = Vec::new();
    for (word, numbers) in lists.iter().filter(|(w, n)| w.len() <= WORD && !n.is_empty()) {
        if parts.last().is_none_or(|p| p.len() >= PART) {
            parts.push(Vec::new());
            fence.push(u8::try_from(word.len()).unwrap_or(u8::MAX));
            fence.extend_from_slice(word.as_bytes());
        }
        if let Some(part) = parts.last_mut() {
            put(part, word, numbers);
        }
    }
    ((parts.len() > 1).then_some(fence), parts)
}

/// A part that is not what [`encode`] writes.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Damaged;

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], Damaged> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or(Damaged)?;
        self.0 = rest;
        Ok(taken)
    }

    fn byte(&mut self) -> Result<u8, Damaged> {
        self.take(1)?.first().copied().ok_or(Damaged)
    }

    fn word(&mut self) -> Result<&'a str, Damaged> {
        let length = self.byte()?;
        std::str::from_utf8(self.take(usize::from(length))?).map_err(|_| Damaged)
    }

    fn numbers(&mut self) -> Result<Vec<u16>, Damaged> {
        match self.byte()? {
            0 => {
                let count = self.take(2)?;
                let count = u16::from_le_bytes(count.try_into().map_err(|_| Damaged)?);
                let mut last = 0u16;
                let mut numbers = Vec::with_capacity(usize::from(count));
                for _ in 0..count {
                    let mut gap = 0u16;
                    for shift in [0u32, 7, 14] {
                        let byte = self.byte()?;
                        gap |= u16::from(byte & 0x7f).checked_shl(shift).ok_or(Damaged)?;
                        if byte & 0x80 == 0 {
                            break;
                        }
                    }
                    last = last.checked_add(gap).ok_or(Damaged)?;
                    numbers.push(last);
                }
                Ok(numbers)
            }
            1 => {
                let mut bits = Bits::none();
                for (word, bytes) in bits.0.iter_mut().zip(self.take(BITMAP)?.chunks_exact(8)) {
                    *word = u64::from_le_bytes(bytes.try_into().map_err(|_| Damaged)?);
                }
                let mut numbers: Vec<u16> =
                    bits.descending(SHARD).filter_map(|n| u16::try_from(n).ok()).collect();
                numbers.reverse();
                Ok(numbers)
            }
            _ => Err(Damaged),
        }
    }
}

/// Reads a part; `each` gets every word with its numbers.
pub(super) fn read(part: &[u8], mut each: impl FnMut(&str, Vec<u16>)) -> Result<(), Damaged> {
    let mut reader = Reader(part);
    while !reader.0.is_empty() {
        let word = reader.word()?;
        each(word, reader.numbers()?);
    }
    Ok(())
}

/// The first word of each part.
pub(super) fn read_fence(fence: &[u8]) -> Result<Vec<String>, Damaged> {
    let mut reader = Reader(fence);
    let mut words = Vec::new();
    while !reader.0.is_empty() {
        words.push(reader.word()?.to_owned());
    }
    Ok(words)
}

/// Adds lists to lists.
pub(super) fn merge(into: &mut Lists, word: &str, numbers: Vec<u16>) {
    match into.get_mut(word) {
        None => {
            into.insert(word.to_owned(), numbers);
        }
        Some(there) => {
            there.extend(numbers);
            there.sort_unstable();
            there.dedup();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn decode(parts: &[Vec<u8>]) -> Lists {
        let mut lists = Lists::new();
        for part in parts {
            read(part, |word, numbers| merge(&mut lists, word, numbers)).unwrap();
        }
        lists
    }

    #[test]
    fn a_word_that_every_document_has_takes_a_bitmap() {
        let every: Vec<u16> = (0..32_768u32).map(|n| u16::try_from(n).unwrap()).collect();
        let lists =
            Lists::from([("dzien".into(), every), ("dobry".into(), vec![0, 127, 128, 16_511, 32_767])]);
        let (fence, parts) = encode(&lists);
        assert_eq!((fence, parts.len()), (None, 1));
        assert!(parts[0].len() < BITMAP + 60, "{} bytes", parts[0].len());
        assert_eq!(decode(&parts), lists);
    }

    #[test]
    fn many_words_take_several_parts_with_a_fence_before_them() {
        let lists: Lists = (0..5000u16).map(|n| (format!("slowo{n:04}"), vec![n, n + 7])).collect();
        let (fence, parts) = encode(&lists);
        let fence = read_fence(&fence.unwrap()).unwrap();
        assert_eq!(fence.len(), parts.len());
        assert!(parts.len() > 4 && parts.iter().all(|p| p.len() <= PART + 300));
        assert_eq!(fence[0], "slowo0000");
        assert_eq!(decode(&parts), lists);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(
            lists in prop::collection::btree_map("\\PC{1,12}", prop::collection::btree_set(0u16..32_768, 1..60), 0..60)
        ) {
            let lists: Lists =
                lists.into_iter().map(|(w, n)| (w, n.into_iter().collect())).collect();
            prop_assert_eq!(decode(&encode(&lists).1), lists);
        }

        #[test]
        fn damaged_bytes_are_refused_or_read_and_never_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = read(&bytes, |_, _| ());
            let _ = read_fence(&bytes);
        }
    }
}
