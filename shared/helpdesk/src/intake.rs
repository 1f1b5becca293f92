//! Conversations become tickets (H6, H7, H10): every message once, in order, whatever overlaps, repeats or runs twice.
//!
//! Each conversation's ticket has a computed id, each message its remote id; so taking in what is there already writes
//! nothing, and two pollers that take in the same thing at the same moment write it twice and it counts once.

use crate::connection::{Connection, Setup};
use crate::customer::record::{OrderLink, TicketLink};
use crate::customer::{self, Automatic, Details};
use crate::orders::Known;
use crate::ticket::{Fact, ItemKind, Opened, RemoteFile, StoredMessage, Text, Ticket, TicketCustomer};
use crate::{automatic, front, list, names, policy, sla, snooze};
use futures::future::join_all;
use mostek_domain::marketplace::{Message, Side, Thread};
use mostek_domain::text::{essence, snippet};
use mostek_domain::ticket::{Status, TicketRules};
use mostek_domain::{
    CompanyId, ConnectionId, CustomerId, EmailAddress, MessageId, PersonName, TicketId, TicketNumber,
    Timestamp,
};
use mostek_ports::{Clock, StoreError, World};
use mostek_store::commit::Ride;
use mostek_store::{Actor, Blob, Commit, Reading};
use std::collections::{BTreeMap, BTreeSet};
use url::Url;

/// Bytes of text that stay beside the fact; longer ones go to a blob.
const INLINE_TEXT: usize = 16_000;
/// Characters kept of a name that a marketplace sent.
const NAME_CHARS: usize = 120;
/// Files kept of one message (Mirakl allows 50 in all conversations about an order).
const FILES: usize = 50;
/// Bytes of messages per entry.
const ENTRY_BYTES: usize = 24_000;
/// Messages per entry.
const ENTRY_MESSAGES: usize = 100;
/// Conversations per commit.
const PER_COMMIT: usize = 50;
/// Entries of one conversation per commit: a very long one is taken in several.
const ENTRIES_PER_COMMIT: usize = 20;
/// Conversations read at the same time.
const CONCURRENT: usize = 32;

/// Where conversations come from, as far as taking them in needs to know it.
#[derive(Debug, Clone)]
pub struct Origin {
    /// The connection or other source.
    pub id: ConnectionId,
    /// Whose.
    pub company: CompanyId,
    /// What tickets call it.
    pub kind: String,
    /// Only conversations with a message after this are taken.
    pub since: Option<Timestamp>,
    /// The customer's e-mail address, where a source tells it.
    pub email: Option<EmailAddress>,
    /// The conversation's page, where a source tells it: http or https.
    pub link: Option<Url>,
    /// Pairs to be written together with what is taken in; see [`Commit::also`].
    pub rides: Vec<(String, Vec<u8>)>,
}

impl From<&Connection> for Origin {
    fn from(c: &Connection) -> Self {
        Self {
            id: c.id,
            company: c.company,
            kind: c.source(),
            since: c.since,
            email: None,
            link: None,
            rides: Vec::new(),
        }
    }
}

/// What was taken in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Taken {
    /// Messages that were not there before.
    pub messages: u64,
    /// Tickets that were opened.
    pub tickets: u64,
}

/// A conversation with what is known of it.
pub struct Conversation {
    /// The conversation.
    pub thread: Thread,
    /// Its ticket.
    pub id: TicketId,
    /// The ticket's state.
    pub reading: Reading<Ticket>,
}

/// Reads the tickets of conversations; those that are not to be taken (no message after the moment of switching on and
/// no ticket yet, H3) are left out.
///
/// # Errors
/// The store's.
pub async fn look_up<W: World>(
    world: &W,
    connection: &Origin,
    threads: Vec<Thread>,
) -> Result<Vec<Conversation>, StoreError> {
    let since = connection.since.unwrap_or_default();
    let mut seen = BTreeSet::new();
    let mut all = Vec::new();
    let threads: Vec<Thread> = threads.into_iter().filter(|t| seen.insert(t.id.clone())).collect();
    for some in threads.chunks(CONCURRENT) {
        let readings = join_all(some.iter().map(|t| async move {
            let id = TicketId::of_thread(connection.id, &t.id);
            Ok::<_, StoreError>((id, Ticket::journal(id)?.read(world.kv(), world.clock()).await?))
        }))
        .await;
        for (thread, reading) in some.iter().zip(readings) {
            let (id, reading) = reading?;
            if reading.state.opened.is_some() || thread.has_message_after(since) {
                all.push(Conversation { thread: thread.clone(), id, reading });
            }
        }
    }
    Ok(all)
}

impl Conversation {
    /// Messages that came along and are not in the ticket.
    #[must_use]
    pub fn new_messages(&self) -> Vec<&Message> {
        self.thread.messages.iter().filter(|m| !self.reading.state.knows(&m.id)).collect()
    }

    /// Whether the whole conversation has to be asked for: what came along and what is there are fewer than there are.
    #[must_use]
    pub fn is_missing_messages(&self, page_limit: usize) -> bool {
        if !self.thread.is_partial(page_limit) {
            return false;
        }
        let state = &self.reading.state;
        let there = state
            .items
            .iter()
            .filter(|i| {
                matches!(i.kind, ItemKind::Customer | ItemKind::Shop | ItemKind::Operator | ItemKind::Unknown)
            })
            .count();
        let sent = state
            .replies
            .iter()
            .filter(|r| matches!(r.state, crate::ticket::ReplyState::Sent { message: Some(_), .. }))
            .count();
        let have = there + sent + self.new_messages().len();
        self.thread.total_messages.is_none_or(|total| u64::from(total) > have as u64)
    }
}

async fn stored<W: World>(
    world: &W,
    connection: &Origin,
    m: &Message,
    now: Timestamp,
) -> Result<StoredMessage, StoreError> {
    let (body, left_out) = m.body.kept();
    let text = text(world, &MessageId::of_remote(connection.id, &m.id).to_string(), body).await?;
    Ok(StoredMessage {
        id: m.id.clone(),
        author: side(&m.author),
        name: snippet(m.author_name.as_deref().unwrap_or(""), NAME_CHARS),
        at: m.sent_at.unwrap_or(now),
        to: m.to.iter().take(10).map(|p| side(&p.side)).collect(),
        text,
        left_out,
        // Of the whole text: a reply of ours is longer when a marketplace gives it back with entities.
        digest: digest(m.body.as_str()),
        files: m
            .attachments
            .iter()
            .take(FILES)
            .map(|a| RemoteFile {
                id: a.id.clone(),
                name: a.name.as_deref().unwrap_or("").chars().take(NAME_CHARS).collect(),
                size: a.size.unwrap_or(0),
            })
            .collect(),
    })
}

/// A side, with the word of an unknown one cut to what is shown.
fn side(of: &Side) -> Side {
    match of {
        Side::Unknown(word) => Side::Unknown(word.chars().take(40).collect()),
        known => known.clone(),
    }
}

/// What two texts that are the same message have in common, in 128 bits.
#[must_use]
pub fn digest(text: &str) -> String {
    names::hash(&[essence(text).as_bytes()])
}

/// Keeps a text beside its fact, or in a blob of this id if it is long.
pub(crate) async fn text<W: World>(world: &W, blob_id: &str, body: &str) -> Result<Text, StoreError> {
    if body.len() <= INLINE_TEXT {
        return Ok(Text::Inline(body.to_owned()));
    }
    let blob = Blob::write(world.kv(), blob_id, body.as_bytes()).await?;
    Ok(Text::Stored { blob, snippet: snippet(body, 200) })
}

/// Groups messages into entries.
fn entries(messages: Vec<StoredMessage>, rules: TicketRules) -> Vec<(String, Fact)> {
    let mut groups: Vec<(usize, Vec<StoredMessage>)> = Vec::new();
    for m in messages {
        let bytes = serde_json::to_vec(&m).map_or(0, |b| b.len());
        match groups.last_mut() {
            Some((size, group)) if *size + bytes <= ENTRY_BYTES && group.len() < ENTRY_MESSAGES => {
                *size += bytes;
                group.push(m);
            }
            _ => groups.push((bytes, vec![m])),
        }
    }
    groups
        .into_iter()
        .map(|(_, messages)| {
            let ids: Vec<&[u8]> = messages.iter().map(|m| m.id.as_bytes()).collect();
            (names::hash(&ids), Fact::Messages { messages, rules })
        })
        .collect()
}

struct Plan {
    known: Conversation,
    facts: Vec<(String, Fact)>,
    automatic: Option<Automatic>,
    opens: bool,
    messages: u64,
    /// It may get an automatic reply.
    look: bool,
}

impl Plan {
    /// Whether what was just written may ask for a ticket that follows this one.
    fn may_want_successor(&self) -> bool {
        let state = &self.known.reading.state;
        matches!(state.status, Status::Closed { .. }) && state.front().is_none()
    }
}

/// Takes conversations in. `orders` are those that could be read; a ticket does without.
///
/// # Errors
/// The store's; what was written before stays, the rest is taken by the next poll.
pub async fn take<W: World>(
    world: &W,
    connection: &Origin,
    setup: &Setup,
    rules: TicketRules,
    threads: Vec<Conversation>,
    orders: &BTreeMap<String, Known>,
) -> Result<Taken, StoreError> {
    let mut taken = Taken::default();
    let mut plans = Vec::new();
    // Whoever took messages in and crashed has not told the ticket in which they are worked on.
    for known in &threads {
        let state = &known.reading.state;
        if known.new_messages().is_empty() && (state.front().is_some() || state.wants_successor()) {
            front::tell(world, connection.company, known.id).await?;
        }
    }
    let mut policy = None;
    for known in threads {
        if let Some(mut plan) = plan(world, connection, setup, rules, known, orders).await? {
            // Read once, and only when there is something to take in.
            let policy = match &policy {
                Some(policy) => policy,
                None => policy.insert(policy::read(world, connection.company).await?.state),
            };
            let now = world.clock().now();
            let reading = &plan.known.reading;
            let after = list::after(&reading.state, reading.upto(), &plan.facts, now);
            plan.look = automatic::may_answer(policy, connection.id, &after, &plan.facts, now);
            if let Some(deadline) = sla::fact(&reading.state, &after, policy, true) {
                let id = plan.facts.last().map_or_else(String::new, |(id, _)| format!("{id}-due"));
                plan.facts.push((id, deadline));
            }
            plans.push(plan);
        }
    }
    let (long, short): (Vec<Plan>, Vec<Plan>) =
        plans.into_iter().partition(|p| p.facts.len() > ENTRIES_PER_COMMIT);
    let mut short = short.into_iter().peekable();
    while short.peek().is_some() {
        let some: Vec<Plan> = short.by_ref().take(PER_COMMIT).collect();
        write(world, connection, some, orders, &mut taken).await?;
    }
    for mut plan in long {
        // A very long conversation: piece by piece, each with a fresh reading of the ticket.
        let mut rest = std::mem::take(&mut plan.facts);
        let mut automatic = plan.automatic.take();
        let (id, thread, mut opens, mut messages, look) =
            (plan.known.id, plan.known.thread, plan.opens, plan.messages, plan.look);
        while !rest.is_empty() {
            let some: Vec<_> = rest.drain(..rest.len().min(ENTRIES_PER_COMMIT)).collect();
            let reading = Ticket::journal(id)?.read(world.kv(), world.clock()).await?;
            let known = Conversation { thread: thread.clone(), id, reading };
            let piece = Plan { known, facts: some, automatic: automatic.take(), opens, messages, look };
            (opens, messages) = (false, 0);
            write(world, connection, vec![piece], orders, &mut taken).await?;
        }
    }
    Ok(taken)
}

async fn plan<W: World>(
    world: &W,
    connection: &Origin,
    setup: &Setup,
    rules: TicketRules,
    known: Conversation,
    orders: &BTreeMap<String, Known>,
) -> Result<Option<Plan>, StoreError> {
    let now = world.clock().now();
    let mut messages = Vec::new();
    for m in known.new_messages() {
        messages.push(stored(world, connection, m, now).await?);
    }
    if messages.is_empty() {
        return Ok(None);
    }
    messages.sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
    let count = messages.len() as u64;
    let opens = known.reading.state.opened.is_none();
    let mut facts = Vec::new();
    let mut automatic = None;
    if opens {
        let thread = &known.thread;
        let order = thread.orders.first().map(|o| o.id.clone());
        let party = thread.customer();
        let remote_id = party.and_then(|p| p.id.clone()).filter(|i| !i.trim().is_empty());
        let bought = order.as_ref().and_then(|o| orders.get(o)).map(|k| &k.order.customer);
        let name = party
            .and_then(|p| p.name.clone())
            .or_else(|| bought.and_then(|c| c.display_name()))
            .or_else(|| remote_id.clone())
            .map(|n| snippet(&n, NAME_CHARS))
            .unwrap_or_default();
        let record = match (setup.field, &remote_id) {
            (Some(field), Some(value)) => {
                let found = customer::find(world, connection.company, field, value).await?;
                if found.is_none() && setup.add_customers {
                    automatic = add(connection, field, value, &name, bought);
                    if let Some(a) = &mut automatic {
                        a.id = customer::free_id(world, connection.company, field, value).await?;
                    }
                }
                found.or_else(|| automatic.as_ref().map(|a| a.id))
            }
            _ => None,
        };
        facts.push((
            "opened".to_owned(),
            Fact::Opened(Box::new(Opened {
                company: connection.company,
                connection: connection.id,
                thread: thread.id.clone(),
                source: connection.kind.clone(),
                // Replaced by the number that is taken with the commit.
                number: TicketNumber(0),
                subject: subject(thread, &messages),
                queue: setup.queue,
                category: setup.category,
                order,
                customer: TicketCustomer { remote_id, name, record },
                history_before: connection.since.unwrap_or_default(),
                link: connection.link.clone(),
                predecessor: None,
            })),
        ));
    }
    facts.extend(entries(messages, rules));
    Ok(Some(Plan { known, facts, automatic, opens, messages: count, look: false }))
}

/// What a record remembers of the ticket that a plan opens.
fn link(plan: &Plan, now: Timestamp, orders: &BTreeMap<String, Known>) -> Option<(CustomerId, TicketLink)> {
    let (_, Fact::Opened(opened)) = plan.facts.first()? else { return None };
    let order = opened.order.as_ref().map(|id| OrderLink {
        connection: opened.connection,
        id: id.clone(),
        at: orders.get(id).and_then(|k| k.order.created_at).unwrap_or(now),
    });
    Some((opened.customer.record?, TicketLink { ticket: plan.known.id, at: now, order }))
}

fn add(
    connection: &Origin,
    field: mostek_domain::FieldId,
    value: &str,
    name: &str,
    bought: Option<&mostek_domain::marketplace::OrderCustomer>,
) -> Option<Automatic> {
    if value.chars().count() > customer::VALUE_CHARS {
        return None;
    }
    let full = bought.and_then(|c| c.display_name());
    let name =
        full.as_deref().and_then(|n| PersonName::parse(n).ok()).or_else(|| PersonName::parse(name).ok())?;
    Some(Automatic {
        id: CustomerId::of_marketplace(connection.company, field, value),
        details: Details {
            emails: connection.email.iter().cloned().collect(),
            locale: bought.and_then(|c| c.locale.clone()).map(|l| l.chars().take(20).collect()),
            fields: BTreeMap::from([(field, value.to_owned())]),
            ..Details::named(name)
        },
    })
}

fn subject(thread: &Thread, messages: &[StoredMessage]) -> String {
    // The code of a reason says nothing to people.
    let topic = thread.topic.as_ref().filter(|t| !t.is_reason_code).map(|t| snippet(&t.value, 120));
    let topic = topic.filter(|t| !t.is_empty());
    let first = || {
        messages.iter().find(|m| m.author == Side::Customer).or(messages.first()).map(|m| m.text.snippet(80))
    };
    let order = || thread.orders.first().map(|o| o.label.clone().unwrap_or_else(|| o.id.clone()));
    topic.or_else(|| first().filter(|t| !t.is_empty())).or_else(order).unwrap_or_else(|| "—".to_owned())
}

async fn write<W: World>(
    world: &W,
    connection: &Origin,
    mut plans: Vec<Plan>,
    orders: &BTreeMap<String, Known>,
    taken: &mut Taken,
) -> Result<(), StoreError> {
    let now = world.clock().now();
    let company = connection.company;
    let opening = plans.iter().filter(|p| p.opens).count() as u64;
    let mut commit = Commit::by(Actor::Remote(connection.id.to_string()));
    commit.date(now);
    for pair in &connection.rides {
        commit.also(pair.clone());
    }
    if opening > 0 {
        let numbers = names::numbers(company)?;
        let mut number = numbers.take_many(world.kv(), opening).await?;
        for plan in plans.iter_mut().filter(|p| p.opens) {
            if let Some((_, Fact::Opened(opened))) = plan.facts.first_mut() {
                opened.number = TicketNumber(number);
                commit.also(names::numbered(company, opened.number)?.pair(&plan.known.id)?);
                if let Some(known) = opened.order.as_ref().and_then(|o| orders.get(o)) {
                    // A ticket does without an order that does not fit.
                    if let Ok(pair) = crate::orders::pair(connection.id, known) {
                        commit.also(pair);
                    }
                }
            }
            number = number.saturating_add(1);
        }
    }

    // Each record learns of its tickets; a new one together with all it says.
    let mut links: BTreeMap<CustomerId, Vec<TicketLink>> = BTreeMap::new();
    for plan in plans.iter().filter(|p| p.opens) {
        if let Some((record, link)) = link(plan, now, orders) {
            links.entry(record).or_default().push(link);
        }
    }

    // Records of the CRM, each once, with their rows together.
    let mut added = BTreeSet::new();
    let automatic: Vec<Automatic> =
        plans.iter_mut().filter_map(|p| p.automatic.take()).filter(|a| added.insert(a.id)).collect();
    if !automatic.is_empty() {
        let mut rows = Vec::new();
        let mut facts = Vec::new();
        for a in &automatic {
            let parts = a.parts(company, now)?;
            a.claim(&mut commit, company)?;
            rows.push((a.id.to_string(), parts.row));
            let tickets = links.remove(&a.id).unwrap_or_default();
            let all = std::iter::once(parts.fact).chain(tickets.into_iter().map(customer::tickets::fact));
            facts.push((parts.journal, all.collect()));
        }
        let handle = customer::index(company)?.add(&mut commit, rows);
        for ((journal, facts), offset) in facts.into_iter().zip(0u64..) {
            commit.append_with(
                &journal,
                None,
                facts,
                vec![(customer::row_name(), handle, offset)],
                Ride::Never,
            );
        }
    }
    for (record, links) in links {
        customer::tickets::note(&mut commit, record, links)?;
    }

    let mut looks = Vec::new();
    for plan in plans.iter().filter(|p| p.look) {
        let id = plan.facts.last().map_or_else(String::new, |(id, _)| format!("{}-{id}", plan.known.id));
        looks.push((id, plan.known.id));
    }
    automatic::remember(&mut commit, company, looks, now)?;

    // Worked on in another ticket, which is told afterwards: if that fails, or nobody comes to it, the alarm sees to it.
    let elsewhere = |p: &&Plan| p.known.reading.state.front().is_some() || p.may_want_successor();
    let elsewhere: Vec<(String, TicketId)> = plans
        .iter()
        .filter(elsewhere)
        .filter_map(|p| Some((format!("{}-{}-told", p.known.id, p.facts.last()?.0), p.known.id)))
        .collect();
    if !elsewhere.is_empty() {
        snooze::set_all(&mut commit, elsewhere, company, now.plus(front::SETTLED_AFTER))?;
    }

    let mut rows = Vec::new();
    let mut tickets = Vec::new();
    for plan in &mut plans {
        let before = &plan.known.reading;
        let facts = std::mem::take(&mut plan.facts).into_iter().map(|(id, f)| (id, f.into())).collect();
        let (facts, row) = list::with_row(plan.known.id, &before.state, before.upto(), facts, now);
        if let Some(row) = row {
            let row_id = facts.last().map_or_else(String::new, |(id, _)| format!("{}-{id}", plan.known.id));
            rows.push((row_id, row));
            tickets.push((facts, Some(rows.len() as u64 - 1)));
        } else {
            tickets.push((facts, None));
        }
    }
    let handle =
        (!rows.is_empty()).then(|| list::index(company).map(|i| i.add(&mut commit, rows))).transpose()?;
    let mut written = Vec::new();
    for (plan, (facts, offset)) in plans.iter().zip(tickets) {
        let refs = match (handle, offset) {
            (Some(handle), Some(offset)) => vec![(crate::ticket::ROW.to_owned(), handle, offset)],
            _ => Vec::new(),
        };
        let journal = Ticket::journal(plan.known.id)?;
        let count = facts.len() as u64;
        let handle = commit.append_with(&journal, Some(&plan.known.reading), facts, refs, Ride::WhenCheap);
        written.push((handle, count));
    }
    let done = commit.run(world).await?;
    join_all(plans.iter().zip(written).map(|(plan, (facts, count))| {
        let known = &plan.known;
        list::settle_row(world, company, known.id, &known.reading, count, done.slot(facts, 0))
    }))
    .await;
    for plan in plans.iter().filter(|p| p.may_want_successor()) {
        front::tell_or_log(world, company, plan.known.id).await;
    }
    taken.tickets += opening;
    taken.messages += plans.iter().map(|p| p.messages).sum::<u64>();
    Ok(())
}
