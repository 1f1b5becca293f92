//! The ticket list: what a row holds, filters, pages.

use crate::ticket::{Fact, Recorded, RowNote, TagRef, Ticket};
use crate::{front, names};
use mostek_domain::ticket::{Priority, Status, StatusKind};
use mostek_domain::{
    CategoryId, CompanyId, CustomerId, EmployeeId, QueueId, SubStatusId, TicketId, TicketNumber, Timestamp,
};
use mostek_ports::{Clock, Level, Log, Random, StoreError, World};
use mostek_store::commit::Handle;
use mostek_store::{Actor, Commit, Filter, Index, Match, Reading, Row};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// How often a row is written again while others write at the same moment.
const MENDINGS: u32 = 4;
/// Rows per page at most.
pub const PAGE: usize = 50;
/// A deadline within this time is soon.
pub const SOON: Duration = Duration::from_secs(4 * 3600);
/// Milliseconds of an hour.
const HOUR: i64 = 3_600_000;

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
    /// A reply is uncertain. Rows of the time before this was told apart say that none is.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub uncertain: bool,
    /// Who has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignee: Option<EmployeeId>,
    /// Until when it is put aside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub snoozed_until: Option<Timestamp>,
    /// How urgent it is.
    #[serde(default)]
    pub priority: Priority,
    /// The part of its status that it is in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sub_status: Option<SubStatusId>,
    /// Its tags.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<TagRef>,
    /// Until when the customer who waits is to be answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Timestamp>,
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

/// Tickets with a reply that a person has to decide about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Undecided {
    /// All of them.
    Any,
    /// Those of which none is uncertain: what is to be sent again, if at all, is known.
    Failed,
    /// Those of which one may have reached the customer, or not.
    Uncertain,
}

impl Undecided {
    /// All three.
    pub const ALL: [Self; 3] = [Self::Any, Self::Failed, Self::Uncertain];

    /// A stable name, for addresses and catalogues.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Any => "1",
            Self::Failed => "failed",
            Self::Uncertain => "uncertain",
        }
    }

    /// Their codes in rows. In those of the time before they were told apart all are failed.
    fn codes(self) -> Vec<u32> {
        match self {
            Self::Any => vec![FAILED, UNCERTAIN],
            Self::Failed => vec![FAILED],
            Self::Uncertain => vec![UNCERTAIN],
        }
    }
}

const FAILED: u32 = 1;
const UNCERTAIN: u32 = 2;

/// Which deadlines, as of now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// Past.
    Overdue,
    /// Within [`SOON`].
    Soon,
}

impl Due {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Overdue, Self::Soon];

    /// A stable name, for addresses and catalogues.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Overdue => "overdue",
            Self::Soon => "soon",
        }
    }

    /// The one of a slug.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|d| d.slug() == slug)
    }

    /// Hours in which such deadlines are; those of the first or last may be others.
    fn hours(self, now: Timestamp) -> Match {
        match self {
            Self::Overdue => Match::Between(1, due_code(Some(now))),
            Self::Soon => Match::Between(due_code(Some(now)), due_code(Some(now.plus(SOON)))),
        }
    }

    fn is(self, due: Option<Timestamp>, now: Timestamp) -> bool {
        due.is_some_and(|due| match self {
            Self::Overdue => due < now,
            Self::Soon => (now..=now.plus(SOON)).contains(&due),
        })
    }
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
    pub needs_decision: Option<Undecided>,
    /// Who has them.
    pub assignee: Option<Assignee>,
    /// How urgent.
    pub priority: Option<Priority>,
    /// A part of a status.
    pub sub_status: Option<SubStatusId>,
    /// A tag with its bit.
    pub tag: Option<TagRef>,
    /// Which deadlines.
    pub due: Option<Due>,
}

/// A page of the list.
#[derive(Debug, Clone)]
pub struct TicketPage {
    /// Latest activity first.
    pub tickets: Vec<Summary>,
    /// The cursor of the next page.
    pub next: Option<u64>,
    /// How many tickets match. With a filter on deadlines it counts whole hours, so those of the present hour that do not
    /// match are in it.
    pub total: u64,
    /// A word that is another one as soon as the first page is. How many rows were asked for makes no difference, but with a
    /// filter on deadlines: what fits then changes as time goes by, so it is told by the rows of the page.
    pub version: String,
}

/// A page of rows with their places.
pub(crate) struct Rows {
    pub rows: Vec<(u64, Summary)>,
    pub next: Option<u64>,
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

fn undecided_code(s: &Summary) -> u32 {
    match (s.needs_decision, s.uncertain) {
        (false, _) => 0,
        (true, false) => FAILED,
        (true, true) => UNCERTAIN,
    }
}

/// 0 is nobody, also in rows of the time before tickets were given to anybody.
fn assignee_code(employee: Option<EmployeeId>) -> u32 {
    employee.map_or(0, |e| code(&e.to_string()).max(1))
}

/// Normal is 0, as in rows of the time before there were priorities.
fn priority_code(priority: Priority) -> u32 {
    match priority {
        Priority::Low => 1,
        Priority::Normal => 0,
        Priority::High => 3,
        Priority::Urgent => 4,
    }
}

fn sub_status_code(sub_status: Option<SubStatusId>) -> u32 {
    sub_status.map_or(0, |s| code(&s.to_string()).max(1))
}

/// The bits from `first` to `first + 31` as a number.
fn tag_bits(tags: &[TagRef], first: u32) -> u32 {
    tags.iter()
        .filter_map(|t| u32::from(t.bit).checked_sub(first))
        .filter(|b| *b < 32)
        .fold(0, |m, b| m | 1 << b)
}

/// The hour since 1970 that a deadline is in; 0 is none.
fn due_code(due: Option<Timestamp>) -> u32 {
    due.map_or(0, |d| u32::try_from(d.0.div_euclid(HOUR)).unwrap_or(0).max(1))
}

fn attributes(s: &Summary) -> Vec<u32> {
    vec![
        status_code(s.status),
        code(&s.source),
        code(&s.queue.to_string()),
        category_code(s.category),
        undecided_code(s),
        assignee_code(s.assignee),
        priority_code(s.priority),
        sub_status_code(s.sub_status),
        tag_bits(&s.tags, 0),
        due_code(s.due),
        tag_bits(&s.tags, 32),
    ]
}

impl Wanted {
    fn filter(&self, now: Timestamp) -> Filter {
        let one = |v: Option<u32>| v.map(|v| Match::OneOf(vec![v]));
        let tags: Vec<TagRef> = self.tag.into_iter().collect();
        let bits = |first| Some(Match::Bits(tag_bits(&tags, first))).filter(|m| *m != Match::Bits(0));
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
            self.needs_decision.map(|d| Match::OneOf(d.codes())),
            one(self.assignee.map(|a| match a {
                Assignee::Nobody => assignee_code(None),
                Assignee::Employee(e) => assignee_code(Some(e)),
            })),
            one(self.priority.map(priority_code)),
            one(self.sub_status.map(|s| sub_status_code(Some(s)))),
            bits(0),
            self.due.map(|d| d.hours(now)),
            bits(32),
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
    Ok(page_and_counts(world, company, wanted, before, limit, &[]).await?.0)
}

/// One page, and how many tickets match each of some other wishes, for the price of the page.
///
/// # Errors
/// The store's.
pub async fn page_and_counts<W: World>(
    world: &W,
    company: CompanyId,
    wanted: &Wanted,
    before: Option<u64>,
    limit: usize,
    others: &[Wanted],
) -> Result<(TicketPage, Vec<u64>), StoreError> {
    let now = world.clock().now();
    let filter = wanted.filter(now);
    let others: Vec<Filter> = others.iter().map(|w| w.filter(now)).collect();
    let (page, counts) =
        index(company)?.page_and_counts(world.kv(), &filter, before, limit.min(PAGE), &others).await?;
    // Two tags may share a bit.
    let has_tag = |t: &Summary| wanted.tag.is_none_or(|tag| t.tags.iter().any(|have| have.id == tag.id));
    // A row is written again with each change of its ticket, in a new place. A row that is left out below tells of news
    // like any other, so that it does not matter how many follow it.
    let newest = page.rows.first().map_or(0, |(slot, _)| *slot);
    let (shown, tickets): (Vec<String>, Vec<Summary>) = page
        .rows
        .into_iter()
        .filter_map(|(slot, row)| Some((slot, serde_json::from_value::<Summary>(row.data).ok()?)))
        // Rows are filtered by whole hours.
        .filter(|(_, t)| wanted.due.is_none_or(|d| d.is(t.due, now)))
        .filter(|(_, t)| has_tag(t))
        .map(|(slot, t)| (slot.to_string(), t))
        .unzip();
    let mut version = format!("{}-{newest}", page.total);
    if wanted.due.is_some() {
        version = format!("{version}-{}", names::short(&shown.join("-")));
    }
    Ok((TicketPage { tickets, next: page.next, total: page.total, version }, counts))
}

/// One page with the rows' places, for jobs that go through the list.
///
/// # Errors
/// The store's.
pub(crate) async fn rows<W: World>(
    world: &W,
    company: CompanyId,
    wanted: &Wanted,
    before: Option<u64>,
) -> Result<Rows, StoreError> {
    let filter = wanted.filter(world.clock().now());
    let page = index(company)?.page(world.kv(), world.clock(), &filter, before, PAGE).await?;
    let read = |(slot, row): (u64, Row)| Some((slot, serde_json::from_value(row.data).ok()?));
    Ok(Rows { rows: page.rows.into_iter().filter_map(read).collect(), next: page.next })
}

/// How many tickets match: at most two round trips.
///
/// # Errors
/// The store's.
pub async fn count<W: World>(world: &W, company: CompanyId, wanted: &Wanted) -> Result<u64, StoreError> {
    let filter = wanted.filter(world.clock().now());
    index(company)?.count(world.kv(), world.clock(), &filter).await
}

/// How many tickets match each of several wishes: two round trips for all of them.
///
/// # Errors
/// The store's.
pub async fn counts<W: World>(
    world: &W,
    company: CompanyId,
    wanted: &[Wanted],
) -> Result<Vec<u64>, StoreError> {
    let now = world.clock().now();
    let filters: Vec<Filter> = wanted.iter().map(|w| w.filter(now)).collect();
    index(company)?.counts(world.kv(), &filters).await
}

/// What the list shows of a ticket in this state; `None` before it is opened.
#[must_use]
pub fn summary(id: TicketId, ticket: &Ticket) -> Option<Summary> {
    let opened = ticket.opened.as_ref()?;
    // A ticket whose conversation is worked on in another says nothing of that conversation: its front does.
    let elsewhere = ticket.front_since();
    let here = elsewhere.is_none();
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
        last_activity: elsewhere.unwrap_or(ticket.last_activity),
        waiting_since: ticket.waiting_since().filter(|_| here),
        snippet: if here { ticket.snippet().to_owned() } else { String::new() },
        needs_decision: here && ticket.needs_decision(),
        uncertain: here && ticket.is_uncertain(),
        assignee: ticket.assignee(),
        snoozed_until: match ticket.status {
            Status::Snoozed { until } => Some(until),
            _ => None,
        },
        priority: ticket.priority(),
        sub_status: ticket.sub_status(),
        tags: ticket.tags(),
        due: ticket.due().filter(|_| here),
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
    let facts = facts.into_iter().map(|(id, f)| (id, Recorded::seeing(f, known_upto(reading)))).collect();
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

/// The slot up to which a reading has everything.
fn known_upto(reading: &Reading<Ticket>) -> u64 {
    reading.holes().min().map_or(reading.upto(), |hole| hole.saturating_sub(1))
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
    let is_alone = settle_own_row(world, company, id, reading, facts, first_slot).await;
    // Somebody else may have sent the conversation elsewhere in the same moment.
    if !is_alone || reading.state.front().is_some() {
        front::tell_or_log(world, company, id).await;
    }
}

/// [`settle_row`] without telling another ticket. Whether nobody else wrote.
pub(crate) async fn settle_own_row<W: World>(
    world: &W,
    company: CompanyId,
    id: TicketId,
    reading: &Reading<Ticket>,
    facts: u64,
    first_slot: u64,
) -> bool {
    let settled = match alone(world, id, reading, facts, first_slot).await {
        Ok(true) => return true,
        Ok(false) => mend_row(world, company, id).await.map(|_| ()),
        Err(e) => Err(e),
    };
    if let Err(e) = settled {
        world.log().write(Level::Warning, &format!("the row of ticket {id} may be out of date: {e}"));
    }
    false
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
    facts: Vec<(String, Recorded)>,
    at: Timestamp,
) -> (Vec<(String, Recorded)>, Option<Row>) {
    let after = folded(before, upto, facts.iter().cloned(), at);
    // What happens in a conversation that is worked on elsewhere is not to bring this ticket up in the list.
    let stays = before.rows.len() == 1
        && after.front().is_some()
        && summary(id, before) == summary(id, &after)
        && !facts.iter().any(|(_, f)| matches!(f.what, Fact::Touched));
    let mut recorded = facts;
    if stays {
        return (recorded, None);
    }
    let row = row(id, before, &after).map(|(row, note)| {
        if let Some((_, last)) = recorded.last_mut() {
            last.row = Some(note);
        }
        row
    });
    (recorded, row)
}

/// What a ticket will be after facts, if nobody else writes meanwhile.
pub(crate) fn after(before: &Ticket, upto: u64, facts: &[(String, Fact)], at: Timestamp) -> Ticket {
    folded(before, upto, facts.iter().map(|(id, f)| (id.clone(), f.clone().into())), at)
}

fn folded(
    before: &Ticket,
    upto: u64,
    facts: impl Iterator<Item = (String, Recorded)>,
    at: Timestamp,
) -> Ticket {
    use mostek_store::{Aggregate, Entry};
    let mut after = before.clone();
    for (slot, (id, fact)) in (upto.saturating_add(1)..).zip(facts) {
        let entry = Entry {
            v: 1,
            slot,
            stamp: String::new(),
            id,
            at: at.0,
            actor: Actor::System(String::new()),
            refs: std::collections::BTreeMap::new(),
            fact,
        };
        Ticket::apply(&mut after, &entry);
    }
    after
}
