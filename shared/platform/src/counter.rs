//! What a counter looks like when it is read back.

use mostek_ports::StoreError;

/// The value of the counter under `key` out of what is there; 0 if nothing is.
///
/// # Errors
/// [`StoreError::Corrupt`] if it is no counter.
pub(crate) fn read(key: &str, bytes: Option<Vec<u8>>) -> Result<u64, StoreError> {
    let Some(bytes) = bytes else { return Ok(0) };
    decode(&bytes).ok_or_else(|| StoreError::Corrupt {
        key: key.to_owned(),
        reason: format!("{} bytes that are no counter", bytes.len()),
    })
}

/// The value of a counter out of the bytes `get` gives for it; `None` if they are no counter.
///
/// The engines keep it differently (Spin 4.1, `crates/key-value-spin/src/store.rs` and `crates/key-value-redis`; read
/// back from both): SQLite as 8 bytes, little-endian, Redis as ASCII digits.
///
/// Eight ASCII digits could be either. They are taken as Redis: as SQLite they would be at least
/// 0x3030303030303030 = 3.4 * 10^18, which a counter that grows by what one request reserves does not reach in the life
/// of the installation; as Redis they are 10,000,000 to 99,999,999, which it may. So the engine need not be asked.
fn decode(bytes: &[u8]) -> Option<u64> {
    if !bytes.is_empty() && bytes.iter().all(u8::is_ascii_digit) {
        return std::str::from_utf8(bytes).ok()?.parse().ok();
    }
    let word: [u8; 8] = bytes.try_into().ok()?;
    // The engines count in 64 signed bits; ours only ever grow, so a negative one was not made by us.
    u64::try_from(i64::from_le_bytes(word)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sqlite_writes_eight_bytes_little_endian() {
        assert_eq!(decode(&[0xf4, 0x01, 0, 0, 0, 0, 0, 0]), Some(500));
        assert_eq!(decode(&0i64.to_le_bytes()), Some(0));
        assert_eq!(decode(&i64::MAX.to_le_bytes()), Some(i64::MAX as u64));
    }

    #[test]
    fn redis_writes_ascii_digits() {
        assert_eq!(decode(b"500"), Some(500));
        assert_eq!(decode(b"0"), Some(0));
        assert_eq!(decode(b"9223372036854775807"), Some(i64::MAX as u64));
    }

    #[test]
    fn eight_digits_are_redis() {
        assert_eq!(decode(b"12345678"), Some(12_345_678));
        // One byte that is no digit, and it is SQLite: every count below 0x30 * 256^7 has such a byte.
        assert_eq!(decode(b"1234567\0"), Some(u64::from_le_bytes(*b"1234567\0")));
    }

    #[test]
    fn every_count_that_can_occur_is_read_back_from_sqlite() {
        for n in (0..63).map(|bits| 1u64 << bits).filter(|n| *n < 0x3030_3030_3030_3030) {
            for n in [n - 1, n, n + 1] {
                assert_eq!(decode(&n.to_le_bytes()), Some(n));
            }
        }
    }

    #[test]
    fn anything_else_is_no_counter() {
        for bytes in [&b""[..], b"-5", b"12a", b"1234567890123456789012", &[0; 7], &[0; 9], &[0xff; 8]] {
            assert_eq!(decode(bytes), None, "{bytes:?}");
        }
    }
}
