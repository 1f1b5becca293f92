//! The list of a company's records, last changed first.

use super::details::Details;
use super::record::{Customer, Fact};
use super::{read, write};
use crate::names;
use mostek_domain::{CompanyId, CustomerId, Timestamp};
use mostek_ports::{Clock, Level, Log, Random, StoreError, World};
use mostek_store::{Actor, Commit, Filter, Index, Reading, Row, RowRef};
use serde::{Deserialize, Serialize};

/// Rows per page at most.
pub const PAGE: usize = 50;
/// How often a row is written again while others write at the same moment.
const MENDINGS: usize = 4;

/// What the list shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// The record.
    pub id: CustomerId,
    /// Name.
    pub name: String,
    /// First phone.
    pub phone: Option<String>,
    /// First e-mail.
    pub email: Option<String>,
    /// When it was last changed.
    pub changed_at: Timestamp,
}

impl Summary {
    /// The row of a record that says this.
    #[must_use]
    pub fn of(id: CustomerId, details: &Details, at: Timestamp) -> Self {
        Self {
            id,
            name: details.name.to_string(),
            phone: details.phones.first().map(|(p, _)| p.grouped()),
            email: details.emails.first().map(ToString::to_string),
            changed_at: at,
        }
    }
}

/// A page of records, last changed first.
#[derive(Debug, Clone)]
pub struct CustomerPage {
    /// The records.
    pub customers: Vec<Summary>,
    /// The cursor of the next page.
    pub next: Option<u64>,
    /// How many there are.
    pub total: u64,
}

/// The list of a company's records.
///
/// # Errors
/// Never for an id of ours.
pub fn index(company: CompanyId) -> Result<Index, StoreError> {
    Ok(Index::at(names::customers(company)?))
}

/// A page of the list.
///
/// # Errors
/// The store's.
pub async fn page<W: World>(
    world: &W,
    company: CompanyId,
    before: Option<u64>,
    limit: usize,
) -> Result<CustomerPage, StoreError> {
    rows(world, company, before, limit.min(PAGE)).await
}

/// A longer page than people are shown.
pub(super) async fn rows<W: World>(
    world: &W,
    company: CompanyId,
    before: Option<u64>,
    limit: usize,
) -> Result<CustomerPage, StoreError> {
    let page = index(company)?.page(world.kv(), world.clock(), &Filter::default(), before, limit).await?;
    let customers = page.rows.into_iter().filter_map(|(_, r)| serde_json::from_value(r.data).ok()).collect();
    Ok(CustomerPage { customers, next: page.next, total: page.total })
}

/// A record's row.
pub(super) fn row(
    id: CustomerId,
    details: &Details,
    at: Timestamp,
    replaces: Vec<RowRef>,
    listed: bool,
) -> Result<Row, StoreError> {
    let data = serde_json::to_value(Summary::of(id, details, at))
        .map_err(|e| StoreError::Corrupt { key: "customers".into(), reason: e.to_string() })?;
    Ok(Row { subject: id.to_string(), attributes: vec![0], replaces, listed, data })
}

/// A row that takes a record off the list and says nothing about it.
pub(super) fn unlisted(id: CustomerId, replaces: Vec<RowRef>) -> Row {
    Row {
        subject: id.to_string(),
        attributes: vec![0],
        replaces,
        listed: false,
        data: serde_json::Value::Null,
    }
}

/// The row of a record in this state.
pub(super) fn row_of(id: CustomerId, state: &Customer, replaces: Vec<RowRef>) -> Result<Row, StoreError> {
    match state.details.as_ref().filter(|_| state.is_live()) {
        Some(details) => row(id, details, state.changed_at, replaces, true),
        None => Ok(unlisted(id, replaces)),
    }
}

/// Whether nobody else wrote to a record between a reading and now, when our fact is in `slot`. A row, and what a record
/// passes on when it is merged, are computed before the fact is written: if this is false both are looked at again.
pub(super) async fn alone<W: World>(
    world: &W,
    id: CustomerId,
    reading: &Reading<Customer>,
    slot: u64,
) -> Result<bool, StoreError> {
    Ok(slot == reading.upto().saturating_add(1)
        && reading.holes().next().is_none()
        && super::journal(id)?.counter(world.kv()).await? == slot)
}

/// [`mend_row`]; a failure is logged, since the record itself is right.
pub(super) async fn mend_row_or_log<W: World>(world: &W, company: CompanyId, id: CustomerId) {
    if let Err(e) = mend_row(world, company, id).await {
        world.log().write(Level::Warning, &format!("the row of customer {id} may be out of date: {e}"));
    }
}

/// Compares a record with its row and writes the row again if it says something else or is there twice.
pub(super) async fn mend_row<W: World>(
    world: &W,
    company: CompanyId,
    id: CustomerId,
) -> Result<(), StoreError> {
    for _ in 0..MENDINGS {
        let reading = read(world, id).await?;
        let slots: Vec<u64> = reading.state.rows.iter().map(|r| r.slot).collect();
        let there = index(company)?.rows_at(world.kv(), &slots).await?;
        let wanted = row_of(id, &reading.state, Vec::new())?;
        let same = |(_, row): &(u64, Row)| row.listed == wanted.listed && row.data == wanted.data;
        if there.len() == 1 && there.iter().all(same) {
            return Ok(());
        }
        let mut commit = Commit::by(Actor::System("list".into()));
        let fact = (format!("{:016x}", world.random().u64()), Fact::Touched { replaces: Vec::new() });
        let part = write::Part { id, before: &reading, fact };
        let handle = write::rows_only(&mut commit, company, vec![part], world.clock().now())?;
        let done = commit.run(world).await?;
        let slot = handle.first().map_or(0, |h| done.slot(*h, 0));
        if alone(world, id, &reading, slot).await? {
            return Ok(());
        }
    }
    Ok(())
}
