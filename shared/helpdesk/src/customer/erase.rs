//! Erasing one person (H11; GDPR, article 17): their record, and the words in their tickets.
//!
//! One commit makes the record an erased one: it is on no list, found by nothing, and says nothing. Then the stored words are
//! taken out of every entry that holds them ([`mostek_store::Journal::redact`]), of the rows in the lists, of blobs, of the
//! orders that were kept, of webhooks' letters that name them and of what was told to others: [`sweep`]. That is done by the
//! request itself as far as it gets, and by the timer, which also comes again later, since a late write or another reader's
//! snapshot may bring words back for minutes.
//!
//! Their tickets are those that their records name and those beside them ([`super::conversations`]). Which these are is written
//! down with the erasing: whoever merges tickets between the two sweeps must not have another person's words erased.
//!
//! What stays: that there was a record and when it changed, that there were tickets, when messages came and who of the company
//! answered, statuses and numbers. All free texts of the person's tickets go, ours too, because answers greet and quote.
//! Why it is done like this: docs/decisions/0009-erasing-a-person.md.

use super::conversations::{self, Whose};
use super::record::{Customer, Fact};
use super::write::{Part, record_again};
use super::{merge, standing_for};
use crate::desk::{self, Desk};
use crate::error::Refusal;
use crate::list;
use crate::names;
use crate::search;
use crate::ticket::{self, Ticket};
use crate::timeline;
use crate::webhooks::named::{self, Person};
use crate::webhooks::{endpoint, letters};
use futures::future::join_all;
use mostek_domain::field::FieldKind;
use mostek_domain::{CompanyId, ConnectionId, CustomerId, FieldId, ReplyId, TicketId, Timestamp};
use mostek_people::audit::{self, Act, Scope};
use mostek_ports::{Clock, Level, Log, Random, StoreError, World};
use mostek_store::{Actor, Aggregate, Blob, BlobRef, Commit, Entry, Journal, Reading, Record};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// After this it is gone over for the last time: longer than a write lands late and than a reader holds what it has read, and
/// long enough for the search to delete what its index held before, which it does an hour later if there is something to do.
pub const AGAIN: Duration = Duration::from_secs(90 * 60);
/// Entries written up to so long after the erasing are still cleared: clocks differ. What the person writes later is a new
/// matter and stays.
const CLOCK_DIFFERENCE: Duration = Duration::from_secs(60);
/// Tickets whose replies are looked at before erasing.
const TICKETS: usize = 2_000;
/// Of these so many at the same time.
const CONCURRENT: usize = 16;
/// Tickets that no record names at most: they are in one entry.
const BESIDE: usize = 1_000;

/// Erases a person's record, those that were merged into it, and the words in their tickets, as far as it gets until `until`
/// (monotonic); the timer does the rest. Doing it again is safe. `act` is written to the audit journal in the same commit.
///
/// # Errors
/// [`Refusal::NotFound`]; [`Refusal::Field`] while a reply to them is on its way or waits for a decision; the store's, after
/// which it may have begun, and then the timer ends it.
pub async fn erase<W: World>(
    world: &W,
    company: CompanyId,
    actor: Actor,
    id: CustomerId,
    act: Act,
    until: Duration,
) -> Result<(), Refusal> {
    let (id, reading) = standing_for(world, id).await?;
    if reading.state.company != Some(company) {
        return Err(Refusal::NotFound("customer"));
    }
    if reading.state.is_erased() {
        return Err(Refusal::NotFound("customer"));
    }
    let family = merge::family(world, id).await?;
    let (beside, ids) = conversations(world, company, &family).await?;
    let desk = desk::read(world, company).await?.state;
    let mut person = person(&family, &desk);
    person.ids.extend(ids);
    let letters = named::letters(world, company, &person).await?;
    let now = world.clock().now();
    let fact = || ("erased".to_owned(), Fact::Erased { company, replaces: Vec::new() });
    let parts = family.iter().map(|(id, before)| Part { id: *id, before, fact: fact() }).collect();
    let members: Vec<CustomerId> = family.iter().map(|(id, _)| *id).collect();
    let mut commit = Commit::by(actor);
    record_again(&mut commit, company, &desk, parts, now)?;
    let whole = Whole { company, members, beside, letters };
    let begun = Erasing::Begun { customer: id, whole: whole.clone() };
    commit.append::<Pending>(&pending()?, None, vec![(format!("erased-{id}"), begun)]);
    audit::entry(world, &mut commit, Scope::Company(company), act)?;
    commit.run(world).await?;
    if sweep(world, &whole, now, until).await? {
        note(world, vec![Erasing::Swept { customer: id }]).await?;
    }
    Ok(())
}

/// The tickets beside those that the records name, and what the conversations say of who the person is and what they ordered.
async fn conversations<W: World>(
    world: &W,
    company: CompanyId,
    family: &[(CustomerId, Reading<Customer>)],
) -> Result<(BTreeSet<TicketId>, BTreeSet<String>), Refusal> {
    let members: BTreeSet<CustomerId> = family.iter().map(|(id, _)| *id).collect();
    let linked: BTreeSet<TicketId> =
        family.iter().flat_map(|(_, r)| r.state.tickets.iter().map(|t| t.link.ticket)).collect();
    let whose = Whose { company, members: &members, linked: &linked };
    let (mut beside, mut ids) = (BTreeSet::new(), BTreeSet::new());
    let first: Vec<TicketId> = linked.iter().copied().take(TICKETS).collect();
    for some in first.chunks(CONCURRENT) {
        let found = join_all(some.iter().map(|id| async {
            let own = Ticket::journal(*id)?.read(world.kv(), world.clock()).await?.state;
            Ok::<_, StoreError>((own, conversations::beside(world, &whose, *id).await?))
        }))
        .await;
        for found in found {
            let (own, others) = found?;
            beside.extend(others.keys().copied());
            for ticket in std::iter::once(own).chain(others.into_values()) {
                if ticket.replies.iter().any(|r| !r.state.is_settled() || r.state.needs_decision()) {
                    return Err(Refusal::Field { field: "tickets", key: "crm-erase-reply-open" });
                }
                ids.extend(ticket.opened.into_iter().flat_map(|o| [o.customer.remote_id, o.order]).flatten());
            }
        }
    }
    if beside.len() > BESIDE {
        world.log().write(Level::Error, &format!("only {BESIDE} of {} tickets are erased", beside.len()));
    }
    Ok((beside.into_iter().take(BESIDE).collect(), ids))
}

/// What a person is known by outside, before their records forget it.
fn person(family: &[(CustomerId, Reading<Customer>)], desk: &Desk) -> Person {
    let mut person = Person::default();
    let is_text = |id: &FieldId| desk.fields.iter().any(|f| f.id == *id && f.kind == FieldKind::Text);
    for (_, record) in family {
        let orders = record.state.tickets.iter().filter_map(|t| t.link.order.as_ref());
        person.ids.extend(orders.map(|o| o.id.clone()));
        let Some(details) = &record.state.details else { continue };
        person.emails.extend(details.emails.iter().cloned());
        person.phones.extend(details.phones.iter().map(|(p, _)| p.clone()));
        person.ids.extend(details.fields.iter().filter(|(id, _)| is_text(id)).map(|(_, v)| v.clone()));
    }
    person
}

async fn note<W: World>(world: &W, facts: Vec<Erasing>) -> Result<(), StoreError> {
    let facts = facts.into_iter().map(|f| (format!("{:016x}", world.random().u64()), f)).collect();
    let mut commit = Commit::by(Actor::System("erase".into()));
    commit.append::<Pending>(&pending()?, None, facts);
    commit.run(world).await?;
    Ok(())
}

/// Takes the words of a person out of everything, until `until` (monotonic). Gives whether it got to the end. What was
/// cleared before costs a read only, so coming again goes on.
async fn sweep<W: World>(
    world: &W,
    whole: &Whole,
    erased: Timestamp,
    until: Duration,
) -> Result<bool, StoreError> {
    let Whole { company, members, beside, letters } = whole;
    let company = *company;
    for (source, letter) in letters {
        letters::forget(world, *source, letter).await?;
    }
    let mut tickets = beside.clone();
    let mut rows = Vec::new();
    for id in members {
        let journal = super::journal(*id)?;
        journal
            .redact(world.kv(), |_, entry| {
                rows.extend(row_slot(entry));
                let Some(fact) = entry.get_mut("fact") else { return false };
                if let Ok(Fact::Ticket { link }) = serde_json::from_value::<Fact>(fact.clone()) {
                    tickets.insert(link.ticket);
                }
                forget_customer(fact)
            })
            .await?;
        let told = timeline::journal(*id)?;
        told.redact(world.kv(), |_, entry| entry.get_mut("fact").is_some_and(forget_event)).await?;
        // So that the next reader need not fold everything.
        let state = journal.read(world.kv(), world.clock()).await?;
        journal.write_snapshot(world.kv(), &state).await?;
    }
    super::list::index(company)?
        .redact(world.kv(), &rows, |data| {
            let said_something = !data.is_null();
            *data = Value::Null;
            said_something
        })
        .await?;
    // Other customers' tickets that were told of these.
    let mut told = BTreeSet::new();
    for ticket in &tickets {
        if world.clock().monotonic() >= until {
            return Ok(false);
        }
        let cleared = clear_ticket(world, company, *ticket, erased).await?;
        endpoint::forget(world, company, *ticket, &cleared.replies).await?;
        search::forget(world, company, *ticket).await?;
        told.extend(cleared.worked_on_in.into_iter().filter(|front| !tickets.contains(front)));
    }
    for front in told {
        if world.clock().monotonic() >= until {
            return Ok(false);
        }
        clear_told(world, company, front, &tickets, erased).await?;
    }
    for id in members {
        search::forget_record(world, company, *id).await?;
    }
    Ok(true)
}

/// The slot of the row that an entry wrote.
fn row_slot(entry: &Value) -> Option<u64> {
    entry.pointer("/refs/row").and_then(Value::as_u64)
}

/// Takes what a record's fact says about the person out of it. A fact that this code cannot read is made one that says
/// nothing.
fn forget_customer(fact: &mut Value) -> bool {
    let known = serde_json::from_value::<Fact>(fact.clone());
    let empty = known.map_or(Fact::Touched { replaces: Vec::new() }, Fact::redacted);
    match serde_json::to_value(empty) {
        Ok(empty) if empty != *fact => {
            *fact = empty;
            true
        }
        _ => false,
    }
}

fn forget_event(fact: &mut Value) -> bool {
    let Some(members) = fact.as_object_mut() else { return false };
    let mut changed = members.remove("detail").is_some() | members.remove("link").is_some();
    if let Some(title) = members.get_mut("title")
        && title != GONE
    {
        *title = GONE.into();
        changed = true;
    }
    changed
}

/// What stands where a text has to stand.
const GONE: &str = "—";

/// What was found in a ticket while it was cleared.
#[derive(Debug, Default)]
struct Cleared {
    /// The replies that were written in it or in a conversation that is worked on there.
    replies: Vec<ReplyId>,
    /// Where its conversation is or ever was worked on.
    worked_on_in: BTreeSet<TicketId>,
}

/// Clears one ticket: its entries, rows, blobs, and the order that was kept.
async fn clear_ticket<W: World>(
    world: &W,
    company: CompanyId,
    id: TicketId,
    erased: Timestamp,
) -> Result<Cleared, StoreError> {
    let journal = Ticket::journal(id)?;
    let before = journal.read(world.kv(), world.clock()).await?.state;
    if before.opened.as_ref().is_none_or(|o| o.company != company) {
        return Ok(Cleared::default());
    }
    // Whoever is told of a reply in a conversation that is worked on here hears this customer's name.
    let carried = before.carried_replies().map(|(_, reply, _)| reply);
    let replies = before.replies.iter().map(|r| r.id).chain(carried).collect();
    let mut cleared = Cleared { replies, ..Cleared::default() };
    let last = erased.plus(CLOCK_DIFFERENCE);
    let (mut rows, mut blobs, mut orders) = (Vec::new(), Vec::new(), Vec::new());
    // Blobs first: once the entries are cleared nobody knows them any more.
    let counter = journal.counter(world.kv()).await?;
    let slots: Vec<u64> = (1..=counter).collect();
    for some in slots.chunks(256) {
        for entry in journal.entries(world.kv(), some).await? {
            cleared.worked_on_in.extend(conversations::worked_on_in(&entry.fact.what));
            if entry.at() > last {
                continue;
            }
            if let ticket::Fact::Opened(opened) = &entry.fact.what {
                orders.extend(opened.order.clone().map(|order| (opened.connection, order)));
            }
            if let Ok(fact) = serde_json::to_value(&entry.fact) {
                named_blobs(&fact, &mut blobs);
            }
        }
    }
    for blob in &blobs {
        Blob::delete(world.kv(), blob).await?;
    }
    for (connection, order) in orders {
        order_record(connection, &order)?.delete(world.kv()).await?;
    }
    journal
        .redact(world.kv(), |_, entry| {
            if entry.get("at").and_then(Value::as_i64).is_none_or(|at| at > last.0) {
                return false;
            }
            rows.extend(row_slot(entry));
            entry.get_mut("fact").is_some_and(forget_words)
        })
        .await?;
    list::index(company)?.redact(world.kv(), &rows, forget_words).await?;
    let state = journal.read(world.kv(), world.clock()).await?;
    journal.write_snapshot(world.kv(), &state).await?;
    Ok(cleared)
}

/// Takes the words of conversations out of another customer's ticket that they are or once were worked on in: what it was
/// told, and what its rows show of that.
///
/// Any row may show it, whatever it was written for. So what a row shows stays if it was said in the ticket itself, or it was
/// told so of a conversation that is not theirs, or after the erasing; anything else goes. What is looked for is not what is
/// taken out: that is not known any more when rows alone come back late.
async fn clear_told<W: World>(
    world: &W,
    company: CompanyId,
    front: TicketId,
    theirs: &BTreeSet<TicketId>,
    erased: Timestamp,
) -> Result<(), StoreError> {
    let journal = Ticket::journal(front)?;
    let last = erased.plus(CLOCK_DIFFERENCE);
    let (mut rows, mut stays) = (BTreeSet::new(), BTreeSet::from([String::new()]));
    let counter = journal.counter(world.kv()).await?;
    let slots: Vec<u64> = (1..=counter).collect();
    for some in slots.chunks(256) {
        for entry in journal.entries(world.kv(), some).await? {
            rows.extend(entry.refs.get(ticket::ROW).copied());
            match &entry.fact.what {
                ticket::Fact::Messages { messages, .. } => {
                    stays.extend(messages.iter().map(|m| m.text.snippet(ticket::SNIPPET_CHARS)));
                }
                ticket::Fact::Reply { text, .. } => {
                    stays.insert(text.snippet(ticket::SNIPPET_CHARS));
                }
                ticket::Fact::Carried(carry) if !theirs.contains(&carry.of) || entry.at() > last => {
                    stays.extend(carry.news.iter().map(|n| n.snippet.clone()));
                }
                _ => {}
            }
        }
    }
    let rows: Vec<u64> = rows.into_iter().collect();
    let forget = |row: &mut Value| match row.get_mut("snippet") {
        Some(text) if text.as_str().is_none_or(|t| !stays.contains(t)) => {
            *text = "".into();
            true
        }
        _ => false,
    };
    list::index(company)?.redact(world.kv(), &rows, forget).await?;
    let is_theirs = |of: &Value| serde_json::from_value(of.clone()).is_ok_and(|of| theirs.contains(&of));
    journal
        .redact(world.kv(), |_, entry| {
            let is_old = entry.get("at").and_then(Value::as_i64).is_some_and(|at| at <= last.0);
            let is_told = entry.pointer("/fact/fact").is_some_and(|f| f == "carried");
            is_old
                && is_told
                && entry.pointer("/fact/of").is_some_and(is_theirs)
                && entry.pointer_mut("/fact/news").is_some_and(forget_words)
        })
        .await?;
    let state = journal.read(world.kv(), world.clock()).await?;
    journal.write_snapshot(world.kv(), &state).await?;
    Ok(())
}

fn order_record(connection: ConnectionId, order: &str) -> Result<Record<Value>, StoreError> {
    names::ours(Record::new("order", &names::order(connection, order)))
}

/// The blobs that a fact names.
fn named_blobs(value: &Value, found: &mut Vec<BlobRef>) {
    match value {
        Value::Object(members) => {
            for (name, inner) in members {
                match serde_json::from_value::<BlobRef>(inner.clone()) {
                    Ok(blob) if name == "blob" && !blob.id.is_empty() => found.push(blob),
                    _ => named_blobs(inner, found),
                }
            }
        }
        Value::Array(all) => all.iter().for_each(|inner| named_blobs(inner, found)),
        _ => {}
    }
}

/// Takes everything that a person could have written, or that names them, out of a ticket's fact or row, by the names of
/// members: so facts that newer code has written are cleared, too. Whether anything was there.
fn forget_words(value: &mut Value) -> bool {
    match value {
        Value::Object(members) => {
            let mut changed = false;
            for (name, inner) in members.iter_mut() {
                let empty = match (name.as_str(), &*inner) {
                    ("text", Value::Object(_)) => Some(serde_json::json!({ "inline": "" })),
                    ("text" | "name" | "snippet" | "digest" | "customer" | "sha256", Value::String(_)) => {
                        Some("".into())
                    }
                    ("subject", Value::String(_)) => Some(GONE.into()),
                    ("remote_id" | "customer_id" | "order" | "link", Value::String(_)) => Some(Value::Null),
                    _ => None,
                };
                match empty {
                    Some(empty) if *inner != empty => {
                        *inner = empty;
                        changed = true;
                    }
                    Some(_) => {}
                    None if name == "files" => changed |= forget_files(inner),
                    None if name == "outcome" => changed |= forget_reason(inner),
                    None => changed |= forget_words(inner),
                }
            }
            changed
        }
        Value::Array(all) => all.iter_mut().fold(false, |changed, inner| forget_words(inner) | changed),
        _ => false,
    }
}

/// What became of a reply stays, without what the other side said about it, which may quote it.
fn forget_reason(outcome: &mut Value) -> bool {
    match outcome {
        Value::Object(members) => {
            let mut changed = members.remove("said").is_some();
            for (name, inner) in members.iter_mut() {
                changed |= match inner {
                    Value::String(why) if name == "why" => !std::mem::take(why).is_empty(),
                    inner => forget_reason(inner),
                };
            }
            changed
        }
        _ => false,
    }
}

/// Files keep their size, which counts towards limits, and lose their names and where they are.
fn forget_files(files: &mut Value) -> bool {
    let mut changed = forget_words(files);
    for file in files.as_array_mut().into_iter().flatten() {
        for id in ["/id", "/blob/id"] {
            if let Some(id) = file.pointer_mut(id)
                && *id != ""
            {
                *id = "".into();
                changed = true;
            }
        }
    }
    changed
}

/// What is written about erasures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "fact")]
enum Erasing {
    /// A person was erased.
    Begun {
        /// The record.
        customer: CustomerId,
        /// What is cleared.
        #[serde(flatten)]
        whole: Whole,
    },
    /// It was gone over once.
    Swept {
        /// The record.
        customer: CustomerId,
    },
    /// It was gone over for the last time.
    Done {
        /// The record.
        customer: CustomerId,
    },
}

/// Where a person's words are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Whole {
    /// Whose they were a customer of.
    company: CompanyId,
    /// Their record, and those that were merged into it.
    members: Vec<CustomerId>,
    /// Tickets of theirs that no record names.
    #[serde(default)]
    beside: BTreeSet<TicketId>,
    /// Letters that name them, each with its source.
    #[serde(default)]
    letters: Vec<(ConnectionId, String)>,
}

/// Erasures that are gone over again.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Pending {
    begun: BTreeMap<CustomerId, (Whole, Timestamp)>,
    /// Those of them that were gone over once.
    swept: BTreeSet<CustomerId>,
}

impl Aggregate for Pending {
    type Fact = Erasing;
    type State = Self;
    const FOLD: u32 = 3;

    fn apply(state: &mut Self, entry: &Entry<Erasing>) {
        match &entry.fact {
            // Found after its end it is gone over once more, in vain.
            Erasing::Begun { customer, whole } => {
                state.begun.insert(*customer, (whole.clone(), entry.at()));
            }
            Erasing::Swept { customer } => {
                state.swept.insert(*customer);
            }
            Erasing::Done { customer } => {
                state.begun.remove(customer);
                state.swept.remove(customer);
            }
        }
    }
}

fn pending() -> Result<Journal<Pending>, StoreError> {
    Ok(Journal::at(names::customer_erasures()?))
}

/// Goes over erasures again, until `until` (monotonic): those that were not ended, and each a last time after [`AGAIN`]. Gives
/// how many are done for good.
///
/// # Errors
/// The store's, if the list of them cannot be read; one that fails is logged and tried again by the next tick.
pub async fn sweep_again<W: World>(world: &W, until: Duration) -> Result<u64, StoreError> {
    let journal = pending()?;
    let reading = journal.read(world.kv(), world.clock()).await?;
    let (mut facts, mut done) = (Vec::new(), 0);
    for (customer, (whole, at)) in &reading.state.begun {
        if world.clock().monotonic() >= until {
            break;
        }
        let is_last = world.clock().now().since(*at) > AGAIN;
        if !is_last && reading.state.swept.contains(customer) {
            continue;
        }
        match sweep(world, whole, *at, until).await {
            Ok(true) if is_last => {
                done += 1;
                facts.push(Erasing::Done { customer: *customer });
            }
            Ok(true) => facts.push(Erasing::Swept { customer: *customer }),
            Ok(false) => {}
            Err(e) => {
                world.log().write(Level::Error, &format!("the erasing of {customer} goes on later: {e}"));
            }
        }
    }
    if !facts.is_empty() {
        note(world, facts).await?;
    }
    // Blind appends leave a tail that the next tick would read again.
    if reading.tail() > 16 {
        journal.write_snapshot(world.kv(), &reading).await?;
    }
    Ok(done)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn words_go_and_the_structure_stays() {
        let mut fact = json!({
            "fact": "messages",
            "messages": [{
                "id": "m1", "author": "Customer", "name": "Anna N.", "at": 5, "to": [],
                "text": {"stored": {"blob": {"id": "b", "len": 3, "sha256": "x"}, "snippet": "Dzień"}},
                "digest": "abc", "files": [{"id": "f1", "name": "anna.pdf", "size": 12}],
            }],
            "row": {"attributes": [1], "replaces": [4]},
        });
        let mut blobs = Vec::new();
        named_blobs(&fact, &mut blobs);
        assert_eq!(blobs.len(), 1);
        assert!(forget_words(&mut fact));
        assert_eq!(
            fact,
            json!({
                "fact": "messages",
                "messages": [{
                    "id": "m1", "author": "Customer", "name": "", "at": 5, "to": [],
                    "text": {"inline": ""}, "digest": "", "files": [{"id": "", "name": "", "size": 12}],
                }],
                "row": {"attributes": [1], "replaces": [4]},
            })
        );
        assert!(!forget_words(&mut fact), "once is enough");
    }

    #[test]
    fn what_became_of_a_reply_stays_without_the_other_sides_words() {
        let refused = |why: &str| {
            json!({"fact": "attempt", "reply": "r", "claim": 1,
                "outcome": {"refused": {"why": why, "code": "rejected", "status": 400}}})
        };
        let mut fact = refused("status 400: anna@example.pl is no text");
        fact["outcome"]["refused"]["said"] = "anna@example.pl is no text".into();
        assert!(forget_words(&mut fact));
        assert_eq!(fact, refused(""));
        assert!(!forget_words(&mut fact), "once is enough");
    }

    #[test]
    fn a_fact_of_newer_code_says_nothing_afterwards() {
        let mut fact = json!({"fact": "married", "name": "Anna Kowalska"});
        assert!(forget_customer(&mut fact));
        assert_eq!(fact, json!({"fact": "touched", "replaces": []}));
    }
}
