//! What a platform allows, so that one can test against it.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::kv::StoreLimits;

const HOUR: Duration = Duration::from_secs(3600);

/// Limits on requests and instances. `Default` is none, as `spin up`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Limits {
    /// What the platform is called in messages.
    pub platform: &'static str,
    /// Linear memory of one instance, shared by its requests.
    pub memory_bytes: Option<usize>,
    /// Of a request and of a response.
    pub body_bytes: Option<usize>,
    /// From the request to the head of the response, and again for work after it.
    pub request_time: Option<Duration>,
    /// HTTP requests that the application may send in one hour.
    pub outbound_per_hour: Option<u32>,
    /// Of the stores.
    pub stores: Option<StoreLimits>,
    /// Interfaces that are not there, without their versions: a component that imports one is refused.
    pub missing: &'static [&'static str],
}

impl Limits {
    /// Akamai Functions, as published in its "quotas and limits" (read 2026-11-21): 128 MiB, 10 MiB, 30 s, 50 writes/s,
    /// values of 1 MB, keys of 8 KB; of `wasi:keyvalue`, no atomics.
    #[must_use]
    pub fn akamai() -> Self {
        Self {
            platform: "Akamai Functions",
            memory_bytes: Some(128 << 20),
            body_bytes: Some(10 << 20),
            request_time: Some(Duration::from_secs(30)),
            outbound_per_hour: None,
            stores: Some(StoreLimits {
                writes_per_second: Some(50),
                value_bytes: 1 << 20,
                key_bytes: 8 << 10,
                keys: None,
            }),
            missing: &["wasi:keyvalue/atomics"],
        }
    }

    /// Fermyon Cloud, as published in its pages on limits (read 2026-11-21): bodies of 10 MB, 30 s, 500 requests to the
    /// outside an hour, 1,024 keys of 255 bytes with values of 1 MB; of `wasi:keyvalue`, neither atomics nor batches. No
    /// limit on memory is published; the one of Akamai Functions is taken.
    #[must_use]
    pub fn fermyon_cloud() -> Self {
        Self {
            platform: "Fermyon Cloud",
            memory_bytes: Some(128 << 20),
            body_bytes: Some(10_000_000),
            request_time: Some(Duration::from_secs(30)),
            outbound_per_hour: Some(500),
            stores: Some(StoreLimits {
                writes_per_second: None,
                value_bytes: 1 << 20,
                key_bytes: 255,
                keys: Some(1024),
            }),
            missing: &["wasi:keyvalue/atomics", "wasi:keyvalue/batch"],
        }
    }

    /// The first of a component's imports that the platform does not offer.
    pub fn first_missing<'a>(&self, imports: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
        imports.into_iter().find(|import| {
            let name = import.split_once('@').map_or(*import, |(name, _)| name);
            self.missing.contains(&name)
        })
    }
}

/// How many requests left in the present hour.
#[derive(Debug)]
pub struct HourlyQuota {
    most: Option<u32>,
    hour: Mutex<Option<(Instant, u32)>>,
}

impl HourlyQuota {
    /// At most that many; `None` is any number.
    #[must_use]
    pub fn new(most: Option<u32>) -> Self {
        Self { most, hour: Mutex::new(None) }
    }

    /// Counts one more, unless it would be one too many. The hour begins with its first request.
    pub fn admit(&self) -> bool {
        let Some(most) = self.most else { return true };
        let now = Instant::now();
        let mut hour = self.hour.lock().unwrap_or_else(PoisonError::into_inner);
        let (start, count) = match *hour {
            Some((start, count)) if now.duration_since(start) < HOUR => (start, count),
            _ => (now, 0),
        };
        if count >= most {
            return false;
        }
        *hour = Some((start, count + 1));
        true
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

    #[tokio::test(start_paused = true)]
    async fn an_hour_has_only_so_many_requests() {
        let quota = HourlyQuota::new(Some(2));
        assert!(quota.admit() && quota.admit() && !quota.admit());
        tokio::time::advance(HOUR).await;
        assert!(quota.admit());
        let any = HourlyQuota::new(None);
        assert!((0..10_000).all(|_| any.admit()));
    }

    #[test]
    fn what_a_platform_lacks_is_found_whatever_its_version() {
        let imports = [
            "wasi:http/types@0.3.0",
            "wasi:keyvalue/store@0.2.0-draft2",
            "wasi:keyvalue/atomics@0.2.0-draft2",
        ];
        assert_eq!(Limits::akamai().first_missing(imports), Some("wasi:keyvalue/atomics@0.2.0-draft2"));
        assert_eq!(Limits::akamai().first_missing(["wasi:keyvalue/batch@0.2.0-draft2"]), None);
        assert!(Limits::fermyon_cloud().first_missing(["wasi:keyvalue/batch@0.2.0-draft2"]).is_some());
        assert_eq!(Limits::default().first_missing(imports), None);
    }
}
