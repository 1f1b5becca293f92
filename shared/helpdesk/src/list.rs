//! The ticket list: what a row holds, filters, pages.

use crate::names;
use crate::ticket::{Fact, Recorded, RowNote, Ticket};
use mostek_domain::ticket::{Status, StatusKind};
use mostek_domain::{
    CategoryId, CompanyId, CustomerId, EmployeeId, QueueId, TicketId, TicketNumber, Timestamp,
};
use mostek_ports::{Clock, Level, Log, Random, StoreError, World};
use mostek_store::commit::Handle;
use mostek_store::{Actor, Commit, Filter, Index, Reading, Row};
use serde::{Deserialize, Serialize};

/// How often a row is written again while others write at the same moment.
const MENDINGS: u32 = 4;
/// Rows per page at most.
pub const PAGE: usize = 50;

/// What the list shows of a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// The ticket.
    pub id: TicketId,
    /// Its number.
    pub number: TicketNumber,
    /// Subject.
    pub subject: String,
    /// Source ("EmpikPlace").
    pub source: String,
    /// The customer's name.
    pub customer: String,
    /// The customer's marketplace id, shown when there is no record.
    pub customer_id: Option<String>,
    /// Their record in the CRM.
    pub record: Option<CustomerId>,
    /// Queue.
    pub queue: QueueId,
    /// Category.
    pub category: Option<CategoryId>,
    /// Status.
    pub status: StatusKind,
    /// When the last message came or went.
    pub last_activity: Timestamp,
    /// Since when the customer waits.
    pub waiting_since: Option<Timestamp>,
    /// The beginning of the last message.
    pub snippet: String,
    /// A reply failed or is uncertain.
    pub needs_decision: bool,
    /// Who has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignee: Option<EmployeeId>,
    /// Until when it is put aside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub snoozed_until: Option<Timestamp>,
}

impl Summary {
    /// A digest of the row, 32 hexadecimal digits: another one as soon as the row says anything else.
    #[must_use]
    pub fn digest(&self) -> String {
        names::hash(&[&serde_json::to_vec(self).unwrap_or_default()])
    }
}

/// Whose tickets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Assignee {
    /// Nobody's.
    Nobody,
    /// An employee's.
    Employee(EmployeeId),
}

/// What to list; absent means any.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Statuses.
    pub statuses: Vec<StatusKind>,
    /// A source by name.
    pub source: Option<String>,
    /// A queue.
    pub queue: Option<QueueId>,
    /// A category.
    pub category: Option<CategoryId>,
    /// Only tickets with a reply that failed or is uncertain.
    pub needs_decision: bool,
    /// Who has them.
    pub assignee: Option<Assignee>,
}

/// A page of the list.
#[derive(Debug, Clone)]
pub struct TicketPage {
    /// Latest activity first.
    pub tickets: Vec<Summary>,
    /// The cursor of the next page.
    pub next: Option<u64>,
    /// How many tickets match.
    pub total: u64,
}

fn status_code(kind: StatusKind) -> u32 {
    match kind {
        StatusKind::New => 1,
        StatusKind::InProgress => 2,
        StatusKind::WaitingForCustomer => 3,
        StatusKind::Snoozed => 4,
        StatusKind::Merged => 5,
        StatusKind::Closed => 6,
    }
}

/// Names and ids become numbers to filter by: 32 bits of a hash. Two names that collide would be listed together.
fn code(text: &str) -> u32 {
    u32::from_str_radix(names::short(text).get(..8).unwrap_or("0"), 16).unwrap_or(0)
}

fn category_code(category: Option<CategoryId>) -> u32 {
    category.map_or(0, |c| code(&c.to_string()))
}

/// 0 is nobody, also in rows of the time before tickets were given to anybody.
fn assignee_code(employee: Option<EmployeeId>) -> u32 {
    employee.map_or(0, |e| code(&e.to_string()).max(1))
}

fn attributes(s: &Summary) -> Vec<u32> {
    vec![
        status_code(s.status),
        code(&s.source),
        code(&s.queue.to_string()),
        category_code(s.category),
        u32::from(s.needs_decision),
        assignee_code(s.assignee),
    ]
}

impl Wanted {
    fn filter(&self) -> Filter {
        let one = |v: Option<u32>| v.map(|v| vec![v]);
        let statuses = if self.statuses.is_empty() {
            None
        } else {
            Some(self.statuses.iter().map(|s| status_code(*s)).collect())
        };
        Filter(vec![
            statuses,
            one(self.source.as_deref().map(code)),
            one(self.queue.map(|q| code(&q.to_string()))),
            one(self.category.map(|c| category_code(Some(c)))),
            one(self.needs_decision.then_some(1)),
            one(self.assignee.map(|a| match a {
                Assignee::Nobody => assignee_code(None),
                Assignee::Employee(e) => assignee_code(Some(e)),
            })),
        ])
    }
}

/// The company's ticket list.
///
/// # Errors
/// Never for an id of ours.
pub fn index(company: CompanyId) -> Result<Index, StoreError> {
    Ok(Index::at(names::tickets(company)?))
}

/// One page: at most five round trips at any number of tickets.
///
/// # Errors
/// The store's.
pub async fn page<W: World>(
    world: &W,
    company: CompanyId,
    wanted: &Wanted,
    before: Option<u64>,
    limit: usize,
) -> Result<TicketPage, StoreError> {
    let page =
        index(company)?.page(world.kv(), world.clock(), &wanted.filter(), before, limit.min(PAGE)).await?;
    let tickets =
        page.rows.into_iter().filter_map(|(_, row)| serde_json::from_value(row.data).ok()).collect();
    Ok(TicketPage { tickets, next: page.next, total: page.total })
}

/// How many tickets match: at most two round trips.
///
/// # Errors
/// The store's.
pub async fn count<W: World>(world: &W, company: CompanyId, wanted: &Wanted) -> Result<u64, StoreError> {
    index(company)?.count(world.kv(), world.clock(), &wanted.filter()).await
}

/// How many tickets match each of several: at most two round trips for all.
///
/// # Errors
/// The store's.
pub async fn counts<W: World>(
    world: &W,
    company: CompanyId,
    wanted: &[Wanted],
) -> Result<Vec<u64>, StoreError> {
    let filters: Vec<Filter> = wanted.iter().map(Wanted::filter).collect();
    index(company)?.counts(world.kv(), &filters).await
}

/// What the list shows of a ticket in this state; `None` before it is opened.
#[must_use]
pub fn summary(id: TicketId, ticket: &Ticket) -> Option<Summary> {
    let opened = ticket.opened.as_ref()?;
    Some(Summary {
        id,
        number: opened.number,
        subject: opened.subject.clone(),
        source: opened.source.clone(),
        customer: opened.customer.name.clone(),
        customer_id: opened.customer.remote_id.clone(),
        record: ticket.record(),
        queue: ticket.queue().unwrap_or(opened.queue),
        category: ticket.category(),
        status: ticket.status.kind(),
        last_activity: ticket.last_activity,
        waiting_since: ticket.waiting_since,
        snippet: ticket.snippet.clone(),
        needs_decision: ticket.needs_decision(),
        assignee: ticket.assignee(),
        snoozed_until: match ticket.status {
            Status::Snoozed { until } => Some(until),
            _ => None,
        },
    })
}

/// A ticket's new row and the note that goes into the ticket's own fact.
pub(crate) fn row(id: TicketId, before: &Ticket, after: &Ticket) -> Option<(Row, RowNote)> {
    let summary = summary(id, after)?;
    let attributes = attributes(&summary);
    let row = Row {
        subject: id.to_string(),
        attributes: attributes.clone(),
        replaces: before.rows.clone(),
        listed: true,
        data: serde_json::to_value(&summary).ok()?,
    };
    Some((row, RowNote { attributes, replaces: before.rows.iter().map(|r| r.slot).collect() }))
}

/// Adds facts of one ticket and its new row in the list to a commit: one reservation in each journal.
pub(crate) fn record<'a>(
    commit: &mut Commit<'a>,
    company: CompanyId,
    id: TicketId,
    reading: &'a Reading<Ticket>,
    facts: Vec<(String, Fact)>,
    at: Timestamp,
) -> Result<Handle, StoreError> {
    let (facts, row) = with_row(id, &reading.state, reading.upto(), facts, at);
    // The row holds moments of the facts.
    commit.date(at);
    let journal = Ticket::journal(id)?;
    Ok(match row {
        Some(row) => {
            let handle = index(company)?.add(commit, vec![(format!("{id}-{}", reading.upto()), row)]);
            commit.append_with(
                &journal,
                Some(reading),
                facts,
                vec![(crate::ticket::ROW.to_owned(), handle, 0)],
                mostek_store::commit::Ride::WhenCheap,
            )
        }
        None => commit.append(&journal, Some(reading), facts),
    })
}

/// To be called when `facts` facts of a ticket were written, the first into `first_slot`. A row is computed before the facts are
/// written, so it may miss what somebody else wrote in the same moment: if the reading had gaps, or slots were reserved
/// between it and ours or after ours, the row is compared again. A failure is logged: the repair job finds the rest.
pub(crate) async fn settle_row<W: World>(
    world: &W,
    company: CompanyId,
    id: TicketId,
    reading: &Reading<Ticket>,
    facts: u64,
    first_slot: u64,
) {
    let alone = alone(world, id, reading, facts, first_slot).await;
    let settled = match alone {
        Ok(true) => return,
        Ok(false) => mend_row(world, company, id).await.map(|_| ()),
        Err(e) => Err(e),
    };
    if let Err(e) = settled {
        world.log().write(Level::Warning, &format!("the row of ticket {id} may be out of date: {e}"));
    }
}

/// Whether nobody else wrote to the ticket between a reading and the end of the writing that rests on it.
async fn alone<W: World>(
    world: &W,
    id: TicketId,
    reading: &Reading<Ticket>,
    facts: u64,
    first_slot: u64,
) -> Result<bool, StoreError> {
    if first_slot != reading.upto().saturating_add(1) || reading.holes().next().is_some() {
        return Ok(false);
    }
    let last = first_slot.saturating_add(facts.saturating_sub(1));
    Ok(Ticket::journal(id)?.counter(world.kv()).await? == last)
}

/// Compares a ticket with its row. `None` if there is no such ticket; else whether the row was written again because it
/// was missing or said something else.
pub(crate) async fn mend_row<W: World>(
    world: &W,
    company: CompanyId,
    id: TicketId,
) -> Result<Option<bool>, StoreError> {
    let mut mended = false;
    for _ in 0..MENDINGS {
        let reading = Ticket::journal(id)?.read(world.kv(), world.clock()).await?;
        let Some(summary) = summary(id, &reading.state) else { return Ok(None) };
        let slots: Vec<u64> = reading.state.rows.iter().map(|r| r.slot).collect();
        let rows = index(company)?.rows_at(world.kv(), &slots).await?;
        let wanted = serde_json::to_value(&summary).ok();
        if rows.len() == 1 && rows.first().map(|(_, r)| &r.data) == wanted.as_ref() {
            break;
        }
        let mut commit = Commit::by(Actor::System("list".into()));
        let fact = (format!("{:016x}", world.random().u64()), Fact::Touched);
        let row = record(&mut commit, company, id, &reading, vec![fact], world.clock().now())?;
        let done = commit.run(world).await?;
        mended = true;
        // Somebody else wrote or mended at the same moment: look again.
        if alone(world, id, &reading, 1, done.slot(row, 0)).await? {
            break;
        }
    }
    Ok(Some(mended))
}

/// Computes what the ticket will be after the facts, to write its row together with them.
pub(crate) fn with_row(
    id: TicketId,
    before: &Ticket,
    upto: u64,
    facts: Vec<(String, Fact)>,
    at: Timestamp,
) -> (Vec<(String, Recorded)>, Option<Row>) {
    use mostek_store::{Aggregate, Entry};
    let mut after = before.clone();
    for (slot, (fact_id, what)) in (upto.saturating_add(1)..).zip(&facts) {
        let entry = Entry {
            v: 1,
            slot,
            stamp: String::new(),
            id: fact_id.clone(),
            at: at.0,
            actor: Actor::System(String::new()),
            refs: std::collections::BTreeMap::new(),
            fact: Recorded::from(what.clone()),
        };
        Ticket::apply(&mut after, &entry);
    }
    let mut recorded: Vec<(String, Recorded)> = facts.into_iter().map(|(i, f)| (i, f.into())).collect();
    let row = row(id, before, &after).map(|(row, note)| {
        if let Some((_, last)) = recorded.last_mut() {
            last.row = Some(note);
        }
        row
    });
    (recorded, row)
}
