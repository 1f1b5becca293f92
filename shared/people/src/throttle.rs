//! How often anybody may try in a minute, whatever name they try with.
//!
//! The [`limiter`](crate::limiter) protects a name; whoever tries a new name each time is never stopped by it, and every
//! attempt costs the hashing of a password and an entry in the audit journal. So attempts are also counted by where they
//! come from and all together, before either. Only attempts that may go on are counted: who is refused writes nothing.

use crate::error::{PeopleError, Refusal};
use futures::future::try_join_all;
use mostek_ports::{Clock, StoreError, World};
use mostek_store::Claim;
use sha2::{Digest, Sha256};
use std::net::{IpAddr, Ipv6Addr};

/// Milliseconds of a window.
const WINDOW: i64 = 60_000;
/// Attempts in a window from one address: an office behind one address comes to work at the same time.
pub(crate) const OF_ONE: u64 = 30;
/// Attempts in a window by everybody: what one machine can hash beside its work.
pub(crate) const OF_ALL: u64 = 300;

/// Attempts of a kind in the minute that it is.
pub(crate) struct Minute {
    /// What is counted, and how many there may be.
    counters: Vec<(Claim, u64)>,
    /// Seconds until the next one.
    left: u64,
}

/// Reads whether there are attempts left from an address and for everybody: two reads at once. Whose address is not known is
/// counted with everybody only.
///
/// # Errors
/// [`Refusal::Locked`] until the minute ends; the store's.
pub(crate) async fn look<W: World>(
    world: &W,
    kind: &str,
    from: Option<IpAddr>,
) -> Result<Minute, PeopleError> {
    let now = world.clock().now().0;
    let window = now.div_euclid(WINDOW);
    let left = (WINDOW - now.rem_euclid(WINDOW)).unsigned_abs().div_ceil(1000);
    let mut counters = Vec::new();
    // The client first: one that is refused takes nothing from what everybody has.
    if let Some(from) = from {
        counters.push((counter(kind, &origin(from), window)?, OF_ONE));
    }
    counters.push((counter(kind, "all", window)?, OF_ALL));
    let minute = Minute { counters, left };
    let taken = minute
        .counters
        .iter()
        .map(|(c, most)| async move { Ok::<_, StoreError>(c.taken(world.kv()).await? < *most) });
    if try_join_all(taken).await?.into_iter().all(|is_left| is_left) {
        Ok(minute)
    } else {
        Err(minute.over())
    }
}

impl Minute {
    fn over(&self) -> PeopleError {
        Refusal::Locked { seconds: self.left }.into()
    }

    /// Counts an attempt: a write or two. Who was refused by [`look`] writes nothing, so a flood of attempts is none of
    /// writes.
    ///
    /// # Errors
    /// As [`look`].
    pub(crate) async fn take<W: World>(self, world: &W) -> Result<(), PeopleError> {
        for (counter, most) in &self.counters {
            if counter.take(world.kv()).await? > *most {
                return Err(self.over());
            }
        }
        Ok(())
    }
}

/// The address as it is counted: of the new kind a client has a whole network of 64 bits.
fn origin(from: IpAddr) -> String {
    match from {
        IpAddr::V4(ip) => ip.to_string(),
        IpAddr::V6(ip) => match ip.to_ipv4_mapped() {
            Some(ip) => ip.to_string(),
            None => Ipv6Addr::from_bits(ip.to_bits() >> 64 << 64).to_string(),
        },
    }
}

fn counter(kind: &str, of: &str, window: i64) -> Result<Claim, StoreError> {
    let mut hash = Sha256::new();
    hash.update(kind.as_bytes());
    hash.update([0]);
    hash.update(of.as_bytes());
    let name: String = hash.finalize().iter().take(16).map(|b| format!("{b:02x}")).collect();
    Claim::new("try-minute", &format!("{name}-{window}")).map_err(|e| crate::key_error(&e))
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::executor::block_on;
    use mostek_ports::testing::TestWorld;
    use std::time::Duration;

    fn try_from(world: &TestWorld, from: Option<&str>) -> bool {
        let from = from.map(|f| f.parse().unwrap());
        match block_on(async { look(world, "sign-in", from).await?.take(world).await }) {
            Ok(()) => true,
            Err(PeopleError::Refused(Refusal::Locked { seconds })) => {
                assert!((1..=60).contains(&seconds), "{seconds}");
                false
            }
            Err(e) => panic!("{e}"),
        }
    }

    #[test]
    fn one_address_has_so_many_attempts_a_minute_and_the_others_theirs() {
        let world = TestWorld::new(1);
        let client = Some("203.0.113.9");
        assert!((0..OF_ONE).all(|_| try_from(&world, client)));
        world.kv.reset_operations();
        assert!(!try_from(&world, client));
        assert!(!try_from(&world, Some("::ffff:203.0.113.9")), "the same address");
        assert_eq!(world.kv.operations().writes(), 0);
        assert!(try_from(&world, Some("203.0.113.10")));
        assert!(try_from(&world, None));
        world.clock.advance(Duration::from_secs(60));
        assert!(try_from(&world, client));
    }

    #[test]
    fn attempts_at_the_same_moment_are_not_more() {
        let world = TestWorld::new(1);
        let from = "203.0.113.9".parse().ok();
        let minutes: Vec<_> = (0..100).map(|_| block_on(look(&world, "sign-in", from)).unwrap()).collect();
        let taken = minutes.into_iter().filter_map(|m| block_on(m.take(&world)).ok()).count();
        assert_eq!(taken as u64, OF_ONE);
    }

    #[test]
    fn a_network_of_64_bits_is_one_client() {
        let world = TestWorld::new(1);
        for n in 0..OF_ONE {
            assert!(try_from(&world, Some(&format!("2001:db8:1:2:{n:x}::1"))));
        }
        assert!(!try_from(&world, Some("2001:db8:1:2:ffff::1")));
        assert!(try_from(&world, Some("2001:db8:1:3::1")));
    }

    #[test]
    fn all_together_have_a_limit_too_and_whoever_is_stopped_takes_nothing_of_it() {
        let world = TestWorld::new(1);
        for n in 0..OF_ALL {
            assert!(try_from(&world, Some(&format!("203.0.{}.{}", n / 10, n % 10))));
        }
        for from in [Some("198.51.100.1"), None] {
            world.kv.reset_operations();
            assert!(!try_from(&world, from));
            assert_eq!(world.kv.operations().writes(), 0);
        }
        world.clock.advance(Duration::from_secs(60));
        assert!((0..2 * OF_ONE).filter(|_| try_from(&world, Some("203.0.113.9"))).count() == OF_ONE as usize);
        assert!((OF_ONE..OF_ALL).all(|_| try_from(&world, None)));
        assert!(!try_from(&world, None));
    }
}
