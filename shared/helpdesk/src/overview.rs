//! What a dashboard shows of the helpdesk (F18): what waits, what failed, what is uncertain, whether it runs.

use crate::connection::{self, Connection, Progress, Run};
use crate::list::{self, Assignee, Wanted};
use crate::{customer, outbox, reports, tick};
use futures::future::{join_all, try_join3, try_join5};
use mostek_domain::report;
use mostek_domain::ticket::StatusKind;
use mostek_domain::{CompanyId, EmployeeId, Reason, Timestamp};
use mostek_ports::{StoreError, World};
use mostek_store::Filter;

/// How many tickets there are of some kinds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// The customer wrote last and nobody works on it.
    pub new: u64,
    /// Not closed and somebody's own.
    pub mine: u64,
    /// Not closed and nobody's.
    pub nobodys: u64,
    /// With a reply that failed or is uncertain: a person has to decide.
    pub undecided: u64,
    /// Put aside.
    pub snoozed: u64,
    /// All there ever were.
    pub all: u64,
}

/// What stands in the way of a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// The marketplace refused the key, for this reason.
    Refused(Reason),
    /// The last polls failed, the latest then, with this reason.
    Failing(Timestamp, Reason),
}

/// A connection at a glance.
#[derive(Debug, Clone)]
pub struct Line {
    /// The connection.
    pub connection: Connection,
    /// When it was last polled with success.
    pub last_success: Option<Timestamp>,
    /// What is wrong with it.
    pub trouble: Option<Trouble>,
}

/// All of it.
#[derive(Debug, Clone)]
pub struct Overview {
    /// Tickets.
    pub counts: Counts,
    /// Records of the CRM.
    pub customers: u64,
    /// Replies of the company that are on their way.
    pub outgoing: u64,
    /// Connections, those with trouble first.
    pub connections: Vec<Line>,
    /// Rows that the list of tickets was ever written: about one for each change, the best measure of a store's age that
    /// costs nothing. A store cannot say how large it is.
    pub changes: u64,
    /// When the timer last ran, to the minute; `None` if it never did.
    pub last_tick: Option<Timestamp>,
    /// Tickets of the days that were asked for.
    pub days: report::Report,
    /// Changes that the reports have not taken in yet.
    pub behind: u64,
}

/// Looks at everything at once, whatever the number of tickets: six round trips at most while the reports of the days are
/// in 128 chunks.
///
/// # Errors
/// The store's.
pub async fn read<W: World>(
    world: &W,
    company: CompanyId,
    me: EmployeeId,
    midnights: &[Timestamp],
) -> Result<Overview, StoreError> {
    let open = StatusKind::OPEN.to_vec();
    let wanted = [
        Wanted { statuses: vec![StatusKind::New], ..Wanted::default() },
        Wanted { statuses: open.clone(), assignee: Some(Assignee::Employee(me)), ..Wanted::default() },
        Wanted { statuses: open, assignee: Some(Assignee::Nobody), ..Wanted::default() },
        Wanted { needs_decision: true, ..Wanted::default() },
        Wanted { statuses: vec![StatusKind::Snoozed], ..Wanted::default() },
        Wanted::default(),
    ];
    let (tickets, customers) = (list::index(company)?, customer::index(company)?);
    let any = (Filter::default(), report::Wanted::default());
    let (counts, changes, customers, (outgoing, connections, last_tick), days) = try_join5(
        list::counts(world, company, &wanted),
        tickets.upto(world.kv()),
        customers.count(world.kv(), world.clock(), &any.0),
        try_join3(outgoing(world, company), lines(world, company), tick::last(world)),
        reports::report(world, company, midnights, &any.1),
    )
    .await?;
    let count = |at: usize| counts.get(at).copied().unwrap_or(0);
    Ok(Overview {
        counts: Counts {
            new: count(0),
            mine: count(1),
            nobodys: count(2),
            undecided: count(3),
            snoozed: count(4),
            all: count(5),
        },
        customers,
        outgoing,
        connections,
        changes,
        last_tick,
        days: days.report,
        behind: days.behind,
    })
}

/// How many replies of a company are on their way.
async fn outgoing<W: World>(world: &W, company: CompanyId) -> Result<u64, StoreError> {
    let outbox = outbox::journal()?.read(world.kv(), world.clock()).await?;
    Ok(outbox.state.pending.values().filter(|p| p.company == company).count() as u64)
}

/// A company's connections with what stands in their way, those with trouble first.
async fn lines<W: World>(world: &W, company: CompanyId) -> Result<Vec<Line>, StoreError> {
    let all = connection::read(world).await?.state.all;
    let ours: Vec<Connection> = all.into_values().filter(|c| c.company == company).collect();
    let progress = join_all(ours.iter().map(|c| async { connection::progress(c.id)?.get(world.kv()).await }));
    let mut lines = Vec::with_capacity(ours.len());
    for (connection, progress) in ours.iter().zip(progress.await) {
        let progress: Progress = progress?.unwrap_or_default();
        let refused = connection.refused.clone().unwrap_or_default();
        let trouble = match (connection.run, progress.last_error()) {
            (Run::NeedsAuthentication, _) => Some(Trouble::Refused(refused)),
            (Run::Running, Some((at, why))) if progress.failures > 0 => Some(Trouble::Failing(at, why)),
            _ => None,
        };
        lines.push(Line { connection: connection.clone(), last_success: progress.last_success, trouble });
    }
    lines.sort_by_key(|l| l.trouble.is_none());
    Ok(lines)
}
