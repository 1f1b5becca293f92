//! Everything the hub has about one person, for them to take away (H11; GDPR, article 15 and 20).
//!
//! A person with very many tickets gets several files: a part has at most [`TICKETS`] tickets and ends when its time is up,
//! and says where the next one begins.
//!
//! Each ticket is told with what its own journal holds: of two that are merged the page of one shows both, and the other one may
//! be another customer's. What was merged into theirs and no record names comes with the ticket that leads to it
//! ([`super::conversations`]).

use super::conversations::{self, Whose};
use super::history::{self, Line};
use super::merge;
use super::record::{ConsentPoint, Customer, TicketLink};
use super::{Details, standing_for};
use crate::error::Refusal;
use crate::view::{self, View};
use mostek_domain::{CompanyId, CustomerId, TicketId};
use mostek_ports::{Clock, World};
use std::collections::BTreeSet;
use std::time::Duration;

/// Tickets in one part that the record names.
pub const TICKETS: usize = 50;
/// Pages of one ticket's conversation, of fifty lines each.
const PAGES: usize = 200;
/// Pages of the time line.
const HISTORY: usize = 200;

/// One part of everything.
#[derive(Debug)]
pub struct Part {
    /// The record.
    pub id: CustomerId,
    /// As it is.
    pub record: Customer,
    /// What it says.
    pub details: Details,
    /// The history of consents, oldest first.
    pub consents: Vec<ConsentPoint>,
    /// The time line, newest first; in the first part only.
    pub history: Vec<Line>,
    /// Tickets with their conversations, each as pages, the newest page first; what is merged with one comes behind it.
    pub tickets: Vec<Vec<View>>,
    /// How many tickets the record names in all.
    pub all_tickets: usize,
    /// Where the next part begins: the number of tickets before it that the record names.
    pub next: Option<usize>,
}

/// Gathers a part that begins after `from` tickets, until `until` (monotonic).
///
/// # Errors
/// [`Refusal::NotFound`]; the store's.
pub async fn gather<W: World>(
    world: &W,
    company: CompanyId,
    id: CustomerId,
    from: usize,
    until: Duration,
) -> Result<Part, Refusal> {
    super::of_company(world, company, id).await?;
    let (id, _) = standing_for(world, id).await?;
    let record = super::of_company(world, company, id).await?;
    let Some(details) = record.details.clone() else { return Err(Refusal::NotFound("customer")) };
    let mut lines = Vec::new();
    if from == 0 {
        let mut after = None;
        for _ in 0..HISTORY {
            let page = history::open(world, id, after.as_deref()).await?;
            lines.extend(page.lines);
            after = page.next;
            if after.is_none() || world.clock().monotonic() >= until {
                break;
            }
        }
    }
    let family = merge::family(world, id).await?;
    let members: BTreeSet<CustomerId> = family.iter().map(|(id, _)| *id).collect();
    let mut links: Vec<TicketLink> =
        family.into_iter().flat_map(|(_, r)| r.state.tickets.into_iter().map(|t| t.link)).collect();
    links.sort_by_key(|l| (l.at, l.ticket));
    links.dedup_by_key(|l| l.ticket);
    let linked: BTreeSet<TicketId> = links.iter().map(|l| l.ticket).collect();
    let whose = Whose { company, members: &members, linked: &linked };
    let (mut tickets, mut told, mut reached) = (Vec::new(), BTreeSet::new(), from);
    for link in links.iter().skip(from).take(TICKETS) {
        // One at least, so that asking again and again comes to an end.
        if reached > from && world.clock().monotonic() >= until {
            break;
        }
        tickets.push(whole(world, company, link.ticket).await?);
        for (beside, _) in conversations::beside(world, &whose, link.ticket).await? {
            // Several may lead to it. In another part it is told again, which is better than not at all.
            if told.insert(beside) {
                tickets.push(whole(world, company, beside).await?);
            }
        }
        reached = reached.saturating_add(1);
    }
    Ok(Part {
        consents: record.consents(),
        details,
        id,
        record,
        history: lines,
        all_tickets: links.len(),
        next: (reached < links.len()).then_some(reached),
        tickets,
    })
}

/// All pages of a ticket, with the lines that its own journal holds.
async fn whole<W: World>(world: &W, company: CompanyId, ticket: TicketId) -> Result<Vec<View>, Refusal> {
    let mut pages = Vec::new();
    let mut before = None;
    for _ in 0..PAGES {
        match view::open(world, company, ticket, before).await {
            Ok(mut view) => {
                view.lines.retain(|l| l.of == ticket);
                before = view.older.map(|(_, cursor)| cursor);
                pages.push(view);
            }
            // A link that outlived its ticket.
            Err(Refusal::NotFound(_)) => break,
            Err(e) => return Err(e),
        }
        if before.is_none() {
            break;
        }
    }
    Ok(pages)
}

/// Records in one file of the list.
pub const LISTED: usize = 500;

/// A part of the list with everything the records say.
#[derive(Debug)]
pub struct Listed {
    /// Last changed first.
    pub records: Vec<(CustomerId, Details)>,
    /// The cursor of the next part.
    pub next: Option<u64>,
    /// How many records there are in all.
    pub total: u64,
}

/// A part of the list below the cursor `before`: the page of rows, then all its records at once.
///
/// # Errors
/// The store's.
pub async fn listed<W: World>(
    world: &W,
    company: CompanyId,
    before: Option<u64>,
) -> Result<Listed, mostek_ports::StoreError> {
    let page = super::list::rows(world, company, before, LISTED).await?;
    let read = page.customers.iter().map(|c| super::read(world, c.id));
    let mut records = Vec::with_capacity(page.customers.len());
    for (summary, reading) in page.customers.iter().zip(futures::future::join_all(read).await) {
        let state = reading?.state;
        if state.company == Some(company)
            && state.is_live()
            && let Some(details) = state.details
        {
            records.push((summary.id, details));
        }
    }
    Ok(Listed { records, next: page.next, total: page.total })
}

/// Where the next part begins, without reading the records.
///
/// # Errors
/// The store's.
pub async fn next_part<W: World>(
    world: &W,
    company: CompanyId,
    before: Option<u64>,
) -> Result<(Option<u64>, u64), mostek_ports::StoreError> {
    let page = super::list::rows(world, company, before, LISTED).await?;
    Ok((page.next, page.total))
}
