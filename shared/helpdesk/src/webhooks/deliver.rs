//! Tells endpoints of our events: finds what has happened, sends what is due, and writes down what came of it (W4).
//!
//! Attempts are claimed as those of replies are: two ticks at once send a delivery once. Unlike a reply, a delivery whose
//! answer was lost is simply sent again: its id tells the other side.

use super::answer;
use super::endpoint::{self, Endpoint};
use super::feed;
use super::outbox::{self, Fact, Outbox, Outcome, Pending};
use crate::error::Refusal;
use crate::names;
use bytes::Bytes;
use futures::future::{join_all, try_join};
use http::{HeaderMap, HeaderValue, Method, header};
use mostek_domain::{CompanyId, DeliveryId, Timestamp, WebhookId};
use mostek_ports::{Clock, HttpClient, Level, Log, OutgoingRequest, Random, StoreError, World};
use mostek_store::{Actor, Commit, Record};
use mostek_webhooks::address::Address;
use mostek_webhooks::plan::{self, Answer, TIME_LIMIT};
use mostek_webhooks::signature;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// Endpoints told at the same time.
const CONCURRENT: usize = 4;
/// Deliveries to one endpoint per tick at most.
const PER_TICK: usize = 20;
/// Lines of the log of one endpoint.
const LINES: usize = 40;
/// How long somebody else who claimed a delivery is waited for: longer than an attempt may take.
const WAIT_OUT: Duration = Duration::from_secs(60);
/// Characters of an error that are kept.
pub(super) const WHY_CHARS: usize = 200;
/// When an endpoint to which nothing can be sent as it is set up is looked at again, at the earliest.
const NO_SECRET: Duration = Duration::from_secs(3600);

/// What a tick did for our webhooks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Deliveries that events made.
    pub found: u64,
    /// Attempts.
    pub attempts: u64,
    /// Of those, taken by the other side.
    pub delivered: u64,
    /// What still waits.
    pub pending: usize,
}

/// One attempt, for the endpoint's page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// When it began.
    pub at: Timestamp,
    /// The delivery.
    pub delivery: DeliveryId,
    /// The event's type.
    pub kind: String,
    /// Which attempt, counted from 1.
    pub attempt: u32,
    /// Whether it was taken.
    pub taken: bool,
    /// The status, or why there was none.
    pub answer: String,
    /// How long it took, in milliseconds.
    pub took_ms: u64,
    /// Whether it was the delivery's last attempt: taken, or given up.
    pub(super) settled: bool,
}

impl Line {
    /// Whether the message can be sent once more from the log. An answer cannot: what becomes of it is decided in its ticket.
    #[must_use]
    pub fn can_go_again(&self) -> bool {
        self.kind != answer::KIND
    }
}

/// An attempt at an endpoint.
#[derive(Debug)]
pub(crate) struct Attempted<'a> {
    /// The endpoint.
    pub(crate) endpoint: &'a Endpoint,
    /// What its log says.
    pub(crate) line: Line,
    /// Whether it has said that it wants no more.
    pub(crate) gone: bool,
}

/// The last attempts of an endpoint, latest first. A record: of two writers at once one's lines are lost, and nothing else.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lines {
    /// Those.
    pub lines: Vec<Line>,
}

fn log(endpoint: WebhookId) -> Result<Record<Lines>, StoreError> {
    names::ours(Record::new("webhook-log", &endpoint.to_string()))
}

/// Answers have a log of their own: they are written beside deliveries, in the same tick.
fn log_of_answers(endpoint: WebhookId) -> Result<Record<Lines>, StoreError> {
    names::ours(Record::new("webhook-answers", &endpoint.to_string()))
}

/// The last attempts of a company's endpoint.
///
/// # Errors
/// [`Refusal::NotFound`]; the store's.
pub async fn lines<W: World>(world: &W, company: CompanyId, id: WebhookId) -> Result<Vec<Line>, Refusal> {
    endpoint::one(world, company, id).await?;
    let (told, answers) = (log(id)?, log_of_answers(id)?);
    let (told, answers) = try_join(told.get(world.kv()), answers.get(world.kv())).await?;
    let mut lines = told.unwrap_or_default().lines;
    lines.extend(answers.unwrap_or_default().lines);
    // Stable: the lines of one moment stay as they were written.
    lines.sort_by_key(|l| std::cmp::Reverse(l.at));
    lines.truncate(LINES);
    Ok(lines)
}

/// How many deliveries to an endpoint were given up since a moment, as far as its log goes back; one that was sent again and
/// taken is none.
///
/// # Errors
/// The store's.
pub(crate) async fn given_up<W: World>(
    world: &W,
    id: WebhookId,
    since: Timestamp,
) -> Result<usize, StoreError> {
    let lines = log(id)?.get(world.kv()).await?.unwrap_or_default().lines;
    let mut known = BTreeSet::new();
    // What came of a delivery is said by its latest line.
    let latest = lines.iter().filter(|l| known.insert(l.delivery));
    Ok(latest.filter(|l| l.settled && !l.taken && l.at >= since).count())
}

/// Finds events and tells them until `until` (monotonic), after which no attempt is begun.
///
/// # Errors
/// The store's and the settings'; the next tick goes on.
pub async fn tell<W: World>(world: &W, until: Duration) -> Result<Report, Refusal> {
    let endpoints = endpoint::read(world).await?.state.all;
    if endpoints.is_empty() {
        return Ok(Report::default());
    }
    let mut report = Report::default();
    let mut companies: BTreeMap<CompanyId, Vec<&Endpoint>> = BTreeMap::new();
    for endpoint in endpoints.values().filter(|e| e.is_active()) {
        companies.entry(endpoint.company).or_default().push(endpoint);
    }
    for (company, listening) in &companies {
        match feed::follow(world, *company, listening, until).await {
            Ok(found) => report.found += found,
            Err(e) => world.log().write(Level::Error, &format!("events of {company} were not found: {e}")),
        }
    }
    let journal = outbox::journal()?;
    let reading = journal.read(world.kv(), world.clock()).await?;
    let now = world.clock().now();
    let mut due: BTreeMap<WebhookId, Vec<(DeliveryId, Pending)>> = BTreeMap::new();
    for (delivery, pending) in reading.state.pending.iter().filter(|(_, p)| p.due <= now) {
        due.entry(pending.endpoint).or_default().push((*delivery, pending.clone()));
    }
    let due: Vec<_> = due.into_iter().collect();
    report.pending = reading.state.pending.len();
    for some in due.chunks(CONCURRENT) {
        if world.clock().monotonic() >= until {
            break;
        }
        let told =
            some.iter().map(|(id, deliveries)| one_endpoint(world, endpoints.get(id), deliveries, until));
        for outcome in join_all(told).await {
            match outcome {
                Ok((attempts, delivered, settled)) => {
                    report.attempts += attempts;
                    report.delivered += delivered;
                    report.pending = report.pending.saturating_sub(settled);
                }
                Err(e) => world.log().write(Level::Error, &format!("webhooks were not sent: {e}")),
            }
        }
    }
    // Blind appends leave a tail that the next tick would read again.
    if reading.tail() > 16 {
        journal.write_snapshot(world.kv(), &reading).await?;
    }
    Ok(report)
}

/// Tells one endpoint, in the order in which things became due; after a failure the rest waits for the next tick. Gives
/// attempts, deliveries, and what does not wait any more.
async fn one_endpoint<W: World>(
    world: &W,
    endpoint: Option<&Endpoint>,
    deliveries: &[(DeliveryId, Pending)],
    until: Duration,
) -> Result<(u64, u64, usize), Refusal> {
    let Some(endpoint) = endpoint.filter(|e| e.is_active()) else {
        let dropped: Vec<DeliveryId> = deliveries.iter().map(|(d, _)| *d).collect();
        drop_all(world, &dropped).await?;
        return Ok((0, 0, deliveries.len()));
    };
    let mut deliveries: Vec<_> = deliveries.iter().collect();
    deliveries.sort_by_key(|(_, p)| (p.due, p.slot));
    let (mut attempts, mut delivered, mut settled) = (0, 0, 0);
    for (delivery, pending) in deliveries.into_iter().take(PER_TICK) {
        if world.clock().monotonic() >= until {
            break;
        }
        // Whom it was about was erased.
        let Some(body) = outbox::body(*delivery)?.get(world.kv()).await? else {
            drop_all(world, &[*delivery]).await?;
            settled += 1;
            continue;
        };
        match attempt(world, endpoint, *delivery, pending, body).await? {
            None => break,
            Some(outcome) => {
                attempts += 1;
                delivered += u64::from(outcome == Outcome::Delivered);
                settled += usize::from(matches!(outcome, Outcome::Delivered | Outcome::GivenUp));
                if outcome != Outcome::Delivered {
                    break;
                }
            }
        }
    }
    Ok((attempts, delivered, settled))
}

/// Sends one delivery; `None` if nothing was sent.
async fn attempt<W: World>(
    world: &W,
    endpoint: &Endpoint,
    delivery: DeliveryId,
    pending: &Pending,
    body: String,
) -> Result<Option<Outcome>, Refusal> {
    let now = world.clock().now();
    // Everything that takes time comes before the claim.
    let prepared = signed(world, endpoint, &format!("msg_{delivery}"), body).await?;
    let claim = names::webhook_delivery(delivery)?.take(world.kv()).await?;
    if claim != pending.claims.saturating_add(1) {
        close(world, delivery, claim, Outcome::Busy { due: now.plus(WAIT_OUT) }, None).await?;
        return Ok(None);
    }
    let request = match prepared {
        Ok(request) => request,
        Err(why) => {
            world.log().write(Level::Error, &format!("webhook {delivery}: {why}"));
            // An administrator has to do something, which takes longer than the first pauses of the plan.
            let outcome = match plan::wait(pending.attempts.saturating_add(1), 0, Some(NO_SECRET)) {
                Some(wait) => Outcome::Failed { due: now.plus(wait) },
                None => Outcome::GivenUp,
            };
            let line = line(now, delivery, pending, outcome, why, 0);
            close(world, delivery, claim, outcome, Some(Attempted { endpoint, line, gone: false })).await?;
            return Ok(Some(outcome));
        }
    };
    let began = world.clock().monotonic();
    // Only the answer's head is of interest: its body is the other side's own business, whatever its length.
    let answer = world.http().open(request).await;
    let took = world.clock().monotonic().saturating_sub(began);
    let took = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    let (result, text, wish) = match &answer {
        Ok(a) => {
            let wish = a.headers.get(header::RETRY_AFTER).and_then(|v| v.to_str().ok());
            (Answer::of(a.status), a.status.as_u16().to_string(), wish.and_then(plan::retry_after))
        }
        Err(e) => (Answer::Failed, e.to_string(), None),
    };
    let outcome = match result {
        Answer::Taken => Outcome::Delivered,
        Answer::Gone => Outcome::GivenUp,
        Answer::Failed => {
            let failed = pending.attempts.saturating_add(1);
            match plan::wait(failed, world.random().u64(), wish) {
                Some(wait) => Outcome::Failed { due: world.clock().now().plus(wait) },
                None => Outcome::GivenUp,
            }
        }
    };
    let line = line(now, delivery, pending, outcome, text, took);
    let gone = result == Answer::Gone;
    close(world, delivery, claim, outcome, Some(Attempted { endpoint, line, gone })).await?;
    Ok(Some(outcome))
}

fn line(
    at: Timestamp,
    delivery: DeliveryId,
    pending: &Pending,
    outcome: Outcome,
    answer: String,
    took_ms: u64,
) -> Line {
    Line {
        at,
        delivery,
        kind: pending.kind.clone(),
        attempt: pending.attempts.saturating_add(1),
        taken: outcome == Outcome::Delivered,
        answer: answer.chars().take(WHY_CHARS).collect(),
        took_ms,
        settled: matches!(outcome, Outcome::Delivered | Outcome::GivenUp),
    }
}

/// Ends deliveries without sending them, and deletes what they would have sent.
async fn drop_all<W: World>(world: &W, deliveries: &[DeliveryId]) -> Result<(), StoreError> {
    let facts = deliveries.iter().map(|d| (format!("{d}-dropped"), Fact::Dropped { delivery: *d }));
    write(world, facts.collect(), None).await?;
    for delivery in deliveries {
        outbox::body(*delivery)?.delete(world.kv()).await?;
    }
    Ok(())
}

/// Ends what waits for an endpoint that was removed, and forgets its log with what it could have sent once more.
pub(super) async fn forget<W: World>(world: &W, endpoint: WebhookId) -> Result<(), StoreError> {
    let pending = outbox::journal()?.read(world.kv(), world.clock()).await?.state.pending;
    let waiting: Vec<DeliveryId> =
        pending.into_iter().filter(|(_, p)| p.endpoint == endpoint).map(|(d, _)| d).collect();
    if !waiting.is_empty() {
        drop_all(world, &waiting).await?;
    }
    let log = log(endpoint)?;
    for line in log.get(world.kv()).await?.unwrap_or_default().lines {
        outbox::body(line.delivery)?.delete(world.kv()).await?;
    }
    log.delete(world.kv()).await?;
    log_of_answers(endpoint)?.delete(world.kv()).await
}

/// A signed request to an endpoint, or why there can be none.
pub(super) async fn signed<W: World>(
    world: &W,
    endpoint: &Endpoint,
    id: &str,
    body: String,
) -> Result<Result<OutgoingRequest, String>, Refusal> {
    let now = world.clock().now();
    let secrets = match endpoint.secrets(world, now).await {
        Ok(secrets) => secrets,
        Err(Refusal::NeedsAuthentication) => return Ok(Err("the secret was sealed elsewhere".to_owned())),
        Err(e) => return Err(e),
    };
    // What was allowed when it was typed may not be any more.
    let typed = endpoint.setup.address.url().as_str();
    let address = match Address::parse(typed, endpoint::is_open(world).await?) {
        Ok(address) => address,
        Err(e) => return Ok(Err(e.to_string())),
    };
    let seconds = now.0.div_euclid(1000);
    let signatures: Vec<String> =
        secrets.iter().filter_map(|s| signature::sign(s, id, seconds, body.as_bytes())).collect();
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    for (name, value) in [
        ("webhook-id", id.to_owned()),
        ("webhook-timestamp", seconds.to_string()),
        ("webhook-signature", signatures.join(" ")),
    ] {
        let Ok(value) = HeaderValue::from_str(&value) else {
            return Ok(Err(format!("the header {name} cannot be written")));
        };
        headers.insert(name, value);
    }
    Ok(Ok(OutgoingRequest {
        method: Method::POST,
        url: address.url().clone(),
        headers,
        body: Bytes::from(body),
        time_limit: TIME_LIMIT,
        max_answer: 0,
    }))
}

/// Writes down what came of a claim, with the attempt if there was one.
async fn close<W: World>(
    world: &W,
    delivery: DeliveryId,
    claim: u64,
    outcome: Outcome,
    attempted: Option<Attempted<'_>>,
) -> Result<(), StoreError> {
    let fact = (format!("{delivery}-{claim}"), Fact::Attempt { delivery, claim, outcome });
    write(world, vec![fact], attempted).await
}

async fn write<W: World>(
    world: &W,
    facts: Vec<(String, Fact)>,
    attempted: Option<Attempted<'_>>,
) -> Result<(), StoreError> {
    let mut commit = Commit::by(Actor::System("webhooks".into()));
    commit.append::<Outbox>(&outbox::journal()?, None, facts);
    let unused = match attempted {
        Some(attempted) => note(world, &mut commit, attempted).await?,
        None => Vec::new(),
    };
    commit.run(world).await?;
    clear(world, unused).await
}

/// Notes an attempt in a commit: the line of the endpoint's log, and the endpoint's end if it has said so. Gives the
/// deliveries that nobody can ask for any more once the commit is run, so that what they would have sent can be deleted.
pub(crate) async fn note<W: World>(
    world: &W,
    commit: &mut Commit<'_>,
    attempted: Attempted<'_>,
) -> Result<Vec<DeliveryId>, StoreError> {
    let Attempted { endpoint, line, gone } = attempted;
    let record = if line.can_go_again() { log(endpoint.id)? } else { log_of_answers(endpoint.id)? };
    let mut lines = match record.get(world.kv()).await {
        Ok(lines) => lines.unwrap_or_default().lines,
        // What came of an attempt must be written down, whatever has become of the log.
        Err(e @ StoreError::Corrupt { .. }) => {
            world.log().write(Level::Error, &e.to_string());
            Vec::new()
        }
        Err(e) => return Err(e),
    };
    lines.insert(0, line);
    // What has left the log can be asked for by nobody; what still waits is needed.
    let left = lines.split_off(lines.len().min(LINES));
    let is_shown = |d: DeliveryId| lines.iter().any(|l| l.delivery == d);
    let unused = left
        .into_iter()
        .filter(|l| l.settled && l.can_go_again() && !is_shown(l.delivery))
        .map(|l| l.delivery)
        .collect();
    commit.also(record.pair(&Lines { lines })?);
    if gone {
        let id = format!("{}-gone-{:016x}", endpoint.id, world.random().u64());
        commit.append(&endpoint::journal()?, None, vec![(id, endpoint::Fact::Gone { id: endpoint.id })]);
    }
    Ok(unused)
}

/// Deletes what deliveries would have sent that nobody can ask for any more.
pub(crate) async fn clear<W: World>(world: &W, unused: Vec<DeliveryId>) -> Result<(), StoreError> {
    for delivery in unused {
        outbox::body(delivery)?.delete(world.kv()).await?;
    }
    Ok(())
}

/// Puts a message for trying into the outbox of an endpoint, whatever it listens to. The next tick sends it.
///
/// # Errors
/// [`Refusal::NotFound`]; [`Refusal::Field`] if the endpoint is not told of anything; the store's.
pub async fn test<W: World>(
    world: &W,
    company: CompanyId,
    actor: Actor,
    id: WebhookId,
) -> Result<DeliveryId, Refusal> {
    active(world, company, id).await?;
    let now = world.clock().now();
    let delivery = DeliveryId::from_random(crate::desk::random_bits(world.random()));
    let body = feed::payload("test", now, &json!({ "message": "Test" }));
    let fact = Fact::Due { delivery, endpoint: id, company, kind: "test".to_owned(), due: now };
    let mut commit = Commit::by(actor);
    commit.also(outbox::body(delivery)?.pair(&body)?);
    commit.append::<Outbox>(&outbox::journal()?, None, vec![(delivery.to_string(), fact)]);
    commit.run(world).await?;
    Ok(delivery)
}

async fn active<W: World>(world: &W, company: CompanyId, id: WebhookId) -> Result<Endpoint, Refusal> {
    let endpoint = endpoint::one(world, company, id).await?;
    if endpoint.is_active() {
        Ok(endpoint)
    } else {
        Err(Refusal::Field { field: "active", key: "endpoint-off" })
    }
}

/// Sends a message of the log once more, under its id. The plan of attempts begins anew.
///
/// # Errors
/// [`Refusal::NotFound`] if the log does not name it, or whom it is about was erased; [`Refusal::Field`] if the endpoint is not told of anything; the store's.
pub async fn again<W: World>(
    world: &W,
    company: CompanyId,
    actor: Actor,
    id: WebhookId,
    delivery: DeliveryId,
) -> Result<(), Refusal> {
    active(world, company, id).await?;
    let lines = log(id)?.get(world.kv()).await?.unwrap_or_default().lines;
    let line = lines.into_iter().find(|l| l.delivery == delivery).ok_or(Refusal::NotFound("delivery"))?;
    if outbox::body(delivery)?.get(world.kv()).await?.is_none() {
        return Err(Refusal::NotFound("delivery"));
    }
    let claims = names::webhook_delivery(delivery)?.taken(world.kv()).await?;
    let due = world.clock().now();
    let fact = Fact::Again { delivery, endpoint: id, company, kind: line.kind, claims, due };
    let mut commit = Commit::by(actor);
    let fact_id = format!("{delivery}-again-{:016x}", world.random().u64());
    commit.append::<Outbox>(&outbox::journal()?, None, vec![(fact_id, fact)]);
    commit.run(world).await?;
    Ok(())
}

/// How many messages wait for each of a company's endpoints.
///
/// # Errors
/// The store's.
pub async fn waiting<W: World>(world: &W) -> Result<Outbox, StoreError> {
    Ok(outbox::journal()?.read(world.kv(), world.clock()).await?.state)
}
