//! Customers outside the CRM whose id a record has by now (H10).

use super::lookup;
use crate::connection::{self, Connection};
use crate::ticket::Ticket;
use crate::webhooks::source;
use futures::future::try_join;
use mostek_domain::{CompanyId, ConnectionId, CustomerId, FieldId};
use mostek_ports::{StoreError, World};

/// The CRM field that holds the ids of a source's customers: a connection's or a shop's that sends webhooks. `None` also if
/// the source is gone. Whoever has read the source's `connection` gives it, and nothing is read.
///
/// # Errors
/// The store's.
pub async fn id_field<W: World>(
    world: &W,
    company: CompanyId,
    source: ConnectionId,
    connection: Option<&Connection>,
) -> Result<Option<FieldId>, StoreError> {
    let field = |c: &Connection| c.setup.as_ref().and_then(|s| s.field);
    if let Some(connection) = connection {
        return Ok(field(connection));
    }
    let (connections, sources) = try_join(connection::read(world), source::read(world)).await?;
    let connection = connections.state.all.get(&source).filter(|c| c.company == company);
    let shop = sources.state.all.get(&source).filter(|s| s.company == company);
    Ok(connection.and_then(field).or(shop.and_then(|s| s.setup.field)))
}

/// The record that a ticket without one would get if it began now; `None` for a ticket that has one. `connection` as in
/// [`id_field`].
///
/// # Errors
/// The store's.
pub async fn record_for<W: World>(
    world: &W,
    company: CompanyId,
    ticket: &Ticket,
    connection: Option<&Connection>,
) -> Result<Option<CustomerId>, StoreError> {
    let Some(opened) = ticket.opened.as_ref().filter(|_| ticket.record().is_none()) else { return Ok(None) };
    let Some(id) = &opened.customer.remote_id else { return Ok(None) };
    match id_field(world, company, opened.connection, connection).await? {
        Some(field) => lookup::find(world, company, field, id).await,
        None => Ok(None),
    }
}
