//! Bytes too long for one value, written once in parts.

use crate::access::{corrupt, get_all};
use crate::keys;
use bytes::Bytes;
use futures::future::LocalBoxFuture;
use mostek_ports::{ByteStream, KeyValue, ReadError, StoreError};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Bytes per part: under the 64 KiB of a value.
const PART: usize = 60_000;
/// Parts per `set_many`, so that one transaction stays near one megabyte.
const PARTS_PER_WRITE: usize = 16;
/// Parts read at the same time while streaming, so that a download holds about half a megabyte.
const PARTS_PER_READ: usize = 8;

/// Where a blob is, kept inside the fact that owns it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlobRef {
    /// The blob's id.
    pub id: String,
    /// Its length in bytes.
    pub len: u64,
    /// SHA-256 of the bytes, lower-case hexadecimal.
    pub sha256: String,
}

/// Writes and reads blobs.
pub struct Blob;

impl Blob {
    /// Writes `bytes` under an id that was never used before. Until a fact names the blob it does not exist for anybody;
    /// a blob whose writer crashed is found by the repair job.
    ///
    /// # Errors
    /// The store's.
    pub async fn write(kv: &impl KeyValue, id: &str, bytes: &[u8]) -> Result<BlobRef, StoreError> {
        let pairs = bytes
            .chunks(PART)
            .enumerate()
            .map(|(i, part)| Ok((keys::blob(id, i).map_err(|e| corrupt(id, e))?, part.to_vec())))
            .collect::<Result<Vec<_>, StoreError>>()?;
        for some in pairs.chunks(PARTS_PER_WRITE) {
            // Write-once keys: a repeat writes the same bytes.
            crate::access::retry(|| kv.set_many(some)).await?;
        }
        let sha256 = Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect();
        Ok(BlobRef { id: id.to_owned(), len: bytes.len() as u64, sha256 })
    }

    /// Removes a blob's parts, for somebody whose words they are. Whoever still names it finds it missing.
    ///
    /// # Errors
    /// The store's; [`StoreError::Corrupt`] if the reference itself is not usable.
    pub async fn delete(kv: &impl KeyValue, blob: &BlobRef) -> Result<(), StoreError> {
        let keys = Self::keys(blob)?;
        for some in keys.chunks(PARTS_PER_WRITE) {
            crate::access::retry(|| kv.delete_many(some)).await?;
        }
        Ok(())
    }

    /// Reads a whole blob.
    ///
    /// # Errors
    /// The store's; [`StoreError::Corrupt`] if a part is missing or the bytes are not those that were written.
    pub async fn read(kv: &impl KeyValue, blob: &BlobRef) -> Result<Vec<u8>, StoreError> {
        let keys = Self::keys(blob)?;
        let mut all = Vec::with_capacity(usize::try_from(blob.len).unwrap_or(0));
        for (key, part) in keys.iter().zip(get_all(kv, &keys).await?) {
            all.extend(part.ok_or_else(|| corrupt(key, "a part of a file is missing"))?);
        }
        let sha256: String = Sha256::digest(&all).iter().map(|b| format!("{b:02x}")).collect();
        if sha256 == blob.sha256 { Ok(all) } else { Err(corrupt(&blob.id, "the file's checksum is wrong")) }
    }

    /// Streams a blob without holding it whole.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] if the reference itself is not usable; later failures end the stream.
    pub fn stream<K: KeyValue + Clone + 'static>(
        kv: K,
        blob: &BlobRef,
    ) -> Result<Box<dyn ByteStream>, StoreError> {
        Ok(Box::new(Parts { kv, keys: Self::keys(blob)?, next: 0, ready: Vec::new() }))
    }

    fn keys(blob: &BlobRef) -> Result<Vec<String>, StoreError> {
        let parts = usize::try_from(blob.len).unwrap_or(usize::MAX).div_ceil(PART);
        if parts > 4096 {
            return Err(corrupt(&blob.id, "too long to be a file of ours"));
        }
        (0..parts).map(|i| keys::blob(&blob.id, i).map_err(|e| corrupt(&blob.id, e))).collect()
    }
}

struct Parts<K> {
    kv: K,
    keys: Vec<String>,
    next: usize,
    ready: Vec<Bytes>,
}

impl<K: KeyValue> ByteStream for Parts<K> {
    fn next(&mut self) -> LocalBoxFuture<'_, Option<Result<Bytes, ReadError>>> {
        Box::pin(async move {
            if self.ready.is_empty() {
                let keys: Vec<String> =
                    self.keys.iter().skip(self.next).take(PARTS_PER_READ).cloned().collect();
                if keys.is_empty() {
                    return None;
                }
                self.next += keys.len();
                let parts = match get_all(&self.kv, &keys).await {
                    Ok(parts) => parts,
                    Err(e) => return Some(Err(ReadError::Broken(e.to_string()))),
                };
                for part in parts.into_iter().rev() {
                    match part {
                        Some(p) => self.ready.push(Bytes::from(p)),
                        None => return Some(Err(ReadError::Broken("a part of the file is missing".into()))),
                    }
                }
            }
            self.ready.pop().map(Ok)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::executor::block_on;
    use mostek_ports::read_capped;
    use mostek_ports::testing::MemoryStore;

    #[test]
    fn round_trips_whole_and_streamed_at_part_borders() {
        for len in [0, 1, PART - 1, PART, PART + 1, PART * 20 + 7] {
            let kv = MemoryStore::new();
            let bytes: Vec<u8> = (0..len).map(|i| (i % 251) as u8).collect();
            let at = block_on(Blob::write(&kv, "b1", &bytes)).unwrap();
            assert_eq!(block_on(Blob::read(&kv, &at)).unwrap(), bytes);
            let mut stream = Blob::stream(kv.clone(), &at).unwrap();
            assert_eq!(block_on(read_capped(stream.as_mut(), len)).unwrap(), bytes);
            assert!(kv.longest_value().is_none_or(|(_, n)| n <= keys::MAX_VALUE));
        }
    }

    #[test]
    fn a_missing_part_is_an_error_and_never_shorter_bytes() {
        let kv = MemoryStore::new();
        let at = block_on(Blob::write(&kv, "b1", &vec![7; PART * 3])).unwrap();
        kv.lose("b:b1:1");
        assert!(matches!(block_on(Blob::read(&kv, &at)), Err(StoreError::Corrupt { .. })));
        let mut stream = Blob::stream(kv, &at).unwrap();
        assert!(matches!(block_on(read_capped(stream.as_mut(), PART * 3)), Err(ReadError::Broken(_))));
    }
}
