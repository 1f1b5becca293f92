//! Records of the CRM (H9, H10, H11): who a customer is, how they are reached, the fields administrators add, and what
//! happened with them.
//!
//! One journal per record ([`record`]), an index per company ([`list`]), a journal per value that records are found by
//! ([`lookup`]). Two records of one person are noticed by [`duplicates`] and become one by [`merge`], which can be undone.
//! [`history`] is a record's time line, [`export`] and [`erase`] are what the law asks for (GDPR, articles 15 and 17).
//!
//! A customer's tickets are facts in the customer's own journal, written in the commit that opens the ticket: so they cost
//! no write for a new customer and no round trip beyond the record's, at any number of tickets in the list.

mod automatic;
mod cell;
mod conversations;
pub mod details;
pub mod duplicates;
pub mod erase;
pub mod export;
pub mod history;
pub mod import;
pub mod known;
pub mod list;
pub mod lookup;
pub mod merge;
pub mod record;
pub mod search;
pub mod tickets;
mod write;

pub(crate) use automatic::{Automatic, row_name};
pub use details::{Details, MOST, NOTES_CHARS, VALUE_CHARS};
pub use list::{CustomerPage, PAGE, Summary, index, page};
pub use lookup::find;
pub(crate) use lookup::free_id;
pub use record::{ConsentPoint, Customer, Fact, TicketLink};
pub use write::{add, add_as, change, change_seen};

use crate::error::Refusal;
use crate::names;
use mostek_domain::{CompanyId, CustomerId};
use mostek_ports::{StoreError, World};
use mostek_store::{Journal, Reading};

/// Records that stand for one another are followed so far; nobody merges into a merged record, so two are rare.
const CHAIN: usize = 16;

fn journal(id: CustomerId) -> Result<Journal<Customer>, StoreError> {
    Ok(Journal::at(names::customer(id)?))
}

/// Reads a record, also one that is not there (then `details` is `None`): two reads.
///
/// # Errors
/// The store's.
pub async fn read<W: World>(world: &W, id: CustomerId) -> Result<Reading<Customer>, StoreError> {
    journal(id)?.read(world.kv(), world.clock()).await
}

/// A company's record, also one that was merged into another.
///
/// # Errors
/// [`Refusal::NotFound`] if the company has none of this id, or it was erased; the store's.
pub async fn of_company<W: World>(
    world: &W,
    company: CompanyId,
    id: CustomerId,
) -> Result<Customer, Refusal> {
    reading_of_company(world, company, id).await.map(|r| r.state)
}

async fn reading_of_company<W: World>(
    world: &W,
    company: CompanyId,
    id: CustomerId,
) -> Result<Reading<Customer>, Refusal> {
    let reading = read(world, id).await?;
    if reading.state.company == Some(company) && reading.state.details.is_some() {
        Ok(reading)
    } else {
        Err(Refusal::NotFound("customer"))
    }
}

/// The record that stands for another, with its id: itself if it was not merged. Two reads, and two more for every merging.
///
/// # Errors
/// The store's.
pub async fn standing_for<W: World>(
    world: &W,
    id: CustomerId,
) -> Result<(CustomerId, Reading<Customer>), StoreError> {
    let mut seen = vec![id];
    let mut at = id;
    let mut reading = read(world, at).await?;
    while let Some(next) = reading.state.merged().map(|m| m.survivor) {
        if seen.contains(&next) || seen.len() >= CHAIN {
            // Two were merged into each other at the same moment and nobody has looked after it yet ([`merge::settle`]).
            break;
        }
        seen.push(next);
        at = next;
        reading = read(world, at).await?;
    }
    Ok((at, reading))
}

/// The id of the record that stands for another.
///
/// # Errors
/// The store's.
pub async fn survivor<W: World>(world: &W, id: CustomerId) -> Result<CustomerId, StoreError> {
    standing_for(world, id).await.map(|(id, _)| id)
}
