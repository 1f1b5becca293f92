//! What must happen after a store was put back to an earlier moment.
//!
//! Replies that were waiting then may have left since, and the store no longer knows. Sending them again would be sending
//! twice; not sending them might lose them. So each is marked as one that somebody had begun to send and did not come back
//! from: the timer then looks for it at the marketplace (docs/decisions/0003). One that is not there is sent if next to no
//! time has passed (the store was moved); else it may have been taken back in the time that is forgotten, and a person is
//! asked.

use crate::{names, outbox};
use mostek_domain::Timestamp;
use mostek_ports::{Clock, KeyValue, StoreError, World};
use mostek_store::Record;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Between the reading of a store that is only moved and its being put into its new place, at most: nobody has taken back a
/// reply meanwhile that a person would have to be asked about.
const MOVING: Duration = Duration::from_secs(600);

/// When the store was put back, and to which moment. Written while no hub runs, and never changed by one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Restored {
    /// The moment it shows.
    taken_at: Timestamp,
    /// When it was put back.
    at: Timestamp,
}

fn record() -> Result<Record<Restored>, StoreError> {
    names::ours(Record::new("restored", "this"))
}

/// Takes a claim on every reply that is not settled and leaves it open, before the hub starts on a store that shows the
/// moment `taken_at`. Doing it twice does no harm. Gives the number of replies.
///
/// # Errors
/// The store's; then it must be done again.
pub async fn hold_pending(
    kv: &impl KeyValue,
    clock: &impl Clock,
    taken_at: Timestamp,
) -> Result<usize, StoreError> {
    let outbox = outbox::journal()?.read(kv, clock).await?;
    for reply in outbox.state.pending.keys() {
        names::reply(*reply)?.take(kv).await?;
    }
    record()?.set(kv, &Restored { taken_at, at: clock.now() }).await?;
    Ok(outbox.state.pending.len())
}

/// Whether a reply written at that moment may have been taken back in the time that a restored store has forgotten.
pub(crate) async fn is_in_doubt<W: World>(world: &W, written: Timestamp) -> Result<bool, StoreError> {
    let restored = record()?.get(world.kv()).await?;
    Ok(restored.is_some_and(|r| written < r.at && r.at.since(r.taken_at) > MOVING))
}
