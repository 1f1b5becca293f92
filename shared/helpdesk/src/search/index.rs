//! Keeping the search's indexes: follows the lists of tickets and of records, reads what changed, adds its words.
//!
//! The cursor is in the head that names what was indexed up to it, so a crash, two timers at once, or a head that comes back
//! from earlier make some tickets be read again and nothing be missed. For the same reason the slots up to which the
//! latest tickets were read are there too: what is read again of a ticket is what was written since; a ticket that is not
//! among them is read whole.
//!
//! Words are kept under the number of the ticket whose journal holds them, also those of a conversation that is worked on in
//! another ticket by now: so they stay where they are whoever is merged or parted later, and a question finds out where that
//! is. Such a conversation is read when its front's row says that something happened.

use super::{of_record, postings, record_postings};
use crate::follow::{self, Began, Pieces, Position};
use crate::ticket::{ItemKind, Opened, Ticket};
use crate::{customer, list, names, orders};
use futures::future::{join, join3};
use mostek_domain::words::{identifier, words};
use mostek_domain::{CompanyId, CustomerId, TicketId};
use mostek_ports::{Clock, Level, Log, Random, StoreError, World};
use mostek_store::postings::{Change, Head};
use mostek_store::{Actor, Aggregate, Commit, Entry, Journal, Postings, Reading, Term};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::time::Duration;

/// Steps of one list at most per tick.
const STEPS: usize = 200;
/// Tickets whose slot is remembered.
const REMEMBERED: usize = 400;
/// Rows of one record found at once when it is to be forgotten.
const ROWS_AT_ONCE: usize = 500;

/// What goes with an index.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct State {
    /// How far the list was followed.
    list: Position,
    /// How far the journal of what is to be forgotten was.
    #[serde(default)]
    forgotten: Position,
    /// The latest documents and the slot up to which each was read.
    #[serde(default)]
    read: Vec<(u64, u64)>,
}

impl State {
    /// The slot of the list up to which everything is indexed.
    #[must_use]
    pub fn upto(&self) -> u64 {
        self.list.upto
    }

    fn read_upto(&self, document: u64) -> u64 {
        self.read.iter().find(|(d, _)| *d == document).map_or(0, |(_, slot)| *slot)
    }

    fn remember(&mut self, document: u64, slot: u64) {
        self.read.retain(|(d, _)| *d != document);
        self.read.push((document, slot));
        let over = self.read.len().saturating_sub(REMEMBERED);
        self.read.drain(..over);
    }
}

/// Whose words are to be forgotten.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Forget {
    /// A ticket's.
    Ticket(TicketId),
    /// A record's.
    Record(CustomerId),
}

/// The journal of these is only ever followed.
struct Forgotten;

impl Aggregate for Forgotten {
    type Fact = Forget;
    type State = ();
    const FOLD: u32 = 1;
    fn apply(_: &mut (), _: &Entry<Forget>) {}
}

fn forgotten(company: CompanyId) -> Result<Journal<Forgotten>, StoreError> {
    Ok(Journal::at(names::words_forgotten(company)?))
}

/// Has a ticket's words taken out of the index, and those put in that its texts have now: to be called after texts were
/// erased. The next tick does it; an hour later none of the old words is in the store.
///
/// # Errors
/// The store's: then it has to be called again.
pub async fn forget<W: World>(world: &W, company: CompanyId, ticket: TicketId) -> Result<(), StoreError> {
    note(world, company, Forget::Ticket(ticket)).await
}

/// The same for a record of the CRM.
///
/// # Errors
/// The store's: then it has to be called again.
pub async fn forget_record<W: World>(
    world: &W,
    company: CompanyId,
    record: CustomerId,
) -> Result<(), StoreError> {
    note(world, company, Forget::Record(record)).await
}

async fn note<W: World>(world: &W, company: CompanyId, what: Forget) -> Result<(), StoreError> {
    let mut commit = Commit::by(Actor::System("search".into()));
    let fact = (format!("{:016x}", world.random().u64()), what);
    commit.append(&forgotten(company)?, None, vec![fact]);
    commit.run(world).await.map(|_| ())
}

/// Begins both indexes of a company anew; the ticks then build them.
///
/// # Errors
/// The store's.
pub async fn rebuild<W: World>(world: &W, company: CompanyId) -> Result<(), StoreError> {
    postings(company)?.clear(world, State::default()).await?;
    record_postings(company)?.clear(world, State::default()).await
}

/// What following did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Followed {
    /// Changes of tickets and records that were looked at.
    pub changes: u64,
    /// Tickets and records whose words were added.
    pub indexed: u64,
}

/// Takes what changed in a company into its indexes, until nothing is left or `until` (monotonic) is reached. An idle call
/// is six reads. A call with news writes twice for each 256 changes of tickets, and of records, whatever the number of words.
///
/// # Errors
/// The store's; what was taken in stays, the rest is the next call's.
pub async fn follow<W: World>(
    world: &W,
    company: CompanyId,
    until: Duration,
) -> Result<Followed, StoreError> {
    let mut all = Followed::default();
    for of in [Of::Tickets, Of::Records] {
        for _ in 0..STEPS {
            let done = match step(world, company, of).await {
                // A part is missing, or the list is shorter than what was read of it: everything is read again.
                Err(e @ StoreError::Corrupt { .. }) => {
                    world.log().write(Level::Error, &format!("the search index begins anew: {e}"));
                    index_of(company, of)?.clear(world, State::default()).await?;
                    break;
                }
                other => other?,
            };
            let Some(done) = done else { break };
            all.changes += done.changes;
            all.indexed += done.indexed;
            // Each of the two gets on by one step at least.
            if world.clock().monotonic() >= until {
                break;
            }
        }
    }
    Ok(all)
}

/// Which of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Of {
    Tickets,
    Records,
}

fn index_of(company: CompanyId, of: Of) -> Result<Postings, StoreError> {
    match of {
        Of::Tickets => postings(company),
        Of::Records => record_postings(company),
    }
}

/// One step; `None` if there was nothing to do.
async fn step<W: World>(world: &W, company: CompanyId, of: Of) -> Result<Option<Followed>, StoreError> {
    let began = Began::now(world);
    let index = index_of(company, of)?;
    let list = match of {
        Of::Tickets => list::index(company)?,
        Of::Records => customer::index(company)?,
    };
    let forgotten = forgotten(company)?;
    let (head, upto, gone) =
        join3(index.head::<State>(world.kv()), list.upto(world.kv()), forgotten.counter(world.kv())).await;
    let (mut head, upto, gone): (Head<State>, u64, u64) = (head?, upto?, gone?);
    let (rows_due, gone_due) = (head.state.list.due(upto)?, head.state.forgotten.due(gone)?);
    if rows_due.is_empty() && gone_due.is_empty() {
        return Ok(None);
    }
    let (rows, entries) =
        join(list.rows_at(world.kv(), &rows_due), forgotten.entries(world.kv(), &gone_due)).await;
    let (rows, entries) = (rows?, entries?);
    let now = world.clock().now();
    let rows_there: BTreeSet<u64> = rows.iter().map(|(slot, _)| *slot).collect();
    let gone_there: BTreeSet<u64> = entries.iter().map(|e| e.slot).collect();
    if !head.state.list.has_news(&rows_due, &rows_there)
        && !head.state.forgotten.has_news(&gone_due, &gone_there)
    {
        return Ok(None);
    }
    let mut done = Followed::default();
    let mut rows_done = rows_due;
    let mut change = Change::default();
    match of {
        Of::Tickets => {
            let erased: BTreeSet<TicketId> = entries
                .iter()
                .filter_map(|e| match e.fact {
                    Forget::Ticket(id) => Some(id),
                    Forget::Record(_) => None,
                })
                .collect();
            for (id, reading) in follow::read_tickets(world, &erased).await? {
                done.indexed += u64::from(
                    ticket(world, company, id, &reading, true, &mut head.state, &mut change).await?,
                );
            }
            let mut pieces = Pieces::of(&rows, began);
            let mut seen = erased.clone();
            while let Some(some) = pieces.next(world).await? {
                let carried = follow::carried_by(&some, &mut seen);
                let carried = follow::read_tickets(world, &carried).await?;
                for (id, reading) in some.into_iter().chain(carried).filter(|(id, _)| !erased.contains(id)) {
                    let state = &mut head.state;
                    done.indexed +=
                        u64::from(ticket(world, company, id, &reading, false, state, &mut change).await?);
                }
            }
            rows_done = pieces.done(rows_done);
        }
        Of::Records => {
            for (slot, row) in &rows {
                let Ok(id) = CustomerId::parse(&row.subject) else { continue };
                done.indexed += u64::from(record(world, company, *slot, id, &mut change).await?);
            }
            for entry in &entries {
                let Forget::Record(id) = entry.fact else { continue };
                let rows = rows_of(world, &index, &head, id).await?;
                if let Some(latest) = rows.first() {
                    done.indexed += u64::from(record(world, company, *latest, id, &mut change).await?);
                }
                change.forget.extend(rows);
            }
        }
    }
    let changes = rows_done.iter().filter(|s| rows_there.contains(s)).count() + entries.len();
    done.changes = changes as u64;
    head.state.list.advance(&rows_done, &rows_there, began.wall, now);
    head.state.forgotten.advance(&gone_due, &gone_there, began.wall, now);
    index.write(world, began.monotonic, &mut head, change).await?;
    Ok(Some(done))
}

fn add(change: &mut Change, word: String, document: u64) {
    change.add.entry(word).or_default().insert(document);
}

fn add_words(change: &mut Change, text: &str, document: u64) {
    for word in words(text) {
        add(change, word, document);
    }
}

/// Adds what is new of a ticket, or all of it anew if its words are to be forgotten. Whether it is the company's.
async fn ticket<W: World>(
    world: &W,
    company: CompanyId,
    id: TicketId,
    reading: &Reading<Ticket>,
    forget: bool,
    state: &mut State,
    change: &mut Change,
) -> Result<bool, StoreError> {
    let Some(opened) = reading.state.opened.as_ref().filter(|o| o.company == company) else {
        return Ok(false);
    };
    let document = opened.number.0;
    if forget {
        change.forget.insert(document);
    }
    let after = if forget { 0 } else { state.read_upto(document) };
    add_words(change, &opened.subject, document);
    add_words(change, &opened.customer.name, document);
    let ids = [opened.order.as_deref(), opened.customer.remote_id.as_deref(), Some(opened.thread.as_str())];
    for id in ids.into_iter().flatten().filter_map(identifier) {
        add(change, id, document);
    }
    if let Some(record) = reading.state.record() {
        add(change, of_record(record), document);
    }
    let has_text = |kind| kind != ItemKind::Event;
    let entries = follow::entries_of(world, id, &reading.state, after, has_text);
    let (entries, number) = join(entries, shown_number(world, opened)).await;
    if let Some(number) = number?.as_deref().and_then(identifier) {
        add(change, number, document);
    }
    for entry in entries? {
        for text in follow::texts_of(world, &entry.fact.what).await? {
            add_words(change, &text, document);
        }
    }
    // What is behind a hole is read again once the hole is filled.
    let upto = reading.holes().min().map_or(reading.upto(), |hole| hole.saturating_sub(1));
    state.remember(document, upto);
    Ok(true)
}

/// The number under which the customer knows the order and pages show it, if the order has been read. One that is read later
/// is found once something else happens to the ticket.
async fn shown_number<W: World>(world: &W, opened: &Opened) -> Result<Option<String>, StoreError> {
    let Some(order) = &opened.order else { return Ok(None) };
    match orders::known(world, opened.connection, order).await {
        Ok(known) => Ok(known.and_then(|k| k.order.commercial_id)),
        // One damaged order must not stop everything behind it.
        Err(e @ StoreError::Corrupt { .. }) => {
            world.log().write(Level::Error, &e.to_string());
            Ok(None)
        }
        Err(e) => Err(e),
    }
}

/// The rows under which a record is indexed, the latest first.
async fn rows_of<W: World>(
    world: &W,
    index: &Postings,
    head: &Head<State>,
    id: CustomerId,
) -> Result<Vec<u64>, StoreError> {
    let wanted = [vec![Term { word: of_record(id), open_ended: false }]];
    let mut rows = Vec::new();
    let mut below = None;
    loop {
        let found = index.find(world.kv(), head, &wanted, below, ROWS_AT_ONCE).await?;
        rows.extend(found.documents);
        // Each round goes further down, so this ends.
        match found.next.filter(|n| below.is_none_or(|b| *n < b)) {
            Some(next) => below = Some(next),
            None => return Ok(rows),
        }
    }
}

/// Adds a record under the slot of its row.
async fn record<W: World>(
    world: &W,
    company: CompanyId,
    slot: u64,
    id: CustomerId,
    change: &mut Change,
) -> Result<bool, StoreError> {
    let state = customer::read(world, id).await?.state;
    let Some(d) = state.details.filter(|_| state.company == Some(company)) else { return Ok(false) };
    add(change, of_record(id), slot);
    add_words(change, d.name.as_str(), slot);
    let emails = d.emails.iter().map(ToString::to_string);
    let phones = d.phones.iter().map(|(n, _)| n.to_string());
    let nip = d.nip.iter().map(|n| n.digits().to_owned());
    let fields = d.fields.values().cloned();
    for id in emails.chain(phones).chain(nip).chain(fields).filter_map(|t| identifier(&t)) {
        add(change, id, slot);
    }
    Ok(true)
}
