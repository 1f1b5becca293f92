//! Randomness.

use mostek_ports::Random;
use spin_sdk::wasip3::random::random::get_random_u64;

/// The engine's cryptographic source (`wasi:random/random@0.3.0`).
#[derive(Clone, Copy, Default)]
pub struct SpinRandom;

impl Random for SpinRandom {
    /// By words: `get-random-bytes` may give fewer bytes than asked for, a word is always whole.
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            for (to, from) in chunk.iter_mut().zip(get_random_u64().to_le_bytes()) {
                *to = from;
            }
        }
    }
}
