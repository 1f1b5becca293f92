//! The id of this installation.
//!
//! The set-up decides it, as part of the directory's first fact; here it is kept beside as a record so that sealing
//! costs one read. Whoever writes the record writes the same value, so that a late or repeated write is harmless.

use crate::directory;
use mostek_domain::InstallationId;
use mostek_ports::{StoreError, World};
use mostek_store::Record;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Installation {
    id: InstallationId,
}

fn record() -> Result<Record<Installation>, StoreError> {
    Record::new("installation", "this").map_err(|e| crate::key_error(&e))
}

/// The installation's id; `None` before the set-up. One read; three if a set-up broke off before its last step.
///
/// # Errors
/// The store's.
pub async fn id<W: World>(world: &W) -> Result<Option<InstallationId>, StoreError> {
    if let Some(found) = record()?.get(world.kv()).await? {
        return Ok(Some(found.id));
    }
    let decided = directory::read(world).await?.state.installation();
    if let Some(id) = decided {
        remember(world, id).await?;
    }
    Ok(decided)
}

/// Keeps the id: the set-up's last step (other crates' tests use it to make an installation).
///
/// # Errors
/// The store's.
pub async fn remember<W: World>(world: &W, id: InstallationId) -> Result<(), StoreError> {
    record()?.set(world.kv(), &Installation { id }).await
}
