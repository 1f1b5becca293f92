//! Randomness as a port.

/// Fills bytes from a source that is fit for keys and tokens.
pub trait Random {
    /// Fills `bytes`.
    fn fill(&self, bytes: &mut [u8]);

    /// A random 64-bit number.
    fn u64(&self) -> u64 {
        let mut b = [0u8; 8];
        self.fill(&mut b);
        u64::from_le_bytes(b)
    }
}
