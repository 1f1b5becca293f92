//! Automations (H18): the timer goes through the open tickets and does to those that match what an administrator set.
//!
//! A pass goes through the list in slices, from the latest ticket to the oldest, and the next one begins [`PAUSE`] after it.
//! On each ticket the first automation acts that matches and has not acted on this conversation yet: until somebody writes or
//! answers again it does not act there a second time, whatever it changed itself. What it does is one commit with one event
//! that says so, and an entry in the audit journal; ids are computed, so two timers at once do it once.

use crate::error::Refusal;
use crate::filled::Unsaid;
use crate::list::{self, Summary, Wanted};
use crate::marks;
use crate::outbox::{self, Outbox, Pending};
use crate::policy::{Occasion, Policy};
use crate::routine::{self, Automation, Conditions, Step};
use crate::sla;
use crate::ticket::{Automatic, Fact, ItemKind, Ticket};
use crate::whole::Whole;
use crate::{automatic, desk, filled, intake, names, rota};
use mostek_domain::marketplace::ReplyTo;
use mostek_domain::ticket::{Status, StatusKind};
use mostek_domain::{CompanyId, MessageId, ReplyBody, ReplyId, TicketId, Timestamp};
use mostek_people::audit::{self, Act, Scope};
use mostek_people::directory::Directory;
use mostek_ports::{Clock, Level, Log, StoreError, World};
use mostek_store::{Actor, Commit, Reading, Record};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Between the end of a pass and the beginning of the next.
pub const PAUSE: Duration = Duration::from_secs(300);
/// Pages of the list that one tick goes through at most.
const PAGES: usize = 4;
/// Pages that a preview goes through at most.
const PREVIEW_PAGES: usize = 20;
/// Tickets that a preview shows.
pub const PREVIEW: usize = 50;

/// How far a pass is. A record: an older value that comes back only makes the timer look at tickets again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Progress {
    /// Goes on below this slot of the list; `None`: at its top.
    before: Option<u64>,
    /// Not before this.
    due: Timestamp,
}

fn progress(company: CompanyId) -> Result<Record<Progress>, StoreError> {
    names::ours(Record::new("automations", &company.to_string()))
}

impl Conditions {
    /// What the list can filter by.
    fn wanted(&self) -> Wanted {
        let statuses: Vec<StatusKind> = StatusKind::OPEN
            .into_iter()
            .filter(|s| self.statuses.is_empty() || self.statuses.contains(s))
            .collect();
        Wanted {
            statuses,
            queue: self.queue,
            category: self.category,
            source: self.source.clone(),
            priority: self.priority,
            ..Wanted::default()
        }
    }

    /// Whether a ticket matches at a moment.
    #[must_use]
    pub fn match_ticket(&self, whole: &Whole, now: Timestamp) -> bool {
        let ticket = &whole.ticket.state;
        let Some(opened) = &ticket.opened else { return false };
        let kind = ticket.status.kind();
        let old = |hours: Option<u32>, since: &dyn Fn() -> Option<Timestamp>| {
            hours.is_none_or(|h| {
                since().is_some_and(|s| now.since(s) >= Duration::from_secs(u64::from(h) * 3600))
            })
        };
        StatusKind::OPEN.contains(&kind)
            && (self.statuses.is_empty() || self.statuses.contains(&kind))
            && self.queue.is_none_or(|q| ticket.queue() == Some(q))
            && self.category.is_none_or(|c| ticket.category() == Some(c))
            && self.source.as_ref().is_none_or(|s| *s == opened.source)
            && self.priority.is_none_or(|p| ticket.priority() == p)
            && self.tag.is_none_or(|id| ticket.tags().iter().any(|t| t.id == id))
            && old(self.customer_silent, &|| whole.last(ItemKind::Customer))
            && old(self.answered_before, &|| whole.last_answer())
            && old(self.opened_before, &|| whole.began())
    }

    /// Whether a row may be of a ticket that matches.
    fn may_match(&self, row: &Summary) -> bool {
        (self.statuses.is_empty() || self.statuses.contains(&row.status))
            && self.queue.is_none_or(|q| row.queue == q)
            && self.category.is_none_or(|c| row.category == Some(c))
            && self.source.as_ref().is_none_or(|s| *s == row.source)
            && self.priority.is_none_or(|p| row.priority == p)
            && self.tag.is_none_or(|id| row.tags.iter().any(|t| t.id == id))
    }
}

/// The tickets that match now, the latest [`PREVIEW`] of them, and whether all tickets were looked at.
///
/// # Errors
/// The store's.
pub async fn preview<W: World>(
    world: &W,
    company: CompanyId,
    conditions: &Conditions,
) -> Result<(Vec<Summary>, bool), StoreError> {
    let wanted = conditions.wanted();
    let now = world.clock().now();
    let mut found = Vec::new();
    let mut before = None;
    // No open status is wanted: then none matches, and an empty filter would be any.
    if wanted.statuses.is_empty() {
        return Ok((found, true));
    }
    for _ in 0..PREVIEW_PAGES {
        let page = list::rows(world, company, &wanted, before).await?;
        for (_, row) in page.rows {
            let whole = Whole::read(world, row.id).await?;
            if conditions.match_ticket(&whole, now) {
                found.push(row);
                if found.len() >= PREVIEW {
                    return Ok((found, false));
                }
            }
        }
        before = page.next;
        if before.is_none() {
            return Ok((found, true));
        }
    }
    Ok((found, false))
}

/// Goes on with the pass through a company's open tickets. Two round trips if there are no automations. Gives on how many
/// tickets one acted.
///
/// # Errors
/// The store's; a ticket that cannot be acted on is logged and looked at by the next pass.
pub async fn run<W: World>(
    world: &W,
    company: CompanyId,
    policy: &Policy,
    directory: &Directory,
    until: Duration,
) -> Result<u64, Refusal> {
    let routines = routine::read(world, company).await?.state;
    let on: Vec<&Automation> = routines.automations.iter().filter(|a| a.on).collect();
    if on.is_empty() {
        return Ok(0);
    }
    let record = progress(company)?;
    let mut at = record.get(world.kv()).await?.unwrap_or_default();
    if at.due > world.clock().now() {
        return Ok(0);
    }
    let wanted = Wanted { statuses: StatusKind::OPEN.to_vec(), ..Wanted::default() };
    let mut acted = 0;
    for _ in 0..PAGES {
        if world.clock().monotonic() >= until {
            break;
        }
        let page = list::rows(world, company, &wanted, at.before).await?;
        for (_, row) in page.rows {
            let some: Vec<&Automation> =
                on.iter().copied().filter(|a| a.conditions.may_match(&row)).collect();
            if some.is_empty() {
                continue;
            }
            match look(world, company, row.id, &some, policy, directory).await {
                Ok(did) => acted += u64::from(did),
                Err(e) => world
                    .log()
                    .write(Level::Error, &format!("ticket {} was not looked at by automations: {e}", row.id)),
            }
        }
        at.before = page.next;
        if at.before.is_none() {
            at.due = world.clock().now().plus(PAUSE);
            break;
        }
    }
    record.set(world.kv(), &at).await?;
    Ok(acted)
}

/// Looks at one ticket; whether an automation acted.
async fn look<W: World>(
    world: &W,
    company: CompanyId,
    id: TicketId,
    automations: &[&Automation],
    policy: &Policy,
    directory: &Directory,
) -> Result<bool, Refusal> {
    let whole = Whole::read(world, id).await?;
    let now = world.clock().now();
    let key = whole.key();
    for automation in automations {
        if whole.ticket.state.has_acted(automation.id, automation.version, &key)
            || !automation.conditions.match_ticket(&whole, now)
        {
            continue;
        }
        // The customer has just had one; the whole of it waits.
        let answers = automation.steps.iter().any(|s| matches!(s, Step::Reply { .. }));
        let recent = |(_, c): (TicketId, &Reading<Ticket>)| automatic::is_recent(&c.state, now);
        if answers && whole.conversation().is_some_and(recent) {
            continue;
        }
        match bodies(world, company, &whole, automation).await? {
            Ok(bodies) => act(world, company, &whole, automation, bodies, policy, directory).await?,
            // The steps after an answer rely on it: the ticket says why nothing is done.
            Err(unsaid) => leave(world, company, &whole, automation, unsaid).await?,
        }
        return Ok(true);
    }
    Ok(false)
}

/// What an automation's answers say, in the order of its steps; or why one of them cannot be sent.
async fn bodies<W: World>(
    world: &W,
    company: CompanyId,
    whole: &Whole,
    automation: &Automation,
) -> Result<Result<Vec<ReplyBody>, Unsaid>, Refusal> {
    let mut said = Vec::new();
    for step in &automation.steps {
        let Step::Reply { template } = step else { continue };
        let Some((_, conversation)) = whole.conversation() else { return Ok(Err(Unsaid::NoWay)) };
        let Some(opened) = &conversation.state.opened else { return Ok(Err(Unsaid::NoWay)) };
        let desk = desk::read(world, company).await?.state;
        let Some(template) = desk.templates.iter().find(|t| t.id == *template) else {
            return Ok(Err(Unsaid::Text));
        };
        let text = match filled::values(world, opened, None).await?.fill_whole(&template.text, None) {
            Ok(text) => text,
            Err(unsaid) => return Ok(Err(unsaid)),
        };
        match automatic::body(world, opened, &text).await? {
            Ok(body) => said.push(body),
            Err(unsaid) => return Ok(Err(unsaid)),
        }
    }
    Ok(Ok(said))
}

/// Writes down that an automation could do nothing. Like having acted: not again until somebody writes, or it is saved.
async fn leave<W: World>(
    world: &W,
    company: CompanyId,
    whole: &Whole,
    automation: &Automation,
    unsaid: Unsaid,
) -> Result<(), Refusal> {
    let key = whole.key();
    let fact_id = format!("{}-{}-{key}-unsaid", automation.id, automation.version);
    let done = Fact::Automated {
        automation: automation.id,
        version: automation.version,
        key,
        name: automation.name.to_string(),
        unsaid: Some(unsaid),
    };
    let mut commit = Commit::by(Actor::System("automation".into()));
    let facts = vec![(fact_id, done)];
    let row = list::record(&mut commit, company, whole.id, &whole.ticket, facts, world.clock().now())?;
    let done = commit.run(world).await?;
    list::settle_row(world, company, whole.id, &whole.ticket, 1, done.slot(row, 0)).await;
    Ok(())
}

async fn act<W: World>(
    world: &W,
    company: CompanyId,
    whole: &Whole,
    automation: &Automation,
    bodies: Vec<ReplyBody>,
    policy: &Policy,
    directory: &Directory,
) -> Result<(), Refusal> {
    let now = world.clock().now();
    let key = &whole.key();
    let (id, reading) = (whole.id, &whole.ticket);
    let state = &reading.state;
    let closes = automation.steps.contains(&Step::Status { status: StatusKind::Closed });
    let done = Fact::Automated {
        automation: automation.id,
        version: automation.version,
        key: key.to_owned(),
        name: automation.name.to_string(),
        unsaid: None,
    };
    let mut what = vec![done];
    let mut bodies = bodies.into_iter();
    // Replies, those of them that are written into another ticket's journal, and where each is.
    let (mut replies, mut elsewhere) = (Vec::new(), Vec::new());
    for (n, step) in automation.steps.iter().enumerate() {
        let seed = [
            &id.to_bytes()[..],
            b"automation",
            &automation.id.to_bytes(),
            &automation.version.to_be_bytes(),
            key.as_bytes(),
            &n.to_be_bytes(),
        ];
        match step {
            Step::Status { status } => {
                let wanted = match status {
                    StatusKind::New => Status::New,
                    StatusKind::InProgress => Status::InProgress,
                    StatusKind::WaitingForCustomer => Status::WaitingForCustomer,
                    StatusKind::Closed => Status::Closed { at: now },
                    StatusKind::Snoozed | StatusKind::Merged => continue,
                };
                if let Ok(status) = state.status.set_by_hand(id, wanted, now)
                    && status.kind() != state.status.kind()
                {
                    what.push(Fact::Status { status });
                }
            }
            Step::Move { queue, category } => {
                let to = (queue.or(state.queue()), category.or(state.category()));
                if let (Some(queue), category) = to
                    && to != (state.queue(), state.category())
                {
                    what.push(Fact::Moved { queue, category });
                }
            }
            Step::Assign { employee } => {
                let may = employee.is_none_or(|e| rota::may_have(directory, company, e));
                if may && *employee != state.assignee() {
                    what.push(Fact::Assigned { employee: *employee });
                }
            }
            Step::Priority { priority } => {
                if *priority != state.priority() {
                    what.push(Fact::Priority { priority: *priority });
                }
            }
            Step::Tags { add, remove } => {
                let desk = desk::read(world, company).await?.state;
                // More tags than a ticket may have are left; the other steps are done.
                what.extend(marks::tagged(&desk, state, add, remove).ok().flatten());
            }
            Step::Comment { text } => what.push(Fact::Comment {
                id: MessageId::deterministic(&seed),
                author: automation.name.to_string(),
                text: crate::ticket::Text::Inline(text.trim().to_owned()),
            }),
            Step::Reply { .. } => {
                let (Some((of, conversation)), Some(body)) = (whole.conversation(), bodies.next()) else {
                    continue;
                };
                let reply = ReplyId::deterministic(&seed);
                let blob = format!("{reply}-{}", names::short(body.as_str()));
                replies.push((reply, of, conversation));
                let fact = Fact::Reply {
                    id: reply,
                    author: automation.name.to_string(),
                    to: ReplyTo::Customer,
                    text: intake::text(world, &blob, body.as_str()).await?,
                    digest: intake::digest(body.as_str()),
                    files: Vec::new(),
                    due: now,
                    // It answers no message, so what is said from now on is what it gives way to.
                    automatic: Some(Automatic {
                        occasion: Occasion::Automation,
                        message: String::new(),
                        message_at: now,
                        closes,
                    }),
                };
                if of == id {
                    what.push(fact);
                } else {
                    elsewhere.push((reply.to_string(), fact));
                }
            }
            Step::Take | Step::Draft { .. } => {}
        }
    }
    let numbered = |what: Vec<Fact>| -> Vec<(String, Fact)> {
        let of = format!("{}-{}-{key}", automation.id, automation.version);
        what.into_iter().enumerate().map(|(n, fact)| (format!("{of}-{n}"), fact)).collect()
    };
    let after = list::after(state, reading.upto(), &numbered(what.clone()), now);
    what.extend(sla::fact(state, &after, policy, false));
    let facts = numbered(what);
    let count = facts.len() as u64;
    let mut commit = Commit::by(Actor::System("automation".into()));
    let row = list::record(&mut commit, company, id, reading, facts, now)?;
    let there = replies.iter().map(|(_, of, conversation)| (*of, *conversation)).find(|(of, _)| *of != id);
    let written_there = elsewhere.len() as u64;
    let row_there = match there {
        Some((of, conversation)) => {
            Some(list::record(&mut commit, company, of, conversation, elsewhere, now)?)
        }
        None => None,
    };
    let due: Vec<_> = replies
        .iter()
        .map(|(reply, of, _)| {
            let pending = Pending { company, ticket: *of, due: now, slot: 0 };
            (reply.to_string(), outbox::Fact::Due { reply: *reply, pending })
        })
        .collect();
    if !due.is_empty() {
        commit.append::<Outbox>(&outbox::journal()?, None, due);
    }
    let act = Act::new("automation-ran", "ticket", id).detail("name", &automation.name);
    audit::entry(world, &mut commit, Scope::Company(company), act)?;
    let done = commit.run(world).await?;
    list::settle_row(world, company, id, reading, count, done.slot(row, 0)).await;
    if let (Some((of, conversation)), Some(row)) = (there, row_there) {
        list::settle_row(world, company, of, conversation, written_there, done.slot(row, 0)).await;
    }
    Ok(())
}
