//! The repair job as a request: a slice of work, and where the next slice goes on.

use mostek_helpdesk::repair::{self, Cursor, Report};
use mostek_ports::{Clock, World};
use mostek_web::ApiError;
use serde::Serialize;
use std::time::Duration;

/// Companies whose search and reports begin anew.
#[derive(Debug, Serialize)]
pub(crate) struct BegunAnew {
    begun_anew: usize,
}

/// Has search and reports built again by the next ticks.
///
/// # Errors
/// The store's.
pub(crate) async fn derived<W: World>(world: &W) -> Result<BegunAnew, ApiError> {
    Ok(BegunAnew { begun_anew: repair::begin_anew(world).await? })
}

/// Repairs until `budget` is used up. `from` is the `next` of an earlier report.
///
/// # Errors
/// 400 for a `from` that no report gave; the store's.
pub(crate) async fn repair<W: World>(
    world: &W,
    from: Option<&str>,
    budget: Duration,
) -> Result<Report, ApiError> {
    let from = match from {
        Some(text) => Some(Cursor::parse(text).ok_or_else(|| ApiError::bad_request("errors-bad-cursor"))?),
        None => None,
    };
    let until = world.clock().monotonic() + budget;
    Ok(repair::repair(world, from, until).await?)
}
