//! What the timer does for the helpdesk: polls what is due, sends what is due, tidies the lists.
//!
//! Safe to call at any moment, twice at once, or never for a day; works in slices and says what it did.

use crate::{connection, customer, list, poll, sending, snooze};
use futures::future::{join, join_all};
use mostek_ports::{Clock, Level, Log, World};
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
    /// Tickets that were put aside until now.
    pub woken: u64,
    /// Files with CRM records that were taken in to the end.
    pub imports: u64,
    /// Mergings of CRM records that were looked after.
    pub merges: u64,
    /// Erasures that are done for good.
    pub erased: u64,
    /// Rows taken into the lists' pages.
    pub tidied: u64,
    /// What failed, in words for the log.
    pub errors: Vec<String>,
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
    let (replies, polls) = join(sending::send_due(world, began + budget / 2), polls).await;
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

    let companies: Vec<_> = match mostek_people::directory::read(world).await {
        Ok(directory) => directory.state.companies().into_iter().map(|(id, _)| id).collect(),
        Err(e) => {
            note(&mut report, "reading the companies", e.to_string());
            Vec::new()
        }
    };
    // Those of the connections too: a connection may be there before its company can be read.
    let companies: BTreeSet<_> =
        companies.into_iter().chain(connections.values().map(|c| c.company)).collect();
    for company in companies {
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
    report
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
