//! Polling a connection (H3-H5): asks what changed since the cursor, follows the pages, and moves the cursor only after the
//! last page is stored. Safe at any moment, twice at once, or never for a day.

use crate::connection::{self, Connection, Progress, Run};
use crate::error::Refusal;
use crate::intake::{self, Taken};
use crate::{front, orders, remote};
use mostek_connectors::{Access, NextStep, RemoteError, ThreadsQuery};
use mostek_domain::Timestamp;
use mostek_domain::reason::{Code, Reason};
use mostek_domain::retry::Backoff;
use mostek_domain::ticket::TicketRules;
use mostek_ports::{Clock, Level, Log, Random, StoreError, World};
use mostek_store::Actor;
use serde::{Serialize, Serializer};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::time::Duration;

/// Asked for again with every poll: changes that the marketplace dates a little before the newest one we saw.
pub const OVERLAP: Duration = Duration::from_secs(120);
/// Conversations per page (the most Mirakl gives).
const PAGE: u32 = 100;
/// Pages of one poll at most; a marketplace that goes on for longer is repeating itself.
const PAGES: usize = 1_000;
/// Whole conversations asked for per page; the others wait for the next poll.
const WHOLE_PER_PAGE: usize = 20;
/// After this many polls that could not get a whole conversation, polling goes on without its older messages; after as many
/// failures, new tickets go without orders that the marketplace does not want to tell yet.
const PATIENCE: u32 = 5;
/// A page is halved this many times at most: many short ones would be a load of their own.
const HALVED: u32 = 3;

/// What a poll did, as the tick reports it.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Report {
    /// The connection.
    pub connection: String,
    /// Requests for pages.
    pub pages: usize,
    /// Messages that were new.
    pub messages: u64,
    /// Tickets that were opened.
    pub tickets: u64,
    /// True if there is more and time was up.
    pub unfinished: bool,
    /// Why it stopped.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "in_english")]
    pub error: Option<Reason>,
}

fn in_english<S: Serializer>(reason: &Option<Reason>, to: S) -> Result<S::Ok, S::Error> {
    reason.as_ref().map(|r| &r.why).serialize(to)
}

/// Whether a connection is to be polled now.
#[must_use]
pub fn is_due(connection: &Connection, progress: &Progress, now: Timestamp) -> bool {
    connection.run == Run::Running && connection.setup.is_some() && progress.due <= now
}

/// Polls a connection until it is through or `until` (monotonic) is reached.
///
/// # Errors
/// The store's. What the marketplace did wrong is in the report and in the connection's progress.
pub async fn poll<W: World>(world: &W, connection: &Connection, until: Duration) -> Result<Report, Refusal> {
    let record = connection::progress(connection.id)?;
    let mut progress = record.get(world.kv()).await?.unwrap_or_default();
    let mut report = Report { connection: connection.id.to_string(), ..Report::default() };
    let before = progress.clone();
    let outcome = run(world, connection, until, &mut progress, &mut report).await;
    let now = world.clock().now();
    match outcome {
        Ok(()) => {
            // A pass that takes several ticks has not worked before its end.
            if !report.unfinished {
                progress.failures = 0;
                progress.shorter = 0;
            }
            progress.throttled_until = None;
            progress.last_success = Some(now);
            let interval = connection.setup.as_ref().map_or(connection::SHORTEST_INTERVAL, |s| s.interval);
            progress.due =
                if report.unfinished { now } else { now.plus(Duration::from_secs(u64::from(interval))) };
        }
        Err(Stop::Store(e)) => {
            // Ours to mend, and all the same to be seen beside the connection.
            failed(world, &mut progress, now, Reason::known(Code::Internal, e.to_string()), None);
            begin_again_at_times(&mut progress);
            progress.taken = before.taken.saturating_add(report.messages);
            record.set(world.kv(), &progress).await?;
            return Err(e);
        }
        Err(Stop::Incomplete) => {
            let why = Reason::known(Code::Incomplete, "not all long conversations could be read whole yet");
            report.error = Some(why.clone());
            world.log().write(Level::Warning, &format!("polling {} stopped: {why}", connection.id));
            failed(world, &mut progress, now, why, None);
            progress.throttled_until = None;
        }
        Err(Stop::Remote(e)) => {
            let why = Reason::from(&e);
            report.error = Some(why.clone());
            world.log().write(Level::Warning, &format!("polling {} stopped: {e}", connection.id));
            let asked = match e.next_step() {
                NextStep::Authenticate => {
                    connection::write(world, Actor::System("poll".into()), connection.refused(why.clone()))
                        .await?;
                    None
                }
                NextStep::TryLater(asked) => asked,
                // A page token that is no longer good, most likely: begin again.
                NextStep::GiveUp => {
                    begin_again(&mut progress);
                    None
                }
            };
            failed(world, &mut progress, now, why, asked);
            // Whoever asks to wait has no trouble with the page.
            let is_throttled = matches!(e, RemoteError::Throttled { .. });
            if !is_throttled {
                begin_again_at_times(&mut progress);
            }
            progress.throttled_until = is_throttled.then_some(progress.due);
        }
    }
    progress.taken = before.taken.saturating_add(report.messages);
    record.set(world.kv(), &progress).await?;
    Ok(report)
}

/// Notes a poll that did not work and when the next one is due.
fn failed<W: World>(
    world: &W,
    progress: &mut Progress,
    now: Timestamp,
    why: Reason,
    asked: Option<Duration>,
) {
    progress.failures = progress.failures.saturating_add(1);
    progress.failed(now, why);
    progress.due = now.plus(Backoff::POLL.wait(progress.failures, world.random().u64(), asked));
}

/// An old page token may be what the marketplace stumbles over.
fn begin_again_at_times(progress: &mut Progress) {
    if progress.failures.is_multiple_of(3) {
        begin_again(progress);
    }
}

/// The next poll starts with the first page; the cursor stays.
fn begin_again(progress: &mut Progress) {
    progress.page_token = None;
    progress.reaching = None;
    progress.started = None;
    progress.partial = false;
}

enum Stop {
    Remote(RemoteError),
    /// The pass is through and had to leave something out, so the cursor does not move.
    Incomplete,
    Store(Refusal),
}

impl From<RemoteError> for Stop {
    fn from(e: RemoteError) -> Self {
        Self::Remote(e)
    }
}

impl From<StoreError> for Stop {
    fn from(e: StoreError) -> Self {
        Self::Store(Refusal::Store(e))
    }
}

async fn run<W: World>(
    world: &W,
    connection: &Connection,
    until: Duration,
    progress: &mut Progress,
    report: &mut Report,
) -> Result<(), Stop> {
    let Some(setup) = connection.setup.as_ref() else { return Ok(()) };
    let access = match remote::access(world, connection).await {
        Ok(access) => access,
        // The key was sealed elsewhere: say so as the marketplace would, so that the connection stops and asks.
        Err(Refusal::NeedsAuthentication) => return Err(RemoteError::WrongKey { message: None }.into()),
        Err(e) => return Err(Stop::Store(e)),
    };
    let marketplace = remote::marketplace(&connection.kind).map_err(Stop::Store)?;
    let since = progress.cursor.or(connection.since).unwrap_or_default().minus(OVERLAP);
    let mut tokens = HashSet::new();
    // A marketplace that was too slow for a long page may manage a shorter one.
    let mut limit = PAGE >> progress.shorter.min(HALVED);
    loop {
        if progress.page_token.is_none() {
            progress.started = Some(world.clock().now());
        }
        let query = ThreadsQuery { updated_since: Some(since), page: progress.page_token.clone(), limit };
        let page = match remote::send(world, marketplace.threads(&access, &query)).await {
            // Very long conversations: smaller pages. With a token the page's size is the token's.
            Err(RemoteError::TooLarge { .. }) if limit > 1 => {
                limit = (limit / 5).max(1);
                begin_again(progress);
                continue;
            }
            Err(e) => {
                // One that is down or wants to be asked less gains nothing from shorter pages, of which there are more.
                let is_too_long = matches!(
                    e,
                    RemoteError::TooLarge { .. }
                        | RemoteError::Unreadable { .. }
                        | RemoteError::NoAnswer(_)
                        // So answers a gateway for a system that was too slow.
                        | RemoteError::Unavailable { status: 408 | 502 | 504, .. }
                );
                progress.shorter = progress.shorter.saturating_add(u32::from(is_too_long));
                return Err(e.into());
            }
            Ok(page) => page,
        };
        report.pages += 1;
        if page.unreadable > 0 {
            let line = format!(
                "{} conversations or messages of {} could not be read",
                page.unreadable, connection.id
            );
            world.log().write(Level::Warning, &line);
        }
        let newest = page.threads.iter().filter_map(|t| t.updated_at).max();
        progress.reaching = progress.reaching.max(newest);
        let (taken, throttled) =
            page_in(world, connection, setup, &access, page.threads, until, progress).await?;
        report.messages += taken.messages;
        report.tickets += taken.tickets;
        // The page is asked for again when the time has come, with what is missing of it.
        if let Some(e) = throttled {
            return Err(e.into());
        }

        // A token that comes again, or pages without end, would keep us here for ever.
        let next = page.next.filter(|t| tokens.insert(t.clone()) && report.pages < PAGES);
        let Some(next) = next else { break };
        progress.page_token = Some(next);
        if world.clock().monotonic() >= until {
            report.unfinished = true;
            return Ok(());
        }
    }
    let whole = !progress.partial;
    // Never past the moment at which the pass began: what changed after its page was read comes with the next one, and a
    // conversation dated in the far future does not stop the connection for good.
    let reached = progress.reaching.min(progress.started);
    begin_again(progress);
    if whole || progress.partials >= PATIENCE {
        progress.partials = 0;
        progress.cursor = progress.cursor.max(reached);
        Ok(())
    } else {
        progress.partials = progress.partials.saturating_add(1);
        Err(Stop::Incomplete)
    }
}

/// Takes a page in; also gives what the marketplace said if it asked to wait before all was read.
async fn page_in<W: World>(
    world: &W,
    connection: &Connection,
    setup: &connection::Setup,
    access: &Access,
    threads: Vec<mostek_domain::marketplace::Thread>,
    until: Duration,
    progress: &mut Progress,
) -> Result<(Taken, Option<RemoteError>), Stop> {
    let marketplace = remote::marketplace(&connection.kind).map_err(Stop::Store)?;
    // Marketplaces list the newest first; the list is in the order of taking, so the newest comes last.
    let mut threads = threads;
    threads.sort_by_key(|t| t.updated_at);
    let origin = intake::Origin::from(connection);
    let mut known = intake::look_up(world, &origin, threads).await?;
    let mut throttled = None;
    let ids: BTreeSet<String> = known
        .iter()
        .filter(|k| k.reading.state.opened.is_none())
        .filter_map(|k| k.thread.orders.first().map(|o| o.id.clone()))
        .collect();
    let ids: Vec<String> = ids.into_iter().collect();
    let orders = if ids.is_empty() {
        BTreeMap::new()
    } else {
        match orders::fetch(world, connection, access, &ids).await {
            Ok(orders) => orders,
            Err(e) => {
                world.log().write(Level::Warning, &format!("orders of {} were not read: {e}", connection.id));
                // A ticket does without its order until somebody opens it, but not for want of a little time.
                if matches!(e, RemoteError::Throttled { .. }) {
                    if progress.failures < PATIENCE {
                        known.retain(|k| k.reading.state.opened.is_some() || k.thread.orders.is_empty());
                    }
                    throttled = Some(e);
                }
                BTreeMap::new()
            }
        }
    };
    let mut asked = 0;
    for k in &mut known {
        if throttled.is_some() {
            break;
        }
        if !k.is_missing_messages(marketplace.messages_per_listed_thread()) {
            continue;
        }
        if asked >= WHOLE_PER_PAGE || (asked > 0 && world.clock().monotonic() >= until) {
            progress.partial = true;
            continue;
        }
        asked += 1;
        match remote::send(world, marketplace.thread(access, &k.thread.id)).await {
            Ok(all) => k.thread = all,
            Err(e @ RemoteError::Throttled { .. }) if progress.failures < PATIENCE => throttled = Some(e),
            // For ever on one page, nobody would see what is new on the others.
            Err(e @ RemoteError::Throttled { .. }) => {
                progress.partial = true;
                asked = WHOLE_PER_PAGE;
                let line = format!("conversations of {} are not read whole: {e}", connection.id);
                world.log().write(Level::Warning, &line);
            }
            // What came with the page is taken; the rest with a later poll.
            Err(e) => {
                progress.partial = true;
                world.log().write(
                    Level::Warning,
                    &format!("a conversation of {} was not read whole: {e}", connection.id),
                );
            }
        }
    }
    let has_news = known.iter().any(|k| !k.new_messages().is_empty());
    let rules =
        if has_news { front::rules(world, connection.company).await? } else { TicketRules::default() };
    Ok((intake::take(world, &origin, setup, rules, known, &orders).await?, throttled))
}
