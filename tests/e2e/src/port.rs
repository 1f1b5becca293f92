//! Ports for programs that cannot choose one themselves, or have to keep theirs over restarts.

use std::net::TcpListener;
use std::sync::atomic::{AtomicU16, Ordering};

/// Below the range from which the system takes ports for outgoing connections, which could take one between its being chosen
/// and its being listened on.
const FIRST: u16 = 10_000;
const COUNT: u16 = 20_000;

static NEXT: AtomicU16 = AtomicU16::new(0);

/// A port on 127.0.0.1 that is free and is given to nobody else in this process.
///
/// # Panics
/// If there is none.
pub fn free() -> u16 {
    // Test programs run one after the other, but one that was stopped may have left something behind.
    let start = u16::try_from(u64::from(std::process::id()) * 97 % u64::from(COUNT)).unwrap();
    for _ in 0..COUNT {
        let step = NEXT.fetch_add(1, Ordering::SeqCst);
        let port = FIRST + (start.wrapping_add(step)) % COUNT;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
    panic!("no port is free")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    #[test]
    fn nobody_gets_the_same_port_twice() {
        let ports: BTreeSet<u16> = (0..100).map(|_| super::free()).collect();
        assert_eq!(ports.len(), 100);
        assert!(ports.iter().all(|port| (10_000..30_000).contains(port)));
    }
}
