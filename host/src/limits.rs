//! What a platform allows, so that one can test against it.

use std::time::Duration;

use crate::kv::StoreLimits;

/// Limits on requests and instances. `Default` is none, as `spin up`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Limits {
    /// Linear memory of one instance, shared by its requests.
    pub memory_bytes: Option<usize>,
    /// Of a request and of a response.
    pub body_bytes: Option<usize>,
    /// From the request to the head of the response, and again for work after it.
    pub request_time: Option<Duration>,
    /// Of the stores.
    pub stores: Option<StoreLimits>,
}

impl Limits {
    /// Akamai Functions, as published in its "quotas and limits" (read 2026-11-21): 128 MiB, 10 MiB, 30 s, 50 writes/s,
    /// values of 1 MB, keys of 8 KB.
    #[must_use]
    pub fn akamai() -> Self {
        Self {
            memory_bytes: Some(128 << 20),
            body_bytes: Some(10 << 20),
            request_time: Some(Duration::from_secs(30)),
            stores: Some(StoreLimits { writes_per_second: 50, value_bytes: 1 << 20, key_bytes: 8 << 10 }),
        }
    }
}

/// Refuses memory beyond the limit; the guest's allocator then fails, which in Rust is a trap.
#[derive(Debug, Default)]
pub struct MemoryLimit {
    /// Of all linear memories together; `None` is no limit.
    pub bytes: Option<usize>,
    used: usize,
}

impl MemoryLimit {
    /// No more than `bytes`.
    #[must_use]
    pub fn new(bytes: Option<usize>) -> Self {
        Self { bytes, used: 0 }
    }
}

impl wasmtime::ResourceLimiter for MemoryLimit {
    fn memory_growing(&mut self, current: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        let used = self.used.saturating_sub(current).saturating_add(desired);
        if self.bytes.is_some_and(|limit| used > limit) {
            tracing::warn!(used, limit = self.bytes, "instance memory limit exceeded");
            return Ok(false);
        }
        self.used = used;
        Ok(true)
    }

    fn table_growing(&mut self, _: usize, _: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use wasmtime::ResourceLimiter as _;

    use super::*;

    #[test]
    fn memories_of_one_instance_share_the_limit() {
        let mut limit = MemoryLimit::new(Some(100));
        assert!(limit.memory_growing(0, 60, None).unwrap());
        assert!(!limit.memory_growing(0, 50, None).unwrap());
        assert!(limit.memory_growing(60, 100, None).unwrap());
        assert!(!limit.memory_growing(100, 101, None).unwrap());
    }
}
