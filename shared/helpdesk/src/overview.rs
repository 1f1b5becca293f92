//! What a dashboard shows of the helpdesk (F18): what waits, what failed, what is uncertain, whether it runs; webhooks among it.

use crate::connection::{self, Connection, Progress, Run};
use crate::list::{self, Assignee, Undecided, Wanted};
use crate::webhooks::{deliver, endpoint, letters, source};
use crate::{customer, outbox, reports, tick};
use futures::future::{join_all, try_join, try_join_all, try_join3, try_join5};
use mostek_domain::report;
use mostek_domain::ticket::StatusKind;
use mostek_domain::{CompanyId, ConnectionId, EmployeeId, Reason, Timestamp, WebhookId};
use mostek_ports::{Clock, StoreError, World};
use mostek_store::Filter;
use std::time::Duration;

/// For how long a dashboard shows that a message to an endpoint was given up.
pub const GIVEN_UP_SHOWN: Duration = Duration::from_secs(7 * 86_400);

/// How many tickets there are of some kinds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// The customer wrote last and nobody works on it.
    pub new: u64,
    /// Not closed and somebody's own.
    pub mine: u64,
    /// Not closed and nobody's.
    pub nobodys: u64,
    /// With a reply that failed, and none that is uncertain: a person has to decide.
    pub failed: u64,
    /// With a reply of which nobody knows whether it has reached the customer: a person has to decide.
    pub uncertain: u64,
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

/// A shop whose events could not all be understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// Its id, which is also its address: only administrators may know it.
    pub source: ConnectionId,
    /// Its name.
    pub name: String,
    /// Events that wait for somebody to decide about them.
    pub letters: usize,
}

/// Somebody who has not been told of all our events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Untold {
    /// The endpoint.
    pub endpoint: WebhookId,
    /// The host of its address.
    pub host: String,
    /// Since when it is told nothing, because it said so.
    pub gone: Option<Timestamp>,
    /// Messages on their way.
    pub waiting: usize,
    /// Of those, after an attempt in vain.
    pub failing: usize,
    /// Messages that were given up within [`GIVEN_UP_SHOWN`].
    pub given_up: usize,
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
    /// Shops with events that could not be understood.
    pub unread: Vec<Unread>,
    /// Endpoints with messages that wait or were given up, and those that want none any more.
    pub untold: Vec<Untold>,
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
        Wanted { needs_decision: Some(Undecided::Failed), ..Wanted::default() },
        Wanted { needs_decision: Some(Undecided::Uncertain), ..Wanted::default() },
        Wanted { statuses: vec![StatusKind::Snoozed], ..Wanted::default() },
        Wanted::default(),
    ];
    let (tickets, customers) = (list::index(company)?, customer::index(company)?);
    let any = (Filter::default(), report::Wanted::default());
    let (counts, changes, customers, ((outgoing, connections, last_tick), (unread, untold)), days) =
        try_join5(
            list::counts(world, company, &wanted),
            tickets.upto(world.kv()),
            customers.count(world.kv(), world.clock(), &any.0),
            try_join(
                try_join3(outgoing(world, company), lines(world, company), tick::last(world)),
                try_join(unread(world, company), untold(world, company)),
            ),
            reports::report(world, company, midnights, &any.1),
        )
        .await?;
    let count = |at: usize| counts.get(at).copied().unwrap_or(0);
    Ok(Overview {
        counts: Counts {
            new: count(0),
            mine: count(1),
            nobodys: count(2),
            failed: count(3),
            uncertain: count(4),
            snoozed: count(5),
            all: count(6),
        },
        customers,
        outgoing,
        connections,
        unread,
        untold,
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

/// A company's shops with events that could not be understood, by name.
async fn unread<W: World>(world: &W, company: CompanyId) -> Result<Vec<Unread>, StoreError> {
    let ours = source::of_company(world, company).await?;
    let waiting = try_join_all(ours.iter().map(|s| letters::waiting(world, s.id))).await?;
    let both = ours.into_iter().zip(waiting).filter(|(_, letters)| !letters.is_empty());
    Ok(both
        .map(|(s, letters)| Unread { source: s.id, name: s.setup.name.to_string(), letters: letters.len() })
        .collect())
}

/// A company's endpoints that have not been told of everything, by address.
async fn untold<W: World>(world: &W, company: CompanyId) -> Result<Vec<Untold>, StoreError> {
    let (ours, outbox) = try_join(endpoint::of_company(world, company), deliver::waiting(world)).await?;
    let since = world.clock().now().minus(GIVEN_UP_SHOWN);
    let given_up = try_join_all(ours.iter().map(|e| deliver::given_up(world, e.id, since))).await?;
    let all = ours.into_iter().zip(given_up).map(|(e, given_up)| {
        let waiting = || outbox.pending.values().filter(|p| p.endpoint == e.id);
        Untold {
            endpoint: e.id,
            host: e.setup.address.url().host_str().unwrap_or_default().to_owned(),
            gone: e.gone,
            waiting: waiting().count(),
            failing: waiting().filter(|p| p.attempts > 0).count(),
            given_up,
        }
    });
    Ok(all.filter(|u| u.gone.is_some() || u.waiting > 0 || u.given_up > 0).collect())
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
