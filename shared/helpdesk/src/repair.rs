//! The repair job (F9): rebuilds the lists from their rows, and checks every ticket against its row; on demand begins search
//! and reports anew.
//!
//! Safe at any moment, by hand, twice at once. It goes through the tickets by their numbers, which are taken one after
//! another and each lead to their ticket, so that a ticket whose row is missing is found too.

use crate::ticket::Ticket;
use crate::{connection, customer, front, list, names, reports, search, view};
use futures::future::join_all;
use mostek_domain::{CompanyId, TicketId, TicketNumber};
use mostek_ports::{Clock, StoreError, World};
use serde::Serialize;
use std::collections::BTreeSet;
use std::fmt;
use std::time::Duration;

/// Tickets checked at the same time.
const CONCURRENT: u64 = 32;

/// Where a slice of the job stopped: the company and the number of the next ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cursor {
    company: CompanyId,
    number: u64,
}

impl Cursor {
    /// Reads what a report showed.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (company, number) = text.split_once('-')?;
        Some(Self { company: CompanyId::parse(company).ok()?, number: number.parse().ok()? })
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.company, self.number)
    }
}

/// What a slice of the job did.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Report {
    /// Lists that were rebuilt.
    pub lists: usize,
    /// Pages of lists that were different before.
    pub pages_changed: u64,
    /// Tickets that were compared with their row.
    pub tickets_checked: u64,
    /// Rows that were written again because they were missing or said something else than the ticket.
    pub rows_rewritten: u64,
    /// Give this back as `from` to go on; absent when everything was checked.
    pub next: Option<String>,
}

/// Works until `until` (monotonic). Without `from` it begins with rebuilding the lists.
///
/// # Errors
/// The store's; what was repaired before stays repaired.
pub async fn repair<W: World>(
    world: &W,
    from: Option<Cursor>,
    until: Duration,
) -> Result<Report, StoreError> {
    let companies = companies(world).await?;
    let mut report = Report::default();
    if from.is_none() {
        for company in &companies {
            for index in [list::index(*company)?, customer::index(*company)?] {
                report.pages_changed += index.rebuild(world).await?;
                report.lists += 1;
            }
        }
    }
    for company in companies.into_iter().filter(|c| from.is_none_or(|f| *c >= f.company)) {
        let numbers = names::numbers(company)?;
        let last = numbers.taken(world.kv()).await?;
        let mut number = from.filter(|f| f.company == company).map_or(1, |f| f.number.max(1));
        while number <= last {
            if world.clock().monotonic() >= until {
                report.next = Some(Cursor { company, number }.to_string());
                return Ok(report);
            }
            let some = number..=last.min(number.saturating_add(CONCURRENT - 1));
            for checked in join_all(some.map(|n| check(world, company, TicketNumber(n)))).await {
                if let Some(rewritten) = checked? {
                    report.tickets_checked += 1;
                    report.rows_rewritten += u64::from(rewritten);
                }
            }
            number = number.saturating_add(CONCURRENT);
        }
    }
    Ok(report)
}

/// Begins search and reports of all companies anew: the ticks then build them, for as long as that takes, and pages say that
/// they are behind. Gives the number of companies.
///
/// # Errors
/// The store's; then it has to be called again.
pub async fn begin_anew<W: World>(world: &W) -> Result<usize, StoreError> {
    let companies = companies(world).await?;
    for company in &companies {
        search::rebuild(world, *company).await?;
        reports::rebuild(world, *company).await?;
    }
    Ok(companies.len())
}

/// Those of the directory and those of connections: a connection may be there before its company can be read.
async fn companies<W: World>(world: &W) -> Result<BTreeSet<CompanyId>, StoreError> {
    let directory = mostek_people::directory::read(world).await?;
    let connections = connection::read(world).await?.state.all;
    let companies = directory.state.companies().into_iter().map(|(id, _)| id);
    Ok(companies.chain(connections.values().map(|c| c.company)).collect())
}

/// Compares one ticket with its row. `None` if the number was wasted; else whether the row was written again.
async fn check<W: World>(
    world: &W,
    company: CompanyId,
    number: TicketNumber,
) -> Result<Option<bool>, StoreError> {
    let id: TicketId = match view::by_number(world, company, number).await {
        Ok(id) => id,
        Err(crate::Refusal::Store(e)) => return Err(e),
        Err(_) => return Ok(None),
    };
    front::tell(world, company, id).await?;
    let rewritten = list::mend_row(world, company, id).await?;
    // Tickets of the time before records knew theirs.
    let ticket = Ticket::journal(id)?.read(world.kv(), world.clock()).await?.state;
    if let (Some(record), Some(link)) = (ticket.record(), customer::tickets::link(id, &ticket)) {
        customer::tickets::mend(world, company, record, link).await?;
    }
    Ok(rewritten)
}
