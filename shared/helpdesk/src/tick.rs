//! What the timer does for the helpdesk: polls what is due, sends what is due, tidies the lists, follows what changed for the
//! search and the reports.
//!
//! Safe to call at any moment, twice at once, or never for a day; works in slices and says what it did.

use crate::webhooks::deliver;
use crate::{
    automatic, automation, connection, customer, list, names, policy, poll, reports, rota, search, sending,
    sla, snooze,
};
use futures::future::{join, join_all};
use mostek_domain::{CompanyId, Timestamp};
use mostek_ports::{Clock, Level, Log, Random, StoreError, World};
use mostek_store::Record;
use serde::Serialize;
use std::collections::BTreeSet;
use std::time::Duration;

/// Connections polled at the same time.
const CONCURRENT: usize = 4;
/// Steps of tidying one list at most per tick.
const TIDY_STEPS: usize = 40;

/// What a tick did.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Report {
    /// Connections that were polled.
    pub polls: Vec<poll::Report>,
    /// Replies.
    pub replies: sending::Report,
    /// Our events, told to others.
    pub webhooks: deliver::Report,
    /// Tickets that were put aside until now.
    pub woken: u64,
    /// Files with CRM records that were taken in to the end.
    pub imports: u64,
    /// Mergings of CRM records that were looked after.
    pub merges: u64,
    /// Erasures that are done for good.
    pub erased: u64,
    /// Automatic replies that were written.
    pub answered: u64,
    /// Rows whose deadlines a changed policy moved.
    pub deadlines: u64,
    /// Tickets that were given to members of a round robin.
    pub given: u64,
    /// Tickets that an automation acted on.
    pub automated: u64,
    /// Rows taken into the lists' pages.
    pub tidied: u64,
    /// Changes of tickets and records taken into the search.
    pub searched: u64,
    /// Changes of tickets taken into the reports.
    pub reported: u64,
    /// What failed, in words for the log.
    pub errors: Vec<String>,
}

/// How exactly the moment of the last tick is kept.
const TICK_AGE: Duration = Duration::from_secs(60);

/// A record: an older moment that comes back is wrong for a minute, on a page that shows it.
fn ticked() -> Result<Record<Timestamp>, StoreError> {
    names::ours(Record::new("tick", "last"))
}

/// When the timer last ran, to the minute.
///
/// # Errors
/// The store's.
pub async fn last<W: World>(world: &W) -> Result<Option<Timestamp>, StoreError> {
    ticked()?.get(world.kv()).await
}

/// Notes that the timer runs: one read, and one write a minute.
async fn note_running<W: World>(world: &W) -> Result<(), StoreError> {
    let now = world.clock().now();
    if last(world).await?.is_none_or(|at| now.since(at) >= TICK_AGE || now < at) {
        ticked()?.set(world.kv(), &now).await?;
    }
    Ok(())
}

/// Works for at most about `budget`. A failure of one thing does not keep the others from being done.
pub async fn tick<W: World>(world: &W, budget: Duration) -> Report {
    let began = world.clock().monotonic();
    let until = began + budget;
    let mut report = Report::default();
    let note = |report: &mut Report, what: &str, e: String| {
        world.log().write(Level::Error, &format!("{what}: {e}"));
        report.errors.push(format!("{what}: {e}"));
    };
    if let Err(e) = note_running(world).await {
        note(&mut report, "noting the tick", e.to_string());
    }

    let connections = match connection::read(world).await {
        Ok(reading) => reading.state.all,
        Err(e) => {
            note(&mut report, "reading the connections", e.to_string());
            Default::default()
        }
    };

    let now = world.clock().now();
    let mut due = Vec::new();
    for c in connections.values() {
        if c.run != connection::Run::Running || c.setup.is_none() {
            continue;
        }
        let progress = match connection::progress(c.id) {
            Ok(record) => record.get(world.kv()).await,
            Err(e) => Err(e),
        };
        match progress {
            Ok(progress) => {
                let progress = progress.unwrap_or_default();
                if poll::is_due(c, &progress, now) {
                    due.push((progress.due, c));
                }
            }
            Err(e) => note(&mut report, "reading a connection's progress", e.to_string()),
        }
    }
    // Who has waited longest goes first, so that a busy connection starves nobody.
    due.sort_by_key(|(d, c)| (*d, c.id));
    // Together, so that neither a slow marketplace nor many replies keep the other from being attended to.
    let polls = async {
        let mut outcomes = Vec::new();
        for some in due.chunks(CONCURRENT) {
            if world.clock().monotonic() >= until {
                break;
            }
            outcomes.extend(join_all(some.iter().map(|(_, c)| poll::poll(world, c, until))).await);
        }
        outcomes
    };
    // A reply that is begun late in the slice would be cut off in the middle of it.
    let work = join(sending::send_due(world, began + budget / 2), polls);
    // Somebody who is told may take twenty seconds to answer.
    let ((replies, polls), told) = join(work, deliver::tell(world, began + budget / 5)).await;
    match told {
        Ok(done) => report.webhooks = done,
        Err(e) => note(&mut report, "telling others", e.to_string()),
    }
    match replies {
        Ok(done) => report.replies = done,
        Err(e) => note(&mut report, "sending replies", e.to_string()),
    }
    for outcome in polls {
        match outcome {
            Ok(done) => report.polls.push(done),
            Err(e) => note(&mut report, "polling", e.to_string()),
        }
    }

    match snooze::wake_due(world, until).await {
        Ok(woken) => report.woken = woken,
        Err(e) => note(&mut report, "waking tickets", e.to_string()),
    }
    match automatic::answer_due(world, until).await {
        Ok(answered) => report.answered = answered,
        Err(e) => note(&mut report, "writing automatic replies", e.to_string()),
    }

    match customer::merge::settle_pending(world, until).await {
        Ok(settled) => report.merges = settled,
        Err(e) => note(&mut report, "looking after merged records", e.to_string()),
    }

    match customer::erase::sweep_again(world, until).await {
        Ok(erased) => report.erased = erased,
        Err(e) => note(&mut report, "erasing people", e.to_string()),
    }

    match customer::import::go_on_with_all(world, until).await {
        Ok(imports) => report.imports = imports,
        Err(e) => note(&mut report, "taking in files", e.to_string()),
    }

    let directory = match mostek_people::directory::read(world).await {
        Ok(directory) => Some(directory.state),
        Err(e) => {
            note(&mut report, "reading the companies", e.to_string());
            None
        }
    };
    let companies: Vec<_> = directory.iter().flat_map(|d| d.companies()).map(|(id, _)| id).collect();
    // Those of the connections too: a connection may be there before its company can be read.
    let companies: BTreeSet<_> =
        companies.into_iter().chain(connections.values().map(|c| c.company)).collect();
    for company in companies.iter().copied() {
        match policy::read(world, company).await {
            Ok(reading) => {
                let policy = &reading.state;
                match sla::renew(world, company, policy, until).await {
                    Ok(written) => report.deadlines += written,
                    Err(e) => note(&mut report, "bringing deadlines up to date", e.to_string()),
                }
                if let Some(directory) = &directory {
                    match rota::give_out(world, company, policy, directory, until).await {
                        Ok(given) => report.given += given,
                        Err(e) => note(&mut report, "giving out tickets", e.to_string()),
                    }
                    match automation::run(world, company, policy, directory, until).await {
                        Ok(acted) => report.automated += acted,
                        Err(e) => note(&mut report, "running automations", e.to_string()),
                    }
                }
            }
            Err(e) => note(&mut report, "reading a company's policy", e.to_string()),
        }
        for index in [list::index(company), customer::index(company)] {
            let tidied = match index {
                Ok(index) => tidy(world, &index, until).await,
                Err(e) => Err(e),
            };
            match tidied {
                Ok(n) => report.tidied += n,
                Err(e) => note(&mut report, "tidying a list", e.to_string()),
            }
        }
    }
    follow(world, companies, until, &mut report, note).await;
    report
}

/// Takes changes into search and reports, of at least one company. Another one is first each time, so that a long way to go
/// in one does not keep the others from getting on.
async fn follow<W: World>(
    world: &W,
    companies: BTreeSet<CompanyId>,
    until: Duration,
    report: &mut Report,
    note: impl Fn(&mut Report, &str, String),
) {
    let mut companies: Vec<CompanyId> = companies.into_iter().collect();
    let first = usize::try_from(world.random().u64() % (companies.len().max(1) as u64)).unwrap_or(0);
    companies.rotate_left(first);
    for (n, company) in companies.into_iter().enumerate() {
        if n > 0 && world.clock().monotonic() >= until {
            break;
        }
        // Apart, so that what stops one does not stop the other.
        let (searched, reported) =
            join(search::follow(world, company, until), reports::follow(world, company, until)).await;
        match searched {
            Ok(done) => report.searched += done.changes,
            Err(e) => note(report, "following changes for the search", e.to_string()),
        }
        match reported {
            Ok(n) => report.reported += n,
            Err(e) => note(report, "following changes for the reports", e.to_string()),
        }
    }
}

async fn tidy<W: World>(
    world: &W,
    index: &mostek_store::Index,
    until: Duration,
) -> Result<u64, mostek_ports::StoreError> {
    let mut all = 0;
    for _ in 0..TIDY_STEPS {
        let n = index.tidy(world).await?;
        all += n;
        if n == 0 || world.clock().monotonic() >= until {
            break;
        }
    }
    Ok(all)
}
