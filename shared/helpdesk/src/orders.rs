//! Orders as the marketplace last told about them: a cache per order.

use crate::connection::Connection;
use crate::error::Refusal;
use crate::{names, remote};
use mostek_connectors::{Access, RemoteError};
use mostek_domain::marketplace::Order;
use mostek_domain::{ConnectionId, Timestamp};
use mostek_ports::{Clock, StoreError, World};
use mostek_store::Record;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Lines kept of one order, so that it fits into one value.
const LINES: usize = 60;
/// Bytes kept of one order at most.
const ORDER_BYTES: usize = 56_000;

/// An order and when it was read. A record: an older reading that comes back is read again when the ticket is opened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Known {
    /// The order.
    pub order: Order,
    /// When it was read.
    pub at: Timestamp,
    /// Lines that were left out because there are very many.
    #[serde(default)]
    pub more_lines: usize,
}

fn record(connection: ConnectionId, order: &str) -> Result<Record<Known>, StoreError> {
    names::ours(Record::new("order", &names::order(connection, order)))
}

/// What is known of an order: one read.
///
/// # Errors
/// The store's.
pub async fn known<W: World>(
    world: &W,
    connection: ConnectionId,
    order: &str,
) -> Result<Option<Known>, StoreError> {
    record(connection, order)?.get(world.kv()).await
}

/// Asks the marketplace for orders, as many at once as it allows; those it does not know are missing from the answer.
///
/// # Errors
/// [`RemoteError`].
pub async fn fetch<W: World>(
    world: &W,
    connection: &Connection,
    access: &Access,
    ids: &[String],
) -> Result<BTreeMap<String, Known>, RemoteError> {
    let Ok(marketplace) = remote::marketplace(&connection.kind) else { return Ok(BTreeMap::new()) };
    let mut all = BTreeMap::new();
    for some in ids.chunks(marketplace.orders_at_once().max(1)) {
        let some: Vec<&str> = some.iter().map(String::as_str).collect();
        for mut order in remote::send(world, marketplace.orders(access, &some)).await?.orders {
            let mut more_lines = order.lines.len().saturating_sub(LINES);
            order.lines.truncate(LINES);
            while serde_json::to_vec(&order).map_or(0, |b| b.len()) > ORDER_BYTES
                && order.lines.pop().is_some()
            {
                more_lines += 1;
            }
            all.insert(order.id.clone(), Known { order, at: world.clock().now(), more_lines });
        }
    }
    Ok(all)
}

/// The pair that stores an order, to ride in a commit.
///
/// # Errors
/// The store's, for an order that does not fit.
pub fn pair(connection: ConnectionId, known: &Known) -> Result<(String, Vec<u8>), StoreError> {
    record(connection, &known.order.id)?.pair(known)
}

/// Reads an order again from the marketplace and stores it.
///
/// # Errors
/// [`Refusal::Remote`], [`Refusal::NeedsAuthentication`], [`Refusal::NotFound`]; the store's.
pub async fn refresh<W: World>(world: &W, connection: &Connection, order: &str) -> Result<Known, Refusal> {
    let access = remote::access(world, connection).await?;
    let found = fetch(world, connection, &access, &[order.to_owned()])
        .await
        .map_err(|e| Refusal::Remote((&e).into()))?;
    let known = found.into_values().next().ok_or(Refusal::NotFound("order"))?;
    record(connection.id, order)?.set(world.kv(), &known).await?;
    Ok(known)
}
