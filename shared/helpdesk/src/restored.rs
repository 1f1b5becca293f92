//! What must happen after a store was put back to an earlier moment.
//!
//! Replies that were waiting then may have left since, and the store no longer knows. Sending them again would be sending
//! twice; not sending them might lose them. So each is marked as one that somebody had begun to send and did not come back
//! from: the timer then looks for it at the marketplace and sends it only if it is not there (docs/decisions/0003).

use crate::{names, outbox};
use mostek_ports::{Clock, KeyValue, StoreError};

/// Takes a claim on every reply that is not settled and leaves it open, before the hub starts on the store. Doing it twice
/// does no harm. Gives the number of replies.
///
/// # Errors
/// The store's; then it must be done again.
pub async fn hold_pending(kv: &impl KeyValue, clock: &impl Clock) -> Result<usize, StoreError> {
    let outbox = outbox::journal()?.read(kv, clock).await?;
    for reply in outbox.state.pending.keys() {
        names::reply(*reply)?.take(kv).await?;
    }
    Ok(outbox.state.pending.len())
}
