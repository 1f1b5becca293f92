//! What a consultant does with words: answers, comments, takes back, decides about what failed (H15, H16).

use crate::error::Refusal;
use crate::outbox::{self, Outbox, Pending};
use crate::ticket::{Decision, Fact, Outcome, OutgoingFile, ReplyState, Ticket};
use crate::webhooks::answer;
use crate::whole::Whole;
use crate::{automatic, customer, front, intake, list, names, policy, sending, sla, snooze};
use bytes::Bytes;
use mostek_domain::attachment::{content_type, safe_file_name};
use mostek_domain::marketplace::ReplyTo;
use mostek_domain::ticket::{Status, StatusError};
use mostek_domain::{
    AttachmentLimits, CategoryId, CompanyId, EmployeeId, MessageId, QueueId, ReplyBody, ReplyId, TicketId,
    Timestamp,
};
use mostek_ports::{Clock, Level, Log, Random, World};
use mostek_store::{Actor, Blob, Commit, Reading};
use std::time::Duration;

/// Characters in a comment at most.
pub const COMMENT_CHARS: usize = 20_000;

/// Who writes.
#[derive(Debug, Clone)]
pub struct Author {
    /// Their id.
    pub id: EmployeeId,
    /// Their name.
    pub name: String,
}

impl Author {
    pub(crate) fn actor(&self) -> Actor {
        Actor::Employee(self.id.to_string())
    }
}

/// A reply as it was typed.
#[derive(Debug, Clone)]
pub struct NewReply {
    /// The text.
    pub text: String,
    /// Whom it goes to.
    pub to: ReplyTo,
    /// Files: name as given, bytes.
    pub files: Vec<(String, Bytes)>,
    /// Which of the conversations that can be answered in the ticket; `None`: where somebody waits, see
    /// [`front::conversation_of`].
    pub conversation: Option<TicketId>,
    /// Made with the form: the same key again is the same reply (a double click, a repeated request).
    pub key: String,
}

/// The company's rules for replies.
#[derive(Debug, Clone)]
pub struct Rules {
    /// How long a reply can be taken back.
    pub undo: Duration,
    /// How much may be attached.
    pub limits: AttachmentLimits,
    /// Put under every reply.
    pub footer: Option<String>,
}

/// A company's ticket.
///
/// # Errors
/// [`Refusal::NotFound`] if the company has none of this id; the store's.
pub async fn of_company<W: World>(
    world: &W,
    company: CompanyId,
    id: TicketId,
) -> Result<Reading<Ticket>, Refusal> {
    let reading = Ticket::journal(id)?.read(world.kv(), world.clock()).await?;
    if reading.state.opened.as_ref().is_some_and(|o| o.company == company) {
        Ok(reading)
    } else {
        Err(Refusal::NotFound("ticket"))
    }
}

/// The id of the reply that a ticket's form with this key writes into a conversation.
pub(crate) fn reply_id(ticket: TicketId, conversation: TicketId, key: &str) -> ReplyId {
    if ticket == conversation {
        return ReplyId::deterministic(&[&conversation.to_bytes(), key.as_bytes()]);
    }
    // The same key in two tickets is no repetition, even where one is worked on in the other.
    ReplyId::deterministic(&[&conversation.to_bytes(), &ticket.to_bytes(), key.as_bytes()])
}

/// Writes a reply down; it leaves when its time to be taken back is over, at once if there is none.
///
/// # Errors
/// [`Refusal::Reply`], [`Refusal::Attachment`] with the numbers, [`Refusal::NotFound`]; [`Refusal::Field`] if there is no way
/// back to where the ticket came from; the store's, after which sending the same form again is safe.
pub async fn reply<W: World>(
    world: &W,
    company: CompanyId,
    ticket: TicketId,
    author: &Author,
    new: NewReply,
    rules: &Rules,
) -> Result<ReplyId, Refusal> {
    let text = match rules.footer.as_deref().map(str::trim).filter(|f| !f.is_empty()) {
        Some(footer) => {
            // The text itself must be long enough without its footer.
            ReplyBody::parse(&new.text)?;
            format!("{}\n\n{footer}", new.text.trim_end())
        }
        None => new.text,
    };
    let body = ReplyBody::parse(&text)?;
    let (conversation, reading) = match new.conversation {
        Some(conversation) => front::chosen(world, company, ticket, conversation).await?,
        None => front::conversation_of(world, company, ticket, &new.key).await?,
    };
    let id = reply_id(ticket, conversation, &new.key);
    let ticket = conversation;
    if reading.state.reply(id).is_some() {
        return Ok(id);
    }
    let at_marketplace = is_at_marketplace(world, &reading).await?;
    if !at_marketplace {
        let source =
            reading.state.opened.as_ref().map(|o| o.connection).ok_or(Refusal::NotFound("ticket"))?;
        // Better said now than after the reply has been written down.
        if answer::way(world, company, source).await?.is_none() {
            return Err(Refusal::Field { field: "text", key: "connection-gone" });
        }
        if !new.files.is_empty() {
            return Err(Refusal::Field { field: "files", key: "answer-without-files" });
        }
    }
    let sizes: Vec<u64> = new.files.iter().map(|(_, b)| b.len() as u64).collect();
    let mut used = reading.state.attached();
    if !sizes.is_empty() {
        used.order_files = order_files(world, ticket, &reading.state).await?;
    }
    rules.limits.check(used, &sizes)?;
    let mut files = Vec::with_capacity(new.files.len());
    for (name, bytes) in &new.files {
        let name = safe_file_name(name);
        let content_type = content_type(&name, bytes.get(..bytes.len().min(512)).unwrap_or(&[])).to_owned();
        let blob_id = format!("{id}-{:016x}", world.random().u64());
        files.push(OutgoingFile {
            name,
            content_type,
            blob: Blob::write(world.kv(), &blob_id, bytes).await?,
        });
    }
    let due = world.clock().now().plus(rules.undo);
    let fact = Fact::Reply {
        id,
        author: author.name.clone(),
        to: new.to,
        // The digest keeps a form that is sent again with another text from overwriting this one's bytes.
        text: intake::text(world, &format!("{id}-{}", names::short(body.as_str())), body.as_str()).await?,
        digest: intake::digest(body.as_str()),
        files,
        due,
        automatic: None,
    };
    let mut commit = Commit::by(author.actor());
    let row = list::record(
        &mut commit,
        company,
        ticket,
        &reading,
        vec![(id.to_string(), fact)],
        world.clock().now(),
    )?;
    let pending = outbox::Fact::Due { reply: id, pending: Pending { company, ticket, due, slot: 0 } };
    let mut due_now = vec![(id.to_string(), pending)];
    // A person answers: automatic replies that still wait are looked at, and given up, without waiting for their moment.
    for waiting in reading.state.replies.iter().filter(|r| automatic::gives_way(r)) {
        let pending = Pending { company, ticket, due: world.clock().now(), slot: 0 };
        let fact = outbox::Fact::Due { reply: waiting.id, pending };
        due_now.push((format!("{id}-{}", waiting.id), fact));
    }
    commit.append::<Outbox>(&outbox::journal()?, None, due_now);
    let done = commit.run(world).await?;
    list::settle_row(world, company, ticket, &reading, 1, done.slot(row, 0)).await;
    if rules.undo.is_zero() && at_marketplace {
        at_once(world, ticket, id).await;
    }
    Ok(id)
}

/// Files that are attached for a conversation's order: its own, and those of conversations about the same order that are worked
/// on in the same ticket. Of others nobody knows here.
async fn order_files<W: World>(world: &W, id: TicketId, conversation: &Ticket) -> Result<u32, Refusal> {
    let order = |t: &Ticket| t.opened.as_ref().and_then(|o| Some((o.connection, o.order.clone()?)));
    let own = conversation.attached().order_files;
    if order(conversation).is_none() {
        return Ok(own);
    }
    let whole = Whole::read(world, conversation.front().unwrap_or(id)).await?;
    let others =
        whole.answerable().into_iter().filter(|(of, t)| *of != id && order(t) == order(conversation));
    Ok(others.fold(own, |sum, (_, t)| sum.saturating_add(t.attached().order_files)))
}

/// Whether a ticket's replies go to a marketplace. If not, only the timer may send them: it alone may call shops' own addresses.
async fn is_at_marketplace<W: World>(world: &W, reading: &Reading<Ticket>) -> Result<bool, Refusal> {
    let connections = crate::connection::read(world).await?.state.all;
    Ok(reading.state.opened.as_ref().is_some_and(|o| connections.contains_key(&o.connection)))
}

/// Attends to a reply without waiting for the timer; what goes wrong here is the timer's to repeat.
async fn at_once<W: World>(world: &W, ticket: TicketId, reply: ReplyId) {
    if let Err(e) = sending::attempt(world, ticket, reply, None).await {
        world.log().write(Level::Warning, &format!("a reply is left to the timer: {e}"));
    }
}

/// Writes a comment that never leaves the hub.
///
/// # Errors
/// [`Refusal::TooLong`], [`Refusal::Field`] if it is empty, [`Refusal::NotFound`]; the store's.
pub async fn comment<W: World>(
    world: &W,
    company: CompanyId,
    ticket: TicketId,
    author: &Author,
    text: &str,
    key: &str,
) -> Result<MessageId, Refusal> {
    let body = mostek_domain::MessageBody::from_employee(text);
    let text = body.as_str().trim();
    if text.is_empty() {
        return Err(Refusal::Field { field: "text", key: "comment-empty" });
    }
    if text.chars().count() > COMMENT_CHARS {
        return Err(Refusal::TooLong { limit: COMMENT_CHARS });
    }
    let reading = of_company(world, company, ticket).await?;
    let id = MessageId::deterministic(&[&ticket.to_bytes(), key.as_bytes()]);
    let fact = Fact::Comment {
        id,
        author: author.name.clone(),
        text: intake::text(world, &format!("{id}-{}", names::short(text)), text).await?,
    };
    let mut commit = Commit::by(author.actor());
    let row = list::record(
        &mut commit,
        company,
        ticket,
        &reading,
        vec![(id.to_string(), fact)],
        world.clock().now(),
    )?;
    let done = commit.run(world).await?;
    list::settle_row(world, company, ticket, &reading, 1, done.slot(row, 0)).await;
    Ok(id)
}

/// Takes a claim for a person's decision; the number must be the one after all that are closed.
async fn claim_for<W: World>(
    world: &W,
    reading: &Reading<Ticket>,
    reply: ReplyId,
    taken: u64,
) -> Result<Result<u64, u64>, Refusal> {
    let claim = names::reply(reply)?;
    let closed = reading.state.reply(reply).map(|r| r.closed.clone()).unwrap_or_default();
    if !(1..=taken).all(|k| closed.contains(&k)) {
        return Err(Refusal::Changed);
    }
    let mine = claim.take(world.kv()).await?;
    Ok(if mine == taken.saturating_add(1) { Ok(mine) } else { Err(mine) })
}

async fn taken<W: World>(world: &W, reply: ReplyId) -> Result<u64, Refusal> {
    Ok(names::reply(reply)?.taken(world.kv()).await?)
}

async fn finish<W: World>(
    world: &W,
    company: CompanyId,
    ticket: TicketId,
    author: &Author,
    reading: &Reading<Ticket>,
    fact: (String, Fact),
    outbox: outbox::Fact,
) -> Result<(), Refusal> {
    let mut commit = Commit::by(author.actor());
    let id = fact.0.clone();
    let row = list::record(&mut commit, company, ticket, reading, vec![fact], world.clock().now())?;
    commit.append::<Outbox>(&outbox::journal()?, None, vec![(id, outbox)]);
    let done = commit.run(world).await?;
    list::settle_row(world, company, ticket, reading, 1, done.slot(row, 0)).await;
    Ok(())
}

/// Takes a reply back. Of taking back and sending exactly one happens: both take a claim.
///
/// # Errors
/// [`Refusal::Changed`] if it is too late; [`Refusal::NotFound`]; the store's, after which the reply may still leave.
pub async fn undo<W: World>(
    world: &W,
    company: CompanyId,
    ticket: TicketId,
    author: &Author,
    reply: ReplyId,
) -> Result<(), Refusal> {
    let taken = taken(world, reply).await?;
    let ticket = front::holder(world, company, ticket, reply).await?;
    let reading = of_company(world, company, ticket).await?;
    let known = reading.state.reply(reply).ok_or(Refusal::NotFound("reply"))?;
    if known.state == ReplyState::Dropped {
        return Ok(());
    }
    if known.state != ReplyState::Waiting {
        return Err(Refusal::Changed);
    }
    match claim_for(world, &reading, reply, taken).await? {
        Ok(claim) => {
            let fact = (format!("{reply}-{claim}"), Fact::Undone { reply, claim });
            finish(
                world,
                company,
                ticket,
                author,
                &reading,
                fact,
                outbox::Fact::Settled { reply, upto: None },
            )
            .await
        }
        Err(claim) => {
            release(world, company, ticket, author, &reading, reply, claim).await?;
            Err(Refusal::Changed)
        }
    }
}

/// A claim that came too late is closed, so that nobody has to wait it out.
async fn release<W: World>(
    world: &W,
    company: CompanyId,
    ticket: TicketId,
    author: &Author,
    reading: &Reading<Ticket>,
    reply: ReplyId,
    claim: u64,
) -> Result<(), Refusal> {
    let due = reading.state.reply(reply).map_or_else(|| world.clock().now(), |r| r.due);
    let fact = (format!("{reply}-{claim}"), Fact::Attempt { reply, claim, outcome: Outcome::Released });
    let outbox = outbox::Fact::Due { reply, pending: Pending { company, ticket, due, slot: 0 } };
    finish(world, company, ticket, author, reading, fact, outbox).await
}

/// Decides about a reply that failed or is uncertain.
///
/// # Errors
/// [`Refusal::Changed`] if it is neither any more, or somebody else was faster; [`Refusal::NotFound`]; the store's.
pub async fn decide<W: World>(
    world: &W,
    company: CompanyId,
    ticket: TicketId,
    author: &Author,
    reply: ReplyId,
    decision: Decision,
) -> Result<(), Refusal> {
    let taken = taken(world, reply).await?;
    let ticket = front::holder(world, company, ticket, reply).await?;
    let reading = of_company(world, company, ticket).await?;
    let known = reading.state.reply(reply).ok_or(Refusal::NotFound("reply"))?;
    if !known.state.needs_decision() {
        return Err(Refusal::Changed);
    }
    let open: Vec<u64> = (1..=taken).filter(|k| !known.closed.contains(k)).collect();
    if !open.is_empty() {
        sending::close_open(world, ticket, company, reply, &open).await?;
        return Err(Refusal::Changed);
    }
    match claim_for(world, &reading, reply, taken).await? {
        Ok(claim) => {
            let due = world.clock().now();
            let fact = (format!("{reply}-{claim}"), Fact::Decided { reply, claim, decision, due });
            let outbox = match decision {
                Decision::Send => {
                    outbox::Fact::Due { reply, pending: Pending { company, ticket, due, slot: 0 } }
                }
                Decision::WasSent | Decision::Drop => outbox::Fact::Settled { reply, upto: None },
            };
            finish(world, company, ticket, author, &reading, fact, outbox).await?;
            if decision == Decision::Send && is_at_marketplace(world, &reading).await? {
                at_once(world, ticket, reply).await;
            }
            Ok(())
        }
        Err(claim) => {
            release(world, company, ticket, author, &reading, reply, claim).await?;
            Err(Refusal::Changed)
        }
    }
}

/// What a person saw of a ticket before they acted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// Its page, which had this version.
    Version(u64),
    /// Its row in the list, which had this digest.
    Row(String),
}

impl Seen {
    /// Whether the ticket may hold words that the person has not read. A row does not say which messages it is about, so any
    /// other row than the one that was seen counts.
    #[must_use]
    pub fn may_miss_words(&self, id: TicketId, ticket: &Ticket) -> bool {
        match self {
            Self::Version(seen) => {
                ticket.items.iter().any(|i| i.slot > *seen && i.kind.is_from_outside())
                    || ticket.carried_from_outside_after(*seen)
            }
            Self::Row(digest) => list::summary(id, ticket).is_none_or(|row| row.digest() != *digest),
        }
    }
}

/// Sets a ticket's status by hand. `seen` is what the person saw of it: what they have not read they can neither close nor put
/// aside.
///
/// # Errors
/// [`Refusal::Changed`] if something came since `seen` and the ticket would be closed or put aside; [`Refusal::Status`], [`Refusal::NotFound`]; the store's.
pub async fn set_status<W: World>(
    world: &W,
    company: CompanyId,
    ticket: TicketId,
    author: &Author,
    wanted: Status,
    seen: Option<Seen>,
) -> Result<(), Refusal> {
    let reading = of_company(world, company, ticket).await?;
    if wanted.is_out_of_sight() && seen.is_some_and(|s| s.may_miss_words(ticket, &reading.state)) {
        return Err(Refusal::Changed);
    }
    if reading.state.front().is_some() {
        return Err(StatusError::IsMerged.into());
    }
    let status = reading.state.status.set_by_hand(ticket, wanted, world.clock().now())?;
    let alarm = match status {
        Status::Snoozed { until } => Some(until),
        _ => None,
    };
    act(world, company, ticket, author, &reading, Fact::Status { status }, alarm).await
}

/// Gives a ticket to an employee, or takes it from whoever has it. Whether the employee may have it is for the caller to know.
///
/// # Errors
/// [`Refusal::NotFound`]; the store's.
pub async fn assign<W: World>(
    world: &W,
    company: CompanyId,
    ticket: TicketId,
    author: &Author,
    employee: Option<EmployeeId>,
) -> Result<(), Refusal> {
    let reading = of_company(world, company, ticket).await?;
    if reading.state.assignee() == employee {
        return Ok(());
    }
    act(world, company, ticket, author, &reading, Fact::Assigned { employee }, None).await
}

/// Moves a ticket to another queue and category.
///
/// # Errors
/// [`Refusal::NotFound`]; the store's.
pub async fn move_to<W: World>(
    world: &W,
    company: CompanyId,
    ticket: TicketId,
    author: &Author,
    queue: QueueId,
    category: Option<CategoryId>,
) -> Result<(), Refusal> {
    let desk = crate::desk::read(world, company).await?.state;
    if !desk.queues.iter().any(|q| q.id == queue) {
        return Err(Refusal::NotFound("queue"));
    }
    if category.is_some_and(|c| !desk.categories.iter().any(|k| k.id == c)) {
        return Err(Refusal::NotFound("category"));
    }
    let reading = of_company(world, company, ticket).await?;
    let policy = policy::read(world, company).await?.state;
    let moved = Fact::Moved { queue, category };
    let after =
        list::after(&reading.state, reading.upto(), &[(String::new(), moved.clone())], world.clock().now());
    // Another queue has other deadlines.
    let facts = [Some(moved), sla::fact(&reading.state, &after, &policy, false)];
    act_all(world, company, ticket, author, &reading, facts.into_iter().flatten().collect(), None).await
}

/// Notes that a record was made from this ticket (H10).
///
/// # Errors
/// [`Refusal::Changed`] if the ticket has a record already: it cannot be given another; [`Refusal::NotFound`]; the store's.
pub async fn link<W: World>(
    world: &W,
    company: CompanyId,
    ticket: TicketId,
    author: &Author,
    record: mostek_domain::CustomerId,
) -> Result<(), Refusal> {
    crate::customer::of_company(world, company, record).await?;
    let reading = of_company(world, company, ticket).await?;
    if reading.state.record().is_some() {
        return Err(Refusal::Changed);
    }
    let Some(link) = customer::tickets::link(ticket, &reading.state) else {
        return Err(Refusal::NotFound("ticket"));
    };
    let mut commit = Commit::by(author.actor());
    customer::tickets::note(&mut commit, record, vec![link])?;
    let fact = (format!("{:016x}", world.random().u64()), Fact::Linked { record });
    let row = list::record(&mut commit, company, ticket, &reading, vec![fact], world.clock().now())?;
    let done = commit.run(world).await?;
    list::settle_row(world, company, ticket, &reading, 1, done.slot(row, 0)).await;
    Ok(())
}

/// Writes a fact about a ticket, with an alarm if it is put aside until a moment.
pub(crate) async fn act<W: World>(
    world: &W,
    company: CompanyId,
    ticket: TicketId,
    author: &Author,
    reading: &Reading<Ticket>,
    fact: Fact,
    alarm: Option<Timestamp>,
) -> Result<(), Refusal> {
    act_all(world, company, ticket, author, reading, vec![fact], alarm).await
}

/// Writes facts about a ticket as one act, like [`act`].
async fn act_all<W: World>(
    world: &W,
    company: CompanyId,
    ticket: TicketId,
    author: &Author,
    reading: &Reading<Ticket>,
    facts: Vec<Fact>,
    alarm: Option<Timestamp>,
) -> Result<(), Refusal> {
    let mut commit = Commit::by(author.actor());
    let id = format!("{:016x}", world.random().u64());
    if let Some(until) = alarm {
        snooze::set(&mut commit, &id, ticket, company, until)?;
    }
    let count = facts.len() as u64;
    let facts = facts.into_iter().enumerate().map(|(n, fact)| (format!("{id}-{n}"), fact)).collect();
    let row = list::record(&mut commit, company, ticket, reading, facts, world.clock().now())?;
    let done = commit.run(world).await?;
    list::settle_row(world, company, ticket, reading, count, done.slot(row, 0)).await;
    Ok(())
}
